"""The campaign: the form for a new one, or how far the one that runs is."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.ui import badge, button, card, dialog, field, section_head, select
from carbot_app.state.season import SeasonState

_SEASON: Any = SeasonState
_CAMPAIGN = _SEASON.campaign
_FORM = _SEASON.form
_PROBLEMS = _SEASON.problems
SECTION = "grid gap-2.5 content-start min-w-0"


def campaign_section() -> rx.Component:
    """What runs; and where nothing runs what could."""
    return rx.fragment(
        rx.cond(_CAMPAIGN.id != "", _progress()),
        rx.cond(~_CAMPAIGN.is_open, _new()),
    )


def season_dialogs() -> rx.Component:
    """Before anything leaves, and before it ends."""
    return rx.fragment(
        dialog(
            t("season.start.title"),
            rx.el.p(t("season.start.text", count=_SEASON.plan.planned, per_day=_FORM.per_day)),
            rx.el.p(t("season.start.rules"), class_name="cb-muted mt-2"),
            id="season-start",
            open=_SEASON.asking == "start",
            on_close=SeasonState.ask(""),
            actions=[
                button(t("ui.actions.cancel"), on_click=SeasonState.ask("")),
                button(
                    t("season.start.do"),
                    kind="primary",
                    icon="send",
                    on_click=SeasonState.start,
                    busy=_SEASON.busy,
                ),
            ],
        ),
        dialog(
            t("season.stop.title"),
            rx.el.p(t("season.stop.text")),
            id="season-stop",
            open=_SEASON.asking == "stop",
            on_close=SeasonState.ask(""),
            actions=[
                button(t("ui.actions.cancel"), on_click=SeasonState.ask("")),
                button(t("season.stop.do"), kind="primary", on_click=SeasonState.stop),
            ],
        ),
    )


def _progress() -> rx.Component:
    return rx.el.section(
        section_head(rx.cond(_CAMPAIGN.is_open, t("season.current"), t("season.last"))),
        card(
            rx.el.div(
                rx.el.div(
                    rx.el.h3(_CAMPAIGN.title, class_name="font-[620]"),
                    rx.el.p(_CAMPAIGN.facts, class_name="cb-muted cb-dense cb-num"),
                    class_name="min-w-0",
                ),
                badge(_CAMPAIGN.badge, t_choice("season.state", _CAMPAIGN.state)),
                class_name="flex items-start justify-between gap-3",
            ),
            rx.el.dl(
                _figure(t("season.figure.planned"), _CAMPAIGN.planned),
                _figure(t("season.figure.sent"), _CAMPAIGN.sent),
                _figure(t("season.figure.booked"), _CAMPAIGN.booked),
                _figure(t("season.figure.opted_out"), _CAMPAIGN.opted_out),
                class_name="grid grid-cols-2 sm:grid-cols-4 gap-3 pt-4",
            ),
            rx.cond(_CAMPAIGN.is_open & _SEASON.may_manage, _actions()),
        ),
        class_name=SECTION,
    )


def _figure(label: Any, figure: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="cb-muted cb-dense"),
        rx.el.dd(figure, class_name="cb-figure cb-num"),
        class_name="grid gap-0.5",
    )


def _actions() -> rx.Component:
    return rx.el.div(
        button(t("season.action.stop"), on_click=SeasonState.ask("stop")),
        rx.cond(
            _CAMPAIGN.state == "paused",
            button(t("season.action.resume"), kind="primary", icon="play", on_click=SeasonState.resume),
            button(t("season.action.pause"), icon="pause", on_click=SeasonState.pause),
        ),
        class_name="flex flex-wrap justify-end gap-2 pt-4",
    )


def _new() -> rx.Component:
    return rx.el.section(
        section_head(t("season.new.title")),
        card(
            rx.el.p(t("season.new.text"), class_name="cb-muted pb-4"),
            rx.cond(
                _SEASON.services.length() > 0,
                _form(),
                rx.el.p(t("season.new.no_service"), role="status"),
            ),
        ),
        class_name=SECTION,
    )


def _form() -> rx.Component:
    wheels = [(name, t(f"season.wheels.{name}")) for name in ("winter", "summer")]
    return rx.el.form(
        rx.el.div(
            rx.el.div(
                _choice("service", _SEASON.services, _FORM.service, "service_code"),
                class_name="sm:col-span-2 min-w-0",
            ),
            _choice("season", wheels, _FORM.season, "season"),
            field(
                t("season.field.per_day"),
                "per_day",
                type="text",
                input_mode="numeric",
                default_value=_FORM.per_day,
                error=_PROBLEMS["per_day"],
                auto_complete="off",
                on_blur=lambda value: SeasonState.change("per_day", value),
            ),
            _date("starts_on", _FORM.starts_on),
            _date("ends_on", _FORM.ends_on),
            class_name="grid grid-cols-1 sm:grid-cols-2 gap-4",
            key=f"season-{_SEASON.version}",
        ),
        rx.el.p(t("season.room", count=_SEASON.plan.free), class_name="cb-muted cb-dense"),
        rx.cond(
            _SEASON.may_manage,
            rx.el.div(
                button(t("season.action.start"), kind="primary", icon="send", submit=True, busy=_SEASON.busy),
                class_name="flex justify-end",
            ),
        ),
        id="season-form",
        on_submit=SeasonState.review,
        no_validate=True,
        class_name="grid gap-4",
    )


def _choice(name: str, options: Any, value: Any, problem: str) -> rx.Component:
    return select(
        t(f"season.field.{name}"),
        name,
        options,
        default_value=value,
        error=_PROBLEMS[problem],
        on_change=lambda chosen: SeasonState.change(name, chosen),
    )


def _date(name: str, value: Any) -> rx.Component:
    return field(
        t(f"season.field.{name}"),
        name,
        type="date",
        default_value=value,
        error=_PROBLEMS[name],
        on_change=lambda chosen: SeasonState.change(name, chosen),
    )
