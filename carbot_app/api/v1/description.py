"""The OpenAPI description of v1."""

from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from carbot_app.api.problems import FieldProblem, Problem

_TEXT = """
REST API of a workshop on CarBot.

**Keys.** An owner creates keys under *Einstellungen → API-Schlüssel*, each with scopes. Send
`Authorization: Bearer cb_…`. A key reaches exactly one workshop; ids of others are answered with 404.

**Errors** are `application/problem+json` (RFC 9457): `code` is stable, `title` is written in the language of
`Accept-Language` (de, en, tr, pl), `errors` names the fields.

**Pages.** Lists end with `next`; put it into `before` to go on, until it is null.

**Limits.** Every answer carries `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset` (seconds).
Above the limit the answer is 429 with `Retry-After`.

**Money** is integer cents, **instants** are RFC 3339 in UTC.
"""


def describe(router: APIRouter) -> dict[str, Any]:
    """OpenAPI 3.1 of the router's endpoints."""
    description = get_openapi(
        title="CarBot API", version="1.0.0", description=_TEXT, routes=router.routes, openapi_version="3.1.0"
    )
    template = "#/components/schemas/{model}"
    schemas = description["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema(ref_template=template)
    schemas["Problem"].pop("$defs", None)
    schemas["FieldProblem"] = FieldProblem.model_json_schema(ref_template=template)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    return description
