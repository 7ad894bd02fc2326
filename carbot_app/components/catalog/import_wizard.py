"""The dialog "Leistungen importieren" in steps, and the menu that exports."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    banner,
    bar,
    button,
    chips,
    dialog,
    form_error,
    icon,
    menu,
    menu_item,
    steps,
    tag,
)
from carbot_app.components.ui.file_drop import file_drop
from carbot_app.domains.catalog.columns import COLUMNS
from carbot_app.domains.catalog.sheets import MAX_BYTES
from carbot_app.state.catalog_import import DONE, MAPPING, PREVIEW, ImportState

_IMPORT: Any = ImportState
_FACTS = _IMPORT.facts
_EXPORT = "/api/catalog/export"
_ENDINGS = "xls,xlsx,xlsm,csv,txt"
"""The old .xls goes through: the server says how to save it as .xlsx."""


def import_dialog() -> rx.Component:
    """Opened by ``ImportState.start``."""
    return dialog(
        t("import.title"),
        steps([t(f"import.step.{name}") for name in ("file", "columns", "preview", "done")], _IMPORT.step),
        form_error(_IMPORT.problem),
        rx.match(_IMPORT.step, (MAPPING, _columns()), (PREVIEW, _preview()), (DONE, _done()), _file()),
        id="catalog-import",
        open=_IMPORT.open,
        on_close=ImportState.close,
        dismissable=False,
        actions=[
            rx.match(
                _IMPORT.step,
                (MAPPING, _columns_actions()),
                (PREVIEW, _preview_actions()),
                (DONE, button(t("ui.actions.close"), kind="primary", data_close="true")),
                button(t("ui.actions.cancel"), data_close="true"),
            )
        ],
    )


def export_menu() -> rx.Component:
    """The whole catalogue as a file."""
    return menu(
        t("import.export"),
        rx.fragment(icon("download", 17), rx.el.span(t("import.export"), class_name="cb-hide-phone")),
        menu_item(t("import.excel"), icon="file-text", href=f"{_EXPORT}.xlsx", external=True, download=True),
        menu_item(t("import.csv"), icon="file-text", href=f"{_EXPORT}.csv", external=True, download=True),
        look="cb-btn cb-btn-ghost",
        align="end",
    )


def _file() -> rx.Component:
    return rx.el.div(
        file_drop(
            t("import.drop"),
            t("import.accepted"),
            address="/api/catalog/uploads",
            endings=_ENDINGS,
            label=t("import.choose"),
            sending=t("import.sending"),
            failed=t("import.failed"),
            wrong_type=t("import.wrong_type"),
            too_large=t("import.too_large"),
            max_bytes=MAX_BYTES,
            on_uploaded=ImportState.read,
            on_problem=ImportState.refuse,
        ),
        rx.el.div(
            icon("download", 17, class_name="flex-none mt-0.5 text-muted"),
            rx.el.p(
                rx.el.a(
                    t("import.template"),
                    href=f"{_EXPORT}.xlsx",
                    download=True,
                    reload_document=True,
                    class_name="cb-link",
                ),
                " ",
                rx.el.span(t("import.template_text"), class_name="cb-muted"),
            ),
            class_name="flex gap-2.5 items-start",
        ),
        rx.cond(_IMPORT.busy, rx.el.p(t("import.reading"), role="status", class_name="cb-muted")),
        class_name="grid gap-5 pt-5",
    )


def _columns() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(
                t("import.read_rows", count=_IMPORT.file.rows, name=_IMPORT.file.name),
                class_name="font-[600] break-words",
            ),
            rx.el.p(t("import.columns_text"), class_name="cb-dense cb-muted"),
            class_name="pb-3",
        ),
        rx.el.ul(rx.foreach(_IMPORT.columns, _column)),
        rx.el.div(
            rx.el.label(t("import.category"), html_for="import-category", class_name="cb-label"),
            rx.el.select(
                rx.el.option(t("import.no_category"), value=""),
                rx.foreach(_IMPORT.categories, lambda name: rx.el.option(name, value=name)),
                id="import-category",
                value=_IMPORT.category,
                on_change=ImportState.set_category,
                aria_describedby="import-category-note",
                class_name="cb-input",
            ),
            rx.el.p(t("import.category_help"), id="import-category-note", class_name="cb-help"),
            class_name="cb-field border-t border-base-300 pt-4 mt-1 [&>select]:max-w-[420px]",
        ),
        _progress(),
        class_name="pt-5 min-w-0",
    )


def _column(line: Any) -> rx.Component:
    label_id = "import-column-" + line.position.to(str)
    ours = [(column.key, t(f"import.column.{column.key}")) for column in COLUMNS]
    return rx.el.li(
        rx.el.div(
            rx.el.p(
                rx.el.span(line.title, id=label_id, class_name="font-[600] break-words"),
                rx.match(
                    line.guess,
                    ("sure", tag(t("import.sure"), tone="ok", icon_name="check")),
                    ("likely", tag(t("import.likely"), tone="warn", icon_name="circle-question-mark")),
                    rx.fragment(),
                ),
                class_name="flex flex-wrap items-center gap-x-2 gap-y-1",
            ),
            rx.el.p(
                rx.cond(line.sample != "", line.sample, t("import.no_sample")),
                class_name="cb-dense cb-muted cb-truncate",
            ),
            class_name="min-w-0",
        ),
        rx.el.select(
            rx.el.option(t("import.leave_out"), value=""),
            *(rx.el.option(text, value=key) for key, text in ours),
            value=line.column,
            on_change=lambda key: ImportState.assign(line.position, key),
            aria_labelledby=label_id,
            class_name="cb-input",
            data_out=rx.cond(line.column == "", "true", "false"),
        ),
        key=line.position.to(str),
        class_name="cb-map-row",
    )


def _progress() -> rx.Component:
    return rx.cond(
        _IMPORT.busy,
        rx.el.div(
            rx.el.p(t("import.checking", percent=_IMPORT.progress), class_name="cb-dense cb-muted cb-num"),
            bar(_IMPORT.progress, label=t("import.checking", percent=_IMPORT.progress)),
            role="status",
            class_name="grid gap-1.5 pt-4",
        ),
    )


def _columns_actions() -> rx.Component:
    return rx.fragment(
        button(t("ui.actions.back"), kind="ghost", on_click=ImportState.back),
        button(
            t("import.look"),
            kind="primary",
            icon_end="arrow-right",
            busy=_IMPORT.busy,
            on_click=ImportState.look,
        ),
    )


def _preview() -> rx.Component:
    counts: list[Any] = [
        ("all", t("import.status.all"), _FACTS.total),
        ("new", t("import.status.new"), _FACTS.new),
        ("changed", t("import.status.changed"), _FACTS.changed),
        ("unchanged", t("import.status.unchanged"), _FACTS.unchanged),
        ("error", t("import.status.error"), _FACTS.errors),
    ]
    return rx.el.div(
        rx.cond(
            _FACTS.errors > 0,
            banner(
                t("import.errors", count=_FACTS.errors),
                tone="err",
                icon="st-overdue",
                card=True,
                action=button(
                    t("import.error_file"),
                    size="sm",
                    icon="download",
                    class_name="flex-none",
                    on_click=ImportState.download_errors,
                ),
            ),
        ),
        chips(
            t("import.filter"),
            "import-filter",
            counts,
            value=_IMPORT.shown,
            on_change=lambda status: ImportState.show(status, False),
        ),
        rx.cond(
            _IMPORT.rows.length() > 0,
            rx.el.ul(
                rx.foreach(_IMPORT.rows, _row),
                class_name="border-t border-base-300",
                aria_label=t("import.rows"),
            ),
            rx.el.p(t("import.no_rows"), class_name="cb-muted py-8 text-center"),
        ),
        rx.cond(
            _FACTS.wanted > _IMPORT.rows.length(),
            button(
                t("import.show_all", rows=_FACTS.wanted),
                kind="ghost",
                block=True,
                on_click=ImportState.show(_IMPORT.shown, True),
            ),
        ),
        class_name="grid grid-cols-1 gap-4 pt-5 min-w-0",
    )


def _row(row: Any) -> rx.Component:
    tones: dict[str, tuple[Any, str]] = {
        "new": ("info", "plus"),
        "changed": ("accent", "pencil"),
        "error": ("err", "triangle-alert"),
    }
    signs = [
        (status, tag(t(f"import.one.{status}"), tone=tone, icon_name=glyph))
        for status, (tone, glyph) in tones.items()
    ]
    return rx.el.li(
        rx.el.span(
            rx.el.span(t("import.line"), " ", class_name="cb-sr"),
            row.line,
            class_name="cb-num cb-faint cb-dense w-9 flex-none text-right pt-0.5",
        ),
        rx.el.div(
            rx.el.p(
                rx.el.span(row.name, class_name="font-[600] break-words"),
                rx.el.span(row.code, class_name="cb-dense cb-muted cb-num"),
                class_name="flex flex-wrap items-baseline gap-x-2",
            ),
            rx.foreach(row.changes, lambda text: rx.el.p(text, class_name="cb-dense cb-muted break-words")),
            rx.foreach(
                row.problems,
                lambda text: rx.el.p(text, class_name="cb-dense text-err-ink font-[500] break-words"),
            ),
            class_name="flex-1 min-w-0",
        ),
        rx.el.span(rx.match(row.status, *signs, tag(t("import.one.unchanged"))), class_name="flex-none"),
        key=row.line.to(str),
        class_name="flex items-start gap-3 py-2.5 border-b border-base-300",
    )


def _preview_actions() -> rx.Component:
    return rx.fragment(
        button(t("ui.actions.back"), kind="ghost", on_click=ImportState.back),
        button(
            rx.cond(_FACTS.taken > 0, t("import.apply", count=_FACTS.taken), t("import.apply_none")),
            kind="primary",
            icon="check",
            disabled=(_FACTS.errors > 0) | (_FACTS.taken == 0),
            busy=_IMPORT.busy,
            on_click=ImportState.apply,
        ),
    )


def _done() -> rx.Component:
    undone = _IMPORT.taken < 0
    return rx.el.div(
        icon("circle-check", 28, class_name="text-ok-ink"),
        rx.el.p(
            rx.cond(
                undone,
                t("import.undone"),
                rx.cond(_IMPORT.taken > 0, t("import.taken", count=_IMPORT.taken), t("import.nothing_taken")),
            ),
            class_name="cb-section",
        ),
        rx.cond(undone, rx.fragment(), rx.el.p(t("import.taken_text"), class_name="cb-muted max-w-[46ch]")),
        rx.cond(
            _IMPORT.change != "",
            button(t("import.undo"), icon="undo-2", class_name="mt-3", on_click=ImportState.undo),
        ),
        role="status",
        class_name="grid justify-items-center content-center gap-2 text-center py-12",
    )
