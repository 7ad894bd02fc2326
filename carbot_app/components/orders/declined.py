"""Declined work, with one tap to a new estimate or to the phone."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.orders.board import order_plate
from carbot_app.components.ui import button, card, icon, icon_button, rows, section_head, text_button
from carbot_app.state.declined import DeclinedState

_STATE: Any = DeclinedState


def declined_section(*, with_customer: bool = True) -> rx.Component:
    """Nothing at all while nothing waits; ``with_customer``: rows say whose it is."""
    return rx.cond(
        _STATE.rows.length() > 0,
        rx.el.section(
            section_head(t("orders.later.title"), trailing=_STATE.count),
            card(rows(rx.foreach(_STATE.rows, lambda row: _row(row, with_customer))), pad=False),
            rx.cond(
                _STATE.count > _STATE.rows.length(),
                text_button(
                    t("orders.later.more", count=_STATE.count),
                    on_click=DeclinedState.show_all,
                    class_name="justify-self-start",
                ),
            ),
            class_name="grid grid-cols-1 gap-2 min-w-0",
        ),
    )


def _row(row: Any, with_customer: bool) -> rx.Component:
    whose = [rx.el.span(row.customer, class_name="cb-truncate cb-muted min-w-0")] if with_customer else []
    return rx.el.li(
        rx.el.div(
            rx.el.span(
                order_plate(row.plate), *whose, class_name="flex items-center gap-2.5 min-w-0 empty:hidden"
            ),
            rx.el.span(
                rx.el.span(row.title, class_name="font-[600] min-w-0 break-words"),
                rx.el.span(row.amount, class_name="cb-num font-[620] ml-auto flex-none"),
                class_name="flex items-start gap-3",
            ),
            rx.el.span(
                rx.cond(row.is_due, icon("st-waiting", 15, class_name="flex-none"), icon("clock", 15)),
                rx.el.span(row.when, class_name="min-w-0"),
                class_name=rx.cond(
                    row.is_due,
                    "flex items-center gap-2 cb-dense cb-num text-[var(--cb-warn-ink)] font-[600]",
                    "flex items-center gap-2 cb-dense cb-num cb-muted",
                ),
            ),
            class_name="grid gap-1 flex-1 min-w-0",
        ),
        rx.cond(_STATE.may_change, _actions(row, with_customer)),
        class_name="cb-row !flex-wrap",
        key=row.id,
    )


def _actions(row: Any, with_customer: bool) -> rx.Component:
    call = rx.cond(
        row.phone_href != "",
        icon_button("phone", t("orders.later.call", name=row.customer), size="sm", href=row.phone_href),
    )
    return rx.el.div(
        button(
            t("orders.later.estimate"),
            size="sm",
            icon="plus",
            aria_label=t("orders.later.estimate_of", title=row.title),
            on_click=DeclinedState.estimate(row.id),
        ),
        *([call] if with_customer else []),
        icon_button(
            "bell-off",
            t("orders.later.drop_of", title=row.title),
            size="sm",
            on_click=DeclinedState.drop(row.id),
        ),
        class_name="flex flex-wrap items-center gap-2",
    )
