"""Filters, rows and sums of the page of invoices: a table, on phones two lines per document."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.invoices.browser import list_end
from carbot_app.components.invoices.bulk import tick, tick_all
from carbot_app.components.ui import (
    badge,
    button,
    cell,
    chips,
    column,
    empty_state,
    error_state,
    icon,
    link,
    menu,
    menu_item,
    menu_line,
    plate_chip,
    search_field,
    segmented,
    skeleton,
    table,
    table_row,
)
from carbot_app.domains.billing.listing_schemas import BUYERS, FILTERS, PERIODS, SORTS
from carbot_app.state.invoices import InvoiceFileState, InvoicesState

_LIST: Any = InvoicesState
_RARE = ("partial", "cancelled")
"""Filters that stand in the menu where the row of filters has no room for all."""
_TOOL = "cb-btn cb-btn-outline cb-btn-sm !min-h-9"


def invoice_tools() -> rx.Component:
    """Filters with their counts, search, period and the rarer choices."""
    options: Any = [(view, t(f"invoices.view.{view}"), _count(view)) for view in FILTERS]

    usual = [option for option in options if option[0] not in _RARE]

    def picked(value: Any) -> Any:
        return InvoicesState.pick("view", value)

    return rx.el.div(
        rx.el.div(
            segmented(t("invoices.view.label"), "view", usual, value=_LIST.view, on_change=picked),
            class_name="max-xl:hidden flex-none",
        ),
        rx.el.div(
            chips(t("invoices.view.label"), "phone-view", options, value=_LIST.view, on_change=picked),
            class_name="xl:hidden w-full min-w-0",
        ),
        rx.el.div(
            search_field(
                placeholder=t("invoices.search"),
                label=t("invoices.search_label"),
                name="invoice-search",
                default_value=_LIST.search,
                on_change=InvoicesState.find.debounce(250),
            ),
            class_name="flex-1 min-w-[180px] max-w-[340px] max-md:max-w-none",
        ),
        _period_menu(),
        _more_menu(),
        rx.el.p(
            t("invoices.shown", count=_LIST.foot.total),
            class_name="cb-muted cb-num ml-auto max-lg:hidden whitespace-nowrap",
            aria_live="polite",
        ),
        class_name="flex flex-wrap items-center gap-3 px-5 max-md:px-4 py-3 border-b border-base-300",
    )


def invoice_rows() -> rx.Component:
    """What the filter finds; old rows stay while new ones fail."""
    return rx.fragment(
        rx.cond(
            _LIST.status == "failed",
            rx.el.div(error_state(on_retry=InvoicesState.load), class_name="px-5 py-3"),
        ),
        rx.cond(
            _LIST.foot.cut,
            rx.el.p(t("invoices.cut"), class_name="px-5 py-2.5 cb-muted border-b border-base-300"),
        ),
        rx.cond(
            _LIST.status == "loading",
            rx.el.div(skeleton("rows", 8), class_name="p-5"),
            rx.cond(
                _LIST.rows.length() > 0,
                rx.fragment(
                    rx.el.div(_table(), class_name="max-md:hidden"),
                    rx.el.ul(
                        rx.foreach(_LIST.rows, _phone_row),
                        class_name="cb-rows md:hidden border-b border-base-300 bg-base-100",
                        aria_label=t("invoices.list"),
                    ),
                ),
                _nothing(),
            ),
        ),
        rx.cond(_LIST.has_more, list_end(mark=_LIST.rows.length(), on_near=InvoicesState.load_more)),
    )


def invoice_sums() -> rx.Component:
    """Always in view: how many e-invoices are without a fault, what is owed, the sum."""
    return rx.el.footer(
        rx.cond(
            _LIST.foot.issued > 0,
            rx.el.span(
                rx.cond(
                    _LIST.foot.checked == _LIST.foot.issued,
                    rx.el.span(icon("st-done", 16), class_name="cb-tone-ok cb-money-sign"),
                    rx.el.span(icon("st-waiting", 16), class_name="cb-tone-warn cb-money-sign"),
                ),
                t("invoices.checked", n=_LIST.foot.checked, of=_LIST.foot.issued),
                class_name="flex items-center gap-2 cb-muted max-md:hidden",
            ),
        ),
        rx.el.span(
            t("invoices.sum.open"),
            rx.el.strong(_LIST.foot.open, class_name="ml-2 font-[640]"),
            class_name="ml-auto cb-num",
        ),
        rx.el.span(
            t("invoices.sum.gross"),
            rx.el.strong(_LIST.foot.gross, class_name="ml-2 font-[640]"),
            class_name="cb-num",
        ),
        class_name="cb-money-foot",
    )


def export_menu() -> rx.Component:
    """The filter as a file."""
    return menu(
        t("invoices.export.label"),
        rx.fragment(icon("download", 17), rx.el.span(t("invoices.export.title"))),
        *export_items(),
        look="cb-btn cb-btn-ghost",
        align="end",
    )


def export_items() -> list[rx.Component]:
    """The forms of that file."""
    return [
        menu_item(
            t(f"invoices.export.{kind}"),
            icon="file-text",
            href=f"/api/invoices/export.{kind}?" + _LIST.export_query,
            external=True,
        )
        for kind in ("xlsx", "csv")
    ]


def _count(view: str) -> Any:
    quiet = view in {"all", "paid", "cancelled"}
    return "" if quiet else rx.cond(_LIST.counts[view] > 0, _LIST.counts[view].to_string(), "")


def _period_menu() -> rx.Component:
    words = [(name, t(f"invoices.period.days_{name}")) for name in PERIODS]
    return menu(
        t("invoices.period.label"),
        rx.fragment(
            icon("calendar-days", 16),
            rx.el.span(t("invoices.period.label"), ": ", rx.match(_LIST.period, *words, "")),
        ),
        *(
            menu_item(word, checked=_LIST.period == name, on_click=InvoicesState.pick_period(name))
            for name, word in words
        ),
        menu_line(),
        rx.el.p(t("invoices.period.hint"), class_name="cb-meta px-2.5 py-1 max-w-[240px]"),
        look=_TOOL,
    )


def _more_menu() -> rx.Component:
    return menu(
        t("invoices.more"),
        rx.fragment(icon("list-filter", 16), rx.el.span(t("invoices.more"), class_name="max-sm:hidden")),
        *(
            menu_item(
                t(f"invoices.view.{view}"),
                checked=_LIST.view == view,
                on_click=InvoicesState.pick("view", rx.cond(_LIST.view == view, "all", view)),
            )
            for view in _RARE
        ),
        menu_line(),
        *(
            menu_item(
                t(f"invoices.sort.{sort}"),
                checked=_LIST.sort == sort,
                on_click=InvoicesState.pick("sort", sort),
            )
            for sort in SORTS
        ),
        menu_line(),
        *(
            menu_item(
                t(f"invoices.buyer.{buyer}"),
                checked=_LIST.buyer == buyer,
                on_click=InvoicesState.pick("buyer", rx.cond(_LIST.buyer == buyer, "", buyer)),
            )
            for buyer in BUYERS
        ),
        look=_TOOL,
        align="end",
    )


def _table() -> rx.Component:
    columns = [
        rx.el.th(tick_all(), scope="col", class_name="w-9"),
        t("invoices.column.number"),
        t("invoices.column.customer"),
        column(t("invoices.column.name"), hidden=True),
        t("invoices.column.date"),
        t("invoices.column.due"),
        t("invoices.column.state"),
        column(t("invoices.column.open"), end=True),
        column(t("invoices.column.gross"), end=True),
    ]
    return table(t("invoices.list"), columns, rx.foreach(_LIST.rows, _row))


def _row(line: Any) -> rx.Component:
    return table_row(
        cell(tick(line), class_name="w-9"),
        cell(_opener(line), class_name="whitespace-nowrap"),
        cell(_plate(line)),
        cell(rx.el.span(_name(line), class_name="block cb-truncate"), class_name="w-full max-w-0"),
        cell(line.issued, class_name="cb-muted cb-num whitespace-nowrap"),
        cell(
            rx.el.span(line.due, class_name=rx.cond(line.late, "cb-late", "cb-muted")),
            class_name="cb-num whitespace-nowrap",
        ),
        cell(badge(line.sign, line.word), class_name="whitespace-nowrap"),
        cell(line.open, end=True, class_name="cb-muted whitespace-nowrap"),
        cell(line.gross, end=True, class_name="font-[620] whitespace-nowrap"),
        key=line.id,
        class_name="relative",
        data_open="true",
    )


def _opener(line: Any) -> rx.Component:
    """The number opens the document, a draft its editor; the target is the whole row."""
    return rx.cond(
        line.draft,
        link(
            t("invoices.row.draft"),
            href=_draft_href(line),
            data_invoice_row=line.id,
            class_name="font-[620] after:content-[''] after:absolute after:inset-0",
        ),
        rx.el.button(
            line.number,
            type="button",
            on_click=InvoiceFileState.open(line.id),
            data_invoice_row=line.id,
            class_name="font-[620] cb-num cursor-pointer after:content-[''] after:absolute after:inset-0",
        ),
    )


def _draft_href(line: Any) -> Any:
    return "/rechnungen/entwurf/?id=" + line.id


def _plate(line: Any) -> rx.Component:
    return rx.cond(
        line.plate.city != "", plate_chip(line.plate.city, line.plate.rest, country=line.plate.country)
    )


def _name(line: Any) -> Any:
    return rx.cond(line.name != "", line.name, t("invoices.row.nobody"))


def _phone_row(line: Any) -> rx.Component:
    content = rx.fragment(
        rx.el.span(
            rx.el.span(_name(line), class_name="cb-truncate font-[620] flex-1 min-w-0"),
            rx.el.span(line.gross, class_name="cb-num font-[620] flex-none"),
            class_name="flex items-baseline gap-3 w-full",
        ),
        rx.el.span(
            _plate(line),
            rx.el.span(
                rx.cond(line.draft, t("invoices.row.draft"), line.number),
                class_name="cb-num cb-dense cb-muted cb-truncate",
            ),
            rx.el.span(
                rx.cond(line.late, rx.el.span(line.due, class_name="cb-late cb-dense cb-num"), rx.fragment()),
                badge(line.sign, line.word),
                class_name="ml-auto flex items-center gap-2 flex-none",
            ),
            class_name="flex items-center gap-2 w-full min-w-0",
        ),
    )
    look = "cb-row !grid !gap-1.5"
    return rx.el.li(
        rx.cond(
            line.draft,
            link(content, href=_draft_href(line), class_name=look, data_invoice_row=line.id),
            rx.el.button(
                content,
                type="button",
                class_name=look,
                on_click=InvoiceFileState.open(line.id),
                data_invoice_row=line.id,
            ),
        ),
        key=line.id,
    )


def _nothing() -> rx.Component:
    narrowed = (_LIST.search != "") | (_LIST.view != "all") | (_LIST.buyer != "") | (_LIST.period != "all")
    return rx.cond(
        narrowed,
        empty_state(
            "search",
            t("invoices.none.title"),
            t("invoices.none.text"),
            button(t("invoices.none.all_time"), on_click=InvoicesState.pick_period("all")),
        ),
        empty_state("receipt-text", t("invoices.empty.title"), t("invoices.empty.text")),
    )
