"""`threerings run | listen | analyse | serve | schedule`: the commands that go on until they are told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import structlog
import typer

from config.loader import FILE_NAME
from config.settings import HttpSettings, Language, Settings
from config.values import is_host
from service import app
from service.cli import context, options
from service.demo.demo import Demo, start_demo
from service.errors import UsageError
from service.logs import set_up_logs
from service.wiring import ALL_ROLES, Begin, Roles
from telephony.clock import SystemClock

HostOption = Annotated[str | None, typer.Option("--host", help="Where HTTP listens. Default: the settings'.")]
PortOption = Annotated[int | None, typer.Option("--port", min=0, max=65_535, help="0 takes any free port.")]
VerboseOption = Annotated[bool, typer.Option("--verbose", help="Log more.")]
JsonLogsOption = Annotated[bool, typer.Option("--json", help="Log lines as JSON objects.")]


def run(
    config: options.ConfigOption = None,
    host: HostOption = None,
    port: PortOption = None,
    verbose: VerboseOption = False,
    json: JsonLogsOption = False,
    lang: options.LangOption = None,
) -> None:
    """Listen, analyse, serve and schedule in one process. Without settings: the demo, in a temporary folder."""
    set_up_logs(verbose=verbose, json=json)
    # The first start writes settings and has the service begin again by them, where the browser waits for it.
    while (served := _run(config, host, port, lang)) is not None:
        port = served


def _run(config: Path | None, host: str | None, port: int | None, lang: Language | None) -> int | None:
    """Until it is told to stop; where it is to begin again, at which port."""
    settings = context.find(config)
    if settings is None:
        return asyncio.run(_demo(_http(HttpSettings(), host, port), lang))
    _warn(settings)
    path = Path(settings.source) if settings.source else None
    return asyncio.run(_until_told(_given(settings, host, port, lang), ALL_ROLES, os.environ, path=path))


def listen(
    config: options.ConfigOption = None,
    verbose: VerboseOption = False,
    json: JsonLogsOption = False,
    lang: options.LangOption = None,
) -> None:
    """Only listen: write the journal. `analyse` may follow it in another process."""
    set_up_logs(verbose=verbose, json=json)
    _serve(context.need(config), Roles(listen=True), None, None)


def analyse(
    config: options.ConfigOption = None,
    verbose: VerboseOption = False,
    json: JsonLogsOption = False,
    lang: options.LangOption = None,
) -> None:
    """Only analyse: follow the journal and store facts."""
    set_up_logs(verbose=verbose, json=json)
    _serve(context.need(config), Roles(analyse=True), None, None)


def serve(
    config: options.ConfigOption = None,
    host: HostOption = None,
    port: PortOption = None,
    verbose: VerboseOption = False,
    json: JsonLogsOption = False,
    lang: options.LangOption = None,
) -> None:
    """Only serve: pages and API over what others listen to and store."""
    set_up_logs(verbose=verbose, json=json)
    _serve(context.need(config), Roles(serve=True), host, port, lang)


def schedule(
    config: options.ConfigOption = None,
    verbose: VerboseOption = False,
    json: JsonLogsOption = False,
    lang: options.LangOption = None,
) -> None:
    """Only schedule: place the calls of campaigns, by what others listen to and store. Several may share the work."""
    set_up_logs(verbose=verbose, json=json)
    settings = context.need(config)
    if not any(each.actions and each.dialling for each in settings.pbxs):
        expected = "expected [pbx.NAME.actions] and [pbx.NAME.dialling]"
        raise UsageError(f"{settings.source}: found no PBX that calls may be placed with, {expected}")
    _serve(settings, Roles(schedule=True), None, None)


def _http(http: HttpSettings, host: str | None, port: int | None) -> HttpSettings:
    if host is not None and not is_host(host):
        raise UsageError(f"--host: found {host!r}, expected a host's name or address, without a port")
    return replace(http, host=host or http.host, port=http.port if port is None else port)


def _serve(
    settings: Settings, roles: Roles, host: str | None, port: int | None, lang: Language | None = None
) -> None:
    if not settings.pbxs:
        raise UsageError(f"{settings.source}: found no [pbx.NAME], expected at least one")
    _warn(settings)
    asyncio.run(_until_told(_given(settings, host, port, lang), roles, os.environ))


def _given(settings: Settings, host: str | None, port: int | None, lang: Language | None) -> Settings:
    language = context.language_of(settings, lang)
    return replace(settings, http=_http(settings.http, host, port), language=language)


def _warn(settings: Settings) -> None:
    log = structlog.get_logger("service.cli")
    for warning in settings.warnings:
        log.warning("settings.warning", detail=warning)
    if not settings.pbxs:
        log.warning("settings.no_pbx", detail="no [pbx.NAME]: the page /setup connects one")


async def _until_told(
    settings: Settings,
    roles: Roles,
    environ: Mapping[str, str],
    *,
    demo: Demo | None = None,
    path: Path | None = None,
) -> int | None:
    """The port at which it is to begin again; None where it is to end. `path`: where the first start writes."""
    stop = asyncio.Event()
    again = asyncio.Event()
    ports: list[int] = []
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def anew() -> None:
        again.set()
        stop.set()

    begin = None if path is None else Begin(path=path, again=anew)
    await app.run(settings, roles, environ=environ, stop=stop, demo=demo, begin=begin, on_serving=ports.append)
    return ports[0] if again.is_set() else None


async def _demo(http: HttpSettings, lang: Language | None) -> int | None:
    log = structlog.get_logger("service.cli")
    with tempfile.TemporaryDirectory(prefix="threerings-demo-") as folder:
        async with AsyncExitStack() as stack:
            demo = await start_demo(Path(folder), http, SystemClock(), stack)
            log.warning(
                "demo",
                detail="no threerings.toml: captured streams are played, nothing here is real",
                folder=folder,
            )
            given = replace(demo.settings, language=context.language_of(demo.settings, lang))
            path = Path.cwd() / FILE_NAME
            return await _until_told(given, ALL_ROLES, demo.environ, demo=demo, path=path)
