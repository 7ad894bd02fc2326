"""Which values are asked for next."""

from carbot_app.adapters.obd.schedule import Schedule


def always(pid: int) -> bool:
    return True


def play(schedule: Schedule, seconds: float, request: float, batch: int) -> dict[int, int]:
    """How often each PID is read when a request takes so long."""
    counts: dict[int, int] = {}
    now = 100.0
    while now < 100 + seconds:
        due = schedule.due(now, always)[:batch]
        schedule.note(due, now)
        for pid in due:
            counts[pid] = counts.get(pid, 0) + 1
        now += request if due else max(schedule.wait(now, always) or 0.0, 0.001)
    return counts


def test_values_come_as_often_as_wanted_where_the_adapter_is_fast_enough() -> None:
    counts = play(Schedule({0x0C: 10, 0x0D: 5, 0x05: 0.5}), 20, 0.05, 6)
    assert 190 <= counts[0x0C] <= 210
    assert 95 <= counts[0x0D] <= 200
    assert 9 <= counts[0x05] <= 22


def test_too_much_for_the_adapter_is_shared_by_the_wanted_rates_and_nothing_starves() -> None:
    wanted = dict.fromkeys(range(12), 10.0) | {0x40: 0.5}
    counts = play(Schedule(wanted), 30, 0.055, 1)
    assert counts[0x40] >= 1
    frequent = [counts[pid] for pid in range(12)]
    assert max(frequent) - min(frequent) <= 2


def test_rare_values_ride_along_in_a_request_that_has_room() -> None:
    schedule = Schedule({1: 10, 2: 8})
    schedule.note([1, 2], 100)
    assert schedule.due(100.1, always) == [1, 2]
    schedule.note([1], 100.1)
    assert schedule.due(100.11, always) == []


def test_what_the_car_does_not_have_is_never_asked() -> None:
    schedule = Schedule({1: 10, 2: 10})
    assert schedule.due(100, lambda pid: pid == 2) == [2]
    assert schedule.wait(100, lambda pid: False) is None


def test_new_rates_hold_at_once() -> None:
    schedule = Schedule({1: 1})
    schedule.note([1], 100)
    schedule.change({1: 10, 2: 1})
    assert schedule.due(100.05, always) == [2]
    schedule.change({})
    assert schedule.due(200, always) == []
