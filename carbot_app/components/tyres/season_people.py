"""Waves to come, who is left out and why, and what came of invitations."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.tyres.season import SECTION
from carbot_app.components.ui import badge, card, empty_state, list_row, plate_chip, rows, section_head, tag
from carbot_app.state.season import SeasonState
from carbot_app.state.season_rows import SHOWN_PEOPLE

_SEASON: Any = SeasonState
_PLAN = _SEASON.plan


def waves_section() -> rx.Component:
    """The days on which invitations will leave."""
    return rx.el.section(
        section_head(
            t("season.waves.title"),
            trailing=rx.cond(_PLAN.planned > 0, t("season.waves.count", count=_PLAN.planned), ""),
        ),
        card(
            rx.cond(
                _SEASON.waves.length() > 0,
                rows(rx.foreach(_SEASON.waves, _wave)),
                empty_state("mail", t("season.waves.none_title"), t("season.waves.none_text")),
            ),
            pad=False,
        ),
        class_name=SECTION,
    )


def left_out_section() -> rx.Component:
    """Who gets no invitation, so that somebody can do something about it."""
    return rx.cond(
        _PLAN.left_out > 0,
        rx.el.section(
            section_head(t("season.left_out.title"), trailing=_PLAN.left_out),
            rx.el.ul(
                rx.foreach(
                    _PLAN.reasons,
                    lambda reason: rx.el.li(
                        rx.el.strong(reason[1], class_name="cb-num"), " ", reason[0], key=reason[0]
                    ),
                ),
                class_name="flex flex-wrap gap-x-4 gap-y-1 cb-muted cb-dense",
            ),
            card(rows(rx.foreach(_SEASON.left_out, _left_out)), _more(_PLAN.left_out), pad=False),
            class_name=SECTION,
        ),
    )


def invitations_section() -> rx.Component:
    """What has left, the latest first."""
    return rx.cond(
        _SEASON.campaign.sent > 0,
        rx.el.section(
            section_head(t("season.invitations.title"), trailing=_SEASON.campaign.sent),
            card(
                rows(rx.foreach(_SEASON.invitations, _invitation)),
                _more(_SEASON.campaign.sent),
                pad=False,
            ),
            class_name=SECTION,
        ),
    )


def _more(count: Any) -> rx.Component:
    return rx.cond(
        count > SHOWN_PEOPLE,
        rx.el.p(
            t("season.more", count=count - SHOWN_PEOPLE),
            class_name="cb-muted cb-dense px-4 py-3 border-t border-base-300",
        ),
    )


def _wave(wave: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(wave.day, class_name="cb-num font-[600] w-[6.5rem] flex-none"),
        rx.el.span(wave.names, class_name="cb-muted min-w-0 flex-1 line-clamp-2"),
        rx.el.span(wave.count, class_name="cb-num font-[620] flex-none"),
        class_name="cb-row",
        key=wave.day,
    )


def _left_out(person: Any) -> rx.Component:
    return _person(person, tag(person.word), person.place, href=person.href)


def _invitation(person: Any) -> rx.Component:
    return _person(person, badge(person.badge, person.word), person.detail)


def _person(person: Any, sign: rx.Component, detail: Any, **props: Any) -> rx.Component:
    return list_row(
        rx.el.span(
            rx.el.span(
                rx.cond(
                    person.plate.city != "",
                    plate_chip(person.plate.city, person.plate.rest, country=person.plate.country),
                ),
                rx.el.span(person.name, class_name="cb-truncate font-[600]"),
                class_name="flex items-center gap-2.5 min-w-0",
            ),
            rx.cond(
                detail != "", rx.el.span(detail, class_name="block cb-muted cb-dense cb-num mt-1 cb-truncate")
            ),
            rx.el.span(sign, class_name="sm:hidden flex mt-1.5"),
            class_name="block min-w-0 flex-1",
        ),
        rx.el.span(sign, class_name="max-sm:hidden flex flex-none self-start"),
        **props,
    )
