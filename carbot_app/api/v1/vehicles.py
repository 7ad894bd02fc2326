"""What the workshop knows of a car for good: its signed history."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from carbot_app.api.dependencies import ApiActor, CurrentServices
from carbot_app.api.v1.answers import NOT_FOUND, JsonAnswer
from carbot_app.domains.vehicle_history.mileage import Judged
from carbot_app.domains.vehicle_history.schemas import EntryView, HistoryView

router = APIRouter(prefix="/vehicles", tags=["vehicles"])


@dataclass(frozen=True, slots=True)
class HistoryReading:
    """What an odometer said."""

    on: date
    km: int
    source: str
    """diagnostics, check_in or order."""
    believed: bool
    doubt: str
    """`below` or `above` what `against_km` says; empty: believed."""
    against_km: int | None


@dataclass(frozen=True, slots=True)
class HistoryEntryAnswer:
    """An entry of the chain."""

    seq: int
    on: date
    kind: str
    """visit, reading, report, inspection or vehicle."""
    reading: HistoryReading | None
    services: tuple[dict[str, str], ...]
    """Names by language."""
    works: tuple[str, ...]
    summary: str
    report_sha256: str
    inspected_on: date | None
    inspection_due: date | None
    car: str
    vin: str
    corrects: int | None
    hash: str


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """The history of one car, the oldest entry first."""

    vehicle_id: UUID
    entries: tuple[HistoryEntryAnswer, ...]
    current: HistoryReading | None
    holds: bool
    """Every entry is signed and unchanged."""
    first_broken_seq: int | None
    head: str
    """Hash of the newest entry."""
    key: str
    """Fingerprint of the key that signed it."""


@router.get("/{vehicle_id}/history", response_model=HistoryAnswer, responses=NOT_FOUND)
def get_history(vehicle_id: UUID, actor: ApiActor, services: CurrentServices) -> Response:
    """The signed history of a car, checked anew. Scope `bookings.read`."""
    return JsonAnswer(_answer(services.vehicle_histories.get_history(actor, vehicle_id)))


def _answer(found: HistoryView) -> HistoryAnswer:
    current = next((one for one in found.readings if one.reading == found.current), None)
    return HistoryAnswer(
        vehicle_id=found.vehicle_id,
        entries=tuple(_entry(entry) for entry in found.entries),
        current=_reading(current),
        holds=found.broken is None,
        first_broken_seq=found.broken.seq if found.broken else None,
        head=found.head,
        key=found.key,
    )


def _entry(entry: EntryView) -> HistoryEntryAnswer:
    same = {name: getattr(entry, name) for name in _SAME}
    return HistoryEntryAnswer(
        **same, reading=_reading(entry.reading), services=tuple(dict(names) for names in entry.services)
    )


def _reading(judged: Judged | None) -> HistoryReading | None:
    if judged is None:
        return None
    reading, against = judged.reading, judged.against
    return HistoryReading(
        on=reading.on,
        km=reading.km,
        source=reading.source,
        believed=not judged.doubt,
        doubt=judged.doubt,
        against_km=against.km if against else None,
    )


_SAME = (
    "seq", "on", "kind", "works", "summary", "report_sha256", "inspected_on", "inspection_due", "car", "vin",
    "corrects", "hash",
)  # fmt: skip
