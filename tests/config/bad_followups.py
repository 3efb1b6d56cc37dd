"""Policies with bad promises, one mistake each: name, TOML text, and the line, key, found and expected of its error.

A case's own text begins in line 2, below `name = "ours"`.
"""

from __future__ import annotations

from config.followups import REASONS
from config.kind_reading import EXPECTED_CLOCKS, EXPECTED_ID, EXPECTED_MATCH
from config.promise_grammar import (
    EXPECTED_CAP,
    EXPECTED_DUE,
    EXPECTED_SPAN,
    EXPECTED_STEP,
    EXPECTED_TRIGGER,
)
from tests.config.bad_policies import SPANS, Case

V = "[[version]]\n"
CONTACT = V + "[version.contact]\n"
GROUP = '[[version.group]]\ngroup = "a"\nleaders = ["1"]\n'
SURVEY = '[[version.survey]]\nid = "s"\n'
QUESTION = '[[version.survey.question]]\nid = "q"\ntext_zh = "问"\ntext_en = "Q"\n'
NAMES = 'name_zh = "甲"\nname_en = "A"\n'
K = "version[1].followup[1]."
FESTIVALS = (
    "one of new_year, spring_festival, lantern, womens_day, qingming, labour_day, dragon_boat, childrens_day, qixi, "
    "teachers_day, mid_autumn, national_day, double_ninth, christmas"
)
DAYS = "one of mon, tue, wed, thu, fri, sat, sun"
ALARMS = "one of nobody, owner, leader, duty"
REPEATS = "a trigger event:, outcome: or member"
MINUTE_LEFT = "windows that leave a minute on each weekday of the kind"
NEAR = "a time within windows and within contact.windows"
WEEK = '[[hours]]\nmon = ["09:00-12:00"]\nsat = ["09:00-10:00"]\n'


def kind(*lines: str, trigger: str = "event:order", due: str = "2 days", name: str = "a") -> str:
    """A whole kind with these lines; the first of them is its sixth line."""
    head = f'[[version.followup]]\nkind = "{name}"\n{NAMES}trigger = "{trigger}"\ndue = "{due}"\n'
    return head + "".join(line + "\n" for line in lines)


def one(
    title: str, line: str, key: str, found: str, expected: str, *, trigger: str = "event:order", due: str = "2 days"
) -> Case:
    """A policy with one kind and one bad line in it, which is the file's ninth."""
    return title, V + kind(line, trigger=trigger, due=due), 9, K + key, found, expected


