"""Who may be the same person as the customer of a thread, and taking a merge or split back."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import button, text_button
from carbot_app.state.thread import ThreadState
from carbot_app.state.thread_ways import ThreadWaysState

_THREAD: Any = ThreadState
_WAYS: Any = ThreadWaysState


def same_person() -> rx.Component:
    """Suggestions with their button; below them what can be split or undone."""
    return rx.cond(
        _THREAD.can_reply,
        rx.fragment(
            rx.foreach(_WAYS.same, _suggestion),
            rx.cond(
                (_WAYS.change_id != "") | _WAYS.can_split,
                rx.el.div(
                    rx.cond(
                        _WAYS.can_split,
                        text_button(t("inbox.same.split"), on_click=ThreadWaysState.split),
                    ),
                    rx.cond(
                        _WAYS.change_id != "",
                        text_button(
                            t("inbox.same.undo_last"), on_click=ThreadWaysState.undo, class_name="text-left"
                        ),
                    ),
                    class_name="flex flex-wrap gap-x-4 gap-y-1 mt-2 cb-dense",
                ),
            ),
        ),
    )


def _suggestion(one: Any) -> rx.Component:
    name = rx.cond(one.name != "", one.name, t("inbox.same.unknown"))
    return rx.el.div(
        rx.el.p(t("inbox.same.title"), class_name="font-[620]"),
        rx.el.p(t("inbox.same.text", name=name), class_name="break-words"),
        rx.el.p(one.text, class_name="cb-muted cb-num break-words"),
        button(
            t("inbox.same.merge"),
            size="sm",
            on_click=ThreadWaysState.merge(one.id),
            class_name="justify-self-start mt-1.5",
        ),
        class_name="cb-card p-3 grid gap-0.5 mt-2.5",
    )
