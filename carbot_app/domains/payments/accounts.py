"""How a workshop takes money: its account at the provider, its rules of deposits."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, select

from carbot_app.db.session import Database, wait_for_turn
from carbot_app.domains.payments.deposit_rules import KINDS, LEAST_CENTS, RULES, DepositRule
from carbot_app.domains.payments.models import DepositTerms, PaymentAccount
from carbot_app.domains.payments.ports import PaymentProvider, ProviderError, SeenAccount
from carbot_app.domains.payments.requests import PlatformFee
from carbot_app.domains.payments.rows import deposit_rule, find_account, takes_online
from carbot_app.domains.payments.schemas import AccountView
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import Conflict, Invalid, Unavailable

_MOST_CENTS = 10_000_000
_PAGE = "/einstellungen/?bereich=zahlungen"


class PaymentAccountService:
    """What the settings pane "payments" shows and changes."""

    def __init__(
        self, *, db: Database, provider: PaymentProvider | None, public_url: str, fee: PlatformFee
    ) -> None:
        self._db = db
        self._provider = provider
        self._public_url = public_url
        self._fee = fee

    def get(self, actor: Actor) -> AccountView:
        """How the workshop takes money."""
        actor.require_any("billing.settings", "payments.manage")
        with self._db.reading(actor.workshop_id) as session:
            return self._view(session, actor.workshop_id)

    def connect(self, actor: Actor) -> str:
        """Where the workshop tells the provider who it is; its account is made at the first call.

        Raises Conflict payment_not_available or payment_refused, Unavailable payment_unavailable.
        """
        actor.require("billing.settings")
        provider = self._connecting()
        with self._db.reading(actor.workshop_id) as session:
            known = find_account(session, actor.workshop_id)
            workshop = session.get_one(Workshop, actor.workshop_id)
        try:
            if known is None or not known.account_id:
                seen = provider.create_account(
                    country=workshop.country,
                    email=workshop.email,
                    name=workshop.name,
                    key=f"account:{actor.workshop_id}",
                )
                self._note(actor.workshop_id, seen, provider.live)
                account_id = seen.account_id
            else:
                account_id = known.account_id
            page = f"{self._public_url}{_PAGE}"
            return provider.onboarding_url(account_id, return_url=page, refresh_url=page)
        except ProviderError as error:
            raise _failed(error) from error

    def refresh(self, actor: Actor) -> AccountView:
        """Ask the provider what the account may do now; raises like connect."""
        actor.require("billing.settings")
        provider = self._connecting()
        with self._db.reading(actor.workshop_id) as session:
            known = find_account(session, actor.workshop_id)
        if known is None or not known.account_id:
            raise Conflict("payment_not_connected")
        try:
            seen = provider.get_account(known.account_id)
        except ProviderError as error:
            raise _failed(error) from error
        self._note(actor.workshop_id, seen, provider.live)
        return replace(self.get(actor), missing=seen.missing)

    def disconnect(self, actor: Actor) -> AccountView:
        """Take no money online any more; the account stays with the provider, and so does what is in it.

        What was paid over it can still be given back: a request remembers its account.
        """
        actor.require("billing.settings")
        with self._db.writing(actor.workshop_id) as session:
            row = _account_row(session, actor.workshop_id)
            row.account_id = ""
            row.charges_enabled = row.payouts_enabled = row.details_submitted = False
            session.add(row)
            session.flush()
            return self._view(session, actor.workshop_id)

    def choose_ways(self, actor: Actor, *, online: bool, transfer: bool) -> AccountView:
        """Which ways the page offers."""
        actor.require("billing.settings")
        with self._db.writing(actor.workshop_id) as session:
            row = _account_row(session, actor.workshop_id)
            row.online, row.transfer = online, transfer
            session.add(row)
            session.flush()
            return self._view(session, actor.workshop_id)

    def get_rule(self, actor: Actor) -> DepositRule:
        """When a booking asks for money in advance."""
        actor.require_any("billing.settings", "payments.manage")
        with self._db.reading(actor.workshop_id) as session:
            return deposit_rule(session, actor.workshop_id)

    def save_rule(self, actor: Actor, rule: DepositRule) -> DepositRule:
        """Choose when; applies to visits looked at from now on. Raises Invalid with the field."""
        actor.require("billing.settings")
        _check(rule)
        with self._db.writing(actor.workshop_id) as session:
            wait_for_turn(session, f"deposit-terms:{actor.workshop_id}")
            query = select(DepositTerms).where(DepositTerms.workshop_id == actor.workshop_id)
            row = session.exec(query).first() or DepositTerms(workshop_id=actor.workshop_id)
            row.rule, row.from_score, row.from_cents = rule.rule, rule.from_score, rule.from_cents
            row.kind, row.percent, row.fixed_cents = rule.kind, rule.percent, rule.fixed_cents
            row.refund_hours = rule.refund_hours
            session.add(row)
        return rule

    def _note(self, workshop_id: UUID, seen: SeenAccount, live: bool) -> None:
        with self._db.writing(workshop_id) as session:
            row = _account_row(session, workshop_id)
            row.account_id, row.mode = seen.account_id, "live" if live else "test"
            row.charges_enabled, row.payouts_enabled = seen.charges_enabled, seen.payouts_enabled
            row.details_submitted = seen.details_submitted
            session.add(row)

    def _connecting(self) -> PaymentProvider:
        if self._provider is None or not self._provider.connects:
            raise Conflict("payment_not_available")
        return self._provider

    def _view(self, session: Session, workshop_id: UUID) -> AccountView:
        row = find_account(session, workshop_id) or PaymentAccount(workshop_id=workshop_id)
        percent: Decimal = self._fee.percent if row.fee_percent is None else row.fee_percent
        return AccountView(
            available=self._provider is not None,
            connects=self._provider is not None and self._provider.connects,
            connected=bool(row.account_id),
            charges_enabled=row.charges_enabled,
            payouts_enabled=row.payouts_enabled,
            details_submitted=row.details_submitted,
            mode=row.mode,
            online=row.online,
            transfer=row.transfer,
            takes_online=takes_online(self._provider, row),
            fee_percent=percent,
            fee_fix_cents=self._fee.fix_cents if row.fee_fix_cents is None else row.fee_fix_cents,
            currency=session.get_one(Workshop, workshop_id).currency,
        )


def _account_row(session: Session, workshop_id: UUID) -> PaymentAccount:
    wait_for_turn(session, f"payment-account:{workshop_id}")
    return find_account(session, workshop_id) or PaymentAccount(workshop_id=workshop_id)


def _check(rule: DepositRule) -> None:
    checks = {
        "rule": rule.rule in RULES,
        "kind": rule.kind in KINDS,
        "from_score": 0 <= rule.from_score <= 100,
        "from_cents": 0 <= rule.from_cents <= _MOST_CENTS,
        "percent": 1 <= rule.percent <= 100,
        "fixed_cents": LEAST_CENTS <= rule.fixed_cents <= _MOST_CENTS,
        "refund_hours": 0 <= rule.refund_hours <= 720,
    }
    for field, fine in checks.items():
        if not fine:
            raise Invalid("payment_rule_invalid", field=field)


def _failed(error: ProviderError) -> Conflict | Unavailable:
    return Conflict("payment_refused") if error.permanent else Unavailable("payment_unavailable")
