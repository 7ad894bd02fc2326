"""The show: on a phone from a chat to paid money and a file for the tax adviser that balances to the cent."""

import csv
import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.accounting.schemas import DatevTerms
from carbot_app.domains.billing.models import Receivable
from carbot_app.domains.orders.schemas import JobInput, OrderLineInput
from carbot_app.domains.payments.deposit_rules import FIXED, PRICE, DepositRule
from tests.e2e.conftest import Served, serve
from tests.e2e.people import (
    FRONT_DESK,
    OWNER,
    PATIENCE_MS,
    PHONE,
    Chat,
    chat_address,
    sign_in,
    visit_row,
    wait_until_alive,
)
from tests.e2e.test_approval import Bench, draw, open_bench, phone_of
from tests.factories.pictures import jpeg
from tests.peers.emulated_stripe import KEY, SECRET, EmulatedStripe
from tests.peers.mailbox import Mailbox, open_mailbox
from tests.peers.npm_packages import free_port, running

pytestmark = pytest.mark.e2e

NAME, EMAIL, PLATE = "Jördis Über", "joerdis.ueber@example.org", "DO-JU 815"
DEPOSIT_CENTS = 5_000
HU_FEE, WIPERS = "SAF-HUA-001", "Wischerblätter ersetzen"
ALTERNATOR = JobInput(
    "Lichtmaschine im Austausch",
    finding="Lädt nur noch mit 12,1 V",
    urgency="urgent",
    lines=(
        OrderLineInput(
            "Lichtmaschine, Austauschteil",
            Decimal("320.00"),
            "part",
            gross=False,
            exchange=True,
            list_price=Decimal("320.00"),
        ),
        OrderLineInput(
            "Lichtmaschine ersetzen", Decimal("112.00"), "labour", Decimal("1.2"), "HUR", gross=False
        ),
    ),
)
DECLINED = JobInput(
    WIPERS, urgency="later", lines=(OrderLineInput("Wischerblätter, Satz", Decimal("34.90"), "part"),)
)


@dataclass(frozen=True)
class Film:
    """The workshop, what it does beside its pages, and where its mails arrive."""

    served: Served
    bench: Bench
    database: Database
    mailbox: Mailbox

    def mail_with(self, pattern: str) -> EmailMessage:
        """The mail to the customer whose subject or text fits."""
        until = time.monotonic() + PATIENCE_MS / 1000
        while True:
            for mail in self.mailbox.messages:
                if EMAIL in mail["To"] and re.search(pattern, f"{mail['Subject']}\n{text_of(mail)}"):
                    return mail
            assert time.monotonic() < until, f"{pattern} did not come"
            time.sleep(0.1)

    def receivables(self, kind: str) -> list[Receivable]:
        """What the customer was billed."""
        query = select(Receivable).where(Receivable.kind == kind, Receivable.buyer_name == NAME)
        with self.database.reading(SYSTEM) as session:
            return list(session.exec(query))


@pytest.fixture(scope="module")
def film(built_frontend: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Film]:
    port = free_port()
    hook = f"http://127.0.0.1:{port}/api/webhooks/stripe"
    with (
        running(EmulatedStripe(tmp_path_factory.mktemp("stripe"), hook)) as stripe,
        open_mailbox() as mailbox,
    ):
        settings = {
            "CARBOT_PORT": str(port),
            "CARBOT_SMTP_URL": mailbox.url,
            "CARBOT_STRIPE_SECRET_KEY": KEY,
            "CARBOT_STRIPE_WEBHOOK_SECRET": SECRET,
            "CARBOT_STRIPE_API_BASE": stripe.origin,
            "CARBOT_STRIPE_CONNECT": "false",
        }
        with serve(tmp_path_factory.mktemp("money"), **settings) as served:
            database = Database(f"sqlite:///{served.data_dir / 'carbot.db'}")
            bench = open_bench(served, database)
            rule = DepositRule(rule=PRICE, from_cents=1_000, kind=FIXED, fixed_cents=DEPOSIT_CENTS)
            bench.services.payments.accounts.save_rule(bench.owner, rule)
            bench.services.accounting.save_mapping(bench.owner, DatevTerms(consultant=29_098, client=55_003))
            yield Film(served, bench, database, mailbox)
            database.close()


