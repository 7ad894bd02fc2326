"""Errors: problem+json, translated, and never a stack trace."""

import json
import logging

import pytest
import structlog
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from carbot_app.bootstrap import Services
from tests.api.conftest import Tenant, bearer

PATHS = {"/api/nothing": 404, "/api/v1/leads": 401, "/api/auth/sign-in": 405, "/api/v1/nothing/at/all": 404}


@pytest.mark.parametrize(("path", "status"), PATHS.items())
def test_every_error_below_api_is_a_problem(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"] == f"urn:carbot:problem:{body['code']}"
    assert answer.headers["x-request-id"] == body["request_id"] != ""


@pytest.mark.parametrize(
    ("accept", "title"),
    [
        ("de-AT", "Das gibt es nicht (mehr)."),
        ("en-GB,en;q=0.9,de;q=0.1", "This does not exist (any more)."),
        ("tr", "Böyle bir kayıt (artık) yok."),
        ("pl;q=0.8, fr", "Tego (już) nie ma."),
        ("xx, *;q=0", "Das gibt es nicht (mehr)."),
        ("", "Das gibt es nicht (mehr)."),
    ],
)
def test_problems_come_in_the_readers_language(client: TestClient, accept: str, title: str) -> None:
    assert client.get("/api/nothing", headers={"Accept-Language": accept}).json()["title"] == title


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '"text"', "null", '{"a": NaN}', "\x00", '{"email": "\\ud800"}']
)
def test_malformed_bodies_are_explained(client: TestClient, body: str) -> None:
    answer = client.post("/api/auth/sign-in", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_a_body_beyond_a_megabyte_is_refused(client: TestClient) -> None:
    body = json.dumps({"email": "x" * 1_100_000, "password": ""})
    answer = client.post("/api/auth/sign-in", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_an_unexpected_error_shows_no_trace_and_logs_no_personal_text(
    client: TestClient, services: Services, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("sabine@mueller.de schrieb: Bremsen")

    monkeypatch.setattr("carbot_app.domains.leads.service.LeadService.list_leads", explode)
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
        answer = client.get("/api/v1/leads?state=open", headers=bearer(tenant.key))
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "Traceback" not in answer.text
    assert "RuntimeError" not in answer.text
    failure = next(line for line in lines if line["event"] == "request.failed")
    assert failure["error"] == "RuntimeError"
    assert any("explode" in place for place in failure["places"])
    assert "sabine" not in repr(lines)
    assert {line["request_id"] for line in lines} == {answer.json()["request_id"]}


def test_log_lines_hold_the_route_and_nothing_personal(client: TestClient, tenant: Tenant) -> None:
    with capture_logs() as lines:
        client.get("/api/v1/conversations?search=Sabine", headers=bearer(tenant.key))
        client.post("/api/auth/sign-in", json={"email": "sabine@mueller.de", "password": "falsch"})
        client.get("/api/v1/services/GEHEIM", headers=bearer(tenant.key))
    routes = [line["route"] for line in lines if line["event"] == "request"]
    assert routes == ["/api/v1/conversations", "/api/auth/sign-in", "/api/v1/services/{code}"]
    assert all(set(line) == {"event", "log_level", "method", "route", "status", "ms"} for line in lines)
    for personal in ("Sabine", "sabine", "GEHEIM", tenant.key):
        assert personal not in repr(lines)


def test_a_given_request_id_is_kept_when_it_is_harmless(client: TestClient) -> None:
    for given, kept in (("abc-123-def", True), ("x", False), ("a" * 65, False), ("evil value", False)):
        answer = client.get("/healthz", headers={"X-Request-ID": given})
        assert (answer.headers["x-request-id"] == given) is kept


def test_configured_logs_are_json_without_colour(capsys: pytest.CaptureFixture[str]) -> None:
    from carbot_app.config import Settings
    from carbot_app.logging import configure_logging

    before = structlog.get_config()
    try:
        configure_logging(Settings(_env_file=None, log_format="json"))  # type: ignore[call-arg]
        structlog.get_logger().info("request", route="/healthz", status=200)
        logging.getLogger("somebody").warning("careful")
        lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    finally:
        structlog.configure(**before)
        logging.basicConfig(handlers=[], force=True)
    assert [(line["event"], line["level"]) for line in lines] == [("request", "info"), ("careful", "warning")]
