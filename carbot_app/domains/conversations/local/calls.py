"""A customer who would rather be called: number and name are asked for, then the call is noted."""

from datetime import datetime, time

from carbot_app.domains.booking.offering import PARTS_OF_DAY
from carbot_app.domains.conversations import cards
from carbot_app.domains.conversations.dialogue import CALL
from carbot_app.domains.conversations.local.draft import Draft
from carbot_app.domains.conversations.nlu.dates import find_dates
from carbot_app.domains.conversations.ports import Turn


def answer_call(draft: Draft, turn: Turn) -> bool:
    """Note the wished call, or ask for what is missing; False when it is about something else."""
    state = turn.state
    asks = turn.reading.says("callback") and turn.reading.slot is None
    goes_on = state.pending == CALL and (turn.news.contact or turn.desired is not None)
    if state.pending == CALL:
        state.pending = ""
    if not asks and not goes_on:
        return False
    state.call_at = _wished(turn) or state.call_at
    if not state.phone:
        _ask(draft, turn, "call.number" if state.name else "call.contact")
    elif not state.name:
        _ask(draft, turn, "call.name")
    else:
        _note(draft, turn)
    return True


def _note(draft: Draft, turn: Turn) -> None:
    state = turn.state
    wished = datetime.fromisoformat(state.call_at) if state.call_at else None
    outcome = turn.tools.call_back(wished)
    if outcome.problem == "phone_invalid":
        state.phone = ""
        _ask(draft, turn, "wrong.phone")
        return
    state.call_at = ""
    if not outcome.when:
        draft.say("call.full")
        return
    if not outcome.as_wished:
        draft.say("call.closed")
    draft.say("call.done", when=outcome.when)


def _ask(draft: Draft, turn: Turn, key: str) -> None:
    turn.state.pending = CALL
    draft.say(key)
    draft.show(cards.contact_card())


def _wished(turn: Turn) -> str:
    """When the message wants the call, ISO 8601; empty when it does not say."""
    now, part = turn.tools.now, turn.analysis.entities.part_of_day
    desired = turn.desired or find_dates(turn.text, now).desired
    if desired is None and not part:
        return ""
    at = desired.from_ if desired else datetime.combine(now.date(), time(), now.tzinfo)
    if part in PARTS_OF_DAY and not (at.hour or at.minute):
        at = at.replace(hour=PARTS_OF_DAY[part].start)
    return at.isoformat()
