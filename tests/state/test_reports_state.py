"""The page of reports and its panes."""

from carbot_app.bootstrap import Services
from carbot_app.db.outbox_worker import OutboxWorker
from carbot_app.domains.team.models import Workshop
from carbot_app.state.dashboard import DashboardState
from carbot_app.state.report_plan import NEW, ReportPlanState
from carbot_app.state.report_wish import ReportWishState
from carbot_app.state.reports import ReportsState
from carbot_app.state.session import SessionState
from tests.factories import make_workshop, staff_of
from tests.services.analysis_desk import ADVISER
from tests.state.tabs import Tab, open_tab, words_of

SAVED = {"day": "0", "at": "10:00", "addresses": ""}


def deliver(services: Services) -> None:
    consumers = {"reports": services.reports.maker.on_event}
    OutboxWorker(services.db, services.clock, quick={}, slow=consumers).drain()


async def test_a_report_is_asked_for_and_its_file_appears_when_it_is_built(
    services: Services, tab: Tab
) -> None:
    await tab.call(ReportsState.load)
    await tab.call(ReportWishState.open_for, "owner_week")
    wish, page = await tab.state(ReportWishState), await tab.state(ReportsState)
    assert (wish.first, wish.last, wish.form) == ("2026-11-16", "2026-11-22", "pdf")
    await tab.call(ReportWishState.set_form, "csv")
    await tab.call(ReportWishState.start)
    assert (wish.run.state, wish.run.percent) == ("queued", 0)
    deliver(services)
    await tab.call(ReportWishState.on_live, "report", wish.run.id, "report.changed")
    await tab.call(ReportsState.on_live, "report", wish.run.id, "report.changed")
    assert (wish.run.state, wish.run.href) == ("ready", f"/api/reports/{wish.run.id}/file")
    assert [(row.title, row.days, row.word) for row in page.runs] == [
        ("Wochenbericht", "16.–22. Nov. 2026", "Fertig")
    ]
    await tab.call(ReportWishState.close)
    assert (wish.opened, wish.run.id) == (False, "")


async def test_the_month_is_the_one_before(tab: Tab) -> None:
    await tab.call(ReportWishState.open_for, "tax_month")
    wish = await tab.state(ReportWishState)
    assert (wish.first, wish.last) == ("2026-10-01", "2026-10-31")


async def test_columns_are_taken_in_the_order_of_the_taps(tab: Tab) -> None:
    await tab.call(ReportWishState.open_for, "owner_week")
    wish = await tab.state(ReportWishState)
    chosen = {row.key: row.place for row in wish.columns if row.place}
    await tab.call(ReportWishState.toggle, "new_leads")
    await tab.call(ReportWishState.toggle, "rating")
    await tab.call(ReportWishState.toggle, "no_such_column")
    now = {row.key: row.place for row in wish.columns if row.place}
    assert "new_leads" not in now
    assert now["conversion"] == chosen["conversion"] - 1
    assert now["rating"] == len(now) == len(chosen)


async def test_what_is_wrong_is_said_at_its_field(tab: Tab) -> None:
    await tab.call(ReportWishState.open_for, "owner_week")
    wish = await tab.state(ReportWishState)
    await tab.call(ReportWishState.set_days, "2026-11-22", "2026-11-16")
    await tab.call(ReportWishState.start)
    assert wish.problems == {"last": "Das Ende liegt vor dem Anfang."}
    await tab.call(ReportWishState.set_days, "", "2026-11-16")
    await tab.call(ReportWishState.show_preview)
    assert wish.problems == {"first": "Bitte ausfüllen."}
    assert wish.preview == ""
    for column in [row.key for row in wish.columns if row.place]:
        await tab.call(ReportWishState.toggle, column)
    await tab.call(ReportWishState.set_days, "2026-11-16", "2026-11-16")
    await tab.call(ReportWishState.start)
    assert wish.problems == {"columns": "Bitte mindestens eine Spalte wählen."}
    assert wish.run.id == ""


