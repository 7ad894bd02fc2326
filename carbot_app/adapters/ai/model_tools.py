"""The shared ToolBox as functions a language model may call: descriptions, checks, JSON results."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from carbot_app.adapters.ai.tool_run import BadArguments, ModelTool, ToolRun, require_said, text_of
from carbot_app.adapters.ai.visit_tools import VISIT_TOOLS
from carbot_app.domains.conversations.dialogue import DateWish
from carbot_app.domains.conversations.ports import Turn

PARTS_OF_DAY = ("morning", "afternoon", "evening")
HANDOVER_REASONS = ("asked", "complaint", "unsure")
_CODES = {
    "type": "array",
    "items": {"type": "string"},
    "description": "Service codes from search_services, e.g. SAF-BRK-001",
}


def start(turn: Turn) -> ToolRun:
    """The tools for one turn."""
    return ToolRun(turn, TOOLS)


def definitions() -> list[dict[str, Any]]:
    """All tools in the form of the chat completions API."""
    return [
        {
            "type": "function",
            "function": {
                "name": name,
                "description": tool.description,
                "parameters": {
                    "type": "object",
                    "properties": tool.properties,
                    "required": list(tool.required),
                    "additionalProperties": False,
                },
            },
        }
        for name, tool in TOOLS.items()
    ]


def _search(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    found = run.turn.tools.search_services(text_of(given, "text"))
    return {"services": [{"code": service.code, "name": service.name} for service in found]}


def _quote(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    _choose(run, given)
    quotes = run.turn.tools.quote()
    if not quotes:
        raise BadArguments("no such service; use search_services first")
    return {
        "prices": [
            {
                "service": quote.service_name,
                "price": quote.text,
                "minutes": quote.minutes,
                "exact": quote.exact,
            }
            for quote in quotes
        ],
        "total": run.turn.tools.total().text if len(quotes) > 1 else quotes[0].text,
        "includes_vat": True,
    }


def _hours(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    hours = run.turn.tools.opening_hours()
    result: dict[str, Any] = {"weekly": hours.text, "open_now": hours.open_now}
    if given.get("date"):
        result["closed_on_date"] = run.turn.tools.is_closed(_date(given, "date"))
    return result


def _find_slots(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    _choose(run, given)
    state, tools = run.turn.state, run.turn.tools
    if not state.service_codes:
        raise BadArguments("service_codes missing; use search_services first")
    if given.get("loaner") is not None:
        state.loaner = bool(given["loaner"]) and tools.has_loaner(state.service_codes)
    part = str(given.get("part_of_day") or "")
    zone = tools.now.tzinfo
    wish = DateWish(part_of_day=part if part in PARTS_OF_DAY else "")
    if given.get("from_date"):
        first = datetime.combine(_date(given, "from_date"), time(), tzinfo=zone)
        wish = replace(wish, from_at=first.isoformat())
    if given.get("to_date"):
        last = datetime.combine(_date(given, "to_date") + timedelta(days=1), time(), tzinfo=zone)
        wish = replace(wish, to_at=last.isoformat())
    offer = tools.find_slots(wish)
    run.offered = True
    slots = [{"number": number, "time": slot.label} for number, slot in enumerate(offer.slots, start=1)]
    return {"slots": slots, "as_wished": offer.as_wished, "with_loaner": state.loaner}


def _book(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    turn = run.turn
    number = given.get("slot_number")
    if not isinstance(number, int) or not 1 <= number <= len(turn.state.offered):
        raise BadArguments("slot_number must be one of the slots offered; use find_slots first")
    slot = turn.state.offered[number - 1]
    for field in ("name", "phone", "email"):
        if value := str(given.get(field) or "").strip():
            require_said(turn, field, value)
            setattr(turn.state, field, value[:120])
    outcome = turn.tools.book(slot)
    if outcome.visit is None:
        if outcome.problem == "contact_missing":
            turn.state.chosen, turn.state.pending = slot, "contact"
        return {"booked": False, "problem": outcome.problem}
    visit = outcome.visit
    booked = {"booked": True, "moved": outcome.moved, "title": visit.title, "time": visit.when}
    if outcome.deposit is None:
        return booked
    return {**booked, "deposit_to_pay": outcome.deposit.amount, "pay_link_shown_to_customer": True}


def _link(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    visit = run.turn.tools.appointment()
    if visit is None:
        return {"appointment": None, "hint": "the link is in the customer's confirmation"}
    return {"appointment": visit.title, "time": visit.when, "link_shown_to_customer": True}


def _call_back(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    state, tools = run.turn.state, run.turn.tools
    for field in ("name", "phone"):
        if value := str(given.get(field) or "").strip():
            require_said(run.turn, field, value)
            setattr(state, field, value[:120])
    if not state.name or not state.phone:
        raise BadArguments("name or phone missing; ask the customer for it")
    wished = None
    if given.get("date") or given.get("time"):
        on = _date(given, "date") if given.get("date") else tools.now.date()
        wished = datetime.combine(on, _clock(given, "time"), tzinfo=tools.now.tzinfo)
    outcome = tools.call_back(wished)
    if not outcome.when:
        return {"promised": False, "problem": outcome.problem}
    return {"promised": True, "time": outcome.when, "as_wished": outcome.as_wished}


def _hand_over(run: ToolRun, given: dict[str, Any]) -> dict[str, Any]:
    reason = given.get("reason")
    run.handover = reason if reason in HANDOVER_REASONS else "unsure"
    return {"handed_over": True}


def _choose(run: ToolRun, given: dict[str, Any]) -> None:
    codes = given.get("service_codes") or []
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise BadArguments("service_codes must be a list of codes")
    known = [code for code in codes if run.turn.tools.offers(code)]
    if codes and not known:
        raise BadArguments("no such service; use search_services first")
    if known:
        run.turn.tools.choose(*known)


def _date(given: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(str(given[name]))
    except ValueError:
        raise BadArguments(f"{name} must look like 2026-11-27") from None


def _clock(given: dict[str, Any], name: str) -> time:
    try:
        return time.fromisoformat(str(given.get(name) or "00:00"))
    except ValueError:
        raise BadArguments(f"{name} must look like 14:30") from None


TOOLS: dict[str, ModelTool] = {
    "search_services": ModelTool(
        "Find the workshop's services for what the customer describes.",
        {"text": {"type": "string"}},
        ("text",),
        _search,
    ),
    "quote": ModelTool(
        "Prices of services for the customer's car. The only source of prices.",
        {"service_codes": _CODES},
        ("service_codes",),
        _quote,
    ),
    "opening_hours": ModelTool(
        "Weekly opening hours, and whether a date is closed. The only source of hours.",
        {"date": {"type": "string", "description": "ISO date, optional"}},
        (),
        _hours,
    ),
    "find_slots": ModelTool(
        "Free times. The only source of times; the customer sees them as buttons.",
        {
            "service_codes": _CODES,
            "from_date": {"type": "string", "description": "ISO date, first day wished for"},
            "to_date": {"type": "string", "description": "ISO date, last day wished for"},
            "part_of_day": {"type": "string", "enum": list(PARTS_OF_DAY)},
            "loaner": {"type": "boolean", "description": "The customer needs a car meanwhile"},
        },
        (),
        _find_slots,
    ),
    "book": ModelTool(
        "Book one of the offered slots the customer has chosen, or move their appointment there. "
        "Needs a name and a phone number or e-mail address the customer has given.",
        {
            "slot_number": {"type": "integer", "description": "Number of the offered slot, from 1"},
            "name": {"type": "string"},
            "phone": {"type": "string"},
            "email": {"type": "string"},
        },
        ("slot_number",),
        _book,
    ),
    "appointment_link": ModelTool(
        "Show the link with which the customer moves or cancels the appointment made in this chat.",
        {},
        (),
        _link,
    ),
    "call_back": ModelTool(
        "Have the team phone the customer. Needs a name and a phone number the customer has given.",
        {
            "name": {"type": "string"},
            "phone": {"type": "string"},
            "date": {"type": "string", "description": "ISO date wished for, optional"},
            "time": {"type": "string", "description": "HH:MM wished for, optional"},
        },
        (),
        _call_back,
    ),
    "hand_over": ModelTool(
        "Call a person of the team: when asked to, for complaints, invoices, accidents.",
        {"reason": {"type": "string", "enum": list(HANDOVER_REASONS)}},
        ("reason",),
        _hand_over,
    ),
    **VISIT_TOOLS,
}
