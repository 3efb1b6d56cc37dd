"""Properties of config: whatever a file holds, the answer is an object or errors of one line."""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from config.calendars import Hours
from config.errors import ConfigError
from config.explain import explain
from config.loader import check_settings
from config.policy_loader import check_policy, load_policy, shipped_text
from config.showing import clipped, shown

SETTINGS_KEYS = (
    "data_dir database_url zone country language policy http host port journal retention_days commit_ms pbx "
    "main user secret secret_file secret_env tls ca_file trunks actions logs cel cdr queue_log recordings "
    "workers scan_seconds archive file_minutes "
    "dialling agent_ring_seconds notice telecom dial channels per_second ring_seconds caller_id number prefix"
)
POLICY_KEYS = (
    "name title_zh zone country version from to ring cadence rings boundary seconds pattern trunk match "
    "minutes counts rounding service_level formula limits short_talk wrap_up numbers test service_codes tier "
    "id name_en floor target codes certified line did code agent group device interface hours mon sun occupancy "
    "queue branch day_start days_off holidays observe make_up include contact windows caps duty reason survey "
    "question scale followup kind due quality criterion weight strata replace "
    "trigger every repeat where who near owner attempts least most "
    "recordings silence overlap targets speech_rate coverage"
)
WORDS = (
    "china missed_call promise member birthday "
    "cn us next_ring seconds talk hold exact clock UTC CN zh default 09:00-12:00 510 a/b ../x"
)


def toml(value: object) -> str:
    """A value as TOML writes it, tables inline."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(k)} = {toml(v)}" for k, v in value.items()) + "}"
    return value.isoformat() if isinstance(value, date | time) else str(value)


AT = datetime(2026, 11, 2, 2, tzinfo=UTC)
WHOLE_SETTINGS = """
data_dir = "data"
database_url = "sqlite:///x.db"
zone = "Asia/Shanghai"
country = "CN"
language = "zh"
policy = "default"
http = {host = "127.0.0.1", port = 8333}
journal = {retention_days = 30, commit_ms = 50}
recordings = {workers = 1, scan_seconds = 60, archive = true, file_minutes = 10}
[pbx.main]
host = "127.0.0.1"
port = 5038
user = "u"
secret_file = "s"
tls = false
trunks = ["a", "b*"]
actions = {user = "v", secret_env = "V"}
dialling = {agent_ring_seconds = 20, notice = "custom/recorded", trunks = {telecom = {dial = "PJSIP/{number}@telecom", \
channels = 10, per_second = 0.5, ring_seconds = 30, caller_id = "075512345678", number = "national", prefix = "9"}}}
logs = {cel = "a", cdr = "b://c", queue_log = "d", recordings = "e"}
[notices]
quiet = ["21:00-08:00"]
gap_seconds = 60
channel = {mail = {url_file = "m", language = "en"}, wang = {url_env = "WANG_MAIL", idempotent = true}}
to = {pbx = ["mail"], duty = ["mail", "wang"], "leader:service" = ["wang"], 1001 = ["mail"]}
language = {1001 = "en"}
"""
WHOLE_POLICY = (
    'day_start = "06:00"\n'
    + shipped_text("consulting")
    + """
