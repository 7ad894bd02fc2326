"""An order desk whose customers are asked for approval, for tests."""

from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from uuid import UUID

from PIL import Image, ImageDraw
from sqlmodel import select

from carbot_app.adapters.documents.typst_documents import TypstDocumentPrinter
from carbot_app.adapters.images.pillow import PillowPictureMaker
from carbot_app.adapters.images.signatures import PillowSignatures
from carbot_app.adapters.storage.folder import FolderFileStore
from carbot_app.db.outbox import OutboxEvent
from carbot_app.db.session import SYSTEM, Database
from carbot_app.domains.messaging.models import OutgoingMessage
from carbot_app.domains.messaging.service import MessagingService
from carbot_app.domains.orders.approval_schemas import Answer, ApprovalPage
from carbot_app.domains.orders.approvals import ApprovalService
from carbot_app.domains.orders.declined import DeclinedWork
from carbot_app.domains.orders.models import DeclinedJob, OrderApproval, WorkOrder
from carbot_app.domains.orders.schemas import JobInput, OrderLineInput, OrderView
from carbot_app.domains.photos.service import PhotoService
from carbot_app.kit.clock import ManualClock
from tests.services.order_desk import OrderDesk, open_order_desk

BRAKES = ("Bremsscheiben und Beläge vorn", "urgent", "389")
FLUID = ("Bremsflüssigkeit wechseln", "soon", "74.90")
WIPERS = ("Scheibenwischer vorn", "later", "38.50")


@dataclass(frozen=True)
class ApprovalDesk:
    """Ayşe's Golf on the lift, and everything around asking her."""

    desk: OrderDesk
    database: Database
    clock: ManualClock
    approvals: ApprovalService
    declined: DeclinedWork
    photos: PhotoService
    store: FolderFileStore

    def order(self, *jobs: tuple[str, str, str], state: str = "") -> OrderView:
        """An order with jobs as (title, urgency, gross)."""
        wanted = tuple(
            JobInput(title, urgency=urgency, lines=(OrderLineInput(title, Decimal(price)),))
            for title, urgency, price in jobs or (BRAKES, FLUID, WIPERS)
        )
        order = self.desk.estimate(service_codes=(), jobs=wanted, km=118_400)
        if state:
            self.edit(order.id, state=state)
        return order

    def edit(self, order_id: UUID, **fields: object) -> None:
        """Change an order behind everybody's back."""
        with self.database.writing(SYSTEM) as session:
            row = session.get_one(WorkOrder, order_id)
            for name, value in fields.items():
                setattr(row, name, value)

    def row(self, order_id: UUID) -> WorkOrder:
        """An order as it is stored."""
        with self.database.reading(SYSTEM) as session:
            return session.get_one(WorkOrder, order_id)

    def token(self, approval_id: UUID) -> str:
        """Secret of a question."""
        with self.database.reading(SYSTEM) as session:
            return session.get_one(OrderApproval, approval_id).token

    def ask(self, order: OrderView, kind: str = "estimate") -> str:
        """Ask about everything that is open; returns the token."""
        return self.token(self.approvals.ask(self.desk.owner, order.id, kind).id)

    def answer(self, page: ApprovalPage, *agreed: bool, **fields: object) -> Answer:
        """An answer to each job in order."""
        decisions = {job.id: yes for job, yes in zip(page.jobs, agreed, strict=True)}
        defaults = {"signed_name": "Ayşe Yılmaz", "edition": page.edition, "signature": signature()}
        return Answer(decisions, **{**defaults, **fields})  # type: ignore[arg-type]

    def decide(self, token: str, *agreed: bool, **fields: object) -> ApprovalPage:
        """Look and answer."""
        return self.approvals.decide(token, self.answer(self.approvals.view(token), *agreed, **fields))

    def events(self, kind: str) -> list[OutboxEvent]:
        """Outbox events of a kind."""
        with self.database.reading(SYSTEM) as session:
            return list(session.exec(select(OutboxEvent).where(OutboxEvent.kind == kind)))

    def messages(self) -> list[OutgoingMessage]:
        """What was queued for customers."""
        with self.database.reading(SYSTEM) as session:
            return list(session.exec(select(OutgoingMessage).order_by(OutgoingMessage.id)))

    def remembered(self) -> list[DeclinedJob]:
        """Declined work."""
        with self.database.reading(SYSTEM) as session:
            return list(session.exec(select(DeclinedJob).order_by(DeclinedJob.id)))  # type: ignore[arg-type]


def open_approval_desk(
    database: Database, clock: ManualClock, folder: Path, slug: str = "mueller-dortmund"
) -> ApprovalDesk:
    """One workshop with its orders and questions."""
    desk = open_order_desk(database, clock, slug)
    store = FolderFileStore(folder / "files")
    photos = {"db": database, "clock": clock, "store": store, "maker": PillowPictureMaker()}
    return ApprovalDesk(
        desk,
        database,
        clock,
        ApprovalService(
            messaging=MessagingService(db=database, clock=clock, transport=None),
            signatures=PillowSignatures(),
            printer=TypstDocumentPrinter(),
            public_url="https://carbot.example",
            **photos,  # type: ignore[arg-type]
        ),
        DeclinedWork(db=database, clock=clock, orders=desk.orders),
        PhotoService(**photos),  # type: ignore[arg-type]
        store,
    )


def signature(width: int = 600, height: int = 200) -> bytes:
    """A name drawn with a finger."""
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    ImageDraw.Draw(image).line([(20, 150), (90, 30), (140, 160), (300, 60)], fill=(0, 0, 0, 255), width=4)
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()
