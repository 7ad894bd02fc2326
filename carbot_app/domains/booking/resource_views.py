"""Rows of resources, absences and special days as people and programs see them."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from carbot_app.domains.booking.labels import day_label, time_label
from carbot_app.domains.booking.models import Absence, Resource
from carbot_app.domains.booking.resource_rules import EXTERNAL, days_of_span
from carbot_app.domains.booking.resource_schemas import AbsenceView, ResourceView, SpecialDaysView
from carbot_app.domains.team.models import Closure

_DASH = " – "


def resource_view(row: Resource, absences: Sequence[AbsenceView] = ()) -> ResourceView:
    """Row to view."""
    return ResourceView(
        id=row.id,
        kind=row.kind,
        name=row.name,
        abilities=tuple(row.abilities),
        lift=row.lift,
        plate=row.plate,
        remark=row.remark,
        hours=row.hours,
        person_id=row.person_id,
        last_on=row.last_on,
        active=row.active,
        absences=tuple(absences),
    )


def absence_view(row: Absence, zone: ZoneInfo, language: str) -> AbsenceView:
    """Row to view; the days are those of the workshop."""
    first_on, last_on, whole = days_of_span(row.starts_at, row.ends_at, zone)
    return AbsenceView(
        id=row.id,
        resource_id=row.resource_id,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        whole_days=whole,
        first_on=first_on,
        last_on=last_on,
        reason=row.reason,
        note=row.note,
        external=row.reason == EXTERNAL or bool(row.external_id),
        when=days_label(first_on, last_on, language)
        if whole
        else _span_label(row.starts_at, row.ends_at, zone, language),
    )


def special_days_view(row: Closure, language: str) -> SpecialDaysView:
    """Row to view."""
    return SpecialDaysView(
        id=row.id,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        hours=tuple((opens, closes) for opens, closes in row.hours),
        reason=row.reason,
        when=days_label(row.starts_on, row.ends_on, language),
    )


def days_label(first: date, last: date, language: str) -> str:
    """``Mo, 30. Nov. – Fr, 4. Dez. 2026``; one day alone."""
    days = [day_label(first, language)]
    if first.year != last.year:
        days[0] += f" {first.year}"
    if last != first:
        days.append(day_label(last, language))
    return f"{_DASH.join(days)} {last.year}"


def _span_label(starts_at: datetime, ends_at: datetime, zone: ZoneInfo, language: str) -> str:
    first, last = starts_at.astimezone(zone).date(), ends_at.astimezone(zone).date()
    begins, ends = time_label(starts_at, zone, language), time_label(ends_at, zone, language)
    until = ends if last == first else f"{day_label(last, language)}, {ends}"
    return f"{day_label(first, language)}, {begins}{_DASH}{until}"
