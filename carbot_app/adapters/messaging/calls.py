"""One HTTP call to a provider, and what its failure means for the message."""

from typing import Any

import httpx

from carbot_app.adapters.trust import trusted
from carbot_app.domains.messaging.ports import DeliveryError

TIMEOUT_SECONDS = 15
BUSY = 429
SERVER_ERRORS = 500


def post(url: str, **options: Any) -> httpx.Response:
    """The answer of the provider, whatever it says; raises DeliveryError when there is none.

    A message that surely never reached the provider may be sent again; after a lost answer nobody knows.
    """
    try:
        answer = httpx.post(url, verify=trusted(), timeout=TIMEOUT_SECONDS, **options)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise DeliveryError(type(error).__name__, permanent=False) from error
    except httpx.HTTPError as error:
        raise DeliveryError(type(error).__name__, permanent=False, unsure=True) from error
    if answer.status_code == BUSY or answer.status_code in (502, 503):
        raise DeliveryError(f"HTTP {answer.status_code}", permanent=False)
    if answer.status_code >= SERVER_ERRORS:
        raise DeliveryError(f"HTTP {answer.status_code}", permanent=False, unsure=True)
    return answer


def get(url: str, **options: Any) -> httpx.Response:
    """The answer of the provider to a question; asking again does no harm. Raises DeliveryError."""
    try:
        answer = httpx.get(url, verify=trusted(), timeout=TIMEOUT_SECONDS, **options)
    except httpx.HTTPError as error:
        raise DeliveryError(type(error).__name__, permanent=False) from error
    if answer.status_code == BUSY or answer.status_code >= SERVER_ERRORS:
        raise DeliveryError(f"HTTP {answer.status_code}", permanent=False)
    return answer


def download(url: str, *, limit: int, **options: Any) -> bytes:
    """A file, empty when it is longer than ``limit`` bytes; raises DeliveryError like ``get``."""
    content = b""
    try:
        with httpx.stream("GET", url, verify=trusted(), timeout=TIMEOUT_SECONDS, **options) as answer:
            if answer.is_error:
                permanent = answer.status_code != BUSY and answer.status_code < SERVER_ERRORS
                raise DeliveryError(f"HTTP {answer.status_code}", permanent=permanent)
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > limit:
                    return b""
    except httpx.HTTPError as error:
        raise DeliveryError(type(error).__name__, permanent=False) from error
    except httpx.InvalidURL as error:
        raise DeliveryError("no address", permanent=True) from error
    return content


def body_of(answer: httpx.Response) -> dict[str, Any]:
    """The JSON object of an answer; an answer that is none leaves us unsure."""
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise DeliveryError(f"HTTP {answer.status_code} without JSON", permanent=False, unsure=True)
    return found
