"""Colour arithmetic: OKLCH to sRGB, contrast, and the accent of a workshop.

OKLab after Björn Ottosson (2020); relative luminance and contrast after WCAG 2.2, section 1.4.3.
"""

from dataclasses import dataclass
from math import cos, radians, sin

TEXT_CONTRAST = 4.5
_SURFACE, _GROUND, _DARK_SURFACE = "#ffffff", "#f7f6f3", "#161d21"


class AccentRefused(ValueError):
    """The hue and chroma give a colour on which text cannot be read; the message names the pair."""


@dataclass(frozen=True, slots=True)
class Accent:
    """A workshop's accent in both themes, every value ``#rrggbb``."""

    primary: str
    primary_content: str
    soft: str
    ink: str
    dark_primary: str
    dark_primary_content: str
    dark_soft: str
    dark_ink: str


def accent(hue: float, chroma: float) -> Accent:
    """Accent colours for a hue (degrees, 0 to 360) and a chroma (0 to 0.2).

    Stronger colours start lighter: .46 at chroma .09 (our teal) up to .50 at .155 (brick).

    Raises:
        AccentRefused: out of range, or a text pair would miss 4.5:1.
    """
    if not (0 <= hue <= 360 and 0 <= chroma <= 0.2):
        raise AccentRefused("hue or chroma out of range")
    strength = min(max((chroma - 0.09) / 0.065, 0.0), 1.0)
    tint = min(chroma, 0.09) / 0.09
    colours = Accent(
        primary=oklch_hex(0.46 + 0.04 * strength, chroma, hue),
        primary_content=oklch_hex(0.985, 0.008 * tint, hue),
        soft=oklch_hex(0.962, (0.014 + 0.006 * strength) * tint, hue),
        ink=oklch_hex(0.40 + 0.03 * strength, chroma * 0.085 / 0.09, hue),
        dark_primary=oklch_hex(0.77, min(chroma * 0.945, 0.14), hue),
        dark_primary_content=oklch_hex(0.20, 0.04 * tint, hue),
        dark_soft=oklch_hex(0.29, (0.035 + 0.01 * strength) * tint, hue),
        dark_ink=oklch_hex(0.84, min(chroma * 0.89, 0.11), hue),
    )
    pairs = {
        "button": (colours.primary_content, colours.primary),
        "link on white": (colours.primary, _SURFACE),
        "link on ground": (colours.primary, _GROUND),
        "ink on soft": (colours.ink, colours.soft),
        "dark button": (colours.dark_primary_content, colours.dark_primary),
        "dark link": (colours.dark_primary, _DARK_SURFACE),
        "dark ink on soft": (colours.dark_ink, colours.dark_soft),
    }
    for name, (text, ground) in pairs.items():
        if contrast(text, ground) < TEXT_CONTRAST:
            raise AccentRefused(name)
    return colours


def accent_style(hue: float, chroma: float) -> dict[str, str]:
    """Inline style for an element that also carries ``data-accent``; works before any script runs.

    Raises:
        AccentRefused: as ``accent``.
    """
    colours = accent(hue, chroma)
    return {
        "--al-primary": colours.primary,
        "--al-primary-content": colours.primary_content,
        "--al-soft": colours.soft,
        "--al-ink": colours.ink,
        "--ad-primary": colours.dark_primary,
        "--ad-primary-content": colours.dark_primary_content,
        "--ad-soft": colours.dark_soft,
        "--ad-ink": colours.dark_ink,
    }


def accent_css(hue: float, chroma: float) -> str:
    """The same as ``accent_style`` as the text of a ``style`` attribute."""
    return ";".join(f"{name}:{value}" for name, value in accent_style(hue, chroma).items())


def oklch_hex(lightness: float, chroma: float, hue: float) -> str:
    """``#rrggbb`` of an OKLCH colour; chroma gives way where sRGB cannot show it."""
    while True:
        channels = _linear_rgb(lightness, chroma, hue)
        if chroma <= 0 or all(-1e-4 <= channel <= 1.0001 for channel in channels):
            break
        chroma = max(chroma - 0.002, 0.0)
    return "#" + "".join(f"{round(255 * _gamma(min(max(c, 0.0), 1.0))):02x}" for c in channels)


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio of two ``#rrggbb`` colours, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _linear_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def _luminance(colour: str) -> float:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
