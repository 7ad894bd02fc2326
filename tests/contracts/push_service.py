"""A push service of our own, after RFC 8030: it decrypts and answers as the endpoint's name says."""

import base64
import http.server
import os
import threading
from dataclasses import dataclass, field

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Received:
    """A push as the browser would see it."""

    path: str
    headers: dict[str, str]
    text: str


@dataclass
class PushService:
    """Runs until ``close``; ``keys`` are what a browser's subscription would hold."""

    received: list[Received] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self._auth = os.urandom(16)
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def p256dh(self) -> str:
        point = self._private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return _b64(point)

    @property
    def auth(self) -> str:
        return _b64(self._auth)

    def endpoint(self, name: str) -> str:
        """``gone…`` answers 410, ``busy…`` 429, anything else 201."""
        return f"http://127.0.0.1:{self._server.server_port}/push/{name}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                name = self.path.rsplit("/", 1)[-1]
                status = 410 if name.startswith("gone") else 429 if name.startswith("busy") else 201
                if status == 201:
                    text = http_ece.decrypt(
                        body, private_key=service._private, auth_secret=service._auth, version="aes128gcm"
                    ).decode()
                    headers = {key.lower(): value for key, value in self.headers.items()}
                    service.received.append(Received(self.path, headers, text))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _b64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
