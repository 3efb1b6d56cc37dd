"""The page of the API, made of its description: read top to bottom, tried in place. Nothing is fetched from afar."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from config.policies import Policy
from config.settings import Language
from service.api.accept import language
from service.api.asked import read_values
from service.api.docs_words import WORDS
from service.api.endpoints import ENDPOINTS, Endpoint, Fresh, Tag
from service.api.errors import MEANINGS
from service.api.openapi import SCHEMAS, TAGS, document, refusals
from service.api.parameters import Parameter, Place
from service.api.readers import Now
from service.dashboard.assets import Assets
from service.dashboard.rendering import HEADERS

THEMES = ("light", "dark", "auto")


class DocsPage:
    """GET /api/v1/docs."""

    def __init__(
        self,
        now: Callable[[], datetime],
        policy: Callable[[], Policy],
        otherwise: Language,
        *,
        asks_for_tokens: bool,
    ) -> None:
        self._now = now
        self._policy = policy
        self._otherwise = otherwise
        self._asks_for_tokens = asks_for_tokens
        self._assets = Assets()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The page in the language and theme of the query, the cookie, or the browser."""
        endpoint = next(each for each in ENDPOINTS if each.is_page)
        values = read_values(request, endpoint, Now(at=self._now(), policy=self._policy()))
        chosen = values["lang"] or _kept(request, "lang", tuple(Language))
        spoken = Language(chosen) if chosen else language(request.headers.get("Accept-Language"), self._otherwise)
        theme = values["theme"] or _kept(request, "theme", THEMES) or "auto"
        headers = {**HEADERS, "Cache-Control": "no-store", "Vary": "Accept-Language, Cookie, Accept-Encoding"}
        response = web.Response(text=self._rendered(spoken, theme), content_type="text/html", headers=headers)
        response.enable_compression()
        return response

    def _rendered(self, spoken: Language, theme: str) -> str:
        chinese = spoken is Language.ZH
        return _template().render(
            asset=self._assets.url,
            language=spoken.value,
            other=Language.EN.value if chinese else Language.ZH.value,
            theme=theme,
            word={name: pair[chinese] for name, pair in WORDS.items()},
            parts=[_part(tag, chinese) for tag in Tag],
            errors=[(status, meaning[chinese]) for status, meaning in MEANINGS.items()],
            version=document()["info"]["version"],
            asks_for_tokens=self._asks_for_tokens,
        )


def _kept(request: web.Request, name: str, allowed: tuple[str, ...]) -> str | None:
    found = request.cookies.get(name)
    return found if found in allowed else None


@cache
def _template() -> Template:
    """Read when it is first asked for: whoever never looks does not wait for it at the start."""
    environment = Environment(
        loader=PackageLoader("service.api"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("docs.html")


def _part(tag: Tag, chinese: bool) -> dict[str, Any]:
    of_it = [_told(each, chinese) for each in ENDPOINTS if each.tag is tag]
    return {"title": TAGS[tag][chinese], "endpoints": of_it}


def _told(endpoint: Endpoint, chinese: bool) -> dict[str, Any]:
    """An endpoint in one language."""
    operation = document()["paths"][endpoint.path][endpoint.method.value.lower()]
    content = operation["responses"]["200"]["content"]
    example = next((each["example"] for each in content.values() if "example" in each), None)
    return {
        "name": endpoint.name,
        "path": endpoint.path,
        "method": endpoint.method.value,
        "content": _schema(endpoint.content),
        "summary": endpoint.zh if chinese else endpoint.en,
        "parameters": [_parameter(each, chinese) for each in endpoint.known],
        "formats": list(content),
        "has_tag": endpoint.fresh is not Fresh.MOMENT and not endpoint.is_page,
        "statuses": refusals(endpoint),
        "curl": curl(endpoint),
        "example": None if example is None else json.dumps(example, ensure_ascii=False, indent=2),
        "schema": _schema(endpoint.answer),
    }


def _parameter(parameter: Parameter, chinese: bool) -> dict[str, Any]:
    schema = parameter.schema.get("items", parameter.schema)
    choices = schema.get("enum", [])
    return {
        "name": parameter.name,
        "text": parameter.zh if chinese else parameter.en,
        "required": parameter.required,
        "place": parameter.place.value,
        "example": parameter.example,
        "choices": choices if parameter.schema.get("type") != "array" and len(choices) <= 12 else [],
        "value": parameter.example if parameter.required else "",
    }


def _schema(name: str | None) -> str | None:
    found = SCHEMAS.get(name or "")
    return None if found is None else json.dumps(found, ensure_ascii=False, indent=2)


def curl(endpoint: Endpoint) -> str:
    """A line for the shell that asks this, with what it must be told."""
    path = endpoint.path
    query = []
    for each in endpoint.known:
        if each.place is Place.PATH:
            path = path.replace(f"{{{each.name}}}", each.example)
        elif each.required:
            query.append((each.name, each.example))
    return path + (f"?{urlencode(query, safe=',:')}" if query else "")
