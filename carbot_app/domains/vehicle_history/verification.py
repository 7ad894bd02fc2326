"""Whether a history holds, decided from nothing but its file (pure).

The same rules answer for ``carbot history verify`` and for the seal in the product. A file may come from
anybody: its size, depth, numbers and texts are limited before they are looked at.
"""

import json
from base64 import b64decode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from carbot_app.domains.billing.audit_chain import START, row_hash
from carbot_app.domains.vehicle_history.entries import commitment, head_bytes, key_fingerprint, signed_bytes

FORMAT, VERSION = "carbot-vehicle-history", 1
MOST_BYTES, MOST_ENTRIES = 16 * 1024 * 1024, 20_000
_Kind = TypeVar("_Kind")
Holds = Callable[[bytes, bytes, bytes], bool]
"""(public key, signature, message) → whether it is genuine; see ports.Signer.holds."""

_SENTENCES = {
    "too_large": "The file is too large for a vehicle history.",
    "not_json": "The file is not a vehicle history: it cannot be read as JSON.",
    "not_history": "The file is not a vehicle history of CarBot.",
    "newer": "The file has format version {version}; this CarBot reads version 1. Check it with a newer one.",
    "malformed": "The file is damaged: {part} is missing or not what it should be.",
    "missing": "Entry {seq} is missing.",
    "order": "The entries are out of order: entry {found} stands where entry {seq} belongs.",
    "twice": "Entry {found} is there twice.",
    "changed": "Entry {seq} was changed after it was signed.",
    "unlinked": "Entry {seq} does not follow from the entry before it: one of them was replaced.",
    "stranger": "Entry {seq} belongs to the history of another car.",
    "no_key": "Entry {seq} names a key that is not in the file.",
    "forged": "The signature of entry {seq} is not genuine.",
    "words": "A text of entry {seq} is not the one that was signed.",
    "cut": "The last entries are missing: the file was signed with {expected} entries and has {seq}.",
    "head": "The signature over the whole history is not genuine.",
    "wrong_key": "The history was not signed with the key you expect, but with {key}.",
}


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing that does not hold; ``seq`` is the place of the entry, 0 for the file as a whole."""

    code: str
    seq: int = 0
    params: tuple[tuple[str, str], ...] = ()

    @property
    def sentence(self) -> str:
        """What is wrong, for people."""
        return _SENTENCES[self.code].format(**{"seq": self.seq, **dict(self.params)})


@dataclass(frozen=True, slots=True)
class Checked:
    """An entry of a file, and what does not hold about it."""

    seq: int
    content: Mapping[str, Any]
    broken: Break | None
    withheld: tuple[str, ...] = ()
    """Texts that are not told; the entry holds without them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a file is worth."""

    entries: tuple[Checked, ...] = ()
    broken: Break | None = None
    workshop: str = ""
    """As the file says; the signature covers it."""
    keys: tuple[str, ...] = ()
    """Fingerprints of the keys that signed, in order of use."""
    keys_url: str = ""


class Unreadable(ValueError):
    """The file cannot be judged; ``why`` says what is wrong with it."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.why = Break(code, params=tuple((name, str(value)) for name, value in params.items()))


def verify_file(content: bytes, holds: Holds, *, trusted: Collection[str] = ()) -> Verdict:
    """Judge a file; what cannot be judged is broken as a whole.

    Args:
        content: as it was handed out.
        holds: checks one signature.
        trusted: fingerprints of the keys the reader expects; none: any key, which only proves that nothing
            was changed since somebody with that key wrote it.
    """
    try:
        history = _parsed(content)
        keys = _keys(history)
        verdict = verify_history(history, keys, holds)
    except Unreadable as unreadable:
        return Verdict(broken=unreadable.why)
    strangers = [key for key in verdict.keys if trusted and key not in trusted]
    if verdict.broken is None and strangers:
        wrong = Break("wrong_key", params=(("key", strangers[0]),))
        return Verdict(verdict.entries, wrong, verdict.workshop, verdict.keys, verdict.keys_url)
    return verdict


def verify_history(history: Mapping[str, Any], keys: Mapping[str, bytes], holds: Holds) -> Verdict:
    """Judge entries and head of a parsed history.

    Raises:
        Unreadable: ``malformed`` or ``too_large``.
    """
    head, entries = _of(history, "head", dict), _of(history, "entries", list)
    if len(entries) > MOST_ENTRIES:
        raise Unreadable("too_large")
    workshop = _of(head, "workshop", dict, "the head")
    texts = ("chain", "hash", "key", "keys_url", "signature")
    _check_shape(head, {**dict.fromkeys(texts, str), "seq": int}, "the head")
    _check_shape(workshop, {"id": str, "name": str}, "the head")
    for place, entry in enumerate(entries, start=1):
        _check_entry_shape(entry, place)
    checked = check_entries(entries, (head["chain"], workshop["id"]), keys, holds)
    broken = next((one.broken for one in checked if one.broken), None)
    return Verdict(
        entries=checked,
        broken=broken or _check_head(head, entries, keys, holds),
        workshop=workshop["name"],
        keys=tuple(dict.fromkeys([*(one.content["key"] for one in checked), head["key"]])),
        keys_url=head["keys_url"],
    )


