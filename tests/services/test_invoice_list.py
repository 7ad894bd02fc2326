"""The list of invoices: filters, search, order, pages and figures, on both engines."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.billing.audit import record
from carbot_app.domains.billing.listing import InvoiceList
from carbot_app.domains.billing.listing_schemas import InvoicePage, InvoiceQuery
from carbot_app.domains.billing.models import InvoiceLine, Receivable
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import customer_of, make_workshop, staff_of
from tests.factories.receivables import make_draft, make_payment, make_receivable

pytestmark = pytest.mark.engines

TODAY = date(2026, 11, 23)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def listing(database: Database, clock: ManualClock) -> InvoiceList:
    return InvoiceList(db=database, clock=clock)


@pytest.fixture
def book(database: Database, workshop: Workshop) -> dict[str, Receivable]:
    """One document of each standing; today is 23 November 2026."""
    wanted: dict[str, dict[str, object]] = {
        "RE-2026-00001": {"issued_on": date(2025, 11, 1), "state": "paid", "settled_cents": 10_000},
        "RE-2026-00002": {"issued_on": date(2026, 10, 1), "buyer_name": "Bau Hensel KG", "is_business": True},
        "RE-2026-00003": {"state": "partial", "settled_cents": 4_000, "buyer_name": "Jürgen Schäfer"},
        "RE-2026-00004": {"gross_cents": 25_000, "plate": "DO-PS 21", "checked": True},
        "RE-2026-00005": {"state": "cancelled", "settled_cents": 10_000},
    }
    return {number: make_receivable(database, workshop, number, **each) for number, each in wanted.items()}


def _numbers(page: InvoicePage) -> list[str]:
    return [row.number[-1:] for row in page.rows]


@pytest.mark.parametrize(
    ("view", "numbers"),
    [
        ("all", ["5", "4", "3", "2", "1"]),
        ("overdue", ["2"]),
        ("open", ["4", "3", "2"]),
        ("partial", ["3"]),
        ("paid", ["1"]),
        ("drafts", []),
        ("cancelled", ["5"]),
    ],
)
def test_every_filter_shows_what_it_says_and_counts_it(
    listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable], view: str, numbers: list[str]
) -> None:
    page = listing.list_invoices(staff_of(workshop), InvoiceQuery(view=view))
    assert (_numbers(page), page.total) == (numbers, len(numbers))
    assert page.counts == {
        **{"all": 5, "overdue": 1, "open": 3, "partial": 1},
        **{"paid": 1, "drafts": 0, "cancelled": 1},
    }


def test_sums_and_checked_documents_are_those_of_the_whole_filter(
    listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable]
) -> None:
    page = listing.list_invoices(staff_of(workshop), InvoiceQuery(view="open"), limit=1)
    assert (page.gross_cents, page.open_cents) == (45_000, 41_000)
    assert (page.checked, page.issued, page.next_after is not None) == (1, 3, True)


def test_what_is_owed_is_shown_however_old_it_is(
    listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable]
) -> None:
    first, actor = date(2026, 11, 1), staff_of(workshop)
    late = InvoiceQuery(view="overdue", since=first, until=TODAY)
    assert _numbers(listing.list_invoices(actor, late)) == ["2"]
    page = listing.list_invoices(actor, InvoiceQuery(since=first, until=TODAY))
    assert (_numbers(page), page.counts["all"], page.counts["overdue"]) == (["5", "4", "3"], 3, 1)


def test_a_late_document_tells_by_how_many_days(
    listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable]
) -> None:
    (row,) = listing.list_invoices(staff_of(workshop), InvoiceQuery(view="overdue")).rows
    assert (row.standing, row.days_late, row.open_cents, row.is_business) == ("overdue", 39, 10_000, True)


@pytest.mark.parametrize(
    ("search", "numbers"),
    [
        ("hensel", ["2"]),
        ("Jürgen", ["3"]),
        ("Juergen schaefer", ["3"]),
        ("2026-00004", ["4"]),
        ("4", ["4"]),
        ("DO-PS 21", ["4"]),
        ("dops21", ["4"]),
        ("krause 00005", ["5"]),
        ("nirgends", []),
        ("' OR 1=1 --", []),
        ("%", []),
    ],
)
def test_words_of_number_name_and_plate_are_found(
    listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable], search: str, numbers: list[str]
) -> None:
    page = listing.list_invoices(staff_of(workshop), InvoiceQuery(search=search))
    assert (_numbers(page), page.total) == (numbers, len(numbers))


def test_a_changed_name_is_found_by_the_new_one_alone(
    database: Database, listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable]
) -> None:
    with database.writing(workshop.id) as session:
        row = session.get_one(Receivable, book["RE-2026-00002"].id)
        row.buyer_name, row.search = "Erased", "re-2026-00002 erased"
        session.add(row)
    actor = staff_of(workshop)
    assert not listing.list_invoices(actor, InvoiceQuery(search="hensel")).rows
    assert _numbers(listing.list_invoices(actor, InvoiceQuery(search="erased"))) == ["2"]


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [("newest", "54321"), ("oldest", "12345"), ("due", "12345"), ("amount", "45321")],
)
def test_pages_follow_each_other_in_every_order(
    listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable], sort: str, numbers: str
) -> None:
    seen, after = "", None
    for _ in range(5):
        page = listing.list_invoices(staff_of(workshop), InvoiceQuery(sort=sort), after=after, limit=1)
        seen, after = seen + "".join(_numbers(page)), page.next_after
    assert (seen, after) == (numbers, None)


def test_buyer_amount_and_way_of_paying_narrow_the_list(
    database: Database, listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable]
) -> None:
    make_payment(database, book["RE-2026-00001"], 10_000, method="cash")
    actor = staff_of(workshop)

    def shown(**asked: object) -> list[str]:
        return _numbers(listing.list_invoices(actor, InvoiceQuery(**asked)))  # type: ignore[arg-type]

    assert shown(buyer="business") == ["2"]
    assert shown(least_cents=20_000) == ["4"]
    assert shown(most_cents=9_999) == []
    assert shown(method="cash") == ["1"]


def test_drafts_come_first_and_have_a_filter_of_their_own(
    database: Database, listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable]
) -> None:
    draft = make_draft(database, workshop)
    actor = staff_of(workshop)
    page = listing.list_invoices(actor, InvoiceQuery(view="all"))
    assert (page.rows[0].id, page.rows[0].standing, page.total) == (draft.id, "draft", 6)
    page = listing.list_invoices(actor, InvoiceQuery(view="drafts", search="conrad cc"))
    assert (page.total, page.gross_cents, page.rows[0].name) == (1, 11_900, "Dieter Conrad")
    assert not listing.list_invoices(actor, InvoiceQuery(view="drafts", search="krause")).rows
    assert not listing.list_invoices(actor, InvoiceQuery(view="drafts", method="cash")).rows


def test_the_head_tells_late_owed_income_and_what_is_to_come(
    database: Database, listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable]
) -> None:
    paid = book["RE-2026-00001"]
    make_payment(database, paid, 6_000, received_on=date(2026, 11, 20))
    make_payment(database, paid, -1_000, received_on=date(2026, 11, 21), kind="refund")
    make_payment(database, paid, 500, received_on=date(2026, 11, 21), kind="discount", method="none")
    make_payment(database, paid, 2_000, received_on=date(2026, 10, 23))
    make_payment(database, paid, 9_000, received_on=date(2026, 10, 24))
    figures = listing.figures(staff_of(workshop))
    assert (figures.overdue_count, figures.overdue_cents, figures.oldest_days) == (1, 10_000, 39)
    assert (figures.open_count, figures.open_cents) == (3, 41_000)
    assert (figures.income_cents, figures.income_before_cents) == (5_000, 2_000)
    assert figures.months[-2:] == ((date(2026, 10, 1), 11_000), (date(2026, 11, 1), 5_000))
    assert dict(figures.expected)[date(2026, 11, 24)] == 31_000
    assert figures.ages == {"not_due": 31_000, "week": 0, "month": 0, "quarter": 10_000, "older": 0}
    assert listing.count_overdue(staff_of(workshop)) == 1


def test_a_file_holds_every_row_or_says_that_it_is_too_much(
    listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable], monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = staff_of(workshop)
    assert len(listing.export_rows(actor, InvoiceQuery()).rows) == 5
    monkeypatch.setattr("carbot_app.domains.billing.listing.MOST_EXPORTED", 4)
    with pytest.raises(Invalid, match="invoice_export_too_large"):
        listing.export_rows(actor, InvoiceQuery())


@pytest.mark.parametrize(
    "asked",
    [{"view": "x"}, {"sort": "x"}, {"buyer": "x"}, {"method": "x"}],
    ids=lambda asked: next(iter(asked)),
)
def test_unknown_filters_are_refused(listing: InvoiceList, workshop: Workshop, asked: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="invoice_filter_unknown"):
        listing.list_invoices(staff_of(workshop), InvoiceQuery(**asked))  # type: ignore[arg-type]


def test_a_cursor_nobody_gave_is_refused(listing: InvoiceList, workshop: Workshop) -> None:
    with pytest.raises(Invalid, match="cursor_invalid"):
        listing.list_invoices(staff_of(workshop), InvoiceQuery(), after="x|y")


def test_another_workshop_and_customers_see_nothing(
    database: Database, listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable]
) -> None:
    other = make_workshop(database, slug="other")
    make_draft(database, workshop)
    for search in ("", "krause"):
        page = listing.list_invoices(staff_of(other), InvoiceQuery(search=search))
        assert (page.rows, page.total, page.gross_cents) == ((), 0, 0)
    assert listing.figures(staff_of(other)).open_count == 0
    with pytest.raises(Forbidden):
        listing.list_invoices(customer_of(workshop), InvoiceQuery())
    with pytest.raises(Forbidden):
        listing.figures(customer_of(workshop))


def test_a_document_opens_with_positions_payments_and_history(
    database: Database, listing: InvoiceList, workshop: Workshop, book: dict[str, Receivable]
) -> None:
    late = book["RE-2026-00002"]
    make_payment(database, late, 3_000, method="cash", reference="Bon 17", by="Jana")
    with database.writing(workshop.id) as session:
        session.add(
            InvoiceLine(
                workshop_id=workshop.id,
                invoice_id=late.invoice_id,
                position=1,
                kind="labour",
                text="Bremsen",
                quantity=Decimal("1.5"),
                unit_price=Decimal("60"),
                net_cents=9_000,
                category="S",
                rate=1900,
            )
        )
        for kind in ("invoice.issued", "payment.payment"):
            at = datetime(2026, 11, 10, tzinfo=UTC)
            record(session, workshop.id, at, kind, "invoice", late.invoice_id, by="Jana")
    file = listing.open_file(staff_of(workshop), late.invoice_id)
    assert (file.number, file.state, file.days_late, file.open_cents) == (late.number, "overdue", 39, 10_000)
    assert [(line.text, line.quantity, line.rate) for line in file.lines] == [
        ("Bremsen", Decimal("1.5"), 1900)
    ]
    assert [(paid.method, paid.reference) for paid in file.payments] == [("cash", "Bon 17")]
    assert [event.kind for event in file.history] == ["payment.payment", "invoice.issued"]


def test_a_cancelled_document_and_its_cancellation_name_each_other(
    database: Database, listing: InvoiceList, workshop: Workshop
) -> None:
    cancellation = make_receivable(database, workshop, "RE-2026-00046", kind="cancellation")
    first = make_receivable(
        database, workshop, "RE-2026-00042", state="cancelled", cancelled_by_id=cancellation.invoice_id
    )
    file = listing.open_file(staff_of(workshop), first.invoice_id)
    assert (file.cancelled_by, file.open_cents, file.days_late) == ("RE-2026-00046", 0, 0)


def test_a_document_of_another_workshop_is_not_there(
    database: Database, listing: InvoiceList, book: dict[str, Receivable]
) -> None:
    other = staff_of(make_workshop(database, slug="other"))
    for wanted in (book["RE-2026-00002"].invoice_id, new_id()):
        with pytest.raises(NotFound, match="invoice_unknown"):
            listing.open_file(other, wanted)
