"""Stripe's Checkout as the npm package ``emulate`` plays it: a server written by others that signs its calls.

It knows no ``price_data`` and tells no amounts of a session. The relay before it makes a price first, as its
own clients must, and adds the amount of that price to what is told of a session; the page is reached through
it. Nothing else is changed.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.peers.http_server import HttpServer
from tests.peers.npm_packages import free_port, start_server, stop_server

KEY, SECRET = "sk_test_emulated", "whsec_test"
_PRICE = "line_items[0][price_data]"


class EmulatedStripe:
    """The server on a free port behind the relay; ``hook`` is called for every event."""

    def __init__(self, folder: Path, hook: str) -> None:
        self._port = free_port()
        self.peer = f"http://127.0.0.1:{self._port}"
        self._seed = folder / "emulate.json"
        webhook = {"url": hook, "secret": SECRET, "events": ["*"]}
        self._seed.write_text(json.dumps({"stripe": {"webhooks": [webhook]}}))
        self._amounts: dict[str, tuple[int, str]] = {}
        self._relay = HttpServer(
            Starlette(routes=[Route("/{path:path}", self._pass_on, methods=["GET", "POST"])])
        )
        self.origin = self._relay.origin

    def start(self) -> None:
        """Serve until ``stop``; raises PeerUnavailable when it does not come up."""
        command = ["node_modules/emulate/dist/index.js", "start", "--service", "stripe"]
        self._process = start_server(
            [*command, "--port", str(self._port), "--seed", str(self._seed)], self._port
        )
        self._relay.start()

    def stop(self) -> None:
        """End both."""
        self._relay.stop()
        stop_server(self._process)

    async def _pass_on(self, request: Request) -> Response:
        fields = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        headers = {
            name: request.headers[name]
            for name in ("authorization", "stripe-version")
            if name in request.headers
        }
        async with httpx.AsyncClient(base_url=self.peer, headers=headers) as peer:
            priced = (0, "")
            if f"{_PRICE}[unit_amount]" in fields:
                priced = (int(fields[f"{_PRICE}[unit_amount]"]), fields[f"{_PRICE}[currency]"])
                fields = await self._with_price(peer, fields)
            answer = await peer.request(
                request.method,
                f"/{request.path_params['path']}",
                content=urlencode(fields) if fields else None,
                headers={"content-type": "application/x-www-form-urlencoded"},
            )
        if not answer.headers.get("content-type", "").startswith("application/json"):
            kept = {
                name: answer.headers[name] for name in ("location", "content-type") if name in answer.headers
            }
            return Response(answer.content, answer.status_code, kept)
        told: dict[str, Any] = answer.json()
        if told.get("object") == "checkout.session":
            if priced[0]:
                self._amounts[told["id"]] = priced
            amount, currency = self._amounts[told["id"]]
            told |= {"amount_total": amount, "currency": currency}
            told["url"] = told["url"] and f"{self.origin}/checkout/{told['id']}"
        return Response(json.dumps(told), answer.status_code, media_type="application/json")

    async def _with_price(self, peer: httpx.AsyncClient, fields: dict[str, str]) -> dict[str, str]:
        product = await peer.post("/v1/products", data={"name": fields[f"{_PRICE}[product_data][name]"]})
        price = await peer.post(
            "/v1/prices",
            data={
                "product": product.json()["id"],
                "currency": fields[f"{_PRICE}[currency]"],
                "unit_amount": fields[f"{_PRICE}[unit_amount]"],
            },
        )
        kept = {name: value for name, value in fields.items() if not name.startswith(_PRICE)}
        return {**kept, "line_items[0][price]": price.json()["id"]}
