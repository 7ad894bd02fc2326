"""What the assistant knows of a conversation, and what a new message adds to it (pure)."""

import re
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any

from carbot_app.domains.conversations.nlu.schemas import DesiredDate, MessageAnalysis
from carbot_app.domains.customers.schemas import Contact, VehicleFacts

URGENCY_ORDER = ("low", "normal", "high", "emergency")
LEAD_ORDER = ("cold", "warm", "hot")
_BARE_CLOCK = re.compile(
    r"\W*(?:(?:ab|um|gegen|at|saat|o|godz\w*|około)\W+)?[\d.:]+\W*(?:uhr|h|am|pm)?\W*", re.I
)
WISH_LENGTH = 400
ACCIDENT = "accident_insurance"
"""The intent of whoever had an accident."""
CALL = "call"
"""Pending: name and number for a callback were asked for."""
MAX_SERVICES = 4


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """A free time as it was shown; ``starts_at`` is ISO 8601 in the workshop's zone."""

    id: str
    starts_at: str
    label: str

    @property
    def at(self) -> datetime:
        """The start, aware."""
        return datetime.fromisoformat(self.starts_at)


@dataclass(frozen=True, slots=True)
class DateWish:
    """When the customer would like to come; ISO 8601 in the workshop's zone, empty: open."""

    from_at: str = ""
    to_at: str = ""
    part_of_day: str = ""
    text: str = ""

    @property
    def after(self) -> datetime | None:
        """Earliest start wished for."""
        return datetime.fromisoformat(self.from_at) if self.from_at else None

    @property
    def until(self) -> datetime | None:
        """First instant that is too late."""
        return datetime.fromisoformat(self.to_at) if self.to_at else None


@dataclass(frozen=True, slots=True)
class BookedVisit:
    """The appointment made in this conversation."""

    slot_id: str
    manage_token: str
    title: str
    when: str
    price: str
    address: str
    starts_at: str
    ends_at: str


@dataclass(slots=True)
class DialogueState:
    """Everything remembered from turn to turn; stored as JSON with the conversation."""

    language: str = "de"
    service_codes: list[str] = field(default_factory=list)
    vehicle: VehicleFacts = field(default_factory=VehicleFacts)
    name: str = ""
    phone: str = ""
    email: str = ""
    wish: DateWish = field(default_factory=DateWish)
    offered: list[OfferedSlot] = field(default_factory=list)
    chosen: OfferedSlot | None = None
    pending: str = ""
    """What was asked last: service, slot, contact, call, person or nothing."""
    booked: BookedVisit | None = None
    proposed: list[str] = field(default_factory=list)
    """Services asked about with "do you mean …"."""
    visits: int = 0
    """Appointments made in this conversation."""
    quoted: list[str] = field(default_factory=list)
    """Prices already told, as ``code:low:high``."""
    request: str = ""
    """The customer's own words that made this a business matter."""
    intents: list[str] = field(default_factory=list)
    urgency: str = "low"
    lead_class: str = "cold"
    value_min_cents: int = 0
    value_max_cents: int = 0
    is_lead: bool = False
    call_at: str = ""
    """When a call is wished for, until it is noted; ISO 8601 in the workshop's zone."""
    discount_percent: int = 0
    """Promised by the owner's rules in this conversation."""
    accident: dict[str, str] = field(default_factory=dict)
    """What is known of an accident: kind and drives, in the customer's words."""
    visit_wish: str = ""
    """What is wanted of a visit booked elsewhere: see, status, move or cancel."""
    visit_id: str = ""
    """The visit that was asked about."""
    loaner: bool = False
    """A car for the meantime is wished for."""
    extra: str = ""
    """Service that was suggested beside the wished ones; suggested once."""
    misunderstood: int = 0
    danger_told: bool = False

    @property
    def contact(self) -> Contact:
        """What is known of how to reach the customer."""
        return Contact(name=self.name, phone=self.phone, email=self.email)

    @property
    def reachable(self) -> bool:
        """Whether a booking may be made for this customer."""
        return bool(self.name and (self.phone or self.email))

    @property
    def vehicle_label(self) -> str:
        """``VW Golf`` or empty."""
        return f"{self.vehicle.make} {self.vehicle.model}".strip()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON for the conversation's row."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any], *, language: str = "de") -> "DialogueState":
        """Read what ``to_json`` wrote; unknown fields of another version are ignored."""
        known = {key: value for key, value in stored.items() if key in cls.__dataclass_fields__}
        state = cls(**{"language": language, **known})
        state.vehicle = _read(VehicleFacts, known.get("vehicle"))
        state.wish = _read(DateWish, known.get("wish"))
        state.offered = [_read(OfferedSlot, slot) for slot in known.get("offered") or ()]
        state.chosen = _read(OfferedSlot, known["chosen"]) if known.get("chosen") else None
        state.booked = _read(BookedVisit, known["booked"]) if known.get("booked") else None
        return state

    def copy(self) -> "DialogueState":
        """An independent copy, for an engine that may have to be taken back."""
        return DialogueState.from_json(self.to_json())


