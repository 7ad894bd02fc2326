"""Documents to write, print and judge."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from carbot_app.domains.billing.document import (
    CORRECTION,
    CREDIT,
    Address,
    Adjustment,
    Attachment,
    CashDiscount,
    Contact,
    Document,
    Earlier,
    Identifier,
    Line,
    Note,
    Party,
    Payment,
    Period,
    References,
    Tax,
    TaxGroup,
    Totals,
    Vehicle,
)
from carbot_app.kit.money import round_half_up

SAMPLES = sorted((Path(__file__).parents[1] / "vectors" / "einvoices").glob("*.cii.xml"))
STANDARD = Tax("S", Decimal(19))
SELLER = Party(
    name="Kfz-Meisterbetrieb Muster GmbH",
    address=Address("Werkstattweg 1", postcode="10115", city="Berlin", country="DE"),
    vat_id="DE136695976",
    electronic_address=Identifier("rechnung@kfz-muster.example", "EM"),
    contact=Contact("Buchhaltung", "+49 30 23125 100", "buchhaltung@kfz-muster.example"),
)
BUYER = Party(
    name="Spedition Beispiel GmbH",
    address=Address("Hafenstr. 12", postcode="44147", city="Dortmund", country="DE"),
    electronic_address=Identifier("rechnung@spedition-beispiel.example", "EM"),
)
GOLF = Vehicle("DO-AB 123", "WVWZZZ1KZAW123456", 84_210, "VW Golf VI", date(2010, 3, 14), "A-2026-118")


def a_line(number: str, quantity: str, price: str, tax: Tax = STANDARD, **more: object) -> Line:
    """A line whose net is quantity times price."""
    amount, unit_price = Decimal(quantity), Decimal(price)
    net = round_half_up(amount * unit_price * 100)
    return replace(Line(number, f"Work {number}", amount, "C62", unit_price, net, tax), **more)


def a_document(*lines: Line, reasons: dict[str, str] | None = None, **more: object) -> Document:
    """An invoice over the lines whose totals follow from them."""
    lines = lines or (a_line("1", "1.2", "114.00"), a_line("2", "4.5", "14.90"), a_line("3", "1", "12.45"))
    groups = tuple(
        TaxGroup(tax, base, round_half_up(base * tax.percent / 100), (reasons or {}).get(tax.category, ""))
        for tax in dict.fromkeys(line.tax for line in lines)
        for base in [sum(line.net_cents for line in lines if line.tax == tax)]
    )
    net, tax_cents = sum(line.net_cents for line in lines), sum(group.tax_cents for group in groups)
    totals = Totals(net, net, tax_cents, net + tax_cents, net + tax_cents)
    document = Document(
        number="RE-2026-00042",
        issued_on=date(2026, 11, 23),
        seller=SELLER,
        buyer=BUYER,
        lines=lines,
        tax_groups=groups,
        totals=totals,
        due_on=date(2026, 12, 7),
        supplied_on=date(2026, 11, 20),
        payments=(Payment(iban="DE02120300000000202051"),),
        references=References(buyer="KD-10001"),
    )
    return replace(document, **more)


def everything() -> Document:
    """A document in which each term that the writers know has a value."""
    line = a_line(
        "1",
        "3",
        "9.9950",
        description="With filter",
        note="Old part returned",
        gross_price=Decimal("11.0000"),
        adjustments=(
            Adjustment(200, reason="Loyal", reason_code="95", base_cents=2999, percent=Decimal("6.67")),
            Adjustment(100, charge=True, reason="Night", reason_code="ABL"),
        ),
        period=Period(date(2026, 11, 19), date(2026, 11, 20)),
        seller_item="A-1",
        buyer_item="B-1",
        standard_item=Identifier("4012345678901", "0160"),
        order_line="7",
        origin="DE",
        attributes=(("Colour", "black"),),
    )
    line = replace(line, net_cents=line.net_cents - 100)
    document = a_document(line, a_line("2", "1", "200.00"))
    net = line.net_cents + 20_000 - 500 + 300
    tax = round_half_up(Decimal(net) * 19 / 100)
    totals = Totals(line.net_cents + 20_000, net, tax, net + tax, net + tax - 5_000 + 2, 500, 300, 5_000, 2)
    return replace(
        document,
        tax_groups=(TaxGroup(STANDARD, net, tax),),
        totals=totals,
        period=Period(date(2026, 11, 1), date(2026, 11, 30)),
        seller=replace(
            SELLER,
            trade_name="Muster Kfz",
            identifiers=(Identifier("4000001123452", "0088"),),
            legal_id=Identifier("HRB 12345"),
            legal_info="Managed by Max Muster",
            tax_number="30/123/45678",
            address=Address("Werkstattweg 1", "Hof 2", "Tor 3", "10115", "Berlin", "Berlin", "DE"),
        ),
        payee=Party("Factoring AG"),
        delivery=Party("Depot", address=Address("Kai 1", postcode="20457", city="Hamburg", country="DE")),
        adjustments=(
            Adjustment(500, reason="Voucher", reason_code="95", tax=STANDARD),
            Adjustment(300, charge=True, reason="Disposal", reason_code="ABK", tax=STANDARD),
        ),
        payments=(
            Payment("58", "Transfer", "DE02120300000000202051", "Muster", "BYLADEM1001"),
            Payment("58", iban="DE89370400440532013000"),
        ),
        remittance="RE-2026-00042",
        terms="Thank you",
        discounts=(CashDiscount(7, Decimal("2.00")), CashDiscount(14, Decimal("1.50"), 20_000)),
        earlier=(Earlier("RE-2026-00001", date(2026, 1, 2)),),
        references=References(
            buyer="04011000-12345-03",
            contract="V-1",
            purchase_order="PO-1",
            sales_order="SO-1",
            receiving_advice="RA-1",
            despatch_advice="DA-1",
            tender="T-1",
            object=Identifier("DO-AB 123", "AWV"),
            accounting="4711",
        ),
        notes=(Note("Exchange parts", "AAI"), Note("No subject")),
        attachments=(
            Attachment("P-1", "Photo", content=b"\x89PNG", mime="image/png", filename="photo.png"),
            Attachment("P-2", "More", link="https://kfz-muster.example/p2"),
        ),
    )


def a_cancellation() -> Document:
    """What takes RE-2026-00042 back."""
    lines = (a_line("1", "-1.2", "114.00"), a_line("2", "-1", "12.45"))
    earlier = (Earlier("RE-2026-00042", date(2026, 11, 23)),)
    return a_document(*lines, number="RE-2026-00046", kind=CORRECTION, earlier=earlier)


def a_credit() -> Document:
    """A credit note, whose positive amounts are owed to the buyer."""
    return a_document(number="GU-2026-00001", kind=CREDIT, earlier=(Earlier("RE-2026-00042"),))
