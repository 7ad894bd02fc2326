"""The service worker: Workbox bundled with the list of files that make the staff app's shell."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

# Served without the bundle's own hash in their names, or needed when there is no network at all
_SHELL = ("assets/*.js", "assets/*.css", "offline.html", "icons.svg", "icons/*.png", "icons/*.svg")
_HASHED = "assets"
_LARGEST_BYTES = 600_000
_MANIFEST = "self.__WB_MANIFEST"


def build_service_worker(web_dir: Path, static_dir: Path) -> None:
    """Bundle ``assets/pwa/sw.js`` to ``/sw.js``; call it when all other files are final.

    Raises:
        RuntimeError: the bundler failed, or the worker no longer asks for the list of files.
    """
    target = static_dir / "sw.js"
    bundler = web_dir / "node_modules" / ".bin" / "rolldown"
    # Reflex copies assets/ to public/, from where imports find the installed packages
    source = web_dir / "public" / "pwa" / "sw.js"
    done = subprocess.run(
        [bundler, source, "--format", "iife", "--minify", "--file", target, "--log-level", "silent"],
        cwd=web_dir,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"service worker: {done.stdout}{done.stderr}")
    bundle = target.read_text(encoding="utf-8")
    if bundle.count(_MANIFEST) != 1:
        raise RuntimeError(f"{_MANIFEST} must appear once in {source}")
    target.write_text(bundle.replace(_MANIFEST, json.dumps(list_shell(static_dir))), encoding="utf-8")
    shutil.rmtree(static_dir / "pwa", ignore_errors=True)


def list_shell(static_dir: Path) -> list[dict[str, str | None]]:
    """Workbox's list: address and revision of each file; names with a hash need no revision.

    Left out are files so large that nobody should load them before they are used (charts).
    """
    entries: list[dict[str, str | None]] = []
    for file in sorted({file for pattern in _SHELL for file in static_dir.glob(pattern)}):
        if file.stat().st_size > _LARGEST_BYTES:
            continue
        address = file.relative_to(static_dir).as_posix()
        hashed = address.startswith(f"{_HASHED}/")
        revision = None if hashed else hashlib.sha256(file.read_bytes()).hexdigest()[:20]
        entries.append({"url": f"/{address}", "revision": revision})
    return entries
