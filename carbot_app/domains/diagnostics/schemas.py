"""Inputs and views of live diagnostics."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from carbot_app.domains.diagnostics.states import AGENT, ENDED, WAITING


@dataclass(frozen=True, slots=True)
class AgentView:
    """A program near the cars."""

    id: UUID
    name: str
    prefix: str
    software: str
    adapter: str
    created_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class AdapterView:
    """An adapter the server itself talks to."""

    id: UUID
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class SessionOpen:
    """A car is about to be plugged in.

    One of ``vehicle_id`` and ``plate`` says which; neither: the VIN will tell.
    """

    way: str = AGENT
    """One of states.WAYS."""
    agent_id: UUID | None = None
    """Which agent will have it; needed for that way."""
    adapter_id: UUID | None = None
    """Which adapter of the server it is plugged into; needed for that way."""
    vehicle_id: UUID | None = None
    plate: str = ""
    plate_country: str = "DE"
    order_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class CarView:
    """A car on record, as a session names it."""

    id: UUID
    plate: str
    plate_country: str
    label: str
    """``VW Golf``; empty when unknown."""
    vin: str
    customer_name: str = ""


@dataclass(frozen=True, slots=True)
class MarkView:
    """A moment somebody wants to find again."""

    id: UUID
    at: datetime
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class SessionView:
    """One connection to one car."""

    id: UUID
    way: str
    state: str
    """One of states.STATES."""
    reason: str
    """A word of the agent, such as ``unplugged``; empty when there is nothing to say."""
    question: str
    """One of identifying.QUESTIONS: the recording belongs to no car until ``identify`` has answered it."""
    car: CarView | None
    expected: CarView | None
    """Who was expected, while there is a question."""
    with_vin: tuple[CarView, ...]
    """Cars on record with the VIN that was read, while there is a question."""
    vin: str
    protocol: str
    adapter: str
    agent_name: str
    pids: tuple[int, ...]
    rates: Mapping[int, float]
    """What is read: pid → Hz."""
    paused: bool
    started_at: datetime
    ended_at: datetime | None
    km: int | None
    order_id: UUID | None
    opened_by: str
    sample_count: int
    batches_lost: int
    marks: tuple[MarkView, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether readings may still come."""
        return self.state not in {WAITING, ENDED}


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session in a list."""

    id: UUID
    state: str
    question: str
    plate: str
    plate_country: str
    label: str
    vin: str
    started_at: datetime
    ended_at: datetime | None
    km: int | None
    sample_count: int
    code_count: int
    """Stored codes of the newest reading."""


@dataclass(frozen=True, slots=True)
class FindingView:
    """One trouble code of a reading."""

    ecu: str
    code: str
    kind: str
    """stored, pending or permanent."""
    freeze_frame: Mapping[int, float]
    """pid → value; empty when the car kept none."""


@dataclass(frozen=True, slots=True)
class ReadingView:
    """The memory of trouble codes at one moment."""

    id: UUID
    session_id: UUID
    read_at: datetime
    read_by: str
    mil: bool
    readiness: Mapping[str, bool]
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class ClearingView:
    """Codes were cleared, or were to be."""

    id: UUID
    session_id: UUID
    reason: str
    role: str
    by: str
    codes: tuple[tuple[str, str, str], ...]
    """ecu, code and kind of what was there before."""
    asked_at: datetime
    done_at: datetime | None
    state: str
    """asked, done or failed."""
    failure: str


@dataclass(frozen=True, slots=True)
class Started:
    """What an agent is told about its car."""

    session_id: UUID
    last_seq: int
    """Newest batch that is stored."""
    rates: Mapping[int, float]
    """What to read; empty while paused."""
    stored_until: datetime | None = None
    """When the newest stored reading was; None when there is none."""
    is_over: bool = False
    """Staff has ended it: the agent is to let go."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A block to store, and what else its readings told."""

    session_id: UUID
    first_seq: int
    last_seq: int
    starts_at: datetime
    span_ms: int
    sample_count: int
    packed: bytes = field(repr=False)
    batches_lost: int = 0
    clock_jumps: int = 0
    km: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Recorded readings of a stretch of time; ``rows`` are milliseconds since ``starts_at``, pid, value."""

    starts_at: datetime
    rows: tuple[tuple[int, int, float], ...]


@dataclass(frozen=True, slots=True)
class SignalSummary:
    """What one signal did over a whole session."""

    pid: int
    count: int
    low: float
    high: float
    mean: float


@dataclass(frozen=True, slots=True)
class SignalChange:
    """One signal in two sessions of the same car; None where it was not read."""

    pid: int
    now: SignalSummary | None
    before: SignalSummary | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A session beside an earlier one of the same car."""

    session_id: UUID
    earlier_id: UUID
    earlier_started_at: datetime
    signals: tuple[SignalChange, ...]
    codes_new: tuple[str, ...]
    """Stored or pending now and not then."""
    codes_gone: tuple[str, ...]
    codes_same: tuple[str, ...]
