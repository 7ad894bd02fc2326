"""A customer's file: who it is, cars, worth and open work beside everything that happened."""

from typing import Any

import reflex as rx

from carbot_app.components.customers.privacy import privacy_card
from carbot_app.components.customers.vehicle_history import vehicle_history_box
from carbot_app.components.diagnostics.due import due_box
from carbot_app.components.i18n import t
from carbot_app.components.inspection import inspection_box
from carbot_app.components.orders.declined import declined_section
from carbot_app.components.ui import (
    avatar,
    badge,
    card,
    error_state,
    icon,
    icon_button,
    link,
    list_row,
    plate_chip,
    rows,
    section_head,
    skeleton,
    tag,
    two_lines,
)
from carbot_app.components.ui.surfaces import glyph_tile
from carbot_app.state.customer_edit import CustomerEditState
from carbot_app.state.customer_file import CustomerFileState

_FILE: Any = CustomerFileState
_HEAD = _FILE.head
_DUE_ICONS = {"inspection": "clipboard-check", "service": "wrench", "tyres": "circle-dot"}


def file_summary() -> Any:
    """Everything but the history."""
    return rx.match(
        _FILE.status,
        ("loading", card(skeleton("rows", 4))),
        ("failed", card(error_state(on_retry=CustomerFileState.load))),
        rx.el.div(
            _who(),
            _cars(),
            _work(t("customers.open.title"), _FILE.open_work, t("customers.open.none")),
            declined_section(with_customer=False),
            _work(t("customers.next.title"), _FILE.coming, t("customers.next.none")),
            _worth(),
            privacy_card(),
            class_name="grid grid-cols-1 gap-4 min-w-0",
        ),
    )


def back_to_list() -> rx.Component:
    """To all customers."""
    return link(
        icon("chevron-left", 18),
        t("customers.back"),
        href="/kunden/",
        class_name="inline-flex items-center gap-1 min-h-11 -mt-2 cb-link",
    )


def _who() -> rx.Component:
    return card(
        rx.el.div(
            avatar(_HEAD.initials, size=44, tint=_HEAD.tint),
            rx.el.div(
                rx.el.h2(_HEAD.name, class_name="cb-section break-words"),
                rx.el.p(_HEAD.since, " · ", _HEAD.speaks, class_name="cb-muted cb-dense"),
                class_name="min-w-0 flex-1",
            ),
            rx.cond(
                _FILE.may_change,
                icon_button(
                    "pencil",
                    t("customers.edit.contact"),
                    on_click=CustomerEditState.open_contact,
                    aria_haspopup="dialog",
                ),
            ),
            class_name="flex items-center gap-3",
        ),
        rx.el.div(
            rx.cond(_HEAD.phone != "", _way("phone", _HEAD.phone, _HEAD.phone_href)),
            rx.cond(_HEAD.email != "", _way("mail", _HEAD.email, "mailto:" + _HEAD.email)),
            class_name="grid",
        ),
        rx.el.ul(
            rx.cond(
                _HEAD.agreed.length() > 0,
                rx.foreach(_HEAD.agreed, lambda text: rx.el.li(tag(text, tone="ok"))),
                rx.el.li(tag(t("customers.agreed.none"))),
            ),
            rx.foreach(_HEAD.stopped, lambda text: rx.el.li(tag(text, tone="warn"))),
            class_name="flex flex-wrap gap-2",
            aria_label=t("customers.agreed.label"),
        ),
        class_name="grid grid-cols-1 gap-3",
    )


def _way(glyph: str, text: Any, href: Any) -> rx.Component:
    return rx.el.a(
        icon(glyph, 16, class_name="cb-faint"),
        rx.el.span(text, class_name="cb-truncate"),
        href=href,
        class_name="flex items-center gap-2.5 min-h-8 max-md:min-h-11 cb-num hover:underline",
    )


