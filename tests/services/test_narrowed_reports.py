"""A report keeps the filters and the comparison it was asked with, and says so in its head."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from carbot_app.db.session import Database
from carbot_app.domains.analytics.reports.models import ReportRun
from carbot_app.domains.analytics.schemas import Filters, Span
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Invalid
from carbot_app.kit.ids import new_id
from tests.factories import make_resource
from tests.factories.catalog import make_service
from tests.factories.conversations import make_conversation
from tests.factories.leads import make_lead
from tests.services.analysis_desk import MONDAY, AnalysisDesk, open_analysis_desk
from tests.services.outlook_bay import BRAKES, open_bay

CHAT, PHONE = 4, 3


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path: Path) -> AnalysisDesk:
    """Enquiries of yesterday in the chat, and of the day eight days ago by phone."""
    bay = open_bay(database, clock)
    make_service(database, bay.workshop, BRAKES)
    for channel, count, back in (("chat", CHAT, 1), ("sms", PHONE, 1), ("chat", 1, 8)):
        for _ in range(count):
            at = clock() - timedelta(days=back)
            make_lead(
                database,
                make_conversation(database, bay.workshop, channel=channel, created_at=at),
                created_at=at,
            )
    bay.collect()
    return open_analysis_desk(database, clock, tmp_path, workshop=bay.workshop)


def week(desk: AnalysisDesk, **fields: Any) -> dict[str, Any]:
    yesterday = desk.clock().date() - timedelta(days=1)
    return {"first": yesterday - timedelta(days=6), "last": yesterday, **fields}


def paper(desk: AnalysisDesk, **fields: Any) -> str:
    run_id = desk.request(**week(desk, **fields))
    pages = PdfReader(io.BytesIO(desk.runs.read(desk.owner, run_id).content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\xa0", " ").split())


def total(desk: AnalysisDesk, **fields: Any) -> str:
    run_id = desk.request(form="csv", columns=("new_leads",), **week(desk, **fields))
    return desk.runs.read(desk.owner, run_id).content.decode("utf-8-sig").splitlines()[-1]


def test_figures_are_those_of_the_filters(desk: AnalysisDesk) -> None:
    assert total(desk) == f"Gesamt;{CHAT + PHONE}"
    assert total(desk, filters=Filters(channel="chat")) == f"Gesamt;{CHAT}"
    yesterday = desk.clock().date() - timedelta(days=1)
    other = (yesterday.weekday() + 1) % 7
    assert total(desk, filters=Filters(channel="chat", weekday=other)) == "Gesamt;0"


def test_the_head_of_every_form_says_what_it_is_narrowed_to(desk: AnalysisDesk, database: Database) -> None:
    technician = make_resource(database, desk.workshop)
    service = make_service(database, desk.workshop, "ENG-OIL-001")
    filters = Filters("chat", service.code, technician.id, 0, 9)
    told = f"Chat, {service.names['de']}, {technician.name}, Montag, 9 Uhr"
    assert f"Eingegrenzt auf: {told}" in paper(desk, filters=filters)
    (run,) = desk.runs.list_runs(desk.owner).runs
    assert run.narrowed == told
    book_id = desk.request(form="xlsx", **week(desk, filters=filters))
    book = CalamineWorkbook.from_filelike(io.BytesIO(desk.runs.read(desk.owner, book_id).content))
    assert [f"Eingegrenzt auf: {told}", "", ""] in book.get_sheet_by_index(0).to_python()
    table_id = desk.request(form="csv", **week(desk, filters=filters))
    assert f"({told})" in desk.runs.read(desk.owner, table_id).name


def test_figures_the_filters_leave_without_a_number_are_named(desk: AnalysisDesk) -> None:
    words = paper(desk, columns=("new_leads", "open_items"), filters=Filters(channel="chat"))
    assert "So nicht messbar und deshalb ohne Zahl: Offene Posten." in words


def test_a_weekday_has_rows_of_its_own_days_only(desk: AnalysisDesk) -> None:
    run_id = desk.request(form="csv", columns=("new_leads",), **week(desk, filters=Filters(weekday=6)))
    lines = desk.runs.read(desk.owner, run_id).content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == ["So., 22. Nov.", "Gesamt"]


@pytest.mark.parametrize("template", ["tax_month", "services"])
def test_what_cannot_be_narrowed_says_so_and_stays_whole(desk: AnalysisDesk, template: str) -> None:
    columns = ("number",) if template == "tax_month" else ("name", "asked")
    asked = {"template": template, "columns": columns}
    words = paper(desk, filters=Filters(channel="mail"), **asked)
    assert "Nicht eingegrenzt: Dieser Bericht gilt immer für den ganzen Betrieb." in words
    (run,) = desk.runs.list_runs(desk.owner).runs
    assert run.narrowed == ""


def test_changes_are_against_the_days_that_were_asked_for(desk: AnalysisDesk) -> None:
    first = desk.clock().date() - timedelta(days=8)
    paper(desk, compare=Span(first, first), filters=Filters(channel="chat"))
    assert desk.run.summary[0] == "Neue Anfragen: 4 (↑ 300 %)"


def test_without_a_comparison_nothing_has_changed(desk: AnalysisDesk) -> None:
    assert "Ohne Vergleich." in paper(desk, compares=False)
    assert desk.run.summary[0] == f"Neue Anfragen: {CHAT + PHONE}"


def test_a_plan_is_about_everything(desk: AnalysisDesk) -> None:
    plan = desk.schedules.save(desk.owner, desk.draft(rhythm=MONDAY))
    desk.schedules.send_now(desk.owner, plan.id)
    desk.work()
    (run,) = desk.all(ReportRun)
    assert (run.filters, run.compares, run.compare_first) == ({}, True, None)


def test_nobody_names_a_technician_of_another_workshop(desk: AnalysisDesk, database: Database) -> None:
    other = open_bay(database, desk.clock, "other")
    told = paper(desk, filters=Filters(technician_id=other.technician.id))
    assert other.technician.name not in told
    assert "Ehemalige Person" in told
    assert "Ehemalige Person" in paper(desk, filters=Filters(technician_id=new_id()))


@pytest.mark.parametrize("filters", [Filters(weekday=7), Filters(hour=24), Filters(hour=-1)])
def test_hours_there_are_not_are_refused(desk: AnalysisDesk, filters: Filters) -> None:
    for ask in (desk.runs.request, desk.runs.preview):
        with pytest.raises(Invalid, match="figures_filter_invalid"):
            ask(desk.owner, desk.wish(filters=filters))
