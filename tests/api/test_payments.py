"""The page where a request is paid, and the provider's webhook."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services, build_services
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.domains.billing.models import BillingTerms
from carbot_app.domains.payments.models import PaymentRequest
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.ids import new_secret
from tests.api.conftest import Tenant, add_rows, browser, make_tenant, settings_for, workshop_row
from tests.conftest import open_database
from tests.factories.billing import make_invoice, make_receivable
from tests.factories.team_services import CHEAP_HASHER
from tests.peers.stripe_standin import KEY, SECRET, StripeStandin

IBAN = "DE02120300000000202051"


@pytest.fixture
def stripe() -> Iterator[StripeStandin]:
    server = StripeStandin()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def services(
    sqlite_url: str, tmp_path: Path, clock: ManualClock, stripe: StripeStandin
) -> Iterator[Services]:
    settings = settings_for(
        tmp_path,
        stripe_secret_key=KEY,
        stripe_webhook_secret=SECRET,
        stripe_api_base=stripe.origin,
        stripe_connect=False,
    )
    with open_database(sqlite_url) as db:
        yield build_services(settings, db=db, clock=clock, passwords=CHEAP_HASHER)


@pytest.fixture
def token(services: Services, tenant: Tenant) -> str:
    """Link of an open invoice of 119.00."""
    workshop_id = tenant.owner.actor.workshop_id
    add_rows(services, tenant, BillingTerms(workshop_id=workshop_id, iban=IBAN))
    invoice = make_invoice(services.db, workshop_row(services, tenant), number="RE-2026-00042")
    make_receivable(services.db, invoice)
    return services.payments.requests.ask_for_invoice(tenant.owner.actor, invoice.id).url.rpartition("/")[2]


def test_the_page_says_what_is_paid_and_how(client: TestClient, token: str) -> None:
    answer = client.get(f"/zahlen/{token}")
    assert answer.status_code == 200
    for words in ("Kfz-Meisterbetrieb Müller", "Rechnung RE-2026-00042", "119,00", "DE02 1203 0000", "<svg"):
        assert words in answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "<script" not in answer.text
    assert not re.search(r'(?:src|href|action)="https?://(?!carbot\.example)', answer.text)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Pay online now"), ("tr", "Şimdi çevrimiçi öde"), ("pl", "Zapłać teraz online")],
)
def test_the_page_speaks_the_readers_language(
    client: TestClient, token: str, language: str, words: str
) -> None:
    assert words in client.get(f"/zahlen/{token}", headers={"accept-language": language}).text


def test_the_button_leads_to_the_provider_and_a_call_ends_it(
    client: TestClient, services: Services, token: str, stripe: StripeStandin
) -> None:
    answer = client.post(f"/zahlen/{token}", follow_redirects=False)
    assert answer.status_code == 303
    checkout_id = answer.headers["location"].rpartition("/")[2]
    policy = client.get(f"/zahlen/{token}").headers["content-security-policy"]
    assert stripe.origin in policy
    stripe.pay(checkout_id)
    waiting = client.get(f"/zahlen/{token}?zurueck=1").text
    assert "Einen Moment bitte" in waiting
    assert 'http-equiv="refresh"' in waiting
    for event in stripe.events:
        headers, body = stripe.signed(event)
        assert client.post("/api/webhooks/stripe", content=body, headers=headers).status_code == 200
    worker = OutboxWorker(
        services.db, services.clock, quick={"payments": services.payments.events.on_event}, slow={}
    )
    worker.drain()
    paid = client.get(f"/zahlen/{token}?zurueck=1").text
    assert "Bezahlt" in paid
    assert "http-equiv" not in paid
    again = client.post(f"/zahlen/{token}", follow_redirects=False)
    assert again.status_code == 410
    assert "Bezahlt" in again.text


def test_a_provider_that_is_away_is_said_on_the_page(
    client: TestClient, token: str, stripe: StripeStandin
) -> None:
    stripe.down = True
    answer = client.post(f"/zahlen/{token}", follow_redirects=False)
    assert answer.status_code == 503
    assert "antwortet gerade nicht" in answer.text
    assert "Jetzt online bezahlen" in answer.text


@pytest.mark.parametrize("state", ["processing", "expired", "refunded", "cancelled", "failed", "paid"])
def test_every_state_has_its_words(
    client: TestClient, services: Services, tenant: Tenant, token: str, state: str
) -> None:
    row = PaymentRequest(
        workshop_id=tenant.owner.actor.workshop_id,
        token=new_secret(),
        request_key=state,
        purpose="deposit",
        text="<b>Bremsen</b>",
        amount_cents=2_580,
        currency="EUR",
        state=state,
        changed_at=services.clock(),
    )
    add_rows(services, tenant, row)
    page = client.get(f"/zahlen/{row.token}")
    assert page.status_code == 200
    assert "&lt;b&gt;Bremsen" in page.text
    assert "25,80" in page.text
    assert "payments." not in page.text


def test_a_link_nobody_was_given_is_not_found(client: TestClient) -> None:
    assert client.get("/zahlen/" + "x" * 43).status_code == 404
    assert client.post("/zahlen/" + "x" * 43).status_code == 404


def test_calls_nobody_signed_are_refused(client: TestClient, stripe: StripeStandin) -> None:
    assert client.post("/api/webhooks/stripe", content=b"{}").status_code == 403
    assert client.post("/api/webhooks/stripe", content=b"x" * 600_000).status_code == 413


def test_the_button_may_be_pressed_a_dozen_times_a_minute(client: TestClient, token: str) -> None:
    answers = [client.post(f"/zahlen/{token}", follow_redirects=False).status_code for _ in range(13)]
    assert answers == [303] * 12 + [429]


def test_without_a_provider_people_transfer_or_pay_at_the_desk(
    sqlite_url: str, tmp_path: Path, clock: ManualClock
) -> None:
    with open_database(sqlite_url) as db:
        services = build_services(settings_for(tmp_path), db=db, clock=clock, passwords=CHEAP_HASHER)
        tenant = make_tenant(services, "Garage", "a@garage.de")
        invoice = make_invoice(services.db, workshop_row(services, tenant))
        make_receivable(services.db, invoice)
        url = services.payments.requests.ask_for_invoice(tenant.owner.actor, invoice.id).url
        page = browser(services).get(url)
        assert "bei der Abholung" in page.text
        assert browser(services).post(url, follow_redirects=False).status_code == 422
        assert browser(services).post("/api/webhooks/stripe", content=b"{}").status_code == 404
