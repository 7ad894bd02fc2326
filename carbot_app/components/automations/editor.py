"""An automation as a sentence of three cards: when, and if, then; the dry run beside it."""

from typing import Any

import reflex as rx

from carbot_app.components.automations.overview import log_row
from carbot_app.components.automations.steps import action_card
from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    button,
    card,
    field,
    form_error,
    icon,
    icon_button,
    menu,
    menu_item,
    rows,
    select,
    text_button,
)
from carbot_app.state.automation_editor import AutomationEditorState
from carbot_app.state.automation_rows import ICONS

_EDIT: Any = AutomationEditorState
# The fields read as a sentence: their names are for those who listen
_SENTENCE = "grid gap-2 sm:gap-3 items-start min-w-0 [&_.cb-label]:sr-only"
_ROW = (
    "grid-cols-[minmax(0,1fr)_auto] max-sm:[&>*]:col-start-1 sm:grid-cols-[1.1fr_0.8fr_1.1fr_auto]"
    " max-sm:border-b max-sm:border-base-300 max-sm:pb-3"
)


def editor() -> rx.Component:
    """The cards at the left, what they would have done at the right."""
    return rx.el.div(
        rx.el.div(
            text_button(
                rx.el.span(
                    icon("chevron-left", 18),
                    t("automations.editor.back"),
                    class_name="flex items-center gap-1",
                ),
                on_click=AutomationEditorState.close,
                class_name="justify-self-start min-h-11 md:min-h-0",
            ),
            field(
                t("automations.editor.name"),
                "name",
                id="automation-name",
                default_value=_EDIT.name,
                error=_EDIT.problems.get("name", ""),
                auto_complete="off",
                on_blur=lambda text: AutomationEditorState.change("name", text),
            ),
            _when(),
            _and(),
            _then(),
            class_name="grid grid-cols-1 gap-4 content-start min-w-0",
            key=_EDIT.version.to(str),
        ),
        _dry_run(),
        class_name="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_380px] items-start max-w-[1240px]",
        custom_attrs={"data-editor": "automation"},
    )


def _part(word: Any, *content: Any) -> rx.Component:
    return card(
        rx.el.h2(word, class_name="cb-section text-accent-ink"),
        *content,
        class_name="grid grid-cols-1 gap-4",
    )


def _when() -> rx.Component:
    return _part(
        t("automations.editor.when"),
        rx.el.div(
            select(
                t("automations.editor.event"),
                "trigger",
                _EDIT.choices["triggers"],
                id="automation-trigger",
                value=_EDIT.trigger,
                on_change=lambda value: AutomationEditorState.change("trigger", value),
            ),
            select(
                t("automations.editor.delay"),
                "delay",
                _EDIT.choices["delays"],
                id="automation-delay",
                value=_EDIT.delay,
                error=_EDIT.problems.get("delay", ""),
                on_change=lambda value: AutomationEditorState.change("delay", value),
            ),
            class_name=f"{_SENTENCE} grid-cols-1 sm:grid-cols-[2fr_1fr]",
        ),
    )


def _and() -> rx.Component:
    return _part(
        t("automations.editor.and"),
        rx.cond(
            _EDIT.conditions.length() == 0,
            rx.el.p(t("automations.editor.always"), class_name="cb-muted"),
            rx.el.ul(rx.foreach(_EDIT.conditions, _condition), class_name="grid grid-cols-1 gap-4"),
        ),
        button(
            t("automations.editor.add_condition"),
            icon="plus",
            class_name="justify-self-start",
            on_click=AutomationEditorState.add_condition,
        ),
    )


def _condition(row: Any, index: Any) -> rx.Component:
    value = {
        "id": row.key + "-value",
        "error": row.problem,
    }
    write = lambda text: AutomationEditorState.change_condition(row.key, "value", text)  # noqa: E731
    return rx.el.li(
        select(
            t("automations.editor.condition_field"),
            "field",
            _EDIT.choices["fields"],
            id=row.key + "-field",
            value=row.asks,
            on_change=lambda name: AutomationEditorState.change_condition(row.key, "asks", name),
        ),
        select(
            t("automations.editor.condition_op"),
            "op",
            row.ops,
            id=row.key + "-op",
            value=row.op,
            on_change=lambda op: AutomationEditorState.change_condition(row.key, "op", op),
        ),
        rx.match(
            row.kind,
            (
                "choice",
                select(
                    t("automations.editor.condition_value"),
                    "value",
                    row.options,
                    value=row.value,
                    on_change=write,
                    **value,
                ),
            ),
            (
                "clock",
                field(
                    t("automations.editor.condition_value"),
                    "value",
                    type="time",
                    default_value=row.value,
                    on_blur=write,
                    **value,
                ),
            ),
            field(
                t("automations.editor.condition_value"),
                "value",
                default_value=row.value,
                input_mode="numeric",
                on_blur=write,
                **value,
            ),
        ),
        icon_button(
            "x",
            t("automations.editor.remove_condition", n=index + 1),
            on_click=AutomationEditorState.drop(row.key),
            class_name="max-sm:!col-start-2 max-sm:row-start-1",
        ),
        key=row.key + row.asks,
        class_name=f"{_SENTENCE} {_ROW}",
    )


def _then() -> rx.Component:
    return _part(
        t("automations.editor.then"),
        rx.cond(
            _EDIT.actions.length() == 0,
            rx.el.p(t("automations.editor.no_action"), class_name="cb-muted"),
            rx.el.ol(rx.foreach(_EDIT.actions, action_card), class_name="grid grid-cols-1 gap-5"),
        ),
        form_error(_EDIT.problems.get("actions", "")),
        rx.el.div(
            menu(
                t("automations.editor.add_action"),
                rx.fragment(
                    icon("plus", 17), rx.el.span(t("automations.editor.add_action"), aria_hidden="true")
                ),
                *(
                    menu_item(
                        t(f"automations.action.{kind}"),
                        icon=glyph,
                        on_click=AutomationEditorState.add_action(kind),
                    )
                    for kind, glyph in ICONS.items()
                ),
                look="cb-btn cb-btn-outline",
            ),
            class_name="flex",
        ),
    )


def _dry_run() -> rx.Component:
    return card(
        rx.el.h2(t("automations.dry.title"), class_name="cb-heading"),
        rx.el.p(t("automations.dry.text"), class_name="cb-muted cb-dense"),
        button(
            t("automations.dry.start"),
            icon="play",
            busy=_EDIT.busy == "dry",
            class_name="justify-self-start",
            on_click=AutomationEditorState.try_out,
        ),
        rx.el.div(
            rx.cond(
                _EDIT.dry_result != "",
                rx.el.p(_EDIT.dry_result, class_name="font-[620] cb-num"),
            ),
            role="status",
        ),
        rx.cond(
            _EDIT.dry.length() > 0,
            rows(rx.foreach(_EDIT.dry, log_row), class_name="-mx-4 border-t border-base-300"),
        ),
        class_name="grid grid-cols-1 gap-3 lg:sticky lg:top-0",
        custom_attrs={"data-dry-run": "true"},
    )
