"""How a workshop bills: read, changed, and refused where it is wrong. Both engines."""

import tempfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from carbot_app.adapters.images.pillow import PillowPictureMaker
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.db.session import Database
from carbot_app.domains.billing.terms import MOST_LOGO_BYTES, BillingTermsService
from carbot_app.domains.billing.terms_schemas import BillingTermsInput
from carbot_app.domains.team.models import Workshop
from carbot_app.kit.errors import Forbidden, Invalid, TooLarge
from tests.factories import make_workshop, staff_of
from tests.factories.pictures import draw, encode

GOOD = BillingTermsInput(
    tax_number=" 30/123/45678 ",
    iban="de02 1203 0000 0000 2020 51",
    bic="byladem1001",
    creditor_id="DE98 ZZZ0 9999 9999 99",
    discount_days=7,
    discount_percent=Decimal("2.5"),
    number_formats={"invoice": "R{year}-{number:04}", "unknown": "x", "order": ""},
    texts={"de": "Danke!", "xx": "?", "en": " "},
)


def level(**days: int) -> dict[str, Any]:
    """A level of reminding as it is stored."""
    return {"name": "reminder", "after_days": 3, "deadline_days": 7, **days}


@pytest.fixture
def terms(database: Database) -> BillingTermsService:
    store = FolderFileStore(Path(tempfile.mkdtemp(prefix="carbot-documents-")))
    return BillingTermsService(db=database, store=store, maker=PillowPictureMaker())


@pytest.fixture
def workshop(database: Database) -> Workshop:
    return make_workshop(database)


def test_terms_are_kept_in_normal_form_and_say_what_is_missing(
    terms: BillingTermsService, workshop: Workshop
) -> None:
    owner = staff_of(workshop)
    assert terms.get(owner).missing == ("tax_number",)
    kept = terms.save(owner, GOOD)
    assert kept == terms.get(owner)
    assert kept.missing == ()
    assert (kept.terms.tax_number, kept.terms.iban) == ("30/123/45678", "DE02120300000000202051")
    assert (kept.terms.bic, kept.terms.creditor_id) == ("BYLADEM1001", "DE98ZZZ09999999999")
    assert kept.terms.discount_percent == Decimal("2.5")
    assert kept.terms.number_formats == {"invoice": "R{year}-{number:04}"}
    assert kept.terms.texts == {"de": "Danke!"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iban": "DE02120300000000202052"}, "billing_iban_invalid"),
        ({"bic": "12345678"}, "billing_bic_invalid"),
        ({"creditor_id": "DE97ZZZ09999999999"}, "billing_creditor_id_invalid"),
        ({"payment_days": 400}, "billing_payment_days"),
        ({"discount_days": 0}, "billing_cash_discount_invalid"),
        ({"einvoice_form": "word"}, "billing_form_unknown"),
        ({"turnover_before_cents": -1}, "billing_amount_invalid"),
        ({"number_formats": {"invoice": "{number}"}}, "billing_number_format"),
        ({"texts": {"de": "x" * 1001}}, "too_long"),
        ({"dunning": {"levels": [level(after_days=-1)]}}, "billing_dunning_days"),
        ({"dunning": {"levels": [level(deadline_days=91)]}}, "billing_dunning_days"),
    ],
)
def test_what_cannot_be_is_refused_by_name(
    terms: BillingTermsService, workshop: Workshop, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        terms.save(staff_of(workshop), replace(GOOD, **change))


def test_reminders_follow_each_other_as_the_workshop_says_and_by_default_until_it_does(
    terms: BillingTermsService, workshop: Workshop
) -> None:
    owner = staff_of(workshop)
    assert [step.name for step in terms.get(owner).levels] == ["reminder", "first", "last", "handover"]
    kept = terms.save(owner, replace(GOOD, dunning={"levels": [level(after_days=5)]}))
    assert [(step.after_days, step.deadline_days) for step in kept.levels] == [(5, 7)]


def test_a_logo_is_a_picture_of_bearable_size(terms: BillingTermsService, workshop: Workshop) -> None:
    owner = staff_of(workshop)
    content = encode(draw(40, 20), "PNG")
    assert terms.set_logo(owner, content).logo_file.endswith(".png")
    assert terms.logo(owner) == content
    for wrong in (b"<svg/>", b"\x89PNG\r\n\x1a\nbroken"):
        with pytest.raises(Invalid):
            terms.set_logo(owner, wrong)
    with pytest.raises(TooLarge, match="billing_logo_large"):
        terms.set_logo(owner, b"x" * (MOST_LOGO_BYTES + 1))
    assert terms.remove_logo(owner).logo_file == ""
    assert terms.logo(owner) == b""


def test_only_whoever_may_set_terms_changes_them(terms: BillingTermsService, workshop: Workshop) -> None:
    desk = staff_of(workshop, "front_desk")
    assert terms.get(desk).currency == "EUR"
    with pytest.raises(Forbidden):
        terms.save(desk, GOOD)
    with pytest.raises(Forbidden):
        terms.get(staff_of(workshop, "technician"))
