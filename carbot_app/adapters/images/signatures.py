"""Signatures through Pillow: dark strokes on nothing, small, without anything hidden."""

import io

from PIL import Image

from carbot_app.kit.errors import Invalid, TooLarge

MOST_BYTES = 300 * 1024
_LONGEST = 1600
_TALLEST = 900
_KEPT = (800, 400)


class PillowSignatures:
    """A SignatureReader."""

    def read(self, content: bytes) -> bytes:
        """See SignatureReader."""
        if len(content) > MOST_BYTES:
            raise TooLarge("signature_too_large", limit=MOST_BYTES // 1024)
        try:
            image = Image.open(io.BytesIO(content), formats=("PNG",))
            too_wide = image.width > 2 * _LONGEST or image.height > 2 * _TALLEST
            alpha = None if too_wide else image.convert("RGBA").getchannel("A")
        except Exception:
            # Decoders answer broken files with whatever they stumble over
            raise Invalid("signature_invalid", field="signature") from None
        if alpha is None:
            raise Invalid("signature_invalid", field="signature")
        drawn = alpha.getbbox()
        if drawn is None:
            raise Invalid("signature_empty", field="signature")
        strokes = alpha.crop(drawn)
        strokes.thumbnail(_KEPT, Image.Resampling.LANCZOS)
        clean = Image.new("RGBA", strokes.size, (20, 28, 36, 0))
        clean.putalpha(strokes)
        target = io.BytesIO()
        clean.save(target, "PNG", optimize=True)
        return target.getvalue()
