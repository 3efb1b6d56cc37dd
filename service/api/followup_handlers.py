"""The endpoints on follow-ups: work lists, stories and coverage are read; outcomes, acts and events are written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from schedulers.errors import RefusedError, StaleError
from schedulers.followups.changing import Act
from schedulers.followups.records import Change, What
from schedulers.storage.coverage import Standing
from schedulers.storage.lists import Cursor
from service.api.asked import Answer, Asked, Operation
from service.api.cursors import cursor_of
from service.api.errors import ApiError
from service.desk import acts, events, lists
from service.desk.acts import Job
from service.desk.coverage import Question, coverage_json, items_page
from service.desk.desk import Desk
from service.desk.events import Event
from service.desk.lists import Wanted
from service.desk.outcomes import Outcome, say
from service.desk.shapes import View
from telephony.calls.record import instant
from telephony.clock import from_microseconds, to_microseconds

Found = TypeVar("Found")


class FollowUpApi:
    """The endpoints. `desk` reads and writes the store."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def operations(self) -> dict[str, Operation]:
        """By the endpoint's name."""
        return {
            "followups": self.listed,
            "followup": self.story,
            "followup_coverage": self.coverage,
            "followup_coverage_items": self.behind,
            "followup_outcome": self.outcome,
            "followup_reschedule": self._acting(What.RESCHEDULED, lambda body: acts.to_reschedule(body["to"])),
            "followup_hand_over": self._acting(What.HANDED_OVER, lambda body: acts.to_hand_over(body["to"])),
            "followup_close": self._acting(What.CLOSED, lambda body: acts.to_close(body["reason"])),
            "followup_reopen": self._acting(What.REOPENED, lambda body: acts.to_reopen),
            "event": self.event,
        }

    async def listed(self, asked: Asked) -> Answer:
        """A page of a work list."""
        names = ("agent", "leader", "group", "kind", "customer")
        wanted = Wanted(state=asked["state"] or "all", **{name: asked[name] for name in names})
        after = _cursor(asked["after"])

        def read() -> tuple[list[dict[str, Any]], Cursor | None]:
            with self._desk.engine.connect() as connection:
                items, page = lists.page(connection, wanted, self._view(asked), after=after, limit=asked["limit"])
            return items, page.next

        items, following = await asked_of(read)
        shown = None if following is None else _shown(following)
        body = {"as_of": instant(asked.now), "state": wanted.state, "follow_ups": items, "next_after": shown}
        return Answer(body=body, following=shown)

    async def story(self, asked: Asked) -> Answer:
        """One follow-up's story."""

        def read() -> dict[str, Any] | None:
            with self._desk.engine.connect() as connection:
                return lists.story(connection, asked["follow_up"], self._view(asked))

        found = await asyncio.to_thread(read)
        if found is None:
            raise _not_found()
        return Answer(body=found)

    async def coverage(self, asked: Asked) -> Answer:
        """The proof of coverage."""
        question = _question(asked)

        def read() -> dict[str, Any]:
            with self._desk.engine.connect() as connection:
                return coverage_json(connection, question, self._desk.rules)

        return Answer(body=await asyncio.to_thread(read))

    async def behind(self, asked: Asked) -> Answer:
        """The follow-ups behind one part of it."""
        question, limit = _question(asked), asked["limit"]
        standing = Standing(asked["standing"]) if asked["standing"] else None
        after = _place(asked["after"])

        def read() -> tuple[list[dict[str, Any]], tuple[datetime, str] | None]:
            with self._desk.engine.connect() as connection:
                return items_page(connection, question, standing, after=after, limit=limit)

        found, following = await asyncio.to_thread(read)
        shown = None if following is None else cursor_of(to_microseconds(following[0]), following[1])
        body = {"period": question.period.label, "as_of": instant(question.as_of), "items": found}
        return Answer(body={**body, "next_after": shown}, following=shown)

    async def outcome(self, asked: Asked) -> Answer:
        """What came of a contact."""
        body = asked.content
        answers = {name: str(value) for name, value in (body["answers"] or {}).items()}
        names = ("by", "content", "promise", "promise_at", "promise_skill", "close", "elsewhere", "contact_at")
        outcome = Outcome(
            follow_ups=(asked["follow_up"], *(body["also"] or ())),
            at=asked.now,
            agreed_at=body["agree_at"],
            answers=answers,
            **{name: body[name] for name in (*names, "call", "key")},
        )
        given = {name: body[name] for name in ("result", "note") if body[name] is not None}
        changes = await done_by(lambda: say(self._desk, replace(outcome, **given)))
        return Answer(body={"changes": [_change_json(each) for each in changes]})

    def _acting(self, what: What, job_of: Callable[[Mapping[str, Any]], Job]) -> Operation:
        """An operation that does something to one follow-up."""

        async def operation(asked: Asked) -> Answer:
            body = asked.content
            act = Act(what=what, at=asked.now, by=body["by"], note=body["note"] or "")
            (done,) = await done_by(lambda: acts.do(self._desk, [asked["follow_up"]], job_of(body), act))
            if done.before is None:
                raise _not_found()
            if done.refused is not None:
                raise ApiError(409, "refused", done.refused)
            return Answer(body={"changes": [_change_json(each) for each in done.changes]})

        return operation

    async def event(self, asked: Asked) -> Answer:
        """An event from outside."""
        body = asked.content
        told = Event(
            event=body["event"],
            customer=body["customer"],
            key=body["key"],
            at=body["at"] or asked.now,
            about=tuple(sorted((body["about"] or {}).items())),
            by=body["by"],
        )
        (taken,) = await done_by(lambda: events.take(self._desk, [told], asked.now))
        return Answer(body=taken.as_json())

    def _view(self, asked: Asked) -> View:
        return View(rules=self._desk.rules, now=asked.now, masked=asked.masked)


