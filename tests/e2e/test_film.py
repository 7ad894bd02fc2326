"""One customer on every channel: mail at night in Turkish, photo by WhatsApp, visit, person, review."""

import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import TypeVar
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.demo.cast import SLUG
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.ids import new_id
from tests.e2e.conftest import Served, serve
from tests.e2e.people import OWNER, PATIENCE_MS, sign_in, visit_row, wait_until_alive
from tests.factories.letters import letter
from tests.factories.pictures import jpeg
from tests.peers.http_server import HttpServer
from tests.peers.imap_server import PASSWORD, USER, Certificate, Pymap
from tests.peers.mailbox import Mailbox, open_submission
from tests.peers.whatsapp import WhatsApp

T = TypeVar("T")

pytestmark = pytest.mark.e2e

_CUSTOMER, _MOBILE = "irem.isik@example.org", "+4915755501234"
_FIRST_MAIL, _REVIEWS = "<gece@example.org>", "https://bewertung.example/mueller"
_NIGHT, _MORNING = 2, 10
"""Hours of the day at the workshop."""


@dataclass(frozen=True)
class Film:
    """The workshop, and the servers its customer writes through."""

    served: Served
    database: Database
    imap: Pymap
    letters: Mailbox
    whatsapp: WhatsApp

    def make_it(self, hour: int) -> None:
        """Move the workshop to where it is that hour now: the clock of the machine goes on as it does."""
        shift = (hour - datetime.now(UTC).hour + 12) % 24 - 12
        with self.database.writing(SYSTEM) as session:
            workshop = session.exec(select(Workshop).where(Workshop.slug == SLUG)).one()
            workshop.timezone = f"Etc/GMT{-shift:+d}"
            session.add(workshop)

    def mail_with(self, pattern: str) -> EmailMessage:
        """The mail to the customer whose text fits."""
        return self._wait_for(
            lambda: (mail for mail in self.letters.messages if _CUSTOMER in mail["To"]), words_of, pattern
        )

    def whatsapp_with(self, pattern: str) -> str:
        """What the customer reads in WhatsApp and fits."""
        return self._wait_for(lambda: (sent.get("text", "") for sent in self.whatsapp.sent), str, pattern)

    def _wait_for(self, list_sent: Callable[[], Iterable[T]], text_of: Callable[[T], str], pattern: str) -> T:
        # Answers give way to whatever else goes on
        until = time.monotonic() + 3 * PATIENCE_MS / 1000
        while True:
            for sent in list_sent():
                if re.search(pattern, text_of(sent), re.DOTALL):
                    return sent
            assert time.monotonic() < until, f"{pattern} did not come"
            time.sleep(0.1)

    def say_by_whatsapp(self, **content: object) -> None:
        """A message of the customer's phone, as Meta reports it."""
        message = {
            "from": _MOBILE.lstrip("+"),
            "id": f"wamid.{new_id()}",
            "timestamp": str(int(time.time())),
            **content,
        }
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"phone_number_id": "123"},
            "contacts": [{"wa_id": _MOBILE.lstrip("+"), "profile": {"name": "İrem"}}],
            "messages": [message],
        }
        headers, body = self.whatsapp.call(value)
        urlopen(Request(f"{self.served.url}/api/webhooks/whatsapp", body, headers), timeout=10).close()