[[version]]
from = 2026-01-01
service_codes = ["510"]
breaks = {away = 600, meal = 1800, meal_reasons = ["lunch"], allowed = {class = 7200}}
marks = {longest_wait = {warn = 30, breach = 60}, three_rings = {warn = 95}, service_level = {breach = 80}, \
abandonment = {}, callbacks = {warn = 1, breach = 3}}
quota = {prorate = "shifts"}
recordings = {silence = 3, overlap = 1, turn_pause = 0.8, rate_factor = 1.05, coverage = 95, stereo_coverage = 80, \
targets = {speech_rate = [120, 140], first_words = 2, talk_share = [40, 60], mutual_silence = 15, overlaps = 5, \
response = 1.5}}
retention = {days = 365, rule = [{queue = "sales", code = "510", direction = "inbound", outcome = "a", keep = true}]}
service_level = {seconds = 20, target = 80, occupancy = 85}
numbers = {test = ["1"], nuisance = ["2"], switchboards = ["400*"], short_codes = ["95???"]}
[version.quality]
at_least = 2
minimum_length = 30
draw_on = "fri"
draw_at = "17:00"
strata = ["direction", "length", "hour", "outcome"]
replace = ["broken", "private"]
automatic = ["first_words"]
scale = 5
pass_mark = 80
mean_from = 3
training_points = 2
reply_days = 3
appeal_days = 5
criterion = [{id = "tone", name_zh = "a", name_en = "b", weight = 100, says_zh = "c", says_en = "d"}]
critical = [{id = "leak", name_zh = "a", name_en = "b"}]
[version.ring]
pattern = [1, 4.5]
boundary = "seconds"
seconds = 12.5
trunk = [{match = "us-*", cadence = "us"}]
[version.contact]
windows = ["08:00-21:00"]
caps = ["2 a day"]
nudge = "10 minutes"
nudge_leader = "5 minutes"
punctual = "5 minutes"
duty = ["1001"]
major_festivals = ["qixi"]
[[version.group]]
group = "a"
leaders = ["1001"]
above = "b"
[[version.group]]
group = "b"
leaders = ["1001"]
[[version.reason]]
id = "moved"
name_zh = "已搬走"
name_en = "moved"
[[version.survey]]
id = "s"
least = 5
[[version.survey.question]]
id = "q"
text_zh = "请打分"
text_en = "Your mark?"
scale = 5
content_from = 4
[[version.followup]]
kind = "one"
name_zh = "甲"
name_en = "One"
source = "ours"
trigger = "event:order"
due = "by hand"
due_unset = "2 days"
approvals = 1
repeat = ["3 months"]
first = false
open_before = "3 days"
where = {class = ["general"]}
who = {sort = ["client"]}
windows = ["09:00-12:00"]
near = ["11:00"]
edges = true
weekdays = ["mon"]
closed_days = true
owner = "group"
group = "a"
skill = "sichuan"
anyone = true
mode = "direct"
fulfilled_by = "talk"
min_talk = 5
inbound = true
agreed = false
one_open = "number"
survey = "s"
script_zh = "您好"
script_en = "Good day"
reasons = ["moved"]
basis = "consent"
overdue = "duty"
at_once = "leader"
announce = "1 day"
attempts = {least = 1, most = 4, uncounted = 3, days = 1, windows = 1, busy = "5 minutes"}
[[version.followup]]
kind = "two"
name_zh = "乙"
name_en = "Two"
trigger = "member"
due = "on the day"
every = "2 weeks"
[[version.followup]]
kind = "three"
name_zh = "丙"
name_en = "Three"
trigger = "top:month"
due = "in the period"
top = 10
[[version.followup]]
kind = "four"
name_zh = "丁"
name_en = "Four"
trigger = "birthday"
due = "on the day"
lunar = true
[[version.followup]]
kind = "five"
name_zh = "戊"
name_en = "Five"
trigger = "unsatisfied:one"
due = "72 hours"
level_up = true
[[version.line]]
did = "189"
name = "189"
skill = "junior"
branch = "east"
[[version.queue]]
queue = "sales"
name = "S"
marks = {longest_wait = {warn = 45}}
code = "510"
branch = "east"
[holidays]
country = "CN"
observe = true
make_up = "mon"
[[agent]]
agent = "1001"
[[agent]]
agent = "7"
name = "G"
tier = "level_1"
group = "a"
from = 2026-01-01
to = 2027-01-01T09:00:00
[[device]]
interface = "PJSIP/1004"
agent = "7"
from = 2026-01-01T00:00:00+08:00
[[hours]]
mon = ["09:00-12:00", "13:30-24:00"]
[[hours]]
from = 2026-05-01
days_off = ["sat", "sun"]
"""
)

TEXT = st.one_of(st.sampled_from(WORDS.split()), st.text(st.characters(codec="utf-8"), max_size=12))
LEAVES: st.SearchStrategy[object] = st.one_of(
    TEXT,
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.times(),
    st.datetimes(),
)


def structures(keys: str) -> st.SearchStrategy[dict[str, object]]:
    """Random tables, most of whose keys are real ones."""
    names = st.one_of(st.sampled_from(keys.split()), TEXT)
    values: st.SearchStrategy[object] = st.recursive(
        LEAVES,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=6)),
        max_leaves=25,
    )
    return st.dictionaries(names, values, max_size=8)


def spots(value: object) -> Iterator[tuple[dict[str, object] | list[object], str | int]]:
    """Every place in a structure that holds a value: the table or list, and the key in it."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from spots(value[key])


