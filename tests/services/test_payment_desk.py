"""The desk of payments: what came is listed, what differs is decided once, what failed is handled again."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.invoice_schemas import InvoiceView
from carbot_app.domains.billing.models import Payment
from carbot_app.domains.payments.list_schemas import PaymentLineView, PaymentQuery
from carbot_app.domains.payments.models import ProviderEvent
from carbot_app.domains.payments.ports import ProviderError
from carbot_app.domains.payments.schemas import MismatchView, PaymentInput
from carbot_app.domains.team.roles import ACCOUNTANT, TECHNICIAN
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from tests.factories import staff_of
from tests.peers.stripe_standin import StripeStandin
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


def paid(desk: PaymentsDesk, method: str = "card") -> tuple[InvoiceView, str]:
    """An invoice that was paid online, and the provider's name of the payment."""
    invoice = desk.billing.issue()
    intent = desk.stripe.pay(desk.checkout(desk.asked(invoice)), method)
    desk.hear()
    return invoice, intent["id"]


def noted(desk: PaymentsDesk, method: str, cents: int = 11_900, reference: str = "Bon 17") -> InvoiceView:
    """An invoice that was paid without a provider."""
    invoice = desk.billing.issue()
    day = desk.clock().date()
    desk.payments.recording.record(desk.actor, PaymentInput(invoice.id, method, cents, day, reference))
    return invoice


def differing(desk: PaymentsDesk, cents: int = 10_000) -> tuple[InvoiceView, MismatchView]:
    """An invoice of 119.00 for which another amount came."""
    invoice = desk.billing.issue()
    intent = desk.payments.requests.start_intent(desk.asked(invoice))
    desk.stripe.things[intent.intent_id]["amount"] = cents
    desk.stripe.confirm(intent.intent_id)
    desk.hear()
    return invoice, desk.payments.mismatches.list_open(desk.actor)[0]


def listed(desk: PaymentsDesk, view: str = "all", search: str = "") -> tuple[PaymentLineView, ...]:
    return desk.payments.list.list_payments(desk.actor, PaymentQuery(view, search)).rows


# The list


def test_every_way_is_listed_counted_and_summed(desk: PaymentsDesk) -> None:
    online, intent_id = paid(desk)
    noted(desk, "cash", 1_900)
    noted(desk, "card_terminal", 2_900)
    noted(desk, "transfer", 3_900)
    desk.payments.refunds.refund(desk.actor, request_of(desk, intent_id), 1_000, reason="Kulanz")
    page = desk.payments.list.list_payments(desk.actor, PaymentQuery())
    told = {view: (total.count, total.cents) for view, total in page.totals.items()}
    assert told == {
        "all": (5, 11_900 + 1_900 + 2_900 + 3_900 - 1_000),
        "online": (2, 10_900),
        "terminal": (1, 2_900),
        "cash": (1, 1_900),
        "transfer": (1, 3_900),
        "debit": (0, 0),
        "back": (1, -1_000),
    }
    assert [(row.kind, row.amount_cents) for row in listed(desk, "online")] == [
        ("refund", -1_000),
        ("payment", 11_900),
    ]
    assert [row.kind for row in listed(desk, "back")] == ["refund"]
    assert {row.number for row in listed(desk, search=online.number.lower())} == {online.number}
    assert [row.way for row in listed(desk, search="BON 17")] == ["transfer", "terminal", "cash"]
    assert listed(desk, search="%") == ()


def request_of(desk: PaymentsDesk, intent_id: str) -> UUID:
    payment = next(row for row in listed(desk, "online") if row.kind == "payment")
    request = desk.payments.list.open_payment(desk.actor, payment.id).request
    assert request is not None
    assert intent_id in desk.stripe.things
    return request.id


