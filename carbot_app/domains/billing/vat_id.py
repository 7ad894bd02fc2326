"""Whether a VAT number may be relied upon: its form and check digits here, the register elsewhere.

Form and check digits tell only that a number is wrong (§ 27a UStG; Art. 97 Directive 2006/112). That it is
somebody's is told by the register (VIES, BZSt, UID register); while that is silent a number stays unverified
and never becomes valid.
"""

from stdnum.ch import vat as swiss
from stdnum.eu import vat as european
from stdnum.exceptions import ValidationError

VALID, UNVERIFIED, INVALID = "valid", "unverified", "invalid"
STATES = (VALID, UNVERIFIED, INVALID)
_SWISS = ("CH", "CHE")


def check_vat_id(number: str, *, registered: bool | None = None) -> str:
    """State of a VAT number; ``registered`` is what the register said, None when it did not answer."""
    if not well_formed(number) or registered is False:
        return INVALID
    return VALID if registered else UNVERIFIED


def well_formed(number: str) -> bool:
    """Whether form and check digits are right, ``DE 136 695 976`` and ``CHE-123.456.788 MWST`` included."""
    return bool(country_of(number))


def country_of(number: str) -> str:
    """ISO 3166 country of a well-formed VAT number (Greece is ``GR`` though it writes ``EL``), else empty."""
    compact = normal_vat_id(number)
    try:
        if compact.startswith(_SWISS):
            swiss.validate(_swiss_with_suffix(compact))
            return "CH"
        european.validate(compact)
    except ValidationError:
        return ""
    return "GR" if compact.startswith("EL") else compact[:2]


def normal_vat_id(number: str) -> str:
    """Upper case without spaces, dots and dashes, as the registers and EN 16931 write it."""
    return "".join(char for char in number.upper() if char.isalnum())


def _swiss_with_suffix(compact: str) -> str:
    return compact if compact[-1:].isalpha() else f"{compact}MWST"
