"""Privacy: how long what is kept and why, what the night deleted, who was told and who was forgotten."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.ui import button, button_link, dialog, field, icon_button
from carbot_app.state.settings_privacy import PrivacySettingsState

_PRIVACY: Any = PrivacySettingsState
_CHOSEN = _PRIVACY.chosen
_LIST = "grid [&>li+li]:border-t"
_LINE = "flex flex-wrap items-start justify-between gap-x-4 gap-y-1 py-3 border-base-300"


def privacy_section() -> rx.Component:
    """What is kept first: it is what the law asks about first."""
    return rx.fragment(
        loaded(
            _PRIVACY.status,
            stack(_periods(), _runs(), _exports(), _erasures()),
            on_retry=PrivacySettingsState.load,
        ),
        _question(),
    )


def _periods() -> rx.Component:
    return part(
        t("privacy.settings.periods"),
        rx.el.ul(rx.foreach(_PRIVACY.periods, _period), class_name=_LIST),
        text=t("privacy.settings.periods_text"),
    )


def _period(line: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(line.title, class_name="font-[600]"),
            rx.el.p(line.ground, class_name="cb-muted cb-dense break-words"),
            class_name="min-w-0 flex-[1_1_20rem]",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.p(line.period, class_name="cb-num font-[620] md:text-right"),
                rx.cond(line.usual != "", rx.el.p(line.usual, class_name="cb-meta cb-num md:text-right")),
                rx.cond(
                    line.can_change,
                    rx.fragment(),
                    rx.el.p(t("privacy.settings.fixed"), class_name="cb-meta md:text-right"),
                ),
            ),
            rx.cond(
                line.can_change,
                icon_button(
                    "pencil",
                    t("privacy.settings.edit", kind=line.title),
                    size="sm",
                    on_click=PrivacySettingsState.ask(line.kind),
                    aria_haspopup="dialog",
                ),
                # Figures stand below each other, with a pencil or without
                rx.el.span(class_name="w-[30px] max-md:hidden"),
            ),
            class_name="flex flex-none items-start gap-2 max-md:w-full max-md:justify-between",
        ),
        class_name=_LINE,
        key=line.kind,
    )


def _runs() -> rx.Component:
    return part(
        t("privacy.settings.runs"),
        rx.el.p(
            rx.cond(
                _PRIVACY.last_run != "",
                t("privacy.settings.last", when=_PRIVACY.last_run),
                t("privacy.settings.never"),
            ),
            class_name="cb-num",
        ),
        rx.cond(
            _PRIVACY.runs.length() > 0,
            rx.el.ul(
                rx.foreach(
                    _PRIVACY.runs,
                    lambda run: rx.el.li(
                        rx.el.span(run.at, class_name="cb-num font-[600]"),
                        rx.el.span(run.counts, class_name="cb-muted cb-num"),
                        class_name=_LINE,
                        key=run.at,
                    ),
                ),
                class_name=_LIST,
                aria_label=t("privacy.settings.runs_label"),
            ),
            rx.cond(_PRIVACY.last_run != "", rx.el.p(t("privacy.settings.nothing"), class_name="cb-muted")),
        ),
        text=t("privacy.settings.next", when=_PRIVACY.next_run),
    )


def _exports() -> rx.Component:
    return part(
        t("privacy.settings.exports"),
        rx.cond(
            _PRIVACY.exports.length() > 0,
            rx.el.ul(
                rx.foreach(
                    _PRIVACY.exports,
                    lambda line: rx.el.li(
                        rx.el.div(
                            rx.el.p(line.who, class_name="font-[600] break-words"),
                            rx.el.p(line.title, class_name="cb-num"),
                            rx.el.p(line.meta, class_name="cb-muted cb-dense cb-num break-words"),
                            class_name="min-w-0 flex-[1_1_16rem]",
                        ),
                        rx.cond(
                            line.state == "ready",
                            button_link(
                                t("privacy.person.download"),
                                href=line.href,
                                icon="download",
                                size="sm",
                                external=True,
                                download=True,
                            ),
                        ),
                        class_name=_LINE,
                        key=line.id,
                    ),
                ),
                class_name=_LIST,
            ),
            rx.el.p(t("privacy.settings.no_exports"), class_name="cb-muted"),
        ),
        text=t("privacy.settings.exports_text"),
    )


def _erasures() -> rx.Component:
    return part(
        t("privacy.settings.erased"),
        rx.cond(
            _PRIVACY.erasures.length() > 0,
            rx.el.ul(
                rx.foreach(
                    _PRIVACY.erasures,
                    lambda line: rx.el.li(
                        rx.el.div(
                            rx.el.p(line.pseudonym, class_name="font-[600] cb-num"),
                            rx.el.p(line.meta, class_name="cb-muted cb-dense break-words"),
                            class_name="min-w-0",
                        ),
                        rx.el.span(line.counts, class_name="cb-muted cb-dense cb-num"),
                        class_name=_LINE,
                        key=line.id,
                    ),
                ),
                class_name=_LIST,
            ),
            rx.el.p(t("privacy.settings.no_erased"), class_name="cb-muted"),
        ),
        text=t("privacy.settings.erased_text"),
    )


def _question() -> rx.Component:
    return dialog(
        _CHOSEN.title,
        rx.el.form(
            field(
                _CHOSEN.unit,
                "period",
                help=_CHOSEN.bounds,
                error=_PRIVACY.problem,
                default_value=_CHOSEN.count,
                input_mode="numeric",
                auto_complete="off",
            ),
            id="period-form",
            key=_CHOSEN.kind,
            on_submit=PrivacySettingsState.save,
            no_validate=True,
        ),
        id="privacy-period",
        open=_CHOSEN.kind != "",
        on_close=PrivacySettingsState.close,
        actions=[
            button(t("settings.cancel"), on_click=PrivacySettingsState.close),
            button(
                t("privacy.settings.save"),
                kind="primary",
                submit=True,
                form="period-form",
                busy=_PRIVACY.busy,
            ),
        ],
    )
