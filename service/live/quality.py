"""What the pages of listening to samples are handed, and what is done by them. Blocking work, in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, Engine, select

from analytics.metrics.periods import clock_of
from analytics.quality.appeals import load_replies, open_appeals
from analytics.quality.cards import Hand, form_for, load_card, load_cards, proposals_for
from analytics.quality.draws import check_draw, find_draw, load_draws, quality_of
from analytics.quality.loading import load_month, load_week
from analytics.quality.records import Card, Draw, SampleState, final_of
from analytics.quality.samples import load_draft, load_notes, load_sample, load_samples, save_draft
from analytics.quality.scoring import Scores
from analytics.quality.summaries import MonthTotals
from analytics.quality.weeks import drawn_at, parse_week
from analytics.storage.aliases import resolve
from analytics.storage.models import calls, queue_visits
from analytics.storage.recording_models import recording_files
from config.policies import Policy
from config.quality import Quality
from service.auth import accounts, audit
from service.auth.audit import Act, Entry
from service.dashboard.quality.source import Appealed, Listed, OfCall, Opened, Sees, WeekTold, Who, Work
from service.live.hub import LiveHub
from service.quality.inspectors import visiting
from telephony.clock import to_microseconds

DRAWS = 8
Result = TypeVar("Result")


class StoredQuality:
    """See service.dashboard.quality.source.QualitySource. `reading` and `writing` are engines over the same store."""

    def __init__(self, reading: Engine, writing: Engine, hub: LiveHub, now: Callable[[], datetime]) -> None:
        self._reading, self._writing, self._hub = reading, writing, hub
        self.now = now

    @property
    def policy(self) -> Policy:
        """With the people in force."""
        return self._hub.policy

    def name_of(self, agent: str) -> str | None:
        """An agent's name now."""
        return self._hub.name_of(agent, self.now())

    # -- the worklist ------------------------------------------------------------------------

    async def work(self, sees: Sees) -> Work:
        """The worklist of whom somebody sees."""
        return await asyncio.to_thread(self._work, sees)

    def _work(self, sees: Sees) -> Work:
        policy, now = self.policy, self.now()
        month = f"{clock_of(policy).day_of(to_microseconds(now)):%Y-%m}"
        with self._reading.connect() as connection:
            found = {
                each.id: each
                for each in (
                    *load_samples(connection, state=SampleState.OPEN), *load_samples(connection, month=month),
                )
                if sees(each.agent)
            }  # fmt: skip
            cards = _by_sample(load_cards(connection, list(found)))
            samples = sorted(found.values(), key=lambda each: each.id)
            return Work(
                samples=tuple(Listed(sample=each, card=final_of(cards.get(each.id, ()))) for each in samples),
                appeals=tuple(each for each in self._appeals(connection) if sees(each.sample.agent)),
                draws=tuple(self._draws(connection)),
                month=load_month(connection, month, policy, sees) if policy.resolve(now).quality else None,
                people=_people(connection),
            )

    def _appeals(self, connection: Connection) -> list[Appealed]:
        found = []
        for appeal in open_appeals(connection):
            card = load_card(connection, appeal.card_id)
            found.append(Appealed(appeal=appeal, card=card, sample=load_sample(connection, card.sample_id)))
        return found

    def _draws(self, connection: Connection) -> list[tuple[Draw, int, datetime | None]]:
        policy = self.policy
        told = []
        for draw in load_draws(connection, DRAWS):
            week = parse_week(draw.week)
            quality = quality_of(policy, week)
            due = drawn_at(week, quality, policy.zone, policy.day_start) if quality else None
            told.append((draw, len(load_samples(connection, week=draw.week)), due))
        return told

    # -- one sample --------------------------------------------------------------------------

    async def opened(self, sample: int, login: str) -> Opened | None:
        """A sample with all that is on record."""
        return await asyncio.to_thread(self._opened, sample, login)

    def _opened(self, sample_id: int, login: str) -> Opened | None:
        with self._reading.connect() as connection:
            if not load_samples(connection, ids=(sample_id,)):
                return None
            mine = load_samples(connection, inspector=login, state=SampleState.OPEN)
            ids = [each.id for each in mine]
            return self._told(
                connection,
                sample_id,
                _people(connection),
                draft=load_draft(connection, sample_id, login),
                before=max((each for each in ids if each < sample_id), default=None),
                after=min((each for each in ids if each > sample_id), default=None),
                left=len(ids),
            )

    def _told(self, connection: Connection, sample_id: int, people: Mapping[str, str], **more: object) -> Opened:
        sample, policy = load_sample(connection, sample_id), self.policy
        cards = load_cards(connection, (sample_id,))
        final = final_of(cards)
        form = _with_words(final.form, policy, sample.started_at) if final else form_for(sample, policy)
        path = select(recording_files.c.path).where(recording_files.c.id == sample.file_id)
        return Opened(
            sample=sample,
            form=form,
            cards=cards,
            notes=load_notes(connection, (sample_id,)),
            replies=load_replies(connection, [each.id for each in cards]),
            proposals=proposals_for(connection, sample, form, policy),
            rules=policy.resolve(sample.started_at).recordings,
            call=_call(connection, resolve(connection, sample.call_id)),
            path=connection.execute(path).scalar() or "",
            people=people,
            **more,  # type: ignore[arg-type]
        )

    async def own(self, agent: str) -> tuple[Opened, ...]:
        """An agent's scored samples, newest first."""
        return await asyncio.to_thread(self._own, agent)

    def _own(self, agent: str) -> tuple[Opened, ...]:
        with self._reading.connect() as connection:
            scored = load_samples(connection, agent=agent, state=SampleState.SCORED)
            people = _people(connection)
            told = [self._told(connection, each.id, people) for each in scored]
        return tuple(sorted(told, key=lambda each: each.cards[0].submitted_at, reverse=True))

    # -- sums --------------------------------------------------------------------------------

    async def week(self, week: str, sees: Sees) -> WeekTold:
        """A week with its draw done again."""
        return await asyncio.to_thread(self._week, week, sees)

    def _week(self, week: str, sees: Sees) -> WeekTold:
        wanted = parse_week(week)
        with self._reading.connect() as connection:
            draw = find_draw(connection, wanted.label)
            summary = load_week(connection, wanted, self.policy, sees)
            return WeekTold(
                summary=summary,
                quality=quality_of(self.policy, wanted) or Quality(criteria=()),
                draw=draw,
                checked=check_draw(connection, wanted.label) if draw and draw.drawn_at else None,
                people=_people(connection),
            )

    async def month(self, month: str, sees: Sees) -> MonthTotals:
        """A month's totals."""

        def load() -> MonthTotals:
            with self._reading.connect() as connection:
                return load_month(connection, month, self.policy, sees)

        return await asyncio.to_thread(load)

    # -- what is done ------------------------------------------------------------------------

    async def act(
        self,
        who: Who,
        step: str,
        subject: str,
        work: Callable[[Connection, Hand], Result],
        **details: str | int | bool,
    ) -> Result:
        """Do it, and note it, in one transaction."""

        def write() -> Result:
            policy, now = self.policy, self.now()
            by = visiting(who.visitor, policy, now, who.login)
            hand = Hand(by=by, policy=policy, now=now)
            with self._writing.begin() as connection:
                done = work(connection, hand)
                entry = Entry(
                    at=now, visitor=who.visitor, act=Act.CHANGED, subject=subject, address=who.address,
                    details={"step": step, "by": who.login, **details},
                )  # fmt: skip
                audit.note(connection, entry)
            return done

        return await asyncio.to_thread(write)

    async def draft(self, sample: int, login: str, scores: Scores) -> datetime:
        """Keep a card that is being filled in."""

        def write() -> datetime:
            now = self.now()
            with self._writing.begin() as connection:
                save_draft(connection, sample, login, scores, now)
            return now

        return await asyncio.to_thread(write)


