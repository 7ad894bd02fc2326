"""Previews of imports: too big for a state, so each process keeps the latest; others work them out again."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from uuid import UUID

from carbot_app.bootstrap import get_services
from carbot_app.domains.catalog.import_schemas import ImportDraft, ImportPreview
from carbot_app.kit.actor import Actor

KEPT = 6
_kept: OrderedDict[tuple[UUID, str], ImportPreview] = OrderedDict()
_lock = Lock()


def read_file(actor: Actor, file_id: UUID) -> ImportDraft:
    """An uploaded file. Errors as ``FileShelf.get`` and ``CatalogImport.read``."""
    services = get_services()
    name, content = services.files.get(actor.workshop_id, file_id)
    return services.catalog_import.read(actor, content, name)


def make_preview(
    actor: Actor,
    file_id: UUID,
    mapping: Mapping[int, str],
    defaults: Mapping[str, str],
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[ImportPreview, str]:
    """What the file would do, and the mark by which ``find_preview`` knows it again."""
    draft = read_file(actor, file_id)
    found = get_services().catalog_import.preview(
        actor, draft, mapping, defaults=defaults, on_progress=on_progress
    )
    mark = hashlib.sha256(repr((found.edits, sorted(found.seen.items()), found.errors)).encode()).hexdigest()
    with _lock:
        _kept[actor.workshop_id, mark] = found
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found, mark


def find_preview(actor: Actor, mark: str) -> ImportPreview | None:
    """A preview this process still has."""
    with _lock:
        return _kept.get((actor.workshop_id, mark))
