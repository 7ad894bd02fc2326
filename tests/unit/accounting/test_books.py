"""Parts always add up to their whole; files for auditors say what they hold."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.accounting.bookings import split
from carbot_app.domains.accounting.datev_check import content_hash, sum_of
from carbot_app.domains.accounting.gobd_index import DATE, MONEY, NUMBER, Column, Table, index_xml, table_csv
from carbot_app.domains.accounting.mapping import kept_of, mapping_of, terms_of
from carbot_app.domains.accounting.parties import CREDITOR, DEBTOR, account_number
from carbot_app.domains.accounting.schemas import DatevTerms, RevenueLine
from carbot_app.domains.accounting.vat_return import TaxedPart, parts_of_groups, vat_return
from carbot_app.domains.billing.totals import TaxGroup
from carbot_app.domains.expenses.receipts import posting_day, supplier_key
from carbot_app.domains.expenses.sheet import kept_of as sheet_kept_of
from carbot_app.domains.expenses.sheet import readable, readable_of
from tests.factories.documents import a_credit, a_document, everything

DAY = date(2026, 11, 16)
CENTS = st.integers(-10_000_000, 10_000_000)
GROUP = st.builds(
    lambda rate, net, old: TaxGroup("S", rate, net + old, (net + old) * rate // 10_000, ("domestic",), old),
    st.sampled_from([1900, 700, 2000]),
    CENTS,
    st.integers(0, 50_000),
)


@given(st.lists(GROUP, min_size=1, max_size=3), st.lists(st.integers(1, 9_999), max_size=5))
def test_shares_of_a_document_add_up_to_its_tax(groups: list[TaxGroup], cuts: list[int]) -> None:
    steps = [Decimal(0), *(Decimal(cut) / 10_000 for cut in sorted(cuts)), Decimal(1)]
    parts = [
        part
        for before, after in pairwise(steps)
        for part in parts_of_groups("RE-1", DAY, groups, before=before, after=after)
    ]
    assert sum(part.base_cents for part in parts) == sum(group.net_cents for group in groups)
    assert sum(part.tax_cents for part in parts) == sum(group.vat_cents for group in groups)


@given(CENTS, st.lists(GROUP, max_size=3))
def test_an_amount_is_split_without_losing_a_cent(cents: int, groups: list[TaxGroup]) -> None:
    assert sum(part.gross_cents for part in split(cents, groups)) == cents


@given(st.lists(st.tuples(st.sampled_from(["S", "AE", "K", "O", "G", "E"]), CENTS), max_size=20))
def test_every_turnover_is_on_a_line_or_asked_about(supplies: list[tuple[str, int]]) -> None:
    parts = [TaxedPart("RE-1", DAY, category, 0, "x", cents, 0) for category, cents in supplies]
    found = vat_return("DE", DAY, DAY, parts)
    told = sum(figure.base_cents for figure in found.figures)
    assert told + sum(part.base_cents for part in found.unassigned) == sum(cents for _, cents in supplies)


def test_a_country_without_a_form_asks_about_everything() -> None:
    part = TaxedPart("RE-1", DAY, "S", 2300, "domestic", 100, 23)
    found = vat_return("PL", DAY, DAY, [part], [part])
    assert (found.figures, found.unassigned, found.payable_code) == ((), (part,), "")


def test_the_stamp_of_a_file_does_not_count() -> None:
    head, row = b'"EXTF";700;21;"B";13;2026;;"RE"\r\n', b"Umsatz\r\n119,00;S\r\n19,00;H\r\n"
    later = head.replace(b"2026", b"2027")
    assert content_hash(head + row) == content_hash(later + row)
    assert content_hash(head + row) != content_hash(head + row.replace(b"119", b"120"))
    assert sum_of(head + row) == 10_000


def test_cells_of_the_archive_are_what_their_column_says() -> None:
    columns = (Column("id", is_key=True), Column("on", DATE), Column("sum", MONEY), Column("n", NUMBER))
    table = Table("things", "Dinge", columns, [('a;"b"\r\nc', DAY, -105, 3), ("d", None, None, None)])
    assert table_csv(table).decode().split("\r\n") == [
        '"id";"on";"sum";"n"',
        '"a;""b"" c";16.11.2026;-1,05;3',
        '"d";;;',
        "",
    ]
    index = index_xml([table], DAY, DAY, supplier="Müller & Söhne <\x07>", place="Dortmund", comment="Z3")
    assert b"M\xc3\xbcller &amp; S\xc3\xb6hne &lt;&gt;" in index
    assert b"<RecordDelimiter>&#13;&#10;</RecordDelimiter>" in index


def test_accounts_of_people_have_one_digit_more() -> None:
    assert [account_number(kind, 1, 4) for kind in (DEBTOR, CREDITOR)] == [10_001, 70_001]
    assert account_number(DEBTOR, 12, 6) == 1_000_012


def test_terms_survive_being_kept_and_an_own_chart_has_only_own_accounts() -> None:
    terms = DatevTerms(29098, 55003, "51", 5, 7, {"revenue_1900": 84_000})
    assert terms_of(kept_of(terms)) == terms
    assert terms_of({}) == DatevTerms()
    numbers = {line.key: line.number for line in mapping_of(terms).lines}
    assert (numbers["revenue_1900"], numbers["bank"]) == (84_000, 0)


def test_a_margin_is_told_only_where_a_cost_is_known() -> None:
    assert RevenueLine("x", "", 1, 0, 100, 0, 0).margin_cents is None
    assert RevenueLine("x", "", 2, 0, 150, 40, 100).margin_cents == 60


@pytest.mark.parametrize(
    ("issued", "received", "posted"),
    [
        (date(2026, 11, 5), date(2026, 11, 23), date(2026, 11, 5)),
        (date(2026, 10, 5), date(2026, 11, 23), date(2026, 11, 1)),
        (date(2026, 11, 25), date(2026, 11, 23), date(2026, 11, 25)),
    ],
)
def test_an_expense_is_booked_in_the_month_it_came(issued: date, received: date, posted: date) -> None:
    assert posting_day(issued, received) == posted


def test_a_supplier_is_known_by_vat_id_else_by_name() -> None:
    assert supplier_key("Weber GmbH", "de 136 695 976") == "DE136695976"
    assert supplier_key(" Weber  GmbH ", "") == "weber gmbh"


@pytest.mark.parametrize("document", [a_document(), a_credit(), everything()], ids=["plain", "credit", "all"])
def test_a_readable_document_survives_being_kept(document) -> None:
    sheet = readable(document)
    assert readable_of(sheet_kept_of(sheet)) == sheet
    assert readable_of({}) is None
    assert sheet.gross_cents == document.totals.gross_cents
