"""Parts of a MIME message: its words, and its files. Reads what is there, however broken."""

import re
from dataclasses import dataclass, field
from email.message import Message

from inscriptis import get_text

from carbot_app.domains.mailbox.characters import clean_text, decode

MAX_PARTS = 200
MAX_DEPTH = 20
MAX_TEXT = 200_000
"""Characters of a text part that are read."""
MAX_HTML = 400_000
_TAG = re.compile(r"<[^<>]{0,2000}>")
_UNSEEN = re.compile(r"<(script|style|head|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


@dataclass
class Parts:
    """What was found: words in the order of the mail, and parts that are files."""

    texts: list[str] = field(default_factory=list)
    files: list[Message] = field(default_factory=list)
    seen: int = 0
    is_cut: bool = False
    """There were more parts than anybody needs; the rest was not looked at."""


def parts_of(message: Message) -> Parts:
    """The words and files of a message."""
    found = Parts()
    _collect(message, found, depth=0)
    return found


def children_of(part: Message) -> list[Message]:
    """What a part consists of; empty for one that has content of its own."""
    inside = part.get_payload()
    return [one for one in inside if isinstance(one, Message)] if isinstance(inside, list) else []


def bytes_of(part: Message) -> bytes:
    """Content of a part, without its transfer encoding as far as that can be undone."""
    if part.get_content_maintype() == "message":
        inner = children_of(part)
        return inner[0].as_bytes() if inner else b""
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, UnicodeError):
        content = None
    if content is None:
        return b"" if part.is_multipart() else str(part.get_payload()).encode("utf-8", "replace")
    return content if isinstance(content, bytes) else b""


def text_of(html: str) -> str:
    """Words of an HTML mail as a person sees them: no scripts, no styles, nothing hidden."""
    cut = html[:MAX_HTML]
    try:
        seen = get_text(cut)
    except Exception:  # whatever a broken page does to the parser, its words are kept
        seen = _TAG.sub(" ", _UNSEEN.sub(" ", cut))
    return "\n".join(line.rstrip() for line in seen.split("\n")).strip()


def _collect(part: Message, found: Parts, *, depth: int) -> None:
    found.seen += 1
    if found.seen > MAX_PARTS or depth > MAX_DEPTH:
        found.is_cut = True
        return
    kind = part.get_content_type()
    children = children_of(part)
    if part.get_content_maintype() == "multipart" and children:
        if kind == "multipart/alternative":
            _choose(children, found, depth=depth)
            return
        for child in children:
            _collect(child, found, depth=depth + 1)
    elif _is_text(part):
        found.texts.append(_words(part))
    else:
        found.files.append(part)


def _choose(children: list[Message], found: Parts, *, depth: int) -> None:
    """Of several forms of the same words the plain one, if it says anything."""
    forms = [Parts() for _ in children]
    for form, child in zip(forms, children, strict=True):
        form.seen = found.seen
        _collect(child, form, depth=depth + 1)
        found.seen = form.seen
        found.files += form.files
        found.is_cut = found.is_cut or form.is_cut
    worded = [form for form in forms if any(text.strip() for text in form.texts)]
    if worded:
        found.texts += worded[0].texts


def _is_text(part: Message) -> bool:
    if part.get_content_disposition() == "attachment" or part.get_filename():
        return False
    return part.get_content_type() in ("text/plain", "text/html", "text/enriched")


def _words(part: Message) -> str:
    charset = part.get_param("charset", "")
    text = decode(bytes_of(part), charset if isinstance(charset, str) else None)
    if part.get_content_type() != "text/plain":
        return clean_text(text_of(text))[:MAX_TEXT]
    text = clean_text(text[:MAX_TEXT])
    return _unflowed(text) if str(part.get_param("format", "")).lower() == "flowed" else text


def _unflowed(text: str) -> str:
    """RFC 3676: a space at the end of a line says that the paragraph goes on."""
    out: list[str] = []
    for line in text.split("\n"):
        if out and out[-1].endswith(" ") and out[-1] != "-- " and line and not line.startswith(">"):
            out[-1] += line
        else:
            out.append(line)
    return "\n".join(out)
