"""One question in three formats: the same figures; which format, by Accept; what the files are called and hold."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.export.csv_file import defused
from analytics.metrics.catalogue import METRICS
from config.settings import Language
from service.api.accept import CSV, JSON, XLSX, language, media_type
from service.api.errors import ApiError
from service.api.figures import groups_of
from tests.service.api.conftest import Served

AGENT_METRICS = sorted(name for name, metric in METRICS.items() if {"agent", "day"} <= set(groups_of(metric)))
OFFERED = (JSON, CSV, XLSX)
MONTH = "period=2026-11"
NUMBER = re.compile(r"-?\d+(\.\d+)?(e-?\d+)?")


def of_csv(text: bytes) -> list[list[Any]]:
    """Cells of a CSV file with numbers as numbers, None where there is nothing."""
    rows = csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    return [[float(cell) if NUMBER.fullmatch(cell) else cell or None for cell in row] for row in rows]


def of_excel(file: bytes) -> list[list[Any]]:
    """Cells of the first sheet, numbers in texts read as the CSV's are."""
    found = openpyxl.load_workbook(io.BytesIO(file)).worksheets[0]
    rows = [[cell.value for cell in row] for row in found.iter_rows()]
    return [[float(cell) if NUMBER.fullmatch(str(cell)) else cell for cell in row] for row in rows]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    metrics=st.lists(st.sampled_from(AGENT_METRICS), min_size=1, max_size=6, unique=True),
    groups=st.sampled_from(["", "agent", "day", "agent,day", "day,agent"]),
)
async def test_json_csv_and_excel_hold_the_same_figures(served: Served, metrics: list[str], groups: str) -> None:
    """Any metrics, told apart in any way: key for key and digit for digit."""
    asked = f"/api/v1/query?metrics={','.join(metrics)}&{MONTH}" + (f"&group={groups}" if groups else "")
    rows = (await served.body(asked))["rows"]
    told = [[*row["key"].values(), *row["values"].values()] for row in rows]
    wanted = [[float(each) if NUMBER.fullmatch(str(each)) else each for each in row] for row in told]
    assert of_csv(await served.body(asked + "&format=csv"))[1:] == wanted
    # A sheet ends with its last row that holds something: figures over nothing leave none.
    lasting = list(wanted)
    while lasting and not any(each is not None for each in lasting[-1]):
        lasting.pop()
    assert of_excel(await served.body(asked + "&format=xlsx"))[1:] == lasting


async def test_a_month_is_laid_wide_with_the_figures_of_the_long_table(served: Served) -> None:
    """A line an agent, a column a day and metric: each cell is that row's figure, and no figure is lost."""
    asked = f"/api/v1/query?metrics=exact_talk_minutes,three_ring_rate&{MONTH}&group=agent,day"
    long = {
        (row["key"]["agent"], f"{name}:{row['key']['day']}"): value
        for row in (await served.body(asked))["rows"]
        for name, value in row["values"].items()
    }
    (head, *lines) = of_csv(await served.body(asked + "&across=day&format=csv"))
    wide = {
        (f"{line[0]:.0f}", name): value for line in lines for name, value in zip(head[1:], line[1:], strict=True)
    }
    assert {key: wide[key] for key in long} == long
    assert {value for key, value in wide.items() if key not in long} <= {0, None}
    assert of_excel(await served.body(asked + "&across=day&format=xlsx"))[1:] == lines


@pytest.mark.parametrize(
    ("more", "found"),
    [("across=day&format=csv", "across: found day, expected one of the groups"),
     ("group=agent,day&across=day", "across: found it with JSON, expected it with CSV or Excel")],
)  # fmt: skip
async def test_what_cannot_be_laid_wide_is_refused(served: Served, more: str, found: str) -> None:
    """By what does not tell rows apart, and in JSON, which has no columns."""
    status, _, body = await served.get(f"/api/v1/query?metrics=talk_minutes&{MONTH}&{more}")
    assert (status, body["error"]["error_id"]) == (400, "bad_across")
    assert body["error"]["message"].startswith(found)


@pytest.mark.parametrize(
    "path",
    [
        f"/api/v1/calls?{MONTH}",
        f"/api/v1/query/calls?metric=calls_handled&{MONTH}&key=agent:1001",
        f"/api/v1/reports/minutes?{MONTH}",
        f"/api/v1/reports/three-rings?{MONTH}",
        "/api/v1/gaps",
    ],
)
async def test_every_table_is_one_in_each_format(served: Served, path: str) -> None:
    """As many rows as the JSON has; CSV has the contract's names, Excel has titles."""
    told = await served.body(path + ("&limit=500" if "calls" in path.partition("?")[0] else ""))
    rows = next(value for name, value in told.items() if name in ("calls", "rows", "gaps"))
    joint = "&" if "?" in path else "?"
    comma, chinese = (
        of_csv(await served.body(f"{path}{joint}format=csv")),
        of_excel(await served.body(f"{path}{joint}format=xlsx&lang=zh")),
    )
    assert (len(comma), len(chinese)) == (len(rows) + 1,) * 2
    assert all(re.fullmatch("[a-z_0-9]+", name) for name in comma[0])
    assert any(re.search("[\u4e00-\u9fff]", title) for title in chinese[0])


