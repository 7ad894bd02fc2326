"""Caching and security headers for everything the server sends."""

import base64
import hashlib
import mimetypes
import re
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(r"<script(?P<attributes>(?:\s[^>]*)?)>(?P<code>.*?)</script>", re.DOTALL)
_NOT_EXECUTED = ("application/json", "application/ld+json")
_API = "/api/"
_HASHED_FILES = "/assets/"
_ALWAYS_CHECKED = ("/sw.js", "/manifest.webmanifest")
_OWN_FILES = re.compile(r"\.(?:js|css|svg|png|ico|json|webp|woff2)$")
mimetypes.add_type("application/manifest+json", ".webmanifest")

_YEAR, _HOUR = 31_536_000, 3_600

_SECURITY = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=(self)",
}
# Reflex evaluates the code of its client events (toast, focus, scroll), hence 'unsafe-eval'; emotion writes
# style elements. No other party appears anywhere.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'{hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


class HttpHeaders:
    """ASGI middleware that adds what the application behind it has not set itself.

    Args:
        app: the rest of the application.
        static_dir: the built frontend; its HTML tells which inline scripts are ours.
        secure: the site is reached over HTTPS, so browsers may remember that.
    """

    def __init__(self, app: ASGIApp, static_dir: Path, secure: bool = False) -> None:
        self._app = app
        self._static_dir = static_dir
        security = dict(_SECURITY)
        if secure:
            security["strict-transport-security"] = f"max-age={_YEAR}"
        self._security = [(name.encode(), value.encode()) for name, value in security.items()]
        self._policy = lru_cache(maxsize=256)(_policy_of)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        path = self._with_slash(scope["path"])
        if path != scope["path"]:
            scope = {**scope, "path": path, "raw_path": quote(path).encode()}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                self._add(headers, path, message["status"])
            await send(message)

        return await self._app(scope, receive, send_with_headers)

    def _with_slash(self, path: str) -> str:
        """The address of a prerendered page with its trailing slash: a redirect would cost a round trip."""
        if path.startswith(_API) or path.endswith("/") or "." in path.rsplit("/", 1)[-1]:
            return path
        return f"{path}/" if self._page_file(path) else path

    def _add(self, headers: MutableHeaders, path: str, status: int) -> None:
        present = {name for name, _ in headers.raw}
        headers.raw.extend(header for header in self._security if header[0] not in present)
        is_html = headers.get("content-type", "").startswith("text/html")
        if is_html:
            page = self._page_file(path) or self._static_dir / "404.html"
            headers.setdefault("content-security-policy", self._policy(page))
        if status in (200, 304):
            cache = _cache_control(path, is_html)
            if cache:
                headers.setdefault("cache-control", cache)

    def _page_file(self, path: str) -> Path | None:
        parts = [part for part in path.split("/") if part]
        if ".." in parts or "\0" in path:
            return None
        if parts[:1] in (["w"], ["t"], ["freigabe"]) and len(parts) > 1:
            parts[1] = "_de"
        file = self._static_dir.joinpath(*parts, *([] if path.endswith(".html") else ["index.html"]))
        return file if file.is_file() else None


def _policy_of(file: Path) -> str:
    try:
        return content_security_policy(file.read_text(encoding="utf-8"))
    except OSError:
        return content_security_policy("")


def content_security_policy(page: str) -> str:
    """A policy that runs the inline scripts of this page and no others."""
    hashes = sorted({script_hash(code) for code in _executed_scripts(page)})
    return _POLICY.format(hashes="".join(f" '{value}'" for value in hashes))


def script_hash(code: str) -> str:
    """``sha256-…`` of an inline script's text, as Content-Security-Policy wants it (CSP 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()


def _executed_scripts(page: str) -> list[str]:
    """Texts of inline scripts, including the deferred one that a script of ours inserts as a module."""
    return [
        script["code"]
        for script in _INLINE_SCRIPT.finditer(page)
        if " src=" not in script["attributes"]
        and not any(kind in script["attributes"] for kind in _NOT_EXECUTED)
    ]


def _cache_control(path: str, is_html: bool) -> str:
    if is_html or path in _ALWAYS_CHECKED:
        return "no-cache"
    if path.startswith(_HASHED_FILES):
        return f"public, max-age={_YEAR}, immutable"
    if path.startswith((_API, "/_")):
        return ""
    return f"public, max-age={_HOUR}" if _OWN_FILES.search(path) else ""
