"""Reflex configuration; every value that differs between installations comes from carbot_app.config."""

import reflex as rx

from carbot_app.build.plugin import FrontendPlugin
from carbot_app.config import get_settings

_settings = get_settings()

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
    plugins=[rx.plugins.TailwindV4Plugin({"plugins": ["daisyui@5"]}), FrontendPlugin()],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
