"""Which hints of the live channel a handler has to follow."""

from collections.abc import Set


def is_about(topic: str, subject: str, wanted: Set[str], shown: str | None = None) -> bool:
    """Whether something of the wanted topics may have changed.

    ``topic`` "resync" stands for several hints: ``subject`` names their topics, parted by spaces, or is empty
    where anything may have changed. ``shown`` is the id of the one thing on a page; None: it shows many.
    """
    if topic == "resync":
        return not subject or not wanted.isdisjoint(subject.split())
    return topic in wanted and (shown is None or subject in {"", shown})
