"""The pane with the absences of one technician, bay or loaner."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.settings.affected import affected_actions, affected_visits
from carbot_app.components.ui import (
    button,
    checkbox,
    chips,
    field,
    form_error,
    icon_button,
    pane,
    rows,
    tag,
)
from carbot_app.domains.booking.resource_rules import REASONS
from carbot_app.state.settings_absences import AbsenceState

_PANE: Any = AbsenceState
_TEXTS = _PANE.texts


def absence_pane() -> rx.Component:
    """List and form, then what becomes of visits."""
    task = _PANE.task
    return pane(
        rx.match(
            task,
            ("affected", t("places.affected.title")),
            t("places.absence.of", name=_PANE.name),
        ),
        rx.match(
            task,
            (
                "list",
                rx.el.div(
                    rx.cond(
                        _PANE.lines.length() > 0,
                        rows(rx.foreach(_PANE.lines, _absence)),
                        rx.el.p(t("places.absence.none"), class_name="cb-muted"),
                    ),
                    rx.cond(_PANE.may_plan, _form()),
                    class_name="grid gap-5",
                ),
            ),
            ("affected", affected_visits(_PANE, t("places.affected.absent", name=_PANE.name))),
            rx.fragment(),
        ),
        id="absences",
        open=task != "",
        on_close=AbsenceState.close,
        actions=[
            rx.match(
                task,
                ("list", rx.cond(_PANE.may_plan, _save())),
                ("affected", affected_actions(AbsenceState)),
                rx.fragment(),
            )
        ],
    )


def _absence(line: Any) -> rx.Component:
    named = t_choice("places.reason", line.reason)
    return rx.el.li(
        rx.el.span(
            rx.el.span(line.when, class_name="block font-[550]"),
            rx.el.span(
                named,
                rx.cond(line.note != "", rx.el.span(" · ", line.note)),
                class_name="block cb-muted cb-dense",
            ),
            class_name="flex-1 min-w-0 break-words",
        ),
        rx.cond(
            line.external,
            tag(t("places.absence.external"), icon_name="link"),
            rx.cond(
                _PANE.may_plan,
                rx.el.span(
                    icon_button(
                        "pencil",
                        t("places.absence.edit", when=line.when),
                        tip=False,
                        on_click=AbsenceState.edit(line.id),
                    ),
                    icon_button(
                        "trash-2",
                        t("places.absence.remove", when=line.when),
                        tip=False,
                        on_click=AbsenceState.remove(line.id),
                    ),
                    class_name="flex flex-none",
                ),
            ),
        ),
        class_name="flex items-center gap-2 py-2",
    )


def _form() -> rx.Component:
    return rx.el.form(
        rx.el.h3(
            rx.cond(_PANE.chosen_id != "", t("places.absence.change"), t("places.absence.new")),
            class_name="cb-heading",
        ),
        chips(
            t("places.absence.reason"),
            "reason",
            [(reason, t(f"places.reason.{reason}")) for reason in REASONS],
            value=_PANE.reason,
            on_change=AbsenceState.pick_reason,
            wrap=True,
        ),
        rx.el.div(
            _date("starts_on", t("places.from")),
            _date("ends_on", t("places.until")),
            class_name="grid grid-cols-2 gap-3 items-start",
        ),
        checkbox(
            t("places.absence.whole"),
            "whole",
            checked=_PANE.whole_days,
            on_change=AbsenceState.set_whole_days,
        ),
        rx.cond(
            _PANE.whole_days,
            rx.fragment(),
            rx.el.div(
                _time("starts_at", t("places.absence.from_time")),
                _time("ends_at", t("places.absence.to_time")),
                class_name="grid grid-cols-2 gap-3 items-start",
            ),
        ),
        field(
            t("places.absence.note"),
            "note",
            optional=True,
            error=_PANE.problems["note"],
            default_value=_TEXTS["note"],
            auto_complete="off",
            max_length=200,
        ),
        form_error(_PANE.problems["reason"]),
        id="absence-form",
        key=f"{_PANE.version}",
        on_submit=AbsenceState.save,
        no_validate=True,
        class_name="grid gap-4 pt-4 border-t border-base-300",
    )


def _save() -> rx.Component:
    return rx.fragment(
        rx.cond(_PANE.chosen_id != "", button(t("settings.cancel"), on_click=AbsenceState.edit(""))),
        button(
            t("places.absence.save"),
            kind="primary",
            icon="check",
            submit=True,
            form="absence-form",
            busy=_PANE.busy,
        ),
    )


def _date(name: str, label: Any) -> rx.Component:
    return field(label, name, type="date", error=_PANE.problems[name], default_value=_TEXTS[name])


def _time(name: str, label: Any) -> rx.Component:
    return field(label, name, type="time", step="900", error=_PANE.problems[name], default_value=_TEXTS[name])
