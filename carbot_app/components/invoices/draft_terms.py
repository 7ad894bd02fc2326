"""When and for what it was done, how it is paid, and what stands around the positions."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.invoices.draft_fields import (
    stored_area,
    stored_check,
    stored_field,
    stored_select,
)
from carbot_app.components.ui import card, icon, section_head
from carbot_app.domains.billing.einvoices import FORMS
from carbot_app.domains.billing.tax import GOODS, KINDS, SCRAP
from carbot_app.kit.languages import LANGUAGE_NAMES
from carbot_app.state.invoice_buyer import InvoiceBuyerState
from carbot_app.state.invoice_draft import InvoiceDraftState

_DRAFT: Any = InvoiceDraftState
_BUYER: Any = InvoiceBuyerState
_TWO = "grid sm:grid-cols-2 gap-3 items-start"


def supply_card() -> rx.Component:
    """What the tax depends on: kind and day of the supply; and the car."""
    leaves = (_DRAFT.fields.supply == GOODS) | (_DRAFT.fields.supply == SCRAP)
    return card(
        section_head(t("draft.supply.title")),
        rx.el.div(
            stored_select("supply", [(kind, t(f"draft.supply.{kind}")) for kind in KINDS]),
            rx.el.div(
                stored_field("supplied_from", type="date", optional=True),
                stored_field("supplied_on", type="date", help=t("draft.field.supplied_on_help")),
                class_name="grid grid-cols-2 gap-3",
            ),
            rx.cond(
                leaves,
                rx.fragment(
                    stored_select("carried_to", _BUYER.countries),
                    rx.el.div(stored_check("carriage_proven"), class_name="self-end pb-2"),
                ),
            ),
            stored_field("plate", optional=True, max_length=16),
            rx.el.div(
                stored_field("km", optional=True, input_mode="numeric", unit="km"),
                stored_field("order_number", optional=True, max_length=40),
                class_name="grid grid-cols-2 gap-3",
            ),
            key=_DRAFT.turn,
            class_name=_TWO,
        ),
        class_name="grid gap-4",
    )


def terms_card() -> rx.Component:
    """Discounts and when it is paid."""
    return card(
        section_head(t("draft.terms.title")),
        rx.el.div(
            rx.el.div(
                stored_field("discount_percent", optional=True, input_mode="decimal", unit="%"),
                stored_field("discount_amount", optional=True, input_mode="decimal"),
                class_name="grid grid-cols-2 gap-3",
            ),
            stored_field(
                "payment_days",
                optional=True,
                input_mode="numeric",
                help=t("draft.field.payment_days_help", count=_DRAFT.terms_days),
            ),
            rx.el.div(
                stored_field("cash_discount_percent", optional=True, input_mode="decimal", unit="%"),
                stored_field("cash_discount_days", optional=True, input_mode="numeric"),
                class_name="grid grid-cols-2 gap-3",
            ),
            key=_DRAFT.turn,
            class_name=_TWO,
        ),
        class_name="grid gap-4",
    )


def words_card() -> rx.Component:
    """Texts, language and form; usually right as they are."""
    return rx.el.details(
        rx.el.summary(
            t("draft.words.title"),
            icon("chevron-down", 17, class_name="cb-faint ml-auto group-open:rotate-180"),
            class_name="flex items-center gap-2 min-h-11 cursor-pointer font-[640] list-none",
        ),
        rx.el.div(
            stored_select("language", list(LANGUAGE_NAMES.items())),
            stored_select("form", [("", t("draft.form.usual")), *((f, t(f"draft.form.{f}")) for f in FORMS)]),
            stored_area("intro", optional=True, max_length=1000),
            stored_area("closing", optional=True, max_length=1000),
            key=_DRAFT.turn,
            class_name=f"{_TWO} py-3",
        ),
        class_name="cb-card px-4 py-1.5 group",
    )
