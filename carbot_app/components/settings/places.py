"""Technicians, bays and loaners with their absences."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.settings.absence_pane import absence_pane
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.settings.place_pane import place_pane
from carbot_app.components.ui import (
    avatar,
    button,
    empty_state,
    glyph_tile,
    icon_button,
    plate_chip,
    rows,
    tag,
)
from carbot_app.state.settings_absences import AbsenceState
from carbot_app.state.settings_place_pane import PlacePaneState
from carbot_app.state.settings_places import PlacesState

_PLACES: Any = PlacesState
_KINDS = {"technician": "wrench", "bay": "layers", "loaner": "car"}


def places_section() -> rx.Component:
    """One card a kind; a row opens in the pane."""
    return rx.fragment(
        loaded(
            _PLACES.status,
            stack(
                _kind("technician", _PLACES.technicians),
                _kind("bay", _PLACES.bays),
                _kind("loaner", _PLACES.loaners),
                rx.cond(_PLACES.retired.length() > 0, _retired()),
            ),
            on_retry=PlacesState.load,
        ),
        place_pane(),
        absence_pane(),
    )


def _kind(kind: str, lines: Any) -> rx.Component:
    return part(
        t(f"places.{kind}.title"),
        rx.cond(
            lines.length() > 0,
            rows(rx.foreach(lines, lambda line: _resource(kind, line)), class_name="-mx-1"),
            empty_state(_KINDS[kind], t(f"places.{kind}.empty"), t(f"places.{kind}.empty_text")),
        ),
        text=t(f"places.{kind}.text"),
        action=rx.cond(
            _PLACES.may_edit,
            button(
                t("places.add"),
                icon="plus",
                aria_label=t(f"places.{kind}.add"),
                on_click=PlacePaneState.ask_add(kind),
            ),
        ),
    )


def _resource(kind: str, line: Any) -> rx.Component:
    picture = (
        avatar(line.initials, size=36, tint=line.tint) if kind == "technician" else glyph_tile(_KINDS[kind])
    )
    inside = (
        picture,
        rx.el.span(
            rx.el.span(
                rx.el.span(line.name, class_name="font-[600] cb-truncate"),
                rx.cond(line.remark != "", rx.el.span(line.remark, class_name="cb-muted cb-dense")),
                class_name="flex flex-wrap items-baseline gap-x-2 min-w-0",
            ),
            _about(kind, line),
            _signs(line),
            class_name="grid gap-1 min-w-0 flex-1 text-left",
        ),
    )
    return rx.el.li(
        rx.cond(
            _PLACES.may_edit,
            rx.el.button(
                *inside,
                type="button",
                on_click=PlacePaneState.open_resource(line.id),
                class_name="cb-row flex-1 min-w-0 !items-start",
            ),
            rx.el.div(*inside, class_name="cb-row flex-1 min-w-0 !items-start"),
        ),
        icon_button(
            "calendar-x",
            t("places.absence.of", name=line.name),
            tip=False,
            on_click=AbsenceState.open_absences(line.id),
            class_name="flex-none mt-2",
        ),
        class_name="flex items-start gap-1",
    )


def _about(kind: str, line: Any) -> rx.Component:
    if kind == "loaner":
        return rx.cond(
            line.plate.city != "",
            plate_chip(line.plate.city, line.plate.rest, country=line.plate.country),
        )
    words = "catalog.skills" if kind == "technician" else "catalog.bays"
    return rx.el.span(
        rx.foreach(
            line.abilities,
            lambda name, place: rx.el.span(rx.cond(place > 0, " · ", ""), t_choice(words, name)),
        ),
        rx.cond(line.more > 0, rx.el.span(" ", t("places.more", count=line.more))),
        class_name="cb-muted cb-dense",
    )


def _signs(line: Any) -> rx.Component:
    absence = rx.el.span(
        t_choice("places.reason", line.reason),
        ": ",
        line.absence,
        rx.cond(line.absences > 1, rx.el.span(" +", line.absences - 1)),
    )
    return rx.el.span(
        rx.cond(line.lift, tag(t("places.lift"), icon_name="arrow-up")),
        rx.cond(line.own_hours, tag(t("places.own_hours"), icon_name="clock")),
        rx.cond(line.leaves != "", tag(t("places.leaves", on=line.leaves), icon_name="log-out")),
        rx.cond(
            line.absence != "",
            rx.cond(
                line.absent,
                tag(absence, tone="warn", icon_name="calendar-x"),
                tag(absence, icon_name="calendar-x"),
            ),
        ),
        class_name="flex flex-wrap gap-1.5 empty:hidden",
    )


def _retired() -> rx.Component:
    return part(
        t("places.former"),
        rows(
            rx.foreach(
                _PLACES.retired,
                lambda line: rx.el.li(
                    glyph_tile(rx.match(line.kind, *_KINDS.items(), "wrench")),
                    rx.el.span(line.name, class_name="flex-1 min-w-0 cb-truncate"),
                    rx.cond(
                        _PLACES.may_edit,
                        button(
                            t("places.restore"),
                            size="sm",
                            icon="undo-2",
                            aria_label=t("places.restore_named", name=line.name),
                            on_click=PlacesState.restore(line.id),
                        ),
                    ),
                    class_name="flex items-center gap-3 py-2",
                ),
            ),
        ),
        text=t("places.former_text"),
    )
