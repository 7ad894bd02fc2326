"""Orders by state on wide screens, as a list on phones."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    badge,
    card,
    chips,
    empty_state,
    error_state,
    link,
    list_row,
    plate_chip,
    rows,
    search_field,
    skeleton,
)
from carbot_app.domains.orders.reading import FILTERS
from carbot_app.state.orders import OrdersState

_ORDERS: Any = OrdersState


def orders_overview() -> rx.Component:
    """Tools above; columns side by side, or one list."""
    return rx.el.section(
        _tools(),
        rx.cond(_ORDERS.status == "failed", error_state(on_retry=OrdersState.load)),
        rx.cond(
            _ORDERS.status == "loading",
            card(skeleton("rows", 6)),
            rx.cond(_ORDERS.rows.length() > 0, rx.fragment(_board(), _list()), card(_nothing())),
        ),
        class_name="grid grid-cols-1 gap-4",
        aria_label=t("orders.list"),
    )


def order_plate(plate: Any, size: Any = 19) -> rx.Component:
    """The plate, or nothing where none is known."""
    return rx.cond(plate.city != "", plate_chip(plate.city, plate.rest, country=plate.country, size=size))


def _tools() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            search_field(
                placeholder=t("orders.search"),
                label=t("orders.search_label"),
                on_change=OrdersState.find.debounce(250),
            ),
            class_name="w-full md:w-[320px]",
        ),
        chips(
            t("orders.filter.label"),
            "order-filter",
            [(show, t(f"orders.filter.{show}")) for show in FILTERS],
            value=_ORDERS.show,
            on_change=OrdersState.choose,
        ),
        class_name="flex flex-wrap items-center gap-3 min-w-0",
    )


def _board() -> rx.Component:
    return rx.el.div(
        rx.foreach(_ORDERS.columns, _column),
        class_name="max-lg:hidden grid grid-flow-col auto-cols-[minmax(208px,1fr)] gap-3 items-start "
        "overflow-x-auto pb-2",
        role="group",
        tab_index=0,
        aria_label=t("orders.board"),
    )


def _column(column: Any) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(column.title, class_name="font-[620]"),
            rx.el.span(column.rows.length(), class_name="cb-count"),
            rx.el.span(column.total, class_name="cb-dense cb-muted cb-num ml-auto"),
            class_name="flex items-center gap-2 px-1 min-h-7",
        ),
        rx.el.ul(rx.foreach(column.rows, _tile), class_name="grid gap-2"),
        class_name="grid gap-2 content-start min-w-0 p-2 rounded-[12px] bg-soft min-h-[120px]",
        aria_label=column.title,
        key=column.key,
    )


def _tile(row: Any) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(order_plate(row.plate), badge(row.sign, row.word), class_name=_SPREAD),
            rx.el.span(row.title, class_name="font-[600] line-clamp-2 break-words"),
            rx.el.span(row.customer, class_name="block cb-truncate cb-muted cb-dense"),
            rx.el.span(
                _promise(row),
                rx.el.span(row.total, class_name="cb-num font-[620] ml-auto"),
                class_name=_SPREAD,
            ),
            rx.cond(
                row.technician != "",
                rx.el.span(row.technician, class_name="block cb-truncate cb-muted cb-dense"),
            ),
            href=row.href,
            class_name="cb-card p-2.5 grid gap-1.5 min-w-0 no-underline text-inherit",
        ),
        key=row.id,
    )


_SPREAD = "flex flex-wrap items-center justify-between gap-x-2 gap-y-1 min-w-0"


def _promise(row: Any) -> rx.Component:
    return rx.cond(
        row.promised != "",
        rx.el.span(
            rx.cond(row.late, rx.el.span(t("orders.late"), " ", class_name="font-[620]")),
            row.promised,
            class_name=rx.cond(
                row.late, "cb-dense cb-num text-[var(--cb-err-ink)]", "cb-dense cb-num cb-muted"
            ),
        ),
    )


def _list() -> rx.Component:
    return rx.el.div(card(rows(rx.foreach(_ORDERS.rows, _row)), pad=False), class_name="lg:hidden")


def _row(row: Any) -> rx.Component:
    return list_row(
        rx.el.span(
            rx.el.span(
                order_plate(row.plate),
                rx.el.span(row.customer, class_name="cb-truncate cb-muted"),
                class_name="flex items-center gap-2.5 min-w-0",
            ),
            rx.el.span(row.title, class_name="block cb-truncate font-[600] mt-1"),
            rx.el.span(
                badge(row.sign, row.word),
                _promise(row),
                class_name="flex flex-wrap items-center gap-2 mt-1.5",
            ),
            class_name="block min-w-0 flex-1",
        ),
        rx.el.span(row.total, class_name="cb-num font-[620] flex-none"),
        href=row.href,
        key=row.id,
    )


def _nothing() -> rx.Component:
    return rx.cond(
        (_ORDERS.search != "") | (_ORDERS.show != "open"),
        empty_state("search", t("orders.none.title"), t("orders.none.text")),
        empty_state("wrench", t("orders.empty.title"), t("orders.empty.text")),
    )
