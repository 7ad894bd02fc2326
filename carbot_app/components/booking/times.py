"""Choosing a time. All shown days are in the page: changing the day needs no event and no network."""

from typing import Any

import reflex as rx

from carbot_app.components.booking.hold import hold_over
from carbot_app.components.booking.parts import problem, step_form
from carbot_app.components.i18n import t, t_choice
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import empty_state, icon, icon_button, plate_chip, text_button, toggle
from carbot_app.components.ui.markup import when
from carbot_app.components.workshop_frame import workshop_href
from carbot_app.state.booking import TIME, BookingState
from carbot_app.state.booking_car import CarState
from carbot_app.state.booking_hold import BookingTimes, HoldState
from carbot_app.state.booking_visit import VisitState

_VISIT: Any = VisitState
_CAR: Any = CarState
_BOOKING: Any = BookingState
_TIMES: Any = BookingTimes
_HOLD: Any = HoldState

_SLOT_ID = "slot-"


def time_step() -> rx.Component:
    """Day and time, and two wishes."""
    return step_form(
        TIME,
        lost_note(_TIMES),
        hold_over(),
        time_picker(_TIMES, loaner=_HOLD.loaner),
        problem(_BOOKING.problem == "slot_missing", t("public.time.missing")),
        _wishes(),
        _nothing_fits(),
        title=t("public.time.title"),
        lead=rx.fragment(
            t("public.time.duration", duration=_VISIT.duration), " · ", t("public.time.free_to_move")
        ),
        on_submit=_BOOKING.to_contact,
        above=_visit_line(),
    )


def time_picker(times: Any, *, loaner: Any = False) -> rx.Component:
    """Recommended time, days and times of a state made from ``TimesMixin``; ``loaner``: it includes a car."""
    return rx.el.div(
        when(times.best != "", _best(times, loaner)),
        rx.el.div(
            rx.el.div(
                rx.el.h2(times.month, class_name="cb-heading flex-1 min-w-0", aria_live="polite"),
                _parts_of_day(),
                rx.el.span(
                    icon_button(
                        "chevron-left",
                        t("public.time.earlier"),
                        kind="outline",
                        tip=False,
                        disabled=~times.has_earlier,
                        on_click=times.earlier,
                    ),
                    icon_button(
                        "chevron-right",
                        t("public.time.later"),
                        kind="outline",
                        tip=False,
                        disabled=times.nothing_free,
                        on_click=times.later,
                    ),
                    class_name="flex gap-2",
                ),
                class_name="cb-times-head",
            ),
            when(
                times.nothing_free,
                empty_state("calendar-x", t("public.time.nothing_free"), t("public.time.call")),
            ),
            rx.el.fieldset(
                rx.el.legend(t("ui.slots.days"), class_name="cb-sr"),
                rx.foreach(times.days, lambda day: _day(day, times)),
                class_name="cb-days",
                key=times.shown.number,
            ),
            rx.el.div(
                rx.foreach(times.days, lambda day: _column(day, times)),
                class_name="cb-columns",
                key=times.shown.number,
                role="radiogroup",
                aria_label=t("public.time.times"),
            ),
            rx.el.label(
                rx.el.input(type="checkbox"),
                t("public.time.more"),
                icon("chevron-down", 18),
                class_name="cb-more",
            ),
            class_name="cb-times-card",
        ),
        class_name="cb-times",
    )


def _best(times: Any, loaner: Any) -> rx.Component:
    return rx.el.label(
        icon("thumbs-up", 22),
        rx.el.span(
            rx.el.span(times.best_label, class_name="block font-[640]"),
            rx.el.span(
                rx.cond(loaner, t("public.time.best_loaner"), t("public.time.best")),
                class_name="block cb-muted",
            ),
            class_name="min-w-0 flex-1",
        ),
        icon("st-done", 24, class_name="cb-pick-tick"),
        html_for=_SLOT_ID + times.best,
        class_name="cb-pick",
    )


def _parts_of_day() -> rx.Component:
    parts = {
        "all": t("public.time.all"),
        "morning": t("ui.slots.morning"),
        "afternoon": t("ui.slots.afternoon"),
    }
    return rx.el.fieldset(
        rx.el.legend(t("public.time.part"), class_name="cb-sr"),
        *(
            rx.el.label(
                rx.el.input(type="radio", name="part", value=part, default_checked=part == "all"), words
            )
            for part, words in parts.items()
        ),
        class_name="cb-seg cb-times-parts",
    )


def _day(day: Any, times: Any) -> rx.Component:
    free = day["free"].to(int)
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="day",
            value=day["value"],
            default_checked=times.shown.day == day["value"].to(str),
            disabled=free == 0,
            aria_label=day["name"],
        ),
        rx.el.span(day["weekday"]),
        rx.el.span(day["day"]),
        rx.el.span(t("ui.slots.free", count=free)),
        class_name="cb-day",
        key=day["value"],
    )


