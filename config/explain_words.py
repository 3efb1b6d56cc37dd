"""The sentences by which a policy is explained, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.minutes import MinuteKind, Rounding
from config.policies import ServiceLevelFormula
from config.rings import Boundary


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of one language; braces are filled in by `config.explain`."""

    title: str
    always: str
    since: str
    ring: str
    ring_seconds: str
    trunk: str
    minutes: str
    level: str
    staffing: str
    handled: str
    short: str
    wrap_up: str
    breaks: str
    allowed: str
    marks: str
    queue_marks: str
    mark: str
    mark_names: dict[str, str]
    prorate: str
    numbers: str
    tier: str
    tier_transfers: str
    outcomes: str
    retention: str
    retention_rule: str
    kept_days: str
    kept: str
    retention_marks: Mapping[str, str]
    line: str
    queue: str
    branch: str
    hours: str
    hours_since: str
    day: str
    days_off: str
    day_start: str
    no_hours: str
    no_closings: str
    closings: str
    make_up: str
    make_up_replaced: str
    make_up_none: str
    own_days: str
    own_years: str
    unannounced: str
    people: str
    closed: str
    none: str
    comma: str
    weekdays: tuple[str, ...]
    boundaries: Mapping[Boundary, str]
    kinds: Mapping[MinuteKind, str]
    roundings: Mapping[Rounding, str]
    formulas: Mapping[ServiceLevelFormula, str]


