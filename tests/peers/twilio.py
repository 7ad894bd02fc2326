"""A stand-in for Twilio's REST API 2010-04-01, built from its published reference."""

import base64
import hashlib
import hmac
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


class Twilio:
    """Takes SMS for one account; numbers ending in 000 are invalid, 503 is down."""

    def __init__(self, account: str, token: str) -> None:
        self._account = account
        self._token = token
        self.sent: list[dict[str, str]] = []
        path = "/2010-04-01/Accounts/{account}/Messages.json"
        self.app = Starlette(routes=[Route(path, self._message, methods=["POST"])])

    async def _message(self, request: Request) -> Response:
        expected = base64.b64encode(f"{self._account}:{self._token}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return JSONResponse({"code": 20003, "message": "Authenticate", "status": 401}, 401)
        form = {name: str(value) for name, value in (await request.form()).items()}
        if form["To"].endswith("503"):
            return PlainTextResponse("down", 503)
        if form["To"].endswith("000"):
            return JSONResponse({"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400}, 400)
        self.sent.append(
            {"to": form["To"], "text": form["Body"], "report_url": form.get("StatusCallback", "")}
        )
        return JSONResponse({"sid": f"SM{len(self.sent):032d}", "status": "queued"}, 201)

    def call(self, url: str, fields: dict[str, str]) -> tuple[dict[str, str], bytes]:
        """Headers and body of a signed webhook call."""
        text = url + "".join(name + fields[name] for name in sorted(fields))
        digest = hmac.digest(self._token.encode(), text.encode(), hashlib.sha1)
        return {"x-twilio-signature": base64.b64encode(digest).decode()}, urlencode(fields).encode()
