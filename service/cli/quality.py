"""`threerings quality draw | list | show`: what is listened to, by which seed, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from analytics.quality.appeals import load_replies
from analytics.quality.cards import load_cards
from analytics.quality.draws import check_draw, draw_week, load_draw, load_draws
from analytics.quality.records import Card, Draw, Sample, SampleState, final_of
from analytics.quality.samples import load_notes, load_sample, load_samples
from analytics.quality.shapes import card_json, checked_json, draw_json, note_json, points, reply_json, sample_json
from analytics.quality.weeks import parse_week
from service.cli import options
from service.cli.output import print_json, print_json_lines, print_line, print_table
from service.cli.quality_desk import QualityDesk
from service.errors import CheckFailedError, UsageError
from service.quality.weekly import draw_due

WeekOption = Annotated[str | None, typer.Option("--week", metavar="WEEK", help="2026-W48")]
MonthOption = Annotated[str | None, typer.Option("--month", metavar="MONTH", help="Only this month's: 2026-11.")]
AgentOption = Annotated[str | None, typer.Option("--agent", metavar="ID", help="Only this agent's.")]
InspectorOption = Annotated[str | None, typer.Option("--inspector", metavar="LOGIN", help="Only this inspector's.")]
StateOption = Annotated[SampleState | None, typer.Option("--state", help="Only those in this state.")]
CheckOption = Annotated[
    bool, typer.Option("--check", help="Do the draw again and compare; status 1 if it differs.")
]
SampleArgument = Annotated[int, typer.Argument(metavar="SAMPLE", help="The id of `quality list`.")]
BY = "command"


def draw(
    week: WeekOption = None,
    check: CheckOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Draw the weeks that are due, or one that is over; with --check, do one again from its seed."""
    desk = QualityDesk(config, lang)
    if check:
        _check(desk, week, json)
        return
    with desk.engine() as engine:
        with engine.begin() as connection:
            policy = desk.policy(connection)
        labels = list(draw_due(engine, policy, desk.now, BY))
        with engine.begin() as connection:
            if week is not None and week not in labels:
                wanted = parse_week(week)
                draw_week(connection, wanted, policy, desk.inspectors(connection, policy), BY, desk.now)
                labels = [wanted.label]
            for label in labels:
                desk.note(connection, f"quality week {label}", step="draw")
            drawn = [load_draw(connection, label) for label in labels] or list(load_draws(connection, 4))
            counts = {each.week: len(load_samples(connection, week=each.week)) for each in drawn}
    if json:
        print_json_lines({**draw_json(each), "samples": counts[each.week]} for each in drawn)
        return
    if not labels:
        print_line(desk.word.get("nothing_due"))
    _draws(desk, drawn, counts)


def _draws(desk: QualityDesk, drawn: Sequence[Draw], counts: dict[str, int]) -> None:
    heads = ("week", "drawn_at", "candidates", "samples", "seed", "commitment")
    rows = [
        (
            each.week,
            f"{each.drawn_at.astimezone(desk.settings.zone):%Y-%m-%d %H:%M}" if each.drawn_at else "–",
            each.candidates, counts[each.week], (each.seed or desk.word.get("not_drawn"))[:16], each.commitment[:16],
        )
        for each in drawn
    ]  # fmt: skip
    print_table(None, [desk.word.get(name) for name in heads], rows, numbers=[2, 3])


def _check(desk: QualityDesk, week: str | None, json: bool) -> None:
    if week is None:
        raise UsageError("quality draw --check: found no --week, expected the week to do again")
    with desk.store() as (connection, _):
        found = check_draw(connection, parse_week(week).label)
    if json:
        print_json(checked_json(found))
    else:
        print_line(desk.word.get("differs" if found.differing else "same"))
        for each in found.shortfalls:
            print_line(f"{each.agent} {desk.word.get('short_of').format(asked=each.asked, found=each.found)}")
        rows = [(each.agent, each.month, each.talk_id, each.stratum) for each in found.picks]
        print_table(None, [desk.word.get(name) for name in ("agent", "month", "samples", "stratum")], rows)
    if found.differing:
        raise CheckFailedError(
            f"quality draw {found.draw.week}: found another {', '.join(found.differing)}, expected what is on record"
        )


def list_(
    week: WeekOption = None,
    month: MonthOption = None,
    agent: AgentOption = None,
    inspector: InspectorOption = None,
    state: StateOption = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """List samples, with the mark where there is one."""
    desk = QualityDesk(config, lang)
    with desk.store() as (connection, _):
        found = load_samples(connection, week=week, month=month, agent=agent, inspector=inspector, state=state)
        cards = _final(load_cards(connection, [each.id for each in found]))
    if json:
        print_json_lines({**sample_json(each), "mark": _mark(cards.get(each.id))} for each in found)
        return
    heads = ("id", "week", "agent", "group", "started_at", "length", "stratum", "inspector", "state", "mark")
    rows = [_row(desk, each, cards.get(each.id)) for each in found]
    print_table(None, [desk.word.get(name) for name in heads], rows, numbers=[0, 5, 9])


def _final(cards: Sequence[Card]) -> dict[int, Card | None]:
    ids = {each.sample_id for each in cards}
    return {id_: final_of(tuple(each for each in cards if each.sample_id == id_)) for id_ in ids}


def _mark(card: Card | None) -> float | None:
    return points(card.mark_c) if card else None


def _row(desk: QualityDesk, sample: Sample, card: Card | None) -> tuple[Any, ...]:
    minutes, seconds = divmod(sample.length_ms // 1000, 60)
    at = f"{sample.started_at.astimezone(desk.settings.zone):%Y-%m-%d %H:%M}"
    return (
        sample.id, sample.week, sample.agent, sample.group, at, f"{minutes}:{seconds:02d}", sample.stratum,
        sample.inspector, desk.word.get(sample.state.value), _mark(card),
    )  # fmt: skip


def show(
    sample: SampleArgument,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """One sample with its cards, notes, replies and appeals."""
    desk = QualityDesk(config, lang)
    with desk.store() as (connection, _):
        found = load_sample(connection, sample)
        cards = load_cards(connection, (sample,))
        notes = load_notes(connection, (sample,))
        replies = load_replies(connection, [each.id for each in cards])
    if json:
        print_json(
            {
                **sample_json(found),
                "cards": [card_json(each) for each in cards],
                "notes": [note_json(each) for each in notes],
                "replies": [reply_json(each) for each in replies],
            }
        )
        return
    heads = ("id", "week", "agent", "group", "started_at", "length", "stratum", "inspector", "state", "mark")
    row = _row(desk, found, final_of(cards))
    print_table(None, [desk.word.get(name) for name in heads], [row], numbers=[0, 5, 9])
    for card in cards:
        title = f"{desk.word.get(card.kind.value)} {card.id}: {points(card.mark_c)} · {card.inspector}"
        lines: list[tuple[Any, ...]] = [
            (each.criterion, each.weight, each.mark, each.remark) for each in card.lines
        ]
        lines += [(name, None, desk.word.get("critical"), "") for name in card.criticals]
        print_table(title, [desk.word.get(name) for name in ("criterion", "weight", "mark", "remark")], lines)
    said = [(f"{each.at_ms // 60_000}:{each.at_ms // 1000 % 60:02d}", each.by, each.text) for each in notes]
    said += [(desk.word.get(each.kind.value), each.by, each.text) for each in replies]
    if said:
        print_table(None, [desk.word.get(name) for name in ("note", "by", "text")], said)