def test_pages_follow_without_a_gap(desk: PaymentsDesk) -> None:
    for _ in range(5):
        noted(desk, "cash")
    desk.clock.advance(timedelta(days=1))
    noted(desk, "transfer")
    seen, after = [], None
    while True:
        page = desk.payments.list.list_payments(desk.actor, PaymentQuery(), after=after, limit=2)
        seen += [row.id for row in page.rows]
        if (after := page.next_after) is None:
            break
    assert len(seen) == len(set(seen)) == 6
    assert seen == [row.id for row in listed(desk)]
    assert len(desk.payments.list.list_payments(desk.actor, PaymentQuery(), after="nonsense").rows) == 6
    since = PaymentQuery(since=desk.clock().date())
    assert desk.payments.list.list_payments(desk.actor, since).totals["all"].count == 1


def test_a_payment_says_what_may_be_done_with_it(desk: PaymentsDesk) -> None:
    paid(desk)
    noted(desk, "cash")
    (cash,), (online,) = listed(desk, "cash"), listed(desk, "online")
    sheet = desk.payments.list.open_payment(desk.actor, online.id)
    assert (sheet.can_refund_cents, sheet.can_undo, sheet.request is not None) == (11_900, False, True)
    assert sheet.url.startswith("https://dashboard.stripe.com/test/payments/pi_")
    by_hand = desk.payments.list.open_payment(desk.actor, cash.id)
    assert (by_hand.can_refund_cents, by_hand.can_undo, by_hand.reference, by_hand.url) == (
        0,
        True,
        "Bon 17",
        "",
    )
    desk.payments.recording.undo(desk.actor, cash.id, "Falsche Rechnung")
    assert not desk.payments.list.open_payment(desk.actor, cash.id).can_undo


# Refunds


def test_a_refund_keeps_its_reason_whoever_hears_of_it_first(desk: PaymentsDesk) -> None:
    invoice, intent_id = paid(desk)
    request_id = request_of(desk, intent_id)
    with pytest.raises(Invalid, match="payment_reason_missing"):
        desk.payments.refunds.refund(desk.actor, request_id, reason="  ")
    desk.payments.refunds.refund(desk.actor, request_id, 1_900, reason="Termin verschoben")
    desk.hear()
    with desk.database.reading(SYSTEM) as session:
        row = session.exec(select(Payment).where(Payment.kind == "refund")).one()
    assert (row.reference, row.by, row.invoice_id) == ("Termin verschoben", desk.actor.name, invoice.id)
    # A later one that was made at the provider's has no reason of ours
    desk.provider.refund(intent_id, 500, key="dashboard", connected=False, fee=False)
    desk.hear()
    assert [row.reference for row in rows_of(desk, "refund")] == ["Termin verschoben", invoice.number]


def rows_of(desk: PaymentsDesk, kind: str) -> list[Payment]:
    with desk.database.reading(SYSTEM) as session:
        return list(session.exec(select(Payment).where(Payment.kind == kind).order_by(Payment.id)))  # type: ignore[arg-type]


def test_a_refund_that_was_refused_leaves_no_reason_behind(desk: PaymentsDesk) -> None:
    invoice, intent_id = paid(desk)
    request_id = request_of(desk, intent_id)
    with pytest.raises(Invalid, match="payment_amount_invalid"):
        desk.payments.refunds.refund(desk.actor, request_id, 20_000, reason="Zu viel")
    desk.provider.refund(intent_id, 500, key="dashboard", connected=False, fee=False)
    desk.hear()
    assert [row.reference for row in rows_of(desk, "refund")] == [invoice.number]


# Money that differs


def test_another_amount_is_booked_as_it_came(desk: PaymentsDesk) -> None:
    invoice, seen = differing(desk, 10_000)
    assert (seen.kind, seen.asked_cents, seen.came_cents, seen.can_book) == ("amount", 11_900, 10_000, True)
    view = desk.payments.mismatches.book(desk.actor, seen.id)
    assert (view.state, view.amount_cents) == ("paid", 10_000)
    assert desk.booked(invoice.id) == [("payment", 10_000, "card")]
    assert desk.receivable(invoice.id).state == "partial"
    assert desk.payments.mismatches.list_open(desk.actor) == []
    with pytest.raises(Conflict, match="payment_mismatch_settled"):
        desk.payments.mismatches.book(desk.actor, seen.id)
    desk.hear()
    desk.payments.reconciliation.run()
    assert len(desk.booked(invoice.id)) == 1
    assert desk.payments.mismatches.list_open(desk.actor) == []


