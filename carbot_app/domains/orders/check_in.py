"""The car as it comes in: noted beside it with its owner, signed, and unchangeable from then on."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, or_, select

from carbot_app.db.session import Database
from carbot_app.domains.billing.audit import record
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.messaging.ports import Attached
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.orders.check_in_messages import ATTACHED, is_mailed, queue_protocol
from carbot_app.domains.orders.check_in_protocol import protocol_of
from carbot_app.domains.orders.check_in_rules import (
    TERMS_VERSION,
    WHEELS,
    check_facts,
    mark_from_json,
    mark_to_json,
)
from carbot_app.domains.orders.check_in_schemas import Addendum, CheckInInput, CheckInView
from carbot_app.domains.orders.models import CheckIn, OrderJob, WorkOrder
from carbot_app.domains.orders.ports import ProtocolPrinter, SignatureReader
from carbot_app.domains.orders.progress import take_visit_along
from carbot_app.domains.orders.rows import SUBJECT, enter_state, get_order, lock_order, touched
from carbot_app.domains.orders.states import ACCEPTED, OPEN, may_change
from carbot_app.domains.photos.models import Photo
from carbot_app.domains.photos.ports import FileStore
from carbot_app.domains.photos.rules import file_names
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.ids import new_id
from carbot_app.kit.text import several_lines, single_line

_PRINTED_PHOTOS = 24
"""More than a page of them tells nothing new and makes the mail heavy."""


class CheckInService:
    """Reads need ``orders.read``, all else ``orders.work`` or ``orders.manage``."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        store: FileStore,
        signatures: SignatureReader,
        printer: ProtocolPrinter,
        messaging: MessagingService,
    ) -> None:
        self._db = db
        self._clock = clock
        self._store = store
        self._signatures = signatures
        self._printer = printer
        self._messaging = messaging
        messaging.add_source(ATTACHED, self.attachment)

    def open(self, actor: Actor, order_id: UUID) -> CheckInView:
        """The check-in of an order; the first to ask begins it.

        Raises:
            NotFound: ``order_unknown``. Conflict: ``check_in_order_over``.
        """
        _require_work(actor)
        with self._db.writing(actor.workshop_id) as session:
            order = lock_order(session, order_id)
            row = session.exec(select(CheckIn).where(CheckIn.order_id == order_id)).first()
            if row is None:
                if order.state not in OPEN:
                    raise Conflict("check_in_order_over", number=order.number)
                row = CheckIn(workshop_id=actor.workshop_id, order_id=order_id, taken_by=actor.name)
                session.add(row)
                session.flush()
            return _view(session, row, order)

    def find(self, actor: Actor, order_id: UUID) -> CheckInView | None:
        """The check-in of an order; None: not begun. NotFound ``order_unknown``."""
        actor.require("orders.read")
        with self._db.reading(actor.workshop_id) as session:
            order = get_order(session, order_id)
            row = session.exec(select(CheckIn).where(CheckIn.order_id == order_id)).first()
            return _view(session, row, order) if row else None

    def save(self, actor: Actor, check_in_id: UUID, facts: CheckInInput) -> CheckInView:
        """Note what was seen, as a whole.

        Raises:
            NotFound: ``check_in_unknown``. Conflict: ``check_in_signed``. Invalid: what ``check_facts`` says.
        """
        _require_work(actor)
        with self._db.writing(actor.workshop_id) as session:
            row, order = lock_check_in(session, check_in_id)
            if row.signed_at is not None:
                raise Conflict("check_in_signed")
            _write(row, check_facts(facts, _last_km(session, order)))
            row.taken_by = actor.name
            session.flush()
            return _view(session, row, order)

    def sign(self, actor: Actor, check_in_id: UUID, name: str, signature: bytes = b"") -> CheckInView:
        """Whoever brought the car signs: order and car take the kilometres over, and the car is here.

        The protocol goes to the customer by mail. Sent again, the first signature counts.

        Raises:
            NotFound: ``check_in_unknown``. Invalid: ``check_in_incomplete`` without kilometres, ``missing``
                or ``too_long`` (name), ``signature_invalid`` or ``signature_empty``.
            TooLarge: ``signature_too_large``. Unavailable: like FileStore.
        """
        _require_work(actor)
        name = single_line(name, field="name", limit=120, required=True)
        drawn = self._signatures.read(signature) if signature else b""
        with self._db.writing(actor.workshop_id) as session:
            row, order = lock_check_in(session, check_in_id)
            if row.signed_at is None:
                if row.km is None:
                    raise Invalid("check_in_incomplete", field="km")
                if drawn:
                    row.signature_file = f"{new_id()}.sign"
                    self._store.put(actor.workshop_id, row.signature_file, drawn)
                row.signed_name, row.signed_at, row.terms_version = name, self._clock(), TERMS_VERSION
                _accept(session, row, order, by=actor.name, at=row.signed_at)
                queue_protocol(session, self._messaging, row, order)
                session.flush()
            return _view(session, row, order)

    def add(self, actor: Actor, check_in_id: UUID, text: str) -> CheckInView:
        """Add to what was signed.

        Raises:
            NotFound: ``check_in_unknown``. Conflict: ``check_in_not_signed``.
            Invalid: ``missing`` or ``too_long``.
        """
        _require_work(actor)
        said = several_lines(text, field="text", limit=1000)
        if not said:
            raise Invalid("missing", field="text")
        with self._db.writing(actor.workshop_id) as session:
            row, order = lock_check_in(session, check_in_id)
            if row.signed_at is None:
                raise Conflict("check_in_not_signed")
            now = self._clock()
            row.addenda = [*row.addenda, {"at": now.isoformat(), "by": actor.name, "text": said}]
            touched(session, order)
            record(session, row.workshop_id, now, "order.check_in_added", SUBJECT, order.id, by=actor.name)
            return _view(session, row, order)

    def pdf(self, actor: Actor, check_in_id: UUID) -> bytes:
        """The protocol with its photos, in the customer's language. NotFound ``check_in_unknown``."""
        actor.require("orders.read")
        return self._print(actor.workshop_id, check_in_id)[1]

    def attachment(self, workshop_id: UUID, name: Mapping[str, str]) -> Attached:
        """The protocol as it hangs on a mail; NotFound ``check_in_unknown``."""
        title, content = self._print(workshop_id, UUID(name["check_in_id"]))
        return Attached(f"{title}.pdf", "application/pdf", content)

    def _print(self, workshop_id: UUID, check_in_id: UUID) -> tuple[str, bytes]:
        with self._db.reading(workshop_id) as session:
            row = get_check_in(session, check_in_id)
            order = get_order(session, row.order_id)
            workshop = session.get_one(Workshop, workshop_id)
            view, signature_file = _view(session, row, order), row.signature_file
            photos = _photos(session, row)
        drawn = self._store.get(workshop_id, signature_file) if signature_file else b""
        pictures = tuple(self._store.get(workshop_id, file_names(photo)[1]) for photo in photos)
        protocol = protocol_of(view, workshop, drawn, pictures)
        return protocol.title, self._printer.print_protocol(protocol)


