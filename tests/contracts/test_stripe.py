"""The Stripe adapter against two servers others wrote and the stand-in for what both lack."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
import stripe

from carbot_app.adapters.payments.stripe import StripePayments
from carbot_app.domains.payments.ports import (
    FAILED,
    OPEN,
    PAID,
    PROCESSING,
    PaymentOrder,
    ProviderError,
    Seen,
    SeenAccount,
    SeenDispute,
    SeenPayment,
    SeenPayout,
    SeenRefund,
    UntrustedEvent,
)
from carbot_app.kit.ids import new_id
from tests.peers import emulated_stripe, local_stripe, stripe_standin
from tests.peers.emulated_stripe import EmulatedStripe
from tests.peers.local_stripe import LocalStripe
from tests.peers.npm_packages import running
from tests.peers.stripe_standin import DECLINED, StripeStandin


@dataclass
class Hook:
    """Our webhook: keeps what it was called with."""

    calls: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def start(self) -> None:
        calls = self.calls

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def wait_for(self, provider: StripePayments, wanted: Callable[[Seen], bool]) -> Seen:
        """What a call said, its signature checked."""
        for _ in range(100):
            for headers, body in list(self.calls):
                try:
                    seen = provider.understand(provider.verify_webhook(headers, body).payload)
                except UntrustedEvent:
                    continue  # of the other server, which has another secret
                if seen is not None and wanted(seen):
                    return seen
            time.sleep(0.1)
        raise AssertionError(self.calls)


@pytest.fixture(scope="module")
def hook() -> Iterator[Hook]:
    listening = Hook()
    listening.start()
    yield listening
    listening.stop()


@pytest.fixture(scope="module")
def emulated(tmp_path_factory: pytest.TempPathFactory, hook: Hook) -> Iterator[EmulatedStripe]:
    with running(EmulatedStripe(tmp_path_factory.mktemp("stripe"), hook.url)) as server:
        yield server


@pytest.fixture(scope="module")
def local(hook: Hook) -> Iterator[LocalStripe]:
    server = LocalStripe(hook.url)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def standin() -> Iterator[StripeStandin]:
    server = StripeStandin()
    server.start()
    yield server
    server.stop()


def provider_of(peer: object, **changes: object) -> StripePayments:
    module = {EmulatedStripe: emulated_stripe, LocalStripe: local_stripe, StripeStandin: stripe_standin}[
        type(peer)
    ]
    return StripePayments(
        **{
            "secret_key": module.KEY,
            "webhook_secret": module.SECRET,
            "api_base": peer.origin,  # type: ignore[attr-defined]
            **changes,
        }
    )  # type: ignore[arg-type]


def order(**changes: object) -> PaymentOrder:
    fresh = PaymentOrder(
        request_id=new_id(),
        amount_cents=54_682,
        currency="EUR",
        text="RE-2026-00042",
        language="de",
        key=new_id().hex,
        success_url="https://carbot.example/zahlen/x?zurueck=1",
        cancel_url="https://carbot.example/zahlen/x",
    )
    return replace(fresh, **changes)  # type: ignore[arg-type]


# Checkout: the server others wrote and the stand-in


@pytest.fixture(params=["emulated", "standin"])
def checkout_peer(request: pytest.FixtureRequest) -> EmulatedStripe | StripeStandin:
    return request.getfixturevalue(request.param)


def press_pay(peer: EmulatedStripe | StripeStandin, url: str) -> httpx.Response:
    """What the button of the provider's page does."""
    return httpx.post(f"{url}/complete" if isinstance(peer, EmulatedStripe) else url)


def test_a_checkout_is_paid_and_leads_back(checkout_peer: EmulatedStripe | StripeStandin) -> None:
    provider, asked = provider_of(checkout_peer), order()
    made = provider.create_checkout(asked)
    assert provider.retrieve(checkout_id=made.checkout_id).state == OPEN
    answer = press_pay(checkout_peer, made.url)
    assert answer.headers["location"] == asked.success_url
    seen = provider.retrieve(checkout_id=made.checkout_id)
    assert (seen.state, seen.amount_cents, seen.currency) == (PAID, 54_682, "EUR")
    assert seen.request_id == str(asked.request_id)


def test_a_checkout_that_is_over_is_over_twice(checkout_peer: EmulatedStripe | StripeStandin) -> None:
    provider = provider_of(checkout_peer)
    made = provider.create_checkout(order())
    provider.expire_checkout(made.checkout_id)
    provider.expire_checkout(made.checkout_id)
    assert provider.retrieve(checkout_id=made.checkout_id).state == "expired"


def test_the_signed_event_of_a_checkout_names_its_request(emulated: EmulatedStripe, hook: Hook) -> None:
    provider, asked = provider_of(emulated), order()
    made = provider.create_checkout(asked)
    httpx.post(f"{emulated.peer}/checkout/{made.checkout_id}/complete")
    seen = hook.wait_for(
        provider_of(emulated), lambda seen: getattr(seen, "request_id", "") == str(asked.request_id)
    )
    assert isinstance(seen, SeenPayment)
    assert (seen.state, seen.checkout_id) == (PAID, made.checkout_id)


