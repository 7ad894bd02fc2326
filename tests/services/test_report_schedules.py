"""Reports by plan: once each turn, to whom they are meant for, whatever fails in between."""

import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from carbot_app.adapters.mail.smtp import SmtpTransport
from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.analytics.reports.models import ReportAddress, ReportRun, ReportSchedule
from carbot_app.domains.analytics.reports.planning import Rhythm
from carbot_app.domains.analytics.reports.schedules import MOST_RECIPIENTS, MOST_SCHEDULES
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.team.models import Membership, Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Conflict, Forbidden, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_membership, make_person, make_workshop, staff_of
from tests.peers.mailbox import Mailbox, open_mailbox
from tests.services.analysis_desk import ADVISER, AnalysisDesk, open_analysis_desk


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with open_mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path: Path) -> AnalysisDesk:
    return open_analysis_desk(database, clock, tmp_path)


@pytest.fixture
def posting(database: Database, clock: ManualClock, tmp_path: Path, mailbox: Mailbox) -> AnalysisDesk:
    """The desk with a real mail server."""
    transport = SmtpTransport(mailbox.url, sender="CarBot <no-reply@carbot.example>")
    return open_analysis_desk(database, clock, tmp_path, transport=transport)


def test_a_plan_sends_its_report_at_its_hour_in_the_workshops_zone(
    posting: AnalysisDesk, mailbox: Mailbox
) -> None:
    posting.schedules.save(posting.owner, posting.draft())
    posting.go_to("2026-11-23T09:59")
    posting.maker.run_due()
    assert posting.all(ReportRun) == []
    posting.go_to("2026-11-23T10:00")
    posting.maker.run_due()
    hints = [event for event in posting.all(OutboxEvent) if event.kind == "report.changed"]
    posting.messaging.send_due()
    # Whoever looks at the archive sees at once that the mail is out
    told = [event for event in posting.all(OutboxEvent) if event.kind == "report.changed"]
    assert len(told) == len(hints) + 1
    (mail,) = mailbox.messages
    assert mail["To"] == posting.person.email
    assert mail["Subject"].startswith("Wochenbericht 16.–22. Nov. 2026")
    plain = mail.get_body(("plain",))
    assert plain is not None
    assert "Neue Anfragen: 0" in plain.get_content()
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "Wochenbericht 2026-11-16_2026-11-22.pdf"
    words = PdfReader(io.BytesIO(attached.get_content())).pages[0].extract_text()
    assert "16.–22. Nov. 2026" in words
    (view,) = posting.runs.list_runs(posting.owner).runs
    assert [(sent.to, sent.state) for sent in view.mails] == [(posting.person.email, "sent")]


def test_looking_again_and_again_sends_it_once(desk: AnalysisDesk) -> None:
    desk.schedules.save(desk.owner, desk.draft())
    desk.go_to("2026-11-23T10:00")
    for _ in range(3):
        desk.maker.run_due()
        desk.clock.advance(timedelta(hours=3))
    assert len(desk.mails) == 1
    desk.go_to("2026-11-30T10:00")
    desk.maker.run_due()
    assert len(desk.mails) == 2


def test_two_workers_send_it_once(desk: AnalysisDesk) -> None:
    desk.schedules.save(desk.owner, desk.draft(form="csv"))
    desk.go_to("2026-11-23T10:00")
    with ThreadPoolExecutor(4) as pool:
        built = list(pool.map(lambda _: desk.maker.run_due(), range(4)))
    assert sum(built) == 1
    assert (desk.run.state, len(desk.mails)) == ("ready", 1)


def test_a_worker_that_dies_in_between_has_it_sent_once_by_another(desk: AnalysisDesk) -> None:
    desk.schedules.save(desk.owner, desk.draft())
    desk.go_to("2026-11-23T10:00")

    class Death(BaseException):
        pass

    def die() -> None:
        raise Death

    desk.printer.meanwhile = die
    with pytest.raises(Death):
        desk.maker.run_due()
    assert (desk.run.state, desk.mails) == ("building", [])
    desk.maker.run_due()
    assert desk.mails == []
    desk.clock.advance(timedelta(minutes=4))
    desk.maker.run_due()
    assert (desk.run.state, len(desk.mails)) == ("ready", 1)


