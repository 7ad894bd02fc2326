"""What customers ask for, what they pay for it, what it leaves, and what follows from that (pure)."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from rapidfuzz import fuzz

from carbot_app.kit.text import fold

ALIKE = 82
"""Of 100: wishes that mean the same in other words."""
ENOUGH_DECISIONS = 30
"""About prices, before anything is said about them."""
_WISHES_TOGETHER = 3
_SURE = 1.64
"""Standard errors; a difference this large comes by chance once in ten times, both ways counted."""
_ALWAYS_TAKEN, _OFTEN_LEFT = 0.9, 0.6
_RAISE_PERCENT, _LOWER_PERCENT = 5, 8
_THIN_MARGIN = 25
_GOOD_MARGIN = 35
PRICE_UP, PRICE_DOWN, THIN_MARGIN, ADD_SERVICE = "price_up", "price_down", "thin_margin", "add_service"
MOST_SUGGESTIONS = 6


@dataclass(frozen=True, slots=True)
class Decision:
    """A customer's answer to the price of one piece of work, gross."""

    amount_cents: int
    accepted: bool


@dataclass(frozen=True, slots=True)
class PriceBand:
    """Answers to prices from ``low_cents`` to ``high_cents``, both counted."""

    low_cents: int
    high_cents: int
    accepted: int
    decided: int

    @property
    def share(self) -> float:
        """0 to 1 of those who decided."""
        return self.accepted / self.decided if self.decided else 0.0


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What is known of one service over a year; ``margin_percent`` None: its cost is not known."""

    code: str
    name: str
    asked: int = 0
    booked: int = 0
    price_cents: int = 0
    """Middle of what the catalogue says, gross."""
    decisions: tuple[Decision, ...] = ()
    margin_percent: float | None = None


@dataclass(frozen=True, slots=True)
class ServiceFigure:
    """One line of the page. ``bands`` is empty while there are too few decisions."""

    code: str
    name: str
    asked: int
    booked: int
    price_cents: int
    accepted: int
    decided: int
    bands: tuple[PriceBand, ...]
    margin_percent: float | None


@dataclass(frozen=True, slots=True)
class Wish:
    """Something asked for that the catalogue has not; ``words`` as most customers said it."""

    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``analytics.advice.<code>`` with the figures. ``worth_cents`` a year; 0: cannot be told."""

    code: str
    service_code: str
    name: str
    count: int
    percent: int
    worth_cents: int
    price_cents: int = 0


def figure_of(facts: ServiceFacts) -> ServiceFigure:
    """The line of a service."""
    accepted = sum(decision.accepted for decision in facts.decisions)
    return ServiceFigure(
        facts.code,
        facts.name,
        facts.asked,
        facts.booked,
        facts.price_cents,
        accepted,
        len(facts.decisions),
        price_bands(facts.decisions),
        facts.margin_percent,
    )


def price_bands(decisions: Sequence[Decision]) -> tuple[PriceBand, ...]:
    """Two bands parted at the median price; none where prices do not differ or decisions are few."""
    if len(decisions) < ENOUGH_DECISIONS:
        return ()
    middle = median(decision.amount_cents for decision in decisions)
    cheap = [one for one in decisions if one.amount_cents <= middle]
    dear = [one for one in decisions if one.amount_cents > middle]
    if min(len(cheap), len(dear)) < ENOUGH_DECISIONS // 3:
        return ()
    return tuple(
        PriceBand(
            min(one.amount_cents for one in band),
            max(one.amount_cents for one in band),
            sum(one.accepted for one in band),
            len(band),
        )
        for band in (cheap, dear)
    )


def is_sensitive(bands: Sequence[PriceBand]) -> bool:
    """Whether the dearer band is declined more often than chance would have it."""
    if len(bands) != 2:
        return False
    cheap, dear = bands
    decided = cheap.decided + dear.decided
    pooled = (cheap.accepted + dear.accepted) / decided
    error = math.sqrt(pooled * (1 - pooled) * (1 / cheap.decided + 1 / dear.decided))
    return error > 0 and (cheap.share - dear.share) / error > _SURE


def group_wishes(wishes: Iterable[str]) -> tuple[Wish, ...]:
    """Wishes that mean the same together, most frequent first, in the words most people used."""
    groups: list[tuple[str, Counter[str]]] = []
    for words in wishes:
        tidy = " ".join(words.split())
        key = fold(tidy)
        if not key:
            continue
        best = max(groups, key=lambda group: fuzz.token_set_ratio(group[0], key), default=None)
        if best is None or fuzz.token_set_ratio(best[0], key) < ALIKE:
            best = (key, Counter())
            groups.append(best)
        best[1][tidy] += 1
    found = [Wish(said.most_common(1)[0][0], said.total()) for _, said in groups]
    return tuple(sorted(found, key=lambda wish: (-wish.count, wish.words)))


def suggestions(figures: Sequence[ServiceFigure], wishes: Sequence[Wish]) -> tuple[Suggestion, ...]:
    """What the numbers support, most worth first; nothing at all is an honest answer too."""
    found = [one for figure in figures if (one := _about(figure))]
    found += [
        Suggestion(ADD_SERVICE, "", wish.words, wish.count, 0, 0)
        for wish in wishes
        if wish.count >= _WISHES_TOGETHER
    ]
    found.sort(key=lambda one: (-one.worth_cents, -one.count, one.name))
    return tuple(found[:MOST_SUGGESTIONS])


def _about(figure: ServiceFigure) -> Suggestion | None:
    if figure.decided >= ENOUGH_DECISIONS:
        share = figure.accepted / figure.decided
        if is_sensitive(figure.bands) and figure.bands[1].share < _OFTEN_LEFT:
            cheap, dear = figure.bands
            won = round((cheap.share - dear.share) * dear.decided)
            new_price = round(dear.high_cents * (100 - _LOWER_PERCENT) / 100)
            return _suggest(PRICE_DOWN, figure, round(100 * dear.share), won * new_price, new_price)
        if share >= _ALWAYS_TAKEN and not is_sensitive(figure.bands):
            more = round(figure.price_cents * _RAISE_PERCENT / 100)
            return _suggest(
                PRICE_UP, figure, round(100 * share), more * figure.booked, figure.price_cents + more
            )
    margin = figure.margin_percent
    if margin is not None and margin < _THIN_MARGIN and figure.booked:
        # So that margin = 1 - cost / price becomes the good one
        wanted = round(figure.price_cents * (100 - margin) / (100 - _GOOD_MARGIN))
        worth = (wanted - figure.price_cents) * figure.booked
        return _suggest(THIN_MARGIN, figure, round(margin), worth, wanted)
    return None


def _suggest(code: str, figure: ServiceFigure, percent: int, worth: int, price: int) -> Suggestion:
    count = figure.booked if code == THIN_MARGIN else figure.decided
    return Suggestion(code, figure.code, figure.name, count, percent, max(0, worth), price)
