"""What one is told about and how, the daily mail, and who is rung when nobody answers."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.ui import select
from carbot_app.state.settings_notices import NoticesState

_NOTICES: Any = NoticesState
_WAYS = ("push", "mail", "sound")
_GRID = "grid grid-cols-[minmax(0,1fr)_repeat(3,56px)] items-center gap-x-1"


def notices_section() -> Any:
    """Cards below each other."""
    return loaded(
        _NOTICES.status,
        stack(_kinds(), _digest(), rx.cond(_NOTICES.may_manage, _escalation())),
        on_retry=NoticesState.load,
    )


def _kinds() -> rx.Component:
    return part(
        t("settings.notices.kinds_title"),
        rx.el.div(
            rx.el.div(
                rx.el.span(),
                *(
                    rx.el.span(
                        t(f"settings.notices.way.{way}"),
                        class_name="cb-dense cb-muted text-center font-[600]",
                    )
                    for way in _WAYS
                ),
                aria_hidden="true",
                class_name=_GRID,
            ),
            rx.el.ul(
                rx.foreach(_NOTICES.rows, _kind),
                class_name="[&>li+li]:border-t [&>li+li]:border-base-300",
            ),
        ),
        text=t("settings.notices.kinds_text"),
    )


def _kind(row: Any) -> rx.Component:
    checked = {"push": row.push, "mail": row.mail, "sound": row.sound}
    return rx.el.li(
        rx.el.span(row.name, class_name="min-w-0 break-words py-2"),
        *(
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    name=way,
                    checked=checked[way],
                    aria_label=row.name + ": " + t(f"settings.notices.way.{way}"),
                    on_change=_switch(row, way),
                    class_name="cb-check",
                ),
                class_name="grid place-items-center min-h-11 cursor-pointer",
            )
            for way in _WAYS
        ),
        key=row.kind,
        class_name=_GRID,
    )


def _switch(row: Any, way: str) -> Any:
    return lambda on: NoticesState.set_way(row.kind, way, on)


def _digest() -> rx.Component:
    return part(
        t("settings.notices.digest_title"),
        select(
            t("settings.notices.digest_at"),
            "digest_at",
            _NOTICES.digest_choices,
            value=_NOTICES.digest_at,
            on_change=NoticesState.set_digest,
        ),
        text=t("settings.notices.digest_text"),
    )


def _escalation() -> rx.Component:
    return part(
        t("settings.notices.escalation_title"),
        rx.el.div(
            select(
                t("settings.notices.after"),
                "minutes",
                _NOTICES.minute_choices,
                value=_NOTICES.minutes,
                on_change=NoticesState.set_minutes,
            ),
            rx.el.div(
                rx.el.label(t("settings.notices.first"), html_for="escalation-person", class_name="cb-label"),
                rx.el.select(
                    rx.el.option(t("settings.notices.everybody"), value=""),
                    rx.foreach(_NOTICES.people, lambda pair: rx.el.option(pair[1], value=pair[0])),
                    id="escalation-person",
                    name="person",
                    value=_NOTICES.person,
                    on_change=NoticesState.set_person,
                    class_name="cb-input",
                ),
                class_name="cb-field",
            ),
            class_name="grid grid-cols-1 gap-4 md:grid-cols-2",
        ),
        text=t("settings.notices.escalation_text"),
    )
