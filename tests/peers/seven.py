"""A stand-in for seven.io, built from its published reference (docs.seven.io)."""

import hashlib
import hmac
import json

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


class SevenIo:
    """Takes SMS for ``api_key``; numbers ending in 000 are unknown, 555 finds no credit, 503 is down."""

    def __init__(self, api_key: str, signing_key: str) -> None:
        self._api_key = api_key
        self._signing_key = signing_key
        self.sent: list[dict[str, str]] = []
        self.app = Starlette(routes=[Route("/api/sms", self._sms, methods=["POST"])])

    async def _sms(self, request: Request) -> Response:
        if request.headers.get("x-api-key") != self._api_key:
            return PlainTextResponse("900", 401)
        order = await request.json()
        if order["to"].endswith("503"):
            return PlainTextResponse("down", 503)
        if order["to"].endswith("555"):
            return JSONResponse({"success": "500", "messages": []})
        if order["to"].endswith("000"):
            return JSONResponse({"success": "202", "messages": [{"success": False, "error": "202"}]})
        self.sent.append(order)
        message = {
            "id": f"7714{len(self.sent)}",
            "sender": order.get("from", ""),
            "recipient": order["to"].removeprefix("+"),
            "text": order["text"],
            "encoding": "gsm",
            "parts": 1,
            "price": 0.075,
            "success": True,
            "error": None,
            "error_text": None,
        }
        return JSONResponse({"success": "100", "total_price": 0.075, "messages": [message]})

    def call(
        self, url: str, event: str, data: dict[str, str], timestamp: int
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of a signed webhook call."""
        body = json.dumps({"webhook_event": event, "webhook_timestamp": "", "data": data}).encode()
        nonce = "fpPRhAd1s8GXacfR39mWqKPynmmXfJnc"
        text = "\n".join((str(timestamp), nonce, "POST", url, hashlib.md5(body).hexdigest()))
        signature = hmac.new(self._signing_key.encode(), text.encode(), hashlib.sha256).hexdigest()
        return {"x-timestamp": str(timestamp), "x-nonce": nonce, "x-signature": signature}, body
