"""The endpoints on campaigns: how they stand is read; they are made, turned and worked through the commands' desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any

from config.followups import Result
from schedulers.campaigns.changes import Turn
from schedulers.campaigns.records import Campaign, CampaignState, DialAttempt
from schedulers.storage import campaigns as stored
from schedulers.storage.campaigns import By
from schedulers.storage.customer_query import CustomerQuery, Order
from schedulers.storage.dial_reading import (
    iterate_of_campaign,
    load_attempts,
    load_indeterminate,
    load_of_campaign,
)
from service.api.asked import Answer, Asked, Operation
from service.api.cursors import cursor_of
from service.api.errors import ApiError
from service.api.followup_handlers import asked_of, done_by
from service.api.limits import MAX_EXPORTED
from service.desk import campaign_lists, campaign_making, campaigns, previewing
from service.desk.campaign_making import Added, Wish
from service.desk.campaign_outlook import contact_json, contacts_page, outlook, outlook_json
from service.desk.campaigns import campaign_json, standing, standing_json
from service.desk.clicking import Click, call
from service.desk.desk import Desk
from service.desk.dialled import attempt_json, record_json
from service.desk.settling import settle_by_person
from service.desk.shapes import View
from telephony.calls.record import instant

QUERY = ("tier", "branch", "sort", "owner")
CHANGED = ("name", "priority", "groups", "agents", "trunk", "caller_id", "notice", "deadline_at")


class CampaignApi:
    """The endpoints. `desk` reads and writes the store."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def operations(self) -> dict[str, Operation]:
        """By the endpoint's name."""
        return {
            "campaigns": self.listed,
            "campaign_create": self.create,
            "campaign": self.standing,
            "campaign_preview": self.preview,
            "campaign_contacts": self.contacts,
            "campaign_attempts": self.attempts,
            "campaign_change": self.change,
            "campaign_members": self.members,
            "campaign_start": self._turning(Turn.STARTED),
            "campaign_pause": self._turning(Turn.PAUSED),
            "campaign_resume": self.resume,
            "campaign_stop": self._turning(Turn.STOPPED),
            "attempt_click": self.click,
            "attempts_indeterminate": self.indeterminate,
            "attempt_dial": self.dial,
            "attempt_skip": self.skip,
            "attempt_settle": self.settle,
            "agent_next": self.next,
        }

    # -- reading -------------------------------------------------------------------------

    async def listed(self, asked: Asked) -> Answer:
        """Campaigns."""
        states = () if asked["state"] is None else (CampaignState(asked["state"]),)

        def read() -> list[dict[str, Any]]:
            with self._desk.engine.connect() as connection:
                return [campaign_json(each) for each in campaigns.listed(connection, states)]

        return Answer(body={"as_of": instant(asked.now), "campaigns": await asyncio.to_thread(read)})

    async def standing(self, asked: Asked) -> Answer:
        """How one stands."""

        def read() -> dict[str, Any] | None:
            view = self._view(asked)
            with self._desk.engine.connect() as connection:
                found = standing(connection, asked["campaign"], view.rules, asked.now)
            return None if found is None else standing_json(found, view)

        found = await asyncio.to_thread(read)
        if found is None:
            raise _no_campaign()
        return Answer(body=found)

    async def preview(self, asked: Asked) -> Answer:
        """Whom it would call."""

        def read() -> dict[str, Any]:
            rules = self._desk.rules
            with self._desk.engine.connect() as connection:
                campaign = self._campaign(stored.load(connection, asked["campaign"]))
                return outlook_json(campaign, outlook(connection, campaign, rules, asked.now), asked.now)

        return Answer(body=await asyncio.to_thread(read))

    async def contacts(self, asked: Asked) -> Answer:
        """A page of its contacts."""
        after = asked["after"][1] if asked["after"] else ""

        def read() -> tuple[list[dict[str, Any]], str | None]:
            view = self._view(asked)
            with self._desk.engine.connect() as connection:
                campaign = self._campaign(stored.load(connection, asked["campaign"]))
                found, following = contacts_page(
                    connection, campaign, view.rules, asked.now, after=after, limit=asked["limit"]
                )
            return [contact_json(each, view) for each in found], following

        told, following = await asked_of(read)
        shown = None if following is None else cursor_of(0, following)
        body = {"as_of": instant(asked.now), "contacts": told, "next_after": shown}
        return Answer(body=body, following=shown)

    async def attempts(self, asked: Asked) -> Answer:
        """A page of its attempts; a file has all of them."""

        def read() -> list[DialAttempt]:
            with self._desk.engine.connect() as connection:
                self._campaign(stored.load(connection, asked["campaign"]))
                if asked.whole:
                    return list(islice(iterate_of_campaign(connection, asked["campaign"]), MAX_EXPORTED))
                after, limit = _after(asked), asked["limit"] + 1
                return list(load_of_campaign(connection, asked["campaign"], after=after, limit=limit))

        return await self._page(asked, await asyncio.to_thread(read))

    async def indeterminate(self, asked: Asked) -> Answer:
        """A page of those whose end nobody knows."""

        def read() -> list[DialAttempt]:
            with self._desk.engine.connect() as connection:
                return list(load_indeterminate(connection, after=_after(asked), limit=asked["limit"] + 1))

        return await self._page(asked, await asyncio.to_thread(read))

    async def _page(self, asked: Asked, found: list[DialAttempt]) -> Answer:
        view = await asyncio.to_thread(self._view, asked)
        page = found if asked.whole else found[: asked["limit"]]
        shown = cursor_of(page[-1].id, "attempt") if len(found) > len(page) else None
        told = [attempt_json(each, view) for each in page]
        return Answer(body={"as_of": instant(asked.now), "attempts": told, "next_after": shown}, following=shown)

    # -- campaigns -----------------------------------------------------------------------

    async def create(self, asked: Asked) -> Answer:
        """A draft, with its list if one was asked for."""
        body = asked.content
        names = ("name", "mode", "kinds", "starts_at", "deadline_at", "by")
        default = {"groups": (), "agents": (), "priority": 0, "pbx": "", "trunk": "", "caller_id": "", "note": ""}
        values: dict[str, Any] = {name: body[name] for name in names}
        values |= {name: each if body[name] is None else body[name] for name, each in default.items()}

        def work() -> tuple[Campaign, Added | None]:
            chosen = self._chosen(asked)
            wish = Wish(
                **values,
                ring=body["ring_seconds"],
                notice=bool(body["notice"]),
                listed=chosen is not None,
            )
            made = campaign_making.create(self._desk, wish, asked.now)
            if chosen is None:
                return made, None
            added = campaign_making.add_customers(self._desk, made.id, chosen, self._by(asked))
            return added.campaign, added

        return Answer(body=_made(*await done_by(work)))

    async def change(self, asked: Asked) -> Answer:
        """Other values of some of its fields."""
        body = asked.content
        to = {name: body[name] for name in CHANGED if body[name] is not None}
        if body["ring_seconds"] is not None:
            to["ring"] = body["ring_seconds"]
        if body["no_deadline"]:
            to["deadline_at"] = None
        if not to:
            raise ApiError(400, "bad_body", "body: found nothing to change, expected a field such as deadline_at")
        changed = await done_by(
            lambda: campaign_making.change(self._desk, asked["campaign"], to, self._by(asked), body["revision"])
        )
        return Answer(body=_made(changed))

    async def members(self, asked: Asked) -> Answer:
        """More customers on its list."""

        def work() -> Added:
            chosen = self._chosen(asked)
            if chosen is None:
                raise ApiError(
                    400, "bad_customers", "customers: found none, expected some, or a query such as tier"
                )
            return campaign_making.add_customers(self._desk, asked["campaign"], chosen, self._by(asked))

        added = await done_by(work)
        return Answer(body=_made(added.campaign, added))

    def _turning(self, turn: Turn) -> Operation:
        async def operation(asked: Asked) -> Answer:
            turned = await done_by(lambda: campaigns.turn(self._desk, asked["campaign"], turn, self._by(asked)))
            return Answer(body=_made(turned))

        return operation

    async def resume(self, asked: Asked) -> Answer:
        """It goes on; `anyway` where its PBX was not heard for a while."""
        by = self._by(asked)
        if asked.content["anyway"]:
            return Answer(
                body=_made(await done_by(lambda: campaigns.resume_anyway(self._desk, asked["campaign"], by)))
            )
        turned = await done_by(lambda: campaigns.turn(self._desk, asked["campaign"], Turn.RESUMED, by))
        return Answer(body=_made(turned))

    def _chosen(self, asked: Asked) -> tuple[str, ...] | None:
        """Who is to be on the list; None where none was asked for. Raises RefusedError, ApiError."""
        body: Mapping[str, Any] = asked.content
        query = {name: body[name] for name in QUERY if body[name] is not None}
        if body["quiet_days"] is not None:
            query["quiet_since"] = asked.now - timedelta(days=body["quiet_days"])
        if body["customers"] is not None:
            if query:
                raise ApiError(400, "bad_customers", "customers: found some beside a query, expected one of both")
            return campaign_lists.of_names(self._desk, body["customers"])
        if not query:
            return None
        order = body["order"] or Order.ID
        return campaign_lists.of_query(self._desk, CustomerQuery(**query, order=order, limit=body["limit"]))

    # -- calls ---------------------------------------------------------------------------

    async def click(self, asked: Asked) -> Answer:
        """A call outside any campaign."""
        body = asked.content
        click = Click(
            agent=body["agent"],
            by=body["by"] or body["agent"],
            number=body["number"],
            customer=body["customer"],
            follow_up=body["follow_up"],
            pbx=body["pbx"] or "",
            trunk=body["trunk"] or "",
        )
        return await self._attempt(asked, lambda: call(self._desk, click, asked.now))

    async def dial(self, asked: Asked) -> Answer:
        """The agent wants his record dialled."""
        agent = asked.content["agent"]
        return await self._attempt(asked, lambda: previewing.dial(self._desk, asked["attempt"], agent, asked.now))

    async def skip(self, asked: Asked) -> Answer:
        """The agent leaves his record."""
        body = asked.content
        return await self._attempt(
            asked,
            lambda: previewing.skip(self._desk, asked["attempt"], body["agent"], body["reason"], asked.now),
        )

    async def settle(self, asked: Asked) -> Answer:
        """A person says how it ended."""
        body = asked.content
        result, note = Result(body["result"]), body["note"] or ""
        return await self._attempt(
            asked,
            lambda: settle_by_person(self._desk, asked["attempt"], result, body["by"], asked.now, note),
        )

    async def next(self, asked: Asked) -> Answer:
        """The agent's next record."""

        def work() -> dict[str, Any] | None:
            view = self._view(asked)
            found = previewing.next_record(self._desk, asked["agent"], asked.now)
            if found is None:
                return None
            with self._desk.engine.connect() as connection:
                return record_json(connection, found, view)

        return Answer(body={"record": await done_by(work)})

    async def _attempt(self, asked: Asked, work: Callable[[], DialAttempt]) -> Answer:
        view = await asyncio.to_thread(self._view, asked)
        if "attempt" in asked.values:
            await asyncio.to_thread(self._require_attempt, asked["attempt"])
        return Answer(body={"attempt": attempt_json(await done_by(work), view)})

    def _require_attempt(self, attempt: int) -> None:
        with self._desk.engine.connect() as connection:
            if not load_attempts(connection, [attempt]):
                message = "attempt: found none of this number, expected one of a campaign's attempts"
                raise ApiError(404, "attempt_not_found", message)

    def _view(self, asked: Asked) -> View:
        return View(rules=self._desk.rules, now=asked.now, masked=asked.masked)

    @staticmethod
    def _by(asked: Asked) -> By:
        body = asked.content
        return By(at=asked.now, by=body["by"], note=body.get("note") or "")

    @staticmethod
    def _campaign(found: Campaign | None) -> Campaign:
        if found is None:
            raise _no_campaign()
        return found


def _after(asked: Asked) -> int:
    return 0 if asked["after"] is None else min(int(asked["after"][0]), 2**31 - 1)


def _no_campaign() -> ApiError:
    return ApiError(
        404, "campaign_not_found", "campaign: found none of this number, expected one of /api/v1/campaigns"
    )


def _made(campaign: Campaign, added: Added | None = None) -> dict[str, Any]:
    return {"campaign": campaign_json(campaign), "list": None if added is None else added.as_json()}
