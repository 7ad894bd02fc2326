"""The page of payments: filters, the way back for money, what a person decides about what does not fit."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import col, select

from carbot_app.adapters.payments.stripe import StripePayments
from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.outbox_worker import Delivery
from carbot_app.db.session import SYSTEM
from carbot_app.domains.payments.schemas import PaymentInput
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import ACCOUNTANT, TECHNICIAN
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_id
from carbot_app.state import payment_trouble, payments
from carbot_app.state.payment_trouble import MismatchAssignState, PaymentTroubleState
from carbot_app.state.payments import PaymentFileState, PaymentsState
from carbot_app.state.session import SessionState
from tests.factories import staff_of
from tests.factories.owed import make_invoice
from tests.peers.stripe_standin import KEY, SECRET, StripeStandin
from tests.state.tabs import Tab, open_tab, words_of

PAGE = "/rechnungen/zahlungen/"


@pytest.fixture
def stripe() -> Iterator[StripeStandin]:
    server = StripeStandin()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def services(
    services: Services,
    stripe: StripeStandin,
    clock: ManualClock,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Services:
    """The services of every state test, paid online over the stand-in."""
    provider = StripePayments(secret_key=KEY, webhook_secret=SECRET, api_base=stripe.origin, connects=False)
    built = build_services(Settings(data_dir=tmp_path), db=services.db, clock=clock, stripe=provider)
    for module in (payments, payment_trouble):
        monkeypatch.setattr(module, "get_services", lambda: built)
    return built


def hear(services: Services, stripe: StripeStandin) -> None:
    """Webhook calls of everything that happened, and the jobs after them."""
    for event in stripe.events:
        headers, body = stripe.signed(event)
        services.payments.events.receive("stripe", headers=headers, body=body)
    with services.db.reading(SYSTEM) as session:
        rows = session.exec(select(OutboxEvent).order_by(col(OutboxEvent.id))).all()
    for row in rows:
        delivery = Delivery(row.id, row.workshop_id, row.kind, row.payload, row.created_at)
        services.payments.events.on_event(delivery)


def paid_online(services: Services, stripe: StripeStandin, workshop: Workshop, number: str) -> str:
    """An invoice of 100.00 that was paid by card; the provider's name of the payment."""
    row = make_invoice(services.db, workshop, number, 10_000)
    link = services.payments.requests.ask_for_invoice(staff_of(workshop), row.invoice_id).url
    checkout = services.payments.requests.start_checkout(link.rpartition("/")[2])
    intent = stripe.pay(checkout.rpartition("/")[2])
    hear(services, stripe)
    return intent["id"]


def paid_in_cash(services: Services, workshop: Workshop, number: str) -> None:
    row = make_invoice(services.db, workshop, number, 4_000)
    money = PaymentInput(row.invoice_id, "cash", 4_000, services.clock().date(), "Bon 17")
    services.payments.recording.record(staff_of(workshop), money)


def differing(services: Services, stripe: StripeStandin, workshop: Workshop, number: str) -> None:
    """An invoice of 100.00 for which 80.00 came."""
    row = make_invoice(services.db, workshop, number, 10_000)
    link = services.payments.requests.ask_for_invoice(staff_of(workshop), row.invoice_id).url
    intent = services.payments.requests.start_intent(link.rpartition("/")[2])
    stripe.things[intent.intent_id]["amount"] = 8_000
    stripe.confirm(intent.intent_id)
    hear(services, stripe)


async def test_a_tile_filters_and_the_address_keeps_it(
    services: Services, stripe: StripeStandin, workshop: Workshop, tab: Tab
) -> None:
    paid_online(services, stripe, workshop, "RE-2026-00001")
    paid_in_cash(services, workshop, "RE-2026-00002")
    await tab.at(PAGE).call(PaymentsState.load)
    state = await tab.state(PaymentsState)
    assert (state.status, len(state.rows)) == ("ready", 2)
    assert {tile.view: tile.sum for tile in state.tiles if tile.count} == {
        "all": "140,00\xa0€",
        "online": "100,00\xa0€",
        "cash": "40,00\xa0€",
    }
    assert "art" in words_of(await tab.call(PaymentsState.pick, "cash"))
    assert [(row.number, row.word) for row in state.rows] == [("RE-2026-00002", "Bar")]
    await tab.call(PaymentsState.pick, "cash")
    assert (state.view, len(state.rows)) == ("all", 2)
    await tab.at(f"{PAGE}?art=online&zeitraum=30").call(PaymentsState.load)
    assert (state.view, state.period, [row.word for row in state.rows]) == ("online", "30", ["Karte"])
    await tab.at(f"{PAGE}?art=geschenkt&zeitraum=ewig").call(PaymentsState.load)
    assert (state.view, state.period) == ("all", "90")
    await tab.call(PaymentsState.find, "bon 17")
    assert [row.number for row in state.rows] == ["RE-2026-00002"]


