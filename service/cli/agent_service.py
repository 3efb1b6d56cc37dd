"""Asks the service that runs to act: it alone knows which calls go on, proves what was done, and has the audit."""

from __future__ import annotations

import http.client
import json
import os
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from config.settings import Language, Settings
from service.acting.records import Deed, ImpossibleError, Outcome, Report, Why
from service.dashboard.acting_words import told, why_not
from service.dashboard.words import Words, words
from service.errors import CheckFailedError, ServiceError, UnreachableError, UsageError
from telephony.clock import SystemClock

TOKEN = "THREERINGS_TOKEN"  # noqa: S105 - the name of a variable, not a token
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what it listens on, not what we do
PATIENCE = 30.0
OUTCOME_OF = {"pbx_refused": Outcome.REFUSED, "not_proved": Outcome.UNPROVEN}


def ask(settings: Settings, language: Language, path: str, body: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """What came of it: the act as JSON, and as a sentence. Raises a ServiceError for what is not well."""
    status, answer = _post(settings, path, {name: each for name, each in body.items() if each is not None})
    if status == http.HTTPStatus.OK:
        return answer, _sentence(answer, language)
    raise _error(status, answer.get("error", {}), language)


def path_of(*parts: str) -> str:
    """The address of an act; a call's id keeps its strokes."""
    return "/api/v1/" + "/".join(quote(part, safe="/" if part.count("/") == 1 else "") for part in parts)


def _post(settings: Settings, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    http_settings = settings.http
    host = ANYWHERE.get(http_settings.host, http_settings.host)
    headers = {"Content-Type": "application/json"}
    if os.environ.get(TOKEN):
        headers["Authorization"] = f"Bearer {os.environ[TOKEN]}"
    where = f"service at {host}:{http_settings.port}"
    connection = http.client.HTTPConnection(host, http_settings.port, timeout=PATIENCE)
    try:
        connection.request("POST", path, json.dumps(body).encode(), headers)
        response = connection.getresponse()
        answer = json.loads(response.read())
    except (OSError, http.client.HTTPException) as error:
        raise UnreachableError(f"{where}: found {error}, expected `threerings run`") from None
    except ValueError:
        raise UnreachableError(f"{where}: found an answer that is no JSON, expected `threerings run`") from None
    finally:
        connection.close()
    return response.status, answer if isinstance(answer, dict) else {}


def _sentence(answer: dict[str, Any], language: Language) -> str:
    report = Report(
        id=answer["id"],
        at=SystemClock().now(),
        deed=Deed(answer["deed"]),
        agent=answer["agent"] or "",
        subject=answer["subject"] or "",
        outcome=Outcome(answer["outcome"]),
    )
    return told(_words(language), report, report.agent)


def _words(language: Language) -> Words:
    return words(language.value, ZoneInfo("UTC"))


def _error(status: int, error: dict[str, Any], language: Language) -> ServiceError:
    """1: the PBX refused, or nothing proves it; 2: it cannot be done as things stand; 3: something is out of reach."""
    error_id, message = str(error.get("error_id", "")), str(error.get("message", f"HTTP {status}"))
    if status == http.HTTPStatus.SERVICE_UNAVAILABLE:
        return UnreachableError(message)
    if error_id in OUTCOME_OF:
        return CheckFailedError(message)
    if error_id in set(Why):
        _, _, about = message.partition(" (")
        return UsageError(why_not(_words(language), ImpossibleError(Why(error_id), about.rstrip(")"))))
    return UsageError(message)
