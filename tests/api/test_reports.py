"""Reports over HTTP: saved by who may, previewed, and the link of an address."""

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from carbot_app.bootstrap import Services
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.db.session import SYSTEM
from carbot_app.domains.analytics.reports.models import ReportAddress
from carbot_app.domains.analytics.reports.planning import Rhythm
from carbot_app.domains.analytics.reports.schemas import ScheduleDraft, Wish
from carbot_app.kit.ids import new_id
from tests.api.conftest import Tenant, browser, make_tenant
from tests.factories.team_services import PASSWORD

WEEK = {"first": "2026-11-16", "last": "2026-11-22", "columns": "revenue,bookings"}


@pytest.fixture
def owner(services: Services, tenant: Tenant) -> TestClient:
    """The owner's browser."""
    return _signed_in(services, "sabine@mueller.de")


@pytest.fixture
def token(services: Services, tenant: Tenant) -> str:
    """In the link for an address outside the team."""
    draft = ScheduleDraft(
        "owner_week", ("revenue",), "csv", Rhythm("weekly", 0, "07:00"), addresses=("adviser@tax.example",)
    )
    services.reports.schedules.save(tenant.owner.actor, draft)
    with services.db.reading(SYSTEM) as session:
        return session.exec(select(ReportAddress)).one().token


def _signed_in(services: Services, email: str) -> TestClient:
    client = browser(services)
    client.post("/api/auth/sign-in", json={"email": email, "password": PASSWORD})
    return client


def test_a_report_is_saved_under_its_name_and_by_its_own_workshop_only(
    services: Services, owner: TestClient, client: TestClient, tenant: Tenant
) -> None:
    from datetime import date

    wish = Wish("owner_week", ("revenue",), date(2026, 11, 16), date(2026, 11, 22), "csv")
    run_id = services.reports.runs.request(tenant.owner.actor, wish).id
    address = f"/api/reports/{run_id}/file"
    assert owner.get(address).json()["code"] == "report_not_ready"
    consumers = {"reports": services.reports.maker.on_event}
    OutboxWorker(services.db, services.clock, quick={}, slow=consumers).drain()
    answer = owner.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert "Wochenbericht%202026-11-16_2026-11-22.csv" in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    assert client.get(address).status_code == 401
    make_tenant(services, "Andere Werkstatt", "andere@werkstatt.de")
    assert _signed_in(services, "andere@werkstatt.de").get(address).status_code == 404
    assert owner.get(f"/api/reports/{new_id()}/file").status_code == 404


def test_a_preview_is_a_picture_for_people_of_the_workshop(owner: TestClient, client: TestClient) -> None:
    answer = owner.get("/api/reports/preview/owner_week.png", params=WEEK)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert client.get("/api/reports/preview/owner_week.png", params=WEEK).status_code == 401
    narrowed = {**WEEK, "channel": "chat", "weekday": "0", "compare_first": "2026-11-01", "compares": "false"}
    seen = owner.get("/api/reports/preview/owner_week.png", params=narrowed)
    assert (seen.status_code, seen.content != answer.content) == (200, True)


@pytest.mark.parametrize(
    ("template", "changes", "code"),
    [
        ("secrets", {}, "report_template_unknown"),
        ("owner_week", {"columns": ""}, "report_columns_missing"),
        ("owner_week", {"columns": "revenue,../../x"}, "report_column_unknown"),
        ("owner_week", {"first": "1026-01-01"}, "report_span_long"),
        ("owner_week", {"first": "2026-12-01"}, "report_span_reversed"),
    ],
)
def test_what_makes_no_preview_is_told(
    owner: TestClient, template: str, changes: dict[str, str], code: str
) -> None:
    answer = owner.get(f"/api/reports/preview/{template}.png", params={**WEEK, **changes})
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    for wrong in ({"first": "x"}, {"weekday": "7"}, {"hour": "24"}, {"technician_id": "x"}):
        asked = owner.get("/api/reports/preview/owner_week.png", params={**WEEK, **wrong})
        assert asked.status_code == 422


def test_opening_the_link_asks_and_only_the_button_says_yes(client: TestClient, token: str) -> None:
    asked = client.get(f"/berichte/{token}")
    assert asked.status_code == 200
    assert "Sollen Berichte an adviser@tax.example geschickt werden?" in asked.text
    assert asked.headers["referrer-policy"] == "no-referrer"
    assert "geschickt werden?" in client.get(f"/berichte/{token}").text
    told = client.post(f"/berichte/{token}", data={"wanted": "yes"})
    assert "Keine Berichte mehr" in told.text
    assert "geschickt werden?" in client.post(f"/berichte/{token}", data={"wanted": "no"}).text


def test_a_link_that_was_never_given_out_is_no_page(client: TestClient, token: str) -> None:
    assert client.get("/berichte/nobody").status_code == 404
    assert client.post("/berichte/nobody", data={"wanted": "yes"}).status_code == 404
    assert client.post(f"/berichte/{token}").status_code == 422
