"""``carbot leads``: how good the scoring of leads is."""

import json
from dataclasses import asdict
from typing import Annotated

import typer

app = typer.Typer(help="The scoring of leads.", no_args_is_help=True)


@app.callback()
def leads() -> None:
    """Keep ``evaluate`` a sub-command although it is the only one."""


@app.command()
def evaluate(
    workshop: Annotated[str, typer.Option(help="Slug of one workshop; without it all of them.")] = "",
) -> None:
    """Learn from what ended and print the Brier scores on held-back leads as JSON; nothing is stored."""
    # Services and training libraries are heavy; the other commands start without them.
    from sqlmodel import select

    from carbot_app.bootstrap import get_services
    from carbot_app.db.session import SYSTEM
    from carbot_app.domains.team.models import Workshop

    services = get_services()
    query = select(Workshop.id, Workshop.slug).order_by(Workshop.slug)
    if workshop:
        query = query.where(Workshop.slug == workshop)
    with services.db.reading(SYSTEM) as session:
        found = session.exec(query).all()
    if workshop and not found:
        typer.echo(f"CarBot: there is no workshop {workshop!r}.", err=True)
        raise typer.Exit(1)
    reports = {}
    for workshop_id, slug in found:
        report = asdict(services.lead_training.evaluate(services.team.system_actor(workshop_id)))
        reports[slug] = {
            name: value for name, value in report.items() if name not in {"version", "trained_at"}
        }
    typer.echo(json.dumps(reports, ensure_ascii=False, indent=2))
