"""What technicians, bays, loaners, absences and special days may be; pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from carbot_app.domains.booking.planning import BAY, LOANER, TECHNICIAN
from carbot_app.domains.booking.resource_schemas import (
    AbsenceDraft,
    PlanningTerms,
    ResourceDraft,
    Season,
    SpecialDaysDraft,
)
from carbot_app.domains.catalog.fields import BAYS, SKILLS
from carbot_app.domains.customers.plates import AmbiguousPlateError, PlateError, normalise_plate
from carbot_app.domains.team.workshop_rules import clean_opening_hours
from carbot_app.kit.errors import Invalid
from carbot_app.kit.text import single_line

KINDS = (TECHNICIAN, BAY, LOANER)
REASONS = ("vacation", "sick", "training", "repair", "other")
"""Staff may enter these; ``external`` comes from a synchronised calendar."""
EXTERNAL = "external"
BAY_TYPES = tuple(name for name in BAYS if name != "none")
ABILITIES: Mapping[str, Collection[str]] = {TECHNICIAN: SKILLS, BAY: BAY_TYPES, LOANER: ()}
MAX_BUFFER, MIN_WAITING, MAX_WAITING, QUARTER = 120, 15, 480, 15
MAX_SEASONS = 6
MAX_ABSENCE_DAYS = 3 * 366
"""Parental leave takes three years."""
_FIRST_YEAR, _LAST_YEAR = 2000, 2199
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_MONTH_DAY = re.compile(r"(\d\d)-(\d\d)")


def clean_resource(kind: str, draft: ResourceDraft, *, country: str) -> ResourceDraft:
    """Checked and tidied, with only what belongs to the kind.

    Raises Invalid kind_unknown, missing, too_long, ability_unknown, ability_missing, hours_invalid,
    plate_invalid or date_out_of_range, naming the field.
    """
    if kind not in KINDS:
        raise Invalid("kind_unknown", field="kind")
    clean = ResourceDraft(
        name=single_line(draft.name, field="name", limit=60, required=True),
        remark=single_line(draft.remark, field="remark", limit=80),
    )
    if kind == LOANER:
        return replace(clean, plate=clean_plate(draft.plate, country))
    clean = replace(clean, abilities=_clean_abilities(kind, draft.abilities))
    if kind == BAY:
        return replace(clean, lift=draft.lift)
    if draft.last_on:
        _check_year(draft.last_on, "last_on")
    return replace(clean, hours=_clean_week(draft.hours), person_id=draft.person_id, last_on=draft.last_on)


def clean_plate(text: str, country: str) -> str:
    """Normal form of a plate, empty for none. Raises Invalid plate_invalid or plate_ambiguous."""
    if not text.strip():
        return ""
    try:
        return normalise_plate(text, country).text
    except AmbiguousPlateError as ambiguous:
        raise Invalid("plate_ambiguous", field="plate", choices=" / ".join(ambiguous.candidates)) from None
    except PlateError:
        raise Invalid("plate_invalid", field="plate") from None


def clean_absence(draft: AbsenceDraft) -> AbsenceDraft:
    """Checked and tidied.

    Raises Invalid reason_unknown, time_invalid, too_long, date_out_of_range, span_invalid or span_too_long.
    """
    if draft.reason not in REASONS:
        raise Invalid("reason_unknown", field="reason")
    for name in ("starts_at", "ends_at"):
        if getattr(draft, name) and not _CLOCK.fullmatch(getattr(draft, name)):
            raise Invalid("time_invalid", field=name)
    _check_days(draft.starts_on, draft.ends_on)
    if draft.starts_on == draft.ends_on and draft.ends_at and draft.ends_at <= (draft.starts_at or "00:00"):
        raise Invalid("span_invalid", field="ends_at")
    return replace(draft, note=single_line(draft.note, field="note", limit=200))


def absence_span(draft: AbsenceDraft, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Begin and end in UTC; a local time the clock change repeats is read so that the absence is longer."""
    starts_at = datetime.combine(draft.starts_on, time.fromisoformat(draft.starts_at or "00:00"), zone)
    if draft.ends_at:
        ends_at = datetime.combine(draft.ends_on, time.fromisoformat(draft.ends_at), zone)
    else:
        ends_at = datetime.combine(draft.ends_on + timedelta(days=1), time(), zone)
    begins = (starts_at.astimezone(UTC), starts_at.replace(fold=1).astimezone(UTC))
    ends = (ends_at.astimezone(UTC), ends_at.replace(fold=1).astimezone(UTC))
    if min(begins) >= max(ends):
        raise Invalid("span_invalid", field="ends_at")
    return min(begins), max(ends)


