"""The production frontend: Reflex compiles the pages, Vite bundles and prerenders them.

``python -m carbot_app.build.frontend`` does one build in a process of its own (the compiler leaves a lot in
memory) and is started by :func:`build_frontend`, which skips it when nothing changed.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from carbot_app.build.node import node_environment
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
_PUBLIC_ROUTE = "w/[slug]"


class BuildFailed(Exception):
    """The frontend could not be built; ``log`` is the file with the tools' own words."""

    def __init__(self, log: Path) -> None:
        super().__init__(f"The frontend could not be built; the reason is at the end of {log}.")
        self.log = log


def build_frontend(root: Path, report: Callable[[str], None], force: bool = False) -> bool:
    """Build when a source changed since the last build.

    Args:
        root: the checkout; the current directory of the build.
        report: is told each step's name.
        force: build in any case.

    Returns:
        True when something was built, False when the present build is current.

    Raises:
        BuildFailed: a tool failed; the previous build is gone then.
    """
    stamp = Stamp(root / BUILD_DIR / "frontend.stamp")
    fingerprint = content_hash(root, list_inputs(root, _SOURCES), sys.version)
    if not force and stamp.matches(fingerprint) and (root / STATIC_DIR / "index.html").exists():
        return False
    if force:
        Stamp(root / BUILD_DIR / "bundle.stamp").clear()
    _run_build(root, report)
    stamp.write(content_hash(root, list_inputs(root, _SOURCES), sys.version))
    return True


def _run_build(root: Path, report: Callable[[str], None]) -> None:
    log = root / BUILD_DIR / "frontend.log"
    log.parent.mkdir(exist_ok=True)
    with (
        log.open("w", encoding="utf-8") as words,
        subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=root,
            env=node_environment(root / BUILD_DIR),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        for line in process.stdout:
            words.write(line)
            if line.startswith(STEP_MARK):
                report(line.removeprefix(STEP_MARK).strip())
    if process.returncode:
        raise BuildFailed(log.relative_to(root))


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
    """Have pages of a workshop (``/w/[slug]/…``) prerendered once per language, see docs/adr/0002.

    The slug ``_de`` stands for any workshop with the page in German; ``carbot_app.api.public_pages`` puts
    the real workshop in when it serves the file.
    """
    routes: list[str] = json.loads((web_dir / "routes.json").read_text(encoding="utf-8"))
    paths = [
        f"/{route.replace('[slug]', f'_{language}')}"
        for route in routes
        if route.startswith(_PUBLIC_ROUTE) and "[" not in route.removeprefix(_PUBLIC_ROUTE)
        for language in LANGUAGES
    ]
    config = web_dir / "react-router.config.js"
    text = config.read_text(encoding="utf-8")
    wanted = f"({{getStaticPaths}}) => [...getStaticPaths(), ...{json.dumps(paths)}]"
    if '"prerender": true' not in text:
        raise RuntimeError(f"{config} no longer asks for prerendering")
    config.write_text(text.replace('"prerender": true', f'"prerender": {wanted}'), encoding="utf-8")


def _bundle_fingerprint() -> str:
    compiled = list_inputs(WEB_DIR, _COMPILED + _COMPILED_TOP)
    own_steps = content_hash(Path(), list_inputs(Path(), ("carbot_app/build/*", "assets/pwa/**/*")))
    return content_hash(WEB_DIR, compiled, own_steps)


if __name__ == "__main__":
    main()
