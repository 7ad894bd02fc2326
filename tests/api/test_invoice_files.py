"""The list of invoices as a file, and documents for the own people."""

from datetime import date

import pytest
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.db.session import SYSTEM
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_id
from tests.api.conftest import Tenant, browser
from tests.factories.receivables import make_receivable
from tests.factories.team_services import PASSWORD


@pytest.fixture
def owner(services: Services, tenant: Tenant) -> TestClient:
    """The owner's browser."""
    client = browser(services)
    client.post("/api/auth/sign-in", json={"email": "sabine@mueller.de", "password": PASSWORD})
    return client


def workshop_of(services: Services, tenant: Tenant) -> Workshop:
    with services.db.reading(SYSTEM) as session:
        return session.get_one(Workshop, tenant.owner.actor.workshop_id)


def test_a_filter_is_a_table_a_spreadsheet_opens(
    services: Services, tenant: Tenant, owner: TestClient
) -> None:
    make_receivable(
        services.db, workshop_of(services, tenant), "RE-2026-00001", buyer_name="=cmd|' /C calc'!A0"
    )
    make_receivable(
        services.db, workshop_of(services, tenant), "RE-2020-00002", issued_on=date(2020, 1, 2), state="paid"
    )
    answer = owner.get("/api/invoices/export.csv?view=all&zeitraum=30")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    head, *lines = answer.content.decode("utf-8-sig").splitlines()
    assert head == "Nummer;Datum;Fällig;Name;Kennzeichen;Status;Offen;Betrag brutto"
    assert len(lines) == 1
    assert lines[0].startswith("RE-2026-00001;10.11.2026;24.11.2026;'=cmd")
    assert lines[0].endswith(";100,00;100,00")
    assert len(owner.get("/api/invoices/export.csv").content.splitlines()) == 3
    assert owner.get("/api/invoices/export.xlsx").content.startswith(b"PK")


def test_unknown_filters_and_kinds_are_refused(owner: TestClient) -> None:
    assert owner.get("/api/invoices/export.csv?view=x").status_code == 422
    assert owner.get("/api/invoices/export.pdf").status_code == 422


def test_documents_and_lists_are_for_the_own_people(
    services: Services, tenant: Tenant, neighbour: Tenant, owner: TestClient, client: TestClient
) -> None:
    theirs = make_receivable(services.db, workshop_of(services, neighbour), "RE-2026-00001").invoice_id
    for wanted in (theirs, new_id()):
        assert owner.get(f"/api/invoices/{wanted}/document.pdf").status_code == 404
    assert client.get("/api/invoices/export.csv").status_code == 401
    ours = make_receivable(services.db, workshop_of(services, tenant), "RE-2026-00007").invoice_id
    answer = owner.get(f"/api/invoices/{ours}/document.xml")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''RE-2026-00007.xml"
    assert client.get(f"/api/invoices/{ours}/document.pdf").status_code == 401
