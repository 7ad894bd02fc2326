"""Errors as ``application/problem+json`` (RFC 9457) in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from carbot_app.domains.booking.schemas import Slot
from carbot_app.kit.errors import AppError, Conflict, TooMany, Unauthenticated
from carbot_app.kit.i18n import translate
from carbot_app.kit.languages import best_language

_BY_STATUS = {
    400: "invalid",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "not_json",
    500: "internal",
}
_FIELD_CODES = {
    "missing": "missing",
    "json_invalid": "json_invalid",
    "extra_forbidden": "field_unknown",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_long",
    "too_short": "too_short",
    "literal_error": "field_choice",
    "enum": "field_choice",
    "string_type": "field_text",
    "string_unicode": "field_text",
    "string_pattern_mismatch": "field_text",
    "value_error": "field_text",
}
_FIELD_CODE_PREFIXES = {
    "int_": "field_number",
    "float_": "field_number",
    "uuid_": "field_id",
    "date": "field_date",
    "timezone_": "field_date",
    "greater_": "field_range",
    "less_": "field_range",
}


class FieldProblem(BaseModel):
    """One field that was not accepted."""

    field: str
    code: str
    message: str


class Problem(BaseModel):
    """Body of every error. ``code`` is stable; ``title`` and ``detail`` follow ``Accept-Language``."""

    type: str
    title: str
    detail: str
    status: int
    code: str
    request_id: str
    errors: list[FieldProblem] = []
    alternatives: list[Slot] = []
    """After a lost slot: the next best ones; left out otherwise."""


class SlotLost(Conflict):
    """A slot that cannot be had any more, with the next best ones."""

    def __init__(self, lost: Conflict, alternatives: Sequence[Slot]) -> None:
        super().__init__(lost.code, field=lost.field, **lost.params)
        self.alternatives = alternatives


class ProblemResponse(Response):
    """Problem as an answer."""

    media_type = "application/problem+json"


def problem(
    language: str,
    code: str,
    status: int,
    *,
    request_id: str,
    params: Mapping[str, Any] | None = None,
    errors: Sequence[FieldProblem] = (),
    alternatives: Sequence[Slot] = (),
    headers: Mapping[str, str] | None = None,
) -> ProblemResponse:
    """Build the answer for an error code."""
    text = translate(language, f"errors.{code}", **(params or {}))
    body = Problem(
        type=f"urn:carbot:problem:{code}",
        title=text,
        detail=text,
        status=status,
        code=code,
        request_id=request_id,
        errors=list(errors),
        alternatives=list(alternatives),
    )
    shown = body.model_dump(exclude=None if alternatives else {"alternatives"})
    content = orjson.dumps(shown, option=orjson.OPT_UTC_Z)
    return ProblemResponse(content, status_code=status, headers=dict(headers or {}))


def language_of(request: Request) -> str:
    """The language this reader prefers."""
    return best_language(request.headers.get("accept-language", ""))


def request_id_of(request: Request) -> str:
    """The id under which the request is logged."""
    return request.scope.get("state", {}).get("request_id", "")


def add_problem_handlers(app: FastAPI) -> None:
    """Turn every expected error into a problem; unexpected ones are caught further out, see api.recording."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)


def app_error_response(request: Request, error: AppError) -> ProblemResponse:
    """The problem of an expected error, with the headers its status asks for."""
    language = language_of(request)
    headers = {}
    if isinstance(error, Unauthenticated):
        headers["www-authenticate"] = "Bearer"
    if isinstance(error, TooMany):
        headers["retry-after"] = str(error.params["retry_after"])
    errors = []
    if error.field:
        message = translate(language, error.message_key, **error.params)
        errors = [FieldProblem(field=error.field, code=error.code, message=message)]
    return problem(
        language,
        error.code,
        error.status,
        request_id=request_id_of(request),
        params=error.params,
        errors=errors,
        alternatives=error.alternatives if isinstance(error, SlotLost) else (),
        headers=headers,
    )


async def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    return app_error_response(request, error)


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    language = language_of(request)
    errors = [_field_problem(language, found) for found in error.errors()]
    return problem(language, "invalid", 422, request_id=request_id_of(request), errors=errors)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _BY_STATUS.get(error.status_code, "invalid")
    return problem(
        language_of(request),
        code,
        error.status_code,
        request_id=request_id_of(request),
        headers=error.headers,
    )


def _field_problem(language: str, found: Mapping[str, Any]) -> FieldProblem:
    kind, context = found["type"], found.get("ctx", {})
    code = _FIELD_CODES.get(kind) or next(
        (code for prefix, code in _FIELD_CODE_PREFIXES.items() if kind.startswith(prefix)), "invalid"
    )
    params = {
        "limit": context.get("max_length") or context.get("min_length", ""),
        "choices": context.get("expected", ""),
    }
    place = [str(part) for part in found["loc"][1:]] or [str(part) for part in found["loc"]]
    name = "body" if kind == "json_invalid" else ".".join(place)
    return FieldProblem(field=name, code=code, message=translate(language, f"errors.{code}", **params))
