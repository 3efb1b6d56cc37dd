"""The pages of the first start: five steps, each a form that works without scripts, left and resumed at will.

While nobody has an account only this machine reaches them; later only who holds the right to settings.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from aiohttp import web
from aiohttp.web import FileField
from sqlalchemy.exc import SQLAlchemyError

from analytics.errors import PeopleError
from config.errors import ConfigError
from config.policies import Policy
from config.values import is_host
from service.auth.errors import AccountError
from service.auth.forms import PROOF, ForeignPostError, is_own, own_form
from service.auth.rights import Right
from service.auth.visiting import is_here, need, visitor_of
from service.dashboard.frame import Frame
from service.dashboard.query import check_keys
from service.dashboard.rendering import Renderer
from service.dashboard.starting_view import (
    SightingsShown,
    checked_view,
    member_rows,
    policy_choices,
    sightings_view,
    steps_of,
)
from service.dashboard.words import Words
from service.errors import UsageError
from service.people_import import Outcome
from service.starting.checking import Checked, check
from service.starting.settings_file import NAME, PbxGiven
from service.starting.start import Administrator, FirstStart, Step
from telephony.clock import Clock
from telephony.errors import JournalError

WHERE = "/setup"
MOST_CALLS = 5
MAX_FILE = 8 * 1024 * 1024
EMPTY_PBX = {"name": "main", "host": "", "port": "5038", "user": "threerings"}


class StartingPages:
    """The handlers, over one first start."""

    places = frozenset({"setup"})

    def __init__(self, start: FirstStart, policy: Policy, clock: Clock, frame: Frame, renderer: Renderer) -> None:
        self._start, self._policy, self._clock = start, policy, clock
        self._frame = frame

    def routes(self) -> list[web.RouteDef]:
        """Of these pages."""
        return [
            web.get(WHERE, self.begin),
            web.get(f"{WHERE}/{{step:administrator|pbx|policy|agents|done}}", self.step),
            web.post(f"{WHERE}/administrator", self.administrator),
            web.post(f"{WHERE}/pbx", self.pbx),
            web.post(f"{WHERE}/policy", self.policy),
            web.post(f"{WHERE}/agents", self.agents),
            web.post(f"{WHERE}/done", self.finish),
            web.post(f"{WHERE}/{{step:pbx|policy|agents}}/skip", self.skip),
        ]

    async def close(self, app: web.Application) -> None:
        """No stream is open."""

    # -- who may --------------------------------------------------------------------------------

    async def _let(self, request: web.Request) -> None:
        """Who may see these pages. Raises HTTPNotFound."""
        if visitor_of(request).account is not None:
            need(request, Right.SETTINGS)
        elif not is_here(request) or await asyncio.to_thread(self._start.has_account):
            raise web.HTTPNotFound

    # -- pages ----------------------------------------------------------------------------------

    async def begin(self, request: web.Request) -> web.Response:
        """GET /setup: where one was."""
        await self._let(request)
        check_keys(request.query, ())
        standing = await asyncio.to_thread(self._start.standing)
        return _see(f"{WHERE}/{standing.current}")

    async def step(self, request: web.Request) -> web.Response:
        """GET /setup/STEP."""
        await self._let(request)
        check_keys(request.query, ())
        return await self._page(request, Step(request.match_info["step"]))

    async def _page(self, request: web.Request, step: Step, status: int = 200, **values: object) -> web.Response:
        words = self._frame.words_for(request)
        standing = await asyncio.to_thread(self._start.standing)
        shown: dict[str, object] = {"error": "", "given": {}, "checked": None, "outcome": None} | values
        match step:
            case Step.ADMINISTRATOR:
                shown["given"] = {"login": "", "name": ""} | _texts(shown["given"])
            case Step.PBX:
                shown["given"] = EMPTY_PBX | _texts(shown["given"])
                shown["pbxs"] = [each.name for each in self._start.settings.pbxs]
            case Step.POLICY:
                shown["choices"] = await asyncio.to_thread(policy_choices, words)
                shown["chosen"] = self._start.settings.policy
            case Step.AGENTS:
                shown["members"] = member_rows(self._frame.live, self._policy)
            case Step.DONE:
                board = self._frame.live.board()
                goes_on = [(each.call_id, words.time(each.started_at)) for each in board.active]
                ended = [(each.call_id, words.time(each.started_at)) for each in board.recent]
                shown["calls"] = [*goes_on, *ended][:MOST_CALLS]
                shown["seen"] = await self._sightings(words)
        return self._frame.shown(
            f"setup/{step}.html", request, status=status, step=step.value, steps=steps_of(words, standing, step),
            start=self._start, number=list(Step).index(step) + 1, **shown,
        )  # fmt: skip

    async def _sightings(self, words: Words) -> SightingsShown | None:
        """A store or journal that cannot be read just now hides what was seen, and nothing else."""
        try:
            told = await asyncio.to_thread(self._start.proposed, self._policy)
        except (SQLAlchemyError, JournalError):
            return None
        return sightings_view(words, told, self._policy)

    # -- steps ------------------------------------------------------------------------------------

    async def administrator(self, request: web.Request) -> web.Response:
        """POST: the first account."""
        await self._let(request)
        form, words = await own_form(request), self._frame.words_for(request)
        wanted = Administrator(login=form.get("login", "").strip(), name=form.get("name", "").strip(),
                               password=form.get("password", ""))  # fmt: skip
        given = {"login": wanted.login, "name": wanted.name}
        if wanted.password != form.get("again", ""):
            error = words.gettext("The two passwords are not the same.")
            return await self._page(request, Step.ADMINISTRATOR, 400, given=given, error=error)
        zone, language = self._policy.zone.key, words.language
        try:
            await asyncio.to_thread(self._start.make_administrator, wanted, zone, language)
        except (AccountError, ConfigError, UsageError, OSError, SQLAlchemyError) as error:
            return await self._page(request, Step.ADMINISTRATOR, 400, given=given, error=_said(error))
        if self._start.is_demo:
            return self._begins_again(request, f"/login?next={WHERE}/pbx")
        return _see(f"/login?next={WHERE}/pbx")

    async def pbx(self, request: web.Request) -> web.Response:
        """POST: check a PBX, or keep it."""
        await self._let(request)
        form, words = await own_form(request), self._frame.words_for(request)
        given = {each: form.get(each, "").strip() for each in ("name", "host", "port", "user")}
        told = _pbx_of(given, form.get("secret", ""))
        if isinstance(told, str):
            return await self._page(request, Step.PBX, 400, given=given, error=told)
        checked = await check(told, self._limit(), self._clock)
        keeps = form.get("do") == "keep"
        if not keeps or checked.unreachable:
            status = 400 if checked.unreachable and keeps else 200
            view = checked_view(words, checked)
            return await self._page(request, Step.PBX, status, given=given, checked=view)
        return await self._keep(request, told, given, checked, words)

    async def _keep(
        self, request: web.Request, told: PbxGiven, given: Mapping[str, str], checked: Checked, words: Words
    ) -> web.Response:
        try:
            await asyncio.to_thread(self._start.put_pbx, told)
        except (ConfigError, UsageError, OSError) as error:
            view = checked_view(words, checked)
            return await self._page(request, Step.PBX, 400, given=given, checked=view, error=_said(error))
        return self._begins_again(request, f"{WHERE}/policy")

    async def policy(self, request: web.Request) -> web.Response:
        """POST: which policy."""
        await self._let(request)
        form, words = await own_form(request), self._frame.words_for(request)
        name = form.get("policy", "")
        if name not in {each.name for each in policy_choices(words)}:
            error = words.gettext("Choose one of the policies.")
            return await self._page(request, Step.POLICY, 400, error=error)
        try:
            await asyncio.to_thread(self._start.put_policy, name)
        except (ConfigError, OSError) as error:
            return await self._page(request, Step.POLICY, 400, error=_said(error))
        return self._begins_again(request, f"{WHERE}/agents")

    async def agents(self, request: web.Request) -> web.Response:
        """POST: a file of people, or the members of queues that were ticked."""
        await self._let(request)
        form = await request.post()
        if not is_own(request, str(form.get(PROOF, ""))):
            raise ForeignPostError
        file = form.get("file")
        try:
            if isinstance(file, FileField) and file.filename:
                outcome = await asyncio.to_thread(self._file, file)
            else:
                ticked = [str(each) for each in form.getall("agent", [])]
                rows = [(agent, str(form.get(f"name-{agent}", "")).strip()) for agent in ticked]
                outcome = await asyncio.to_thread(self._start.import_members, rows, self._policy)
        except (PeopleError, OSError, SQLAlchemyError) as error:
            return await self._page(request, Step.AGENTS, 400, error=_said(error))
        if outcome.stored and not outcome.refusals:
            return _see(f"{WHERE}/done")
        return await self._page(request, Step.AGENTS, 400, outcome=outcome)

    def _file(self, file: FileField) -> Outcome:
        return self._start.import_agents(Path(file.filename).name, file.file.read(MAX_FILE), self._policy)

    async def skip(self, request: web.Request) -> web.Response:
        """POST: go on without this step."""
        await self._let(request)
        await own_form(request)
        step = Step(request.match_info["step"])
        await asyncio.to_thread(self._start.skip, step)
        following = list(Step)[list(Step).index(step) + 1]
        return _see(f"{WHERE}/{following}")

    async def finish(self, request: web.Request) -> web.Response:
        """POST: that was it."""
        await self._let(request)
        await own_form(request)
        await asyncio.to_thread(self._start.finish)
        return _see("/")

    # -- common -----------------------------------------------------------------------------------

    def _limit(self) -> timedelta:
        return self._policy.versions[-1].limit()

    def _begins_again(self, request: web.Request, following: str) -> web.Response:
        """A page that waits until the service is there again, and goes on then."""
        answer = self._frame.shown("setup/again.html", request, following=following)
        asyncio.get_running_loop().call_later(0.3, self._start.again)
        return answer


def _pbx_of(given: Mapping[str, str], secret: str) -> PbxGiven | str:
    """The PBX, or what of it cannot be."""
    if not NAME.fullmatch(given["name"]):
        return f"name: found {given['name'][:40]!a}, expected letters a-z, digits, - and _"
    if not is_host(given["host"]):
        return f"host: found {given['host'][:60]!a}, expected a host's name or address, without a port"
    port = given["port"]
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65_536):
        return f"port: found {port[:10]!a}, expected 1 to 65535"
    if not given["user"].isprintable() or not given["user"]:
        return f"user: found {given['user'][:40]!a}, expected the manager user's name"
    if not secret or not secret.isprintable():
        return "secret: found none that can be sent, expected the manager user's secret"
    return PbxGiven(name=given["name"], host=given["host"], port=int(port), user=given["user"], secret=secret)


def _texts(given: object) -> dict[str, str]:
    return dict(given) if isinstance(given, Mapping) else {}


def _said(error: Exception) -> str:
    """The words of an error that may be shown; a database's may hold more than one should read."""
    return type(error).__name__ if isinstance(error, SQLAlchemyError) else str(error)


def _see(where: str) -> web.Response:
    return web.Response(status=303, headers={"Location": where})
