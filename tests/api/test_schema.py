"""Schemathesis plays every endpoint of the description with values from it and from beyond it."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from carbot_app.api.app import create_api
from carbot_app.api.v1.description import describe
from carbot_app.api.v1.routes import router
from carbot_app.bootstrap import build_services
from carbot_app.db.migrate import migrate
from carbot_app.db.session import Database
from tests.api.conftest import bearer, make_tenant, settings_for
from tests.factories.team_services import CHEAP_HASHER

EXAMPLES = 25
OPERATIONS = [(method, path) for path, item in describe(router)["paths"].items() for method in item]
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, dict[str, str]]]:
    """The description bound to an application with one workshop, and its key."""
    folder = tmp_path_factory.mktemp("schema")
    db = Database(f"sqlite:///{folder / 'carbot.db'}")
    migrate(db.engine)
    services = build_services(
        settings_for(folder, api_rate_per_minute=1_000_000), db=db, passwords=CHEAP_HASHER
    )
    key = make_tenant(services, "Müller", "sabine@mueller.de").key
    yield schemathesis.openapi.from_asgi("/api/v1/openapi.json", create_api(services)), bearer(key)
    db.close()


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_an_endpoint_keeps_its_description(
    played: tuple[Any, dict[str, str]], method: str, path: str
) -> None:
    schema, headers = played

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=schema[path][method.upper()].as_strategy())
    def play(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    play()
