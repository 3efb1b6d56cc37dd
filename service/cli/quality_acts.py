"""`threerings quality score | replace | note | reply | appeal | decide`: what is done with a sample and its card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from analytics.quality.appeals import answer
from analytics.quality.appeals import decide as decide_appeal
from analytics.quality.cards import calibrate, correct, submit
from analytics.quality.records import Card, Reply, ReplyKind
from analytics.quality.samples import add_note, load_sample, replace_sample
from analytics.quality.scoring import Scores
from analytics.quality.shapes import card_json, note_json, points, reply_json, sample_json
from config.quality import Replacement
from service.auth.rights import Right
from service.cli import options
from service.cli.output import print_json, print_line
from service.cli.quality import SampleArgument
from service.cli.quality_desk import LoginOption, QualityDesk, YesOption
from service.errors import UsageError

MarkOption = Annotated[
    list[str] | None, typer.Option("--mark", metavar="CRITERION=N", help="A mark; one for each criterion.")
]
RemarkOption = Annotated[
    list[str] | None, typer.Option("--remark", metavar="CRITERION=TEXT", help="What is said of a criterion.")
]
CriticalOption = Annotated[
    list[str] | None, typer.Option("--critical", metavar="ID", help="What failed; the mark is 0.")
]
HoldsOption = Annotated[
    list[str] | None, typer.Option("--holds", metavar="ITEM", help="An automatic item that is right.")
]
WrongOption = Annotated[
    list[str] | None, typer.Option("--wrong", metavar="ITEM", help="An automatic item that is not.")
]
SummaryOption = Annotated[str, typer.Option("--summary", metavar="TEXT", help="What is said of the whole talk.")]
CorrectOption = Annotated[int | None, typer.Option("--correct", metavar="CARD", help="In the place of this card.")]
CalibrateOption = Annotated[bool, typer.Option("--calibrate", help="Only to compare with the card that counts.")]
TextOption = Annotated[str, typer.Option("--text", metavar="TEXT", help="What is said.")]
CardArgument = Annotated[int, typer.Argument(metavar="CARD", help="The id of a card of `quality show`.")]


def score(
    sample: SampleArgument,
    by: LoginOption,
    mark: MarkOption = None,
    remark: RemarkOption = None,
    critical: CriticalOption = None,
    holds: HoldsOption = None,
    wrong: WrongOption = None,
    summary: SummaryOption = "",
    correct_card: CorrectOption = None,
    calibration: CalibrateOption = False,
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Submit the card of a sample: it is never changed afterwards."""
    if calibration and correct_card is not None:
        raise UsageError("quality score: found both --correct and --calibrate, expected one of them")
    desk = QualityDesk(config, lang)
    scores = _scores(mark, remark, critical, holds, wrong, summary)
    desk.confirm("score", str(sample), yes=yes)
    with desk.store() as (connection, policy):
        hand = desk.hand(connection, policy, by)
        if correct_card is not None:
            card = correct(connection, correct_card, scores, hand)
        else:
            card = (calibrate if calibration else submit)(connection, sample, scores, hand)
        desk.note(connection, f"quality sample {card.sample_id}", step=card.kind.value, by=by, card=card.id)
    _show_card(desk, card, json)


def _show_card(desk: QualityDesk, card: Card, json: bool) -> None:
    if json:
        print_json(card_json(card))
        return
    print_line(f"{card.id}  {desk.word.get('mark')} {points(card.mark_c)}")


def _scores(
    mark: Sequence[str] | None,
    remark: Sequence[str] | None,
    critical: Sequence[str] | None,
    holds: Sequence[str] | None,
    wrong: Sequence[str] | None,
    summary: str,
) -> Scores:
    marks = {name: _number(name, text) for name, text in _pairs("--mark", mark)}
    verdicts: dict[str, bool | None] = {**dict.fromkeys(holds or (), True), **dict.fromkeys(wrong or (), False)}
    return Scores(
        marks=marks, criticals=tuple(critical or ()), remarks=dict(_pairs("--remark", remark)), verdicts=verdicts,
        summary=summary,
    )  # fmt: skip


