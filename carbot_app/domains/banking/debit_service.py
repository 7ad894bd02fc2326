"""Direct debits: mandates, and files of what is collected. Money counts only when a statement shows it."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlmodel import Session, col, select

from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.banking.booking import SENT
from carbot_app.domains.banking.debit_schemas import Collectable, MandateInput, MandateView, RunView
from carbot_app.domains.banking.debits import (
    SCHEMES,
    is_usable,
    next_bank_day,
    require_collection_day,
    require_creditor_id,
    require_mandate,
    sequence_of,
)
from carbot_app.domains.banking.models import DebitItem, DebitRun, SepaMandate
from carbot_app.domains.banking.ports import Creditor, Debit, DebitWriter
from carbot_app.domains.billing import receivables
from carbot_app.domains.billing.audit import record
from carbot_app.domains.billing.models import BillingTerms, Receivable
from carbot_app.domains.billing.payment_codes import normal_iban
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Conflict, Invalid, NotFound
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import new_id
from carbot_app.kit.money import format_cents


class DebitService:
    """Reads need ``invoices.read``, changes ``payments.manage`` or ``accounting.manage``."""

    def __init__(
        self, *, db: Database, clock: Clock, writer: DebitWriter, messaging: MessagingService
    ) -> None:
        self._db, self._clock = db, clock
        self._writer, self._messaging = writer, messaging

    def add_mandate(self, actor: Actor, mandate: MandateInput) -> MandateView:
        """Keep a permission.

        Raises:
            Invalid: ``billing_iban_invalid``, ``bank_mandate_reference``, ``bank_mandate_scheme``,
            ``bank_mandate_holder``, ``bank_mandate_day``. Conflict: ``bank_mandate_exists``.
            NotFound: nobody is called so.
        """
        _require(actor)
        if mandate.scheme not in SCHEMES:
            raise Invalid("bank_mandate_scheme", field="scheme")
        if not mandate.holder.strip():
            raise Invalid("bank_mandate_holder", field="holder")
        reference = require_mandate(mandate.reference or f"M-{new_id().hex[-12:].upper()}")
        with self._db.writing(actor.workshop_id) as session:
            if mandate.signed_on > self._today(session, actor):
                raise Invalid("bank_mandate_day", field="signed_on")
            known = select(Customer.id).where(Customer.id == mandate.customer_id)
            if session.exec(known).first() is None:
                raise NotFound
            taken = select(SepaMandate.id).where(SepaMandate.reference == reference)
            if session.exec(taken).first():
                raise Conflict("bank_mandate_exists", field="reference")
            row = SepaMandate(
                workshop_id=actor.workshop_id,
                customer_id=mandate.customer_id,
                reference=reference,
                holder=mandate.holder.strip()[:70],
                iban=normal_iban(mandate.iban),
                bic=mandate.bic.strip().upper()[:11],
                scheme=mandate.scheme,
                recurring=mandate.recurring,
                signed_on=mandate.signed_on,
            )
            session.add(row)
            return describe_mandate(row)

    def revoke_mandate(self, actor: Actor, mandate_id: UUID) -> MandateView:
        """Nothing is collected by it any more. Raises NotFound ``bank_mandate_unknown``."""
        _require(actor)
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(SepaMandate).where(SepaMandate.id == mandate_id)).first()
            if row is None:
                raise NotFound("bank_mandate_unknown")
            row.revoked_on = row.revoked_on or self._today(session, actor)
            session.add(row)
            return describe_mandate(row)

    def list_mandates(self, actor: Actor, customer_id: UUID) -> tuple[MandateView, ...]:
        """Permissions of a customer, the newest first."""
        actor.require("invoices.read")
        query = select(SepaMandate).where(SepaMandate.customer_id == customer_id)
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(query.order_by(col(SepaMandate.id).desc())).all()
        return tuple(describe_mandate(row) for row in rows)

    def list_collectable(self, actor: Actor) -> tuple[Collectable, ...]:
        """Open invoices that may be debited and are not under way, the oldest first."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            day = next_bank_day(self._today(session, actor))
            return tuple(
                Collectable(
                    row.invoice_id,
                    row.number,
                    mandate.holder,
                    receivables.open_cents(row),
                    row.due_on,
                    mandate.reference,
                    mandate.scheme,
                    sequence_of(recurring=mandate.recurring, uses=mandate.uses),
                )
                for row, mandate in _collectable(session, day)
            )

    def create_runs(
        self, actor: Actor, invoice_ids: Collection[UUID], collect_on: date
    ) -> tuple[RunView, ...]:
        """A file for each scheme, and a note to each customer before their account is debited.

        What is paid or under way is left out, so doing it again collects nothing twice.

        Raises:
            Invalid: ``bank_collect_on``, ``bank_creditor_id``, ``billing_iban_invalid``, ``bank_no_invoice``.
        """
        _require(actor)
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"debits:{actor.workshop_id}")
            require_collection_day(collect_on, self._today(session, actor))
            creditor = read_creditor(session, actor)
            chosen = [
                (row, mandate)
                for row, mandate in _collectable(session, collect_on, lock=True)
                if row.invoice_id in invoice_ids
            ]
            if not chosen:
                raise Invalid("bank_no_invoice")
            return tuple(
                self._run(session, actor, creditor, scheme, pairs, collect_on)
                for scheme in SCHEMES
                if (pairs := [(row, mandate) for row, mandate in chosen if mandate.scheme == scheme])
            )

    def file(self, actor: Actor, run_id: UUID) -> bytes:
        """The file as it was made. Raises NotFound ``bank_run_unknown``."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(select(DebitRun).where(DebitRun.id == run_id)).first()
            if row is None:
                raise NotFound("bank_run_unknown")
            return row.file.encode()

    def _run(
        self,
        session: Session,
        actor: Actor,
        creditor: Creditor,
        scheme: str,
        pairs: Sequence[tuple[Receivable, SepaMandate]],
        collect_on: date,
    ) -> RunView:
        now = self._clock()
        run_id = new_id()
        file_id = f"{now:%Y%m%d}-{run_id.hex[-16:]}"
        debits = []
        run = DebitRun(
            id=run_id,
            workshop_id=actor.workshop_id,
            file_id=file_id,
            scheme=scheme,
            collect_on=collect_on,
            count=len(pairs),
            total_cents=sum(receivables.open_cents(row) for row, _ in pairs),
            by=actor.name,
        )
        session.add(run)
        session.flush()
        for row, mandate in pairs:
            debit = _debit(row, mandate, collect_on)
            debits.append(debit)
            item = DebitItem(
                workshop_id=actor.workshop_id,
                run_id=run_id,
                invoice_id=row.invoice_id,
                mandate_id=mandate.id,
                end_to_end_id=debit.end_to_end_id,
                amount_cents=debit.cents,
                sequence=debit.sequence,
                collect_on=collect_on,
            )
            session.add(item)
            mandate.uses, mandate.last_used_on = mandate.uses + 1, collect_on
            session.add(mandate)
            self._announce(session, row, debit, creditor)
        run.file = self._writer.write(file_id, creditor, debits, scheme=scheme, at=now).decode()
        session.add(run)
        record(
            session,
            actor.workshop_id,
            now,
            "debit.run",
            "debit_run",
            run_id,
            by=actor.name,
            count=run.count,
            total_cents=run.total_cents,
            collect_on=collect_on.isoformat(),
        )
        return RunView(run_id, file_id, scheme, collect_on, run.count, run.total_cents)

    def _announce(self, session: Session, row: Receivable, debit: Debit, creditor: Creditor) -> None:
        """The note a customer gets before (pre-notification of the SEPA rulebooks)."""
        if not row.email:
            return
        customer = session.get(Customer, row.customer_id) if row.customer_id else None
        language = customer.language if customer else "de"
        form = "d MMM yyyy" if language == "en" else "dd.MM.yyyy"
        words = {
            "number": row.number,
            "amount": format_cents(debit.cents, row.currency, language),
            "day": format_date(debit.collect_on, form, locale=language),
            "iban": f"…{debit.iban[-4:]}",
            "mandate": debit.mandate,
            "creditor": creditor.creditor_id,
            "name": creditor.name,
        }
        self._messaging.queue_mail(
            session,
            workshop_id=row.workshop_id,
            kind="debit",
            to_address=row.email,
            subject=translate(language, "banking.debit.subject", **words),
            text=translate(language, "banking.debit.text", **words),
            dedupe_key=f"debit:{row.invoice_id}:{debit.collect_on}",
            language=language,
        )

    def _today(self, session: Session, actor: Actor) -> date:
        zone = session.exec(select(Workshop.timezone).where(Workshop.id == actor.workshop_id)).one()
        return self._clock().astimezone(ZoneInfo(zone)).date()


def _require(actor: Actor) -> None:
    actor.require_any("payments.manage", "accounting.manage")


def _collectable(session: Session, on: date, *, lock: bool = False) -> list[tuple[Receivable, SepaMandate]]:
    under_way = select(DebitItem.invoice_id).where(DebitItem.state == SENT)
    query = (
        select(Receivable)
        .where(
            Receivable.due_cents > 0,
            Receivable.currency == "EUR",
            col(Receivable.state).in_((receivables.OPEN, receivables.PARTIAL)),
            col(Receivable.customer_id).is_not(None),
            col(Receivable.dunning_stop) == "",
            col(Receivable.invoice_id).not_in(under_way),
        )
        .order_by(col(Receivable.due_on), col(Receivable.number))
    )
    rows = session.exec(query.with_for_update() if lock else query).all()
    mandates: dict[UUID, SepaMandate] = {}
    for mandate in session.exec(select(SepaMandate).order_by(col(SepaMandate.id))):
        usable = is_usable(
            recurring=mandate.recurring,
            uses=mandate.uses,
            signed_on=mandate.signed_on,
            last_used_on=mandate.last_used_on,
            revoked_on=mandate.revoked_on,
            on=on,
        )
        if mandate.customer_id and usable:
            mandates[mandate.customer_id] = mandate
    found: list[tuple[Receivable, SepaMandate]] = []
    for row in rows:
        mandate = mandates.get(row.customer_id) if row.customer_id else None
        if mandate is None or receivables.open_cents(row) <= 0:
            continue
        found.append((row, mandate))
        if not mandate.recurring:
            # It permits one collection only, which the oldest invoice takes.
            del mandates[row.customer_id]  # pyright: ignore[reportArgumentType]
    return found


def _debit(row: Receivable, mandate: SepaMandate, collect_on: date) -> Debit:
    return Debit(
        end_to_end_id=row.number[:35],
        cents=receivables.open_cents(row),
        holder=mandate.holder,
        iban=mandate.iban,
        mandate=mandate.reference,
        signed_on=mandate.signed_on,
        sequence=sequence_of(recurring=mandate.recurring, uses=mandate.uses),
        collect_on=collect_on,
        text=row.number,
        bic=mandate.bic,
    )


def read_creditor(session: Session, actor: Actor) -> Creditor:
    """Who collects. Raises Invalid ``billing_iban_invalid`` or ``bank_creditor_id``: the settings lack it."""
    terms = session.exec(select(BillingTerms)).first() or BillingTerms(workshop_id=actor.workshop_id)
    workshop = session.exec(select(Workshop).where(Workshop.id == actor.workshop_id)).one()
    return Creditor(
        terms.account_holder or workshop.name,
        normal_iban(terms.iban),
        require_creditor_id(terms.creditor_id),
        terms.bic,
    )


def describe_mandate(row: SepaMandate) -> MandateView:
    """The row as others see it."""
    return MandateView(
        row.id,
        row.customer_id,
        row.reference,
        row.holder,
        row.iban,
        row.scheme,
        row.recurring,
        row.signed_on,
        row.last_used_on,
        row.revoked_on,
    )
