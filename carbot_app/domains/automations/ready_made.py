"""Automations offered to begin with; names and texts in the owner's language."""

from collections.abc import Mapping

from carbot_app.domains.automations import vocabulary as words
from carbot_app.domains.automations.schemas import Action, AutomationDraft, Condition
from carbot_app.kit.i18n import translate

_HOT = Condition("temperature", "is", "hot")
_OPEN = Condition("stage", "is", "open")

READY_MADE: Mapping[str, AutomationDraft] = {
    "follow_up": AutomationDraft(
        name="",
        trigger="quiet_customer",
        delay_minutes=words.DAY,
        conditions=(_OPEN, Condition("temperature", "is_not", "cold")),
        actions=(Action(words.REPLY, template="follow_up"),),
    ),
    "night": AutomationDraft(
        name="",
        trigger="lead_hot",
        conditions=(_HOT, Condition("opening", "is", "closed")),
        actions=(
            Action(words.REPLY, template="night"),
            Action(words.PUSH, text="push", urgent=True),
            Action(words.REMINDER, text="task", hours=9),
        ),
    ),
    "review": AutomationDraft(
        name="",
        trigger="picked_up",
        delay_minutes=words.DAY,
        conditions=(Condition("consent", "is", "review"),),
        actions=(Action(words.REPLY, template="review"),),
    ),
    "declined": AutomationDraft(
        name="",
        trigger="declined_due",
        conditions=(Condition("value", "at_least", "100"),),
        actions=(
            Action(words.REPLY, template="declined"),
            Action(words.TASK, text="task", hours=24),
        ),
    ),
}
"""Texts of tasks and pushes are keys below ``automations.ready.<name>``."""


def ready_made(name: str, language: str) -> AutomationDraft:
    """One of them, ready to be looked at and saved. KeyError when there is none."""
    draft = READY_MADE[name]
    return AutomationDraft(
        name=translate(language, f"automations.ready.{name}.name"),
        trigger=draft.trigger,
        delay_minutes=draft.delay_minutes,
        conditions=draft.conditions,
        actions=tuple(_worded(name, action, language) for action in draft.actions),
    )


def _worded(name: str, action: Action, language: str) -> Action:
    if not action.text:
        return action
    text = translate(language, f"automations.ready.{name}.{action.text}")
    return Action(action.kind, text=text, hours=action.hours, urgent=action.urgent)