def _cars() -> rx.Component:
    return card(
        rx.el.div(
            rx.el.h2(t("customers.cars.title"), class_name="cb-heading"),
            rx.cond(
                _FILE.may_change,
                icon_button(
                    "plus",
                    t("customers.cars.add"),
                    size="sm",
                    on_click=CustomerEditState.open_car(""),
                    aria_haspopup="dialog",
                ),
            ),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.cond(
            _FILE.cars.length() > 0,
            rx.el.ul(rx.foreach(_FILE.cars, _car), class_name="grid gap-4 [&>li+li]:border-t [&>li+li]:pt-4"),
            rx.el.p(t("customers.cars.none"), class_name="cb-muted"),
        ),
        class_name="grid grid-cols-1 gap-3",
    )


def _car(car: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.cond(
                    car.plate.city != "",
                    plate_chip(car.plate.city, car.plate.rest, country=car.plate.country, size=24),
                ),
                rx.el.span(car.name, class_name="font-[600] break-words min-w-0"),
                class_name="flex flex-wrap items-center gap-x-3 gap-y-1.5 min-w-0 flex-1",
            ),
            rx.cond(
                _FILE.may_change,
                icon_button(
                    "pencil",
                    t("customers.cars.edit", car=car.name),
                    size="sm",
                    on_click=CustomerEditState.open_car(car.id),
                    aria_haspopup="dialog",
                ),
            ),
            class_name="flex items-start gap-2",
        ),
        rx.cond(car.meta != "", rx.el.p(car.meta, class_name="cb-muted cb-dense cb-num break-words")),
        rx.cond(
            car.due.length() > 0,
            rx.el.ul(rx.foreach(car.due, _due), class_name="grid gap-1.5 mt-1"),
            rx.el.p(t("customers.cars.nothing_due"), class_name="cb-muted cb-dense"),
        ),
        rx.cond(_FILE.may_diagnose, due_box(car.id)),
        inspection_box(car.id, _HEAD.id),
        vehicle_history_box(car.id),
        class_name="grid grid-cols-1 gap-1.5 border-base-300",
        key=car.id,
    )


def _due(due: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.match(
                due.kind,
                *((kind, icon(glyph, 15)) for kind, glyph in _DUE_ICONS.items()),
                icon("clock", 15),
            ),
            class_name="cb-faint flex-none",
        ),
        due.text,
        class_name=rx.cond(
            due.late,
            "flex items-center gap-2 cb-num font-[600] text-[var(--cb-err-ink)]",
            "flex items-center gap-2 cb-num",
        ),
    )


def _work(title: Any, lines: Any, nothing: Any) -> rx.Component:
    return card(
        rx.el.div(section_head(title), class_name="px-4 pt-4 pb-2"),
        rx.cond(
            lines.length() > 0,
            rows(rx.foreach(lines, _work_line)),
            rx.el.p(nothing, class_name="cb-muted px-4 pb-4"),
        ),
        pad=False,
    )


def _work_line(line: Any) -> rx.Component:
    return list_row(
        glyph_tile(line.icon),
        two_lines(line.title, line.meta),
        rx.cond(line.sign != "", badge(line.sign)),
        href=line.href,
        key=line.id,
    )


def _worth() -> rx.Component:
    def line(word: Any, value: Any) -> rx.Component:
        return rx.el.div(
            rx.el.dt(word, class_name="cb-muted"),
            rx.el.dd(value, class_name="cb-num font-[600] text-right"),
            class_name="flex justify-between gap-3",
        )

    return card(
        rx.el.h2(t("customers.worth.title"), class_name="cb-heading"),
        rx.el.dl(
            line(t("customers.worth.done"), _HEAD.worth_done),
            line(t("customers.worth.booked"), _HEAD.worth_booked),
            line(t("customers.worth.visits"), _HEAD.visits),
            rx.cond(_HEAD.missed > 0, line(t("customers.worth.missed"), _HEAD.missed)),
            class_name="grid gap-2",
        ),
        rx.el.p(t("customers.worth.note"), class_name="cb-meta"),
        class_name="grid grid-cols-1 gap-3",
    )