def test_from_a_chat_to_the_last_cent(browser: Browser, film: Film) -> None:
    customer = phone_of(browser)
    book_in_the_chat(customer, film)
    pay_online(customer)
    film.mail_with("Zahlung zu .+ erhalten")

    desk = sign_in(browser, film.served.url, FRONT_DESK, viewport=PHONE, has_touch=True)
    open_order(desk, film)
    order_id = desk.url.split("id=")[1]
    check_in(desk, film)
    find_more(desk, film, order_id)

    desk.get_by_role("button", name="Freigabe anfragen").click()
    expect(desk.get_by_text("Der Link ging per E-Mail raus.")).to_be_visible(timeout=PATIENCE_MS)
    approve_but_the_wipers(customer, film)

    number = do_the_work_and_bill_it(desk, film)
    pay_the_invoice(customer, desk, film, number)
    film.mail_with(f"Zahlung zu {number} erhalten")
    desk.reload()
    expect(desk.locator("#invoice-file[open]")).to_contain_text("Bezahlt", timeout=PATIENCE_MS)
    desk.context.close()
    customer.context.close()

    the_books_balance(browser, film, number, fee_of(film, order_id))


def book_in_the_chat(page: Page, film: Film) -> None:
    page.goto(chat_address(film.served.url))
    chat = Chat(page)
    expect(page.locator("carbot-chat textarea")).to_be_visible(timeout=PATIENCE_MS)
    chat.say(f"Was kostet ein Ölwechsel beim Opel Corsa und wann geht es? {PLATE}")
    expect(chat.slots.first).to_be_visible(timeout=PATIENCE_MS)
    chat.pick(chat.slots.first)
    booked = chat.leave_contact(NAME, tel="0171 5550815", email=EMAIL).locator(".booking")
    link = booked.get_by_role("link", name="Ändern oder absagen").get_attribute("href")
    assert link
    page.goto(link)
    wait_until_alive(page)
    deposit = page.locator("a[href*='/zahlen/']").locator("visible=true").first
    expect(deposit).to_be_visible(timeout=PATIENCE_MS)
    deposit.click()
    page.wait_for_url("**/zahlen/**", timeout=PATIENCE_MS)


def pay_online(page: Page) -> None:
    """What a customer does on the page of a request, and on that of the provider."""
    page.get_by_role("button", name="Jetzt online bezahlen").click(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Pay").click(timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", name="Bezahlt")).to_be_visible(timeout=PATIENCE_MS)


def open_order(page: Page, film: Film) -> None:
    """The visit becomes an order; it was told when the car came, so the desk begins there."""
    visit_row(page, film.served.url, NAME).get_by_role("button").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Kostenvoranschlag").click(timeout=PATIENCE_MS)
    page.wait_for_url(re.compile(r"/auftraege/auftrag/\?id="), timeout=PATIENCE_MS)
    wait_until_alive(page)


def check_in(page: Page, film: Film) -> None:
    order = page.url
    page.get_by_role("link", name="Annahme", exact=True).click(timeout=PATIENCE_MS)
    expect(page.locator("#part-figures")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_label("Kilometerstand").fill("64.200")
    page.get_by_role("button", name="Delle").click()
    page.locator("[data-view=left] > button").click(position={"x": 90, "y": 60})
    expect(page.locator(".cb-checkin-marks > li")).to_have_count(1, timeout=PATIENCE_MS)
    draw(page)
    page.get_by_role("button", name="Unterschreiben und annehmen").click()
    expect(page.get_by_text("Das Protokoll kann nicht mehr geändert werden").first).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(page.get_by_text(f"Das Protokoll geht per E-Mail an {EMAIL}.")).to_be_visible()
    [protocol] = film.mail_with("Ihr Annahmeprotokoll").iter_attachments()
    assert protocol.get_content_type() == "application/pdf"
    said = PdfReader(io.BytesIO(protocol.get_content())).pages[0].extract_text()
    assert PLATE in said
    assert "64.200 km" in said
    page.goto(order)
    wait_until_alive(page)


def find_more(page: Page, film: Film, order_id: str) -> None:
    """An exchange part with a photo, the main inspection with its fee, and wipers."""
    orders, owner = film.bench.services.orders, film.bench.owner
    for job in (ALTERNATOR, JobInput(service_code=HU_FEE), DECLINED):
        orders.add_job(owner, UUID(order_id), job)
    page.reload()
    wait_until_alive(page)
    strip = page.get_by_role("region", name="Fotos: Lichtmaschine")
    expect(strip).to_be_visible(timeout=PATIENCE_MS)
    strip.locator("input[type=file]").set_input_files(
        {"name": "lichtmaschine.jpg", "mimeType": "image/jpeg", "buffer": jpeg(900, 700)}
    )
    expect(strip.locator("li")).to_have_count(1, timeout=PATIENCE_MS)


def approve_but_the_wipers(page: Page, film: Film) -> None:
    page.goto(link_in(film.mail_with("Bitte um Freigabe"), "/freigabe/"))
    wait_until_alive(page)
    jobs = page.locator(".cb-approval-job")
    expect(jobs).to_have_count(4, timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name=re.compile("Fotos? zu Lichtmaschine"))).to_be_visible()
    for job in jobs.all():
        declined = WIPERS in job.inner_text()
        job.get_by_role("button", name="Ablehnen" if declined else "Freigeben").click()
    page.get_by_role("button", name="Weiter zur Unterschrift").click()
    page.get_by_label("Ihr Name").fill(NAME)
    draw(page)
    page.get_by_role("button", name="Verbindlich freigeben").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Danke, wir haben Ihre Entscheidung", timeout=PATIENCE_MS
    )


