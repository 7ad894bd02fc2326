"""Everything that happens to a message before an engine sees it: analysis, memory, rules (blocking)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.catalog.vehicle_classes import class_of
from carbot_app.domains.conversations import cards, safety
from carbot_app.domains.conversations.answers import Choice, Reply
from carbot_app.domains.conversations.contacts import read_contact
from carbot_app.domains.conversations.dialogue import ACCIDENT, CALL, DialogueState, absorb
from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
from carbot_app.domains.conversations.nlu.dates import find_dates
from carbot_app.domains.conversations.nlu.schemas import MessageAnalysis
from carbot_app.domains.conversations.nlu.signals import find_signals
from carbot_app.domains.conversations.ports import Turn
from carbot_app.domains.conversations.reading import Reading, find_words, read_message, without_call_wish
from carbot_app.domains.conversations.recording import valid_vehicle
from carbot_app.domains.conversations.service import ConversationService
from carbot_app.domains.conversations.tool_ports import Calendar, Calls, Deposits, Knowledge
from carbot_app.domains.conversations.tools import ToolBox
from carbot_app.domains.conversations.visit_ports import VISIT_CODE, VisitDesk
from carbot_app.domains.conversations.visit_words import read_code, read_link, without_secrets
from carbot_app.domains.conversations.warning_lamps import analysis_of, lamp_of, lamp_reply
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.team.schemas import WorkshopView
from carbot_app.domains.team.service import TeamService
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import AppError

_SURE = 0.45
"""An intent below this confidence hands nothing over by itself."""
_CONTACT_WORDS = 8
"""A message this short with a phone number or address is nothing but a contact."""
_REQUESTS = {
    "book_appointment",
    "price_request",
    "price_negotiation",
    "technical_question",
    "parts_tyre_availability",
}
"""Only these change what work is wished for; a danger or a remark on the way does not."""
_DIAGNOSIS = "ENG-DIA-"
_FOLLOW_UP = {"slot", "contact", CALL}
_ASKED_CONTACT = {"contact", CALL}
_LOANER = "loaner_pickup"
_WRITTEN_DOWN = {_LOANER, "billing_question"}
"""What a person answers only as far as the workshop wrote nothing down."""
_NOT_BY_PHONE = {"complaint", "accident_insurance", "privacy_request"}
"""A wish for a call does not keep these from a person."""


@dataclass(frozen=True, slots=True)
class Understood:
    """A turn ready for an engine, or the reply of a rule that stands above the engines."""

    turn: Turn
    workshop: WorkshopView
    rule_reply: Reply | None

    @property
    def urgent(self) -> bool:
        """Whether the reply must be told even while a person answers."""
        return self.rule_reply is not None and self.rule_reply.handover == "emergency"


class MessageReader:
    """Turns a stored message into a turn."""

    def __init__(
        self,
        *,
        knowledge: Knowledge,
        clock: Clock,
        analyser: Callable[[], MessageAnalyser],
        team: TeamService,
        customers: CustomerService,
        catalog: CatalogService,
        booking: Calendar,
        calls: Calls,
        conversations: ConversationService,
        visits: VisitDesk,
        deposits: Deposits | None = None,
    ) -> None:
        self._knowledge = knowledge
        self._clock = clock
        self._analyser = analyser
        self._team = team
        self._customers = customers
        self._catalog = catalog
        self._booking = booking
        self._calls = calls
        self._conversations = conversations
        self._visits = visits
        self._deposits = deposits

    def warm_up(self) -> None:
        """Load model and word lists, so that the first customer need not wait for them."""
        now = self._clock().astimezone(ZoneInfo("Europe/Berlin"))
        self._analyser().analyse("Bremsen", now=now)
        find_words("Bremsen")

    def read(self, actor: Actor, text: str, choice: Choice | None) -> Understood:
        """Analyse, remember and apply the rules."""
        workshop = self._team.get_workshop(self._team.system_actor(actor.workshop_id))
        now = self._clock().astimezone(ZoneInfo(workshop.timezone))
        stored, language = self._conversations.dialogue_of(actor)
        state = DialogueState.from_json(stored, language=language)
        written = text
        # Digits of a code are no kilometres, and a secret is kept out of notes and questions.
        text = without_secrets(text, code=state.pending == VISIT_CODE)
        analysis = self._analyser().analyse(text, now=now, language_hint=state.language)
        if lamp := lamp_of(choice):
            analysis = analysis_of(lamp, analysis, state.language)
        gives_contact = bool(analysis.entities.phone or analysis.entities.email)
        asked_contact = state.pending in _ASKED_CONTACT
        desired = analysis.entities.desired_date
        if desired is None and not asked_contact and not gives_contact:
            desired = find_dates(text, now).desired
        reading = read_message(text, desired, analysis, state, choice)
        picks = reading.slot is not None or bool(reading.several)
        known_contact = state.contact
        if asked_contact or gives_contact:
            said = without_call_wish(text, now) if reading.says("callback") else text
            read_contact(said, state, analysis.entities, is_wordy=bool(reading.words) or picks)
        news = absorb(
            state,
            analysis,
            text,
            codes=[] if picks else self._codes(actor, text, analysis, state, choice),
            vehicle_class=class_of(analysis.entities.make or "", analysis.entities.model or ""),
            # Inside a booking every date is a wish, also where the message alone does not say so.
            desired=desired if state.service_codes else analysis.entities.desired_date,
            adds=(reading.says("add") or (choice is not None and choice.value.startswith(cards.ADD)))
            and bool(state.service_codes)
            and state.booked is None,
        )
        news = replace(news, contact=state.contact != known_contact)
        if news.vehicle:
            self._complete_vehicle(actor, state)
        turn = Turn(
            text=text,
            code=read_code(written) if state.pending == VISIT_CODE else "",
            link=read_link(written),
            analysis=analysis,
            state=state,
            tools=self._tools(actor, workshop, now, state),
            reading=reading,
            desired=desired,
            choice=choice,
            news=news,
        )
        return Understood(
            turn, workshop, self._lamp_reply(actor, turn, workshop) or _rule_reply(turn, workshop)
        )

    def _lamp_reply(self, actor: Actor, turn: Turn, workshop: WorkshopView) -> Reply | None:
        """The advice of a chosen lamp; what may be driven goes on with the services that look after it."""
        lamp = lamp_of(turn.choice)
        if lamp is None or not (workshop.assistant_on or lamp.danger):
            return None
        codes = self._catalog.match_codes(actor, lamp.services)[:1]
        offered = self._catalog.list_services(actor, language=turn.state.language)
        fitting = [service for service in offered if service.code in codes]
        steps = cards.service_replies(fitting, turn.state.language)
        return lamp_reply(lamp, workshop, turn.state.language, steps)

    def _tools(self, actor: Actor, workshop: WorkshopView, now: datetime, state: DialogueState) -> ToolBox:
        assert actor.subject_id is not None
        return ToolBox(
            actor=actor,
            workshop=workshop,
            now=now,
            state=state,
            catalogue=self._catalog,
            calendar=self._booking,
            calls=self._calls,
            conversation_id=actor.subject_id,
            parse_contact=self._customers.parse_contact,
            knowledge=self._knowledge,
            visits=self._visits,
            deposits=self._deposits,
        )

    def _codes(
        self,
        actor: Actor,
        text: str,
        analysis: MessageAnalysis,
        state: DialogueState,
        choice: Choice | None,
    ) -> list[str]:
        """The workshop's services a message names; the words decide within a group."""
        found = analysis.entities
        if lamp := lamp_of(choice):
            return self._catalog.match_codes(actor, lamp.services)[:1]
        if choice is not None:
            is_service = choice.kind == "reply" and choice.value.startswith((cards.SERVICE, cards.ADD))
            named = choice.value.removeprefix(cards.SERVICE).removeprefix(cards.ADD)
            known = {service.code for service in self._catalog.list_services(actor, language="de")}
            return [named] if is_service and named in known else []
        # A refused wish still says what the car has: "then just clean it" goes on from there.
        groups = find_signals(text).services if analysis.must_refuse else found.services
        gives_contact = found.phone or found.email
        if not groups and state.extra and "add" in find_words(text):
            return [state.extra]
        if not groups or (gives_contact and len(text.split()) <= _CONTACT_WORDS):
            return []
        if state.service_codes and analysis.intent not in _REQUESTS:
            return []
        by_words = [service.code for service in self._catalog.search(actor, text, language=state.language)]
        chosen: list[str] = []
        for group in groups:
            fitting = [code for code in by_words if code.startswith(f"{group}-")]
            chosen += fitting[:1] or self._catalog.match_codes(actor, (group,))
        if analysis.intent == "technical_question":
            # One symptom, one visit: where the cause is open, finding it comes first.
            finding = [code for code in chosen if code.startswith(_DIAGNOSIS)]
            chosen = (finding or chosen)[:1]
        return list(dict.fromkeys(chosen))

    def _complete_vehicle(self, actor: Actor, state: DialogueState) -> None:
        """Normal form, and make and model of a plate the workshop knows."""
        state.vehicle = valid_vehicle(self._customers, state.vehicle)
        if not state.vehicle.plate or state.vehicle.model:
            return
        try:
            known = self._customers.known_plate(actor, state.vehicle.plate, state.vehicle.plate_country)
        except AppError:
            return
        if known is not None:
            state.vehicle = replace(
                state.vehicle, make=known.make, model=known.model, vehicle_class=known.vehicle_class
            )


