"""A customer's answer to "how can we reach you", read when it was asked for (pure)."""

import re

from carbot_app.domains.conversations.dialogue import DialogueState
from carbot_app.domains.conversations.nlu.schemas import Entities

_EMAIL = re.compile(r"[^\s@,;<>()]+@[^\s@,;<>()]+")
_PHONE = re.compile(r"(?<![\w-])(?:\+|00)?\(?\d[\d\s()/.-]{4,}\d")
_NAME_WORD = re.compile(r"[^\W\d_][^\W\d_.'’-]*(?:[.'’-][^\W\d_]*)*")
_LEAD_IN = re.compile(
    r"^(?:(?:ich bin|mein name ist|ich heiße|ich heisse|name|auf den namen|auf"
    r"|i am|i'm|my name is|it's|name's|under|adım|ben|ismim|isim"
    r"|nazywam się|jestem|mam na imię|nazwisko|imię)\b[:\s]*)+",
    re.IGNORECASE,
)


def read_contact(text: str, state: DialogueState, found: Entities, *, is_wordy: bool) -> None:
    """Fill name, phone and e-mail of ``state`` that are still missing.

    What cannot be right (a mistyped number) is taken as well: the check before booking names it to the
    customer. ``is_wordy`` says the message holds words of the dialogue, so that it is no bare name.
    """
    email, phone = _EMAIL.search(text), _PHONE.search(text)
    if email and not found.email:
        state.email = email[0][:254]
    without_mail = _EMAIL.sub(" ", text)
    if phone and not found.phone and not found.plate and "@" not in phone[0]:
        state.phone = phone[0].strip()[:40]
    if not state.name and not found.name:
        reachable = bool(email or phone)
        if reachable or not is_wordy:
            state.name = _guess_name(_PHONE.sub(" ", without_mail), sure=reachable)


def _guess_name(text: str, *, sure: bool) -> str:
    segments = [segment.strip() for segment in re.split(r"[,;:\n|]|\s[-–]\s", text)]
    for segment in segments:
        words = _LEAD_IN.sub("", segment).split()
        if len(words) == 1 and not sure and not words[0][:1].isupper():
            continue
        if 1 <= len(words) <= 4 and all(_NAME_WORD.fullmatch(word) for word in words):
            return " ".join(word if word[0].isupper() else word.capitalize() for word in words)[:120]
    return ""