def _pairs(option: str, given: Sequence[str] | None) -> list[tuple[str, str]]:
    found = []
    for each in given or ():
        name, equals, text = each.partition("=")
        if not equals or not name:
            raise UsageError(f"{option}: found {each[:40]!r}, expected CRITERION=… such as tone=4")
        found.append((name, text))
    return found


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise UsageError(f"--mark {name}: found {text[:40]!r}, expected a whole number")
    return int(text)


def replace(
    sample: SampleArgument,
    by: LoginOption,
    reason: Annotated[Replacement, typer.Option("--reason", help="Why it cannot be scored.")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="More of it.")] = "",
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Take the next talk in the seeded order in a sample's place; both stay on record."""
    desk = QualityDesk(config, lang)
    desk.confirm("replace", str(sample), yes=yes)
    with desk.store() as (connection, policy):
        hand = desk.hand(connection, policy, by)
        new = replace_sample(
            connection, sample, reason, text, by=hand.by, inspectors=desk.inspectors(connection, policy),
            policy=policy, now=desk.now,
        )  # fmt: skip
        old = load_sample(connection, sample)
        desk.note(connection, f"quality sample {sample}", step="replace", by=by, reason=reason.value)
    if json:
        print_json({"replaced": sample_json(old), "sample": sample_json(new) if new else None})
        return
    print_line(f"{new.id}" if new else desk.word.get("none_left"))


def note(
    sample: SampleArgument,
    by: LoginOption,
    text: TextOption,
    at: Annotated[float, typer.Option("--at", metavar="SECONDS", help="The instant of the file.")],
    criterion: Annotated[
        str | None, typer.Option("--criterion", metavar="ID", help="A training point of it.")
    ] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Pin a note to an instant of the file."""
    desk = QualityDesk(config, lang)
    with desk.store() as (connection, policy):
        hand = desk.hand(connection, policy, by)
        made = add_note(
            connection, sample, round(at * 1000), text, by=hand.by.login, now=desk.now, criterion=criterion
        )
        desk.note(connection, f"quality sample {sample}", step="note", by=by)
    print_json(note_json(made)) if json else print_line(f"{made.id}")


def reply(
    card: CardArgument,
    by: LoginOption,
    text: TextOption,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """The agent replies to his card, for the record."""
    _answer(QualityDesk(config, lang), card, ReplyKind.REPLY, by, text, json)


def appeal(
    card: CardArgument,
    by: LoginOption,
    text: TextOption,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """The agent appeals against his card: another person decides."""
    _answer(QualityDesk(config, lang), card, ReplyKind.APPEAL, by, text, json)


def _answer(desk: QualityDesk, card: int, kind: ReplyKind, by: str, text: str, json: bool) -> None:
    with desk.store() as (connection, _):
        account = desk.account(connection, by, Right.DESK)
        made = answer(connection, card, kind, text, agent=account.agent or "", by=account.login, now=desk.now)
        desk.note(connection, f"quality card {card}", step=kind.value, by=by)
    _show_reply(desk, made, json)


def decide(
    appeal_id: Annotated[int, typer.Argument(metavar="APPEAL", help="The id of an appeal of `quality show`.")],
    by: LoginOption,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; the agent reads it.")],
    uphold: Annotated[bool, typer.Option("--uphold", help="The agent is right: give the new marks.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="The mark stands.")] = False,
    mark: MarkOption = None,
    remark: RemarkOption = None,
    critical: CriticalOption = None,
    summary: SummaryOption = "",
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Decide an appeal: upheld with the card in the first one's place, or rejected."""
    if uphold == reject:
        found = "both" if uphold else "neither"
        raise UsageError(f"quality decide: found {found} of --uphold and --reject, expected one")
    if reject and (mark or critical):
        raise UsageError("quality decide: found marks with --reject, expected them with --uphold alone")
    desk = QualityDesk(config, lang)
    scores = _scores(mark, remark, critical, None, None, summary) if uphold else None
    desk.confirm("decide", str(appeal_id), yes=yes)
    with desk.store() as (connection, policy):
        made = decide_appeal(connection, appeal_id, reason, scores, desk.hand(connection, policy, by))
        desk.note(connection, f"quality card {made.card_id}", step="decide", by=by, upheld=uphold)
    _show_reply(desk, made, json)


def _show_reply(desk: QualityDesk, made: Reply, json: bool) -> None:
    if json:
        print_json(reply_json(made))
        return
    print_line(f"{made.id}  {desk.word.get((made.state or made.kind).value)}")
