"""The provider's form on the page of a payment link: what it may load, and when it does not come."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from carbot_app.adapters.payments.stripe import StripePayments
from carbot_app.api.http_headers import script_hash
from carbot_app.api.pay_page import FORM_SCRIPT
from carbot_app.bootstrap import Services, build_services
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import Tenant, settings_for, workshop_row
from tests.conftest import open_database
from tests.factories.billing import make_invoice, make_receivable
from tests.factories.team_services import CHEAP_HASHER
from tests.peers.stripe_standin import KEY, PUBLISHABLE, SECRET, StripeStandin


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
        stripe_publishable_key=PUBLISHABLE,
        stripe_api_base=stripe.origin,
        stripe_connect=False,
    )
    with open_database(sqlite_url) as db:
        yield build_services(settings, db=db, clock=clock, passwords=CHEAP_HASHER)


@pytest.fixture
def address(services: Services, tenant: Tenant) -> str:
    """Page of an open invoice of 119.00."""
    invoice = make_invoice(services.db, workshop_row(services, tenant), number="RE-2026-00042")
    make_receivable(services.db, invoice)
    url = services.payments.requests.ask_for_invoice(tenant.owner.actor, invoice.id).url
    return "/zahlen/" + url.rpartition("/")[2]


def test_the_page_brings_the_forms_script_and_lets_it_load_nothing_but_stripe(
    client: TestClient, address: str, stripe: StripeStandin
) -> None:
    answer = client.get(address)
    assert FORM_SCRIPT in answer.text
    assert f'data-key="{PUBLISHABLE}"' in answer.text
    assert f'data-script="{stripe.origin}/stripe.js"' in answer.text
    assert "119,00\u00a0€ zahlen" in answer.text
    assert "<script src" not in answer.text, "nothing is loaded before the button was pressed"
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert "unsafe" not in policy["script-src"]
    assert policy["connect-src"] == f"'self' https://api.stripe.com {stripe.origin}"
    assert "https://js.stripe.com" in policy["frame-src"]
    assert "payment=(self" in answer.headers["permissions-policy"]


def test_the_script_itself_and_no_other_may_run(client: TestClient, address: str) -> None:
    policy = client.get(address).headers["content-security-policy"]
    assert f"'{script_hash(FORM_SCRIPT)}'" in policy
    assert "'self'" not in policy.partition("script-src")[2].partition(";")[0]


def test_the_form_begins_one_payment_however_often_it_is_opened(
    client: TestClient, address: str, stripe: StripeStandin
) -> None:
    secrets = {client.post(f"{address}/intent").json()["client_secret"] for _ in range(2)}
    assert len(secrets) == 1
    intent = stripe.things[secrets.pop().partition("_secret_")[0]]
    assert (intent["amount"], intent["currency"]) == (11_900, "eur")


def test_a_form_is_not_opened_from_elsewhere_nor_for_what_is_over(
    client: TestClient, services: Services, tenant: Tenant, address: str, stripe: StripeStandin
) -> None:
    strange = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    assert client.post(f"{address}/intent", headers=strange).status_code == 403
    assert client.post(f"/zahlen/{'x' * 43}/intent").status_code == 404
    stripe.down = True
    assert client.post(f"{address}/intent").status_code == 503
    stripe.down = False
    owner = tenant.owner.actor
    invoice_id = services.invoices.list_summaries(owner)[0].id
    asked = services.payments.requests.list_for_invoice(owner, invoice_id)[0]
    services.payments.requests.withdraw(owner, asked.id)
    assert client.post(f"{address}/intent").status_code == 410
    over = client.get(address)
    assert "<script" not in over.text
    assert "script-src" not in over.headers["content-security-policy"]


def test_who_comes_back_from_a_failed_payment_is_told_and_may_try_again(
    client: TestClient, address: str
) -> None:
    page = client.get(f"{address}?zurueck=1&payment_intent=pi_1&redirect_status=failed").text
    assert "hat nicht geklappt" in page
    assert "http-equiv" not in page
    assert "Jetzt online bezahlen" in page
    waiting = client.get(f"{address}?zurueck=1&redirect_status=succeeded").text
    assert "Einen Moment bitte" in waiting


def test_stripes_script_comes_from_stripe_alone() -> None:
    provider = StripePayments(secret_key="sk_live_x", webhook_secret="", publishable_key="pk_live_x")
    assert provider.script_url.startswith("https://js.stripe.com/")
