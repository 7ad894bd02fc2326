"""/rechnungen/zahlungen/: what came by which way, what is unclear, what goes back."""

import reflex as rx

from carbot_app.components.banking.frame import PAYMENTS, PLACE, money_tabs
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.payments.file import payment_pane
from carbot_app.components.payments.list import payment_list, payment_tiles
from carbot_app.components.payments.payouts import payout_list
from carbot_app.components.payments.trouble import mismatch_pane, payment_trouble
from carbot_app.state.payment_trouble import PaymentTroubleState
from carbot_app.state.payments import PaymentsState


def payments_page() -> rx.Component:
    """What a person has to decide stands first."""
    return signed_in_page(
        money_tabs(PAYMENTS),
        rx.el.div(
            payment_trouble(),
            payment_tiles(),
            payment_list(),
            payout_list(),
            class_name="grid grid-cols-1 gap-5 max-w-[1100px]",
        ),
        payment_pane(),
        mismatch_pane(),
        title=t("paydesk.title"),
        active=PLACE,
        on_live=[PaymentsState.on_live, PaymentTroubleState.on_live],
    )