async def test_long_lists_go_on_below(services: Services, workshop: Workshop, tab: Tab) -> None:
    for at in range(52):
        paid_in_cash(services, workshop, f"RE-2026-{at:05}")
    await tab.at(PAGE).call(PaymentsState.load)
    state = await tab.state(PaymentsState)
    assert (len(state.rows), state.has_more) == (50, True)
    await tab.call(PaymentsState.more)
    assert (len({row.id for row in state.rows}), state.has_more) == (52, False)
    await tab.call(PaymentsState.on_live, "payment", "", "payment.received")
    assert len(state.rows) == 52


async def test_money_goes_back_with_a_reason_and_the_pane_says_what_is_wrong(
    services: Services, stripe: StripeStandin, workshop: Workshop, tab: Tab
) -> None:
    paid_online(services, stripe, workshop, "RE-2026-00001")
    await tab.at(PAGE).call(PaymentsState.load)
    (row,) = (await tab.state(PaymentsState)).rows
    await tab.call(PaymentFileState.show, row.id)
    pane = await tab.state(PaymentFileState)
    assert (pane.open, pane.file.can_refund, pane.file.left_plain) == (True, True, "100,00")
    await tab.call(PaymentFileState.ask, "refund")
    await tab.call(PaymentFileState.refund, {"amount": "20,00", "reason": ""})
    assert (pane.field, pane.problem) == ("reason", "Bitte nennen Sie den Grund.")
    await tab.call(PaymentFileState.refund, {"amount": "viel", "reason": "Kulanz"})
    assert (pane.field, pane.busy) == ("amount", False)
    await tab.call(PaymentFileState.refund, {"amount": "100,01", "reason": "Kulanz"})
    assert pane.field == "amount"
    told = words_of(await tab.call(PaymentFileState.refund, {"amount": "20,00", "reason": "Kulanz"}))
    assert "RE-2026-00001" in told
    assert (pane.asked, pane.file.refunded, pane.file.left_plain) == ("", "20,00\xa0€", "80,00")
    assert "back" in [tile.view for tile in (await tab.state(PaymentsState)).tiles]
    stripe.down = True
    await tab.call(PaymentFileState.refund, {"amount": "10,00", "reason": "Kulanz"})
    assert pane.field == ""
    assert "antwortet gerade nicht" in pane.problem


async def test_a_mistake_at_the_desk_is_taken_back(services: Services, workshop: Workshop, tab: Tab) -> None:
    paid_in_cash(services, workshop, "RE-2026-00001")
    await tab.at(PAGE).call(PaymentsState.load)
    (row,) = (await tab.state(PaymentsState)).rows
    await tab.call(PaymentFileState.show, row.id)
    pane = await tab.state(PaymentFileState)
    assert (pane.file.can_refund, pane.file.can_undo, pane.file.reference) == (False, True, "Bon 17")
    await tab.call(PaymentFileState.undo, {"reason": "Falsche Rechnung"})
    assert not pane.file.can_undo
    assert len((await tab.state(PaymentsState)).rows) == 2
    await tab.call(PaymentFileState.close)
    assert not pane.open


async def test_another_amount_is_booked_as_it_came(
    services: Services, stripe: StripeStandin, workshop: Workshop, tab: Tab
) -> None:
    differing(services, stripe, workshop, "RE-2026-00001")
    await tab.at(PAGE).call(PaymentTroubleState.load)
    state = await tab.state(PaymentTroubleState)
    (row,) = state.mismatches
    assert (row.title, state.waiting) == ("RE-2026-00001: 80,00\xa0€ statt 100,00\xa0€", 1)
    assert "derselbe Betrag" in words_of(await tab.call(PaymentTroubleState.look_again, row.id))
    assert "gebucht" in words_of(await tab.call(PaymentTroubleState.book, row.id))
    assert (state.mismatches, state.waiting) == ([], 0)
    assert [paid.amount for paid in (await tab.state(PaymentsState)).rows] == ["80,00\xa0€"]
    assert "schon entschieden" in words_of(await tab.call(PaymentTroubleState.give_back, row.id))


