"""The ``carbot`` command."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from carbot_app.build.frontend import BuildFailed, build_frontend
from carbot_app.build.preflight import StartProblem, check_port, check_start, explain_os_error
from carbot_app.config import Settings, get_settings

app = typer.Typer(help="CarBot, the digital front desk of car workshops.", no_args_is_help=True)
console = Console(highlight=False)

_Port = Annotated[int | None, typer.Option(help="Listen here instead of CARBOT_PORT.", min=1, max=65535)]


def _settings(port: int | None = None) -> Settings:
    """Settings with the port from the command line, for this process and all it starts."""
    if port:
        os.environ["CARBOT_PORT"] = str(port)
        get_settings.cache_clear()
    return get_settings()


@app.command()
def run(port: _Port = None) -> None:
    """Prepare whatever changed since the last start, then serve everything on one port."""
    settings = _settings(port)
    root = Path.cwd()
    check_start(settings, root)
    with console.status("Starting …") as status:
        _build(root, lambda step: status.update(f"{step} …"))
    _serve(settings)


@app.command()
def build(force: Annotated[bool, typer.Option(help="Build although nothing changed.")] = False) -> None:
    """Build the frontend; nothing happens when no source changed."""
    with console.status("Frontend …") as status:
        _build(Path.cwd(), lambda step: status.update(f"{step} …"), force=force)


@app.command()
def serve(port: _Port = None) -> None:
    """Serve what has been built and migrated."""
    settings = _settings(port)
    check_port(settings.host, settings.port)
    _serve(settings)


def _build(root: Path, report, force: bool = False) -> None:
    built = build_frontend(root, report, force=force)
    console.print(f"  Frontend: {'built' if built else 'unchanged'}")


def _serve(settings: Settings) -> None:
    from carbot_app.serve import serve as serve_app

    serve_app(
        settings, on_ready=lambda: console.print(f"\n  CarBot is ready: {settings.effective_public_url}\n")
    )


def main() -> None:
    """Entry point: expected problems end in one sentence, Ctrl-C in none."""
    try:
        app(standalone_mode=True)
    except (StartProblem, BuildFailed, ValueError) as problem:
        sys.exit(f"CarBot: {problem}")
    except OSError as problem:
        explained = explain_os_error(problem, Path.cwd())
        if explained is problem:
            raise
        sys.exit(f"CarBot: {explained}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
