"""A document as the terms of EN 16931 (BT and BG numbers), which is what factur-x writes from."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from carbot_app.domains.billing.document import Adjustment, CashDiscount, Document, Line, Party, Payment

_OUT_OF_SCOPE = "O"


def terms_of(document: Document, payment: Payment | None) -> dict[str, Any]:
    """Every term with a value; a document bears one way to pay here."""
    totals, references = document.totals, document.references
    fields = {
        "BT-1": document.number,
        "BT-2": document.issued_on,
        "BT-3": document.kind,
        "BT-5": document.currency,
        "BT-6": document.tax_currency,
        "BT-7": document.tax_point,
        "BT-8": document.tax_point_code,
        "BT-9": document.due_on,
        "BT-10": references.buyer,
        "BT-11": references.project,
        "BT-11-0": references.project and "Project",
        "BT-12": references.contract,
        "BT-13": references.purchase_order,
        "BT-14": references.sales_order,
        "BT-15": references.receiving_advice,
        "BT-16": references.despatch_advice,
        "BT-17": [references.tender] if references.tender else None,
        "BT-18": _scheme(references.object.value, references.object.scheme),
        "BT-19": references.accounting,
        "BT-20": payment_terms(document.terms, document.discounts),
        "BT-23": document.process,
        "BT-72": document.supplied_on,
        "BT-73": document.period.start,
        "BT-74": document.period.end,
        "BT-83": document.remittance,
        "BT-106": _amount(totals.lines_cents),
        "BT-107": _amount(totals.allowances_cents or None),
        "BT-108": _amount(totals.charges_cents or None),
        "BT-109": _amount(totals.net_cents),
        "BT-110": _amount(totals.tax_cents),
        "BT-111": _amount(totals.tax_cents_other_currency),
        "BT-112": _amount(totals.gross_cents),
        "BT-113": _amount(totals.prepaid_cents or None),
        "BT-114": _amount(totals.rounding_cents or None),
        "BT-115": _amount(totals.due_cents),
        "BG-1": [_filled({"BT-21": note.subject, "BT-22": note.text}) for note in document.notes],
        "BG-3": [_filled({"BT-25": e.number, "BT-26": e.issued_on}) for e in document.earlier],
        "BG-4": _party(document.seller),
        "BG-7": _party(document.buyer),
        "BG-10": document.payee and _party(document.payee),
        "BG-11": document.tax_representative and _party(document.tax_representative),
        "BG-13": document.delivery and _party(document.delivery),
        "BG-20": [_adjustment(a) for a in document.adjustments if not a.charge],
        "BG-21": [_adjustment(a) for a in document.adjustments if a.charge],
        "BG-23": _tax_groups(document),
        "BG-24": _attachments(document),
        "BG-25": [_line(line) for line in document.lines],
        **(_payment(payment) if payment else {}),
    }
    return _filled(fields)


def payment_terms(terms: str, discounts: Iterable[CashDiscount]) -> str:
    """BT-20: the words, then one line per discount in the form XRechnung prescribes (BR-DE-18)."""
    lines = [terms] if terms else []
    for discount in discounts:
        line = f"#SKONTO#TAGE={discount.days}#PROZENT={discount.percent:.2f}#"
        if discount.base_cents is not None:
            line += f"BASISBETRAG={_amount(discount.base_cents)}#"
        lines.append(line)
    return "\n".join(lines) + ("\n" if discounts else "")


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", [], {}, b"")}


def _amount(cents: int | None) -> str | None:
    return None if cents is None else f"{Decimal(cents).scaleb(-2):.2f}"


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _scheme(value: str, scheme: str) -> dict[str | None, str] | None:
    return {scheme or None: value} if value else None


def _party(party: Party) -> dict[str, Any]:
    contact = {"name": party.contact.name, "phone": party.contact.phone, "email": party.contact.email}
    address = party.address
    return _filled(
        {
            "name": party.name,
            "biz_name": party.trade_name,
            "identifiers": {i.scheme or None: i.value for i in party.identifiers},
            "legal_identifier": party.legal_id.value,
            "legal_identifier_schemeid": party.legal_id.scheme,
            "legal_info": party.legal_info,
            "vat_identifier": party.vat_id,
            "tax_identifier": party.tax_number,
            "einvoicing_addr": party.electronic_address.value,
            "einvoicing_addr_schemeid": party.electronic_address.scheme,
            "contacts": [_filled(contact)] if any(contact.values()) else None,
            "country_code": address.country,
            "city": address.city,
            "postcode": address.postcode,
            "addr_l1": address.line1,
            "addr_l2": address.line2,
            "addr_l3": address.line3,
            "country_subdivision": address.region,
        }
    )


def _adjustment(adjustment: Adjustment) -> dict[str, Any]:
    tax = adjustment.tax
    return _filled(
        {
            "amount": _amount(adjustment.cents),
            "base_amount": _amount(adjustment.base_cents),
            "rate": _number(adjustment.percent),
            "reason": adjustment.reason,
            "reason_code": adjustment.reason_code,
            "vat_category_code": tax and tax.category,
            "vat_rate": (tax and tax.category != _OUT_OF_SCOPE and _number(tax.percent)) or None,
        }
    )


def _tax_groups(document: Document) -> list[dict[str, Any]]:
    return [
        _filled(
            {
                "BT-116": _amount(group.base_cents),
                "BT-117": _amount(group.tax_cents),
                "BT-118": group.tax.category,
                "BT-119": _number(group.tax.percent),
                "BT-120": group.reason,
                "BT-121": group.reason_code,
            }
        )
        for group in document.tax_groups
    ]


def _attachments(document: Document) -> list[dict[str, Any]]:
    return [
        _filled(
            {
                "BT-122": attachment.reference,
                "BT-123": attachment.description,
                "BT-124": attachment.link,
                "BT-125": attachment.content,
                "BT-125-1": attachment.mime,
                "BT-125-2": attachment.filename,
            }
        )
        for attachment in document.attachments
    ]


def _payment(payment: Payment) -> dict[str, Any]:
    return {
        "BT-81": payment.means,
        "BT-82": payment.text,
        "BT-84": payment.iban,
        "BT-85": payment.account_name,
        "BT-86": payment.bic,
        "BT-87": payment.card,
        # UBL asks for the network of the card, which the standard does not know.
        "BT-87-1": "NA" if payment.card else None,
        "BT-88": payment.card_holder,
        "BT-89": payment.mandate,
        "BT-90": payment.creditor_id,
        "BT-91": payment.debited_iban,
    }


def _line(line: Line) -> dict[str, Any]:
    discount = line.gross_price - line.unit_price if line.gross_price is not None else None
    return _filled(
        {
            "BT-126": line.number,
            "BT-127-00": [{"BT-127": line.note}] if line.note else None,
            "BT-129": _number(line.quantity),
            "BT-130": line.unit,
            "BT-131": _amount(line.net_cents),
            "BT-132": line.order_line,
            "BT-134": line.period.start,
            "BT-135": line.period.end,
            "BT-146": _number(line.unit_price),
            "BT-147-00": [{"BT-147": _number(discount)}] if discount else None,
            "BT-148": _number(line.gross_price),
            "BT-149": _number(line.price_base) if line.price_base != 1 else None,
            "BT-151": line.tax.category,
            "BT-152": _number(line.tax.percent) if line.tax.category != _OUT_OF_SCOPE else None,
            "BT-153": line.name,
            "BT-154": line.description,
            "BT-155": line.seller_item,
            "BT-156": line.buyer_item,
            "BT-157": line.standard_item.value,
            "BT-157-1": line.standard_item.scheme,
            "BT-159": line.origin,
            "BG-27": [_adjustment(a) for a in line.adjustments if not a.charge],
            "BG-28": [_adjustment(a) for a in line.adjustments if a.charge],
            "BG-32": [{"BT-160": name, "BT-161": value} for name, value in line.attributes],
        }
    )