def test_a_worker_that_was_only_slow_does_not_send_it_again(desk: AnalysisDesk) -> None:
    desk.schedules.save(desk.owner, desk.draft())
    desk.go_to("2026-11-23T10:00")

    def another_takes_over() -> None:
        desk.clock.advance(timedelta(minutes=10))
        desk.maker.run_due()

    desk.printer.meanwhile = another_takes_over
    desk.maker.run_due()
    assert (desk.run.state, len(desk.mails)) == ("ready", 1)


@pytest.mark.parametrize("night", ["2026-10-25", "2027-03-28"])
def test_in_the_night_of_the_clock_change_it_is_sent_once(desk: AnalysisDesk, night: str) -> None:
    desk.go_to(f"{night}T00:30")
    desk.schedules.save(desk.owner, desk.draft(rhythm=Rhythm("weekly", 6, "02:30"), form="csv"))
    for _ in range(20):
        desk.clock.advance(timedelta(minutes=15))
        desk.maker.run_due()
    assert (desk.run.period_key, len(desk.mails)) == (night, 1)


def test_one_workshops_trouble_does_not_keep_the_others(
    desk: AnalysisDesk, database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    broken = open_analysis_desk(
        database, clock, tmp_path / "other", workshop=make_workshop(database, "kaputt")
    )
    broken.schedules.save(broken.owner, broken.draft(form="csv"))
    with database.writing(SYSTEM) as session:
        session.get_one(Workshop, broken.workshop.id).timezone = "Europe/Atlantis"
    desk.schedules.save(desk.owner, desk.draft(form="csv"))
    desk.go_to("2026-11-23T10:00")
    desk.maker.run_due()
    assert [mail.to_address for mail in desk.mails] == [desk.person.email]


def test_a_plan_begins_with_its_next_turn_and_catches_up_with_the_newest_only(desk: AnalysisDesk) -> None:
    desk.go_to("2026-11-23T11:00")
    desk.schedules.save(desk.owner, desk.draft())
    desk.maker.run_due()
    assert desk.all(ReportRun) == []
    desk.go_to("2026-12-16T12:00")
    desk.maker.run_due()
    assert desk.run.period_key == "2026-12-14"


def test_a_plan_that_was_off_sends_nothing_of_that_time(desk: AnalysisDesk) -> None:
    plan = desk.schedules.save(desk.owner, desk.draft()).id
    assert desk.schedules.set_enabled(desk.owner, plan, False).next_at is None
    desk.go_to("2026-11-25T12:00")
    desk.maker.run_due()
    view = desk.schedules.set_enabled(desk.owner, plan, True)
    desk.maker.run_due()
    assert desk.all(ReportRun) == []
    assert view.next_at is not None
    assert view.next_at.isoformat() == "2026-11-30T09:00:00+00:00"


def test_other_columns_do_not_send_the_turn_again_and_another_hour_begins_anew(desk: AnalysisDesk) -> None:
    plan = desk.schedules.save(desk.owner, desk.draft()).id
    desk.go_to("2026-11-23T10:00")
    desk.maker.run_due()
    desk.schedules.save(desk.owner, desk.draft(columns=("bookings",)), plan)
    desk.maker.run_due()
    desk.schedules.save(desk.owner, desk.draft(rhythm=Rhythm("weekly", 0, "12:00")), plan)
    desk.go_to("2026-11-23T12:00")
    desk.maker.run_due()
    assert len(desk.mails) == 1
    desk.go_to("2026-11-30T12:00")
    desk.maker.run_due()
    assert len(desk.mails) == 2


def test_an_address_gets_nothing_before_it_said_yes_and_nothing_after_it_said_no(
    desk: AnalysisDesk,
) -> None:
    plan = desk.schedules.save(desk.owner, desk.draft(people=(), addresses=(ADVISER.upper(),)))
    assert [(one.email, one.state) for one in plan.recipients] == [(ADVISER, "unconfirmed")]
    (question,) = desk.all(OutgoingMessage)
    token = desk.token_of(ADVISER)
    assert (question.to_address, f"/berichte/{token}" in question.text) == (ADVISER, True)
    desk.schedules.send_now(desk.owner, plan.id)
    desk.work()
    assert (desk.run.state, desk.mails) == ("ready", [])
    with pytest.raises(Conflict, match="report_nobody"):
        desk.runs.resend(desk.owner, desk.run.id)
    assert not desk.schedules.get_by_link(token).confirmed
    assert desk.schedules.answer_by_link(token, wanted=True).confirmed
    desk.runs.resend(desk.owner, desk.run.id)
    (mail,) = desk.mails
    assert f"/berichte/{token}" in mail.text
    desk.schedules.answer_by_link(token, wanted=False)
    with pytest.raises(Conflict, match="report_nobody"):
        desk.runs.resend(desk.owner, desk.run.id)


def test_a_question_is_asked_again_once_a_day(desk: AnalysisDesk) -> None:
    desk.schedules.save(desk.owner, desk.draft(addresses=(ADVISER,)))
    desk.schedules.ask_again(desk.owner, ADVISER)
    assert len(desk.all(OutgoingMessage)) == 1
    desk.clock.advance(timedelta(days=1))
    desk.schedules.ask_again(desk.owner, ADVISER)
    assert len(desk.all(OutgoingMessage)) == 2
    desk.schedules.answer_by_link(desk.token_of(ADVISER), wanted=True)
    desk.clock.advance(timedelta(days=1))
    desk.schedules.ask_again(desk.owner, ADVISER)
    assert len(desk.all(OutgoingMessage)) == 2
    with pytest.raises(NotFound):
        desk.schedules.ask_again(desk.owner, "nobody@example.org")


def test_an_address_no_plan_sends_to_is_forgotten(desk: AnalysisDesk) -> None:
    one = desk.schedules.save(desk.owner, desk.draft(addresses=(ADVISER, "zwei@example.org"))).id
    desk.schedules.save(desk.owner, desk.draft(addresses=(ADVISER,)))
    desk.schedules.save(desk.owner, desk.draft(), one)
    assert [row.email for row in desk.all(ReportAddress)] == [ADVISER]


@pytest.mark.parametrize("token", ["", "nobody", "x" * 65, "ä\x00", "../../etc/passwd"])
def test_links_that_were_never_given_out_open_nothing(desk: AnalysisDesk, token: str) -> None:
    with pytest.raises(NotFound):
        desk.schedules.get_by_link(token)
    with pytest.raises(NotFound):
        desk.schedules.answer_by_link(token, wanted=True)


def test_who_left_the_team_gets_nothing_more(desk: AnalysisDesk, database: Database) -> None:
    gone = make_person(database, name="Timo Gegangen")
    membership = make_membership(database, desk.workshop, gone, "manager")
    plan = desk.schedules.save(desk.owner, desk.draft(people=(gone.id, desk.person.id))).id
    with database.writing(SYSTEM) as session:
        session.get_one(Membership, membership.id).active = False
    desk.schedules.send_now(desk.owner, plan)
    desk.work()
    assert [mail.to_address for mail in desk.mails] == [desk.person.email]
    (view,) = desk.schedules.list_schedules(desk.owner)
    assert [one.state for one in view.recipients] == ["gone", "fine"]


def test_a_mail_server_that_fails_leaves_the_report_and_says_so(
    posting: AnalysisDesk, mailbox: Mailbox, database: Database
) -> None:
    busy = make_person(database, email="busy@mueller.example")
    make_membership(database, posting.workshop, busy)
    plan = posting.schedules.save(posting.owner, posting.draft(people=(busy.id,))).id
    posting.schedules.send_now(posting.owner, plan)
    posting.work()
    for _ in range(10):
        posting.messaging.send_due()
        posting.clock.advance(timedelta(hours=6))
    view = posting.runs.get_run(posting.owner, posting.run.id)
    assert (view.state, [sent.state for sent in view.mails]) == ("ready", ["failed"])
    assert posting.runs.read(posting.owner, view.id).content
    with database.writing(SYSTEM) as session:
        session.get_one(type(busy), busy.id).email = "wieder@mueller.example"
    posting.runs.resend(posting.owner, view.id)
    posting.messaging.send_due()
    view = posting.runs.get_run(posting.owner, view.id)
    assert [sent.state for sent in view.mails] == ["failed", "sent"]
    assert len(mailbox.messages) == 1


def test_without_a_mail_server_the_mail_is_held_and_the_report_is_there(desk: AnalysisDesk) -> None:
    plan = desk.schedules.save(desk.owner, desk.draft()).id
    desk.schedules.send_now(desk.owner, plan)
    desk.work()
    view = desk.runs.get_run(desk.owner, desk.run.id)
    assert (view.state, [sent.state for sent in view.mails]) == ("ready", ["held"])


def test_a_removed_plan_leaves_its_reports(desk: AnalysisDesk) -> None:
    plan = desk.schedules.save(desk.owner, desk.draft()).id
    desk.schedules.send_now(desk.owner, plan)
    desk.work()
    desk.schedules.remove(desk.owner, plan)
    (view,) = desk.runs.list_runs(desk.owner).runs
    assert (view.planned, view.may_send) == (False, False)
    with pytest.raises(Conflict, match="report_not_sendable"):
        desk.runs.resend(desk.owner, view.id)
    assert desk.schedules.list_schedules(desk.owner) == ()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"template": "secrets"}, "report_template_unknown"),
        ({"columns": ()}, "report_columns_missing"),
        ({"columns": ("password",)}, "report_column_unknown"),
        ({"form": "exe"}, "report_form_unknown"),
        ({"rhythm": Rhythm("hourly", 0, "10:00")}, "report_rhythm_invalid"),
        ({"people": ()}, "report_recipients_missing"),
        ({"people": (new_id(),)}, "report_person_unknown"),
        ({"addresses": tuple(f"{n}@example.org" for n in range(50))}, "report_recipients_limit"),
        ({"addresses": tuple(f"{n}@example.org" for n in range(MOST_RECIPIENTS))}, "report_recipients_limit"),
        ({"addresses": ("a@b.example\nBcc: c@d.example",)}, "email_invalid"),
    ],
)
def test_what_makes_no_plan_is_refused(desk: AnalysisDesk, fields: dict[str, Any], code: str) -> None:
    with pytest.raises(AppError) as caught:
        desk.schedules.save(desk.owner, desk.draft(**fields))
    assert caught.value.code == code
    assert (desk.all(ReportSchedule), desk.all(ReportAddress), desk.all(OutgoingMessage)) == ([], [], [])