@st.composite
def damaged(draw: st.DrawFn, text: str) -> dict[str, object]:
    """A whole good file with one to three of its values replaced by anything, or taken out."""
    values = tomllib.loads(text)
    for _ in range(draw(st.integers(1, 3))):
        places = list(spots(values))
        container, key = places[draw(st.integers(0, len(places) - 1))]
        if isinstance(container, dict) and draw(st.booleans()):
            del container[str(key)]
        else:
            container[key] = draw(st.one_of(LEAVES, st.lists(LEAVES, max_size=2)))  # type: ignore[index]
        if not values:
            break
    return values


def as_file(values: dict[str, object]) -> bytes:
    """A TOML file with these values."""
    return "\n".join(f"{toml(key)} = {toml(value)}" for key, value in values.items()).encode()


def assert_told_in_lines(content: bytes, check: Callable[[Path], list[ConfigError]]) -> None:
    """Checking a file with this content gives errors of one line each, or none."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_bytes(content)
        for error in check(path):
            text = str(error)
            assert text.startswith(str(path))
            assert all(part in text for part in (error.key, "found ", ", expected "))
            assert len(text.splitlines()) == 1


@given(structures(SETTINGS_KEYS))
@example({"pbx": {"main": {"host": "h", "user": "u", "secret_file": "\x7f"}}})
def test_any_settings_are_read_or_refused_in_lines(values: dict[str, object]) -> None:
    """Random structures under the real keys never give a traceback."""
    assert_told_in_lines(as_file(values), lambda path: check_settings(path, {}))


@given(structures(POLICY_KEYS), structures(POLICY_KEYS))
@example({"name": "x"}, {"from": datetime(1, 1, 1)})  # noqa: DTZ001 - TOML has times without a zone
def test_any_policy_is_read_or_refused_in_lines(values: dict[str, object], version: dict[str, object]) -> None:
    """Random structures under the real keys, also inside a version, never give a traceback."""
    assert_told_in_lines(as_file({**values, "version": [{}, version]}), check_policy)


@given(damaged(WHOLE_SETTINGS))
def test_damaged_settings_are_read_or_refused_in_lines(values: dict[str, object]) -> None:
    """A good file with a few values replaced or taken out never gives a traceback."""
    assert_told_in_lines(as_file(values), lambda path: check_settings(path, {}))


@settings(deadline=None)  # a whole policy is read five times, and a machine may be busy
@given(damaged(WHOLE_POLICY))
def test_a_damaged_policy_works_or_is_refused_in_lines(values: dict[str, object]) -> None:
    """A good policy with a few values replaced is refused in lines, or answers every question."""
    content = as_file(values)
    assert_told_in_lines(content, check_policy)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_bytes(content)
        if not check_policy(path):
            policy = load_policy(path)
            assert explain(policy, "zh") != explain(policy, "en")
            assert policy.resolve(AT).limit("us-1") > timedelta()
            assert policy.is_open(AT) in {True, False, None}
            assert policy.hours_at(AT) in set(Hours)
            assert policy.digest() == load_policy(path).digest()


@given(st.binary())
def test_any_bytes_are_read_or_refused_in_lines(content: bytes) -> None:
    """Bytes that are no TOML, or no text, never give a traceback."""
    assert_told_in_lines(content, lambda path: check_settings(path, {}))
    assert_told_in_lines(content, check_policy)


@given(
    st.dictionaries(st.sampled_from(["THREERINGS_HTTP_PORT", "THREERINGS_ZONE", "THREERINGS_DATA_DIR"]), st.text())
)
def test_any_environment_is_read_or_refused_in_lines(environ: dict[str, str]) -> None:
    """Whatever the variables hold, each mistake is one line that names its variable."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_text("")
        for error in check_settings(path, environ):
            assert error.place.removeprefix("environment variable ") in environ
            assert len(str(error).splitlines()) == 1


@given(st.one_of(st.text(), st.integers(), st.floats(), st.lists(st.text()), st.none()))
def test_a_value_is_shown_on_one_short_line(value: object) -> None:
    """Any value fits on one line of an error, in printable characters."""
    text = shown(value)
    assert text.isprintable()
    assert len(text) <= 70


@given(st.text())
def test_short_printable_text_is_shown_as_it_is(text: str) -> None:
    """Clipping changes only what does not print or is too long."""
    if text.isprintable() and len(text) <= 60:
        assert clipped(text) == text
