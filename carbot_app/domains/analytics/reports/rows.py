"""Rows of reports as views, and whom a plan sends to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.domains.analytics.reports.models import ReportAddress, ReportRun, ReportSchedule
from carbot_app.domains.analytics.reports.narrowing import words_of_run
from carbot_app.domains.analytics.reports.planning import Rhythm, next_turn
from carbot_app.domains.analytics.reports.schemas import (
    Letterhead,
    MailView,
    Recipient,
    RunView,
    ScheduleDraft,
    ScheduleView,
)
from carbot_app.domains.billing.models import BillingTerms
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.team.models import Membership, Person, Workshop
from carbot_app.kit.colour import AccentRefused, accent
from carbot_app.kit.errors import NotFound, Unavailable
from carbot_app.kit.i18n import supported

FINE, UNCONFIRMED, GONE = "fine", "unconfirmed", "gone"
QUEUED, BUILDING, READY, FAILED, CANCELLED = "queued", "building", "ready", "failed", "cancelled"
UNFINISHED = (QUEUED, BUILDING)


def rhythm_of(row: ReportSchedule) -> Rhythm:
    """When it is sent."""
    return Rhythm(row.rhythm, row.on_day, row.send_at)


def file_name(row: ReportRun) -> str:
    """What the store calls the file of a run."""
    return f"{row.id}.{row.form}"


def recipients_of(session: Session, row: ReportSchedule) -> tuple[Recipient, ...]:
    """Everybody it is meant for, with who must not be sent to and why."""
    people = _team(session, row.people)
    known = select(ReportAddress).where(col(ReportAddress.email).in_(row.addresses))
    confirmed = {one.email for one in session.exec(known) if one.confirmed_at is not None}
    return (
        *(people.get(one, Recipient("", GONE, person_id=UUID(one))) for one in row.people),
        *(Recipient(one, FINE if one in confirmed else UNCONFIRMED, one) for one in row.addresses),
    )


def letterhead_of(session: Session, workshop_id: UUID, documents: FileStore) -> Letterhead:
    """The workshop with its accent and logo; ``documents`` holds logos."""
    workshop = session.get_one(Workshop, workshop_id)
    terms = session.exec(select(BillingTerms)).first()
    logo = terms.logo_file if terms else ""
    try:
        colour = accent(workshop.accent_hue, workshop.accent_chroma).primary
    except AccentRefused:
        colour = Letterhead.accent
    place = f"{workshop.postal_code} {workshop.city}".strip()
    return Letterhead(
        workshop=workshop.name,
        address=", ".join(filter(None, (workshop.street, place))),
        language=supported(workshop.language),
        country=workshop.country,
        currency=workshop.currency,
        timezone=workshop.timezone,
        accent=colour,
        logo=_logo(workshop_id, logo, documents),
        logo_format=logo.rpartition(".")[2] or "svg",
    )


def describe_schedule(session: Session, row: ReportSchedule, now: datetime) -> ScheduleView:
    """A plan with its next turn."""
    zone = ZoneInfo(session.get_one(Workshop, row.workshop_id).timezone)
    rhythm = rhythm_of(row)
    return ScheduleView(
        id=row.id,
        draft=ScheduleDraft(
            row.template,
            tuple(row.columns),
            row.form,
            rhythm,
            tuple(UUID(one) for one in row.people),
            tuple(row.addresses),
        ),
        enabled=row.enabled,
        recipients=recipients_of(session, row),
        next_at=next_turn(rhythm, now, zone).at if row.enabled else None,
    )


def describe_runs(session: Session, rows: Sequence[ReportRun]) -> tuple[RunView, ...]:
    """Runs with what became of their mails."""
    keys = [mail["key"] for row in rows for mail in row.mails]
    sent: dict[str, OutgoingMessage] = {}
    if keys:
        query = select(OutgoingMessage).where(col(OutgoingMessage.dedupe_key).in_(keys))
        sent = {message.dedupe_key: message for message in session.exec(query)}
    return tuple(_describe(row, sent, words_of_run(session, row)) for row in rows)


def _logo(workshop_id: UUID, name: str, documents: FileStore) -> bytes:
    """A report without its logo is better than none."""
    try:
        return documents.get(workshop_id, name) if name else b""
    except (NotFound, Unavailable):
        return b""


def _describe(row: ReportRun, sent: Mapping[str, OutgoingMessage], narrowed: str) -> RunView:
    return RunView(
        id=row.id,
        template=row.template,
        form=row.form,
        first=row.first,
        last=row.last,
        state=row.state,
        progress=row.progress,
        at=row.created_at,
        requested_by=row.requested_by,
        planned=row.schedule_id is not None,
        size=row.size,
        error=row.error,
        narrowed=narrowed,
        mails=tuple(_mail(mail["to"], sent.get(mail["key"])) for mail in row.mails),
        may_send=row.schedule_id is not None and row.state == READY,
    )


def _mail(to: str, message: OutgoingMessage | None) -> MailView:
    return MailView(to, message.state, message.error) if message else MailView(to, GONE)


def _team(session: Session, ids: Iterable[str]) -> dict[str, Recipient]:
    query = (
        select(Person)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Membership.active, col(Person.id).in_([UUID(one) for one in ids]))
    )
    return {
        str(person.id): Recipient(person.name, FINE, person.email, person.id)
        for person in session.exec(query)
    }
