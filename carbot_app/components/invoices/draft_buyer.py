"""Who is billed: found by name or plate, completed by hand."""

from typing import Any

import reflex as rx

from carbot_app.components.i18n import t
from carbot_app.components.invoices.draft_fields import stored_check, stored_field, stored_select
from carbot_app.components.ui import card, plate_chip, section_head
from carbot_app.state.invoice_buyer import InvoiceBuyerState
from carbot_app.state.invoice_draft import InvoiceDraftState

_BUYER: Any = InvoiceBuyerState
_DRAFT: Any = InvoiceDraftState
_SEARCH, _SEARCH_FORM = "draft-customer", "draft-customer-form"
_TYPING_MS = 250


def buyer_card() -> rx.Component:
    """The search above the fields it fills."""
    return card(
        section_head(t("draft.buyer.title")),
        _search(),
        rx.el.div(
            stored_field("name", max_length=160),
            stored_field("email", type="email", optional=True, auto_complete="off"),
            stored_field("street", max_length=120),
            rx.el.div(
                stored_field("postal_code", max_length=10),
                stored_field("city", max_length=80),
                class_name="grid grid-cols-[7rem_1fr] gap-3",
            ),
            stored_select("country", _BUYER.countries),
            rx.el.div(stored_check("business"), class_name="self-end pb-2"),
            rx.cond(
                _DRAFT.fields.business,
                rx.fragment(
                    stored_field("vat_id", optional=True, max_length=20),
                    stored_field(
                        "buyer_reference",
                        optional=True,
                        max_length=60,
                        help=t("draft.field.buyer_reference_help"),
                    ),
                ),
            ),
            key=_DRAFT.turn,
            class_name="grid sm:grid-cols-2 gap-3 items-start",
        ),
        class_name="grid gap-4",
    )


def _search() -> rx.Component:
    return rx.el.div(
        # A form of its own: the return key takes the best match
        rx.el.form(id=_SEARCH_FORM, on_submit=InvoiceBuyerState.take_first, class_name="hidden"),
        rx.el.div(
            rx.el.label(t("draft.buyer.find"), html_for=_SEARCH, class_name="cb-label"),
            rx.el.input(
                id=_SEARCH,
                type="search",
                form=_SEARCH_FORM,
                auto_complete="off",
                placeholder=t("draft.buyer.find_example"),
                on_change=InvoiceBuyerState.find.debounce(_TYPING_MS),
                class_name="cb-input",
                key=_DRAFT.turn,
            ),
            class_name="cb-field",
        ),
        rx.el.div(
            rx.cond(_BUYER.nothing, rx.el.p(t("draft.buyer.nothing"), class_name="cb-muted pt-2")),
            rx.cond(
                _BUYER.hits.length() > 0,
                rx.el.ul(
                    rx.foreach(_BUYER.hits, _hit),
                    class_name="cb-desk-found",
                    aria_label=t("draft.buyer.found"),
                ),
            ),
            aria_live="polite",
        ),
    )


def _hit(hit: Any) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.cond(
                hit.plate.city != "",
                plate_chip(hit.plate.city, hit.plate.rest, country=hit.plate.country),
            ),
            rx.el.span(
                rx.el.span(hit.name, class_name="block font-[600] cb-truncate"),
                rx.el.span(hit.detail, class_name="block cb-dense cb-muted cb-truncate"),
                class_name="flex-1 min-w-0 text-left",
            ),
            type="button",
            on_click=InvoiceBuyerState.take(hit.customer_id, hit.vehicle_id),
            class_name="cb-row !min-h-11 w-full flex items-center gap-3",
        ),
        key=hit.customer_id + hit.vehicle_id,
    )
