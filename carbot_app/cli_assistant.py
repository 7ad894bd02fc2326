"""``carbot assistant``: how good the assistant's understanding is."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The assistant that answers customers.", no_args_is_help=True)


@app.callback()
def assistant() -> None:
    """Keep ``evaluate`` a sub-command although it is the only one."""


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="Labelled messages, one JSON object a line (JSONL).")],
) -> None:
    """Score the assistant's understanding of labelled messages and print the report as JSON."""
    # Training libraries are heavy; the other commands start without them.
    from carbot_app.domains.conversations.nlu.analyser import MessageAnalyser
    from carbot_app.domains.conversations.nlu.evaluation import evaluate as score

    try:
        lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as reason:
        typer.echo(f"CarBot: {file} cannot be read: {reason.strerror}.", err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps(score(lines, MessageAnalyser.load()), ensure_ascii=False, indent=2))
