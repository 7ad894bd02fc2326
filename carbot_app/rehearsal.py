"""Whole scripted conversations on a database of their own: the customer's side is given, the rest is real."""

import asyncio
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlmodel import col, select

from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.migrate import migrate
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.booking.models import Appointment, Resource
from carbot_app.domains.booking.planning import LOANER
from carbot_app.domains.booking.schemas import BookingConfirmation, BookingRequest
from carbot_app.domains.booking.slots import decode_slot, instant_of
from carbot_app.domains.conversations.claims import read_claims
from carbot_app.domains.conversations.dialogue import DialogueState
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.conversations.schemas import MessageView
from carbot_app.domains.customers.schemas import Contact, VehicleFacts
from carbot_app.domains.knowledge.bargaining import lowered
from carbot_app.domains.knowledge.schemas import Terms
from carbot_app.domains.knowledge.starters import starter_articles
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.schemas import SignUp
from carbot_app.domains.tyres.models import WheelSet
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.i18n import list_words
from carbot_app.kit.ids import new_id
from carbot_app.kit.languages import LANGUAGES

STARTS_AT = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""Monday, 9:00 in Berlin."""
PERSON = "person"
DISCOUNT = Terms(percent=5, from_cents=20_000)
_PHONE = "0231 5550100"
_CODE = re.compile(r"\d{6}")


@dataclass
class Outcome:
    """What a script came to."""

    id: str
    language: str
    for_person: bool
    wrong: list[str] = field(default_factory=list)
    turns: int = 0
    answers: int = 0
    wrong_prices: int = 0
    invented_slots: int = 0
    many_questions: int = 0
    """Answers that ask more than one thing."""


def rehearse(scripts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Play every script on a fresh workshop; shares, mistakes and lengths."""
    with TemporaryDirectory() as folder:
        stage = _Stage(Path(folder))
        try:
            return _report([stage.play(script) for script in scripts])
        finally:
            stage.close()


