"""Values of XML elements, whatever prefix or namespace their publisher chose."""

import base64
import binascii
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from carbot_app.domains.billing.document import CashDiscount, Identifier, Note
from carbot_app.kit.errors import Invalid
from carbot_app.kit.money import round_half_up

_NUMBER = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})\Z", re.ASCII)
_DISCOUNT = re.compile(
    r"#SKONTO#TAGE=(\d{1,4})#PROZENT=(\d{1,3}(?:\.\d+)?)#(?:BASISBETRAG=(-?\d{1,15}(?:\.\d+)?)#)?\Z", re.ASCII
)
_SUBJECT = re.compile(r"#([A-Z]{3})#(.*)\Z", re.DOTALL)


@lru_cache(maxsize=512)
def _any_namespace(path: str) -> str:
    return "/".join(step if step == "." else f"{{*}}{step}" for step in path.split("/"))


def one(node: Any, path: str) -> Any:
    """The first element at ``path`` below, or None."""
    return None if node is None else node.find(_any_namespace(path))


def many(node: Any, path: str) -> list[Any]:
    """All elements at ``path`` below."""
    return [] if node is None else node.findall(_any_namespace(path))


def text(node: Any, path: str = "") -> str:
    """The text at ``path``, or of the element itself; empty if there is none."""
    element = one(node, path) if path else node
    return "" if element is None else (element.text or "").strip()


def identifier(node: Any, path: str) -> Identifier:
    """A number with its scheme."""
    element = one(node, path)
    return Identifier(text(element), attribute(element, "schemeID"))


def attribute(element: Any, name: str) -> str:
    """An attribute; empty if there is none."""
    return "" if element is None else element.get(name, "").strip()


def decimal(node: Any, path: str = "") -> Decimal | None:
    """A number as it stands in the file."""
    written = text(node, path)
    return to_decimal(written, path or _name(node)) if written else None


def to_decimal(written: str, place: str) -> Decimal:
    """A number of XML Schema: no exponents, no thousands, no infinity."""
    if not _NUMBER.match(written):
        raise Invalid("einvoice_number_invalid", field=place, value=written[:40])
    return Decimal(written)


def cents(node: Any, path: str = "") -> int | None:
    """An amount in hundredths."""
    amount = decimal(node, path)
    return None if amount is None else round_half_up(amount * 100)


def day(node: Any, path: str) -> date | None:
    """A date as CII (20261123) or UBL (2026-11-23) write it; a time or zone behind it does not matter."""
    written = text(node, path)
    if not written:
        return None
    digits = written.replace("-", "")[:8]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8] or 1))
    except ValueError as error:
        raise Invalid("einvoice_date_invalid", field=path, value=written[:40]) from error


def content(element: Any) -> bytes:
    """What an element carries as base64."""
    try:
        return base64.b64decode(text(element), validate=False)
    except binascii.Error as error:
        raise Invalid("einvoice_attachment_broken", field=_name(element)) from error


def terms_and_discounts(texts: Iterable[str]) -> tuple[str, tuple[CashDiscount, ...]]:
    """Terms of payment: the words, and the discounts that stand among them in the form of XRechnung."""
    words: list[str] = []
    discounts: list[CashDiscount] = []
    for line in "\n".join(texts).splitlines():
        found = _DISCOUNT.match(line.strip())
        if not found:
            words.append(line.rstrip())
            continue
        base = round_half_up(Decimal(found[3]) * 100) if found[3] else None
        discounts.append(CashDiscount(int(found[1]), Decimal(found[2]), base))
    return "\n".join(words).strip(), tuple(discounts)


def note_of(written: str) -> Note:
    """A note of UBL, where the subject code stands before the text as #AAI#."""
    found = _SUBJECT.match(written)
    return Note(found[2], found[1]) if found else Note(written)


def _name(element: Any) -> str:
    return "" if element is None else element.tag.rpartition("}")[2]
