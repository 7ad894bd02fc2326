"""The tools both assistants share: typed results, each noted as a fact of the turn."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from carbot_app.domains.booking.offering import PARTS_OF_DAY
from carbot_app.domains.booking.schemas import BookingConfirmation, BookingRequest, Slot
from carbot_app.domains.calls.schemas import SOON, CallbackRequest
from carbot_app.domains.catalog.schemas import Quote, ServiceView
from carbot_app.domains.conversations.dialogue import (
    BookedVisit,
    DateWish,
    DialogueState,
    OfferedSlot,
    choose_services,
)
from carbot_app.domains.conversations.facts import Fact, FactSheet
from carbot_app.domains.conversations.opening import OpeningHours, describe_hours
from carbot_app.domains.conversations.tool_ports import (
    AskedDeposit,
    Calendar,
    Calls,
    Catalogue,
    Deposits,
    Knowledge,
)
from carbot_app.domains.conversations.visit_ports import VisitDesk
from carbot_app.domains.conversations.visit_tools import VisitTools
from carbot_app.domains.customers.schemas import Contact
from carbot_app.domains.knowledge.bargaining import lowered
from carbot_app.domains.knowledge.schemas import ArticleView
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import AppError
from carbot_app.kit.i18n import translate
from carbot_app.kit.money import format_cents_range

PROBLEMS = {"slot_taken", "slot_past", "phone_invalid", "email_invalid", "contact_missing"}
"""Refusals of a booking with words of their own; everything else is a time that cannot be had."""
SLOT_COUNT = 3
PER_VEHICLE_CLASS = "per_vehicle_class"
CLOCK_TOLERANCE = timedelta(hours=2)
"""A wished clock time is met by slots this much before it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Free times; ``as_wished`` is False when the wish could not be met and other times are offered."""

    slots: tuple[OfferedSlot, ...]
    recommended_id: str = ""
    as_wished: bool = True


@dataclass(frozen=True, slots=True)
class BookingOutcome:
    """A visit, or why not: slot_unknown or one of PROBLEMS. ``deposit``: what is still to be paid for it."""

    visit: BookedVisit | None
    problem: str = ""
    moved: bool = False
    deposit: AskedDeposit | None = None


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """When the call comes, in words, or the code of what stands against it.

    ``as_wished`` is False when nobody is there at the wished time.
    """

    when: str
    problem: str = ""
    as_wished: bool = True


class ToolBox(VisitTools):
    """The tools of one turn. Blocking; call from a thread."""

    def __init__(
        self,
        *,
        actor: Actor,
        workshop: WorkshopView,
        now: datetime,
        state: DialogueState,
        catalogue: Catalogue,
        calendar: Calendar,
        calls: Calls,
        conversation_id: UUID,
        parse_contact: Callable[[str, str, str, str], Contact],
        knowledge: Knowledge,
        visits: VisitDesk,
        deposits: Deposits | None = None,
    ) -> None:
        self.workshop = workshop
        self.now = now
        self.state = state
        self.sheet = FactSheet()
        self.outcome: BookingOutcome | None = None
        self.last_offer: Offer | None = None
        self._actor = actor
        self._catalogue = catalogue
        self._calendar = calendar
        self._calls = calls
        self._conversation_id = conversation_id
        self._parse_contact = parse_contact
        self._knowledge = knowledge
        self._visits = visits
        self._deposits = deposits
        self._answers: dict[str, ArticleView | None] = {}

    def quote(self, codes: list[str] | None = None) -> list[Quote]:
        """Prices for the customer's car, by default of the wished services; unknown codes are left out."""
        quotes: list[Quote] = []
        for code in codes or self.state.service_codes:
            try:
                quotes.append(
                    self._catalogue.quote(
                        self._actor, code, vehicle=self.state.vehicle, language=self.state.language
                    )
                )
            except AppError:
                continue
        for quote in quotes:
            self._note_price(quote)
        if quotes and codes is None:
            self.state.value_min_cents = sum(quote.low_cents for quote in quotes)
            self.state.value_max_cents = sum(quote.high_cents for quote in quotes)
        return quotes

    def total(self) -> Quote:
        """The wished services together."""
        total = self._catalogue.total(
            self._actor,
            self.state.service_codes,
            vehicle=self.state.vehicle,
            language=self.state.language,
        )
        self._note_price(total)
        return total

    def bargain(self) -> str:
        """The price of the wished services after the discount the owner allows; empty when he allows none."""
        terms = self._knowledge.get_terms(self._actor)
        if not terms.percent or not self.state.service_codes:
            return ""
        total = self.total()
        if not terms.from_cents <= total.low_cents or not total.low_cents:
            return ""
        low, high = (lowered(cents, terms.percent) for cents in (total.low_cents, total.high_cents))
        text = format_cents_range(
            low, high, total.currency, self.state.language, country=self.workshop.country
        )
        self.state.discount_percent = terms.percent
        self.sheet.add(
            Fact("bargain", self._label("discount", percent=terms.percent), money_cents=(low, high))
        )
        return text

    def look_up(self, question: str) -> ArticleView | None:
        """What the workshop wrote down for this question; to be said word for word."""
        if question not in self._answers:
            found = self._knowledge.find_answer(self._actor, question, language=self.state.language)
            self._answers[question] = found
            if found is not None:
                label = self._label("knowledge", title=found.title)
                self.sheet.add(Fact("knowledge", label, quotations=(found.body, found.title)))
        return self._answers[question]

    def note_gap(self, question: str) -> None:
        """Let the workshop know that this was asked in vain."""
        self._knowledge.note_gap(self._actor, question, language=self.state.language)

    def opening_hours(self) -> OpeningHours:
        """The workshop's weekly hours."""
        hours = describe_hours(self.workshop.opening_hours, self.state.language, self.now)
        if hours.open_now and self.is_closed(self.now.date()):
            hours = replace(hours, open_now=False)
        self.sheet.add(Fact("opening_hours", self._label("hours"), hours=hours.by_day))
        return hours

    def is_closed(self, on: date) -> bool:
        """Whether nobody is there all that day, holidays and closures included."""
        closed = self._calendar.is_closed(self._actor, on)
        if closed:
            self.sheet.add(Fact("opening_hours", self._label("hours"), closed_on=(on,)))
        return closed

    def search_services(self, text: str, *, limit: int = 4) -> list[ServiceView]:
        """The workshop's services that fit the words, best first."""
        return self._catalogue.search(self._actor, text, language=self.state.language, limit=limit)

    def common_services(self, *, limit: int = 5) -> list[ServiceView]:
        """What is booked most: the first services offered online."""
        return self._catalogue.list_services(self._actor, language=self.state.language, only_bookable=True)[
            :limit
        ]

    def choose(self, *codes: str) -> None:
        """Wish for these services from now on."""
        choose_services(self.state, list(codes))

    def find_slots(self, wish: DateWish | None = None) -> Offer:
        """Free times for the wished services; the nearest others when the wish cannot be met."""
        wish = wish or self.state.wish
        after = wish.after
        if after is not None and (after.hour or after.minute):
            after -= CLOCK_TOLERANCE
        slots = self._search(after=after, until=wish.until, part_of_day=wish.part_of_day)
        return self._offer(slots, as_wished=self._meets(slots, wish))

    def earlier_slots(self) -> Offer:
        """Free times before the ones offered; the next ones, not as wished, when there are none."""
        first = min(slot.at for slot in self.state.offered)
        slots = self._search(after=None, until=first, part_of_day="")
        if slots and all(slot.starts_at < first for slot in slots):
            return self._offer(slots, as_wished=True)
        return self._offer(self._search(after=None, until=None, part_of_day=""), as_wished=False)

    def later_slots(self) -> Offer:
        """Free times on days after the ones offered."""
        last = max(slot.at for slot in self.state.offered)
        tomorrow = (last + timedelta(days=1)).replace(hour=0, minute=0)
        return self.find_slots(
            DateWish(from_at=tomorrow.isoformat(), part_of_day=self.state.wish.part_of_day)
        )

    def still_free(self, slot: OfferedSlot) -> bool:
        """Whether an offered time can still be had."""
        at = slot.at
        free = self._search(after=at, until=at + timedelta(minutes=1), part_of_day="")
        found = next((other for other in free if other.starts_at == at), None)
        if found is not None:
            moments = (at, found.ends_at.astimezone(self.now.tzinfo))
            self.sheet.add(Fact("find_slots", self._label("slots", count=1), moments=moments))
        return found is not None

    def offers(self, code: str) -> bool:
        """Whether the workshop has a service of this code."""
        services = self._catalogue.list_services(self._actor, language=self.state.language)
        return any(service.code == code for service in services)

    def depends_on_car(self, codes: list[str]) -> bool:
        """Whether a price would become exact by knowing the car."""
        services = self._catalogue.list_services(self._actor, language=self.state.language)
        return any(s.code in codes and s.price_model == PER_VEHICLE_CLASS for s in services)

    def book(self, slot: OfferedSlot, *, note: str = "") -> BookingOutcome:
        """Book the wished services at ``slot``, or move this conversation's appointment there.

        Idempotent per conversation and slot: a double click gives the same appointment.
        """
        state = self.state
        if not state.booked and not state.reachable:
            return BookingOutcome(None, "contact_missing")
        try:
            if state.booked and state.booked.slot_id != slot.id:
                confirmation = self._calendar.move_by_link(
                    state.booked.manage_token, slot.id, self._key(slot), language=state.language
                )
                return self._booked(slot, confirmation, moved=True)
            request = BookingRequest(
                slot_id=slot.id,
                service_codes=tuple(state.service_codes),
                contact=self._valid_contact(),
                vehicle=state.vehicle,
                source="chat",
                language=state.language,
                request_key=self._key(slot),
                note=self._note(note or state.request),
                loaner=state.loaner,
                conversation_id=self._conversation_id,
            )
            return self._booked(slot, self._calendar.book(self._actor, request), moved=False)
        except AppError as refused:
            return BookingOutcome(None, refused.code if refused.code in PROBLEMS else "slot_unknown")

    def appointment(self) -> BookedVisit | None:
        """This conversation's appointment, with the times that may be stated."""
        if visit := self.state.booked:
            self._note_visit(visit)
        return self.state.booked

    def call_back(self, wished: datetime | None) -> CallOutcome:
        """Have the team call; as soon as possible when nobody is there at the wished time.

        Idempotent per number: asking again changes the call that is noted.
        """
        state = self.state
        actor = replace(self._actor, language=state.language)
        window = self._calls.window_for(actor, wished) if wished else None
        request = CallbackRequest(
            name=state.name,
            phone=state.phone,
            window=window.key if window else SOON,
            note=state.request,
            plate=state.vehicle.plate,
            plate_country=state.vehicle.plate_country,
            language=state.language,
            source="chat",
        )
        try:
            promise = self._calls.request(actor, request)
        except AppError as refused:
            return CallOutcome("", refused.code)
        zone = self.now.tzinfo
        moments = (promise.starts_at.astimezone(zone), promise.ends_at.astimezone(zone))
        self.sheet.add(Fact("call_back", self._label("call", when=promise.when), moments=moments))
        return CallOutcome(promise.when, as_wished=wished is None or window is not None)

    def _note(self, request: str) -> str:
        """The customer's words, and for staff what was promised."""
        percent = self.state.discount_percent
        return f"{request} · {self._label('discount', percent=percent)}".strip(" ·") if percent else request

    def _valid_contact(self) -> Contact:
        state = self.state
        contact = self._parse_contact(state.name, state.phone, state.email, self.workshop.country)
        state.phone, state.email = contact.phone, contact.email
        return contact

    def _booked(self, slot: OfferedSlot, confirmation: BookingConfirmation, *, moved: bool) -> BookingOutcome:
        zone = self.now.tzinfo
        visit = BookedVisit(
            slot_id=slot.id,
            manage_token=confirmation.manage_token,
            title=confirmation.title,
            when=slot.label,  # mails and pages know fewer languages than the chat
            price=confirmation.price,
            address=confirmation.address,
            starts_at=confirmation.starts_at.astimezone(zone).isoformat(),
            ends_at=confirmation.ends_at.astimezone(zone).isoformat(),
        )
        self.state.booked, self.state.chosen, self.state.offered, self.state.pending = visit, None, [], ""
        self.state.visits += not moved
        self._note_visit(visit)
        deposit = self._open_deposit(confirmation.appointment_id)
        self.outcome = BookingOutcome(visit, moved=moved, deposit=deposit)
        return self.outcome

    def _open_deposit(self, appointment_id: UUID) -> AskedDeposit | None:
        """What is to be paid in advance now, noted as a fact."""
        if self._deposits is None:
            return None
        found = self._deposits.find_for(appointment_id, language=self.state.language)
        if found is None or found.state != "open":
            return None
        label = self._label("deposit", amount=found.amount)
        self.sheet.add(Fact("deposit", label, money_cents=(found.amount_cents,)))
        return found

    def _note_visit(self, visit: BookedVisit) -> None:
        moments = (datetime.fromisoformat(visit.starts_at), datetime.fromisoformat(visit.ends_at))
        self.sheet.add(Fact("appointment", self._label("booked", when=visit.when), moments=moments))

    def _search(self, *, after: datetime | None, until: datetime | None, part_of_day: str) -> list[Slot]:
        codes = self.state.service_codes
        if not codes:
            return []
        return self._calendar.suggest_slots(
            self._actor,
            codes,
            after=after,
            until=until,
            part_of_day=part_of_day or None,
            limit=SLOT_COUNT,
            loaner=self.state.loaner,
            language=self.state.language,
        )

    def _meets(self, slots: list[Slot], wish: DateWish) -> bool:
        """Whether the calendar kept to the wish; it answers with the nearest times when it cannot."""
        hours = PARTS_OF_DAY.get(wish.part_of_day, range(24))
        return all(
            (wish.after is None or slot.starts_at.date() >= wish.after.date())
            and (wish.until is None or slot.starts_at < wish.until)
            and slot.starts_at.astimezone(self.now.tzinfo).hour in hours
            for slot in slots
        )

    def _offer(self, slots: list[Slot], *, as_wished: bool) -> Offer:
        zone = self.now.tzinfo
        offered = tuple(
            OfferedSlot(slot.id, slot.starts_at.astimezone(zone).isoformat(), slot.label)
            for slot in sorted(slots, key=lambda slot: slot.starts_at)
        )
        recommended = next((slot.id for slot in slots if slot.recommended), "")
        if offered:
            label = self._label("slots", count=len(offered))
            self.sheet.add(Fact("find_slots", label, moments=tuple(slot.at for slot in offered)))
        self.state.offered = list(offered)
        self.last_offer = Offer(offered, recommended, as_wished)
        return self.last_offer

    def _note_price(self, quote: Quote) -> None:
        label = self._label("quote", service=quote.service_name, price=quote.text)
        self.sheet.add(Fact("quote", label, money_cents=(quote.low_cents, quote.high_cents)))

    def _key(self, slot: OfferedSlot) -> str:
        return f"{self._conversation_id.hex}-{slot.id}"[:64]

    def _label(self, key: str, **values: object) -> str:
        return translate(self.workshop.language, f"assistant.fact.{key}", **values)
