"""Reflex configuration: everything a build needs; the rest is read by carbot_app.config."""

import reflex as rx

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
    plugins=[rx.plugins.TailwindV4Plugin({"theme": {"extend": {"colors": _COLOURS}}, "plugins": [_DAISYUI]})],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
