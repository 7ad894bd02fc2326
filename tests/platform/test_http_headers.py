"""Caching and security headers on everything the server sends."""

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from carbot_app.api.http_headers import HttpHeaders, script_hash

_PAGE = "<html><body><script>go()</script><script type='application/json'>{}</script></body></html>"


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    (tmp_path / "heute").mkdir()
    (tmp_path / "heute" / "index.html").write_text(_PAGE)

    def answer(request):
        path = request.url.path
        if path == "/api/v1/leads":
            return PlainTextResponse("[]", headers={"x-content-type-options": "own"})
        return HTMLResponse(_PAGE) if path.endswith("/") else PlainTextResponse(path)

    app = Starlette(routes=[Route("/{rest:path}", answer)])
    return TestClient(HttpHeaders(app, tmp_path, secure=True), follow_redirects=False)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/assets/root-BEcGwY90.js", "public, max-age=31536000, immutable"),
        ("/heute/", "no-cache"),
        ("/sw.js", "no-cache"),
        ("/manifest.webmanifest", "no-cache"),
        ("/icons/icon-192.png", "public, max-age=3600"),
    ],
)
def test_only_files_named_after_their_content_are_kept_for_good(client: TestClient, path, expected) -> None:
    assert client.get(path).headers["cache-control"] == expected


def test_the_policy_runs_the_pages_own_scripts_and_names_no_other_party(client: TestClient) -> None:
    policy = client.get("/heute/").headers["content-security-policy"]
    assert f"'{script_hash('go()')}'" in policy
    assert script_hash("{}") not in policy
    assert "unsafe-inline'" not in policy.split("style-src")[0]
    assert "http" not in policy
    assert "frame-ancestors 'self'" in policy


def test_every_answer_carries_the_security_headers(client: TestClient) -> None:
    headers = client.get("/anything").headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "camera=(self)" in headers["permissions-policy"]
    assert headers["strict-transport-security"].startswith("max-age=")
    assert "content-security-policy" not in headers


def test_what_the_application_has_set_is_kept_and_the_api_is_not_cached(client: TestClient) -> None:
    headers = client.get("/api/v1/leads").headers
    assert headers["x-content-type-options"] == "own"
    assert "cache-control" not in headers


def test_a_page_without_its_slash_is_served_without_a_redirect(client: TestClient) -> None:
    answer = client.get("/heute")
    assert answer.status_code == 200
    assert answer.text == _PAGE


@pytest.mark.parametrize("path", ["/../etc/passwd", "/heute/../../x", "/%00", "/unbekannt"])
def test_other_paths_are_passed_on_as_they_came(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