async def test_another_invoice_is_chosen_for_it(
    services: Services, stripe: StripeStandin, workshop: Workshop, tab: Tab
) -> None:
    differing(services, stripe, workshop, "RE-2026-00001")
    other = make_invoice(services.db, workshop, "RE-2026-00002", 8_000)
    await tab.at(PAGE).call(PaymentTroubleState.load)
    (row,) = (await tab.state(PaymentTroubleState)).mismatches
    await tab.call(MismatchAssignState.start, row.id)
    pane = await tab.state(MismatchAssignState)
    assert (pane.open, {offer.number for offer in pane.offers}) == (True, {"RE-2026-00001", "RE-2026-00002"})
    await tab.call(MismatchAssignState.find, "00002")
    assert [offer.number for offer in pane.offers] == ["RE-2026-00002"]
    await tab.call(MismatchAssignState.apply)
    assert pane.problem
    await tab.call(MismatchAssignState.pick, str(other.invoice_id))
    await tab.call(MismatchAssignState.apply)
    assert (pane.open, (await tab.state(PaymentTroubleState)).mismatches) == (False, [])
    assert [paid.number for paid in (await tab.state(PaymentsState)).rows] == ["RE-2026-00002"]
    await tab.call(MismatchAssignState.start, str(new_id()))
    assert not pane.open


async def test_what_is_decided_elsewhere_and_disputes_are_shown(
    services: Services, stripe: StripeStandin, workshop: Workshop, tab: Tab
) -> None:
    differing(services, stripe, workshop, "RE-2026-00001")
    intent_id = paid_online(services, stripe, workshop, "RE-2026-00002")
    stripe.dispute(intent_id)
    hear(services, stripe)
    await tab.at(PAGE).call(PaymentTroubleState.load)
    state = await tab.state(PaymentTroubleState)
    (dispute,) = state.disputes
    assert (dispute.state, state.waiting) == ("open", 2)
    assert dispute.text.startswith("Kunde bestreitet die Zahlung · Nachweise bis ")
    await tab.call(PaymentTroubleState.settle, state.mismatches[0].id)
    assert (state.mismatches, state.waiting) == ([], 1)
    stripe.dispute(intent_id, "won")
    hear(services, stripe)
    await tab.call(PaymentTroubleState.on_live, "payment", "", "payment.disputed")
    assert (state.disputes[0].state, state.waiting) == ("won", 0)


async def test_news_that_failed_are_handled_again(
    services: Services, stripe: StripeStandin, workshop: Workshop, tab: Tab
) -> None:
    stripe.down = False
    row = make_invoice(services.db, workshop, "RE-2026-00001", 10_000)
    link = services.payments.requests.ask_for_invoice(staff_of(workshop), row.invoice_id).url
    stripe.pay(services.payments.requests.start_checkout(link.rpartition("/")[2]).rpartition("/")[2])
    stripe.down = True
    with pytest.raises(Exception, match="APIError"):
        hear(services, stripe)
    await tab.at(PAGE).call(PaymentTroubleState.load)
    state = await tab.state(PaymentTroubleState)
    failed = state.events[0]
    assert "err" in words_of(await tab.call(PaymentTroubleState.replay, failed.id))
    stripe.down = False
    assert "Verarbeitet" in words_of(await tab.call(PaymentTroubleState.replay, failed.id))
    assert failed.id not in [event.id for event in state.events]
    assert [paid.number for paid in (await tab.state(PaymentsState)).rows] == ["RE-2026-00001"]


async def test_a_payout_the_provider_does_not_know_is_said(tab: Tab) -> None:
    await tab.at(PAGE).call(PaymentTroubleState.load)
    assert "gibt es nicht" in words_of(await tab.call(PaymentTroubleState.show_payout, "po_1"))


async def test_the_tax_adviser_reads_and_the_mechanic_sees_nothing(
    services: Services, stripe: StripeStandin, workshop: Workshop
) -> None:
    differing(services, stripe, workshop, "RE-2026-00001")
    paid_in_cash(services, workshop, "RE-2026-00002")
    books = open_tab(services, workshop, ACCOUNTANT)
    await books.call(SessionState.load)
    await books.at(PAGE).call(PaymentsState.load)
    await books.call(PaymentTroubleState.load)
    listed, trouble = await books.state(PaymentsState), await books.state(PaymentTroubleState)
    assert (len(listed.rows), trouble.mismatches, trouble.may_change) == (1, [], False)
    await books.call(PaymentFileState.show, listed.rows[0].id)
    assert not (await books.state(PaymentFileState)).file.can_undo
    request_id = services.payments.mismatches.list_open(staff_of(workshop))[0].id
    for press in (PaymentTroubleState.book, PaymentTroubleState.give_back, PaymentTroubleState.settle):
        assert "err" in words_of(await books.call(press, str(request_id)))
    mechanic = open_tab(services, workshop, TECHNICIAN)
    await mechanic.call(SessionState.load)
    await mechanic.at(PAGE).call(PaymentsState.load)
    state = await mechanic.state(PaymentsState)
    assert (state.status, state.rows) == ("failed", [])
