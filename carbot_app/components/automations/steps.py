"""One step of an automation: what is done, and the fields that belong to it."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import field, glyph_tile, icon_button, select, textarea, toggle
from carbot_app.state.automation_editor import AutomationEditorState
from carbot_app.state.automation_rows import ICONS

_EDIT: Any = AutomationEditorState
_REPLIES = ("follow_up", "night", "review", "declined", "own")
_GAPS = "{{name}}, {{car}}, {{workshop}}, {{phone}}, {{link}}"
_TWO = "grid grid-cols-1 gap-3 sm:grid-cols-2"


def action_card(row: Any, index: Any) -> rx.Component:
    """A step in the list."""
    return rx.el.li(
        rx.el.div(
            rx.match(row.kind, *((kind, glyph_tile(glyph)) for kind, glyph in ICONS.items()), rx.fragment()),
            rx.el.h3(row.title, class_name="font-[620] flex-1 min-w-0"),
            icon_button(
                "x",
                t("automations.editor.remove_action", n=index + 1),
                on_click=AutomationEditorState.drop(row.key),
            ),
            class_name="flex items-center gap-3",
        ),
        rx.match(
            row.kind,
            ("reply", _reply(row)),
            ("task", _task(row, t("automations.editor.due"))),
            ("reminder", _task(row, t("automations.editor.remind_at"))),
            ("assign", _choice(row, t("automations.editor.person_assign"), row.person, "person", "people")),
            ("label", _choice(row, t("automations.editor.which_label"), row.label, "label", "labels")),
            ("push", _push(row)),
            _webhook(row),
        ),
        key=row.key,
        class_name="grid grid-cols-1 gap-3 min-w-0 [&+li]:border-t [&+li]:border-base-300 [&+li]:pt-4",
    )


def _write(row: Any, member: str) -> Any:
    return lambda value: AutomationEditorState.change_action(row.key, member, value)


def _reply(row: Any) -> rx.Component:
    own = row.template == "own"
    return rx.el.div(
        select(
            t("automations.editor.template"),
            "template",
            [(name, t(f"automations.template.{name}")) for name in _REPLIES],
            id=row.key + "-template",
            value=row.template,
            error=rx.cond(own | (row.template == "review"), "", row.problem),
            on_change=_write(row, "template"),
        ),
        rx.cond(
            own,
            rx.fragment(
                textarea(
                    t("automations.editor.words"),
                    "text",
                    id=row.key + "-text",
                    help=t("automations.editor.words_help", gaps=_GAPS),
                    error=row.problem,
                    default_value=row.text,
                    on_blur=_write(row, "text"),
                ),
                select(
                    t("automations.editor.advertising"),
                    "advertising",
                    [
                        ("", t("automations.editor.not_advertising")),
                        ("review", t("automations.option.consent.review")),
                        ("offers", t("automations.option.consent.offers")),
                    ],
                    id=row.key + "-advertising",
                    value=row.advertising,
                    on_change=_write(row, "advertising"),
                ),
            ),
        ),
        rx.cond(
            row.template == "review",
            field(
                t("automations.editor.link"),
                "url",
                type="url",
                id=row.key + "-url",
                placeholder="https://g.page/r/",
                error=row.problem,
                default_value=row.url,
                on_blur=_write(row, "url"),
            ),
        ),
        class_name="grid grid-cols-1 gap-3",
    )


def _task(row: Any, when: Any) -> rx.Component:
    return rx.el.div(
        field(
            t("automations.editor.task_title"),
            "text",
            id=row.key + "-text",
            error=row.problem,
            default_value=row.text,
            auto_complete="off",
            on_blur=_write(row, "text"),
        ),
        rx.el.div(
            select(
                when,
                "hours",
                _EDIT.choices["hours"],
                id=row.key + "-hours",
                value=row.hours,
                on_change=_write(row, "hours"),
            ),
            _person(row, t("automations.editor.person")),
            class_name=_TWO,
        ),
        class_name="grid grid-cols-1 gap-3",
    )


def _push(row: Any) -> rx.Component:
    return rx.el.div(
        field(
            t("automations.editor.push_text"),
            "text",
            id=row.key + "-text",
            error=row.problem,
            default_value=row.text,
            auto_complete="off",
            on_blur=_write(row, "text"),
        ),
        _person(row, t("automations.editor.person")),
        toggle(
            t("automations.editor.urgent"),
            "urgent",
            checked=row.urgent,
            on_change=_write(row, "urgent"),
        ),
        class_name="grid grid-cols-1 gap-3",
    )


def _webhook(row: Any) -> rx.Component:
    return rx.el.div(
        field(
            t("automations.editor.address"),
            "url",
            type="url",
            id=row.key + "-url",
            placeholder="https://",
            error=row.problem,
            default_value=row.url,
            on_blur=_write(row, "url"),
        ),
        rx.cond(
            _EDIT.secret != "",
            field(
                t("automations.editor.secret"),
                "secret",
                id=row.key + "-secret",
                value=_EDIT.secret,
                read_only=True,
                class_name="cb-input font-mono",
            ),
            rx.el.p(t("automations.editor.secret_later"), class_name="cb-muted cb-dense"),
        ),
        class_name="grid grid-cols-1 gap-3",
    )


def _person(row: Any, label: Any) -> rx.Component:
    """For one person or everybody."""
    return _picker(row, label, row.person, "person", "people", t("automations.editor.everybody"))


def _choice(row: Any, label: Any, value: Any, name: str, choices: str) -> rx.Component:
    """One has to be chosen."""
    problem = rx.cond(row.problem != "", rx.el.p(row.problem, class_name="cb-field-error"))
    return _picker(row, label, value, name, choices, t("automations.editor.choose"), problem)


def _picker(
    row: Any, label: Any, value: Any, name: str, choices: str, nothing: Any, *below: rx.Component
) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=row.key + f"-{name}", class_name="cb-label"),
        rx.el.select(
            rx.el.option(nothing, value=""),
            rx.foreach(_EDIT.choices[choices], lambda pair: rx.el.option(pair[1], value=pair[0])),
            id=row.key + f"-{name}",
            name=name,
            value=value,
            on_change=_write(row, name),
            class_name="cb-input",
        ),
        *below,
        class_name="cb-field",
    )
