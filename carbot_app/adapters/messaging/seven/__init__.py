"""SMS through seven.io (docs.seven.io, REST API)."""

from carbot_app.adapters.messaging.seven.provider import SevenSms

__all__ = ["SevenSms"]
