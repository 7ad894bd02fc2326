"""The built-in assistant: decides what to say from the reading of a message and the tools' results."""

import asyncio
from collections.abc import AsyncGenerator

from carbot_app.domains.conversations import cards
from carbot_app.domains.conversations.answers import Reply
from carbot_app.domains.conversations.dialogue import DialogueState, OfferedSlot
from carbot_app.domains.conversations.local.accidents import answer_accident
from carbot_app.domains.conversations.local.calls import answer_call
from carbot_app.domains.conversations.local.draft import Draft
from carbot_app.domains.conversations.local.haggling import answer_haggling
from carbot_app.domains.conversations.local.loaner import say_loaner
from carbot_app.domains.conversations.local.topics import say_about, say_small_talk, say_written
from carbot_app.domains.conversations.local.upselling import suggest_more
from carbot_app.domains.conversations.local.visits import answer_visit
from carbot_app.domains.conversations.ports import Turn
from carbot_app.domains.conversations.reading import Reading
from carbot_app.domains.conversations.tools import BookingOutcome, Offer

_BUSINESS = {
    "book_appointment",
    "price_request",
    "price_negotiation",
    "technical_question",
    "parts_tyre_availability",
    "emergency_breakdown",
}
_PROBLEM_TEXT = {"slot_taken": "slots.taken", "slot_past": "slots.past", "slot_unknown": "slots.unknown"}
_CONTACT_FIELD = {"phone_invalid": "phone", "email_invalid": "email"}


class LocalAssistant:
    """AssistantEngine without network."""

    name = "local"

    async def answer(self, turn: Turn) -> AsyncGenerator[str | Reply, None]:
        """See AssistantEngine.answer; yields the whole reply at once."""
        yield await asyncio.to_thread(decide, turn)


def decide(turn: Turn) -> Reply:
    """The reply to one message; changes ``turn.state``."""
    state = turn.state
    draft = Draft(state.language, turn.tools.workshop)
    if turn.tools.outcome is not None:
        # Another engine booked in this turn and broke off before it could say so.
        _say_outcome(draft, turn, turn.tools.outcome)
        return draft.reply()
    if turn.choice and turn.choice.kind == "reply" and turn.choice.value.startswith(cards.SERVICE):
        _answer_service(draft, turn, turn.reading, about_price=True)
        return draft.reply()
    if answer_call(draft, turn) or answer_accident(draft, turn) or answer_visit(draft, turn):
        state.misunderstood = 0
        return draft.reply()
    reading = turn.reading
    lends = say_loaner(draft, turn)
    asked = say_about(draft, turn, reading)
    goes_on = turn.news.services or not asked or (lends and bool(state.service_codes))
    if not _continue_booking(draft, turn, reading) and goes_on:
        _answer_topic(draft, turn, reading)
    if draft.understood:
        state.misunderstood = 0
    return draft.reply()


def _continue_booking(draft: Draft, turn: Turn, reading: Reading) -> bool:
    """Go on with a slot chosen, a contact given or a visit that stands; False: it is about something else."""
    state = turn.state
    if state.booked and reading.slot is None and not turn.news.services:
        return _after_booking(draft, turn, reading)
    if reading.slot is not None and (state.service_codes or state.booked):
        _take_slot(draft, turn, reading.slot)
        return True
    if state.chosen is None:
        return False
    if turn.news.wish or turn.news.services or reading.says("earlier", "later", "decline"):
        state.chosen = None
        return False
    _take_slot(draft, turn, state.chosen)
    return True


def _take_slot(draft: Draft, turn: Turn, slot: OfferedSlot) -> None:
    state, tools = turn.state, turn.tools
    if state.booked or state.reachable:
        _say_outcome(draft, turn, tools.book(slot))
        return
    is_new = slot != state.chosen
    if slot.starts_at and not tools.still_free(slot):
        _say_outcome(draft, turn, BookingOutcome(None, "slot_taken"))
        return
    state.chosen, state.pending = slot, "contact"
    if is_new and slot.starts_at:
        draft.say("booked.chosen", slot=slot.label)
    _ask_contact(draft, state)


