"""`threerings quality week | month | train`: summaries with training points, totals, what is planned after them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated

import typer

from analytics.export.workbook import workbook
from analytics.quality.draws import quality_of
from analytics.quality.loading import load_month, load_week, plan_training
from analytics.quality.shapes import month_json, points, training_json, week_json
from analytics.quality.summaries import MonthTotals, Row, Total, WeekSummary
from analytics.quality.weeks import parse_week
from config.quality import Quality
from config.settings import Language
from service.cli import options
from service.cli.closing_store import ExcelOption, write_new
from service.cli.output import print_json, print_line, print_table
from service.cli.quality_desk import LoginOption, QualityDesk
from service.errors import UsageError
from service.quality.sheets import month_sheet, week_sheet

WeekArgument = Annotated[str, typer.Argument(metavar="WEEK", help="2026-W48")]
MonthArgument = Annotated[str, typer.Argument(metavar="MONTH", help="2026-11")]


def week(
    week: WeekArgument,
    excel: ExcelOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """A week by agent and criterion, with its training points."""
    desk = QualityDesk(config, lang)
    with desk.store() as (connection, policy):
        found = load_week(connection, parse_week(week), policy)
        quality = quality_of(policy, parse_week(week)) or Quality(criteria=())
    if excel is not None:
        table = week_sheet(found, quality, desk.word.get, desk.language, desk.now, desk.settings.zone)
        write_new(excel, workbook(table))
    if json:
        print_json(week_json(found))
        return
    _show_week(desk, found, quality)


def _show_week(desk: QualityDesk, found: WeekSummary, quality: Quality) -> None:
    word = desk.word.get
    counted = f"{word('drawn')} {found.drawn} · {word('open')} {found.open} · {word('replaced')} {found.replaced}"
    heads = [word(name) for name in ("agent", "n", "mean", "worst")]
    rows = [_cells(each.name or word("all"), each) for each in (*found.agents, found.all)]
    print_table(f"{found.week}  {counted}", heads, rows, numbers=[1, 2, 3])
    names = {each.id: _named(each.name_zh, each.name_en, desk.language) for each in quality.criteria}
    rows = [_cells(names.get(each.name, each.name), each) for each in found.criteria]
    print_table(None, [word(name) for name in ("criterion", "n", "mean", "worst")], rows, numbers=[1, 2, 3])
    told = [
        (
            each.agent or word("centre"),
            names.get(each.criterion, each.criterion),
            f"{each.share_c / 100:g} %",
            " · ".join(each.said),
        )
        for each in found.points
    ]
    if told:
        heads = [word(name) for name in ("agent", "criterion", "percent", "said")]
        print_table(word("training_points"), heads, told, numbers=[2])
    plans = [(each.planned_on, each.agent or word("all"), each.text, each.by) for each in found.trainings]
    if plans:
        print_table(word("trainings"), [word(name) for name in ("planned_on", "agent", "text", "by")], plans)


def _named(zh: str, en: str, language: Language) -> str:
    return zh if language is Language.ZH else en


def _cells(name: str, row: Row) -> Sequence[object]:
    return name, row.n, points(row.mean_c), points(row.worst_c)


def month(
    month: MonthArgument,
    excel: ExcelOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """A month's totals by agent and group, and how many agents were listened to often enough."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        raise UsageError(f"month: found {month[:40]!r}, expected one such as 2026-11")
    desk = QualityDesk(config, lang)
    with desk.store() as (connection, policy):
        found = load_month(connection, month, policy)
    if excel is not None:
        write_new(excel, workbook(month_sheet(found, desk.word.get, desk.now, desk.settings.zone)))
    if json:
        print_json(month_json(found))
        return
    _show_month(desk, found)


def _show_month(desk: QualityDesk, found: MonthTotals) -> None:
    word = desk.word.get
    print_line(word("coverage").format(talked=found.talked, covered=found.covered, n=found.at_least))
    heads = ("agent", "group", "asked", "drawn", "n", "mean", "worst", "passed", "critical", "appeals", "upheld")
    rows = [_total(each, word) for each in (*found.agents, *found.groups, found.all)]
    print_table(found.month, [word(name) for name in heads], rows, numbers=range(2, 11))


def _total(each: Total, word: Callable[[str], str]) -> Sequence[object]:
    row = each.row
    return (
        each.name or word("all"), each.group, each.asked, each.drawn, row.n, points(row.mean_c), points(row.worst_c),
        each.passed, each.critical, each.appeals, each.upheld,
    )  # fmt: skip


def train(
    week: WeekArgument,
    by: LoginOption,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What is trained.")],
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="2026-12-02")],
    agent: Annotated[str | None, typer.Option("--agent", metavar="ID", help="Whom. Default: all.")] = None,
    criterion: Annotated[str | None, typer.Option("--criterion", metavar="ID", help="Of what.")] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Plan a training after a week."""
    desk = QualityDesk(config, lang)
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise UsageError(f"--on: found {on[:40]!r}, expected a day such as 2026-12-02") from None
    with desk.store() as (connection, policy):
        hand = desk.hand(connection, policy, by)
        made = plan_training(
            connection, week, text, day, by=hand.by.login, now=desk.now, agent=agent, criterion=criterion
        )
        desk.note(connection, f"quality week {made.week}", step="train", by=by)
    print_json(training_json(made)) if json else print_line(f"{made.id}")
