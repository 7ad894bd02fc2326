"""Files of the books over HTTP: handed out to those who keep them, taken in only from the own page."""

from datetime import date

import pytest
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.db.session import SYSTEM
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_id
from tests.api.conftest import Tenant, browser
from tests.factories.accounting import make_invoice, make_terms
from tests.factories.supplier_files import INVOICE, entity_bomb, pdf_with
from tests.factories.team_services import PASSWORD

RANGE = {"first": "2026-11-01", "last": "2026-11-30"}
BYTES = {"content-type": "application/octet-stream"}


@pytest.fixture
def owner(services: Services, tenant: Tenant) -> TestClient:
    """The owner's browser."""
    client = browser(services)
    client.post("/api/auth/sign-in", json={"email": "sabine@mueller.de", "password": PASSWORD})
    return client


@pytest.fixture
def workshop(services: Services, tenant: Tenant) -> Workshop:
    with services.db.reading(SYSTEM) as session:
        return session.get_one(Workshop, tenant.owner.actor.workshop_id)


def test_the_datev_file_is_saved_as_it_is_and_noted(
    services: Services, owner: TestClient, workshop: Workshop, tenant: Tenant
) -> None:
    make_terms(services.db, workshop)
    make_invoice(services.db, workshop, buyer="Jörg Groß")
    answer = owner.get("/api/accounting/datev/2026-11.csv")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "EXTF_Buchungsstapel_2026-11.csv" in answer.headers["content-disposition"]
    assert "Jörg Groß" in answer.content.decode("cp1252")
    assert len(services.accounting.get_month(tenant.owner.actor, date(2026, 11, 1)).exports) == 1


def test_what_stops_an_export_is_told(owner: TestClient) -> None:
    answer = owner.get("/api/accounting/datev/2026-11.csv")
    assert (answer.status_code, answer.json()["code"]) == (422, "datev_client_missing")
    assert owner.get("/api/accounting/datev/2026-13.csv").status_code == 422


def test_lists_and_the_archive_are_saved(services: Services, owner: TestClient, workshop: Workshop) -> None:
    make_invoice(services.db, workshop)
    for kind in ("open_items", "cash_book", "vat", "statement", "services", "technicians"):
        for form, start in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
            answer = owner.get(f"/api/accounting/lists/{kind}.{form}", params=RANGE)
            assert (answer.status_code, answer.content.startswith(start)) == (200, True)
    assert owner.get("/api/accounting/lists/secrets.csv", params=RANGE).status_code == 404
    assert owner.get("/api/accounting/lists/vat.pdf", params=RANGE).status_code == 404
    assert owner.get("/api/accounting/lists/vat.csv").status_code == 422
    archive = owner.get("/api/accounting/gobd.zip", params=RANGE)
    assert (archive.headers["content-type"], archive.content[:2]) == ("application/zip", b"PK")
    assert owner.get(
        "/api/accounting/gobd.zip", params={"first": "2026-11-30", "last": "2026-11-01"}
    ).is_error


def test_strangers_get_nothing(owner: TestClient, client: TestClient) -> None:
    for path in ("datev/2026-11.csv", "gobd.zip", "lists/vat.csv"):
        assert client.get(f"/api/accounting/{path}", params=RANGE).status_code == 401
    assert client.post("/api/expenses", content=INVOICE, headers=BYTES).status_code == 401


def test_a_suppliers_file_is_taken_in_once_and_opens_without_scripts(owner: TestClient) -> None:
    pdf = pdf_with(("factur-x.xml", INVOICE))
    taken = owner.post("/api/expenses", params={"name": "Rechnung ä.pdf"}, content=pdf, headers=BYTES)
    assert (taken.status_code, taken.json()["entry_number"]) == (200, "ER-2026-00001")
    again = owner.post("/api/expenses", content=pdf, headers=BYTES)
    assert (again.status_code, again.json()["code"]) == (409, "expense_known")
    file = owner.get(f"/api/expenses/{taken.json()['id']}/file")
    assert (file.content, file.headers["content-type"]) == (pdf, "application/pdf")
    assert file.headers["content-disposition"].startswith("inline")
    assert "sandbox" in file.headers["content-security-policy"]


def test_hostile_and_foreign_uploads_are_refused(owner: TestClient) -> None:
    bad = owner.post("/api/expenses", content=entity_bomb(), headers=BYTES)
    assert (bad.status_code, bad.json()["code"] in {"einvoice_doctype", "einvoice_xml_broken"}) == (422, True)
    assert (
        owner.post("/api/expenses", content=INVOICE, headers={"content-type": "text/xml"}).status_code == 422
    )
    large = owner.post("/api/expenses", content=b" " * (15 * 1024 * 1024 + 1), headers=BYTES)
    assert (large.status_code, large.json()["code"]) == (413, "einvoice_too_large")
    foreign = owner.post(
        "/api/expenses", content=INVOICE, headers={**BYTES, "origin": "https://evil.example"}
    )
    assert foreign.status_code == 403


def test_files_of_others_are_not_found(services: Services, owner: TestClient, neighbour: Tenant) -> None:
    theirs = services.expenses.upload(neighbour.owner.actor, INVOICE)
    assert owner.get(f"/api/expenses/{theirs.row.id}/file").status_code == 404
    assert owner.get(f"/api/expenses/{new_id()}/file").status_code == 404
