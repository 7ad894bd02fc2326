"""Withdrawals that wait for somebody, above everything else: a deadline of the law runs."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import button, button_link, card, rows, section_head
from carbot_app.state.today_withdrawals import WithdrawalsState

_STATE: Any = WithdrawalsState


def withdrawals_section() -> rx.Component:
    """Nothing while none waits."""
    return rx.cond(
        _STATE.rows.length() > 0,
        rx.el.section(
            section_head(t("contracts.today.title"), trailing=t("contracts.today.text")),
            card(rows(rx.foreach(_STATE.rows, _row)), pad=False),
            class_name="grid gap-2.5 min-w-0",
        ),
    )


def _row(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(line.name, " · ", line.contract, class_name="font-[600] break-words"),
            rx.el.p(line.why, class_name="break-words"),
            rx.el.p(
                line.received,
                " · ",
                rx.el.a(line.email, href="mailto:" + line.email, class_name="cb-link"),
                class_name="cb-dense cb-muted break-words",
            ),
            class_name="min-w-0 flex-1 grid gap-0.5",
        ),
        rx.el.div(
            rx.cond(
                line.visit != "",
                button_link(
                    t("contracts.today.visit"), href="/kalender/?termin=" + line.visit, icon="calendar-days"
                ),
            ),
            rx.cond(
                _STATE.may_settle,
                button(t("contracts.today.settle"), icon="check", on_click=WithdrawalsState.settle(line.id)),
            ),
            class_name="flex flex-wrap gap-2",
        ),
        key=line.id,
        class_name="flex flex-wrap items-center gap-3 p-4",
    )
