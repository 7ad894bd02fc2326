"""A stand-in for VIES, built from the published description of its REST interface."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


class Vies:
    """Knows ``numbers``; those of Spain are never available, Poland answers nonsense, Malta is down."""

    def __init__(self, *numbers: str) -> None:
        self._numbers = numbers
        self.asked: list[dict[str, str]] = []
        self.app = Starlette(routes=[Route("/check-vat-number", self._check, methods=["POST"])])

    async def _check(self, request: Request) -> Response:
        question = await request.json()
        self.asked.append(question)
        country = question["countryCode"]
        if country == "ES":
            return JSONResponse({"actionSucceed": False, "errorWrappers": [{"error": "MS_UNAVAILABLE"}]})
        if country == "PL":
            return PlainTextResponse("<html>maintenance</html>")
        if country == "MT":
            return JSONResponse({"valid": True}, 503)
        valid = country + question["vatNumber"] in self._numbers
        return JSONResponse(
            {
                **{"countryCode": country, "vatNumber": question["vatNumber"], "valid": valid},
                "requestDate": "2026-11-23T09:00:00.000Z",
                "requestIdentifier": "WAPIAAAAZ1" if "requesterNumber" in question else "",
                **{"name": "---", "address": "---"},
            }
        )
