"""The page of a report opens for its link only, orders by a tap and books by a tap."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.db.session import SYSTEM
from carbot_app.domains.booking.models import Appointment
from carbot_app.domains.customers.models import Customer, Vehicle
from carbot_app.domains.diagnostics.models import (
    CodeFinding,
    CodeReading,
    DiagnosticReport,
    DiagnosticSession,
)
from carbot_app.domains.diagnostics.report_schemas import ReportWish
from carbot_app.domains.orders.models import WorkOrder
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import PUBLIC_URL, Tenant, add_rows

EVIL = "<script>alert(1)</script>"


def issue(services: Services, tenant: Tenant, clock: ManualClock, **wish: object) -> str:
    """A Golf with a misfire was read; the path of its report."""
    actor = tenant.owner.actor
    of: dict[str, Any] = {"workshop_id": actor.workshop_id}
    customer = Customer(**of, name=f"Ayşe {EVIL}", email="ayse@example.org", phone="+491715550142")
    add_rows(services, tenant, customer)
    car = Vehicle(**of, customer_id=customer.id, plate="DO-AB 123", make="VW", model=f"Golf {EVIL}")
    add_rows(services, tenant, car)
    now = clock()
    session = DiagnosticSession(
        **of, car_key="car", way="agent", state="ended", vehicle_id=car.id, customer_id=customer.id,
        started_at=now, heard_at=now, ended_at=now,
    )  # fmt: skip
    add_rows(services, tenant, session)
    reading = CodeReading(**of, session_id=session.id, read_at=now, mil=True)
    add_rows(services, tenant, reading)
    found = CodeFinding(**of, reading_id=reading.id, ecu="7E8", code="P0301", kind="stored")
    add_rows(services, tenant, found)
    services.diagnostics.reports.issue(actor, session.id, ReportWish(note=EVIL, **wish))  # type: ignore[arg-type]
    with services.db.reading(actor.workshop_id) as reading_session:
        return f"/bericht/{reading_session.exec(select(DiagnosticReport.token)).one()}"


@pytest.fixture
def link(services: Services, tenant: Tenant, clock: ManualClock) -> str:
    return issue(services, tenant, clock)


def line_of(services: Services, link: str) -> str:
    return services.diagnostics.report_links.get_by_token(link.rpartition("/")[2]).content.offers[0].service


def report_id(services: Services, tenant: Tenant) -> UUID:
    with services.db.reading(tenant.owner.actor.workshop_id) as session:
        return session.exec(select(DiagnosticReport.id)).one()


def rows(services: Services, tenant: Tenant, table: type[WorkOrder] | type[Appointment]) -> int:
    with services.db.reading(tenant.owner.actor.workshop_id) as session:
        return len(session.exec(select(table)).all())


def test_opening_shows_what_was_found_and_orders_nothing(
    services: Services, tenant: Tenant, client: TestClient, link: str
) -> None:
    for path in (link, f"{link}/"):
        page = client.get(path)
        assert page.status_code == 200
        assert "Zündaussetzer Zylinder 1" in page.text
        assert "Freigeben" in page.text
    assert rows(services, tenant, WorkOrder) == rows(services, tenant, Appointment) == 0


def test_what_people_wrote_is_text_and_never_markup(client: TestClient, link: str) -> None:
    page = client.get(link)
    assert EVIL not in page.text
    assert page.text.count("&lt;script&gt;") >= 3
    assert "script-src" not in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_the_page_is_kept_and_indexed_nowhere_and_tells_no_other_site(client: TestClient, link: str) -> None:
    for path in (link, f"{link}/pdf", "/bericht/unknown-unknown-unknown"):
        answer = client.get(path)
        assert answer.headers["cache-control"] == "private, no-store"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "noindex" in answer.headers["x-robots-tag"]


def test_a_tap_orders_once_and_comes_back_to_the_approved_line(
    services: Services, tenant: Tenant, client: TestClient, link: str
) -> None:
    form = {"line": line_of(services, link), "name": "Ayşe Yılmaz"}
    answers = [client.post(f"{link}/freigeben", data=form, follow_redirects=False) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert {answer.headers["location"] for answer in answers} == {f"{link}#costs"}
    page = client.get(link)
    assert "Freigegeben" in page.text
    assert 'action="' + link + '/freigeben"' in page.text
    assert 'name="line"' not in page.text
    assert rows(services, tenant, WorkOrder) == 1


def test_a_time_leads_to_the_visits_own_page(
    services: Services, tenant: Tenant, client: TestClient, link: str
) -> None:
    slot = services.diagnostics.report_links.get_by_token(link.rpartition("/")[2]).slots[0].id
    answer = client.post(f"{link}/termin", data={"slot": slot}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"].startswith(f"{PUBLIC_URL}/t/")) == (303, True)
    assert rows(services, tenant, Appointment) == 1
    assert "Ihr Termin ist angefragt." in client.get(link).text


@pytest.mark.parametrize(
    ("press", "form", "status"),
    [
        ("freigeben", {"line": "SAF-HUA-001", "name": "Ayşe"}, 422),
        ("freigeben", {}, 422),
        ("freigeben", {"line": "x" * 10_000, "name": EVIL}, 422),
        ("termin", {"slot": "tomorrow"}, 422),
        ("termin", {}, 422),
    ],
)
def test_a_button_nobody_drew_changes_nothing_and_says_why(
    services: Services,
    tenant: Tenant,
    client: TestClient,
    link: str,
    press: str,
    form: dict[str, str],
    status: int,
) -> None:
    answer = client.post(f"{link}/{press}", data=form, follow_redirects=False)
    assert (answer.status_code, 'role="alert"' in answer.text) == (status, True)
    assert EVIL not in answer.text
    assert rows(services, tenant, WorkOrder) == rows(services, tenant, Appointment) == 0


def test_other_sites_cannot_press_a_button(
    services: Services, tenant: Tenant, client: TestClient, link: str
) -> None:
    form = {"line": line_of(services, link), "name": "Ayşe"}
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        answer = client.post(f"{link}/freigeben", data=form, headers=headers, follow_redirects=False)
        assert answer.status_code == 403
    assert rows(services, tenant, WorkOrder) == 0


@pytest.mark.parametrize(
    "token", ["x", "A" * 32, "a" * 300, "..%2f..%2fpasswd", quote("' OR 1=1"), quote("ä" * 20), "%00" * 20]
)
def test_hostile_tokens_find_nothing(client: TestClient, link: str, token: str) -> None:
    del link
    for method, path in (("GET", ""), ("GET", "/pdf"), ("POST", "/freigeben"), ("POST", "/termin")):
        assert client.request(method, f"/bericht/{token}{path}").status_code == 404


def test_a_revoked_report_says_so_and_tells_nothing_else(
    services: Services, tenant: Tenant, client: TestClient, link: str
) -> None:
    services.diagnostics.reports.revoke(tenant.owner.actor, report_id(services, tenant))
    for path in (link, f"{link}/pdf"):
        page = client.get(path)
        assert (page.status_code, "zurückgezogen" in page.text) == (410, True)
        assert "P0301" not in page.text
    pressed = client.post(f"{link}/freigeben", data={"line": "x", "name": "Ayşe"})
    assert (pressed.status_code, "<form" in pressed.text) == (410, False)


def test_a_car_nobody_may_drive_comes_with_a_number_to_call_and_no_time(
    services: Services, tenant: Tenant, client: TestClient, clock: ManualClock
) -> None:
    with services.db.writing(SYSTEM) as session:
        session.get_one(Workshop, tenant.owner.actor.workshop_id).phone = "0231 / 555 01 20"
    page = client.get(issue(services, tenant, clock, lamps=("engine_blinking",))).text
    assert page.index("Nicht weiterfahren") < page.index("Was wir gefunden haben")
    assert 'href="tel:+492315550120"' in page
    assert 'name="slot"' not in page


def test_the_pdf_is_the_one_that_was_issued(
    services: Services, tenant: Tenant, client: TestClient, link: str
) -> None:
    pdf = client.get(f"{link}/pdf")
    assert pdf.headers["content-type"] == "application/pdf"
    kept = services.diagnostics.reports.get_pdf(tenant.owner.actor, report_id(services, tenant))
    assert pdf.content == kept


@pytest.mark.parametrize(("language", "word"), [("en", "Approve"), ("tr", "Onayla"), ("pl", "Akceptuję")])
def test_the_page_speaks_the_language_of_the_report(
    services: Services, tenant: Tenant, client: TestClient, clock: ManualClock, language: str, word: str
) -> None:
    page = client.get(issue(services, tenant, clock, language=language)).text
    assert f'<html lang="{language}"' in page
    assert word in page
    assert "report." not in page
