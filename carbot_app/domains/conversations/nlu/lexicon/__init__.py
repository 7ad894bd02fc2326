"""The word lists (TOML) and their reader."""

import re
import tomllib
from functools import cache
from pathlib import Path


@cache
def read(name: str) -> dict:
    """The parsed word list `name`.toml."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))


def read_text(filename: str) -> str:
    """The text of a file beside this module."""
    return Path(__file__).with_name(filename).read_text(encoding="utf-8")


def phrases(table: dict) -> dict[str, list[str]]:
    """{label: [phrase, ...]} of a table of comma separated texts, or of such texts by language."""
    found: dict[str, list[str]] = {}
    for label, value in table.items():
        texts = value.values() if isinstance(value, dict) else [value]
        found[label] = [phrase.strip() for text in texts for phrase in text.split(",") if phrase.strip()]
    return found


def pattern(key: str, flags: int = 0, **parts: str) -> re.Pattern[str]:
    """Compile `key` of patterns.toml; "{part}" in it is replaced by the argument of that name."""
    joined = "".join(line.strip() for line in read("patterns")[key].splitlines())
    for part, replacement in parts.items():
        joined = joined.replace(f"{{{part}}}", replacement)
    return re.compile(joined, flags)
