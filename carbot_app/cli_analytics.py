"""``carbot analytics``: the events behind the dashboard and their sums."""

import typer

app = typer.Typer(help="Events and sums behind the dashboard.", no_args_is_help=True)


@app.command()
def collect() -> None:
    """Look through all records and write the events that are missing; doing it again adds nothing."""
    from carbot_app.bootstrap import get_services

    written = get_services().event_collector.collect_everywhere()
    typer.echo(f"CarBot: {written} events written.")


@app.command()
def rebuild() -> None:
    """Make the sums anew from the events, and say which were wrong."""
    from carbot_app.bootstrap import get_services

    wrong = get_services().event_collector.rebuild()
    for one in wrong:
        typer.echo(f"CarBot: {one.workshop}: {one.wrong} sums were wrong and have been put right.")
    if not wrong:
        typer.echo("CarBot: every sum was right.")


@app.command()
def verify() -> None:
    """Compare the sums with the events; ends with 1 when they differ."""
    from carbot_app.bootstrap import get_services

    wrong = get_services().event_collector.verify()
    for one in wrong:
        typer.echo(
            f"CarBot: {one.workshop}: {one.wrong} sums are wrong; `carbot analytics rebuild`.", err=True
        )
    if wrong:
        raise typer.Exit(1)
    typer.echo("CarBot: every sum is right.")
