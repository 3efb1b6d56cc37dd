"""Templates to HTML: one Jinja environment a language, autoescaped; and the headers every page carries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket

from service.auth.rights import Visitor
from service.dashboard import labels, numerals
from service.dashboard.assets import Assets
from service.dashboard.board import Board
from service.dashboard.catalogues import PACKAGE
from service.dashboard.words import LANGUAGES, Words, words
from telephony.calls.facts import Known

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_PACKED_FROM = 1400
"""Characters: a shorter page is one packet of the network anyhow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who looks at the page: the language and theme chosen, and where they are."""

    language: str
    theme: str  # light, dark, or auto: as the system has it
    path: str
    query: tuple[tuple[str, str], ...]
    visitor: Visitor

    def here(self, **changes: str) -> str:
        """This page with some keys of its query changed; an empty value drops the key."""
        kept = [(key, value) for key, value in self.query if key not in changes]
        pairs = kept + [(key, value) for key, value in changes.items() if value]
        return self.path + ("?" + urlencode(pairs) if pairs else "")


class Compiled(BytecodeCache):
    """Templates compiled once for this process: the code of a template is the same in either language."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, where a template of this name and text is known."""
        code = self._code.get((bucket.key, bucket.checksum))
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self._code[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


@cache
def compiled() -> Compiled:
    """The templates of this process."""
    return Compiled()


class Renderer:
    """Renders templates in either language."""

    def __init__(self, zone: ZoneInfo, assets: Assets, places: frozenset[str] = frozenset()) -> None:
        self.places = places
        """The keys of the places whose pages there are."""
        self.acts = False
        """Whether the settings of any PBX let people act on it: then rows have their acts."""
        self._words = {each: words(each, zone) for each in LANGUAGES}
        self._whole = {each: words(each, zone, whole_numbers=True) for each in LANGUAGES}
        self._environments = {each: _environment(self._words[each], assets) for each in LANGUAGES}

    def words(self, language: str, *, whole_numbers: bool = False) -> Words:
        """The words of a language, for who may see customers' numbers whole or not."""
        return self._whole[language] if whole_numbers else self._words[language]

    def render(self, template: str, language: str, **values: object) -> str:
        """A template, with its own values and those common to all."""
        return self._environments[language].get_template(template).render(**values)

    def fragment(self, template: str, macro: str, language: str) -> Callable[..., str]:
        """A macro of a template: what a page and a live update render alike."""
        module = self._environments[language].get_template(template).module
        return getattr(module, macro)  # type: ignore[no-any-return]


def _environment(said: Words, assets: Assets) -> Environment:
    environment = Environment(
        loader=PackageLoader(PACKAGE),
        autoescape=True,
        auto_reload=False,  # an element is drawn thousands of times a minute, and its template stays as it is
        bytecode_cache=compiled(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(said.translations, newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        words=said, asset=assets.url, ms=_ms, known_labels={each.value: labels.KNOWN[each] for each in Known}
    )
    environment.filters.update(n=numerals.count, percent=numerals.percent, gaps_ms=_gaps_ms)
    return environment


def _ms(at: datetime | None) -> str:
    """An instant as a browser counts, for tickers."""
    return "" if at is None else str(numerals.epoch_ms(at))


def _gaps_ms(board: Board) -> int:
    """How long the gaps of a board lasted, or have lasted by now."""
    return sum(numerals.elapsed_ms(gap.start, gap.end or board.as_of) for gap in board.gaps)


def page(text: str, *, status: int = 200) -> web.Response:
    """An HTML answer that no cache keeps, packed for browsers that take it so.

    What a visitor typed may stand beside his proof, but no other site can have such pages fetched in his name again
    and again to guess it by their length: the session's cookie is SameSite.
    """
    headers = {**HEADERS, "Cache-Control": "no-store"}
    response = web.Response(text=text, status=status, content_type="text/html", headers=headers)
    if len(text) > _PACKED_FROM:
        response.enable_compression()
    return response