def days_of_span(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> tuple[date, date, bool]:
    """First and last local day of a span, both included, and whether it takes whole days."""
    start, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    last_on = (end - timedelta(microseconds=1)).date()
    return start.date(), max(start.date(), last_on), start.time() == time() == end.time()


def clean_special_days(draft: SpecialDaysDraft) -> SpecialDaysDraft:
    """Checked and tidied. Raises Invalid hours_invalid, too_long, date_out_of_range, span_invalid …"""
    _check_days(draft.starts_on, draft.ends_on)
    try:
        week = clean_opening_hours({"1": draft.hours})
    except Invalid:
        raise Invalid("hours_invalid", field="hours") from None
    return replace(
        draft,
        hours=tuple((opens, closes) for opens, closes in week.get("1", [])),
        reason=single_line(draft.reason, field="reason", limit=120),
    )


def clean_terms(terms: PlanningTerms, resources: Collection[UUID]) -> PlanningTerms:
    """Checked terms; seasons forget resources that are not among ``resources``.

    Raises Invalid buffer_invalid, waiting_limit_invalid, too_many_seasons, season_day_invalid,
    ability_unknown or season_empty.
    """
    if not 0 <= terms.buffer_minutes <= MAX_BUFFER or terms.buffer_minutes % QUARTER:
        raise Invalid("buffer_invalid", field="buffer_minutes", limit=MAX_BUFFER)
    waiting = terms.waiting_limit_minutes
    if not MIN_WAITING <= waiting <= MAX_WAITING or waiting % QUARTER:
        raise Invalid(
            "waiting_limit_invalid", field="waiting_limit_minutes", least=MIN_WAITING, limit=MAX_WAITING
        )
    if len(terms.seasons) > MAX_SEASONS:
        raise Invalid("too_many_seasons", field="seasons", limit=MAX_SEASONS)
    return replace(terms, seasons=tuple(_clean_season(season, resources) for season in terms.seasons))


def outside(windows: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether work from ``start`` to before ``end`` begins or ends when it is closed (all in cells)."""
    begins = any(first <= start < last for first, last in windows)
    ends = any(first < end <= last for first, last in windows)
    return not (begins and ends)


def _clean_season(season: Season, resources: Collection[UUID]) -> Season:
    for day in (season.first, season.last):
        if not _is_month_day(day):
            raise Invalid("season_day_invalid", field="seasons")
    if season.bay not in BAY_TYPES:
        raise Invalid("ability_unknown", field="seasons")
    known = tuple(id_ for id_ in dict.fromkeys(season.resources) if id_ in resources)
    if not known:
        raise Invalid("season_empty", field="seasons")
    return replace(season, resources=known)


def _is_month_day(text: str) -> bool:
    if not _MONTH_DAY.fullmatch(text):
        return False
    try:
        # A leap year: a season may end on 29 February
        date.fromisoformat(f"2024-{text}")
    except ValueError:
        return False
    return True


def _clean_abilities(kind: str, abilities: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in abilities if name not in ABILITIES[kind]]
    if unknown:
        raise Invalid("ability_unknown", field="abilities")
    if not abilities:
        raise Invalid("ability_missing", field="abilities")
    return tuple(name for name in ABILITIES[kind] if name in abilities)


def _clean_week(hours: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, list[list[str]]]:
    try:
        return clean_opening_hours(hours)
    except Invalid:
        raise Invalid("hours_invalid", field="hours") from None


def _check_days(first: date, last: date) -> None:
    _check_year(first, "starts_on")
    _check_year(last, "ends_on")
    if last < first:
        raise Invalid("span_invalid", field="ends_on")
    if (last - first).days >= MAX_ABSENCE_DAYS:
        raise Invalid("span_too_long", field="ends_on")


def _check_year(on: date, field: str) -> None:
    if not _FIRST_YEAR <= on.year <= _LAST_YEAR:
        raise Invalid("date_out_of_range", field=field)
