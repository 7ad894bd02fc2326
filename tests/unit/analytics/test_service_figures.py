"""What is said about services follows from enough answers, or is not said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.analytics import service_figures as figures
from carbot_app.domains.analytics.service_figures import (
    Decision,
    ServiceFacts,
    Wish,
    figure_of,
    group_wishes,
    is_sensitive,
    price_bands,
    suggestions,
)


def answers(*groups: tuple[int, int, int]) -> tuple[Decision, ...]:
    """Groups of price, yes and no."""
    return tuple(
        Decision(cents, accepted) for cents, yes, no in groups for accepted in [True] * yes + [False] * no
    )


def test_few_answers_make_no_bands() -> None:
    assert price_bands(answers((10_000, 14, 0), (20_000, 0, 15))) == ()
    assert price_bands(answers((10_000, 40, 0))) == ()


def test_bands_part_at_the_median_price() -> None:
    cheap, dear = price_bands(answers((10_000, 18, 2), (20_000, 8, 12)))
    assert (cheap.low_cents, cheap.high_cents, cheap.accepted, cheap.decided) == (10_000, 10_000, 18, 20)
    assert (dear.share, dear.decided) == (0.4, 20)
    assert is_sensitive((cheap, dear))


def test_chance_is_no_sensitivity() -> None:
    assert not is_sensitive(price_bands(answers((10_000, 17, 3), (20_000, 15, 5))))
    assert not is_sensitive(price_bands(answers((10_000, 20, 0), (20_000, 20, 0))))


def test_what_is_always_taken_may_cost_more() -> None:
    facts = ServiceFacts("A", "Öl", booked=100, price_cents=10_000, decisions=answers((10_000, 30, 1)))
    (found,) = suggestions([figure_of(facts)], ())
    assert (found.code, found.price_cents, found.worth_cents, found.percent) == (
        figures.PRICE_UP,
        10_500,
        50_000,
        97,
    )


def test_what_is_often_left_at_the_higher_price_may_cost_less() -> None:
    facts = ServiceFacts(
        "A", "Bremsen", booked=9, price_cents=15_000, decisions=answers((10_000, 19, 1), (20_000, 8, 12))
    )
    (found,) = suggestions([figure_of(facts)], ())
    assert (found.code, found.percent, found.price_cents) == (figures.PRICE_DOWN, 40, 18_400)
    assert found.worth_cents == 11 * 18_400


def test_a_thin_margin_is_told_with_the_price_that_mends_it() -> None:
    facts = ServiceFacts("A", "Batterie", booked=10, price_cents=10_000, margin_percent=10)
    (found,) = suggestions([figure_of(facts)], ())
    assert (found.code, found.percent, found.price_cents) == (figures.THIN_MARGIN, 10, 13_846)
    assert suggestions([figure_of(ServiceFacts("A", "B", margin_percent=10))], ()) == ()


def test_wishes_in_other_words_and_letters_are_one() -> None:
    found = group_wishes(
        [
            "Scheinwerfer aufbereiten",
            "scheinwerfer  aufbereiten",
            "Scheinwerfer polieren und aufbereiten",
            " ",
            "Ozon",
        ]
    )
    assert found == (Wish("Scheinwerfer aufbereiten", 3), Wish("Ozon", 1))


def test_what_three_asked_for_is_suggested() -> None:
    (found,) = suggestions((), (Wish("Ozon", 3), Wish("Folierung", 2)))
    assert (found.code, found.name, found.count, found.worth_cents) == (figures.ADD_SERVICE, "Ozon", 3, 0)


def test_no_numbers_no_advice() -> None:
    assert suggestions([figure_of(ServiceFacts("A", "B", asked=400, booked=300))], ()) == ()


@given(
    st.lists(st.builds(Decision, st.integers(0, 10**12), st.booleans()), max_size=80),
    st.none() | st.floats(-500, 100),
    st.integers(0, 10**6),
)
def test_any_answers_give_sane_figures(decisions: list[Decision], margin: float | None, booked: int) -> None:
    facts = ServiceFacts("A", "B", 1, booked, 10_000, tuple(decisions), margin)
    figure = figure_of(facts)
    assert sum(band.decided for band in figure.bands) in {0, len(decisions)}
    assert all(one.worth_cents >= 0 and one.price_cents >= 0 for one in suggestions([figure], ()))


@pytest.mark.parametrize("words", ["", "   ", "\n"])
def test_a_wish_without_words_is_none(words: str) -> None:
    assert group_wishes([words]) == ()
