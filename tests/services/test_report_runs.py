"""Reports asked for: built by the worker, kept, stopped, built again."""

import io
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader

from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.db.session import Database
from carbot_app.domains.accounting.service import AccountingService
from carbot_app.domains.analytics.collecting import EventCollector
from carbot_app.domains.analytics.reports.models import ReportRun
from carbot_app.domains.analytics.reports.runs import MOST_WAITING
from carbot_app.domains.analytics.reports.templates import FORMS, TEMPLATES
from carbot_app.domains.compliance.service import RetentionService
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_conversation, make_lead, make_workshop, staff_of
from tests.factories.accounting import fee, make_expense, make_invoice, make_payment, make_terms, work
from tests.services.analysis_desk import AnalysisDesk, open_analysis_desk

NOVEMBER = {"first": date(2026, 11, 1), "last": date(2026, 11, 30)}


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path: Path) -> AnalysisDesk:
    return open_analysis_desk(database, clock, tmp_path)


def text_of(desk: AnalysisDesk, run_id: UUID) -> str:
    return desk.runs.read(desk.owner, run_id).content.decode("utf-8-sig")


def test_a_report_is_built_by_the_worker_and_can_be_saved(desk: AnalysisDesk) -> None:
    asked = desk.runs.request(desk.owner, desk.wish())
    assert (asked.state, asked.progress) == ("queued", 0)
    desk.work()
    view = desk.runs.get_run(desk.owner, asked.id)
    file = desk.runs.read(desk.owner, asked.id)
    assert (view.state, view.progress, view.size) == ("ready", 100, len(file.content))
    assert (file.name, file.media_type) == (
        "Wochenbericht 2026-11-16_2026-11-22.pdf",
        "application/pdf",
    )
    assert "Wochenbericht" in PdfReader(io.BytesIO(file.content)).pages[0].extract_text()


@pytest.mark.parametrize("code", TEMPLATES)
def test_an_empty_workshop_gets_every_report_in_every_form(desk: AnalysisDesk, code: str) -> None:
    for form in FORMS:
        run_id = desk.request(template=code, columns=TEMPLATES[code].usual, form=form)
        assert desk.runs.get_run(desk.owner, run_id).state == "ready"
        content = desk.runs.read(desk.owner, run_id).content
        assert b"nan" not in content or form != "csv"


def test_ten_years_come_month_by_month(desk: AnalysisDesk) -> None:
    run_id = desk.request(form="csv", first=date(2017, 1, 1), last=date(2026, 11, 30))
    assert len(text_of(desk, run_id).splitlines()) == 1 + 119 + 1


def test_chosen_columns_come_in_their_order(desk: AnalysisDesk) -> None:
    run_id = desk.request(form="csv", columns=("revenue", "new_leads"))
    assert text_of(desk, run_id).splitlines()[0] == "Tag;Umsatz (EUR);Neue Anfragen"


def test_the_month_for_the_adviser_equals_the_books_and_names_no_customer(
    desk: AnalysisDesk, database: Database
) -> None:
    make_terms(database, desk.workshop)
    first = make_invoice(database, desk.workshop, work("100.00"), fee("77.00"), number="RE-1")
    make_invoice(database, desk.workshop, work("50.00"), number="RE-2", supplied_on=date(2026, 11, 2))
    make_invoice(
        database, desk.workshop, work("100.00", "-1"), number="RE-3", kind="cancellation", original=first
    )
    make_invoice(database, desk.workshop, number="RE-9", issued_on=date(2026, 12, 1))
    make_payment(database, first, 5_000)
    make_expense(database, desk.workshop)
    month = AccountingService(db=database, clock=desk.clock).get_month(desk.owner, date(2026, 11, 5))
    columns = ("number", "net", "vat", "gross", "open")
    run_id = desk.request(template="tax_month", columns=columns, form="csv", **NOVEMBER)
    *rows, total = [line.split(";") for line in text_of(desk, run_id).splitlines()[1:]]
    assert [row[0] for row in rows] == ["RE-1", "RE-2", "RE-3"]
    shown = [round(float(cell.replace(",", ".")) * 100) for cell in total[1:4]]
    assert shown == [month.net_cents, month.vat_cents, month.gross_cents]
    assert "Muster" not in text_of(desk, run_id)


def test_rates_of_the_month_add_up_to_its_turnover(desk: AnalysisDesk, database: Database) -> None:
    make_terms(database, desk.workshop)
    make_invoice(database, desk.workshop, work("100.00"), work("40.00", exchange=True), fee("77.00"))
    run_id = desk.request(template="tax_month", columns=("number", "net", "vat", "gross"), **NOVEMBER)
    words = " ".join(page.extract_text() for page in PdfReader(_file(desk, run_id)).pages).replace(
        "\xa0", " "
    )
    whole = words.split("Summe")[1].split()[:6]
    assert words.split("Steuer je Satz")[1].split("Summe")[1].split()[:6] == whole


