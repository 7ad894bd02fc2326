"""Forgetting a person: look at it first, do it once, do it again after a backup was restored."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import SYSTEM, Database, wait_for_turn
from carbot_app.domains.compliance import retention
from carbot_app.domains.compliance.erasing import Ids, Limits, Plan, carry_out, plan_erasure
from carbot_app.domains.compliance.models import Erasure, RetentionTerms
from carbot_app.domains.compliance.person import Person, find_person
from carbot_app.domains.compliance.ports import ErasureList, Forgotten
from carbot_app.domains.compliance.rules import FROM_BACKUP, MANAGE, require_check, require_typed
from carbot_app.domains.compliance.schemas import ErasurePreview, ErasureView, KeptView
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, NotFound, Unavailable
from carbot_app.kit.ids import fingerprint, new_id

log = structlog.get_logger()

THINGS = {
    "contacts": ("contact_point", "contact_preference"),
    "vehicles": ("vehicle",),
    "threads": ("conversation",),
    "messages": ("message",),
    "files": ("message_file", "photo"),
    "enquiries": ("lead",),
    "visits": ("appointment",),
    "contracts": ("booking_contract", "withdrawal"),
    "wheels": ("wheel_set",),
    "mails": ("outgoing_message", "received_mail"),
    "notes": ("thread_note", "thread_draft", "suggested_reply", "thread_label", "task"),
    "calls": ("callback",),
    "waitlist": ("waitlist_entry", "season_invitation", "maintenance_offer"),
    "orders": ("work_order", "declined_job"),
    "invoices": ("invoice", "invoice_draft"),
    "diagnoses": ("diagnostic_session",),
    "consents": ("consent",),
    "disclosures": ("privacy_export",),
}
"""Words of a preview → tables."""
_SHOWN = 50


class ErasureService:
    """Everything needs ``privacy.manage``."""

    def __init__(
        self, *, db: Database, clock: Clock, store: FileStore, exports: FileStore, forgotten: ErasureList
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._exports = exports
        self._forgotten = forgotten

    def preview(self, actor: Actor, customer_id: UUID) -> ErasurePreview:
        """What would go, what would stay and why, and what is in the way. NotFound: unknown customer."""
        actor.require(MANAGE)
        with self._db.reading(actor.workshop_id) as session:
            person, plan = self._plan(session, actor.workshop_id, customer_id)
            workshop = session.get_one(Workshop, actor.workshop_id)
            return ErasurePreview(
                name=person.main["name"] or person.main["phone"] or person.main["email"],
                country=workshop.country,
                goes=tuple(_counts(_gone(plan, person)).items()),
                stays=tuple(_kept(session, workshop, person, plan)),
                obstacles=plan.obstacles,
            )

    def erase(self, actor: Actor, customer_id: UUID, *, checked_by: str, typed: str) -> ErasureView:
        """Forget somebody for good.

        Raises:
            Invalid: ``identity_unchecked``, or ``erasure_not_confirmed`` unless ``typed`` is the name.
            Conflict: ``erasure_too_early`` while a visit or stored wheels are open. NotFound: unknown.
        """
        actor.require(MANAGE)
        require_check(checked_by)
        with self._db.reading(actor.workshop_id) as session:
            person, plan = self._plan(session, actor.workshop_id, customer_id)
        require_typed(typed, person.main["name"] or person.main["phone"] or person.main["email"])
        if plan.obstacles:
            raise Conflict("erasure_too_early")
        return self._erase(actor.workshop_id, customer_id, checked_by=checked_by, done_by=actor.name)

    def list_erasures(self, actor: Actor) -> tuple[ErasureView, ...]:
        """Who was forgotten lately, without names."""
        actor.require(MANAGE)
        query = select(Erasure).order_by(col(Erasure.id).desc()).limit(_SHOWN)
        with self._db.reading(actor.workshop_id) as session:
            return tuple(_view(row) for row in session.exec(query))

    def reapply(self) -> int:
        """Forget again everybody the list names and a restored backup brought back; returns how many."""
        pseudonyms = {mark: line.pseudonym for line in self._lines() for mark in line.fingerprints}
        with self._db.reading(SYSTEM) as session:
            rows = session.exec(select(Customer.workshop_id, Customer.id, Customer.name)).all()
        again: set[str] = set()
        for workshop_id, customer_id, name in rows:
            pseudonym = pseudonyms.get(fingerprint(str(customer_id)), name)
            if pseudonym == name:
                continue
            # Records that were merged when they were forgotten may be several in the backup, or one
            with suppress(NotFound):
                self._erase(workshop_id, customer_id, checked_by=FROM_BACKUP, done_by="", pseudonym=pseudonym)
            again.add(pseudonym)
        return len(again)

    def complete_list(self) -> None:
        """Put on the list outside the database whoever a crash or a full disk kept off it."""
        listed = {mark for line in self._forgotten.read() for mark in line.fingerprints}
        for line in self._stored():
            if not listed.issuperset(line.fingerprints):
                self._forgotten.add(line)

    def _erase(
        self, workshop_id: UUID, customer_id: UUID, *, checked_by: str, done_by: str, pseudonym: str = ""
    ) -> ErasureView:
        with self._db.writing(workshop_id) as session:
            wait_for_turn(session, f"merging {workshop_id}")
            # What was looked at before the turn may have grown since
            person, plan = self._plan(session, workshop_id, customer_id)
            if plan.obstacles and checked_by != FROM_BACKUP:
                raise Conflict("erasure_too_early")
            row = Erasure(
                workshop_id=workshop_id,
                created_at=self._clock(),
                pseudonym=pseudonym or _pseudonym(),
                fingerprints=[fingerprint(str(one)) for one in person.customer_ids],
                checked_by=checked_by,
                done_by=done_by[:120],
                removed=_counts(_gone(plan, person)),
                kept=_counts(plan.stays),
            )
            session.add(row)
            files = carry_out(session, person, plan, pseudonym=row.pseudonym, now=row.created_at)
            _announce(session, workshop_id, plan)
        self._remove(workshop_id, files, plan)
        with suppress(Unavailable):  # the next night completes it
            self.complete_list()
        log.info("privacy.erased", workshop=str(workshop_id), erasure=str(row.id))
        return _view(row)

    def _plan(self, session: Session, workshop_id: UUID, customer_id: UUID) -> tuple[Person, Plan]:
        person = find_person(session, workshop_id, customer_id)
        return person, plan_erasure(person, self._clock(), limits_of(session, workshop_id, self._clock()))

    def _remove(self, workshop_id: UUID, files: Iterable[str], plan: Plan) -> None:
        disclosures = [f"{row_id}.zip" for row_id in plan.goes["privacy_export"]]
        for store, names in ((self._store, files), (self._exports, disclosures)):
            for name in names:
                try:
                    store.delete(workshop_id, name)
                except Unavailable:
                    # The hourly sweep finds what has no row any more
                    log.warning("privacy.file_left", workshop=str(workshop_id), file=name)

    def _lines(self) -> list[Forgotten]:
        return [*self._forgotten.read(), *self._stored()]

    def _stored(self) -> list[Forgotten]:
        with self._db.reading(SYSTEM) as session:
            return [
                Forgotten(row.workshop_id, row.created_at, row.pseudonym, tuple(row.fingerprints))
                for row in session.exec(select(Erasure).order_by(col(Erasure.id)))
            ]


def limits_of(session: Session, workshop_id: UUID, now: datetime) -> Limits:
    """Before when the workshop's letters and consents have been kept long enough."""
    workshop = session.get_one(Workshop, workshop_id)
    terms = session.exec(select(RetentionTerms)).first()
    kinds, chosen = retention.kinds_for(workshop.country), terms.periods if terms else {}
    order, consent = (
        retention.cutoff(kind, retention.period_of(kind, chosen), now, ZoneInfo(workshop.timezone))
        for kind in (kinds[retention.ORDER], kinds[retention.CONSENT])
    )
    return Limits(order, consent)