async def test_the_workbook_tells_what_its_rows_are(served: Served) -> None:
    """The second sheet has the question, the instant, the policy and its digest, the warnings and the definitions."""
    asked = f"/api/v1/query?metrics=talk_minutes,three_ring_rate&{MONTH}&group=agent"
    told = await served.body(asked + "&lang=zh")
    book = openpyxl.load_workbook(io.BytesIO(await served.body(asked + "&format=xlsx&lang=zh")))
    notes = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    values = dict(notes)
    assert book.sheetnames == ["数字", "说明"]
    assert values["截至"] == told["query"]["as_of"]
    assert values["政策摘要"] == told["policy"]["digest"]
    assert values["1"] == told["warnings"][0]
    assert METRICS["talk_minutes"].sentence in values["电话分钟"]


async def test_a_file_is_named_by_endpoint_and_period_alone(served: Served) -> None:
    """No agent, queue or number that was asked for stands in a name."""
    asked = f"/api/v1/query?metrics=talk_minutes&{MONTH}&where=agent:13800138000&format="
    for suffix in ("csv", "xlsx"):
        _, headers, _ = await served.get(asked + suffix)
        assert headers["Content-Disposition"] == f'attachment; filename="threerings-query-2026-11.{suffix}"'
    _, headers, _ = await served.get("/api/v1/calls?period=2026-11-01/2026-11-02T09:30%2B08:00&format=csv")
    assert headers["Content-Disposition"].endswith('"threerings-calls-2026-11-01-2026-11-02T0930-0800.csv"')


async def test_the_same_question_gives_the_same_bytes(served: Served) -> None:
    """Twice the same file; of what is only read the ETag says so too."""
    for kind in ("json", "csv", "xlsx"):
        asked = f"/api/v1/query?metrics=talk_minutes&period=2026-11-22&group=agent&format={kind}"
        async with served.session.get(served.url + asked) as first, served.session.get(served.url + asked) as again:
            assert await first.read() == await again.read()
            # A file that is taken is a row of the audit, and the store is another one after it.
            assert (first.headers["ETag"] == again.headers["ETag"]) is (kind == "json")


@pytest.mark.parametrize(
    ("header", "media"),
    [
        (None, JSON),
        ("*/*", JSON),
        ("text/csv", CSV),
        ("text/*", CSV),
        (f"text/csv;q=0.5, {XLSX}", XLSX),
        ("application/json;q=0, */*;q=0.1", CSV),
        ("text/html, application/xml;q=0.9, */*;q=0.8", JSON),
        ("text/csv;q=nonsense, application/json;q=0.2", JSON),
        ("TEXT/CSV ; Q=1.0", CSV),
    ],
)
def test_accept_chooses_what_it_likes_best(header: str | None, media: str) -> None:
    """q-values, families and anything; what cannot be read is passed over."""
    assert media_type(header, None, OFFERED) == media


@pytest.mark.parametrize("header", ["text/html", "application/json;q=0", "image/*", "text/csv;q=0, text/html"])
def test_what_cannot_be_given_is_refused(header: str) -> None:
    """406, with what there is; `format` wins over Accept."""
    with pytest.raises(ApiError, match=r"Accept: found .* expected application/json or text/csv"):
        media_type(header, None, OFFERED)
    assert media_type(header, "xlsx", OFFERED) == XLSX


async def test_a_refused_format_is_406_in_the_one_shape(served: Served) -> None:
    """And JSON alone where an answer is no table."""
    status, _, body = await served.get("/api/v1/summary", Accept="text/csv")
    assert (status, body["error"]["error_id"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    ("header", "spoken"),
    [
        (None, Language.EN),
        ("zh-CN,zh;q=0.9,en;q=0.8", Language.ZH),
        ("fr, en;q=0.3, zh;q=0.2", Language.EN),
        ("zh;q=0", Language.EN),
        ("de", Language.EN),
    ],
)
def test_accept_language_chooses_one_of_ours(header: str | None, spoken: Language) -> None:
    """The best liked that there is, else the service's."""
    assert language(header, Language.EN) is spoken


def test_a_customer_who_calls_himself_a_formula_is_text() -> None:
    """The one thing in which CSV differs from JSON."""
    assert defused("=HYPERLINK(1)") == "'=HYPERLINK(1)"
