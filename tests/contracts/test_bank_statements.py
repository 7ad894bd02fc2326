"""Statements of banks are read as they come, and nothing hostile gets through."""

from datetime import date
from pathlib import Path

import pytest

from carbot_app.adapters.banking.camt import CamtReader
from carbot_app.domains.banking.entry_keys import entry_keys, require_balance
from carbot_app.domains.banking.ports import MAX_BYTES
from carbot_app.kit.errors import Invalid, TooLarge
from tests.factories.statements import a_statement, an_entry

SAMPLE = Path(__file__).parents[1] / "vectors" / "banking" / "camt.053.001.08.xml"
READER = CamtReader()


def read_one(content: bytes):
    [statement] = READER.read(content)
    return statement


def test_the_sample_of_a_bank_is_read_and_adds_up() -> None:
    statement = read_one(SAMPLE.read_bytes())
    assert (statement.iban, statement.number) == ("DE02120300000000202051", "236")
    assert (statement.opening_cents, statement.closing_cents) == (100_000, 195_907)
    first, second = statement.lines
    assert (first.cents, first.bank_reference, first.counterparty) == (
        20_313,
        "REF1",
        "Spedition Beispiel GmbH",
    )
    assert (first.counterparty_iban, first.code) == ("DE89370400440532013000", "PMNT/RCDT/ESCT")
    assert second.remittance == "RE-2026-00042 + RE-2026-00043, abzgl. 3,19 Skonto"
    require_balance(statement)


@pytest.mark.parametrize("version", ["02", "08"])
@pytest.mark.parametrize("kind", ["052", "053"])
def test_both_kinds_and_versions_are_read_alike(kind: str, version: str) -> None:
    content = a_statement(an_entry("12.50", "RE-1", ref="A", version=version), kind=kind, version=version)
    [line] = read_one(content).lines
    assert (line.cents, line.remittance, line.counterparty) == (1250, "RE-1", "Ayşe Yılmaz")
    assert line.booked_on == date(2026, 11, 20)


def test_a_collected_entry_becomes_a_line_for_each_transaction() -> None:
    content = a_statement(an_entry("30.00", parts=(("10.00", "RE-1"), ("20.00", "RE-2")), ref="S"))
    assert [(line.cents, line.remittance, line.part) for line in read_one(content).lines] == [
        (1000, "RE-1", 0),
        (2000, "RE-2", 1),
    ]


def test_a_collected_entry_whose_parts_do_not_add_up_stays_whole() -> None:
    content = a_statement(an_entry("30.00", parts=(("10.00", "RE-1"), ("10.00", "RE-2"))))
    [line] = read_one(content).lines
    assert (line.cents, line.remittance) == (3000, "RE-1 RE-2")


def test_a_returned_debit_tells_why_and_what_the_bank_took() -> None:
    entry = an_entry("103.00", "Rücklastschrift", credit=False, returned="AC04", charges="3.00", e2e="RE-1")
    [line] = read_one(a_statement(entry)).lines
    assert (line.cents, line.return_reason, line.charges_cents) == (-10_300, "AC04", 300)
    assert (line.end_to_end_id, line.counterparty) == ("RE-1", "Ayşe Yılmaz")


def test_what_is_only_announced_is_left_out() -> None:
    assert read_one(a_statement(an_entry("1.00", status="PDNG"), kind="052")).lines == ()


def test_money_that_is_missing_in_the_file_is_noticed() -> None:
    statement = read_one(a_statement(an_entry("10.00"), opening="5.00", closing="16.00"))
    with pytest.raises(Invalid, match="bank_balance_differs"):
        require_balance(statement)
    require_balance(read_one(a_statement(an_entry("10.00"), opening="-5.00", closing="5.00")))


def test_two_payments_told_alike_are_two_and_the_same_in_the_next_file() -> None:
    twice = read_one(a_statement(an_entry("10.00", "Danke"), an_entry("10.00", "Danke"))).lines
    keys = entry_keys(twice)
    assert len(set(keys)) == 2
    respaced = read_one(a_statement(an_entry("10.00", "Dan ke"), an_entry("10.00", "Danke"))).lines
    assert entry_keys(respaced) == keys


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "bank_file_broken"),
        (b"\x89PNG\r\n", "bank_file_broken"),
        (b"<Document/>", "bank_file_type"),
        (a_statement(version="13"), "bank_file_version"),
        (a_statement(kind="054").replace(b"Rpt", b"Ntfctn"), "bank_file_type"),
        (a_statement().replace(b"Stmt>", b"Other>"), "bank_file_empty"),
        (a_statement(an_entry("NaN")), "bank_file_broken"),
        (a_statement(an_entry("-5.00")), "bank_file_broken"),
        (a_statement(an_entry("1.005")), "bank_file_broken"),
        (a_statement(an_entry("9" * 40)), "bank_file_broken"),
        (a_statement(an_entry("5.00", on="2026-13-40")), "bank_file_broken"),
        (a_statement(an_entry("5.00").replace("CRDT", "BOTH")), "bank_file_broken"),
        (a_statement(an_entry("5.00"))[:-40], "bank_file_broken"),
    ],
)
def test_what_is_no_statement_is_refused_with_a_reason(content: bytes, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        READER.read(content)


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/evil.dtd">',
        '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_document_types_and_entities_are_refused(head: str) -> None:
    with pytest.raises(Invalid, match="bank_file_type"):
        READER.read(a_statement(an_entry("5.00", "x"), head=head))


def test_an_entity_expansion_ends_at_once() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 20}">' for n in range(1, 12))
    head = f'<!DOCTYPE d [<!ENTITY l0 "ha">{levels}]>'
    content = a_statement(an_entry("5.00", "x"), head=head).replace(b"<Id>S-1</Id>", b"<Id>&l11;</Id>")
    with pytest.raises(Invalid):
        READER.read(content)


def test_a_file_beyond_the_limit_is_not_even_opened() -> None:
    with pytest.raises(TooLarge, match="bank_file_too_large"):
        READER.read(b" " * (MAX_BYTES + 1))
