"""Reflex configuration; every value that differs between installations comes from carbot_app.config."""

import reflex as rx

from carbot_app.build.plugin import FrontendPlugin
from carbot_app.config import get_settings

_settings = get_settings()

# daisyUI brings its colour names and theme variables; its components are not used, so none are emitted.
_DAISYUI = {
    "name": "daisyui@5.8.1",
    "import": {"name": "default as daisyui", "from": "daisyui"},
    "call": "daisyui",
    "args": {"logs": False, "themes": False, "include": ["properties"]},
}
_TOKENS = ("muted", "faint", "field", "line2", "soft", "panel", "accent-soft", "accent-ink", "heat")
_TONES = ("ok", "warn", "err", "info", "heat")
_COLOURS = {name: f"var(--cb-{name})" for name in _TOKENS} | {
    f"{tone}-{role}": f"var(--cb-{tone}-{role})" for tone in _TONES for role in ("soft", "ink")
}

config = rx.Config(
    app_name="carbot_app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=["brotli", "gzip"],
    cors_allowed_origins=[_settings.effective_public_url, f"http://localhost:{_settings.port}"],
    redis_url=_settings.redis_url or None,
    state_manager_mode=rx.constants.StateManagerMode.REDIS
    if _settings.redis_url
    else rx.constants.StateManagerMode.MEMORY,
    plugins=[
        rx.plugins.TailwindV4Plugin({"theme": {"extend": {"colors": _COLOURS}}, "plugins": [_DAISYUI]}),
        FrontendPlugin(),
    ],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
