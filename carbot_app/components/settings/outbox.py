"""Mails with their state; the text of one in a pane."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t, t_choice
from carbot_app.components.settings.frame import loaded, stack
from carbot_app.components.settings.reminders import reminders_part
from carbot_app.components.ui import (
    badge,
    banner,
    button,
    empty_state,
    list_row,
    load_more,
    pane,
    rows,
    two_lines,
)
from carbot_app.state.settings_outbox import OutboxState

_OUTBOX: Any = OutboxState
_OPENED = _OUTBOX.opened
_SIGNS = {
    "queued": "planned",
    "sending": "progress",
    "held": "paused",
    "sent": "done",
    "delivered": "done",
    "read": "done",
    "unsure": "waiting",
    "dropped": "cancelled",
    "failed": "overdue",
}


def outbox_section() -> rx.Component:
    """Newest first; why nothing leaves stands above."""
    nothing: Any = empty_state("mail", t("settings.outbox.empty"), t("settings.outbox.empty_text"))
    return rx.fragment(
        loaded(
            _OUTBOX.status,
            stack(
                rx.foreach(_OUTBOX.outages, lambda found: banner(found.text, title=found.title, card=True)),
                reminders_part(),
                rx.cond(
                    _OUTBOX.has_server,
                    rx.fragment(),
                    banner(
                        t("settings.outbox.no_server"), title=t("settings.outbox.no_server_title"), card=True
                    ),
                ),
                rx.el.div(
                    rx.cond(_OUTBOX.mails.length() > 0, rows(rx.foreach(_OUTBOX.mails, _mail)), nothing),
                    class_name="cb-card",
                ),
                load_more(has_more=_OUTBOX.has_more, on_click=OutboxState.load_more, busy=_OUTBOX.busy),
            ),
            on_retry=OutboxState.load,
        ),
        _pane(),
    )


def _mail(mail: Any) -> rx.Component:
    return list_row(
        two_lines(mail.subject, mail.address),
        rx.el.span(
            _state(mail),
            rx.el.span(mail.at, class_name="cb-muted cb-dense cb-num"),
            class_name="flex-none flex items-center gap-3 max-md:grid max-md:gap-0.5",
        ),
        on_click=OutboxState.open_mail(mail.id),
    )


def _state(mail: Any) -> Any:
    signs = [(state, badge(sign, t(f"settings.outbox.state.{state}"))) for state, sign in _SIGNS.items()]  # type: ignore[arg-type]
    return rx.match(mail.state, *signs, rx.fragment())


def _pane() -> rx.Component:
    return pane(
        t("settings.outbox.mail"),
        rx.el.div(
            rx.el.div(_state(_OPENED), class_name="flex"),
            rx.el.div(
                rx.el.p(_OPENED.subject, class_name="font-[600] break-words"),
                rx.el.p(
                    t_choice("settings.outbox.channel", _OPENED.channel),
                    " · ",
                    t("settings.outbox.to", address=_OPENED.address),
                    class_name="cb-muted break-words",
                ),
                rx.cond(
                    _OPENED.sent != "",
                    rx.el.p(t("settings.outbox.sent_at", when=_OPENED.sent), class_name="cb-muted"),
                ),
            ),
            rx.cond(
                _OPENED.error != "",
                banner(
                    t("settings.outbox.error", error=_OPENED.error), tone="err", icon="st-overdue", card=True
                ),
            ),
            rx.cond(
                _OPENED.state == "unsure",
                banner(t("settings.outbox.unsure_text"), tone="warn", icon="st-waiting", card=True),
            ),
            rx.cond(
                _OUTBOX.text != "",
                rx.el.p(
                    _OUTBOX.text,
                    class_name="px-3 py-2.5 rounded-[10px] bg-soft whitespace-pre-line break-words",
                ),
                banner(t("settings.outbox.hidden"), tone="info", icon="lock", card=True),
            ),
            class_name="grid gap-4",
        ),
        id="mail",
        open=_OPENED.id != "",
        on_close=OutboxState.close_mail,
        actions=[
            rx.cond(
                _OPENED.can_retry,
                button(t("settings.outbox.retry"), icon="send", on_click=OutboxState.retry),
            )
        ],
    )
