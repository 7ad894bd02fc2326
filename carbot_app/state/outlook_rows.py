"""Score, steps and weeks in words."""

from dataclasses import dataclass

from babel.dates import format_interval, get_day_names

from carbot_app.domains.analytics import score as parts_of
from carbot_app.domains.analytics import steps as next_steps
from carbot_app.domains.analytics.outlook_schemas import CapacityPlan, CapacityWeek, ScoreCard
from carbot_app.domains.analytics.score import Part, Score
from carbot_app.domains.analytics.steps import NextStep
from carbot_app.kit.i18n import translate
from carbot_app.state.dashboard_figures import write_whole
from carbot_app.state.wording import Reader

_UNITS = {parts_of.RESPONSE: "seconds", parts_of.SATISFACTION: "stars"}
_WAYS = {
    next_steps.DECLINED: ("rotate-ccw", "/auftraege/"),
    next_steps.BUSY_DAY: ("calendar-plus", "/einstellungen/?bereich=zeiten"),
    next_steps.NIGHTS: ("moon", "/einstellungen/?bereich=chat"),
    next_steps.NO_SHOWS: ("calendar-x", "/einstellungen/?bereich=ausgang"),
    next_steps.INSPECTIONS: ("bell", "/kunden/"),
}
"""Icon, and where the step is done."""
_TIGHT = 0.95
"""Share of the hours present from which a week is full."""


@dataclass(frozen=True, slots=True)
class ScoreShown:
    """``points`` drives the ring; ``figure`` is what stands in it."""

    points: int
    figure: str
    label: str
    sentence: str
    missing: str


NO_SCORE = ScoreShown(0, "–", "", "", "")


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the score; ``points`` 0 to 100 for the bar."""

    code: str
    measured: str
    points: int
    figure: str
    weight: str


@dataclass(frozen=True, slots=True)
class StepRow:
    """A next step."""

    code: str
    icon: str
    title: str
    why: str
    worth: str
    href: str


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A week of the capacity plan; percentages are of the widest thing in any week."""

    key: str
    title: str
    present: int
    booked: int
    more: int
    """Expected beyond what is booked, beside it."""
    hours: str
    full: str
    """Says what is wrong with a week that is full or too small; empty: nothing."""


def describe_score(card: ScoreCard, reader: Reader) -> ScoreShown:
    """Ring and sentence."""
    points = card.score.points
    if points is None:
        return ScoreShown(0, "–", _word(reader, "score.unknown"), _word(reader, "score.too_little"), "")
    return ScoreShown(
        points,
        reader.number(points),
        _word(reader, "score.label", points=reader.number(points)),
        f"{_change(card.change, reader)} {_intro(len(card.steps), reader)}",
        _missing(card.score, reader),
    )


def describe_parts(score: Score, reader: Reader) -> list[PartRow]:
    """All parts in their order."""
    return [_part(part, reader) for part in score.parts]


def describe_steps(card: ScoreCard, reader: Reader) -> list[StepRow]:
    """What to do next, worth most first."""
    return [_step(step, card.currency, reader) for step in card.steps]


def describe_plan(plan: CapacityPlan, reader: Reader) -> tuple[list[WeekRow], str]:
    """The weeks, and why their expectation is less sure than usual."""
    widest = max([max(week.present, week.booked, week.expected or 0) for week in plan.weeks], default=0)
    note = _word(reader, f"reason.{plan.reason}") if plan.reason else ""
    return [_week(week, place, widest, reader) for place, week in enumerate(plan.weeks)], note


def _change(change: int | None, reader: Reader) -> str:
    if change is None:
        return _word(reader, "score.change_unknown")
    if not change:
        return _word(reader, "score.change_none")
    return _word(reader, "score.change_up" if change > 0 else "score.change_down", count=abs(change))


def _intro(count: int, reader: Reader) -> str:
    return _word(reader, "score.steps", count=count) if count else _word(reader, "score.no_steps")


def _missing(score: Score, reader: Reader) -> str:
    names = ", ".join(_word(reader, f"part.{code}") for code in score.missing)
    return _word(reader, "score.missing", parts=names) if names else ""


def _part(part: Part, reader: Reader) -> PartRow:
    unit = _UNITS.get(part.code, "percent")
    known = part.points is not None
    return PartRow(
        part.code,
        write_whole(part.value, unit, reader, "") if known else _word(reader, "weights.too_little"),
        part.points or 0,
        reader.number(part.points) if part.points is not None else "–",
        str(part.weight),
    )


def _step(step: NextStep, currency: str, reader: Reader) -> StepRow:
    icon, href = _WAYS[step.code]
    weekday = get_day_names("wide", "stand-alone", reader.language)[step.weekday - 1] if step.weekday else ""
    why = _word(
        reader,
        f"why.{step.code}",
        count=step.count,
        percent=reader.number(step.percent),
        amount=_money(step.unit_cents, reader, currency),
    )
    return StepRow(
        step.code,
        icon,
        _word(reader, f"step.{step.code}", count=step.count, weekday=weekday.capitalize()),
        f"{why} {_word(reader, 'why.assumed')}" if step.assumed else why,
        f"+{_money(step.worth_cents, reader, currency)}",
        href,
    )


def _money(cents: int, reader: Reader, currency: str) -> str:
    """Whole euros; a line does not end before their sign."""
    return write_whole(cents, "cents", reader, currency).replace(" ", "\u00a0")


def _week(week: CapacityWeek, place: int, widest: float, reader: Reader) -> WeekRow:
    def part(hours: float) -> int:
        return round(100 * hours / widest) if widest else 0

    expected = week.expected if week.expected is not None else week.booked
    return WeekRow(
        week.first.isoformat(),
        _word(reader, "capacity.this_week")
        if not place
        else format_interval(week.first, week.last, "MMMd", locale=reader.language),
        part(week.present),
        part(week.booked),
        part(expected) - part(week.booked),
        _word(
            reader,
            "capacity.hours" if week.expected is not None else "capacity.hours_booked",
            booked=reader.number(round(week.booked)),
            expected=reader.number(round(expected)),
            present=reader.number(round(week.present)),
        ),
        _full(week, expected, reader),
    )


def _full(week: CapacityWeek, expected: float, reader: Reader) -> str:
    over = round(expected - week.present)
    if over > 0:
        return _word(reader, "capacity.over", count=over)
    if week.present and expected >= _TIGHT * week.present:
        return _word(reader, "capacity.full")
    return ""


def _word(reader: Reader, key: str, **params: object) -> str:
    return translate(reader.language, f"outlook.{key}", **params)