FOLLOWUPS: list[Case] = [
    (
        "a kind without a name of its own",
        V + "[[version.followup]]\n" + NAMES + 'trigger = "member"\ndue = "2 days"\n',
        3,
        K + "kind",
        "nothing",
        EXPECTED_ID,
    ),
    (
        "a kind without a trigger",
        V + '[[version.followup]]\nkind = "a"\n' + NAMES + 'due = "2 days"\n',
        3,
        K + "trigger",
        "nothing",
        EXPECTED_TRIGGER,
    ),
    (
        "a kind without a due",
        V + '[[version.followup]]\nkind = "a"\n' + NAMES + 'trigger = "member"\n',
        3,
        K + "due",
        "nothing",
        EXPECTED_DUE,
    ),
    ("an unknown trigger", V + kind(trigger="ordered"), 7, K + "trigger", '"ordered"', EXPECTED_TRIGGER),
    ("a period of a day", V + kind(trigger="period:day"), 7, K + "trigger", '"period:day"', EXPECTED_TRIGGER),
    (
        "an unknown festival",
        V + kind(trigger="festival:easter"),
        7,
        K + "trigger",
        '"festival:easter"',
        EXPECTED_TRIGGER,
    ),
    ("an unknown result", V + kind(trigger="outcome:glad"), 7, K + "trigger", '"outcome:glad"', EXPECTED_TRIGGER),
    ("a due without a unit", V + kind(due="72"), 8, K + "due", '"72"', EXPECTED_DUE),
    ("a due of nothing", V + kind(due="0 hours"), 8, K + "due", '"0 hours"', EXPECTED_DUE),
    ("a due in weeks", V + kind(due="2 weeks"), 8, K + "due", '"2 weeks"', EXPECTED_DUE),
    (
        "in the period of an event",
        V + kind(due="in the period"),
        8,
        K + "due",
        '"in the period"',
        "a trigger that has a period: period: or top:",
    ),
    ("as promised by nobody", V + kind(due="as promised"), 8, K + "due", '"as promised"', "the trigger promise"),
    (
        "by hand without a due until then",
        V + kind(due="by hand"),
        3,
        K + "due_unset",
        "nothing",
        "what counts until a date is set by hand",
    ),
    one(
        "a due until a date is set, beside another",
        'due_unset = "2 days"',
        "due_unset",
        "it beside another due",
        'due = "by hand"',
    ),
    one(
        "a due until a date is set that people set",
        'due_unset = "by hand"',
        "due_unset",
        "a due that people or the calendar set",
        "minutes, hours, days or working days",
        due="by hand",
    ),
    one("approvals of no date", "approvals = 2", "approvals", "2", 'none: only a date set "by hand" is approved'),
    one("too many approvals", "approvals = 9", "approvals", "9", "a whole number from 0 to 5"),
    one("distances in hours", 'repeat = ["3 hours"]', "repeat", '"3 hours"', EXPECTED_STEP),
    one(
        "distances that do not grow",
        'repeat = ["6 months", "3 months"]',
        "repeat",
        "distances that do not grow",
        "each one further than the one before",
    ),
    one(
        "a missed call that recurs",
        'every = "2 weeks"',
        "every",
        "the trigger missed_call",
        REPEATS,
        trigger="missed_call",
    ),
    one(
        "a birthday that recurs",
        'repeat = ["1 year"]',
        "repeat",
        "the trigger birthday",
        REPEATS,
        trigger="birthday",
    ),
    (
        "two ways to recur",
        V + kind('repeat = ["1 month"]', 'every = "2 weeks"'),
        10,
        K + "every",
        "repeat beside it",
        "one of the two",
    ),
    one(
        "nothing at the trigger and nothing later",
        "first = false",
        "first",
        "false without further ones",
        "repeat or every",
    ),
    one(
        "opened before what is not foreseen",
        'open_before = "1 day"',
        "open_before",
        "a kind that is foreseen by nothing",
        "repeat, every, or a trigger of the calendar",
    ),
    one("opened some time before", 'open_before = "soon"', "open_before", '"soon"', EXPECTED_SPAN),
    (
        "the best without a number",
        V + kind(trigger="top:month", due="in the period"),
        3,
        K + "top",
        "nothing",
        "how many of each branch",
    ),
    one("the best of an event", "top = 10", "top", "10", "the trigger top:month or top:quarter"),
    one("an event by the moon", "lunar = true", "lunar", "true", "the trigger birthday"),
    one("conditions as a text", 'where = "class"', "where", '"class"', EXPECTED_MATCH),
    one(
        "a condition at most",
        "where = { amount = { at_most = 5 } }",
        "where",
        'another condition on "amount"',
        EXPECTED_MATCH,
    ),
    one(
        "conditions on the attributes of a birthday",
        'where = { class = ["a"] }',
        "where",
        "the trigger birthday",
        "a trigger with attributes, or who",
        trigger="birthday",
    ),
    one(
        "an unknown attribute of customers",
        'who = { tyre = ["core"] }',
        "who",
        '"tyre"',
        "one of id, sort, branch, tier, owner, dialect, language, or at_least of a figure",
    ),
    one(
        "windows that overlap",
        'windows = ["09:00-11:00", "10:00-12:00"]',
        "windows",
        '"09:00-11:00, 10:00-12:00"',
        SPANS,
    ),
    one("a window over midnight", 'windows = ["21:00-08:00"]', "windows", '"21:00-08:00"', SPANS),
    one("near a word", 'near = ["noon"]', "near", '"noon" as entry 1', EXPECTED_CLOCKS),
    one("near the night", 'near = ["23:00"]', "near", '"23:00"', NEAR),
    (
        "near outside the windows",
        V + kind('windows = ["09:00-12:00"]', 'near = ["16:00"]'),
        10,
        K + "near",
        '"16:00"',
        NEAR,
    ),
    one("an unknown weekday", 'weekdays = ["monday"]', "weekdays", '"monday" as entry 1', f"a list of {DAYS}"),
    (
        "a weekday on which the centre is closed",
        V + kind('weekdays = ["mon", "tue"]') + WEEK,
        9,
        K + "weekdays",
        "no time left on tue",
        MINUTE_LEFT,
    ),
    (
        "a weekday of which the edges leave nothing",
        V + kind("edges = true") + WEEK,
        4,
        K + "kind",
        "no time left on sat",
        MINUTE_LEFT,
    ),
    (
        "windows in which the centre is never open",
        V + kind('windows = ["14:00-16:00"]') + WEEK,
        4,
        K + "kind",
        "no time left on mon",
        MINUTE_LEFT,
    ),
    (
        "windows in which nobody may be called",
        V + kind('windows = ["05:00-07:00"]'),
        4,
        K + "kind",
        "no time left on mon",
        MINUTE_LEFT,
    ),
    one("an unknown owner", 'owner = "boss"', "owner", '"boss"', "one of named, first_asked, group, leader"),
    one("a leader of no group", 'owner = "leader"', "owner", '"leader"', "group beside it"),
    one("anyone of no group", "anyone = true", "anyone", "true", "group beside it"),
    one("an unknown group", 'group = "b"', "group", '"b"', "a [[version.group]] of this name"),
    one("an unknown mode", 'mode = "predictive"', "mode", '"predictive"', "one of preview, direct"),
    one(
        "fulfilled by a wish",
        'fulfilled_by = "wish"',
        "fulfilled_by",
        '"wish"',
        "one of talk, contact, message, mark",
    ),
    one("a talk of two hours", "min_talk = 7200", "min_talk", "7200", "a whole number from 0 to 3600"),
    (
        "a mark that a caller makes",
        V + kind('fulfilled_by = "mark"', "inbound = true"),
        10,
        K + "inbound",
        "true",
        'fulfilled_by = "talk" or "contact"',
    ),
    (
        "a survey by message",
        V + SURVEY + QUESTION + kind('fulfilled_by = "message"', 'survey = "s"'),
        16,
        K + "survey",
        "fulfilled_by message",
        'fulfilled_by = "talk": questions are asked',
    ),
    one("an unknown survey", 'survey = "t"', "survey", '"t"', "a [[version.survey]] of this name"),
    one("one open of what", 'one_open = "customer"', "one_open", '"customer"', '"number"'),
    one(
        "one open of a member",
        'one_open = "number"',
        "one_open",
        "the trigger member",
        "missed_call, promise, event: or outcome:",
        trigger="member",
    ),
    one(
        "an unknown reason",
        'reasons = ["tired"]',
        "reasons",
        '"tired"',
        "one of " + ", ".join(reason.id for reason in REASONS),
    ),
    one("an unknown basis", 'basis = "luck"', "basis", '"luck"', "one of service, consent"),
    one("an unknown alarm", 'overdue = "police"', "overdue", '"police"', ALARMS),
    one("a duty leader whom nobody named", 'at_once = "duty"', "at_once", '"duty"', "duty in [version.contact]"),
    (
        "a message that is announced",
        V + kind('fulfilled_by = "message"', 'announce = "1 day"'),
        10,
        K + "announce",
        "fulfilled_by message",
        "a talk or a contact that can be announced",
    ),
    one(
        "announced before it arises",
        'announce = "1 day"',
        "announce",
        "as long before as there is time",
        "less than due",
        due="2 hours",
    ),
    one(
        "a level up from nowhere",
        "level_up = true",
        "level_up",
        "the trigger event:order",
        "done:, closed: or unsatisfied:",
    ),
    one("an unknown key of a kind", 'windws = ["09:00-12:00"]', "windws", "an unknown key", "windows"),
    one(
        "more at least than at most",
        "attempts = { least = 6 }",
        "attempts.least",
        "6",
        "at most the greatest number, 5",
    ),
    one(
        "attempts on more days than attempts",
        "attempts = { days = 6 }",
        "attempts.days",
        "6",
        "at most the greatest number of attempts, 5",
    ),
    one("no attempts", "attempts = { most = 0 }", "attempts.most", "0", "a whole number from 1 to 50"),
    one("a rest of no length", 'attempts = { busy = "later" }', "attempts.busy", '"later"', EXPECTED_SPAN),
    ("a kind twice", V + kind() + kind(), 10, "version[1].followup[2].kind", '"a" twice', "each followup once"),
    ("a chain from nowhere", V + kind(trigger="done:b"), 7, K + "trigger", '"done:b"', "one of a"),
    (
        "a kind that is its own beginning",
        V + kind(trigger="done:a"),
        7,
        K + "trigger",
        '"done:a", which "a" itself leads to',
        "a chain with a beginning, or unsatisfied: of itself with level_up = true",
    ),
    (
        "again without a level up",
        V + kind(trigger="unsatisfied:a"),
        7,
        K + "trigger",
        '"unsatisfied:a", which "a" itself leads to',
        "a chain with a beginning, or unsatisfied: of itself with level_up = true",
    ),
    (
        "three kinds in a circle",
        V + kind(trigger="done:c") + kind(trigger="closed:a", name="b") + kind(trigger="unsatisfied:b", name="c"),
        7,
        K + "trigger",
        '"done:c", which "a" itself leads to',
        "a chain with a beginning, or unsatisfied: of itself with level_up = true",
    ),
    (
        "major festivals that nobody named",
        V + kind(trigger="festival:major", due="on the day"),
        7,
        K + "trigger",
        '"festival:major"',
        "major_festivals in [version.contact]",
    ),
    (
        "no contact at all",
        CONTACT + "windows = []\n",
        4,
        "version[1].contact.windows",
        "an empty list",
        "a span at least: nobody could ever be called",
    ),
    (
        "a cap of words",
        CONTACT + 'caps = ["twice a day"]\n',
        4,
        "version[1].contact.caps",
        "another phrase as entry 1",
        EXPECTED_CAP,
    ),
    (
        "two caps a day",
        CONTACT + 'caps = ["2 a day", "3 a day"]\n',
        4,
        "version[1].contact.caps",
        "two caps of one span",
        "one cap a day, one a week, one a month",
    ),
    ("a nudge of no length", CONTACT + 'nudge = "1"\n', 4, "version[1].contact.nudge", '"1"', EXPECTED_SPAN),
    (
        "an unknown major festival",
        CONTACT + 'major_festivals = ["easter"]\n',
        4,
        "version[1].contact.major_festivals",
        '"easter" as entry 1',
        f"a list of {FESTIVALS}",
    ),
    (
        "a group without leaders",
        V + '[[version.group]]\ngroup = "a"\n',
        3,
        "version[1].group[1].leaders",
        "nobody",
        "the leaders' numbers, the one in charge first",
    ),
    ("a group twice", V + GROUP + GROUP, 7, "version[1].group[2].group", '"a" twice', "each group once"),
    ("a group below nothing", V + GROUP + 'above = "b"\n', 6, "version[1].group[1].above", '"b"', "one of a"),
    (
        "groups above each other",
        V + GROUP + 'above = "b"\n' + GROUP.replace('"a"', '"b"') + 'above = "a"\n',
        6,
        "version[1].group[1].above",
        '"b", above which is "a" again',
        "no circle",
    ),
    (
        "a leader whom nobody knows",
        V + GROUP + '[[agent]]\nagent = "2"\n',
        5,
        "version[1].group[1].leaders",
        '"1"',
        "agents of [[agent]]",
    ),
    (
        "a reason of every policy again",
        V + '[[version.reason]]\nid = "refused"\n' + NAMES,
        4,
        "version[1].reason[1].id",
        '"refused" twice',
        "a reason of its own, besides those of every policy",
    ),
    (
        "a survey that asks nothing",
        V + SURVEY,
        3,
        "version[1].survey[1].question",
        "nothing",
        "a question at least",
    ),
    ("a survey twice", V + (SURVEY + QUESTION) * 2, 10, "version[1].survey[2].id", '"s" twice', "each survey once"),
    (
        "a question twice",
        V + SURVEY + QUESTION * 2,
        10,
        "version[1].survey[1].question[2].id",
        '"q" twice',
        "each question once",
    ),
    (
        "content from a mark beyond the best",
        V + SURVEY + QUESTION + "scale = 5\ncontent_from = 6\n",
        10,
        "version[1].survey[1].question[1].content_from",
        "6",
        "a whole number from 1 to 5",
    ),
    (
        "content from a mark of no scale",
        V + SURVEY + QUESTION + "content_from = 4\n",
        9,
        "version[1].survey[1].question[1].content_from",
        "no scale beside it",
        "scale, the best of the marks",
    ),
    (
        "an unknown file to include",
        'include = ["chna"]\n',
        2,
        "include",
        '"chna"',
        "one of china, or a file's path",
    ),
    (
        "a policy that includes itself",
        'include = ["ours.toml"]\n',
        2,
        "include",
        "this file itself as entry 1",
        "other files",
    ),
    (
        "a text to include",
        'include = "china"\n',
        2,
        "include",
        '"china"',
        "a list of shipped names and paths of TOML files",
    ),
]
