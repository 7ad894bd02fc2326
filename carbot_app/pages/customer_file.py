"""/kunden/akte/?kunde=<id>: everything about one customer."""

from typing import Any

import reflex as rx

from carbot_app.components.customers.edit import edit_pane
from carbot_app.components.customers.file import back_to_list, file_summary
from carbot_app.components.customers.history import customer_history
from carbot_app.components.customers.privacy import privacy_pane
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.state.customer_file import CustomerFileState
from carbot_app.state.customer_privacy import CustomerPrivacyState
from carbot_app.state.declined import DeclinedState

_FILE: Any = CustomerFileState


def customer_file_page() -> rx.Component:
    """Who it is and what is open, beside the history; below each other on phones."""
    return signed_in_page(
        back_to_list(),
        rx.el.div(
            file_summary(),
            rx.cond(_FILE.status != "failed", customer_history()),
            class_name=(
                "grid grid-cols-1 lg:grid-cols-[minmax(320px,420px)_minmax(0,1fr)] gap-4 items-start "
                "max-w-[1400px]"
            ),
        ),
        edit_pane(),
        privacy_pane(),
        title=t("customers.title"),
        active="customers",
        on_live=[
            CustomerFileState.on_live,
            CustomerPrivacyState.on_live,
            DeclinedState.on_live,
        ],
    )