def test_a_workshop_has_only_so_many_plans(desk: AnalysisDesk) -> None:
    for _ in range(MOST_SCHEDULES):
        desk.schedules.save(desk.owner, desk.draft())
    with pytest.raises(Conflict, match="report_schedules_limit"):
        desk.schedules.save(desk.owner, desk.draft())


def _asks(desk: AnalysisDesk, plan: Any) -> tuple[Callable[[Any], Any], ...]:
    return (
        lambda actor: desk.schedules.save(actor, desk.draft(people=(), addresses=(ADVISER,)), plan),
        lambda actor: desk.schedules.set_enabled(actor, plan, False),
        lambda actor: desk.schedules.send_now(actor, plan),
        lambda actor: desk.schedules.remove(actor, plan),
        lambda actor: desk.schedules.ask_again(actor, ADVISER),
    )


def test_another_workshop_reaches_no_plan(desk: AnalysisDesk, database: Database) -> None:
    plan = desk.schedules.save(desk.owner, desk.draft(addresses=(ADVISER,))).id
    stranger = staff_of(make_workshop(database, "anders"))
    for ask in _asks(desk, plan):
        with pytest.raises(NotFound):
            ask(stranger)
    assert desk.schedules.list_schedules(stranger) == ()
    assert len(desk.all(ReportSchedule)) == 1


def test_a_plan_needs_who_may_set_up_the_workshop(desk: AnalysisDesk) -> None:
    plan = desk.schedules.save(desk.owner, desk.draft()).id
    for role in ("front_desk", "technician", "accountant"):
        for ask in (*_asks(desk, plan), desk.schedules.list_schedules):
            with pytest.raises(Forbidden):
                ask(staff_of(desk.workshop, role))
    assert desk.schedules.list_schedules(staff_of(desk.workshop, "manager"))
