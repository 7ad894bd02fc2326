"""Batches on the server's clock: once, in order, gap-free, whatever the agent's clock does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbot_app.domains.diagnostics.collecting import CarClock, Collector, Flooding, Missing
from carbot_app.domains.diagnostics.recording import BLOCK_MS
from carbot_app.domains.diagnostics.wire import Row, Samples

NOW = 1_760_000_000_000
HOUR = 3_600_000
RPM = 0x0C


def batch(seq: int, base_ms: int, *rows: Row) -> Samples:
    return Samples("car", seq, base_ms, rows or ((0, RPM, 800.0), (90, RPM, 805.0)))


def collector(offset_ms: int = NOW, last_seq: int = 0) -> Collector:
    return Collector(last_seq, CarClock(offset_ms))


def test_a_batch_lands_on_the_servers_clock() -> None:
    car = collector()
    taken = car.add(batch(1, 500), NOW + 600)
    assert taken is not None
    assert taken.begin_ms == NOW + 500
    block = car.take()
    assert block is not None
    assert (block.first_seq, block.last_seq, block.starts_ms, block.span_ms) == (1, 1, NOW + 500, 90)
    assert block.rows == ((0, RPM, 800.0), (90, RPM, 805.0))
    assert car.take() is None


def test_a_batch_that_comes_twice_counts_once() -> None:
    car = collector(last_seq=4)
    assert car.add(batch(4, 0), NOW + 100) is None
    assert car.add(batch(5, 0), NOW + 100) is not None
    assert car.add(batch(5, 0), NOW + 100) is None
    block = car.take()
    assert block is not None
    assert len(block.rows) == 2


def test_a_batch_out_of_order_is_refused_with_the_one_wanted() -> None:
    car = collector()
    car.add(batch(1, 0), NOW + 100)
    with pytest.raises(Missing) as missing:
        car.add(batch(3, 200), NOW + 300)
    assert missing.value.expected == 2
    car.add(batch(2, 100), NOW + 300)
    assert car.add(batch(3, 200), NOW + 300) is not None


def test_batches_the_agent_has_lost_are_counted_and_not_waited_for() -> None:
    car = collector()
    car.add(batch(1, 0), NOW + 100)
    car.lose(9)
    car.lose(3)
    assert car.add(batch(10, 60_000), NOW + 60_100) is not None
    block = car.take()
    assert block is not None
    assert (block.first_seq, block.last_seq, block.batches_lost) == (1, 10, 8)
    car.lose(12)
    block = car.take()
    assert block is not None
    assert (block.rows, block.batches_lost) == ((), 2)


def test_ten_seconds_make_a_block_also_when_nothing_more_comes() -> None:
    car = collector()
    for number in range(100):
        car.add(batch(number + 1, number * 100), NOW + number * 100 + 95)
        assert not car.is_due(NOW + number * 100 + 95)
    car.add(batch(101, BLOCK_MS), NOW + BLOCK_MS + 95)
    assert car.is_due(NOW + BLOCK_MS + 95)
    car.take()
    assert not car.is_due(NOW + 2 * BLOCK_MS)
    car.add(batch(102, BLOCK_MS + 100), NOW + BLOCK_MS + 200)
    assert not car.is_due(NOW + BLOCK_MS + 300)
    assert car.is_due(NOW + 2 * BLOCK_MS + 200)


def test_what_was_buffered_for_an_hour_becomes_whole_blocks_and_keeps_its_time() -> None:
    car = collector()
    blocks = []
    for number in range(1000):
        car.add(batch(number + 1, number * 100), NOW + HOUR)
        if car.is_due(NOW + HOUR):
            blocks.append(car.take())
    assert len(blocks) == 9
    assert [block.starts_ms for block in blocks if block][:2] == [NOW, NOW + 10_100]
    assert car.clock.jumps == 0


def test_values_no_car_can_mean_are_dropped() -> None:
    car = collector()
    rows: tuple[Row, ...] = ((0, RPM, 800.0), (1, RPM, 99_999.0), (2, 0x05, -41.0), (3, 0xFE, 1.0))
    taken = car.add(batch(1, 0, *rows), NOW + 50)
    assert taken is not None
    assert taken.rows == ((0, RPM, 800.0),)
    assert car.latest == {RPM: 800.0}


def test_more_than_a_car_can_say_is_a_flood() -> None:
    car = collector()
    rows = tuple((0, RPM, 800.0) for _ in range(2000))

    def flood() -> None:
        for seq in range(1, 100):
            car.add(batch(seq, seq, *rows), NOW + seq)

    with pytest.raises(Flooding):
        flood()
    assert car.last_seq < 30


def test_empty_batches_are_a_flood_too() -> None:
    car = collector()

    def flood() -> None:
        for seq in range(1, 100_000):
            car.add(Samples("car", seq, 0, ()), NOW)

    with pytest.raises(Flooding):
        flood()


@pytest.mark.parametrize("jump_ms", [HOUR, -HOUR, 30 * 24 * HOUR, -30 * 24 * HOUR, 10**15])
def test_a_clock_that_jumps_is_corrected_once_and_readings_stay_in_order(jump_ms: int) -> None:
    agent_ms = 10**16  # some clock of its own
    car = Collector(0, CarClock(NOW - agent_ms))
    begins = []
    for number in range(50):
        told = agent_ms + number * 100 + (jump_ms if number >= 25 else 0)
        taken = car.add(batch(number + 1, told), NOW + number * 100 + 95)
        assert taken is not None
        begins.append(taken.begin_ms)
    assert car.clock.jumps == 1
    assert begins == sorted(begins)
    assert all(abs(begin - (NOW + number * 100)) <= 100 for number, begin in enumerate(begins))


def test_jitter_after_a_reconnect_is_no_jump() -> None:
    clock = CarClock(NOW, last_ms=NOW + 1_000)
    assert clock.place(980, 50, NOW + 1_100) == NOW + 1_000
    assert clock.place(1_100, 50, NOW + 1_200) == NOW + 1_100
    assert clock.jumps == 0


def test_an_instant_out_of_reason_is_now() -> None:
    clock = CarClock(NOW)
    assert clock.at(500, NOW + 600) == NOW + 500
    assert clock.at(10**12, NOW + 600) == NOW + 600


@given(st.lists(st.tuples(st.integers(0, 2**53), st.integers(0, 60_000)), max_size=30))
def test_time_never_runs_backwards_or_ahead_of_now(batches: list[tuple[int, int]]) -> None:
    clock, last, now = CarClock(0), 0, NOW
    for base, span in batches:
        begin = clock.place(base, span, now)
        assert begin >= last
        last = begin + span
        now = max(now + 100, last)
        assert last <= now + 2_000
