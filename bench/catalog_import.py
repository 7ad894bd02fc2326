"""Importing a catalogue of ten thousand rows: seconds and memory of every step, on SQLite."""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.harness import ROOT, machine, record

ROWS = 10_000


def catalog_import() -> None:
    """A process for each format, so that each has its own peak of memory."""
    setting = machine()
    result = {form: _measured(form) for form in ("xlsx", "csv")}
    record(
        "catalog_import",
        load=f"{ROWS} rows, all columns of the export, names and descriptions in four languages; "
        "500 services known, a third of them changed; then the same file again, SQLite",
        target="read + preview + apply < 10 s",
        baseline="first version, every new row through the unit of work"
        ": csv 16.1 s at load 6.6 on the same machine",
        result=result,
        setting=setting,
    )


def _measured(form: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.catalog_import", form]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def _import(form: str) -> dict[str, Any]:
    from carbot_app.db.migrate import migrate
    from carbot_app.db.session import Database
    from carbot_app.domains.catalog.imports import CatalogImport
    from carbot_app.domains.catalog.service import CatalogService
    from tests.factories import make_workshop, staff_of

    with tempfile.TemporaryDirectory(prefix="carbot-bench-") as folder:
        db = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate(db.engine)
        workshop = make_workshop(db)
        with db.writing(workshop.id) as session:
            CatalogService(db=db).load_library(session, workshop.id)
        actor, imports = staff_of(workshop), CatalogImport(db=db, catalog=CatalogService(db=db))
        content = _large(imports.export(actor, form=form), form)
        before = _peak_mb()
        seconds: dict[str, float] = {}
        draft = _timed(seconds, "read", lambda: imports.read(actor, content, f"large.{form}"))
        preview = _timed(seconds, "preview", lambda: imports.preview(actor, draft, draft.mapping))
        assert (preview.new, preview.errors) == (ROWS - 500, 0), preview.rows[:3]
        _timed(seconds, "apply", lambda: imports.apply(actor, preview))
        total = sum(seconds.values())
        peak = _peak_mb()
        again = _timed(seconds, "preview_again", lambda: imports.preview(actor, draft, draft.mapping))
        assert again.unchanged == ROWS
        _timed(seconds, "export", lambda: imports.export(actor, form=form))
        db.close()
    return {
        "read_preview_apply_seconds": round(total, 2),
        "seconds": {name: round(value, 2) for name, value in seconds.items()},
        "file_mb": round(len(content) / 2**20, 1),
        "memory_before_mb": before,
        "memory_peak_mb": peak,
        "new": preview.new,
        "changed": preview.changed,
    }


def _large(exported: bytes, form: str) -> bytes:
    """The library twenty times, other codes and prices; a third of the known ones with another price."""
    from carbot_app.domains.catalog.sheets import read_sheet, write_csv, write_xlsx

    sheet, chance = read_sheet(exported, f"library.{form}"), random.Random(7)
    price, links, words = (sheet.header.index(title) for title in ("Preis bis", "Passt dazu", "Suchwörter"))
    rows = []
    for number in range(ROWS):
        row = list(sheet.rows[number % len(sheet.rows)])
        if number >= len(sheet.rows):
            row[0], row[links], row[words] = f"{row[0][:7]}-{number:05}", "", row[words][:60]
        if number >= len(sheet.rows) or number % 3 == 0:
            row[price] = f"{90_000 + chance.randrange(10_000)},50"
        rows.append(row)
    return (write_xlsx if form == "xlsx" else write_csv)(sheet.header, rows)


def _timed(seconds: dict[str, float], name: str, work: Callable[[], Any]) -> Any:
    began = time.perf_counter()
    result = work()
    seconds[name] = time.perf_counter() - began
    return result


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    print(json.dumps(_import(sys.argv[1])))
