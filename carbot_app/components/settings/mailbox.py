"""The workshop's mailbox: its state, connecting it, and mails that are in no thread."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.settings.frame import loaded, part, stack
from carbot_app.components.ui import (
    badge,
    button,
    field,
    form_error,
    glyph_tile,
    list_row,
    pane,
    rows,
    tag,
    two_lines,
)
from carbot_app.state.settings_mailbox import MailboxState

_STATE: Any = MailboxState
_SIGNS = {"ok": "done", "failing": "waiting", "revoked": "overdue"}


def mailbox_section() -> rx.Component:
    """The account and the list; connecting, questions and a mail's words are in the pane."""
    return rx.fragment(
        loaded(
            _STATE.status,
            stack(
                _account(),
                rx.cond(_STATE.kept.length() > 0, _kept_mails(), rx.fragment()),
            ),
            on_retry=MailboxState.load,
        ),
        _pane(),
    )


def _account() -> rx.Component:
    connect = button(
        t("mailbox.connect"), kind="primary", icon="plus", on_click=MailboxState.ask("connect", "")
    )
    return part(
        t("mailbox.title"),
        rx.cond(
            _STATE.box.address != "",
            _connected(),
            rx.el.div(
                rx.el.p(t("mailbox.empty"), class_name="cb-muted"),
                connect,
                class_name="grid gap-3 justify-items-start",
            ),
        ),
        text=t("mailbox.text"),
    )


def _connected() -> rx.Component:
    box = _STATE.box
    signs = [
        (state, badge(sign, t(f"mailbox.state.{state}")))  # type: ignore[arg-type]
        for state, sign in _SIGNS.items()
    ]
    checked = rx.cond(box.checked != "", t("mailbox.checked", when=box.checked), t("mailbox.never_checked"))
    retry = button(t("mailbox.retry"), size="sm", icon="refresh-cw", on_click=MailboxState.try_again)
    return rx.el.div(
        rx.el.div(
            glyph_tile("mail"),
            rx.el.div(
                rx.el.p(box.address, class_name="font-[600]"),
                rx.el.p(
                    checked, " · ", t("mailbox.taken", count=_STATE.taken), class_name="cb-muted cb-dense"
                ),
                rx.el.p(box.servers, class_name="cb-faint cb-dense"),
                class_name="min-w-0 flex-1 break-words",
            ),
            rx.el.div(
                rx.match(box.state, *signs, rx.fragment()), class_name="max-md:order-first max-md:basis-full"
            ),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-2 w-full min-w-0",
        ),
        rx.cond(
            box.problem != "", rx.el.p(box.problem, class_name="cb-dense cb-problem w-full"), rx.fragment()
        ),
        rx.el.div(
            rx.cond(box.state != "ok", retry, rx.fragment()),
            button(t("mailbox.change"), size="sm", icon="pencil", on_click=MailboxState.ask("connect", "")),
            button(t("mailbox.disconnect"), size="sm", on_click=MailboxState.ask("disconnect", "")),
            class_name="flex flex-wrap gap-2 w-full md:justify-end",
        ),
        class_name="grid gap-3",
    )


def _kept_mails() -> rx.Component:
    return part(
        t("mailbox.kept"),
        rows(rx.foreach(_STATE.kept, _kept_mail), class_name="-mx-4 -mb-4"),
        text=rx.cond(
            _STATE.waiting > 0, t("mailbox.kept_waiting", count=_STATE.waiting), t("mailbox.kept_text")
        ),
    )


def _kept_mail(mail: Any) -> rx.Component:
    return list_row(
        two_lines(mail.subject, rx.fragment(mail.sender, " · ", mail.when), class_name="max-md:basis-full"),
        rx.cond(mail.waits, badge("waiting", mail.reason), tag(mail.reason)),
        button(
            t("mailbox.read"),
            size="sm",
            aria_label=t("mailbox.read_named", subject=mail.subject),
            on_click=MailboxState.ask("read", mail.id),
        ),
        class_name="max-md:flex-wrap",
    )


def _pane() -> rx.Component:
    cancel = button(t("settings.cancel"), on_click=MailboxState.close)
    test = button(
        t("mailbox.go"), kind="primary", icon="check", submit=True, form="mailbox-form", busy=_STATE.busy
    )
    end = button(t("mailbox.disconnect"), kind="destructive", on_click=MailboxState.disconnect)
    take = button(
        t("mailbox.take_in"), kind="primary", icon="inbox", on_click=MailboxState.take_in, busy=_STATE.busy
    )
    return pane(
        rx.match(
            _STATE.task,
            ("disconnect", t("mailbox.ask_disconnect")),
            ("read", _STATE.chosen.subject),
            t("mailbox.connect"),
        ),
        form_error(_STATE.problems["form"]),
        rx.match(
            _STATE.task,
            ("connect", _form()),
            ("disconnect", rx.el.p(t("mailbox.ask_disconnect_text"))),
            ("read", _mail()),
            rx.fragment(),
        ),
        id="mailbox",
        open=_STATE.task != "",
        on_close=MailboxState.close,
        actions=[
            rx.match(
                _STATE.task,
                ("connect", test),
                ("disconnect", rx.fragment(cancel, end)),
                ("read", rx.cond(_STATE.chosen.can_take, take, rx.fragment())),
                rx.fragment(),
            )
        ],
    )


def _mail() -> rx.Component:
    mail = _STATE.chosen
    return rx.el.div(
        rx.el.p(mail.sender, " · ", mail.when, class_name="cb-muted cb-dense"),
        rx.el.p(mail.reason, class_name="cb-dense"),
        rx.el.p(mail.text, class_name="whitespace-pre-wrap break-words"),
        class_name="grid gap-3 min-w-0",
    )


def _form() -> rx.Component:
    problems, box = _STATE.problems, _STATE.box
    return rx.el.form(
        field(
            t("mailbox.address"),
            "address",
            type="email",
            default_value=box.address,
            placeholder="info@werkstatt.de",
            error=problems["address"],
            auto_complete="off",
            auto_capitalize="none",
        ),
        field(
            t("mailbox.password"),
            "password",
            type="password",
            help=t("mailbox.password_help"),
            error=problems["password"],
            auto_complete="off",
        ),
        field(
            t("mailbox.incoming"),
            "incoming",
            default_value=box.incoming,
            placeholder="imap.werkstatt.de:993",
            help=t("mailbox.server_help"),
            error=problems["incoming"],
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
        ),
        field(
            t("mailbox.outgoing"),
            "outgoing",
            default_value=box.outgoing,
            placeholder="smtp.werkstatt.de:465",
            error=problems["outgoing"],
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
        ),
        field(
            t("mailbox.user"),
            "user",
            default_value=box.user,
            help=t("mailbox.user_help"),
            error=problems["user"],
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
        ),
        id="mailbox-form",
        on_submit=MailboxState.connect,
        no_validate=True,
        class_name="grid gap-4",
    )
