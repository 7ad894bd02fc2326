"""Which tax a document bears and why: DE, AT and CH, by seller, buyer, kind of supply and day.

Work on a car is supplied where it is done for consumers (§ 3a(3) Nr. 3 c UStG), where a business buyer sits
(§ 3a(2)) with the buyer owing the tax inside the EU (§ 13b(5), Art. 196 Directive 2006/112). Goods that leave
are exempt with proof (§ 4 Nr. 1, § 6, § 6a). Austria follows the same directive; in Switzerland a repair is a
delivery on the spot (Art. 3 lit. d MWSTG). Where the law needs a judgement of people, the choice carries a
question instead of a guess. Not tax advice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from carbot_app.domains.billing.figures import figure
from carbot_app.domains.billing.vat_id import INVALID, UNVERIFIED, VALID, country_of
from carbot_app.domains.tax.vat import EU, standard_percent

REPAIR, GOODS, USED_CAR, SCRAP = "repair", "goods", "used_car", "scrap"
HANDED_ON, DAMAGES = "handed_on", "damages"
KINDS = (REPAIR, GOODS, USED_CAR, SCRAP, HANDED_ON, DAMAGES)
WORK_OR_DELIVERY, UNVERIFIED_ID, DISTANCE_SALE = "work_or_delivery", "vat_id_unverified", "distance_sale"
SERVICE, DELIVERY, TRUST, CHARGE = "service", "delivery", "trust", "charge"


@dataclass(frozen=True, slots=True)
class Seller:
    """The workshop: where it sits, whether it goes without VAT (small_business.py), its own VAT number."""

    country: str = "DE"
    small_business: bool = False
    vat_id: str = ""


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who is billed. ``vat_id_state`` is what vat_id.py and the register say about the number."""

    business: bool = False
    country: str = ""
    """ISO 3166; empty: the seller's."""
    vat_id: str = ""
    vat_id_state: str = INVALID


@dataclass(frozen=True, slots=True)
class Supply:
    """What is supplied, and what people have answered to earlier questions."""

    kind: str = REPAIR
    carried_to: str = ""
    """Country goods leave for; empty: they stay."""
    carriage_proven: bool = False
    material_percent: Decimal = Decimal(0)
    """Share of material in the price of a repair."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What people answered to questions of earlier choices."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The tax of a supply with its reason. ``category`` is the code of EN 16931 (UNTDID 5305).

    With a ``question`` the tax shown is the one that is safe until one of ``answers`` is given.

    """

    category: str
    rate: int
    """Hundredths of a percent: 1900."""
    reason: str
    """Code of the explanation, and of the note on the document where nothing is charged."""
    facts: Mapping[str, str] = field(default_factory=dict)
    exemption: str = ""
    """VATEX code of the exemption (BT-121)."""
    to_report: bool = False
    """Belongs in the recapitulative statement (§ 18a UStG)."""
    alone: bool = False
    """Outside the scope: no other category on the same document (BR-O-11)."""
    needs: tuple[str, ...] = ()
    """What must be there before the document is issued: seller_vat_id, buyer_vat_id, carriage_proof."""
    question: str = ""
    answers: tuple[str, ...] = ()


def choose_tax(seller: Seller, buyer: Buyer, supply: Supply, on: date) -> Choice:
    """Tax of one supply on the day it is made."""
    case = _Case(seller, buyer, supply, on)
    if supply.kind == DAMAGES:
        return case.untaxed("O", "damages", "VATEX-EU-O")
    if supply.kind == HANDED_ON:
        return case.untaxed("E", "handed_on")
    if supply.kind == USED_CAR:
        return _used_car(case)
    if seller.country == "CH":
        return _swiss(case)
    if supply.kind == SCRAP:
        return _scrap(case)
    if supply.kind == GOODS or supply.answers.get(WORK_OR_DELIVERY) == DELIVERY:
        return _goods(case)
    return _work(case)


@dataclass(frozen=True, slots=True)
class _Case:
    seller: Seller
    buyer: Buyer
    supply: Supply
    on: date

    @property
    def buyer_country(self) -> str:
        return self.buyer.country or self.seller.country

    @property
    def abroad(self) -> bool:
        return self.buyer_country != self.seller.country

    def standard(self, reason: str, **more: str) -> Choice:
        """Taxed as usual, unless the seller goes without VAT."""
        if self.seller.small_business:
            return self.untaxed("E", "small_business")
        rate = int(standard_percent(self.seller.country, self.on) * 100)
        return Choice("S", rate, reason, {**self._facts(), **more})

    def untaxed(self, category: str, reason: str, exemption: str = "") -> Choice:
        facts = self._facts()
        return Choice(category, 0, reason, facts, exemption, alone=category == "O")

    def with_own_id(self, category: str, reason: str, exemption: str) -> Choice:
        """Free only under the seller's own VAT number (BR-AE-02, BR-IC-02, BR-G-02)."""
        choice = self.untaxed(category, reason, exemption)
        return replace(choice, needs=() if self.seller.vat_id else ("seller_vat_id",))

    def reverse_charge(self, reason: str) -> Choice:
        return self.with_own_id("AE", reason, "VATEX-EU-AE")

    def _facts(self) -> dict[str, str]:
        facts = {"seller": self.seller.country, "buyer": self.buyer_country, "day": self.on.isoformat()}
        if self.buyer.vat_id:
            facts |= {"vat_id": self.buyer.vat_id, "vat_id_state": self.buyer.vat_id_state}
        return facts