# Payments and refunds: localstripe and the stand-in


@pytest.fixture(params=["local", "standin"])
def paying_peer(request: pytest.FixtureRequest) -> LocalStripe | StripeStandin:
    return request.getfixturevalue(request.param)


def pay_directly(peer: LocalStripe | StripeStandin, method: str) -> str:
    """A payment somebody made, and its name."""
    if isinstance(peer, StripeStandin):
        made = provider_of(peer).create_payment_intent(order())
        peer.confirm(made.intent_id, method)
        return made.intent_id
    api = stripe.StripeClient(local_stripe.KEY, base_addresses={"api": peer.origin}).v1
    card = {"number": "4242424242424242", "exp_month": 12, "exp_year": 2030, "cvc": "123"}
    way = api.payment_methods.create({"type": "card", "card": card})  # type: ignore[arg-type]
    customer = api.customers.create({"email": "a@b.de"})
    api.payment_methods.attach(way.id, {"customer": customer.id})
    made = api.payment_intents.create(
        {
            "amount": 54_682,
            "currency": "eur",
            "customer": customer.id,
            "payment_method": way.id,
            "confirm": True,
        }
    )
    return made.id


def test_a_card_payment_is_paid_at_once(paying_peer: LocalStripe | StripeStandin) -> None:
    intent_id = pay_directly(paying_peer, "card")
    seen = provider_of(paying_peer).retrieve(intent_id=intent_id)
    assert (seen.state, seen.amount_cents, seen.currency) == (PAID, 54_682, "EUR")
    # localstripe does not tell the way of a charge; it is booked as a card then
    assert seen.method == ("card" if isinstance(paying_peer, StripeStandin) else "")
    assert seen.charge_id.startswith("ch_")


def test_a_payment_goes_back_in_parts_and_not_more(paying_peer: LocalStripe | StripeStandin) -> None:
    provider, intent_id = provider_of(paying_peer), pay_directly(paying_peer, "card")
    seen = provider.refund(intent_id, 10_000, key=new_id().hex, connected=False, fee=False)
    assert (seen.state, seen.amount_cents, seen.intent_id) == ("succeeded", 10_000, intent_id)


def test_a_direct_debit_is_processing_first(standin: StripeStandin) -> None:
    intent_id = pay_directly(standin, "sepa_debit")
    provider = provider_of(standin)
    assert provider.retrieve(intent_id=intent_id).state == PROCESSING
    standin.clear(intent_id)
    seen = provider.retrieve(intent_id=intent_id)
    assert (seen.state, seen.method) == (PAID, "direct_debit")


def test_signed_events_of_localstripe_are_read(local: LocalStripe, hook: Hook) -> None:
    intent_id = pay_directly(local, "card")
    seen = hook.wait_for(provider_of(local), lambda seen: getattr(seen, "intent_id", "") == intent_id)
    assert isinstance(seen, SeenPayment)
    assert (seen.state, seen.amount_cents) == (PAID, 54_682)


# What only the stand-in has


def test_money_goes_to_the_workshop_less_the_fee(standin: StripeStandin) -> None:
    provider = provider_of(standin)
    account = provider.create_account(country="DE", email="a@b.de", name="Müller", key="account:1")
    assert not account.charges_enabled
    assert provider.onboarding_url(account.account_id, return_url="https://x/r", refresh_url="https://x/f")
    with pytest.raises(ProviderError) as refused:
        provider.create_checkout(order(account_id=account.account_id))
    assert refused.value.permanent
    standin.onboard(account.account_id)
    assert provider.get_account(account.account_id).charges_enabled
    made = provider.create_checkout(order(account_id=account.account_id, fee_cents=547))
    intent = standin.pay(made.checkout_id, "apple_pay")
    assert intent["transfer_data"] == {"destination": account.account_id}
    assert intent["on_behalf_of"] == account.account_id
    seen = provider.retrieve(intent_id=intent["id"])
    assert (seen.fee_cents, seen.method) == (547, "wallet")


def test_the_same_order_twice_is_one_checkout(standin: StripeStandin) -> None:
    provider, asked = provider_of(standin), order()
    assert provider.create_checkout(asked) == provider.create_checkout(asked)
    first = provider.create_payment_intent(asked)
    assert first == provider.create_payment_intent(asked)
    assert len([thing for thing in standin.things.values() if thing["object"] == "payment_intent"]) == 1


def test_a_refund_pressed_twice_is_one_refund(standin: StripeStandin) -> None:
    provider = provider_of(standin)
    intent_id = pay_directly(standin, "card")
    for _ in range(2):
        provider.refund(intent_id, 1_000, key="once", connected=True, fee=False)
    assert len([thing for thing in standin.things.values() if thing["object"] == "refund"]) == 1
    with pytest.raises(ProviderError):
        provider.refund(intent_id, 60_000, key="more", connected=False, fee=False)


