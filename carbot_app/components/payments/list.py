"""Ways of paying with their sums, and every payment: a table, on phones two lines each."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import (
    banner,
    button,
    button_link,
    card,
    cell,
    column,
    empty_state,
    error_state,
    icon,
    load_more,
    search_field,
    segmented,
    skeleton,
    table,
    table_row,
    when,
)
from carbot_app.domains.payments.list_schemas import PERIODS
from carbot_app.state.payments import PaymentFileState, PaymentsState
from carbot_app.state.session import SessionState

_LIST: Any = PaymentsState
_SESSION: Any = SessionState
_TILE = "cb-card px-3.5 py-2.5 text-left min-w-0 max-md:min-w-[136px] max-md:flex-none cursor-pointer"
_SIGNS = {
    "online": "globe",
    "terminal": "smartphone",
    "cash": "banknote",
    "transfer": "building-2",
    "debit": "refresh-cw",
}


def payment_tiles() -> rx.Component:
    """A tile per way; pressing it filters the list."""
    return rx.el.div(
        rx.foreach(_LIST.tiles, _tile),
        role="group",
        aria_label=t("paydesk.view.label"),
        class_name="flex md:grid md:grid-cols-4 xl:grid-cols-7 gap-2"
        " max-md:overflow-x-auto max-md:-mx-4 max-md:py-1 max-md:px-4",
    )


def payment_list() -> rx.Component:
    """Search, period, and the rows; old rows stay while new ones fail."""
    return rx.el.section(
        _tools(),
        when(_LIST.view == "cash", _cash_rule()),
        rx.cond(_LIST.status == "failed", error_state(on_retry=PaymentsState.load)),
        card(
            rx.cond(
                _LIST.status == "loading",
                rx.el.div(skeleton("rows", 6), class_name="p-4"),
                rx.cond(
                    _LIST.rows.length() > 0,
                    rx.fragment(
                        rx.el.div(_table(), class_name="max-md:hidden"),
                        rx.el.ul(
                            rx.foreach(_LIST.rows, _phone_row),
                            class_name="cb-rows md:hidden",
                            aria_label=t("paydesk.list"),
                        ),
                    ),
                    _nothing(),
                ),
            ),
            load_more(has_more=_LIST.has_more, on_click=PaymentsState.more),
            pad=False,
            class_name="overflow-clip",
        ),
        class_name="grid grid-cols-1 gap-3",
        aria_label=t("paydesk.list"),
    )


def _tools() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            search_field(
                placeholder=t("paydesk.search"),
                label=t("paydesk.search_label"),
                name="payment-search",
                on_change=PaymentsState.find.debounce(250),
            ),
            class_name="flex-1 min-w-[200px] md:max-w-[340px]",
        ),
        segmented(
            t("paydesk.period.label"),
            "period",
            [(name, t(f"paydesk.period.days_{name}")) for name in PERIODS],
            value=_LIST.period,
            on_change=PaymentsState.pick_period,
        ),
        class_name="flex flex-wrap items-center gap-3 min-w-0",
    )


def _tile(tile: Any) -> rx.Component:
    chosen = _LIST.view == tile.view
    return rx.el.button(
        rx.el.span(t_choice("paydesk.view", tile.view), class_name="block cb-muted cb-truncate"),
        rx.el.span(tile.sum, class_name="block cb-num text-[1.0625rem] font-[660] whitespace-nowrap"),
        rx.el.span(t("paydesk.times", times=tile.count), class_name="block cb-dense cb-muted cb-num"),
        type="button",
        aria_pressed=chosen,
        on_click=PaymentsState.pick(tile.view),
        data_way=tile.view,
        key=tile.view,
        class_name=rx.cond(
            chosen,
            f"{_TILE} !bg-[color:var(--cb-accent-soft)] !border-[color:var(--color-primary)]",
            f"{_TILE} hover:!bg-[color:var(--cb-panel)]",
        ),
    )


def _cash_rule() -> rx.Component:
    """§ 146a AO: nothing here prints a receipt of a till."""
    return banner(
        t("paydesk.cash.rule"),
        title=t("paydesk.cash.title"),
        tone="info",
        icon="info",
        card=True,
        action=rx.cond(
            _SESSION.permissions.contains("accounting.read"),
            button_link(
                t("paydesk.cash.book"), href="/buchhaltung/", size="sm", class_name="ml-auto flex-none"
            ),
        ),
    )


def _table() -> rx.Component:
    columns = [
        t("paydesk.column.day"),
        t("paydesk.column.way"),
        t("paydesk.column.name"),
        t("paydesk.column.invoice"),
        column(t("paydesk.column.amount"), end=True),
    ]
    return table(t("paydesk.list"), columns, rx.foreach(_LIST.rows, _row))


def _row(line: Any) -> rx.Component:
    return table_row(
        cell(line.day, class_name="cb-muted cb-num whitespace-nowrap"),
        cell(
            rx.el.span(_sign(line), line.word, class_name="flex items-center gap-2"),
            class_name="whitespace-nowrap",
        ),
        cell(rx.el.span(line.name, class_name="block cb-truncate"), class_name="w-full max-w-0"),
        cell(
            # Its target is the whole row
            rx.el.button(
                line.number,
                type="button",
                on_click=PaymentFileState.show(line.id),
                aria_haspopup="dialog",
                data_payment=line.id,
                class_name="font-[600] cb-num cursor-pointer after:content-[''] after:absolute after:inset-0",
            ),
            class_name="whitespace-nowrap",
        ),
        cell(line.amount, end=True, class_name=_amount_look(line)),
        key=line.id,
        class_name="relative",
        data_open="true",
    )


def _phone_row(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.span(line.name, class_name="cb-truncate font-[620] flex-1 min-w-0"),
                rx.el.span(line.amount, class_name=_amount_look(line)),
                class_name="flex items-baseline gap-3 w-full",
            ),
            rx.el.span(
                _sign(line),
                rx.el.span(line.word, " · ", line.number, class_name="cb-num cb-dense cb-muted cb-truncate"),
                rx.el.span(line.day, class_name="cb-num cb-dense cb-muted ml-auto flex-none"),
                class_name="flex items-center gap-2 w-full min-w-0",
            ),
            type="button",
            on_click=PaymentFileState.show(line.id),
            aria_haspopup="dialog",
            data_payment=line.id,
            class_name="cb-row !grid !gap-1",
        ),
        key=line.id,
    )


def _sign(line: Any) -> Any:
    ways = [(way, icon(name, 16, class_name="cb-muted flex-none")) for way, name in _SIGNS.items()]
    undone = icon("undo-2", 16, class_name="cb-muted flex-none")
    return rx.cond(line.back, undone, rx.match(line.way, *ways, icon("euro", 16)))


def _amount_look(line: Any) -> Any:
    return rx.cond(
        line.back,
        "cb-num cb-muted whitespace-nowrap flex-none",
        "cb-num font-[620] whitespace-nowrap flex-none",
    )


def _nothing() -> Any:
    return rx.cond(
        (_LIST.search != "") | (_LIST.view != "all") | (_LIST.period != "all"),
        empty_state(
            "search",
            t("paydesk.none.title"),
            t("paydesk.none.text"),
            button(t("paydesk.none.all_time"), on_click=PaymentsState.pick_period("all")),
        ),
        empty_state("banknote", t("paydesk.empty.title"), t("paydesk.empty.text")),
    )
