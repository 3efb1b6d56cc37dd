"""Tests of config.explain_followups: each kind in words, in both languages."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.explain import explain
from config.explain_followups import SPOKEN
from config.followups import Alarm, Basis, DueKind, Every, FulfilledBy, OwnerRule, Result, TriggerKind
from config.policy_loader import check_policy, load_policy, shipped_policies
from config.promise_grammar import PERIODS, due_of, trigger_of

HEAD = """name = "ours"
[[version]]
[version.contact]
duty = ["1"]
major_festivals = ["qixi"]
[[version.group]]
group = "a"
leaders = ["1"]
[[version.survey]]
id = "s"
[[version.survey.question]]
id = "q"
text_zh = "问"
text_en = "Q"
[[version.followup]]
kind = "before"
name_zh = "前事"
name_en = "Before"
trigger = "member"
due = "2 days"
"""
TRIGGERS = st.sampled_from(
    [
        "missed_call",
        "promise",
        "promise:dialect",
        "outcome:busy",
        "event:order",
        "campaign",
        "campaign:spring",
        "member",
        "period:week",
        "period:year",
        "top:quarter",
        "birthday",
        "festival:qixi",
        "festival:major",
        "done:before",
        "closed:before",
        "unsatisfied:before",
    ]
)
COUNTED = st.builds(
    "{} {}".format,
    st.integers(1, 999),
    st.sampled_from(["minute", "hours", "open minutes", "days", "working days"]),
)


@st.composite
def kinds(draw: st.DrawFn) -> str:
    """The TOML of a good kind: any trigger with a due time that suits it, and any of the keys that are free."""
    trigger, lines = draw(TRIGGERS), []
    due = draw(st.one_of(COUNTED, st.just("on the day")))
    if trigger.startswith("promise"):
        due = draw(st.sampled_from([due, "as promised"]))
    if trigger.startswith(("period", "top")):
        due = draw(st.sampled_from([due, "in the period"]))
    if trigger.startswith("top"):
        lines.append("top = 10")
    if trigger.startswith(("event", "member", "outcome")):
        lines.append(
            draw(st.sampled_from(["", 'repeat = ["1 week", "3 months"]', 'every = "1 year"\nfirst = false']))
        )
    if trigger.startswith(("done", "closed", "unsatisfied")):
        lines.append(f"level_up = {draw(st.sampled_from(['true', 'false']))}")
    by = draw(st.sampled_from(FulfilledBy)).value
    lines.append(f'fulfilled_by = "{by}"')
    if by == "talk":
        lines.append(draw(st.sampled_from(["", 'survey = "s"', "inbound = true\nmin_talk = 60"])))
    lines.append(f'owner = "{draw(st.sampled_from(OwnerRule)).value}"\ngroup = "a"')
    lines.append(
        f'overdue = "{draw(st.sampled_from(Alarm)).value}"\nat_once = "{draw(st.sampled_from(Alarm)).value}"'
    )
    free = [
        "anyone = true",
        'skill = "x"',
        'near = ["11:00"]',
        "edges = true",
        'weekdays = ["mon"]',
        "agreed = false",
    ]
    free += [
        "closed_days = true",
        'basis = "consent"',
        'mode = "direct"',
        "attempts = {most = 9}",
        'who = {tier = ["x"]}',
    ]
    lines += draw(st.lists(st.sampled_from(free), unique=True))
    said = "\n".join(lines)
    return (
        f'[[version.followup]]\nkind = "drawn"\nname_zh = "甲"\nname_en = "Drawn"\ntrigger = "{trigger}"\n'
        f'due = "{due}"\n{said}\n'
    )


@settings(deadline=None)  # it reads a file twice, and a machine may be busy
@given(kinds())
def test_any_good_kind_is_read_and_explained(text: str) -> None:
    """It has no mistake, says its trigger and due time again, and both languages fill every brace."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ours.toml"
        path.write_text(HEAD + text, encoding="utf-8")
        assert check_policy(path) == []
        policy = load_policy(path)
    kind = policy.versions[0].promises.kinds[1]
    trigger, due = (re.findall(rf'^{key} = "(.*)"$', text, re.MULTILINE)[0] for key in ("trigger", "due"))
    assert (kind.trigger, kind.due) == (trigger_of(trigger), due_of(due))
    for language, name in (("zh", "【甲】"), ("en", "[Drawn]")):
        (told,) = [line for line in explain(policy, language).splitlines() if line.startswith(name)]
        assert "{" not in told


@pytest.mark.parametrize("name", shipped_policies())
def test_every_kind_of_a_shipped_policy_has_a_paragraph(name: str) -> None:
    """As many paragraphs as kinds, in the language asked for."""
    policy = load_policy(name)
    kinds = policy.versions[0].promises.kinds
    for language, begins in (
        ("zh", [f"【{kind.name_zh}】" for kind in kinds]),
        ("en", [f"[{k.name_en}]" for k in kinds]),
    ):
        told = [line for line in explain(policy, language).splitlines() if line.startswith(("【", "["))]
        assert [line.startswith(begin) for line, begin in zip(told, begins, strict=True)] == [True] * len(kinds)


def test_what_may_be_missing_and_what_is_face_to_face_is_said() -> None:
    """In both languages, in the paragraphs of the kinds that ask for it; assets have their unit."""
    for language, missing, in_person, assets in (
        ("zh", "未注明亦算", "须当面", "assets ≥ 300000 元"),
        ("en", "(or not told)", "Face to face", "assets ≥ 300000 yuan"),
    ):
        assert missing in explain(load_policy("hotline"), language)
        told = explain(load_policy("securities"), language)
        assert (in_person in told, assets in told) == (True, True)


def test_a_kind_is_told_whole() -> None:
    """The visit of B3 in both languages, word for word."""
    policy = load_policy("repair")
    zh, en = (explain(policy, language).splitlines() for language in ("zh", "en"))
    assert (
        "【再次上门】（serve_again，出自 B3）“完工回访”之后客户不满意时产生。期限：1 个工作日内，到当天下班。"
        "由上一级负责人负责。由人登记为完成。可关闭的原因：多次未联系上、联系方式有误、客户拒绝。属服务内容。逾期告知值班领导。"
    ) in zh
    assert (
        "[Served again] (serve_again, from B3) Arises: the customer is not content after “Score after the repair”. "
        "Due: within 1 working day(s), at closing time. It belongs to the leader one level up. A person records that "
        "it is done. May be closed as: unreachable after the attempts that the policy asks, wrong contact data, the "
        "customer refuses. It is part of the service. When overdue the duty leader is told."
    ) in en


def test_both_languages_have_a_word_for_every_member() -> None:
    """No member of an enum that a kind may hold is without its words."""
    for words in SPOKEN.values():
        assert set(words.triggers) == set(TriggerKind)
        assert set(words.dues) == set(DueKind)
        assert set(words.owners) == set(OwnerRule)
        assert set(words.fulfilled) == set(FulfilledBy)
        assert set(words.bases) == set(Basis)
        assert set(words.alarms) == set(Alarm)
        assert set(words.results) == {result.value for result in Result}
        assert {unit.value for unit in Every} <= set(words.units)
        assert set(words.periods) == set(PERIODS)