def do_the_work_and_bill_it(page: Page, film: Film) -> str:
    """Number of the invoice."""
    boxes = page.get_by_role("checkbox", name="Erledigt")
    expect(boxes).to_have_count(3, timeout=PATIENCE_MS)
    for number in range(3):
        boxes.nth(number).click()
        expect(boxes.nth(number)).to_be_checked(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Fertig melden").locator("visible=true").click()
    expect(page.get_by_role("button", name="Abgeholt").locator("visible=true")).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.get_by_role("button", name="Rechnung erstellen").click()
    pane = page.locator("#order-invoice[open]")
    expect(pane.get_by_label("Name oder Firma")).to_have_value(NAME, timeout=PATIENCE_MS)
    for label, value in (("Straße", "Kaiserstr. 12"), ("PLZ", "44135"), ("Ort", "Dortmund")):
        pane.get_by_label(label).fill(value)
    pane.get_by_role("button", name="Rechnung stellen").click()
    page.wait_for_url(re.compile(r"/rechnungen/\?rechnung="), timeout=PATIENCE_MS)
    [owed] = film.receivables("invoice")
    return owed.number


def pay_the_invoice(customer: Page, desk: Page, film: Film, number: str) -> None:
    pane = desk.locator("#invoice-file[open]")
    pane.get_by_role("button", name="Senden", exact=True).click(timeout=PATIENCE_MS)
    pane.get_by_role("button", name="Rechnung senden").click()
    mail = film.mail_with(f"Rechnung {number} von")
    [document] = mail.iter_attachments()
    pdf = PdfReader(io.BytesIO(document.get_content()))
    assert "factur-x.xml" in pdf.attachments
    said = "".join(page.extract_text() for page in pdf.pages)
    for words in (PLATE, "Altteil", "Durchlaufender Posten", "Abzüglich Anzahlung"):
        assert words in said, words
    link = re.search(r"http\S+/zahlen/\S+", text_of(mail))
    assert link, text_of(mail)
    customer.goto(link[0])
    expect(customer.get_by_role("heading", name=f"Rechnung {number}")).to_be_visible(timeout=PATIENCE_MS)
    pay_online(customer)


def the_books_balance(browser: Browser, film: Film, number: str, fee: int) -> None:
    """Every cent of this customer's account: billed, taken off, paid; nothing is left."""
    owner = sign_in(browser, film.served.url, OWNER, viewport=PHONE, has_touch=True)
    [deposit], [owed] = film.receivables("deposit"), film.receivables("invoice")
    content = owner.request.get(f"{film.served.url}/api/accounting/datev/{owed.issued_on:%Y-%m}.csv").body()
    owner.context.close()
    assert (deposit.gross_cents, deposit.state, owed.state) == (DEPOSIT_CENTS, "paid", "paid")
    assert owed.due_cents == owed.gross_cents - DEPOSIT_CENTS

    rows = list(csv.reader(io.StringIO(content.decode("cp1252"), newline=""), delimiter=";"))[2:]
    booked = [(cents(row[0]) * (1 if row[1] == "S" else -1), row[6], row[7], row[10]) for row in rows]
    [account] = {row[1] for row in booked if row[3] == number and len(row[1]) > 4}
    ours = [row for row in booked if account in row[1:3]]

    def balance(of: str) -> int:
        return sum(amount * ((debit == of) - (credit == of)) for amount, debit, credit, _ in ours)

    assert balance(account) == 0, "nothing is owed any more"
    assert balance("1718") == 0, "the deposit came in and was taken off"
    assert balance("1590") == -fee, "the fee of the inspection is handed on, not earned"
    assert balance("1776") == -608, "19 % of a tenth of the exchange part's list price"
    assert balance("1360") == owed.gross_cents, "the deposit and the rest came through the provider"


def fee_of(film: Film, order_id: str) -> int:
    """What the order hands on to the inspectors, in cents."""
    order = film.bench.services.orders.get(film.bench.owner, UUID(order_id))
    return sum(line.amount_cents for job in order.jobs for line in job.lines if line.kind == "handed_on")


def cents(text: str) -> int:
    return int(text.replace(",", ""))


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return body.get_content() if body else ""


def link_in(mail: EmailMessage, path: str) -> str:
    """The first address in a mail that leads to a path."""
    found = re.search(rf"https?://\S+{path}\S+", text_of(mail))
    assert found, text_of(mail)
    return found[0]
