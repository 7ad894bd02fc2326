"""One's own profile, password, notifications and sessions; every member of the team has this page."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.pwa import install_card, push_switch
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.ui import (
    button,
    field,
    glyph_tile,
    icon,
    list_row,
    password_field,
    rows,
    select,
    tag,
    toggle,
    two_lines,
)
from carbot_app.kit.languages import LANGUAGE_NAMES
from carbot_app.state.settings_devices import DevicesState
from carbot_app.state.settings_profile import ProfileState

_PROFILE: Any = ProfileState
_DEVICES: Any = DevicesState
_LANGUAGES = list(LANGUAGE_NAMES.items())


def devices_section() -> Any:
    """Cards below each other; what does not apply to this person is not there."""
    return loaded(
        _PROFILE.status,
        stack(
            _profile(),
            rx.cond(_DEVICES.gets_pushes, rx.fragment(_notifications(), _quiet_hours())),
            _install(),
            _password(),
            _sessions(),
        ),
        on_retry=[ProfileState.load, DevicesState.load],
        shape="text",
    )


def _profile() -> rx.Component:
    return part(
        t("settings.profile.title"),
        rx.el.form(
            rx.el.div(
                field(
                    t("settings.profile.name"),
                    "name",
                    error=_PROFILE.problems["name"],
                    default_value=_PROFILE.name,
                    auto_complete="name",
                ),
                select(
                    t("settings.profile.language"), "language", _LANGUAGES, default_value=_PROFILE.language
                ),
                class_name="grid gap-4 md:grid-cols-2",
            ),
            rx.el.div(
                button(t("settings.save"), icon="check", submit=True, busy=_PROFILE.busy == "profile"),
                class_name="flex",
            ),
            on_submit=ProfileState.save_profile,
            no_validate=True,
            class_name="grid gap-4",
        ),
        text=t("settings.profile.email", email=_PROFILE.email),
    )


def _password() -> rx.Component:
    return part(
        t("settings.password.title"),
        rx.el.form(
            rx.el.div(
                password_field(t("settings.password.old"), "old", error=_PROFILE.problems["old"]),
                password_field(
                    t("settings.password.new"),
                    "password",
                    new=True,
                    help=t("settings.password.help"),
                    error=_PROFILE.problems["password"],
                ),
                class_name="grid gap-4 md:grid-cols-2",
            ),
            rx.el.div(
                button(
                    t("settings.password.change"), icon="lock", submit=True, busy=_PROFILE.busy == "password"
                ),
                class_name="flex",
            ),
            on_submit=ProfileState.change_password,
            no_validate=True,
            key=f"password-{_PROFILE.passwords_changed}",
            class_name="grid gap-4",
        ),
    )


def _notifications() -> rx.Component:
    return part(
        t("settings.push.title"),
        push_switch(language=_PROFILE.language, on_change=DevicesState.load),
        rx.cond(
            _DEVICES.devices.length() > 0,
            rx.el.div(
                rx.el.h3(t("settings.push.devices"), class_name="cb-label"),
                rows(rx.foreach(_DEVICES.devices, _device), class_name="-mx-4"),
                class_name="grid gap-1",
            ),
        ),
        text=t("settings.push.text"),
    )


def _device(device: Any) -> rx.Component:
    return list_row(
        glyph_tile("bell"),
        two_lines(
            _named(device.name),
            rx.cond(
                device.rang != "",
                t("settings.push.rang", when=device.rang),
                t("settings.push.since", when=device.since),
            ),
        ),
    )


def _quiet_hours() -> rx.Component:
    times = rx.el.form(
        _time("push_quiet_from", t("settings.push.from"), _PROFILE.quiet_from),
        _time("push_quiet_to", t("settings.push.to"), _PROFILE.quiet_to),
        button(t("settings.save"), icon="check", submit=True, busy=_PROFILE.busy == "quiet"),
        on_submit=ProfileState.save_quiet,
        no_validate=True,
        class_name="grid grid-cols-2 md:grid-cols-[128px_128px_auto] gap-3 items-start"
        " md:[&>.cb-btn]:mt-[26px] [&>.cb-btn]:justify-self-start",
    )
    hot = rx.el.div(
        toggle(
            t("settings.push.hot"),
            "push_hot_always",
            checked=_PROFILE.hot_always,
            on_change=ProfileState.set_hot_always,
        ),
        rx.el.p(t("settings.push.hot_text"), class_name="cb-muted cb-dense"),
    )
    return part(
        t("settings.push.quiet"),
        toggle(
            t("settings.push.quiet_text"), "quiet", checked=_PROFILE.quiet, on_change=ProfileState.set_quiet
        ),
        rx.cond(_PROFILE.quiet, rx.fragment(times, hot)),
    )


def _time(name: str, label: Any, value: Any) -> rx.Component:
    return field(label, name, type="time", error=_PROFILE.problems[name], default_value=value)


def _install() -> rx.Component:
    return part(t("settings.install.title"), install_card(), text=t("settings.install.text"))


def _sessions() -> rx.Component:
    return part(
        t("settings.sessions.title"), rows(rx.foreach(_DEVICES.sessions, _session), class_name="-mx-4")
    )


def _session(session: Any) -> rx.Component:
    return list_row(
        rx.el.span(icon(session.icon, 18), class_name="cb-glyph cb-tone-neutral"),
        two_lines(_named(session.name), t("settings.sessions.seen", when=session.seen)),
        rx.cond(
            session.current,
            tag(t("settings.sessions.current"), tone="ok"),
            button(
                t("settings.sessions.end"),
                size="sm",
                aria_label=t("settings.sessions.end_named", name=_named(session.name)),
                on_click=DevicesState.sign_out(session.id),
            ),
        ),
    )


def _named(name: Any) -> Any:
    return rx.cond(name != "", name, t("settings.sessions.unknown"))
