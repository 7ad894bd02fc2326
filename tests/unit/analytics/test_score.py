"""The score is a weighed mean of what could be measured, on documented scales."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.analytics import score
from carbot_app.domains.analytics.score import PARTS, USUAL_WEIGHTS, Measured, change, check_weights, judge
from carbot_app.kit.errors import Invalid

GOOD = {
    score.RESPONSE: Measured(60, 50),
    score.CONVERSION: Measured(60, 50),
    score.UTILISATION: Measured(90, 9_000),
    score.PUNCTUALITY: Measured(100, 20),
    score.SATISFACTION: Measured(5, 20),
    score.MARGIN: Measured(60, 20),
}


def test_everything_perfect_is_a_hundred_and_nothing_measured_is_no_score() -> None:
    assert judge(GOOD, USUAL_WEIGHTS).points == 100
    nothing = judge({}, USUAL_WEIGHTS)
    assert nothing.points is None
    assert nothing.missing == PARTS
    # One part of six is no picture of a workshop
    assert judge({score.UTILISATION: Measured(0, 9_000)}, USUAL_WEIGHTS).points is None


@pytest.mark.parametrize(
    ("part", "value", "points"),
    [
        (score.RESPONSE, 0, 100),
        (score.RESPONSE, 180, 95),
        (score.RESPONSE, 10**9, 0),
        (score.CONVERSION, 30, 58),
        (score.UTILISATION, 0, 0),
        (score.UTILISATION, 85, 100),
        (score.UTILISATION, 125, 60),
        (score.PUNCTUALITY, 40, 0),
        (score.SATISFACTION, 4.25, 65),
        (score.MARGIN, -12, 0),
        (score.MARGIN, 30, 50),
    ],
)
def test_scales(part: str, value: float, points: int) -> None:
    assert score.points_on(score.SCALES[part], value) == points


def test_a_part_with_too_little_behind_it_is_left_out_and_said_to_be() -> None:
    found = judge({**GOOD, score.SATISFACTION: Measured(1, 4)}, USUAL_WEIGHTS)
    assert found.points == 100
    assert found.missing == (score.SATISFACTION,)


def test_weights_count() -> None:
    only = dict.fromkeys(PARTS, 0)
    half = {**GOOD, score.CONVERSION: Measured(0, 50)}
    assert judge(half, {**only, score.CONVERSION: 50, score.MARGIN: 50}).points == 50
    assert judge(half, {**only, score.MARGIN: 1}).points == 100
    # What counts for nothing is not missed
    assert judge({}, {**only, score.MARGIN: 1}).missing == (score.MARGIN,)


def test_change_compares_only_what_both_months_know() -> None:
    before = judge({score.RESPONSE: Measured(300, 50)}, USUAL_WEIGHTS)
    now = judge({score.RESPONSE: Measured(60, 50), score.MARGIN: Measured(0, 50)}, USUAL_WEIGHTS)
    assert change(now, before) == 10
    assert change(now, judge({}, USUAL_WEIGHTS)) is None


@pytest.mark.parametrize("weight", [-1, 101])
def test_weights_beyond_their_range_are_refused(weight: int) -> None:
    with pytest.raises(Invalid) as refused:
        check_weights({score.MARGIN: weight})
    assert (refused.value.code, refused.value.field) == ("score_weights_invalid", score.MARGIN)
    with pytest.raises(Invalid) as refused:
        check_weights(dict.fromkeys(PARTS, 0))
    assert refused.value.code == "score_weights_empty"


def test_scales_climb_or_fall_without_gaps_and_stay_within_a_hundred() -> None:
    assert set(score.SCALES) == set(PARTS) == set(score.FEWEST)
    assert sum(USUAL_WEIGHTS.values()) == 100
    for scale in score.SCALES.values():
        values = [value for value, _ in scale]
        assert values == sorted(set(values))
        assert all(0 <= points <= 100 for _, points in scale)


@given(
    st.dictionaries(
        st.sampled_from(PARTS),
        st.builds(Measured, st.none() | st.floats(-1e12, 1e12), st.integers(0, 10**9)),
    ),
    st.dictionaries(st.sampled_from(PARTS), st.integers(0, 100)),
)
def test_any_measurement_gives_a_score_between_0_and_100(
    measured: dict[str, Measured], weights: dict[str, int]
) -> None:
    found = judge(measured, weights)
    assert found.points is None or 0 <= found.points <= 100


def test_a_figure_that_is_none_has_no_points() -> None:
    with pytest.raises(ValueError, match="no points"):
        score.points_on(score.SCALES[score.MARGIN], math.nan)
