"""Page events with many connected browsers: the booking page with 10,000, the inbox filter with 500."""

import resource

from bench.harness import machine, milliseconds, record, running
from bench.reflex_clients import Load, Outcome, run

STATE = "reflex___state____state.carbot_app___state___{module}____{state}.{handler}"


def booking_page(clients: int = 10_000, seconds: float = 60) -> None:
    """Visitors on the booking page; each has one field checked every 30 s."""
    _raise_file_limit()
    setting = machine()
    with running(public_rate_per_minute="1000000") as server:
        outcome = run(
            Load(
                host=server.host,
                port=server.port,
                path="/w/mueller-dortmund/termin/",
                clients=clients,
                event=STATE.format(module="booking", state="booking_state", handler="check"),
                payloads=[
                    {"field": "email", "value": "kunde@example.com"},
                    {"field": "email", "value": "kunde@"},
                ],
                answer="errors_rx_state_",
                think_seconds=30,
                seconds=seconds,
                ramp_per_second=80,
            )
        )
        memory = server.memory_mb()
    record(
        "browsers_10k",
        load=f"{clients} browsers on the booking page, one event each per 30 s, {seconds:.0f} s, one process",
        target="0 errors, p95 <= 50 ms, <= 4096 MB",
        baseline="bare framework: p95 1.5 ms, 2.8 GB",
        result={**summary(outcome), "memory_mb": memory},
        setting=setting,
    )


def inbox_filter(clients: int = 500, seconds: float = 40) -> None:
    """Staff browsers on the inbox; each changes the filter every 10 s."""
    setting = machine()
    with running() as server:
        outcome = run(
            Load(
                host=server.host,
                port=server.port,
                path="/posteingang/",
                clients=clients,
                event=STATE.format(module="inbox", state="inbox_state", handler="pick_view"),
                payloads=[{"view": view} for view in ("hot", "open", "done", "all")],
                answer="rows_rx_state_",
                think_seconds=10,
                seconds=seconds,
                ramp_per_second=40,
                cookie=server.sign_in(),
            )
        )
        memory = server.memory_mb()
    record(
        "inbox_filter",
        load=f"{clients} signed-in browsers on the inbox, one filter change each per 10 s, {seconds:.0f} s",
        target="p95 <= 60 ms",
        baseline="bare framework, one integer of state: p95 3.4 ms with 5,000 browsers",
        result={**summary(outcome), "memory_mb": memory},
        setting=setting,
    )


def summary(outcome: Outcome) -> dict:
    """Counts and durations as results are written."""
    return {
        "connected": outcome.connected,
        "errors": sum(outcome.errors.values()),
        "error_kinds": outcome.errors,
        "events": milliseconds(outcome.events),
        "connect": milliseconds(outcome.connect),
    }


def _raise_file_limit() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
