"""``carbot audit``: whether anybody has changed what was recorded about documents and money."""

import typer

app = typer.Typer(help="Audit chain.", no_args_is_help=True)


@app.callback()
def audit() -> None:
    """Keep ``verify`` a sub-command although it is the only one."""


@app.command()
def verify() -> None:
    """Check the audit chain of every workshop; ends with 1 and names the first entry that was changed."""
    from carbot_app.bootstrap import get_services

    broken = get_services().invoices.verify_everywhere()
    for workshop, entry in broken.items():
        typer.echo(f"CarBot: {workshop}: entry {entry} or one before it was changed.", err=True)
    if broken:
        raise typer.Exit(1)
    typer.echo("CarBot: every audit chain is whole.")
