"""The pane "Neuer Auftrag": plate, services, sum."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    button,
    field,
    form_error,
    icon,
    icon_button,
    pane,
    plate_input,
    textarea,
)
from carbot_app.state.order_new import NewOrderState
from carbot_app.state.session import SessionState

_NEW: Any = NewOrderState
_SESSION: Any = SessionState
_FORM, _SEARCH_FORM, _SEARCH = "order-form", "order-search-form", "order-service"
_TYPING_MS = 250


def new_order_button() -> rx.Component:
    """Opens the pane."""
    return button(
        t("orders.new.open"),
        kind="primary",
        icon="plus",
        on_click=NewOrderState.begin,
        aria_haspopup="dialog",
    )


def estimate_button(kind: str, subject: Any) -> rx.Component:
    """The estimate of a visit or conversation; the one that is there already opens."""
    return rx.cond(
        _SESSION.permissions.contains("orders.manage"),
        button(
            t("orders.from_visit"),
            icon="wrench",
            on_click=NewOrderState.begin_for(kind, subject),
            class_name="justify-self-start",
        ),
    )


def new_order_pane() -> rx.Component:
    """Over the list; the whole screen on phones."""
    return pane(
        t("orders.new.title"),
        # The search has a form of its own, so that the return key takes a service and does not save
        rx.el.form(id=_SEARCH_FORM, on_submit=NewOrderState.add_first, class_name="hidden"),
        rx.el.form(
            _car(),
            _services(),
            textarea(t("orders.field.complaint"), "complaint", optional=True, max_length=1000),
            _sum(),
            id=_FORM,
            key=_NEW.turn,
            on_submit=NewOrderState.save,
            no_validate=True,
            class_name="grid gap-4",
        ),
        id="new-order",
        open=_NEW.open,
        on_close=NewOrderState.close,
        actions=[
            button(t("ui.actions.cancel"), on_click=NewOrderState.close),
            button(
                t("orders.new.save"), kind="primary", icon="check", submit=True, form=_FORM, busy=_NEW.busy
            ),
        ],
    )


def _problem(name: str) -> rx.Component:
    return form_error(_NEW.problems.get(name, ""))


def _car() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            plate_input(on_change=NewOrderState.read_plate.debounce(_TYPING_MS), auto_focus=True),
            class_name="[&_input]:!text-[1.75rem]",
        ),
        _problem("plate"),
        rx.el.div(
            rx.cond(
                _NEW.car != "",
                rx.el.p(
                    icon("car", 17),
                    rx.el.span(_NEW.car, rx.cond(_NEW.owner != "", " · " + _NEW.owner, "")),
                    class_name="flex items-center gap-2 font-[600] break-words",
                ),
            ),
            aria_live="polite",
        ),
        rx.cond(
            ~_NEW.known,
            rx.el.div(
                field(t("orders.field.name"), "name", optional=True, auto_complete="off"),
                field(
                    t("orders.field.phone"),
                    "phone",
                    type="tel",
                    optional=True,
                    error=_NEW.problems.get("phone", ""),
                    auto_complete="off",
                ),
                class_name="grid grid-cols-2 gap-3 max-sm:grid-cols-1",
            ),
        ),
        class_name="grid gap-2.5 min-w-0",
    )


def _services() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.label(t("orders.new.services"), html_for=_SEARCH, class_name="cb-label"),
            rx.el.input(
                id=_SEARCH,
                name="service",
                type="search",
                form=_SEARCH_FORM,
                auto_complete="off",
                placeholder=t("orders.new.find"),
                on_change=NewOrderState.search.debounce(_TYPING_MS),
                class_name="cb-input",
            ),
            class_name="cb-field",
        ),
        rx.el.div(
            rx.cond(_NEW.nothing, rx.el.p(t("orders.new.nothing"), class_name="cb-muted")),
            rx.cond(
                _NEW.found.length() > 0,
                rx.el.ul(
                    rx.foreach(_NEW.found, _match),
                    class_name="cb-desk-found",
                    aria_label=t("orders.new.found"),
                ),
            ),
            aria_live="polite",
        ),
        rx.cond(
            _NEW.chosen.length() > 0,
            rx.el.ul(
                rx.foreach(_NEW.chosen, _chosen), class_name="grid gap-1", aria_label=t("orders.new.chosen")
            ),
        ),
        _problem("services"),
        class_name="grid gap-2.5 min-w-0",
    )


def _match(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(row[1], class_name="flex-1 min-w-0 text-left break-words"),
            rx.el.span(row[2], class_name="cb-num cb-muted flex-none"),
            type="button",
            on_click=NewOrderState.add(row[0]),
            class_name="cb-row !min-h-11 w-full flex items-center gap-3",
        ),
        key=row[0],
    )


def _chosen(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(row[1], class_name="flex-1 min-w-0 font-[600] break-words"),
        rx.el.span(row[2], class_name="cb-num flex-none"),
        icon_button(
            "x", t("orders.new.remove", name=row[1]), tip=False, on_click=NewOrderState.remove(row[0])
        ),
        class_name="flex items-center gap-2",
        key=row[0],
    )


def _sum() -> rx.Component:
    return rx.el.div(
        rx.el.span(t("orders.sum.gross"), class_name="font-[600]"),
        rx.el.span(
            rx.cond(_NEW.total != "", _NEW.total, "\u2013"), class_name="cb-price-total cb-num font-[680]"
        ),
        class_name="flex items-baseline justify-between gap-3 pt-3 border-t border-base-300",
        aria_live="polite",
    )
