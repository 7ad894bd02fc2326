"""Consent to advertising, without which no reminder and no offer is mailed.

§ 7(2) UWG and Art. 6(1)(a) GDPR ask for express consent before any advertising by mail, and courts count
reminders of an inspection as advertising. What was agreed to, when, how and who noted it is kept as proof,
also after a withdrawal. The exception for existing customers in § 7(3) UWG is not used: it needs a notice
at the moment the address is taken, which older records cannot show.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.customers.models import Consent, Customer
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.clock import Clock
from carbot_app.kit.errors import Invalid, NotFound
from carbot_app.kit.ids import new_secret

INSPECTION = "inspection"
TYRES = "tyres"
REVIEW = "review"
"""Being asked for a review."""
OFFERS = "offers"
"""Being written to about work that was declined."""
MAINTENANCE = "maintenance"
"""Being told what is due on the car."""
KINDS = (INSPECTION, TYRES, REVIEW, OFFERS, MAINTENANCE)
DESK = "desk"
SOURCES = (DESK,)
TEXT_VERSION = "2026-11"
"""Of the wordings ``inspection.consent``, ``season.consent``, ``maintenance.consent`` and
``automations.<kind>.consent``."""
_MAX_TOKEN = 64


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A consent that was given, and whether it still holds."""

    kind: str
    channel: str
    text_version: str
    source: str
    noted_by: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnsubscribeView:
    """What the page behind the link in a mail shows."""

    workshop: str
    kind: str
    language: str
    withdrawn: bool


class ConsentService:
    """Reads need ``bookings.read``, writes ``bookings.manage``; links need nothing but their secret."""

    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def give(self, actor: Actor, customer_id: UUID, kind: str, *, source: str = DESK) -> ConsentView:
        """Note a consent given on paper or in person; the same again changes nothing.

        Raises:
            Invalid: ``consent_kind_unknown``, ``consent_source_unknown``, or ``consent_address_missing`` when
                there is no mail address. NotFound: unknown customer.
        """
        actor.require("bookings.manage")
        if kind not in KINDS:
            raise Invalid("consent_kind_unknown", field="kind")
        if source not in SOURCES:
            raise Invalid("consent_source_unknown", field="source")
        with self._db.writing(actor.workshop_id) as session:
            customer = session.exec(select(Customer).where(Customer.id == customer_id)).first()
            if customer is None:
                raise NotFound
            if not customer.email:
                raise Invalid("consent_address_missing", field=f"consent_{kind}")
            consent = _holding(session, customer_id, kind) or Consent(
                workshop_id=actor.workshop_id,
                customer_id=customer_id,
                kind=kind,
                text_version=TEXT_VERSION,
                source=source,
                noted_by=actor.name[:120],
                given_at=self._clock(),
                token=new_secret(),
            )
            session.add(consent)
        return describe_consent(consent)

    def withdraw(self, actor: Actor, customer_id: UUID, kind: str) -> None:
        """End a consent; nothing happens when there is none."""
        actor.require("bookings.manage")
        with self._db.writing(actor.workshop_id) as session:
            if consent := _holding(session, customer_id, kind):
                consent.withdrawn_at = self._clock()

    def list_consents(self, actor: Actor, customer_id: UUID) -> list[ConsentView]:
        """Everything a customer ever agreed to, the oldest first."""
        actor.require("bookings.read")
        query = select(Consent).where(Consent.customer_id == customer_id).order_by(col(Consent.id))
        with self._db.reading(actor.workshop_id) as session:
            return [describe_consent(consent) for consent in session.exec(query)]

    def get_by_link(self, token: str) -> UnsubscribeView:
        """What the link in a mail is about. NotFound: never given out."""
        with self._db.reading(SYSTEM) as session:
            return _view(session, _by_token(session, token))

    def withdraw_by_link(self, token: str) -> UnsubscribeView:
        """End the consent behind the link in a mail; again, nothing changes. NotFound: never given out."""
        with self._db.writing(SYSTEM) as session:
            consent = _by_token(session, token)
            consent.withdrawn_at = consent.withdrawn_at or self._clock()
            return _view(session, consent)


def agreed_by_mail(session: Session, kind: str) -> set[UUID]:
    """Customers whose consent to mails of this kind holds, inside another use case."""
    query = select(Consent.customer_id).where(
        Consent.kind == kind, Consent.channel == "email", col(Consent.withdrawn_at).is_(None)
    )
    return set(session.exec(query))


def _holding(session: Session, customer_id: UUID, kind: str) -> Consent | None:
    query = select(Consent).where(
        Consent.customer_id == customer_id, Consent.kind == kind, col(Consent.withdrawn_at).is_(None)
    )
    return session.exec(query).first()


def _by_token(session: Session, token: str) -> Consent:
    consent = None
    if token.isascii() and token.isprintable() and len(token) <= _MAX_TOKEN:
        consent = session.exec(select(Consent).where(Consent.token == token)).first()
    if consent is None:
        raise NotFound
    return consent


def _view(session: Session, consent: Consent) -> UnsubscribeView:
    workshop = session.get_one(Workshop, consent.workshop_id)
    customer = session.get_one(Customer, consent.customer_id)
    return UnsubscribeView(workshop.name, consent.kind, customer.language, consent.withdrawn_at is not None)


def describe_consent(consent: Consent) -> ConsentView:
    """View of a row."""
    return ConsentView(
        kind=consent.kind,
        channel=consent.channel,
        text_version=consent.text_version,
        source=consent.source,
        noted_by=consent.noted_by,
        given_at=consent.given_at,
        withdrawn_at=consent.withdrawn_at,
    )
