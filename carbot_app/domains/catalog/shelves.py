"""Finding categories by what people call them (pure)."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from rapidfuzz import fuzz

from carbot_app.domains.catalog.column_values import Unreadable, folded

_SURE = 80.0
"""Similarity in percent from which a name is taken for a category."""
_NEAR = 55.0
"""And from which it is worth asking whether it was meant."""


class Shelf(NamedTuple):
    """A category; ``parent`` is empty at the top."""

    key: str
    parent: str
    names: Mapping[str, str]


class Shelves:
    """The categories of a workshop."""

    def __init__(self, shelves: Iterable[Shelf]) -> None:
        self._shelves = {shelf.key: shelf for shelf in shelves}
        self.parents = {key: shelf.parent for key, shelf in self._shelves.items()}
        self._found: dict[tuple[str, str | None], str] = {}
        self._labels: dict[tuple[str, str | None], str] = {}

    def find(self, text: str, *, parent: str | None = None) -> str:
        """Key of the category a text means: its key, a name in any language, or one close to it.

        ``parent``: only subcategories of this category.

        Raises:
            Unreadable: ``import_category`` with ``name`` and ``suggestion``, or ``import_category_unknown``.
        """
        asked = (text, parent)
        if asked not in self._found:
            self._found[asked] = self._search(text.strip(), parent)
        return self._found[asked]

    def label(self, key: str, parent: str | None = None) -> str:
        """German name of a category where ``find`` knows it again, else the key."""
        if not key:
            return ""
        if (key, parent) not in self._labels:
            shelf = self._shelves.get(key)
            name = shelf.names.get("de", "").strip(" \u00a0") if shelf else ""
            try:
                known = bool(name) and self.find(name, parent=parent) == key
            except Unreadable:
                known = False
            self._labels[key, parent] = name if known else key
        return self._labels[key, parent]

    def _search(self, text: str, parent: str | None) -> str:
        among = [one for one in self._shelves.values() if parent is None or one.parent == parent]
        for one in among:
            if one.key.casefold() == text.casefold():
                return one.key
        wanted = folded(text)
        # Whole categories first: the export writes them under the same header.
        among.sort(key=lambda one: one.parent != "")
        scored = [(self._likeness(wanted, one), -place, one) for place, one in enumerate(among)]
        best, _, shelf = max(scored, default=(0.0, 0, None), key=lambda item: item[:2])
        if shelf is None or best < _NEAR:
            raise Unreadable("import_category_unknown", name=text[:40])
        if best < _SURE:
            raise Unreadable("import_category", name=text[:40], suggestion=shelf.names.get("de") or shelf.key)
        return shelf.key

    @staticmethod
    def _likeness(wanted: str, shelf: Shelf) -> float:
        names = [name for name in map(folded, shelf.names.values()) if name]
        best = max((fuzz.ratio(wanted, name) for name in names), default=0.0)
        parts = wanted.split()
        if len(wanted) > 3 and any(set(parts) <= set(name.split()) for name in names):
            best = max(best, 90.0)
        return best
