"""A recording's bytes as an answer: whole or a part, a block at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256

from aiohttp import web

from service.listening.ranges import Part, UnsatisfiableError, wanted
from service.listening.tape import Played

BLOCK = 256 * 1024


def tag_of(played: Played, stamp: str) -> str:
    """The ETag: another one whenever the file changes. It tells nothing of the file's name."""
    return f'"{sha256(f"{played.path}|{stamp}".encode()).hexdigest()[:24]}"'


async def send(
    request: web.Request, played: Played, stamp: str, *, disposition: str = "inline"
) -> web.StreamResponse:
    """200, 206, 304 or 416."""
    tag, whole = tag_of(played, stamp), played.whole
    headers = {
        "Accept-Ranges": "bytes", "ETag": tag, "Cache-Control": "private, no-store", "Content-Disposition": disposition,
        "X-Content-Type-Options": "nosniff",
    }  # fmt: skip
    try:
        part = wanted(request.headers.get("Range"), request.headers.get("If-Range"), tag, whole)
    except UnsatisfiableError:
        return web.Response(status=416, headers={**headers, "Content-Range": f"bytes */{whole}"})
    if part is None and tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    response = web.StreamResponse(status=200 if part is None else 206, headers=headers)
    response.content_type = played.kind
    chosen = part or Part(first=0, last=whole - 1)
    response.content_length = chosen.size
    if part is not None:
        response.headers["Content-Range"] = f"bytes {part.first}-{part.last}/{whole}"
    await response.prepare(request)
    if request.method != "HEAD":
        # A player that seeks lets go of the answer in the middle.
        with suppress(ConnectionResetError):
            await _write(response, played, chosen)
    return response


async def _write(response: web.StreamResponse, played: Played, part: Part) -> None:
    blocks = blocks_of(played, part)
    while (block := await asyncio.to_thread(next, blocks, None)) is not None:
        await response.write(block)
    await response.write_eof()


def blocks_of(played: Played, part: Part) -> Iterator[bytes]:
    """The bytes of a part: of the header first, then of the file. A file that shrank meanwhile ends early."""
    head = played.header[part.first : part.last + 1]
    if head:
        yield head
    left = part.size - len(head)
    with played.path.open("rb") as file:
        file.seek(played.start + max(part.first - len(played.header), 0))
        while left > 0 and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block
