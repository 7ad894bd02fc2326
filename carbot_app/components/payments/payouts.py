"""What the provider sends to the bank account, and which payments are in it."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import card, icon, rows, section_head, tag, when
from carbot_app.state.payment_trouble import PaymentTroubleState

_MONEY: Any = PaymentTroubleState


def payout_list() -> rx.Component:
    """Nothing to see before the first one."""
    return when(
        _MONEY.payouts.length() > 0,
        rx.el.section(
            section_head(t("paydesk.payout.title")),
            card(rows(rx.foreach(_MONEY.payouts, _payout)), pad=False),
            class_name="grid grid-cols-1 gap-3",
        ),
    )


def _payout(row: Any) -> rx.Component:
    is_open = _MONEY.shown == row.id
    return rx.el.li(
        rx.el.button(
            rx.el.span(t("paydesk.payout.on", day=row.day), class_name="font-[600]"),
            _state(row.state),
            rx.el.span(row.amount, class_name="cb-num font-[620] ml-auto"),
            rx.cond(is_open, icon("chevron-up", 16), icon("chevron-down", 16)),
            type="button",
            aria_expanded=is_open,
            on_click=PaymentTroubleState.show_payout(row.id),
            class_name="cb-row !gap-3",
        ),
        when(
            is_open,
            rx.el.ul(
                rx.foreach(_MONEY.parts, _part),
                aria_label=t("paydesk.payout.parts"),
                class_name="grid gap-1.5 px-4 pb-3.5",
            ),
        ),
        key=row.id,
    )


def _state(state: Any) -> Any:
    tones: dict[str, Any] = {"pending": "info", "paid": "ok", "failed": "err"}
    cases = [(name, tag(t(f"paydesk.payout.{name}"), tone=tone)) for name, tone in tones.items()]
    return rx.match(state, *cases, rx.fragment())


def _part(part: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(part.word, class_name="cb-muted"),
        rx.el.span(part.number, class_name="cb-num font-[550] flex-1 min-w-0 break-words"),
        rx.el.span(part.fee, class_name="cb-dense cb-muted cb-num"),
        rx.el.span(part.amount, class_name="cb-num"),
        class_name="flex flex-wrap items-baseline gap-x-3",
    )
