"""What is to be done, the most urgent first."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.today.waiting import SECTION
from carbot_app.components.ui import button, card, icon, link, rows, section_head
from carbot_app.state.tasks import TasksState

_TASKS: Any = TasksState


def tasks_section() -> rx.Component:
    """ "Aufgaben"; nothing at all while there are none."""
    return rx.cond(
        _TASKS.rows.length() > 0,
        rx.el.section(
            section_head(
                t("automations.tasks.title"),
                trailing=t("automations.tasks.count", count=_TASKS.rows.length()),
            ),
            card(rows(rx.foreach(_TASKS.rows, _row)), pad=False),
            class_name=SECTION,
        ),
    )


def thread_tasks() -> rx.Component:
    """The open tasks of a conversation, for the side pane."""
    return rx.el.ul(
        rx.foreach(_TASKS.of_thread, _row_beside_thread),
        class_name="grid grid-cols-1 gap-2 [&_.cb-row]:p-0",
    )


def _row(row: Any) -> rx.Component:
    return _task(row, _thread_link(row))


def _row_beside_thread(row: Any) -> rx.Component:
    return _task(row)


def _task(row: Any, *links: rx.Component) -> rx.Component:
    late = "flex items-center gap-2 cb-num cb-dense text-err-ink font-[600]"
    return rx.el.li(
        rx.el.div(
            rx.el.span(row.title, class_name="block font-[620] break-words"),
            rx.el.span(
                rx.cond(
                    row.overdue,
                    icon("st-overdue", 15, label=t("automations.tasks.overdue"), class_name="flex-none"),
                    icon("clock", 15, class_name="cb-faint flex-none"),
                ),
                row.due,
                *links,
                class_name=rx.cond(row.overdue, late, "flex items-center gap-2 cb-num cb-dense"),
            ),
            rx.cond(
                row.detail != "", rx.el.span(row.detail, class_name="block cb-muted cb-dense break-words")
            ),
            class_name="grid gap-0.5 flex-1 min-w-0",
        ),
        rx.cond(
            _TASKS.can_change,
            button(
                t("automations.tasks.done"),
                icon="check",
                aria_label=t("automations.tasks.done_named", title=row.title),
                on_click=TasksState.mark_done(row.id),
            ),
        ),
        key=row.id,
        class_name="cb-row",
    )


def _thread_link(row: Any) -> Any:
    return rx.cond(
        row.thread != "",
        link(t("automations.tasks.thread"), href="/posteingang/?c=" + row.thread, class_name="cb-link"),
    )
