"""The list of automations, templates to begin with, and the log."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    badge,
    button,
    card,
    dialog,
    empty_state,
    error_state,
    glyph_tile,
    icon_button,
    link,
    rows,
    section_head,
    skeleton,
    toggle,
)
from carbot_app.state.automation_editor import AutomationEditorState
from carbot_app.state.automations import AutomationsState

_LIST: Any = AutomationsState
_SECTION = "grid grid-cols-1 gap-3 content-start min-w-0"


def overview() -> Any:
    """What there is at the left, what happened at the right."""
    return rx.match(
        _LIST.status,
        ("loading", skeleton("rows", 5)),
        rx.el.div(
            rx.cond(_LIST.status == "failed", error_state(on_retry=AutomationsState.load)),
            rx.el.p(t("automations.text"), class_name="cb-muted max-w-[70ch]"),
            rx.el.div(
                rx.el.div(_list(), _ready(), class_name="grid grid-cols-1 gap-6 content-start min-w-0"),
                _log(),
                class_name="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)]",
            ),
            _question(),
            class_name="grid grid-cols-1 gap-4 max-w-[1400px]",
        ),
    )


def _list() -> rx.Component:
    return card(
        rx.cond(
            _LIST.rows.length() > 0,
            rows(rx.foreach(_LIST.rows, _row)),
            empty_state("zap", t("automations.empty_title"), t("automations.empty_text")),
        ),
        pad=False,
    )


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(row.name, class_name="block font-[620] break-words"),
            rx.el.span(row.when, class_name="block cb-dense break-words"),
            rx.el.span("→ ", row.then, class_name="block cb-muted cb-dense break-words"),
            rx.el.span(row.runs, class_name="block cb-faint cb-dense cb-num"),
            type="button",
            on_click=AutomationEditorState.open(row.id),
            aria_label=t("automations.edit_named", name=row.name),
            class_name="grid gap-0.5 flex-1 min-w-0 text-left py-1 cursor-pointer rounded-md hover:underline"
            " decoration-transparent",
        ),
        icon_button(
            "trash-2",
            t("automations.editor.delete") + ": " + row.name,
            tip=False,
            on_click=AutomationsState.ask(row.id),
        ),
        rx.el.label(
            toggle(
                t("automations.on", name=row.name),
                "automation-on",
                hidden_label=True,
                checked=row.enabled,
                on_change=lambda on: AutomationsState.switch(row.id, on),
            ),
            class_name="grid place-items-center min-w-11 min-h-11 -mr-2 cursor-pointer",
        ),
        key=row.id,
        class_name="cb-row",
    )


def _ready() -> rx.Component:
    return rx.cond(
        _LIST.ready.length() > 0,
        rx.el.section(
            section_head(t("automations.ready_title")),
            card(rows(rx.foreach(_LIST.ready, _template)), pad=False),
            class_name=_SECTION,
        ),
    )


def _template(row: Any) -> rx.Component:
    return rx.el.li(
        glyph_tile("sparkles", tone="accent"),
        rx.el.span(
            rx.el.span(row.name, class_name="block font-[600] break-words"),
            rx.el.span(row.text, class_name="block cb-muted cb-dense break-words"),
            class_name="flex-1 min-w-0",
        ),
        button(
            t("automations.ready_use"),
            size="sm",
            aria_label=t("automations.ready_use_named", name=row.name),
            on_click=AutomationEditorState.open(row.id),
        ),
        key=row.id,
        class_name="cb-row",
    )


def _log() -> rx.Component:
    return rx.el.section(
        section_head(t("automations.log.title")),
        card(
            rx.cond(
                _LIST.runs.length() > 0,
                rows(rx.foreach(_LIST.runs, log_row)),
                empty_state("history", t("automations.log.empty")),
            ),
            pad=False,
        ),
        class_name=_SECTION,
        custom_attrs={"data-log": "true"},
    )


def log_row(run: Any) -> rx.Component:
    """A run, or what a dry run found: who, when, what was done."""
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.span(run.name, class_name="font-[600] min-w-0 break-words"),
                rx.match(
                    run.state,
                    ("done", badge("done", run.word)),
                    ("failed", badge("overdue", run.word)),
                    ("stopped", badge("waiting", run.word)),
                    rx.fragment(),
                ),
                class_name="flex flex-wrap items-center justify-between gap-x-3 gap-y-1",
            ),
            rx.el.p(
                rx.cond(run.who != "", run.who + " · ", ""),
                run.at,
                rx.cond(
                    run.thread != "",
                    rx.fragment(
                        " · ",
                        link(
                            t("automations.log.thread"),
                            href="/posteingang/?c=" + run.thread,
                            class_name="cb-link",
                        ),
                    ),
                ),
                class_name="cb-muted cb-dense cb-num",
            ),
            rx.el.ul(
                rx.foreach(run.lines, lambda line: rx.el.li(line, class_name="break-words")),
                class_name="cb-dense grid gap-0.5",
            ),
            class_name="grid grid-cols-1 gap-1 flex-1 min-w-0",
        ),
        key=run.id,
        class_name="cb-row",
    )


def _question() -> rx.Component:
    return dialog(
        t("automations.editor.delete_title"),
        rx.el.p(t("automations.editor.delete_text")),
        id="automation-delete",
        open=_LIST.asking != "",
        on_close=AutomationsState.ask(""),
        actions=[
            button(t("automations.editor.keep"), on_click=AutomationsState.ask("")),
            button(
                t("automations.editor.delete"),
                kind="destructive",
                icon="trash-2",
                on_click=AutomationsState.remove,
            ),
        ],
    )
