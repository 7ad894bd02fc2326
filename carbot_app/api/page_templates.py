"""Prerendered public pages filled with one workshop's facts, compressed and cached."""

import hashlib
import html
import re
import zlib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

import brotli
from starlette.requests import Request
from starlette.responses import Response

from carbot_app.kit.languages import DEFAULT_LANGUAGE, LANGUAGES
from carbot_app.kit.page_facts import facts_element, fill_facts, fill_rows, json_for_html

_HTML_TAG = re.compile(r'<html lang="[^"]*"')
_OG_LOCALES = {"de": "de_DE", "en": "en_GB", "tr": "tr_TR", "pl": "pl_PL"}
_CACHED_PAGES = 512
APPOINTMENT = "@appointment"
"""Name of the page behind a customer's secret link, which belongs to no address of a workshop."""
APPROVAL = "@approval"
"""Name of the page of a question to a customer."""
_LINKS = {"t": APPOINTMENT, "freigabe": APPROVAL}
"""Folder of pages behind secret links → name."""
Rows = tuple[tuple[tuple[str, str], ...], ...]
"""Rows of a list as ``(column, value)`` pairs: pages are cached by their facts, so these can be hashed."""


@dataclass(frozen=True, slots=True)
class PublicPage:
    """What one public page says about its workshop, in the reader's language; plain text throughout."""

    workshop: str
    title: str
    description: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = "DE"
    phone: str = ""
    email: str = ""
    opening_hours: tuple[str, ...] = ()
    """schema.org form, e.g. ``Mo-Fr 07:30-17:30``."""
    price_range: str = "€€"
    image_url: str = ""
    """Absolute address of a picture for link previews; empty: the product's own."""
    extra_facts: tuple[tuple[str, str], ...] = field(default=())
    """Further texts a page may show through ``public_fact(name)``."""
    lists: tuple[tuple[str, Rows], ...] = field(default=())
    """Lists a page may show through ``public_list(name)``."""

    def list_rows(self) -> dict[str, list[dict[str, str]]]:
        """Every list by the name pages use."""
        return {name: [dict(row) for row in rows] for name, rows in self.lists}

    def list_facts(self) -> dict[str, str]:
        """Every fact by the name pages use."""
        names = ("workshop", "title", "description", "street", "postal_code", "city", "phone", "email")
        return {**{name: getattr(self, name) for name in names}, **dict(self.extra_facts)}


class RenderedPage:
    """Finished HTML with its encodings, each compressed once."""

    def __init__(self, text: str) -> None:
        self._body = text.encode()
        self._etag = f'"{hashlib.sha256(self._body).hexdigest()[:24]}"'

    def response(self, request: Request, status: int = 200) -> Response:
        """The answer in the best encoding the browser takes; 304 when it holds this very page."""
        headers = {
            "etag": self._etag,
            "cache-control": "no-cache",
            "vary": "Accept-Encoding, Accept-Language",
        }
        if status == 200 and request.headers.get("if-none-match", "").removeprefix("W/") == self._etag:
            return Response(status_code=304, headers=headers)
        accepted = request.headers.get("accept-encoding", "")
        if "br" in accepted:
            body, headers["content-encoding"] = self._brotli, "br"
        elif "gzip" in accepted:
            body, headers["content-encoding"] = self._gzip, "gzip"
        else:
            body = self._body
        if request.method == "HEAD":
            headers["content-length"] = str(len(body))
            body = b""
        return Response(body, status_code=status, headers=headers, media_type="text/html")

    @cached_property
    def _brotli(self) -> bytes:
        return brotli.compress(self._body, mode=brotli.MODE_TEXT, quality=6)

    @cached_property
    def _gzip(self) -> bytes:
        packer = zlib.compressobj(level=7, wbits=zlib.MAX_WBITS | 16)
        return packer.compress(self._body) + packer.flush()


