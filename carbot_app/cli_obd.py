"""``carbot obd-agent``: brings cars near this machine to a CarBot server."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

BUFFER_DIR = Path.home() / ".carbot" / "obd"


def obd_agent(
    server: Annotated[str, typer.Option(help="Address of CarBot, https://werkstatt.example.")],
    token: Annotated[
        str, typer.Option(envvar="CARBOT_OBD_TOKEN", help="Created under Diagnose; shown there once.")
    ],
    adapter: Annotated[
        list[str] | None,
        typer.Option(
            help="socket://192.168.0.10:35000, /dev/ttyUSB0, /dev/rfcomm0 or COM3; may be repeated."
        ),
    ] = None,
    buffer_mb: Annotated[int, typer.Option(help="Keep at most so much while offline.", min=1)] = 64,
    buffer_dir: Annotated[
        Path,
        typer.Option(envvar="CARBOT_OBD_BUFFER", help="Where it is kept, to outlive a crash or a restart."),
    ] = BUFFER_DIR,
) -> None:
    """Read the cars plugged into adapters here and send what they say; only connects outwards."""
    # The library for serial lines and python-OBD are heavy; the other commands start without them.
    from carbot_app.adapters.obd.agent import Agent, AgentEnded
    from carbot_app.adapters.obd.finding import find_adapters

    addresses = adapter or find_adapters()
    if not addresses:
        typer.echo("CarBot: no adapter was found; plug it in or name it with --adapter.", err=True)
        raise typer.Exit(1)
    try:
        agent = Agent(
            server, token, addresses, typer.echo, most_bytes=buffer_mb * 1024 * 1024, folder=buffer_dir
        )
        asyncio.run(agent.run())
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    except AgentEnded as ending:
        typer.echo(f"CarBot: {ending}", err=True)
        raise typer.Exit(1) from None
