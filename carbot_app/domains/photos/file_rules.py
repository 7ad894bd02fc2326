"""Which files of strangers are kept, and under which name (pure)."""

import re
import unicodedata
from pathlib import PurePosixPath

FILE_BYTES = 20 * 1024 * 1024
NAME_LENGTH = 120
VOICE_BYTES = 10 * 1024 * 1024
UNNAMED = "file"
_RUNNABLE = frozenset(
    {"apk", "app", "bat", "bin", "cmd", "com", "cpl", "dll", "dmg", "exe", "gadget", "hta", "htm",
     "html", "img", "inf", "iso", "jar", "js", "jse", "lnk", "msi", "msp", "pif", "pkg", "ps1",
     "ps1xml", "py", "reg", "scf", "scr", "sh", "shtml", "svg", "url", "vb", "vbe", "vbs", "vhd",
     "vhdx", "wsc", "wsf", "wsh", "xht", "xhtml", "xll"}
)  # fmt: skip
"""Endings a double click runs, or a browser shows as a page."""
_BEGINNINGS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe")
"""Programs, whatever they are called."""
_SOUNDS = (
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"\x1a\x45\xdf\xa3"), "audio/webm"),
    (re.compile(rb"....ftyp(?!hei|mif|msf|avif)", re.DOTALL), "audio/mp4"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"\xff[\xf1\xf9]"), "audio/aac"),
    (re.compile(rb"ID3|\xff[\xe2-\xef\xf2-\xf7\xfa-\xff]"), "audio/mpeg"),
)
"""How sounds begin that browsers record and play; a film begins like some of them, and is then only heard."""
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]{1,60}")


def safe_name(name: str) -> str:
    """A name without folders, control and direction marks; its ending stays, also where it is cut."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/")).rpartition("/")[2]
    kept = "".join(" " if c in '<>:"|?*' else c for c in plain if unicodedata.category(c)[0] != "C")
    tidy = " ".join(kept.split()).strip(". ")
    ending = PurePosixPath(tidy).suffix[:12]
    short = tidy if len(tidy) <= NAME_LENGTH else tidy[: NAME_LENGTH - len(ending)] + ending
    return short or UNNAMED


def is_dangerous(name: str, content: bytes) -> bool:
    """Whether it is a program: by the ending it would be saved with, or by how it begins."""
    ending = PurePosixPath(safe_name(name)).suffix.removeprefix(".").lower()
    return ending in _RUNNABLE or content.startswith(_BEGINNINGS)


def plain_media_type(claimed: str) -> str:
    """The sender's claim where it is one, without parameters."""
    bare = claimed.partition(";")[0].strip().lower()
    return bare if _MEDIA_TYPE.fullmatch(bare) else "application/octet-stream"


def sound_type(content: bytes) -> str:
    """Media type of a sound by how it begins; empty: it is none that can be played."""
    return next((kind for begins, kind in _SOUNDS if begins.match(content)), "")
