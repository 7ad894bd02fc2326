"""Tables of reports: plans, what was built, and addresses outside the team."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from carbot_app.db.base import TenantRow, instant, json_field


class ReportAddress(TenantRow, table=True):
    """Somebody outside the team who may be sent reports: an address that said yes to it."""

    __table_args__ = (UniqueConstraint("workshop_id", "email"),)

    email: str = Field(max_length=254)
    """Lower case."""
    token: str = Field(max_length=64, unique=True)
    """Of the link that says yes, and later no."""
    confirmed_at: datetime | None = instant(default=None)


class ReportSchedule(TenantRow, table=True):
    """A report that is sent again and again."""

    template: str = Field(max_length=16)
    columns: list[str] = json_field(list)
    form: str = Field(max_length=4)
    rhythm: str = Field(max_length=8)
    """weekly or monthly."""
    on_day: int
    """0 Monday to 6 Sunday, or the day of the month; see planning.Rhythm."""
    send_at: str = Field(max_length=5)
    """``07:30`` in the workshop's zone."""
    people: list[str] = json_field(list)
    """Ids of persons of the team."""
    addresses: list[str] = json_field(list)
    """Mail addresses; only those are sent to that were confirmed."""
    enabled: bool = True
    since: datetime = instant()
    """Turns before it are none: when it was made, changed or switched on."""


class ReportRun(TenantRow, table=True):
    """A report being built, or built and kept."""

    __table_args__ = (
        UniqueConstraint("schedule_id", "period_key"),
        Index("ix_report_run_recent", "workshop_id", "created_at"),
        Index("ix_report_run_waiting", "state", "claimed_until"),
    )

    schedule_id: UUID | None = Field(default=None, foreign_key="report_schedule.id", ondelete="SET NULL")
    """None: somebody asked for it."""
    period_key: str | None = Field(default=None, max_length=10)
    """Of planning.Turn: a plan builds each turn once. None: somebody asked for it, perhaps by the plan."""
    template: str = Field(max_length=16)
    columns: list[str] = json_field(list)
    form: str = Field(max_length=4)
    first: date
    last: date
    filters: dict[str, Any] = json_field(dict)
    """Fields of schemas.Filters that narrow it."""
    compare_first: date | None = None
    """None: it is compared with the days before."""
    compare_last: date | None = None
    compares: bool = True
    language: str = Field(max_length=2)
    requested_by: str = Field(default="", max_length=120)
    """Empty: the plan."""
    state: str = Field(default="queued", max_length=9)
    """queued, building, ready, failed or cancelled."""
    progress: int = 0
    """Percent."""
    attempts: int = 0
    claim: UUID | None = None
    """Of the worker at it: one that was believed dead and comes back finds another's."""
    claimed_until: datetime | None = instant(default=None)
    size: int = 0
    error: str = Field(default="", max_length=60)
    """Code of what stopped it."""
    summary: list[str] = json_field(list)
    """Its figures in words, for the mail."""
    mails: list[dict[str, Any]] = json_field(list)
    """``to`` and ``key`` (dedupe_key of the outgoing message) of every mail, the newest last."""
