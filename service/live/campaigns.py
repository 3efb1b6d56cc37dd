"""What the pages of campaigns are handed: campaigns from the store, the dialler of this process, and their turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from schedulers.campaigns.changes import Turn
from schedulers.campaigns.records import Campaign
from schedulers.storage.campaign_progress import Progress, load_progress
from schedulers.storage.campaigns import By
from service.auth.rights import Sight
from service.auth.sight import resolve
from service.dashboard.campaign_view import Dialler
from service.desk import campaigns
from service.desk.campaign_making import dials
from service.desk.campaigns import Standing
from service.desk.desk import Desk
from service.dialling.placing import Placing
from service.live.hub import LiveHub

MOST = 50
TURNS = {"start": Turn.STARTED, "pause": Turn.PAUSED, "resume": Turn.RESUMED, "stop": Turn.STOPPED}


class StoredCampaigns:
    """See service.dashboard.campaigns.CampaignSource. `reading` and `writing` are desks over the same store."""

    def __init__(
        self,
        reading: Desk,
        writing: Desk,
        hub: LiveHub,
        placing: Placing,
        now: Callable[[], datetime],
        *,
        may_act: bool,
    ) -> None:
        self.may_act = may_act
        self.dials = any(dials(each) for each in reading.settings.pbxs)
        self._reading, self._writing = reading, writing
        self._hub, self._placing, self._now = hub, placing, now

    async def listed(self) -> list[tuple[Campaign, Progress]]:
        """The first fifty."""
        return await asyncio.to_thread(self._listed)

    def _listed(self) -> list[tuple[Campaign, Progress]]:
        now = self._now()
        with self._reading.engine.connect() as connection:
            found = campaigns.listed(connection)[:MOST]
            return [(each, load_progress(connection, each, now)) for each in found]

    async def standing(self, campaign_id: int) -> Standing | None:
        """How one stands."""
        return await asyncio.to_thread(self._standing, campaign_id)

    def _standing(self, campaign_id: int) -> Standing | None:
        rules = self._reading.rules
        with self._reading.engine.connect() as connection:
            return campaigns.standing(connection, campaign_id, rules, self._now())

    async def turn(self, campaign_id: int, what: str, by: str, note: str) -> None:
        """What somebody does to one."""
        who = By(at=self._now(), by=by, note=note)
        await asyncio.to_thread(campaigns.turn, self._writing, campaign_id, TURNS[what], who)

    def dialler(self, pbx: str) -> Dialler:
        """Of this process."""
        dialler, floor = self._placing.diallers.get(pbx), self._placing.floor
        if dialler is None:
            return Dialler(is_here=False)
        return Dialler(is_here=True, connected=dialler.connected, deaf=floor.why_deaf(pbx) if floor else None)

    def crew(self, campaign: Campaign) -> frozenset[str] | None:
        """By the people in force; None where it names nobody."""
        if not campaign.groups and not campaign.agents:
            return None
        sight = Sight(groups=frozenset(campaign.groups), agents=frozenset(campaign.agents))
        return resolve(sight, self._hub.policy, self._now()).agents

    def name_of(self, agent: str) -> str | None:
        """By the people in force."""
        return self._hub.name_of(agent, self._now())