ZH = Words(
    title="策略 {name}：{title}。时区 {zone}，国家 {country}。",
    always="自始有效：",
    since="自 {start} 起：",
    ring="{rings} 声之内接听：振铃不到 {limit} 秒（{boundary}，恰好 {limit} 秒算迟；铃响铃停 {pattern}）。",
    ring_seconds="振铃不到 {limit} 秒接听，不论铃声；恰好 {limit} 秒算迟。",
    trunk="中继 {match} 的来电：振铃不到 {limit} 秒（每声 {cycle} 秒）。",
    minutes="通话分钟计入：{counts}；取整：{rounding}。",
    level="服务水平 {name}·{seconds} 秒：{formula}。",
    staffing="建议坐席数以服务水平 {target}%、占用率不超过 {occupancy}% 为目标。",
    handled="时限内办结：首次人工接起到结束不超过 {seconds} 秒，含保持。",
    short="通话不到 {talk} 秒为短通话；等待不到 {abandon} 秒即放弃为短放弃。",
    wrap_up="小结 {seconds} 秒；队列自定的更长时按队列。",
    breaks="班内离席超过 {away} 秒、用餐超过 {meal} 秒即超时；恰好不算。",
    allowed="示忙原因“{reason}”允许 {seconds} 秒。",
    marks="大屏何时提醒、何时示警：{marks}。",
    queue_marks="队列 {queue} 另定：{marks}。",
    mark="{name} {warn} / {breach}",
    mark_names={
        "longest_wait": "最长等待达到（秒）",
        "three_rings": "三声接听率低于（%）",
        "service_level": "服务水平低于（%）",
        "abandonment": "放弃率达到（%）",
        "callbacks": "30 分钟内到期或逾期的 / 逾期的待回呼达到",
    },
    prorate="月度指标按排班工时扣除请假折算。",
    numbers="{left_out} 条测试或骚扰号码不计入；{shared} 条总机或短号不回拨。",
    tier="{name}：每月 {floor}–{target} 分钟；代号 {codes}。",
    tier_transfers="{name}：计转接数，不计分钟；代号 {codes}。",
    outcomes="坐席可登记的业务结果：{names}。",
    retention="录音{kept}；到期后可列入销毁清单，不自动删除。",
    retention_rule="其中{marks}的录音{kept}。",
    kept_days="保存 {days} 天",
    kept="长期保存",
    retention_marks={"queue": "队列 {}", "code": "代号 {}", "direction": "方向 {}", "outcome": "业务结果 {}"},
    line="线路 {did}（{name}）：{code}{branch}。",
    queue="队列 {queue}（{name}）：{code}{branch}。",
    branch="，属{branch}",
    hours="营业时间：",
    hours_since="自 {start} 起的营业时间：",
    day="{weekday}：{times}。",
    days_off="每周轮流休一天：{days}。",
    day_start="一天从 {start} 算起。",
    no_hours="未定营业时间：除节假日外都算营业时间内。",
    no_closings="不随国家放假。",
    closings="随国家放假（{country}）；放假日全天算节假日，前后相连的周末也算。",
    make_up="调休上班日按{weekday}的时间营业。",
    make_up_replaced="调休上班日按所补那天的时间营业；不知补哪天的按周一。",
    make_up_none="不随国家调休：调休上班日按平常的周几算。",
    own_days="本中心自定：放假 {closed} 天，调休上班 {make_up} 天，加开 {openings} 天。",
    own_years="{years} 年只按自定的日子，不看国家的。",
    unannounced="{year} 年的调休尚未知晓：只按法定节日算，工作日可能有变；公布后请写入 [holidays] 的 file。",
    people="坐席 {agents} 行，话机 {devices} 行。",
    closed="休息",
    none="未定",
    comma="、",
    weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    boundaries={
        Boundary.NEXT_RING: "下一声响起之前",
        Boundary.TONE_END: "最后一声铃响结束之前",
        Boundary.SECONDS: "按秒",
    },
    kinds={
        MinuteKind.TALK: "通话",
        MinuteKind.HOLD: "保持",
        MinuteKind.WRAP_UP: "小结",
        MinuteKind.CONSULT: "咨询",
        MinuteKind.INTERNAL: "内部通话",
    },
    roundings={
        Rounding.EXACT: "按毫秒累计，显示时取整一次",
        Rounding.PER_CALL_UP: "每通进到整分钟",
        Rounding.PER_CALL_HALF_UP: "每通四舍五入到整分钟",
        Rounding.CLOCK: "结束的分减开始的分，如手工记录",
    },
    formulas={
        ServiceLevelFormula.ANSWERED_LESS_SHORT: "N 秒内接起 ÷（接起 + 放弃 − 短放弃）",
        ServiceLevelFormula.ICMI_1: "（N 秒内接起 + N 秒内放弃）÷（接起 + 放弃）",
        ServiceLevelFormula.ICMI_2: "N 秒内接起 ÷ 接起",
        ServiceLevelFormula.ICMI_3: "N 秒内接起 ÷（接起 + 放弃）",
        ServiceLevelFormula.ICMI_4: "N 秒内接起 ÷（接起 + N 秒后放弃）",
        ServiceLevelFormula.ICMI_5: "（N 秒内接起 + 短放弃）÷（接起 + 放弃）",
        ServiceLevelFormula.ASTERISK_SL: "N 秒内接起 ÷ 接起",
        ServiceLevelFormula.ASTERISK_SL2: "（N 秒内接起 + N 秒内放弃）÷（接起 + 放弃）",
    },
)

