"""API keys: list, a new one (shown once), revoking."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.settings.frame import copy_button, loaded, stack
from carbot_app.components.ui import (
    badge,
    banner,
    button,
    button_link,
    check_card,
    empty_state,
    field,
    form_error,
    list_row,
    pane,
    rows,
    two_lines,
)
from carbot_app.state.settings_keys import SCOPES, KeysState

_KEYS: Any = KeysState


def keys_section() -> rx.Component:
    """The list; creating and revoking happen in the pane."""
    nothing: Any = empty_state("key-round", t("settings.keys.empty"), t("settings.keys.empty_text"))
    return rx.fragment(
        loaded(
            _KEYS.status,
            stack(
                rx.el.div(
                    button_link(
                        t("settings.keys.docs"),
                        href="/api/docs",
                        icon="book-open",
                        external=True,
                        target="_blank",
                    ),
                    button(
                        t("settings.keys.create"), kind="primary", icon="plus", on_click=KeysState.ask_create
                    ),
                    class_name="flex justify-end gap-2 max-md:grid max-md:justify-stretch",
                ),
                rx.el.div(
                    rx.cond(_KEYS.keys.length() > 0, rows(rx.foreach(_KEYS.keys, _key)), nothing),
                    class_name="cb-card",
                ),
            ),
            on_retry=KeysState.load,
        ),
        _pane(),
    )


def _key(key: Any) -> rx.Component:
    dates = rx.cond(
        key.revoked != "",
        t("settings.keys.revoked", when=key.revoked),
        rx.cond(key.used != "", t("settings.keys.used", when=key.used), t("settings.keys.unused")),
    )
    scopes = rx.foreach(
        key.scopes,
        lambda scope, place: rx.fragment(rx.cond(place > 0, ", ", ""), t_choice("settings.scope", scope)),
    )
    return list_row(
        rx.el.div(
            two_lines(
                rx.fragment(key.name, rx.el.span(" · ", key.prefix, "…", class_name="cb-muted font-mono")),
                dates,
            ),
            rx.el.p(scopes, class_name="cb-dense cb-muted mt-0.5"),
            class_name="grid min-w-0 flex-1",
        ),
        rx.cond(
            key.revoked != "",
            badge("cancelled", t("settings.keys.over")),
            rx.fragment(
                badge("done", t("settings.keys.works")),
                button(
                    t("settings.keys.revoke"),
                    size="sm",
                    aria_label=t("settings.keys.revoke_named", name=key.name),
                    on_click=KeysState.ask_revoke(key.id),
                ),
            ),
        ),
        class_name="flex-wrap",
    )


def _pane() -> rx.Component:
    task = _KEYS.task
    return pane(
        rx.match(
            task,
            ("shown", t("settings.keys.shown_title")),
            ("revoke", t("settings.keys.revoke_title")),
            t("settings.keys.create"),
        ),
        rx.match(
            task,
            ("create", _form()),
            ("shown", _secret()),
            ("revoke", rx.el.p(t("settings.keys.revoke_text", name=_KEYS.chosen.name))),
            rx.fragment(),
        ),
        id="api-key",
        open=task != "",
        on_close=KeysState.close,
        actions=[rx.match(task, ("create", _create()), ("revoke", _revoke()), _done())],
    )


def _form() -> rx.Component:
    return rx.el.form(
        field(
            t("settings.keys.name"),
            "name",
            help=t("settings.keys.name_help"),
            error=_KEYS.problems["name"],
            auto_complete="off",
        ),
        rx.el.fieldset(
            rx.el.legend(t("settings.keys.scopes"), class_name="cb-label"),
            form_error(_KEYS.problems["scopes"]),
            *(check_card(t(f"settings.scope.{scope}"), scope, "on") for scope in SCOPES),
            class_name="grid gap-2",
        ),
        id="key-form",
        on_submit=KeysState.create,
        no_validate=True,
        class_name="grid gap-4",
    )


def _secret() -> rx.Component:
    return rx.el.div(
        banner(t("settings.keys.shown_text"), tone="warn", icon="triangle-alert", card=True),
        rx.el.code(_KEYS.secret, class_name="block rounded-[10px] bg-soft px-3 py-2.5 break-all font-mono"),
        rx.el.div(copy_button(_KEYS.secret), class_name="flex"),
        class_name="grid gap-4",
    )


def _create() -> rx.Component:
    return button(
        t("settings.keys.create"), kind="primary", icon="check", submit=True, form="key-form", busy=_KEYS.busy
    )


def _done() -> rx.Component:
    return button(t("settings.keys.done"), kind="primary", on_click=KeysState.close)


def _revoke() -> rx.Component:
    return rx.fragment(
        button(t("settings.cancel"), on_click=KeysState.close),
        button(t("settings.keys.revoke"), kind="destructive", busy=_KEYS.busy, on_click=KeysState.revoke),
    )
