"""Photos through Pillow: by content and never by name, upright, at most 2000 pixels, without hidden data.

What is kept is encoded anew, so nothing of a hostile file survives: no EXIF with its place, no second file
behind the first.
"""

import io
import re
import warnings
from contextlib import suppress

import pi_heif
from PIL import ExifTags, Image, ImageCms, UnidentifiedImageError

from carbot_app.domains.photos.ports import Picture
from carbot_app.domains.photos.rules import LONG_SIDE, MAX_BYTES, MAX_PIXELS, THUMBNAIL_SIDE
from carbot_app.kit.errors import Invalid, TooLarge

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
_STARTS = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|RIFF....WEBP|....ftyp(?:hei|mif|msf)", re.DOTALL)
_QUALITY, _THUMBNAIL_QUALITY = 82, 75
_MEGA = 1024 * 1024
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""EXIF orientation (2.32, 4.6.4) → what makes the picture upright."""
_SRGB = ImageCms.createProfile("sRGB")

pi_heif.register_heif_opener(thumbnails=False)
# About files of strangers, which nobody who reads the log can mend
warnings.filterwarnings("ignore", module=r"PIL\.")


class PillowPictureMaker:
    """A PictureMaker; what it does takes up to a second of a processor and belongs into a thread."""

    def make(self, content: bytes) -> Picture:
        """Decode, turn upright, shrink, and encode anew; see PictureMaker."""
        if not content:
            raise Invalid("photo_empty")
        if len(content) > MAX_BYTES:
            raise TooLarge("photo_too_large", limit=MAX_BYTES // _MEGA)
        image = _open(content)
        try:
            upright = _decode(image)
        except Image.DecompressionBombError:
            raise Invalid("photo_pixels", limit=MAX_PIXELS // 1_000_000) from None
        except Exception:
            # Decoders answer broken files with whatever they stumble over
            raise Invalid("photo_broken") from None
        large = _encode(upright, _QUALITY)
        small = upright.copy()
        small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
        return Picture("image/jpeg", *upright.size, large, _encode(small, _THUMBNAIL_QUALITY))


def _open(content: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError:
        raise Invalid("photo_pixels", limit=MAX_PIXELS // 1_000_000) from None
    except UnidentifiedImageError:
        # The beginning of a photo without its end is not told from anything else
        raise Invalid("photo_broken" if _STARTS.match(content) else "photo_type") from None
    except Exception:
        raise Invalid("photo_broken") from None
    if image.width * image.height > MAX_PIXELS:
        raise Invalid("photo_pixels", limit=MAX_PIXELS // 1_000_000)
    return image


def _decode(image: Image.Image) -> Image.Image:
    profile = image.info.get("icc_profile")
    orientation = _orientation(image)
    if image.mode in {"P", "1"}:
        # Palettes cannot be blended
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    # Shrinking while decoding spares most of the memory; the frame is square, so turning may come later
    image.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    flat = _on_white(image)
    if profile:
        # Phones photograph in wider colours than browsers expect without the profile, which is not kept
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            flat = ImageCms.profileToProfile(flat, source, _SRGB, outputMode="RGB") or flat
    turn = _TURNS.get(orientation)
    return flat.transpose(turn) if turn is not None else flat


def _orientation(image: Image.Image) -> int:
    # A photo with nonsense beside it is still a photo
    with suppress(Exception):
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    return 1


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode == "RGB":
        return image.copy()
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        layered = image.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    return image.convert("RGB")


def _encode(image: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    # Named, so that Pillow takes neither from the picture's own information
    image.save(target, "JPEG", quality=quality, optimize=True, progressive=True, exif=b"", icc_profile=None)
    return target.getvalue()
