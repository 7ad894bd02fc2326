"""A visit booked elsewhere: first the proof, then its state, another time or a cancellation."""

from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.booking.states import ARRIVED, BEGUN, DONE
from carbot_app.domains.conversations import cards
from carbot_app.domains.conversations.local.draft import Draft
from carbot_app.domains.conversations.ports import Turn
from carbot_app.domains.conversations.visit_ports import LIMIT, OPENED, VISIT_CODE, WRONG, KnownVisits
from carbot_app.domains.conversations.visit_tools import find_visit

SEE, STATUS, MOVE, CANCEL, WHEELS = "see", "status", "move", "cancel", "wheels"
VISIT = "visit:"
"""Prefix of what is pending here, and of a reply's value that chooses a visit."""
_WHO, _WHICH, _SURE = f"{VISIT}who", f"{VISIT}which", f"{VISIT}sure"
_CHANGES = (MOVE, CANCEL)
_ORDER_STATUS, _RESCHEDULE = "order_status", "reschedule_or_cancel"
_CONFIDENT = 0.45
_WHEEL_CHANGE = "TYR-CHG"
_ORDINALS = ("first", "second", "third")


def answer_visit(draft: Draft, turn: Turn) -> bool:
    """Answer what is about a visit or the proof of it; False: it is about something else."""
    state = turn.state
    step = state.pending if state.pending.startswith(VISIT) else ""
    pressed = turn.choice is not None and turn.choice.kind == "reply" and turn.choice.value.startswith(VISIT)
    wish = wished_of_visit(turn)
    if turn.reading.slot is not None or not (step or wish or turn.link or pressed):
        return False
    if step:
        state.pending = ""
    if step == _SURE and not wish:
        return _settle(draft, turn)
    proof = _take_proof(draft, turn, step, wish)
    if proof is not None:
        return proof
    state.visit_wish = wish or state.visit_wish or SEE
    known = turn.tools.known_visits()
    if not known.proven:
        return _ask_proof(draft, turn, step, asked=bool(wish or turn.link))
    if state.visit_wish == WHEELS:
        return _say_wheels(draft, turn, known)
    return _go_on(draft, turn, known, step, pressed=pressed)


def wished_of_visit(turn: Turn) -> str:
    """What the message wants of a visit that stands; empty: nothing."""
    reading, analysis, state = turn.reading, turn.analysis, turn.state
    cancels, moves = reading.says("cancel_visit"), reading.says("move_visit")
    intents = {analysis.intent, *analysis.secondary_intents}
    is_open = bool(state.offered) and state.booked is None
    # While times stand there to choose from, a remark about work is no question after a car in the workshop
    is_sure = analysis.intent_confidence >= _CONFIDENT and (not is_open or reading.says("car_ready"))
    if analysis.intent == _ORDER_STATUS and is_sure:
        return STATUS
    if reading.says("stored_tyres") and not is_open and analysis.intent != "complaint":
        return WHEELS
    if not is_open and (_RESCHEDULE in intents or reading.says("my_visit")):
        if cancels and not moves:
            return CANCEL
        if state.booked is None and (moves or reading.says("change_visit")):
            return MOVE
    if reading.says("car_ready") and not is_open and not turn.news.services:
        return STATUS
    return SEE if reading.says("my_visit") and not (is_open or state.booked or turn.news.services) else ""


def _take_proof(draft: Draft, turn: Turn, step: str, wish: str) -> bool | None:
    """Check a code or link; None: go on, else what answer_visit returns."""
    state, tools = turn.state, turn.tools
    if turn.link and not tools.open_link(turn.link):
        draft.say("visit.link_unknown")
        return True
    if step != VISIT_CODE or turn.link:
        return None
    if turn.code:
        result = tools.check_code(turn.code)
        if result == OPENED:
            return None
        state.pending = VISIT_CODE if result == WRONG else ""
        draft.say("visit.code_wrong" if result == WRONG else "visit.code_over")
        return True
    if turn.news.vehicle or turn.news.contact:
        return None
    if wish or turn.reading.says("accept"):
        state.pending = VISIT_CODE
        draft.say("visit.code_waiting")
        return True
    return False


def _ask_proof(draft: Draft, turn: Turn, step: str, *, asked: bool) -> bool:
    state = turn.state
    if state.vehicle.plate or state.phone or state.email:
        if turn.tools.send_code() == LIMIT:
            draft.say("visit.limit")
            return True
        state.pending = VISIT_CODE
        draft.say("visit.code_sent")
        return True
    if step == _WHO and not asked and turn.news:
        return False
    state.pending = _WHO
    draft.say("visit.who")
    return True


