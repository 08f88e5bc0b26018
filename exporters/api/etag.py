"""An answer that is known already is not sent again."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from aiohttp import web

from exporters.api.errors import Handler

_TAG: Final = re.compile(r'(?:W/)?("[^"]*")')
_DIGITS: Final = 32


@web.middleware
async def tagged(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The answer with a strong tag of its bytes, or 304 to who names that tag; of what is under /api and /wall."""
    answer = await handler(request)
    if not (request.path.startswith(("/api/", "/wall")) and isinstance(answer, web.Response) and answer.status == 200):
        return answer
    body = answer.body
    assert isinstance(body, bytes)
    tag = f'"{hashlib.sha256(body).hexdigest()[:_DIGITS]}"'
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "no-cache"  # may be kept, must be asked about
    known = ",".join(request.headers.getall("If-None-Match", ()))
    if known.strip() != "*" and tag not in _TAG.findall(known):
        return answer
    headers = {name: value for name, value in answer.headers.items() if name not in {"Content-Type", "Content-Length"}}
    return web.Response(status=304, headers=headers)