class _Stage:
    """A workshop with a loaner, its starter articles and a rule for discounts."""

    def __init__(self, folder: Path) -> None:
        self._clock = ManualClock(STARTS_AT)
        self._db = Database(f"sqlite:///{folder / 'rehearsal.db'}")
        migrate(self._db.engine)
        settings = Settings(data_dir=folder)
        self._services: Services = build_services(settings, db=self._db, clock=self._clock)
        signed_in = self._services.identity.sign_up(
            SignUp("Werkstatt Probe", "Dortmund", "Probe", "probe@mail.example", new_id().hex)
        )
        self._owner = signed_in.actor
        with self._db.writing(SYSTEM) as session:
            workshop = session.get_one(Workshop, self._owner.workshop_id)
            workshop.phone, workshop.street, workshop.postal_code = _PHONE, "Hafenstraße 1", "44147"
            self._slug = workshop.slug
        with self._db.writing(self._owner.workshop_id) as session:
            session.add(Resource(workshop_id=self._owner.workshop_id, kind=LOANER, name="VW Polo"))
        self._written = tuple(draft.body for draft in starter_articles())
        for draft in starter_articles():
            self._services.knowledge.save_article(self._owner, draft)
        self._services.knowledge.set_terms(self._owner, DISCOUNT)
        self._refusals = {
            text
            for language in LANGUAGES
            for key, text in list_words(language, "assistant").items()
            if key.startswith("refusal")
        }

    def close(self) -> None:
        """Give the file back."""
        self._db.engine.dispose()

    def play(self, script: Mapping[str, Any]) -> Outcome:
        """One conversation, on the calendar the ones before have left."""
        services, language = self._services, str(script["lang"])
        outcome = Outcome(str(script["id"]), language, script.get("expects") == PERSON)
        before = self._prepare(script.get("before"), language)
        public = services.team.public_actor(services.team.get_public_workshop(self._slug), language=language)
        thread, token = services.conversations.start(public, language=language)
        actor = services.conversations.resolve_token(thread.conversation_id, token)
        answers: list[MessageView] = []
        for turn in script["turns"]:
            outcome.turns += 1
            answers += self._say(actor, self._filled(str(turn), before), outcome)
        found = self._found(actor, answers, before)
        outcome.wrong = [name for name, wanted in script["expect"].items() if not _meets(found, name, wanted)]
        self._clock.advance(timedelta(minutes=1))
        return outcome

    def _say(self, actor: Actor, text: str, outcome: Outcome) -> list[MessageView]:
        services = self._services
        message, _ = services.conversations.add_customer_message(actor, text=text, client_id=str(new_id()))
        asyncio.run(services.assistant.answer_unheard(actor, message))
        thread = services.conversations.thread_for_customer(actor)
        new = [one for one in thread.messages if one.seq > message.seq and one.author == "assistant"]
        state = self._state(actor)
        for answer in new:
            outcome.answers += 1
            outcome.many_questions += answer.text.count("?") > 1
            outcome.wrong_prices += self._wrong_prices(actor, answer, state)
            outcome.invented_slots += self._invented(actor, answer, state)
        return new

    def _state(self, actor: Actor) -> DialogueState:
        with self._db.reading(actor.workshop_id) as session:
            return DialogueState.from_json(session.get_one(Conversation, actor.subject_id).dialogue)

    def _wrong_prices(self, actor: Actor, answer: MessageView, state: DialogueState) -> int:
        """Amounts that are neither the catalogue's price of a service spoken of nor what the rule allows."""
        text = answer.text
        for article in self._written:
            text = text.replace(article, " ")  # the workshop's own words, said word for word
        claimed = read_claims(text, self._clock().date()).money_cents
        if not claimed:
            return 0
        catalog, codes = self._services.catalog, [*state.service_codes, *filter(None, [state.extra])]
        quotes = [catalog.quote(actor, code, vehicle=state.vehicle, language="de") for code in codes]
        if state.service_codes:
            quotes.append(catalog.total(actor, state.service_codes, vehicle=state.vehicle, language="de"))
        known = {cents for quote in quotes for cents in (quote.low_cents, quote.high_cents)}
        known |= {lowered(cents, DISCOUNT.percent) for cents in known if cents >= DISCOUNT.from_cents}
        return sum(cents not in known for cents in claimed)

    def _invented(self, actor: Actor, answer: MessageView, state: DialogueState) -> int:
        """Offered times the calendar does not have for the wished services."""
        offered = [slot for part in answer.parts for slot in part.get("slots", ())]
        return sum(not self._is_free(actor, str(slot["id"]), state) for slot in offered)

    def _is_free(self, actor: Actor, slot_id: str, state: DialogueState) -> bool:
        decoded = decode_slot(slot_id)
        if decoded is None:
            return False
        at = instant_of(decoded[0])
        free = self._services.booking.suggest_slots(
            actor, state.service_codes, after=at, until=at + timedelta(minutes=1), loaner=state.loaner,
            language="de",
        )  # fmt: skip
        return any(slot.starts_at == at for slot in free)

    def _prepare(self, before: Mapping[str, Any] | None, language: str) -> BookingConfirmation | None:
        """The visit that already stands when the conversation begins, and the wheels that lie here."""
        if not before:
            return None
        booking = self._book(before, language)
        with self._db.writing(self._owner.workshop_id) as session:
            row = session.get_one(Appointment, booking.appointment_id)
            row.state = str(before.get("state", "confirmed"))
            if season := before.get("wheels"):
                wheels = WheelSet(
                    workshop_id=row.workshop_id, code=new_id().hex[-8:], customer_id=row.customer_id,
                    season=str(season), size="205/55 R16", location=new_id().hex[-6:],
                    stored_on=self._clock().date(),
                )  # fmt: skip
                session.add(wheels)
        return booking

    def _book(self, before: Mapping[str, Any], language: str) -> BookingConfirmation:
        services, code = self._services, str(before.get("service", "ENG-OIL-001"))
        public = services.team.public_actor(services.team.get_public_workshop(self._slug), language=language)
        after = self._clock() + timedelta(days=int(before.get("days", 2)))
        slots = services.booking.suggest_slots(public, [code], after=after, language=language)
        request = BookingRequest(
            slot_id=slots[0].id,
            service_codes=(code,),
            contact=Contact(
                name="Probe Kunde", phone=str(before["phone"]), email=str(before.get("email", ""))
            ),
            vehicle=VehicleFacts(plate=str(before["plate"]), make="VW", model="Golf"),
            source="page",
            language=language,
            request_key=new_id().hex,
        )
        return services.booking.book(public, request)

    def _filled(self, turn: str, before: BookingConfirmation | None) -> str:
        """The turn with the code that was sent last and the secret of the link."""
        if "{code}" in turn:
            with self._db.reading(self._owner.workshop_id) as session:
                sent = session.exec(
                    select(OutgoingMessage.text)
                    .where(OutgoingMessage.kind == "visit_code")
                    .order_by(col(OutgoingMessage.id).desc())
                    .limit(1)
                ).first()
            found = _CODE.search(sent or "")
            turn = turn.replace("{code}", found[0] if found else "000000")
        return turn.replace("{link}", f"https://carbot.example/t/{before.manage_token}" if before else "")

    def _found(
        self, actor: Actor, answers: Sequence[MessageView], before: BookingConfirmation | None
    ) -> dict[str, Any]:
        """The end of a conversation in the words of ``expect``."""
        with self._db.reading(actor.workshop_id) as session:
            visits = session.exec(
                select(Appointment).where(Appointment.conversation_id == actor.subject_id)
            ).all()
            thread = session.get_one(Conversation, actor.subject_id)
            stood = session.get_one(Appointment, before.appointment_id) if before else None
        state = self._state(actor)
        codes = [code for visit in visits for code in visit.service_codes] or state.service_codes
        return {
            "booked": any(visit.state != "cancelled" for visit in visits),
            "handed_over": thread.mode == "human",
            "refused": any(answer.text in self._refusals for answer in answers),
            "danger": any(part["type"] == "danger" for answer in answers for part in answer.parts),
            "service": {code.rpartition("-")[0] for code in codes},
            "says": " ".join(answer.text for answer in answers).casefold(),
            "visit": _fate(stood),
            "loaner": any(visit.loaner_id for visit in visits),
            "extra": any(len(visit.service_codes) > 1 for visit in visits),
        }


