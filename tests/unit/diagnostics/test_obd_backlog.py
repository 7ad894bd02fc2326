"""What an agent keeps while the line is down."""

import orjson

from carbot_app.adapters.obd.agent import agent_url
from carbot_app.adapters.obd.backlog import Backlog
from carbot_app.domains.diagnostics.wire import Samples, Start, State


def drain(backlog: Backlog) -> list[tuple[str, int]]:
    said = []
    while (frame := backlog.next()) is not None:
        message = orjson.loads(frame)
        said.append((message["t"], message.get("seq", 0)))
    return said


def filled(batches: int, most_bytes: int = 10_000_000) -> Backlog:
    backlog = Backlog(most_bytes)
    backlog.add(Start("car", "WVWZZZ1KZAW000001"))
    for seq in range(1, batches + 1):
        backlog.add(Samples("car", seq, 1000 * seq, ((0, 0x0C, 800.0),)))
    return backlog


def test_nothing_follows_start_before_the_server_has_answered_it() -> None:
    backlog = filled(3)
    assert drain(backlog) == [("start", 0)]
    backlog.confirm("car", 0)
    assert drain(backlog) == [("samples", 1), ("samples", 2), ("samples", 3)]


def test_what_is_not_confirmed_is_sent_again_in_order_after_a_break() -> None:
    backlog = filled(4)
    drain(backlog)
    backlog.confirm("car", 0)
    drain(backlog)
    backlog.confirm("car", 1)
    backlog.reconnect()
    backlog.add(State("car", "connected"))
    assert drain(backlog) == [("start", 0)]
    backlog.confirm("car", 2)  # the last confirmation had been lost
    assert drain(backlog) == [("samples", 3), ("samples", 4), ("state", 0)]


def test_batches_the_server_misses_are_sent_again() -> None:
    backlog = filled(4)
    drain(backlog)
    backlog.confirm("car", 0)
    drain(backlog)
    backlog.send_again("car", 3)
    assert drain(backlog) == [("samples", 3), ("samples", 4)]


def test_beyond_the_bound_the_oldest_go_and_the_server_is_told() -> None:
    backlog = filled(100, most_bytes=2000)
    assert backlog.size <= 2000
    assert backlog.lost > 0
    drain(backlog)
    backlog.confirm("car", 0)
    said = drain(backlog)
    assert said[0] == ("lost", backlog.lost)
    assert said[1:] == [("samples", seq) for seq in range(backlog.lost + 1, 101)]


def test_what_was_lost_but_had_arrived_is_not_called_lost() -> None:
    backlog = filled(100, most_bytes=2000)
    drain(backlog)
    backlog.confirm("car", backlog.lost)
    assert drain(backlog)[0] == ("samples", backlog.lost + 1)


def test_a_car_that_has_ended_is_forgotten_when_all_is_confirmed() -> None:
    backlog = filled(2)
    backlog.add(State("car", "ended"))
    drain(backlog)
    backlog.confirm("car", 0)
    assert drain(backlog)[-1] == ("state", 0)
    assert backlog.size > 0
    backlog.confirm("car", 2)
    backlog.reconnect()
    assert drain(backlog) == []
    assert backlog.size == 0


def test_a_book_the_server_has_closed_is_not_offered_again() -> None:
    backlog = filled(2)
    drain(backlog)
    backlog.add(State("car", "ended"))
    backlog.finish("car")
    backlog.confirm("car", 0)
    assert drain(backlog) == [("state", 0)]
    backlog.introduce("car")
    assert drain(backlog) == []


def test_a_start_that_has_learnt_the_vin_is_said_again() -> None:
    backlog = filled(0)
    drain(backlog)
    backlog.add(Start("car", "WVWZZZ1KZAW000001"))
    assert drain(backlog) == []
    backlog.add(Start("car", "WVWZZZ1KZAW000001", (0x0C,)))
    assert drain(backlog) == [("start", 0)]


def test_the_address_of_the_server_is_understood_as_people_write_it() -> None:
    for written in ("werkstatt.example", "https://werkstatt.example/", "wss://werkstatt.example"):
        assert agent_url(written) == "wss://werkstatt.example/api/diagnostics/agent"
    assert agent_url("http://localhost:3000") == "ws://localhost:3000/api/diagnostics/agent"
