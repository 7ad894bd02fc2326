"""An accident: who caused it and whether the car drives, one question at a time, then a person."""

from carbot_app.domains.conversations.dialogue import ACCIDENT, WISH_LENGTH
from carbot_app.domains.conversations.local.draft import Draft
from carbot_app.domains.conversations.ports import Turn

_QUESTIONS = {
    "kind": ("accident_other", "accident_own", "accident_nature"),
    "drives": ("drives", "drives_not"),
}
"""What the team needs first → the groups of words.toml that say it."""
_PENDING = "accident:"


def answer_accident(draft: Draft, turn: Turn) -> bool:
    """Ask what is missing, or hand over with everything known; False when it is no accident."""
    state = turn.state
    asked = state.pending.removeprefix(_PENDING) if state.pending.startswith(_PENDING) else ""
    if not asked and (turn.analysis.intent != ACCIDENT or turn.reading.slot is not None):
        return False
    state.pending = ""
    for name, groups in _QUESTIONS.items():
        beside = any(turn.reading.says(*other) for key, other in _QUESTIONS.items() if key != name)
        if turn.reading.says(*groups) or (name == asked and not beside):
            state.accident.setdefault(name, turn.text[:WISH_LENGTH])
    if asked:
        state.request = f"{state.request} · {turn.text}"[:WISH_LENGTH].strip(" ·")
    missing = next((name for name in _QUESTIONS if name not in state.accident), None)
    if missing is None:
        if not asked:
            draft.say("accident.sorry")
        draft.say("accident.papers")
        draft.hand_over("accident.done", reachable=state.reachable)
        return True
    if not asked:
        draft.say("accident.sorry")
    draft.say(f"accident.{missing}")
    state.pending = f"{_PENDING}{missing}"
    return True
