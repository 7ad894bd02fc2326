"""/auftraege/auftrag/?id=<id>: one work order."""

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.orders.detail import back_link, order_actions, order_content
from carbot_app.components.orders.edit import edit_pane
from carbot_app.components.orders.hand_over import invoice_pane
from carbot_app.state.order import OrderState


def order_page() -> rx.Component:
    """Jobs and money beside each other; below each other on phones."""
    return signed_in_page(
        back_link(),
        order_content(),
        edit_pane(),
        invoice_pane(),
        title=t("orders.one"),
        actions=[order_actions()],
        active="orders",
        on_live=[OrderState.on_live],
    )