def _rule_reply(turn: Turn, workshop: WorkshopView) -> Reply | None:
    """Danger first, then refusals, then the hand-over to a person."""
    state, analysis = turn.state, turn.analysis
    if danger := safety.danger_reply(analysis, workshop, state.language):
        return danger
    if refusal := safety.refusal_reply(analysis, state.language):
        return refusal
    key, reason = _handover(turn, turn.reading)
    if not workshop.assistant_on and not key:
        key, reason = "asked", "asked"
    if not key:
        return None
    return safety.handover_reply(key, workshop, state.language, reachable=state.reachable, reason=reason)


def _handover(turn: Turn, reading: Reading) -> tuple[str, str]:
    state, analysis, choice = turn.state, turn.analysis, turn.choice
    pressed = choice is not None and choice.kind == "reply" and choice.value == cards.PERSON
    if pressed or (reading.says("person") and not reading.says("robot")):
        complains = analysis.intent == "complaint"
        return ("complaint", "complaint") if complains else ("asked", "asked")
    if state.pending == "person" and reading.says("accept") and not turn.news:
        return "unsure", "unsure"
    follows_up = reading.slot is not None or (state.pending in _FOLLOW_UP and turn.news.contact)
    key = safety.handover_key(analysis)
    if reading.says("callback") and key not in _NOT_BY_PHONE:
        return "", ""
    if key is None or follows_up or analysis.intent_confidence < _SURE:
        return "", ""
    if key == _LOANER and reading.says("loaner") and state.booked is None:
        return "", ""
    if key == ACCIDENT or (key in _WRITTEN_DOWN and turn.tools.look_up(turn.text) is not None):
        return "", ""
    return key, ""
