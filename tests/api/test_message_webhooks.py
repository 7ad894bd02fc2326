"""Providers reach us only with a signature."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from carbot_app.bootstrap import build_services
from carbot_app.db.session import Database
from carbot_app.kit.clock import ManualClock
from tests.api.conftest import browser, settings_for
from tests.factories.team_services import CHEAP_HASHER


@pytest.fixture
def meta(sqlite_url: str, tmp_path: Path, clock: ManualClock) -> TestClient:
    settings = settings_for(
        tmp_path, whatsapp_token="t", whatsapp_app_secret="s", whatsapp_verify_token="ours"
    )
    return browser(build_services(settings, db=Database(sqlite_url), clock=clock, passwords=CHEAP_HASHER))


def test_meta_learns_that_the_address_is_ours_only_with_our_token(meta: TestClient) -> None:
    asked = {"hub.mode": "subscribe", "hub.challenge": "123", "hub.verify_token": "ours"}
    assert meta.get("/api/webhooks/whatsapp", params=asked).text == "123"
    assert meta.get("/api/webhooks/whatsapp", params={**asked, "hub.verify_token": "x"}).status_code == 403


def test_a_signed_call_is_taken_and_an_unsigned_one_refused(meta: TestClient) -> None:
    body = json.dumps({"entry": []}).encode()
    signature = "sha256=" + hmac.new(b"s", body, hashlib.sha256).hexdigest()
    good = meta.post("/api/webhooks/whatsapp", content=body, headers={"X-Hub-Signature-256": signature})
    assert good.status_code == 200
    assert meta.post("/api/webhooks/whatsapp", content=body).status_code == 403


def test_a_provider_that_is_not_set_up_is_unknown(client: TestClient) -> None:
    assert client.post("/api/webhooks/twilio", content=b"").status_code == 404
    assert client.get("/api/webhooks/whatsapp", params={"hub.verify_token": ""}).status_code == 403


def test_a_flood_is_cut_off(meta: TestClient) -> None:
    assert meta.post("/api/webhooks/whatsapp", content=b"x" * 300_000).status_code == 413
