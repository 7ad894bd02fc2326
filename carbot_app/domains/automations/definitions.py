"""An automation as it is stored, and what makes one acceptable (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from carbot_app.domains.automations import vocabulary as words
from carbot_app.domains.automations.schemas import Action, AutomationDraft, Condition
from carbot_app.domains.customers.consents import OFFERS, REVIEW
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import several_lines, single_line

NAME_LIMIT, TITLE_LIMIT, PUSH_LIMIT, TEXT_LIMIT, URL_LIMIT = 80, 200, 140, 1500, 500
MOST = 12
"""Conditions or actions one automation may have."""
LONGEST_HOURS = 90 * 24
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def clean_draft(draft: AutomationDraft) -> AutomationDraft:
    """The draft as it may be stored.

    Raises:
        Invalid: naming the field as ``name``, ``delay``, ``condition-2`` or ``action-0``.
    """
    trigger = words.TRIGGERS.get(draft.trigger)
    if trigger is None:
        raise Invalid("automation_trigger_unknown", field="trigger")
    if not int(trigger.needs_delay) <= draft.delay_minutes <= words.LONGEST_DELAY:
        raise Invalid("automation_delay_invalid", field="delay", days=words.LONGEST_DELAY // words.DAY)
    if not draft.actions:
        raise Invalid("automation_without_action", field="actions")
    if max(len(draft.actions), len(draft.conditions)) > MOST:
        raise Invalid("automation_too_long", field="actions", limit=MOST)
    return AutomationDraft(
        name=single_line(draft.name, field="name", limit=NAME_LIMIT, required=True),
        trigger=draft.trigger,
        delay_minutes=draft.delay_minutes,
        conditions=tuple(_condition(one, f"condition-{n}") for n, one in enumerate(draft.conditions)),
        actions=tuple(_action(one, f"action-{n}") for n, one in enumerate(draft.actions)),
    )


def conditions_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Condition, ...]:
    """From the JSON of the table."""
    return tuple(Condition(**one) for one in stored)


def actions_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Action, ...]:
    """From the JSON of the table; members of a later version are left out."""
    known = {member.name for member in fields(Action)}
    return tuple(Action(**{key: value for key, value in one.items() if key in known}) for one in stored)


def to_json(parts: Sequence[Condition] | Sequence[Action]) -> list[dict[str, Any]]:
    """For the table."""
    return [asdict(part) for part in parts]


def _condition(condition: Condition, field: str) -> Condition:
    asked = words.FIELDS.get(condition.field)
    if asked is None or condition.op not in words.OPERATORS[asked.kind]:
        raise Invalid("automation_condition_invalid", field=field)
    value = condition.value.strip()
    if asked.kind == words.CHOICE and value not in asked.options:
        raise Invalid("automation_condition_invalid", field=field)
    if asked.kind == words.NUMBER and not (value.isdecimal() and len(value) < 8):
        raise Invalid("automation_number_invalid", field=field)
    if asked.kind == words.CLOCK and not _CLOCK.fullmatch(value):
        raise Invalid("automation_time_invalid", field=field)
    return Condition(condition.field, condition.op, value)


def _action(action: Action, field: str) -> Action:
    if action.person_id:
        _check_id(action.person_id, field)
    if action.kind == words.REPLY:
        return _reply(action, field)
    if action.kind in {words.TASK, words.REMINDER}:
        if not 0 <= action.hours <= LONGEST_HOURS:
            raise Invalid("automation_hours_invalid", field=field)
        title = single_line(action.text, field=field, limit=TITLE_LIMIT, required=True)
        return Action(action.kind, person_id=action.person_id, text=title, hours=action.hours)
    if action.kind == words.ASSIGN:
        _check_id(action.person_id, field)
        return Action(action.kind, person_id=action.person_id)
    if action.kind == words.LABEL:
        _check_id(action.label_id, field)
        return Action(action.kind, label_id=action.label_id)
    if action.kind == words.PUSH:
        text = single_line(action.text, field=field, limit=PUSH_LIMIT, required=True)
        return Action(action.kind, person_id=action.person_id, text=text, urgent=action.urgent)
    if action.kind == words.WEBHOOK:
        return Action(action.kind, url=_url(action.url, field))
    raise Invalid("automation_action_unknown", field=field)


def _reply(action: Action, field: str) -> Action:
    if action.template not in words.REPLIES:
        raise Invalid("automation_reply_unknown", field=field)
    needs_link = action.template == "review"
    url = _url(action.url, field) if action.url.strip() or needs_link else ""
    if action.template != words.OWN:
        return Action(words.REPLY, template=action.template, url=url)
    if action.advertising not in {"", REVIEW, OFFERS}:
        raise Invalid("consent_kind_unknown", field=field)
    text = several_lines(action.text, field=field, limit=TEXT_LIMIT)
    if not text:
        raise Invalid("message_empty", field=field)
    return Action(words.REPLY, template=words.OWN, text=text, advertising=action.advertising, url=url)


def _url(text: str, field: str) -> str:
    text = text.strip()
    try:
        address = urlsplit(text)
        host = address.hostname
    except ValueError:
        host, address = None, urlsplit("")
    if not host or address.scheme not in {"https", "http"} or address.username or len(text) > URL_LIMIT:
        raise Invalid("automation_address_invalid", field=field)
    return text


def _check_id(text: str, field: str) -> None:
    try:
        UUID(text)
    except ValueError:
        raise Invalid("automation_person_missing", field=field) from None
