"""Routers are asked in an order of their own: none may hide what another answers."""

import re
from collections.abc import Iterator
from typing import Any

from carbot_app.api.app import create_api
from carbot_app.bootstrap import Services


def _routes(router: Any) -> Iterator[Any]:
    """Every route with methods in the order it is asked, through routers included in routers."""
    for route in router.routes:
        if included := getattr(route, "original_router", None):
            yield from _routes(included)
        elif hasattr(route, "methods"):
            yield route


def test_no_route_hides_another(services: Services) -> None:
    asked: list[Any] = []
    hidden = []
    for route in _routes(create_api(services)):
        example = re.sub(r"{[^}]*}", "1", route.path)
        hidden += [
            (method, route.path, earlier.path)
            for earlier in asked
            for method in route.methods & earlier.methods
            if earlier.path_regex.match(example)
        ]
        asked.append(route)
    assert len(asked) > 100
    assert hidden == []
