"""Files that came with a mail: named safely, typed by what they hold, never opened, never unpacked."""

import re
from dataclasses import dataclass
from email.message import Message

import puremagic
from tnefparse import TNEF

from carbot_app.domains.conversations.inbound_schemas import InboundFile
from carbot_app.domains.mailbox.bodies import bytes_of
from carbot_app.domains.mailbox.characters import clean_line
from carbot_app.domains.mailbox.headers import decoded_name

MAX_FILE = 15 * 1024 * 1024
MAX_FILES = 30
UNKNOWN = "application/octet-stream"

_HEAD = 4096
_PROGRAMS = (
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"#!",
    b"L\x00\x00\x00\x01\x14\x02\x00",
)
_PROGRAM_NAMES = re.compile(
    r"\.(exe|com|scr|pif|bat|cmd|msi|msp|dll|cpl|jar|js|jse|vbs|vbe|wsf|wsh|hta|ps1|psm1|lnk|url|reg|chm|"
    r"sh|command|app|apk|dmg|iso|img|vhd|vhdx|html?|xhtml|svg|mht|mhtml|docm|dotm|xlsm|xltm|xlam|pptm)$",
    re.IGNORECASE,
)
_ARCHIVES = {
    b"PK\x03\x04": "application/zip", b"PK\x05\x06": "application/zip", b"Rar!": "application/vnd.rar",
    b"7z\xbc\xaf\x27\x1c": "application/x-7z-compressed", b"\x1f\x8b": "application/gzip",
    b"BZh": "application/x-bzip2", b"\xfd7zXZ": "application/x-xz",
}  # fmt: skip
_OFFICE = re.compile(
    r"\.(docx|xlsx|pptx|odt|ods|odp)$",
    re.IGNORECASE,
)
_OFFICE_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
}
_PLAIN = {"txt": "text/plain", "csv": "text/csv", "ics": "text/calendar", "eml": "message/rfc822"}
_UNSAFE = re.compile(r'[\\/:*?"<>|]+')


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file that stays in the mailbox; ``size`` in bytes, as far as it is known."""

    name: str
    size: int


def files_of(parts: list[Message], *, is_complete: bool) -> tuple[list[InboundFile], list[LeftOut]]:
    """What can be kept and what cannot. Of a mail that was read in part no file is whole."""
    kept: list[InboundFile] = []
    left_out: list[LeftOut] = []
    for number, part in enumerate(parts, start=1):
        name = _name_of(part, number)
        content = bytes_of(part) if is_complete else b""
        if not is_complete or len(content) > MAX_FILE or len(kept) >= MAX_FILES:
            left_out.append(LeftOut(name, len(content)))
        elif _is_tnef(name, part.get_content_type()):
            kept += _unwrapped(name, content)
        elif content:
            kept.append(InboundFile(name, media_type_of(name, content), content))
    return kept[:MAX_FILES], left_out


def media_type_of(name: str, content: bytes) -> str:
    """What a file is by its content; what its sender calls it decides only where content says nothing."""
    if danger_of(name, content) == "program":
        return UNKNOWN
    head, ending = content[:_HEAD], name.rpartition(".")[2].lower()
    archive = next((kind for magic, kind in _ARCHIVES.items() if head.startswith(magic)), "")
    if archive == "application/zip" and _OFFICE.search(name):
        return _OFFICE_TYPES[ending]
    if archive:
        return archive
    if b"\x00" not in head and ending in _PLAIN:
        return _PLAIN[ending]
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        found = []
    known = [one.mime_type for one in found if one.mime_type]
    return known[0] if known else UNKNOWN


def danger_of(name: str, content: bytes) -> str:
    """program (runs when opened, also in disguise), archive (may hold one), or empty."""
    head = content[:_HEAD]
    if head.startswith(_PROGRAMS) or _PROGRAM_NAMES.search(name):
        return "program"
    if b"vbaProject.bin" in content:
        return "program"
    is_archive = any(head.startswith(magic) for magic in _ARCHIVES)
    return "archive" if is_archive and not _OFFICE.search(name) else ""


def safe_name(raw: str, fallback: str) -> str:
    """A name to show and to save under: no paths, nothing invisible, the ending kept."""
    name = _UNSAFE.sub("_", clean_line(raw, 1000)).strip(" ._")
    if len(name) > 100:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:90]}{dot}{ending[:9]}" if dot else name[:100]
    return name or fallback


def _name_of(part: Message, number: int) -> str:
    try:
        raw = part.get_filename()
    except (ValueError, LookupError, TypeError):
        raw = None
    ending = {"message": "eml", "text": "txt"}.get(part.get_content_maintype(), "bin")
    return safe_name(decoded_name(raw), f"{number}.{ending}")


def _is_tnef(name: str, kind: str) -> bool:
    return kind in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat"


def _unwrapped(name: str, content: bytes) -> list[InboundFile]:
    """The files inside a winmail.dat; itself where it cannot be opened."""
    try:
        inside = TNEF(content, do_checksum=False).attachments
        found = [
            (safe_name(str(one.long_filename() or ""), "winmail.bin"), bytes(one.data)) for one in inside
        ]
    except Exception:  # a parser of a closed format, fed by strangers
        found = []
    kept = [(label, data) for label, data in found if data]
    if not kept:
        return [InboundFile(name, UNKNOWN, content)]
    return [InboundFile(label, media_type_of(label, data), data) for label, data in kept]
