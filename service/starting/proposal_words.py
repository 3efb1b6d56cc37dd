"""The sentences beside proposed rows of a policy, in Chinese and in English; each stays on one line."""

from __future__ import annotations

from dataclasses import dataclass

from config.settings import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupWords:
    """The sentences of one language; braces are filled in by `proposal_text`."""

    head: str
    how: str
    nothing: str
    trunks: str
    trunk: str
    calls: str
    visits: str
    rings: str
    guess_number: str
    guess_group: str
    guess_agent: str
    guess_hours: str
    closed: str
    unseen: str
    members: str
    fill_code: str
    fill_branch: str
    for_the_check: str
    left_out: str
    hours_how: str


ZH = SetupWords(
    head="据 {start} 至 {end}（{zone}）听到的 {calls} 通电话提出；现行策略已有的不再列出。",
    how="核对后把需要的行抄进自己的策略。标“推测”的须由人确认；本文件可直接用 policy check 检查。",
    nothing="没有可补充的：听到的都已在策略里。",
    trunks="threerings.toml 的 [pbx.{pbx}]：下列对端像是中继，核对后写入：",
    trunk="{calls} 通来自 {callers} 个外部号码，拨打 {dialled} 个号码",
    calls="{times} 通，{first} 至 {last}",
    visits="{times} 次排队，{first} 至 {last}",
    rings="响铃或通话共见 {times} 次，{first} 至 {last}",
    guess_number="推测：暂以号码为名",
    guess_group="推测：队列派来的 {times} 次中有 {group_times} 次出自此队列",
    guess_agent="推测：按现有事实，最后坐在这里的人",
    guess_hours="推测：据 {days} 个{weekday}",
    closed="{weekday}：{days} 天里没有一刻钟常有接听，按休息",
    unseen="{weekday}：没有见过这样的日子，请补上",
    members="成员：{members}",
    fill_code="业务代号，取自 service_codes",
    fill_branch="所属分部",
    for_the_check="策略里已有此人：仅为检查下面的话机而列",
    left_out="写不进策略、未列出：{names}",
    hours_how="营业时间：某个周几至少一半的日子里有接听的一刻钟算营业，取其首尾；其间一小时以上从无接听（至少看四天）算休息。",
)

EN = SetupWords(
    head="Proposed from {calls} calls heard from {start} to {end} ({zone}); what the policy says already is left out.",
    how="Copy the rows that are right into your policy. Confirm each guess first; policy check accepts this file.",
    nothing="Nothing to add: all that was heard is in the policy.",
    trunks="threerings.toml, [pbx.{pbx}]: these peers look like trunks; confirm, then write:",
    trunk="{calls} calls from {callers} outside numbers to {dialled} dialled ones",
    calls="calls: {times}, {first} to {last}",
    visits="queue visits: {times}, {first} to {last}",
    rings="seen ringing or talking {times} times, {first} to {last}",
    guess_number="guess: the number itself",
    guess_group="guess: {group_times} of the {times} calls that queues offered were this one's",
    guess_agent="guess: who by the facts sat here last",
    guess_hours="guess: from {days} days, {weekday}",
    closed="{weekday}: on {days} such days no quarter hour was usually answered, so closed",
    unseen="{weekday}: no such day was seen, please fill it in",
    members="members: {members}",
    fill_code="one of service_codes",
    fill_branch="the branch that it belongs to",
    for_the_check="in the policy already: here so that the devices below can be checked",
    left_out="Left out, since a policy cannot name them: {names}",
    hours_how="Hours: a quarter hour is open if calls were answered in it on half of such weekdays or more, and a "
    "day reaches from its first to its last; an hour or more between without any answered call, on four days at "
    "least, is a break.",
)

BY_LANGUAGE = {Language.ZH: ZH, Language.EN: EN}
