"""The pane to add, change or retire a technician, bay or loaner."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.settings.affected import affected_actions, affected_visits
from carbot_app.components.ui import (
    button,
    checkbox,
    chip,
    field,
    form_error,
    pane,
    rows,
    select,
    toggle,
)
from carbot_app.domains.booking.resource_rules import BAY_TYPES
from carbot_app.domains.catalog.fields import SKILLS
from carbot_app.state.settings_place_pane import PlacePaneState

_PANE: Any = PlacePaneState
_TEXTS = _PANE.texts


def place_pane() -> rx.Component:
    """Form, question before retiring, or what becomes of visits."""
    task = _PANE.task
    new = _PANE.chosen_id == ""
    return pane(
        rx.match(
            task,
            ("retire", t("places.retire_title", name=_TEXTS["name"])),
            ("affected", t("places.affected.title")),
            rx.cond(new, t_choice("places.new", _PANE.kind), t_choice("places.one", _PANE.kind)),
        ),
        rx.match(
            task,
            ("edit", _form()),
            ("retire", _retire()),
            ("affected", affected_visits(_PANE, t("places.affected.leaving", name=_TEXTS["name"]))),
            rx.fragment(),
        ),
        id="place",
        open=task != "",
        on_close=PlacePaneState.close,
        actions=[
            rx.match(
                task,
                (
                    "edit",
                    button(
                        t("settings.save"),
                        kind="primary",
                        icon="check",
                        submit=True,
                        form="place-form",
                        busy=_PANE.busy,
                    ),
                ),
                ("retire", _retire_actions()),
                ("affected", affected_actions(PlacePaneState)),
                rx.fragment(),
            )
        ],
    )


def _form() -> rx.Component:
    return rx.el.form(
        field(
            t("places.name"),
            "name",
            error=_problem("name"),
            default_value=_TEXTS["name"],
            auto_complete="off",
            max_length=60,
        ),
        rx.cond(
            _PANE.kind == "loaner",
            field(
                t("places.plate"),
                "plate",
                optional=True,
                error=_problem("plate"),
                default_value=_TEXTS["plate"],
                auto_complete="off",
                max_length=20,
            ),
        ),
        field(
            t("places.remark"),
            "remark",
            optional=True,
            help=t_choice("places.remark_help", _PANE.kind),
            error=_problem("remark"),
            default_value=_TEXTS["remark"],
            auto_complete="off",
            max_length=80,
        ),
        rx.match(
            _PANE.kind,
            ("technician", _abilities(t("places.skills"), SKILLS, "catalog.skills")),
            ("bay", _abilities(t("places.types"), BAY_TYPES, "catalog.bays")),
            rx.fragment(),
        ),
        rx.cond(_PANE.kind == "bay", checkbox(t("places.has_lift"), "lift", default_checked=_PANE.lift)),
        rx.cond(_PANE.kind == "technician", _of_a_technician()),
        rx.cond(
            _PANE.chosen_id != "",
            rx.el.div(
                button(
                    rx.cond(_PANE.kind == "technician", t("places.retire_person"), t("places.retire")),
                    icon="log-out",
                    on_click=PlacePaneState.ask_retire,
                ),
                class_name="pt-4 border-t border-base-300",
            ),
        ),
        id="place-form",
        key=f"{_PANE.version}",
        on_submit=PlacePaneState.save,
        no_validate=True,
        class_name="grid gap-4",
    )


def _abilities(label: Any, names: tuple[str, ...], words: str) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(label, class_name="cb-label"),
        rx.el.div(
            *(
                chip(
                    t(f"{words}.{name}"),
                    pressed=_PANE.abilities.contains(name),
                    on_click=PlacePaneState.toggle_ability(name),
                )
                for name in names
            ),
            class_name="flex flex-wrap gap-2",
        ),
        form_error(_problem("abilities")),
        class_name="grid gap-1.5",
    )


def _of_a_technician() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            toggle(
                t("places.own_hours_label"),
                "own_hours",
                checked=_PANE.own_hours,
                on_change=PlacePaneState.set_own_hours,
            ),
            rx.cond(
                _PANE.own_hours,
                rx.el.div(
                    rx.el.p(t("places.own_hours_help"), class_name="cb-help"),
                    form_error(_problem("hours")),
                    rows(rx.foreach(_PANE.week, _day)),
                    class_name="grid gap-2",
                ),
            ),
            class_name="grid gap-2",
        ),
        select(
            t("places.person"),
            "person_id",
            rx.Var.create([["", ""]]).to(list[list[str]]) + _PANE.people,
            help=t("places.person_help"),
            error=_problem("person_id"),
            default_value=_TEXTS["person_id"],
        ),
        field(
            t("places.last_on"),
            "last_on",
            type="date",
            optional=True,
            help=t("places.last_on_help"),
            error=_problem("last_on"),
            default_value=_TEXTS["last_on"],
        ),
        class_name="grid gap-4",
    )


def _day(day: Any) -> rx.Component:
    name = t_choice("settings.day", day.day)

    def time(side: str, value: Any, label: Any) -> rx.Component:
        return rx.el.input(
            type="time",
            step="900",
            name=f"{side}-{day.day}",
            default_value=value,
            aria_label=label,
            class_name="cb-input min-w-0 !w-[112px]",
        )

    return rx.el.li(
        rx.el.span(name, class_name="flex-1 min-w-0 cb-truncate cb-dense"),
        time("begins", day.begins, t("places.day_from", day=name)),
        rx.el.span("–", aria_hidden="true"),
        time("ends", day.ends, t("places.day_to", day=name)),
        class_name="flex items-center gap-2 py-1.5",
    )


def _retire() -> rx.Component:
    return rx.cond(
        _PANE.affected.length() > 0,
        affected_visits(_PANE, t("places.retire_visits")),
        rx.el.p(t("places.retire_text")),
    )


def _retire_actions() -> rx.Component:
    return rx.fragment(
        button(t("settings.cancel"), on_click=PlacePaneState.close),
        button(
            rx.cond(_PANE.affected.length() > 0, t("places.retire_and_unplan"), t("places.retire")),
            kind="destructive",
            busy=_PANE.busy,
            on_click=PlacePaneState.retire,
        ),
    )


def _problem(name: str) -> Any:
    return _PANE.problems[name]
