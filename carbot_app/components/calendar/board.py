"""The staff calendar's grid with the unplanned work and the loaners beside it."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import (
    error_state,
    icon,
    icon_button,
    plate_chip,
    segmented,
    skeleton,
)
from carbot_app.components.ui.resource_calendar import resource_calendar
from carbot_app.state.board import BoardState
from carbot_app.state.calendar import CalendarState
from carbot_app.state.day_plan import DayPlanState
from carbot_app.state.desk_booking import DeskBookingState
from carbot_app.state.session import SessionState

_BOARD: Any = BoardState
_SHEET: Any = _BOARD.sheet
_SESSION: Any = SessionState

_REFUSED = ("busy", "absent", "closed", "past", "no_bay", "no_loaner", "no_technician", "begun")


def view_switch() -> rx.Component:
    """Day, week or the list; technicians or bays."""
    return rx.el.div(
        segmented(
            t("calendar.span.label"),
            "view",
            [
                ("day", t("calendar.span.day")),
                ("week", t("calendar.span.week")),
                ("list", t("calendar.board.list")),
            ],
            value=_BOARD.view,
            on_change=BoardState.show_view,
        ),
        rx.cond(
            _BOARD.view != "list",
            segmented(
                t("calendar.board.lanes"),
                "kind",
                [
                    ("technician", t("calendar.board.technicians")),
                    ("bay", t("calendar.board.bays")),
                ],
                value=_BOARD.kind,
                on_change=BoardState.show_kind,
            ),
        ),
        icon_button("printer", t("calendar.board.print"), on_click=DayPlanState.print_plan),
        class_name="max-md:hidden flex items-center gap-2.5",
    )


def board() -> rx.Component:
    """On wide screens only; phones have the list."""
    return rx.el.div(
        rx.el.aside(
            _unplanned(),
            rx.cond(_SHEET.loaners.length() > 0, _loaners()),
            class_name="cb-board-side",
            aria_label=t("calendar.board.unplanned"),
        ),
        rx.el.div(
            rx.cond(
                _BOARD.status == "failed",
                rx.el.div(error_state(on_retry=BoardState.refresh), class_name="p-3"),
                rx.fragment(),
            ),
            rx.cond(
                _BOARD.status == "loading", rx.el.div(skeleton("rows", 8), class_name="p-4"), rx.fragment()
            ),
            _grid(),
            class_name="cb-board-main",
        ),
        class_name=[
            "cb-board max-md:hidden",
            rx.cond(_BOARD.view == "list", "hidden", ""),
        ],
    )


def _grid() -> rx.Component:
    words = {
        name: t(f"calendar.board.{name}")
        for name in (
            "help",
            "fits",
            "bay_free",
            "stays",
            "lifted",
            "dropped",
            "cancelled",
            "loaner",
            "waiting",
        )
    }
    words |= {f"refused_{code}": t(f"calendar.refused.{code}") for code in _REFUSED}
    words |= {f"warning_{code}": t(f"calendar.conflict.{code}") for code in ("skill_missing", "bay_unfit")}
    return resource_calendar(
        label=t("calendar.title"),
        view=_BOARD.view,
        on=_BOARD.on,
        opens=_SHEET.opens,
        closes=_SHEET.closes,
        language=_SESSION.language,
        zone=_SHEET.zone,
        editable=_SESSION.permissions.contains("bookings.manage"),
        lanes=_SHEET.lanes,
        visits=_SHEET.visits,
        unplanned=_SHEET.unplanned,
        pauses=_SHEET.pauses,
        loads=_SHEET.loads,
        places=_BOARD.places,
        revision=_BOARD.revision,
        words=words,
        on_grab=BoardState.grab,
        on_stretch=BoardState.stretch,
        on_new=DeskBookingState.begin,
        on_drop=BoardState.drop,
        on_open=CalendarState.open_visit,
        on_browse=BoardState.browse,
        on_view=BoardState.show_view,
    )


def _unplanned() -> rx.Component:
    return rx.fragment(
        rx.el.header(
            rx.el.h2(t("calendar.board.unplanned"), class_name="font-[620]"),
            rx.cond(
                _SHEET.unplanned.length() > 0,
                rx.el.span(
                    _SHEET.unplanned.length(), " · ", _SHEET.unplanned_hours, class_name="cb-muted cb-num"
                ),
            ),
        ),
        rx.cond(
            _SHEET.unplanned.length() > 0,
            rx.el.ul(rx.foreach(_SHEET.unplanned, _card), class_name="cb-board-cards"),
            rx.el.p(t("calendar.board.nothing_unplanned"), class_name="cb-muted px-3.5"),
        ),
    )


def _card(visit: Any) -> rx.Component:
    visit = visit.to(dict[str, str])
    return rx.el.li(
        rx.el.span(
            rx.el.span(icon("grip-vertical", 16), class_name="cb-faint flex -ml-1"),
            rx.cond(visit["city"] != "", plate_chip(visit["city"], visit["rest"], country=visit["country"])),
            class_name="flex items-center gap-1.5 min-w-0",
        ),
        rx.el.button(
            visit["work"],
            type="button",
            on_click=CalendarState.open_visit(visit["id"]),
            aria_haspopup="dialog",
            class_name="font-[600] text-left break-words cursor-pointer hover:underline",
        ),
        rx.el.span(
            rx.el.span(visit["name"], class_name="cb-truncate flex-1"),
            rx.el.span(visit["hours"], class_name="cb-num flex-none"),
            class_name="flex gap-2 min-w-0 cb-dense cb-muted",
        ),
        class_name="cb-board-card",
        custom_attrs={"data-unplanned": visit["id"]},
        key=visit["id"],
    )


def _loaners() -> rx.Component:
    def line(loaner: Any) -> rx.Component:
        return rx.el.li(
            rx.cond(
                loaner.plate.city != "",
                plate_chip(loaner.plate.city, loaner.plate.rest, country=loaner.plate.country),
            ),
            rx.el.span(loaner.name, class_name="cb-truncate flex-1"),
            rx.cond(
                loaner.until == "",
                rx.el.span(t("calendar.board.free"), class_name="text-success font-[600]"),
                rx.el.span(t("calendar.board.until", time=loaner.until), class_name="cb-muted cb-num"),
            ),
            class_name="flex items-center gap-2 min-w-0 cb-dense",
            key=loaner.id,
        )

    return rx.el.section(
        rx.el.h2(t("calendar.board.loaners"), class_name="cb-dense cb-muted"),
        rx.el.ul(rx.foreach(_SHEET.loaners, line), class_name="grid gap-1.5"),
        class_name="cb-board-loaners",
    )
