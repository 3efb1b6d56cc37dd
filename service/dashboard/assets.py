"""Style sheet, script, font and icons: read once from the package, named by what they hold."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from aiohttp import web

TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain",
}
PREFIX = "/static/"
_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file: its bytes, its type, and a digest that names this version of it."""

    body: bytes
    packed: bytes | None  # by gzip, where that makes it smaller
    content_type: str
    digest: str


class Assets:
    """The files of `static/`. A URL with the digest may be kept for ever; without, it is asked for anew."""

    def __init__(self) -> None:
        self._found = {
            each.name: _read(each.read_bytes(), each.name)
            for each in (files("service.dashboard") / "static").iterdir()
            if "." + each.name.rpartition(".")[2] in TYPES
        }

    def url(self, name: str) -> str:
        """Where a file is fetched from."""
        return f"{PREFIX}{name}?v={self._found[name].digest}"

    @property
    def digest(self) -> str:
        """Of all files."""
        return "".join(f"{name}{self._found[name].digest}" for name in sorted(self._found))

    def size(self, name: str) -> int:
        """How many bytes a file has."""
        return len(self._found[name].body)

    async def serve(self, request: web.Request) -> web.Response:
        """GET /static/NAME."""
        found = self._found.get(request.match_info["name"])
        if found is None:
            raise web.HTTPNotFound(text="no such file\n")
        fixed = request.query.get("v") == found.digest
        headers = {
            "Cache-Control": _FOREVER if fixed else "no-cache",
            "X-Content-Type-Options": "nosniff",
            "Vary": "Accept-Encoding",
        }
        body, etag = found.body, found.digest
        if found.packed is not None and "gzip" in request.headers.get("Accept-Encoding", ""):
            body, etag, headers["Content-Encoding"] = found.packed, f"{etag}-gzip", "gzip"
        response = web.Response(body=body, content_type=found.content_type, headers=headers)
        response.etag = etag
        return response


def version_of(assets: Assets) -> str:
    """A digest of all that a page is made of: an open page that was made of something else is fetched anew."""
    templates = files("service.dashboard") / "templates"
    told = [each.read_bytes() for each in _files(templates)]
    return hashlib.sha256(b"".join((assets.digest.encode(), *told))).hexdigest()[:12]


def _read(body: bytes, name: str) -> Asset:
    suffix = "." + name.rpartition(".")[2]
    packed = gzip.compress(body, 9, mtime=0)
    return Asset(
        body=body,
        packed=packed if len(packed) < len(body) * 9 // 10 else None,
        content_type=TYPES[suffix],
        digest=hashlib.sha256(body).hexdigest()[:12],
    )


def _files(folder: Traversable) -> Iterator[Traversable]:
    """All files below a folder, by name."""
    for each in sorted(folder.iterdir(), key=lambda one: one.name):
        if each.is_dir():
            yield from _files(each)
        else:
            yield each
