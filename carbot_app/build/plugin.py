"""The part of the production build Reflex leaves to the app, as a Reflex plugin.

Reflex calls :meth:`FrontendPlugin.post_build` between the bundler and its own compression, so whatever is
rewritten or added here is compressed like everything else.
"""

import re
from pathlib import Path

from reflex_base.plugins import Plugin

from carbot_app.build.html import defer_hydration
from carbot_app.build.offline_page import write_offline_page
from carbot_app.build.service_worker import build_service_worker

_ENVIRONMENT_CHUNK = "assets/reflex-env-*.js"
_BACKEND_ADDRESS = re.compile(r"""([`"'])(http|ws)://localhost:\d+(/[\w/-]*)\1""")


class FrontendPlugin(Plugin):
    """Same-origin addresses, first paint before hydration, offline page and service worker."""

    def get_frontend_development_dependencies(self, **context) -> list[str]:
        """Runtime parts of Workbox the service worker is bundled from (docs/adr/0003)."""
        return [f"{name}@7.4.1" for name in ("workbox-core", "workbox-precaching", "workbox-routing")]

    def post_build(self, **context) -> None:
        """Finish the files in ``static_dir``.

        Raises:
            RuntimeError: the bundler's output no longer looks as expected.
        """
        static_dir = Path(context["static_dir"])
        use_own_origin(static_dir)
        for page in static_dir.rglob("*.html"):
            rewritten = defer_hydration(
                page.read_text(encoding="utf-8"),
                lambda address: (static_dir / address.lstrip("/")).read_text(encoding="utf-8"),
            )
            page.write_text(rewritten, encoding="utf-8")
        write_offline_page(static_dir)
        build_service_worker(static_dir.parents[1].resolve(), static_dir.resolve())


def use_own_origin(static_dir: Path) -> None:
    """Let the browser talk to whatever address it loaded the page from.

    Reflex bakes the backend's address into one chunk; with it, a build would work on one port and host only.

    Raises:
        RuntimeError: the chunk or the addresses in it were not found.
    """
    chunks = list(static_dir.glob(_ENVIRONMENT_CHUNK))
    replaced = 0
    for chunk in chunks:
        text, count = _BACKEND_ADDRESS.subn(_relative_address, chunk.read_text(encoding="utf-8"))
        chunk.write_text(text, encoding="utf-8")
        replaced += count
    if not replaced:
        raise RuntimeError(f"no backend address found in {_ENVIRONMENT_CHUNK}")


def _relative_address(match: re.Match[str]) -> str:
    scheme, path = match[2], match[3]
    origin = "location.origin" if scheme == "http" else "location.origin.replace(/^http/,`ws`)"
    return f"({origin}+`{path}`)"
