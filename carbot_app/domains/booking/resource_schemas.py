"""Inputs and views of technicians, bays, loaners and when they can be had."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ResourceDraft:
    """What a technician, bay or loaner shall be; what does not belong to its kind is ignored."""

    name: str
    abilities: tuple[str, ...] = ()
    """Skills of a technician, types of a bay."""
    lift: bool = False
    plate: str = ""
    remark: str = ""
    hours: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    """A technician's own week; empty: works whenever it is open."""
    person_id: UUID | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class AbsenceDraft:
    """Days, first and last included; with times it begins and ends at them, in the workshop's zone."""

    starts_on: date
    ends_on: date
    starts_at: str = ""
    """``13:00``; empty: from the beginning of the day."""
    ends_at: str = ""
    """Empty: to the end of the day."""
    reason: str = "vacation"
    note: str = ""


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """When a resource cannot be had."""

    id: UUID
    resource_id: UUID
    starts_at: datetime
    ends_at: datetime
    whole_days: bool
    first_on: date
    last_on: date
    """Days in the workshop's zone, both included."""
    reason: str
    note: str
    external: bool
    """An event of a synchronised calendar, changed only there."""
    when: str
    """For people: ``Mo, 30. Nov. bis Fr, 4. Dez.``."""


@dataclass(frozen=True, slots=True)
class ResourceView:
    """A technician, bay or loaner with the absences that are not over."""

    id: UUID
    kind: str
    name: str
    abilities: tuple[str, ...]
    lift: bool
    plate: str
    remark: str
    hours: Mapping[str, Sequence[Sequence[str]]]
    person_id: UUID | None
    last_on: date | None
    active: bool
    absences: tuple[AbsenceView, ...] = ()


@dataclass(frozen=True, slots=True)
class AffectedVisit:
    """An appointment that can no longer be done as planned."""

    id: UUID
    title: str
    customer: str
    starts_at: datetime
    when: str


@dataclass(frozen=True, slots=True)
class ResourceSaved:
    """The stored resource and the appointments it can no longer keep."""

    resource: ResourceView
    affected: tuple[AffectedVisit, ...]


@dataclass(frozen=True, slots=True)
class AbsenceSaved:
    """The stored absence, others it overlaps, and the appointments within it."""

    absence: AbsenceView
    overlapping: tuple[AbsenceView, ...]
    affected: tuple[AffectedVisit, ...]


@dataclass(frozen=True, slots=True)
class SpecialDaysDraft:
    """Days with other hours than usual, first and last included; no hours: closed."""

    starts_on: date
    ends_on: date
    hours: tuple[tuple[str, str], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SpecialDaysView:
    """Stored days with other hours."""

    id: UUID
    starts_on: date
    ends_on: date
    hours: tuple[tuple[str, str], ...]
    reason: str
    when: str


@dataclass(frozen=True, slots=True)
class SpecialDaysSaved:
    """The stored days, others they overlap, and the appointments outside the new hours."""

    days: SpecialDaysView
    overlapping: tuple[SpecialDaysView, ...]
    affected: tuple[AffectedVisit, ...]


@dataclass(frozen=True, slots=True)
class HolidayView:
    """A public holiday of the region."""

    on: date
    name: str
    when: str
    open: bool
    """The workshop opens all the same, because special hours say so."""


@dataclass(frozen=True, slots=True)
class Season:
    """Between two days of every year (``10-01``) the resources serve only work for this type of bay."""

    first: str
    last: str
    bay: str
    resources: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class PlanningTerms:
    """How a workshop plans."""

    buffer_minutes: int
    """Kept free after each visit."""
    waiting_limit_minutes: int
    """Work up to this long is offered to customers who wait."""
    seasons: tuple[Season, ...] = ()
