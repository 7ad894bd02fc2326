"""A customer who wants to pay less: once as far as the owner allows, never more (pure decisions)."""

from carbot_app.domains.conversations.local.draft import Draft
from carbot_app.domains.conversations.ports import Turn


def answer_haggling(draft: Draft, turn: Turn) -> bool:
    """Say what the owner's rules allow; False when they allow nothing and a person may be asked for."""
    state = turn.state
    if state.discount_percent:
        draft.say("price.discount_last")
        return True
    price = turn.tools.bargain()
    if not price:
        draft.say("price.haggle")
        return False
    draft.say("price.discount", price=price)
    return True
