"""Days a customer names without wishing for them: ruled out, already booked, the end of a sticker, a journey.

Only the words of the same clause count, and only when another day is left to wish for.
"""

import re
from collections.abc import Sequence

from . import lexicon
from .date_grammar import Span
from .text import strip_marks

_CLAUSE_ENDS = re.compile(
    r"[,;:!?\n]|\.(?!\d)|\s[-–]\s"
    r"|\s(?:aber|sondern|dann|but|so|then|ama|fakat|o zaman|ale|tylko|wiec|mais|ma|maar)\s"
)
_RULED_OUT = lexicon.pattern("day_ruled_out")
_RULED_OUT_BEFORE = lexicon.pattern("day_ruled_out_before")
_NOT_FOR_US = lexicon.pattern("day_of_something_else")
_MAX_CLAUSE = 70


def wished_days(spans: Sequence[Span], text: str) -> list[Span]:
    """`spans` without the days that are named for another reason; all of them when no day would be left."""
    if len({(span.from_on, span.to_on) for span in spans}) < 2:
        return list(spans)
    plain = strip_marks(text)
    kept = [span for span in spans if not _is_set_aside(span, plain)]
    return kept if any(span.from_on for span in kept) else list(spans)


def _is_set_aside(span: Span, plain: str) -> bool:
    if span.from_on is None or span.rank in (3, 6):
        return False
    before = _CLAUSE_ENDS.split(plain[max(0, span.start - _MAX_CLAUSE) : span.start])[-1]
    behind = _CLAUSE_ENDS.split(plain[span.end : span.end + _MAX_CLAUSE])[0]
    if _RULED_OUT.search(behind) or _RULED_OUT_BEFORE.search(before):
        return True
    return _NOT_FOR_US.search(f"{before} | {behind}") is not None
