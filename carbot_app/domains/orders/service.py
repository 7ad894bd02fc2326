"""Work orders: everything staff does with them, as one service."""

from carbot_app.domains.orders.progress import OrderProgress


class OrderService(OrderProgress):
    """Reads need ``orders.read``, findings and work ``orders.work``, all else ``orders.manage``.

    ApprovalService and CheckInService stand beside it and share its rows (rows.py).
    """
