"""The services of privacy, from the settings."""

from dataclasses import dataclass
from typing import Any

from carbot_app.adapters.documents.typst_disclosure import TypstDisclosurePrinter
from carbot_app.adapters.privacy.erasure_list import FileErasureList
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.config import Settings
from carbot_app.db.session import Database
from carbot_app.domains.compliance.erasures import ErasureService
from carbot_app.domains.compliance.exports import PrivacyExports
from carbot_app.domains.compliance.service import RetentionService
from carbot_app.domains.photos.ports import FileStore
from carbot_app.kit.clock import Clock


@dataclass(frozen=True, slots=True)
class Privacy:
    """How long what is kept, who is told what, who is forgotten."""

    retention: RetentionService
    exports: PrivacyExports
    erasures: ErasureService


def privacy_services(settings: Settings, db: Database, clock: Clock, store: FileStore) -> Privacy:
    """Services over the store of photos and files."""
    shared: dict[str, Any] = {
        "db": db,
        "clock": clock,
        "store": store,
        # Beside the other files and not among them: what is built there is over in a week and in no backup
        "exports": FolderFileStore(settings.data_dir / "disclosures"),
    }
    return Privacy(
        retention=RetentionService(**shared),
        exports=PrivacyExports(
            printer=TypstDisclosurePrinter(),
            public_url=settings.effective_public_url,
            external_model=bool(settings.ai_base_url),
            **shared,
        ),
        erasures=ErasureService(forgotten=FileErasureList(settings.data_dir / "erasures.jsonl"), **shared),
    )
