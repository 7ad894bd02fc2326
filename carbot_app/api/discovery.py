"""``/robots.txt`` and ``/sitemap.xml``: which pages are meant for search engines."""

from collections.abc import Callable, Iterable
from xml.sax.saxutils import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

_FOR_EVERYONE = ("/w/", "/assets/", "/icons/", "/widget.js", "/widget-extras.js")


def discovery_routes(
    list_slugs: Callable[[], Iterable[str]], pages: Iterable[str], public_url: str
) -> list[Route]:
    """Routes for both files.

    Args:
        list_slugs: slugs of the public workshops; called in a thread.
        pages: pages each workshop has, e.g. ``("termin", "chat")``.
        public_url: address customers see, without trailing slash.
    """
    shown = tuple(pages)

    async def robots(request: Request) -> Response:
        allowed = "\n".join(f"Allow: {path}" for path in _FOR_EVERYONE)
        return PlainTextResponse(
            f"User-agent: *\n{allowed}\nDisallow: /\n\nSitemap: {public_url}/sitemap.xml\n"
        )

    async def sitemap(request: Request) -> Response:
        slugs = await run_in_threadpool(lambda: list(list_slugs()))
        addresses = (f"{public_url}/w/{slug}/{page}/" for slug in slugs for page in shown)
        entries = "".join(f"<url><loc>{escape(address)}</loc></url>" for address in addresses)
        return Response(
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>',
            media_type="application/xml",
        )

    return [Route("/robots.txt", robots), Route("/sitemap.xml", sitemap)]
