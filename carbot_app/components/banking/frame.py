"""What the pages below /rechnungen share."""

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.layout.staff_frame import Place
from carbot_app.components.ui import tab_links

BANK, DUNNING = "/rechnungen/bank/", "/rechnungen/mahnen/"
PAYMENTS, DEBITS = "/rechnungen/zahlungen/", "/rechnungen/lastschriften/"
PLACE: Place = "invoices"
"""Where in the navigation they belong."""


def money_tabs(active: str) -> rx.Component:
    """Everything about money; ``active`` is the address of the page that is open."""
    options = [
        (PAYMENTS, t("paydesk.tab.payments")),
        (BANK, t("banking.tab.bank")),
        (DEBITS, t("paydesk.tab.debits")),
        (DUNNING, t("banking.tab.dunning")),
    ]
    return rx.el.div(tab_links(t("banking.tab.label"), options, active=active), class_name="pb-4")
