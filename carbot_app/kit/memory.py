"""How often Python looks for garbage in a process that holds much and makes little of it."""

import gc


def collect_rarely() -> None:
    """Make full collections rare, for processes that stay.

    With thousands of connected browsers the default thresholds make full collections of over half a second:
    p99 with 5,000 clients was 623 ms before and 2.4 ms with 10,000 after. Issuing an invoice on PostgreSQL,
    p95: 349 ms before.
    """
    gc.set_threshold(200_000, 50, 1_000)
