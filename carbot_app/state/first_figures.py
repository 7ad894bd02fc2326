"""The dashboard's figures as rows of texts, for the HTML of its page."""

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from carbot_app.bootstrap import get_services
from carbot_app.kit.actor import Actor
from carbot_app.kit.errors import AppError
from carbot_app.kit.i18n import translate
from carbot_app.kit.page_facts import Row
from carbot_app.state.dashboard_choice import Choice, read_choice
from carbot_app.state.dashboard_figures import KpiTile, describe_tiles
from carbot_app.state.wording import Reader

COLUMNS = ("label", "figure", "unit", "delta", "verdict")
_ARROWS = {"up": "↑ ", "down": "↓ "}


def first_figures(token: str, asked: Mapping[str, str]) -> Sequence[Row]:
    """A row per tile; none where nobody is signed in who may see figures, or the question has no answer."""
    found = get_services().identity.resolve_session(token, touch=False)
    if found is None or not found[0].can("analytics.read"):
        return ()
    try:
        return _rows(found[0], {name: asked[name] for name in Choice().address() if asked.get(name)})
    except AppError:
        return ()


def _rows(actor: Actor, asked: Mapping[str, str]) -> Sequence[Row]:
    services = get_services()
    if not asked:
        views = services.saved_views.list_views(actor)
        asked = next((dict(parse_qsl(view.address)) for view in views if view.opens_first), {})
    workshop = services.team.get_workshop(actor)
    reader = Reader(actor.language, ZoneInfo(workshop.timezone), services.clock())
    kpis = services.analytics.kpis(actor, read_choice(asked).question(reader.today()))
    return [_row(tile, reader) for tile in describe_tiles(kpis, reader, workshop.currency, "", [])]


def _row(tile: KpiTile, reader: Reader) -> Row:
    return {
        "label": translate(reader.language, f"dashboard.figure.{tile.code}"),
        "figure": tile.figure,
        "unit": tile.unit,
        "delta": _ARROWS.get(tile.direction, "") + tile.delta if tile.delta else "",
        "verdict": tile.verdict,
    }
