"""Writing a note for the team, where otherwise the answer is written."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.inbox.browser import composer_help, draft_keeper
from carbot_app.components.ui import button, form_error, icon
from carbot_app.state.beside import BesideState
from carbot_app.state.desk import DeskState
from carbot_app.state.thread import ThreadState

_BESIDE: Any = BesideState
_DESK: Any = DeskState
_THREAD_VARS: Any = ThreadState

_SAVE_KEYS = rx.Var(
    '(e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) '
    "{ e.preventDefault(); e.currentTarget.form.requestSubmit(); } }"
)


def note_link() -> rx.Component:
    """From the answer to a note."""
    return _switch(t("desk.note.tab"), "note", "n")


def note_composer() -> rx.Component:
    """Amber, so that nobody takes it for an answer."""
    return rx.el.form(
        rx.el.div(
            icon("lock", 16, class_name="flex-none"),
            rx.el.span(t("desk.note.hint")),
            class_name="cb-composer-note !text-warn-ink",
        ),
        rx.el.textarea(
            name="text",
            rows="2",
            auto_focus=True,
            aria_label=t("desk.note.tab"),
            aria_keyshortcuts="n",
            placeholder=t("desk.note.placeholder"),
            custom_attrs={"onKeyDown": _SAVE_KEYS, "data-inbox-note": "true"},
        ),
        rx.el.div(form_error(_BESIDE.note_error), class_name="px-3 empty:hidden"),
        rx.el.div(
            composer_help(
                trigger="@",
                options=_DESK.people,
                label=t("desk.mention.list"),
                empty=t("desk.mention.none"),
                starter="@",
            ),
            _switch(t("desk.note.reply"), "reply", "r"),
            rx.el.span(class_name="flex-1"),
            button(t("desk.note.save"), kind="outline", icon="lock", submit=True, busy=_BESIDE.busy),
            class_name="cb-composer-foot",
        ),
        draft_keeper(
            thread="note." + _THREAD_VARS.conversation_id,
            sent=_BESIDE.noted_count,
            draft="",
        ),
        on_submit=ThreadState.write_note,
        class_name="cb-composer cb-composer-inside",
    )


def _switch(word: Any, kind: str, key: str) -> rx.Component:
    return rx.el.button(
        word,
        type="button",
        on_click=BesideState.compose(kind),
        class_name="cb-btn cb-btn-ghost cb-btn-sm",
        aria_keyshortcuts=key,
        custom_attrs={"data-compose": kind},
    )
