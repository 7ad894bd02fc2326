"""The staff app on a device: update notice, install offer with the iOS hint, push switch."""

from typing import Any

import reflex as rx
from reflex.vars.base import Var

from carbot_app.components.i18n import t
from carbot_app.components.ui.buttons import button
from carbot_app.components.ui.icons import icon
from carbot_app.components.ui.markup import given
from carbot_app.components.ui.overlays import open_dialog, sheet
from carbot_app.components.ui.surfaces import card, glyph_tile


class _UpdateNotice(rx.Component):
    library = "$/public/kit/pwa"
    tag = "UpdateNotice"

    text: Var[str]
    action: Var[str]


class _InstallOffer(rx.Component):
    library = "$/public/kit/pwa"
    tag = "InstallOffer"

    state: Var[str]


class _PushSwitch(rx.Component):
    library = "$/public/kit/pwa"
    tag = "PushSwitch"

    on: Var[str]
    off: Var[str]
    enable: Var[str]
    disable: Var[str]
    denied: Var[str]
    install_first: Var[str]
    unsupported: Var[str]
    failed: Var[str]
    language: Var[str]
    on_change: rx.EventHandler[rx.event.no_args_event_spec]


def update_notice() -> rx.Component:
    """Registers the service worker and says when a newer version waits; ``staff_shell`` brings it."""
    return _UpdateNotice.create(text=t("staff.pwa.update"), action=t("staff.pwa.update_now"))


def install_card() -> rx.Component:
    """Offers to install the app where that is possible; "Später" hides it for two weeks."""
    return rx.fragment(
        _InstallOffer.create(_offer(data_install="true"), state="available"),
        _InstallOffer.create(_offer(on_click=open_dialog("install-ios")), state="ios"),
        sheet(
            t("staff.pwa.ios_title"),
            rx.el.ol(
                _ios_step("share", t("staff.pwa.ios_step_1")),
                _ios_step("square-plus", t("staff.pwa.ios_step_2")),
                _ios_step("house", t("staff.pwa.ios_step_3")),
                class_name="grid gap-4",
            ),
            id="install-ios",
        ),
    )


def push_switch(*, language: Any = None, on_change: Any = None) -> rx.Component:
    """Turns notifications of this device on or off, or says why that cannot be done here."""
    return _PushSwitch.create(
        on=t("staff.pwa.push_on"),
        off=t("staff.pwa.push_off"),
        enable=t("staff.pwa.push_enable"),
        disable=t("staff.pwa.push_disable"),
        denied=t("staff.pwa.push_blocked"),
        install_first=t("staff.pwa.push_install_first"),
        unsupported=t("staff.pwa.push_unsupported"),
        failed=t("staff.pwa.push_failed"),
        **given(language=language, on_change=on_change),
    )


def _offer(**props: Any) -> rx.Component:
    return card(
        rx.el.div(
            glyph_tile("smartphone", tone="accent"),
            rx.el.p(t("staff.pwa.install_text")),
            class_name="flex items-center gap-3",
        ),
        rx.el.div(
            button(t("staff.pwa.later"), kind="ghost", data_later="true"),
            button(t("staff.pwa.install"), icon="download", **props),
            class_name="flex justify-end gap-2 mt-3",
        ),
    )


def _ios_step(glyph: str, text: Any) -> rx.Component:
    return rx.el.li(icon(glyph, 22, class_name="text-primary"), text, class_name="flex items-center gap-3")
