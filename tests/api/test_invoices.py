"""Documents for other programs and behind a customer's link."""

import pytest
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from tests.api.conftest import Partner, Tenant, workshop_row
from tests.factories.billing import make_invoice, make_receivable


def test_a_program_with_the_scope_reads_documents_without_their_secret(
    client: TestClient, services: Services, tenant: Tenant
) -> None:
    one, other = (make_invoice(services.db, workshop_row(services, tenant)) for _ in range(2))
    tokens = [make_receivable(services.db, invoice).token for invoice in (one, other)]
    _, key = services.api_keys.create_api_key(tenant.owner.actor, name="Buch", scopes=["invoices.read"])
    partner = Partner(client, key)
    listed = partner.get("/invoices")
    assert [entry["id"] for entry in listed] == [str(other.id), str(one.id)]
    assert partner.get("/invoices", before=str(other.id)) == listed[1:]
    assert partner.get(f"/invoices/{one.id}") == listed[1]
    assert not any(token in str(listed) for token in tokens)
    assert partner.call("GET", f"/invoices/{tenant.owner.actor.workshop_id}").status_code == 404
    _, narrow = services.api_keys.create_api_key(tenant.owner.actor, name="Eng", scopes=["catalog.read"])
    assert Partner(client, narrow).call("GET", "/invoices").status_code == 403


def test_a_link_shows_its_document_and_nothing_else(
    client: TestClient,
    services: Services,
    tenant: Tenant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    invoice = make_invoice(services.db, workshop_row(services, tenant), number="RE-2026/7")
    told = (invoice.number, b"%PDF-1.7")
    monkeypatch.setattr(type(services.invoices), "pdf_by_token", lambda self, token: told)
    answer = client.get("/d/secret.pdf")
    assert (answer.status_code, answer.content) == (200, b"%PDF-1.7")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''RE-2026%2F7.pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    monkeypatch.undo()
    assert client.get("/d/unknown.pdf").status_code == 404
    statuses = {client.get(f"/d/guess{at}.pdf").status_code for at in range(40)}
    assert statuses == {404, 429}
