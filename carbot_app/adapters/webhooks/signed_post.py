"""Posts signed JSON to addresses owners entered, and to nothing only this machine can reach."""

import hashlib
import hmac
import ipaddress
import socket
from datetime import datetime

import httpx

from carbot_app.domains.automations.ports import WebhookError

SECONDS = 10.0
_AGAIN = frozenset({408, 425, 429})


class SignedPost:
    """``X-CarBot-Signature: t=<seconds>,v1=<hex>`` where v1 is HMAC-SHA256 of ``<seconds>.<body>``.

    ``private_hosts``: servers in the own network, also without TLS, may be called.
    """

    def __init__(self, *, private_hosts: bool = False) -> None:
        self._private_hosts = private_hosts

    def send(self, url: str, *, body: bytes, secret: str, delivery: str, at: datetime) -> None:
        """See WebhookSender. Redirects are not followed: they could lead inside."""
        try:
            address = httpx.URL(url)
        except httpx.InvalidURL as error:
            raise WebhookError("address invalid", permanent=True) from error
        if address.scheme != "https" and not (self._private_hosts and address.scheme == "http"):
            raise WebhookError("address not allowed", permanent=True)
        seconds = str(int(at.timestamp()))
        signature = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {
            "host": address.netloc.decode(),
            "content-type": "application/json",
            "user-agent": "CarBot",
            "x-carbot-delivery": delivery,
            "x-carbot-signature": f"t={seconds},v1={signature}",
        }
        # The name is looked up once and that address is called: a second answer could be another one.
        target = address.copy_with(host=self._resolve(address))
        try:
            with (
                httpx.Client(timeout=SECONDS, trust_env=False) as client,
                client.stream(
                    "POST", target, content=body, headers=headers, extensions={"sni_hostname": address.host}
                ) as response,
            ):
                status = response.status_code
        except httpx.HTTPError as error:
            raise WebhookError(type(error).__name__, permanent=False) from error
        if status >= 300:
            permanent = status < 500 and status not in _AGAIN
            raise WebhookError(f"answered {status}", permanent=permanent)

    def _resolve(self, address: httpx.URL) -> str:
        port = address.port or (443 if address.scheme == "https" else 80)
        try:
            found = socket.getaddrinfo(address.host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise WebhookError("host unknown", permanent=False) from error
        hosts = [str(entry[4][0]) for entry in found]
        if not self._private_hosts and not all(ipaddress.ip_address(host).is_global for host in hosts):
            raise WebhookError("address not allowed", permanent=True)
        return hosts[0]
