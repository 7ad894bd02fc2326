"""Campaigns invite once, whom they may, as many as fit, and count what came of it, on both engines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.booking.models import Claim, Resource
from carbot_app.domains.catalog.models import Service
from carbot_app.domains.customers.consents import INSPECTION, TYRES
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.ports import DeliveryError
from carbot_app.domains.tyres.models import SeasonCampaign, SeasonInvitation
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Conflict, Forbidden, Invalid, NotFound
from carbot_app.kit.ids import new_id
from tests.factories import make_workshop, staff_of
from tests.services.bookings import rows, suggest
from tests.services.season_hotel import CHANGE, URL, WISH, Hotel, open_hotel

BAD_TYRES = [{"position": "FL", "brand": "", "dot": "", "tread": 12}]


@pytest.fixture
def hotel(database: Database, clock: ManualClock) -> Hotel:
    return open_hotel(database, clock)


def test_a_wave_a_day_leaves_in_order_until_everybody_is_invited(hotel: Hotel) -> None:
    for of in (3, 1, 2):
        hotel.guest(of)
    hotel.start()
    assert hotel.send() == ["gast1@example.org", "gast2@example.org"]
    assert len(hotel.send()) == 2, "the same day is not sent twice"
    hotel.clock.advance(timedelta(days=1))
    assert hotel.send()[2:] == ["gast3@example.org"]
    hotel.clock.advance(timedelta(days=1))
    assert len(hotel.send()) == 3
    assert (hotel.status().planned, hotel.status().sent) == (0, 3)


def test_the_invitation_proposes_a_kept_time_and_offers_others_and_a_way_out(hotel: Hotel) -> None:
    hotel.guest()
    hotel.start()
    hotel.send()
    (letter,) = hotel.post.letters
    (claim,) = rows(hotel.database, Claim)
    (invitation,) = rows(hotel.database, SeasonInvitation)
    assert letter.subject == "Winterräder: Ihr Vorschlag Do, 26. Nov., 7:30 Uhr"
    assert f"{URL}/raeder/{invitation.token}" in letter.text
    assert f"{URL}/w/mueller-dortmund/termin/?services=TYR-CHG-001" in letter.text
    assert f"{URL}/abmelden/" in letter.text
    assert "bis Mi, 25. Nov., 20:00 Uhr" in letter.text
    assert "{{" not in letter.text
    assert claim.expires_at == invitation.held_until == datetime(2026, 11, 25, 19, tzinfo=UTC)
    public = suggest(hotel.desk, ("TYR-CHG-001",), limit=12)
    assert invitation.slot_id not in [slot.id for slot in public], "nobody else is offered what is kept"


@pytest.mark.parametrize(("language", "words"), [("en", "Winter wheels"), ("tr", "Kış"), ("pl", "zimowe")])
def test_the_invitation_is_in_the_customers_language(hotel: Hotel, language: str, words: str) -> None:
    hotel.guest(language=language)
    hotel.start()
    hotel.send()
    assert words in hotel.post.letters[0].subject
    assert "{{" not in hotel.post.letters[0].text


def test_who_booked_meanwhile_is_not_invited(hotel: Hotel) -> None:
    hotel.guest(1)
    hotel.guest(2)
    hotel.start()
    hotel.visit(1, suggest(hotel.desk, (CHANGE,))[0].id)
    assert hotel.send() == ["gast2@example.org"]
    (left,) = hotel.campaigns.plan_of(hotel.owner, hotel.status().id).left_out
    assert (left[0].name, left[1]) == ("Gast 1", "booked")


def test_a_consent_withdrawn_after_the_plan_is_honoured(hotel: Hotel) -> None:
    guest = hotel.guest()
    hotel.start()
    assert hotel.status().planned == 1
    hotel.consents.withdraw(hotel.owner, guest.id, TYRES)
    assert hotel.send() == []
    assert hotel.status().planned == 0


def test_a_consent_withdrawn_while_the_mail_waits_stops_it_for_good(hotel: Hotel) -> None:
    guest = hotel.guest()
    hotel.start()
    hotel.post.failures.append(DeliveryError("busy", permanent=False))
    assert hotel.send() == []
    hotel.consents.withdraw(hotel.owner, guest.id, TYRES)
    hotel.clock.advance(timedelta(hours=1))
    assert hotel.send() == []
    (message,) = rows(hotel.database, OutgoingMessage)
    assert message.state == "dropped"
    assert hotel.status().opted_out == 1


@pytest.mark.parametrize("what", ["withdrawn", "paused", "booked", "given out"])
def test_what_changes_between_the_plan_and_the_sending_is_honoured(
    hotel: Hotel, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    guest = hotel.guest()
    campaign = hotel.start()
    slot = suggest(hotel.desk, (CHANGE,))[0]
    change: dict[str, Callable[[], object]] = {
        "withdrawn": lambda: hotel.consents.withdraw(hotel.owner, guest.id, TYRES),
        "paused": lambda: hotel.campaigns.pause(hotel.owner, campaign.id),
        "booked": lambda: hotel.visit(1, slot.id),
        "given out": lambda: hotel.give_out(1),
    }
    invite = hotel.waves._invite

    def after_a_change(*args: Any) -> bool | None:
        change[what]()
        return invite(*args)

    monkeypatch.setattr(hotel.waves, "_invite", after_a_change)
    assert hotel.waves.send_due() == 0
    assert rows(hotel.database, SeasonInvitation) == rows(hotel.database, OutgoingMessage) == []


def test_a_process_that_dies_between_two_invitations_leaves_nothing_twice_and_nothing_out(
    hotel: Hotel, monkeypatch: pytest.MonkeyPatch
) -> None:
    hotel.guest(1)
    hotel.guest(2)
    hotel.start()
    queue = hotel.messaging.queue_mail
    calls: list[str] = []

    def dies_at_the_second(*args: Any, **kwargs: Any) -> None:
        calls.append(kwargs["to_address"])
        queue(*args, **kwargs)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(hotel.messaging, "queue_mail", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        hotel.waves.send_due()
    monkeypatch.undo()
    assert [row.to_address for row in rows(hotel.database, OutgoingMessage)] == ["gast1@example.org"]
    assert len(rows(hotel.database, Claim)) == 1
    assert hotel.send() == ["gast1@example.org", "gast2@example.org"]


def test_several_processes_at_once_invite_once_and_not_too_many(hotel: Hotel) -> None:
    for of in range(1, 6):
        hotel.guest(of)
    hotel.start(per_day=3)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: hotel.waves.send_due(), range(4)))
    assert sorted(hotel.send()) == [f"gast{of}@example.org" for of in (1, 2, 3)]


def test_everybody_left_out_is_named_with_the_reason(hotel: Hotel) -> None:
    hotel.guest(1)
    hotel.guest(2, agreed=False)
    hotel.guest(3, agreed=False, email="")
    hotel.guest(4, wheels={"tyres": BAD_TYRES})
    hotel.guest(5, wheels={"taken_on": date(2026, 11, 1)})
    hotel.guest(6, wheels={"customer_id": None})
    hotel.guest(7, wheels={"season": "summer"})
    hotel.guest(8, wheels={"taken_on": date(2025, 1, 1)})
    plan = hotel.campaigns.preview(hotel.owner, WISH)
    assert [(one.name, reason) for one, reason in plan.left_out] == [
        ("Gast 2", "no_consent"),
        ("Gast 3", "no_address"),
        ("Gast 4", "worn"),
        ("Gast 5", "gone"),
        ("", "no_owner"),
    ]
    assert [(wave.on, [one.name for one in wave.invited]) for wave in plan.waves] == [
        (date(2026, 11, 23), ["Gast 1"])
    ]
    assert rows(hotel.database, SeasonCampaign) == rows(hotel.database, OutgoingMessage) == []


def test_consent_to_inspection_reminders_is_no_consent_to_invitations(hotel: Hotel) -> None:
    guest = hotel.guest(agreed=False)
    hotel.consents.give(hotel.owner, guest.id, INSPECTION)
    hotel.start()
    assert hotel.send() == []


def test_without_room_in_the_tyre_bay_nobody_is_invited(hotel: Hotel) -> None:
    for of in (1, 2):
        hotel.guest(of)
    with hotel.database.writing(hotel.desk.workshop.id) as session:
        bay = next(one for one in rows(hotel.database, Resource) if one.name == "Reifenplatz")
        session.get_one(Resource, bay.id).active = False
    plan = hotel.campaigns.preview(hotel.owner, WISH)
    assert (plan.planned, plan.free_visits) == (0, 0)
    assert [reason for _, reason in plan.left_out] == ["no_room", "no_room"]
    hotel.start()
    assert hotel.send() == []


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 24, 6, 30, tzinfo=UTC),
        datetime(2026, 11, 24, 20, 30, tzinfo=UTC),
        datetime(2026, 11, 29, 10, tzinfo=UTC),
        datetime(2026, 12, 25, 10, tzinfo=UTC),
        datetime(2026, 12, 19, 10, tzinfo=UTC),
    ],
)
def test_nights_sundays_holidays_and_days_after_the_end_are_left_in_peace(
    hotel: Hotel, now: datetime
) -> None:
    hotel.guest()
    hotel.start(ends_on=date(2026, 12, 31) if now.month == 12 and now.day == 25 else WISH.ends_on)
    hotel.clock.now = now
    assert hotel.send() == []


def test_a_campaign_that_is_paused_or_stopped_invites_nobody(hotel: Hotel) -> None:
    hotel.guest()
    campaign = hotel.start()
    assert hotel.campaigns.pause(hotel.owner, campaign.id).state == "paused"
    assert hotel.send() == []
    hotel.campaigns.resume(hotel.owner, campaign.id)
    hotel.post.failures.append(DeliveryError("busy", permanent=False))
    assert hotel.send() == []
    assert hotel.campaigns.stop(hotel.owner, campaign.id).state == "stopped"
    hotel.clock.advance(timedelta(hours=1))
    assert hotel.send() == [], "what still waited for the mail server is dropped"
    with pytest.raises(Conflict, match="campaign_over"):
        hotel.campaigns.resume(hotel.owner, campaign.id)


def test_the_next_campaign_waits_for_the_end_of_this_one_and_leaves_its_customers_alone(
    hotel: Hotel,
) -> None:
    hotel.guest(1)
    campaign = hotel.start()
    hotel.send()
    with pytest.raises(Conflict, match="campaign_exists"):
        hotel.start()
    hotel.campaigns.stop(hotel.owner, campaign.id)
    hotel.guest(2)
    hotel.start()
    assert hotel.send()[1:] == ["gast2@example.org"]
    (left,) = hotel.campaigns.plan_of(hotel.owner, hotel.status().id).left_out
    assert left[1] == "invited"


def test_a_service_that_is_no_longer_offered_pauses_the_campaign(hotel: Hotel) -> None:
    hotel.guest()
    hotel.start()
    (service,) = (one for one in rows(hotel.database, Service) if one.code == "TYR-CHG-001")
    with hotel.database.writing(hotel.desk.workshop.id) as session:
        session.get_one(Service, service.id).active = False
    hotel.desk.catalog.forget(hotel.desk.workshop.id)
    assert hotel.send() == []
    assert hotel.status().state == "paused"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"season": "all_season"}, "campaign_season"),
        ({"service_code": "XXX-YYY-999"}, "campaign_service"),
        ({"per_day": 0}, "campaign_per_day"),
        ({"per_day": 101}, "campaign_per_day"),
        ({"ends_on": date(2026, 11, 22)}, "campaign_dates"),
        ({"starts_on": date(2026, 10, 1), "ends_on": date(2026, 11, 22)}, "campaign_dates"),
        ({"ends_on": date(2027, 11, 22)}, "campaign_dates"),
    ],
)
def test_what_cannot_be_is_refused_before_and_after_the_preview(
    hotel: Hotel, fields: dict[str, Any], code: str
) -> None:
    for call in (hotel.campaigns.preview, hotel.campaigns.start):
        with pytest.raises(Invalid, match=code):
            call(hotel.owner, replace(WISH, **fields))
    assert hotel.campaigns.latest(hotel.owner) is None


def test_campaigns_need_their_permissions_and_their_own_workshop(hotel: Hotel) -> None:
    hotel.guest()
    campaign = hotel.start()
    technician = staff_of(hotel.desk.workshop, "technician")
    hotel.campaigns.preview(technician, WISH)
    for call in (hotel.campaigns.pause, hotel.campaigns.resume, hotel.campaigns.stop):
        with pytest.raises(Forbidden):
            call(technician, campaign.id)
    with pytest.raises(Forbidden):
        hotel.campaigns.start(technician, WISH)
    with pytest.raises(Forbidden):
        hotel.campaigns.latest(staff_of(hotel.desk.workshop, "accountant"))
    stranger = staff_of(make_workshop(hotel.database, "schmidt-essen"))
    assert hotel.campaigns.latest(stranger) is None
    for look in (hotel.campaigns.pause, hotel.campaigns.plan_of, hotel.campaigns.list_invitations):
        with pytest.raises(NotFound):
            look(stranger, campaign.id)
        with pytest.raises(NotFound):
            look(hotel.owner, new_id())


def test_the_form_starts_with_the_coming_season_and_the_workshops_wheel_changes(hotel: Hotel) -> None:
    offer = hotel.campaigns.offer(hotel.owner)
    assert (offer.wish.season, offer.wish.service_code) == ("summer", "TYR-CHG-001")
    assert offer.wish.starts_on == date(2027, 3, 1)
    assert "TYR-CHG-001" in dict(offer.services)
    assert "TYR-CHG-004" not in dict(offer.services)
