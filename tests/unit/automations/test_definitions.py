"""What may be saved as an automation, and what is refused with the part it concerns."""

from dataclasses import replace

import pytest

from carbot_app.domains.automations.definitions import actions_of, clean_draft, conditions_of, to_json
from carbot_app.domains.automations.ready_made import READY_MADE, ready_made
from carbot_app.domains.automations.schemas import Action, AutomationDraft, Condition
from carbot_app.domains.automations.vocabulary import ACTIONS, FIELDS, OPERATORS, REPLIES, TRIGGERS
from carbot_app.kit.errors import Invalid
from carbot_app.kit.i18n import list_words
from carbot_app.kit.languages import LANGUAGES

TASK = Action("task", text="Anrufen", hours=2)
DRAFT = AutomationDraft(name="  Nacht  ", trigger="lead_hot", actions=(TASK,))


def refusal(draft: AutomationDraft) -> tuple[str, str | None]:
    with pytest.raises(Invalid) as caught:
        clean_draft(draft)
    return caught.value.code, caught.value.field


def test_a_good_draft_is_tidied_and_survives_the_table() -> None:
    draft = clean_draft(replace(DRAFT, conditions=(Condition("score", "at_least", " 75 "),)))
    assert (draft.name, draft.conditions[0].value) == ("Nacht", "75")
    assert conditions_of(to_json(draft.conditions)) == draft.conditions
    assert actions_of(to_json(draft.actions)) == draft.actions


def test_members_of_a_later_version_do_not_break_an_older_one() -> None:
    assert actions_of([{"kind": "task", "text": "x", "colour": "blue"}]) == (Action("task", text="x"),)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": " "}, "missing", "name"),
        ({"trigger": "moonrise"}, "automation_trigger_unknown", "trigger"),
        ({"trigger": "unanswered"}, "automation_delay_invalid", "delay"),
        ({"delay_minutes": 91 * 24 * 60}, "automation_delay_invalid", "delay"),
        ({"actions": ()}, "automation_without_action", "actions"),
        ({"actions": (TASK,) * 13}, "automation_too_long", "actions"),
        ({"conditions": (Condition("mood", "is", "x"),)}, "automation_condition_invalid", "condition-0"),
        (
            {"conditions": (Condition("score", "is", "7"),)},
            "automation_condition_invalid",
            "condition-0",
        ),
        (
            {"conditions": (Condition("score", "at_least", "-1"),)},
            "automation_number_invalid",
            "condition-0",
        ),
        ({"conditions": (Condition("time", "after", "25:00"),)}, "automation_time_invalid", "condition-0"),
        ({"actions": (TASK, Action("dance"))}, "automation_action_unknown", "action-1"),
        ({"actions": (Action("task", text=""),)}, "missing", "action-0"),
        ({"actions": (replace(TASK, hours=-1),)}, "automation_hours_invalid", "action-0"),
        ({"actions": (Action("assign"),)}, "automation_person_missing", "action-0"),
        ({"actions": (Action("reply", template="haiku"),)}, "automation_reply_unknown", "action-0"),
        ({"actions": (Action("reply", template="review"),)}, "automation_address_invalid", "action-0"),
        ({"actions": (Action("reply", template="own"),)}, "message_empty", "action-0"),
        (
            {"actions": (Action("reply", template="own", text="x", advertising="cars"),)},
            "consent_kind_unknown",
            "action-0",
        ),
        ({"actions": (Action("webhook", url="ftp://x.example"),)}, "automation_address_invalid", "action-0"),
        (
            {"actions": (Action("webhook", url="https://u:p@x.example"),)},
            "automation_address_invalid",
            "action-0",
        ),
        ({"actions": (Action("webhook", url="https://[broken"),)}, "automation_address_invalid", "action-0"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, object], code: str, field: str) -> None:
    assert refusal(replace(DRAFT, **changes)) == (code, field)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", READY_MADE)
def test_what_is_ready_made_can_be_saved(name: str, language: str) -> None:
    draft = ready_made(name, language)
    linked = tuple(
        replace(one, url="https://g.page/r/x") if one.template == "review" else one for one in draft.actions
    )
    assert clean_draft(replace(draft, actions=linked)).name


def test_every_word_of_the_vocabulary_has_a_text() -> None:
    words = list_words("de", "automations")
    keys = {f"trigger.{name}" for name in TRIGGERS} | {f"action.{kind}" for kind in ACTIONS}
    keys |= {f"did.{kind}" for kind in ACTIONS} | {f"template.{name}" for name in REPLIES}
    keys |= {f"field.{name}" for name in FIELDS}
    keys |= {f"op.{op}" for several in OPERATORS.values() for op in several}
    keys |= {
        f"option.{name}.{option}"
        for name, field in FIELDS.items()
        if name not in {"language", "weekday"}
        for option in field.options
    }
    assert keys - set(words) == set()
