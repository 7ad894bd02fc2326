"""How a workshop connects to the provider, reads what is missing, and leaves again; on both engines."""

from collections.abc import Iterator

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.payments.deposit_rules import DepositRule
from carbot_app.domains.team.roles import FRONT_DESK, MANAGER
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, Unavailable
from tests.factories import staff_of
from tests.peers.stripe_standin import StripeStandin
from tests.services.payments_desk import PaymentsDesk, open_payments_desk
from tests.services.test_deposits import asked, visit


@pytest.fixture
def stripe() -> Iterator[StripeStandin]:
    server = StripeStandin()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def desk(database: Database, clock: ManualClock, stripe: StripeStandin) -> PaymentsDesk:
    return open_payments_desk(database, clock, stripe, connects=True)


def connect(desk: PaymentsDesk, *, onboarded: bool = True) -> str:
    """The workshop's account at the provider."""
    account_id = desk.payments.accounts.connect(desk.actor).rpartition("/")[2]
    if onboarded:
        desk.stripe.onboard(account_id)
        desk.payments.accounts.refresh(desk.actor)
    return account_id


def test_what_the_provider_still_wants_to_know_is_told_until_it_knows(desk: PaymentsDesk) -> None:
    account_id = connect(desk, onboarded=False)
    seen = desk.payments.accounts.refresh(desk.actor)
    assert seen.missing == ("terms", "company", "person", "bank")
    assert (seen.connected, seen.charges_enabled, seen.currency) == (True, False, "EUR")
    desk.stripe.things[account_id]["requirements"]["past_due"] = ["company.tax_id", "a_new_thing"]
    assert desk.payments.accounts.refresh(desk.actor).missing == (
        *("terms", "company", "person", "bank", "other"),
    )
    desk.stripe.onboard(account_id)
    seen = desk.payments.accounts.refresh(desk.actor)
    assert (seen.missing, seen.takes_online) == ((), True)


def test_a_workshop_that_disconnects_takes_no_money_online_and_asks_for_no_deposits(
    desk: PaymentsDesk,
) -> None:
    connect(desk)
    desk.payments.accounts.save_rule(desk.actor, DepositRule("price", from_cents=10_000))
    row = visit(desk)
    assert asked(desk, row)
    token = desk.asked(desk.billing.issue())
    left = desk.payments.accounts.disconnect(desk.actor)
    assert (left.connected, left.charges_enabled, left.takes_online) == (False, False, False)
    assert asked(desk, row) == ""
    with pytest.raises(Invalid, match="payment_not_online"):
        desk.payments.requests.start_checkout(token)
    with pytest.raises(Conflict, match="payment_not_connected"):
        desk.payments.accounts.refresh(desk.actor)
    assert desk.payments.accounts.disconnect(desk.actor) == left


def test_what_was_paid_before_can_still_be_given_back(desk: PaymentsDesk) -> None:
    account_id = connect(desk)
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    desk.stripe.pay(desk.checkout(token))
    desk.hear()
    desk.payments.accounts.disconnect(desk.actor)
    desk.payments.refunds.refund(desk.actor, desk.row(token).id, reason="Kulanz")
    sent = next(form for path, form, _ in desk.stripe.asked if path == "/v1/refunds")
    assert (sent["reverse_transfer"], desk.row(token).account_id) == ("true", account_id)


def test_a_provider_that_is_away_changes_nothing(desk: PaymentsDesk) -> None:
    connect(desk)
    desk.stripe.down = True
    with pytest.raises(Unavailable):
        desk.payments.accounts.refresh(desk.actor)
    assert desk.payments.accounts.get(desk.actor).takes_online


def test_only_owners_and_managers_disconnect_and_only_their_own(
    desk: PaymentsDesk, database: Database, clock: ManualClock, stripe: StripeStandin
) -> None:
    connect(desk)
    other = open_payments_desk(database, clock, stripe, connects=True, slug="nebenan")
    with pytest.raises(Forbidden):
        desk.payments.accounts.disconnect(staff_of(desk.billing.workshop, FRONT_DESK))
    other.payments.accounts.disconnect(other.actor)
    assert desk.payments.accounts.get(desk.actor).connected
    assert not desk.payments.accounts.disconnect(staff_of(desk.billing.workshop, MANAGER)).connected
