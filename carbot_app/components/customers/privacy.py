"""What a customer may demand: to be told what is stored, and to be forgotten."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.frame import copy_button
from carbot_app.components.ui import (
    banner,
    bar,
    button,
    button_link,
    card,
    field,
    form_error,
    pane,
    radio_card,
    two_lines,
)
from carbot_app.state.customer_privacy import CustomerPrivacyState
from carbot_app.state.session import SessionState

_PRIVACY: Any = CustomerPrivacyState
_SESSION: Any = SessionState
_CHECKS = ("known", "document", "channel", "callback")


def privacy_card() -> Any:
    """Below everything else in the file, for the owner."""
    return rx.cond(
        _SESSION.permissions.contains("privacy.manage"),
        card(
            rx.el.div(
                rx.el.h2(t("privacy.person.title"), class_name="cb-heading"),
                rx.el.p(t("privacy.person.text"), class_name="cb-muted cb-dense mt-0.5"),
            ),
            rx.el.div(
                button(
                    t("privacy.person.export"),
                    icon="download",
                    on_click=CustomerPrivacyState.open_export,
                    aria_haspopup="dialog",
                ),
                button(
                    t("privacy.person.erase"),
                    icon="trash-2",
                    on_click=CustomerPrivacyState.open_erase,
                    aria_haspopup="dialog",
                ),
                class_name="flex flex-wrap gap-2 max-md:grid",
            ),
            class_name="grid grid-cols-1 gap-3",
        ),
    )


def privacy_pane() -> rx.Component:
    """One form over the file."""
    is_export = _PRIVACY.task == "export"
    return pane(
        rx.cond(is_export, t("privacy.person.export_title"), t("privacy.person.erase_title")),
        rx.match(_PRIVACY.task, ("export", _export()), ("erase", _erase()), rx.fragment()),
        id="customer-privacy",
        open=_PRIVACY.task != "",
        on_close=CustomerPrivacyState.close,
        actions=[
            rx.cond(
                is_export,
                button(
                    t("privacy.person.export_start"),
                    kind="primary",
                    submit=True,
                    form="privacy-export-form",
                    busy=_PRIVACY.busy,
                ),
                rx.cond(
                    _PRIVACY.obstacles.length() > 0,
                    rx.fragment(),
                    button(
                        t("privacy.person.erase_button"),
                        kind="destructive",
                        submit=True,
                        form="privacy-erase-form",
                        busy=_PRIVACY.busy,
                    ),
                ),
            )
        ],
    )


def _export() -> rx.Component:
    return rx.el.div(
        rx.el.p(t("privacy.person.export_text")),
        rx.cond(
            _PRIVACY.exports.length() > 0,
            rx.el.section(
                rx.el.h3(t("privacy.person.earlier"), class_name="cb-heading"),
                rx.el.ul(rx.foreach(_PRIVACY.exports, _waiting), class_name="grid [&>li+li]:border-t"),
                aria_live="polite",
                class_name="grid gap-1",
            ),
        ),
        rx.el.form(
            _identity(),
            id="privacy-export-form",
            on_submit=CustomerPrivacyState.request,
            no_validate=True,
        ),
        class_name="grid grid-cols-1 gap-5",
    )


def _waiting(line: Any) -> rx.Component:
    return rx.el.li(
        two_lines(line.title, line.meta),
        rx.match(
            line.state,
            (
                "ready",
                rx.el.div(
                    button_link(
                        t("privacy.person.download"),
                        href=line.href,
                        icon="download",
                        size="sm",
                        external=True,
                        download=True,
                    ),
                    button(
                        rx.cond(line.has_link, t("privacy.person.new_link"), t("privacy.person.link")),
                        size="sm",
                        icon="link",
                        on_click=CustomerPrivacyState.make_link(line.id),
                    ),
                    class_name="flex flex-wrap gap-2",
                ),
            ),
            ("failed", rx.fragment()),
            bar(line.percent, label=line.title),
        ),
        rx.cond(_PRIVACY.link_of == line.id, _link()),
        class_name="grid grid-cols-1 gap-2 py-3 border-base-300",
        key=line.id,
    )


def _link() -> rx.Component:
    return rx.el.div(
        banner(t("privacy.person.link_text"), tone="warn", icon="triangle-alert", card=True),
        rx.el.code(_PRIVACY.link, class_name="block rounded-[10px] bg-soft px-3 py-2.5 break-all font-mono"),
        rx.el.div(copy_button(_PRIVACY.link), class_name="flex"),
        class_name="grid grid-cols-1 gap-3",
    )


def _erase() -> rx.Component:
    return rx.cond(
        _PRIVACY.obstacles.length() > 0,
        rx.el.div(
            banner(
                t("privacy.person.obstacles_text"),
                title=t("privacy.person.obstacles"),
                icon="clock",
                card=True,
            ),
            _plain_list(_PRIVACY.obstacles),
            class_name="grid grid-cols-1 gap-4",
        ),
        rx.el.form(
            banner(t("privacy.person.erase_text"), tone="err", icon="triangle-alert", card=True),
            _goes(),
            _stays(),
            _identity(),
            field(
                t("privacy.person.typed", name=_PRIVACY.name),
                "typed",
                error=_PRIVACY.problems["typed"],
                auto_complete="off",
                spell_check=False,
            ),
            id="privacy-erase-form",
            on_submit=CustomerPrivacyState.erase,
            no_validate=True,
            class_name="grid grid-cols-1 gap-5",
        ),
    )


def _goes() -> rx.Component:
    return rx.el.section(
        rx.el.h3(t("privacy.person.goes"), class_name="cb-heading"),
        rx.cond(
            _PRIVACY.goes.length() > 0,
            _plain_list(_PRIVACY.goes),
            rx.el.p(t("privacy.person.nothing_goes"), class_name="cb-muted"),
        ),
        class_name="grid gap-1.5",
    )


def _stays() -> rx.Component:
    return rx.el.section(
        rx.el.h3(t("privacy.person.stays"), class_name="cb-heading"),
        rx.cond(
            _PRIVACY.stays.length() > 0,
            rx.el.ul(
                rx.foreach(
                    _PRIVACY.stays,
                    lambda line: rx.el.li(
                        rx.el.p(line.text, class_name="cb-num"),
                        rx.el.p(line.ground, class_name="cb-meta break-words"),
                    ),
                ),
                class_name="grid gap-2",
            ),
            rx.el.p(t("privacy.person.nothing_stays"), class_name="cb-muted"),
        ),
        class_name="grid gap-1.5",
    )


def _plain_list(lines: Any) -> rx.Component:
    return rx.el.ul(
        rx.foreach(lines, lambda text: rx.el.li(text, class_name="cb-num break-words")),
        class_name="grid gap-1 list-disc pl-5",
    )


def _identity() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(t("privacy.check.title"), class_name="cb-label"),
        rx.el.p(t("privacy.check.help"), class_name="cb-help"),
        form_error(_PRIVACY.problems["checked_by"]),
        *(
            radio_card(
                t(f"privacy.check.{check}"),
                "checked_by",
                check,
                detail=t(f"privacy.check.{check}_text"),
            )
            for check in _CHECKS
        ),
        class_name="grid gap-2",
    )
