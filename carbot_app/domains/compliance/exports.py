"""Telling a person what the workshop knows of them (Art. 15 GDPR): asked for, built as a job, handed out."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import PurePosixPath
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.compliance.disclosure import About, tell_all, tell_in_words
from carbot_app.domains.compliance.models import PrivacyExport
from carbot_app.domains.compliance.person import Person, find_person
from carbot_app.domains.compliance.ports import DisclosurePrinter
from carbot_app.domains.compliance.recipients import recipients_of
from carbot_app.domains.compliance.rules import EXPORT_KEPT, MANAGE, require_check
from carbot_app.domains.compliance.schemas import ExportFile, ExportView
from carbot_app.domains.compliance.service import periods_of
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.photos.rules import file_names
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, NotFound
from carbot_app.kit.i18n import supported, translate
from carbot_app.kit.ids import fingerprint, new_secret

log = structlog.get_logger()

REQUESTED = "disclosure.requested"
QUEUED, BUILDING, READY, FAILED = "queued", "building", "ready", "failed"
_MAX_TOKEN = 64
_SHOWN = 50
_STEP = 10
"""Files between two signs of life."""


class PrivacyExports:
    """Everything needs ``privacy.manage``; links need nothing but their secret."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        store: FileStore,
        exports: FileStore,
        printer: DisclosurePrinter,
        public_url: str,
        external_model: bool,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._exports = exports
        self._printer = printer
        self._public_url = public_url
        self._external_model = external_model

    def request(self, actor: Actor, customer_id: UUID, *, checked_by: str) -> ExportView:
        """Have a disclosure built; while one is on its way it is that one.

        Raises:
            Invalid: ``identity_unchecked``. NotFound: unknown customer.
        """
        actor.require(MANAGE)
        require_check(checked_by)
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"disclosure {customer_id}")
            customer = session.exec(select(Customer).where(Customer.id == customer_id)).first()
            if customer is None:
                raise NotFound
            query = select(PrivacyExport).where(
                PrivacyExport.customer_id == customer_id, col(PrivacyExport.state).in_((QUEUED, BUILDING))
            )
            row = session.exec(query).first()
            if row is None:
                now = self._clock()
                row = PrivacyExport(
                    workshop_id=actor.workshop_id,
                    created_at=now,
                    customer_id=customer_id,
                    checked_by=checked_by,
                    requested_by=actor.name[:120],
                    expires_at=now + EXPORT_KEPT,
                )
                session.add(row)
                emit(session, actor.workshop_id, REQUESTED, export_id=row.id)
        return _view(row, customer)

    def list_exports(self, actor: Actor, customer_id: UUID | None = None) -> tuple[ExportView, ...]:
        """Disclosures that have not ended, the newest first; of one customer or of all."""
        actor.require(MANAGE)
        query = (
            select(PrivacyExport, Customer)
            .join(Customer, col(Customer.id) == PrivacyExport.customer_id)
            .where(PrivacyExport.expires_at > self._clock())
        )
        if customer_id is not None:
            query = query.where(PrivacyExport.customer_id == customer_id)
        newest = query.order_by(col(PrivacyExport.id).desc()).limit(_SHOWN)
        with self._db.reading(actor.workshop_id) as session:
            return tuple(_view(row, customer) for row, customer in session.exec(newest))

    def make_link(self, actor: Actor, export_id: UUID) -> str:
        """A link for the person, told once; an older one ends.

        Raises:
            Conflict: ``export_not_ready``. NotFound: unknown, over, or another workshop's.
        """
        actor.require(MANAGE)
        with self._db.writing(actor.workshop_id) as session:
            row = self._ready(
                session.exec(select(PrivacyExport).where(PrivacyExport.id == export_id)).first()
            )
            token = new_secret()
            row.token_fingerprint = fingerprint(token)
        return f"{self._public_url}/api/privacy/disclosures/{token}"

    def read(self, actor: Actor, export_id: UUID) -> ExportFile:
        """The file for staff. Raises like ``make_link``."""
        actor.require(MANAGE)
        with self._db.reading(actor.workshop_id) as session:
            row = self._ready(
                session.exec(select(PrivacyExport).where(PrivacyExport.id == export_id)).first()
            )
            return self._file(session, row)

    def read_by_link(self, token: str) -> ExportFile:
        """The file for the person. NotFound: no such link, or it is over."""
        if not (token.isascii() and token.isprintable() and len(token) <= _MAX_TOKEN):
            raise NotFound
        query = select(PrivacyExport).where(PrivacyExport.token_fingerprint == fingerprint(token))
        with self._db.reading(SYSTEM) as session:
            return self._file(session, self._ready(session.exec(query).first()))

    def on_event(self, delivery: Delivery) -> None:
        """Outbox consumer: build what was asked for; the same event again changes nothing."""
        if delivery.kind != REQUESTED:
            return
        export_id = UUID(delivery.payload["export_id"])
        try:
            self._build(delivery.workshop_id, export_id)
        except Exception:
            log.exception("privacy.export_failed", workshop=str(delivery.workshop_id), export=str(export_id))
            self._note(delivery.workshop_id, export_id, FAILED, 0)

    def _build(self, workshop_id: UUID, export_id: UUID) -> None:
        with self._db.reading(workshop_id) as session:
            row = session.get(PrivacyExport, export_id)
            if row is None or row.state == READY:
                return
            person = find_person(session, workshop_id, row.customer_id)
            about = self._about(session, workshop_id, person)
        self._note(workshop_id, export_id, BUILDING, 10)
        files = dict(_names(person))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            told = tell_all(person, about, files)
            archive.writestr("data.json", json.dumps(told, ensure_ascii=False, indent=2))
            for done, (file_id, name) in enumerate(files.items(), 1):
                self._put_file(archive, workshop_id, file_id, name)
                if done % _STEP == 0:
                    self._note(workshop_id, export_id, BUILDING, 10 + 70 * done // len(files))
            self._note(workshop_id, export_id, BUILDING, 80)
            document = self._printer.print_disclosure(tell_in_words(person, about, files))
            archive.writestr(f"{about.text('export.file')}.pdf", document)
        content = buffer.getvalue()
        self._exports.put(workshop_id, f"{export_id}.zip", content)
        self._note(workshop_id, export_id, READY, 100, len(content))

    def _put_file(self, archive: zipfile.ZipFile, workshop_id: UUID, file_id: UUID, name: str) -> None:
        try:
            archive.writestr(name, self._store.get(workshop_id, file_names(file_id)[0]))
        except NotFound:
            # A photo whose file was lost cannot be shown; the list of files still names it
            log.warning("privacy.file_missing", workshop=str(workshop_id), file=str(file_id))

    def _note(self, workshop_id: UUID, export_id: UUID, state: str, progress: int, size: int = 0) -> None:
        with self._db.writing(workshop_id) as session:
            if (row := session.get(PrivacyExport, export_id)) is None:
                return
            row.state, row.progress, row.size = state, progress, size
            emit(session, workshop_id, "disclosure.changed", export_id=export_id)

    def _about(self, session: Session, workshop_id: UUID, person: Person) -> About:
        workshop = session.get_one(Workshop, workshop_id)
        place = f"{workshop.postal_code} {workshop.city}".strip()
        return About(
            workshop={
                "name": workshop.name,
                "street": workshop.street,
                "city": place,
                "email": workshop.email,
                "phone": workshop.phone,
            },
            language=supported(person.main["language"]),
            zone=ZoneInfo(workshop.timezone),
            at=self._clock(),
            recipients=recipients_of(session, person, external_model=self._external_model),
            periods=periods_of(session, workshop),
        )

    def _ready(self, row: PrivacyExport | None) -> PrivacyExport:
        if row is None or row.expires_at <= self._clock():
            raise NotFound
        if row.state != READY:
            raise Conflict("export_not_ready")
        return row

    def _file(self, session: Session, row: PrivacyExport) -> ExportFile:
        customer = session.get_one(Customer, row.customer_id)
        name = translate(supported(customer.language), "privacy.export.file")
        return ExportFile(f"{name}.zip", self._exports.get(row.workshop_id, f"{row.id}.zip"))


def _names(person: Person) -> Iterator[tuple[UUID, str]]:
    """File → its name in the archive, unique and without folders a stranger chose."""
    for number, row in enumerate(person.of("message_file"), 1):
        if row["kind"] != "refused":
            yield row["id"], f"files/{number:03}-{PurePosixPath(row['name']).name}"
    for number, row in enumerate(person.of("photo"), 1):
        yield row["id"], f"photos/{number:03}.{row['media_type'].rpartition('/')[2]}"


def _view(row: PrivacyExport, customer: Customer) -> ExportView:
    return ExportView(
        id=row.id,
        state=row.state,
        progress=row.progress,
        requested_by=row.requested_by,
        checked_by=row.checked_by,
        at=row.created_at,
        expires_at=row.expires_at,
        size=row.size,
        has_link=row.token_fingerprint is not None,
        customer=customer.name or customer.phone or customer.email,
    )
