"""Reading a DATEV file back, so that nothing is handed out that does not add up (pure)."""

import csv
import io
from hashlib import sha256

from carbot_app.domains.billing.datev_rows import DEBIT
from carbot_app.kit.errors import Invalid

_CREATED = 5
"""Field of the header that holds the stamp."""


def sum_of(content: bytes) -> int:
    """Debit less credit of all rows, in cents."""
    lines = csv.reader(io.StringIO(content.decode("cp1252"), newline=""), delimiter=";")
    total = 0
    for number, fields in enumerate(lines):
        if number > 1:
            cents = int(fields[0].replace(",", ""))
            total += cents if fields[1] == DEBIT else -cents
    return total


def require_balance(content: bytes, expected_cents: int, month: str) -> None:
    """Raises Invalid ``datev_unbalanced`` when the file says something else than documents and payments."""
    if sum_of(content) != expected_cents:
        raise Invalid("datev_unbalanced", document=month)


def content_hash(content: bytes) -> str:
    """Hash of a file without the stamp of its making."""
    header, _, rest = content.partition(b"\r\n")
    fields = header.split(b";")
    fields[_CREATED] = b""
    return sha256(b";".join(fields) + b"\r\n" + rest).hexdigest()
