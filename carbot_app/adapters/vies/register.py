"""Asks VIES (REST, European Commission) whether a VAT number is somebody's.

Member states switch their registers off at night and under load. Then nothing is known of a number: it is
neither valid nor wrong, and the question is asked again the next time.
"""

import time
from datetime import UTC, datetime

import httpx

from carbot_app.domains.billing.ports import RegisterAnswer

VIES = "https://ec.europa.eu/taxation_customs/vies/rest-api"
SECONDS = 5.0
KEPT_SECONDS = 3600.0
_MOST_KEPT = 1000
_PATH = "/check-vat-number"
_UNKNOWN = RegisterAnswer(None)


class ViesRegister:
    """A VatRegister; what was answered is not asked again for an hour."""

    def __init__(self, url: str = VIES) -> None:
        self._url = url.rstrip("/")
        self._known: dict[tuple[str, str], tuple[float, RegisterAnswer]] = {}

    def ask(self, number: str, *, own_number: str = "") -> RegisterAnswer:
        """See VatRegister."""
        key = (number, own_number)
        known = self._known.get(key)
        if known and known[0] > time.monotonic():
            return known[1]
        answer = self._ask(number, own_number)
        if answer.registered is not None:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[key] = (time.monotonic() + KEPT_SECONDS, answer)
        return answer

    def _ask(self, number: str, own_number: str) -> RegisterAnswer:
        question = {"countryCode": number[:2], "vatNumber": number[2:]}
        if own_number:
            question |= {"requesterMemberStateCode": own_number[:2], "requesterNumber": own_number[2:]}
        try:
            response = httpx.post(f"{self._url}{_PATH}", json=question, timeout=SECONDS)
            told = response.json()
        except (httpx.HTTPError, ValueError):
            return _UNKNOWN
        # An error of a member state comes with 200 too and has no ``valid``, or one beside an error.
        if response.status_code != 200 or not isinstance(told, dict) or told.get("errorWrappers"):
            return _UNKNOWN
        valid = told.get("valid")
        if not isinstance(valid, bool):
            return _UNKNOWN
        return RegisterAnswer(valid, str(told.get("requestIdentifier") or "")[:40], datetime.now(UTC))
