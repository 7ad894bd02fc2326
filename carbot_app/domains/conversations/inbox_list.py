"""Reading the inbox's list and its figures, the busiest reads of the staff pages."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    Uuid,
    and_,
    bindparam,
    case,
    false,
    func,
    inspect,
    or_,
    select,
)
from sqlmodel import Session

from carbot_app.domains.conversations.models import Conversation, Message
from carbot_app.domains.conversations.schemas import InboxCounts, InboxRow
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.scoring import HOT
from carbot_app.domains.team.models import Person
from carbot_app.kit.errors import Invalid

VIEWS = ("open", "hot", "mine", "waiting", "done", "all")

# Plain columns on the connection cost a third of what mapped rows do, and statements built once a half of the
# rest; the session's tenant filter does not reach them, so the workshop stands in every condition here.
_THREAD = inspect(Conversation).local_table
_MESSAGE = inspect(Message).local_table
_LEAD = inspect(Lead).local_table
_CUSTOMER = inspect(Customer).local_table
_VEHICLE = inspect(Vehicle).local_table
_PERSON = inspect(Person).local_table
_ME = bindparam("me", type_=Uuid())
_OURS = and_(_THREAD.c.workshop_id == bindparam("workshop", type_=Uuid()), _THREAD.c.last_seq > 0)
_IS_OPEN = _THREAD.c.state == "open"
_IS_UNREAD = and_(_THREAD.c.staff_seen_seq < _THREAD.c.last_seq, _THREAD.c.last_author == "customer")
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "open": _IS_OPEN,
    "hot": and_(_IS_OPEN, _LEAD.c.score >= HOT),
    "mine": and_(_IS_OPEN, _THREAD.c.taken_by == _ME),
    "waiting": and_(_IS_OPEN, _THREAD.c.mode == "human", _THREAD.c.last_author != "staff"),
    "done": _THREAD.c.state == "done",
    "all": _THREAD.c.id.is_not(None),
}


def _same(one: Any, other: Any, key: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(one.c.id == key, one.c.workshop_id == other.c.workshop_id)


_JOINED = (
    _THREAD.outerjoin(
        _LEAD,
        and_(_LEAD.c.conversation_id == _THREAD.c.id, _LEAD.c.workshop_id == _THREAD.c.workshop_id),
    )
    .outerjoin(_CUSTOMER, _same(_CUSTOMER, _THREAD, _THREAD.c.customer_id))
    .outerjoin(_VEHICLE, _same(_VEHICLE, _THREAD, _LEAD.c.vehicle_id))
    .outerjoin(_PERSON, _PERSON.c.id == _THREAD.c.taken_by)
)
_COLUMNS: dict[str, ColumnElement[Any]] = {
    "conversation_id": _THREAD.c.id,
    "customer_name": func.coalesce(_CUSTOMER.c.name, ""),
    "preview": _THREAD.c.last_text,
    "last_author": _THREAD.c.last_author,
    "last_message_at": _THREAD.c.last_message_at,
    "unread": _IS_UNREAD,
    "channel": _THREAD.c.channel,
    "language": _THREAD.c.language,
    "mode": _THREAD.c.mode,
    "handover_reason": _THREAD.c.handover_reason,
    "state": _THREAD.c.state,
    "taken_by_name": func.coalesce(_PERSON.c.name, ""),
    "plate": func.coalesce(_VEHICLE.c.plate, ""),
    "plate_country": func.coalesce(_VEHICLE.c.plate_country, "DE"),
    "make": _VEHICLE.c.make,
    "model": _VEHICLE.c.model,
    "score": func.coalesce(_LEAD.c.score, 0),
    "temperature": func.coalesce(_LEAD.c.temperature, "cold"),
    "urgency": func.coalesce(_LEAD.c.urgency, "normal"),
    "lead_state": func.coalesce(_LEAD.c.state, "open"),
}
"""Fields of InboxRow; make and model become its vehicle_label."""
_NAMES = tuple(_COLUMNS)


def list_rows(
    session: Session,
    workshop_id: UUID,
    person_id: UUID | None,
    *,
    view: str,
    search: str,
    before: str | None,
    limit: int,
) -> tuple[list[InboxRow], str | None]:
    """Rows of a view, most recent first, and the cursor of the next page if there is one.

    Raises:
        Invalid: ``inbox_view_unknown`` or ``cursor_invalid``.
    """
    if view not in VIEWS:
        raise Invalid("inbox_view_unknown", field="view")
    query = _page_of(view)
    if search.strip():
        query = query.where(_found(search.strip(), workshop_id))
    if before:
        query = query.where(_after(before))
    found = session.connection().execute(query.limit(limit + 1), {"workshop": workshop_id, "me": person_id})
    rows = [_row(row) for row in found]
    shown = rows[:limit]
    if len(rows) <= limit:
        return shown, None
    last = shown[-1]
    return shown, f"{last.last_message_at.isoformat()}|{last.conversation_id}"


def count_threads(session: Session, workshop_id: UUID, person_id: UUID | None) -> InboxCounts:
    """Open threads altogether and by view."""
    known = {"workshop": workshop_id, "me": person_id}
    return InboxCounts(*session.connection().execute(_COUNTS, known).one())


@lru_cache(maxsize=len(VIEWS))
def _page_of(view: str) -> Select[Any]:
    return (
        select(*_COLUMNS.values())
        .select_from(_JOINED)
        .where(_OURS, _CONDITIONS[view])
        .order_by(_THREAD.c.last_message_at.desc(), _THREAD.c.id.desc())
    )


def _counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


_COUNTS = (
    select(
        func.count(),
        _counted(_CONDITIONS["hot"]),
        _counted(_CONDITIONS["mine"]),
        _counted(_CONDITIONS["waiting"]),
        _counted(_IS_UNREAD),
    )
    .select_from(
        _THREAD.outerjoin(
            _LEAD,
            and_(_LEAD.c.conversation_id == _THREAD.c.id, _LEAD.c.workshop_id == _THREAD.c.workshop_id),
        )
    )
    .where(_OURS, _IS_OPEN)
)


def _found(search: str, workshop_id: UUID) -> ColumnElement[bool]:
    bare = "".join(character for character in search if character.isalnum())
    plate = func.replace(func.replace(_VEHICLE.c.plate, "-", ""), " ", "")
    digits = bare.lstrip("0") if bare.isdigit() else ""
    said = select(_MESSAGE.c.id).where(
        _MESSAGE.c.conversation_id == _THREAD.c.id,
        _MESSAGE.c.workshop_id == workshop_id,
        _MESSAGE.c.text.icontains(search, autoescape=True),
    )
    return or_(
        _CUSTOMER.c.name.icontains(search, autoescape=True),
        _THREAD.c.last_text.icontains(search, autoescape=True),
        plate.icontains(bare, autoescape=True) if bare else false(),
        _CUSTOMER.c.phone.contains(digits, autoescape=True) if digits else false(),
        said.exists(),
    )


def _after(cursor: str) -> ColumnElement[bool]:
    try:
        at_text, _, id_text = cursor.partition("|")
        at, conversation_id = datetime.fromisoformat(at_text), UUID(id_text)
    except ValueError:
        raise Invalid("cursor_invalid", field="before") from None
    recent = _THREAD.c.last_message_at
    return or_(recent < at, and_(recent == at, _THREAD.c.id < conversation_id))


def _row(row: Row[Any]) -> InboxRow:
    values = dict(zip(_NAMES, row, strict=True))
    vehicle = f"{values.pop('make') or ''} {values.pop('model') or ''}".strip()
    return InboxRow(**values, vehicle_label=vehicle)
