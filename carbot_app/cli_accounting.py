"""``carbot accounting``: the file of a month for the tax adviser, without the page."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from carbot_app.kit.errors import AppError
from carbot_app.kit.i18n import translate

app = typer.Typer(help="Accounting.", no_args_is_help=True)


@app.callback()
def accounting() -> None:
    """Keep ``datev`` a sub-command although it is the only one."""


@app.command()
def datev(
    month: Annotated[datetime, typer.Option(formats=["%Y-%m"], help="Month as 2026-11.")],
    workshop: Annotated[str, typer.Option(help="Its name in addresses, mueller-dortmund.")],
    out: Annotated[Path, typer.Option(help="Folder to write into.")] = Path(),
    payments: Annotated[bool, typer.Option(help="Also money received, cash discounts and losses.")] = True,
    expenses: Annotated[bool, typer.Option(help="Also invoices of suppliers.")] = True,
) -> None:
    """Write the booking batch of a month; it balances to the cent or nothing is written."""
    from carbot_app.bootstrap import get_services

    services = get_services()
    try:
        actor = services.team.system_actor(services.team.get_public_workshop(workshop).id)
        file = services.accounting.export_datev(actor, month.date(), payments=payments, expenses=expenses)
    except AppError as error:
        typer.echo(f"CarBot: {translate('en', error.message_key, **error.params)}", err=True)
        raise typer.Exit(1) from None
    (out / file.name).write_bytes(file.content)
    typer.echo(f"CarBot: {out / file.name}")
