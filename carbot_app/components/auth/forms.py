"""The forms around signing in."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.post_form import post_form
from carbot_app.components.ui import (
    button,
    button_link,
    empty_state,
    field,
    form_error,
    link,
    password_field,
    when,
)
from carbot_app.state.auth import AuthState


def sign_in_form() -> rx.Component:
    """Mail and password, then on to where the person wanted to go."""
    return post_form(
        _problem(),
        field(t("auth.email"), "email", type="email", error=_error("email"), auto_focus=True),
        password_field(t("auth.password"), error=_error("password")),
        link(t("auth.forgot"), href="/passwort/", class_name="cb-link justify-self-start"),
        button(t("auth.sign_in"), kind="primary", size="lg", submit=True, block=True),
        action="/api/auth/sign-in",
        next="/heute/",
        on_problem=AuthState.show_problem,
    )


def sign_up_form() -> rx.Component:
    """A new workshop with its owner."""
    return post_form(
        _problem(),
        field(t("auth.workshop_name"), "workshop_name", error=_error("workshop_name"), auto_focus=True),
        field(t("auth.city"), "city", error=_error("city"), auto_complete="address-level2"),
        field(t("auth.person_name"), "person_name", error=_error("person_name"), auto_complete="name"),
        field(t("auth.email"), "email", type="email", error=_error("email")),
        password_field(t("auth.password"), new=True, help=t("auth.password_help"), error=_error("password")),
        button(t("auth.sign_up"), kind="primary", size="lg", submit=True, block=True),
        action="/api/auth/sign-up",
        next="/heute/",
        on_problem=AuthState.show_problem,
    )


def password_form() -> rx.Component:
    """Ask for a link; with a link, choose a new password."""
    ask = post_form(
        _problem(),
        field(t("auth.email"), "email", type="email", error=_error("email"), auto_focus=True),
        button(t("auth.send_link"), kind="primary", size="lg", submit=True, block=True),
        action="/api/auth/reset-request",
        on_problem=AuthState.show_problem,
        on_done=AuthState.show_mail_sent,
    )
    choose = post_form(
        _problem(),
        password_field(
            t("auth.new_password"), new=True, help=t("auth.password_help"), error=_error("password")
        ),
        button(t("auth.save_password"), kind="primary", size="lg", submit=True, block=True),
        action="/api/auth/reset",
        next="/heute/",
        from_query=("token",),
        on_problem=AuthState.show_problem,
    )
    sent = empty_state(
        "mail",
        t("auth.sent_title"),
        t("auth.sent_text"),
        button_link(t("auth.back_to_sign_in"), href="/anmelden/"),
    )
    return rx.cond(AuthState.has_token, choose, rx.cond(AuthState.mail_sent, sent, ask))


def _problem() -> rx.Component:
    return rx.fragment(
        form_error(AuthState.problem),
        when(AuthState.unreachable, form_error(t("auth.unreachable"))),
    )


def _error(name: str) -> Any:
    return AuthState.problems[name]
