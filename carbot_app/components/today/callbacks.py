"""Who wants to be called: the number under the thumb, and how it went."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.today.waiting import SECTION
from carbot_app.components.ui import (
    button,
    button_link,
    card,
    icon,
    link,
    plate_chip,
    rows,
    section_head,
)
from carbot_app.state.callbacks import CallbacksState

_CALLS: Any = CallbacksState


def callbacks_section() -> rx.Component:
    """ "Rückrufe"; nothing at all while nobody waits for a call."""
    return rx.cond(
        _CALLS.rows.length() > 0,
        rx.el.section(
            section_head(t("calls.title"), trailing=t("calls.count", count=_CALLS.rows.length())),
            card(rows(rx.foreach(_CALLS.rows, _row)), pad=False),
            class_name=SECTION,
        ),
    )


def _row(row: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.span(
                    rx.el.span(row.name, class_name="cb-truncate font-[620]"),
                    rx.cond(
                        row.plate.city != "",
                        plate_chip(row.plate.city, row.plate.rest, country=row.plate.country),
                    ),
                    class_name="flex items-center gap-2.5 min-w-0",
                ),
                _when(row),
                rx.cond(row.note != "", rx.el.p(row.note, class_name="cb-muted line-clamp-2 break-words")),
                class_name="grid gap-1 min-w-0 flex-1",
            ),
            _actions(row),
            class_name="grid gap-3 px-4 py-3.5",
        ),
        key=row.id,
    )


def _when(row: Any) -> rx.Component:
    late = "flex flex-wrap items-center gap-x-2 cb-num text-err-ink font-[600]"
    return rx.el.p(
        rx.cond(
            row.overdue,
            icon("st-overdue", 15, label=t("calls.overdue")),
            icon("clock", 15, class_name="cb-faint"),
        ),
        rx.el.span(row.when),
        rx.cond(
            row.attempts > 0,
            rx.el.span(
                icon("phone-missed", 14),
                t("calls.attempts", count=row.attempts),
                class_name="inline-flex items-center gap-1.5 cb-dense cb-muted !font-[450]",
            ),
        ),
        rx.cond(
            row.thread != "",
            link(t("calls.thread"), href="/posteingang/?c=" + row.thread, class_name="cb-link cb-dense"),
        ),
        class_name=rx.cond(row.overdue, late, "flex flex-wrap items-center gap-x-2 cb-num"),
    )


def _actions(row: Any) -> rx.Component:
    return rx.el.div(
        button_link(
            row.phone,
            href=row.phone_href,
            icon="phone",
            external=True,
            class_name="cb-num max-sm:col-span-2",
            aria_label=t("calls.call", name=row.name) + " " + row.phone,
        ),
        rx.cond(
            _CALLS.can_change,
            rx.fragment(
                button(
                    t("calls.not_reached"), kind="ghost", on_click=CallbacksState.mark_not_reached(row.id)
                ),
                button(t("calls.done"), icon="check", on_click=CallbacksState.mark_done(row.id)),
            ),
        ),
        class_name="grid grid-cols-2 gap-2 sm:flex sm:items-center [&>a]:sm:mr-auto",
    )
