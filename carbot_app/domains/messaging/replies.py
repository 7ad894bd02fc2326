"""What a short reply of a customer means."""

import re

YES = "yes"
NO = "no"
STOP = "stop"
START = "start"

_WORDS = {
    YES: "j ja jo jawohl y yes yep ok okay evet e tak t",
    NO: "n nein no nope hayır hayir h nie",
    STOP: "stop stopp unsubscribe abmelden dur durdur iptal",
    START: "start whatsapp",
}
_HEDGES = frozenset(
    ["aber", "but", "ama", "ale", "später", "later", "nicht", "not", "doch", "değil", "jednak"]
)
_MEANING = {word: meaning for meaning, words in _WORDS.items() for word in words.split()}


def read_reply(text: str) -> str | None:
    """yes, no, stop, start, or None: a person has to read it.

    Only the first word of a short answer counts. "Ja, aber später" is no confirmation, so more than three
    words are left to people.
    """
    words = re.findall(r"\w+", text.replace("İ", "i").lower())
    if not words or len(words) > 3:
        return None
    meanings = {_MEANING[word] for word in words if word in _MEANING}
    return _MEANING.get(words[0]) if len(meanings) == 1 and not _hedged(words) else None


def _hedged(words: list[str]) -> bool:
    return any(word in _HEDGES for word in words)
