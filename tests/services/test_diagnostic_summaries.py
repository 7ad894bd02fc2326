"""A summary is about the newest reading, and customers read it only when staff has let it pass.
Both engines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.models import AuditEntry
from carbot_app.domains.customers.models import Customer
from carbot_app.domains.diagnostics.report_schemas import ReportWish
from carbot_app.domains.diagnostics.summary_service import SummaryService, SummaryView
from carbot_app.domains.team.roles import ACCOUNTANT
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from tests.factories import staff_of
from tests.services.report_desk import ReportDesk, meaning_of, open_report_desk

OWN_WORDS = "Wir tauschen Ihre Zündspule.\nAm Montag um 8."


@dataclass
class Author:
    """Is a SummaryWriter that writes what it is told to."""

    text: Callable[[Mapping[str, Any]], str] = lambda told: f"{told['codes'][0]['title']}."

    def write(self, workshop_id: UUID, told: Mapping[str, Any], audience: str, language: str) -> str:
        return self.text(told)


@pytest.fixture
def author() -> Author:
    return Author()


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path: Path) -> ReportDesk:
    return open_report_desk(database, clock, tmp_path)


@pytest.fixture
def summaries(desk: ReportDesk, author: Author) -> SummaryService:
    return service_of(desk, author)


def service_of(desk: ReportDesk, author: Author | None) -> SummaryService:
    return SummaryService(db=desk.bay.db, clock=desk.bay.clock, meaning=meaning_of(desk), writer=author)


def for_customer(desk: ReportDesk, summaries: SummaryService, session_id: UUID) -> SummaryView:
    summaries.write(desk.bay.staff, session_id)
    return next(
        one for one in summaries.list_of_session(desk.bay.staff, session_id) if one.audience == "customer"
    )


def told(desk: ReportDesk, session_id: UUID, **wish: Any) -> str:
    return desk.reports.preview(desk.bay.staff, session_id, ReportWish(**wish)).summary


def test_without_a_model_there_is_nothing_to_show_and_nothing_to_ask(desk: ReportDesk) -> None:
    summaries, session_id = service_of(desk, None), desk.read("P0301")
    assert not summaries.is_available
    assert summaries.list_of_session(desk.bay.staff, session_id) == ()
    with pytest.raises(Unavailable, match="summary_unavailable"):
        summaries.write(desk.bay.staff, session_id)


def test_the_customer_reads_it_only_after_staff_has_accepted_it(
    desk: ReportDesk, summaries: SummaryService
) -> None:
    session_id = desk.read("P0301")
    written = for_customer(desk, summaries, session_id)
    assert told(desk, session_id) == ""
    accepted = summaries.accept(desk.bay.staff, written.id, written.text)
    assert (accepted.accepted_by, accepted.edited) == (desk.bay.staff.name, False)
    assert told(desk, session_id) == written.text
    desk.reports.issue(desk.bay.staff, session_id, ReportWish())
    page = desk.links.get_by_token(desk.row().token)
    assert page.content.summary == written.text
    with desk.bay.db.reading(SYSTEM) as session:
        kinds = {row.kind for row in session.exec(select(AuditEntry))}
    assert "summary.accept" in kinds


def test_staff_may_say_it_in_their_own_words(desk: ReportDesk, summaries: SummaryService) -> None:
    session_id = desk.read("P0301")
    written = for_customer(desk, summaries, session_id)
    accepted = summaries.accept(desk.bay.staff, written.id, f"  {OWN_WORDS}  ")
    assert (accepted.edited, accepted.text) == (True, OWN_WORDS)
    assert told(desk, session_id) == accepted.text


@pytest.mark.parametrize("text", ["Sie können bedenkenlos weiterfahren.", "Wir löschen den Fehlerspeicher."])
def test_nobody_can_accept_what_is_against_the_safety_rules(
    desk: ReportDesk, summaries: SummaryService, text: str
) -> None:
    session_id = desk.read("P0301")
    written = for_customer(desk, summaries, session_id)
    with pytest.raises(Invalid, match="summary_unsafe"):
        summaries.accept(desk.bay.staff, written.id, text)
    assert told(desk, session_id) == ""


@pytest.mark.parametrize(("text", "code"), [(" ", "missing"), ("x" * 1201, "too_long")])
def test_an_empty_or_endless_text_is_refused(
    desk: ReportDesk, summaries: SummaryService, text: str, code: str
) -> None:
    written = for_customer(desk, summaries, desk.read("P0301"))
    with pytest.raises(Invalid, match=code):
        summaries.accept(desk.bay.staff, written.id, text)


def test_a_lamp_somebody_saw_since_takes_a_calm_text_off_the_report(
    desk: ReportDesk, summaries: SummaryService
) -> None:
    session_id = desk.read("P0442")
    written = for_customer(desk, summaries, session_id)
    summaries.accept(desk.bay.staff, written.id, written.text)
    assert told(desk, session_id) == written.text
    assert told(desk, session_id, lamps=("engine_blinking",)) == ""


def test_a_report_in_another_language_goes_without_it(desk: ReportDesk, summaries: SummaryService) -> None:
    session_id = desk.read("P0301")
    written = for_customer(desk, summaries, session_id)
    summaries.accept(desk.bay.staff, written.id, written.text)
    assert told(desk, session_id, language="pl") == ""


def test_it_is_written_in_the_language_the_customer_reads(
    desk: ReportDesk, summaries: SummaryService
) -> None:
    with desk.bay.db.writing(SYSTEM) as session:
        session.get_one(Customer, desk.customer.id).language = "pl"
    session_id = desk.read("P0301")
    assert for_customer(desk, summaries, session_id).language == "pl"


def test_codes_that_were_read_anew_make_it_outdated(
    desk: ReportDesk, summaries: SummaryService, clock: ManualClock
) -> None:
    session_id = desk.read("P0301")
    written = for_customer(desk, summaries, session_id)
    clock.advance(timedelta(minutes=1))
    desk.bay.read_codes(session_id, "P0420")
    assert summaries.list_of_session(desk.bay.staff, session_id) == ()
    with pytest.raises(Conflict, match="summary_outdated"):
        summaries.accept(desk.bay.staff, written.id, written.text)
    assert told(desk, session_id) == ""


def test_an_accepted_text_is_gone_when_it_is_thrown_away_or_written_anew(
    desk: ReportDesk, summaries: SummaryService
) -> None:
    session_id = desk.read("P0301")
    for end in (
        lambda one: summaries.discard(desk.bay.staff, one.id),
        lambda one: summaries.write(desk.bay.staff, session_id),
    ):
        written = for_customer(desk, summaries, session_id)
        summaries.accept(desk.bay.staff, written.id, written.text)
        end(written)
        assert told(desk, session_id) == ""


def test_only_what_is_faithful_is_kept(desk: ReportDesk, summaries: SummaryService, author: Author) -> None:
    author.text = lambda told: "Zylinder 7 ist kaputt." if "work" in told else f"{told['codes'][0]['title']}."
    written = summaries.write(desk.bay.staff, desk.read("P0301"))
    assert ([one.audience for one in written.summaries], written.thrown_away) == (["mechanic"], ("customer",))


def test_the_mechanics_summary_never_gets_into_a_report(desk: ReportDesk, summaries: SummaryService) -> None:
    mechanic = summaries.write(desk.bay.staff, desk.read("P0301")).summaries[0]
    assert mechanic.audience == "mechanic"
    with pytest.raises(NotFound, match="summary_unknown"):
        summaries.accept(desk.bay.staff, mechanic.id, mechanic.text)


def test_without_a_reading_there_is_nothing_to_write_about(
    desk: ReportDesk, summaries: SummaryService
) -> None:
    with pytest.raises(Conflict, match="codes_unread"):
        summaries.write(desk.bay.staff, desk.bay.start().session_id)


def test_people_of_the_books_and_another_workshop_reach_nothing(
    desk: ReportDesk, summaries: SummaryService, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    session_id = desk.read("P0301")
    written = for_customer(desk, summaries, session_id)
    other = open_report_desk(database, clock, tmp_path / "other", "schmidt-bochum")
    for actor, problem in (
        (staff_of(desk.bay.workshop, role=ACCOUNTANT), Forbidden),
        (other.bay.staff, NotFound),
    ):
        for reach in (
            lambda actor: summaries.list_of_session(actor, session_id),
            lambda actor: summaries.write(actor, session_id),
            lambda actor: summaries.accept(actor, written.id, written.text),
            lambda actor: summaries.discard(actor, written.id),
        ):
            with pytest.raises(problem):
                reach(actor)
    assert len(summaries.list_of_session(desk.bay.staff, session_id)) == 2
