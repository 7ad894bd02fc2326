"""Histories made without a database, as a workshop would sign them."""

from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from carbot_app.adapters.identity.ed25519 import Ed25519Signer
from carbot_app.domains.billing.audit_chain import START, row_hash
from carbot_app.domains.vehicle_history.entries import (
    Happening,
    commitment,
    content_of,
    head_bytes,
    key_fingerprint,
    signed_bytes,
)

SIGNER = Ed25519Signer()
PRIVATE, PUBLIC = SIGNER.generate()
KEY = key_fingerprint(PUBLIC)
KM = (88_400, 91_000, 95_500, 99_000)
File = dict[str, Any]


def signature(message: bytes, private: bytes = PRIVATE) -> str:
    """As base64."""
    return b64encode(SIGNER.sign(private, message)).decode()


def sign_entry(entry: File, private: bytes = PRIVATE) -> None:
    """Hash and signature anew, as whoever has the key could."""
    entry["hash"] = row_hash(entry["previous"], entry["id"], entry["content"])
    entry["signature"] = signature(signed_bytes(entry["hash"]), private)


def sign_head(history: File, private: bytes = PRIVATE) -> None:
    """Sign the head anew."""
    history["head"]["signature"] = signature(head_bytes(history["head"]), private)


def make_history(**changes: Any) -> File:
    """Four visits, each with words; ``changes`` go into every content."""
    entries: list[File] = []
    previous = START
    for seq, km in enumerate(KM, start=1):
        salt, value = f"salt {seq}", [f"Ölwechsel {seq}"]
        happening = Happening("visit", f"order:{seq}", date(2026, seq, 1), {"km": km}, {})
        content = content_of(
            happening,
            chain="golf",
            workshop="müller",
            seq=seq,
            at=datetime(2026, seq, 1, 12, tzinfo=UTC),
            key=KEY,
            ties={"works": commitment("works", salt, value)},
        )
        entry: File = {"id": f"entry-{seq}", "previous": previous, "content": {**content, **changes}}
        entry["disclosed"] = {"works": {"salt": salt, "value": value}}
        sign_entry(entry)
        entries.append(entry)
        previous = entry["hash"]
    history: File = {
        "format": "carbot-vehicle-history",
        "version": 1,
        "head": {
            "chain": "golf",
            "workshop": {"id": "müller", "name": "Kfz-Meisterbetrieb Müller"},
            "seq": len(entries),
            "hash": previous,
            "exported_at": "2026-05-01T08:00:00+00:00",
            "key": KEY,
            "keys_url": "https://carbot.example/.well-known/carbot/vehicle-history/müller",
        },
        "keys": [{"fingerprint": KEY, "public_key": b64encode(PUBLIC).decode()}],
        "entries": entries,
    }
    sign_head(history)
    return history


Change = Callable[[File], object]


def put(*path: str | int, value: Any) -> Change:
    """A change of one value deep inside."""

    def change(history: File) -> None:
        holder: Any = history
        for step in path[:-1]:
            holder = holder[step]
        holder[path[-1]] = value

    return change


def without(holder: Mapping[str, Any], name: str) -> File:
    """A copy that lacks a name."""
    return {key: value for key, value in holder.items() if key != name}