def _require_work(actor: Actor) -> None:
    actor.require_any("orders.work", "orders.manage")


def get_check_in(session: Session, check_in_id: UUID) -> CheckIn:
    """The row of a check-in; NotFound ``check_in_unknown``."""
    row = session.exec(select(CheckIn).where(CheckIn.id == check_in_id)).first()
    if row is None:
        raise NotFound("check_in_unknown")
    return row


def lock_check_in(session: Session, check_in_id: UUID) -> tuple[CheckIn, WorkOrder]:
    """The row of a check-in and its order, whose lock it takes; NotFound ``check_in_unknown``."""
    row = get_check_in(session, check_in_id)
    order = lock_order(session, row.order_id)
    session.refresh(row)
    return row, order


def _photos(session: Session, row: CheckIn) -> list[UUID]:
    """Photos of the car, then those of the jobs, in order."""
    jobs = select(OrderJob.id).where(OrderJob.order_id == row.order_id)
    query = (
        select(Photo.id)
        .where(
            or_(col(Photo.check_in_id) == row.id, col(Photo.order_job_id).in_(jobs)),
            col(Photo.deleted_at).is_(None),
        )
        .order_by(col(Photo.check_in_id).is_(None), col(Photo.order_job_id), col(Photo.position))
    )
    return list(session.exec(query.limit(_PRINTED_PHOTOS)))


def _last_km(session: Session, order: WorkOrder) -> int | None:
    vehicle = session.get(Vehicle, order.vehicle_id) if order.vehicle_id else None
    return vehicle.km if vehicle else None


def _write(row: CheckIn, facts: CheckInInput) -> None:
    for name in (
        "km",
        "fuel_percent",
        "charge_percent",
        "belongings",
        "keep_old_parts",
        "test_drive",
        "remark",
    ):
        setattr(row, name, getattr(facts, name))
    row.marks = [mark_to_json(mark) for mark in facts.marks]
    row.tread = {wheel: facts.tread[wheel] for wheel in WHEELS if wheel in facts.tread}
    row.observations = list(facts.observations)


def _accept(session: Session, row: CheckIn, order: WorkOrder, *, by: str, at: datetime) -> None:
    order.km = row.km
    vehicle = session.get(Vehicle, order.vehicle_id) if order.vehicle_id else None
    if vehicle is not None:
        vehicle.km = row.km
    touched(session, order)
    if may_change(order.state, ACCEPTED):
        take_visit_along(session, order, ACCEPTED)
        enter_state(session, order, ACCEPTED, at=at, by=by)
    seen = {"km": row.km, "marks": len(row.marks), "signed": bool(row.signature_file)}
    terms = {"check_in_id": str(row.id), "terms": row.terms_version}
    record(session, row.workshop_id, at, "order.checked_in", SUBJECT, order.id, by=by, **seen, **terms)


def _view(session: Session, row: CheckIn, order: WorkOrder) -> CheckInView:
    vehicle = session.get(Vehicle, order.vehicle_id) if order.vehicle_id else None
    customer = session.get(Customer, order.customer_id) if order.customer_id else None
    return CheckInView(
        id=row.id,
        order_id=order.id,
        number=order.number,
        language=order.language,
        plate=vehicle.plate if vehicle else "",
        plate_country=vehicle.plate_country if vehicle else "",
        model=" ".join(filter(None, (vehicle.make, vehicle.model))) if vehicle else order.title,
        customer=customer.name if customer else "",
        last_km=vehicle.km if vehicle else None,
        facts=CheckInInput(
            km=row.km,
            fuel_percent=row.fuel_percent,
            charge_percent=row.charge_percent,
            marks=tuple(mark_from_json(mark) for mark in row.marks),
            tread={wheel: int(depth) for wheel, depth in row.tread.items()},
            observations=tuple(row.observations),
            belongings=row.belongings,
            keep_old_parts=row.keep_old_parts,
            test_drive=row.test_drive,
            remark=row.remark,
        ),
        signed_name=row.signed_name,
        signed_at=row.signed_at,
        mailed_to=customer.email if customer and is_mailed(session, row) else "",
        taken_by=row.taken_by,
        addenda=tuple(
            Addendum(datetime.fromisoformat(one["at"]), one["by"], one["text"]) for one in row.addenda
        ),
    )
