"""Whatever is sent becomes an upright JPEG of moderate size that tells nothing but what is to be seen."""

import io
import struct
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from carbot_app.adapters.images.pillow import PillowPictureMaker
from carbot_app.domains.photos.rules import MAX_BYTES
from carbot_app.kit.errors import Invalid, TooLarge
from tests.factories.pictures import GPS, MAKER, decode, draw, encode, exif_of, jpeg

HEIC = (Path(__file__).parents[2] / "vectors" / "photo.heic").read_bytes()
make = PillowPictureMaker().make


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises more than it holds."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def code_of(content: bytes) -> str:
    with pytest.raises((Invalid, TooLarge)) as refused:
        make(content)
    return refused.value.code


def test_the_place_and_everything_else_beside_a_photo_is_gone() -> None:
    sent = jpeg()
    assert GPS in sent
    assert MAKER.encode() in sent
    made = make(sent)
    for content in (made.content, made.thumbnail):
        assert GPS not in content
        assert MAKER.encode() not in content
        assert b"Exif" not in content
        assert dict(decode(content).getexif()) == {}
        assert {"exif", "icc_profile", "comment", "xmp"}.isdisjoint(decode(content).info)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_lose_their_place_too(kind: str) -> None:
    sent = encode(draw(), kind, exif=exif_of().tobytes())
    assert MAKER.encode() in sent
    made = make(sent)
    assert (made.media_type, decode(made.content).format) == ("image/jpeg", "JPEG")
    assert MAKER.encode() not in made.content


def test_a_photo_of_an_iphone_is_read_turned_and_stripped() -> None:
    made = make(HEIC)
    assert (made.width, made.height) == (48, 64)
    assert decode(made.content).format == "JPEG"
    assert b"Apfel" in HEIC
    assert b"Apfel" not in made.content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_however_the_phone_was_held(orientation: int) -> None:
    upright = draw(200, 100)
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    held = upright.transpose(Image.Transpose(undo[orientation])) if orientation > 1 else upright
    made = make(encode(held, "JPEG", quality=95, exif=exif_of(orientation).tobytes()))
    seen = decode(made.content)
    assert seen.size == (made.width, made.height) == (200, 100)
    assert max(seen.getpixel((20, 20))) < 60
    assert min(seen.getpixel((180, 20))) > 40


def test_large_photos_shrink_and_small_ones_stay() -> None:
    large, small = make(jpeg(4000, 3000)), make(jpeg(320, 200))
    assert (large.width, large.height) == (2000, 1500)
    assert decode(large.thumbnail).size == (400, 300)
    assert (small.width, small.height) == (320, 200)
    assert decode(small.thumbnail).size == (320, 200)


@pytest.mark.parametrize("mode", ["L", "P", "1", "LA", "RGBA", "CMYK", "I;16"])
def test_every_kind_of_colour_can_be_shown(mode: str) -> None:
    image = draw(80, 60).convert("L" if mode == "I;16" else mode).convert(mode)
    made = make(encode(image, "JPEG" if mode == "CMYK" else "PNG"))
    assert decode(made.content).mode == "RGB"


def test_what_is_transparent_becomes_white() -> None:
    made = make(encode(Image.new("RGBA", (50, 50), (0, 0, 0, 0)), "PNG"))
    assert decode(made.content).getpixel((25, 25)) == (255, 255, 255)


def test_colours_of_another_profile_stay_and_the_profile_goes() -> None:
    lab_free = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = make(encode(Image.new("RGB", (40, 40), (200, 30, 30)), "PNG", icc_profile=lab_free))
    red, green, blue = decode(made.content).getpixel((20, 20))
    assert red > 180
    assert max(green, blue) < 60
    assert lab_free[:64] not in made.content


def test_a_file_hidden_behind_a_photo_is_not_kept() -> None:
    hidden = b"PK\x03\x04 <script>alert(1)</script> evil.html"
    made = make(jpeg() + hidden)
    assert b"script" not in made.content
    assert b"PK\x03\x04" not in made.content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo_empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "photo_type"),
        (b"GIF89a" + b"\0" * 40, "photo_type"),
        (b"%PDF-1.7 not a photo", "photo_type"),
        (b"<!doctype html><script>1</script>", "photo_type"),
        (b"\xff\xd8\xff", "photo_broken"),
        (jpeg()[:-2000], "photo_broken"),
        (encode(draw(), "PNG")[:-900], "photo_broken"),
        (encode(draw(), "WEBP")[:900], "photo_broken"),
        (HEIC[:500], "photo_broken"),
        (png_header(40, 30), "photo_broken"),
        (png_header(8000, 7000), "photo_pixels"),
        (png_header(60_000, 60_000), "photo_pixels"),
        (b"\xff" * (MAX_BYTES + 1), "photo_too_large"),
    ],
)
def test_what_is_no_sound_photo_is_refused_with_its_reason(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_an_animated_file_is_its_first_picture() -> None:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    red, _, blue = decode(make(target.getvalue()).content).getpixel((30, 20))
    assert red > 200 > blue


@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(max_examples=150, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["JPEG", "PNG", "WEBP", "HEIF"]))
def test_damage_anywhere_is_refused_or_survived_but_never_an_accident(data: st.DataObject, kind: str) -> None:
    sent = bytearray(HEIC if kind == "HEIF" else encode(draw(64, 48), kind, exif=exif_of(6).tobytes()))
    for _ in range(data.draw(st.integers(1, 6))):
        sent[data.draw(st.integers(0, len(sent) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Invalid):
        made = make(bytes(sent))
        assert decode(made.content).size == (made.width, made.height)
