"""Calendars: connected ones with their state, connecting another, secret links to read along."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.settings.frame import copy_button, loaded, part, stack
from carbot_app.components.ui import (
    badge,
    banner,
    button,
    field,
    form_error,
    glyph_tile,
    icon_button,
    list_row,
    pane,
    rows,
    select,
    two_lines,
)
from carbot_app.state.settings_calendars import CalendarsState

_STATE: Any = CalendarsState
_SIGNS = {"ok": "done", "failing": "waiting", "revoked": "overdue"}
_PROVIDERS = ("caldav", "google", "microsoft")


def calendars_section() -> rx.Component:
    """The lists; connecting and questions are in the pane."""
    return rx.fragment(
        loaded(
            _STATE.status,
            stack(
                rx.cond(
                    _STATE.outcome != "",
                    banner(_STATE.outcome, tone="err", icon="triangle-alert", card=True),
                    rx.fragment(),
                ),
                _connected(),
                _add(),
                _feeds(),
            ),
            on_retry=CalendarsState.load,
        ),
        _pane(),
    )


def _connected() -> rx.Component:
    nothing = rx.el.p(t("settings.calendars.empty"), class_name="cb-muted")
    return part(
        t("settings.calendars.title"),
        rx.cond(
            _STATE.lines.length() > 0,
            rows(rx.foreach(_STATE.lines, _line), class_name="-mx-4 -mb-4"),
            nothing,
        ),
        text=t("settings.calendars.text"),
    )


def _line(line: Any) -> rx.Component:
    signs = [
        (state, badge(sign, t(f"settings.calendars.state.{state}")))  # type: ignore[arg-type]
        for state, sign in _SIGNS.items()
    ]
    return list_row(
        rx.el.div(
            glyph_tile("calendar-days"),
            rx.el.div(
                rx.el.p(line.title, class_name="font-[600]"),
                rx.el.p(_about(line), class_name="cb-muted cb-dense"),
                class_name="min-w-0 flex-1 break-words",
            ),
            rx.el.div(
                rx.match(line.state, *signs, rx.fragment()), class_name="max-md:order-first max-md:basis-full"
            ),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-2 w-full min-w-0",
        ),
        rx.cond(
            line.problem != "",
            rx.el.p(line.problem, class_name="cb-dense cb-problem w-full"),
            rx.fragment(),
        ),
        rx.cond(line.notices.length() > 0, _notices(line), rx.fragment()),
        _line_actions(line),
        class_name="flex-wrap",
    )


def _line_actions(line: Any) -> rx.Component:
    retry = button(
        t("settings.calendars.retry"),
        size="sm",
        icon="refresh-cw",
        on_click=CalendarsState.try_again(line.id),
    )
    dismiss = button(
        t("settings.calendars.dismiss"), size="sm", icon="check", on_click=CalendarsState.dismiss(line.id)
    )
    return rx.el.div(
        rx.cond(line.notices.length() > 0, dismiss, rx.fragment()),
        rx.cond(line.state != "ok", retry, rx.fragment()),
        button(
            t("settings.calendars.disconnect"),
            size="sm",
            aria_label=t("settings.calendars.disconnect_named", name=line.title),
            on_click=CalendarsState.ask("disconnect", line.id),
        ),
        class_name="flex flex-wrap gap-2 w-full md:justify-end",
    )


def _about(line: Any) -> Any:
    provider = t_choice("settings.calendars.provider", line.provider)
    account = rx.cond(line.account != "", rx.fragment(" · ", line.account), rx.fragment())
    synced = rx.cond(
        line.synced != "",
        t("settings.calendars.synced", when=line.synced),
        t("settings.calendars.never_synced"),
    )
    return rx.fragment(provider, account, " · ", synced)


def _notices(line: Any) -> rx.Component:
    return rx.el.div(
        banner(
            rx.el.span(rx.foreach(line.notices, lambda text: rx.el.span(text, class_name="block cb-dense"))),
            tone="warn",
            icon="triangle-alert",
            card=True,
        ),
        class_name="w-full",
    )


def _add() -> rx.Component:
    unready = [
        rx.cond(
            _STATE.providers[name],
            rx.fragment(),
            rx.el.p(t(f"settings.calendars.set_up.{name}"), class_name="cb-muted cb-dense"),
        )
        for name in _PROVIDERS[1:]
    ]
    ready = [
        rx.cond(_STATE.providers[name], _add_button(name), rx.fragment())
        if name != "caldav"
        else _add_button(name)
        for name in _PROVIDERS
    ]
    return part(
        t("settings.calendars.add"),
        rx.cond(
            _STATE.technicians.length() > 0,
            rx.el.div(*ready, class_name="flex flex-wrap gap-2 max-md:grid"),
            rx.el.p(t("settings.calendars.nobody"), class_name="cb-muted"),
        ),
        *unready,
        text=t("settings.calendars.add_text"),
    )


def _add_button(name: str) -> rx.Component:
    return button(
        t(f"settings.calendars.connect.{name}"),
        icon="calendar-plus",
        on_click=CalendarsState.ask(name, ""),
    )


def _feeds() -> rx.Component:
    return part(
        t("settings.calendars.feeds"),
        rows(rx.foreach(_STATE.feeds, _feed), class_name="-mx-4 -mb-4"),
        text=t("settings.calendars.feeds_text"),
    )


def _feed(feed: Any) -> rx.Component:
    there = rx.el.div(
        copy_button(feed.url, label=t("settings.calendars.copy_named", name=feed.name)),
        icon_button(
            "refresh-cw",
            t("settings.calendars.renew_named", name=feed.name),
            on_click=CalendarsState.ask("renew", feed.id),
        ),
        icon_button(
            "trash-2",
            t("settings.calendars.end_named", name=feed.name),
            on_click=CalendarsState.ask("end", feed.id),
        ),
        class_name="flex gap-1 flex-none",
    )
    make = button(
        t("settings.calendars.make"),
        aria_label=t("settings.calendars.make_named", name=feed.name),
        on_click=CalendarsState.renew_feed(feed.id),
    )
    detail = rx.cond(feed.url != "", feed.url, t("settings.calendars.no_feed"))
    return list_row(two_lines(feed.name, detail), rx.cond(feed.url != "", there, make))


def _pane() -> rx.Component:
    task = _STATE.task
    titles = [(name, t(f"settings.calendars.connect.{name}")) for name in _PROVIDERS]
    questions = [(name, t(f"settings.calendars.ask.{name}")) for name in ("disconnect", "renew", "end")]
    texts = {"disconnect": _STATE.chosen.title, "renew": _STATE.feed.name, "end": _STATE.feed.name}
    return pane(
        rx.match(task, *titles, *questions, t("settings.calendars.add")),
        form_error(_STATE.problems["form"]),
        rx.match(
            task,
            ("caldav", _caldav()),
            ("google", _consent("google")),
            ("microsoft", _consent("microsoft")),
            *(
                (name, rx.el.p(t(f"settings.calendars.ask.{name}_text", name=whose)))
                for name, whose in texts.items()
            ),
            rx.fragment(),
        ),
        id="calendar",
        open=task != "",
        on_close=CalendarsState.close,
        actions=[
            rx.match(
                task,
                (
                    "caldav",
                    _submit(
                        rx.cond(_STATE.choices, t("settings.calendars.go"), t("settings.calendars.test"))
                    ),
                ),
                ("google", _submit(t("settings.calendars.go_on"))),
                ("microsoft", _submit(t("settings.calendars.go_on"))),
                ("disconnect", _sure(t("settings.calendars.disconnect"), CalendarsState.disconnect)),
                ("renew", _sure(t("settings.calendars.renew"), CalendarsState.renew_feed(_STATE.feed.id))),
                ("end", _sure(t("settings.calendars.end"), CalendarsState.end_feed)),
                rx.fragment(),
            )
        ],
    )


def _caldav() -> rx.Component:
    problems = _STATE.problems
    return rx.el.form(
        field(
            t("settings.calendars.address"),
            "address",
            type="url",
            placeholder="https://caldav.icloud.com",
            help=t("settings.calendars.address_help"),
            error=problems["address"],
            auto_complete="off",
            auto_capitalize="none",
        ),
        field(
            t("settings.calendars.user"),
            "user",
            error=problems["user"],
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
        ),
        field(
            t("settings.calendars.password"),
            "password",
            type="password",
            help=t("settings.calendars.password_help"),
            error=problems["password"],
            auto_complete="off",
        ),
        _technician(),
        rx.cond(_STATE.choices, _which(), rx.fragment()),
        id="calendar-form",
        on_submit=CalendarsState.connect_caldav,
        no_validate=True,
        class_name="grid gap-4",
    )


def _which() -> rx.Component:
    return rx.fragment(
        banner(t("settings.calendars.works"), tone="ok", icon="check", card=True),
        select(t("settings.calendars.which"), "calendar", _STATE.choices, error=_STATE.problems["calendar"]),
    )


def _consent(provider: str) -> rx.Component:
    return rx.el.form(
        rx.el.p(t(f"settings.calendars.consent.{provider}"), class_name="cb-muted"),
        _technician(),
        id="calendar-form",
        on_submit=CalendarsState.begin_consent,
        no_validate=True,
        class_name="grid gap-4",
    )


def _technician() -> rx.Component:
    return select(
        t("settings.calendars.whose"),
        "technician",
        _STATE.technicians,
        help=t("settings.calendars.whose_help"),
        error=_STATE.problems["technician"],
    )


def _submit(label: Any) -> rx.Component:
    return button(label, kind="primary", icon="check", submit=True, form="calendar-form", busy=_STATE.busy)


def _sure(label: Any, on_click: Any) -> rx.Component:
    return rx.fragment(
        button(t("settings.cancel"), on_click=CalendarsState.close),
        button(label, kind="destructive", on_click=on_click),
    )
