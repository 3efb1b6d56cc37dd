"""The rooms of the dashboard, each made over its own source: the one list of what pages a service has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine

from config.settings import Settings
from service.acting.acting import Acting
from service.dashboard.acting import ActPages
from service.dashboard.application import RoomOf
from service.dashboard.campaigns import CampaignPages
from service.dashboard.closing import ClosingPages
from service.dashboard.desk import DeskPages
from service.dashboard.figures.agent_pages import AgentPages
from service.dashboard.figures.call_pages import CallPages
from service.dashboard.figures.figure_pages import FigurePages
from service.dashboard.figures.file_pages import FilePages
from service.dashboard.figures.queue_pages import QueuePages
from service.dashboard.promises.customer_pages import CustomerPages
from service.dashboard.promises.pages import FollowUpPages
from service.dashboard.promises.policy_pages import PolicyPages
from service.dashboard.quality.listening import Listening
from service.dashboard.quality.own import OwnQuality
from service.dashboard.quality.pages import QualityPages
from service.dashboard.quality.sums_pages import QualitySums
from service.dashboard.recordings.destruction_pages import DestructionPages
from service.dashboard.recordings.pages import RecordingPages
from service.dashboard.starting import StartingPages
from service.dashboard.story.pages import StoryPages
from service.desk.desk import Desk
from service.dialling.placing import Placing
from service.listening.shelf import shelf_of
from service.live.campaigns import StoredCampaigns
from service.live.closing import StoredClosing
from service.live.customers import StoredCustomers
from service.live.desk import LiveDesk
from service.live.desk_floor import DeskFloor
from service.live.destruction import StoredDestruction
from service.live.figures import StoredFigures
from service.live.files import StoredFiles
from service.live.hub import LiveHub
from service.live.parts import Teller
from service.live.policies import StoredPolicy
from service.live.promises import StoredPromises
from service.live.quality import StoredQuality
from service.live.recordings import StoredRecordings
from service.live.state import DashboardState
from service.live.stories import StoredStories
from service.pipeline.analysis import journal_folder
from service.pipeline.road import Road
from service.starting.start import FirstStart
from service.wiring import Begin
from telephony.clock import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """What sources are made of. `reading` and `writing` are engines over the same store."""

    settings: Settings
    roads: Sequence[Road]
    hub: LiveHub
    state: DashboardState
    teller: Teller
    placing: Placing
    acting: Acting
    reading: Engine
    writing: Engine
    clock: Clock
    within: Callable[[int, int], Sequence[tuple[int, int]]]
    may_act: bool  # whether who has no account may act
    is_demo: bool
    environ: Mapping[str, str]
    begin: Begin | None

    def desks(self) -> tuple[Desk, Desk]:
        """Over the reading and over the writing engine."""
        return self._desk(self.reading), self._desk(self.writing)

    def _desk(self, engine: Engine) -> Desk:
        return Desk(engine, lambda: self.hub.policy, self.settings)


def rooms_of(centre: Centre) -> list[RoomOf]:
    """Every room but those of people and their rights."""
    desks, hub, now = centre.desks(), centre.hub, centre.clock.now
    campaigns = StoredCampaigns(*desks, hub, centre.placing, now, may_act=centre.may_act)
    promises = StoredPromises(*desks, hub.name_of, now, may_act=centre.may_act)
    customers = StoredCustomers(*desks, hub.name_of, now, centre.settings.data_dir, may_act=centre.may_act)
    floor = DeskFloor(hub, lambda: Teller(policy=hub.policy, person_of=hub.person_of), now)
    own = LiveDesk(*desks, hub, floor, now, centre.state.links, centre.within)
    shelf = shelf_of(centre.settings)
    stories = StoredStories(
        centre.reading, centre.writing, hub, centre.teller, shelf,
        journal_folder(centre.settings.data_dir), centre.state.all_gaps, now,
    )  # fmt: skip
    figures = StoredFigures(
        centre.reading, centre.writing, hub, centre.teller, centre.state.board, now, roads=centre.roads,
        gaps=centre.within,
    )  # fmt: skip
    recordings = StoredRecordings(centre.reading, hub, stories, shelf, centre.settings.country, figures.queues)
    destruction = StoredDestruction(
        centre.reading, centre.writing, shelf, lambda: hub.policy, centre.settings.country, now
    )
    files = StoredFiles(
        centre.reading,
        centre.writing,
        hub,
        country=centre.settings.country,
        demo=centre.is_demo,
        gaps=centre.within,
    )
    quality = StoredQuality(centre.reading, centre.writing, hub, now)
    return [
        partial(FilePages, figures, files),
        *(partial(each, figures) for each in (AgentPages, QueuePages, CallPages, FigurePages)),
        partial(StoryPages, stories),
        partial(RecordingPages, recordings),
        partial(DestructionPages, destruction),
        partial(CampaignPages, campaigns),
        partial(FollowUpPages, promises),
        partial(CustomerPages, customers),
        partial(PolicyPages, StoredPolicy(desks[0])),
        partial(DeskPages, own, acting=centre.acting, may_act=centre.may_act),
        partial(ActPages, centre.acting, may_act=centre.may_act),
        partial(QualityPages, quality, Listening(stories), may_act=centre.may_act),
        partial(QualitySums, quality, may_act=centre.may_act),
        partial(OwnQuality, quality, Listening(stories), own),
        partial(ClosingPages, _closing(centre), lambda agent: hub.name_of(agent, now()), may_act=centre.may_act),
        *_first_start(centre),
    ]


def _closing(centre: Centre) -> StoredClosing:
    return StoredClosing(
        centre.reading, centre.writing, centre.settings, lambda: centre.hub.policy, centre.within,
        lambda: [gap for road in centre.roads for gap in road.gaps], centre.clock.now,
    )  # fmt: skip


def _first_start(centre: Centre) -> list[RoomOf]:
    begin = centre.begin
    if begin is None:
        return []
    start = FirstStart(
        centre.settings, begin.path, centre.writing, centre.clock.now, centre.environ, begin.again,
        is_demo=centre.is_demo,
    )  # fmt: skip
    return [partial(StartingPages, start, centre.hub.policy, centre.clock)]
