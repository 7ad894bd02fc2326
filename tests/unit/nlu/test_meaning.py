"""Sentences as vectors: the same wish lies close together in any language."""

import numpy as np

from carbot_app.domains.conversations.nlu.meaning import DIMENSIONS, meanings


def test_the_same_wish_is_nearer_in_another_language_than_another_wish():
    brakes, freins, hamulce, hours = meanings(
        [
            "My brakes are squealing",
            "Mes freins grincent",
            "Hamulce mi piszczą",
            "When are you open on Saturday?",
        ]
    )
    assert brakes @ freins > brakes @ hours + 0.2
    assert brakes @ hamulce > brakes @ hours + 0.2


def test_every_text_has_a_unit_vector_and_no_text_none():
    found = meanings(["", "x" * 5000, "🙈"])
    assert found.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-3)
    assert meanings([]).shape == (0, DIMENSIONS)
