"""/rechnungen/lastschriften/: what is collected from customers' accounts, and by which permission."""

import reflex as rx

from carbot_app.components.banking.debits import debit_files, debit_run
from carbot_app.components.banking.frame import DEBITS, PLACE, money_tabs
from carbot_app.components.banking.mandates import mandate_list, mandate_pane
from carbot_app.components.i18n import t
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.state.debits import DebitsState


def debits_page() -> rx.Component:
    """Collect, look what became of it, keep permissions."""
    return signed_in_page(
        money_tabs(DEBITS),
        rx.el.div(
            debit_run(),
            debit_files(),
            mandate_list(),
            class_name="grid grid-cols-1 gap-6 max-w-[1100px]",
        ),
        mandate_pane(),
        title=t("paydesk.debit.title"),
        active=PLACE,
        on_live=[DebitsState.on_live],
    )
