"""Doing one thing to many rows of the inbox."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.inbox.desk import assign_menu, label_menu, snooze_menu
from carbot_app.components.ui import icon, icon_button
from carbot_app.state.desk import DeskState
from carbot_app.state.inbox import InboxState

_DESK: Any = DeskState
_INBOX: Any = InboxState


def row_tick(row_id: Any, name: Any) -> rx.Component:
    """The box before a row while rows are selected."""
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            class_name="cb-check",
            checked=_DESK.selected.contains(row_id),
            on_change=lambda _: DeskState.select(row_id),
            aria_label=t("desk.bulk.row", name=rx.cond(name != "", name, t("inbox.unknown"))),
        ),
        class_name="absolute left-0 top-0 bottom-0 z-[1] grid place-items-center w-12 cursor-pointer",
    )


def selection_bar() -> rx.Component:
    """In place of the filters: how many, and what may be done with them."""
    everything = (_INBOX.rows.length() > 0) & (_DESK.selected.length() == _INBOX.rows.length())
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                class_name="cb-check",
                checked=everything,
                on_change=_DESK.select_all,
                aria_label=t("desk.bulk.all"),
            ),
            class_name="grid place-items-center w-6 h-9 mr-1",
        ),
        rx.el.span(
            t("desk.bulk.count", n=_DESK.selected.length()),
            class_name="font-[600] cb-num flex-1 min-w-0 cb-truncate",
            aria_live="polite",
        ),
        icon_button(
            "check", t("desk.bulk.done"), size="sm", on_click=DeskState.finish, data_bulk_done="true"
        ),
        assign_menu("", icon("user-plus", 17), align="end"),
        label_menu("", icon("tag", 17), align="end"),
        snooze_menu("", align="end"),
        icon_button(
            "x", t("desk.bulk.leave"), size="sm", on_click=DeskState.start(False), data_bulk_leave="true"
        ),
        role="group",
        aria_label=t("desk.bulk.bar"),
        class_name="flex items-center gap-1 px-3.5 py-2 min-h-[54px]",
    )
