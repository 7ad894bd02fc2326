"""Questions beside a booking: hours, address, payment, what the workshop wrote down; and small talk."""

from carbot_app.domains.conversations import cards
from carbot_app.domains.conversations.local.draft import Draft
from carbot_app.domains.conversations.nlu.text import fold, tokens
from carbot_app.domains.conversations.ports import Turn
from carbot_app.domains.conversations.reading import Reading

WRITTEN_ABOUT = {
    "loaner_pickup",
    "billing_question",
    "parts_tyre_availability",
    "other",
    "technical_question",
}
"""Besides general questions, what the workshop may have written about."""
_SHORT = 8
"""Words of a message that is nothing but thanks or a farewell."""


def say_about(draft: Draft, turn: Turn, reading: Reading) -> bool:
    """Answer what the message asks about the workshop itself; False when it asks nothing of the kind."""
    workshop, analysis = turn.tools.workshop, turn.analysis
    is_info = "general_info" in {analysis.intent, *analysis.secondary_intents}
    if reading.says("robot"):
        draft.say("small.robot")
        draft.show(cards.person_replies(turn.state.language))
    if reading.says("hours"):
        _say_hours(draft, turn)
    if reading.says("address") and workshop.address:
        draft.say("about.address", address=workshop.address)
    if reading.says("telephone"):
        draft.say("about.phone")
    if reading.says("mail") and workshop.email:
        draft.say("about.email", email=workshop.email)
    if reading.says("payment") and not say_written(draft, turn):
        draft.say("about.payment")
    if (
        draft.empty
        and is_info
        and analysis.intent == "general_info"
        and not turn.news
        and not turn.state.offered
    ):
        return _say_general(draft, turn, reading)
    if draft.empty and analysis.intent in WRITTEN_ABOUT and not turn.news and not turn.state.offered:
        say_written(draft, turn)
    return not draft.empty


def say_small_talk(draft: Draft, turn: Turn, reading: Reading) -> bool:
    """Thanks, farewell, praise and nonsense; False for anything else."""
    intent = turn.analysis.intent
    is_short = len(tokens(fold(turn.text))) <= _SHORT
    if intent == "spam_abuse" and not turn.state.offered:
        draft.say("small.spam")
    elif reading.says("bye") and is_short:
        draft.say("small.bye")
    elif reading.says("thanks") and is_short:
        draft.say("small.thanks")
    elif intent == "positive_feedback":
        draft.say("small.feedback")
    elif intent == "other" and not turn.state.service_codes and not is_short and not reading.says("greeting"):
        draft.say("small.off_topic")
    else:
        return False
    return True


def _say_hours(draft: Draft, turn: Turn) -> None:
    hours = turn.tools.opening_hours()
    draft.say("about.hours", hours=hours.text)
    wished = turn.desired
    if wished is None:
        draft.say("about.open" if hours.open_now else "about.closed")
    elif turn.tools.is_closed(wished.from_.date()):
        draft.say("about.day_closed")


def say_written(draft: Draft, turn: Turn) -> bool:
    """Quote what the workshop wrote down for the question; False when it wrote nothing."""
    article = turn.tools.look_up(turn.text)
    if article is None:
        return False
    draft.quote(article.body)
    draft.say("about.source", title=article.title)
    return True


def ask_team(draft: Draft, turn: Turn) -> None:
    """Say honestly that it is not known, and let the workshop know what was asked."""
    found = turn.analysis.entities
    if not (found.phone or found.email or found.plate or found.name or found.vin):
        turn.tools.note_gap(turn.text)
    draft.say("about.unknown")


def _say_general(draft: Draft, turn: Turn, reading: Reading) -> bool:
    """A question about the workshop without a known topic: greet, or say honestly that it is not known."""
    if reading.says("greeting", "thanks", "bye"):
        return False
    if say_written(draft, turn):
        return True
    ask_team(draft, turn)
    draft.show(cards.person_replies(turn.state.language))
    return True
