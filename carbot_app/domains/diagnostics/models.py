"""Tables of live diagnostics."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class DiagnosticAgent(TenantRow, table=True):
    """A program near the cars that brings readings: its token and when it was last heard of."""

    name: str = Field(max_length=80)
    prefix: str = Field(max_length=12)
    """First signs of the token, to tell tokens apart."""
    token_fingerprint: str = Field(max_length=64, unique=True)
    created_by: str = Field(default="", max_length=120)
    software: str = Field(default="", max_length=80)
    adapter: str = Field(default="", max_length=80)
    last_seen_at: datetime | None = instant(default=None)
    revoked_at: datetime | None = instant(default=None)


class DiagnosticAdapter(TenantRow, table=True):
    """An adapter the server itself talks to."""

    __table_args__ = (UniqueConstraint("workshop_id", "address"),)

    name: str = Field(max_length=80)
    address: str = Field(max_length=120)
    """``socket://host:port`` or ``/dev/…``."""
    created_by: str = Field(default="", max_length=120)


class DiagnosticSession(TenantRow, table=True):
    """One connection to one car, from plugging in to the end; the states are those of states.py."""

    __table_args__ = (
        UniqueConstraint("workshop_id", "car_key"),
        Index("ix_diagnostic_session_started_at", "workshop_id", "started_at"),
    )

    car_key: str = Field(max_length=64)
    """Name the agent gave this connection (wire.Start.car); made up here while it waits for a car."""
    way: str = Field(max_length=8)
    """agent, relay (a browser) or server (an adapter of the server)."""
    agent_id: UUID | None = Field(
        default=None, foreign_key="diagnostic_agent.id", index=True, ondelete="SET NULL"
    )
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", index=True, ondelete="SET NULL")
    """None until it is certain which car this is."""
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    order_id: UUID | None = Field(default=None, foreign_key="work_order.id", index=True, ondelete="SET NULL")
    expected_vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", ondelete="SET NULL")
    """Which car somebody said this would be."""
    question: str = Field(default="", max_length=24)
    """Why it is not certain: one of identifying.QUESTIONS."""
    vin: str = Field(default="", max_length=17)
    """As the car told it."""
    protocol: str = Field(default="", max_length=60)
    adapter: str = Field(default="", max_length=80)
    pids: list[int] = json_field(list)
    """What the car supports of service 01."""
    rates: dict[str, float] = json_field(dict)
    """What is read: pid → Hz; empty: the usual (signals.py)."""
    paused: bool = False
    state: str = Field(max_length=16)
    reason: str = Field(default="", max_length=40)
    started_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)
    heard_at: datetime = instant()
    """When the agent last said anything about this car."""
    km: int | None = None
    opened_by: str = Field(default="", max_length=120)
    """Empty: the agent by itself."""
    last_seq: int = 0
    """Newest batch that is stored."""
    sample_count: int = 0
    batches_lost: int = 0
    """The agent's buffer was full."""
    clock_jumps: int = 0


class DiagnosticBlock(TenantRow, table=True):
    """About ten seconds of readings (recording.py)."""

    __table_args__ = (
        UniqueConstraint("session_id", "first_seq"),
        Index("ix_diagnostic_block_starts_at", "session_id", "starts_at"),
    )

    session_id: UUID = Field(foreign_key="diagnostic_session.id", ondelete="CASCADE")
    first_seq: int
    last_seq: int
    starts_at: datetime = instant()
    span_ms: int
    sample_count: int
    packed: bytes = Field(sa_type=LargeBinary)


class DiagnosticMark(TenantRow, table=True):
    """A moment somebody wants to find again."""

    session_id: UUID = Field(foreign_key="diagnostic_session.id", index=True, ondelete="CASCADE")
    at: datetime = instant()
    text: str = Field(default="", max_length=200)
    by: str = Field(default="", max_length=120)


class CodeReading(TenantRow, table=True):
    """The memory of trouble codes, read at one moment."""

    session_id: UUID = Field(foreign_key="diagnostic_session.id", index=True, ondelete="CASCADE")
    read_at: datetime = instant()
    read_by: str = Field(default="", max_length=120)
    """Who asked; empty: read by itself."""
    mil: bool
    """Whether the engine light is on."""
    readiness: dict[str, bool] = json_field(dict)
    """Monitor → complete."""