async def test_a_preview_is_drawn_when_it_is_asked_for_and_says_when_it_fails(tab: Tab) -> None:
    await tab.call(ReportWishState.open_for, "owner_week")
    await tab.call(ReportWishState.show_preview)
    wish = await tab.state(ReportWishState)
    assert wish.preview.startswith("/api/reports/preview/owner_week.png?first=2026-11-16&last=2026-11-22")
    await tab.call(ReportWishState.note_no_preview)
    assert (wish.preview, wish.preview_failed) == ("", True)


async def test_a_report_from_the_figures_takes_their_days_filters_and_comparison(
    services: Services, tab: Tab
) -> None:
    await tab.call(DashboardState.load)
    await tab.call(DashboardState.pick_compare, "vorjahr")
    await tab.call(DashboardState.pick, "kanal", "chat")
    await tab.call(DashboardState.pick_hour, 0, 9)
    await tab.call(ReportWishState.open_here)
    wish, board = await tab.state(ReportWishState), await tab.state(DashboardState)
    assert (wish.narrowed, wish.narrows, wish.first) == ("Chat, Montag, 9 Uhr", True, board.first)
    await tab.call(ReportWishState.show_preview)
    for part in ("channel=chat", "weekday=0", "hour=9", "compare_first=2025-"):
        assert part in wish.preview
    await tab.call(ReportWishState.start)
    deliver(services)
    await tab.call(ReportWishState.on_live, "report", wish.run.id, "report.changed")
    assert (wish.run.state, wish.run.narrowed) == ("ready", "Chat, Montag, 9 Uhr")
    await tab.call(ReportWishState.choose, "tax_month")
    assert wish.narrows is False
    await tab.call(ReportWishState.choose, "owner_week")
    await tab.call(ReportWishState.widen)
    await tab.call(ReportWishState.show_preview)
    assert (wish.narrowed, "channel" in wish.preview) == ("", False)
    await tab.call(ReportWishState.open_for, "owner_week")
    await tab.call(ReportWishState.show_preview)
    assert "compare" not in wish.preview


async def test_one_being_built_is_stopped_and_built_again(services: Services, tab: Tab) -> None:
    await tab.call(ReportsState.load)
    await tab.call(ReportWishState.open_for, "owner_week")
    await tab.call(ReportWishState.start)
    await tab.call(ReportWishState.cancel)
    wish, page = await tab.state(ReportWishState), await tab.state(ReportsState)
    assert wish.run.state == "cancelled"
    await tab.call(ReportsState.retry, wish.run.id)
    assert page.runs[0].state == "queued"
    assert "schon fertig" in words_of(await tab.call(ReportsState.retry, wish.run.id))
    await tab.call(ReportsState.cancel, wish.run.id)
    assert page.runs[0].state == "cancelled"


async def test_a_plan_is_written_sent_switched_changed_and_deleted(services: Services, tab: Tab) -> None:
    await tab.call(ReportsState.load)
    await tab.call(ReportPlanState.plan, "owner_week")
    plan, page = await tab.state(ReportPlanState), await tab.state(ReportsState)
    assert (plan.opened, plan.rhythm, plan.zone) == (NEW, "weekly", "Europe/Berlin")
    assert [(row.name, row.chosen) for row in plan.people] == [("Jana Krüger", True)]
    await tab.call(ReportPlanState.save, {**SAVED, "addresses": f"{ADVISER}; "})
    assert plan.opened == ""
    (row,) = page.schedules
    assert (row.when, row.next) == ("Jeden Montag, 10:00 Uhr · PDF", "Nächster Versand Heute, 10:00")
    assert [one.text for one in row.recipients] == ["Jana Krüger", f"{ADVISER} (noch nicht bestätigt)"]
    assert "höchstens einmal am Tag" in words_of(await tab.call(ReportsState.ask_again, ADVISER))
    await tab.call(ReportsState.send_now, row.id)
    deliver(services)
    await tab.call(ReportsState.on_live, "report", "", "report.changed")
    assert [mail.text for mail in page.runs[0].mails] == [f"{tab.person.email}: kein Mailserver"]
    assert page.runs[0].mails[0].troubled
    assert "unterwegs" in words_of(await tab.call(ReportsState.resend, page.runs[0].id))
    await tab.call(ReportsState.switch, row.id, False)
    assert page.schedules[0].next == "Pausiert"
    await tab.call(ReportPlanState.edit, row.id)
    await tab.call(ReportPlanState.set_rhythm, "monthly")
    assert len(plan.days) == 31
    await tab.call(ReportPlanState.save, {**SAVED, "day": "31"})
    assert page.schedules[0].when.startswith("Jeden Monat am 31.")
    await tab.call(ReportsState.ask, row.id)
    await tab.call(ReportsState.remove)
    assert (page.schedules, page.asking.id, len(page.runs)) == ([], "", 1)


