"""Labels and canned replies of the inbox."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.inbox.labels import label_tag
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.ui import (
    button,
    empty_state,
    field,
    list_row,
    pane,
    rows,
    select,
    textarea,
    two_lines,
)
from carbot_app.domains.conversations.canned import VARIABLES
from carbot_app.domains.conversations.desk_schemas import TONES
from carbot_app.state.settings_labels import LabelsState
from carbot_app.state.settings_replies import RepliesState

_LABELS: Any = LabelsState
_REPLIES: Any = RepliesState
_LIST = "-mx-4 -mb-4 border-t border-base-300 [&>:first-child]:!rounded-t-none"


def desk_words_section() -> rx.Component:
    """Two lists; making and changing happen in a pane."""
    return rx.fragment(
        stack(
            loaded(_LABELS.status, _labels(), on_retry=LabelsState.load),
            loaded(_REPLIES.status, _replies(), on_retry=RepliesState.load),
        ),
        _label_pane(),
        _reply_pane(),
    )


def _labels() -> rx.Component:
    return part(
        t("desk.settings.labels"),
        rx.cond(
            _LABELS.labels.length() > 0,
            rows(rx.foreach(_LABELS.labels, _label), class_name=_LIST),
            empty_state("tag", t("desk.settings.labels_empty")),
        ),
        text=t("desk.settings.labels_text"),
        action=button(t("desk.settings.label_new"), icon="plus", on_click=LabelsState.edit("")),
    )


def _label(label: Any) -> rx.Component:
    return list_row(
        rx.el.span(label_tag(label), class_name="flex min-w-0"),
        rx.el.span(label.category, class_name="cb-muted cb-truncate flex-1 min-w-0"),
        _edit(label.name, LabelsState.edit(label.id)),
    )


def _edit(name: Any, on_click: Any) -> rx.Component:
    return button(
        t("desk.settings.edit"),
        size="sm",
        aria_label=t("desk.settings.edit_named", name=name),
        on_click=on_click,
    )


def _replies() -> rx.Component:
    return part(
        t("desk.settings.replies"),
        rx.cond(
            _REPLIES.replies.length() > 0,
            rows(rx.foreach(_REPLIES.replies, _reply), class_name=_LIST),
            empty_state("message-square-text", t("desk.settings.replies_empty")),
        ),
        text=t("desk.settings.replies_text"),
        action=button(t("desk.settings.reply_new"), icon="plus", on_click=RepliesState.edit("")),
    )


def _reply(reply: Any) -> rx.Component:
    title = rx.fragment(
        reply.title,
        rx.cond(reply.category != "", rx.el.span(" · ", reply.category, class_name="cb-muted font-normal")),
    )
    return list_row(two_lines(title, reply.text), _edit(reply.title, RepliesState.edit(reply.id)))


def _label_pane() -> rx.Component:
    chosen, problems = _LABELS.chosen, _LABELS.problems
    return pane(
        rx.cond(chosen.id != "", t("desk.settings.label_edit"), t("desk.settings.label_new")),
        rx.cond(
            _LABELS.open,
            rx.el.form(
                field(
                    t("desk.settings.name"),
                    "name",
                    error=problems["name"],
                    default_value=chosen.name,
                    max_length=30,
                    auto_complete="off",
                ),
                field(
                    t("desk.settings.category"),
                    "category",
                    error=problems["category"],
                    default_value=chosen.category,
                    max_length=30,
                    optional=True,
                    auto_complete="off",
                ),
                select(
                    t("desk.settings.tone"),
                    "tone",
                    [(tone, t(f"desk.tone.{tone}")) for tone in TONES],
                    error=problems["tone"],
                    default_value=chosen.tone,
                ),
                id="label-form",
                on_submit=LabelsState.save,
                no_validate=True,
                class_name="grid gap-4",
            ),
        ),
        id="label-pane",
        open=_LABELS.open,
        on_close=LabelsState.close,
        actions=_actions(chosen.id, "label-form", LabelsState.delete),
    )


def _reply_pane() -> rx.Component:
    chosen, problems = _REPLIES.chosen, _REPLIES.problems
    return pane(
        rx.cond(chosen.id != "", t("desk.settings.reply_edit"), t("desk.settings.reply_new")),
        rx.cond(
            _REPLIES.open,
            rx.el.form(
                field(
                    t("desk.settings.reply_title"),
                    "title",
                    error=problems["title"],
                    default_value=chosen.title,
                    max_length=60,
                    auto_complete="off",
                ),
                field(
                    t("desk.settings.category"),
                    "category",
                    error=problems["category"],
                    default_value=chosen.category,
                    max_length=30,
                    optional=True,
                    auto_complete="off",
                ),
                textarea(
                    t("desk.settings.reply_text"),
                    "text",
                    error=problems["text"],
                    default_value=chosen.text,
                    rows="6",
                    id="reply-text",
                ),
                _placeholders(),
                id="reply-form",
                on_submit=RepliesState.save,
                no_validate=True,
                class_name="grid gap-4",
            ),
        ),
        id="reply-pane",
        open=_REPLIES.open,
        on_close=RepliesState.close,
        actions=_actions(chosen.id, "reply-form", RepliesState.delete),
    )


def _placeholders() -> rx.Component:
    def one(key: str) -> rx.Component:
        insert = (
            "const field = document.getElementById('reply-text');"
            f"field.setRangeText('{{{{{key}}}}}', field.selectionStart, field.selectionEnd, 'end');"
            "field.focus()"
        )
        return rx.el.button(
            t(f"desk.variable.{key}"), type="button", class_name="cb-chip", on_click=rx.call_script(insert)
        )

    return rx.el.fieldset(
        rx.el.legend(t("desk.settings.placeholders"), class_name="cb-label mb-2"),
        rx.el.div(*(one(key) for key in VARIABLES), class_name="flex flex-wrap gap-2"),
    )


def _actions(chosen_id: Any, form: str, delete: Any) -> list[rx.Component]:
    return [
        rx.cond(
            chosen_id != "",
            button(t("desk.settings.delete"), kind="ghost", icon="trash-2", on_click=delete),
        ),
        rx.el.span(class_name="flex-1"),
        button(t("desk.settings.save"), kind="primary", icon="check", submit=True, form=form),
    ]