class CodeFinding(TenantRow, table=True):
    """One trouble code of a reading."""

    reading_id: UUID = Field(foreign_key="code_reading.id", index=True, ondelete="CASCADE")
    ecu: str = Field(max_length=8)
    code: str = Field(max_length=5)
    kind: str = Field(max_length=9)
    """stored, pending or permanent."""
    freeze_frame: dict[str, float] = json_field(dict)
    """pid → value at the moment it was set; empty when the car kept none."""


class DiagnosticReport(TenantRow, table=True):
    """What a customer was told about a car: frozen when it was issued."""

    session_id: UUID = Field(foreign_key="diagnostic_session.id", index=True, ondelete="CASCADE")
    vehicle_id: UUID | None = Field(default=None, foreign_key="vehicle.id", index=True, ondelete="SET NULL")
    customer_id: UUID | None = Field(default=None, foreign_key="customer.id", index=True, ondelete="SET NULL")
    order_id: UUID | None = Field(default=None, foreign_key="work_order.id", ondelete="SET NULL")
    """The estimate the customer made of it."""
    appointment_id: UUID | None = Field(default=None, foreign_key="appointment.id", ondelete="SET NULL")
    token: str = Field(max_length=64, unique=True)
    content: dict[str, Any] = json_field(dict)
    """report_schemas.ReportContent."""
    pdf: bytes = Field(sa_type=LargeBinary)
    """As it was handed out: the signed history of the car names its SHA-256."""
    sha256: str = Field(max_length=64)
    issued_at: datetime = instant()
    issued_by: str = Field(default="", max_length=120)
    sent_on: str = Field(default="", max_length=10)
    expires_at: datetime = instant()
    opened_at: datetime | None = instant(default=None)
    revoked_at: datetime | None = instant(default=None)


class CodeClearing(TenantRow, table=True):
    """Trouble codes were cleared: who, in which role, why, and what was there before."""

    session_id: UUID = Field(foreign_key="diagnostic_session.id", index=True, ondelete="CASCADE")
    command: str = Field(max_length=64, unique=True)
    reason: str = Field(max_length=300)
    role: str = Field(max_length=20)
    by: str = Field(max_length=120)
    person_id: UUID | None = None
    codes: list[Any] = json_field(list)
    """``[ecu, code, kind]`` of the last reading before."""
    asked_at: datetime = instant()
    done_at: datetime | None = instant(default=None)
    state: str = Field(default="asked", max_length=8)
    """asked, done or failed."""
    failure: str = Field(default="", max_length=40)


class DiagnosticSummary(TenantRow, table=True):
    """What the assistant wrote about a reading of the codes, for one reader; a newer one replaces it."""

    __table_args__ = (UniqueConstraint("session_id", "audience"),)

    session_id: UUID = Field(foreign_key="diagnostic_session.id", ondelete="CASCADE")
    reading_id: UUID = Field(foreign_key="code_reading.id", index=True, ondelete="CASCADE")
    """What it is about; of an older reading it is shown no more."""
    audience: str = Field(max_length=8)
    """mechanic or customer."""
    language: str = Field(max_length=2)
    text: str = Field(max_length=2000)
    written_at: datetime = instant()
    accepted_at: datetime | None = instant(default=None)
    """When staff let it into the customer's report."""
    accepted_by: str = Field(default="", max_length=120)
    edited: bool = False
    """Staff changed the words before accepting them."""


class AdapterClaim(TenantRow, table=True):
    """An adapter of the server that is read for a session, and which process does it."""

    session_id: UUID = Field(foreign_key="diagnostic_session.id", unique=True, ondelete="CASCADE")
    adapter_id: UUID = Field(foreign_key="diagnostic_adapter.id", index=True, ondelete="CASCADE")
    holder: str = Field(default="", max_length=32)
    """Name the process gave itself; empty: nobody reads it yet."""
    held_until: datetime | None = instant(default=None)
    """Afterwards another process may take it over."""


class MaintenanceOffer(TenantRow, table=True):
    """A time kept for whoever was told what is due on their car."""

    vehicle_id: UUID = Field(foreign_key="vehicle.id", index=True, ondelete="CASCADE")
    customer_id: UUID = Field(foreign_key="customer.id", index=True, ondelete="CASCADE")
    work: str = Field(max_length=24)
    """maintenance.DueItem.work."""
    service_code: str = Field(max_length=20)
    token: str = Field(max_length=64, unique=True)
    """Secret of the link in the mail, and of the hold that keeps the time."""
    slot_id: str = Field(max_length=8)
    starts_at: datetime = instant()
    held_until: datetime = instant()
    appointment_id: UUID | None = Field(default=None, foreign_key="appointment.id", ondelete="SET NULL")
    """What the link was answered with."""
