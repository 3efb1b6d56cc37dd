"""The endpoints that act on the PBX, over the one object that everybody acts through."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from service.acting.acting import Acting
from service.acting.calls import Calls
from service.acting.records import Deed, HiddenError, ImpossibleError, Outcome, Report, Who, Why
from service.api.asked import Answer, Asked, Operation
from service.api.errors import ApiError
from service.api.schema import FLAG, INSTANT, STRING, enum, maybe, obj
from service.auth.rights import ALL_SEEN, EVERYBODY, Right, Role, Visitor
from service.dashboard.acting_words import english
from telephony.acting.orders import Ear
from telephony.calls.record import instant

ACT = obj(
    id=STRING,
    at=INSTANT,
    deed=enum(Deed),
    agent=maybe(STRING),
    subject=maybe(STRING),
    outcome=enum(Outcome),
    done=FLAG,
    words=maybe(STRING),
)


def _example(deed: Deed, outcome: Outcome, subject: str | None = None) -> dict[str, Any]:
    return {
        "id": "5f1c0d9e8a7b6c5d",
        "at": "2026-11-27T02:30:00.000+00:00",
        "deed": deed.value,
        "agent": "1003",
        "subject": subject,
        "outcome": outcome.value,
        "done": outcome is Outcome.DONE,
        "words": None,
    }


EXAMPLES: dict[str, Any] = {
    "agent_pause": _example(Deed.PAUSE, Outcome.DONE),
    "agent_unpause": _example(Deed.UNPAUSE, Outcome.NOTHING),
    "agent_queue": _example(Deed.ADD, Outcome.DONE, "support"),
    "agent_listen": _example(Deed.WHISPER, Outcome.RINGS, "main/1795186784.0"),
    "call_listen": _example(Deed.WHISPER, Outcome.RINGS, "main/1795186784.0"),
    "call_hang_up": _example(Deed.HANG_UP, Outcome.DONE, "main/1795186784.0"),
}
DEED_OF = {Ear.LISTEN: Deed.LISTEN, Ear.WHISPER: Deed.WHISPER, Ear.BARGE: Deed.BARGE}
STATUS = {
    Outcome.REFUSED: (409, "pbx_refused"),
    Outcome.NOT_SENT: (503, "pbx_unreachable"),
    Outcome.UNKNOWN: (504, "not_proved"),
    Outcome.UNPROVEN: (504, "not_proved"),
}
_ACTS = frozenset({Right.AGENTS, Right.SPY, Right.HANG_UP})


class ActApi:
    """The endpoints. A token sees everybody; who acts is on record by name and by token. None: nobody acts here."""

    def __init__(self, acting: Acting | None) -> None:
        self._of = None if acting is None else (acting, Calls(acting))

    def operations(self) -> dict[str, Operation]:
        """By the endpoint's name."""
        return {
            "agent_pause": self.pause,
            "agent_unpause": self.unpause,
            "agent_queue": self.queue,
            "agent_listen": self.listen,
            "call_listen": self.listen_to_call,
            "call_hang_up": self.hang_up,
        }

    async def pause(self, asked: Asked) -> Answer:
        """Out of all queues."""
        return await _answer(self._acting.pause(_who(asked), asked["agent"], asked.content["reason"]))

    async def unpause(self, asked: Asked) -> Answer:
        """Back into them."""
        return await _answer(self._acting.unpause(_who(asked), asked["agent"]))

    async def queue(self, asked: Asked) -> Answer:
        """Into one queue or out of it."""
        agent, queue, told = asked["agent"], asked["queue"], asked.content
        if told["member"] is False:
            return await _answer(self._acting.remove(_who(asked), agent, queue))
        return await _answer(self._acting.add(_who(asked), agent, queue, told["penalty"] or 0))

    async def listen(self, asked: Asked) -> Answer:
        """To the call of an agent."""
        deed, phone = DEED_OF[asked.content["ear"] or Ear.LISTEN], asked.content["phone"]
        return await _answer(self._calls.listen(_who(asked), deed, asked["agent"], phone))

    async def listen_to_call(self, asked: Asked) -> Answer:
        """To a call that goes on."""
        deed, phone = DEED_OF[asked.content["ear"] or Ear.LISTEN], asked.content["phone"]
        return await _answer(self._calls.listen_to(_who(asked), deed, asked["call_id"], phone))

    async def hang_up(self, asked: Asked) -> Answer:
        """A call that goes on."""
        return await _answer(self._calls.hang_up(_who(asked), asked["call_id"], asked.content["reason"]))

    @property
    def _acting(self) -> Acting:
        return self._both()[0]

    @property
    def _calls(self) -> Calls:
        return self._both()[1]

    def _both(self) -> tuple[Acting, Calls]:
        if self._of is None:
            raise ApiError(409, Why.NO_PBX.value, english(Why.NO_PBX))
        return self._of


def _who(asked: Asked) -> Who:
    token = asked.bearer.token
    visitor = Visitor(
        account=None,
        login=f"token {token}" if token else "",
        name="",
        role=Role.SUPERVISOR,
        rights=_ACTS,
        sight=EVERYBODY,
        proof="",
    )
    return Who(visitor=visitor, seen=ALL_SEEN, by=asked.content["by"])


async def _answer(work: Awaitable[Report]) -> Answer:
    """What came of it. Raises ApiError for what is not well."""
    try:
        report = await work
    except HiddenError:
        raise ApiError(404, "not_found", "agent: found none of this number, expected one that is seen") from None
    except ImpossibleError as error:
        status, error_id = (503, "pbx_unreachable") if error.why is Why.NO_LINE else (409, error.why.value)
        about = f" ({error.about})" if error.about else ""
        raise ApiError(status, error_id, f"{english(error.why)}{about}") from None
    if report.outcome in STATUS:
        status, error_id = STATUS[report.outcome]
        raise ApiError(status, error_id, f"{english(report.outcome)} {report.words}".rstrip())
    return Answer(body=act_json(report))


def act_json(report: Report) -> dict[str, Any]:
    """An act in the public shape."""
    return {
        "id": report.id,
        "at": instant(report.at),
        "deed": report.deed.value,
        "agent": report.agent or None,
        "subject": report.subject or None,
        "outcome": report.outcome.value,
        "done": report.outcome is Outcome.DONE,
        "words": report.words or None,
    }
