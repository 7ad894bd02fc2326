"""Issued invoices as they stand in the database, with what is owed."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.models import BillingTerms, Invoice, InvoiceLine, Receivable
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_id, new_secret
from tests.factories.saving import save

IBAN = "DE02120300000000202051"
BUYER = {
    "name": "Spedition Beispiel GmbH",
    "address": {"line1": "Hafenstr. 12", "postcode": "44147", "city": "Dortmund", "country": "DE"},
}


def make_billing_terms(database: Database, workshop: Workshop, **fields: Any) -> BillingTerms:
    """Terms with an account and the bank's test identifier of a creditor."""
    defaults: dict[str, Any] = {
        "tax_number": "314/5012/0815",
        "account_holder": workshop.name,
        "iban": IBAN,
        "bic": "BYLADEM1001",
        "creditor_id": "DE98ZZZ09999999999",
    }
    return save(database, BillingTerms(workshop_id=workshop.id, **{**defaults, **fields}))


def make_invoice(
    database: Database,
    workshop: Workshop,
    number: str,
    cents: int,
    *,
    customer: Customer | None = None,
    issued_on: date = date(2026, 11, 1),
    discount: tuple[str, int] | None = None,
    **fields: Any,
) -> Receivable:
    """An issued invoice at 19 % and its receivable; ``discount`` is Skonto as percent and days."""
    net = round(cents / 1.19)
    discounts = [{"percent": discount[0], "days": discount[1]}] if discount else []
    invoice = Invoice(
        id=new_id(),
        workshop_id=workshop.id,
        number=number,
        kind="invoice",
        issued_on=issued_on,
        supplied_on=issued_on,
        keep_until=date(issued_on.year + 8, 12, 31),
        currency="EUR",
        net_cents=net,
        vat_cents=cents - net,
        gross_cents=cents,
        due_cents=cents,
        language=fields.pop("language", "de"),
        form="zugferd",
        paper={"paper": {"document": {"discounts": discounts, "buyer": BUYER}}},
        groups=[
            {
                "category": "S", "rate": 1900, "net_cents": net, "vat_cents": cents - net,
                "reasons": [], "old_part_cents": 0,
            }
        ],
    )  # fmt: skip
    defaults: dict[str, Any] = {
        "due_on": issued_on + timedelta(days=14),
        "gross_cents": cents,
        "due_cents": cents,
        "customer_id": customer.id if customer else None,
        "buyer_name": customer.name if customer else BUYER["name"],
        "email": customer.email if customer else "",
    }
    merged = {**defaults, **fields}
    receivable = Receivable(
        workshop_id=workshop.id,
        invoice_id=invoice.id,
        number=number,
        kind="invoice",
        issued_on=issued_on,
        currency="EUR",
        search=f"{number} {merged['buyer_name']}".lower(),
        token=new_secret(),
        **merged,
    )
    with database.writing(SYSTEM) as session:
        session.add(invoice)
        session.flush()
        session.add(
            InvoiceLine(
                workshop_id=workshop.id,
                invoice_id=invoice.id,
                position=1,
                kind="lump_sum",
                text="Reparatur",
                quantity=Decimal(1),
                unit_price=Decimal(net) / 100,
                net_cents=net,
                category="S",
                rate=1900,
            )
        )
        session.flush()
        session.add(receivable)
    return receivable