def _pseudonym() -> str:
    return f"Anonym {new_id().hex[-8:].upper()}"


def _gone(plan: Plan, person: Person) -> Ids:
    # Emptied shells are gone for everybody but the mail server
    return {**plan.goes, "received_mail": set(person.rows["received_mail"])}


def _counts(ids: Ids) -> dict[str, int]:
    counts = {thing: sum(len(ids[table]) for table in tables) for thing, tables in THINGS.items()}
    return {thing: count for thing, count in counts.items() if count}


def _kept(session: Session, workshop: Workshop, person: Person, plan: Plan) -> list[KeptView]:
    until = _order_end(session, workshop, person, plan)
    grounds = {"consents": (retention.CONSENT, None), "invoices": (retention.INVOICE, _invoice_end(person))}
    counts = _counts({**plan.stays, "received_mail": set()})
    return [
        KeptView(thing, count, *grounds.get(thing, (retention.ORDER, until)))
        for thing, count in counts.items()
    ]


def _invoice_end(person: Person) -> date | None:
    """First day on which the last document may go."""
    kept = [row["keep_until"] for row in person.rows["invoice"].values()]
    return max(kept) + timedelta(days=1) if kept else None


def _order_end(session: Session, workshop: Workshop, person: Person, plan: Plan) -> date | None:
    """First day on which the last order may go."""
    terms = session.exec(select(RetentionTerms)).first()
    kind = retention.kinds_for(workshop.country)[retention.ORDER]
    period = retention.period_of(kind, terms.periods if terms else {})
    zone = ZoneInfo(workshop.timezone)
    years = [
        person.rows["appointment"][one]["ends_at"].astimezone(zone).year for one in plan.stays["appointment"]
    ]
    taken = [person.rows["wheel_set"][one]["taken_on"] for one in plan.stays["wheel_set"]]
    years += [day.year for day in taken if day]
    orders = plan.stays["work_order"]
    years += [person.rows["work_order"][one]["created_at"].astimezone(zone).year for one in orders]
    return date(max(years) + period + 1, 1, 1) if years else None


def _announce(session: Session, workshop_id: UUID, plan: Plan) -> None:
    emit(session, workshop_id, "customer.erased")
    for appointment_id in plan.stays["appointment"]:
        # Calendars outside take their events of these visits out
        emit(session, workshop_id, "appointment.erased", appointment_id=appointment_id)


def _view(row: Erasure) -> ErasureView:
    return ErasureView(
        id=row.id,
        pseudonym=row.pseudonym,
        at=row.created_at,
        checked_by=row.checked_by,
        done_by=row.done_by,
        removed=sum(row.removed.values()),
        kept=sum(row.kept.values()),
    )