@pytest.fixture(scope="module")
def film(built_frontend: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    certificate = Certificate(tmp_path_factory.mktemp("certificate"))
    whatsapp = WhatsApp("token", "123", "app-secret")
    cloud = HttpServer(whatsapp.app)
    cloud.start()
    settings = {
        "CARBOT_MAIL_PRIVATE_HOSTS": "true",
        "SSL_CERT_FILE": str(certificate.file),
        "CARBOT_WHATSAPP_API_URL": cloud.origin,
        "CARBOT_WHATSAPP_TOKEN": "token",
        "CARBOT_WHATSAPP_PHONE_ID": "123",
        "CARBOT_WHATSAPP_APP_SECRET": "app-secret",
        "CARBOT_INBOUND_WORKSHOP": SLUG,
    }
    with (
        Pymap(tmp_path_factory.mktemp("imap"), certificate) as imap,
        open_submission(certificate) as letters,
        serve(tmp_path_factory.mktemp("film"), **settings) as served,
    ):
        database = Database(f"sqlite:///{served.data_dir / 'carbot.db'}")
        yield Film(served, database, imap, letters, whatsapp)
        database.close()
    cloud.stop()


def test_from_a_mail_at_night_to_a_review(browser: Browser, film: Film) -> None:
    owner = sign_in(browser, film.served.url, OWNER)
    connect_mailbox(owner, film)
    ask_for_reviews(owner, film)

    film.make_it(_NIGHT)
    film.imap.deliver(
        letter(
            "Merhaba, Golf 7 2015 model aracımda frenlerden gıcırtı geliyor. Fiyatı ne kadar ve ne zaman "
            "gelebilirim? Plaka DO-IS 815. Telefonum 01575 5501234.\n\nİrem Işık",
            sender=f"İrem Işık <{_CUSTOMER}>",
            subject="Fren gıcırtısı",
            date=format_datetime(datetime.now(UTC)),
            message_id=_FIRST_MAIL,
        ).as_bytes()
    )
    answer = film.mail_with(r"Golf 7 .*129,00\s€.*\n\n1\) .+\n2\) .+\n3\) ")
    assert answer["In-Reply-To"] == _FIRST_MAIL

    film.make_it(_MORNING)
    film.whatsapp.media["foto"] = ("image/jpeg", jpeg(1200, 900))
    photo = {"id": "foto", "mime_type": "image/jpeg", "caption": "Merhaba, fren diskinin fotoğrafı burada"}
    film.say_by_whatsapp(type="image", image=photo)
    open_thread(owner, film, "fren diskinin fotoğrafı")
    expect(owner.get_by_role("log").get_by_role("img")).to_be_visible(timeout=PATIENCE_MS)
    owner.get_by_role("button", name="Zusammenführen").click(timeout=PATIENCE_MS)
    expect(owner.get_by_text("Zusammengeführt mit İrem Işık")).to_be_visible(timeout=PATIENCE_MS)
    film.say_by_whatsapp(type="text", text={"body": "Golf 7 fren gıcırtısı için yarın sabah uygun mu?"})
    film.whatsapp_with(r"129,00\s€.*\n\n1\) ")
    film.say_by_whatsapp(type="text", text={"body": "1 olsun lütfen"})
    film.whatsapp_with("Randevunuz kesinleşti")

    film.say_by_whatsapp(type="text", text={"body": "Bir insanla görüşmek istiyorum"})
    expect(owner.get_by_text("Wartet auf das Team")).to_be_visible(timeout=PATIENCE_MS)
    expect(owner.get_by_text("Bir insanla görüşmek istiyorum").last).to_be_in_viewport(timeout=PATIENCE_MS)
    owner.get_by_label("Antwort", exact=True).fill("Buyurun İrem Hanım, Stefan Müller.")
    owner.get_by_role("button", name="Senden").click()
    film.whatsapp_with("^Buyurun İrem Hanım")
    film.say_by_whatsapp(type="text", text={"body": "Teşekkürler, fiyat ne kadardı?"})
    expect(owner.get_by_role("log")).to_contain_text("fiyat ne kadardı?", timeout=PATIENCE_MS)

    visit = visit_row(owner, film.served.url, "İrem Işık")
    agree_to_reviews(owner, visit)
    for step in ("Bestätigen", "Ist da", "In Arbeit", "Fertig"):
        visit.get_by_role("button", name=step).click(timeout=PATIENCE_MS)
    film.mail_with(re.escape(_REVIEWS))
    assert [sent["text"] for sent in film.whatsapp.sent][-1].startswith("Buyurun"), "CarBot went on"
    owner.context.close()


def agree_to_reviews(page: Page, visit: Locator) -> None:
    visit.get_by_role("button").first.click()
    pane = page.get_by_role("dialog")
    pane.get_by_role("button", name="HU und Erinnerung").click(timeout=PATIENCE_MS)
    pane.locator("input[name=consent_review]").check(timeout=PATIENCE_MS)
    pane.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("HU-Daten gespeichert.")).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("Escape")


def connect_mailbox(page: Page, film: Film) -> None:
    page.goto(f"{film.served.url}/einstellungen/?bereich=postfach")
    wait_until_alive(page)
    page.get_by_role("button", name="Postfach verbinden").click()
    for name, value in (
        ("address", USER),
        ("password", PASSWORD),
        ("incoming", film.imap.address),
        ("outgoing", film.letters.url),
    ):
        page.locator(f"#mailbox input[name={name}]").fill(value)
    page.get_by_role("button", name="Prüfen und verbinden").click()
    expect(page.locator("main")).to_contain_text("wird gleich abgerufen", timeout=PATIENCE_MS)


def ask_for_reviews(page: Page, film: Film) -> None:
    """The offered automation, without its day of waiting."""
    page.goto(f"{film.served.url}/automationen/")
    wait_until_alive(page)
    page.get_by_role("button", name="Vorlage Bewertung nach der Abholung ansehen").click()
    page.get_by_label("Zeitpunkt").select_option(label="sofort")
    page.get_by_label("Link auf Ihre Bewertungsseite").fill(_REVIEWS)
    page.get_by_role("button", name="Speichern").click()
    switch = page.get_by_role("switch", name="Bewertung nach der Abholung eingeschaltet")
    switch.click()
    expect(switch).to_be_checked(timeout=PATIENCE_MS)


def open_thread(page: Page, film: Film, words: str) -> None:
    page.goto(f"{film.served.url}/posteingang/")
    wait_until_alive(page)
    page.locator("[data-inbox-row]").filter(has_text=words).click(timeout=PATIENCE_MS)


def words_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""
