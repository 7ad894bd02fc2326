"""The dashboard as a person meets it: its page on a phone, and how soon figures answer a click."""

from bench.harness import machine, record, running
from bench.page_events import STATE, summary
from bench.public_pages import install_lighthouse, measure
from bench.reflex_clients import Load, run

PAGE = "/auswertung/"


def dashboard_event(clients: int = 10, seconds: float = 100) -> None:
    """People on the dashboard; each chooses another period every 10 s. Tiles come first, so they count."""
    setting = machine()
    with running() as server:
        server.settle()
        outcome = run(
            Load(
                host=server.host,
                port=server.port,
                path=PAGE,
                clients=clients,
                event=STATE.format(module="dashboard", state="dashboard_state", handler="pick_period"),
                payloads=[{"period": period} for period in ("7", "30", "quartal")],
                answer="tiles_rx_state_",
                think_seconds=10,
                seconds=seconds,
                ramp_per_second=5,
                cookie=server.sign_in(),
            )
        )
    record(
        "dashboard_event",
        load=f"{clients} people on the dashboard, the server settled, one change of its period each per 10 s",
        target="p95 <= 60 ms until the fifteen tiles and the story have changed",
        baseline="the page before: four tiles read from the records themselves",
        result=summary(outcome),
        setting=setting,
    )


def dashboard_lighthouse(runs: int = 5) -> None:
    """Lighthouse on the dashboard of somebody who is signed in, as a phone on a slow network.

    It is looked at once before: what a server answers first after its start is not what it answers all day.
    """
    setting = machine()
    command = install_lighthouse()
    with running() as server:
        cookie = server.sign_in()
        measure(command, server.url + PAGE, 1, cookie)
        result = measure(command, server.url + PAGE, runs, cookie)
    record(
        "dashboard_lighthouse",
        load="Lighthouse 12 mobile, simulated slow network, no window frame, signed in, on a warm server, "
        f"median of {runs}",
        target="performance >= 95; figures are in the HTML, so first contentful paint <= 1200 ms shows them",
        baseline="Reflex sends figures over the websocket, after some 200 KB of scripts",
        result=result,
        setting=setting,
    )