def test_what_was_decided_is_not_shown_again_at_night(desk: PaymentsDesk) -> None:
    invoice, seen = differing(desk)
    desk.payments.mismatches.settle(desk.actor, seen.id)
    assert desk.payments.reconciliation.run().flagged == 0
    assert desk.payments.mismatches.list_open(desk.actor) == []
    # The link works again, with a page of its own
    token = desk.asked(invoice)
    desk.stripe.pay(desk.checkout(token))
    desk.hear()
    assert desk.booked(invoice.id) == [("payment", 11_900, "card")]
    desk.payments.reconciliation.run()
    assert desk.payments.mismatches.list_open(desk.actor) == []


def test_money_that_was_never_booked_goes_back_once(desk: PaymentsDesk) -> None:
    invoice, seen = differing(desk, 10_000)
    desk.payments.mismatches.give_back(desk.actor, seen.id)
    desk.hear()
    refunds = [thing for thing in desk.stripe.things.values() if thing["object"] == "refund"]
    assert [refund["amount"] for refund in refunds] == [10_000]
    assert desk.booked(invoice.id) == []
    desk.payments.reconciliation.run()
    assert desk.payments.mismatches.list_open(desk.actor) == []
    with pytest.raises(Conflict, match="payment_mismatch_settled"):
        desk.payments.mismatches.give_back(desk.actor, seen.id)


def test_a_second_payment_pays_another_invoice_and_can_be_refunded_there(desk: PaymentsDesk) -> None:
    invoice, other = desk.billing.issue(), desk.billing.issue()
    token = desk.asked(invoice)
    intent = desk.payments.requests.start_intent(token)
    checkout = desk.checkout(token)
    desk.stripe.confirm(intent.intent_id)
    desk.stripe.pay(checkout)
    desk.hear()
    (seen,) = desk.payments.mismatches.list_open(desk.actor)
    assert (seen.kind, seen.came_cents) == ("twice", None)
    view = desk.payments.mismatches.book(desk.actor, seen.id, other.id)
    assert (desk.receivable(other.id).state, view.invoice_id) == ("paid", other.id)
    desk.payments.reconciliation.run()
    assert desk.payments.mismatches.list_open(desk.actor) == []
    desk.payments.refunds.refund(desk.actor, view.id, 900, reason="Kulanz")
    desk.hear()
    assert desk.booked(other.id) == [("payment", 11_900, "card"), ("refund", -900, "card")]
    assert desk.booked(invoice.id) == [("payment", 11_900, "card")]


def test_money_for_a_cancelled_invoice_needs_another_one(desk: PaymentsDesk) -> None:
    invoice, other = desk.billing.issue(), desk.billing.issue()
    checkout = desk.checkout(desk.asked(invoice))
    desk.billing.invoices.cancel(desk.actor, invoice.id, "falscher Kunde")
    desk.stripe.pay(checkout)
    desk.hear()
    (seen,) = desk.payments.mismatches.list_open(desk.actor)
    with pytest.raises(Conflict, match="invoice_cancelled"):
        desk.payments.mismatches.book(desk.actor, seen.id)
    desk.payments.mismatches.book(desk.actor, seen.id, other.id)
    assert desk.receivable(other.id).state == "paid"


