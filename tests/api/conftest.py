"""The API over SQLite with real services, and clients for it."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from httpx import Response
from limits.aio.storage import memory
from sqlmodel import Session
from starlette.testclient import TestClient

from carbot_app.api.app import create_api
from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.session import SYSTEM
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import API_SCOPES
from carbot_app.domains.team.schemas import SignedIn, SignUp
from carbot_app.kit.clock import ManualClock
from tests.conftest import open_database
from tests.factories.team_services import CHEAP_HASHER, PASSWORD

PUBLIC_URL = "https://carbot.example"


@dataclass
class Tenant:
    """A workshop with its owner and a key for everything keys may do."""

    owner: SignedIn
    key: str


class Partner:
    """A partner's program with a key."""

    def __init__(self, client: TestClient, key: str) -> None:
        self._client = client
        self._headers = bearer(key)

    def call(self, method: str, path: str, headers: dict[str, str] | None = None, **request: Any) -> Response:
        return self._client.request(
            method, f"/api/v1{path}", headers={**self._headers, **(headers or {})}, **request
        )

    def get(self, path: str, **params: Any) -> Any:
        answer = self.call("GET", path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


def settings_for(tmp_path: Path, **changes: object) -> Settings:
    """Settings of a test, independent of the environment."""
    return Settings(**{"_env_file": None, "data_dir": tmp_path, "public_url": PUBLIC_URL, **changes})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def within_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Budgets count by full minutes; in one that turns, a test would be let through once more."""
    ahead = 5 - time.time() % 60
    monkeypatch.setattr(memory, "time", SimpleNamespace(time=lambda: time.time() + ahead))


@pytest.fixture
def services(sqlite_url: str, tmp_path: Path, clock: ManualClock) -> Iterator[Services]:
    with open_database(sqlite_url) as db:
        yield build_services(settings_for(tmp_path), db=db, clock=clock, passwords=CHEAP_HASHER)


@pytest.fixture
def client(services: Services) -> TestClient:
    """A browser on our own pages."""
    return browser(services)


def browser(services: Services) -> TestClient:
    """Another browser on our own pages, reading German."""
    return TestClient(
        create_api(services),
        base_url=PUBLIC_URL,
        headers={"Origin": PUBLIC_URL, "Accept-Language": "de"},
        raise_server_exceptions=False,
        client=("127.0.0.1", 50000),
    )


@pytest.fixture
def tenant(services: Services) -> Tenant:
    return make_tenant(services, "Kfz-Meisterbetrieb Müller", "sabine@mueller.de")


@pytest.fixture
def stranger(client: TestClient, neighbour: Tenant) -> Partner:
    """The partner of another workshop."""
    return Partner(client, neighbour.key)


@pytest.fixture
def partner(client: TestClient, tenant: Tenant) -> Partner:
    return Partner(client, tenant.key)


@pytest.fixture
def neighbour(services: Services) -> Tenant:
    return make_tenant(services, "Garage Nebenan", "nora@nebenan.de")


def make_tenant(services: Services, name: str, email: str) -> Tenant:
    """Sign a workshop up and give it a key."""
    owner = services.identity.sign_up(SignUp(name, "Dortmund", "Sabine Müller", email, PASSWORD))
    _, key = services.api_keys.create_api_key(owner.actor, name="DMS", scopes=sorted(API_SCOPES))
    return Tenant(owner, key)


def bearer(key: str) -> dict[str, str]:
    """Header of an API key."""
    return {"Authorization": f"Bearer {key}"}


def add_rows(services: Services, tenant: Tenant, *rows: object) -> None:
    """Save rows in the tenant's scope."""
    with services.db.writing(tenant.owner.actor.workshop_id) as session:
        assert isinstance(session, Session)
        session.add_all(rows)


def workshop_row(services: Services, tenant: Tenant) -> Workshop:
    """The workshop of the tenant."""
    with services.db.reading(SYSTEM) as session:
        return session.get_one(Workshop, tenant.owner.actor.workshop_id)


def book(partner: Partner, **changes: Any) -> Response:
    """Book the first suggested slot of the first bookable service."""
    service = partner.get("/services", only_bookable=True)[0]
    slot = partner.get("/slots", service=service["code"])[0]
    wish = {
        "slot_id": slot["id"],
        "service_codes": [service["code"]],
        "contact": {"name": "Ayşe Yılmaz", "phone": "0171 5550142"},
        "vehicle": {"plate": "DO-AB 123", "make": "VW", "model": "Golf", "year": 2015},
        "note": "<b>bitte</b> anrufen 📞",
    }
    return partner.call(
        "POST", "/appointments", headers={"Idempotency-Key": "order-1"}, json={**wish, **changes}
    )
