"""Every pair of colours that people must tell apart can be told apart, in both themes."""

import re
from pathlib import Path

import pytest

from carbot_app.kit.colour import AccentRefused, accent, accent_style, contrast, oklch_hex

THEME = (Path(__file__).parents[2] / "assets/styles/theme.css").read_text("utf-8")
TOKEN = re.compile(r"--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);")
SURFACES = ("color-base-100", "color-base-200", "cb-panel", "cb-soft")
TEXTS = ("color-base-content", "cb-muted", "cb-faint")
BUTTONS = ("primary", "neutral", "success", "error", "info", "secondary", "warning")
TONES = ("accent", "ok", "warn", "err", "info", "heat")


def tokens(selector: str) -> dict[str, str]:
    block = THEME.split(selector, 1)[1].split("}", 1)[0]
    return {name: oklch_hex(*map(float, values)) for name, *values in TOKEN.findall(block)}


LIGHT, DARK = tokens('[data-theme="carbot"] {'), tokens('[data-theme="carbot-dark"] {')
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def test_both_themes_define_the_same_tokens() -> None:
    assert len(LIGHT) == 37
    assert LIGHT.keys() == DARK.keys()


@THEMES
@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_readable_on_every_surface(theme: dict[str, str], text: str, surface: str) -> None:
    assert contrast(theme[text], theme[surface]) >= 4.5


@THEMES
@pytest.mark.parametrize("surface", ["color-base-100", "color-base-200"])
def test_muted_text_is_comfortable(theme: dict[str, str], surface: str) -> None:
    assert contrast(theme["cb-muted"], theme[surface]) >= 5.9


@THEMES
@pytest.mark.parametrize("name", BUTTONS)
def test_button_text_is_readable(theme: dict[str, str], name: str) -> None:
    assert round(contrast(theme[f"color-{name}-content"], theme[f"color-{name}"]), 1) >= 5.0


@THEMES
@pytest.mark.parametrize("tone", TONES)
def test_ink_on_its_soft_ground_is_readable(theme: dict[str, str], tone: str) -> None:
    assert contrast(theme[f"cb-{tone}-ink"], theme[f"cb-{tone}-soft"]) >= 6.1


@THEMES
@pytest.mark.parametrize("surface", ["color-base-100", "color-base-200", "cb-panel"])
def test_links_and_field_borders_stand_out(theme: dict[str, str], surface: str) -> None:
    assert contrast(theme["color-primary"], theme[surface]) >= 4.5
    assert contrast(theme["cb-field"], theme[surface]) >= 3.0


@pytest.mark.parametrize("hue", range(0, 360, 15))
@pytest.mark.parametrize("chroma", [0.0, 0.05, 0.09, 0.155])
def test_accents_of_every_hue_are_readable_or_refused(hue: int, chroma: float) -> None:
    try:
        colours = accent(hue, chroma)
    except AccentRefused:
        assert chroma > 0.09
    else:
        assert contrast(colours.primary_content, colours.primary) >= 4.5
        assert contrast(colours.dark_ink, colours.dark_soft) >= 4.5


def test_our_own_teal_comes_out_of_the_accent_rule() -> None:
    assert accent(215, 0.09).primary == LIGHT["color-primary"]
    assert accent(215, 0.09).ink == LIGHT["cb-accent-ink"]


def test_brick_is_the_red_of_the_chat_picture() -> None:
    assert accent_style(32, 0.155)["--al-primary"] == oklch_hex(0.50, 0.155, 32)


@pytest.mark.parametrize(("hue", "chroma"), [(-1, 0.1), (361, 0.1), (200, 0.4), (200, -0.1)])
def test_values_outside_the_colour_circle_are_refused(hue: float, chroma: float) -> None:
    with pytest.raises(AccentRefused, match="range"):
        accent(hue, chroma)


def test_contrast_of_black_and_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_srgb_red_survives_the_way_through_oklch() -> None:
    assert oklch_hex(0.62796, 0.25768, 29.234) == "#ff0000"
