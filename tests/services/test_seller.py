"""The workshop as a taxpayer: changed in one go, checked offline, asked about elsewhere. Both engines."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from carbot_app.db.session import Database
from carbot_app.domains.billing.ports import RegisterAnswer
from carbot_app.domains.billing.seller import SellerInput, SellerService
from carbot_app.domains.catalog.models import PriceTerms
from carbot_app.domains.catalog.service import CatalogService
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.clock import ManualClock
from carbot_app.kit.errors import Forbidden, Invalid
from tests.factories import make_workshop, staff_of
from tests.factories.saving import save

GOOD = SellerInput(
    street="Hansastr. 9",
    postal_code="44137",
    city="Dortmund",
    tax_number="314/5812/0736",
    vat_id="DE 136 695 976",
    small_business=False,
    cash_accounting=True,
    turnover_before_cents=42_000_000,
)


@dataclass
class Register:
    """Answers what it is told to."""

    registered: bool | None = None
    asked: list[str] = field(default_factory=list)

    def ask(self, number: str, *, own_number: str = "") -> RegisterAnswer:
        """See VatRegister."""
        self.asked.append(number)
        return RegisterAnswer(self.registered)


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def catalog(database: Database, clock: ManualClock) -> CatalogService:
    return CatalogService(db=database, clock=clock)


@pytest.fixture
def sellers(database: Database, register: Register, catalog: CatalogService) -> SellerService:
    return SellerService(db=database, register=register, forget=catalog.forget)


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


def test_address_numbers_and_regime_are_kept_together(sellers: SellerService, workshop: Workshop) -> None:
    owner = staff_of(workshop)
    kept = sellers.save(owner, GOOD)
    assert kept == sellers.get(owner)
    assert kept.seller == replace(GOOD, vat_id="DE136695976")
    assert (kept.name, kept.country, kept.missing) == (workshop.name, "DE", ())
    without = replace(GOOD, street="", tax_number="", vat_id="", turnover_before_cents=None)
    assert sellers.save(owner, without).missing == ("street", "tax_number")


@pytest.mark.parametrize("has_terms", [True, False], ids=["prices set", "prices as they come"])
def test_a_small_business_has_prices_without_vat_at_once_and_back(
    sellers: SellerService, workshop: Workshop, catalog: CatalogService, database: Database, has_terms: bool
) -> None:
    owner = staff_of(workshop)
    if has_terms:
        save(database, PriceTerms(workshop_id=workshop.id, small_parts_percent=7))
    assert catalog.read(owner).terms.regime == "standard"
    assert sellers.save(owner, replace(GOOD, small_business=True)).seller.small_business
    assert catalog.read(owner).terms.regime == "small_business"
    assert catalog.read(owner).terms.small_parts_percent == (7 if has_terms else 0)
    assert not sellers.save(owner, GOOD).seller.small_business
    assert catalog.read(owner).terms.regime == "standard"


@pytest.mark.parametrize(
    ("change", "code", "named"),
    [
        ({"vat_id": "DE136695977"}, "billing_vat_id_invalid", "vat_id"),
        ({"vat_id": "136695976"}, "billing_vat_id_invalid", "vat_id"),
        ({"tax_number": "12345"}, "billing_tax_number_invalid", "tax_number"),
        ({"turnover_before_cents": -1}, "billing_amount_invalid", "turnover_before_cents"),
        ({"city": "x" * 81}, "too_long", "city"),
    ],
)
def test_what_is_wrong_is_refused_by_name_and_nothing_is_changed(
    sellers: SellerService, workshop: Workshop, change: dict[str, Any], code: str, named: str
) -> None:
    owner = staff_of(workshop)
    before = sellers.save(owner, GOOD)
    with pytest.raises(Invalid, match=code) as refused:
        sellers.save(owner, replace(GOOD, **{"street": "Anderswo 1", "small_business": True, **change}))
    assert refused.value.field == named
    assert sellers.get(owner) == before


@pytest.mark.parametrize(
    ("country", "tax_number", "vat_id"),
    [("AT", "59-119/9013", "ATU13585627"), ("CH", "", "CHE-107.787.577 MWST"), ("CH", "12", "")],
)
def test_the_neighbours_numbers_are_taken_as_their_offices_write_them(
    sellers: SellerService, database: Database, country: str, tax_number: str, vat_id: str
) -> None:
    owner = staff_of(make_workshop(database, slug="nachbar", country=country))
    kept = sellers.save(owner, replace(GOOD, tax_number=tax_number, vat_id=vat_id)).seller
    assert (kept.tax_number, kept.vat_id) == (tax_number, vat_id)


@pytest.mark.parametrize(
    ("answer", "state"), [(True, "valid"), (False, "invalid"), (None, "unverified")], ids=str
)
def test_a_silent_register_leaves_a_number_unverified(
    sellers: SellerService, workshop: Workshop, register: Register, answer: bool | None, state: str
) -> None:
    owner = staff_of(workshop)
    sellers.save(owner, GOOD)
    register.registered = answer
    assert sellers.check_vat_id(owner) == state
    assert register.asked == ["DE136695976"]


def test_no_number_and_swiss_numbers_are_not_asked_about(
    sellers: SellerService, database: Database, register: Register
) -> None:
    owner = staff_of(make_workshop(database, slug="basel", country="CH"))
    sellers.save(owner, replace(GOOD, vat_id="", tax_number=""))
    assert sellers.check_vat_id(owner) == ""
    sellers.save(owner, replace(GOOD, vat_id="CHE-107.787.577 MWST", tax_number=""))
    assert sellers.check_vat_id(owner) == "unverified"
    assert register.asked == []


def test_only_owners_and_managers_change_it_and_only_their_own(
    sellers: SellerService, workshop: Workshop, database: Database
) -> None:
    other = make_workshop(database, slug="nebenan")
    sellers.save(staff_of(other), replace(GOOD, street="Nebenweg 1", small_business=True))
    assert sellers.get(staff_of(workshop)).seller.street != "Nebenweg 1"
    assert not sellers.get(staff_of(workshop)).seller.small_business
    desk = staff_of(workshop, "front_desk")
    assert sellers.get(desk).name == workshop.name
    for forbidden in (lambda: sellers.save(desk, GOOD), lambda: sellers.check_vat_id(desk)):
        with pytest.raises(Forbidden):
            forbidden()
    with pytest.raises(Forbidden):
        sellers.get(staff_of(workshop, "technician"))
    sellers.save(staff_of(workshop, "manager"), GOOD)
