"""Which language somebody probably reads, judged by nothing but their number (pure)."""

import phonenumbers

_BY_REGION = {"DE": "de", "AT": "de", "CH": "de", "LI": "de", "LU": "de", "TR": "tr", "PL": "pl"}


def language_of_number(phone: str, default: str) -> str:
    """de, tr or pl by the country of an E.164 number, en for any other; ``default`` where it says nothing.

    The workshop's own country speaks the workshop's language.
    """
    try:
        region = phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return default
    if region is None:
        return default
    return _BY_REGION.get(region, "en")
