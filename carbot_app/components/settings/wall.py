"""The screen on the workshop's wall: its link, and whether it shows names."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.frame import copy_button, loaded, part
from carbot_app.components.ui import button, button_link, pane, toggle
from carbot_app.state.settings_wall import WallState

_WALL: Any = WallState


def wall_part() -> rx.Component:
    """A card of its own; what makes screens go dark is asked in the pane."""
    return rx.fragment(
        loaded(
            _WALL.status,
            part(
                t("wall.title"),
                rx.cond(_WALL.path != "", _link(), _none()),
                text=t("wall.settings.text"),
            ),
            on_retry=WallState.load,
        ),
        _pane(),
    )


def _none() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("wall.settings.none"), class_name="cb-muted"),
        button(t("wall.settings.make"), icon="monitor", on_click=WallState.make),
        class_name="grid gap-3 justify-items-start",
    )


def _link() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(t("wall.settings.link"), class_name="cb-label"),
            rx.el.code(_WALL.url, class_name="block rounded-[10px] bg-soft px-3 py-2.5 break-all font-mono"),
            class_name="grid gap-1.5",
        ),
        rx.el.div(
            button_link(
                t("wall.settings.open"), href=_WALL.path, icon="external-link", external=True, target="_blank"
            ),
            copy_button(_WALL.url),
            button(t("wall.settings.renew"), icon="refresh-cw", on_click=WallState.ask("renew")),
            button(t("wall.settings.revoke"), icon="trash-2", on_click=WallState.ask("revoke")),
            class_name="flex flex-wrap gap-2",
        ),
        rx.el.div(
            toggle(
                t("wall.settings.names"),
                "wall-names",
                checked=_WALL.shows_names,
                on_change=WallState.show_names,
            ),
            rx.el.p(t("wall.settings.names_help"), class_name="cb-muted cb-dense"),
        ),
        class_name="grid gap-4",
    )


def _pane() -> rx.Component:
    is_renewal = _WALL.task == "renew"
    return pane(
        rx.cond(is_renewal, t("wall.settings.renew_title"), t("wall.settings.revoke_title")),
        rx.el.p(rx.cond(is_renewal, t("wall.settings.renew_text"), t("wall.settings.revoke_text"))),
        id="wall-link",
        open=_WALL.task != "",
        on_close=WallState.close,
        actions=[
            button(t("wall.settings.keep"), on_click=WallState.close),
            rx.cond(
                is_renewal,
                button(t("wall.settings.renew"), kind="primary", on_click=WallState.make),
                button(t("wall.settings.revoke"), kind="destructive", on_click=WallState.revoke),
            ),
        ],
    )
