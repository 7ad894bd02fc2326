"""Service analytics: what follows from it first, then the services, then what the catalogue has not."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    bar,
    button_link,
    card,
    cell,
    column,
    empty_state,
    glyph_tile,
    link,
    rows,
    section_head,
    table,
    table_row,
)
from carbot_app.state.service_figures import ServiceFiguresState

_PAGE: Any = ServiceFiguresState
_SECTION = "grid grid-cols-1 gap-2 min-w-0"


def advice_section() -> rx.Component:
    """Suggestions with their reasons; an honest sentence where the numbers support none."""
    return rx.el.section(
        section_head(t("outlook.services.advice_title")),
        card(
            rx.cond(
                _PAGE.advice.length() > 0,
                rows(rx.foreach(_PAGE.advice, _advice)),
                rx.el.p(t("outlook.services.no_advice"), class_name="cb-muted p-4"),
            ),
            pad=False,
        ),
        rx.cond(_PAGE.note != "", rx.el.p(_PAGE.note, class_name="cb-muted cb-dense px-1")),
        class_name=_SECTION,
        data_section="advice",
    )


def services_section() -> rx.Component:
    """A table on wide screens, two lines a service on phones."""
    return rx.el.section(
        section_head(t("outlook.services.table_title")),
        card(
            rx.cond(
                _PAGE.rows.length() > 0,
                rx.fragment(_table(), _list()),
                empty_state(
                    "chart-no-axes-column",
                    t("outlook.services.empty_title"),
                    t("outlook.services.empty_text"),
                ),
            ),
            pad=False,
        ),
        class_name=_SECTION,
        data_section="services",
    )


def wishes_section() -> rx.Component:
    """What was asked for and is not offered."""
    return rx.el.section(
        section_head(t("outlook.services.wishes_title")),
        card(
            rx.cond(
                _PAGE.wishes.length() > 0,
                rows(rx.foreach(_PAGE.wishes, _wish)),
                rx.el.p(t("outlook.services.no_wishes"), class_name="cb-muted p-4"),
            ),
            pad=False,
        ),
        rx.cond(
            (_PAGE.wishes.length() > 0) & _PAGE.may_edit,
            rx.el.div(
                button_link(t("outlook.services.add"), href="/leistungen/", icon="plus"),
                class_name="flex justify-end max-md:grid",
            ),
        ),
        class_name=_SECTION,
        data_section="wishes",
    )


def _advice(one: Any) -> rx.Component:
    return rx.el.li(
        link(
            glyph_tile(one.icon, tone="accent"),
            rx.el.span(
                rx.el.span(one.title, class_name="font-[600] break-words"),
                rx.el.span(one.why, class_name="cb-muted cb-dense"),
                rx.cond(one.worth != "", rx.el.span(one.worth, class_name="cb-num cb-score-worth")),
                class_name="grid gap-0.5 min-w-0 flex-1",
            ),
            href=one.href,
            class_name="cb-row hover:bg-[var(--cb-soft)]",
        ),
        key=one.key,
    )


def _table() -> rx.Component:
    columns = [
        t("outlook.services.service"),
        *(
            column(t(f"outlook.services.{name}"), end=True)
            for name in ("asked", "booked", "price", "accepted", "margin")
        ),
    ]
    return rx.el.div(
        table(t("outlook.services.table_title"), columns, rx.foreach(_PAGE.rows, _line)),
        class_name="max-md:hidden overflow-hidden rounded-[inherit]",
    )


def _line(row: Any) -> rx.Component:
    return table_row(
        cell(
            rx.el.span(
                rx.el.span(row.name, class_name="font-[550] break-words"),
                rx.el.span(
                    bar(row.asked_share, label=t("outlook.services.share", percent=row.asked_share)),
                    class_name="w-[180px] max-w-full",
                ),
                rx.cond(row.bands != "", rx.el.span(row.bands, class_name="cb-muted cb-dense")),
                class_name="grid gap-1 py-1.5",
            ),
        ),
        cell(row.asked, end=True),
        cell(row.booked, end=True),
        cell(row.price, end=True),
        cell(row.accepted, end=True),
        cell(row.margin, end=True),
        key=row.code,
    )


def _list() -> rx.Component:
    return rx.el.ul(rx.foreach(_PAGE.rows, _phone_line), class_name="cb-rows md:hidden")


def _phone_line(row: Any) -> rx.Component:
    def fact(name: str, value: Any) -> rx.Component:
        return rx.el.div(
            rx.el.dt(t(f"outlook.services.{name}"), class_name="cb-muted min-w-0"),
            rx.el.dd(value, class_name="cb-num whitespace-nowrap"),
            class_name="flex justify-between gap-3",
        )

    return rx.el.li(
        rx.el.p(
            rx.el.span(row.name, class_name="font-[600] min-w-0 break-words"),
            rx.el.span(row.price, class_name="cb-num font-[620] ml-auto flex-none"),
            class_name="flex items-start gap-3",
        ),
        rx.el.dl(
            fact("asked", row.asked),
            fact("booked", row.booked),
            fact("accepted", row.accepted),
            fact("margin", row.margin),
            class_name="grid grid-cols-2 gap-x-6 gap-y-0.5 mt-1 cb-body",
        ),
        rx.cond(row.bands != "", rx.el.p(row.bands, class_name="cb-muted cb-dense mt-1")),
        class_name="px-4 py-3",
        key=row.code,
    )


def _wish(wish: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(wish.words, class_name="min-w-0 flex-1 break-words"),
        rx.el.span(wish.count, class_name="cb-num font-[620] ml-auto flex-none"),
        class_name="cb-row",
        key=wish.words,
    )