def _by_sample(cards: tuple[Card, ...]) -> dict[int, tuple[Card, ...]]:
    found: dict[int, tuple[Card, ...]] = {}
    for card in cards:
        found[card.sample_id] = (*found.get(card.sample_id, ()), card)
    return found


def _people(connection: Connection) -> dict[str, str]:
    """Names by login."""
    return {each.login: each.name for each in accounts.listed(connection)}


def _with_words(form: Quality, policy: Policy, at: datetime) -> Quality:
    """The form of a card; what its criteria mean is told by the policy, where it still has them."""
    rules = policy.resolve(at).quality
    if rules is None:
        return form
    told = ((each, rules.criterion(each.id) or each) for each in form.criteria)
    criteria = tuple(replace(each, says_zh=now.says_zh, says_en=now.says_en) for each, now in told)
    return replace(form, criteria=criteria)


def _call(connection: Connection, call_id: str) -> OfCall | None:
    columns = (calls.c.direction, calls.c.customer, calls.c.customer_withheld)
    row = connection.execute(select(*columns).where(calls.c.id == call_id)).first()
    if row is None:
        return None
    visits = queue_visits.c
    queue = select(visits.queue).where(visits.call_id == call_id).order_by(visits.joined_us.desc()).limit(1)
    return OfCall(
        direction=row.direction, queue=connection.execute(queue).scalar(), customer=row.customer,
        withheld=row.customer_withheld,
    )  # fmt: skip
