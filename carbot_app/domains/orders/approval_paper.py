"""What the customer agreed to, on paper: the approved jobs at the prices of that day."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from carbot_app.domains.billing import document as en
from carbot_app.domains.billing.net_lines import net_lines
from carbot_app.domains.billing.paper import ORDER, Look, Paper
from carbot_app.domains.billing.totals import OLD_PART, Allowance, Discount, Totals, total
from carbot_app.domains.booking.labels import slot_label
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.orders.approval_rows import discount_of
from carbot_app.domains.orders.models import OrderApproval, OrderLine, WorkOrder
from carbot_app.domains.orders.reckoning import Setting, billing_line
from carbot_app.domains.orders.rows import Content, line_input, read_content, setting_of
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.i18n import list_words, translate

_DISCOUNT = "95"
"""UNTDID 5189: a discount."""


def approval_paper(session: Session, row: OrderApproval, order: WorkOrder) -> Paper:
    """The paper of an answered question."""
    assert row.decided_at is not None, "only an answer is printed"
    workshop = session.get_one(Workshop, row.workshop_id)
    setting = setting_of(session, row.workshop_id, row.decided_at)
    lines = _approved_lines(row, read_content(session, order.id))
    discount = Discount(order.discount_percent, discount_of(row.kind, order) if lines else 0)
    counted = [billing_line(line_input(line), setting.choice) for line in lines]
    totals = total(counted, setting.on, country=setting.country, discount=discount)
    language = order.language
    return Paper(
        kind=ORDER,
        document=en.Document(
            number=order.number,
            issued_on=setting.on,
            seller=_seller(workshop),
            buyer=_buyer(session, order),
            lines=tuple(_document_lines(lines, setting, totals, language)),
            tax_groups=tuple(
                en.TaxGroup(_tax(group.category, group.rate), group.net_cents, group.vat_cents)
                for group in totals.groups
            ),
            totals=en.Totals(
                totals.line_cents,
                totals.net_cents,
                totals.vat_cents,
                totals.gross_cents,
                totals.gross_cents,
                allowances_cents=totals.allowance_cents,
            ),
            currency=order.currency,
            adjustments=tuple(_adjustment(part, language) for part in totals.allowances),
            vehicle=_vehicle(session, order),
        ),
        language=language,
        look=Look(website=workshop.website),
        country=workshop.country,
        closing=_closing(row, order, ZoneInfo(workshop.timezone)),
    )


def _closing(row: OrderApproval, order: WorkOrder, zone: ZoneInfo) -> str:
    assert row.decided_at is not None
    language = order.language
    how = translate(language, f"approval.paper.{row.channel}")
    when = slot_label(row.decided_at, zone, language)
    said = [translate(language, "approval.paper.signed", when=when, name=row.signed_name, how=how)]
    declined = [job["title"] for job in row.asked if not job["approved"]]
    if declined:
        said.append(translate(language, "approval.paper.declined", titles=", ".join(declined)))
    return "\n".join([*said, translate(language, "approval.paper.limit")])


def _approved_lines(row: OrderApproval, content: Content) -> list[OrderLine]:
    agreed = {UUID(job["id"]) for job in row.asked if job["approved"]}
    return [line for job in content.jobs if job.id in agreed for line in content.of(job)]


def _document_lines(
    lines: Sequence[OrderLine], setting: Setting, totals: Totals, language: str
) -> Iterator[en.Line]:
    counted = [billing_line(line_input(line), setting.choice) for line in lines]
    for number, net in enumerate(net_lines(counted, totals), start=1):
        line = lines[net.position]
        off = en.Adjustment(net.discount_cents, reason=translate(language, "approval.discount"))
        known = list_words(language, "invoice")
        old = known.get("old_part", line.text)
        yield en.Line(
            number=str(number),
            name=old if net.kind == OLD_PART else line.text,
            quantity=net.quantity,
            unit=line.unit,
            unit_price=net.unit_price,
            net_cents=net.net_cents,
            tax=_tax(net.tax.category, net.tax.rate),
            price_base=Decimal(net.base_quantity),
            adjustments=(off,) if net.discount_cents else (),
            seller_item=line.part_number,
        )


def _adjustment(part: Allowance, language: str) -> en.Adjustment:
    return en.Adjustment(
        part.net_cents,
        reason=translate(language, "approval.discount"),
        reason_code=_DISCOUNT,
        tax=_tax(part.category, part.rate),
    )


def _tax(category: str, rate: int) -> en.Tax:
    return en.Tax(category, Decimal(rate) / 100)


def _seller(workshop: Workshop) -> en.Party:
    address = en.Address(
        workshop.street, postcode=workshop.postal_code, city=workshop.city, country=workshop.country
    )
    return en.Party(
        name=workshop.legal_form or workshop.name,
        trade_name=workshop.name,
        address=address,
        vat_id=workshop.vat_id,
        contact=en.Contact(phone=workshop.phone, email=workshop.email),
    )


def _buyer(session: Session, order: WorkOrder) -> en.Party:
    customer = session.get(Customer, order.customer_id) if order.customer_id else None
    return en.Party(name=customer.name if customer else "")


def _vehicle(session: Session, order: WorkOrder) -> en.Vehicle | None:
    car = session.get(Vehicle, order.vehicle_id) if order.vehicle_id else None
    if car is None:
        return None
    model = " ".join(filter(None, (car.make, car.model)))
    return en.Vehicle(car.plate, car.vin, order.km or car.km, model, car.registered_on, order.number)
