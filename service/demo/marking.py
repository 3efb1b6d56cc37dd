"""What the demo's inspector said of last week's samples, and what agents said to it: so that there are sums to show.

The marks are drawn by a seed; nobody listened to a machine's voice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from random import Random

from sqlalchemy import Connection

from analytics.quality.appeals import answer
from analytics.quality.assigning import Inspector
from analytics.quality.cards import Hand, form_for, submit
from analytics.quality.records import ReplyKind, Sample
from analytics.quality.samples import add_note
from analytics.quality.scoring import Scores
from config.policies import Policy
from config.quality import Quality

BY = "xuwen"
MOST = 7
WEIGHTS = {5: 5, 4: 7, 3: 3, 2: 1}
"""How often a mark is given, by mark."""
REMARKS = ("开头未报工号", "未复述客户的要求", "语速偏快，客户问了两遍", "结束语未询问是否还有其他问题")
SUMMARY = ("整体稳定，注意结束语。", "耐心，需求确认到位。", "先确认需求，再给方案。")
NOTES = ("此处未确认客户需求", "安抚得当", "这里可以先道歉再解释")
REPLY = "录音听了，以后先复述客户的要求。"
APPEAL = "客户当时在嘈杂处，问了两遍是因为听不清。"


def mark(connection: Connection, samples: Iterable[Sample], policy: Policy, now: datetime, seed: int) -> int:
    """Score some of them, but not the first: the worklist keeps something to do. How many there are then."""
    hand = Hand(by=Inspector(login=BY), policy=policy, now=now)
    scored = list(samples)[1 : MOST + 1]
    for place, sample in enumerate(scored):
        chance = Random(f"{seed} {place}")  # noqa: S311
        for text in chance.sample(NOTES, chance.randrange(3)):
            at_ms = chance.randrange(sample.length_ms)
            add_note(connection, sample.id, at_ms, text, by=BY, now=now)
        card = submit(connection, sample.id, _scores(form_for(sample, policy), chance), hand)
        for kind, text in ((ReplyKind.REPLY, REPLY), (ReplyKind.APPEAL, APPEAL))[: max(0, 3 - place)]:
            answer(connection, card.id, kind, text, agent=sample.agent, by=sample.agent, now=now)
    return len(scored)


def _scores(form: Quality, chance: Random) -> Scores:
    marks = {each.id: chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0] for each in form.criteria}
    low = [name for name, given in marks.items() if given <= form.scale // 2 + 1]
    return Scores(
        marks=marks, remarks={name: chance.choice(REMARKS) for name in low}, summary=chance.choice(SUMMARY)
    )
