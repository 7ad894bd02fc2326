"""Functions about visits booked elsewhere, the workshop's own words and discounts."""

from typing import Any

from carbot_app.adapters.ai.tool_run import BadArguments, ModelTool, ToolRun, require_said, text_of
from carbot_app.domains.booking.schemas import BookingConfirmation
from carbot_app.domains.conversations.visit_ports import LIMIT, OPENED, VISIT_CODE

_SURE = "visit:sure"
_NUMBER = {"type": "integer", "description": "Number of the visit from find_visits, from 1"}


def _find_visits(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    """Proof first: nothing is said of a visit before it, nor whether there is one."""
    turn = run.turn
    state, tools = turn.state, turn.tools
    if turn.link and not tools.open_link(turn.link):
        return {"proven": False, "problem": "link_unknown"}
    if turn.code and (result := tools.check_code(turn.code)) != OPENED:
        return {"proven": False, "problem": f"code_{result}"}
    known = tools.known_visits()
    if known.proven:
        return {
            "proven": True,
            "visits": [_described(run, number, visit) for number, visit in enumerate(known.visits, start=1)],
            "stored_wheels": [f"{wheels.season} {wheels.size}" for wheels in known.wheels],
        }
    for field in ("phone", "email"):
        if value := str(given.get(field) or "").strip():
            require_said(turn, field, value)
            setattr(state, field, value[:120])
    if not (state.vehicle.plate or state.phone or state.email):
        return {"proven": False, "ask_for": "number plate, or the phone number or e-mail of the booking"}
    if tools.send_code() == LIMIT:
        return {"proven": False, "problem": "no_more_codes", "phone": tools.workshop.phone}
    state.pending = VISIT_CODE
    return {
        "proven": False,
        "ask_for": "the code sent to the contact on record, if there is a visit",
    }


def _described(run: ToolRun, number: int, visit: BookingConfirmation) -> dict[str, Any]:
    until = run.turn.tools.tell(visit)
    return {
        "number": number,
        "title": visit.title,
        "time": visit.when,
        "planned_until": until,
        "state": visit.state,
        "can_change": visit.can_change,
    }


def _chosen(run: ToolRun, given: dict[str, Any]) -> BookingConfirmation:
    visits = run.turn.tools.known_visits().visits
    number = given.get("visit_number")
    if not isinstance(number, int) or not 1 <= number <= len(visits):
        raise BadArguments("visit_number must be one of find_visits, which needs the proof first")
    visit = visits[number - 1]
    if not visit.can_change:
        raise BadArguments("this visit can no longer be changed; give the phone number of the workshop")
    return visit


def _cancel(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    """Only after the customer has said yes to the question of an earlier turn."""
    visit, state = _chosen(run, given), run.turn.state
    until = run.turn.tools.tell(visit)
    agreed = run.asked_before == _SURE and run.turn.reading.says("accept")
    if not agreed or run.turn.reading.says("decline") or state.visit_id != str(visit.appointment_id):
        state.visit_id, state.pending = str(visit.appointment_id), _SURE
        return {"cancelled": False, "ask": f"whether to cancel {visit.title}, {visit.when}", "until": until}
    state.pending = state.visit_id = ""
    return {"cancelled": run.turn.tools.cancel(visit), "title": visit.title, "time": visit.when}


def _move(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    visit = _chosen(run, given)
    run.turn.tools.tell(visit)
    run.turn.tools.adopt(visit)
    return {"ready": True, "next": "offer times with find_slots; book moves the visit"}


def _look_up(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    question = text_of(given, "question")
    article = run.turn.tools.look_up(question)
    if article is None:
        run.turn.tools.note_gap(run.turn.text)
        return {"answer": None, "hint": "say that you do not know and give the phone number"}
    return {"answer": article.body, "title": article.title, "quote_word_for_word": True}


def _bargain(run: ToolRun, _: dict[str, Any]) -> dict[str, Any]:
    state = run.turn.state
    if state.discount_percent:
        return {"price": None, "hint": "the discount was granted already; nothing more is possible"}
    price = run.turn.tools.bargain()
    return {"price": price or None, "hint": "once and never more" if price else "no discount"}


VISIT_TOOLS: dict[str, ModelTool] = {
    "find_visits": ModelTool(
        "Visits of the customer: state of the work, time, stored wheels. Sends a code when it is not proven "
        "who writes; a code or link in the customer's message is checked by calling this again.",
        {"phone": {"type": "string"}, "email": {"type": "string"}},
        (),
        _find_visits,
    ),
    "cancel_visit": ModelTool(
        "Cancel a visit. The first call asks the customer, the second one after their yes cancels.",
        {"visit_number": _NUMBER},
        ("visit_number",),
        _cancel,
    ),
    "move_visit": ModelTool(
        "Begin to move a visit; then offer times with find_slots and call book with the chosen one.",
        {"visit_number": _NUMBER},
        ("visit_number",),
        _move,
    ),
    "look_up": ModelTool(
        "What the workshop itself wrote about a question: waiting, payment, loaner, guarantee.",
        {"question": {"type": "string"}},
        ("question",),
        _look_up,
    ),
    "bargain": ModelTool(
        "The price of the wished services after the discount the owner allows. The only source of discounts.",
        {},
        (),
        _bargain,
    ),
}
