"""What comes after the work on an order: the customer's yes, the check-in, the invoice."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.orders.check_in import check_in_link
from carbot_app.components.ui import button, card, checkbox, field, form_error, pane, section_head
from carbot_app.state.order import OrderState
from carbot_app.state.order_hand_over import OrderHandOverState

_STATE: Any = OrderState
_ORDER = _STATE.order
_BILL: Any = OrderHandOverState
_FORM = "order-invoice-form"
_TYPES: dict[str, Any] = {"email": "email"}


def hand_over_card() -> rx.Component:
    """Ways on from here, as far as this person may go them."""
    return rx.cond(
        _STATE.may_manage,
        card(
            section_head(t("orders.hand_over.title")),
            rx.cond(
                _ORDER.editable,
                rx.fragment(
                    check_in_link(_ORDER.row.id),
                    button(
                        t("orders.hand_over.ask"),
                        icon="send",
                        busy=_BILL.busy,
                        on_click=OrderHandOverState.ask_approval,
                    ),
                ),
            ),
            rx.cond(
                _ORDER.billable,
                button(
                    t("orders.hand_over.invoice"),
                    icon="receipt-text",
                    on_click=OrderHandOverState.open_invoice,
                    aria_haspopup="dialog",
                ),
            ),
            class_name="grid gap-3",
        ),
    )


def invoice_pane() -> rx.Component:
    """Who is billed, how much, and the button that makes it final."""
    return pane(
        t("orders.hand_over.invoice_title"),
        rx.el.form(
            form_error(_BILL.problem),
            rx.el.p(t("orders.hand_over.who"), class_name="font-[620]"),
            _field("name", auto_complete="off"),
            _field("street", auto_complete="off"),
            rx.el.div(_field("postal_code"), _field("city"), class_name="grid grid-cols-[8rem_1fr] gap-3"),
            _field("country", max_length=2),
            _field("email"),
            checkbox(t("orders.hand_over.business"), "business", default_checked=_BILL.buyer.business),
            _field("vat_id"),
            _field("buyer_reference"),
            rx.el.dl(
                rx.el.div(
                    rx.el.dt(t("orders.hand_over.sum")),
                    rx.el.dd(_BILL.sum_text, class_name="cb-num font-[680]"),
                    class_name="flex justify-between gap-3",
                ),
                rx.el.div(
                    rx.el.dt(t("orders.hand_over.vat"), class_name="cb-muted"),
                    rx.el.dd(_BILL.tax_text, class_name="cb-num cb-muted"),
                    class_name="flex justify-between gap-3",
                ),
                class_name="grid gap-1 pt-2 border-t border-base-300",
            ),
            rx.el.p(t("orders.hand_over.final"), class_name="cb-dense cb-muted"),
            id=_FORM,
            key=_BILL.turn,
            on_submit=OrderHandOverState.issue,
            no_validate=True,
            class_name="grid gap-4",
        ),
        id="order-invoice",
        open=_BILL.billing,
        on_close=OrderHandOverState.close,
        actions=[
            button(
                t("orders.hand_over.issue"),
                kind="primary",
                icon="check",
                submit=True,
                form=_FORM,
                busy=_BILL.busy,
            )
        ],
    )


def _field(name: str, **more: Any) -> rx.Component:
    return field(
        t(f"orders.hand_over.{name}"),
        name,
        type=_TYPES.get(name, "text"),
        default_value=getattr(_BILL.buyer, name),
        error=_BILL.problems.get(name, ""),
        **more,
    )
