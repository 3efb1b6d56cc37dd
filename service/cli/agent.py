"""`threerings agent pause | unpause | add | remove | listen | hang-up`: what supervisors do on the PBX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from config.settings import Language
from service.cli import context, options
from service.cli.agent_service import ask, path_of
from service.cli.closing_store import ByOption, YesOption, confirm
from service.cli.output import print_json, print_line
from telephony.acting.orders import Ear

AgentArgument = Annotated[str, typer.Argument(metavar="AGENT", help="The agent's number.")]
QueueArgument = Annotated[str, typer.Argument(metavar="QUEUE", help="A queue, as the PBX names it.")]
ReasonOption = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why.")]


def pause(
    agent: AgentArgument,
    by: ByOption,
    reason: ReasonOption,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Take an agent out of all his queues for a while."""
    _tell(path_of("agents", agent, "pause"), {"by": by, "reason": reason}, json, config, lang)


def unpause(
    agent: AgentArgument,
    by: ByOption,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Let him go on."""
    _tell(path_of("agents", agent, "unpause"), {"by": by}, json, config, lang)


def add(
    agent: AgentArgument,
    queue: QueueArgument,
    by: ByOption,
    penalty: Annotated[int, typer.Option("--penalty", min=0, max=1000, help="Higher ones are rung later.")] = 0,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Put an agent into a queue."""
    body = {"by": by, "member": True, "penalty": penalty}
    _tell(path_of("agents", agent, "queues", queue), body, json, config, lang)


def remove(
    agent: AgentArgument,
    queue: QueueArgument,
    by: ByOption,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Take an agent out of a queue that he is a dynamic member of."""
    _tell(path_of("agents", agent, "queues", queue), {"by": by, "member": False}, json, config, lang)


def listen(
    agent: AgentArgument,
    by: ByOption,
    phone: Annotated[str, typer.Option("--phone", metavar="EXTENSION", help="Where you sit: it is rung.")],
    ear: Annotated[Ear, typer.Option("--ear", help="listen, whisper to the agent, or barge in.")] = Ear.LISTEN,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Hear an agent's call at your own phone. There 4 listens, 5 whispers, 6 barges in."""
    body = {"by": by, "ear": ear.value, "phone": phone}
    _tell(path_of("agents", agent, "listen"), body, json, config, lang)


def hang_up(
    call: Annotated[str, typer.Argument(metavar="CALL", help="A call that goes on: PBX/uniqueid.")],
    by: ByOption,
    reason: ReasonOption,
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """End a call that goes on. It cannot be taken back: it asks first, unless --yes is given."""
    language = context.language_of(context.need(config), lang)
    confirm("hang_up", call, language, yes=yes)
    _tell(path_of("calls", call, "hang-up"), {"by": by, "reason": reason}, json, config, lang)


def _tell(path: str, body: dict[str, Any], json: bool, config: Path | None, lang: Language | None) -> None:
    settings = context.need(config)
    done, sentence = ask(settings, context.language_of(settings, lang), path, body)
    if json:
        print_json(done)
    else:
        print_line(sentence)
