"""/w/<slug>/widerruf: withdraw from a contract, without an account (§ 356a BGB)."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import page_words, t
from carbot_app.components.post_form import post_form
from carbot_app.components.public_facts import public_fact
from carbot_app.components.ui import button, field, form_error, icon
from carbot_app.components.ui.markup import when
from carbot_app.components.workshop_frame import workshop_href, workshop_shell
from carbot_app.state.withdrawal import WithdrawalState

_STATE: Any = WithdrawalState


def withdrawal_page() -> rx.Component:
    """Three fields and a button, then the receipt in their place."""
    return workshop_shell(
        rx.el.article(
            page_words("withdrawal"),
            rx.el.div(
                rx.el.h1(t("withdrawal.form.title"), class_name="cb-hero"),
                rx.el.p(
                    t("withdrawal.form.lead", workshop=public_fact("workshop")), class_name="cb-muted mt-1"
                ),
                _form(),
                rx.el.a(
                    t("withdrawal.form.info"),
                    href=workshop_href("widerrufsbelehrung"),
                    class_name="cb-link cb-tap justify-self-start",
                ),
                hidden=_STATE.received != "",
                class_name="grid gap-4",
            ),
            rx.el.div(when(_STATE.received != "", _receipt()), role="status", class_name="cb-live"),
            class_name="max-w-[560px]",
        )
    )


def _form() -> rx.Component:
    return post_form(
        when(_STATE.unreachable, form_error(t("ui.error.text"))),
        when(_STATE.problem != "", form_error(_STATE.problem)),
        _field("name", t("withdrawal.form.name"), auto_complete="name", max_length=120),
        _field(
            "contract",
            t("withdrawal.form.contract"),
            help=t("withdrawal.form.contract_help"),
            default_value=_STATE.contract,
            key=_STATE.version,
            auto_complete="off",
            max_length=60,
        ),
        _field("email", t("withdrawal.form.email"), type="email", auto_complete="email", max_length=254),
        button(t("withdrawal.form.submit"), kind="primary", size="lg", submit=True, block=True),
        action=_action(),
        on_problem=WithdrawalState.show_problem,
        on_answer=WithdrawalState.show_receipt,
    )


def _action() -> Any:
    slug: Any = public_fact("slug")
    return "/api/withdrawals/" + slug


def _field(name: str, label: Any, **props: Any) -> rx.Component:
    return field(label, name, error=_STATE.problems[name], required=True, **props)


def _receipt() -> rx.Component:
    return rx.el.div(
        rx.el.span(icon("check", 26), class_name="cb-done-sign"),
        rx.el.h1(t("withdrawal.form.done_title"), class_name="cb-hero"),
        rx.el.p(t("withdrawal.form.done_text", email=_STATE.email)),
        rx.el.p(
            rx.el.span(t("withdrawal.form.received"), ": ", class_name="cb-muted"),
            rx.el.strong(_STATE.received, class_name="cb-num"),
        ),
        class_name="cb-done",
    )
