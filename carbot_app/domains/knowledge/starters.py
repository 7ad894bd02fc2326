"""Articles a workshop may start from, in every language (pure)."""

import tomllib
from functools import cache
from pathlib import Path

from carbot_app.domains.knowledge.schemas import ArticleDraft


@cache
def starter_articles() -> tuple[ArticleDraft, ...]:
    """As they stand in starters.toml."""
    table = tomllib.loads(Path(__file__).with_name("starters.toml").read_text(encoding="utf-8"))
    return tuple(
        ArticleDraft(one["title"], one["body"], language, tuple(one["tags"]))
        for language, articles in table.items()
        for one in articles
    )
