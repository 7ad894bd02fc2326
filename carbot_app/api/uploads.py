"""What a browser sends as nothing but bytes."""

from fastapi import Request

from carbot_app.kit.errors import Invalid, TooLarge

_MEGABYTE = 1024 * 1024


async def content_of(request: Request, *, limit: int, kind: str) -> bytes:
    """What was sent as plain bytes, at most ``limit`` of them; ``kind`` begins the codes of the errors.

    No form can send this content type, so another site cannot either.

    Raises:
        Invalid: ``<kind>_type``. TooLarge: ``<kind>_too_large``.
    """
    if request.headers.get("content-type", "") != "application/octet-stream":
        raise Invalid(f"{kind}_type")
    return await body_of(request, limit=limit, kind=kind)


async def body_of(request: Request, *, limit: int, kind: str) -> bytes:
    """What was sent, whatever its type, refused as soon as it is too much.

    Raises:
        TooLarge: ``<kind>_too_large``.
    """
    announced = request.headers.get("content-length", "")
    too_large = TooLarge(f"{kind}_too_large", limit=limit // _MEGABYTE)
    if announced.isdigit() and int(announced) > limit:
        raise too_large
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > limit:
            raise too_large
    return bytes(content)
