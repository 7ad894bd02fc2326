"""``carbot history``: checking the signed history of a car, without network, database or account."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="Signed histories of cars.", no_args_is_help=True)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="As the workshop handed it out.")],
    key: Annotated[
        list[str] | None,
        typer.Option(help="Fingerprint of a key of the workshop; give every one it has used."),
    ] = None,
) -> None:
    """Say of every entry whether it holds; ends with 1 and one sentence about the first that does not."""
    from carbot_app.adapters.identity.ed25519 import Ed25519Signer
    from carbot_app.domains.vehicle_history.entries import grouped
    from carbot_app.domains.vehicle_history.verification import MOST_BYTES, verify_file

    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as problem:
        typer.echo(f"CarBot: {file} cannot be read: {problem.strerror}.", err=True)
        raise typer.Exit(1) from None
    trusted = {"".join(one.split()).lower() for one in key or ()}
    verdict = verify_file(content, Ed25519Signer().holds, trusted=trusted)
    for entry in verdict.entries:
        typer.echo(_line(entry.seq, entry.content, entry.broken is None, entry.withheld))
    if verdict.broken:
        typer.echo(f"CarBot: {_plain(verdict.broken.sentence)}", err=True)
        raise typer.Exit(1)
    count = len(verdict.entries)
    typer.echo(
        f"CarBot: the history holds: {count} {'entry' if count == 1 else 'entries'}, nothing was changed."
    )
    typer.echo(f"Signed for: {_plain(verdict.workshop)}")
    for one in verdict.keys:
        typer.echo(f"Key: {grouped(one)}")
    if not trusted:
        typer.echo(
            "Whether this is the workshop's own key, only the workshop can tell. The file names "
            f"{_plain(verdict.keys_url)}: make sure the address is the workshop's, and repeat with --key."
        )


@app.command()
def check() -> None:
    """Check the history of every car here; ends with 1 and names the first entry that does not hold."""
    from carbot_app.bootstrap import get_services

    broken = get_services().vehicle_histories.verify_everywhere()
    for chain, found in broken.items():
        typer.echo(f"CarBot: {chain}: {found.sentence}", err=True)
    if broken:
        raise typer.Exit(1)
    typer.echo("CarBot: every history holds.")


@app.command(name="replace-key")
def replace_key(
    slug: Annotated[str, typer.Argument(help="Of the workshop, as in its public addresses.")],
) -> None:
    """Sign with a new key from now on; what the old one signed goes on holding."""
    from carbot_app.bootstrap import get_services
    from carbot_app.domains.vehicle_history.entries import grouped

    services = get_services()
    workshop = services.team.find_public_workshop(slug)
    if workshop is None:
        typer.echo(f"CarBot: there is no workshop {_plain(slug)}.", err=True)
        raise typer.Exit(1)
    made = services.vehicle_histories.replace_key(services.team.system_actor(workshop.id))
    typer.echo(f"CarBot: {workshop.name} signs with {grouped(made.fingerprint)} from now on.")


def _line(seq: int, content: Mapping[str, Any], holds: bool, withheld: tuple[str, ...]) -> str:
    facts = content["facts"]
    km, below = facts.get("km"), facts.get("below_km")
    odometer = f"{km:,} km" if isinstance(km, int) else ""
    notes = [f"less than {below:,} km before"] if isinstance(below, int) else []
    notes += [f"{_plain(name)} not told" for name in withheld]
    told = f"{seq:>5}  {_plain(content['on']):<10}  {_plain(content['kind']):<10}  {odometer:>12}"
    noted = f"  ({', '.join(notes)})" if notes else ""
    return f"{told}  {'holds' if holds else 'BROKEN'}{noted}"


def _plain(text: str) -> str:
    """Text of a stranger for a terminal: nothing that could move the cursor or colour a sentence."""
    return "".join(letter if letter.isprintable() else "?" for letter in text[:200])
