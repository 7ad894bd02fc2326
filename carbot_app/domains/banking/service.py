"""The bank's statements: read once, matched with open invoices, booked when sure or when somebody says so."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, or_, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.banking.booking import book_parts, unbook
from carbot_app.domains.banking.entry_keys import entry_keys, require_balance
from carbot_app.domains.banking.models import BankEntry, BankStatement
from carbot_app.domains.banking.open_items import Ledger, read_ledger, suggest
from carbot_app.domains.banking.ports import Statement, StatementReader
from carbot_app.domains.banking.schemas import (
    AS_DISCOUNT,
    BOOKED,
    IGNORED,
    LEAVE_OPEN,
    OPEN,
    STATES,
    EntryPage,
    EntryView,
    ImportResult,
    OpenView,
    Part,
    Suggestion,
    Waiting,
)
from carbot_app.domains.banking.splitting import spread
from carbot_app.domains.banking.views import describe, statement_row
from carbot_app.domains.billing import matching, receivables
from carbot_app.domains.billing.models import Receivable
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound

PAGE = 50
MOST_OPEN = 1000
"""Open transactions that are matched at once; what lies longer is found by search."""
MOST_OFFERED = 20


class BankService:
    """Reads need ``invoices.read``, changes ``payments.manage`` or ``accounting.manage``."""

    def __init__(self, *, db: Database, clock: Clock, reader: StatementReader) -> None:
        self._db = db
        self._clock = clock
        self._reader = reader

    def import_file(self, actor: Actor, name: str, content: bytes) -> ImportResult:
        """Read a file and book what is certain; what an earlier file told already is left alone.

        Raises:
            Invalid: what the reader raises, or ``bank_balance_differs``; then nothing of the file is kept.
        """
        _require(actor)
        statements = self._reader.read(content)
        for statement in statements:
            require_balance(statement)
        digest = sha256(content).hexdigest()
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"bank:{actor.workshop_id}")
            known = session.exec(select(BankStatement.id).where(BankStatement.sha256 == digest)).first()
            total = sum(len(statement.lines) for statement in statements)
            if known:
                return ImportResult(total, 0, 0, 0, known_file=True)
            new: list[BankEntry] = []
            for position, statement in enumerate(statements):
                row = statement_row(actor, statement, digest, position, name)
                session.add(row)
                session.flush()
                new += self._add_entries(session, row, statement)
            booked, suggested = self._book_certain(session, actor, new)
            emit(session, actor.workshop_id, "bank.imported", new=len(new), booked=booked)
        return ImportResult(total, len(new), booked, suggested, known_file=False)

    def list_entries(
        self, actor: Actor, *, state: str = OPEN, search: str = "", limit: int = PAGE
    ) -> EntryPage:
        """Transactions of a state, the newest first; open ones with what they are thought to settle."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            ledger = self._ledger(session, actor)
            waiting = session.exec(_entries(OPEN).limit(MOST_OPEN)).all()
            thought = {entry.id: suggest(session, ledger, entry) for entry in waiting}
            rows = session.exec(_entries(state, search).limit(limit + 1)).all()
            counted = dict(
                session.exec(select(BankEntry.state, func.count()).group_by(col(BankEntry.state))).all()
            )
            return EntryPage(
                entries=tuple(
                    describe(row, thought.get(row.id) if row.state == OPEN else None) for row in rows[:limit]
                ),
                has_more=len(rows) > limit,
                **{name: counted.get(name, 0) for name in STATES},
                safe=sum(_is_safe(entry, thought[entry.id]) for entry in waiting),
                last_on=session.exec(select(func.max(BankEntry.booked_on))).one(),
            )

    def count_waiting(self, actor: Actor) -> Waiting:
        """What waits for a person; rent and wages that went out are nobody's invoice and do not count."""
        actor.require("invoices.read")
        query = select(
            func.count(),
            func.coalesce(func.sum(col(BankEntry.amount_cents)).filter(col(BankEntry.amount_cents) > 0), 0),
            func.max(BankEntry.currency),
        ).where(
            BankEntry.state == OPEN,
            or_(col(BankEntry.amount_cents) > 0, BankEntry.return_reason != ""),
        )
        with self._db.reading(actor.workshop_id) as session:
            count, cents, currency = session.exec(query).one()
        return Waiting(count, int(cents), currency or "EUR")

    def get_entry(self, actor: Actor, entry_id: UUID) -> EntryView:
        """One transaction. Raises NotFound ``bank_entry_unknown``."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            return self._view(session, actor, _get(session, entry_id))

    def list_open_invoices(self, actor: Actor, search: str = "") -> tuple[OpenView, ...]:
        """Invoices money may be assigned to, the oldest first."""
        actor.require("invoices.read")
        wanted = f"%{search.strip().lower()}%"
        query = (
            select(Receivable)
            .where(
                Receivable.due_cents > 0,
                col(Receivable.state).in_((receivables.OPEN, receivables.PARTIAL)),
                or_(
                    col(Receivable.search).like(wanted),
                    func.lower(Receivable.number).like(wanted),
                    func.lower(Receivable.buyer_name).like(wanted),
                ),
            )
            .order_by(col(Receivable.due_on), col(Receivable.number))
            .limit(MOST_OFFERED)
        )
        with self._db.reading(actor.workshop_id) as session:
            return tuple(
                OpenView(
                    row.invoice_id,
                    row.number,
                    row.buyer_name,
                    receivables.open_cents(row),
                    row.due_on,
                    row.currency,
                )
                for row in session.exec(query)
            )

    def book_safe(self, actor: Actor) -> int:
        """Book every open transaction that is certain; returns how many."""
        _require(actor)
        with self._db.writing(actor.workshop_id) as session:
            waiting = session.exec(_entries(OPEN).limit(MOST_OPEN).with_for_update()).all()
            return self._book_certain(session, actor, [row for row in waiting if not row.round])[0]

    def confirm(
        self,
        actor: Actor,
        entry_id: UUID,
        invoice_ids: Sequence[UUID] = (),
        *,
        difference: str = "",
    ) -> EntryView:
        """Book a transaction on these invoices in their order, or on those suggested.

        ``difference``: what becomes of what is missing (schemas.DIFFERENCES); empty: Skonto where it was
        agreed and the invoices are those suggested, else it stays open. What is too much stays visible
        on the last invoice. Confirming again changes nothing.

        Raises:
            NotFound: ``bank_entry_unknown``, ``invoice_unknown``. Invalid: ``bank_no_invoice``,
            ``billing_currency_differs``. Conflict: ``bank_entry_decided``.
        """
        _require(actor)
        with self._db.writing(actor.workshop_id) as session:
            entry = _lock(session, entry_id)
            if entry.state == BOOKED and not invoice_ids:
                return describe(entry, None)
            _require_open(entry)
            ledger = self._ledger(session, actor)
            thought = suggest(session, ledger, entry)
            chosen = tuple(invoice_ids) or tuple(part.invoice_id for part in thought.parts)
            parts = self._parts(session, ledger, entry, thought, chosen, difference)
            book_parts(session, entry, parts, self._clock(), actor.name)
            _announce(session, entry)
            return describe(entry, None)

    def split(self, actor: Actor, entry_id: UUID, parts: Sequence[Part]) -> EntryView:
        """Book a transaction in parts a person wrote down; they have to add up to it.

        Raises:
            Invalid: ``bank_parts_sum``, ``bank_parts_twice``. Else like ``confirm``.
        """
        _require(actor)
        with self._db.writing(actor.workshop_id) as session:
            entry = _lock(session, entry_id)
            _require_open(entry)
            book_parts(session, entry, parts, self._clock(), actor.name)
            _announce(session, entry)
            return describe(entry, None)

    def ignore(self, actor: Actor, entry_id: UUID) -> EntryView:
        """It has nothing to do with invoices (rent, wages); nothing is booked."""
        _require(actor)
        with self._db.writing(actor.workshop_id) as session:
            entry = _lock(session, entry_id)
            if entry.state == BOOKED:
                raise Conflict("bank_entry_decided")
            self._decide(session, actor, entry, IGNORED)
            return describe(entry, None)

    def undo(self, actor: Actor, entry_id: UUID) -> EntryView:
        """Open again: an ignored one as it was, a booked one by counter-bookings on its invoices."""
        _require(actor)
        with self._db.writing(actor.workshop_id) as session:
            entry = _lock(session, entry_id)
            if entry.state == BOOKED:
                unbook(session, entry, self._clock(), actor.name)
                _announce(session, entry)
            elif entry.state == IGNORED:
                self._decide(session, actor, entry, OPEN)
            session.flush()
            return self._view(session, actor, entry)

    def _add_entries(self, session: Session, row: BankStatement, statement: Statement) -> list[BankEntry]:
        keys = entry_keys(statement.lines)
        known: set[str] = set()
        for at in range(0, len(keys), 500):
            found = select(BankEntry.key).where(
                BankEntry.iban == statement.iban, col(BankEntry.key).in_(keys[at : at + 500])
            )
            known |= set(session.exec(found))
        new = [
            BankEntry(
                workshop_id=row.workshop_id,
                statement_id=row.id,
                iban=statement.iban,
                key=key,
                amount_cents=line.cents,
                **{
                    name: getattr(line, name)
                    for name in (
                        *("currency", "booked_on", "valued_on", "end_to_end_id", "mandate", "remittance"),
                        *("reference", "counterparty", "counterparty_iban", "code", "return_reason"),
                        "charges_cents",
                    )
                },
            )
            for key, line in zip(keys, statement.lines, strict=True)
            if key not in known
        ]
        row.new_lines = len(new)
        session.add_all(new)
        session.flush()
        return new

    def _book_certain(self, session: Session, actor: Actor, entries: Sequence[BankEntry]) -> tuple[int, int]:
        """How many were booked and how many are only suggested."""
        ledger = self._ledger(session, actor)
        booked = suggested = 0
        for entry in sorted(entries, key=lambda entry: (entry.booked_on, entry.id)):
            thought = suggest(session, ledger, entry)
            if not _is_safe(entry, thought) or not _still_open(session, thought):
                suggested += thought.action != matching.NONE
                continue
            parts = [Part(part.invoice_id, part.cents, fee_cents=part.fee_cents) for part in thought.parts]
            book_parts(session, entry, parts, self._clock(), actor.name, automatic=True)
            session.flush()
            _announce(session, entry)
            booked += 1
        return booked, suggested

    def _parts(
        self,
        session: Session,
        ledger: Ledger,
        entry: BankEntry,
        thought: Suggestion,
        chosen: Sequence[UUID],
        difference: str,
    ) -> tuple[Part, ...]:
        if entry.amount_cents < 0:
            charges = entry.charges_cents
            if len(chosen) != 1:
                raise Invalid("bank_no_invoice")
            return (Part(chosen[0], entry.amount_cents + charges, fee_cents=charges),)
        if len(set(chosen)) != len(chosen):
            raise Invalid("bank_parts_twice")
        rows = [receivables.lock_receivable(session, invoice_id) for invoice_id in sorted(chosen)]
        by_id = {row.invoice_id: row for row in rows}
        owed = [(invoice_id, max(receivables.open_cents(by_id[invoice_id]), 0)) for invoice_id in chosen]
        allowed = {row.invoice_id: ledger.discount_cents(row, entry.booked_on) for row in rows}
        if not difference:
            as_agreed = thought.reason == matching.CASH_DISCOUNT
            named = tuple(part.invoice_id for part in thought.parts)
            difference = AS_DISCOUNT if as_agreed and chosen == named else LEAVE_OPEN
        return spread(entry.amount_cents, owed, allowed=allowed, difference=difference)

    def _decide(self, session: Session, actor: Actor, entry: BankEntry, state: str) -> None:
        entry.state, entry.decided_at, entry.decided_by = state, self._clock(), actor.name
        session.add(entry)
        _announce(session, entry)

    def _view(self, session: Session, actor: Actor, entry: BankEntry) -> EntryView:
        thought = suggest(session, self._ledger(session, actor), entry) if entry.state == OPEN else None
        return describe(entry, thought)

    def _ledger(self, session: Session, actor: Actor) -> Ledger:
        account = session.exec(select(BankStatement.iban).limit(1)).first() or ""
        return read_ledger(session, self._today(session, actor.workshop_id), account)

    def _today(self, session: Session, workshop_id: UUID) -> date:
        zone = session.exec(select(Workshop.timezone).where(Workshop.id == workshop_id)).one()
        return self._clock().astimezone(ZoneInfo(zone)).date()


def _require(actor: Actor) -> None:
    actor.require_any("payments.manage", "accounting.manage")


def _require_open(entry: BankEntry) -> None:
    if entry.state != OPEN:
        raise Conflict("bank_entry_decided")


def _is_safe(entry: BankEntry, thought: Suggestion) -> bool:
    # What a person has taken back once waits for a person.
    return thought.action == matching.BOOK and not entry.round


def _still_open(session: Session, thought: Suggestion) -> bool:
    """Whether no transaction before it has paid the same invoices."""
    for part in thought.parts:
        row = receivables.lock_receivable(session, part.invoice_id)
        if part.cents > 0 and receivables.open_cents(row) != part.cents:
            return False
    return True


def _entries(state: str, search: str = ""):
    query = select(BankEntry).where(BankEntry.state == (state if state in STATES else OPEN))
    if wanted := search.strip().lower():
        like = f"%{wanted}%"
        columns = (BankEntry.counterparty, BankEntry.remittance, BankEntry.end_to_end_id)
        query = query.where(or_(*(func.lower(column).like(like) for column in columns)))
    return query.order_by(col(BankEntry.booked_on).desc(), col(BankEntry.id).desc())


def _get(session: Session, entry_id: UUID) -> BankEntry:
    row = session.exec(select(BankEntry).where(BankEntry.id == entry_id)).first()
    if row is None:
        raise NotFound("bank_entry_unknown")
    return row


def _lock(session: Session, entry_id: UUID) -> BankEntry:
    row = session.exec(select(BankEntry).where(BankEntry.id == entry_id).with_for_update()).first()
    if row is None:
        raise NotFound("bank_entry_unknown")
    return row


def _announce(session: Session, entry: BankEntry) -> None:
    emit(session, entry.workshop_id, "bank.entry", entry_id=entry.id, state=entry.state)
