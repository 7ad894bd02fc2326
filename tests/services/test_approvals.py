"""The customer is asked, answers once by link or by phone, and the order follows. On both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlmodel import select

from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.billing.audit import find_broken
from carbot_app.domains.billing.models import AuditEntry
from carbot_app.domains.orders.models import OrderApproval
from carbot_app.domains.orders.schemas import JobInput, OrderLineInput
from carbot_app.domains.photos.rules import ORDER_JOB, Owner
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import AppError, Forbidden, NotFound
from tests.factories import make_customer, make_workshop, staff_of
from tests.factories.pictures import jpeg
from tests.services.approval_desk import BRAKES, FLUID, ApprovalDesk, open_approval_desk, signature


@pytest.fixture
def desk(database: Database, clock: ManualClock, tmp_path) -> ApprovalDesk:
    return open_approval_desk(database, clock, tmp_path)


def refusal(work: Callable[[], object]) -> str:
    with pytest.raises(AppError) as refused:
        work()
    return refused.value.code


def entries(desk: ApprovalDesk, kind: str) -> list[AuditEntry]:
    with desk.database.reading(SYSTEM) as session:
        return list(session.exec(select(AuditEntry).where(AuditEntry.kind == kind)))


def test_the_page_shows_the_car_the_jobs_and_their_prices(desk: ApprovalDesk) -> None:
    page = desk.approvals.view(desk.ask(desk.order()))
    assert (page.plate, page.model, page.km) == ("DO-AB 123", "VW Golf", 118_400)
    assert [(job.urgency, job.gross_cents) for job in page.jobs] == [
        ("urgent", 38_900), ("soon", 7_490), ("later", 3_850),
    ]  # fmt: skip
    assert (page.state, page.with_vat, page.approved_cents) == ("open", True, None)


def test_two_approved_and_one_declined_change_jobs_sums_and_state(desk: ApprovalDesk) -> None:
    order = desk.order(state="diagnosis")
    token = desk.ask(order)
    assert desk.row(order.id).state == "approval_open"
    page = desk.decide(token, True, True, False)
    assert (page.state, page.approved_cents, page.signed_name) == ("decided", 46_390, "Ayşe Yılmaz")
    row = desk.row(order.id)
    assert (row.state, row.total_cents, row.estimate_cents) == ("in_work", 46_390, 46_390)
    assert row.approved_cents == 46_390
    decisions = [job.decision for job in desk.desk.orders.get(desk.desk.owner, order.id).jobs]
    assert decisions == ["approved", "approved", "declined"]


def test_who_when_how_and_how_much_stand_in_the_audit_chain(desk: ApprovalDesk) -> None:
    desk.decide(desk.ask(desk.order()), True, False, False)
    [asked] = entries(desk, "order.asked")
    [decided] = entries(desk, "order.decided")
    assert asked.by == desk.desk.owner.name
    assert decided.content["approved_cents"] == 38_900
    assert (decided.content["channel"], decided.content["signed"]) == ("link", True)
    assert "Ayşe" not in str(decided.content)
    with desk.database.reading(desk.desk.workshop.id) as session:
        assert find_broken(session) is None


def test_the_answer_is_told_without_names(desk: ApprovalDesk) -> None:
    order = desk.order()
    desk.decide(desk.ask(order), True, True, False)
    [event] = desk.events("order.decided")
    assert event.payload["order_id"] == str(order.id)
    assert (event.payload["approved"], event.payload["declined"]) == (2, 1)
    assert "Ayşe" not in str(event.payload)


def test_an_estimate_that_was_agreed_to_is_scheduled_and_a_declined_one_stays(desk: ApprovalDesk) -> None:
    agreed, refused = desk.order(BRAKES), desk.order(BRAKES)
    desk.decide(desk.ask(agreed), True)
    desk.decide(desk.ask(refused), False)
    assert (desk.row(agreed.id).state, desk.row(refused.id).state) == ("scheduled", "estimate")


def test_sent_again_the_first_answer_counts(desk: ApprovalDesk) -> None:
    order = desk.order(BRAKES)
    token = desk.ask(order)
    page = desk.approvals.view(token)
    first = desk.approvals.decide(token, desk.answer(page, True))
    again = desk.approvals.decide(token, desk.answer(page, False, signed_name="Mallory"))
    assert again == first
    assert len(desk.events("order.decided")) == 1


def test_many_presses_at_once_are_one_answer(desk: ApprovalDesk) -> None:
    token = desk.ask(desk.order(BRAKES))
    answer = desk.answer(desk.approvals.view(token), True)
    with ThreadPoolExecutor(6) as pool:
        pages = list(pool.map(lambda _: desk.approvals.decide(token, answer), range(6)))
    assert len(set(pages)) == 1
    assert len(entries(desk, "order.decided")) == 1


def test_a_price_changed_meanwhile_is_said_and_the_new_one_shown(desk: ApprovalDesk) -> None:
    order = desk.order(BRAKES)
    token = desk.ask(order)
    read = desk.approvals.view(token)
    job = order.jobs[0]
    dearer = OrderLineInput("Schrauben", job.lines[0].unit_price)
    desk.desk.orders.put_line(desk.desk.owner, order.id, job.id, dearer)
    assert refusal(lambda: desk.approvals.decide(token, desk.answer(read, True))) == "approval_changed"
    page = desk.approvals.view(token)
    assert page.jobs[0].gross_cents == 2 * read.jobs[0].gross_cents
    assert desk.approvals.decide(token, desk.answer(page, True)).approved_cents == page.jobs[0].gross_cents


def test_a_note_changed_meanwhile_is_no_reason_to_ask_again(desk: ApprovalDesk) -> None:
    order = desk.order(BRAKES)
    token = desk.ask(order)
    read = desk.approvals.view(token)
    desk.edit(order.id, note="Schlüssel im Tresor", version=9)
    assert desk.approvals.decide(token, desk.answer(read, True)).state == "decided"


def test_a_job_taken_out_of_the_order_is_asked_no_more(desk: ApprovalDesk) -> None:
    order = desk.order()
    token = desk.ask(order)
    desk.desk.orders.remove_job(desk.desk.owner, order.id, order.jobs[2].id)
    assert len(desk.approvals.view(token).jobs) == 2


def test_every_job_has_to_be_answered_by_somebody_with_a_name(desk: ApprovalDesk) -> None:
    token = desk.ask(desk.order())
    page = desk.approvals.view(token)
    whole = desk.answer(page, True, True, True)
    part = {page.jobs[0].id: True}
    foreign = {**whole.decisions, uuid4(): True}
    for answer, code in (
        (desk.answer(page, True, True, True, signed_name=" \n"), "missing"),
        (desk.answer(page, True, True, True, signature=b"GIF89a"), "signature_invalid"),
        (desk.answer(page, True, True, True, signature=b"x" * 400_000), "signature_too_large"),
        (type(whole)(part, "Ayşe", page.edition), "approval_incomplete"),
        (type(whole)(foreign, "Ayşe", page.edition), "approval_incomplete"),
    ):
        assert refusal(lambda answer=answer: desk.approvals.decide(token, answer)) == code
    assert desk.approvals.view(token).state == "open"


def test_an_empty_drawing_is_no_signature_but_a_typed_name_is(desk: ApprovalDesk) -> None:
    token = desk.ask(desk.order(BRAKES))
    page = desk.approvals.view(token)
    blank = BytesIO()
    Image.new("RGBA", (300, 100), (0, 0, 0, 0)).save(blank, "PNG")
    empty = desk.answer(page, True, signature=blank.getvalue())
    assert refusal(lambda: desk.approvals.decide(token, empty)) == "signature_empty"
    assert desk.approvals.decide(token, desk.answer(page, True, signature=b"")).state == "decided"


def test_the_drawing_is_kept_through_the_sweep(desk: ApprovalDesk, clock: ManualClock) -> None:
    desk.decide(desk.ask(desk.order(BRAKES)), True)
    with desk.database.reading(SYSTEM) as session:
        name = session.exec(select(OrderApproval.signature_file)).one()
    clock.advance(timedelta(days=3))
    desk.photos.sweep()
    kept = Image.open(BytesIO(desk.store.get(desk.desk.workshop.id, name)))
    assert kept.format == "PNG"
    assert kept.width < Image.open(BytesIO(signature())).width


def test_the_link_leaves_on_the_channel_of_the_customer_in_their_language(desk: ApprovalDesk) -> None:
    order = desk.order()
    desk.edit(order.id, language="tr")
    view = desk.approvals.ask(desk.desk.owner, order.id)
    [message] = desk.messages()
    assert (message.channel, message.to_address, message.language) == ("sms", "+491715550142", "tr")
    assert view.sent_on == "sms"
    assert view.link in message.text
    assert "kontrol edildi" in message.text


def test_staff_may_choose_a_channel_the_customer_has(desk: ApprovalDesk) -> None:
    order = desk.order()
    ask = desk.approvals.ask
    assert refusal(lambda: ask(desk.desk.owner, order.id, channel="mail")) == "approval_channel"
    assert desk.messages() == []
    by_mail = make_customer(desk.database, desk.desk.workshop, phone="", email="ayse@example.com")
    desk.edit(order.id, customer_id=by_mail.id)
    assert ask(desk.desk.owner, order.id, channel="mail").sent_on == "mail"


def test_a_customer_without_any_contact_gets_a_link_to_be_handed_over(desk: ApprovalDesk) -> None:
    order = desk.order()
    desk.edit(order.id, customer_id=None)
    view = desk.approvals.ask(desk.desk.owner, order.id)
    assert view.sent_on == ""
    assert view.link.startswith("https://carbot.example/freigabe/")


def test_a_newer_question_closes_the_older_one(desk: ApprovalDesk) -> None:
    order = desk.order()
    older, newer = desk.ask(order), desk.ask(order)
    assert desk.approvals.view(older).state == "over"
    assert refusal(lambda: desk.decide(older, True, True, True)) == "approval_over"
    assert desk.decide(newer, True, True, True).state == "decided"


def test_after_two_weeks_the_question_has_expired(desk: ApprovalDesk, clock: ManualClock) -> None:
    token = desk.ask(desk.order(BRAKES))
    clock.advance(timedelta(days=14))
    assert desk.approvals.view(token).state == "expired"
    assert refusal(lambda: desk.decide(token, True)) == "approval_expired"


def test_opening_the_link_is_noted_once(desk: ApprovalDesk, clock: ManualClock) -> None:
    order = desk.order()
    token = desk.ask(order)
    opened = clock()
    desk.approvals.view(token)
    clock.advance(timedelta(hours=1))
    desk.approvals.view(token)
    [view] = desk.approvals.list_of_order(desk.desk.owner, order.id)
    assert view.opened_at == opened


def test_what_is_said_on_the_phone_is_noted_with_who_noted_it(desk: ApprovalDesk) -> None:
    order = desk.order()
    view = desk.approvals.ask(desk.desk.owner, order.id)
    said = {job.id: job.urgency != "later" for job in view.jobs}
    noted = desk.approvals.note(desk.desk.owner, view.id, said, said_by="Ayşe Yılmaz")
    assert (noted.channel, noted.noted_by, noted.state) == ("phone", desk.desk.owner.name, "decided")
    assert noted.approved_cents == 46_390
    note = desk.approvals.note
    assert refusal(lambda: note(desk.desk.owner, view.id, said, said_by="A")) == "approval_decided"
    assert desk.approvals.view(desk.token(view.id)).state == "decided"


def test_a_note_needs_a_channel_and_an_open_question(desk: ApprovalDesk) -> None:
    order = desk.order(BRAKES)
    older = desk.approvals.ask(desk.desk.owner, order.id)
    newer = desk.approvals.ask(desk.desk.owner, order.id)
    said = {older.jobs[0].id: True}
    note = desk.approvals.note
    assert refusal(lambda: note(desk.desk.owner, older.id, said, said_by="A")) == "approval_over"
    wrong = "approval_channel_unknown"
    assert refusal(lambda: note(desk.desk.owner, newer.id, said, said_by="A", channel="link")) == wrong
    assert refusal(lambda: note(desk.desk.owner, uuid4(), said, said_by="A")) == "approval_unknown"


def test_a_question_taken_back_lets_the_order_go_on(desk: ApprovalDesk) -> None:
    order = desk.order(state="diagnosis")
    view = desk.approvals.ask(desk.desk.owner, order.id)
    for _ in range(2):
        assert desk.approvals.withdraw(desk.desk.owner, view.id).state == "over"
    assert desk.row(order.id).state == "diagnosis"
    assert desk.approvals.view(desk.token(view.id)).state == "over"


def test_an_answered_question_cannot_be_taken_back(desk: ApprovalDesk) -> None:
    order = desk.order(BRAKES)
    desk.decide(desk.ask(order), True)
    [view] = desk.approvals.list_of_order(desk.desk.owner, order.id)
    assert refusal(lambda: desk.approvals.withdraw(desk.desk.owner, view.id)) == "approval_decided"


def test_found_later_it_is_asked_on_top_and_raises_what_is_approved(desk: ApprovalDesk) -> None:
    order = desk.order(BRAKES, state="diagnosis")
    desk.decide(desk.ask(order), True)
    assert refusal(lambda: desk.ask(order, "extra")) == "approval_nothing"
    desk.desk.orders.add_job(desk.desk.owner, order.id, _job(*FLUID))
    page = desk.decide(desk.ask(order, "extra"), True)
    assert page.approved_cents == 7_490
    row = desk.row(order.id)
    assert (row.estimate_cents, row.approved_cents) == (38_900, 46_390)


def test_an_overrun_that_was_agreed_to_lets_the_order_finish(desk: ApprovalDesk) -> None:
    order = desk.order(BRAKES, state="diagnosis")
    desk.decide(desk.ask(order), True)
    line = OrderLineInput("Mehrarbeit", order.jobs[0].lines[0].unit_price)
    desk.desk.orders.put_line(desk.desk.owner, order.id, order.jobs[0].id, line)
    move = desk.desk.orders.move
    assert refusal(lambda: move(desk.desk.owner, order.id, "ready")) == "order_needs_approval"
    desk.decide(desk.ask(order, "overrun"), True)
    assert move(desk.desk.owner, order.id, "ready").state == "ready"


def test_a_discount_is_part_of_what_is_agreed_to(desk: ApprovalDesk) -> None:
    order = desk.order(BRAKES, FLUID)
    desk.edit(order.id, discount_cents=1_000)
    page = desk.decide(desk.ask(order), True, False)
    assert (page.discount_cents, page.approved_cents) == (1_000, 37_900)
    assert desk.row(order.id).approved_cents == 37_900


def test_nothing_is_asked_about_an_order_that_is_over(desk: ApprovalDesk) -> None:
    order = desk.order(state="cancelled")
    assert refusal(lambda: desk.ask(order)) == "approval_order_over"
    assert refusal(lambda: desk.ask(order, "whatever")) == "approval_kind"


def test_staff_without_the_right_and_other_workshops_ask_nothing(desk: ApprovalDesk) -> None:
    order = desk.order()
    view = desk.approvals.ask(desk.desk.owner, order.id)
    technician = staff_of(desk.desk.workshop, "technician")
    for work in (
        lambda: desk.approvals.ask(technician, order.id),
        lambda: desk.approvals.withdraw(technician, view.id),
        lambda: desk.approvals.note(technician, view.id, {}, said_by="A"),
        lambda: desk.declined.drop(technician, view.id),
    ):
        with pytest.raises(Forbidden):
            work()
    stranger = staff_of(make_workshop(desk.database, "other"))
    for work in (
        lambda: desk.approvals.ask(stranger, order.id),
        lambda: desk.approvals.withdraw(stranger, view.id),
        lambda: desk.approvals.list_of_order(stranger, order.id),
        lambda: desk.approvals.note(stranger, view.id, {}, said_by="A"),
    ):
        with pytest.raises(NotFound):
            work()


def test_an_unknown_link_says_nothing(desk: ApprovalDesk) -> None:
    for token in ("", "x" * 32, "../" * 9, "ä" * 20, "x" * 900):
        assert refusal(lambda token=token: desk.approvals.view(token)) == "link_unknown"


def test_photos_of_the_question_are_shown_and_no_others(desk: ApprovalDesk) -> None:
    order, other = desk.order(), desk.order(BRAKES)
    own = desk.photos.add(desk.desk.owner, Owner(ORDER_JOB, order.jobs[0].id), jpeg(320, 240))
    foreign = desk.photos.add(desk.desk.owner, Owner(ORDER_JOB, other.jobs[0].id), jpeg(320, 240))
    token = desk.ask(order)
    page = desk.approvals.view(token)
    assert [photo.id for photo in page.jobs[0].photos] == [own.id]
    assert desk.approvals.photo(token, own.id, small=True).media_type == "image/jpeg"
    for photo_id in (foreign.id, uuid4()):
        with pytest.raises(NotFound):
            desk.approvals.photo(token, photo_id)
    desk.photos.delete(desk.desk.owner, own.id)
    with pytest.raises(NotFound):
        desk.approvals.photo(token, own.id)


def test_photos_cannot_be_added_to_a_job_of_another_workshop(desk: ApprovalDesk) -> None:
    job = desk.order().jobs[0]
    stranger = staff_of(make_workshop(desk.database, "other"))
    with pytest.raises(NotFound):
        desk.photos.add(stranger, Owner(ORDER_JOB, job.id), jpeg(320, 240))


def test_declined_work_comes_back_the_sooner_the_more_urgent(desk: ApprovalDesk) -> None:
    desk.decide(desk.ask(desk.order()), False, False, False)
    today = desk.clock().date()
    assert [(row.follow_up_on - today).days for row in desk.remembered()] == [14, 60, 180]
    listed = desk.declined.list_waiting(desk.desk.owner)
    assert [row.urgency for row in listed] == ["urgent", "soon", "later"]
    assert (listed[0].plate, listed[0].customer, listed[0].is_due) == ("DO-AB 123", "Ayşe Yılmaz", False)


def test_what_is_due_is_told_once(desk: ApprovalDesk, clock: ManualClock) -> None:
    desk.decide(desk.ask(desk.order()), True, False, False)
    assert desk.declined.tell_due() == 0
    clock.advance(timedelta(days=60))
    assert [desk.declined.tell_due(), desk.declined.tell_due()] == [1, 0]
    [event] = desk.events("declined.due")
    assert event.payload["declined_id"] == str(desk.remembered()[0].id)
    assert desk.declined.list_waiting(desk.desk.owner)[0].is_due


def test_declined_work_is_offered_again_with_one_tap_at_the_price_told_then(desk: ApprovalDesk) -> None:
    order = desk.order(BRAKES, FLUID)
    desk.decide(desk.ask(order), True, False)
    [view] = desk.declined.list_waiting(desk.desk.owner)
    again = desk.declined.open_estimate(desk.desk.owner, view.id)
    assert again != order.id
    assert desk.declined.open_estimate(desk.desk.owner, view.id) == again, "a second tap finds it"
    estimate = desk.desk.orders.get(desk.desk.owner, again)
    assert [(job.title, job.urgency, job.gross_cents) for job in estimate.jobs] == [
        (view.title, "soon", view.gross_cents)
    ]
    assert (estimate.vehicle and estimate.vehicle.plate, estimate.customer and estimate.customer.id) == (
        view.plate, view.customer_id,
    )  # fmt: skip
    desk.decide(desk.ask(estimate), True)
    assert desk.declined.list_waiting(desk.desk.owner) == (), "ordered after all"


def test_declined_work_is_listed_for_one_customer_and_hidden_from_strangers(desk: ApprovalDesk) -> None:
    desk.decide(desk.ask(desk.order(FLUID)), False)
    [view] = desk.declined.list_waiting(desk.desk.owner, desk.desk.customer.id)
    other = make_customer(desk.database, desk.desk.workshop, email="other@example.org")
    assert desk.declined.list_waiting(desk.desk.owner, other.id) == ()
    stranger = staff_of(make_workshop(desk.database, "other"))
    assert desk.declined.list_waiting(stranger, desk.desk.customer.id) == ()
    assert refusal(lambda: desk.declined.open_estimate(stranger, view.id)) == "declined_unknown"
    with pytest.raises(Forbidden):
        desk.declined.open_estimate(staff_of(desk.desk.workshop, "technician"), view.id)


def test_declined_work_ordered_later_needs_no_reminder(desk: ApprovalDesk) -> None:
    desk.decide(desk.ask(desk.order(BRAKES, FLUID)), False, False)
    desk.decide(desk.ask(desk.order(BRAKES)), True)
    assert [row.state for row in desk.remembered()] == ["done", "open"]


def test_a_reminder_staff_dropped_is_gone(desk: ApprovalDesk, clock: ManualClock) -> None:
    desk.decide(desk.ask(desk.order(BRAKES)), False)
    [row] = desk.remembered()
    for _ in range(2):
        desk.declined.drop(desk.desk.owner, row.id)
    clock.advance(timedelta(days=400))
    assert desk.declined.tell_due() == 0
    assert desk.declined.list_waiting(desk.desk.owner) == ()
    stranger = staff_of(make_workshop(desk.database, "other"))
    assert refusal(lambda: desk.declined.drop(stranger, row.id)) == "declined_unknown"
    assert row.declined_on == date(row.declined_on.year, row.declined_on.month, row.declined_on.day)


def test_what_was_agreed_to_can_be_kept_as_pdf(desk: ApprovalDesk) -> None:
    order = desk.order()
    desk.edit(order.id, discount_cents=1_000)
    token = desk.ask(order)
    assert refusal(lambda: desk.approvals.pdf(token)) == "link_unknown"
    desk.decide(token, True, True, False)
    text = PdfReader(BytesIO(desk.approvals.pdf(token))).pages[0].extract_text()
    assert "453,90" in text
    assert "Ayşe Yılmaz" in text
    assert "Abgelehnt: Scheibenwischer vorn" in text


def test_a_pdf_of_nothing_agreed_to_says_what_was_declined(desk: ApprovalDesk) -> None:
    order = desk.order(BRAKES)
    desk.edit(order.id, language="en")
    token = desk.ask(order)
    desk.decide(token, False)
    text = PdfReader(BytesIO(desk.approvals.pdf(token))).pages[0].extract_text()
    assert f"Declined: {BRAKES[0]}" in text


def _job(title: str, urgency: str, price: str) -> JobInput:
    return JobInput(title, urgency=urgency, lines=(OrderLineInput(title, Decimal(price)),))