def _fate(visit: Appointment | None) -> str:
    if visit is None:
        return ""
    return "cancelled" if visit.state == "cancelled" else "moved" if visit.moved_count else "kept"


def _meets(found: Mapping[str, Any], name: str, wanted: Any) -> bool:
    if name == "service":
        return wanted is None or wanted in found["service"]
    if name == "says":
        return all(str(words).casefold() in found["says"] for words in wanted)
    return found[name] == wanted


def _report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    alone = [one for one in outcomes if not one.for_person]
    with_person = [one for one in outcomes if one.for_person]
    languages = sorted({one.language for one in alone})
    return {
        "alone": _solved(alone),
        "alone_by_language": {
            language: _solved([one for one in alone if one.language == language]) for language in languages
        },
        "for_a_person": _solved(with_person),
        "wrong_prices": sum(one.wrong_prices for one in outcomes),
        "invented_slots": sum(one.invented_slots for one in outcomes),
        "turns": dict(sorted(Counter(one.turns for one in outcomes).items())),
        "turns_per_dialogue": round(sum(one.turns for one in outcomes) / max(1, len(outcomes)), 2),
        "answers": sum(one.answers for one in outcomes),
        "answers_with_several_questions": sum(one.many_questions for one in outcomes),
        "unsolved": {one.id: one.wrong for one in outcomes if one.wrong},
    }


def _solved(outcomes: Sequence[Outcome]) -> dict[str, float | int]:
    solved = sum(not one.wrong for one in outcomes)
    return {"solved": solved, "of": len(outcomes), "share": round(solved / max(1, len(outcomes)), 3)}
