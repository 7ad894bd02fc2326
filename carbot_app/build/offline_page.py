"""The page the service worker shows without a network: every language in one file, nothing to load."""

import html
from pathlib import Path

from carbot_app.kit.i18n import translate
from carbot_app.kit.languages import LANGUAGES

_TEMPLATE = Path(__file__).parent / "offline.html"
_STILL_WORKS = ("works_read", "works_write", "works_push")


def write_offline_page(static_dir: Path) -> None:
    """Write ``offline.html``."""
    sections = "".join(_section(language) for language in LANGUAGES)
    page = _TEMPLATE.read_text(encoding="utf-8").replace("<!-- sections -->", sections)
    (static_dir / "offline.html").write_text(page, encoding="utf-8")


def _section(language: str) -> str:
    def word(key: str) -> str:
        return html.escape(translate(language, f"platform.offline.{key}"))

    still = "".join(f"<li>{word(key)}</li>" for key in _STILL_WORKS)
    title = word("title")
    return (
        f'<main lang="{language}" data-title="{title}" hidden><h1>{title}</h1><p>{word("text")}</p>'
        f'<h2>{word("works")}</h2><ul>{still}</ul><button type="button">{word("retry")}</button></main>'
    )
