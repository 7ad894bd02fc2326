"""Pictures as phones send them; drawn, never photographed."""

import io
from typing import Any

from PIL import Image, ImageDraw

GPS = b"BERLIN-GPS-MARK"
MAKER = "Kamera Dortmund"


def draw(width: int = 640, height: int = 480, colour: str = "#3a6ea5") -> Image.Image:
    """A car of sorts: its left half is darker, so that turning and mirroring show."""
    image = Image.new("RGB", (width, height), colour)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width // 2 - 1, height // 2 - 1), fill="black")
    pen.ellipse((width // 3, height // 2, width // 3 * 2, height - 4), fill="silver")
    return image


def exif_of(orientation: int = 1) -> Image.Exif:
    """What a phone writes beside a photo: its name, how it was held and where it was."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = MAKER
    exif[0x8825] = {1: "N", 2: (51.0, 30.0, 49.0), 3: "E", 4: (7.0, 27.0, 57.0), 29: "2026:11:23"}
    exif[0x8769] = {0x9286: b"ASCII\0\0\0" + GPS}
    return exif


def jpeg(width: int = 640, height: int = 480, *, orientation: int = 1, **drawing: Any) -> bytes:
    """A JPEG with the place it was taken at."""
    return encode(draw(width, height, **drawing), "JPEG", quality=90, exif=exif_of(orientation).tobytes())


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The bytes of an image."""
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def decode(content: bytes) -> Image.Image:
    """An image of bytes, read to its end."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return image
