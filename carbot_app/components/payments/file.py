"""One payment beside the list, and the way back for its money."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.ui import button, button_link, field, form_error, pane, when
from carbot_app.state.payments import PaymentFileState

_PANE: Any = PaymentFileState
_FILE: Any = PaymentFileState.file


def payment_pane() -> rx.Component:
    """Opened by ``PaymentFileState.show``."""
    return pane(
        t("paydesk.file.title", number=_FILE.row.number),
        rx.el.div(_facts(), _ways(), _actions(), class_name="grid grid-cols-1 gap-5"),
        id="payment-file",
        open=_PANE.open,
        on_close=PaymentFileState.close,
    )


def _facts() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span(_FILE.row.name, class_name="font-[600] break-words min-w-0"),
            rx.el.span(_FILE.row.amount, class_name="cb-num font-[620] flex-none"),
            class_name="flex items-baseline justify-between gap-4",
        ),
        rx.el.dl(
            _fact(t("paydesk.column.way"), _FILE.row.word),
            _fact(t("paydesk.column.day"), _FILE.row.day),
            *(
                when(value != "", _fact(t(f"paydesk.file.{name}"), value))
                for name, value in (
                    ("reference", _FILE.reference),
                    ("by", _FILE.by),
                    ("fee", _FILE.fee),
                    ("refunded", _FILE.refunded),
                )
            ),
            class_name="grid gap-1",
        ),
        class_name="grid gap-3",
    )


def _ways() -> rx.Component:
    return rx.el.div(
        button_link(
            t("paydesk.file.invoice"),
            href="/rechnungen/?rechnung=" + _FILE.invoice_id,
            icon="receipt-text",
            size="sm",
        ),
        when(
            _FILE.customer_id != "",
            button_link(
                t("paydesk.file.customer"),
                href="/kunden/akte/?kunde=" + _FILE.customer_id,
                icon="circle-user",
                size="sm",
            ),
        ),
        when(
            _FILE.order_id != "",
            button_link(
                t("paydesk.file.order"),
                href="/auftraege/auftrag/?id=" + _FILE.order_id,
                icon="wrench",
                size="sm",
            ),
        ),
        when(
            _FILE.url != "",
            button_link(
                t("paydesk.file.provider"),
                href=_FILE.url,
                icon="external-link",
                size="sm",
                external=True,
                target="_blank",
                rel="noopener",
            ),
        ),
        class_name="flex flex-wrap gap-2",
    )


def _actions() -> Any:
    """A form opens in place, never over the pane."""
    return rx.match(
        _PANE.asked,
        ("refund", _refund()),
        ("undo", _undo()),
        rx.fragment(
            when(
                _FILE.can_refund,
                button(
                    t("paydesk.refund.open"),
                    icon="undo-2",
                    class_name="justify-self-start",
                    on_click=PaymentFileState.ask("refund"),
                ),
            ),
            when(
                _FILE.can_undo,
                button(
                    t("paydesk.undo.open"),
                    icon="undo-2",
                    class_name="justify-self-start",
                    on_click=PaymentFileState.ask("undo"),
                ),
            ),
        ),
    )


def _refund() -> rx.Component:
    return _form(
        PaymentFileState.refund,
        field(
            t("paydesk.refund.amount"),
            "amount",
            default_value=_FILE.left_plain,
            help=t("paydesk.refund.left", left=_FILE.left),
            error=_error_of("amount"),
            input_mode="decimal",
            auto_complete="off",
            auto_focus=True,
        ),
        _reason(),
        rx.el.p(t("paydesk.refund.consequence"), class_name="cb-dense cb-muted"),
        verb=t("paydesk.refund.yes"),
    )


def _undo() -> rx.Component:
    return _form(
        PaymentFileState.undo,
        _reason(auto_focus=True),
        rx.el.p(t("paydesk.undo.consequence"), class_name="cb-dense cb-muted"),
        verb=t("paydesk.undo.yes"),
    )


def _reason(**props: Any) -> rx.Component:
    return field(
        t("paydesk.reason"),
        "reason",
        help=t("paydesk.reason_help"),
        error=_error_of("reason"),
        max_length=140,
        auto_complete="off",
        **props,
    )


def _form(on_submit: Any, *content: Any, verb: Any) -> rx.Component:
    return rx.el.form(
        form_error(rx.cond(_PANE.field == "", _PANE.problem, "")),
        *content,
        rx.el.div(
            button(t("ui.actions.cancel"), kind="ghost", on_click=PaymentFileState.ask("")),
            button(verb, kind="destructive", submit=True, busy=_PANE.busy),
            class_name="flex justify-end gap-2",
        ),
        on_submit=on_submit,
        no_validate=True,
        class_name="grid gap-3 rounded-[12px] p-4 bg-[color:var(--cb-soft)]",
    )


def _error_of(name: str) -> Any:
    return rx.cond(_PANE.field == name, _PANE.problem, "")


def _fact(label: Any, value: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="cb-muted flex-none"),
        rx.el.dd(value, class_name="cb-num text-right break-words min-w-0"),
        class_name="flex justify-between gap-4",
    )
