"""A stand-in for the WhatsApp Cloud API, built from Meta's published reference."""

import hashlib
import hmac
import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


class WhatsApp:
    """Takes templates and text for one number; numbers ending in 000 are unknown, 503 is down.

    Numbers ending in 024 wrote more than a day ago. ``media`` holds files of customers: id → type, content.
    """

    def __init__(self, token: str, phone_id: str, app_secret: str) -> None:
        self._token = token
        self._app_secret = app_secret
        self.sent: list[dict[str, Any]] = []
        self.media: dict[str, tuple[str, bytes]] = {}
        self.app = Starlette(
            routes=[
                Route(f"/{phone_id}/messages", self._message, methods=["POST"]),
                Route("/download/{name}", self._download),
                Route("/{name}", self._media),
            ]
        )

    async def _message(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self._token}":
            return _error(401, 190, "Invalid OAuth access token")
        order = await request.json()
        if order["to"].endswith("503"):
            return PlainTextResponse("down", 503)
        if order["to"].endswith("000"):
            return _error(400, 131026, "Message undeliverable")
        sent = {"to": f"+{order['to']}"}
        if order["type"] == "text":
            if order["to"].endswith("024"):
                return _error(400, 131047, "Re-engagement message")
            self.sent.append({**sent, "text": order["text"]["body"]})
        else:
            if not order["template"]["components"][0]["parameters"]:
                return _error(400, 132000, "Number of parameters does not match")
            self.sent.append({**sent, "template": order["template"]["name"]})
        return JSONResponse(
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": order["to"], "wa_id": order["to"]}],
                "messages": [{"id": f"wamid.{len(self.sent)}", "message_status": "accepted"}],
            }
        )

    async def _media(self, request: Request) -> Response:
        name = request.path_params["name"]
        if request.headers.get("authorization") != f"Bearer {self._token}":
            return _error(401, 190, "Invalid OAuth access token")
        if name not in self.media:
            return _error(400, 100, "Unsupported get request. Object does not exist")
        url = f"{request.base_url}download/{name}"
        return JSONResponse({"url": url, "mime_type": self.media[name][0], "id": name})

    async def _download(self, request: Request) -> Response:
        if request.headers.get("authorization") != f"Bearer {self._token}":
            return PlainTextResponse("", 401)
        media_type, content = self.media[request.path_params["name"]]
        return Response(content, media_type=media_type)

    def call(self, value: dict[str, Any]) -> tuple[dict[str, str], bytes]:
        """Headers and body of a signed webhook call."""
        entry = {"id": "1", "changes": [{"field": "messages", "value": value}]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        signature = hmac.new(self._app_secret.encode(), body, hashlib.sha256).hexdigest()
        return {"x-hub-signature-256": f"sha256={signature}"}, body


def _error(status: int, code: int, message: str) -> JSONResponse:
    return JSONResponse({"error": {"message": message, "type": "OAuthException", "code": code}}, status)
