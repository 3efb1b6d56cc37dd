"""Draws: the same by the same seed whatever the order, N for each agent, spread over strata, and fair to every talk."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.quality.drawing import (
    Ask,
    Candidate,
    asks_of,
    commitment_of,
    draw,
    pool_digest,
    rank,
    seed_of,
    stratum_of,
    take,
)
from analytics.quality.weeks import weeks_of
from config.quality import Quality, Stratum

QUALITY = Quality(criteria=())


def talk(number: int, agent: str = "1001", stratum: str = "inbound", *, fresh: bool = True) -> Candidate:
    """A candidate of November."""
    return Candidate(
        talk_id=f"talk-{number}", call_id=f"call-{number}", file_id=number, agent=agent, month="2026-11",
        started_us=number, length_ms=60_000, stratum=stratum, fresh=fresh,
    )  # fmt: skip


pools = st.lists(
    st.tuples(st.sampled_from(["1001", "1002", "1003"]), st.sampled_from("abc"), st.booleans()), max_size=30
).map(lambda rows: [talk(n, agent, stratum, fresh=fresh) for n, (agent, stratum, fresh) in enumerate(rows)])
seeds = st.text("0123456789abcdef", min_size=4, max_size=4)


@given(pools, seeds, st.randoms(use_true_random=False), st.integers(1, 5))
def test_the_order_of_the_candidates_makes_no_difference(pool: list[Candidate], seed: str, random, n: int) -> None:  # type: ignore[no-untyped-def]
    """The same seed gives the same sample and the same digest, however candidates and questions are shuffled."""
    asks = [Ask(agent=agent, month="2026-11", count=n) for agent in ("1001", "1002", "1003")]
    shuffled, turned = pool[:], asks[:]
    random.shuffle(shuffled)
    random.shuffle(turned)
    assert draw(seed, turned, shuffled) == draw(seed, asks, pool)
    assert pool_digest(turned, shuffled) == pool_digest(asks, pool)


@given(pools, seeds, st.integers(1, 5))
def test_each_agent_has_n_or_all_of_his_talks_and_it_is_said(pool: list[Candidate], seed: str, n: int) -> None:
    """Nobody has fewer than N but who had fewer talks; he is named with what was found."""
    asks = [Ask(agent=agent, month="2026-11", count=n) for agent in ("1001", "1002", "1003")]
    drawn = draw(seed, asks, pool)
    had, got = Counter(each.agent for each in pool), Counter(each.agent for each in drawn.picks)
    assert all(got[ask.agent] == min(n, had[ask.agent]) for ask in asks)
    assert {each.agent: each.found for each in drawn.shortfalls} == {
        ask.agent: had[ask.agent] for ask in asks if had[ask.agent] < n
    }
    assert len({each.talk_id for each in drawn.picks}) == len(drawn.picks)


@given(pools, seeds, st.integers(1, 5))
def test_no_stratum_is_heard_twice_while_another_of_the_week_was_not(
    pool: list[Candidate], seed: str, n: int
) -> None:
    """Among the talks of the week, strata differ by one at most, as long as each has talks left."""
    own = [each for each in pool if each.agent == "1001" and each.fresh]
    taken = Counter(each.stratum for each in take(seed, own, n, {}))
    left = Counter(each.stratum for each in own) - taken
    assert all(taken[full] <= taken[other] + 1 for full in taken for other in left)


@given(pools, seeds)
def test_a_talk_of_an_earlier_week_is_only_taken_where_the_week_has_none(pool: list[Candidate], seed: str) -> None:
    """Catching up takes this week's talks first."""
    own = [each for each in pool if each.agent == "1001"]
    taken = take(seed, own, 3, {})
    fresh = sum(each.fresh for each in own)
    assert sum(each.fresh for each in taken) == min(3, fresh)


def test_a_stratum_that_was_heard_before_in_the_month_waits() -> None:
    """The week before had an inbound one, so now the only outbound one is taken, whatever the seed."""
    pool = [talk(n) for n in range(9)] + [talk(9, stratum="outbound")]
    for seed in map(str, range(50)):
        assert take(seed, pool, 1, {"inbound": 1}) == [pool[9]]


def test_every_talk_has_the_same_chance() -> None:
    """Over 3,000 seeds each of twelve talks in strata of unequal size is drawn first alike: chi-square, 11 degrees."""
    pool = [talk(n, stratum="a" if n < 9 else "b") for n in range(12)]
    found = Counter(take(seed_of(str(n), "2026-W48"), pool, 1, {})[0].talk_id for n in range(3000))
    expected = 3000 / 12
    chi = sum((found[each.talk_id] - expected) ** 2 / expected for each in pool)
    assert chi < 31.26  # one fair draw in a thousand is above; these seeds are always the same


