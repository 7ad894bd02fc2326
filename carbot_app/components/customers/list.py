"""The list of customers, with search, order and pages."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    avatar,
    card,
    empty_state,
    error_state,
    icon_button,
    list_row,
    plate_chip,
    rows,
    search_field,
    segmented,
    skeleton,
)
from carbot_app.state.customers import CustomersState

_LIST: Any = CustomersState
FILE = "/kunden/akte/?kunde="


def customer_list() -> rx.Component:
    """Tools above, one row per customer, pages below."""
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                search_field(
                    placeholder=t("customers.search"),
                    label=t("customers.search_label"),
                    default_value=_LIST.search,
                    on_change=CustomersState.find.debounce(250),
                ),
                class_name="w-full md:w-[360px]",
            ),
            segmented(
                t("customers.sort.label"),
                "sort",
                [(name, t(f"customers.sort.{name}")) for name in ("recent", "name", "worth")],
                value=_LIST.sort,
                on_change=CustomersState.choose_sort,
            ),
            class_name="flex flex-wrap items-center gap-3 min-w-0",
        ),
        rx.cond(_LIST.status == "failed", error_state(on_retry=CustomersState.load)),
        card(
            rx.cond(
                _LIST.status == "loading",
                rx.el.div(skeleton("rows", 8), class_name="p-4"),
                rx.cond(_LIST.lines.length() > 0, rows(rx.foreach(_LIST.lines, _row)), _nothing()),
            ),
            pad=False,
        ),
        _pages(),
        class_name="grid grid-cols-1 gap-4 max-w-[1400px]",
        aria_label=t("customers.list"),
    )


def _row(line: Any) -> rx.Component:
    return list_row(
        rx.el.span(avatar(line.initials, size=32, tint=line.tint), class_name="flex-none"),
        rx.el.span(
            rx.el.span(
                rx.cond(line.name != "", line.name, t("customers.unnamed")),
                class_name="block cb-truncate font-[620]",
            ),
            rx.el.span(line.reach, class_name="block cb-truncate cb-muted cb-dense cb-num"),
            rx.el.span(_car(line), class_name="md:hidden flex items-center gap-2 mt-1.5 min-w-0"),
            class_name="block min-w-0 flex-1",
        ),
        rx.el.span(
            _car(line), class_name="max-md:hidden flex items-center gap-2.5 w-[36%] min-w-0 flex-none"
        ),
        rx.el.span(line.worth, class_name="max-lg:hidden cb-num text-right w-[110px] flex-none"),
        rx.el.span(line.last, class_name="cb-muted cb-dense cb-num text-right w-[72px] flex-none"),
        href=FILE + line.id,
        key=line.id,
    )


def _car(line: Any) -> rx.Component:
    return rx.fragment(
        rx.cond(
            line.plate.city != "",
            plate_chip(line.plate.city, line.plate.rest, country=line.plate.country),
        ),
        rx.el.span(
            line.car,
            rx.cond(
                line.more_cars > 0,
                rx.el.span(" ", t("customers.more_cars", count=line.more_cars), class_name="cb-muted"),
            ),
            class_name="cb-truncate cb-dense",
        ),
    )


def _pages() -> rx.Component:
    return rx.cond(
        _LIST.has_previous | _LIST.has_next,
        rx.el.nav(
            icon_button(
                "chevron-left",
                t("customers.pages.previous"),
                kind="outline",
                on_click=CustomersState.turn(-1),
                disabled=~_LIST.has_previous,
            ),
            rx.el.p(
                t(
                    "customers.pages.shown",
                    first=_LIST.offset + 1,
                    last=_LIST.last_shown,
                    total=_LIST.total,
                ),
                class_name="cb-muted cb-num",
                aria_live="polite",
            ),
            icon_button(
                "chevron-right",
                t("customers.pages.next"),
                kind="outline",
                on_click=CustomersState.turn(1),
                disabled=~_LIST.has_next,
            ),
            aria_label=t("customers.pages.label"),
            class_name="flex items-center justify-center gap-4",
        ),
    )


def _nothing() -> Any:
    return rx.cond(
        _LIST.search != "",
        empty_state("search", t("customers.none.title"), t("customers.none.text")),
        empty_state("users", t("customers.empty.title"), t("customers.empty.text")),
    )