EN = Words(
    title="Policy {name}: {title}. Zone {zone}, country {country}.",
    always="From always:",
    since="From {start}:",
    ring="Within {rings} rings: under {limit} s ({boundary}; {limit} s is late; on/off {pattern}).",
    ring_seconds="Answered under {limit} s of ringing, whatever the tone; {limit} s is late.",
    trunk="Calls by trunk {match}: under {limit} s of ringing (a ring each {cycle} s).",
    minutes="Phone minutes count: {counts}; rounding: {rounding}.",
    level="Service level {name}, {seconds} s: {formula}.",
    staffing="Suggested agents reach a service level of {target} % and are busy at most {occupancy} % of the time.",
    handled="Handled in time: at most {seconds} s from the first human answer to the end, hold included.",
    short="A talk under {talk} s is a short call; a wait given up under {abandon} s is a short abandon.",
    wrap_up="Wrap-up lasts {seconds} s, or as long as the queue says if that is longer.",
    breaks="Away over {away} s within a shift, or at a meal over {meal} s, is over the limit; equality is not.",
    allowed="A pause for “{reason}” may last {seconds} s.",
    marks="When the board warns, and when it says a promise is broken: {marks}.",
    queue_marks="Queue {queue} differs: {marks}.",
    mark="{name} {warn} / {breach}",
    mark_names={
        "longest_wait": "longest wait from (s)",
        "three_rings": "three-ring rate below (%)",
        "service_level": "service level below (%)",
        "abandonment": "abandonment rate from (%)",
        "callbacks": "callbacks due within 30 minutes or overdue / overdue from",
    },
    prorate="The month's quota follows scheduled time less leave.",
    numbers="{left_out} test or nuisance numbers left out; {shared} shared numbers not called back.",
    tier="{name}: {floor} to {target} minutes a month; codes {codes}.",
    tier_transfers="{name}: transfers are counted, not minutes; codes {codes}.",
    outcomes="What an agent may record of a call: {names}.",
    retention="Recordings are kept {kept}; then they may be listed for destruction, and none is deleted by itself.",
    retention_rule="Those of {marks} are kept {kept}.",
    kept_days="for {days} days",
    kept="for good",
    retention_marks={
        "queue": "the queue {}",
        "code": "the service code {}",
        "direction": "{} calls",
        "outcome": "calls with the outcome {}",
    },
    line="Line {did} ({name}): {code}{branch}.",
    queue="Queue {queue} ({name}): {code}{branch}.",
    branch=", of branch {branch}",
    hours="Opening hours:",
    hours_since="Opening hours from {start}:",
    day="{weekday}: {times}.",
    days_off="One day off a week, in turn: {days}.",
    day_start="A day begins at {start}.",
    no_hours="No opening hours: all that is no holiday is in hours.",
    no_closings="National closings are not kept.",
    closings="National closings are kept ({country}); the whole day is a holiday, adjoining weekends too.",
    make_up="A make-up day has the hours of {weekday}.",
    make_up_replaced="A make-up day has the hours of the day that it makes up for, or Monday's.",
    make_up_none="The nation's make-up days are not kept: they are days of the week like others.",
    own_days="The centre's own: {closed} days closed, {make_up} make-up days, {openings} extra openings.",
    own_years="The year {years} goes by the centre's own days alone.",
    unannounced="The make-up days of {year} are not known yet: it goes by the days of the law, and working days "
    "may change; once they are announced, write them into the file of [holidays].",
    people="{agents} rows of agents, {devices} rows of devices.",
    closed="closed",
    none="not set",
    comma=", ",
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    boundaries={
        Boundary.NEXT_RING: "before the next ring starts",
        Boundary.TONE_END: "before the last tone ends",
        Boundary.SECONDS: "plain seconds",
    },
    kinds={
        MinuteKind.TALK: "talk",
        MinuteKind.HOLD: "hold",
        MinuteKind.WRAP_UP: "wrap-up",
        MinuteKind.CONSULT: "consultation",
        MinuteKind.INTERNAL: "talk between colleagues",
    },
    roundings={
        Rounding.EXACT: "summed in milliseconds, rounded once when shown",
        Rounding.PER_CALL_UP: "each call up to a whole minute",
        Rounding.PER_CALL_HALF_UP: "each call to the nearest whole minute",
        Rounding.CLOCK: "end minute less start minute, as written by hand",
    },
    formulas={
        ServiceLevelFormula.ANSWERED_LESS_SHORT: "answered ≤ N ÷ (answered + abandoned − short abandoned)",
        ServiceLevelFormula.ICMI_1: "(answered ≤ N + abandoned ≤ N) ÷ (answered + abandoned)",
        ServiceLevelFormula.ICMI_2: "answered ≤ N ÷ answered",
        ServiceLevelFormula.ICMI_3: "answered ≤ N ÷ (answered + abandoned)",
        ServiceLevelFormula.ICMI_4: "answered ≤ N ÷ (answered + abandoned > N)",
        ServiceLevelFormula.ICMI_5: "(answered ≤ N + short abandoned) ÷ (answered + abandoned)",
        ServiceLevelFormula.ASTERISK_SL: "answered ≤ N ÷ answered",
        ServiceLevelFormula.ASTERISK_SL2: "(answered ≤ N + abandoned ≤ N) ÷ (answered + abandoned)",
    },
)
