"""Buffers, waiting customers and tyre seasons."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.frame import part
from carbot_app.components.ui import button, chip, form_error, icon_button, select
from carbot_app.domains.booking.resource_rules import (
    BAY_TYPES,
    MAX_BUFFER,
    MAX_SEASONS,
    MAX_WAITING,
    MIN_WAITING,
    QUARTER,
)
from carbot_app.state.settings_terms import TermsState

_TERMS: Any = TermsState
_DAYS = [f"{day:02}" for day in range(1, 32)]
_MONTHS = [f"{month:02}" for month in range(1, 13)]


def terms_part() -> rx.Component:
    """One form with one button."""
    return rx.el.form(
        part(
            t("places.terms.title"),
            rx.el.div(
                _minutes(
                    "buffer_minutes",
                    t("places.terms.buffer"),
                    range(0, MAX_BUFFER + 1, QUARTER),
                    _TERMS.buffer,
                    t("places.terms.buffer_help"),
                ),
                _minutes(
                    "waiting_limit_minutes",
                    t("places.terms.waiting"),
                    range(MIN_WAITING, MAX_WAITING + 1, QUARTER),
                    _TERMS.waiting,
                    t("places.terms.waiting_help"),
                ),
                class_name="grid gap-4 md:grid-cols-2",
                key=f"{_TERMS.version}",
            ),
            text=t("places.terms.text"),
        ),
        part(
            t("places.season.title"),
            form_error(_TERMS.problems["seasons"]),
            rx.foreach(_TERMS.seasons, _season),
            rx.cond(
                _TERMS.seasons.length() < MAX_SEASONS,
                rx.el.div(
                    button(t("places.season.add"), icon="plus", on_click=TermsState.add_season),
                    class_name="flex",
                ),
            ),
            text=t("places.season.text"),
        ),
        rx.el.div(
            button(t("settings.save"), kind="primary", icon="check", submit=True, busy=_TERMS.busy),
            class_name="flex justify-end max-md:grid max-md:justify-stretch",
        ),
        on_submit=TermsState.save,
        no_validate=True,
        class_name="grid gap-4 min-w-0",
    )


def _minutes(name: str, label: Any, steps: range, value: Any, help: Any) -> rx.Component:
    options = [(str(step), t("places.terms.minutes", count=step)) for step in steps]
    return select(label, name, options, help=help, error=_TERMS.problems[name], default_value=value)


def _season(season: Any, place: Any) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t("places.season.one", number=place + 1), class_name="cb-label"),
        rx.el.div(
            _day_and_month(season, place, "first", t("places.from")),
            _day_and_month(season, place, "last", t("places.until")),
            icon_button(
                "trash-2",
                t("places.season.remove", number=place + 1),
                tip=False,
                on_click=TermsState.remove_season(place),
            ),
            class_name="flex flex-wrap items-center gap-x-4 gap-y-2",
        ),
        rx.el.label(
            rx.el.span(t("places.season.bay"), class_name="cb-label"),
            rx.el.select(
                *(rx.el.option(t(f"catalog.bays.{bay}"), value=bay) for bay in BAY_TYPES),
                value=season.bay,
                on_change=lambda value: TermsState.set_season(place, "bay", value),
                class_name="cb-input",
            ),
            class_name="grid gap-1.5",
        ),
        rx.el.div(
            rx.el.span(t("places.season.reserved"), class_name="cb-label block mb-1.5"),
            rx.el.div(
                rx.foreach(
                    _TERMS.choices,
                    lambda choice: chip(
                        choice[1],
                        pressed=season.resources.contains(choice[0]),
                        on_click=TermsState.toggle_reserved(place, choice[0]),
                    ),
                ),
                role="group",
                aria_label=t("places.season.reserved"),
                class_name="flex flex-wrap gap-2",
            ),
        ),
        key=f"{_TERMS.version}-{place}",
        class_name="grid gap-3 pt-3 border-t border-base-300",
    )


def _day_and_month(season: Any, place: Any, side: str, label: Any) -> rx.Component:
    def choice(part_: str, name: Any, options: list[rx.Component], value: Any) -> rx.Component:
        return rx.el.select(
            *options,
            value=value,
            aria_label=name,
            on_change=lambda chosen: TermsState.set_season(place, f"{side}_{part_}", chosen),
            class_name="cb-input !w-auto",
        )

    return rx.el.div(
        rx.el.span(label, class_name="cb-dense cb-muted w-8"),
        choice(
            "day",
            t("places.season.day", side=label),
            [rx.el.option(day.lstrip("0"), value=day) for day in _DAYS],
            getattr(season, f"{side}_day"),
        ),
        choice(
            "month",
            t("places.season.month", side=label),
            [rx.el.option(t(f"places.months.{month}"), value=month) for month in _MONTHS],
            getattr(season, f"{side}_month"),
        ),
        class_name="flex items-center gap-2",
    )
