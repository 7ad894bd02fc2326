"""The list of sets, with search and filters."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import (
    card,
    chips,
    empty_state,
    error_state,
    list_row,
    plate_chip,
    rows,
    search_field,
    segmented,
    severity,
    skeleton,
)
from carbot_app.state.tyres import TyresState

_TYRES: Any = TyresState
SEASON_WORDS = [(name, t(f"tyres.season.{name}")) for name in ("summer", "winter", "all_season")]


def set_list() -> rx.Component:
    """Tools above, rows by place below."""
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                search_field(
                    placeholder=t("tyres.search"),
                    label=t("tyres.search_label"),
                    on_change=TyresState.find.debounce(250),
                ),
                class_name="w-full md:w-[320px]",
            ),
            chips(
                t("tyres.filter.label"),
                "season",
                [("", t("tyres.filter.all")), *SEASON_WORDS],
                value=_TYRES.season,
                on_change=TyresState.choose_season,
            ),
            class_name="flex flex-wrap items-center gap-3 min-w-0",
        ),
        rx.cond(_TYRES.status == "failed", error_state(on_retry=TyresState.load)),
        card(
            rx.cond(
                _TYRES.status == "loading",
                rx.el.div(skeleton("rows", 6), class_name="p-4"),
                rx.cond(_TYRES.sets.length() > 0, rows(rx.foreach(_TYRES.sets, _row)), _nothing()),
            ),
            pad=False,
        ),
        class_name="grid grid-cols-1 gap-4 max-w-[1400px]",
        aria_label=t("tyres.list"),
    )


def view_switch(name: str) -> rx.Component:
    """What lies here, or what was taken out; where it stands twice, each has its own ``name``."""
    return segmented(
        t("tyres.state.label"),
        name,
        [(view, t(f"tyres.state.{view}")) for view in ("in", "out")],
        value=_TYRES.view,
        on_change=TyresState.choose_view,
    )


def set_sign(sign: Any) -> Any:
    """How good the worst tyre is."""
    return rx.cond(
        sign == "none",
        rx.el.span(t("tyres.sign.none"), class_name="cb-dense cb-faint"),
        severity(sign, t_choice("tyres.sign", sign)),
    )


def _row(line: Any) -> rx.Component:
    return list_row(
        rx.el.span(line.location, class_name="cb-num font-[620] w-[3.5rem] flex-none"),
        rx.el.span(
            rx.el.span(
                rx.cond(
                    line.plate.city != "",
                    plate_chip(line.plate.city, line.plate.rest, country=line.plate.country),
                ),
                rx.el.span(line.name, class_name="cb-truncate font-[620]"),
                class_name="flex items-center gap-2.5 min-w-0",
            ),
            rx.el.span(line.title, class_name="md:hidden block cb-truncate cb-muted cb-dense mt-1"),
            rx.el.span(set_sign(line.sign), class_name="md:hidden flex mt-1.5"),
            class_name="block min-w-0 flex-1",
        ),
        rx.el.span(line.title, class_name="max-md:hidden cb-truncate w-[26%] flex-none cb-num"),
        rx.el.span(line.code, class_name="max-lg:hidden cb-muted cb-num w-[84px] flex-none"),
        rx.el.span(set_sign(line.sign), class_name="max-md:hidden flex w-[130px] flex-none"),
        on_click=TyresState.open_set(line.id),
        aria_haspopup="dialog",
        key=line.id,
    )


def _nothing() -> Any:
    is_filtered = (_TYRES.search != "") | (_TYRES.season != "") | (_TYRES.view == "out")
    return rx.cond(
        is_filtered,
        empty_state("search", t("tyres.none.title"), t("tyres.none.text")),
        empty_state("circle-dot", t("tyres.empty.title"), t("tyres.empty.text")),
    )
