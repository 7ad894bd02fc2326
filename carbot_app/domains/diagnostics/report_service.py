"""Reports for customers: preview, issue, list and take back."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.domains.billing import audit
from carbot_app.domains.booking.desk import visitor_of
from carbot_app.domains.booking.service import BookingService
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.diagnostics.agents import RUN
from carbot_app.domains.diagnostics.explain import STOP_LAMPS
from carbot_app.domains.diagnostics.faithful import unsafe_in
from carbot_app.domains.diagnostics.meaning import Meaning, MeaningService
from carbot_app.domains.diagnostics.models import DiagnosticReport, DiagnosticSession
from carbot_app.domains.diagnostics.ports import ReportPrinter
from carbot_app.domains.diagnostics.report_paper import day_words, link_of, send_report, sheet_of
from carbot_app.domains.diagnostics.report_rows import report_view
from carbot_app.domains.diagnostics.report_schemas import ReportContent, ReportOffer, ReportView, ReportWish
from carbot_app.domains.diagnostics.reports import (
    MOST_REASONS,
    codes_told,
    health_in,
    offers_of,
    stop_reason,
    summary_of,
    values_told,
)
from carbot_app.domains.diagnostics.rows import get_row
from carbot_app.domains.diagnostics.service import READ
from carbot_app.domains.diagnostics.summary_facts import safety_of
from carbot_app.domains.diagnostics.summary_service import accepted_summary
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import new_id, new_secret
from carbot_app.kit.languages import LANGUAGES
from carbot_app.kit.text import several_lines

VALID_FOR = timedelta(days=30)
NOTE_LIMIT = 600
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class _Subject:
    """Whose report it is."""

    session: DiagnosticSession
    vehicle: Vehicle
    workshop: Workshop
    language: str


class ReportService:
    """Reading needs ``diagnostics.read``, issuing and taking back ``diagnostics.run``."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        meaning: MeaningService,
        booking: BookingService,
        messaging: MessagingService,
        printer: ReportPrinter,
        store: FileStore,
        public_url: str,
    ) -> None:
        self._db = db
        self._clock = clock
        self._meaning = meaning
        self._booking = booking
        self._messaging = messaging
        self._printer = printer
        self._store = store
        self._public_url = public_url

    def preview(self, actor: Actor, session_id: UUID, wish: ReportWish) -> ReportContent:
        """What a report would say now; raises like ``issue``."""
        actor.require(RUN)
        return self._content(actor, self._subject(actor, session_id, wish), wish)

    def issue(self, actor: Actor, session_id: UUID, wish: ReportWish) -> ReportView:
        """Freeze what was found, print it, and send its link to the customer.

        Raises:
            NotFound: ``diagnostic_session_unknown``. Invalid: ``language_unknown``, ``lamp_unknown`` or
                ``too_long`` (note). Conflict: ``report_car_unknown`` while it is not certain which car it
                was, ``codes_unread``, ``approval_channel``. Unavailable: like FileStore.
        """
        actor.require(RUN)
        subject = self._subject(actor, session_id, wish)
        content = self._content(actor, subject, wish)
        now = self._clock()
        row = DiagnosticReport(
            id=new_id(),
            workshop_id=actor.workshop_id,
            session_id=subject.session.id,
            vehicle_id=subject.vehicle.id,
            customer_id=subject.session.customer_id,
            token=new_secret(24),
            content=content.to_json(),
            pdf=b"",
            sha256="",
            issued_at=now,
            issued_by=actor.name,
            expires_at=now + VALID_FOR,
        )
        link = link_of(self._public_url, row.token)
        with self._db.reading(actor.workshop_id) as session:
            sheet = sheet_of(session, row, content, link, self._store)
        row.pdf = self._printer.print_report(sheet)
        row.sha256 = sha256(row.pdf).hexdigest()
        with self._db.writing(actor.workshop_id) as session:
            session.add(row)
            session.flush()
            row.sent_on = send_report(session, self._messaging, row, content, link, wish.channel)
            self._note(session, actor, row, content)
            return report_view(row, now, self._public_url)

    def list_of_session(self, actor: Actor, session_id: UUID) -> tuple[ReportView, ...]:
        """Reports of a session, the newest first. NotFound ``diagnostic_session_unknown``."""
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            found = DiagnosticReport.session_id == get_row(session, session_id).id
            return self._list(session, found)

    def list_of_vehicle(self, actor: Actor, vehicle_id: UUID) -> tuple[ReportView, ...]:
        """Reports about a car, the newest first, at most 50."""
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            return self._list(session, DiagnosticReport.vehicle_id == vehicle_id)

    def get_pdf(self, actor: Actor, report_id: UUID) -> bytes:
        """The report as it was handed out. NotFound ``report_unknown``."""
        actor.require(READ)
        with self._db.reading(actor.workshop_id) as session:
            return _row(session, report_id).pdf

    def revoke(self, actor: Actor, report_id: UUID) -> ReportView:
        """Close its link; doing it twice is fine. NotFound ``report_unknown``."""
        actor.require(RUN)
        with self._db.writing(actor.workshop_id) as session:
            row, now = _row(session, report_id), self._clock()
            if row.revoked_at is None:
                row.revoked_at = now
                emit(session, actor.workshop_id, "diagnostic.report", session_id=row.session_id)
                audit.record(
                    session,
                    actor.workshop_id,
                    now,
                    "report.revoke",
                    "diagnostic_report",
                    row.id,
                    by=actor.name,
                )
            return report_view(row, now, self._public_url)

    def _list(self, session: Session, which: object) -> tuple[ReportView, ...]:
        query = select(DiagnosticReport).where(which)  # type: ignore[arg-type]
        newest = query.order_by(col(DiagnosticReport.id).desc()).limit(_SHOWN)
        rows = session.exec(newest.options(defer(DiagnosticReport.pdf)))  # type: ignore[arg-type]
        return tuple(report_view(row, self._clock(), self._public_url) for row in rows)

    def _subject(self, actor: Actor, session_id: UUID, wish: ReportWish) -> _Subject:
        if wish.language and wish.language not in LANGUAGES:
            raise Invalid("language_unknown", field="language")
        if not STOP_LAMPS.issuperset(wish.lamps):
            raise Invalid("lamp_unknown", field="lamps")
        with self._db.reading(actor.workshop_id) as session:
            row = get_row(session, session_id)
            vehicle = session.get(Vehicle, row.vehicle_id) if row.vehicle_id else None
            if vehicle is None:
                raise Conflict("report_car_unknown")
            customer = session.get(Customer, row.customer_id) if row.customer_id else None
            workshop = session.get_one(Workshop, actor.workshop_id)
            language = wish.language or (customer.language if customer else workshop.language)
            return _Subject(row, vehicle, workshop, language if language in LANGUAGES else workshop.language)

    def _content(self, actor: Actor, subject: _Subject, wish: ReportWish) -> ReportContent:
        note = several_lines(wish.note, field="note", limit=NOTE_LIMIT)
        language, car = subject.language, subject.vehicle
        meaning = self._meaning.explain(actor, subject.session.id, language=language, lamps=wish.lamps)
        if meaning is None:
            raise Conflict("codes_unread")
        health = health_in(meaning, wish.lamps)
        offers = offers_of(meaning.codes)
        return ReportContent(
            language=language,
            plate=car.plate,
            plate_country=car.plate_country,
            car=f"{car.make} {car.model}".strip(),
            km=subject.session.km or car.km,
            looked_on=day_words(meaning.reading.read_at, subject.workshop, language),
            stop=stop_reason(meaning, wish.lamps, language),
            score=health.score,
            level=health.level,
            level_text=translate(language, f"report.level.{health.level}"),
            reasons=tuple(one.text(language) for one in health.reasons[:MOST_REASONS]),
            codes=codes_told(meaning.codes, language),
            values=values_told(meaning.evidence, meaning.reading.readiness, language),
            offers=offers,
            currency=subject.workshop.currency,
            slot=self._next_slot(actor, offers, language, meaning),
            note=note,
            summary=self._summary(actor, subject, meaning, wish),
        )

    def _summary(self, actor: Actor, subject: _Subject, meaning: Meaning, wish: ReportWish) -> str:
        """What staff accepted, unless a lamp seen since makes it wrong."""
        language = subject.language
        with self._db.reading(actor.workshop_id) as session:
            text = accepted_summary(session, subject.session, meaning, language)
        return "" if text and unsafe_in(text, safety_of(meaning, wish.lamps, language)) else text

    def _next_slot(
        self, actor: Actor, offers: tuple[ReportOffer, ...], language: str, meaning: Meaning
    ) -> str:
        if not offers:
            return ""
        try:
            slots = self._booking.suggest_slots(
                visitor_of(actor.workshop_id), (offers[0].service,), limit=1, language=language
            )
        except Invalid:
            # A service nobody can book by themselves is still worth a report
            return ""
        return slots[0].label if slots else ""

    def _note(self, session: Session, actor: Actor, row: DiagnosticReport, content: ReportContent) -> None:
        summary = summary_of(content.score, content.codes, content.language)
        told = {"report_id": str(row.id), "session_id": str(row.session_id), "sent_on": row.sent_on}
        emit(
            session,
            actor.workshop_id,
            "diagnostics.report_issued",
            **told,
            vehicle_id=row.vehicle_id,
            sha256=row.sha256,
            summary=summary,
            km=content.km,
        )
        emit(session, actor.workshop_id, "diagnostic.report", session_id=row.session_id)
        audit.record(
            session, actor.workshop_id, row.issued_at, "report.issue", "diagnostic_report", row.id,
            by=actor.name, sha256=row.sha256, **told,
        )  # fmt: skip


def _row(session: Session, report_id: UUID) -> DiagnosticReport:
    row = session.exec(select(DiagnosticReport).where(DiagnosticReport.id == report_id)).first()
    if row is None:
        raise NotFound("report_unknown")
    return row
