"""Every worked example of the trade that concerns billing comes out, and none is left aside unseen."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import segno
from segno import helpers

from carbot_app.domains.billing import dunning, tax, vat_id
from carbot_app.domains.billing.interest import default_interest
from carbot_app.domains.billing.labour import Labour, labour_line
from carbot_app.domains.billing.lines import LineTax
from carbot_app.domains.billing.margin import tax_in_margin
from carbot_app.domains.billing.matching import Credit, OpenInvoice, match
from carbot_app.domains.billing.must_issue import must_issue
from carbot_app.domains.billing.overrun import judge_overrun
from carbot_app.domains.billing.payment_codes import creditor_reference, epc_text, normal_iban, qr_reference
from carbot_app.domains.billing.small_business import judge_small_business
from carbot_app.domains.billing.totals import cash_rounding, is_small_amount
from carbot_app.kit.errors import Invalid
from tests.unit.billing.documents import DAY, cents, document, euros, exchange_part, fee, line, told

FILE = json.loads((Path(__file__).parents[2] / "vectors" / "acceptance.json").read_text(encoding="utf-8"))
ELSEWHERE = {
    "obd.": "reading a car's diagnostics is another domain",
    "hu.": "tests/vectors/inspections.json",
    "plate.": "tests/vectors/plates_and_vins.json",
    "vin.": "tests/vectors/plates_and_vins.json",
    "catalog.": "tests/vectors/library_counts.json",
    "saas.": "a figure of the operator's business plan, no rule of the product",
}
"""Beginning of an area → where its examples are tested, or why not."""
FURTHER = [
    {"id": "VAT-06", "area": "vat.altteil_labour", "input": {}, "expected": {
        "net": "454.40", "vat": "92.42", "gross": "546.82", "base": "486.40"}},
    {"id": "VAT-09", "area": "vat.small_business", "input": {"prior": "25000.00", "so_far": "99000.00",
        "supply": "1000.00"}, "expected": {"exempt": True}},
    {"id": "VAT-10", "area": "vat.small_business", "input": {"prior": "25000.00", "so_far": "99000.00",
        "supply": "1000.01"}, "expected": {"exempt": False}},
    {"id": "VAT-15", "area": "vat.margin_25a", "input": {"buy": "8000.00", "sell": "9500.00"},
        "expected": {"vat_internal": "239.50"}},
    {"id": "VAT-20", "area": "vat.kleinbetrag", "input": {"country": "AT", "gross": "400.01"},
        "expected": {"simplified_allowed": False}},
    {"id": "VAT-23", "area": "vat.ch", "input": {"gross": "133.47", "payment": "qr"},
        "expected": {"payable": "133.47", "rounding": "0.00"}},
    {"id": "VAT-25", "area": "vat.gross_to_net", "input": {"gross": "500.00", "rate": "19"},
        "expected": {"net": "420.17", "vat": "79.83"}},
    {"id": "VAT-27", "area": "aw", "input": {"aw": "12", "division": 10, "rate_per_hour": "112.00"},
        "expected": {"hours": "1.2", "net": "134.40"}},
    {"id": "EINV-03", "area": "einvoice.must_issue", "input": {"supply_date": "2027-01-01",
        "prior_year_turnover": "800000.01", "domestic_b2b": True, "gross": "500.00",
        "kleinunternehmer": False}, "expected": True},
    {"id": "EINV-05", "area": "einvoice.must_issue", "input": {"supply_date": "2028-01-01",
        "prior_year_turnover": "900000", "domestic_b2b": False, "gross": "500.00",
        "kleinunternehmer": False}, "expected": False},
    {"id": "DUN-04", "area": "dunning.flat_fee", "input": {"b2b": True, "in_default": True},
        "expected": "40.00"},
    {"id": "KVA-01", "area": "overrun", "input": {"estimate": "500.00", "actual": "550.00"},
        "expected": "warn"},
    {"id": "KVA-02", "area": "overrun", "input": {"estimate": "500.00", "actual": "575.01"},
        "expected": "approval"},
]  # fmt: skip
"""Examples the trade facts tell beside those in the file."""


def rate(percent: str) -> LineTax:
    return LineTax("S" if Decimal(percent) else "Z", int(Decimal(percent) * 100))


def rounding(given: dict[str, Any]) -> dict[str, str]:
    entries = given.get("lines") or [[given["net"], "1"]]
    return told(document(*(line(price, quantity, rate(given["rate"])) for price, quantity in entries)))


def gross_to_net(given: dict[str, Any]) -> dict[str, str]:
    return told(document(line(given["gross"], tax=rate(given["rate"]), gross=True)))


def old_part(given: dict[str, Any]) -> dict[str, str]:
    totals = document(exchange_part(given["exchange_part_net"], given["list_net"], tax=rate(given["rate"])))
    return {**told(totals), "altteil_base": euros(totals.lines[0].old_part_cents)}


def old_part_and_labour(_: dict[str, Any]) -> dict[str, str]:
    labour = labour_line(Labour(Decimal(12), 10), Decimal("11.20") * 10, rate("19"))
    totals = document(exchange_part("320.00", tax=rate("19")), labour)
    return {**told(totals), "base": euros(totals.groups[0].net_cents)}


def pass_through(given: dict[str, Any]) -> dict[str, str]:
    totals = document(line(given["own_net"]), fee(given["hu_fee_gross"]))
    assert [group.category for group in totals.groups] == ["S", "E"]
    return {**told(totals), "net_total": euros(totals.net_cents)}


def place(given: dict[str, Any]) -> dict[str, Any]:
    number = given.get("vat_id") or ""
    # The register is asked elsewhere; here it has confirmed whatever is well formed.
    state = vat_id.check_vat_id(number, registered=True)
    buyer = tax.Buyer(given["customer"] == "business", given["country"], number, state)
    choice = tax.choose_tax(tax.Seller(vat_id="DE136695976"), buyer, tax.Supply(given["service"]), DAY)
    own_words = {"reverse_charge": "Steuerschuldnerschaft des Leistungsempfängers"}
    return {
        "category": choice.category,
        "rate": str(choice.rate // 100),
        "vat": euros(document(line("100", tax=LineTax(choice.category, choice.rate))).vat_cents),
        "note": own_words.get(choice.reason, choice.reason),
        "zm": choice.to_report,
    }


def margin(given: dict[str, Any]) -> dict[str, str]:
    return {"vat_internal": euros(tax_in_margin(cents(given["buy"]), cents(given["sell"]), DAY).tax_cents)}


def small_amount(given: dict[str, Any]) -> dict[str, bool]:
    return {"simplified_allowed": is_small_amount(cents(given["gross"]), given["country"], DAY)}


def swiss(given: dict[str, Any]) -> dict[str, str]:
    sums = rounding(given) if "net" in given else {"gross": given["gross"]}
    gross = cents(sums["gross"])
    added = cash_rounding(gross, "CH", DAY) if given["payment"] == "cash" else 0
    return {**sums, "rounding": euros(added), "payable": euros(gross + added)}


def negative_zero(given: dict[str, Any]) -> dict[str, str]:
    return told(document(line(given["base"].lstrip("-"), "-1", rate(given["rate"]))))


def labour(given: dict[str, Any]) -> dict[str, str]:
    units = Labour(Decimal(given["aw"]), given["division"])
    totals = document(labour_line(units, Decimal(given["rate_per_hour"]), rate("19")))
    return {"hours": f"{units.hours:.1f}", "net": euros(totals.net_cents)}


def small_business(given: dict[str, str]) -> dict[str, bool]:
    prior, so_far, supply = (cents(given[name]) for name in ("prior", "so_far", "supply"))
    judged = judge_small_business(
        "DE", DAY, prior_year_cents=prior, this_year_cents=so_far, supply_cents=supply
    )
    return {"exempt": judged.exempt}


def interest(given: dict[str, Any]) -> dict[str, Any]:
    grown = default_interest(
        cents(given["amount"]),
        date.fromisoformat(given["from"]),
        date.fromisoformat(given["to"]),
        business=given["b2b"],
        told={date.fromisoformat(day): Decimal(percent) for day, percent in given["base"].items()},
    )
    return {"days": grown.days, "rate": str(grown.periods[0].percent), "interest": euros(grown.cents)}


def flat_fee(given: dict[str, bool]) -> str:
    return euros(dunning.flat_fee(business=given["b2b"], in_default=given["in_default"], on=DAY))


def duty(given: dict[str, Any]) -> bool:
    return must_issue(
        date.fromisoformat(given["supply_date"]),
        prior_year_turnover_cents=cents(given["prior_year_turnover"]),
        domestic_business=given["domestic_b2b"],
        gross_cents=cents(given["gross"]),
        small_business=given["kleinunternehmer"],
    ).must


def iban_is_right(iban: str) -> bool:
    try:
        return normal_iban(iban) == iban
    except Invalid:
        return False


def epc(given: dict[str, str]) -> str:
    text = epc_text(given["name"], given["iban"], cents(given["amount"]), text=given["text"])
    peer = helpers.make_epc_qr(
        given["name"], given["iban"], Decimal(given["amount"]), given["text"], encoding="utf-8"
    )
    own = segno.make(text, error="m", boost_error=False, micro=False, encoding="utf-8")
    assert own.matrix == peer.matrix
    return text


def bank_line(given: dict[str, Any]) -> dict[str, Any]:
    invoices = [OpenInvoice(number, cents(amount)) for number, amount in given["open"]]
    found = match(Credit(cents(given["credit"]), given["ustrd"]), invoices)
    actions = {"book": "book", "suggest": "suggest, user confirms"}
    return {
        **{number: euros(paid) for number, paid in found.paid},
        "rest": euros(found.rest_cents),
        "paid": [number for number, _ in found.paid],
        "short": euros(found.short_cents),
        "action": actions[found.action],
    }


def overrun(given: dict[str, str]) -> str:
    return judge_overrun(cents(given["estimate"]), cents(given["actual"]), DAY).state


WORKERS: dict[str, Callable[[Any], Any]] = {
    "vat.rounding": rounding,
    "vat.at": rounding,
    "vat.gross_to_net": gross_to_net,
    "vat.altteil": old_part,
    "vat.altteil_labour": old_part_and_labour,
    "vat.pass_through": pass_through,
    "vat.place": place,
    "vat.margin_25a": margin,
    "vat.kleinbetrag": small_amount,
    "vat.ch": swiss,
    "vat.negative_zero": negative_zero,
    "vat.small_business": small_business,
    "aw": labour,
    "dunning.interest": interest,
    "dunning.flat_fee": flat_fee,
    "einvoice.must_issue": duty,
    "vat_id.checksum": lambda numbers: [vat_id.well_formed(number) for number in numbers],
    "iban.valid": lambda ibans: [iban_is_right(iban) for iban in ibans],
    "creditor_reference.rf": creditor_reference,
    "qrr.checksum": lambda numbers: [qr_reference(number) for number in numbers],
    "epc_qr": epc,
    "camt.match": bank_line,
    "overrun": overrun,
}


def concerns_billing(vector: dict[str, Any]) -> bool:
    return not vector["area"].startswith(tuple(ELSEWHERE))


EXAMPLES = [*filter(concerns_billing, FILE), *FURTHER]


@pytest.mark.parametrize("vector", EXAMPLES, ids=lambda vector: vector["id"])
def test_the_worked_example_comes_out(vector: dict[str, Any]) -> None:
    result, expected = WORKERS[vector["area"]](vector["input"]), vector["expected"]
    if isinstance(expected, dict):
        result = {name: result[name] for name in expected}
    assert result == expected


def test_every_example_of_the_file_is_used_here_or_named_with_its_place() -> None:
    left_aside = {vector["area"] for vector in FILE} - set(WORKERS)
    assert all(area.startswith(tuple(ELSEWHERE)) for area in left_aside)
    assert sum(map(concerns_billing, FILE)) == 36
    assert len({vector["id"] for vector in EXAMPLES}) == len(EXAMPLES)


def test_a_swiss_or_austrian_line_has_the_rate_of_its_country() -> None:
    for country, expected in (("AT", 2000), ("CH", 810)):
        assert tax.choose_tax(tax.Seller(country), tax.Buyer(), tax.Supply(), DAY).rate == expected
