"""Online payments of invoices: asked, paid, heard of twice and in any order, booked once."""

import random
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.payments.models import ProviderEvent
from carbot_app.domains.payments.ports import ProviderError
from carbot_app.domains.team.roles import TECHNICIAN
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, Gone, Invalid, NotFound, Unavailable
from tests.factories import staff_of
from tests.peers.stripe_standin import DECLINED, StripeStandin
from tests.services.payments_desk import PaymentsDesk, open_payments_desk


@pytest.fixture
def stripe() -> Iterator[StripeStandin]:
    server = StripeStandin()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def desk(database: Database, clock: ManualClock, stripe: StripeStandin) -> PaymentsDesk:
    return open_payments_desk(database, clock, stripe)


def code_of(error: pytest.ExceptionInfo[AppError]) -> str:
    return error.value.code


def test_an_invoice_is_paid_online_and_booked(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    assert desk.state(token) == "open"
    desk.stripe.pay(desk.checkout(token))
    desk.hear()
    assert desk.state(token) == "paid"
    assert desk.booked(invoice.id) == [("payment", 11_900, "card")]
    assert desk.receivable(invoice.id).state == "paid"
    with pytest.raises(Conflict) as error:
        desk.payments.requests.ask_for_invoice(desk.actor, invoice.id)
    assert code_of(error) == "payment_nothing_open"


def test_asking_twice_is_one_link_and_one_checkout(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    assert desk.asked(invoice) == token
    assert desk.payments.requests.link_for_invoice(desk.billing.workshop.id, invoice.id).endswith(token)
    assert desk.checkout(token) == desk.checkout(token)


@pytest.mark.parametrize("seed", range(4))
def test_news_in_any_order_and_twice_book_once(desk: PaymentsDesk, seed: int) -> None:
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    intent = desk.stripe.pay(desk.checkout(token), "sepa_debit")
    desk.stripe.clear(intent["id"])
    events = [*desk.stripe.events, *desk.stripe.events]
    random.Random(seed).shuffle(events)
    desk.hear(*events)
    assert desk.booked(invoice.id) == [("payment", 11_900, "direct_debit")]
    assert desk.state(token) == "paid"
    desk.payments.events.replay(desk.clock() - timedelta(days=1), everything=True)
    assert len(desk.booked(invoice.id)) == 1


def test_news_that_come_before_the_answer_find_their_request(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    order, _ = desk.payments.requests._order(token, "de")
    made = desk.provider.create_checkout(order)  # the answer is still on its way
    desk.stripe.pay(made.checkout_id)
    desk.hear()
    assert desk.state(token) == "paid"
    with pytest.raises(Gone):
        desk.payments.requests.start_checkout(token)
    assert len(desk.booked(invoice.id)) == 1


def test_a_direct_debit_is_under_way_until_the_money_is_there(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    intent = desk.stripe.pay(desk.checkout(token), "sepa_debit")
    desk.hear()
    assert desk.state(token) == "processing"
    assert desk.booked(invoice.id) == []
    with pytest.raises(Gone):
        desk.payments.requests.start_checkout(token)
    desk.stripe.bounce(intent["id"])
    desk.hear()
    assert desk.state(token) == "failed"
    assert desk.row(token).note == "Insufficient funds."
    desk.stripe.pay(desk.checkout(token))
    desk.hear()
    assert desk.state(token) == "paid"


def test_a_declined_card_may_try_again(desk: PaymentsDesk) -> None:
    token = desk.asked(desk.billing.issue())
    intent = desk.payments.requests.start_intent(token)
    desk.stripe.confirm(intent.intent_id, DECLINED)
    desk.hear()
    assert desk.state(token) == "failed"
    desk.stripe.confirm(intent.intent_id)
    desk.hear()
    assert desk.state(token) == "paid"


def test_money_that_differs_is_shown_and_not_booked(desk: PaymentsDesk) -> None:
    for field, value, told in (
        ("amount", 1, ("amount", 1, "EUR")),
        ("currency", "chf", ("currency", None, "CHF")),
    ):
        invoice = desk.billing.issue()
        token = desk.asked(invoice)
        intent = desk.payments.requests.start_intent(token)
        desk.stripe.things[intent.intent_id][field] = value
        desk.stripe.confirm(intent.intent_id)
        desk.hear()
        assert desk.booked(invoice.id) == []
        assert desk.state(token) == "checking"
        seen = desk.payments.mismatches.list_open(desk.actor)[0]
        assert (seen.kind, seen.came_cents, seen.came_currency) == told
        assert seen.invoice_id == invoice.id
        with pytest.raises(Gone):
            desk.payments.requests.start_checkout(token)
        desk.payments.mismatches.settle(desk.actor, seen.id)
        assert desk.payments.mismatches.list_open(desk.actor) == []


def test_two_pages_that_are_both_paid_are_shown(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    intent = desk.payments.requests.start_intent(token)
    checkout = desk.checkout(token)
    desk.stripe.confirm(intent.intent_id)
    desk.stripe.pay(checkout)
    desk.hear()
    assert len(desk.booked(invoice.id)) == 1
    assert desk.payments.mismatches.list_open(desk.actor)[0].kind == "twice"


def test_a_cancelled_invoice_that_is_paid_all_the_same_is_shown(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    checkout = desk.checkout(token)
    desk.billing.invoices.cancel(desk.actor, invoice.id, "falscher Kunde")
    assert desk.state(token) == "cancelled"
    desk.stripe.pay(checkout)
    desk.hear()
    assert [kind for kind, _, _ in desk.booked(invoice.id) if kind == "payment"] == []
    assert desk.payments.mismatches.list_open(desk.actor)[0].kind == "cancelled"


def test_what_was_paid_meanwhile_is_not_asked_again(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    before = desk.checkout(token)
    desk.billing.pay(invoice, 1_900)
    page = desk.payments.requests.get_by_token(token)
    assert page.amount_cents == 10_000
    after = desk.checkout(token)
    assert after != before
    assert desk.stripe.things[before]["status"] == "expired"
    assert desk.stripe.things[after]["amount_total"] == 10_000
    desk.billing.pay(invoice, 10_000)
    assert desk.state(token) == "paid"
    with pytest.raises(Gone):
        desk.payments.requests.start_checkout(token)


def test_a_request_that_was_withdrawn_is_over(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    checkout = desk.checkout(token)
    view = desk.payments.requests.withdraw(desk.actor, desk.row(token).id)
    assert view.state == "cancelled"
    assert desk.stripe.things[checkout]["status"] == "expired"
    desk.hear()
    assert desk.state(token) == "cancelled"
    assert desk.asked(invoice) != token
    assert [row.state for row in desk.payments.requests.list_for_invoice(desk.actor, invoice.id)] == [
        "open",
        "cancelled",
    ]


def test_a_page_of_the_provider_that_ended_makes_room_for_another(desk: PaymentsDesk) -> None:
    token = desk.asked(desk.billing.issue())
    first = desk.checkout(token)
    desk.provider.expire_checkout(first)
    desk.hear()
    second = desk.checkout(token)
    assert second != first
    desk.hear()  # the news of the first page again
    assert desk.checkout(token) == second


def test_the_provider_being_away_is_said(desk: PaymentsDesk) -> None:
    token = desk.asked(desk.billing.issue())
    desk.stripe.down = True
    with pytest.raises(Unavailable):
        desk.payments.requests.start_checkout(token)
    with pytest.raises(Unavailable):
        desk.payments.requests.start_intent(token)
    desk.stripe.down = False
    assert desk.checkout(token)


def test_links_nobody_was_given_lead_nowhere(desk: PaymentsDesk) -> None:
    for token in ("x", "ä" * 30, "a" * 43):
        with pytest.raises(NotFound):
            desk.payments.requests.get_by_token(token)
        with pytest.raises(NotFound):
            desk.payments.requests.start_checkout(token)


# Webhook calls


def test_a_call_is_stored_once_and_an_untrusted_one_never(desk: PaymentsDesk) -> None:
    token = desk.asked(desk.billing.issue())
    desk.stripe.pay(desk.checkout(token))
    event = desk.stripe.events[-1]
    for _ in range(2):
        headers, body = desk.stripe.signed(event)
        desk.payments.events.receive("stripe", headers=headers, body=body)
    with pytest.raises(Forbidden):
        desk.payments.events.receive("stripe", headers={}, body=body)
    with pytest.raises(NotFound):
        desk.payments.events.receive("other", headers=headers, body=body)
    with desk.database.reading(SYSTEM) as session:
        stored = session.exec(select(ProviderEvent)).all()
    assert [row.event_id for row in stored] == [event["id"]]


def test_news_of_nobody_wait_for_a_replay(desk: PaymentsDesk) -> None:
    account = desk.provider.create_account(country="DE", email="", name="M", key="k").account_id
    desk.stripe.onboard(account)
    desk.hear()
    done = desk.payments.events.replay(desk.clock() - timedelta(hours=1))
    assert (done.handled, done.failed) == (0, 1)
    with desk.database.reading(SYSTEM) as session:
        assert session.exec(select(ProviderEvent.error)).all() == ["account_unknown"]


def test_an_account_of_a_workshop_speaks_for_no_payment(desk: PaymentsDesk) -> None:
    """Whoever holds a connected account can write anything into its payments."""
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    desk.stripe.pay(desk.checkout(token))
    desk.hear(*({**event, "account": "acct_evil"} for event in desk.stripe.events))
    assert desk.booked(invoice.id) == []
    assert desk.state(token) == "open"


def test_a_call_that_could_not_be_handled_is_handled_by_the_next_try(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    desk.stripe.pay(desk.checkout(token))
    desk.stripe.down = True
    with pytest.raises(ProviderError):
        desk.hear()
    desk.stripe.down = False
    done = desk.payments.events.replay(desk.clock() - timedelta(hours=1))
    assert done.failed == 0
    assert len(desk.booked(invoice.id)) == 1
    desk.clock.advance(timedelta(days=200))
    desk.payments.events.sweep()
    with desk.database.reading(SYSTEM) as session:
        assert session.exec(select(ProviderEvent)).all() == []


# Money that goes back


def paid(desk: PaymentsDesk) -> tuple[str, str, object]:
    """A paid invoice: token, intent, invoice id."""
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    intent = desk.stripe.pay(desk.checkout(token))
    desk.hear()
    return token, intent["id"], invoice.id


def test_a_part_goes_back_then_the_rest_and_no_more(desk: PaymentsDesk) -> None:
    token, _, invoice_id = paid(desk)
    request_id = desk.row(token).id
    part = desk.payments.refunds.refund(desk.actor, request_id, 1_900, reason="Kulanz")
    assert (part.state, part.refunded_cents) == ("paid", 1_900)
    desk.hear()  # the provider tells it as well
    assert desk.booked(invoice_id)[1:] == [("refund", -1_900, "card")]
    with pytest.raises(Invalid):
        desk.payments.refunds.refund(desk.actor, request_id, 10_001, reason="Kulanz")
    rest = desk.payments.refunds.refund(desk.actor, request_id, reason="Kulanz")
    assert (rest.state, rest.refunded_cents) == ("refunded", 11_900)
    assert desk.state(token) == "refunded"
    assert desk.receivable(invoice_id).dunning_stop == "manual"
    with pytest.raises(Conflict):
        desk.payments.refunds.refund(desk.actor, request_id, reason="Kulanz")


def test_a_dispute_takes_the_money_and_stops_reminders(desk: PaymentsDesk) -> None:
    _, intent_id, invoice_id = paid(desk)
    desk.stripe.dispute(intent_id, "warning_needs_response")
    desk.hear()
    assert len(desk.booked(invoice_id)) == 1
    desk.stripe.dispute(intent_id)
    desk.hear()
    assert desk.booked(invoice_id)[1:] == [("dispute", -11_900, "card")]
    assert desk.receivable(invoice_id).dunning_stop == "dispute"
    assert desk.payments.refunds.list_disputes(desk.actor)[0].state == "open"
    desk.stripe.dispute(intent_id, "won")
    desk.hear(*reversed(desk.stripe.events))
    assert desk.booked(invoice_id)[2:] == [("dispute", 11_900, "card")]
    assert desk.receivable(invoice_id).dunning_stop == ""
    assert desk.receivable(invoice_id).state == "paid"
    assert desk.payments.refunds.list_disputes(desk.actor)[0].state == "won"


def test_what_was_lost_in_a_dispute_is_owed_again(desk: PaymentsDesk) -> None:
    _, intent_id, invoice_id = paid(desk)
    desk.stripe.dispute(intent_id, "lost")
    desk.hear()
    assert desk.receivable(invoice_id).state == "open"
    assert desk.receivable(invoice_id).dunning_stop == "dispute"


# Comparing the books


def test_what_no_news_told_is_found_at_night(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    token = desk.asked(invoice)
    intent = desk.stripe.pay(desk.checkout(token))
    found = desk.payments.reconciliation.run()
    assert (found.booked, found.flagged) == (1, 0)
    assert desk.state(token) == "paid"
    desk.provider.refund(intent["id"], 900, key="dashboard", connected=False, fee=False)
    assert desk.payments.reconciliation.run().booked == 1
    again = desk.payments.reconciliation.run()
    assert (again.booked, again.flagged) == (0, 0)
    assert desk.booked(invoice.id) == [("payment", 11_900, "card"), ("refund", -900, "card")]
    desk.stripe.things[intent["id"]]["amount_received"] = 5_000
    assert desk.payments.reconciliation.run().flagged == 1
    desk.stripe.down = True
    assert desk.payments.reconciliation.run().looked_at == 0


# Rights, other workshops, accounts


def test_who_may_not_take_money_may_not(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    mechanic = staff_of(desk.billing.workshop, TECHNICIAN)
    token = desk.asked(invoice)
    request_id = desk.row(token).id
    for forbidden in (
        lambda: desk.payments.requests.ask_for_invoice(mechanic, invoice.id),
        lambda: desk.payments.requests.withdraw(mechanic, request_id),
        lambda: desk.payments.refunds.refund(mechanic, request_id, reason="Kulanz"),
        lambda: desk.payments.refunds.list_payouts(mechanic),
        lambda: desk.payments.accounts.connect(mechanic),
    ):
        with pytest.raises(Forbidden):
            forbidden()


def test_nobody_reaches_the_requests_of_another_workshop(desk: PaymentsDesk) -> None:
    other = open_payments_desk(desk.database, desk.clock, desk.stripe, slug="nebenan")
    token, _, invoice_id = paid(desk)
    request_id = desk.row(token).id
    with pytest.raises(NotFound):
        other.payments.refunds.refund(other.actor, request_id, reason="Kulanz")
    with pytest.raises(NotFound):
        other.payments.requests.withdraw(other.actor, request_id)
    with pytest.raises(NotFound):
        other.payments.requests.ask_for_invoice(other.actor, invoice_id)  # type: ignore[arg-type]
    assert other.payments.requests.list_for_invoice(other.actor, invoice_id) == []  # type: ignore[arg-type]


def test_a_workshop_connects_and_is_paid_less_the_fee(
    database: Database, clock: ManualClock, stripe: StripeStandin
) -> None:
    desk = open_payments_desk(database, clock, stripe, connects=True)
    token = desk.asked(desk.billing.issue())
    with pytest.raises(Invalid):
        desk.payments.requests.start_checkout(token)
    with pytest.raises(Conflict):
        desk.payments.accounts.refresh(desk.actor)
    assert desk.payments.accounts.connect(desk.actor).startswith(stripe.origin)
    assert desk.payments.accounts.connect(desk.actor).startswith(stripe.origin)
    accounts = [thing for thing in stripe.things.values() if thing["object"] == "account"]
    assert len(accounts) == 1
    assert not desk.payments.accounts.get(desk.actor).takes_online
    stripe.onboard(accounts[0]["id"])
    desk.hear()
    assert desk.payments.accounts.get(desk.actor).takes_online
    assert desk.payments.accounts.refresh(desk.actor).charges_enabled
    stripe.pay(desk.checkout(token))
    desk.hear()
    row = desk.row(token)
    assert (row.account_id, row.fee_cents) == (accounts[0]["id"], 129)
    desk.payments.refunds.refund(desk.actor, row.id, reason="Kulanz")
    sent = next(form for path, form, _ in stripe.asked if path == "/v1/refunds")
    assert (sent["reverse_transfer"], sent["refund_application_fee"]) == ("true", "true")
    stripe.pay_out(accounts[0]["id"], 11_771, "pending")
    stripe.pay_out(accounts[0]["id"], 5_000)
    desk.hear()
    assert {row.amount_cents for row in desk.payments.refunds.list_payouts(desk.actor)} == {11_771, 5_000}
    view = desk.payments.accounts.choose_ways(desk.actor, online=False, transfer=False)
    assert not view.takes_online
    assert desk.payments.requests.get_by_token(desk.asked(desk.billing.issue())).iban == ""


def test_unknown_things_are_said_to_be_unknown(desk: PaymentsDesk) -> None:
    with pytest.raises(NotFound):
        desk.payments.requests.ask_for_invoice(desk.actor, uuid4())
    with pytest.raises(NotFound):
        desk.payments.requests.withdraw(desk.actor, uuid4())
    with pytest.raises(NotFound):
        desk.payments.refunds.refund(desk.actor, uuid4(), reason="Kulanz")