def _ask_contact(draft: Draft, state: DialogueState) -> None:
    if state.name and not (state.phone or state.email):
        draft.say("ask.reach", name=state.name)
    elif state.phone or state.email:
        draft.say("ask.name")
    else:
        draft.say("ask.contact")
    draft.show(cards.contact_card())


def _say_outcome(draft: Draft, turn: Turn, outcome: BookingOutcome) -> None:
    state = turn.state
    if visit := outcome.visit:
        draft.say("booked.moved" if outcome.moved else "booked.text", title=visit.title, when=visit.when)
        if state.loaner and not outcome.moved:
            draft.say("loaner.noted")
        if not state.vehicle.plate and not outcome.moved:
            draft.say("booked.plate")
        draft.show(cards.booking_card(visit, state.language, moved=outcome.moved))
        if outcome.deposit is not None:
            draft.say("booked.deposit", amount=outcome.deposit.amount)
            draft.show(cards.deposit_card(outcome.deposit, state.language))
        return
    if field := _CONTACT_FIELD.get(outcome.problem):
        setattr(state, field, "")
        state.pending = "contact"
        draft.say(f"wrong.{field}")
        draft.show(cards.contact_card())
        return
    if outcome.problem == "contact_missing":
        _ask_contact(draft, state)
        return
    state.chosen = None
    _offer(draft, turn, turn.tools.find_slots(), intro=_PROBLEM_TEXT.get(outcome.problem, "slots.unknown"))


def _after_booking(draft: Draft, turn: Turn, reading: Reading) -> bool:
    """The visit stands: changes, thanks and additions."""
    visit = turn.tools.appointment()
    if visit is None:
        return False
    wants_other_time = turn.news.wish or reading.says("earlier", "later", "change")
    if turn.analysis.intent == "reschedule_or_cancel" or reading.says("change_visit") or wants_other_time:
        if turn.news.wish and turn.state.service_codes:
            _offer(draft, turn, turn.tools.find_slots(), intro="slots.intro")
        else:
            draft.say("booked.manage")
        draft.show(cards.manage_card(visit, turn.state.language))
        return True
    if turn.news.vehicle or turn.news.contact:
        draft.say("booked.noted")
        return True
    if turn.analysis.intent in _BUSINESS or reading.says("accept"):
        draft.say("booked.again", title=visit.title, when=visit.when)
        draft.show(cards.booking_card(visit, turn.state.language))
        return True
    return False


def _answer_topic(draft: Draft, turn: Turn, reading: Reading) -> None:
    state, analysis = turn.state, turn.analysis
    if analysis.intent == "parts_tyre_availability" and analysis.handoff_human and not state.offered:
        draft.hand_over("handover.parts_tyre_availability", reachable=state.reachable)
    elif analysis.intent == "price_negotiation" and not turn.news:
        _haggle(draft, turn)
    elif not turn.news and say_small_talk(draft, turn, reading):
        return
    elif state.service_codes:
        about_price = {"price_request", "price_negotiation"} & {analysis.intent, *analysis.secondary_intents}
        _answer_service(draft, turn, reading, about_price=bool(about_price))
    elif analysis.intent in _BUSINESS or analysis.intent == "reschedule_or_cancel" or turn.news:
        _ask_service(draft, turn, reading)
    else:
        _not_understood(draft, turn, reading)


def _haggle(draft: Draft, turn: Turn) -> None:
    state = turn.state
    if answer_haggling(draft, turn):
        _show_offer(draft, turn, turn.tools.find_slots())
        return
    if state.service_codes:
        _say_prices(draft, turn)
    draft.say("price.haggle_person")
    if state.offered:
        _show_offer(draft, turn, turn.tools.find_slots())
    draft.show(cards.person_replies(state.language))