async def test_what_is_wrong_with_a_plan_is_said_and_what_was_typed_stays(tab: Tab) -> None:
    await tab.call(ReportPlanState.plan, "owner_week")
    plan = await tab.state(ReportPlanState)
    await tab.call(ReportPlanState.save, {**SAVED, "addresses": "kein Mail"})
    assert list(plan.problems) == ["recipients"]
    assert (plan.addresses, plan.opened) == ("kein Mail", NEW)
    await tab.call(ReportPlanState.pick_person, plan.people[0].id)
    await tab.call(ReportPlanState.save, SAVED)
    assert plan.problems == {"recipients": "Bitte mindestens einen Empfänger wählen."}
    for day, at, field in (("x", "10:00", "day"), ("9", "10:00", "day"), ("0", "", "at")):
        await tab.call(ReportPlanState.pick_person, plan.people[0].id)
        await tab.call(ReportPlanState.pick_person, plan.people[0].id)
        await tab.call(ReportPlanState.save, {"day": day, "at": at, "addresses": ADVISER})
        assert list(plan.problems) == [field]
    await tab.call(ReportPlanState.save, {"day": "0", "at": "10:00", "addresses": "a@b.example\n" * 50})
    assert plan.problems == {"recipients": "Höchstens 20 Empfänger."}


async def test_the_front_desk_sees_no_plans_and_no_books_and_may_not_reach_them(
    services: Services, workshop: Workshop, tab: Tab
) -> None:
    await tab.call(ReportPlanState.plan, "owner_week")
    await tab.call(ReportPlanState.save, SAVED)
    (known,) = services.reports.schedules.list_schedules(staff_of(workshop))
    front = open_tab(services, workshop, "front_desk")
    await front.call(SessionState.load)
    await front.call(ReportsState.load)
    page = await front.state(ReportsState)
    assert [row.code for row in page.templates] == ["owner_week", "front_desk", "booking"]
    assert (page.may_plan, page.schedules) == (False, [])
    for handler in (ReportPlanState.plan, ReportPlanState.edit, ReportsState.send_now):
        target = "owner_week" if handler is ReportPlanState.plan else str(known.id)
        assert "fehlt Ihnen die Berechtigung" in words_of(await front.call(handler, target))
    await front.call(ReportPlanState.save, {**SAVED, "addresses": ADVISER})
    assert len(services.reports.schedules.list_schedules(staff_of(workshop))) == 1


async def test_ids_of_another_workshop_and_ids_that_are_none_change_nothing(
    services: Services, tab: Tab
) -> None:
    await tab.call(ReportsState.load)
    stranger = make_workshop(services.db, "anders")
    other = open_tab(services, stranger)
    await other.call(SessionState.load)
    await other.call(ReportPlanState.plan, "owner_week")
    await other.call(ReportPlanState.save, SAVED)
    (known,) = services.reports.schedules.list_schedules(staff_of(stranger))
    for target in (str(known.id), "x' OR 1=1", ""):
        for handler in (ReportsState.send_now, ReportsState.cancel, ReportsState.retry, ReportsState.resend):
            assert "gibt es nicht" in words_of(await tab.call(handler, target))
        assert "gibt es nicht" in words_of(await tab.call(ReportPlanState.edit, target))
    assert len(services.reports.schedules.list_schedules(staff_of(stranger))) == 1