def _column(day: Any, times: Any) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span(day["weekday"], class_name="block cb-muted"),
            rx.el.span(day["day"], ".", class_name="block cb-column-day"),
            class_name="cb-column-head",
            aria_hidden="true",
        ),
        *(_half(day, half, times) for half in ("morning", "afternoon")),
        class_name="cb-column",
        key=day["value"],
        role="group",
        aria_label=day["name"],
        custom_attrs={"data-free": day["free"].to(str)},
    )


def _half(day: Any, half: str, times: Any) -> rx.Component:
    entries = day[half].to(list[dict[str, Any]])
    word = t("ui.slots.morning") if half == "morning" else t("ui.slots.afternoon")
    return when(
        entries.length() > 0,
        rx.el.div(
            rx.el.p(word, class_name="cb-slots-label"),
            rx.el.div(rx.foreach(entries, lambda entry: _slot(entry, times)), class_name="cb-slots"),
            custom_attrs={"data-half": half},
        ),
    )


def _slot(entry: Any, times: Any) -> rx.Component:
    slot_id = entry["value"].to(str)
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="slot",
            id=_SLOT_ID + slot_id,
            value=slot_id,
            default_checked=times.slot == slot_id,
            disabled=entry["taken"].to(bool),
            on_change=times.choose(slot_id),
            custom_attrs={"data-best": entry["best"].to(str)},
        ),
        icon("check", 17),
        rx.el.span(entry["label"].to(str)),
        rx.cond(entry["taken"].to(bool), rx.el.span(t("ui.slots.taken"), class_name="cb-sr")),
        class_name="cb-slot",
        key=slot_id,
    )


def _visit_line() -> rx.Component:
    """On phones, where the summary is not in sight: which car, how many services."""
    return rx.el.div(
        when(_CAR.city != "", plate_chip(_CAR.city, _CAR.rest, country=_CAR.country, size=24)),
        rx.el.span(
            when(_CAR.label != "", rx.fragment(_CAR.label, ", ")),
            t("public.services.count", count=_VISIT.codes.length()),
            class_name="cb-muted cb-truncate flex-1",
        ),
        text_button(t("public.change"), on_click=_BOOKING.go_to(1), class_name="cb-tap"),
        class_name="cb-visit-line",
    )


def lost_note(times: Any) -> rx.Component:
    """The wanted time was taken meanwhile: what happened, and that nothing else was lost."""
    return rx.el.div(
        when(
            times.lost_label != "",
            rx.el.p(
                icon("st-overdue", 18),
                rx.el.span(
                    rx.el.strong(t_choice("public.lost", times.lost_reason, time=times.lost_label)),
                    " ",
                    t("public.lost.next"),
                ),
                class_name="cb-banner cb-tone-warn cb-banner-card",
            ),
        ),
        role="alert",
        class_name="cb-live",
    )


def _wishes() -> rx.Component:
    """Wishes stay in sight when nothing is free with them, so that they can be given up."""
    return rx.el.fieldset(
        rx.el.legend(t("public.wish.title"), class_name="cb-sr"),
        when(_HOLD.can_loan, _wish("car", t("public.wish.loaner"), "loaner", _HOLD.loaner)),
        rx.cond(
            _HOLD.can_wait,
            _wish("coffee", t("public.wish.waits"), "waits", _HOLD.waits),
            when(
                _HOLD.waiting_limit != "",
                rx.el.p(
                    icon("coffee", 20),
                    t("public.wish.waits_limit", limit=_HOLD.waiting_limit),
                    class_name="cb-wish cb-muted",
                ),
            ),
        ),
        class_name="cb-wishes",
        key=_VISIT.form_key,
    )


def _wish(glyph: str, words: Any, name: str, chosen: Any) -> rx.Component:
    return rx.el.div(
        icon(glyph, 20, class_name="text-muted"),
        toggle(
            words,
            name,
            default_checked=chosen,
            on_change=lambda wanted: _HOLD.wish(name, wanted),
            key=_HOLD.forced[name],
        ),
        class_name="cb-wish",
    )


def _nothing_fits() -> rx.Component:
    return rx.el.p(
        icon("message-square", 18),
        rx.el.span(
            t("public.time.nothing_fits"),
            " ",
            rx.el.a(t("public.time.ask"), href=workshop_href("chat"), class_name="cb-link"),
            rx.el.span(
                " ",
                t("public.time.or_call"),
                " ",
                rx.el.a(public_fact("phone"), href=public_fact("phone_href"), class_name="cb-link cb-num"),
                class_name="cb-if-phone",
            ),
        ),
        class_name="cb-note",
    )
