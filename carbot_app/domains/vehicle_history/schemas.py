"""Views of vehicle histories."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from carbot_app.domains.vehicle_history.mileage import Judged, Reading
from carbot_app.domains.vehicle_history.verification import Break


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry as it is shown."""

    seq: int
    at: datetime
    """When it was written."""
    on: date
    """The day it tells of."""
    kind: str
    """One of entries.KINDS."""
    reading: Judged | None
    services: tuple[Mapping[str, str], ...]
    """Names in the languages of the catalogue, a mapping per service."""
    works: tuple[str, ...]
    """In the words of the order; empty: none, or withheld."""
    jobs: int
    """How many pieces of work there were."""
    summary: str
    report_sha256: str
    inspected_on: date | None
    inspection_due: date | None
    car: str
    """``VW Golf 2015``, of entries that say which car it is."""
    vin: str
    is_withheld: bool
    """It has words that are not told: somebody else's, or forgotten."""
    corrects: int | None
    """The entry this one replaces."""
    hash: str

    @property
    def km(self) -> int | None:
        """What the odometer said."""
        return self.reading.reading.km if self.reading else None


@dataclass(frozen=True, slots=True)
class HistoryView:
    """The history of one car, the oldest entry first."""

    vehicle_id: UUID
    entries: tuple[EntryView, ...] = ()
    readings: tuple[Judged, ...] = ()
    current: Reading | None = None
    broken: Break | None = None
    """The first thing that does not hold; None: everything does."""
    head: str = ""
    """Hash of the newest entry."""
    key: str = ""
    """Fingerprint of the key that signed it."""

    @property
    def is_contradictory(self) -> bool:
        """Whether a reading is not believed."""
        return any(one.doubt for one in self.readings)


@dataclass(frozen=True, slots=True)
class PublicKeyView:
    """A key everybody may check signatures with."""

    fingerprint: str
    public_key: str
    """Ed25519, base64."""
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class PublishedKeys:
    """What is published of a workshop, at an address that never changes."""

    workshop_id: UUID
    name: str
    keys: tuple[PublicKeyView, ...]


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """A file to hand out."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A line of the certificate."""

    on: str
    kind: str
    km: str
    told: tuple[str, ...]
    doubt: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """Everything that stands on a certificate, in the language of its reader."""

    language: str
    title: str
    workshop: str
    address: str
    car: str
    facts: tuple[tuple[str, str], ...]
    seal: str
    doubt: str
    """What is to be known about the kilometres; empty: nothing."""
    columns: tuple[str, str, str]
    rows: tuple[CertificateRow, ...]
    prints: tuple[tuple[str, str], ...]
    """Fingerprints with their names."""
    how: str
    """How it is checked."""
    scan: str
    """What the code leads to."""
    code: str = field(repr=False, default="")
    """The address in the code."""
