"""The editor of a draft: stored while it is written, taxed in words, issued once; and what it refuses."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from carbot_app.bootstrap import Services
from carbot_app.domains.billing.draft_schemas import BuyerInput, DraftInput, LineInput
from carbot_app.domains.billing.models import BillingTerms
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.roles import TECHNICIAN
from carbot_app.state.invoice_buyer import InvoiceBuyerState
from carbot_app.state.invoice_draft import InvoiceDraftState
from carbot_app.state.invoice_draft_rows import SETTINGS, SHOWN
from carbot_app.state.invoice_line import InvoiceLineState
from tests.factories import make_customer, make_vehicle, make_workshop, staff_of
from tests.factories.catalog import stock
from tests.state.tabs import Tab, open_tab, words_of

NEW = "/rechnungen/entwurf/"
SPACE = "\u00a0"
OIL = {"text": "Ölwechsel", "unit_price": "119", "quantity": "1", "kind": "lump_sum", "told": "gross"}
SABINE = BuyerInput("Sabine Krause", "Hohe Str. 1", "44139", "Dortmund", email="sabine@example.org")


@pytest.fixture
def billing(services: Services, workshop: Workshop) -> Workshop:
    """The workshop tells all that an invoice needs."""
    with services.db.writing(workshop.id) as session:
        found = session.get_one(Workshop, workshop.id)
        found.street, found.postal_code, found.city = "Hafenstr. 1", "44147", "Dortmund"
        found.vat_id = "DE136695976"
        session.add_all([found, BillingTerms(workshop_id=workshop.id, tax_number="314/5812/0736")])
    return workshop


async def opened(tab: Tab, address: str = NEW) -> Any:
    await tab.at(address).call(InvoiceBuyerState.load)
    await tab.call(InvoiceDraftState.load)
    return await tab.state(InvoiceDraftState)


async def write(tab: Tab, **fields: Any) -> None:
    for name, value in fields.items():
        await tab.call(InvoiceDraftState.put, name, value)


def kept(services: Services, workshop: Workshop, draft: DraftInput) -> str:
    return str(services.invoices.save_draft(staff_of(workshop), draft).id)


def stored(services: Services, workshop: Workshop, draft_id: str) -> DraftInput:
    return services.invoices.get_draft(staff_of(workshop), UUID(draft_id)).draft


async def test_nothing_is_stored_before_something_is_written_then_everything_is(
    services: Services, billing: Workshop, tab: Tab
) -> None:
    state = await opened(tab)
    assert (state.status, state.draft_id, state.count, state.terms_days) == ("ready", "", 0, 14)
    said = words_of(await tab.call(InvoiceDraftState.put, "name", " Sabine Krause "))
    assert state.draft_id in said
    assert state.saved.startswith("Gespeichert um ")
    await write(tab, street="Hohe Str. 1", postal_code="44139", city="Dortmund", km="84.000")
    await write(tab, supplied_on="2026-11-20", supplied_from="2026-11-18", payment_days="7")
    await write(tab, discount_percent="10", discount_amount="5,50", plate="DO-AB 123")
    draft = stored(services, billing, state.draft_id)
    assert (draft.buyer.name, draft.km, draft.plate, draft.payment_days) == (
        *("Sabine Krause", 84_000),
        *("DO-AB 123", 7),
    )
    assert (draft.supplied_from, draft.supplied_on) == (date(2026, 11, 18), date(2026, 11, 20))
    assert (draft.discount_percent, draft.discount_cents) == (Decimal(10), 550)
    again = await opened(tab, f"{NEW}?id={state.draft_id}")
    assert (again.fields.name, again.fields.discount_amount, again.fields.km) == (
        *("Sabine Krause", "5,50"),
        "84000",
    )


@pytest.mark.parametrize(
    ("name", "typed", "told"),
    [
        ("km", "viel", "Kilometerstand"),
        ("payment_days", "bald", "Tage"),
        ("discount_percent", "120", "Rabatt"),
        ("discount_amount", "-3", "Rabatt"),
        ("supplied_on", "gestern", "Datum"),
        ("name", "x" * 161, "Höchstens 160 Zeichen"),
    ],
)
async def test_what_is_typed_wrong_is_told_at_its_field_and_not_stored(
    billing: Workshop, tab: Tab, name: str, typed: str, told: str
) -> None:
    state = await opened(tab)
    await tab.call(InvoiceDraftState.put, name, typed)
    assert told in state.errors[name]
    assert state.draft_id == ""
    await tab.call(InvoiceDraftState.put, name, "")
    assert state.errors == {}
    await tab.call(InvoiceDraftState.put, "order_id", "stolen")
    assert state.errors == {}


async def test_positions_are_counted_live_with_the_tax_in_words(billing: Workshop, tab: Tab) -> None:
    state = await opened(tab)
    await tab.call(InvoiceLineState.begin, "lump_sum")
    await tab.call(InvoiceLineState.save, OIL)
    part = {"text": "Lichtmaschine", "unit_price": "320", "quantity": "1", "kind": "part", "told": "net"}
    await tab.call(InvoiceLineState.begin, "part")
    await tab.call(InvoiceLineState.save, {**part, "exchange": "on"})
    await tab.call(InvoiceLineState.begin, "handed_on")
    await tab.call(InvoiceLineState.save, {**OIL, "text": "HU-Gebühr", "kind": "handed_on", "told": "net"})
    assert [line.text for line in state.lines] == ["Ölwechsel", "Lichtmaschine", "HU-Gebühr"]
    assert "Austauschteil" in state.lines[1].detail
    parts = dict(state.sums.parts)
    assert parts["MwSt. 19 %"] == f"85,88{SPACE}€", "19 on the oil, 60,80 on the part, 6,08 on the old part"
    assert parts["davon auf Altteile"] == f"6,08{SPACE}€"
    assert state.sums.gross == f"624,88{SPACE}€"
    assert state.tax.why.startswith("19 %, weil die Leistung in Deutschland erbracht wird.")
    await write(tab, supplied_on="2020-09-01")
    assert state.tax.why.startswith("16 %"), "the day of the supply decides, not the day of the invoice"


async def test_positions_are_changed_copied_moved_and_removed(billing: Workshop, tab: Tab) -> None:
    state = await opened(tab)
    for text in ("A", "B"):
        await tab.call(InvoiceLineState.begin, "labour")
        await tab.call(InvoiceLineState.save, {**OIL, "text": text, "kind": "labour"})
    pane = await tab.state(InvoiceLineState)
    await tab.call(InvoiceLineState.edit, 2)
    assert (pane.open, pane.typed.text, pane.typed.price) == (True, "B", "119")
    await tab.call(InvoiceLineState.save, {**OIL, "text": "B2", "quantity": "1,5"})
    await tab.call(InvoiceLineState.copy_line, 1)
    await tab.call(InvoiceLineState.move, 3, -1)
    assert [line.text for line in state.lines] == ["A", "B2", "A"]
    await tab.call(InvoiceLineState.move, 1, -1)
    await tab.call(InvoiceLineState.remove, 3)
    await tab.call(InvoiceLineState.remove, 17)
    await tab.call(InvoiceLineState.edit, 17)
    assert [line.text for line in state.lines] == ["A", "B2"]
    assert pane.open is False


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"text": " "}, "text"),
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "drei"}, "quantity"),
        ({"unit_price": "-1"}, "unit_price"),
        ({"unit_price": "1,2,3"}, "unit_price"),
        ({"discount": "101"}, "discount"),
        ({"kind": "gift"}, "kind"),
        ({"kind": "part", "exchange": "on"}, "list_price"),
    ],
)
async def test_a_position_that_cannot_be_is_told_at_its_field(
    billing: Workshop, tab: Tab, typed: dict[str, str], field: str
) -> None:
    state = await opened(tab)
    await tab.call(InvoiceLineState.begin, "lump_sum")
    await tab.call(InvoiceLineState.save, {**OIL, **typed})
    pane = await tab.state(InvoiceLineState)
    assert (list(pane.problems), pane.open, state.count) == ([field], True, 0)


async def test_a_negative_quantity_takes_money_back(billing: Workshop, tab: Tab) -> None:
    state = await opened(tab)
    await tab.call(InvoiceLineState.begin, "lump_sum")
    await tab.call(InvoiceLineState.save, OIL)
    await tab.call(InvoiceLineState.begin, "lump_sum")
    await tab.call(InvoiceLineState.save, {**OIL, "text": "Kulanz", "unit_price": "19", "quantity": "-1"})
    assert state.sums.gross == f"100,00{SPACE}€"


async def test_a_customer_is_found_by_plate_and_billed_as_last_time(
    services: Services, billing: Workshop, tab: Tab
) -> None:
    customer = make_customer(services.db, billing, language="pl")
    make_vehicle(services.db, billing, customer)
    line = LineInput("lump_sum", "Ölwechsel", Decimal(119))
    earlier = DraftInput(lines=(line,), buyer=replace(SABINE, email=""), customer_id=customer.id)
    draft_id = UUID(kept(services, billing, earlier))
    services.invoices.issue(staff_of(billing), draft_id, request_key="earlier")
    state = await opened(tab)
    await tab.call(InvoiceBuyerState.find, "doab123")
    (hit,) = (await tab.state(InvoiceBuyerState)).hits
    assert (hit.name, hit.plate.city) == ("Ayşe Yılmaz", "DO")
    turn = state.turn
    assert await tab.call(InvoiceBuyerState.take_first, {})
    await tab.call(InvoiceBuyerState.take, hit.customer_id, hit.vehicle_id)
    assert (state.fields.street, state.fields.plate, state.fields.language) == (
        "Hohe Str. 1",
        "DO-AB 123",
        "pl",
    )
    assert state.turn > turn, "the fields begin anew"
    await tab.call(InvoiceBuyerState.find, "nirgendwo")
    assert (await tab.state(InvoiceBuyerState)).nothing


async def test_a_service_of_the_catalogue_becomes_positions(
    services: Services, billing: Workshop, tab: Tab
) -> None:
    stock(services.db, billing)
    state = await opened(tab)
    await tab.call(InvoiceLineState.search, "ölwechsel")
    pane = await tab.state(InvoiceLineState)
    (code, name), *_ = pane.found
    assert await tab.call(InvoiceLineState.add_first, {})
    await tab.call(InvoiceLineState.add_service, code)
    assert state.lines[0].text == name
    assert (pane.found, state.sums.gross.endswith("€")) == ([], True)
    await tab.call(InvoiceLineState.search, "qqqq")
    assert pane.nothing
    assert "Leistung" in words_of(await tab.call(InvoiceLineState.add_service, "NIX-000-000"))


async def test_what_is_missing_is_named_once_and_leads_to_its_place(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    state = await opened(tab)
    await write(tab, business=True, name="Spedition GmbH", form="xrechnung_cii")
    told = {one.text: one.anchor for one in state.missing}
    assert told["Bitte mindestens eine Position eingeben."] == "draft-service"
    assert told["Name und Anschrift des Kunden fehlen."] == "draft-street"
    assert SETTINGS in told.values(), "the workshop's own address is no field of this page"
    assert "draft-service" in words_of(await tab.call(InvoiceDraftState.go_to, "draft-service"))
    assert "einstellungen" in words_of(await tab.call(InvoiceDraftState.go_to, SETTINGS))
    assert "showModal" not in words_of(await tab.call(InvoiceDraftState.ask_issue))


async def test_an_unverified_vat_number_asks_and_an_invalid_one_is_taxed(billing: Workshop, tab: Tab) -> None:
    state = await opened(tab)
    await tab.call(InvoiceLineState.begin, "labour")
    await tab.call(InvoiceLineState.save, {**OIL, "kind": "labour"})
    await write(tab, business=True, country="AT", vat_id="ATU1234")
    assert (state.tax.vat_id, state.tax.question) == ("invalid", "")
    assert state.tax.why.startswith("19 %: Ohne gültige USt-IdNr.")
    await write(tab, vat_id="ATU13585627")
    assert (state.tax.vat_id, state.tax.question) == ("unverified", "vat_id_unverified")
    assert "Das Register" in state.tax.why
    await tab.call(InvoiceDraftState.answer, "vat_id_unverified", "maybe")
    assert state.tax.question == "vat_id_unverified"
    await tab.call(InvoiceDraftState.answer, "vat_id_unverified", "trust")
    assert (state.tax.question, state.sums.gross) == ("", f"119,00{SPACE}€")
    assert state.tax.why.startswith("Ohne MwSt.: Die Firma in Österreich")


async def test_the_draft_becomes_one_invoice_and_goes_to_the_customer(
    services: Services, billing: Workshop, tab: Tab
) -> None:
    line = LineInput("lump_sum", "Ölwechsel", Decimal(119))
    draft_id = kept(services, billing, DraftInput(lines=(line,), buyer=SABINE))
    state = await opened(tab, f"{NEW}?id={draft_id}")
    assert state.missing == []
    assert "showModal" in words_of(await tab.call(InvoiceDraftState.ask_issue))
    said = words_of(await tab.call(InvoiceDraftState.issue, {"send": "on"}))
    assert "RE-2026-00001 ist gestellt und auf dem Weg zum Kunden." in said
    said = words_of(await tab.call(InvoiceDraftState.issue, {}))
    assert "RE-2026-00001 ist gestellt." in said, "pressed twice it is the same invoice"
    (found,) = services.invoices.list_summaries(staff_of(billing))
    assert (found.number, found.gross_cents) == ("RE-2026-00001", 11_900)
    assert (await opened(tab, f"{NEW}?id={draft_id}")).status == "missing"


async def test_a_mail_that_cannot_go_leaves_the_invoice_issued(
    services: Services, billing: Workshop, tab: Tab
) -> None:
    line = LineInput("lump_sum", "Ölwechsel", Decimal(119))
    draft_id = kept(services, billing, DraftInput(lines=(line,), buyer=replace(SABINE, email="")))
    await opened(tab, f"{NEW}?id={draft_id}")
    said = words_of(await tab.call(InvoiceDraftState.issue, {"send": "on"}))
    assert "ist gestellt, aber nicht versendet" in said
    assert len(services.invoices.list_summaries(staff_of(billing))) == 1


async def test_what_somebody_else_changed_is_not_written_over(
    services: Services, billing: Workshop, tab: Tab
) -> None:
    draft_id = kept(services, billing, DraftInput((), buyer=SABINE))
    state = await opened(tab, f"{NEW}?id={draft_id}")
    services.invoices.save_draft(
        staff_of(billing), DraftInput((), buyer=replace(SABINE, city="Hagen")), UUID(draft_id)
    )
    await write(tab, city="Bochum")
    assert state.conflict
    assert stored(services, billing, draft_id).buyer.city == "Hagen"
    state = await opened(tab, f"{NEW}?id={draft_id}")
    assert (state.conflict, state.fields.city) == (False, "Hagen")


async def test_a_draft_is_thrown_away(services: Services, billing: Workshop, tab: Tab) -> None:
    draft_id = kept(services, billing, DraftInput((), buyer=SABINE))
    await opened(tab, f"{NEW}?id={draft_id}")
    assert "rechnungen" in words_of(await tab.call(InvoiceDraftState.discard))
    assert (await opened(tab, f"{NEW}?id={draft_id}")).status == "missing"


async def test_ten_thousand_positions_are_counted_and_shown_in_parts(
    services: Services, billing: Workshop, tab: Tab
) -> None:
    line = LineInput("part", "Schraube", Decimal("0.10"), gross=False)
    draft_id = kept(services, billing, DraftInput((line,) * 10_000, buyer=SABINE))
    state = await opened(tab, f"{NEW}?id={draft_id}")
    assert (state.count, len(state.lines)) == (10_000, SHOWN)
    assert state.sums.gross == f"1.190,00{SPACE}€"
    assert await tab.size(InvoiceDraftState) < 60_000
    await tab.call(InvoiceDraftState.show_more)
    assert len(state.lines) == 2 * SHOWN
    await tab.call(InvoiceLineState.begin, "part")
    await tab.call(InvoiceLineState.save, {**OIL, "kind": "part"})
    pane = await tab.state(InvoiceLineState)
    assert "10" in pane.problems["lines"]


async def test_who_may_not_bill_gets_nothing(services: Services, billing: Workshop) -> None:
    draft_id = kept(services, billing, DraftInput((), buyer=SABINE))
    technician = open_tab(services, billing, role=TECHNICIAN)
    for address in (NEW, f"{NEW}?id={draft_id}"):
        assert (await opened(technician, address)).status == "failed"


async def test_a_draft_of_another_workshop_is_none(services: Services, billing: Workshop, tab: Tab) -> None:
    other = make_workshop(services.db, slug="other", name="Andere Werkstatt")
    draft_id = kept(services, other, DraftInput((), buyer=SABINE))
    assert (await opened(tab, f"{NEW}?id={draft_id}")).status == "missing"
    stranger = make_customer(services.db, other)
    await opened(tab)
    await tab.call(InvoiceBuyerState.take, str(stranger.id), "")
    assert (await tab.state(InvoiceDraftState)).draft_id == ""