def test_headlines_equal_the_figures(desk: AnalysisDesk, database: Database) -> None:
    for _ in range(3):
        thread = make_conversation(database, desk.workshop)
        make_lead(database, thread, created_at=desk.clock() - timedelta(hours=1))
    EventCollector(db=database, clock=desk.clock).collect(desk.workshop.id)
    today = desk.clock().date()
    desk.request(first=today - timedelta(days=6), last=today)
    assert desk.run.summary[0].startswith("Neue Anfragen: 3")


def test_a_report_comes_in_the_workshops_language(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    workshop = make_workshop(database, language="pl", currency="CHF", country="CH")
    desk = open_analysis_desk(database, clock, tmp_path, workshop=workshop)
    run_id = desk.request(form="csv")
    assert text_of(desk, run_id).splitlines()[0] == "Dzień;Nowe zapytania;Obrót (CHF)"


def test_one_that_is_stopped_leaves_no_file_and_can_be_built_again(desk: AnalysisDesk) -> None:
    run_id = desk.runs.request(desk.owner, desk.wish()).id
    desk.printer.meanwhile = lambda: desk.runs.cancel(desk.owner, run_id)  # type: ignore[assignment]
    desk.work()
    assert desk.run.state == "cancelled"
    assert desk.files() == []
    with pytest.raises(Conflict, match="report_not_ready"):
        desk.runs.read(desk.owner, run_id)
    desk.runs.retry(desk.owner, run_id)
    desk.work()
    assert desk.run.state == "ready"
    with pytest.raises(Conflict, match="report_finished"):
        desk.runs.cancel(desk.owner, run_id)
    with pytest.raises(Conflict, match="report_finished"):
        desk.runs.retry(desk.owner, run_id)


def test_progress_is_told_while_it_is_built(desk: AnalysisDesk) -> None:
    desk.runs.request(desk.owner, desk.wish())
    seen: list[tuple[str, int]] = []
    desk.printer.meanwhile = lambda: seen.append((desk.run.state, desk.run.progress))
    desk.work()
    assert seen == [("building", 80)]


def test_a_full_disk_is_tried_again_until_it_has_failed_four_times(
    desk: AnalysisDesk, tmp_path: Path
) -> None:
    (tmp_path / "reports").write_text("a file where the folder should be")
    run_id = desk.request()
    assert (desk.run.state, desk.run.error) == ("queued", "files_unwritable")
    for _ in range(3):
        desk.clock.advance(timedelta(minutes=10))
        desk.maker.run_due()
    assert (desk.run.state, desk.run.attempts) == ("failed", 4)
    (tmp_path / "reports").unlink()
    desk.runs.retry(desk.owner, run_id)
    desk.work()
    assert (desk.run.state, desk.run.error) == ("ready", "")


def test_one_whose_event_was_lost_is_begun_by_the_clock(desk: AnalysisDesk) -> None:
    desk.runs.request(desk.owner, desk.wish())
    assert desk.maker.run_due() == 0
    desk.clock.advance(timedelta(minutes=2))
    assert desk.maker.run_due() == 1
    assert desk.run.state == "ready"


def test_a_worker_believed_dead_leaves_without_a_trace(desk: AnalysisDesk) -> None:
    desk.runs.request(desk.owner, desk.wish())

    def another_takes_over() -> None:
        desk.clock.advance(timedelta(minutes=10))
        assert desk.maker.run_due() == 1

    desk.printer.meanwhile = another_takes_over
    desk.work()
    assert (desk.run.state, desk.run.attempts) == ("ready", 2)
    assert len(desk.files()) == 1


def test_one_that_kills_every_worker_ends_as_failed(desk: AnalysisDesk, database: Database) -> None:
    desk.runs.request(desk.owner, desk.wish())
    for _ in range(5):
        desk.clock.advance(timedelta(minutes=10))
        desk.maker._claim(desk.workshop.id, desk.run.id)
    assert (desk.run.state, desk.run.error) == ("failed", "report_gave_up")


def test_a_file_that_was_lost_is_told(desk: AnalysisDesk, tmp_path: Path) -> None:
    run_id = desk.request()
    shutil.rmtree(tmp_path / "reports")
    with pytest.raises(NotFound):
        desk.runs.read(desk.owner, run_id)


def test_a_report_is_printed_with_the_logo_and_without_one_that_was_lost(
    desk: AnalysisDesk, database: Database, tmp_path: Path
) -> None:
    logo = f"{new_id()}.svg"
    make_terms(database, desk.workshop, logo_file=logo)
    without = desk.request()
    square = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    FolderFileStore(tmp_path / "documents").put(desk.workshop.id, logo, square)
    with_logo = desk.request()
    # The foot always names the workshop; the head does where it has no logo
    pages = [PdfReader(_file(desk, one)).pages[0].extract_text() for one in (without, with_logo)]
    assert [page.count(desk.workshop.name) for page in pages] == [2, 1]


def test_the_archive_pages_backwards(desk: AnalysisDesk) -> None:
    made = [desk.request(form="csv") for _ in range(3)]
    page = desk.runs.list_runs(desk.owner, limit=2)
    assert [run.id for run in page.runs] == made[:0:-1]
    rest = desk.runs.list_runs(desk.owner, before=page.before, limit=2)
    assert ([run.id for run in rest.runs], rest.before) == (made[:1], None)


def test_only_so_many_are_built_at_once(desk: AnalysisDesk) -> None:
    for _ in range(MOST_WAITING):
        desk.runs.request(desk.owner, desk.wish())
    with pytest.raises(Conflict, match="report_waiting_limit"):
        desk.runs.request(desk.owner, desk.wish())


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"template": "secrets"}, "report_template_unknown"),
        ({"columns": ()}, "report_columns_missing"),
        ({"columns": ("number",)}, "report_column_unknown"),
        ({"form": "exe"}, "report_form_unknown"),
        ({"first": date(2026, 12, 1)}, "report_span_reversed"),
        ({"first": date(1026, 1, 1)}, "report_span_long"),
    ],
)
def test_what_makes_no_report_is_refused_with_a_preview_too(
    desk: AnalysisDesk, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(AppError) as caught:
        desk.runs.request(desk.owner, desk.wish(**fields))
    assert caught.value.code == code
    if "form" not in fields:
        with pytest.raises(AppError) as caught:
            desk.runs.preview(desk.owner, desk.wish(**fields))
        assert caught.value.code == code
    assert desk.all(ReportRun) == []


def test_a_preview_is_a_picture_and_leaves_nothing(desk: AnalysisDesk) -> None:
    assert desk.runs.preview(desk.owner, desk.wish()).startswith(b"\x89PNG")
    assert desk.all(ReportRun) == []


def test_the_front_desk_sees_no_books_and_technicians_no_reports(desk: AnalysisDesk) -> None:
    tax = desk.request(template="tax_month", columns=("number",))
    week = desk.request()
    front = staff_of(desk.workshop, "front_desk")
    assert [run.id for run in desk.runs.list_runs(front).runs] == [week]
    for ask in (desk.runs.read, desk.runs.get_run, desk.runs.cancel, desk.runs.retry):
        with pytest.raises(Forbidden):
            ask(front, tax)
    with pytest.raises(Forbidden):
        desk.runs.request(front, desk.wish(template="services", columns=("name",)))
    with pytest.raises(Forbidden):
        desk.runs.resend(front, week)
    technician = staff_of(desk.workshop, "technician")
    for refused in (
        lambda: desk.runs.list_runs(technician),
        lambda: desk.runs.read(technician, week),
        lambda: desk.runs.read(technician, new_id()),
        lambda: desk.runs.preview(technician, desk.wish()),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert desk.runs.read(staff_of(desk.workshop, "accountant"), tax).content


def test_another_workshop_sees_nothing(
    desk: AnalysisDesk, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    run_id = desk.request()
    stranger = staff_of(make_workshop(database, "anders"))
    asks: tuple[Callable[..., Any], ...] = (
        *(desk.runs.get_run, desk.runs.read, desk.runs.cancel, desk.runs.retry, desk.runs.resend),
    )
    for ask in asks:
        with pytest.raises(NotFound):
            ask(stranger, run_id)
    assert desk.runs.list_runs(stranger).runs == ()
    with pytest.raises(NotFound):
        desk.runs.attachment(stranger.workshop_id, {"run_id": str(run_id)})


def test_after_400_days_report_and_file_are_gone(desk: AnalysisDesk, tmp_path: Path) -> None:
    desk.request()
    retention = RetentionService(
        db=desk.database,
        clock=desk.clock,
        store=FolderFileStore(tmp_path / "files"),
        exports=FolderFileStore(tmp_path / "disclosures"),
    )
    desk.clock.advance(timedelta(days=399))
    retention.run_due()
    assert len(desk.files()) == 1
    desk.clock.advance(timedelta(days=2))
    retention.run_due()
    desk.work()
    assert (desk.all(ReportRun), desk.files()) == ([], [])


def _file(desk: AnalysisDesk, run_id: UUID) -> io.BytesIO:
    return io.BytesIO(desk.runs.read(desk.owner, run_id).content)
