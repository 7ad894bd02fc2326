"""/automationen/: when · if · then, built by the owner."""

from typing import Any

import reflex as rx

from carbot_app.components.automations.editor import editor
from carbot_app.components.automations.overview import overview
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import button
from carbot_app.state.automation_editor import NEW, AutomationEditorState
from carbot_app.state.automations import AutomationsState

_EDIT: Any = AutomationEditorState


def automations_page() -> rx.Component:
    """The list with its log, or the editor in its place."""
    return signed_in_page(
        rx.cond(_EDIT.opened == "", overview(), editor()),
        title=rx.match(
            _EDIT.opened,
            ("", t("automations.title")),
            (NEW, t("automations.editor.title_new")),
            t("automations.editor.title"),
        ),
        active="automations",
        actions=[
            rx.cond(
                _EDIT.opened == "",
                button(
                    rx.fragment(
                        rx.el.span(t("automations.new"), class_name="max-md:hidden"),
                        rx.el.span(t("automations.new_short"), class_name="md:hidden"),
                    ),
                    kind="primary",
                    icon="plus",
                    on_click=AutomationEditorState.open(NEW),
                ),
                rx.fragment(
                    button(
                        t("automations.editor.cancel"),
                        kind="ghost",
                        class_name="max-md:hidden",
                        on_click=AutomationEditorState.close,
                    ),
                    button(
                        t("automations.editor.save"),
                        kind="primary",
                        icon="check",
                        busy=_EDIT.busy == "save",
                        on_click=AutomationEditorState.save,
                    ),
                ),
            )
        ],
        on_live=[AutomationsState.on_live],
    )
