"""HTML of the screen on the workshop's wall: read from five metres, without a hand on it.

The script asks for the inner part again and again; clock and date run in the browser, so that the part is the
same as long as nothing happened.
"""

import html
from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

from carbot_app.domains.wall.schemas import EXPECTED, HERE, IN_WORK, READY, WallCar, WallLane, WallScreen
from carbot_app.kit.colour import AccentRefused, accent_css
from carbot_app.kit.i18n import translate

_HERE = Path(__file__).parent
_STYLE = (_HERE / "wall_page.css").read_text(encoding="utf-8")
WALL_SCRIPT = (_HERE / "wall_page.js").read_text(encoding="utf-8")
WALL_VERSION = sha256((_STYLE + WALL_SCRIPT).encode()).hexdigest()[:16]
"""A screen that shows another one loads the page anew: it may hang there for weeks."""
_SHAPES = {
    EXPECTED: '<circle cx="9" cy="9" r="6.5"/><path d="M9 5.5V9l2.4 1.6"/>',
    HERE: '<circle cx="9" cy="9" r="6.5"/><circle cx="9" cy="9" r="1.6" fill="currentColor"/>',
    IN_WORK: '<circle cx="9" cy="9" r="6.5"/><path d="M9 2.5a6.5 6.5 0 0 1 0 13z" fill="currentColor"/>',
    READY: '<path d="M4 9.5l3.4 3.4L14 6"/>',
    "late": '<path d="M9 3 16 15H2zM9 8v3.2M9 13v.1"/>',
    "waits": '<circle cx="9" cy="5.4" r="2.6"/><path d="M3.5 15.5c0-3.4 2.4-5 5.5-5s5.5 1.6 5.5 5"/>',
}
_TONES = {EXPECTED: "", HERE: "info", IN_WORK: "go", READY: "ok", "late": "warn", "waits": "warn"}
_SIDE_ROWS = 3
_EXPECTED_ROWS = 5
_FEW_LANES, _FULL_LANES, _MANY_LANES = 3, 5, 6
"""Up to so many have large plates, room for the work that follows, and a row each."""


def wall_page(screen: WallScreen, etag: str) -> str:
    """The whole page with the first state in it."""
    t = partial(translate, screen.language)
    try:
        accent = accent_css(screen.accent_hue, screen.accent_chroma)
    except AccentRefused:
        accent = ""
    title = html.escape(f"{t('wall.title')} · {screen.workshop}")
    known = {
        "version": WALL_VERSION,
        "etag": etag,
        "zone": str(screen.at.tzinfo),
        "language": screen.language,
        "offline": t("wall.offline", time="{time}"),
    }
    facts = " ".join(f'data-{name}="{html.escape(value)}"' for name, value in known.items())
    return (
        f'<!DOCTYPE html><html lang="{screen.language}" style="{html.escape(accent)}"><head>'
        '<meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f'<meta name="robots" content="noindex"/><title>{title}</title><style>{_STYLE}</style></head>'
        f'<body {facts}><header><h1>{html.escape(screen.workshop)}</h1><p id="day"></p>'
        f'<p id="clock">{screen.at:%-H:%M}</p></header>'
        f'<p id="offline" role="status" hidden></p><main id="wall">{wall_part(screen)}</main>'
        f"<script>{WALL_SCRIPT}</script></body></html>"
    )


def wall_part(screen: WallScreen) -> str:
    """What changes during the day."""
    t = partial(translate, screen.language)
    size = _size(len(screen.lanes))
    lanes = "".join(_lane(lane, t) for lane in screen.lanes)
    if not lanes:
        lanes = f'<li class="lane none"><p class="big">{_t(t, "wall.no_lanes")}</p></li>'
    free = html.escape(screen.next_free) or _t(t, "wall.no_free")
    closed = f'<p class="note">{_t(t, "wall.closed")}</p>' if screen.closed else ""
    return (
        f'{closed}<div class="both"><ul class="lanes {size}" aria-label="{_t(t, "wall.now")}">{lanes}</ul>'
        f'<div class="side">{_box("waiting", screen.waiting, "nobody_waits", _SIDE_ROWS, t)}'
        f"{_box('ready', screen.ready, 'none_ready', _SIDE_ROWS, t)}"
        f'<section class="free"><h2>{_t(t, "wall.next_free")}</h2><p>{free}</p></section></div></div>'
        f"{_box('expected', screen.expected, 'none_expected', _EXPECTED_ROWS, t)}"
    )