def check_entries(
    entries: Sequence[Mapping[str, Any]], owner: tuple[str, str], keys: Mapping[str, bytes], holds: Holds
) -> tuple[Checked, ...]:
    """Judge entries of the right shape, each on its own; ``owner`` is (chain, workshop)."""
    seqs = {entry["content"]["seq"] for entry in entries}
    checked, previous = [], START
    for place, entry in enumerate(entries, start=1):
        code, found = _find_fault(entry, place, previous, owner, seqs, keys, holds)
        content, previous = entry["content"], entry["hash"]
        broken = Break(code, place, (("found", str(found)),)) if code else None
        withheld = tuple(sorted(content["commitments"].keys() - entry.get("disclosed", {}).keys()))
        checked.append(Checked(place, content, broken, withheld))
    return tuple(checked)


def _find_fault(
    entry: Mapping[str, Any],
    place: int,
    previous: str,
    owner: tuple[str, str],
    seqs: Collection[int],
    keys: Mapping[str, bytes],
    holds: Holds,
) -> tuple[str, int]:
    """(code of a break or empty, the number the entry has)."""
    content, seq = entry["content"], entry["content"]["seq"]
    if seq != place:
        return ("twice" if 0 < seq < place else "order" if place in seqs else "missing"), seq
    if (content["chain"], content["workshop"]) != owner:
        return "stranger", seq
    if not _is_own_hash(entry):
        return "changed", seq
    if entry["previous"] != previous:
        return "unlinked", seq
    if content["key"] not in keys:
        return "no_key", seq
    if not holds(keys[content["key"]], _bytes(entry["signature"]), signed_bytes(entry["hash"])):
        return "forged", seq
    return ("" if _words_fit(entry) else "words"), seq


def _is_own_hash(entry: Mapping[str, Any]) -> bool:
    try:
        return row_hash(entry["previous"], entry["id"], entry["content"]) == entry["hash"]
    except (TypeError, ValueError, RecursionError):
        # Fractions and lone surrogates: nothing CarBot ever signed
        return False


def _words_fit(entry: Mapping[str, Any]) -> bool:
    ties = entry["content"]["commitments"]
    try:
        return all(
            ties.get(name) == commitment(name, told["salt"], told["value"])
            for name, told in entry.get("disclosed", {}).items()
        )
    except (TypeError, ValueError, KeyError, RecursionError):
        return False


def _check_head(
    head: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], keys: Mapping[str, bytes], holds: Holds
) -> Break | None:
    try:
        message = head_bytes(head)
    except (TypeError, ValueError, RecursionError):
        return Break("head")
    if head["key"] not in keys or not holds(keys[head["key"]], _bytes(head["signature"]), message):
        return Break("head")
    if head["seq"] > len(entries):
        return Break("cut", len(entries), (("expected", str(head["seq"])),))
    last = entries[-1]["hash"] if entries else START
    return None if (head["seq"], head["hash"]) == (len(entries), last) else Break("head")


def _parsed(content: bytes) -> Mapping[str, Any]:
    if len(content) > MOST_BYTES:
        raise Unreadable("too_large")
    try:
        # Python reads what JSON does not know and lets the last of two names win; a signed file has neither
        history = json.loads(content, object_pairs_hook=_unique, parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not_json") from error
    if not isinstance(history, dict) or history.get("format") != FORMAT:
        raise Unreadable("not_history")
    version = _of(history, "version", int)
    if version > VERSION:
        raise Unreadable("newer", version=version)
    if version != VERSION:
        raise Unreadable("malformed", part="version")
    return history


def _keys(history: Mapping[str, Any]) -> dict[str, bytes]:
    keys = {}
    for key in _of(history, "keys", list):
        if not isinstance(key, dict):
            raise Unreadable("malformed", part="keys")
        public = _bytes(_of(key, "public_key", str, "keys"))
        # What a key is called is worked out, never believed
        keys[key_fingerprint(public)] = public
    return keys


def _check_entry_shape(entry: Any, place: int) -> None:
    part = f"entry {place}"
    if not isinstance(entry, dict):
        raise Unreadable("malformed", part=part)
    texts = dict.fromkeys(("id", "previous", "hash", "signature"), str)
    _check_shape(entry, {**texts, "content": dict}, part)
    _check_shape(
        entry["content"],
        {
            **dict.fromkeys(("chain", "workshop", "key", "kind", "on", "at"), str),
            **{"seq": int, "facts": dict, "commitments": dict},
        },
        part,
    )
    told = entry.get("disclosed", {})
    if not isinstance(told, dict) or not all(isinstance(value, dict) for value in told.values()):
        raise Unreadable("malformed", part=part)


def _check_shape(holder: Mapping[str, Any], wanted: Mapping[str, type], part: str) -> None:
    for name, kind in wanted.items():
        _of(holder, name, kind, part)


def _of(holder: Mapping[str, Any], name: str, kind: type[_Kind], part: str = "") -> _Kind:
    value = holder.get(name)
    # For Python True is a number
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Unreadable("malformed", part=f"{name} of {part}" if part else name)
    return value


def _bytes(text: str) -> bytes:
    """What base64 says; nothing if it is none, which no key and no signature is."""
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is there twice")
    return found


def _refused(name: str) -> None:
    raise ValueError(name)