def test_within_a_stratum_the_second_pick_is_fair_too() -> None:
    """Over 3,000 seeds, each talk of a stratum comes alike often in a sample of two."""
    pool = [talk(n, stratum="a" if n < 8 else "b") for n in range(12)]
    found: Counter[str] = Counter()
    for n in range(3000):
        found.update(each.talk_id for each in take(seed_of(str(n), "w"), pool, 2, {}))
    for names in (range(8), range(8, 12)):
        counts = [found[f"talk-{n}"] for n in names]
        expected = math.fsum(counts) / len(counts)
        assert sum((each - expected) ** 2 / expected for each in counts) < 24.32  # 7 degrees, one in a thousand


@given(st.integers(1, 5), st.lists(st.integers(0, 3), min_size=5, max_size=5), seeds)
@settings(max_examples=60)
def test_after_the_last_week_of_a_month_each_agent_has_n_or_all(n: int, talks: list[int], seed: str) -> None:
    """Whatever weeks he was away in: what was missed is caught up from what is left of the month."""
    quality = Quality(criteria=(), at_least=n)
    left: list[Candidate] = []
    heard: Counter[str] = Counter()
    number = 0
    for part, count in enumerate(talks, start=1):
        left = [talk(int(each.talk_id[5:]), stratum=each.stratum, fresh=False) for each in left]
        left += [talk(number + each, stratum="ab"[each % 2]) for each in range(count)]
        number += count
        asks = asks_of(f"{seed}{part}", quality, {"2026-11": (part, 5)}, left, {("2026-11", "1001"): heard})
        picks = draw(f"{seed}{part}", asks, left).picks
        heard.update(each.stratum for each in picks)
        left = [each for each in left if each not in picks]
        assert min(number, n * part // 5) <= heard.total() <= -(-n * part // 5)
    assert heard.total() == min(n, number)


def test_nothing_is_asked_of_who_has_enough() -> None:
    """An agent whose share of the month was drawn already is asked for nothing more."""
    for seed in map(str, range(20)):
        assert asks_of(seed, QUALITY, {"2026-11": (15, 30)}, [talk(1)], {("2026-11", "1001"): {"inbound": 1}}) == ()


def test_a_part_of_a_talk_is_a_whole_one_with_that_chance() -> None:
    """Of 2,000 agents whose month lacks 7 of 15 parts of a talk about that many are drawn; never one with none due."""
    pool = [talk(n, agent=f"{n}") for n in range(2000)]
    heard = {("2026-11", f"{n}"): {"inbound": 1} for n in range(2000)}
    found = len(asks_of("seed", QUALITY, {"2026-11": (22, 30)}, pool, heard))
    assert abs(found - 2000 * 7 / 15) < 4 * (2000 * 7 / 15 * 8 / 15) ** 0.5


def test_the_work_of_a_month_is_spread_over_its_weeks() -> None:
    """400 agents, two talks each: no week has none of a share, none has all, and all have two after the last."""
    heard: dict[tuple[str, str], dict[str, int]] = {}
    counts, number = [], 0
    for week in weeks_of("2026-11"):
        pool = [talk(number + n, agent=f"{n % 400}") for n in range(800)]
        number += 800
        asks = asks_of(week.label, QUALITY, {"2026-11": week.share("2026-11")}, pool, heard)
        picks = draw(week.label, asks, pool).picks
        counts.append(len(picks))
        for each in picks:
            key = ("2026-11", each.agent)
            heard[key] = {"inbound": heard.get(key, {}).get("inbound", 0) + 1}
    assert sum(counts) == 800
    assert all(120 < each < 260 for each in counts[1:5])  # 187 a week on average


def test_a_stratum_is_named_by_the_policy_s_strata() -> None:
    """Direction, length, hour by the centre's clocks and outcome; without strata all are one."""
    at, zone = datetime(2026, 11, 24, 23, 30, tzinfo=UTC), ZoneInfo("Asia/Shanghai")

    def named(*strata: Stratum, length_ms: int = 59_999, outcome: str | None = None) -> str:
        return stratum_of(strata, direction="inbound", length_ms=length_ms, at=at, outcome=outcome, zone=zone)

    assert named(*Stratum) == "inbound/short/morning/-"
    assert named(Stratum.LENGTH, Stratum.OUTCOME, length_ms=60_000, outcome="query") == "middling/query"
    assert named(Stratum.LENGTH, length_ms=180_000) == "long"
    assert named() == "-"


def test_the_seed_follows_from_the_random_that_was_committed_to() -> None:
    """The published digest binds the random; another random or week gives another order."""
    assert commitment_of("one") != commitment_of("two")
    assert seed_of("one", "2026-W48") != seed_of("one", "2026-W49")
    assert rank("a", "talk") == rank("a", "talk") != rank("b", "talk")