def _answer_service(draft: Draft, turn: Turn, reading: Reading, *, about_price: bool) -> None:
    """Cause, price and free times of the wished services, as far as they are new."""
    state, tools = turn.state, turn.tools
    if {"technical_question", "emergency_breakdown"} & {turn.analysis.intent} and turn.news.services:
        draft.say_cause(state.service_codes[0])
    if turn.analysis.intent == "price_negotiation":
        answer_haggling(draft, turn)
    before = state.quoted
    if about_price or turn.news.services or turn.news.vehicle or not before:
        _say_prices(draft, turn, only_news=not about_price)
    elif turn.news.contact:
        draft.say("noted.facts")
    suggest_more(draft, turn)
    if reading.several:
        _offer(draft, turn, Offer(reading.several), intro="slots.which", keep=True)
    elif state.offered and reading.says("earlier") and not turn.news.wish:
        offer = tools.earlier_slots()
        _offer(draft, turn, offer, intro="slots.intro" if offer.as_wished else "slots.earlier_none")
    elif state.offered and reading.says("later", "decline") and not turn.news.wish:
        _offer(draft, turn, tools.later_slots(), intro="slots.intro")
    else:
        intro = "slots.unknown" if reading.unknown_slot else "slots.intro"
        if state.offered and not turn.news and not reading.unknown_slot:
            intro = "slots.which" if reading.says("accept") else "slots.again"
        _offer(draft, turn, tools.find_slots(), intro=intro)


def _say_prices(draft: Draft, turn: Turn, *, only_news: bool = False) -> None:
    state, tools = turn.state, turn.tools
    quotes = tools.quote()
    told = [f"{quote.service_code}:{quote.low_cents}:{quote.high_cents}" for quote in quotes]
    if only_news and told and told == state.quoted:
        draft.say("noted.facts")
        return
    state.quoted = told
    if not quotes:
        draft.say("price.unknown")
    car = state.vehicle_label
    for quote in quotes:
        draft.say(
            "price.car" if car else "price.plain", service=quote.service_name, price=quote.text, vehicle=car
        )
    if len(quotes) > 1:
        draft.say("price.total", price=tools.total().text)
    elif quotes:
        draft.say_duration(quotes[0].minutes)
    if not car and any(not quote.exact for quote in quotes) and tools.depends_on_car(state.service_codes):
        draft.say("ask.vehicle")


def _offer(draft: Draft, turn: Turn, offer: Offer, *, intro: str, keep: bool = False) -> None:
    """Say and show free times; ``keep`` leaves what was offered before as it is."""
    if not offer.slots:
        draft.hand_over("slots.none", reachable=turn.state.reachable, reason="unsure")
        return
    if keep:
        offer = _free_ones(turn, offer)
    if not offer.as_wished and intro == "slots.intro":
        intro = "slots.wish_none"
    first = next((slot for slot in offer.slots if slot.id == offer.recommended_id), offer.slots[0])
    draft.say(intro, slot=first.label)
    _show_offer(draft, turn, offer)


def _free_ones(turn: Turn, offer: Offer) -> Offer:
    free = tuple(slot for slot in offer.slots if turn.tools.still_free(slot))
    if not free:
        return turn.tools.find_slots()
    turn.state.offered = list(free)
    return Offer(free)


def _show_offer(draft: Draft, turn: Turn, offer: Offer) -> None:
    if offer.slots:
        turn.state.pending = "slot"
        draft.show(cards.slots_card(offer, turn.state.language))


def _ask_service(draft: Draft, turn: Turn, reading: Reading) -> None:
    """The service is not known: take the only one that fits, or name the nearest ones."""
    state = turn.state
    agrees = state.pending == "service" and state.proposed and reading.says("accept")
    found = [] if agrees else turn.tools.search_services(turn.text)
    if agrees or (turn.analysis.intent == "technical_question" and len(found) == 1):
        turn.tools.choose(state.proposed[0] if agrees else found[0].code)
        _answer_service(draft, turn, reading, about_price=True)
        return
    if turn.analysis.intent == "technical_question":
        draft.say_cause("")
    if turn.news.vehicle and state.vehicle_label:
        draft.say("noted.vehicle", vehicle=state.vehicle_label)
    draft.say("ask.service" if found else "about.services")
    draft.show(cards.service_replies(found or turn.tools.common_services(), state.language))
    state.pending, state.proposed = "service", [service.code for service in found]


def _not_understood(draft: Draft, turn: Turn, reading: Reading) -> None:
    state = turn.state
    if reading.says("greeting") and not state.misunderstood:
        draft.say("hello", workshop=turn.tools.workshop.name)
        return
    if say_written(draft, turn):
        return
    state.misunderstood += 1
    draft.understood = False
    if state.misunderstood >= 2:
        state.pending = "person"
        draft.say("small.unclear_again")
        draft.show(cards.person_replies(state.language))
    else:
        draft.say("small.unclear")
