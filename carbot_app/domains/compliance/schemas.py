"""Views of privacy."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from carbot_app.domains.compliance.erasing import Obstacle


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A kind of data and how long it is kept; ``unit`` is days, months or years."""

    kind: str
    unit: str
    period: int
    usual: int
    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class RunView:
    """What one run deleted; ``counts`` by kind."""

    at: datetime
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RetentionView:
    """What is kept how long, and what the job did."""

    country: str
    periods: tuple[PeriodView, ...]
    last_run_at: datetime | None
    next_run_at: datetime
    runs: tuple[RunView, ...]
    """Those that deleted something, the newest first."""


@dataclass(frozen=True, slots=True)
class KeptView:
    """What stays without a name, why, and until when."""

    thing: str
    count: int
    ground: str
    """Kind of retention whose ground holds."""
    until: date | None


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """What forgetting somebody would mean."""

    name: str
    """To be typed as confirmation."""
    country: str
    goes: tuple[tuple[str, int], ...]
    """(thing, how many)."""
    stays: tuple[KeptView, ...]
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class ErasureView:
    """Somebody was forgotten."""

    id: UUID
    pseudonym: str
    at: datetime
    checked_by: str
    done_by: str
    removed: int
    kept: int


@dataclass(frozen=True, slots=True)
class ExportView:
    """A disclosure that is being built or can be fetched."""

    id: UUID
    state: str
    progress: int
    requested_by: str
    checked_by: str
    at: datetime
    expires_at: datetime
    size: int
    has_link: bool
    customer: str
    """Name, number or address of whom it is about."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A disclosure to hand out."""

    name: str
    content: bytes
