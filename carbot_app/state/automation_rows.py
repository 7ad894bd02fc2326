"""Automations as lists, sentences and form rows show them (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from babel.dates import get_day_names
from babel.units import format_unit

from carbot_app.domains.automations import vocabulary as words
from carbot_app.domains.automations.schemas import (
    Action,
    AutomationDraft,
    AutomationView,
    Condition,
    DryRunLine,
    Outcome,
    RunView,
)
from carbot_app.kit.i18n import translate
from carbot_app.kit.languages import LANGUAGE_NAMES
from carbot_app.state.wording import Reader

Pair = list[str]
"""Value and text of a choice."""
ICONS = {
    words.REPLY: "send",
    words.TASK: "clipboard-check",
    words.REMINDER: "alarm-clock",
    words.ASSIGN: "user-check",
    words.LABEL: "tag",
    words.PUSH: "smartphone",
    words.WEBHOOK: "webhook",
}
_DELAYS = (0, 15, 30, 60, 120, 240, 480, 1440, 2880, 4320, 10080, 20160, 43200)
_HOURS = (0, 1, 2, 4, 9, 24, 48, 72, 168)


@dataclass(frozen=True, slots=True)
class AutomationRow:
    """A line of the list."""

    id: str = ""
    name: str = ""
    when: str = ""
    then: str = ""
    enabled: bool = False
    runs: str = ""


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A template."""

    id: str = ""
    name: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RunRow:
    """A line of the log or of a dry run."""

    id: str = ""
    name: str = ""
    """Of the automation, or of the customer in a dry run."""
    who: str = ""
    at: str = ""
    state: str = ""
    word: str = ""
    lines: list[str] = field(default_factory=list)
    thread: str = ""


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition in the editor with what can be chosen."""

    key: str = ""
    asks: str = ""
    """One of vocabulary.FIELDS."""
    op: str = ""
    value: str = ""
    kind: str = ""
    ops: list[Pair] = field(default_factory=list)
    options: list[Pair] = field(default_factory=list)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """A step in the editor; members as in schemas.Action."""

    key: str = ""
    kind: str = ""
    title: str = ""
    icon: str = ""
    person: str = ""
    label: str = ""
    text: str = ""
    template: str = ""
    advertising: str = ""
    hours: str = "0"
    url: str = ""
    urgent: bool = False
    problem: str = ""


def list_row(view: AutomationView, reader: Reader) -> AutomationRow:
    """One automation as a sentence."""
    language, draft = reader.language, view.draft
    runs = translate(language, "automations.runs_30", count=view.runs)
    return AutomationRow(
        id=str(view.id),
        name=draft.name,
        when=when_sentence(draft, language),
        then=", ".join(translate(language, f"automations.action.{one.kind}") for one in draft.actions),
        enabled=view.enabled,
        runs=runs if view.runs else translate(language, "automations.never_ran"),
    )


def when_sentence(draft: AutomationDraft, language: str) -> str:
    """``Wenn eine Anfrage heiß wird · Werkstatt ist geschlossen``."""
    start = f"{translate(language, 'automations.editor.when')} "
    start += translate(language, f"automations.trigger.{draft.trigger}")
    delay = [delay_words(draft.delay_minutes, language)] if draft.delay_minutes else []
    return " · ".join([start, *delay, *(_condition_words(one, language) for one in draft.conditions)])


def delay_words(minutes: int, language: str) -> str:
    """``sofort``, ``2 Stunden später``, ``14 Tage später``."""
    if not minutes:
        return translate(language, "automations.editor.at_once")
    for unit, size in (("day", words.DAY), ("hour", words.HOUR), ("minute", 1)):
        if minutes % size == 0:
            time = format_unit(minutes // size, f"duration-{unit}", length="long", locale=language)
            return translate(language, "automations.editor.after", time=time)
    raise AssertionError("minutes are whole")


def delay_choices(current: int, needs_delay: bool, language: str) -> list[Pair]:
    """Points in time to choose from, the current one among them."""
    offered = sorted({*_DELAYS, current} - ({0} if needs_delay else set()))
    return [[str(minutes), delay_words(minutes, language)] for minutes in offered]


def hour_choices(current: Sequence[str], language: str) -> list[Pair]:
    """When tasks can be due, what is chosen anywhere among them."""
    offered = sorted({*_HOURS, *(int(hours) for hours in current if hours.isdecimal())})
    return [[str(hours), delay_words(hours * 60, language)] for hours in offered]


def trigger_choices(language: str) -> list[Pair]:
    """All events."""
    return [[name, translate(language, f"automations.trigger.{name}")] for name in words.TRIGGERS]


def field_choices(language: str) -> list[Pair]:
    """All that conditions can ask."""
    return [[name, translate(language, f"automations.field.{name}")] for name in words.FIELDS]


def condition_row(key: str, condition: Condition, language: str, problem: str = "") -> ConditionRow:
    """A condition with its operators and values."""
    asked = words.FIELDS[condition.field]
    return ConditionRow(
        key=key,
        asks=condition.field,
        op=condition.op,
        value=condition.value,
        kind=asked.kind,
        ops=[[op, translate(language, f"automations.op.{op}")] for op in words.OPERATORS[asked.kind]],
        options=[[one, option_words(condition.field, one, language)] for one in asked.options],
        problem=problem,
    )


def first_condition(name: str) -> Condition:
    """What a condition about a field begins with."""
    asked = words.FIELDS[name]
    value = asked.options[0] if asked.options else ("18:00" if asked.kind == words.CLOCK else "")
    return Condition(name, words.OPERATORS[asked.kind][0], value)


def option_words(name: str, option: str, language: str) -> str:
    """The name of a value."""
    if name == "language":
        return LANGUAGE_NAMES[option]
    if name == "weekday":
        return get_day_names("wide", locale=language)[int(option) - 1]
    return translate(language, f"automations.option.{name}.{option}")


def action_row(key: str, action: Action, language: str, problem: str = "") -> ActionRow:
    """A step with its name and icon."""
    return ActionRow(
        key=key,
        kind=action.kind,
        title=translate(language, f"automations.action.{action.kind}"),
        icon=ICONS[action.kind],
        person=action.person_id,
        label=action.label_id,
        text=action.text,
        template=action.template,
        advertising=action.advertising,
        hours=str(action.hours),
        url=action.url,
        urgent=action.urgent,
        problem=problem,
    )


def read_action(row: ActionRow) -> Action:
    """What a step of the editor says."""
    return Action(
        kind=row.kind,
        person_id=row.person,
        label_id=row.label,
        text=row.text,
        template=row.template,
        advertising=row.advertising,
        hours=int(row.hours) if row.hours.isdecimal() else 0,
        url=row.url,
        urgent=row.urgent,
    )


def run_row(run: RunView, reader: Reader) -> RunRow:
    """A line of the log."""
    language = reader.language
    why = [translate(language, f"automations.why.{run.error}")] if run.error else []
    return RunRow(
        id=str(run.id),
        name=run.automation_name,
        who=run.customer_name or translate(language, "automations.log.nobody"),
        at=reader.day_and_clock(run.at),
        state=run.state,
        word=translate(language, f"automations.state.{run.state}"),
        lines=[*why, *(outcome_words(one, language) for one in run.outcomes)],
        thread=str(run.conversation_id or ""),
    )


def dry_row(number: int, line: DryRunLine, reader: Reader) -> RunRow:
    """A line of a dry run."""
    return RunRow(
        id=str(number),
        name=line.customer_name or translate(reader.language, "automations.log.nobody"),
        at=reader.day_and_clock(line.at),
        lines=[outcome_words(one, reader.language) for one in line.outcomes],
        thread=str(line.conversation_id or ""),
    )


def outcome_words(outcome: Outcome, language: str) -> str:
    """``E-Mail an den Kunden``, ``Aufgabe: ausgelassen, …``."""
    by_channel = f"reply_{outcome.detail}" if outcome.detail in {"mail", "sms"} else outcome.kind
    what = translate(language, f"automations.did.{by_channel}")
    return translate(
        language, f"automations.outcome.{outcome.state}", what=what, why=_why(outcome.detail, language)
    )


def _why(detail: str, language: str) -> str:
    for key in (f"automations.why.{detail}", f"errors.{detail}"):
        try:
            return translate(language, key)
        except KeyError:
            continue
    return detail


def _condition_words(condition: Condition, language: str) -> str:
    name = translate(language, f"automations.field.{condition.field}")
    value = condition.value
    if words.FIELDS[condition.field].kind == words.CHOICE:
        value = option_words(condition.field, value, language)
    return f"{name} {translate(language, f'automations.op.{condition.op}')} {value}"
