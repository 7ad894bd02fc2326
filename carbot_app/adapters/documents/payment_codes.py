"""The code a banking app scans: GiroCode in the euro area, the payment part with QR in Switzerland."""

import io
from typing import Literal, cast

import segno
from qrbill import QRBill
from stdnum import iban

from carbot_app.domains.billing.document import SEPA_TRANSFER, TRANSFER, Document, Party, Payment
from carbot_app.domains.billing.paper import UNPAID, Paper
from carbot_app.domains.billing.payment_codes import (
    SWISS,
    epc_text,
    is_creditor_reference,
    is_qr_iban,
    is_qr_reference,
    swiss_reference,
)
from carbot_app.domains.payments.ports import TransferTarget
from carbot_app.kit.errors import Invalid


def giro_code(paper: Paper) -> str:
    """An SVG to be paid from in any banking app of the euro area; empty if there is nothing to transfer."""
    way, document = _transfer(paper), paper.document
    if way is None or way.iban.startswith(SWISS):
        return ""
    try:
        text = epc_text(
            (way.account_name or document.seller.name)[:70],
            way.iban,
            document.totals.due_cents,
            text=(document.remittance or document.number)[:140],
            currency=document.currency,
        )
    except Invalid:
        return ""
    picture = io.BytesIO()
    segno.make(text, error="m", boost_error=False, micro=False, encoding="utf-8").save(
        picture, kind="svg", border=0
    )
    return picture.getvalue().decode()


def swiss_bill(paper: Paper) -> str:
    """The payment part with receipt as SVG, 210 by 105 mm; empty where there is none."""
    way, document = _transfer(paper), paper.document
    if way is None or document.currency not in {"CHF", "EUR"} or not way.iban.startswith(SWISS):
        return ""
    due = document.totals.due_cents
    language = paper.language if paper.language in {"de", "en"} else "en"
    bill = QRBill(
        account=way.iban,
        creditor=_bill_address(document.seller),
        debtor=_bill_address(document.buyer) if _complete(document.buyer) else None,
        amount=f"{due // 100}.{due % 100:02d}",
        currency=cast(Literal["CHF", "EUR"], document.currency),
        reference_number=_reference(document, way),
        additional_information=document.number[:140],
        language=cast(Literal["de", "en"], language),
    )
    picture = io.StringIO()
    bill.as_svg(picture)
    return picture.getvalue()


def _transfer(paper: Paper) -> Payment | None:
    """The account to transfer to, if something is to be transferred."""
    document = paper.document
    if paper.kind in UNPAID or paper.paid_on is not None or document.totals.due_cents <= 0:
        return None
    ways = (p for p in document.payments if p.means in {TRANSFER, SEPA_TRANSFER} and iban.is_valid(p.iban))
    return next(ways, None)


def _complete(party: Party) -> bool:
    return bool(party.name and party.address.postcode and party.address.city and party.address.country)


def _bill_address(party: Party) -> dict[str, str]:
    street, _, number = party.address.line1.rpartition(" ")
    if not street or not number[:1].isdigit():
        street, number = party.address.line1, ""
    return {
        "name": party.name[:70],
        "street": street[:70],
        "house_num": number[:16],
        "pcode": party.address.postcode,
        "city": party.address.city[:35],
        "country": party.address.country,
    }


def _reference(document: Document, way: Payment) -> str | None:
    """A QR reference belongs to a QR-IBAN and to nothing else."""
    given = document.remittance.replace(" ", "")
    fits = is_qr_reference(given) if is_qr_iban(way.iban) else is_creditor_reference(given)
    return given if fits else None


class TransferCodePrinter:
    """See payments.ports.TransferCodes."""

    def draw(self, target: TransferTarget) -> str:
        """GiroCode for accounts of the euro area, the Swiss payment part for accounts of Switzerland."""
        if target.iban.startswith(SWISS):
            return _swiss_part(target)
        try:
            text = epc_text(
                target.name,
                target.iban,
                target.amount_cents,
                text=target.reference,
                currency=target.currency,
            )
        except Invalid:
            return ""
        return _drawn(text)


def _drawn(text: str) -> str:
    picture = io.BytesIO()
    segno.make(text, error="m", boost_error=False, micro=False, encoding="utf-8").save(
        picture, kind="svg", border=0, xmldecl=False, omitsize=True
    )
    return picture.getvalue().decode()


def _swiss_part(target: TransferTarget) -> str:
    if target.currency not in {"CHF", "EUR"}:
        return ""
    street, _, number = target.street.rpartition(" ")
    try:
        reference = swiss_reference(target.iban, target.reference)
        bill = QRBill(
            account=target.iban,
            creditor={
                "name": target.name,
                "street": (street or target.street)[:70],
                "house_num": number[:16] if street else "",
                "pcode": target.postal_code,
                "city": target.city[:35],
                "country": target.country,
            },
            amount=f"{target.amount_cents // 100}.{target.amount_cents % 100:02d}",
            currency=cast(Literal["CHF", "EUR"], target.currency),
            reference_number=reference.text or None,
            additional_information=target.reference[:140],
            language=cast(Literal["de", "en"], target.language if target.language == "de" else "en"),
        )
    except (Invalid, ValueError):
        return ""
    picture = io.StringIO()
    bill.as_svg(picture)
    return picture.getvalue().partition("?>")[2].strip()
