"""Statements up and letters down over HTTP."""

from datetime import date
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.db.session import SYSTEM
from carbot_app.domains.banking.debit_schemas import MandateInput
from carbot_app.domains.banking.ports import MAX_BYTES
from carbot_app.domains.team.models import Workshop
from tests.api.conftest import Tenant, browser
from tests.factories import make_customer, staff_of
from tests.factories.owed import make_billing_terms, make_invoice
from tests.factories.statements import a_statement, an_entry
from tests.factories.team_services import PASSWORD

UPLOAD = "/api/bank/statements?name=auszug.xml"
BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def owner(services: Services, tenant: Tenant) -> TestClient:
    """The owner's browser."""
    client = browser(services)
    client.post("/api/auth/sign-in", json={"email": "sabine@mueller.de", "password": PASSWORD})
    return client


def workshop_of(services: Services, tenant: Tenant) -> Workshop:
    with services.db.reading(SYSTEM) as session:
        return session.get_one(Workshop, tenant.owner.actor.workshop_id)


def test_a_statement_is_read_once(services: Services, tenant: Tenant, owner: TestClient) -> None:
    make_invoice(services.db, workshop_of(services, tenant), "RE-2026-00001", 10_000)
    content = a_statement(an_entry("100.00", "RE-2026-00001"), an_entry("5.00", "x"))
    assert owner.post(UPLOAD, content=content, headers=BYTES).json() == {
        "lines": 2, "new": 2, "booked": 1, "suggested": 0, "known_file": False,
    }  # fmt: skip
    assert owner.post(UPLOAD, content=content, headers=BYTES).json()["known_file"]


def test_strangers_other_sites_and_other_types_are_refused(client: TestClient, owner: TestClient) -> None:
    assert client.post(UPLOAD, content=b"x", headers=BYTES).status_code == 401
    assert owner.post(UPLOAD, content=b"x", headers={"Content-Type": "text/xml"}).status_code == 422
    foreign = {**BYTES, "Origin": "https://evil.example"}
    assert owner.post(UPLOAD, content=b"x", headers=foreign).status_code == 403


def test_a_file_of_direct_debits_is_fetched_by_its_workshop_alone(
    services: Services, tenant: Tenant, owner: TestClient, client: TestClient
) -> None:
    workshop = workshop_of(services, tenant)
    make_billing_terms(services.db, workshop)
    payer = make_customer(services.db, workshop, name="Jürgen Groß")
    actor, day = staff_of(workshop), services.clock().date()
    mandate = MandateInput(payer.id, "Jürgen Groß", "DE89370400440532013000", day)
    services.debits.add_mandate(actor, mandate)
    row = make_invoice(services.db, workshop, "RE-2026-00001", 10_000, customer=payer)
    collect_on = services.debit_book.next_collection_day(actor)
    [run] = services.debits.create_runs(actor, [row.invoice_id], collect_on)
    address = f"/api/bank/debits/{run.id}.xml"
    answer = owner.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    assert "attachment" in answer.headers["content-disposition"]
    assert b"pain.008.001.08" in answer.content
    assert client.get(address).status_code == 401
    assert owner.get(f"/api/bank/debits/{row.invoice_id}.xml").status_code == 404


def test_a_broken_or_too_large_file_says_why(owner: TestClient) -> None:
    answer = owner.post(UPLOAD, content=b"<a>", headers=BYTES)
    assert (answer.status_code, answer.json()["code"]) == (422, "bank_file_broken")
    streamed = owner.post(UPLOAD, content=(b"x" * 1_000_000 for _ in range(11)), headers=BYTES)
    announced = owner.post(UPLOAD, content=b"x", headers={**BYTES, "Content-Length": str(MAX_BYTES + 1)})
    assert (streamed.status_code, announced.status_code) == (413, 413)


def test_letters_are_seen_before_and_after_their_release(
    services: Services, tenant: Tenant, owner: TestClient, client: TestClient
) -> None:
    workshop = workshop_of(services, tenant)
    make_billing_terms(services.db, workshop)
    make_invoice(services.db, workshop, "RE-2026-00001", 10_000, issued_on=date(2026, 10, 1))
    [proposal] = services.dunning.run(tenant.owner.actor).proposals
    preview = f"/api/dunning/preview.pdf?key={quote(proposal.key)}"
    assert owner.get(preview).content.startswith(b"%PDF")
    [notice] = services.dunning.release(tenant.owner.actor, [proposal.key])
    assert owner.get(preview).status_code == 404
    letter = owner.get(f"/api/dunning/letters/{notice.id}.pdf")
    assert (letter.content[:4], letter.headers["content-type"]) == (b"%PDF", "application/pdf")
    table = owner.get("/api/dunning/handover.csv")
    assert table.headers["content-disposition"] == 'attachment; filename="uebergabe.csv"'
    for path in (preview, f"/api/dunning/letters/{notice.id}.pdf", "/api/dunning/handover.csv"):
        assert client.get(path).status_code == 401
