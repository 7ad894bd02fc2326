"""Pages of the API description: Swagger UI from the installed package, nothing from elsewhere."""

import json
from functools import cache
from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from carbot_app.kit.errors import NotFound

DESCRIPTION_URL = "/api/v1/openapi.json"
_FILES = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}
_OPTIONS = {
    "url": DESCRIPTION_URL,
    "dom_id": "#docs",
    "deepLinking": True,
    "displayRequestDuration": True,
    "defaultModelsExpandDepth": 0,
    "persistAuthorization": False,
    "tryItOutEnabled": True,
}
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CarBot API</title>
<link rel="icon" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="stylesheet" href="/api/docs/carbot.css">
</head>
<body>
<main id="docs"><noscript>
The description itself: <a href="/api/v1/openapi.json">/api/v1/openapi.json</a>
</noscript></main>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"""
_STYLE = """
body { margin: 0; background: oklch(.973 .004 95); }
.swagger-ui, .swagger-ui .info .title, .swagger-ui .opblock-tag {
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
.swagger-ui .scheme-container { background: none; box-shadow: none; padding: 0; }
.swagger-ui .opblock { border-radius: 12px; box-shadow: none; }
.swagger-ui .btn { border-radius: 8px; box-shadow: none; }
@media (prefers-color-scheme: dark) { body { background: oklch(.178 .012 235); } }
"""
_CACHED = {"cache-control": "public, max-age=86400"}

router = APIRouter(include_in_schema=False)


@router.get("/api/docs")
@router.get("/api/docs/")
async def docs() -> HTMLResponse:
    """The page."""
    return HTMLResponse(_PAGE)


@router.get("/api/docs/{name}")
def docs_file(name: str) -> Response:
    """Scripts and styles of the page."""
    if name == "start.js":
        return Response(
            f"SwaggerUIBundle({json.dumps(_OPTIONS)});", media_type="text/javascript", headers=_CACHED
        )
    if name == "carbot.css":
        return Response(_STYLE, media_type="text/css", headers=_CACHED)
    if name not in _FILES:
        raise NotFound
    return Response(_read(name), media_type=_FILES[name], headers=_CACHED)


@cache
def _read(name: str) -> bytes:
    return (files("fastapi_swagger") / "resources" / name).read_bytes()
