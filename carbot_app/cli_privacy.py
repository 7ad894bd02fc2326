"""``carbot privacy``: what has to be done by hand after a backup was restored."""

import typer

app = typer.Typer(help="Privacy.", no_args_is_help=True)


@app.callback()
def privacy() -> None:
    """Keep ``reapply`` a sub-command although it is the only one."""


@app.command()
def reapply() -> None:
    """Forget again everybody a restored backup brought back."""
    from carbot_app.bootstrap import get_services

    count = get_services().privacy.erasures.reapply()
    typer.echo(f"CarBot: forgotten again: {count}.")
