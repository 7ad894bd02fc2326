"""A workshop lets customers order with an obligation to pay, once it says who it is."""

from dataclasses import replace

import pytest

from carbot_app.bootstrap import Services, build_services
from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.domains.team.models import Workshop
from carbot_app.domains.team.online_booking import BINDING, REQUEST
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid
from carbot_app.state.settings_workshop import settings_of
from tests.factories import make_workshop, staff_of

LEGAL = {"legal_form": "Kfz-Meisterbetrieb Müller e. K.", "represented_by": "Stefan Müller"}


@pytest.fixture
def services(database: Database, clock: ManualClock, tmp_path) -> Services:
    return build_services(Settings(data_dir=tmp_path), db=database, clock=clock)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database, **LEGAL)


def test_bookings_are_requests_until_the_owner_decides_otherwise(
    services: Services, workshop: Workshop
) -> None:
    owner = staff_of(workshop)
    assert services.team.get_workshop(owner).online_booking == REQUEST
    assert not services.team.get_public_workshop(workshop.slug).takes_withdrawals
    assert services.team.set_online_booking(owner, BINDING).online_booking == BINDING
    public = services.team.get_public_workshop(workshop.slug)
    assert (public.online_booking, public.takes_withdrawals) == (BINDING, True)


def test_contracts_made_before_can_still_be_withdrawn_from_after_a_change_back(
    services: Services, workshop: Workshop
) -> None:
    owner = staff_of(workshop)
    services.team.set_online_booking(owner, BINDING)
    back = services.team.set_online_booking(owner, REQUEST)
    assert (back.online_booking, back.takes_withdrawals) == (REQUEST, True)


def test_without_a_complete_imprint_it_says_what_is_missing(services: Services, database: Database) -> None:
    owner = staff_of(make_workshop(database, email=""))
    with pytest.raises(Invalid) as refused:
        services.team.set_online_booking(owner, BINDING)
    assert (refused.value.code, refused.value.field) == ("imprint_incomplete", "online_booking")
    assert refused.value.params["missing"] == "Rechtsform, Vertreten durch, E-Mail"
    assert services.team.get_workshop(owner).online_booking == REQUEST


def test_the_imprint_cannot_be_emptied_while_bookings_are_binding(
    services: Services, workshop: Workshop
) -> None:
    owner = staff_of(workshop)
    stored = settings_of(services.team.set_online_booking(owner, BINDING))
    with pytest.raises(Invalid, match="imprint_incomplete"):
        services.team.update_workshop(owner, replace(stored, street=" "))
    assert services.team.get_workshop(owner).street == "Rheinische Straße 41"


def test_a_swiss_workshop_knows_no_withdrawal(services: Services, database: Database) -> None:
    swiss = make_workshop(database, country="CH", region="ZH", **LEGAL)
    services.team.set_online_booking(staff_of(swiss), BINDING)
    assert not services.team.get_public_workshop(swiss.slug).takes_withdrawals


def test_only_who_manages_the_settings_may_choose_and_only_what_there_is(
    services: Services, workshop: Workshop
) -> None:
    with pytest.raises(Forbidden):
        services.team.set_online_booking(staff_of(workshop, "front_desk"), BINDING)
    with pytest.raises(Invalid, match="online_booking_unknown"):
        services.team.set_online_booking(staff_of(workshop), "maybe")
