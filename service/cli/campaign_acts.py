"""`threerings campaign start | pause | resume | stop`: what is done to a whole campaign."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from schedulers.campaigns.changes import Turn
from schedulers.campaigns.records import Campaign
from schedulers.storage import campaigns as stored
from service.cli import context, options
from service.cli.campaign_desk import ByOption, CampaignArgument, NoteOption, by, room
from service.cli.closing_store import YesOption
from service.cli.followup_desk import Room
from service.cli.output import print_json, print_line
from service.desk import campaigns
from service.desk.campaigns import campaign_json
from service.errors import UsageError


def start(
    campaign: CampaignArgument,
    by_whom: ByOption,
    note: NoteOption = "",
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Start a draft: from now on its contacts are dialled."""
    with room(context.need(config), lang) as here:
        _tell(here, campaigns.turn(here.desk, campaign, Turn.STARTED, by(here, by_whom, note)), json)


def pause(
    campaign: CampaignArgument,
    by_whom: ByOption,
    note: NoteOption = "",
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """No new calls until it is resumed; calls that go on are not touched."""
    with room(context.need(config), lang) as here:
        _tell(here, campaigns.turn(here.desk, campaign, Turn.PAUSED, by(here, by_whom, note)), json)


def resume(
    campaign: CampaignArgument,
    by_whom: ByOption,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="You answer for what its PBX did until now while it was not heard.")
    ] = False,
    note: NoteOption = "",
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Go on after a pause. With --anyway also where it runs and waits, since its PBX was not heard for a while."""
    with room(context.need(config), lang) as here:
        who = by(here, by_whom, note)
        done = campaigns.resume_anyway(here.desk, campaign, who) if anyway else None
        _tell(here, done or campaigns.turn(here.desk, campaign, Turn.RESUMED, who), json)


def stop(
    campaign: CampaignArgument,
    by_whom: ByOption,
    note: NoteOption = "",
    yes: YesOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """End it for good: no new call from now on; what is owed stays owed."""
    with room(context.need(config), lang) as here:
        with here.desk.engine.connect() as connection:
            found = stored.require(connection, campaign)
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError(f"campaign {campaign}: found no terminal to ask on, expected --yes")
            typer.confirm(here.word.get("stop_question").format(found.id, found.name), abort=True, err=True)
        _tell(here, campaigns.turn(here.desk, campaign, Turn.STOPPED, by(here, by_whom, note)), json)


def _tell(here: Room, campaign: Campaign, json: bool) -> None:
    if json:
        print_json(campaign_json(campaign))
    else:
        print_line(f"{campaign.id} · {campaign.name} · {here.word.get(campaign.state.value)}")
