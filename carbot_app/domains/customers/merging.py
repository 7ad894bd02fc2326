"""Two records of one person become one, or one record of two people becomes two; both can be undone."""

from typing import Any
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlmodel import Session, SQLModel, col, or_
from sqlmodel import select as select_rows

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.customers.contact_points import list_resembling
from carbot_app.domains.customers.models import ContactChange, ContactPoint, Customer
from carbot_app.domains.customers.moving import Moved, move_all, move_back, move_rows
from carbot_app.domains.customers.schemas import ContactChangeView, CustomerView
from carbot_app.domains.customers.service import CustomerService
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound

MERGE, SPLIT = "merge", "split"
_FIELDS = ("name", "phone", "email")
_CAN_MERGE = "inbox.reply"


class ContactMerging:
    """Customers, vehicles, threads, visits and everything else move, and come back exactly."""

    def __init__(self, *, db: Database, clock: Clock, customers: CustomerService) -> None:
        self._db = db
        self._clock = clock
        self._customers = customers

    def list_suggestions(self, actor: Actor, customer_id: UUID) -> tuple[CustomerView, ...]:
        """Who may be the same person: the same number or address, typed or verified."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            customer = _customer(session, customer_id)
            found = list_resembling(session, customer)
        return tuple(self._customers.describe_customer(row) for row in found)

    def find_last_change(self, actor: Actor, customer_id: UUID) -> ContactChangeView | None:
        """The last merge or split of this customer that can be undone."""
        actor.require("inbox.read")
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(
                select_rows(ContactChange)
                .where(
                    or_(ContactChange.from_id == customer_id, ContactChange.to_id == customer_id),
                    col(ContactChange.undone_at).is_(None),
                )
                .order_by(col(ContactChange.id).desc())
                .limit(1)
            ).first()
        return ContactChangeView(row.id, row.kind, row.done_by, row.created_at) if row else None

    def merge(self, actor: Actor, keep_id: UUID, other_id: UUID) -> UUID:
        """Make ``other`` a part of ``keep``; the id undoes it.

        Blanks are filled and a first name becomes the whole one, nothing else is overwritten; who wrote
        STOP in one of them has written it in both.
        Raises NotFound, Invalid merge_itself, Conflict merge_over.
        """
        actor.require(_CAN_MERGE)
        if keep_id == other_id:
            raise Invalid("merge_itself")
        with self._db.writing(actor.workshop_id) as session:
            _wait(session, actor.workshop_id)
            keep, other = _customer(session, keep_id), _customer(session, other_id)
            if keep.merged_into_id or other.merged_into_id:
                raise Conflict("merge_over")
            before = {str(row.id): _fields(row) for row in (keep, other)}
            stopped = _join_stops(session, actor.workshop_id, keep.id, other.id)
            moved = move_all(session, actor.workshop_id, other.id, keep.id)
            if other.name.casefold().startswith(f"{keep.name.casefold()} "):
                keep.name = other.name
            for name in _FIELDS:
                setattr(keep, name, getattr(keep, name) or getattr(other, name))
                setattr(other, name, "")
            other.merged_into_id = keep.id
            fields = {str(row.id): _pairs(before[str(row.id)], _fields(row)) for row in (keep, other)}
            return self._record(session, actor, MERGE, other, keep, moved, {"fields": fields, **stopped})

    def split(self, actor: Actor, conversation_id: UUID) -> UUID:
        """Give a thread to a customer of its own, with its lead, visits and car; the id undoes it.

        A number or address goes along when no other thread of the customer was written from it. Raises
        NotFound, Invalid split_nothing when the thread has no customer.
        """
        actor.require(_CAN_MERGE)
        with self._db.writing(actor.workshop_id) as session:
            _wait(session, actor.workshop_id)
            thread = _thread(session, actor.workshop_id, conversation_id)
            if thread["customer_id"] is None:
                raise Invalid("split_nothing")
            old = _customer(session, thread["customer_id"])
            new = Customer(workshop_id=old.workshop_id, language=thread["language"])
            session.add(new)
            session.flush()
            points = _points_of(session, old, conversation_id)
            wanted = {"conversation": [conversation_id], **_belongings(session, old, conversation_id)}
            wanted["contact_point"] = [point.id for point in points]
            moved = move_rows(session, actor.workshop_id, old.id, new.id, wanted)
            before = {str(row.id): _fields(row) for row in (old, new)}
            for point in points:
                name = "email" if point.kind == "email" else "phone"
                setattr(new, name, getattr(new, name) or point.value)
                if getattr(old, name) == point.value:
                    setattr(old, name, "")
            fields = {str(row.id): _pairs(before[str(row.id)], _fields(row)) for row in (old, new)}
            was_verified = bool(thread["contact_verified"])
            _set_verified(session, conversation_id, verified=was_verified and bool(points))
            thread_before = {"id": str(conversation_id), "contact_verified": was_verified}
            return self._record(
                session, actor, SPLIT, old, new, moved, {"fields": fields, "thread": thread_before}
            )

    def undo(self, actor: Actor, change_id: UUID) -> None:
        """Put everything back as it was; what was changed by hand since stays changed.

        Raises NotFound, Conflict change_undone, or Conflict change_overtaken by a later merge or split.
        """
        actor.require(_CAN_MERGE)
        with self._db.writing(actor.workshop_id) as session:
            _wait(session, actor.workshop_id)
            row = session.exec(select_rows(ContactChange).where(ContactChange.id == change_id)).first()
            if row is None:
                raise NotFound
            if row.undone_at is not None:
                raise Conflict("change_undone")
            if _was_overtaken(session, row):
                raise Conflict("change_overtaken")
            move_back(session, actor.workshop_id, row.from_id, row.to_id, row.moved)
            source, target = (session.get_one(Customer, name) for name in (row.from_id, row.to_id))
            for customer in (source, target):
                _put_back(customer, row.before["fields"][str(customer.id)])
            _put_back_rest(session, row.before)
            source.merged_into_id = None
            if row.kind == SPLIT:
                target.merged_into_id = source.id
            row.undone_at = self._clock()
            _announce(session, row)

    def _record(
        self,
        session: Session,
        actor: Actor,
        kind: str,
        source: Customer,
        target: Customer,
        moved: Moved,
        before: dict[str, Any],
    ) -> UUID:
        row = ContactChange(
            workshop_id=actor.workshop_id,
            created_at=self._clock(),
            kind=kind,
            from_id=source.id,
            to_id=target.id,
            moved=moved,
            before=before,
            done_by=actor.name[:120],
        )
        session.add(row)
        _announce(session, row)
        return row.id


def _table(name: str) -> Table:
    # Threads, visits and preferences are of domains that build on this one
    return SQLModel.metadata.tables[name]


def _wait(session: Session, workshop_id: UUID) -> None:
    wait_for_turn(session, f"merging {workshop_id}")


def _customer(session: Session, customer_id: UUID) -> Customer:
    row = session.exec(select_rows(Customer).where(Customer.id == customer_id)).first()
    if row is None:
        raise NotFound
    return row


def _thread(session: Session, workshop_id: UUID, conversation_id: UUID) -> dict[str, Any]:
    table = _table("conversation")
    query = select(table).where(table.c.id == conversation_id, table.c.workshop_id == workshop_id)
    found = session.execute(query).mappings().first()
    if found is None:
        raise NotFound("conversation_not_found")
    return dict(found)


def _fields(customer: Customer) -> dict[str, str]:
    return {name: getattr(customer, name) for name in _FIELDS}


def _pairs(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    return {name: [before[name], after[name]] for name in _FIELDS if before[name] != after[name]}


def _put_back(customer: Customer, pairs: dict[str, list[str]]) -> None:
    for name, (before, after) in pairs.items():
        if getattr(customer, name) == after:
            setattr(customer, name, before)


def _join_stops(session: Session, workshop_id: UUID, keep_id: UUID, other_id: UUID) -> dict[str, Any]:
    table = _table("contact_preference")
    query = select(table.c.customer_id, table.c.id, table.c.stopped).where(
        table.c.workshop_id == workshop_id, table.c.customer_id.in_((keep_id, other_id))
    )
    found = {row.customer_id: row for row in session.execute(query)}
    if len(found) < 2:
        return {}
    kept, joined = found[keep_id], sorted({*found[keep_id].stopped, *found[other_id].stopped})
    session.execute(update(table).where(table.c.id == kept.id).values(stopped=joined))
    return {"stops": {"id": str(kept.id), "before": kept.stopped, "after": joined}}


def _put_back_rest(session: Session, before: dict[str, Any]) -> None:
    if stops := before.get("stops"):
        table = _table("contact_preference")
        query = select(table.c.stopped).where(table.c.id == UUID(stops["id"]))
        # What the customer has stopped since stays stopped
        now = session.execute(query).scalar_one()
        back = sorted({*now} - ({*stops["after"]} - {*stops["before"]}))
        session.execute(update(table).where(table.c.id == UUID(stops["id"])).values(stopped=back))
    if thread := before.get("thread"):
        _set_verified(session, UUID(thread["id"]), verified=thread["contact_verified"])


def _set_verified(session: Session, conversation_id: UUID, *, verified: bool) -> None:
    table = _table("conversation")
    session.execute(update(table).where(table.c.id == conversation_id).values(contact_verified=verified))


def _points_of(session: Session, customer: Customer, conversation_id: UUID) -> list[ContactPoint]:
    """Contact points that only this thread was written from."""
    message, thread = _table("message"), _table("conversation")
    written = (
        select(message.c.conversation_id, message.c.address)
        .join(thread, thread.c.id == message.c.conversation_id)
        .where(thread.c.customer_id == customer.id, message.c.author == "customer", message.c.address != "")
        .distinct()
    )
    here: set[str] = set()
    elsewhere: set[str] = set()
    for where, address in session.execute(written):
        (here if where == conversation_id else elsewhere).add(address)
    points = session.exec(select_rows(ContactPoint).where(ContactPoint.customer_id == customer.id))
    return [point for point in points if point.value in here - elsewhere]


def _belongings(session: Session, customer: Customer, conversation_id: UUID) -> dict[str, list[UUID]]:
    """Lead, visits and callbacks of a thread, and the cars only it speaks of."""
    found: dict[str, list[UUID]] = {}
    for name in ("lead", "appointment", "callback"):
        table = _table(name)
        query = select(table.c.id).where(
            table.c.conversation_id == conversation_id, table.c.customer_id == customer.id
        )
        found[name] = list(session.execute(query).scalars())
    here: set[UUID] = set()
    elsewhere: set[UUID] = set()
    for name in ("lead", "appointment"):
        table = _table(name)
        query = select(table.c.vehicle_id, table.c.conversation_id).where(
            table.c.customer_id == customer.id, table.c.vehicle_id.is_not(None)
        )
        for vehicle_id, where in session.execute(query):
            (here if where == conversation_id else elsewhere).add(vehicle_id)
    found["vehicle"] = list(here - elsewhere)
    return found


def _was_overtaken(session: Session, row: ContactChange) -> bool:
    both = (row.from_id, row.to_id)
    query = select_rows(ContactChange.id).where(
        ContactChange.id > row.id,
        col(ContactChange.undone_at).is_(None),
        or_(col(ContactChange.from_id).in_(both), col(ContactChange.to_id).in_(both)),
    )
    return session.exec(query.limit(1)).first() is not None


def _announce(session: Session, row: ContactChange) -> None:
    """Open browsers fetch the threads that changed hands, and those beside them."""
    table = _table("conversation")
    query = select(table.c.id, table.c.last_seq).where(
        table.c.workshop_id == row.workshop_id, table.c.customer_id.in_((row.from_id, row.to_id))
    )
    for conversation_id, seq in session.execute(query):
        emit(
            session,
            row.workshop_id,
            "conversation.changed",
            conversation_id=conversation_id,
            seq=seq,
            reason="state",
        )
