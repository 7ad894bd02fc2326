"""What an adapter sends back until its prompt, made into frames and a verdict (pure).

Every byte is a stranger's: adapters echo, insert spaces, cut lines and mix in noise. A line counts only if it
is nothing but hexadecimal digits of whole bytes; whatever else is not known by name is left out.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

PROMPT = b">"


class Verdict(StrEnum):
    """What the adapter says about a request, worst last seen first."""

    OK = "ok"
    NO_DATA = "no_data"
    """Nobody in the car answered in time."""
    NO_CAR = "no_car"
    """No protocol was found, or the bus is silent: the ignition is off or the plug is out."""
    BUS_FAULT = "bus_fault"
    BUFFER_FULL = "buffer_full"
    """The answer was longer than the adapter can hold."""
    STOPPED = "stopped"
    """A byte arrived while it was busy: the request was given up."""
    UNKNOWN = "unknown"
    """``?``: it does not know the command."""
    RESET = "reset"
    """It has started anew, for example because the battery dropped; its settings are gone."""


_WORDS = (
    ("UNABLETOCONNECT", Verdict.NO_CAR),
    ("BUSINIT:ERROR", Verdict.NO_CAR),
    ("BUSERROR", Verdict.BUS_FAULT),
    ("BUSBUSY", Verdict.BUS_FAULT),
    ("CANERROR", Verdict.BUS_FAULT),
    ("FBERROR", Verdict.BUS_FAULT),
    ("DATAERROR", Verdict.BUS_FAULT),
    ("RXERROR", Verdict.BUS_FAULT),
    ("BUFFERFULL", Verdict.BUFFER_FULL),
    ("OUTOFMEMORY", Verdict.BUFFER_FULL),
    ("STOPPED", Verdict.STOPPED),
    ("NODATA", Verdict.NO_DATA),
    ("LVRESET", Verdict.RESET),
    ("LPALERT", Verdict.NO_CAR),
    ("ACTALERT", Verdict.NO_CAR),
)
_HEX = re.compile(r"(?:[0-9A-F]{2})+")
_CAN_11 = re.compile(r"[0-9A-F]{3}(?:[0-9A-F]{2})+")
_SECTION = re.compile(r"[0-9A-F]:(?:[0-9A-F]{2})+")
_LENGTH = re.compile(r"0[0-9A-F]{2}")
_CHATTER = re.compile(r"SEARCHING\.*|BUSINIT:?\.*(?:OK)?", re.IGNORECASE)
_PRINTABLE = re.compile(rb"[^\x20-\x7e\r\n]")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: the hexadecimal lines without spaces, the words, and what follows from them."""

    lines: tuple[str, ...]
    words: tuple[str, ...]
    verdict: Verdict

    @property
    def text(self) -> str:
        """The words as one line, for answers of the adapter itself."""
        return " ".join(self.words)


def parse(raw: bytes, command: str = "") -> Reply:
    """Read everything up to the prompt; ``command`` is what was sent and may come back as an echo."""
    lines: list[str] = []
    words: list[str] = []
    verdict = Verdict.OK
    echo = _tight(command)
    text = _PRINTABLE.sub(b"", raw.replace(PROMPT, b"\r")).decode("ascii")
    for part in text.replace("\n", "\r").split("\r"):
        line = _CHATTER.sub("", part.strip().lstrip("."))
        tight = _tight(line)
        if not tight:
            continue
        if echo and tight == echo:
            echo = ""  # only once: a frame may look like the command
            continue
        word = _verdict(tight)
        if word is not None:
            verdict = word if verdict is Verdict.OK else verdict
        elif _is_frame(tight):
            lines.append(tight)
            words.append(line.strip())
        else:
            words.append(line.strip())
    return Reply(tuple(lines), tuple(words), verdict)


def _tight(line: str) -> str:
    return line.replace(" ", "").upper()


def _verdict(tight: str) -> Verdict | None:
    if tight == "?":
        return Verdict.UNKNOWN
    return next((verdict for word, verdict in _WORDS if word in tight), None)


def _is_frame(tight: str) -> bool:
    return any(form.fullmatch(tight) for form in (_HEX, _CAN_11, _SECTION, _LENGTH))
