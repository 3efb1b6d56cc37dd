"""What an agent does: `threerings campaign next | dial | skip`, and `threerings dial`, a click to call."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from config.settings import Language
from schedulers.campaigns.records import DialAttempt
from service.cli import context, options
from service.cli.campaign_desk import AgentOption, AttemptArgument, room, view
from service.cli.followup_desk import Room
from service.cli.output import print_json, print_line
from service.dashboard.numerals import mask
from service.desk import previewing
from service.desk.clicking import Click, call
from service.desk.dialled import attempt_json, record_json
from service.desk.masking import masked_customer


def next_(
    agent: AgentOption,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """The agent's next record: whom he would call, what is owed to him, script and survey. Status 1: there is none."""
    with room(context.need(config), lang) as here:
        found = previewing.next_record(here.desk, agent, here.now)
        if found is None:
            if json:
                print_json(None)
            else:
                print_line(here.word.get("nothing_next"))
            return 1
        with here.desk.engine.connect() as connection:
            told = record_json(connection, found, view(here, masked=False))
        if json:
            print_json(told)
        else:
            _tell_record(told, here)
        return 0


def _tell_record(told: dict[str, Any], here: Room) -> None:
    word, attempt = here.word.get, told["attempt"]
    name = told["customer_name"] or masked_customer(attempt["customer"])
    print_line(f"{attempt['id']} · {name} · {mask(attempt['number'])}")
    for story in told["follow_ups"]:
        item = story["follow_up"]
        kind = item["kind_zh"] if here.language is Language.ZH else item["kind_en"]
        print_line(f"{kind} · {word('due')} {here.clock(item['due_at'])} · {word('attempts')} {item['attempts']}")
        script = story["script_zh"] if here.language is Language.ZH else story["script_en"]
        if script:
            print_line(f"  {word('script')}: {script}")
        for question in story["survey"]["questions"] if story["survey"] else ():
            text = question["text_zh"] if here.language is Language.ZH else question["text_en"]
            print_line(f"  {word('survey')} {question['id']}: {text}")
    print_line(word("dial_with").format(attempt["id"], attempt["agent"]))


def dial(
    attempt: AttemptArgument,
    agent: AgentOption,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Dial the record that the agent looks at: his own phone rings first."""
    with room(context.need(config), lang) as here:
        _tell(here, previewing.dial(here.desk, attempt, agent, here.now), json)


def skip(
    attempt: AttemptArgument,
    agent: AgentOption,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept on record.")],
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Leave the record that the agent looks at."""
    with room(context.need(config), lang) as here:
        found = previewing.skip(here.desk, attempt, agent, reason, here.now)
        if json:
            print_json(attempt_json(found, view(here, masked=False)))
        else:
            print_line(f"{found.id} · {here.word.get(found.phase.value)} · {here.word.get('why.skipped')}")


def click(
    agent: Annotated[str, typer.Argument(metavar="AGENT", help="Whose phone rings first.")],
    number: Annotated[str | None, typer.Argument(metavar="NUMBER", help="Whom he calls.")] = None,
    customer: Annotated[str | None, typer.Option("--customer", metavar="ID", help="Instead of a number.")] = None,
    follow_up: Annotated[
        str | None, typer.Option("--follow-up", metavar="ID", help="Instead of a number: what the call is for.")
    ] = None,
    pbx: Annotated[str, typer.Option("--pbx", metavar="NAME", help="Default: the only one that dials.")] = "",
    trunk: Annotated[str, typer.Option("--trunk", metavar="NAME", help="Default: its only one.")] = "",
    by_whom: Annotated[
        str | None, typer.Option("--by", metavar="NAME", help="Who asks. Default: the agent.")
    ] = None,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Call a customer: the agent's phone rings, then the customer's. Who must not be called is refused."""
    with room(context.need(config), lang) as here:
        wanted = Click(
            agent=agent,
            by=by_whom or agent,
            number=number,
            customer=customer,
            follow_up=follow_up,
            pbx=pbx,
            trunk=trunk,
        )
        _tell(here, call(here.desk, wanted, here.now), json)


def _tell(here: Room, attempt: DialAttempt, json: bool) -> None:
    if json:
        print_json(attempt_json(attempt, view(here, masked=False)))
    else:
        print_line(here.word.get("asked_to_dial").format(f"{attempt.id} · {mask(attempt.number)}"))
