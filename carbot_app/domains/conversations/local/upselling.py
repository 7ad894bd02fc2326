"""What the catalogue says goes with the wished work: said once, with its price, and never asked for again."""

from carbot_app.domains.conversations import cards
from carbot_app.domains.conversations.local.draft import Draft
from carbot_app.domains.conversations.ports import Turn

SMALL_CENTS = 8_000
"""What is mentioned costs no more than this, or than the wished work: an addition, not another order."""
_WELCOME = {"book_appointment", "price_request", "parts_tyre_availability"}
_NEVER = {"complaint", "price_negotiation", "accident_insurance", "emergency_breakdown", "technical_question"}


def suggest_more(draft: Draft, turn: Turn) -> None:
    """Mention one more service; never twice in a conversation, nor to somebody in need or haggling."""
    state, tools = turn.state, turn.tools
    if not may_suggest(turn) or not tools.may_upsell():
        return
    wished = state.service_codes[0]
    limit = max(SMALL_CENTS, *(quote.high_cents for quote in tools.quote([wished])))
    for code in tools.goes_with(wished):
        for quote in tools.quote([code]):
            if not 0 < quote.high_cents <= limit:
                continue
            state.extra = code
            draft.say("upsell.hint", service=quote.service_name, price=quote.text)
            draft.show(cards.add_reply(code, quote.service_name, state.language))
            return


def may_suggest(turn: Turn) -> bool:
    """Whether the moment is right: a first wish for plain work, without worry or argument (pure)."""
    state, analysis = turn.state, turn.analysis
    return (
        not (state.extra or state.danger_told or state.discount_percent or state.booked)
        and turn.news.services
        and len(state.service_codes) == 1
        and analysis.intent in _WELCOME
        and _NEVER.isdisjoint({*state.intents, *analysis.secondary_intents})
        and state.urgency in ("low", "normal")
        and not analysis.must_refuse
    )
