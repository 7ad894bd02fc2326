"""What the page of direct debits shows: mandates, files and what became of each debit."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, or_, select

from carbot_app.db.session import Database
from carbot_app.domains.banking.booking import BANK, RETURNED
from carbot_app.domains.banking.debit_schemas import DebitView, NamedMandate, Payer, RunSheet, RunView
from carbot_app.domains.banking.debit_service import describe_mandate, read_creditor
from carbot_app.domains.banking.debits import is_usable, next_bank_day
from carbot_app.domains.banking.models import DebitItem, DebitRun, SepaMandate
from carbot_app.domains.billing import receivables
from carbot_app.domains.billing.models import Payment, Receivable
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid

_RUNS = 24
_MANDATES = 200
_PAYERS = 20


class DebitBook:
    """Reads only; everything needs ``invoices.read``."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    def next_collection_day(self, actor: Actor) -> date:
        """The earliest day anything may be collected."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            return self._next_day(session, actor)

    def find_problem(self, actor: Actor) -> str:
        """Code of what the settings lack for a file; empty: nothing."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            try:
                read_creditor(session, actor)
            except Invalid as problem:
                return problem.code
        return ""

    def find_mandates(self, actor: Actor, search: str = "") -> tuple[NamedMandate, ...]:
        """Permissions by customer, holder or reference, the newest first."""
        actor.require("invoices.read")
        query = select(SepaMandate, Customer.name).join(
            Customer, col(Customer.id) == col(SepaMandate.customer_id), isouter=True
        )
        if text := search.strip().lower()[:80]:
            columns = (Customer.name, SepaMandate.holder, SepaMandate.reference)
            query = query.where(
                or_(*(func.lower(column).contains(text, autoescape=True) for column in columns))
            )
        with self._db.reading(actor.workshop_id) as session:
            day = self._next_day(session, actor)
            found = session.exec(query.order_by(col(SepaMandate.id).desc()).limit(_MANDATES)).all()
        return tuple(
            NamedMandate(describe_mandate(row), name or "", _usable(row, day)) for row, name in found
        )

    def find_payers(self, actor: Actor, search: str) -> tuple[Payer, ...]:
        """Customers by name, for a new permission."""
        actor.require_any("payments.manage", "accounting.manage")
        query = select(Customer).where(
            func.lower(Customer.name).contains(search.strip().lower()[:80], autoescape=True),
            Customer.name != "",
            col(Customer.merged_into_id).is_(None),
        )
        with self._db.reading(actor.workshop_id) as session:
            found = session.exec(query.order_by(col(Customer.name)).limit(_PAYERS)).all()
        return tuple(Payer(row.id, row.name, row.email or row.phone) for row in found)

    def list_runs(self, actor: Actor) -> tuple[RunSheet, ...]:
        """Files of the last months with their debits, the newest first."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            runs = session.exec(select(DebitRun).order_by(col(DebitRun.id).desc()).limit(_RUNS)).all()
            debits = _debits(session, [run.id for run in runs])
        return tuple(
            RunSheet(
                RunView(run.id, run.file_id, run.scheme, run.collect_on, run.count, run.total_cents),
                tuple(debits.get(run.id, ())),
            )
            for run in runs
        )

    def _next_day(self, session: Session, actor: Actor) -> date:
        zone = session.get_one(Workshop, actor.workshop_id).timezone
        return next_bank_day(self._clock().astimezone(ZoneInfo(zone)).date())


def _usable(row: SepaMandate, day: date) -> bool:
    return is_usable(
        recurring=row.recurring,
        uses=row.uses,
        signed_on=row.signed_on,
        last_used_on=row.last_used_on,
        revoked_on=row.revoked_on,
        on=day,
    )


def _debits(session: Session, run_ids: Sequence[UUID]) -> dict[UUID, list[DebitView]]:
    query = (
        select(DebitItem, Receivable.number, SepaMandate.holder)
        .join(Receivable, col(Receivable.invoice_id) == col(DebitItem.invoice_id))
        .join(SepaMandate, col(SepaMandate.id) == col(DebitItem.mandate_id))
        .where(col(DebitItem.run_id).in_(run_ids))
        .order_by(col(Receivable.number))
    )
    found = session.exec(query).all() if run_ids else []
    reasons = _reasons(session, [item.invoice_id for item, _, _ in found if item.state == RETURNED])
    told: dict[UUID, list[DebitView]] = {}
    for item, number, holder in found:
        reason = reasons.get(item.invoice_id, "") if item.state == RETURNED else ""
        view = DebitView(item.invoice_id, number, holder, item.amount_cents, item.state, reason)
        told.setdefault(item.run_id, []).append(view)
    return told


def _reasons(session: Session, invoice_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Invoice → why its latest debit came back, as the statement said."""
    query = (
        select(Payment.invoice_id, Payment.reference)
        .where(
            col(Payment.invoice_id).in_(invoice_ids),
            Payment.provider == BANK,
            Payment.kind == receivables.RETURNED,
            Payment.amount_cents < 0,
        )
        .order_by(col(Payment.id))
    )
    return dict(session.exec(query).all()) if invoice_ids else {}
