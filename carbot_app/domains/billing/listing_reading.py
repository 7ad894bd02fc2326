"""Reading the list of invoices: pages by cursor, figures from one index.

Plain columns on the connection, because mapped rows cost three times as much; the session's tenant filter
does not reach them, so the workshop stands in every condition here.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, func, inspect, literal, or_, select
from sqlmodel import Session

from carbot_app.domains.billing.listing_schemas import FILTERS, OWED, InvoiceQuery, InvoiceRow
from carbot_app.domains.billing.listing_search import MOST_FOUND, found_receivables, read_words
from carbot_app.domains.billing.models import InvoiceDraft, Payment, Receivable
from carbot_app.domains.billing.receivables import CANCELLED, OPEN, PAID, PARTIAL, WRITTEN_OFF
from carbot_app.domains.customers.models import Vehicle
from carbot_app.kit.errors import Invalid

_R = inspect(Receivable).local_table
_D = inspect(InvoiceDraft).local_table
_P = inspect(Payment).local_table
_V = inspect(Vehicle).local_table
_LEFT = _R.c.due_cents - _R.c.settled_cents
_AMOUNT = _R.c.gross_cents + 0
"""Compared, not looked for in its index: limits of amounts are wide, and other indexes hold it too."""
_IS_OWED = _R.c.state.in_((OPEN, PARTIAL))
_ENDED = (PAID, CANCELLED, WRITTEN_OFF)
_LONGEST_DRAFTS = 200
"""Drafts are shown before the documents, all at once: there are never many."""
_ORDERS: dict[str, tuple[Any, Any, bool]] = {
    "newest": (_R.c.issued_on, _R.c.number, True),
    "oldest": (_R.c.issued_on, _R.c.number, False),
    "due": (_R.c.due_on, _R.c.number, False),
    "amount": (_R.c.gross_cents, _R.c.number, True),
}
_COLUMNS = (
    *(_R.c.invoice_id, _R.c.number, _R.c.kind, _R.c.state, _R.c.buyer_name, _R.c.plate),
    *(func.coalesce(_V.c.plate_country, "DE"), _R.c.issued_on, _R.c.due_on, _R.c.gross_cents, _LEFT),
    *(_R.c.currency, _R.c.email, _R.c.is_business, _R.c.checked, _R.c.dunning_level, _R.c.sent_at),
)


def find_ids(session: Session, workshop_id: UUID, search: str) -> tuple[list[UUID] | None, bool]:
    """Ids a search finds, None without one; and whether there are more than are counted."""
    if not search.strip():
        return None, False
    words = read_words(search)
    if not words:
        return [], False
    connection = session.connection()
    sqlite = connection.dialect.name == "sqlite"
    found = connection.execute(found_receivables(words, workshop_id, sqlite=sqlite)).scalars().all()
    return list(found[:MOST_FOUND]), len(found) > MOST_FOUND


def list_documents(
    session: Session,
    workshop_id: UUID,
    query: InvoiceQuery,
    today: date,
    *,
    found: Sequence[UUID] | None,
    after: str | None,
    limit: int,
) -> tuple[list[InvoiceRow], str | None]:
    """Rows of a filter, drafts first, and the cursor of the next page if there is one."""
    drafts: list[InvoiceRow] = []
    if after is None and query.view in {"all", "drafts"}:
        drafts = _drafts(session, workshop_id, query)
    if query.view == "drafts":
        return drafts, None
    if found == []:
        return drafts, None
    first, second, descending = _ORDERS[query.sort]
    ids = select(_R.c.id, first, second).where(*_conditions(workshop_id, query, today, found))
    if after:
        ids = ids.where(_behind(after, query.sort))
    order = (first.desc(), second.desc()) if descending else (first, second)
    keys = session.connection().execute(ids.order_by(*order).limit(limit + 1)).all()
    shown = keys[:limit]
    rows = (
        session.connection()
        .execute(
            select(_R.c.id, *_COLUMNS)
            .select_from(
                _R.outerjoin(_V, and_(_V.c.id == _R.c.vehicle_id, _V.c.workshop_id == _R.c.workshop_id))
            )
            # Only these ids, sorted below: a workshop or an order would tempt SQLite to walk a whole index
            .where(_R.c.id.in_([row[0] for row in shown]))
        )
        .all()
    )
    place = {row[0]: at for at, row in enumerate(shown)}
    views = [_row(row, today) for _, *row in sorted(rows, key=lambda row: place[row[0]])]
    following = None
    if len(keys) > limit:
        key = shown[-1][1]
        following = f"{key.isoformat() if isinstance(key, date) else key}|{shown[-1][2]}"
    return drafts + views, following


def count_documents(
    session: Session,
    workshop_id: UUID,
    query: InvoiceQuery,
    today: date,
    *,
    found: Sequence[UUID] | None = None,
) -> dict[str, Any]:
    """Documents per filter, and the sums of the one that is shown: fields of InvoicePage."""
    counts: dict[str, int] = dict.fromkeys(FILTERS, 0)
    sums = [0, 0, 0, 0]
    connection = session.connection()
    asked = [] if found == [] else _groups(query, workshop_id, today, found)
    for group in asked:
        for row in connection.execute(group).all():
            state, is_late, is_outside, many, gross, left, checked = tuple(row)
            views = _views_of(state, bool(is_late), bool(is_outside))
            for view in views:
                counts[view] += many
            if query.view in views:
                owed = left if state in {OPEN, PARTIAL} else 0
                added = (int(each or 0) for each in (gross, owed, checked, many))
                sums = [sum(pair) for pair in zip(sums, added, strict=True)]
    many, gross = _draft_figures(session, workshop_id, query)
    counts["drafts"], counts["all"] = many, counts["all"] + many
    if query.view in {"drafts", "all"}:
        sums[0] += gross
    return {
        "counts": counts,
        "total": counts[query.view],
        "gross_cents": sums[0],
        "open_cents": sums[1],
        "checked": sums[2],
        "issued": sums[3],
    }


def _groups(query: InvoiceQuery, workshop_id: UUID, today: date, found: Sequence[UUID] | None) -> list[Any]:
    """What is owed, whenever it was issued, and what has ended in the period asked for.

    Two queries, because nearly all has ended: it is added up along an index, without a look at its dates.
    """
    late, checked = _R.c.due_on < today, func.sum(case((_R.c.checked, 1), else_=0))
    figures = (func.count(), func.sum(_R.c.gross_cents), func.sum(_LEFT), checked)
    if query.view in {*OWED, "drafts"}:
        ended_figures: tuple[Any, ...] = (func.count(), literal(0), literal(0), literal(0))
    else:
        ended_figures = (func.count(), func.sum(_R.c.gross_cents), literal(0), checked)
    outside = _not_in(query)
    narrowed = _narrowed(query, workshop_id, found)
    owed = select(_R.c.state, late, outside, *figures).where(_IS_OWED, *narrowed)
    ended = select(_R.c.state, literal(0), literal(0), *ended_figures)
    ended = ended.where(_R.c.state.in_(_ENDED), *narrowed, *_period(query))
    return [owed.group_by(_R.c.state, late, outside), ended.group_by(_R.c.state)]


def _views_of(state: str, late: bool, outside: bool) -> set[str]:
    """Filters that show such a document; ``outside``: not issued in the period asked for."""
    views: set[str] = set()
    if state in {OPEN, PARTIAL}:
        views |= {"open"} | ({"overdue"} if late else set()) | ({"partial"} if state == PARTIAL else set())
    if not outside:
        views |= {"all"} | ({state} & {PAID, CANCELLED})
    return views


def count_overdue(session: Session, workshop_id: UUID, today: date) -> int:
    """How many documents are late."""
    late = select(func.count()).where(_R.c.workshop_id == workshop_id, _IS_OWED, _R.c.due_on < today)
    return session.connection().execute(late).scalar_one()


def _conditions(
    workshop_id: UUID, query: InvoiceQuery, today: date, found: Sequence[UUID] | None
) -> list[ColumnElement[bool]]:
    views: dict[str, list[ColumnElement[bool]]] = {
        "open": [_IS_OWED],
        "overdue": [_IS_OWED, _R.c.due_on < today],
        "partial": [_R.c.state == PARTIAL],
        "paid": [_R.c.state == PAID],
        "cancelled": [_R.c.state == CANCELLED],
    }
    period = [] if query.view in OWED else _period(query)
    return [*_narrowed(query, workshop_id, found), *views.get(query.view, []), *period]


def _narrowed(
    query: InvoiceQuery, workshop_id: UUID, found: Sequence[UUID] | None
) -> list[ColumnElement[bool]]:
    """Whose documents, and what the query asks beside view and period.

    What a search found is the workshop's already: to name it again would tempt planners to its indexes.
    """
    ours = _R.c.workshop_id == workshop_id
    asked: list[ColumnElement[bool]] = [ours if found is None else _R.c.id.in_(found)]
    if query.buyer:
        asked.append(_R.c.is_business == (query.buyer == "business"))
    if query.least_cents is not None:
        asked.append(query.least_cents <= _AMOUNT)
    if query.most_cents is not None:
        asked.append(query.most_cents >= _AMOUNT)
    if query.method:
        paid = select(_P.c.invoice_id).where(_P.c.workshop_id == workshop_id, _P.c.method == query.method)
        asked.append(_R.c.invoice_id.in_(paid))
    return asked


def _period(query: InvoiceQuery) -> list[ColumnElement[bool]]:
    since = [] if query.since is None else [_R.c.issued_on >= query.since]
    return since + ([] if query.until is None else [_R.c.issued_on <= query.until])


def _not_in(query: InvoiceQuery) -> ColumnElement[bool]:
    period = _period(query)
    return ~and_(*period) if period else _R.c.workshop_id.is_(None)


def _behind(cursor: str, sort: str) -> ColumnElement[bool]:
    first, second, descending = _ORDERS[sort]
    key, _, number = cursor.partition("|")
    try:
        value = int(key) if sort == "amount" else date.fromisoformat(key)
    except ValueError:
        raise Invalid("cursor_invalid", field="after") from None
    if descending:
        return and_(first <= value, or_(first < value, second < number))
    return and_(first >= value, or_(first > value, second > number))


def _draft_conditions(query: InvoiceQuery, workshop_id: UUID) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = [_D.c.workshop_id == workshop_id]
    name = _D.c.buyer["name"].as_string()
    for word in query.search.split()[:6]:
        asked.append(or_(name.icontains(word, autoescape=True), _D.c.plate.icontains(word, autoescape=True)))
    if query.buyer:
        asked.append(_D.c.buyer["business"].as_boolean() == (query.buyer == "business"))
    if query.least_cents is not None:
        asked.append(_D.c.gross_cents >= query.least_cents)
    if query.most_cents is not None:
        asked.append(_D.c.gross_cents <= query.most_cents)
    return asked


def _draft_figures(session: Session, workshop_id: UUID, query: InvoiceQuery) -> tuple[int, int]:
    if query.method:
        return 0, 0
    counted = select(func.count(), func.coalesce(func.sum(_D.c.gross_cents), 0))
    many, gross = session.connection().execute(counted.where(*_draft_conditions(query, workshop_id))).one()
    return many, int(gross)


def _drafts(session: Session, workshop_id: UUID, query: InvoiceQuery) -> list[InvoiceRow]:
    if query.method:
        return []
    columns = select(_D.c.id, _D.c.kind, _D.c.buyer, _D.c.plate, _D.c.gross_cents, _D.c.created_at)
    asked = columns.where(*_draft_conditions(query, workshop_id))
    newest = asked.order_by(_D.c.created_at.desc(), _D.c.id.desc()).limit(_LONGEST_DRAFTS)
    return [
        InvoiceRow(
            id=row.id,
            number="",
            kind=row.kind,
            standing="draft",
            name=str(row.buyer.get("name", "")),
            plate=row.plate,
            plate_country="DE",
            issued_on=None,
            due_on=None,
            days_late=0,
            gross_cents=row.gross_cents,
            open_cents=0,
            currency="",
            email=str(row.buyer.get("email", "")),
            is_business=bool(row.buyer.get("business")),
            changed_at=row.created_at,
        )
        for row in session.connection().execute(newest)
    ]


def _row(row: Any, today: date) -> InvoiceRow:
    (invoice_id, number, kind, state, name, plate, country, issued, due, gross, left, *others) = row
    currency, email, business, checked, level, sent_at = others
    is_owed = state in {OPEN, PARTIAL}
    late = max((today - due).days, 0) if is_owed else 0
    return InvoiceRow(
        id=invoice_id,
        number=number,
        kind=kind,
        standing="overdue" if late and state == OPEN else state,
        name=name,
        plate=plate,
        plate_country=country,
        issued_on=issued,
        due_on=due,
        days_late=late,
        gross_cents=gross,
        open_cents=left if is_owed else 0,
        currency=currency,
        email=email,
        is_business=business,
        checked=checked,
        dunning_level=level,
        sent_at=sent_at,
    )
