"""One order: head and what is next, jobs with their positions, sums, history."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.orders.board import order_plate
from carbot_app.components.orders.hand_over import hand_over_card
from carbot_app.components.orders.jobs import job_list
from carbot_app.components.ui import (
    badge,
    bar,
    button,
    button_link,
    card,
    empty_state,
    error_state,
    icon,
    link,
    menu,
    menu_item,
    reach,
    section_head,
    skeleton,
    steps,
    timeline,
    timeline_entry,
)
from carbot_app.state.order import OrderState
from carbot_app.state.order_edit import OrderEditState
from carbot_app.state.order_rows import STEPS

_STATE: Any = OrderState
_ORDER = _STATE.order
_ROW = _STATE.order.row
_PRIMARY = ("accepted", "in_work", "ready", "picked_up")


def order_content() -> rx.Component:
    """Everything of the opened order."""
    shown: Any = rx.match(
        _STATE.status,
        ("loading", card(skeleton("rows", 6))),
        (
            "missing",
            card(
                empty_state(
                    "search",
                    t("orders.missing.title"),
                    t("orders.missing.text"),
                    button_link(t("orders.back"), href="/auftraege/"),
                )
            ),
        ),
        ("failed", error_state(on_retry=OrderState.load)),
        rx.el.div(
            rx.el.div(
                _head(),
                rx.el.div(_next_button(size="lg", block=True), class_name="md:hidden empty:hidden"),
                _stepper(),
                job_list(),
                class_name="grid gap-4 min-w-0",
            ),
            rx.el.aside(
                _money(),
                hand_over_card(),
                _people(),
                _history(),
                class_name="grid gap-4 min-w-0",
                aria_label=t("orders.beside"),
            ),
            class_name="grid grid-cols-1 lg:grid-cols-[minmax(0,1fr)_340px] gap-4 items-start max-w-[1400px]",
        ),
    )
    return rx.fragment(shown)


def order_actions() -> rx.Component:
    """The next step as the primary button; all other ones in the menu."""
    return rx.fragment(
        rx.cond(
            _ORDER.sides.length() > 0,
            menu(
                t("orders.more"),
                rx.fragment(rx.el.span(t("orders.move_to")), icon("chevron-down", 16)),
                rx.foreach(_ORDER.sides, _side),
                look="cb-btn cb-btn-outline",
                align="end",
            ),
        ),
        rx.el.div(_next_button(), class_name="max-md:hidden"),
    )


def _next_button(**look: Any) -> rx.Component:
    words = [(state, t(f"orders.move.{state}")) for state in _PRIMARY]
    return rx.cond(
        _ORDER.next != "",
        button(
            rx.match(_ORDER.next, *words, _ORDER.next),
            kind="primary",
            icon="check",
            busy=_STATE.busy,
            on_click=OrderState.move(_ORDER.next),
            **look,
        ),
    )


def _side(pair: Any) -> rx.Component:
    return menu_item(pair[1], on_click=OrderState.move(pair[0]))


def _head() -> rx.Component:
    return card(
        rx.el.div(
            order_plate(_ROW.plate, 24),
            badge(_ROW.sign, _ROW.word),
            rx.el.span(_ROW.number, class_name="cb-num cb-muted"),
            rx.cond(
                _STATE.may_manage & _ORDER.editable,
                button(
                    t("orders.edit.head"),
                    size="sm",
                    icon="pencil",
                    on_click=OrderEditState.ask("head", "", ""),
                    aria_haspopup="dialog",
                    class_name="sm:ml-auto",
                ),
            ),
            class_name="flex flex-wrap items-center gap-3",
        ),
        rx.el.p(_ROW.title, class_name="cb-section break-words"),
        rx.el.p(
            _ORDER.vehicle,
            rx.cond(_ORDER.km != "", " · " + _ORDER.km, ""),
            class_name="cb-muted break-words",
        ),
        rx.cond(
            _ORDER.complaint != "",
            rx.el.p(
                _ORDER.complaint,
                class_name="px-3 py-2.5 rounded-[10px] bg-soft whitespace-pre-line break-words",
            ),
        ),
        rx.cond(
            _ORDER.note != "",
            rx.el.p(
                icon("pencil", 15),
                rx.el.span(_ORDER.note, class_name="whitespace-pre-line break-words min-w-0"),
                class_name="flex gap-2 cb-muted",
            ),
        ),
        class_name="grid gap-3",
    )


def _stepper() -> rx.Component:
    return rx.cond(
        (_ROW.state != "cancelled"),
        rx.el.div(
            steps([t(f"orders.step.{state}") for state in STEPS], _ORDER.step),
            class_name="overflow-x-auto px-1",
            tab_index=0,
            role="group",
            aria_label=t("orders.steps"),
        ),
    )


def _money() -> rx.Component:
    return card(
        section_head(t("orders.sum.title")),
        rx.el.dl(
            rx.foreach(_ORDER.sums, _sum),
            rx.el.div(
                rx.el.dt(t("orders.sum.gross"), class_name="font-[620]"),
                rx.el.dd(_ORDER.total, class_name="cb-num font-[680] cb-section"),
                class_name="flex items-baseline justify-between gap-3 pt-2 border-t border-base-300",
            ),
            class_name="grid gap-2",
        ),
        rx.cond(_ORDER.overrun != "", _overrun()),
        rx.cond(
            _ORDER.invoice_href != "",
            button_link(t("orders.invoice.open"), href=_ORDER.invoice_href, icon="receipt-text", block=True),
        ),
        class_name="grid gap-3",
    )


def _overrun() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            bar(_ORDER.overrun_percent, label=_ORDER.overrun_text),
            class_name=rx.match(
                _ORDER.overrun,
                ("approval", "grid [&_.cb-bar>span]:!bg-error"),
                ("warn", "grid [&_.cb-bar>span]:!bg-warning"),
                "grid",
            ),
        ),
        rx.el.p(
            rx.match(
                _ORDER.overrun,
                ("approval", icon("st-overdue", 15)),
                ("warn", icon("st-waiting", 15)),
                icon("st-done", 15),
            ),
            rx.el.span(_ORDER.overrun_text, class_name="min-w-0"),
            class_name=rx.match(
                _ORDER.overrun,
                ("approval", "flex gap-2 items-start cb-dense text-[var(--cb-err-ink)] font-[600]"),
                ("warn", "flex gap-2 items-start cb-dense text-[var(--cb-warn-ink)] font-[600]"),
                "flex gap-2 items-start cb-dense cb-muted",
            ),
        ),
        class_name="grid gap-2",
    )


def _sum(pair: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(pair[0], class_name="cb-muted"),
        rx.el.dd(pair[1], class_name="cb-num text-right"),
        class_name="flex justify-between gap-3",
    )


def _people() -> rx.Component:
    return card(
        section_head(t("orders.people")),
        rx.cond(
            _ROW.customer != "",
            reach(_ROW.customer, _ORDER.phone, _ORDER.phone_href),
            rx.el.p(t("orders.no_customer"), class_name="cb-muted"),
        ),
        rx.el.dl(
            _fact(
                t("orders.field.technician"),
                rx.cond(_ROW.technician != "", _ROW.technician, t("orders.technician_none")),
            ),
            _fact(
                t("orders.field.promised_at"),
                rx.cond(_ROW.promised != "", _ROW.promised, t("orders.open_end")),
            ),
            class_name="grid gap-2",
        ),
        rx.el.div(
            rx.cond(
                _STATE.may_manage & (_ORDER.customer_href != ""),
                button_link(t("customers.open_file"), href=_ORDER.customer_href, icon="users", size="sm"),
            ),
            rx.cond(
                _STATE.may_manage & (_ORDER.conversation_href != ""),
                button_link(
                    t("orders.thread"), href=_ORDER.conversation_href, icon="message-square", size="sm"
                ),
            ),
            class_name="flex flex-wrap gap-2",
        ),
        class_name="grid gap-3",
    )


def _fact(word: Any, value: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(word, class_name="cb-muted"),
        rx.el.dd(value, class_name="cb-num text-right"),
        class_name="flex justify-between gap-3",
    )


def _history() -> rx.Component:
    return card(
        section_head(t("orders.history")),
        timeline(
            rx.foreach(_ORDER.history, lambda entry: timeline_entry("st-open", entry.title, entry.detail))
        ),
        class_name="grid gap-3",
    )


def back_link() -> rx.Component:
    """To the board."""
    return link(
        icon("chevron-left", 18),
        t("orders.back"),
        href="/auftraege/",
        class_name="inline-flex items-center gap-1 min-h-11 -mt-2 cb-link",
    )
