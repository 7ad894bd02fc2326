"""The order that owes payment: everything that counts directly above its button (§ 312j BGB)."""

from typing import Any

import reflex as rx

from carbot_app.components.booking.hold import hold_line
from carbot_app.components.booking.parts import problem
from carbot_app.components.i18n import page_words, t
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import button, checkbox, icon
from carbot_app.components.ui.markup import when
from carbot_app.components.workshop_frame import workshop_href
from carbot_app.state.booking import BookingState
from carbot_app.state.booking_hold import BookingTimes, HoldState
from carbot_app.state.booking_order import OrderState

_ORDER: Any = OrderState
_BOOKING: Any = BookingState
_TIMES: Any = BookingTimes
_HOLD: Any = HoldState


def order_review() -> rx.Component:
    """Nothing for a free request; otherwise consent, order and button, in this order."""
    return rx.fragment(
        page_words("order"),
        problem(_BOOKING.problem == "order_changed", t("order.changed")),
        when(
            _ORDER.price_open,
            rx.el.p(icon("info", 19), t("order.price_open"), class_name="cb-note cb-muted"),
        ),
        when(
            _ORDER.binding,
            rx.el.section(
                # The first submit button of a form is what the Enter key presses. Nobody orders by that.
                rx.el.button(type="submit", disabled=True, hidden=True),
                when(_ORDER.withdrawal, _right()),
                when(_ORDER.early_start, _early_start()),
                _order(),
                button(
                    t("order.button"),
                    kind="primary",
                    size="lg",
                    submit=True,
                    block=True,
                    busy=_BOOKING.busy,
                ),
                # Beside the steps on a desk; the bar that says it on phones is hidden here.
                rx.el.div(hold_line(), class_name="lg:hidden justify-self-center"),
                class_name="grid gap-4",
                aria_label=t("order.title"),
            ),
        ),
    )


def order_number(number: Any) -> Any:
    """``Vertrag Nr. 7KM4-2XQP``; empty for a free request."""
    return when(
        number != "",
        rx.fragment(t("order.done_number"), " ", rx.el.strong(number, class_name="cb-num")),
    )


def _right() -> rx.Component:
    return rx.el.p(
        icon("undo-2", 19, class_name="text-muted"),
        rx.el.span(
            t("order.withdrawal_text"),
            " ",
            rx.el.a(
                t("order.withdrawal_info"),
                href=workshop_href("widerrufsbelehrung"),
                target="_blank",
                class_name="cb-link",
            ),
        ),
        class_name="cb-note cb-muted",
    )


def _early_start() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("order.early_why"), class_name="cb-dense cb-muted"),
        checkbox(
            t("order.early"),
            "early_start",
            error=rx.cond(_ORDER.unticked, t("order.early_missing"), ""),
            aria_invalid=rx.cond(_ORDER.unticked, "true", "false"),
            required=True,
        ),
        class_name="grid gap-1.5",
    )


def _order() -> rx.Component:
    return rx.el.div(
        rx.el.h2(t("order.title"), class_name="cb-section"),
        rx.el.p(t("order.lead"), class_name="cb-dense cb-muted"),
        rx.el.ul(rx.foreach(_ORDER.lines, _line), class_name="cb-summary-lines"),
        rx.el.dl(
            _fact(t("order.when"), rx.el.span(_TIMES.slot_label, class_name="font-[600] cb-num")),
            when(_HOLD.loaner, _fact(t("order.stay"), t("public.wish.loaner"))),
            when(_HOLD.waits, _fact(t("order.stay"), t("public.wish.waits"))),
            _fact(t("order.seller"), rx.fragment(public_fact("legal_name"), ", ", public_fact("address"))),
            class_name="grid gap-2 pt-3.5 border-t border-base-300",
        ),
        rx.el.div(
            rx.el.span(
                rx.el.span(t("order.total"), class_name="block font-[640]"),
                rx.el.span(t("ui.price.incl_vat"), class_name="block cb-dense cb-muted"),
            ),
            rx.el.span(_ORDER.total, class_name="cb-price cb-price-total"),
            class_name="cb-summary-total",
        ),
        class_name="cb-card cb-card-pad grid gap-3.5",
    )


def _line(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(line["name"], class_name="block font-[600]"),
            when(
                line["included"] != "",
                rx.el.span(t("order.included", what=line["included"]), class_name="block cb-dense cb-muted"),
            ),
            class_name="min-w-0 flex-1 break-words",
        ),
        rx.el.span(line["price"], class_name="cb-price"),
    )


def _fact(label: Any, value: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="cb-dense cb-muted w-28 flex-none"),
        rx.el.dd(value, class_name="min-w-0 break-words"),
        class_name="flex gap-3",
    )
