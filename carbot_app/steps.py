"""Progress on the terminal: what is running now, and one line for each thing done."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Steps:
    """Named steps, some of them at the same time; quiet redrawing on a terminal, plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("")
        self._running: dict[str, str] = {}

    def __enter__(self) -> "Steps":
        self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._status.stop()

    def tell(self, name: str, detail: str) -> None:
        """Show what a step is doing now."""
        self._running[name] = f"{name}: {detail}" if detail else name
        self._status.update(" · ".join(self._running.values()))

    def done(self, name: str, outcome: str) -> None:
        """Leave a line behind for a finished step."""
        self._running.pop(name, None)
        self._status.update(" · ".join(self._running.values()))
        self._console.print(f"  [green]✓[/green] {name:<14} {outcome}")

    @contextmanager
    def step(self, name: str, detail: str = "") -> Iterator[list[str]]:
        """A step around a block; append to the given list to say more than how long it took."""
        self.tell(name, detail)
        started = time.monotonic()
        words: list[str] = []
        yield words
        self.done(name, "; ".join([*words, f"{time.monotonic() - started:.1f} s"]))
