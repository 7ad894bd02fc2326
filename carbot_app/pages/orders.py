"""/auftraege/: every car that is to be worked on, by where it stands."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.orders.board import orders_overview
from carbot_app.components.orders.declined import declined_section
from carbot_app.components.orders.new import new_order_button, new_order_pane
from carbot_app.state.declined import DeclinedState
from carbot_app.state.orders import OrdersState

_ORDERS: Any = OrdersState


def orders_page() -> rx.Component:
    """A board on wide screens, a list on phones; below it what was declined; a new estimate in a pane."""
    return signed_in_page(
        orders_overview(),
        rx.cond(_ORDERS.search == "", declined_section()),
        new_order_pane(),
        title=t("orders.title"),
        beside_title=rx.el.p(
            t("orders.open_count", count=_ORDERS.open_count), class_name="cb-muted cb-num max-md:hidden"
        ),
        actions=[rx.cond(_ORDERS.may_manage, new_order_button())],
        active="orders",
        on_live=[OrdersState.on_live, DeclinedState.on_live],
    )
