"""What enquiries of the demo look like before they end, and how they end: some are more promising."""

import math
from dataclasses import dataclass
from datetime import datetime
from random import Random

from carbot_app.domains.leads.scoring import LeadSignals

_WISHES = {"book_appointment": 45, "price_request": 40, "technical_question": 15}
_PULLS = {
    "book_appointment": 2.2,
    "price_request": -1.0,
    "technical_question": -2.0,
}
_DATE, _CONTACT, _REGULAR, _EXPENSIVE, _NIGHT, _SAFETY = 3.0, 3.8, 1.8, -1.0, -1.4, 1.8
_USUAL = -3.0
_EXPENSIVE_CENTS = 25_000
_EVENING, _MORNING = 21, 7
_STAFF_SHARE = 0.22
"""Of those who come: booked by somebody of the team instead of CarBot."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An enquiry: what was known when it came in, and whether it will be booked, staff or declined."""

    signals: LeadSignals
    outcome: str


def ask(
    rng: Random, *, code: str, value_cents: int, local: datetime, car_age: int, outcome: str = ""
) -> Asked:
    """An enquiry about a service; ``outcome`` is drawn from what makes people come unless it is given."""
    wish = rng.choices(list(_WISHES), list(_WISHES.values()))[0]
    urgent = code.startswith("SAF-BRK")
    has_date = rng.random() < (0.55 if wish == "book_appointment" else 0.2)
    has_contact, returning = rng.random() < 0.6, rng.random() < 0.35
    signals = LeadSignals(
        intents=(wish,),
        urgency="high" if urgent else "normal",
        lead_class="hot" if urgent or (wish == "book_appointment" and has_date) else "warm",
        service_codes=(code,),
        value_cents=value_cents,
        has_plate=rng.random() < 0.6,
        has_vehicle=True,
        has_contact=has_contact,
        has_desired_date=has_date,
        returning_customer=returning,
        hour=local.hour,
        weekday=local.isoweekday(),
        vehicle_age=car_age,
    )
    pull = _USUAL + _PULLS[wish] + _DATE * has_date + _CONTACT * has_contact + _REGULAR * returning
    pull += _SAFETY * urgent
    pull += _EXPENSIVE * (value_cents > _EXPENSIVE_CENTS) + _NIGHT * (not _MORNING < local.hour < _EVENING)
    comes = rng.random() < 1 / (1 + math.exp(-pull))
    drawn = ("staff" if rng.random() < _STAFF_SHARE else "booked") if comes else "declined"
    return Asked(signals, outcome or drawn)
