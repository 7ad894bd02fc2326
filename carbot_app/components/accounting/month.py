"""The month: its figures, the file for the tax adviser, the VAT return, lists."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    banner,
    button,
    card,
    empty_state,
    error_state,
    icon,
    icon_button,
    kpi_tile,
    section_head,
    skeleton,
    text_button,
)
from carbot_app.state.accounting import AccountingState
from carbot_app.state.accounting_mapping import MappingState

_BOOKS: Any = AccountingState
_MONTH: Any = AccountingState.month
_VAT: Any = AccountingState.vat
_LISTS = ("open_items", "cash_book", "vat", "statement", "services", "technicians")
_LINE = "flex items-center justify-between gap-4 py-2.5 min-w-0"
_LINES = "divide-y divide-base-300"


def month_panel() -> rx.Component:
    """Everything of one month."""
    return rx.el.div(
        _switch(),
        rx.cond(
            _BOOKS.status == "loading",
            skeleton("cards", 4),
            rx.cond(
                _BOOKS.status == "failed",
                error_state(on_retry=AccountingState.refresh),
                rx.el.div(
                    _figures(),
                    rx.el.div(
                        _datev(),
                        _vat(),
                        class_name="grid grid-cols-1 lg:grid-cols-2 gap-4 items-start",
                    ),
                    _lists(),
                    class_name="grid grid-cols-1 gap-4",
                ),
            ),
        ),
        class_name="grid grid-cols-1 gap-4",
    )


def _switch() -> rx.Component:
    return rx.el.div(
        icon_button("chevron-left", t("accounting.month.earlier"), on_click=AccountingState.earlier),
        rx.el.div(
            rx.cond(_MONTH.label != "", rx.el.h2(_MONTH.label, class_name="cb-heading")),
            class_name="min-w-[150px] min-h-[1.5em] text-center",
            aria_live="polite",
        ),
        icon_button(
            "chevron-right",
            t("accounting.month.later"),
            on_click=AccountingState.later,
            disabled=_BOOKS.is_latest,
        ),
        role="group",
        aria_label=t("accounting.month.choose"),
        class_name="flex items-center gap-1",
    )


def _figures() -> rx.Component:
    tiles = (
        ("gross", _MONTH.gross),
        ("net", _MONTH.net),
        ("received", _MONTH.received),
        ("open", _MONTH.open),
        ("spent", _MONTH.spent),
    )
    return rx.el.div(
        *(kpi_tile(t(f"accounting.month.{name}"), figure) for name, figure in tiles),
        class_name="grid grid-cols-2 lg:grid-cols-5 gap-3",
    )


def _datev() -> rx.Component:
    return card(
        section_head(
            t("accounting.month.datev"),
            action=rx.cond(
                _BOOKS.can_manage, text_button(t("accounting.month.mapping"), on_click=MappingState.ask)
            ),
        ),
        rx.el.p(t("accounting.month.datev_text"), class_name="cb-muted mt-1"),
        rx.cond(
            _MONTH.problem != "",
            rx.el.div(banner(_MONTH.problem, card=True), class_name="mt-4"),
        ),
        rx.cond(
            _MONTH.is_outdated,
            rx.el.div(
                banner(
                    t("accounting.month.outdated_text"),
                    title=t("accounting.month.outdated_title"),
                    card=True,
                ),
                class_name="mt-4",
            ),
        ),
        rx.cond(
            _BOOKS.can_manage,
            rx.el.div(
                button(
                    rx.cond(_MONTH.exported, t("accounting.month.again"), t("accounting.month.export")),
                    kind="primary",
                    icon="download",
                    busy=_BOOKS.busy,
                    disabled=_MONTH.problem != "",
                    on_click=AccountingState.export,
                ),
                class_name="mt-4",
            ),
        ),
        rx.el.h3(t("accounting.month.exports"), class_name="font-[620] mt-6"),
        rx.cond(
            _BOOKS.exports.length() > 0,
            rx.el.ul(rx.foreach(_BOOKS.exports, _export), class_name=_LINES),
            rx.el.p(t("accounting.month.no_exports"), class_name="cb-muted mt-1"),
        ),
        aria_label=t("accounting.month.datev"),
    )


def _export(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(line.title, class_name="block font-[550]"),
            rx.el.span(line.detail, class_name="block cb-muted cb-dense"),
            class_name="min-w-0",
        ),
        rx.el.code(line.mark, class_name="cb-dense cb-muted cb-num flex-none", title="SHA-256"),
        class_name=_LINE,
        key=line.id,
    )


def _vat() -> rx.Component:
    way = rx.cond(_VAT.by_cash, t("accounting.month.vat_received"), t("accounting.month.vat_agreed"))
    return card(
        section_head(t("accounting.month.vat"), trailing=way),
        rx.cond(
            _BOOKS.vat_lines.length() > 0,
            rx.fragment(
                rx.el.ul(rx.foreach(_BOOKS.vat_lines, _figure), class_name=f"{_LINES} mt-2"),
                rx.el.div(
                    rx.el.span(
                        _code(_VAT.payable_code),
                        rx.el.strong(t("accounting.figure.payable")),
                        class_name="flex items-center gap-3",
                    ),
                    rx.el.strong(_VAT.payable, class_name="cb-num"),
                    class_name=f"{_LINE} border-t border-base-300 mt-1 pt-3",
                ),
            ),
            empty_state("file-text", t("accounting.month.vat_none")),
        ),
        rx.cond(_VAT.old_parts != "", rx.el.p(_VAT.old_parts, class_name="cb-dense cb-muted mt-2")),
        rx.cond(
            _VAT.unassigned != "",
            rx.el.div(banner(_VAT.unassigned, card=True), class_name="mt-3"),
        ),
        rx.el.p(t("accounting.month.not_advice"), class_name="cb-dense cb-muted mt-3"),
        aria_label=t("accounting.month.vat"),
    )


def _code(code: Any) -> rx.Component:
    return rx.el.span(code, class_name="cb-num cb-muted w-[2.4rem] flex-none")


def _figure(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.details(
            rx.el.summary(
                rx.el.span(
                    _code(line.code),
                    rx.el.span(
                        rx.el.span(line.word, class_name="block"),
                        rx.el.span(line.base, " · ", line.count, class_name="block cb-muted cb-dense"),
                        class_name="min-w-0",
                    ),
                    class_name="flex items-center gap-3 min-w-0",
                ),
                rx.el.span(line.tax, class_name="cb-num font-[600] flex-none"),
                class_name=f"{_LINE} cursor-pointer",
            ),
            rx.el.ul(
                rx.foreach(line.documents, lambda text: rx.el.li(text, class_name="py-0.5")),
                class_name="cb-dense cb-muted cb-num pb-3 pl-[3.2rem]",
            ),
        ),
        key=line.code,
    )


def _lists() -> rx.Component:
    return card(
        section_head(t("accounting.month.lists")),
        rx.el.ul(
            *(
                rx.el.li(
                    rx.el.span(t(f"accounting.month.list_{kind}"), class_name="min-w-0"),
                    rx.el.span(
                        *(_saved_as(kind, form) for form in ("xlsx", "csv")),
                        class_name="flex gap-1 flex-none",
                    ),
                    class_name=_LINE,
                )
                for kind in _LISTS
            ),
            class_name=f"{_LINES} mt-1 lg:columns-2 lg:gap-10",
        ),
        aria_label=t("accounting.month.lists"),
    )


def _saved_as(kind: str, form: str) -> rx.Component:
    address = f"/api/accounting/lists/{kind}.{form}?first=" + _MONTH.first + "&last=" + _MONTH.last
    return rx.el.a(
        icon("download", 15),
        form.upper(),
        href=address,
        download=True,
        reload_document=True,
        aria_label=t("accounting.month.save_as", list=t(f"accounting.month.list_{kind}"), form=form.upper()),
        class_name="cb-btn cb-btn-ghost cb-btn-sm",
    )
