"""A customer who needs a car meanwhile: only times at which one is free are offered then."""

from carbot_app.domains.conversations.local.draft import Draft
from carbot_app.domains.conversations.local.topics import say_written
from carbot_app.domains.conversations.ports import Turn


def say_loaner(draft: Draft, turn: Turn) -> bool:
    """Whether a car for the meantime can be had; False when nobody asks, or a visit already stands."""
    state, tools = turn.state, turn.tools
    if not turn.reading.says("loaner") or turn.reading.slot is not None or state.booked is not None:
        return False
    if say_written(draft, turn) and not state.service_codes:
        return True
    codes = state.service_codes or [service.code for service in tools.common_services(limit=1)]
    state.loaner = tools.has_loaner(codes)
    if not state.loaner:
        draft.say("loaner.no")
    elif state.service_codes:
        # A time chosen before may be one at which no car is free
        state.chosen = None
        draft.say("loaner.yes")
    else:
        state.pending = "service"
        draft.say("loaner.which")
    return True
