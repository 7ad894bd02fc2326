"""/rechnungen/: what is late, what is owed, what comes in."""

from typing import Any

import reflex as rx

from carbot_app.components.banking.waiting_banner import waiting_banner
from carbot_app.components.i18n import t
from carbot_app.components.invoices.browser import invoice_keys
from carbot_app.components.invoices.bulk import bulk_bar, bulk_dialogs
from carbot_app.components.invoices.charts import invoice_charts
from carbot_app.components.invoices.file import invoice_pane
from carbot_app.components.invoices.head import HELP, help_sheet, invoice_tiles
from carbot_app.components.invoices.list import (
    export_items,
    export_menu,
    invoice_rows,
    invoice_sums,
    invoice_tools,
)
from carbot_app.components.layout.signed_in import signed_in_page
from carbot_app.components.ui import button_link, icon, icon_button, menu, menu_item, open_dialog
from carbot_app.state.invoice_charts import InvoiceChartsState
from carbot_app.state.invoices import InvoiceFileState, InvoicesState
from carbot_app.state.session import SessionState

_SESSION: Any = SessionState
NEW = "/rechnungen/entwurf/"
_WAYS = (
    ("invoices.ways.payments", "/rechnungen/zahlungen/", "banknote"),
    ("invoices.ways.bank", "/rechnungen/bank/", "building-2"),
    ("invoices.ways.dunning", "/rechnungen/mahnen/", "bell"),
)


def invoices_page() -> rx.Component:
    """Head, filters and rows scroll together; the sums stay in view."""
    return signed_in_page(
        rx.el.div(
            waiting_banner(),
            rx.el.div(
                invoice_tiles(),
                invoice_charts(),
                invoice_tools(),
                bulk_bar(),
                invoice_rows(),
                class_name="flex-1 min-h-0 overflow-y-auto",
            ),
            invoice_sums(),
            invoice_pane(),
            bulk_dialogs(),
            help_sheet(),
            invoice_keys(),
            class_name="flex flex-col h-full min-h-0",
        ),
        title=t("invoices.title"),
        actions=[
            rx.cond(
                _SESSION.permissions.contains("payments.manage"),
                rx.fragment(
                    *(
                        button_link(t(word), href=href, icon=sign, class_name="max-md:!hidden")
                        for word, href, sign in _WAYS
                    )
                ),
            ),
            rx.el.div(export_menu(), class_name="max-md:hidden"),
            rx.el.div(_phone_menu(), class_name="md:hidden"),
            rx.cond(
                _SESSION.permissions.contains("invoices.manage"),
                rx.fragment(
                    button_link(
                        t("draft.new"),
                        href=NEW,
                        kind="primary",
                        icon="plus",
                        class_name="max-md:!hidden",
                        data_new_invoice="true",
                    ),
                    icon_button("plus", t("draft.new"), href=NEW, kind="primary", class_name="md:!hidden"),
                ),
            ),
            rx.el.span(
                icon_button(
                    "circle-question-mark",
                    t("invoices.keys.title"),
                    on_click=open_dialog(HELP),
                    data_tip_side="bottom",
                ),
                class_name="max-md:hidden",
            ),
        ],
        active="invoices",
        on_live=[
            InvoicesState.on_live,
            InvoiceFileState.on_live,
            InvoiceChartsState.on_live,
        ],
        pad=False,
    )


def _phone_menu() -> rx.Component:
    """What has no room beside the title of a phone."""
    return menu(
        t("invoices.ways.label"),
        icon("ellipsis", 20),
        rx.cond(
            _SESSION.permissions.contains("payments.manage"),
            rx.fragment(*(menu_item(t(word), href=href, icon=sign) for word, href, sign in _WAYS)),
        ),
        *export_items(),
        align="end",
    )
