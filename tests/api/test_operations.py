"""Health, readiness, metrics and the pages of the description."""

import re
from pathlib import Path

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from carbot_app.api.app import create_api
from carbot_app.bootstrap import Services, build_services
from carbot_app.db.outbox import emit
from carbot_app.db.session import Database
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import Tenant, bearer, settings_for


def test_a_running_process_is_healthy_and_a_migrated_database_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ready")


def test_a_database_of_another_schema_is_not_ready(client: TestClient, services: Services) -> None:
    with services.db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"], answer.json()["migrations"]) == (503, True, False)


def test_an_unreachable_database_is_not_ready_but_the_process_lives(tmp_path: Path) -> None:
    db = Database("postgresql+psycopg://nobody@127.0.0.1:1/none?connect_timeout=1")
    client = TestClient(create_api(build_services(settings_for(tmp_path), db=db)))
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


def test_metrics_count_by_route_template(client: TestClient, services: Services, tenant: Tenant) -> None:
    def count() -> float:
        lines = client.get("/metrics").text
        pattern = (
            r'carbot_http_requests_total\{method="GET",route="/api/v1/leads/\{lead_id\}",status="404"\} (\S+)'
        )
        found = re.search(pattern, lines)
        return float(found[1]) if found else 0.0

    before = count()
    client.get("/api/v1/leads/0198a3f0-0000-7000-8000-000000000000", headers=bearer(tenant.key))
    assert count() == before + 1


def test_metrics_tell_how_far_the_outbox_is_behind(
    client: TestClient, services: Services, tenant: Tenant, clock: ManualClock
) -> None:
    workshop_id = tenant.owner.actor.workshop_id
    with services.db.writing(workshop_id) as session:
        emit(session, workshop_id, "workshop.changed")
    lines = client.get("/metrics").text
    assert float(re.search(r"^carbot_outbox_waiting (\S+)", lines, re.M)[1]) >= 1  # type: ignore[index]


@pytest.mark.parametrize("headers", [{"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}])
def test_metrics_are_not_for_strangers_behind_a_local_proxy(
    client: TestClient, headers: dict[str, str]
) -> None:
    assert client.get("/metrics", headers=headers).status_code == 404


def test_metrics_from_elsewhere_need_the_token(sqlite_url: str, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, metrics_token="geheim")
    db = Database(sqlite_url)
    client = TestClient(create_api(build_services(settings, db=db)), client=("198.51.100.7", 1))
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer falsch"}).status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer geheim"}).status_code == 200
    db.close()


def test_the_docs_ask_no_other_server_for_anything(client: TestClient) -> None:
    page = client.get("/api/docs")
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(addresses) >= 5
    for address in addresses:
        assert address.startswith("/api/")
        assert client.get(address).status_code == 200
    assert client.get("/api/docs/../../etc/passwd").status_code == 404
    assert client.get("/api/docs/main.py").status_code == 404


def test_the_description_names_every_endpoint_and_its_problems(client: TestClient) -> None:
    description = client.get("/api/v1/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    operations = [op for path in description["paths"].values() for op in path.values()]
    assert len(operations) >= 17
    assert all({"401", "403", "422", "429"} <= set(op["responses"]) for op in operations)
    assert all(op["summary"] and op["description"] for op in operations)
    assert "HTTPValidationError" not in str(description)
