"""Withdrawals over the form's endpoint: open to everybody, limited, said in the reader's language."""

import pytest
from httpx import Response
from starlette.testclient import TestClient

from carbot_app.api.withdrawals import ATTEMPTS_PER_MINUTE
from carbot_app.bootstrap import Services
from tests.api.conftest import Tenant, workshop_row

DECLARED = {"name": "Ayşe Yılmaz", "contract": "7KM4-2XQP", "email": "ayse@example.org"}


@pytest.fixture
def address(services: Services, tenant: Tenant) -> str:
    return f"/api/withdrawals/{workshop_row(services, tenant).slug}"


def declare(client: TestClient, address: str, language: str = "de", **changes: str) -> Response:
    return client.post(address, json={**DECLARED, **changes}, headers={"Accept-Language": language})


def test_a_declaration_is_received_and_again_gets_the_same_answer(client: TestClient, address: str) -> None:
    first = declare(client, address)
    assert first.status_code == 201, first.text
    assert first.json() == {
        "received_at": "2026-11-23T08:00:00Z",
        "received": "23. November 2026, 9:00 Uhr",
        "email": "ayse@example.org",
    }
    assert declare(client, address).json() == first.json()


@pytest.mark.parametrize(("language", "word"), [("de", "ausfüllen"), ("en", "fill"), ("pl", "wypełnić")])
def test_what_is_missing_is_said_in_the_readers_language(
    client: TestClient, address: str, language: str, word: str
) -> None:
    refused = declare(client, address, language, name="")
    assert refused.status_code == 422
    [problem] = refused.json()["errors"]
    assert problem["field"] == "name"
    assert word.lower() in problem["message"].lower()


def test_nobody_floods_a_stranger_with_receipts(client: TestClient, address: str) -> None:
    answers = [
        declare(client, address, name=f"Bot {number}").status_code
        for number in range(ATTEMPTS_PER_MINUTE + 1)
    ]
    assert answers[-1] == 429
    assert set(answers[:-1]) == {201}


def test_another_site_cannot_declare_and_an_unknown_workshop_is_none(
    client: TestClient, address: str
) -> None:
    foreign = client.post(address, json=DECLARED, headers={"Origin": "https://elsewhere.example"})
    assert foreign.status_code == 403
    assert declare(client, "/api/withdrawals/gibt-es-nicht").status_code == 404
