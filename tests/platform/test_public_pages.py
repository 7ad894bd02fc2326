"""A public page is complete before any script runs, and says nothing about workshops that do not exist."""

import gzip
import json
import re
from pathlib import Path

import brotli
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from carbot_app.api.discovery import discovery_routes
from carbot_app.api.page_templates import PageTemplates, PublicPage
from carbot_app.api.public_pages import PublicPages
from carbot_app.kit.i18n import translate

_TEMPLATE = (
    '<!DOCTYPE html><html lang="de"><head><title>⟦title⟧</title></head>'
    '<body><h1>⟦workshop⟧</h1><a href="tel:⟦phone⟧">⟦phone⟧</a><p>⟦never_given⟧</p></body></html>'
)
_NASTY = 'Müller </script><script>alert(1)</script> & "Söhne"'


def _page(slug: str, page: str, language: str) -> PublicPage | None:
    if slug != "mueller-dortmund":
        return None
    return PublicPage(
        workshop=_NASTY,
        title=f"{page} {language} – {_NASTY}",
        description="Ölwechsel & Bremsen",
        street="Hauptstr. 1",
        postal_code="44135",
        city="Dortmund",
        phone="0231 5550120",
        opening_hours=("Mo 07:30-12:00",),
    )


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    for language, page in (("de", "termin"), ("de", "chat"), ("tr", "termin")):
        folder = tmp_path / "w" / f"_{language}" / page
        folder.mkdir(parents=True)
        folder.joinpath("index.html").write_text(_TEMPLATE, encoding="utf-8")

    def inner(request):
        return PlainTextResponse(f"reflex {request.url.path}")

    routes = [
        *discovery_routes(lambda: ["a", "b&c"], ("termin",), "https://x.example"),
        Route("/{rest:path}", inner),
    ]
    app = PublicPages(Starlette(routes=routes), PageTemplates(tmp_path), _page, "https://x.example")
    return TestClient(app, follow_redirects=False)


def _block(text: str, kind: str) -> dict:
    found = re.search(rf'<script type="{kind}"[^>]*>(.*?)</script>', text)
    assert found
    return json.loads(found[1])


def test_the_html_carries_title_description_canonical_and_facts(client: TestClient) -> None:
    answer = client.get("/w/mueller-dortmund/termin/")
    assert answer.status_code == 200
    assert (
        "<h1>Müller &lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Söhne&quot;</h1>"
        in answer.text
    )
    assert '<meta name="description" content="Ölwechsel &amp; Bremsen"/>' in answer.text
    assert '<link rel="canonical" href="https://x.example/w/mueller-dortmund/termin/"/>' in answer.text
    assert '<a href="tel:0231 5550120">0231 5550120</a>' in answer.text
    assert "⟦" not in answer.text


def test_no_value_of_a_workshop_can_start_a_script(client: TestClient) -> None:
    text = client.get("/w/mueller-dortmund/termin/").text
    assert "<script>alert" not in text
    assert _block(text, "application/json")["workshop"] == _NASTY


def test_search_engines_read_an_auto_repair_shop(client: TestClient) -> None:
    shop = _block(client.get("/w/mueller-dortmund/termin/").text, "application/ld\\+json")
    assert shop["@type"] == "AutoRepair"
    assert shop["address"]["addressLocality"] == "Dortmund"
    assert shop["openingHours"] == ["Mo 07:30-12:00"]
    assert shop["url"] == "https://x.example/w/mueller-dortmund/"
    assert "email" not in shop


def test_the_slash_at_the_end_makes_no_difference_and_costs_no_redirect(client: TestClient) -> None:
    with_slash, without = (client.get(f"/w/mueller-dortmund/termin{end}") for end in ("/", ""))
    assert without.status_code == 200
    assert without.content == with_slash.content


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        ("", "tr-TR,tr;q=0.9,en;q=0.8", "tr"),
        ("", "fr-CH, pl;q=0.3, en;q=0.7", "en"),
        ("", "", "de"),
        ("?lang=pl", "tr", "pl"),
        ("?lang=xx", "tr", "tr"),
    ],
)
def test_the_address_wins_over_the_browsers_languages(client: TestClient, query, accept, language) -> None:
    answer = client.get(f"/w/mueller-dortmund/termin/{query}", headers={"accept-language": accept})
    assert f'<html lang="{language}"' in answer.text
    assert f"<title>termin {language} –" in answer.text


@pytest.mark.parametrize("slug", ["unbekannt", "_de", "%00", "A" * 300, "mueller dortmund"])
def test_an_unknown_workshop_is_a_404_in_the_readers_language(client: TestClient, slug: str) -> None:
    answer = client.get(f"/w/{slug}/termin/", headers={"accept-language": "tr"})
    assert answer.status_code == 404
    assert translate("tr", "platform.public.not_found.title") in answer.text


def test_the_bare_address_of_a_workshop_leads_to_its_booking(client: TestClient) -> None:
    answer = client.get("/w/mueller-dortmund")
    assert (answer.status_code, answer.headers["location"]) == (302, "/w/mueller-dortmund/termin/")
    assert client.get("/w/unbekannt").status_code == 404


@pytest.mark.parametrize(("name", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_the_page_is_sent_compressed(client: TestClient, name, unpack) -> None:
    plain = client.get("/w/mueller-dortmund/chat/", headers={"accept-encoding": "identity"})
    with client.stream("GET", "/w/mueller-dortmund/chat/", headers={"accept-encoding": name}) as answer:
        assert answer.headers["content-encoding"] == name
        assert unpack(b"".join(answer.iter_raw())) == plain.content


def test_an_unchanged_page_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/w/mueller-dortmund/termin/")
    again = client.get("/w/mueller-dortmund/termin/", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_head_request_has_the_length_and_no_body(client: TestClient) -> None:
    head = client.head("/w/mueller-dortmund/termin/", headers={"accept-encoding": "identity"})
    assert head.content == b""
    assert int(head.headers["content-length"]) == len(
        client.get("/w/mueller-dortmund/termin/", headers={"accept-encoding": "identity"}).content
    )


@pytest.mark.parametrize(
    "path", ["/heute/", "/w/mueller-dortmund/termin/extra", "/w/mueller-dortmund/unbuilt/", "/w/"]
)
def test_everything_else_goes_to_the_application(client: TestClient, path: str) -> None:
    assert client.get(path).text == f"reflex {path}"


def test_posting_to_a_public_page_goes_to_the_application(client: TestClient) -> None:
    assert client.post("/w/mueller-dortmund/termin/").status_code == 405


def test_robots_and_sitemap_name_public_pages_only(client: TestClient) -> None:
    robots = client.get("/robots.txt").text
    assert "Disallow: /\n" in robots
    assert "Sitemap: https://x.example/sitemap.xml" in robots
    sitemap = client.get("/sitemap.xml")
    assert sitemap.headers["content-type"].startswith("application/xml")
    assert "<loc>https://x.example/w/b&amp;c/termin/</loc>" in sitemap.text