async def asked_of(read: Callable[[], Found]) -> Found:
    """What is read; a question that cannot be answered is 400."""
    try:
        return await asyncio.to_thread(read)
    except RefusedError as error:
        raise ApiError(400, f"bad_{error.thing}", str(error)) from None


async def done_by(work: Callable[[], Found]) -> Found:
    """What is done; what the rules do not permit is 409, and so is what another has changed meanwhile."""
    try:
        return await asyncio.to_thread(work)
    except RefusedError as error:
        if error.thing in _MISSING:
            raise ApiError(404, *_MISSING[error.thing]) from None
        raise ApiError(409, "refused", str(error)) from None
    except StaleError as error:
        raise ApiError(409, "changed_meanwhile", str(error)) from None


_MISSING = {
    "follow-up": ("followup_not_found", "follow-up: found none of this id, expected one of /api/v1/followups"),
    "campaign": ("campaign_not_found", "campaign: found none of this number, expected one of /api/v1/campaigns"),
}
"""What is not there, by what a refusal is about: id and message of the error."""


def _not_found() -> ApiError:
    return ApiError(404, *_MISSING["follow-up"])


def _question(asked: Asked) -> Question:
    return Question(
        period=asked["period"],
        as_of=asked["as_of"] or asked.now,
        kinds=(asked["kind"],) if asked["kind"] else (),
        groups=(asked["group"],) if asked["group"] else (),
    )


def _shown(cursor: Cursor) -> str:
    return cursor_of(to_microseconds(cursor.at), ("a" if cursor.is_agreed else "d") + cursor.id)


def _cursor(given: tuple[int, str] | None) -> Cursor | None:
    if given is None:
        return None
    sort, identity = given[1][:1], given[1][1:]
    place = _place((given[0], identity))
    if place is None or sort not in {"a", "d"}:
        raise _bad_cursor()
    return Cursor(is_agreed=sort == "a", at=place[0], id=identity)


def _place(given: tuple[int, str] | None) -> tuple[datetime, str] | None:
    if given is None:
        return None
    try:
        return from_microseconds(given[0]), given[1]
    except (OverflowError, ValueError):
        raise _bad_cursor() from None


def _bad_cursor() -> ApiError:
    return ApiError(400, "bad_cursor", "after: found no cursor, expected next_after of the page before")


def _change_json(each: Change) -> dict[str, Any]:
    after = each.after
    return {
        "id": after.id,
        "kind": after.kind,
        "what": each.what.value,
        "state": after.state.value,
        "owner": after.owner,
        "due_at": instant(after.due_at),
        "after": after.after,
        "revision": after.revision,
    }
