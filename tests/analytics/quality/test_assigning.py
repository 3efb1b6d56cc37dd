"""Who listens: evenly, and never the agent or somebody of his group."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from analytics.quality.assigning import Inspector, ToHear, assign, may_hear

GROUPS = st.sampled_from(["a", "b", "c", None])
samples = st.lists(GROUPS, max_size=25).map(
    lambda groups: [ToHear(talk_id=f"t{n}", agent=f"10{n:02d}", group=group) for n, group in enumerate(groups)]
)
inspectors = st.lists(st.frozensets(st.sampled_from("abc"), max_size=2), max_size=5).map(
    lambda sets: [Inspector(login=f"i{n}", agent=f"10{n:02d}", groups=each) for n, each in enumerate(sets)]
)


@given(samples, inspectors, st.text(max_size=3), st.randoms(use_true_random=False))
def test_nobody_hears_his_own_group_or_himself(
    heard: list[ToHear], people: list[Inspector], seed: str, random
) -> None:  # type: ignore[no-untyped-def]
    """Each sample goes to somebody who may hear it, to nobody only where nobody may; the order is no matter."""
    given_to = assign(seed, heard, people)
    by_login = {each.login: each for each in people}
    for sample in heard:
        login = given_to[sample.talk_id]
        able = [each for each in people if may_hear(each, sample)]
        assert (login is None) == (not able)
        if login is not None:
            assert by_login[login].agent != sample.agent
            assert sample.group not in by_login[login].groups
    shuffled = heard[:]
    random.shuffle(shuffled)
    assert assign(seed, shuffled, list(reversed(people))) == given_to


@given(st.integers(0, 40), st.integers(1, 6), st.text(max_size=3))
def test_it_is_even_where_all_may_hear_all(count: int, people: int, seed: str) -> None:
    """Nobody has two more than another."""
    heard = [ToHear(talk_id=f"t{n}", agent="1001", group="a") for n in range(count)]
    given_to = assign(seed, heard, [Inspector(login=f"i{n}") for n in range(people)])
    load = Counter(given_to.values())
    assert max(load[f"i{n}"] for n in range(people)) - min(load[f"i{n}"] for n in range(people)) <= 1


def test_who_has_much_open_is_given_less() -> None:
    """What is open from before counts."""
    heard = [ToHear(talk_id=f"t{n}", agent="1001", group="a") for n in range(4)]
    given_to = assign("s", heard, [Inspector(login="busy"), Inspector(login="free")], {"busy": 4})
    assert set(given_to.values()) == {"free"}