@dataclass(frozen=True, slots=True)
class News:
    """What a message added to the state."""

    services: bool = False
    vehicle: bool = False
    contact: bool = False
    wish: bool = False

    def __bool__(self) -> bool:
        return self.services or self.vehicle or self.contact or self.wish


def absorb(
    state: DialogueState,
    analysis: MessageAnalysis,
    text: str,
    *,
    codes: list[str],
    vehicle_class: str,
    desired: DesiredDate | None,
    adds: bool = False,
) -> News:
    """Take over what a message states.

    ``codes`` are the workshop's services it names, ``desired`` the date it wishes for; ``adds`` puts the
    services beside the ones wished before.
    """
    if analysis.language_confidence >= 0.6 or not state.intents:
        state.language = analysis.language
    news = News(
        services=choose_services(state, [*state.service_codes, *codes] if adds else codes),
        vehicle=_absorb_vehicle(state, analysis, vehicle_class),
        contact=_absorb_contact(state, analysis),
        wish=_absorb_wish(state, desired, analysis.entities.part_of_day),
    )
    _absorb_signals(state, analysis, text, bool(codes))
    return news


def wish_of(desired: DesiredDate | None, part_of_day: str | None) -> DateWish | None:
    """The wish for a slot search; day-granular ends include their whole day (see DesiredDate)."""
    if desired is None:
        return DateWish(part_of_day=part_of_day) if part_of_day else None
    end = desired.to
    if end is not None:
        midnight = datetime.combine(end.date(), time(), tzinfo=end.tzinfo)
        end = midnight + timedelta(days=1)
    return DateWish(
        from_at=desired.from_.isoformat(),
        to_at=end.isoformat() if end else "",
        part_of_day=part_of_day or "",
        text=desired.text,
    )


def choose_services(state: DialogueState, codes: list[str]) -> bool:
    """Wish for these services from now on; False when nothing new is among them."""
    if not codes or all(code in state.service_codes for code in codes):
        return False
    if state.booked:
        # The visit stands; what is wished for now is another one.
        state.booked, state.wish = None, DateWish()
    state.service_codes = list(dict.fromkeys(codes))[:MAX_SERVICES]
    state.offered, state.chosen, state.quoted = [], None, []
    return True


def _absorb_vehicle(state: DialogueState, analysis: MessageAnalysis, vehicle_class: str) -> bool:
    found = analysis.entities
    known = state.vehicle
    other_car = bool(found.model and known.model and found.model != known.model)
    base = VehicleFacts() if other_car else known
    state.vehicle = replace(
        base,
        plate=found.plate or base.plate,
        make=found.make or base.make,
        model=found.model or base.model,
        year=found.year or base.year,
        fuel=found.fuel or base.fuel,
        km=found.km or base.km,
        vehicle_class=vehicle_class or base.vehicle_class,
    )
    return state.vehicle != known


def _absorb_contact(state: DialogueState, analysis: MessageAnalysis) -> bool:
    found = analysis.entities
    before = state.contact
    state.name = (found.name or state.name)[:120]
    state.phone = found.phone or state.phone
    state.email = found.email or state.email
    return state.contact != before


def _absorb_wish(state: DialogueState, desired: DesiredDate | None, part_of_day: str | None) -> bool:
    wish = wish_of(desired, part_of_day)
    if wish is None:
        return False
    if not wish.from_at:
        # "rather in the afternoon" changes the part of the day, not the days wished for before.
        wish = replace(state.wish, part_of_day=wish.part_of_day)
    elif desired is not None and _BARE_CLOCK.fullmatch(desired.text) and state.wish.after:
        # "8:00" alone means the days wished for before, too.
        at = datetime.combine(state.wish.after.date(), desired.from_.time(), tzinfo=desired.from_.tzinfo)
        wish = replace(state.wish, from_at=at.isoformat(), part_of_day="")
    changed = wish != state.wish
    state.wish = wish
    return changed


def _absorb_signals(state: DialogueState, analysis: MessageAnalysis, text: str, names_service: bool) -> None:
    state.intents = list(dict.fromkeys([*state.intents, analysis.intent, *analysis.secondary_intents]))
    state.urgency = max(state.urgency, analysis.urgency, key=URGENCY_ORDER.index)
    state.lead_class = max(state.lead_class, analysis.lead, key=LEAD_ORDER.index)
    business = analysis.is_new_business and not analysis.must_refuse
    state.is_lead = state.is_lead or business or analysis.danger is not None
    if not state.request and (business or names_service):
        state.request = text[:WISH_LENGTH]


def _read(kind: type, stored: Any) -> Any:
    fields = kind.__dataclass_fields__
    return kind(**{key: value for key, value in (stored or {}).items() if key in fields})
