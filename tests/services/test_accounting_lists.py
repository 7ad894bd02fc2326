"""What is open, cash, revenue, the audit and its archive."""

import io
import zipfile
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import text

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.accounting.service import AccountingService, last_month
from carbot_app.domains.billing.audit import record
from carbot_app.domains.booking.models import Resource
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden
from carbot_app.kit.ids import new_id
from tests.factories import make_customer, make_workshop, staff_of
from tests.factories.accounting import DAY, fee, make_expense, make_invoice, make_payment, make_terms, work
from tests.factories.saving import save

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def books(database: Database, clock: ManualClock) -> AccountingService:
    return AccountingService(db=database, clock=clock)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    workshop = make_workshop(database)
    make_terms(database, workshop)
    return workshop


def lines_of(books: AccountingService, workshop: Workshop, kind: str, last: date = NOVEMBER[1]) -> list[str]:
    file = books.export_list(staff_of(workshop), kind, "csv", NOVEMBER[0], last)
    return file.content.decode("utf-8-sig").splitlines()[1:]


def test_open_items_are_those_of_that_day(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    first = make_invoice(database, workshop, number="RE-1", issued_on=date(2026, 11, 2))
    second = make_invoice(database, workshop, number="RE-2", buyer="=Bernd")
    make_payment(database, first, 1_900, date(2026, 11, 10))
    make_payment(database, second, 11_900, date(2026, 12, 1))
    reverse = make_invoice(
        database,
        workshop,
        work("100.00", "-1"),
        kind="cancellation",
        original=first,
        number="RE-3",
        issued_on=date(2026, 12, 1),
    )
    make_payment(database, first, 10_000, date(2026, 12, 1), kind="offset", method="none")
    make_payment(database, reverse, -10_000, date(2026, 12, 1), kind="offset", method="none")
    assert lines_of(books, workshop, "open_items") == [
        "RE-1;Anna Muster;02.11.2026;16.11.2026;119,00;19,00;100,00;14;0",
        "RE-2;'=Bernd;16.11.2026;30.11.2026;119,00;0,00;119,00;0;0",
        "Summe;;;;;;219,00;;",
    ]
    # What was paid of a cancelled document goes back to the customer
    later = lines_of(books, workshop, "open_items", date(2026, 12, 2))
    assert later == [
        "RE-3;Anna Muster;01.12.2026;15.12.2026;-119,00;-100,00;-19,00;0;0",
        "Summe;;;;;;-19,00;;",
    ]


def test_the_cash_book_goes_on_from_before_and_names_the_rule_for_tills(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    invoice = make_invoice(database, workshop)
    make_payment(database, invoice, 5_000, date(2026, 10, 31), method="cash")
    make_payment(database, invoice, 6_900, method="cash", reference="Bon 17")
    make_payment(database, invoice, 100, method="transfer")
    spent = {"entry_number": "ER-1", "number": "T-1", "state": "paid", "paid_by": "cash"}
    make_expense(database, workshop, paid_on=date(2026, 11, 20), **spent)
    found = lines_of(books, workshop, "cash_book")
    assert found[:2] == [
        "16.11.2026;RE-2026-00042;RE-2026-00042;Bon 17;69,00;0,00;119,00",
        "20.11.2026;ER-1;Teile Weber GmbH;T-1;0,00;119,00;0,00",
    ]
    assert "TSE (§ 146a AO)" in found[2]


def test_revenue_is_told_by_service_and_technician_without_deposits_and_fees(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    jana = save(database, Resource(workshop_id=workshop.id, kind="technician", name="Jana"))
    make_invoice(database, workshop, work("50.00"), kind="deposit", number="RE-1")
    first = make_invoice(
        database,
        workshop,
        work("100.00"),
        number="RE-2",
        more={"service_code": "SAF-BRK-001", "technician_id": jana.id, "minutes": 90, "cost_cents": 4_000},
    )
    make_invoice(database, workshop, work("30.00", kind="part"), fee("154.00"), number="RE-3")
    make_invoice(
        database,
        workshop,
        work("20.00", "-1"),
        kind="credit",
        original=first,
        number="RE-4",
        more={"service_code": "SAF-BRK-001", "technician_id": jana.id, "minutes": 30},
    )
    assert lines_of(books, workshop, "services") == [
        "SAF-BRK-001;Bremsen vorn;0;1,00;80,00;40,00;60,00",
        ".part;Teile;1;0,00;30,00;;",
    ]
    assert lines_of(books, workshop, "technicians") == [
        ";Jana;0;1,00;80,00;40,00;60,00",
        ";Ohne Zuordnung;1;0,00;30,00;;",
    ]
    listed = books.list_revenue(staff_of(workshop), "technicians", *NOVEMBER)
    assert [line.margin_cents for line in listed] == [6_000, None]


def test_a_changed_entry_of_the_log_is_found(
    books: AccountingService, database: Database, workshop: Workshop, clock: ManualClock
) -> None:
    actor = staff_of(workshop)
    assert books.verify_audit(actor).entries == 0
    with database.writing(workshop.id) as session:
        ids = [
            record(session, workshop.id, clock(), "invoice.issued", "invoice", new_id(), number=n).id
            for n in range(3)
        ]
    whole = books.verify_audit(actor)
    assert (whole.entries, whole.broken_id, whole.checked_at) == (3, "", clock())
    with database.writing(SYSTEM) as session:
        # Somebody who can switch the guard off is who the chain is for
        if database.is_sqlite:
            names = session.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
            ).scalars()
            for name in list(names):
                session.execute(text(f"DROP TRIGGER {name}"))
        else:
            session.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        session.execute(text("UPDATE audit_entry SET kind = 'invoice.forged' WHERE seq = 2"))
    assert books.verify_audit(actor).broken_id == str(ids[1])


def archive_of(books: AccountingService, workshop: Workshop) -> dict[str, str]:
    content = books.export_gobd(staff_of(workshop), *NOVEMBER).content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def test_the_archive_for_an_audit_describes_every_file_as_the_standard_says(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    customer = make_customer(database, workshop, name='Anna "die Schnelle" Müller')
    invoice = make_invoice(
        database, workshop, work("100.00"), texts=("Bremsen;\nvorn",), customer_id=customer.id
    )
    make_payment(database, invoice, 11_900, date(2026, 12, 2))
    make_invoice(database, workshop, number="RE-2", issued_on=date(2026, 12, 1))
    make_expense(database, workshop)
    files = archive_of(books, workshop)
    head = files["index.xml"].splitlines()[:2]
    assert head == [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<!DOCTYPE DataSet SYSTEM "gdpdu-01-09-2004.dtd">',
    ]
    root = ET.fromstring(files["index.xml"].replace(head[1], ""))
    assert [child.tag for child in root] == ["Version", "DataSupplier", "Media"]
    tables = root.findall("Media/Table")
    assert {table.findtext("URL") for table in tables} == files.keys() - {"index.xml", "audit_result.txt"}
    for table in tables:
        assert [child.tag for child in table] == [
            *("URL", "Name", "Description", "Validity", "UTF8", "DecimalSymbol", "DigitGroupingSymbol"),
            *("Range", "VariableLength"),
        ]
        form = table.find("VariableLength")
        assert form is not None
        assert form.findtext("RecordDelimiter") == "\r\n"
        order = [child.tag for child in form]
        assert order == sorted(order, key=_ORDER.index)
        names = [
            child.findtext("Name") for child in form if child.tag in {"VariablePrimaryKey", "VariableColumn"}
        ]
        header = files[table.findtext("URL") or ""].split("\r\n")[0]
        assert header == ";".join(f'"{name}"' for name in names)


_ORDER = [
    *("ColumnDelimiter", "RecordDelimiter", "TextEncapsulator"),
    *("VariablePrimaryKey", "VariableColumn", "ForeignKey"),
]


def test_the_archive_holds_what_was_issued_in_the_time_and_the_state_of_the_log(
    books: AccountingService, database: Database, workshop: Workshop
) -> None:
    customer = make_customer(database, workshop, name='Anna "die Schnelle" Müller')
    invoice = make_invoice(
        database, workshop, work("100.00"), texts=("Bremsen;\nvorn",), customer_id=customer.id
    )
    make_payment(database, invoice, 11_900, date(2026, 12, 2))
    make_invoice(database, workshop, number="RE-2", issued_on=date(2026, 12, 1))
    make_expense(database, workshop)
    files = archive_of(books, workshop)
    assert (
        '"RE-2026-00042";"invoice";16.11.2026;16.11.2026;"EUR";100,00;19,00;119,00' in files["invoices.csv"]
    )
    assert "RE-2" not in files["invoices.csv"].replace("RE-2026", "")
    assert '"Bremsen; vorn"' in files["invoice_lines.csv"]
    assert "02.12.2026" in files["payments.csv"]
    assert '"Anna ""die Schnelle"" Müller"' in files["customers.csv"]
    assert files["expenses.csv"].count("\r\n") == 2
    assert "Ergebnis: unversehrt" in files["audit_result.txt"]
    again = archive_of(books, workshop)
    assert "gobd.exported" not in files["audit_log.csv"]
    assert again["audit_log.csv"].count("gobd.exported") == 1
    assert {name for name in files if files[name] != again[name]} == {"audit_log.csv", "audit_result.txt"}


def test_the_archive_is_for_those_who_keep_the_books(books: AccountingService, workshop: Workshop) -> None:
    with pytest.raises(Forbidden):
        books.export_gobd(staff_of(workshop, "front_desk"), *NOVEMBER)
    with pytest.raises(Forbidden):
        books.verify_audit(staff_of(workshop, "technician"))


def test_the_month_before_is_found_over_the_turn_of_the_year() -> None:
    assert last_month(date(2027, 1, 15)) == date(2026, 12, 1)
    assert last_month(DAY) == date(2026, 10, 1)
