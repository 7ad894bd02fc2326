"""Reflex configuration: everything a build needs; the rest is read by carbot_app.config."""

import reflex as rx

config = rx.Config(
    app_name="carbot_app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    frontend_compression_formats=["brotli", "gzip"],
    plugins=[rx.plugins.TailwindV4Plugin({"plugins": ["daisyui@5"]})],
    disable_plugins=[rx.plugins.SitemapPlugin],
)
