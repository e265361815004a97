"""The web app's static export, served from the API's own origin on a laptop, compressed as CloudFront does."""

import re

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_PAGE = re.compile(r"[a-z0-9-]+(?:/[a-z0-9-]+)*")


class WebPages(StaticFiles):
    """Pages by their address (`/login` is `login.html`), assets for ever, everything else 404.html."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if scope["path"].startswith("/api/") or scope["path"] == "/api":
            raise HTTPException(404)
        page = path.strip("/")
        wanted = (
            "index.html" if page in {"", "."} else f"{page}.html" if _PAGE.fullmatch(page) else path
        )
        try:
            response = await super().get_response(wanted, scope)
        except HTTPException as error:
            if error.status_code != 404:
                raise
            response = await super().get_response("404.html", scope)
            response.status_code = 404
        immutable = path.startswith("_next/static/") and response.status_code == 200
        response.headers["Cache-Control"] = (
            "public, max-age=31536000, immutable" if immutable else "no-cache"
        )
        return response
