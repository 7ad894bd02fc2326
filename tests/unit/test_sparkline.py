"""Sparklines: always inside their box, newest value at the right."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.kit.sparkline import sparkline

NUMBER = re.compile(r"-?\d+\.?\d*")


@pytest.mark.parametrize("values", [[], [5]])
def test_too_few_values_draw_nothing(values: list[float]) -> None:
    assert sparkline(values) == ""


def test_the_dot_marks_the_newest_value() -> None:
    assert 'cx="57.0" cy="3.0"' in sparkline([1, 2, 3])
    assert 'cx="57.0" cy="27.0"' in sparkline([3, 2, 1])


@given(st.lists(st.floats(min_value=-1e9, max_value=1e9), min_size=2, max_size=60))
def test_no_curve_leaves_the_box(values: list[float]) -> None:
    for path in re.findall(r' d="([^"]+)"', sparkline(values)):
        coordinates = [float(number) for number in NUMBER.findall(path)]
        assert all(0 <= number <= 60 for number in coordinates)
