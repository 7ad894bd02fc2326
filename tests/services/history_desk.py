"""Ayşe's Golf and what its history hears of, as the outbox would tell it."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import select

from carbot_app.adapters.documents.typst_history import TypstCertificatePrinter
from carbot_app.adapters.identity.ed25519 import Ed25519Signer
from carbot_app.adapters.identity.vault import AesVault
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import Database
from carbot_app.domains.orders.models import CheckIn
from carbot_app.domains.orders.schemas import HeadInput, OrderView
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.vehicle_history.models import HistoryEntry
from carbot_app.domains.vehicle_history.recording import REPORT_ISSUED, VEHICLE_CHANGED, HistoryRecorder
from carbot_app.domains.vehicle_history.schemas import HistoryView
from carbot_app.domains.vehicle_history.service import VehicleHistories
from carbot_app.domains.vehicle_history.verification import Verdict, verify_file
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from tests.factories.saving import save
from tests.services.order_desk import OrderDesk, open_order_desk

VIN = "WVWZZZ1KZAW000001"
SIGNER = Ed25519Signer()


@dataclass(frozen=True)
class HistoryDesk:
    """A workshop whose orders go into histories."""

    desk: OrderDesk
    histories: VehicleHistories
    recorder: HistoryRecorder
    clock: ManualClock
    database: Database = field(repr=False)

    @property
    def owner(self) -> Actor:
        """Somebody who may do everything."""
        return self.desk.owner

    @property
    def workshop(self) -> Workshop:
        """The workshop."""
        return self.desk.workshop

    @property
    def car(self) -> UUID:
        """The Golf."""
        return self.desk.vehicle.id

    def hear(self, kind: str, **payload: Any) -> None:
        """An event reaches the history."""
        told = {name: str(value) if isinstance(value, UUID) else value for name, value in payload.items()}
        self.recorder.on_event(Delivery(new_id(), self.workshop.id, kind, told, self.clock()))

    def visit(self, km: int | None = 88_400, **fields: Any) -> OrderView:
        """The car comes, is worked on and goes again."""
        order = self.desk.estimate(**fields)
        self.desk.orders.change_head(self.owner, order.id, HeadInput(km=km))
        for state in ("accepted", "in_work", "ready", "picked_up"):
            order = self.desk.orders.move(self.owner, order.id, state)
        self.hear("order.state", order_id=order.id)
        return order

    def check_in(self, km: int) -> None:
        """The car comes and its kilometres are signed for."""
        order = self.desk.estimate()
        row = CheckIn(workshop_id=self.workshop.id, order_id=order.id, km=km, signed_at=self.clock())
        save(self.database, row)
        self.hear("order.changed", order_id=order.id)

    def report(self, **payload: Any) -> None:
        """A diagnostic report was issued."""
        given = {"report_id": new_id(), "vehicle_id": self.car, "sha256": "ab" * 32, **payload}
        self.hear(REPORT_ISSUED, **given)

    def car_changed(self) -> None:
        """Somebody changed something about the car."""
        self.hear(VEHICLE_CHANGED, vehicle_id=self.car)

    def view(self) -> HistoryView:
        """The history as staff sees it."""
        return self.histories.get_history(self.owner, self.car)

    def file(self) -> dict[str, Any]:
        """The file, read."""
        return json.loads(self.histories.export_file(self.owner, self.car).content)

    def rows(self) -> list[HistoryEntry]:
        """Entries as they are stored."""
        with self.database.reading(self.workshop.id) as session:
            return list(session.exec(select(HistoryEntry).order_by(HistoryEntry.seq)))  # type: ignore[arg-type]


def open_history_desk(
    database: Database, clock: ManualClock, folder: Path, slug: str = "mueller-dortmund"
) -> HistoryDesk:
    """A workshop with its orders and histories."""
    parts = parts_of(database, clock, folder)
    return HistoryDesk(
        open_order_desk(database, clock, slug),
        VehicleHistories(printer=TypstCertificatePrinter(), public_url="https://carbot.example", **parts),
        HistoryRecorder(**parts),
        clock,
        database,
    )


def parts_of(database: Database, clock: ManualClock, folder: Path) -> dict[str, Any]:
    """What a recorder is made of; ``folder`` holds the key of the vault."""
    vault = AesVault(folder / "secrets.key")
    return {"db": database, "clock": clock, "signer": SIGNER, "vault": vault}


def judged(history: dict[str, Any], **options: Any) -> Verdict:
    """What a file is worth."""
    return verify_file(json.dumps(history).encode(), SIGNER.holds, **options)