def _size(lanes: int) -> str:
    if lanes <= _FULL_LANES:
        return "few" if lanes <= _FEW_LANES else "some"
    return "some full" if lanes <= _MANY_LANES else "many"


def _lane(lane: WallLane, t: partial[str]) -> str:
    name = f"<h2>{html.escape(lane.name)}</h2>"
    if lane.current:
        now = _current(lane.current, t)
    else:
        now = f'<p class="idle">{_t(t, "wall.absent" if lane.absent else "wall.free")}</p>'
    then = ""
    if lane.following:
        car = lane.following
        when = _t(t, f"wall.state.{car.state}") if car.state != EXPECTED else html.escape(car.starts)
        # Whoever is late is next in any case
        is_late = car.late and car.state == EXPECTED
        head = (
            f"<b>{when}</b>{_chip('late', t('wall.late'))}"
            if is_late
            else f"{_t(t, 'wall.then')} · <b>{when}</b>"
        )
        then = (
            f'<div class="then"><p class="m">{head}</p>{_plate(car, t)}'
            f'<p class="work">{html.escape(car.work)}</p></div>'
        )
    state = "busy" if lane.current else "off" if lane.absent else "idle"
    return f'<li class="lane" data-state="{state}">{name}{now}{then}</li>'


def _current(car: WallCar, t: partial[str]) -> str:
    if car.late:
        chips = _chip("late", t("wall.due", time=car.ends))
    else:
        chips = _chip(car.state, t(f"wall.state.{car.state}"))
        chips += f"<b>{_t(t, 'wall.until', time=car.ends)}</b>"
    waits = _chip("waits", t("wall.waits")) if car.waits else ""
    return (
        f'<div class="now">{_plate(car, t)}<div><p class="work">{html.escape(car.work)}</p>'
        f'<p class="line">{chips}{waits}</p></div></div>'
    )


def _box(name: str, cars: Sequence[WallCar], nothing: str, most: int, t: partial[str]) -> str:
    shown = "".join(_small(car, t) for car in cars[:most])
    if len(cars) > most and name != "expected":
        shown += f'<li class="m">{_t(t, "wall.more", count=len(cars) - most)}</li>'
    inner = f"<ul>{shown}</ul>" if shown else f'<p class="m">{_t(t, f"wall.{nothing}")}</p>'
    count = f" <span>{len(cars)}</span>" if cars else ""
    return f'<section class="box {name}"><h2>{_t(t, f"wall.{name}")}{count}</h2>{inner}</section>'


def _small(car: WallCar, t: partial[str]) -> str:
    when = f"<b>{html.escape(car.starts)}</b>" if car.state == EXPECTED else ""
    late = _chip("late", t("wall.late")) if car.late else ""
    # Who is still to come is known by the time, and there are many of them
    who = f'<span class="m">{html.escape(car.who)}</span>' if car.who and not when else ""
    return f"<li>{when}{_plate(car, t)}{who}{late}</li>"


def _plate(car: WallCar, t: partial[str]) -> str:
    if not car.plate:
        return f'<p class="m noplate">{_t(t, "wall.no_plate")}</p>'
    letter = {"DE": "D", "AT": "A"}.get(car.country, "")
    band = f'<i aria-hidden="true">{letter}</i>' if letter else ""
    return f'<p class="plate">{band}<span>{html.escape(car.plate.replace("-", " "))}</span></p>'


def _chip(kind: str, words: str) -> str:
    """Shape, word and colour."""
    shape = (
        '<svg viewBox="0 0 18 18" fill="none" stroke="currentColor" stroke-width="1.9" aria-hidden="true" '
        f'stroke-linecap="round" stroke-linejoin="round">{_SHAPES[kind]}</svg>'
    )
    return f'<span class="chip {_TONES[kind]}">{shape}{html.escape(words)}</span>'


def _t(t: partial[str], key: str, **values: object) -> str:
    return html.escape(t(key, **values))
