"""The side pane with one service: fields on top, the live price below, save at the foot."""

from typing import Any

import reflex as rx

from carbot_app.components.catalog.browser import edit_form
from carbot_app.components.catalog.fields import language_tabs, more_fields, names_fields, price_fields
from carbot_app.components.catalog.links import member_fields, upsell_fields
from carbot_app.components.catalog.price_preview import price_preview
from carbot_app.components.catalog.tree import CAN_MANAGE
from carbot_app.components.i18n import t
from carbot_app.components.ui import button, dialog, icon, icon_button
from carbot_app.state.catalog_editor import EditorState
from carbot_app.state.catalog_history import HistoryState

_EDITOR: Any = EditorState


def editor_pane() -> rx.Component:
    """Beside the list on desktops, over it on smaller screens, the whole screen on phones."""
    return rx.cond(
        _EDITOR.opened != "",
        rx.el.aside(
            edit_form(
                _head(),
                rx.el.div(
                    language_tabs(),
                    rx.el.fieldset(
                        rx.el.legend(t("catalog.edit.title"), class_name="cb-sr"),
                        names_fields(),
                        price_fields(),
                        member_fields(),
                        price_preview(),
                        upsell_fields(),
                        more_fields(),
                        disabled=~CAN_MANAGE,
                        class_name="grid grid-cols-1 gap-5 min-w-0 pt-3",
                    ),
                    class_name="cb-editor-body",
                ),
                rx.cond(CAN_MANAGE, _foot()),
                service=_EDITOR.opened,
                dirty=_EDITOR.dirty,
                on_edit=EditorState.edit,
                on_save=EditorState.save,
                on_leave=EditorState.leave,
                class_name="cb-editor-form",
            ),
            data_editor="true",
            aria_label=t("catalog.edit.title"),
            class_name="cb-editor",
        ),
    )


def leave_dialog() -> rx.Component:
    """Asks before unsaved changes are lost."""
    return dialog(
        t("catalog.leave.title"),
        rx.el.p(t("catalog.leave.text", name=_EDITOR.title)),
        id="leave-service",
        open=_EDITOR.leaving != "",
        on_close=EditorState.stay,
        actions=[
            button(t("catalog.leave.stay"), on_click=EditorState.stay),
            button(t("catalog.leave.do"), kind="destructive", on_click=EditorState.leave_now),
        ],
    )


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.h2(
            rx.cond(
                _EDITOR.opened == "new",
                t("catalog.edit.new"),
                rx.cond(CAN_MANAGE, t("catalog.edit.title"), t("catalog.edit.read")),
            ),
            tab_index=-1,
            class_name="cb-heading flex-1 min-w-0",
        ),
        rx.cond(
            _EDITOR.opened != "new",
            icon_button(
                "history",
                t("catalog.history.open"),
                tip=False,
                data_history="true",
                on_click=HistoryState.show(_EDITOR.opened, _EDITOR.title),
            ),
        ),
        icon_button("x", t("ui.actions.close"), tip=False, on_click=EditorState.leave("close")),
        class_name="cb-editor-head",
    )


def _foot() -> rx.Component:
    changed = _EDITOR.preview.changed
    return rx.el.div(
        rx.el.p(
            rx.cond(
                _EDITOR.errors.length() > 0,
                rx.fragment(icon("st-overdue", 15), t("catalog.edit.wrong", count=_EDITOR.errors.length())),
                rx.cond(
                    changed > 0,
                    rx.fragment(icon("st-progress", 15), t("catalog.edit.changed", count=changed)),
                    rx.cond(_EDITOR.dirty, rx.fragment(icon("st-draft", 15), t("catalog.edit.unsaved"))),
                ),
            ),
            role="status",
            class_name="cb-editor-state",
        ),
        rx.cond(
            _EDITOR.dirty & (_EDITOR.opened != "new"),
            button(t("catalog.edit.discard"), kind="ghost", on_click=EditorState.discard),
        ),
        button(
            t("catalog.edit.save"),
            kind="primary",
            icon="check",
            submit=True,
            busy=_EDITOR.busy,
        ),
        class_name="cb-editor-foot",
    )
