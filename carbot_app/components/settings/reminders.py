"""When customers are reminded, above what was sent to them."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.frame import part
from carbot_app.components.ui import button, field
from carbot_app.state.settings_reminders import RemindersState

_REMINDERS: Any = RemindersState
_QUIET = "settings.reminders.quiet_"


def reminders_part() -> rx.Component:
    """One form for those who may change it."""
    return rx.cond(
        _REMINDERS.may_change,
        rx.el.form(
            part(
                t("settings.reminders.title"),
                rx.el.div(
                    _text("reminder_hours", t("settings.reminders.hours"), _REMINDERS.hours),
                    _text(
                        "quiet_from", t("settings.reminders.quiet_from"), _REMINDERS.quiet_from, clock=True
                    ),
                    _text("quiet_to", t(f"{_QUIET}to"), _REMINDERS.quiet_to, clock=True),
                    class_name="grid gap-4 md:grid-cols-3 items-start",
                    key=f"{_REMINDERS.version}",
                ),
                rx.el.p(t("settings.reminders.quiet_text"), class_name="cb-muted"),
                rx.el.div(
                    button(t("settings.reminders.save"), kind="primary", icon="check", submit=True),
                    class_name="flex justify-end max-md:grid max-md:justify-stretch",
                ),
                text=t("settings.reminders.text"),
            ),
            on_submit=RemindersState.save,
            no_validate=True,
        ),
    )


def _text(name: str, label: Any, value: Any, *, clock: bool = False) -> rx.Component:
    return field(
        label,
        name,
        type="time" if clock else "text",
        error=_REMINDERS.problems[name],
        default_value=value,
    )
