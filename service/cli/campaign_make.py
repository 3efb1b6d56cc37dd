"""`threerings campaign create | add | set`: a campaign made of kinds, of a list or of a query, and changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from analytics.errors import PeopleError
from schedulers.campaigns.records import Campaign, DialMode
from schedulers.storage.customer_query import CustomerQuery, Order
from service.cli import context, options
from service.cli.campaign_desk import ByOption, CampaignArgument, NoteOption, by, room
from service.cli.followup_desk import Room
from service.cli.output import print_json, print_line, print_note
from service.desk import campaign_lists, campaign_making
from service.desk.campaign_lists import Chosen
from service.desk.campaign_making import Added, Wish
from service.desk.campaigns import campaign_json
from service.errors import UsageError
from service.importing.progress import Meter, metered

KindsOption = Annotated[list[str], typer.Option("--kind", metavar="KIND", help="A kind of the policy; repeat.")]
FilesOption = Annotated[
    list[Path] | None, typer.Option("--list", metavar="FILE", help="CSV or Excel of customers' ids or numbers.")
]
QueryOption = Annotated[
    list[str] | None,
    typer.Option(
        "--where", metavar="NAME=VALUE", help="tier, branch, sort, owner, or quiet=DAYS without a contact; repeat."
    ),
]
OrderOption = Annotated[Order | None, typer.Option("--order", help="Who of a query comes first.")]
LimitOption = Annotated[int | None, typer.Option("--limit", min=1, help="At most so many of a query.")]
PartialOption = Annotated[bool, typer.Option("--partial", help="Take the good rows though others are refused.")]
GroupsOption = Annotated[
    list[str] | None, typer.Option("--group", help="Who calls; repeat. Default: all whom the kinds allow.")
]
AgentsOption = Annotated[list[str] | None, typer.Option("--agent", help="Who calls; repeat.")]
DeadlineOption = Annotated[
    str | None, typer.Option("--deadline", metavar="WHEN", help="Nobody is dialled from then on.")
]
PriorityOption = Annotated[
    int | None, typer.Option("--priority", help="The higher one gets the agent. Default: 0.")
]
CallerOption = Annotated[
    str | None, typer.Option("--caller-id", metavar="NUMBER", help="What customers see. Default: the trunk's.")
]
RingOption = Annotated[
    float | None, typer.Option("--ring", metavar="SECONDS", help="How long it rings. Default: the trunk's.")
]
NoticeOption = Annotated[bool, typer.Option("--notice", help="The customer hears that the call is recorded.")]
QUERY = ("tier", "branch", "sort", "owner", "quiet")


def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What people call it.")],
    kind: KindsOption,
    by_whom: ByOption,
    mode: Annotated[DialMode, typer.Option("--mode", help="preview or progressive.")] = DialMode.PREVIEW,
    files: FilesOption = None,
    where: QueryOption = None,
    order: OrderOption = None,
    limit: LimitOption = None,
    partial: PartialOption = False,
    group: GroupsOption = None,
    agent: AgentsOption = None,
    pbx: Annotated[str, typer.Option("--pbx", metavar="NAME", help="Default: the only one that dials.")] = "",
    trunk: Annotated[str, typer.Option("--trunk", metavar="NAME", help="Default: its only one.")] = "",
    caller_id: CallerOption = None,
    ring: RingOption = None,
    notice: NoticeOption = False,
    starts: Annotated[
        str | None, typer.Option("--starts", metavar="WHEN", help="It starts by itself then.")
    ] = None,
    deadline: DeadlineOption = None,
    priority: PriorityOption = None,
    note: NoteOption = "",
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """Make a campaign, as a draft: of all that is owed of some kinds, or of a list or a query of customers."""
    with room(context.need(config), lang) as here:
        chosen = _chosen(here, files, where, order, limit)
        _check_rows(chosen, partial)
        wish = Wish(
            name=name,
            mode=mode,
            kinds=tuple(dict.fromkeys(kind)),
            listed=chosen is not None,
            priority=priority or 0,
            groups=tuple(group or ()),
            agents=tuple(agent or ()),
            pbx=pbx,
            trunk=trunk,
            caller_id=caller_id or "",
            ring=None if ring is None else timedelta(seconds=ring),
            notice=notice,
            starts_at=here.instant("--starts", starts),
            deadline_at=here.instant("--deadline", deadline),
            by=by_whom,
            note=note,
        )
        made = campaign_making.create(here.desk, wish, here.now)
        added = None if chosen is None else _add(here, made.id, chosen.customers, by_whom)
        _tell(here, made if added is None else added.campaign, added, chosen, json)
        if not json:
            print_line(here.word.get("created").format(made.id))
        return 1 if chosen is not None and chosen.refusals else 0


def add(
    campaign: CampaignArgument,
    by_whom: ByOption,
    files: FilesOption = None,
    where: QueryOption = None,
    order: OrderOption = None,
    limit: LimitOption = None,
    partial: PartialOption = False,
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> int:
    """Put more customers on a campaign's list; who is on it stays there once."""
    with room(context.need(config), lang) as here:
        chosen = _chosen(here, files, where, order, limit)
        if chosen is None:
            raise UsageError("campaign add: found nobody, expected --list or --where")
        _check_rows(chosen, partial)
        added = _add(here, campaign, chosen.customers, by_whom)
        _tell(here, added.campaign, added, chosen, json)
        return 1 if chosen.refusals else 0


