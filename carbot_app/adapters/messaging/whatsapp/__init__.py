"""WhatsApp through Meta's Cloud API."""

from carbot_app.adapters.messaging.whatsapp.provider import WhatsAppCloud

__all__ = ["WhatsAppCloud"]
