"""What an entry of a history holds, how it is tied to the one before, and how words are tied to it (pure).

An entry's content is plain JSON without fractions: ``chain``, ``workshop``, ``seq``, ``at`` (instant it was
written), ``on`` (day it tells of), ``kind``, ``key`` (fingerprint of the key that signs), ``facts`` and
``commitments``. The hash is that of the audit chain (billing.audit_chain) over the hash before, the id and
the content; the signature is over ``SIGNED`` and the hash. Each chain names itself: no entry fits another.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from carbot_app.domains.billing.audit_chain import canonical

VISIT, READING, REPORT, INSPECTION, VEHICLE = "visit", "reading", "report", "inspection", "vehicle"
KINDS = (VISIT, READING, REPORT, INSPECTION, VEHICLE)
"""``vehicle`` says which car it is, first of all and whenever that changes."""
VIN, WORKS, SUMMARY = "vin", "works", "summary"
SIGNED = "carbot vehicle history 1\n"
"""Before a hash that is signed, so that a signature means this and nothing else."""
SIGNED_HEAD = "carbot vehicle history head 1\n"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something a history tells of."""

    kind: str
    source: str
    on: date
    facts: Mapping[str, Any]
    """km (and ``below_km`` when it is less than was believed), services, jobs, report, inspection …"""
    words: Mapping[str, str | list[str]]
    """What might name somebody."""


def content_of(
    happening: Happening,
    *,
    chain: str,
    workshop: str,
    seq: int,
    at: datetime,
    key: str,
    ties: Mapping[str, str],
) -> dict[str, Any]:
    """Content of an entry; ``ties`` are the commitments to its words."""
    return {
        "chain": chain,
        "workshop": workshop,
        "seq": seq,
        "at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "on": happening.on.isoformat(),
        "kind": happening.kind,
        "key": key,
        "facts": dict(happening.facts),
        "commitments": dict(ties),
    }


def commitment(name: str, salt: str, value: Any) -> str:
    """Ties words to an entry without telling them."""
    told = canonical({"name": name, "salt": salt, "value": value})
    return hashlib.sha256(told.encode()).hexdigest()


def signed_bytes(row_hash: str) -> bytes:
    """What the signature of an entry is made of."""
    return f"{SIGNED}{row_hash}".encode()


def head_bytes(head: Mapping[str, Any]) -> bytes:
    """What the signature of the head of a file is made of: everything in it but the signature."""
    told = canonical({name: value for name, value in head.items() if name != "signature"})
    return f"{SIGNED_HEAD}{told}".encode()


def key_fingerprint(public_key: bytes) -> str:
    """SHA-256 of a public key, hexadecimal."""
    return hashlib.sha256(public_key).hexdigest()


def grouped(fingerprint: str) -> str:
    """A fingerprint as people compare it: in groups of eight."""
    return " ".join(fingerprint[start : start + 8] for start in range(0, len(fingerprint), 8))
