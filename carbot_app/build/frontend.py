"""The production frontend: Reflex compiles the pages, Vite bundles and prerenders them.

``python -m carbot_app.build.frontend`` does one build in a process of its own (the compiler leaves a lot in
memory) and is started by :class:`FrontendBuild`, which skips it when nothing changed.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from carbot_app.build.node import BuildFailed, node_environment
from carbot_app.build.stamp import Stamp, content_hash, list_inputs
from carbot_app.kit.languages import LANGUAGES

WEB_DIR = Path(".web")
STATIC_DIR = WEB_DIR / "build" / "client"
BUILD_DIR = Path(".build")
STEP_MARK = ">> "

# Everything a page can depend on; a change elsewhere in the application cannot alter the compiled pages
# of the frontend, but Python imports are not followed here, so any module counts.
_SOURCES = (
    "carbot_app/**/*.py",
    "assets/**/*",
    "reflex.lock/*",
    "rxconfig.py",
    "requirements.lock",
    ".npmrc",
)
_COMPILED = ("app/**/*", "app_components/**/*", "components/**/*", "styles/**/*", "utils/**/*", "public/**/*")
_COMPILED_TOP = ("*.js", "package.json", "package-lock.json", "env.json")
_PUBLIC_ROUTES = {"w/[slug]": "w/_{}", "t/[token]": "t/_{}", "freigabe/[token]": "freigabe/_{}"}
_REACTS_STORE = '  useSyncExternalStore,\n} from "react";\n'
_OWN_STORE = '} from "react";\nimport { useStore as useSyncExternalStore } from "$/public/kit/store";\n'
_PACKED_BEST = "zlib.constants.BROTLI_MAX_QUALITY,"
_PAGES_PACKED_WELL = 'raw[0] === "<".charCodeAt() ? 9 : zlib.constants.BROTLI_MAX_QUALITY,'


class FrontendBuild:
    """A build running beside other work; used as a context manager, it leaves no process behind.

    Args:
        root: the checkout; the current directory of the build.
        force: build although no source changed since the last build.
    """

    def __init__(self, root: Path, force: bool = False) -> None:
        self._root = root
        self._log = root / BUILD_DIR / "frontend.log"
        self._stamp = Stamp(root / BUILD_DIR / "frontend.stamp")
        self._process: subprocess.Popen[bytes] | None = None
        if force:
            Stamp(root / BUILD_DIR / "bundle.stamp").clear()
        # Of now: what is changed while it is built is not in it
        self._fingerprint = content_hash(root, list_inputs(root, _SOURCES), sys.version)
        current = (
            self._stamp.matches(self._fingerprint) and (root / STATIC_DIR / "__spa-fallback.html").exists()
        )
        self.needed = force or not current

    def __enter__(self) -> "FrontendBuild":
        if self.needed:
            self._log.parent.mkdir(exist_ok=True)
            with self._log.open("wb") as words:
                # A session of its own: npm and Vite start further processes, which stop() ends together.
                self._process = subprocess.Popen(
                    [sys.executable, "-m", __name__],
                    cwd=self._root,
                    env=node_environment(self._root / BUILD_DIR),
                    stdin=subprocess.DEVNULL,
                    stdout=words,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait(self, report: Callable[[str], None]) -> bool:
        """Wait for the end, telling ``report`` each step's name.

        Returns:
            True when something was built, False when the present build is current.

        Raises:
            BuildFailed: a tool failed; the previous build is gone then.
        """
        if self._process is None:
            return False
        told = ""
        while self._process.poll() is None:
            step = self._last_step()
            if step != told:
                report(step)
                told = step
            time.sleep(0.2)
        if self._process.returncode:
            raise BuildFailed("frontend", self._log.relative_to(self._root))
        self._stamp.write(self._fingerprint)
        return True

    def stop(self) -> None:
        """End a build that is still running, with everything it started."""
        if self._process is not None and self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGTERM)
            self._process.wait()

    def _last_step(self) -> str:
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        steps = [line for line in lines if line.startswith(STEP_MARK)]
        return steps[-1].removeprefix(STEP_MARK) if steps else ""


def _step(name: str) -> None:
    print(f"{STEP_MARK}{name}", flush=True)


def main() -> None:
    """One build of the app in the current directory."""
    from reflex.utils import build, prerequisites
    from reflex_base import constants
    from reflex_base.environment import environment

    environment.REFLEX_COMPILE_CONTEXT.set(constants.CompileContext.EXPORT)
    environment.REFLEX_ENV_MODE.set(constants.Env.PROD)
    if prerequisites.needs_reinit():
        prerequisites.initialize_reflex_user_directory()
        prerequisites.initialize_frontend_dependencies()
    _step("Pages and npm packages")
    prerequisites.get_compiled_app(prerender_routes=True, trigger="export")
    _prerender_public_pages(WEB_DIR)
    draw_in_pieces(WEB_DIR)
    pack_pages_well(WEB_DIR)
    build.setup_frontend(Path.cwd())

    stamp = Stamp(BUILD_DIR / "bundle.stamp")
    fingerprint = _bundle_fingerprint()
    if stamp.matches(fingerprint) and STATIC_DIR.exists():
        return
    stamp.clear()
    _step("Bundle and prerendered HTML")
    build.build()
    stamp.write(fingerprint)


def _prerender_public_pages(web_dir: Path) -> None:
    """Have pages of a workshop and of an appointment prerendered once per language, see docs/adr/0002.

    The slug ``_de`` stands for any workshop with the page in German, the token ``_de`` for any appointment;
    ``carbot_app.api`` puts the real one in when it serves the file.
    """
    routes: list[str] = json.loads((web_dir / "routes.json").read_text(encoding="utf-8"))
    paths = [
        "/" + shown.format(language) + route.removeprefix(prefix)
        for prefix, shown in _PUBLIC_ROUTES.items()
        for route in routes
        if route.startswith(prefix) and "[" not in route.removeprefix(prefix)
        for language in LANGUAGES
    ]
    config = web_dir / "react-router.config.js"
    text = config.read_text(encoding="utf-8")
    wanted = f"({{getStaticPaths}}) => [...getStaticPaths(), ...{json.dumps(paths)}]"
    if '"prerender": true' not in text:
        raise RuntimeError(f"{config} no longer asks for prerendering")
    config.write_text(text.replace('"prerender": true', f'"prerender": {wanted}'), encoding="utf-8")


def draw_in_pieces(web_dir: Path) -> None:
    """Have components read their state by ``assets/kit/store.js``, see docs/adr/0031.

    Raises:
        RuntimeError: Reflex reads it in another way now.
    """
    _exchange(web_dir / "utils" / "context-registry.js", _REACTS_STORE, _OWN_STORE)


def pack_pages_well(web_dir: Path) -> None:
    """Have pages packed at Brotli's quality 9: 8 % larger than at its best, in a ninth of the time.

    More than a hundred pages of 190 KB at the best quality were a third of a build.

    Raises:
        RuntimeError: Reflex packs in another way now.
    """
    _exchange(web_dir / "compress-static.js", _PACKED_BEST, _PAGES_PACKED_WELL)


def _exchange(module: Path, reflexes: str, ours: str) -> None:
    text = module.read_text(encoding="utf-8")
    if ours in text:
        return
    if reflexes not in text:
        raise RuntimeError(f"{module} no longer contains {reflexes!r}")
    module.write_text(text.replace(reflexes, ours), encoding="utf-8")


def _bundle_fingerprint() -> str:
    compiled = list_inputs(WEB_DIR, _COMPILED + _COMPILED_TOP)
    own_steps = content_hash(Path(), list_inputs(Path(), ("carbot_app/build/*", "assets/pwa/**/*")))
    return content_hash(WEB_DIR, compiled, own_steps)


if __name__ == "__main__":
    main()
