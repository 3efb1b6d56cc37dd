"""Too few recordings: which queue is told of, when, and never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

import pytest
from sqlalchemy import Engine

from config.language import Language
from config.people import QueueRule
from config.policies import Policy, PolicyVersion
from config.recordings import RecordingRules
from schedulers.notices.ledger import listed
from schedulers.notices.records import Topic
from schedulers.notices.texts import message_of
from service.coverage_notices import CoverageWatch, QueueCoverage, coverage_notices
from service.noticing import Noticer
from telephony.calls.facts import Fact
from telephony.clock import ManualClock
from tests.analytics.factory import call, talk
from tests.analytics.metrics.asking import SHANGHAI, policy
from tests.analytics.recordings.talks_heard import put, sounded
from tests.analytics.stored import store_facts
from tests.service.receivers import hook
from tests.service.test_noticing import by

DAY = date(2026, 11, 2)  # that of START, 09:00 in Shanghai
SIX = datetime(2026, 11, 2, 22, tzinfo=UTC)  # six in the morning of the day after
PLAIN = PolicyVersion()


def queue_of(coverage: Fraction | None, stereo: Fraction | None = None) -> QueueCoverage:
    """A queue of a hundred talks."""
    lacking = 0 if coverage is None else int(100 - coverage * 100)
    return QueueCoverage(queue="sales", talks=100, lacking=lacking, coverage=coverage, stereo=stereo)


@pytest.mark.parametrize(
    ("coverage", "told"),
    [(Fraction(95, 100), False), (Fraction(9499, 10_000), True), (Fraction(0), True), (None, False)],
)
def test_a_queue_below_the_policys_coverage_is_told_of(coverage: Fraction | None, told: bool) -> None:
    """95 of a hundred is enough, and a day without talks is no lack."""
    assert bool(coverage_notices(DAY, [queue_of(coverage)], PLAIN, SIX)) is told
    silent = PolicyVersion(recordings=RecordingRules(coverage=0))
    assert coverage_notices(DAY, [queue_of(coverage)], silent, SIX) == []


def test_stereo_has_an_alarm_of_its_own() -> None:
    """None unless the policy asks; equality is enough."""
    stereo = queue_of(Fraction(1), Fraction(79, 100))
    assert coverage_notices(DAY, [stereo], PLAIN, SIX) == []
    asking = PolicyVersion(recordings=RecordingRules(stereo_coverage=80))
    (notice,) = coverage_notices(DAY, [stereo], asking, SIX)
    assert notice.topic is Topic.STEREO_COVERAGE
    assert coverage_notices(DAY, [replace(stereo, stereo=Fraction(4, 5))], asking, SIX) == []


def test_the_text_names_queue_figure_lack_and_page_in_both_languages() -> None:
    """By the policy's name of the queue; what came by no queue is said so."""
    named = PolicyVersion(queues=(QueueRule(queue="sales", name="销售热线"),))
    found = [queue_of(Fraction(9, 10)), replace(queue_of(Fraction(0)), queue="")]
    details = [each.details for each in coverage_notices(DAY, found, named, SIX)]
    chinese = message_of(Topic.COVERAGE, details, Language.ZH, SHANGHAI)
    assert chinese.title == "录音覆盖率不足 (2)"
    page = "/calls?figure=talks_unrecorded&period=2026-11-02"
    assert chinese.body.splitlines() == [
        f"销售热线：2026-11-02 录音覆盖率 90.0%，低于 95%；100 段通话中缺 10 段（{page}&queue=sales）",
        f"队列以外：2026-11-02 录音覆盖率 0.0%，低于 95%；100 段通话中缺 100 段（{page}）",
    ]
    english = message_of(Topic.COVERAGE, details[1:], Language.EN, SHANGHAI)
    assert english.body.startswith("outside queues: 0.0 % of 2026-11-02 recorded, under 95 %; 100 of 100 lack one")


def day_of_talks(store: Engine, recorded: int, talks: int) -> None:
    """So many talks in a queue, the first of them recorded."""
    facts: list[Fact] = []
    for number in range(talks):
        call_id, start = f"pbx/{number}.1", number * 100
        facts += [
            call(call_id, start=start, answered=start, end=start + 60),
            talk(call_id, start=start, end=start + 60),
        ]
    store_facts(store, facts)
    for number in range(recorded):
        put(store, sounded(f"pbx/{number}.1/talk/PJSIP/1004"), f"pbx/{number}.1")


def watch(store: Engine, how: Policy | None = None) -> CoverageWatch:
    """Over a store."""
    return CoverageWatch(store, lambda: how or policy())


def test_yesterday_is_judged_six_hours_into_the_day_and_once(store: Engine) -> None:
    """Before, files that are moved at night may be missing; a day is over when what was due is in the outbox."""
    day_of_talks(store, recorded=9, talks=10)
    watching = watch(store)
    assert watching.due(SIX - timedelta(microseconds=1)) == []
    assert [each.about for each in watching.due(SIX)] == ["2026-11-02/sales"]
    assert len(watching.due(SIX)) == 1
    watching.done()
    assert watching.due(SIX + timedelta(hours=17)) == []
    assert watching.due(SIX + timedelta(days=1)) == []  # a day without talks
    late = watch(store, policy(day_start=time(4)))
    assert late.due(SIX) == []


def test_a_centre_that_records_nothing_is_not_told_so_each_day(store: Engine) -> None:
    """Until a first file was found; from then on what lacks one is told of."""
    day_of_talks(store, recorded=0, talks=3)
    assert watch(store).due(SIX) == []
    put(store, sounded("another"), "pbx/9.9")
    (notice,) = watch(store).due(SIX)
    assert dict(notice.details)["lacking"] == 3


def test_it_reaches_whoever_looks_after_the_pbx_once_whatever_restarts(store: Engine) -> None:
    """As JSON at a real receiver, after quiet hours; another process at the same day sends nothing more."""
    day_of_talks(store, recorded=1, talks=2)
    clock = ManualClock(SIX)
    with hook() as kept:
        environ = {"HOOK": f"json://127.0.0.1:{kept.port}/"}
        noticer = Noticer(store, by(), environ, clock.now, watch=watch(store))
        noticer.look()
        assert kept.received == []  # quiet until eight
        clock.advance(timedelta(hours=2))
        noticer.look()
        Noticer(store, by(), environ, clock.now, watch=watch(store)).look()
    assert len(kept.received) == 1
    with store.connect() as connection:
        (row,) = listed(connection)
    assert (row.topic, row.recipient, row.about) == (Topic.COVERAGE, "pbx", "2026-11-02/sales")
