"""The sentences by which follow-ups are explained, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.followups import Alarm, Basis, DueKind, FulfilledBy, OwnerRule, TriggerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpWords:
    """The sentences of one language; braces are filled in by `config.explain_followups`."""

    contact: str
    cap: str
    no_cap: str
    group: str
    above: str
    duty: str
    kind: str
    source: str
    arises: str
    named: Mapping[TriggerKind, str]  # of triggers that may have a name and need none, where they have one
    top: str
    where: str
    who: str
    one_open: str
    lunar: str
    due: str
    unset: str
    repeat: str
    every: str
    no_first: str
    open_before: str
    not_agreed: str
    windows: str
    near: str
    edges: str
    on_weekdays: str
    closed_days: str
    announce: str
    his_group: str
    level_up: str
    anyone: str
    skill: str
    inbound: str
    survey: str
    preview: str
    attempts: str
    reasons: str
    overdue: str
    at_once: str
    comma: str
    either: str
    or_missing: str
    measures: Mapping[str, str]  # of figures of a customer, where they have one
    in_person: str
    space: str
    step: str
    units: Mapping[str, str]
    periods: Mapping[str, str]
    results: Mapping[str, str]
    weekdays: tuple[str, ...]
    triggers: Mapping[TriggerKind, str]
    dues: Mapping[DueKind, str]
    owners: Mapping[OwnerRule, str]
    fulfilled: Mapping[FulfilledBy, str]
    bases: Mapping[Basis, str]
    alarms: Mapping[Alarm, str]


ZH = FollowUpWords(
    contact="按客户当地时间，只在 {windows} 联系客户；每位客户各事项合计：{caps}。",
    cap="{days} 天内至多 {count} 次",
    no_cap="不限次数",
    group="组 {group}：负责人 {leaders}{above}。",
    above="，上级组 {group}",
    duty="值班领导：{duty}。",
    kind="【{name}】（{id}{source}）",
    source="，出自 {source}",
    arises="{trigger}时产生。",
    named={TriggerKind.PROMISE: "电话中承诺（{name}）", TriggerKind.CAMPAIGN: "列入外呼活动（{name}）"},
    top="每个网点取前 {top} 名。",
    where="只限：{conditions}。",
    who="只限客户：{conditions}。",
    one_open="同一号码只有一件待办，一天至多一件。",
    lunar="客户生日按农历登记的按农历。",
    due="期限：{due}。",
    unset="定下日期之前：{due}；日期须另有 {approvals} 人同意。",
    repeat="此后自产生之日起：{steps}，各再一次。",
    every="此后自产生之日起每隔 {step}再一次。",
    no_first="产生当日不算一次。",
    open_before="到期前 {span}可以开始。",
    not_agreed="与客户另约时间不改变期限。",
    windows="时段 {spans}。",
    near="在 {clocks} 前后半小时内。",
    edges="避开上班、午休两端和下班前后各半小时。",
    on_weekdays="只在{days}。",
    closed_days="休息日也联系。",
    announce="提前 {span}发消息告知客户。",
    his_group="本组",
    level_up="由上一级负责人负责。",
    anyone="组 {group} 的人都可办理。",
    skill="须会 {skill}。",
    inbound="客户来电接通也算。",
    survey="按问卷 {survey} 提问。",
    preview="拨打前先看记录。",
    attempts="联系不上：至少 {least} 次，分 {days} 天、{windows} 个时段，方可关闭；满 {most} 次须关闭或交人处理。",
    reasons="可关闭的原因：{reasons}。",
    overdue="逾期告知{who}。",
    at_once="产生时立即告知{who}。",
    comma="、",
    either="或",
    or_missing="（未注明亦算）",
    measures={"assets": " 元"},
    in_person="须当面：登记面谈为完成，通话不算；不计入联系次数上限。",
    space="",
    step="{count} {unit}",
    units={
        "second": "秒",
        "minute": "分钟",
        "hour": "小时",
        "day": "天",
        "week": "周",
        "month": "个月",
        "year": "年",
    },
    periods={"week": "周", "month": "月", "quarter": "季度", "year": "年"},
    results={
        "talked": "已通话",
        "no_answer": "无人接听",
        "busy": "忙线",
        "rejected": "拒接",
        "voicemail": "留言信箱",
        "third_person": "他人接听",
        "wrong_number": "号码有误",
        "indeterminate": "结果不明",
        "failed": "未能呼出",
        "agent_missed": "坐席未接",
        "silent": "无声",
    },
    weekdays=("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    triggers={
        TriggerKind.MISSED_CALL: "来电无人接起",
        TriggerKind.PROMISE: "电话中承诺",
        TriggerKind.OUTCOME: "坐席记录“{name}”",
        TriggerKind.EVENT: "收到事件 {name} ",
        TriggerKind.CAMPAIGN: "列入外呼活动",
        TriggerKind.MEMBER: "成为客户",
        TriggerKind.PERIOD: "每{name}开始、已是客户",
        TriggerKind.TOP: "上一{name}消费居前",
        TriggerKind.BIRTHDAY: "客户生日",
        TriggerKind.FESTIVAL: "节日（{name}）",
        TriggerKind.DONE: "“{name}”办结",
        TriggerKind.CLOSED: "“{name}”未办而关闭",
        TriggerKind.UNSATISFIED: "“{name}”之后客户不满意",
    },
    dues={
        DueKind.ELAPSED: "{span}内",
        DueKind.OPEN: "营业时间 {span}内",
        DueKind.DAYS: "{amount} 天内，到当天下班",
        DueKind.WORKING_DAYS: "{amount} 个工作日内，到当天下班",
        DueKind.ON_THE_DAY: "当天",
        DueKind.IN_THE_PERIOD: "本期之内",
        DueKind.PROMISED: "所承诺的时间，未定时间的一个工作日内",
        DueKind.BY_HAND: "由人定日期",
    },
    owners={
        OwnerRule.NAMED: "由客户的专属坐席负责，没有则首问负责。",
        OwnerRule.FIRST_ASKED: "首问负责。",
        OwnerRule.GROUP: "分给组 {group} 当班的人。",
        OwnerRule.LEADER: "由组 {group} 的负责人负责。",
    },
    fulfilled={
        FulfilledBy.TALK: "与客户通话满 {seconds} 秒并记录“已联系”为完成。",
        FulfilledBy.CONTACT: "登记一次联系，或通话满 {seconds} 秒，为完成。",
        FulfilledBy.MESSAGE: "发出消息为完成。",
        FulfilledBy.MARK: "由人登记为完成。",
    },
    bases={Basis.SERVICE: "属服务内容。", Basis.CONSENT: "须客户同意。"},
    alarms={Alarm.NOBODY: "无", Alarm.OWNER: "负责人本人", Alarm.LEADER: "组负责人", Alarm.DUTY: "值班领导"},
)

EN = FollowUpWords(
    contact="Customers are contacted at {windows} by their own clock only; all matters of one customer: {caps}.",
    cap="at most {count} in {days} day(s)",
    no_cap="as often as needed",
    group="Group {group}: led by {leaders}{above}.",
    above=", below {group}",
    duty="Duty leaders: {duty}.",
    kind="[{name}] ({id}{source})",
    source=", from {source}",
    arises="Arises: {trigger}.",
    named={
        TriggerKind.PROMISE: "promised on the phone ({name})",
        TriggerKind.CAMPAIGN: "chosen for a campaign ({name})",
    },
    top="The best {top} of each branch.",
    where="Only if: {conditions}.",
    who="Only customers with: {conditions}.",
    one_open="A number has one open, and at most one a day.",
    lunar="By the moon where the customer's birthday is known so.",
    due="Due: {due}.",
    unset="Until a date is set: {due}; a date needs {approvals} other persons.",
    repeat="Again, from the trigger: {steps}.",
    every="Again, from the trigger, each {step}.",
    no_first="None at the trigger itself.",
    open_before="May be worked on {span} before.",
    not_agreed="A time agreed with the customer does not replace it.",
    windows="At {spans}.",
    near="Within half an hour of {clocks}.",
    edges="Never within half an hour of start of work, noon break or end of work.",
    on_weekdays="Only on {days}.",
    closed_days="On closed days too.",
    announce="The customer is told by message {span} before.",
    his_group="of the owner",
    level_up="It belongs to the leader one level up.",
    anyone="Anyone of group {group} may do it.",
    skill="Needs the skill {skill}.",
    inbound="The customer getting through fulfils it too.",
    survey="Asks the survey {survey}.",
    preview="The record is reviewed before the call.",
    attempts="Unreachable only after {least} attempts on {days} day(s) in {windows} parts of the day; at {most} it is "
    "closed or handed to a person.",
    reasons="May be closed as: {reasons}.",
    overdue="When overdue {who} is told.",
    at_once="At once {who} is told.",
    comma=", ",
    either=" or ",
    or_missing=" (or not told)",
    measures={"assets": " yuan"},
    in_person="Face to face: a visit that is logged fulfils it, a call does not; no cap counts it.",
    space=" ",
    step="{count} {unit}",
    units={
        "second": "s",
        "minute": "min",
        "hour": "h",
        "day": "day(s)",
        "week": "week(s)",
        "month": "month(s)",
        "year": "year(s)",
    },
    periods={"week": "week", "month": "month", "quarter": "quarter", "year": "year"},
    results={
        "talked": "talked",
        "no_answer": "no answer",
        "busy": "busy",
        "rejected": "rejected",
        "voicemail": "a mailbox",
        "third_person": "somebody else answered",
        "wrong_number": "wrong number",
        "indeterminate": "the end is not known",
        "failed": "the network was not reached",
        "agent_missed": "the agent did not answer",
        "silent": "a silent line",
    },
    weekdays=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    triggers={
        TriggerKind.MISSED_CALL: "a call that nobody answered",
        TriggerKind.PROMISE: "promised on the phone",
        TriggerKind.OUTCOME: "an agent recorded “{name}”",
        TriggerKind.EVENT: "the event {name}",
        TriggerKind.CAMPAIGN: "chosen for a campaign",
        TriggerKind.MEMBER: "becoming a customer",
        TriggerKind.PERIOD: "each {name} that begins with him as a customer",
        TriggerKind.TOP: "among the best by spend of the {name} before",
        TriggerKind.BIRTHDAY: "the customer's birthday",
        TriggerKind.FESTIVAL: "the festival ({name})",
        TriggerKind.DONE: "“{name}” is done",
        TriggerKind.CLOSED: "“{name}” is closed unfulfilled",
        TriggerKind.UNSATISFIED: "the customer is not content after “{name}”",
    },
    dues={
        DueKind.ELAPSED: "within {span}",
        DueKind.OPEN: "within {span} of opening time",
        DueKind.DAYS: "within {amount} day(s), at closing time",
        DueKind.WORKING_DAYS: "within {amount} working day(s), at closing time",
        DueKind.ON_THE_DAY: "that day",
        DueKind.IN_THE_PERIOD: "before the period ends",
        DueKind.PROMISED: "the time that was promised, else within one working day",
        DueKind.BY_HAND: "a date that people set",
    },
    owners={
        OwnerRule.NAMED: "It belongs to the customer's named agent, else to who was asked first.",
        OwnerRule.FIRST_ASKED: "It belongs to who was asked first.",
        OwnerRule.GROUP: "It is spread over those of group {group} on duty.",
        OwnerRule.LEADER: "It belongs to the leader of group {group}.",
    },
    fulfilled={
        FulfilledBy.TALK: "A talk of {seconds} s and the outcome “reached” fulfil it.",
        FulfilledBy.CONTACT: "A logged contact, or a talk of {seconds} s, fulfils it.",
        FulfilledBy.MESSAGE: "A message that was sent fulfils it.",
        FulfilledBy.MARK: "A person records that it is done.",
    },
    bases={Basis.SERVICE: "It is part of the service.", Basis.CONSENT: "Only with the customer's consent."},
    alarms={
        Alarm.NOBODY: "nobody",
        Alarm.OWNER: "its owner",
        Alarm.LEADER: "the group's leader",
        Alarm.DUTY: "the duty leader",
    },
)
