"""Dunning: a list of proposals, letters that a person releases, and what holds them back."""

import csv
import io
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.billing import dunning, receivables
from carbot_app.domains.billing.audit import record
from carbot_app.domains.billing.dunning_facts import Books, hold, propose, read_books
from carbot_app.domains.billing.dunning_letters import LetterText, mail_of, paper_of
from carbot_app.domains.billing.dunning_models import BaseRate, DunningClaim, DunningNotice
from carbot_app.domains.billing.dunning_schemas import (
    STOP_REASONS,
    DunningRun,
    HeldView,
    NoticeView,
    ProposalView,
    RateView,
)
from carbot_app.domains.billing.interest import half_year
from carbot_app.domains.billing.models import Invoice, Receivable
from carbot_app.domains.billing.paper import Claim, DocumentPrinter
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, NotFound

MOST_NOTICES = 100
_MOST_PERCENT = Decimal(20)


class DunningService:
    """Reads need ``invoices.read``, letters and stops ``invoices.manage``, rates ``billing.settings``."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        messaging: MessagingService,
        printer: DocumentPrinter,
        public_url: str,
    ) -> None:
        self._db, self._clock = db, clock
        self._messaging, self._printer = messaging, printer
        self._public_url = public_url

    def run(self, actor: Actor) -> DunningRun:
        """What could be sent today and what rests."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            books = self._books(session, actor)
            proposals = propose(books)
            held, finished = hold(books)
        missing = next((found.missing_rate for found in proposals if found.missing_rate), None)
        return DunningRun(proposals, held, finished, missing)

    def preview(self, actor: Actor, key: str) -> bytes:
        """The letter of a proposal as PDF. Raises NotFound ``dunning_proposal_gone``."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            books = self._books(session, actor)
            proposal = next((found for found in propose(books) if found.key == key), None)
            if proposal is None:
                raise NotFound("dunning_proposal_gone")
            letter = _letter(proposal, books.today, self._people(session, books, proposal))
        return self._printer.print(paper_of(letter))

    def release(self, actor: Actor, keys: Collection[str]) -> tuple[NoticeView, ...]:
        """Send these proposals; what is no longer due is left out, so doing it again sends nothing.

        Raises:
            Invalid: ``billing_base_rate_missing`` with the half year: enter it, then release.
        """
        actor.require("invoices.manage")
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"dunning:{actor.workshop_id}")
            books = self._books(session, actor, lock=True)
            wanted = [proposal for proposal in propose(books) if proposal.key in keys]
            missing = next((found.missing_rate for found in wanted if found.missing_rate), None)
            if missing:
                raise Invalid("billing_base_rate_missing", half_year=missing.isoformat())
            notices = [self._send(session, actor, books, proposal) for proposal in wanted]
            if notices:
                emit(session, actor.workshop_id, "dunning.released", count=len(notices))
            return tuple(notices)

    def stop(self, actor: Actor, invoice_id: UUID, reason: str) -> None:
        """Nobody is reminded of it until ``resume``.

        Raises:
            Invalid: ``dunning_reason_unknown``. NotFound: ``invoice_unknown``.
        """
        if reason not in STOP_REASONS:
            raise Invalid("dunning_reason_unknown", field="reason")
        self._set_stop(actor, invoice_id, reason)

    def resume(self, actor: Actor, invoice_id: UUID) -> None:
        """It may be reminded of again. Raises NotFound ``invoice_unknown``."""
        self._set_stop(actor, invoice_id, "")

    def list_notices(self, actor: Actor, invoice_id: UUID | None = None) -> tuple[NoticeView, ...]:
        """Letters that were released, the newest first; of one invoice, or the last hundred."""
        actor.require("invoices.read")
        query = select(DunningNotice).order_by(col(DunningNotice.id).desc()).limit(MOST_NOTICES)
        if invoice_id:
            of_invoice = select(DunningClaim.notice_id).where(DunningClaim.invoice_id == invoice_id)
            query = query.where(col(DunningNotice.id).in_(of_invoice))
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(query).all()
            return tuple(_describe(row, _claims(session, row.id)) for row in rows)

    def letter(self, actor: Actor, notice_id: UUID) -> bytes:
        """A released letter as PDF, as it was on that day. Raises NotFound ``dunning_letter_unknown``."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            row = session.exec(select(DunningNotice).where(DunningNotice.id == notice_id)).first()
            if row is None or not row.letter:
                raise NotFound("dunning_letter_unknown")
            claims = _claims(session, row.id)
        letter = LetterText(
            row.name,
            row.sent_on,
            row.deadline,
            row.language,
            row.currency,
            tuple(Claim(claim.number, claim.issued_on, claim.due_on, claim.open_cents) for claim in claims),
            row.fee_cents,
            row.interest_cents,
            row.letter,
        )
        return self._printer.print(paper_of(letter))

    def handover_csv(self, actor: Actor) -> bytes:
        """What went through every level, for a lawyer or a court order: a table in UTF-8 with semicolons."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            books = self._books(session, actor)
            finished = hold(books)[1]
            rows = [self._handover_row(session, books, held) for held in finished]
        head = (
            "Rechnung;Rechnungsdatum;Faellig;Kunde;Strasse;PLZ;Ort;Offen;Mahngebuehren;Waehrung;Stufe;Zuletzt"
        )
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(head.split(";"))
        writer.writerows([_harmless(cell) for cell in row] for row in rows)
        return text.getvalue().encode("utf-8-sig")

    def enter_base_rate(self, actor: Actor, valid_from: date, percent: Decimal) -> RateView:
        """The base rate the Bundesbank told for a half year; entering it again corrects it.

        Raises:
            Invalid: ``dunning_rate_day`` (not 1 January or 1 July), ``dunning_rate_percent``.
        """
        actor.require("billing.settings")
        if valid_from != half_year(valid_from):
            raise Invalid("dunning_rate_day", field="valid_from")
        if (
            not percent.is_finite()
            or abs(percent) > _MOST_PERCENT
            or percent != percent.quantize(Decimal("0.01"))
        ):
            raise Invalid("dunning_rate_percent", field="percent")
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(select(BaseRate).where(BaseRate.valid_from == valid_from)).first()
            row = row or BaseRate(workshop_id=actor.workshop_id, valid_from=valid_from, percent=percent)
            row.percent, row.by = percent, actor.name
            session.add(row)
            record(
                session,
                actor.workshop_id,
                self._clock(),
                "dunning.base_rate",
                "base_rate",
                row.id,
                by=actor.name,
                valid_from=valid_from.isoformat(),
                percent=str(percent),
            )
        return RateView(valid_from, percent)

    def list_base_rates(self, actor: Actor) -> tuple[RateView, ...]:
        """What was entered, the newest first."""
        actor.require("invoices.read")
        with self._db.reading(actor.workshop_id) as session:
            rows = session.exec(select(BaseRate).order_by(col(BaseRate.valid_from).desc())).all()
        return tuple(RateView(row.valid_from, row.percent) for row in rows)

    def _send(self, session: Session, actor: Actor, books: Books, proposal: ProposalView) -> NoticeView:
        people = self._people(session, books, proposal)
        notice = DunningNotice(
            workshop_id=actor.workshop_id,
            customer_id=proposal.customer_id,
            level=proposal.level,
            name=proposal.name,
            sent_on=books.today,
            deadline=proposal.deadline,
            way=proposal.way,
            email=proposal.email,
            language=proposal.language,
            recipient=proposal.recipient,
            open_cents=proposal.open_cents,
            fee_cents=proposal.fee_cents,
            interest_cents=proposal.interest_cents,
            currency=proposal.currency,
            letter=people,
            by=actor.name,
        )
        session.add(notice)
        session.flush()
        rows = {row.invoice_id: row for row in books.rows}
        claims = [_keep_claim(session, notice, claim) for claim in proposal.claims]
        if proposal.way == dunning.MAIL:
            links = [f"{self._public_url}/zahlen/{rows[claim.invoice_id].token}" for claim in claims]
            self._mail(session, notice, _letter(proposal, books.today, people), links)
        for claim in claims:
            row = rows[claim.invoice_id]
            row.dunning_level, row.reminded_on = claim.level, books.today
            session.add(row)
            self._record(
                session,
                actor,
                row,
                "dunning.sent",
                level=claim.level,
                notice_id=str(notice.id),
                fee_cents=claim.fee_cents,
                interest_cents=claim.interest_cents,
                way=proposal.way,
            )
        return _describe(notice, claims)

    def _mail(
        self, session: Session, notice: DunningNotice, letter: LetterText, links: Sequence[str]
    ) -> None:
        subject, text = mail_of(letter, links)
        self._messaging.queue_mail(
            session,
            workshop_id=notice.workshop_id,
            kind="dunning",
            to_address=notice.email,
            subject=subject,
            text=text,
            dedupe_key=f"dunning:{notice.id}",
            language=notice.language,
        )

    def _set_stop(self, actor: Actor, invoice_id: UUID, reason: str) -> None:
        actor.require("invoices.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = receivables.lock_receivable(session, invoice_id)
            if row.dunning_stop == reason:
                return
            row.dunning_stop = reason
            session.add(row)
            self._record(
                session, actor, row, "dunning.stopped" if reason else "dunning.resumed", reason=reason
            )

    def _record(self, session: Session, actor: Actor, row: Receivable, kind: str, **content: Any) -> None:
        record(
            session,
            row.workshop_id,
            self._clock(),
            kind,
            "invoice",
            row.invoice_id,
            by=actor.name,
            **content,
        )

    def _people(self, session: Session, books: Books, proposal: ProposalView) -> dict[str, Any]:
        """Sender and recipient as they are today."""
        workshop, terms = books.workshop, books.terms
        return {
            "country": books.country,
            "iban": terms.iban,
            "bic": terms.bic,
            "account_holder": terms.account_holder or workshop.name,
            "bank_name": terms.bank_name,
            "seller": {
                "name": workshop.name,
                "address": {
                    "line1": workshop.street,
                    "postcode": workshop.postal_code,
                    "city": workshop.city,
                    "country": books.country,
                },
                "vat_id": workshop.vat_id,
                "tax_number": terms.tax_number,
                "phone": workshop.phone,
                "email": workshop.email,
            },
            "buyer": _buyer(session, proposal.claims[-1].invoice_id, proposal.recipient),
        }

    def _handover_row(self, session: Session, books: Books, held: HeldView) -> list[str]:
        buyer = _buyer(session, held.invoice_id, held.buyer_name)
        row = next(row for row in books.rows if row.invoice_id == held.invoice_id)
        address = buyer["address"]
        fees = sum(fee for _, fee in books.sent.get(held.invoice_id, ()))
        return [
            *(held.number, row.issued_on.isoformat(), held.due_on.isoformat(), buyer["name"]),
            *(address.get("line1", ""), address.get("postcode", ""), address.get("city", "")),
            *(_amount(held.open_cents), _amount(fees), held.currency, str(held.level)),
            row.reminded_on.isoformat() if row.reminded_on else "",
        ]

    def _books(self, session: Session, actor: Actor, *, lock: bool = False) -> Books:
        zone = session.exec(select(Workshop.timezone).where(Workshop.id == actor.workshop_id)).one()
        today = self._clock().astimezone(ZoneInfo(zone)).date()
        return read_books(session, actor.workshop_id, today, lock=lock)


def _letter(proposal: ProposalView, today: date, people: dict[str, Any]) -> LetterText:
    return LetterText(
        proposal.name,
        today,
        proposal.deadline,
        proposal.language,
        proposal.currency,
        tuple(
            Claim(claim.number, claim.issued_on, claim.due_on, claim.open_cents) for claim in proposal.claims
        ),
        proposal.fee_cents,
        proposal.interest_cents,
        people,
    )


def _keep_claim(session: Session, notice: DunningNotice, claim: Any) -> DunningClaim:
    row = DunningClaim(
        workshop_id=notice.workshop_id,
        notice_id=notice.id,
        **{
            name: getattr(claim, name)
            for name in (
                *("invoice_id", "level", "number", "issued_on", "due_on", "days_late"),
                *("open_cents", "fee_cents", "interest_cents"),
            )
        },
    )
    session.add(row)
    session.flush()
    return row


def _claims(session: Session, notice_id: UUID) -> Sequence[DunningClaim]:
    query = select(DunningClaim).where(DunningClaim.notice_id == notice_id).order_by(col(DunningClaim.id))
    return session.exec(query).all()


def _describe(row: DunningNotice, claims: Sequence[DunningClaim]) -> NoticeView:
    return NoticeView(
        id=row.id,
        recipient=row.recipient,
        name=row.name,
        level=row.level,
        sent_on=row.sent_on,
        deadline=row.deadline,
        way=row.way,
        total_cents=row.open_cents + row.fee_cents + row.interest_cents,
        currency=row.currency,
        numbers=tuple(claim.number for claim in claims),
    )


def _buyer(session: Session, invoice_id: UUID, name: str) -> dict[str, Any]:
    """As they stand on the invoice."""
    paper = session.exec(select(Invoice.paper).where(Invoice.id == invoice_id)).one()
    told = paper.get("paper", {}).get("document", {}).get("buyer") or {}
    address = told.get("address") or {}
    known = ("line1", "line2", "line3", "postcode", "city", "region", "country")
    return {
        "name": told.get("name") or name,
        "address": {part: address[part] for part in known if address.get(part)},
    }


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"


def _harmless(cell: str) -> str:
    """A customer called ``=1+1`` stays a name in a spreadsheet."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
