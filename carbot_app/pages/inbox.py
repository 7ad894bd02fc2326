"""/posteingang/: decide in the list, act in the thread, know in the side pane."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.inbox.browser import inbox_keys
from carbot_app.components.inbox.desk import help_button, help_sheet, snooze_dialog
from carbot_app.components.inbox.filters import more_filters_menu
from carbot_app.components.inbox.rows import inbox_list, search_button
from carbot_app.components.inbox.side import side_content
from carbot_app.components.inbox.thread import thread_pane
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import icon
from carbot_app.state.beside import BesideState
from carbot_app.state.desk import DeskState
from carbot_app.state.inbox import InboxState
from carbot_app.state.session import SessionState
from carbot_app.state.tasks import TasksState
from carbot_app.state.thread import ThreadState

_THREAD_VARS: Any = ThreadState
_SESSION: Any = SessionState


def inbox_page() -> rx.Component:
    """Three panes; on phones the list, then the thread, then its details."""
    is_open = _THREAD_VARS.conversation_id != ""
    return signed_in_page(
        rx.el.div(
            inbox_list(),
            thread_pane(),
            rx.el.aside(
                rx.cond(_THREAD_VARS.status == "ready", side_content()),
                class_name="cb-pane-side",
                aria_label=t("inbox.side.label"),
            ),
            inbox_keys(
                on_minute=[InboxState.tick, BesideState.tick],
                on_return=ThreadState.look,
                on_select=DeskState.select,
            ),
            snooze_dialog(),
            help_sheet(),
            class_name="cb-panes",
            custom_attrs={"data-view": rx.cond(is_open, "thread", "list")},
        ),
        title=rx.fragment(
            rx.el.span(t("inbox.title"), class_name="max-md:hidden"),
            rx.el.span(t("inbox.title_phone"), class_name="md:hidden"),
        ),
        actions=[
            _figures(),
            rx.el.span(help_button(), class_name="max-md:hidden"),
            rx.el.div(search_button(), more_filters_menu(), class_name="md:hidden flex items-center -mr-2"),
        ],
        active="inbox",
        on_live=[
            InboxState.on_live,
            ThreadState.on_live,
            DeskState.on_live,
            TasksState.on_live,
        ],
        on_toast_action=DeskState.undo,
        pad=False,
        detail=rx.cond(is_open, "true", "false"),
    )


def _figures() -> rx.Component:
    """What came in today and how long it waited for the first answer."""
    return rx.el.p(
        _figure("inbox", t("inbox.head.new_today"), _SESSION.leads_today),
        rx.cond(
            _SESSION.first_answer != "",
            _figure("timer", t("inbox.head.first_answer"), _SESSION.first_answer),
        ),
        class_name="max-md:hidden flex items-center gap-5 pr-1",
    )


def _figure(glyph: str, label: Any, value: Any) -> rx.Component:
    return rx.el.span(
        icon(glyph, 16, class_name="cb-muted"),
        rx.el.span(label, class_name="cb-muted"),
        rx.el.span(value, class_name="font-[620] cb-num"),
        class_name="flex items-center gap-1.5 whitespace-nowrap",
    )
