"""Withdrawals from contracts made on the booking page: received at once, from anybody, once."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from carbot_app.db.outbox import emit
from carbot_app.domains.booking.availability import get_workshop
from carbot_app.domains.booking.contract_rules import read_contract_number
from carbot_app.domains.booking.contract_schemas import Declaration, WithdrawalReceipt, WithdrawalView
from carbot_app.domains.booking.desk import call_off, get_appointment_row
from carbot_app.domains.booking.labels import moment_label
from carbot_app.domains.booking.links import AppointmentLinks
from carbot_app.domains.booking.models import BookingContract, Withdrawal
from carbot_app.domains.booking.states import CANCELLED as OFF
from carbot_app.domains.booking.states import TRANSITIONS
from carbot_app.domains.booking.withdrawal_rules import CANCELLED, UNKNOWN, is_same_person, outcome_of
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.team.contacts import parse_email
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.ports import MailQueue
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import NotFound
from carbot_app.kit.i18n import translate
from carbot_app.kit.ids import fingerprint
from carbot_app.kit.languages import DEFAULT_LANGUAGE, LANGUAGES
from carbot_app.kit.text import single_line

_LISTED = 50


class WithdrawalService(AppointmentLinks):
    """Anybody may declare without a login (§ 356a BGB); staff needs ``bookings.read`` or ``bookings.manage``.

    ``mails`` takes the acknowledgement of receipt.
    """

    def __init__(self, *, mails: MailQueue, **desk: Any) -> None:
        super().__init__(**desk)
        self._mails = mails

    def withdraw(self, actor: Actor, declaration: Declaration) -> WithdrawalReceipt:
        """Receive a declaration, whatever is found to it, and acknowledge it by mail.

        The contract it names is called off where that follows (see withdrawal_rules). The same declaration
        again gets the same receipt and no second mail. Raises Invalid missing, too_long or email_invalid.
        """
        actor.require("public.book")
        typed, declaration = declaration, _checked(declaration)
        key = content_key(declaration)
        receipt = self._known(actor, declaration, key)
        if receipt is None:
            try:
                receipt = self._receive(actor, declaration, key, typed_email=typed.email.strip())
            except IntegrityError:
                # The same declaration ran in parallel and was first.
                receipt = self._known(actor, declaration, key)
                if receipt is None:
                    raise
        return receipt

    def list_open(self, actor: Actor) -> list[WithdrawalView]:
        """What somebody still has to look at, oldest first."""
        actor.require("bookings.read")
        with self._db.reading(actor.workshop_id) as session:
            zone = ZoneInfo(get_workshop(session, actor.workshop_id).timezone)
            rows = session.exec(
                select(Withdrawal)
                .where(Withdrawal.workshop_id == actor.workshop_id, col(Withdrawal.settled_at).is_(None))
                .order_by(col(Withdrawal.received_at))
                .limit(_LISTED)
            ).all()
        return [_view(row, zone, actor.language) for row in rows]

    def settle(self, actor: Actor, withdrawal_id: UUID) -> None:
        """Somebody has dealt with it; doing it twice is fine. Raises NotFound withdrawal_unknown."""
        actor.require("bookings.manage")
        with self._db.writing(actor.workshop_id) as session:
            row = session.exec(
                select(Withdrawal).where(
                    Withdrawal.workshop_id == actor.workshop_id, Withdrawal.id == withdrawal_id
                )
            ).first()
            if row is None:
                raise NotFound("withdrawal_unknown")
            row.settled_at = row.settled_at or self._clock()

    def _known(self, actor: Actor, declaration: Declaration, key: str) -> WithdrawalReceipt | None:
        with self._db.reading(actor.workshop_id) as session:
            zone = ZoneInfo(get_workshop(session, actor.workshop_id).timezone)
            received_at = session.exec(
                select(Withdrawal.received_at).where(
                    Withdrawal.workshop_id == actor.workshop_id, Withdrawal.content_key == key
                )
            ).first()
        return _receipt(received_at, zone, declaration) if received_at else None

    def _receive(
        self, actor: Actor, declaration: Declaration, key: str, *, typed_email: str
    ) -> WithdrawalReceipt:
        with self._db.writing(actor.workshop_id) as session:
            workshop = get_workshop(session, actor.workshop_id)
            now = self._clock()
            contract = self._named(session, workshop, declaration)
            outcome = self._follow(session, contract, declaration, now) if contract else UNKNOWN
            row = Withdrawal(
                workshop_id=workshop.id,
                appointment_id=contract.appointment_id if contract else None,
                sent={
                    "name": declaration.name,
                    "contract": declaration.contract,
                    "email": typed_email,
                },
                content_key=key,
                language=declaration.language,
                received_at=now,
                outcome=outcome,
                settled_at=now if outcome == CANCELLED else None,
            )
            session.add(row)
            session.flush()
            self._acknowledge(session, workshop, row, declaration)
            emit(
                session,
                workshop.id,
                "contract.withdrawn",
                withdrawal_id=row.id,
                appointment_id=row.appointment_id,
            )
        return _receipt(now, ZoneInfo(workshop.timezone), declaration)

    def _named(
        self, session: Session, workshop: Workshop, declaration: Declaration
    ) -> BookingContract | None:
        return session.exec(
            select(BookingContract).where(
                BookingContract.workshop_id == workshop.id,
                BookingContract.number == read_contract_number(declaration.contract),
            )
        ).first()

    def _follow(
        self, session: Session, contract: BookingContract, declaration: Declaration, now: datetime
    ) -> str:
        visit = get_appointment_row(session, contract.workshop_id, contract.appointment_id, lock=True)
        customer = session.get_one(Customer, visit.customer_id)
        outcome = outcome_of(
            same_person=is_same_person(
                name=declaration.name,
                email=declaration.email,
                customer_name=customer.name,
                customer_email=customer.email,
            ),
            state=visit.state,
            starts_at=visit.starts_at,
            ends_at=contract.withdrawal_ends_at,
            now=now,
        )
        if outcome == CANCELLED and OFF in TRANSITIONS[visit.state]:
            call_off(session, visit, now=now)
        return outcome

    def _acknowledge(
        self, session: Session, workshop: Workshop, row: Withdrawal, declaration: Declaration
    ) -> None:
        language = declaration.language
        received = moment_label(row.received_at, ZoneInfo(workshop.timezone), language)
        result = "cancelled" if row.outcome == CANCELLED else "check"
        text = translate(
            language,
            "withdrawal.mail.text",
            name=declaration.name,
            contract=declaration.contract,
            email=declaration.email,
            when=received,
            result=translate(language, f"withdrawal.mail.{result}"),
            workshop=workshop.name,
            legal_name=workshop.legal_form or workshop.name,
            address=f"{workshop.street}, {workshop.postal_code} {workshop.city}",
            phone=workshop.phone,
        )
        self._mails.queue_mail(
            session,
            workshop_id=workshop.id,
            kind="withdrawal_received",
            to_address=declaration.email,
            subject=translate(language, "withdrawal.mail.subject", when=received),
            text=text,
            dedupe_key=f"withdrawal:{row.id}",
            language=language,
        )


def content_key(declaration: Declaration) -> str:
    """What makes a declaration the same as another."""
    parts = (declaration.name, read_contract_number(declaration.contract), declaration.email)
    return fingerprint("\n".join(part.casefold() for part in parts))


def _checked(declaration: Declaration) -> Declaration:
    email = single_line(declaration.email, field="email", limit=254, required=True)
    return Declaration(
        name=single_line(declaration.name, field="name", limit=120, required=True),
        contract=single_line(declaration.contract, field="contract", limit=60, required=True),
        email=parse_email(email),
        language=declaration.language if declaration.language in LANGUAGES else DEFAULT_LANGUAGE,
    )


def _receipt(received_at: datetime, zone: ZoneInfo, declaration: Declaration) -> WithdrawalReceipt:
    return WithdrawalReceipt(
        received_at, moment_label(received_at, zone, declaration.language), declaration.email
    )


def _view(row: Withdrawal, zone: ZoneInfo, language: str) -> WithdrawalView:
    return WithdrawalView(
        id=row.id,
        name=row.sent["name"],
        contract=row.sent["contract"],
        email=row.sent["email"],
        received=moment_label(row.received_at, zone, language),
        outcome=row.outcome,
        appointment_id=row.appointment_id,
    )