def _work(case: _Case) -> Choice:
    buyer, supply = case.buyer, case.supply
    if not case.abroad:
        return case.standard("domestic")
    if not buyer.business:
        return case.standard("consumer_where_done")
    if WORK_OR_DELIVERY not in supply.answers and supply.material_percent > _material_share(case.on):
        percent = f"{supply.material_percent.normalize():f}"
        asked = case.standard("material_prevails", percent=percent)
        return replace(asked, question=WORK_OR_DELIVERY, answers=(SERVICE, DELIVERY))
    if case.buyer_country not in EU:
        return case.untaxed("O", "business_outside_eu", "VATEX-EU-O")
    return _with_vat_id(case, _service_to_eu_business(case), case.standard("eu_business_without_id"))


def _service_to_eu_business(case: _Case) -> Choice:
    # § 18a(4) UStG: who goes without VAT at home files no recapitulative statement.
    return replace(case.reverse_charge("reverse_charge"), to_report=not case.seller.small_business)


def _goods(case: _Case) -> Choice:
    target = case.supply.carried_to
    if not target or target == case.seller.country:
        return case.standard("goods_stay")
    if case.seller.small_business:
        return case.untaxed("E", "small_business")
    if target not in EU:
        return _proven(case, case.with_own_id("G", "export", "VATEX-EU-G"), "export_without_proof")
    if not case.buyer.business:
        return _distance_sale(case)
    within = replace(case.with_own_id("K", "intra_community", "VATEX-EU-IC"), to_report=True)
    free = _proven(case, within, "delivery_without_proof")
    return _with_vat_id(case, free, case.standard("eu_business_without_id"))


def _distance_sale(case: _Case) -> Choice:
    """Goods sent to consumers elsewhere: the rate there above a yearly limit (§ 3c UStG, Art. 59c)."""
    choice = case.standard("distance_sale", target=case.supply.carried_to)
    if case.supply.answers.get(DISTANCE_SALE) == CHARGE:
        return choice
    return replace(choice, question=DISTANCE_SALE, answers=(CHARGE,))


def _proven(case: _Case, free: Choice, reason: str) -> Choice:
    """Free of tax, with the proof outstanding named; ``reason`` is told beside what it would be without."""
    if case.supply.carriage_proven:
        return free
    return replace(free, needs=(*free.needs, "carriage_proof"), facts={**free.facts, "until_proven": reason})


def _with_vat_id(case: _Case, free: Choice, taxed: Choice) -> Choice:
    """A valid number of another country makes the supply free; an unverified one asks."""
    state = case.buyer.vat_id_state if _foreign_id(case) else INVALID
    answer = case.supply.answers.get(UNVERIFIED_ID)
    if state == VALID or (state == UNVERIFIED and answer == TRUST):
        return free
    if state == UNVERIFIED and answer != CHARGE:
        return replace(taxed, reason=UNVERIFIED_ID, question=UNVERIFIED_ID, answers=(TRUST, CHARGE))
    return taxed


def _foreign_id(case: _Case) -> bool:
    country = country_of(case.buyer.vat_id)
    return country in EU and country != case.seller.country


def _scrap(case: _Case) -> Choice:
    """Scrap sold to a domestic business: the buyer owes the tax (§ 13b(2) Nr. 7 UStG; § 19(1d) UStG AT)."""
    if case.seller.small_business:
        return case.standard("domestic")
    if case.buyer.business and not case.abroad:
        # The tax number will do for the seller, but the buyer has to be named by a number (BR-AE-02).
        return replace(case.reverse_charge("scrap"), needs=() if case.buyer.vat_id else ("buyer_vat_id",))
    return _goods(case)


def _used_car(case: _Case) -> Choice:
    """A car bought without input tax and sold on: taxed in the margin (§ 25a UStG; § 24 UStG AT)."""
    if case.seller.small_business:
        return case.untaxed("E", "small_business")
    if case.seller.country == "CH":
        return case.standard("domestic")
    return case.untaxed("E", "margin_scheme", "VATEX-EU-F")


def _swiss(case: _Case) -> Choice:
    """Repairs and sales are deliveries where the thing is (Art. 7(1) MWSTG); exports are free (Art. 23)."""
    target = case.supply.carried_to
    if case.supply.kind in {GOODS, SCRAP} and target and target != "CH" and not case.seller.small_business:
        return _proven(case, case.untaxed("G", "export"), "export_without_proof")
    return case.standard("swiss_delivery" if case.abroad else "domestic")


def _material_share(on: date) -> int:
    return figure("material_share", on, "DE")["percent"]
