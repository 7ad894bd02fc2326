"""The ``carbot`` command."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from carbot_app.build.frontend import BUILD_DIR, FrontendBuild
from carbot_app.build.node import BuildFailed
from carbot_app.build.preflight import (
    StartProblem,
    check_port,
    check_start,
    explain_database_error,
    explain_os_error,
)
from carbot_app.build.widget import build_widget
from carbot_app.cli_accounting import app as accounting_app
from carbot_app.cli_analytics import app as analytics_app
from carbot_app.cli_assistant import app as assistant_app
from carbot_app.cli_audit import app as audit_app
from carbot_app.cli_history import app as history_app
from carbot_app.cli_leads import app as leads_app
from carbot_app.cli_obd import obd_agent
from carbot_app.cli_payments import app as payments_app
from carbot_app.cli_privacy import app as privacy_app
from carbot_app.config import Settings, get_settings
from carbot_app.demo.cast import PASSWORD, SLUG, TEAM
from carbot_app.steps import Steps

app = typer.Typer(
    help="CarBot, the digital front desk of car workshops.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(accounting_app, name="accounting")
app.add_typer(analytics_app, name="analytics")
app.add_typer(assistant_app, name="assistant")
app.add_typer(leads_app, name="leads")
app.add_typer(payments_app, name="payments")
app.add_typer(privacy_app, name="privacy")
app.add_typer(audit_app, name="audit")
app.add_typer(history_app, name="history")
app.command()(obd_agent)
console = Console(highlight=False)

Port = Annotated[int | None, typer.Option(help="Listen here instead of CARBOT_PORT.", min=1, max=65535)]
_INTERRUPTED = 130


@app.command()
def run(port: Port = None) -> None:
    """Prepare whatever changed since the last start, then serve everything on one port."""
    from carbot_app.prepare import prepare

    with plain_endings():
        settings = _settings(port)
        check_start(settings, Path.cwd())
        with Steps(console) as steps:
            prepare(settings, Path.cwd(), steps)
    # A fresh process serves: training and demo leave memory and OpenMP threads that must not be forked
    _become("serve", "--welcome")


@app.command()
def serve(
    port: Port = None,
    welcome: Annotated[bool, typer.Option("--welcome", help="Print addresses and demo logins.")] = False,
) -> None:
    """Serve what has been built and migrated."""
    from carbot_app.serve import serve as serve_app

    with plain_endings():
        settings = _settings(port)
        check_port(settings.host, settings.port)
        serve_app(settings, on_ready=lambda: _greet(settings) if welcome else None)


@app.command()
def build(force: Annotated[bool, typer.Option(help="Build although nothing changed.")] = False) -> None:
    """Build widget and frontend; nothing happens when no source changed."""
    with plain_endings(), Steps(console) as steps:
        with steps.step("Widget") as words:
            words.append("built" if build_widget(Path.cwd(), BUILD_DIR) else "unchanged")
        with steps.step("Frontend") as words, FrontendBuild(Path.cwd(), force) as frontend:
            built = frontend.wait(lambda detail: steps.tell("Frontend", detail))
            words.append("built" if built else "unchanged")


@app.command()
def migrate() -> None:
    """Bring database and language model up to date, and load the demo into an empty database."""
    from carbot_app.prepare import prepare_backend

    with plain_endings(), Steps(console) as steps:
        prepare_backend(_settings(), steps)


@app.command()
def worker() -> None:
    """Deliver events, mails and pushes outside the web processes (CARBOT_JOBS=worker); Ctrl-C ends it."""
    from carbot_app.bootstrap import get_services
    from carbot_app.jobs.runtime import Runtime
    from carbot_app.kit.memory import collect_rarely

    with plain_endings():
        collect_rarely()
        runtime = Runtime(get_services())
        runtime.start()
        console.print("CarBot worker is delivering. Ctrl-C stops it.")
        try:
            signal.pause()
        finally:
            runtime.stop()


@contextmanager
def plain_endings() -> Iterator[None]:
    """Expected problems end in one sentence, Ctrl-C and SIGTERM in none."""
    from sqlalchemy.exc import OperationalError

    from carbot_app.db.migrate import DatabaseTooNew

    for stopping in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopping, _interrupt)
    try:
        yield
    except KeyboardInterrupt:
        raise typer.Exit(_INTERRUPTED) from None
    except DatabaseTooNew:
        _fail("The database was last used by a newer CarBot; start that version or restore a backup.")
    except (StartProblem, BuildFailed) as problem:
        _fail(str(problem))
    except OperationalError as problem:
        _fail(explain_database_error(str(problem.orig)))
    except OSError as problem:
        explained = explain_os_error(problem, Path.cwd())
        if explained is problem:
            raise
        _fail(str(explained))


def _interrupt(signum: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _fail(sentence: str) -> NoReturn:
    typer.echo(f"CarBot: {sentence}", err=True)
    raise typer.Exit(1)


def _settings(port: int | None = None) -> Settings:
    """Settings with the port from the command line, for this process and all it starts.

    Raises:
        StartProblem: a setting has a value it cannot have.
    """
    if port:
        os.environ["CARBOT_PORT"] = str(port)
        get_settings.cache_clear()
    try:
        return get_settings()
    except ValueError as problem:
        raise StartProblem(_first_setting(problem)) from None


def _first_setting(problem: ValueError) -> str:
    errors = getattr(problem, "errors", None)
    if errors is None:
        return str(problem)
    first = errors()[0]
    name = "_".join(str(part) for part in first["loc"]).upper()
    return f"CARBOT_{name} cannot be {first['input']!r}: {first['msg']}."


def _become(*arguments: str) -> NoReturn:
    os.execv(sys.executable, [sys.executable, "-m", "carbot_app.cli", *arguments])  # noqa: S606


def _greet(settings: Settings) -> None:
    address = settings.effective_public_url
    console.print(f"\n  [bold]CarBot is ready:[/bold] {address}\n")
    if settings.demo:
        console.print(f"  Booking page  {address}/w/{SLUG}/termin")
        console.print(f"  Chat          {address}/w/{SLUG}/chat")
        console.print(f"  API           {address}/api/docs\n")
        for name, email, role in TEAM:
            console.print(f"  {role:<12}  {email:<30} {name}")
        console.print(f"  Password of everybody in the demo: {PASSWORD}\n")
    console.print("  Ctrl-C stops it.\n")


def main() -> None:
    """Entry point of the installed command."""
    app()


if __name__ == "__main__":
    main()