def test_another_currency_goes_back_but_is_never_booked(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    intent = desk.payments.requests.start_intent(desk.asked(invoice))
    desk.stripe.things[intent.intent_id]["currency"] = "chf"
    desk.stripe.confirm(intent.intent_id)
    desk.hear()
    (seen,) = desk.payments.mismatches.list_open(desk.actor)
    assert (seen.can_book, seen.can_give_back) == (False, True)
    with pytest.raises(Conflict, match="payment_mismatch_booked"):
        desk.payments.mismatches.book(desk.actor, seen.id)
    with pytest.raises(Conflict, match="payment_mismatch_stays"):
        desk.payments.mismatches.look_again(desk.actor, seen.id)
    desk.payments.mismatches.give_back(desk.actor, seen.id)
    assert desk.booked(invoice.id) == []


def test_looking_again_books_what_was_put_right_at_the_provider(desk: PaymentsDesk) -> None:
    invoice, seen = differing(desk)
    with pytest.raises(Conflict, match="payment_mismatch_stays"):
        desk.payments.mismatches.look_again(desk.actor, seen.id)
    for thing in desk.stripe.things.values():
        if thing["object"] == "payment_intent":
            thing["amount"] = thing["amount_received"] = 11_900
    assert desk.payments.mismatches.look_again(desk.actor, seen.id).state == "paid"
    assert desk.booked(invoice.id) == [("payment", 11_900, "card")]
    assert desk.payments.mismatches.list_open(desk.actor) == []


def test_the_provider_being_away_decides_nothing(desk: PaymentsDesk) -> None:
    _, seen = differing(desk)
    desk.stripe.down = True
    for decide in (desk.payments.mismatches.book, desk.payments.mismatches.give_back):
        with pytest.raises(Unavailable):
            decide(desk.actor, seen.id)
    assert len(desk.payments.mismatches.list_open(desk.actor)) == 1


# News that failed, payouts


def test_news_that_failed_are_listed_and_handled_again(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    desk.stripe.pay(desk.checkout(desk.asked(invoice)))
    desk.stripe.down = True
    with pytest.raises(ProviderError):
        desk.hear()
    failed = desk.payments.event_desk.list_failed(desk.actor)
    assert [(row.error, row.attempts) for row in failed] == [("ProviderError", 1)]
    with pytest.raises(Conflict, match="payment_event_failed"):
        desk.payments.event_desk.replay(desk.actor, failed[0].id)
    replayed = desk.payments.events.replay(desk.clock() - timedelta(days=1))
    assert (replayed.handled, replayed.failed > 0) == (0, True)
    desk.stripe.down = False
    for row in desk.payments.event_desk.list_failed(desk.actor):
        desk.payments.event_desk.replay(desk.actor, row.id)
    assert desk.payments.event_desk.list_failed(desk.actor) == []
    assert desk.booked(invoice.id) == [("payment", 11_900, "card")]
    with pytest.raises(NotFound):
        desk.payments.event_desk.replay(desk.actor, uuid4())


def test_a_payout_says_which_payments_are_in_it(
    database: Database, clock: ManualClock, stripe: StripeStandin
) -> None:
    desk = open_payments_desk(database, clock, stripe, connects=True)
    desk.payments.accounts.connect(desk.actor)
    account_id = next(name for name, thing in stripe.things.items() if thing["object"] == "account")
    stripe.onboard(account_id)
    desk.hear()
    invoice, intent_id = paid(desk)
    name = stripe.pay_out(account_id, 11_865, intents=(intent_id,))["id"]
    desk.hear()
    parts = desk.payments.refunds.open_payout(desk.actor, name)
    assert [(part.kind, part.text, part.invoice_id, part.amount_cents) for part in parts] == [
        ("charge", invoice.number, invoice.id, 11_900),
        ("other", "", None, -35),
    ]
    stripe.down = True
    with pytest.raises(Unavailable):
        desk.payments.refunds.open_payout(desk.actor, name)


def test_a_dispute_that_is_told_before_its_payment_is_found_at_night(desk: PaymentsDesk) -> None:
    invoice = desk.billing.issue()
    intent = desk.stripe.pay(desk.checkout(desk.asked(invoice)))
    told = list(desk.stripe.events)
    desk.stripe.dispute(intent["id"])
    desk.hear(desk.stripe.events[-1])
    desk.hear(*told)
    assert desk.payments.refunds.list_disputes(desk.actor) == []
    desk.payments.events.retry()
    (dispute,) = desk.payments.refunds.list_disputes(desk.actor)
    assert (dispute.invoice_id, dispute.state) == (invoice.id, "open")
    desk.payments.events.retry()
    assert [kind for kind, _, _ in desk.booked(invoice.id)] == ["payment", "dispute"]


def test_payouts_of_one_account_are_the_only_workshops(desk: PaymentsDesk) -> None:
    invoice, intent_id = paid(desk)
    name = desk.stripe.pay_out("", 11_865, intents=(intent_id,))["id"]
    desk.hear()
    (payout,) = desk.payments.refunds.list_payouts(desk.actor)
    assert (payout.payout_id, payout.state) == (name, "paid")
    assert desk.payments.refunds.open_payout(desk.actor, name)[0].invoice_id == invoice.id
    open_payments_desk(desk.database, desk.clock, desk.stripe, slug="nebenan")
    desk.stripe.pay_out("", 5_000)
    desk.hear()
    assert len(desk.payments.refunds.list_payouts(desk.actor)) == 1


def test_a_dispute_leads_to_where_it_is_answered(desk: PaymentsDesk) -> None:
    invoice, intent_id = paid(desk)
    desk.stripe.dispute(intent_id)
    desk.hear()
    (dispute,) = desk.payments.refunds.list_disputes(desk.actor)
    assert (dispute.invoice_id, dispute.reason, dispute.answer_until is not None) == (
        invoice.id,
        "fraudulent",
        True,
    )
    assert dispute.url == f"https://dashboard.stripe.com/test/payments/{intent_id}"


# Rights and other workshops


def test_who_only_reads_books_decides_nothing(desk: PaymentsDesk) -> None:
    _, seen = differing(desk)
    noted(desk, "cash")
    books, mechanic = (staff_of(desk.billing.workshop, role) for role in (ACCOUNTANT, TECHNICIAN))
    assert len(desk.payments.list.list_payments(books, PaymentQuery()).rows) == 1
    for refused in (
        lambda: desk.payments.list.list_payments(mechanic, PaymentQuery()),
        lambda: desk.payments.refunds.open_payout(mechanic, "po_1"),
        lambda: desk.payments.mismatches.list_open(books),
        lambda: desk.payments.mismatches.book(books, seen.id),
        lambda: desk.payments.mismatches.give_back(books, seen.id),
        lambda: desk.payments.mismatches.settle(books, seen.id),
        lambda: desk.payments.mismatches.look_again(books, seen.id),
        lambda: desk.payments.event_desk.list_failed(books),
        lambda: desk.payments.event_desk.replay(books, seen.id),
    ):
        with pytest.raises(Forbidden):
            refused()


def test_another_workshop_sees_and_decides_nothing(desk: PaymentsDesk) -> None:
    other = open_payments_desk(desk.database, desk.clock, desk.stripe, slug="nebenan")
    invoice, seen = differing(desk)
    foreign = other.billing.issue()
    noted(desk, "cash")
    (row,) = listed(desk)
    assert listed(other) == ()
    assert other.payments.list.list_payments(other.actor, PaymentQuery()).totals["all"].count == 0
    assert other.payments.mismatches.list_open(other.actor) == []
    with desk.database.reading(SYSTEM) as session:
        event_id = session.exec(select(ProviderEvent.id)).first()
    assert event_id is not None
    for refused in (
        lambda: other.payments.list.open_payment(other.actor, row.id),
        lambda: other.payments.mismatches.book(other.actor, seen.id),
        lambda: other.payments.mismatches.give_back(other.actor, seen.id),
        lambda: other.payments.mismatches.settle(other.actor, seen.id),
        lambda: other.payments.event_desk.replay(other.actor, event_id),
        lambda: other.payments.refunds.open_payout(other.actor, "po_1"),
        lambda: desk.payments.mismatches.book(desk.actor, seen.id, foreign.id),
    ):
        with pytest.raises(NotFound):
            refused()
    assert desk.booked(invoice.id) == []
