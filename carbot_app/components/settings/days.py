"""Special days, public holidays, and how the workshop plans."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.affected import affected_actions, affected_visits
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.settings.online_booking import online_booking_part
from carbot_app.components.settings.terms import terms_part
from carbot_app.components.ui import (
    button,
    empty_state,
    field,
    form_error,
    icon_button,
    link,
    pane,
    rows,
    segmented,
    tag,
)
from carbot_app.state.settings_days import DaysState
from carbot_app.state.settings_online import OnlineBookingState
from carbot_app.state.settings_terms import TermsState

_ONLINE: Any = OnlineBookingState
_DAYS: Any = DaysState
_TERMS: Any = TermsState


def days_section() -> rx.Component:
    """What differs from the weekly hours."""
    return rx.fragment(
        loaded(
            _DAYS.status,
            stack(
                _special_days(),
                _holidays(),
                loaded(_ONLINE.status, online_booking_part(), on_retry=OnlineBookingState.load, shape="text"),
                loaded(_TERMS.status, terms_part(), on_retry=TermsState.load, shape="text"),
            ),
            on_retry=DaysState.load,
        ),
        _pane(),
    )


def _special_days() -> rx.Component:
    return part(
        t("places.days.title"),
        rx.cond(
            _DAYS.lines.length() > 0,
            rows(rx.foreach(_DAYS.lines, _days), class_name="-mx-1"),
            empty_state("calendar-x", t("places.days.empty"), t("places.days.empty_text")),
        ),
        text=rx.fragment(
            t("places.days.text"),
            " ",
            link(t("places.days.weekly"), href="/einstellungen/?bereich=werkstatt", class_name="cb-link"),
        ),
        action=button(
            t("places.add"), icon="plus", aria_label=t("places.days.add"), on_click=DaysState.ask_add
        ),
    )


def _days(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.span(line.when, class_name="block font-[550]"),
            rx.cond(line.reason != "", rx.el.span(line.reason, class_name="block cb-muted cb-dense")),
            class_name="flex-1 min-w-0 break-words",
        ),
        rx.cond(
            line.hours != "",
            tag(line.hours, tone="accent", icon_name="clock"),
            tag(t("settings.hours.closed"), icon_name="lock"),
        ),
        icon_button(
            "trash-2", t("places.days.remove", when=line.when), tip=False, on_click=DaysState.remove(line.id)
        ),
        class_name="flex items-center gap-2 py-2 px-1",
    )


def _holidays() -> rx.Component:
    return part(
        t("places.holidays.title", year=_DAYS.year),
        rows(rx.foreach(_DAYS.holidays, _holiday), class_name="-mx-1"),
        text=t("places.holidays.text"),
        action=rx.el.div(
            icon_button("chevron-left", t("places.holidays.before"), tip=False, on_click=DaysState.turn(-1)),
            icon_button("chevron-right", t("places.holidays.after"), tip=False, on_click=DaysState.turn(1)),
            class_name="flex flex-none",
        ),
    )


def _holiday(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(line.when, class_name="w-[116px] flex-none cb-muted cb-dense"),
        rx.el.span(line.name, class_name=rx.cond(line.past, "flex-1 min-w-0 cb-muted", "flex-1 min-w-0")),
        rx.cond(line.open, tag(t("places.holidays.open"), tone="accent", icon_name="clock")),
        class_name="flex items-center gap-2 py-1.5 px-1",
    )


def _pane() -> rx.Component:
    task = _DAYS.task
    return pane(
        rx.cond(task == "affected", t("places.affected.title"), t("places.days.add")),
        rx.match(
            task,
            ("add", _form()),
            ("affected", affected_visits(_DAYS, t("places.affected.closed"))),
            rx.fragment(),
        ),
        id="special-days",
        open=task != "",
        on_close=DaysState.close,
        actions=[
            rx.match(
                task,
                (
                    "add",
                    button(
                        t("settings.save"),
                        kind="primary",
                        icon="check",
                        submit=True,
                        form="days-form",
                        busy=_DAYS.busy,
                    ),
                ),
                ("affected", affected_actions(DaysState)),
                rx.fragment(),
            )
        ],
    )


def _form() -> rx.Component:
    def time(name: str, label: Any, value: str) -> rx.Component:
        return field(label, name, type="time", step="900", default_value=value)

    return rx.el.form(
        rx.el.div(
            _date("starts_on", t("places.from")),
            _date("ends_on", t("places.until")),
            class_name="grid grid-cols-2 gap-3 items-start",
        ),
        segmented(
            t("places.days.kind"),
            "open",
            [("closed", t("settings.hours.closed")), ("open", t("places.days.other_hours"))],
            value=rx.cond(_DAYS.open, "open", "closed"),
            on_change=DaysState.set_open,
            fill=True,
        ),
        rx.cond(
            _DAYS.open,
            rx.el.div(
                time("opens-0", t("places.days.opens"), "08:00"),
                time("closes-0", t("places.days.closes"), "12:00"),
                time("opens-1", t("places.days.opens_again"), ""),
                time("closes-1", t("places.days.closes_again"), ""),
                class_name="grid grid-cols-2 gap-3 items-start",
            ),
        ),
        form_error(_DAYS.problems["hours"]),
        field(
            t("places.days.reason"),
            "reason",
            optional=True,
            help=t("places.days.reason_help"),
            error=_DAYS.problems["reason"],
            auto_complete="off",
            max_length=120,
        ),
        id="days-form",
        key=f"{_DAYS.version}",
        on_submit=DaysState.save,
        no_validate=True,
        class_name="grid gap-4",
    )


def _date(name: str, label: Any) -> rx.Component:
    return field(label, name, type="date", error=_DAYS.problems[name], default_value=_DAYS.today)
