"""Hostile files against the real reader and the publishers' rules: a clear message, and nothing is kept."""

from pathlib import Path

import pytest

from carbot_app.adapters.einvoice.reading import FileInvoiceReader
from carbot_app.adapters.einvoice.validating import SaxonInvoiceValidator
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.db.session import Database
from carbot_app.domains.expenses.reading import MAX_BYTES
from carbot_app.domains.expenses.service import ExpenseService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError
from carbot_app.kit.i18n import translate
from tests.conftest import open_database
from tests.factories import make_workshop, staff_of
from tests.factories.documents import SAMPLES
from tests.factories.supplier_files import INVOICE, entity_bomb, external_entity, pdf_bomb, pdf_with


@pytest.fixture
def database(sqlite_url: str):
    with open_database(sqlite_url) as found:
        yield found


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


@pytest.fixture
def expenses(database: Database, clock: ManualClock, tmp_path: Path) -> ExpenseService:
    return ExpenseService(
        db=database,
        clock=clock,
        reader=FileInvoiceReader(),
        validator=SaxonInvoiceValidator(),
        store=FolderFileStore(tmp_path),
    )


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.name[:2])
def test_every_sample_is_taken_without_objection(
    expenses: ExpenseService, workshop: Workshop, file: Path
) -> None:
    found = expenses.upload(staff_of(workshop), file.read_bytes(), filename=file.name)
    assert (found.row.state, found.row.fatal) == ("checked", 0)
    assert found.document
    assert sum(one.net_cents + one.vat_cents for one in found.amounts) == found.document.gross_cents


def test_what_breaks_a_rule_of_the_publishers_is_told(expenses: ExpenseService, workshop: Workshop) -> None:
    broken = INVOICE.replace(b"<ram:CountryID>DE</ram:CountryID>", b"<ram:CountryID>XX</ram:CountryID>")
    found = expenses.upload(staff_of(workshop), broken)
    assert found.row.state == "received"
    assert {finding.severity for finding in found.findings} >= {"fatal"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (entity_bomb(), {"einvoice_doctype", "einvoice_xml_broken"}),
        (external_entity(), {"einvoice_doctype"}),
        (b"<Invoice>" * 100_000, {"einvoice_xml_broken"}),
        (b"<html><body>Rechnung</body></html>", {"einvoice_no_invoice"}),
        (b"PK\x03\x04", {"einvoice_unknown_file"}),
        (b"", {"einvoice_empty"}),
        (b"%PDF-1.7\n" + bytes(5000), {"einvoice_pdf_broken"}),
        (pdf_with(("factur-x.xml", INVOICE), password="secret"), {"einvoice_pdf_encrypted"}),
        (pdf_bomb(), {"einvoice_pdf_too_heavy"}),
        (b"<" + b" " * MAX_BYTES, {"einvoice_too_large"}),
    ],
    ids=["laughs", "external", "nested", "html", "zip", "empty", "broken", "encrypted", "bomb", "large"],
)
@pytest.mark.timeout(60)
def test_a_hostile_file_is_refused_in_words_and_leaves_nothing(
    expenses: ExpenseService, workshop: Workshop, tmp_path: Path, content: bytes, code: set[str]
) -> None:
    with pytest.raises(AppError) as refused:
        expenses.upload(staff_of(workshop), content)
    assert refused.value.code in code
    assert "{{" not in translate("de", refused.value.message_key, **refused.value.params)
    assert expenses.list_expenses(staff_of(workshop)).rows == ()
    assert not [file for file in tmp_path.rglob("*-*-*-*-*") if file.is_file()]
    assert expenses.receive_mail(workshop.id, content) is None
