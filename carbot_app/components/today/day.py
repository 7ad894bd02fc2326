"""The three figures and the appointments that come next."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.today.waiting import SECTION
from carbot_app.components.ui import (
    badge,
    bar,
    card,
    empty_state,
    link,
    plate_chip,
    rows,
    section_head,
)
from carbot_app.state.today import TodayState

_TODAY: Any = TodayState

_FIGURES = _TODAY.figures


def figures() -> rx.Component:
    """Appointments, use of working time, planned value."""
    return rx.el.div(
        _tile(
            t("today.figure.appointments"),
            _FIGURES.appointments,
            t("today.figure.today"),
            rx.el.span(
                t("today.figure.arrived", count=_FIGURES.arrived),
                class_name=rx.cond(
                    _FIGURES.arrived > 0, "cb-dense font-[600] text-ok-ink", "cb-dense cb-muted"
                ),
            ),
        ),
        _tile(
            t("today.figure.utilisation"),
            _FIGURES.utilisation,
            "%",
            rx.el.span(
                bar(_FIGURES.utilisation, label=t("today.figure.utilisation")),
                class_name="block w-full pt-1.5",
            ),
        ),
        _tile(
            t("today.figure.planned"),
            _FIGURES.planned,
            _FIGURES.planned_unit,
            rx.el.span(t("today.figure.gross"), class_name="cb-dense cb-muted"),
        ),
        class_name=(
            "grid grid-cols-3 gap-2 md:gap-3 max-[359px]:grid-cols-2 max-[359px]:[&>:last-child]:col-span-2"
        ),
    )


def day_section() -> rx.Component:
    """ "Als Nächstes"."""
    return rx.el.section(
        section_head(
            t("today.next.title"),
            action=link(t("today.next.plan"), href="/kalender/", class_name="cb-link"),
        ),
        rx.cond(
            _TODAY.visits.length() > 0,
            card(
                rows(rx.foreach(_TODAY.visits, _visit)),
                rx.cond(
                    _TODAY.later_visits > 0,
                    link(
                        t("today.next.more", count=_TODAY.later_visits),
                        href="/kalender/",
                        class_name="cb-row cb-link border-t border-base-300 justify-center",
                    ),
                ),
                pad=False,
            ),
            card(
                empty_state(
                    "calendar-days",
                    t("today.next.none_title"),
                    t("today.next.none_text"),
                )
            ),
        ),
        class_name=SECTION,
    )


def _tile(label: rx.Var, figure: rx.Var, unit: rx.Var | str, below: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.span(label, class_name="cb-kpi-label cb-truncate"),
        rx.el.span(
            figure,
            rx.el.span(unit, class_name="cb-kpi-unit"),
            class_name="cb-kpi-figure max-md:!text-[1.375rem] col-span-full",
        ),
        rx.el.span(below, class_name="col-span-full min-h-[18px] flex items-center min-w-0"),
        class_name="cb-kpi",
    )


def _visit(visit: Any) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(visit.starts, class_name="cb-num font-[600] w-[3.25rem] flex-none self-start pt-px"),
            rx.el.span(
                rx.el.span(
                    rx.cond(
                        visit.plate.city != "",
                        plate_chip(visit.plate.city, visit.plate.rest, country=visit.plate.country),
                    ),
                    rx.el.span(visit.name, class_name="cb-truncate font-[550]"),
                    class_name="flex items-center gap-2.5 min-w-0",
                ),
                rx.el.span(
                    rx.el.span(
                        visit.work,
                        rx.cond(visit.people != "", " · " + visit.people, ""),
                        class_name="cb-truncate flex-1 cb-muted",
                    ),
                    rx.el.span(badge(visit.badge), class_name="md:hidden flex flex-none"),
                    class_name="flex items-center gap-2.5 mt-1 md:mt-0.5",
                ),
                class_name="block min-w-0 flex-1",
            ),
            rx.el.span(badge(visit.badge), class_name="max-md:hidden flex flex-none self-start"),
            href="/kalender/?termin=" + visit.id,
            class_name="cb-row",
        ),
        key=visit.id,
    )
