"""What a payment slip says: the text of a GiroCode, the references of ISO 11649 and of the Swiss QR-bill.

GiroCode: EPC069-12 version 002, error correction M, at most version 13 of the symbol. Swiss QR-bill:
Implementation Guidelines 2.3 of SIX; a QR-IBAN (IID 30000 to 31999) takes a QR reference, every other IBAN a
creditor reference or none.
"""

import re
from dataclasses import dataclass

from stdnum import iban as iban_rules
from stdnum import iso11649
from stdnum.ch import esr
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from carbot_app.kit.errors import Invalid

QRR, SCOR, NON = "QRR", "SCOR", "NON"
_QR_IIDS = range(30_000, 32_000)
_MOST_BYTES = 331
SWISS = ("CH", "LI")


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference of a Swiss QR-bill."""

    kind: str
    text: str


def normal_iban(iban: str, *, field: str = "iban") -> str:
    """IBAN without spaces, checked.

    Raises:
        Invalid: ``billing_iban_invalid`` when length, form or check digits are wrong.

    """
    try:
        return iban_rules.validate(iban)
    except ValidationError:
        raise Invalid("billing_iban_invalid", field=field) from None


def is_qr_iban(iban: str) -> bool:
    """Whether an IBAN may only be paid with a QR reference."""
    compact = normal_iban(iban)
    return compact.startswith(SWISS) and int(compact[4:9]) in _QR_IIDS


def creditor_reference(text: str) -> str:
    """RF reference of a document number: ``RE202600042`` is ``RF82RE202600042``.

    Raises:
        Invalid: ``billing_reference_invalid`` when nothing or more than 21 characters are left of it.

    """
    body = re.sub(r"[^A-Z0-9]", "", text.upper())
    if not 0 < len(body) <= 21:
        raise Invalid("billing_reference_invalid", field="reference")
    return f"RF{mod_97_10.calc_check_digits(f'{body}RF')}{body}"


def is_creditor_reference(text: str) -> bool:
    """Whether a text is an RF reference with right check digits."""
    return iso11649.is_valid(text)


def is_qr_reference(text: str) -> bool:
    """Whether a text is a QR reference: 27 digits, the last of them right."""
    return len(text) == 27 and text.isdigit() and esr.is_valid(text)


def qr_reference(text: str) -> str:
    """QR reference (27 digits) of a document number: its digits, filled up with zeros, and the check digit.

    Raises:
        Invalid: ``billing_reference_invalid`` without a digit or with more than 26.

    """
    digits = re.sub(r"[^0-9]", "", text)
    if not 0 < len(digits) <= 26 or not int(digits):
        raise Invalid("billing_reference_invalid", field="reference")
    body = digits.zfill(26)
    return body + esr.calc_check_digit(body)


def swiss_reference(iban: str, document: str) -> Reference:
    """Reference for a document to be paid to this IBAN."""
    if is_qr_iban(iban):
        return Reference(QRR, qr_reference(document))
    if not re.search(r"[A-Za-z0-9]", document):
        return Reference(NON, "")
    return Reference(SCOR, creditor_reference(document))


def epc_text(
    name: str, iban: str, cents: int, *, text: str = "", reference: str = "", currency: str = "EUR"
) -> str:
    """Text of a GiroCode with a structured ``reference`` (RF) or a free ``text``, never both.

    Raises:
        Invalid: what of it cannot be in such a code.

    """
    payee = _one_line(name)
    if not 0 < len(payee) <= 70:
        raise Invalid("billing_payee_invalid", field="name")
    if currency != "EUR":
        raise Invalid("billing_currency_differs", field="currency")
    if not 1 <= cents <= 99_999_999_999:
        raise Invalid("billing_amount_invalid", field="amount")
    free = _one_line(text)
    if (free and reference) or len(free) > 140 or (reference and not is_creditor_reference(reference)):
        raise Invalid("billing_reference_invalid", field="reference")
    amount = f"EUR{cents // 100}.{cents % 100:02d}"
    structured = iso11649.compact(reference) if reference else ""
    fields = ["BCD", "002", "1", "SCT", "", payee, normal_iban(iban), amount, "", structured, free]
    code = "\n".join(fields).rstrip("\n")
    if len(code.encode()) > _MOST_BYTES:
        raise Invalid("billing_reference_invalid", field="text")
    return code


def _one_line(text: str) -> str:
    # A line break would move what follows into the next field of the code.
    return " ".join(text.split())
