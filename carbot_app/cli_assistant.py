"""``carbot assistant``: how good the assistant's understanding and its conversations are."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The assistant that answers customers.", no_args_is_help=True)


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


@app.command()
def dialogues(
    file: Annotated[
        Path, typer.Argument(help="Scripted conversations (YAML), see tests/evaluation/README.md.")
    ],
    details: Annotated[bool, typer.Option(help="Name what went wrong in every script.")] = False,
) -> None:
    """Play scripted conversations on an empty database of its own and print what came of them as JSON."""
    import yaml

    from carbot_app.rehearsal import rehearse

    try:
        scripts = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as reason:
        typer.echo(f"CarBot: {file} cannot be read: {reason.strerror}.", err=True)
        raise typer.Exit(1) from None
    except yaml.YAMLError as reason:
        typer.echo(f"CarBot: {file} is no YAML: {reason}.", err=True)
        raise typer.Exit(1) from None
    report = rehearse(scripts)
    if not details:
        report.pop("unsolved")
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
