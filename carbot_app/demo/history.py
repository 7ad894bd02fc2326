"""Two months of believable days: who wrote, what was answered, what was booked and how it ended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from babel.dates import format_datetime

from carbot_app.demo.cast import CARS, DISTRICTS, FIRST_NAMES, LAST_NAMES, Driver
from carbot_app.demo.outcomes import Asked, ask
from carbot_app.demo.planner import Place, Planner
from carbot_app.demo.scripts import ACCEPT, ANSWER, ASK, CONFIRM, DECLINE, STAFF
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.catalog.schemas import Quote, ServiceView
from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.threads import preview
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.leads.learned import store_signals
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.outcomes import SAID_REASONS
from carbot_app.domains.leads.scoring import score_lead
from carbot_app.domains.team.hours import intervals_on
from carbot_app.domains.team.models import Person, Workshop
from carbot_app.kit.ids import fingerprint, new_secret

DAYS = 60
SERVICES = {
    "TYR-CHG-001": 26, "SAF-HUA-001": 17, "SAF-BRK-002": 14, "ENG-OIL-001": 13, "ENG-INS-002": 10,
    "ENG-DIA-001": 8, "ELE-BAT-002": 7, "CLI-SRV-001": 5,
}  # fmt: skip
LANGUAGES = {"de": 78, "tr": 11, "pl": 7, "en": 4}
WRITING_HOURS = {
    7: 5, 8: 8, 9: 7, 10: 4, 11: 3, 12: 4, 13: 3, 14: 3, 15: 4, 16: 6, 17: 8, 18: 7, 19: 8, 20: 8, 21: 7,
    22: 4, 23: 2,
}  # fmt: skip
TEMPLATES = {
    "de": "EEE, d. MMM, HH:mm 'Uhr'",
    "en": "EEE d MMM, HH:mm",
    "tr": "d MMM EEE, HH:mm",
    "pl": "EEE, d MMM, HH:mm",
}


@dataclass(slots=True)
class Story:
    """Everything one enquiry leaves behind."""

    customer: Customer
    vehicle: Vehicle
    conversation: Conversation | None
    """None: it came by phone."""
    lead: Lead | None
    messages: list[Message]
    appointment: Appointment | None
    place: Place | None


def id_at(instant: datetime, rng: Random) -> UUID:
    """A UUIDv7 (RFC 9562) of a moment in the past, so that history sorts like real records."""
    milliseconds = int(instant.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 7 << 76 | rng.getrandbits(12) << 64 | 2 << 62 | rng.getrandbits(62))


def people_of(workshop_id: UUID, driver: Driver, at: datetime, rng: Random) -> tuple[Customer, Vehicle]:
    """A driver and the car as records of the moment they came."""
    customer = Customer(
        id=id_at(at, rng),
        workshop_id=workshop_id,
        name=driver.name,
        phone=driver.phone,
        email=driver.email,
        language=driver.language,
        created_at=at,
    )
    vehicle = Vehicle(
        id=id_at(at, rng),
        workshop_id=workshop_id,
        customer_id=customer.id,
        plate=driver.plate,
        make=driver.make,
        model=driver.model,
        year=driver.year,
        vehicle_class=driver.vehicle_class,
        km=rng.randrange(18, 210) * 1000,
        created_at=at,
    )
    return customer, vehicle


def invent_driver(rng: Random) -> Driver:
    """A customer with a car."""
    language = rng.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
    first, last = rng.choice(FIRST_NAMES[language]), rng.choice(LAST_NAMES[language])
    make, model, vehicle_class = rng.choice(CARS)
    letters = f"{first[0]}{last[0]}".translate(str.maketrans("İŞÇÖŁŹĄĘÜ", "ISCOLZAEU"))
    plate = f"{rng.choice(DISTRICTS)}-{letters} {rng.randrange(10, 9999 if rng.random() < 0.5 else 999)}"
    mail = f"{first}.{last}".lower().translate(str.maketrans("äöüßçğışłńóźżćęąåİ", "aouscgislnozzceaai"))
    return Driver(
        name=f"{first} {last}",
        phone=f"+49171555{rng.randrange(1000, 9999)}",
        email=f"{mail.encode('ascii', 'ignore').decode()}@example.com" if rng.random() < 0.6 else "",
        language=language,
        plate=plate,
        make=make,
        model=model,
        year=rng.randrange(2009, 2025),
        vehicle_class=vehicle_class,
    )


class Historian:
    """Writes the stories of the demo; deterministic for a given ``now``."""

    def __init__(
        self,
        *,
        workshop: Workshop,
        desk: Person,
        planner: Planner,
        services: dict[str, ServiceView],
        quote: Callable[[str, Driver], Quote],
        now: datetime,
        rng: Random,
    ) -> None:
        self.workshop, self.desk, self.planner = workshop, desk, planner
        self.services, self.quote = services, quote
        self.now, self.rng = now, rng
        self._known: dict[Driver, tuple[Customer, Vehicle]] = {}

    def stories(self, days: int = DAYS, share: float = 1) -> Iterator[Story]:
        """Enquiries of the last days, oldest first; the business, ``share`` as large, grows a little."""
        today = self.now.astimezone(self.planner.zone).date()
        regulars = [invent_driver(self.rng) for _ in range(170)]
        for age in range(days, -1, -1):
            day = today - timedelta(days=age)
            busy = share * (5.2 if day.isoweekday() <= 5 else 2.2)
            count = round(busy * (1.2 - 0.35 * age / days) + self.rng.uniform(-1.4, 1.4))
            moments = sorted(self._moment(day) for _ in range(max(count, 0)))
            for moment in moments:
                if moment < self.now - timedelta(hours=3):
                    yield self.tell(self.rng.choice(regulars), moment)

    def tell(self, driver: Driver, at: datetime, *, code: str = "", outcome: str = "") -> Story:
        """One enquiry; ``outcome`` is booked, staff, declined or drawn by chance."""
        code = code or self.rng.choices(list(SERVICES), list(SERVICES.values()))[0]
        asked = ask(
            self.rng,
            code=code,
            value_cents=self.quote(code, driver).high_cents,
            local=at.astimezone(self.planner.zone),
            car_age=at.year - driver.year,
            outcome=outcome,
        )
        outcome = asked.outcome
        customer, vehicle = self._people(driver, at)
        place = self._place(code, at) if outcome == "booked" else None
        conversation = Conversation(
            id=id_at(at, self.rng),
            workshop_id=self.workshop.id,
            channel="chat",
            customer_id=customer.id,
            language=driver.language,
            state="open" if at > self.now - timedelta(days=1) else "done",
            token_fingerprint=fingerprint(new_secret()),
            last_message_at=at,
            created_at=at,
            page_url=f"{self.workshop.website}/",
        )
        appointment = (
            self._appointment(code, driver, customer, vehicle, conversation, place, at) if place else None
        )
        messages = self._messages(conversation, driver, code, outcome, place)
        lead = self._lead(conversation, customer, vehicle, driver, code, asked, appointment)
        return Story(customer, vehicle, conversation, lead, messages, appointment, place)

    def by_phone(self, day: date) -> Iterator[Story]:
        """Appointments of ``day`` that staff took by phone, until the workshop is about four fifths full."""
        wanted = len([r for r in self.planner.resources if r.kind == "technician"]) * 3
        for _ in range(wanted):
            code = self.rng.choices(list(SERVICES), list(SERVICES.values()))[0]
            service = self.services[code]
            place = self.planner.place(
                day, service.minutes, service.skill, service.bay, offset=self.rng.randrange(10)
            )
            if place:
                latest = min(place.starts_at, self.now) - timedelta(hours=3)
                called_at = latest - timedelta(days=self.rng.randrange(9), hours=self.rng.randrange(8))
                yield self._phone_story(code, place, called_at)

    def unplanned(self, code: str, note: str) -> Story:
        """Work agreed by phone this morning that staff has not planned yet."""
        wish = self._next_morning(self.now)
        ends_at = wish + timedelta(minutes=self.services[code].minutes)
        someone = self.planner.resources[0]
        story = self._phone_story(code, Place(wish, ends_at, someone, someone), self.now - timedelta(hours=2))
        assert story.appointment is not None
        story.appointment.state, story.appointment.note = "unplanned", note
        story.appointment.technician_id = story.appointment.bay_id = story.place = None
        return story

    def _phone_story(self, code: str, place: Place, at: datetime) -> Story:
        driver = invent_driver(self.rng)
        customer, vehicle = self._people(driver, at)
        appointment = self._appointment(code, driver, customer, vehicle, None, place, at)
        return Story(customer, vehicle, None, None, [], appointment, place)

    def _moment(self, day: date) -> datetime:
        hour = self.rng.choices(list(WRITING_HOURS), list(WRITING_HOURS.values()))[0]
        local = datetime.combine(
            day, time(hour, self.rng.randrange(60), self.rng.randrange(60)), self.planner.zone
        )
        return local.astimezone(self.now.tzinfo)

    def _people(self, driver: Driver, at: datetime) -> tuple[Customer, Vehicle]:
        if driver not in self._known:
            self._known[driver] = people_of(self.workshop.id, driver, at, self.rng)
        return self._known[driver]

    def _place(self, code: str, at: datetime) -> Place | None:
        service = self.services[code]
        day = at.astimezone(self.planner.zone).date()
        for ahead in range(1 + self.rng.randrange(4), 15):
            place = self.planner.place(
                day + timedelta(days=ahead),
                service.minutes,
                service.skill,
                service.bay,
                offset=self.rng.randrange(6),
            )
            if place:
                return place
        return None

    def _appointment(
        self,
        code: str,
        driver: Driver,
        customer: Customer,
        vehicle: Vehicle,
        conversation: Conversation | None,
        place: Place,
        at: datetime,
    ) -> Appointment:
        quote = self.quote(code, driver)
        return Appointment(
            id=id_at(at, self.rng),
            workshop_id=self.workshop.id,
            customer_id=customer.id,
            vehicle_id=vehicle.id,
            conversation_id=conversation.id if conversation else None,
            technician_id=place.technician.id,
            bay_id=place.bay.id,
            service_codes=[code],
            title=self.services[code].name,
            starts_at=place.starts_at,
            ends_at=place.ends_at,
            state=self._state(place),
            price_min_cents=quote.low_cents,
            price_max_cents=quote.high_cents,
            source="chat" if conversation else "staff",
            language=driver.language,
            manage_token=new_secret(),
            request_key=new_secret(),
            created_at=at + timedelta(minutes=2),
        )

    def _state(self, place: Place) -> str:
        if place.ends_at < self.now:
            return self.rng.choices(["done", "no_show", "cancelled"], [94, 3, 3])[0]
        if place.starts_at < self.now:
            return "in_work"
        return "confirmed"

    def _messages(
        self, conversation: Conversation, driver: Driver, code: str, outcome: str, place: Place | None
    ) -> list[Message]:
        quote = self.quote(code, driver)
        named = {
            "car": f"{driver.make} {driver.model}",
            "plate": driver.plate,
            "service": quote.service_name,
            "price": quote.text,
            "slot": self._when(
                place.starts_at if place else self._next_morning(conversation.created_at), driver.language
            ),
        }
        language, at = driver.language, conversation.created_at
        turns: list[tuple[str, str, float]] = [
            ("customer", ASK[code][language], 0),
            ("assistant", ANSWER[language], 1.4),
        ]
        if outcome == "booked":
            turns += [
                ("customer", self.rng.choice(ACCEPT[language]), 70),
                ("assistant", CONFIRM[language], 1.2),
            ]
        elif outcome == "staff":
            turns += [("staff", STAFF[language], 60 * self.rng.randrange(4, 55))]
        elif outcome == "declined":
            turns += [("customer", self.rng.choice(DECLINE[language]), 180)]
        messages = []
        for author, text, seconds in turns:
            at += timedelta(seconds=seconds + self.rng.random())
            messages.append(self._message(conversation, author, text.format(**named), at))
        self._settle(conversation, messages, outcome)
        return messages

    def _message(self, conversation: Conversation, author: str, text: str, at: datetime) -> Message:
        conversation.last_seq += 1
        names = {"staff": self.desk.name, "assistant": "CarBot"}
        return Message(
            id=id_at(at, self.rng),
            workshop_id=self.workshop.id,
            conversation_id=conversation.id,
            seq=conversation.last_seq,
            author=author,
            author_id=self.desk.id if author == "staff" else None,
            author_name=names.get(author, ""),
            text=text,
            created_at=at,
        )

    def _settle(self, conversation: Conversation, messages: list[Message], outcome: str) -> None:
        last, answer = messages[-1], next((m for m in messages if m.author != "customer"), None)
        asked = next(m for m in reversed(messages) if m.author == "customer")
        conversation.last_message_at, conversation.last_text = last.created_at, preview(asked.text)
        conversation.last_author = last.author
        conversation.staff_seen_seq = conversation.last_seq if conversation.state == "done" else 0
        if answer:
            conversation.first_answer_at, conversation.first_answer_by = answer.created_at, answer.author
        if outcome == "staff":
            conversation.mode, conversation.handover_reason = "human", "asked"
            conversation.taken_by, conversation.taken_at = self.desk.id, last.created_at
            conversation.assigned_to = self.desk.id
            conversation.staff_seen_seq = conversation.last_seq

    def _lead(
        self,
        conversation: Conversation,
        customer: Customer,
        vehicle: Vehicle,
        driver: Driver,
        code: str,
        asked: Asked,
        appointment: Appointment | None,
    ) -> Lead:
        quote, booked = self.quote(code, driver), appointment is not None
        outcome, known = asked.outcome, asked.signals
        if booked or outcome == "open":
            known = replace(known, intents=("book_appointment",), lead_class="hot", has_desired_date=True)
        # In these threads everybody has named plate and number by now
        known = replace(known, has_plate=True, has_contact=True)
        result = score_lead(replace(known, booked=booked))
        ended = {"declined": "lost", "staff": "won"}.get(outcome, "open")
        state = ended if conversation.state == "done" else "open"
        if appointment is not None:
            state = "won" if appointment.state == "done" else "booked"
        return Lead(
            id=id_at(conversation.created_at, self.rng),
            workshop_id=self.workshop.id,
            conversation_id=conversation.id,
            customer_id=customer.id,
            vehicle_id=vehicle.id,
            channel="chat",
            state=state,
            lost_reason=self.rng.choice(SAID_REASONS) if state == "lost" else "",
            intent=known.intents[0],
            score=result.score,
            temperature=result.temperature,
            urgency=known.urgency,
            reasons=[{"code": r.code, "points": r.points, "params": r.params} for r in result.reasons],
            signals=store_signals(known if outcome == "open" else asked.signals),
            wish=quote.service_name,
            service_codes=[code],
            value_min_cents=quote.low_cents,
            value_max_cents=quote.high_cents,
            booked_at=appointment.created_at if appointment else None,
            created_at=conversation.created_at,
        )

    def _when(self, at: datetime, language: str) -> str:
        local: Any = at.astimezone(self.planner.zone)
        return format_datetime(local, TEMPLATES[language], locale=language)

    def _next_morning(self, at: datetime) -> datetime:
        """A quarter past nine on the next day the workshop is open."""
        day = at.astimezone(self.planner.zone) + timedelta(days=1)
        while not intervals_on(self.planner.opening_hours, day.date()) or self.planner.is_holiday(day.date()):
            day += timedelta(days=1)
        return day.replace(hour=9, minute=15, second=0, microsecond=0)