def test_everything_of_the_last_days_is_listed_over_pages(standin: StripeStandin) -> None:
    provider = provider_of(standin)
    intents = [pay_directly(standin, "paypal") for _ in range(5)]
    provider.refund(intents[0], 100, key="a", connected=False, fee=False)
    seen = provider.list_since(datetime.now(UTC) - timedelta(days=1))
    payments = [item for item in seen if isinstance(item, SeenPayment)]
    assert {item.intent_id for item in payments} == set(intents)
    assert {item.method for item in payments} == {"paypal"}
    assert [item.amount_cents for item in seen if isinstance(item, SeenRefund)] == [100]
    assert provider.list_since(datetime.now(UTC) + timedelta(hours=1)) == []


@pytest.mark.parametrize("of", ["the workshop", "the operator"])
def test_a_payout_is_made_of_its_payments(standin: StripeStandin, of: str) -> None:
    intent_id = pay_directly(standin, "card")
    account_id = ""
    if of == "the workshop":
        account_id = provider_of(standin).create_account(country="DE", email="", name="X", key="x").account_id
    payout = standin.pay_out(account_id, 50_000, intents=(intent_id,))
    charge, fee = provider_of(standin).list_payout_parts(payout["id"], account_id)
    intent = standin.things[intent_id]
    assert (charge.kind, charge.charge_id) == ("charge", intent["latest_charge"])
    assert (charge.amount_cents, charge.currency) == (intent["amount"], "EUR")
    assert (fee.kind, fee.charge_id, fee.amount_cents) == ("other", "", -35)
    with pytest.raises(ProviderError):
        provider_of(standin).list_payout_parts("po_nobody", account_id)


def read(provider: StripePayments, standin: StripeStandin, kind: str) -> Seen | None:
    """The last event of a kind, through signature and reading."""
    event = [event for event in standin.events if event["type"] == kind][-1]
    return provider.understand(provider.verify_webhook(*standin.signed(event)).payload)


def test_events_say_what_happened(standin: StripeStandin) -> None:
    provider = provider_of(standin)
    intent_id = pay_directly(standin, DECLINED)
    seen = read(provider, standin, "payment_intent.payment_failed")
    assert isinstance(seen, SeenPayment)
    assert (seen.state, seen.error) == (FAILED, "Your card was declined.")
    standin.confirm(intent_id, "card")
    standin.dispute(intent_id)
    seen = read(provider, standin, "charge.dispute.created")
    assert isinstance(seen, SeenDispute)
    assert (seen.state, seen.withdrawn, seen.intent_id) == (OPEN, True, intent_id)
    standin.dispute(intent_id, "won")
    seen = read(provider, standin, "charge.dispute.closed")
    assert isinstance(seen, SeenDispute)
    assert seen.state == "won"
    account = provider.create_account(country="DE", email="", name="M", key="k").account_id
    standin.onboard(account)
    assert read(provider, standin, "account.updated") == SeenAccount(account, True, True, True)
    standin.pay_out(account, 12_300)
    seen = read(provider, standin, "payout.paid")
    assert isinstance(seen, SeenPayout)
    assert (seen.amount_cents, seen.state) == (12_300, "paid")


def test_what_names_people_is_not_kept(standin: StripeStandin) -> None:
    made = provider_of(standin).create_checkout(order(email="ayse@example.org"))
    standin.pay(made.checkout_id)
    for event in standin.events:
        event["data"]["object"]["customer_details"] = {"name": "Ayşe Yılmaz", "email": "ayse@example.org"}
        kept = provider_of(standin).verify_webhook(*standin.signed(event)).payload
        assert "ayse" not in str(kept).lower()


@pytest.mark.parametrize("harm", ["body", "secret", "none", "no_event"])
def test_what_is_not_signed_is_refused(standin: StripeStandin, harm: str) -> None:
    event = {"id": "evt_1", "type": "payment_intent.succeeded", "created": 1, "data": {"object": {}}}
    headers, body = standin.signed(event, "whsec_other" if harm == "secret" else stripe_standin.SECRET)
    if harm == "body":
        body = body.replace(b"evt_1", b"evt_2")
    if harm == "none":
        headers = {}
    if harm == "no_event":
        headers, body = standin.signed({"id": "evt_1"})
    with pytest.raises(UntrustedEvent):
        provider_of(standin).verify_webhook(headers, body)
    both = provider_of(standin, webhook_secret=f"whsec_first, {stripe_standin.SECRET}")
    assert both.verify_webhook(*standin.signed(event)).event_id == "evt_1"
    without = provider_of(standin, webhook_secret="")
    with pytest.raises(UntrustedEvent):
        without.verify_webhook(*standin.signed(event))


def test_trouble_that_passes_is_told_from_trouble_that_stays(standin: StripeStandin) -> None:
    provider = provider_of(standin)
    with pytest.raises(ProviderError) as unknown:
        provider.retrieve(intent_id="pi_unknown")
    assert (unknown.value.permanent, unknown.value.reason) == (True, "resource_missing")
    with pytest.raises(ProviderError) as locked_out:
        provider_of(standin, secret_key="sk_test_wrong").retrieve(intent_id="pi_unknown")
    assert not locked_out.value.permanent
    standin.down = True
    with pytest.raises(ProviderError) as down:
        provider.create_payment_intent(order())
    assert not down.value.permanent
