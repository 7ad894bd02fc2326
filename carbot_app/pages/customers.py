"""/kunden/: everybody who wrote, called or booked."""

from typing import Any

import reflex as rx

from carbot_app.components.customers.list import customer_list
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.state.customers import CustomersState

_LIST: Any = CustomersState


def customers_page() -> rx.Component:
    """A list; a row leads to the customer's file."""
    return signed_in_page(
        customer_list(),
        title=t("customers.title"),
        beside_title=rx.el.p(
            t("customers.count", count=_LIST.total), class_name="cb-muted cb-num max-md:hidden"
        ),
        active="customers",
    )