def _go_on(draft: Draft, turn: Turn, known: KnownVisits, step: str, *, pressed: bool) -> bool:
    state = turn.state
    visits = _possible(known, state.visit_wish)
    if not visits:
        draft.say("visit.too_late" if known.visits else "visit.none")
        return True
    visit = visits[0] if len(visits) == 1 else None
    if visit is None and pressed and turn.choice is not None:
        visit = find_visit(known, turn.choice.value.removeprefix(VISIT))
    if visit is None and step == _WHICH:
        visit = _named(turn, visits)
    if visit is None:
        state.pending = _WHICH
        draft.say("visit.which")
        draft.show(_choices(turn, visits))
        return True
    _do(draft, turn, visit)
    return True


def _possible(known: KnownVisits, wish: str) -> list[BookingConfirmation]:
    if wish in _CHANGES:
        return [visit for visit in known.visits if visit.can_change]
    begun = [visit for visit in known.visits if visit.state in (*BEGUN, DONE)]
    return begun if wish == STATUS and begun else list(known.visits)


def _do(draft: Draft, turn: Turn, visit: BookingConfirmation) -> None:
    state, tools = turn.state, turn.tools
    until = tools.tell(visit)
    if state.visit_wish == MOVE:
        tools.adopt(visit)
        offer = tools.find_slots()
        if not offer.slots:
            draft.say("visit.no_time", title=visit.title, when=visit.when)
            return
        first = next((slot for slot in offer.slots if slot.id == offer.recommended_id), offer.slots[0])
        draft.say("visit.found", title=visit.title, when=visit.when)
        draft.say("slots.intro" if offer.as_wished else "slots.wish_none", slot=first.label)
        state.pending = "slot"
        draft.show(cards.slots_card(offer, state.language))
    elif state.visit_wish == CANCEL:
        state.visit_id, state.pending = str(visit.appointment_id), _SURE
        draft.say("visit.sure", title=visit.title, when=visit.when)
        draft.show(cards.yes_no(state.language))
    else:
        key = "arrived" if visit.state == ARRIVED else visit.state
        draft.say(f"visit.state.{key}", title=visit.title, when=visit.when, until=until)


def _settle(draft: Draft, turn: Turn) -> bool:
    """The answer to "shall I cancel it?"; anything but a clear yes keeps the visit."""
    state, reading = turn.state, turn.reading
    visit = find_visit(turn.tools.known_visits(), state.visit_id)
    agrees = reading.says("accept") or (turn.choice is not None and turn.choice.value == cards.YES)
    if visit is None or not agrees or reading.says("decline"):
        draft.say("visit.kept")
        return bool(visit is None or reading.says("decline", "accept", "bye", "thanks") or turn.choice)
    turn.tools.tell(visit)
    state.visit_wish = state.visit_id = ""
    if turn.tools.cancel(visit):
        draft.say("visit.cancelled", title=visit.title, when=visit.when)
    else:
        draft.say("visit.too_late")
    return True


def _say_wheels(draft: Draft, turn: Turn, known: KnownVisits) -> bool:
    state, tools = turn.state, turn.tools
    if not known.wheels:
        draft.say("visit.no_wheels")
        return True
    for wheels in known.wheels:
        draft.say(f"visit.wheels.{wheels.season}", size=wheels.size)
    change = tools.first_of(_WHEEL_CHANGE)
    if not change:
        return True
    tools.choose(change)
    offer = tools.find_slots()
    if offer.slots:
        first = next((slot for slot in offer.slots if slot.id == offer.recommended_id), offer.slots[0])
        draft.say("slots.intro", slot=first.label)
        state.pending = "slot"
        draft.show(cards.slots_card(offer, state.language))
    return True


def _named(turn: Turn, visits: list[BookingConfirmation]) -> BookingConfirmation | None:
    if turn.desired is not None:
        zone = turn.tools.now.tzinfo
        day = turn.desired.from_.date()
        on_day = [visit for visit in visits if visit.starts_at.astimezone(zone).date() == day]
        if len(on_day) == 1:
            return on_day[0]
    said = [number for number, word in enumerate(_ORDINALS) if turn.reading.says(word)]
    return visits[said[0]] if len(said) == 1 and said[0] < len(visits) else None


def _choices(turn: Turn, visits: list[BookingConfirmation]) -> dict[str, object]:
    options: list[dict[str, str]] = []
    for visit in visits:
        turn.tools.tell(visit)
        options.append({"label": f"{visit.title}, {visit.when}", "value": f"{VISIT}{visit.appointment_id}"})
    return {"type": "replies", "options": options}
