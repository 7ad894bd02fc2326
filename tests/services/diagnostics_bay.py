"""A workshop with an agent and a car on it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from carbot_app.adapters.diagnostics.parquet import ArrowParquetWriter
from carbot_app.db.session import Database
from carbot_app.domains.customers.service import CustomerService
from carbot_app.domains.diagnostics import recording, wire
from carbot_app.domains.diagnostics.agents import AgentService
from carbot_app.domains.diagnostics.code_service import CodeService
from carbot_app.domains.diagnostics.intake import SessionIntake
from carbot_app.domains.diagnostics.recordings import RecordingService
from carbot_app.domains.diagnostics.schemas import Recorded, Started
from carbot_app.domains.diagnostics.service import DiagnosticService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from tests.factories import make_workshop, staff_of

GOLF = "WVWZZZ1KZAW000001"
POLO = "WVWZZZ6RZBY000002"
PIDS = (0x04, 0x05, 0x0C, 0x0D, 0x11)


@dataclass
class Listener:
    """Is the part of a LiveBus that is published to."""

    heard: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def publish(self, channel: str, message: dict[str, Any]) -> None:
        self.heard.append((channel, message))

    @property
    def orders(self) -> list[str]:
        return [message["do"] for channel, message in self.heard if channel.startswith("diagnostics:")]


@dataclass
class Bay:
    """The services of diagnostics, somebody who may do everything, and an agent."""

    db: Database
    clock: ManualClock
    workshop: Workshop
    bus: Listener
    agents: AgentService
    sessions: DiagnosticService
    codes: CodeService
    recordings: RecordingService
    intake: SessionIntake
    staff: Actor
    agent: Actor

    def start(self, vin: str = GOLF, car: str = "car1", **fields: Any) -> Started:
        """A car is plugged in."""
        return self.intake.start(self.agent, wire.Start(car, vin, PIDS, **fields))

    def record(
        self, session_id: UUID, first: int, rows: list[wire.Row], at: datetime | None = None, **fields: Any
    ) -> bool:
        """Store one batch as a block of its own."""
        block = Recorded(
            session_id=session_id, first_seq=first, last_seq=first, starts_at=at or self.clock(),
            span_ms=rows[-1][0], sample_count=len(rows), packed=recording.pack(rows), **fields,
        )  # fmt: skip
        return session_id in self.intake.store(self.agent, [block])

    def read_codes(self, session_id: UUID, *stored: str, pending: tuple[str, ...] = (), by: str = "") -> UUID:
        """The agent has read the codes."""
        frames = tuple(wire.FreezeFrame("7E8", code, {0x0C: 742.0}) for code in stored[:1])
        codes = wire.Codes(
            "car1", 0, bool(stored), (wire.EcuCodes("7E8", stored, pending),), {"catalyst": False}, frames
        )
        return self.intake.record_codes(self.agent, session_id, codes, at=self.clock(), read_by=by)

    def end(self, session_id: UUID) -> None:
        """The car is unplugged an hour later."""
        self.clock.advance(timedelta(hours=1))
        self.intake.set_state(self.agent, session_id, "ended", "unplugged")


def open_bay(database: Database, clock: ManualClock, workshop: Workshop | None = None) -> Bay:
    """A workshop with an agent."""
    workshop = workshop or make_workshop(database)
    staff, bus = staff_of(workshop), Listener()
    at: dict[str, Any] = {"db": database, "clock": clock}
    agents = AgentService(**at, live=bus, server_adapters=True)  # type: ignore[arg-type]
    _, token = agents.create_agent(staff, "Hebebühne 1")
    agent = agents.resolve_agent(token)
    assert agent is not None
    return Bay(
        **at,
        workshop=workshop,
        bus=bus,
        agents=agents,
        sessions=DiagnosticService(**at, customers=CustomerService(db=database), live=bus),  # type: ignore[arg-type]
        codes=CodeService(**at, live=bus),  # type: ignore[arg-type]
        recordings=RecordingService(db=database, parquet=ArrowParquetWriter()),
        intake=SessionIntake(**at),
        staff=staff,
        agent=agent,
    )
