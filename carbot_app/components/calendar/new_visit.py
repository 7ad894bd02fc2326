"""The dialog "Neuer Termin": plate first, services with their sum, the best times, the customer."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    button,
    chip,
    dialog,
    field,
    form_error,
    icon,
    icon_button,
    plate_input,
    segmented,
    textarea,
)
from carbot_app.state.desk_booking import DeskBookingState
from carbot_app.state.desk_times import LEAVES, LOANER, UNPLANNED, WAITS, DeskTimesState
from carbot_app.state.desk_visit import SEARCH_ID, DeskVisitState
from carbot_app.state.session import SessionState

_DESK: Any = DeskBookingState
_VISIT: Any = DeskVisitState
_TIMES: Any = DeskTimesState
_SESSION: Any = SessionState

FORM_ID = "desk-form"
_SEARCH_FORM_ID = "desk-search-form"
_TYPING_MS = 250


def new_visit_button() -> rx.Component:
    """In the head on wide screens, above the bottom bar on phones."""
    return rx.cond(
        _SESSION.permissions.contains("bookings.manage"),
        button(
            t("calendar.new.open"),
            kind="primary",
            icon="plus",
            on_click=DeskBookingState.begin("", ""),
            aria_haspopup="dialog",
            aria_keyshortcuts="n",
            class_name="cb-new-visit",
        ),
    )


def new_visit_dialog() -> rx.Component:
    """Over the calendar; the whole screen on phones. Its fields keep what was typed until it is closed."""
    return dialog(
        t("calendar.new.title"),
        # The search has a form of its own, so that the return key takes a service and does not save
        rx.el.form(id=_SEARCH_FORM_ID, on_submit=DeskVisitState.add_first, class_name="hidden"),
        rx.el.form(
            rx.el.div(_car(), _services(), class_name="grid content-start gap-5 min-w-0"),
            rx.el.div(_when(), _customer(), class_name="grid content-start gap-5 min-w-0"),
            id=FORM_ID,
            key=_DESK.turn,
            on_submit=DeskBookingState.save,
            no_validate=True,
            class_name="cb-desk-form",
        ),
        id="desk-booking",
        open=_DESK.open,
        on_close=DeskBookingState.close,
        outside=False,
        actions=[
            button(t("ui.actions.cancel"), on_click=DeskBookingState.close),
            button(
                t("calendar.new.save"),
                kind="primary",
                icon="check",
                submit=True,
                form=FORM_ID,
                busy=_DESK.busy,
            ),
        ],
    )


def _problem(name: str, **props: Any) -> rx.Component:
    return rx.el.div(form_error(_DESK.errors.get(name, "")), **props)


def _car() -> rx.Component:
    car = _VISIT.car
    return rx.el.section(
        rx.el.div(
            plate_input(
                default_value=_VISIT.plate,
                on_change=lambda text: DeskVisitState.read_plate(text, False).debounce(_TYPING_MS),
                on_blur=lambda text: DeskVisitState.read_plate(text, True),
                error_id="desk-plate-note",
                auto_focus=True,
            ),
            key=_VISIT.drawn,
        ),
        rx.el.div(
            rx.match(
                car.status,
                (
                    "known",
                    rx.el.p(
                        icon("st-done", 18),
                        rx.el.span(
                            rx.el.strong(car.owner),
                            rx.cond((car.owner != "") & (car.label != ""), " · ", ""),
                            car.label,
                            class_name="min-w-0 break-words",
                        ),
                        class_name="cb-note",
                    ),
                ),
                ("new", rx.el.p(icon("info", 18), t("calendar.new.car_new"), class_name="cb-note")),
                (
                    "ambiguous",
                    rx.el.div(
                        rx.foreach(
                            car.choices, lambda plate: chip(plate, on_click=DeskVisitState.pick_plate(plate))
                        ),
                        class_name="flex flex-wrap gap-2",
                    ),
                ),
                ("invalid", form_error(t("errors.plate_invalid"))),
                rx.el.p(t("calendar.new.plate_help"), class_name="cb-help"),
            ),
            id="desk-plate-note",
            aria_live="polite",
        ),
        rx.cond(
            (car.status == "new") | (car.status == ""),
            field(
                t("calendar.new.model"),
                "model",
                optional=True,
                max_length=60,
                on_change=DeskVisitState.read_model.debounce(_TYPING_MS),
            ),
        ),
        class_name="grid gap-2.5 min-w-0",
        aria_label=t("calendar.new.plate"),
    )


def _services() -> rx.Component:
    return rx.el.section(
        rx.el.h3(t("calendar.new.services"), class_name="cb-heading"),
        rx.cond(
            _VISIT.lines.length() > 0,
            rx.el.ul(rx.foreach(_VISIT.lines, _chosen), class_name="cb-desk-lines"),
        ),
        rx.cond(
            _VISIT.lines.length() > 0,
            rx.el.p(
                rx.el.span(_VISIT.duration),
                rx.el.strong(_VISIT.total),
                class_name="flex justify-between gap-3 cb-num px-1",
                aria_live="polite",
                custom_attrs={"data-desk-total": ""},
            ),
        ),
        rx.el.div(
            rx.el.label(t("calendar.new.find"), html_for=SEARCH_ID, class_name="cb-label"),
            rx.el.input(
                id=SEARCH_ID,
                name="service",
                type="search",
                form=_SEARCH_FORM_ID,
                auto_complete="off",
                aria_describedby=f"{SEARCH_ID}-note",
                on_change=DeskVisitState.search.debounce(_TYPING_MS),
                class_name="cb-input",
            ),
            rx.el.p(t("calendar.new.find_help"), id=f"{SEARCH_ID}-note", class_name="cb-help"),
            class_name="cb-field",
        ),
        rx.el.div(
            rx.cond(_VISIT.nothing_found, rx.el.p(t("calendar.new.nothing"), class_name="cb-muted")),
            rx.cond(
                _VISIT.found.length() > 0,
                rx.el.ul(
                    rx.foreach(_VISIT.found, _match),
                    class_name="cb-desk-found",
                    aria_label=t("calendar.new.found"),
                ),
            ),
            aria_live="polite",
        ),
        _problem("services"),
        class_name="grid gap-2.5 min-w-0",
    )


def _chosen(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(line["name"], class_name="block font-[600] break-words"),
            rx.el.span(line["time"], " · ", line["price"], class_name="block cb-dense cb-muted cb-num"),
            class_name="flex-1 min-w-0",
        ),
        icon_button(
            "x",
            t("calendar.new.remove", name=line["name"]),
            tip=False,
            on_click=DeskVisitState.remove(line["code"]),
        ),
        class_name="flex items-center gap-2",
        key=line["code"],
    )


def _match(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            icon("plus", 16),
            rx.el.span(line["name"], class_name="flex-1 min-w-0 text-left break-words"),
            rx.el.span(line["time"], " · ", line["price"], class_name="cb-dense cb-muted cb-num flex-none"),
            type="button",
            on_click=DeskVisitState.add(line["code"]),
            class_name="cb-menu-item",
        ),
        key=line["code"],
    )


def _when() -> rx.Component:
    wishes = [(LEAVES, t("calendar.new.leaves")), (WAITS, t("calendar.new.waits"))]

    def switch(options: list[Any]) -> rx.Component:
        return segmented(
            t("calendar.new.wish"),
            "wish",
            options,
            value=_TIMES.wish,
            on_change=DeskTimesState.choose_wish,
            fill=True,
        )

    return rx.el.section(
        rx.el.h3(t("calendar.new.time"), class_name="cb-heading"),
        rx.cond(_TIMES.can_loan, switch([*wishes, (LOANER, t("calendar.new.loaner"))]), switch(wishes)),
        field(
            t("calendar.new.after"),
            "after",
            type="date",
            optional=True,
            default_value=_TIMES.after,
            on_change=DeskTimesState.choose_after.debounce(_TYPING_MS),
        ),
        form_error(_TIMES.problem),
        rx.el.fieldset(
            rx.el.legend(t("calendar.new.time"), class_name="cb-sr"),
            rx.foreach(_TIMES.times, lambda one: _time(one["value"], one["label"], one["best"])),
            _time(UNPLANNED, t("calendar.new.unplanned"), False),
            class_name="cb-desk-times",
        ),
        rx.cond(
            ~_TIMES.asked,
            rx.el.p(t("calendar.new.services_first"), class_name="cb-help"),
            rx.cond(
                (_TIMES.times.length() == 0) & (_TIMES.problem == ""),
                rx.el.p(t("calendar.new.none"), class_name="cb-help"),
            ),
        ),
        _problem("time"),
        class_name="grid gap-2.5 min-w-0",
    )


def _time(value: Any, label: Any, best: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="time",
            value=value,
            checked=_TIMES.chosen == value,
            on_change=DeskTimesState.pick,
        ),
        rx.cond(best, icon("thumbs-up", 15, label=t("calendar.new.best")), rx.fragment()),
        rx.el.span(label),
        class_name="cb-chip",
        key=value,
    )


def _customer() -> rx.Component:
    errors, contact = _DESK.errors, _VISIT.contact

    def line(name: str, kind: Any = "text", **props: Any) -> rx.Component:
        return field(
            t(f"calendar.new.{name}"),
            name,
            type=kind,
            default_value=contact[name],
            error=errors.get(name, ""),
            **{"auto_complete": "off", **props},
        )

    return rx.el.section(
        rx.el.h3(t("calendar.new.contact"), class_name="cb-heading"),
        rx.el.div(
            line("name", max_length=120),
            rx.el.div(line("phone", "tel"), line("email", "email"), class_name="grid sm:grid-cols-2 gap-3"),
            class_name="grid gap-3",
            key=_VISIT.fill,
        ),
        textarea(t("calendar.new.note"), "note", optional=True, max_length=2000, rows=2),
        class_name="grid gap-2.5 min-w-0",
    )
