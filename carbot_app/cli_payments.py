"""``carbot payments``: handle news of the provider again, compare the books."""

from datetime import timedelta
from typing import Annotated

import typer

app = typer.Typer(help="Payments.", no_args_is_help=True)


@app.command()
def replay(
    hours: Annotated[int, typer.Option(help="How far back.", min=1)] = 72,
    everything: Annotated[bool, typer.Option("--all", help="Also what was handled already.")] = False,
) -> None:
    """Handle stored webhook calls again; nothing is booked twice."""
    from carbot_app.bootstrap import get_services

    services = get_services()
    done = services.payments.events.replay(services.clock() - timedelta(hours=hours), everything=everything)
    typer.echo(f"CarBot: handled {done.handled}, left {done.failed}.")
    if done.failed:
        raise typer.Exit(1)


@app.command()
def reconcile() -> None:
    """Compare the last days with the provider's books, as every night."""
    from carbot_app.bootstrap import get_services

    found = get_services().payments.reconciliation.run()
    typer.echo(f"CarBot: looked at {found.looked_at}, booked {found.booked}, to look at {found.flagged}.")