class PageTemplates:
    """The prerendered pages below ``w/_<language>/`` of the built frontend, read once."""

    def __init__(self, static_dir: Path) -> None:
        self._templates: dict[tuple[str, str], str] = {}
        for language in LANGUAGES:
            root = static_dir / "w" / f"_{language}"
            for file in root.rglob("index.html"):
                page = file.parent.relative_to(root).as_posix().removeprefix(".")
                self._templates[page, language] = file.read_text(encoding="utf-8")
            for folder, name in _LINKS.items():
                link = static_dir / folder / f"_{language}" / "index.html"
                if link.exists():
                    self._templates[name, language] = link.read_text(encoding="utf-8")
        self.render = lru_cache(maxsize=_CACHED_PAGES)(self._render)

    def has(self, page: str) -> bool:
        """Whether such a page was built; the workshop's own address is the page ``""``."""
        return (page, DEFAULT_LANGUAGE) in self._templates

    def _render(
        self, page: str, language: str, facts: PublicPage, address: str, asked_language: str
    ) -> RenderedPage:
        """One page of one workshop.

        Args:
            page: a page for which :meth:`has` is true.
            language: language of the text.
            facts: what to fill in.
            address: the page's address without query.
            asked_language: set when the address carries ``?lang=``, which makes it an address of its own.
        """
        return self._fill(page, language, facts, head_elements(facts, language, address, asked_language))

    def render_private(self, page: str, language: str, facts: PublicPage) -> RenderedPage:
        """A page that is meant for one person: not kept, not described to search engines."""
        return self._fill(page, language, facts, '<meta name="robots" content="noindex, nofollow"/>')

    def _fill(self, page: str, language: str, facts: PublicPage, head: str) -> RenderedPage:
        template = self._templates.get((page, language)) or self._templates[page, DEFAULT_LANGUAGE]
        text = fill_facts(fill_rows(template, facts.list_rows()), facts.list_facts())
        text = _HTML_TAG.sub(f'<html lang="{language}"', text, count=1)
        head += facts_element({**facts.list_facts(), **facts.list_rows()})
        return RenderedPage(text.replace("</head>", head + "</head>", 1))


def head_elements(facts: PublicPage, language: str, address: str, asked_language: str) -> str:
    """Description, canonical and language links, link preview (Open Graph) and JSON-LD."""
    canonical = f"{address}?lang={asked_language}" if asked_language else address
    properties = {
        "og:type": "website",
        "og:title": facts.title,
        "og:description": facts.description,
        "og:url": canonical,
        "og:site_name": facts.workshop,
        "og:locale": _OG_LOCALES[language],
        "og:image": facts.image_url,
    }
    parts = [
        f'<meta name="description" content="{html.escape(facts.description)}"/>',
        f'<link rel="canonical" href="{html.escape(canonical)}"/>',
        *(
            f'<link rel="alternate" hreflang="{code}" href="{html.escape(address)}?lang={code}"/>'
            for code in LANGUAGES
        ),
        f'<link rel="alternate" hreflang="x-default" href="{html.escape(address)}"/>',
        *(
            f'<meta property="{name}" content="{html.escape(value)}"/>'
            for name, value in properties.items()
            if value
        ),
        f'<script type="application/ld+json">{json_for_html(auto_repair(facts, address))}</script>',
    ]
    return "".join(parts)


def auto_repair(facts: PublicPage, address: str) -> dict[str, object]:
    """The workshop as schema.org/AutoRepair, leaving out what is not known."""
    workshop_address = address.split("/w/", 1)[0] + "/w/" + address.split("/w/", 1)[1].split("/", 1)[0] + "/"
    postal = {
        "@type": "PostalAddress",
        "streetAddress": facts.street,
        "postalCode": facts.postal_code,
        "addressLocality": facts.city,
        "addressCountry": facts.country,
    }
    described = {
        "@context": "https://schema.org",
        "@type": "AutoRepair",
        "@id": workshop_address,
        "name": facts.workshop,
        "url": workshop_address,
        "description": facts.description,
        "telephone": facts.phone,
        "email": facts.email,
        "priceRange": facts.price_range,
        "image": facts.image_url,
        "openingHours": list(facts.opening_hours),
        "address": {name: value for name, value in postal.items() if value} if facts.city else None,
        "potentialAction": {"@type": "ReserveAction", "target": f"{workshop_address}termin/"},
    }
    return {name: value for name, value in described.items() if value}
