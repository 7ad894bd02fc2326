"""Reading the inbox's list and its figures, the busiest reads of the staff pages."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Uuid,
    and_,
    bindparam,
    false,
    func,
    inspect,
    literal,
    or_,
    select,
)
from sqlmodel import Session

from carbot_app.domains.conversations.desk_models import Label, ThreadDraft, ThreadLabel
from carbot_app.domains.conversations.desk_schemas import LabelView
from carbot_app.domains.conversations.models import Conversation
from carbot_app.domains.conversations.schemas import InboxCounts, InboxRow
from carbot_app.domains.conversations.search import found_threads, read_words
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.leads.models import Lead
from carbot_app.domains.leads.scoring import HOT
from carbot_app.domains.team.models import Person
from carbot_app.kit.errors import Invalid

VIEWS = ("open", "hot", "mine", "unassigned", "waiting", "snoozed", "done", "all")
MOST_COUNTED = 1000

# Plain columns on the connection cost a third of what mapped rows do, and statements built once a half of the
# rest; the session's tenant filter does not reach them, so the workshop stands in every condition here.
_THREAD = inspect(Conversation).local_table
_LEAD = inspect(Lead).local_table
_CUSTOMER = inspect(Customer).local_table
_VEHICLE = inspect(Vehicle).local_table
_PERSON = inspect(Person).local_table
_ASSIGNEE = _PERSON.alias()
_DRAFT = inspect(ThreadDraft).local_table
_LABEL = inspect(Label).local_table
_LABELLED = inspect(ThreadLabel).local_table
_ME = bindparam("me", type_=Uuid())
_OURS = and_(_THREAD.c.workshop_id == bindparam("workshop", type_=Uuid()), _THREAD.c.last_seq > 0)
_IS_THERE = _THREAD.c.state == "open"
_IS_OPEN = and_(_IS_THERE, _THREAD.c.snoozed_until.is_(None))
_IS_UNREAD = and_(
    _THREAD.c.staff_seen_seq < _THREAD.c.last_seq,
    # Without coalesce SQLite hops through the whole index for this author and looks at every thread there is
    func.coalesce(_THREAD.c.last_author, "") == "customer",
)
_IS_HOT = (
    select(_LEAD.c.id)
    .where(
        _LEAD.c.conversation_id == _THREAD.c.id,
        _LEAD.c.workshop_id == _THREAD.c.workshop_id,
        _LEAD.c.score >= HOT,
    )
    .exists()
)
"""Not a join: the newest are looked at one by one until a page is full, however many hot ones there are."""
_CONDITIONS: dict[str, ColumnElement[bool]] = {
    "open": _IS_OPEN,
    "hot": and_(_IS_OPEN, _IS_HOT),
    "mine": and_(_IS_OPEN, _THREAD.c.assigned_to == _ME),
    "unassigned": and_(_IS_OPEN, _THREAD.c.assigned_to.is_(None)),
    "waiting": and_(_IS_OPEN, _THREAD.c.mode == "human", _THREAD.c.last_author != "staff"),
    "snoozed": and_(_IS_THERE, _THREAD.c.snoozed_until.is_not(None)),
    "done": _THREAD.c.state == "done",
    "all": _THREAD.c.id.is_not(None),
}


def _same(one: Any, other: Any, key: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(one.c.id == key, one.c.workshop_id == other.c.workshop_id)


_LEADS_THREAD = and_(_LEAD.c.conversation_id == _THREAD.c.id, _LEAD.c.workshop_id == _THREAD.c.workshop_id)
_NEWEST_FIRST = (_THREAD.c.last_message_at.desc(), _THREAD.c.id.desc())
_JOINED = (
    _THREAD.outerjoin(_LEAD, _LEADS_THREAD)
    .outerjoin(_CUSTOMER, _same(_CUSTOMER, _THREAD, _THREAD.c.customer_id))
    .outerjoin(_VEHICLE, _same(_VEHICLE, _THREAD, _LEAD.c.vehicle_id))
    .outerjoin(_PERSON, _PERSON.c.id == _THREAD.c.taken_by)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.c.id == _THREAD.c.assigned_to)
    .outerjoin(
        _DRAFT,
        and_(
            _DRAFT.c.conversation_id == _THREAD.c.id,
            _DRAFT.c.person_id == _ME,
            _DRAFT.c.workshop_id == _THREAD.c.workshop_id,
        ),
    )
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
    "assigned_name": func.coalesce(_ASSIGNEE.c.name, ""),
    "waiting_since": _THREAD.c.waiting_since,
    "snoozed_until": _THREAD.c.snoozed_until,
    "has_draft": _DRAFT.c.id.is_not(None),
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
    label_id: UUID | None = None,
) -> tuple[list[InboxRow], str | None]:
    """Rows of a view, most recent first, and the cursor of the next page if there is one.

    Raises:
        Invalid: ``inbox_view_unknown`` or ``cursor_invalid``.
    """
    if view not in VIEWS:
        raise Invalid("inbox_view_unknown", field="view")
    query = _ids_of(view)
    if search.strip():
        words = read_words(search)
        sqlite = session.get_bind().dialect.name == "sqlite"
        wanted = _THREAD.c.id.in_(found_threads(words, workshop_id, sqlite=sqlite)) if words else false()
        query = query.where(wanted)
    if label_id is not None:
        labelled = select(_LABELLED.c.conversation_id).where(
            _LABELLED.c.label_id == label_id, _LABELLED.c.workshop_id == workshop_id
        )
        query = query.where(_THREAD.c.id.in_(labelled))
    if before:
        query = query.where(_after(before))
    connection, known = session.connection(), {"workshop": workshop_id, "me": person_id}
    ids = connection.execute(query.limit(limit + 1), known).scalars().all()
    rows = connection.execute(_ROWS, {**known, "ids": ids}).all()
    shown = [dict(zip(_NAMES, row, strict=True)) for row in rows[:limit]]
    labels = labels_of(session, workshop_id, [row["conversation_id"] for row in shown])
    views = [_view(row, labels.get(row["conversation_id"], ())) for row in shown]
    if len(rows) <= limit:
        return views, None
    return views, f"{views[-1].last_message_at.isoformat()}|{views[-1].conversation_id}"


def labels_of(
    session: Session, workshop_id: UUID, conversation_ids: Sequence[UUID]
) -> dict[UUID, tuple[LabelView, ...]]:
    """The labels of threads, by name."""
    query = (
        select(_LABELLED.c.conversation_id, _LABEL.c.id, _LABEL.c.name, _LABEL.c.category, _LABEL.c.tone)
        .join(_LABEL, _same(_LABEL, _LABELLED, _LABELLED.c.label_id))
        .where(_LABELLED.c.workshop_id == workshop_id, _LABELLED.c.conversation_id.in_(conversation_ids))
        .order_by(_LABEL.c.name)
    )
    found: dict[UUID, tuple[LabelView, ...]] = {}
    for conversation_id, *label in session.connection().execute(query):
        found[conversation_id] = (*found.get(conversation_id, ()), LabelView(*label))
    return found


def count_threads(session: Session, workshop_id: UUID, person_id: UUID | None) -> InboxCounts:
    """Open threads altogether and by view, each up to MOST_COUNTED."""
    known = {"workshop": workshop_id, "me": person_id}
    return InboxCounts(*session.connection().execute(_COUNTS, known).one())


@lru_cache(maxsize=len(VIEWS))
def _ids_of(view: str) -> Select[Any]:
    """Sorting ids alone is what keeps large lists fast; the rest is read for the page that is shown."""
    return select(_THREAD.c.id).select_from(_THREAD).where(_OURS, _CONDITIONS[view]).order_by(*_NEWEST_FIRST)


def _counted(view: str, *conditions: ColumnElement[bool]) -> Any:
    return _up_to_many(select(_ONE).select_from(_THREAD).where(_OURS, _CONDITIONS[view], *conditions))


def _hot_counted() -> Any:
    """From the leads: few are hot, and a thread is looked up at once."""
    is_hot = and_(_LEAD.c.workshop_id == bindparam("workshop", type_=Uuid()), _LEAD.c.score >= HOT)
    threads = _LEAD.join(_THREAD, _LEADS_THREAD)
    return _up_to_many(select(_ONE).select_from(threads).where(is_hot, _OURS, _IS_OPEN))


def _up_to_many(some: Select[Any]) -> Any:
    """Counting ends where the figure says no more than "many"."""
    return select(func.count()).select_from(some.limit(MOST_COUNTED).subquery()).scalar_subquery()


_ONE = literal(1).label("one")
"""An index alone answers how many there are, but not which."""


_ROWS = (
    select(*_COLUMNS.values())
    .select_from(_JOINED)
    .where(_OURS, _THREAD.c.id.in_(bindparam("ids", expanding=True, type_=Uuid())))
    .order_by(*_NEWEST_FIRST)
)
_COUNTS = select(
    _counted("open"),
    _hot_counted(),
    _counted("mine"),
    _counted("waiting"),
    _counted("open", _IS_UNREAD),
    _counted("unassigned"),
    _counted("snoozed"),
)


def _after(cursor: str) -> ColumnElement[bool]:
    try:
        at_text, _, id_text = cursor.partition("|")
        at, conversation_id = datetime.fromisoformat(at_text), UUID(id_text)
    except ValueError:
        raise Invalid("cursor_invalid", field="before") from None
    recent = _THREAD.c.last_message_at
    return or_(recent < at, and_(recent == at, _THREAD.c.id < conversation_id))


def _view(values: dict[str, Any], labels: tuple[LabelView, ...]) -> InboxRow:
    vehicle = f"{values.pop('make') or ''} {values.pop('model') or ''}".strip()
    return InboxRow(**values, vehicle_label=vehicle, labels=labels)