def _chosen(
    here: Room, files: list[Path] | None, where: list[str] | None, order: Order | None, limit: int | None
) -> Chosen | None:
    """Who is to be on the list; None where no list was asked for."""
    if files and where:
        raise UsageError("campaign: found --list and --where, expected one of the two")
    if files:
        try:
            return campaign_lists.of_files(here.desk, files)
        except OSError as error:
            raise PeopleError(f"{error.filename}: found {error.strerror}, expected a CSV or Excel file") from None
    if where:
        return Chosen(customers=campaign_lists.of_query(here.desk, _query(here, where, order, limit)))
    if order is not None or limit is not None:
        raise UsageError("campaign: found --order or --limit alone, expected them beside --where")
    return None


def _query(here: Room, where: Sequence[str], order: Order | None, limit: int | None) -> CustomerQuery:
    given: dict[str, Any] = {}
    for text in where:
        name, equals, value = text.partition("=")
        if name not in QUERY or not equals or not value or name in given:
            raise UsageError(
                f"--where: found {text[:40]!r}, expected one of {', '.join(QUERY)}, = and a value, each once"
            )
        given[name] = value
    quiet = given.pop("quiet", None)
    if quiet is not None:
        if not quiet.isascii() or not quiet.isdigit() or not 1 <= int(quiet) <= 3650:
            raise UsageError(f"--where: found quiet={quiet[:20]!r}, expected days from 1 to 3650")
        given["quiet_since"] = here.now - timedelta(days=int(quiet))
    return CustomerQuery(**given, order=order or Order.ID, limit=limit)


def _check_rows(chosen: Chosen | None, partial: bool) -> None:
    if chosen is None or not chosen.refusals:
        return
    for each in chosen.refusals:
        print_note(f"! {each.sentence()}")
    if not partial or not chosen.customers:
        count, first = len(chosen.refusals), chosen.refusals[0]
        bad = f"{first.file}: found {count} bad {'row' if count == 1 else 'rows'}, expected none"
        raise UsageError(f"{bad}; nothing was made (the first: {first.sentence()})")


def _add(here: Room, campaign: int, customers: Sequence[str], who: str) -> Added:
    found: list[Added] = []

    def work(meter: Meter) -> None:
        meter.begin(here.word.get("members"), len(customers), here.word.get("customer"))
        added = campaign_making.add_customers(
            here.desk, campaign, customers, by(here, who), lambda done, of: meter.reached(done, done)
        )
        found.append(added)
        meter.end()
        meter.finish()

    metered(work)
    return found[0]


def _tell(here: Room, campaign: Campaign, added: Added | None, chosen: Chosen | None, json: bool) -> None:
    refused = [each.as_json() for each in chosen.refusals] if chosen else []
    if json:
        told = None if added is None else {**added.as_json(), "refused": refused}
        print_json({"campaign": campaign_json(campaign), "list": told})
    elif added is not None:
        print_line(here.word.get("added").format(added.new, added.known, len(added.left_out)))
        for why, count in added.as_json()["left_out"].items():
            print_line(f"  {here.word.get(why)} {count}")


def set_(
    campaign: CampaignArgument,
    by_whom: ByOption,
    name: Annotated[str | None, typer.Option("--name", help="What people call it.")] = None,
    deadline: DeadlineOption = None,
    no_deadline: Annotated[bool, typer.Option("--no-deadline", help="It has none any more.")] = False,
    priority: PriorityOption = None,
    group: GroupsOption = None,
    agent: AgentsOption = None,
    trunk: Annotated[str | None, typer.Option("--trunk", metavar="NAME", help="Another trunk of its PBX.")] = None,
    caller_id: CallerOption = None,
    ring: RingOption = None,
    notice: Annotated[bool | None, typer.Option("--notice/--no-notice", help="Whether recording is told.")] = None,
    note: NoteOption = "",
    json: options.JsonOption = False,
    config: options.ConfigOption = None,
    lang: options.LangOption = None,
) -> None:
    """Change a campaign; what is not given stays. It holds from the next call on."""
    if deadline is not None and no_deadline:
        raise UsageError("campaign set: found --deadline and --no-deadline, expected one")
    with room(context.need(config), lang) as here:
        given: dict[str, Any] = {
            "name": name,
            "deadline_at": here.instant("--deadline", deadline),
            "priority": priority,
            "groups": None if group is None else tuple(group),
            "agents": None if agent is None else tuple(agent),
            "trunk": trunk,
            "caller_id": caller_id,
            "ring": None if ring is None else timedelta(seconds=ring),
            "notice": notice,
        }
        to = {key: value for key, value in given.items() if value is not None}
        if no_deadline:
            to["deadline_at"] = None
        if not to:
            raise UsageError("campaign set: found nothing to change, expected an option such as --deadline")
        changed = campaign_making.change(here.desk, campaign, to, by(here, by_whom, note))
        if json:
            print_json(campaign_json(changed))
        else:
            print_line(f"{changed.id} · {changed.name} · {', '.join(sorted(to))}")
