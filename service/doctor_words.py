"""What a check of a PBX found, in the reader's language: titles by the finding's code; the found stays as the PBX said.

The English sentences are the doctor's own.
"""

from __future__ import annotations

from types import MappingProxyType

from telephony.doctor_findings import Finding, Severity

_READ = "读取类别 {name}：听得到{what}"
_CLASSES = MappingProxyType(
    {"call": "通话、桥接、振铃、保持与转接", "agent": "队列及其成员", "user": "来电者怎样离开队列",
     "cdr": "语音信箱与 PBX 自报", "dtmf": "按键选择"}
)  # fmt: skip
TITLES = MappingProxyType(
    {
        "version": "Asterisk 版本",
        "write_classes": "此用户的写入类别",
        "write_reporting": "断线后问不到哪些通话还在进行",
        "write_needless": "监听用户的权限多于监听所需",
        "read_system": "读取类别 system：重启与注册",
        "timestampevents": "每个事件的时间（timestampevents）",
        "clock": "PBX 的时钟与本机相差",
        "writetimeout": "PBX 对读得慢的一方等多久（FreePBX 自建用户只有 100 毫秒）",
        "channelvars": "事件里的录音文件名（channelvars）",
        "recording_channels": "客户与坐席分轨录音；否则语速与抢话无法测量",
        "cdr": "通话详单，用来补录断线期间的通话",
        "cel": "通道事件日志，用来补录断线期间的通话",
        "cel_in_ami": "CEL 也发给管理接口：占事件流的四分之一，读文件即可",
        "members": "队列成员",
        "members_local": "成员在 Local 通道之后：转接后的时间，队列与 queue_log 会算错人；我们按桥接计算",
        "members_nameless": "成员没有名字：事件与 queue_log 只显示接口",
        "members_stateless": "Local 成员没有状态接口：队列会呼叫正在通话的坐席",
        "ring_time": "队列呼叫一位坐席多久；不足三声就算未接则太短",
        "queue_exit": "来电者怎样离开队列；否则只能凭挂断区分超时与放弃",
        "actions_login": "呼出用户的登录",
        "actions_rights": "呼出用户的权限",
        "actions_needless": "呼出用户的权限多于所需",
        "dialling_context": "呼出所经的拨号方案",
        "dialling_trunk": "呼出中继",
    }
)  # fmt: skip


def title_of(finding: Finding, language: str) -> str:
    """What was asked, in one line; in the doctor's words where there are no others."""
    if language != "zh":
        return finding.what
    if finding.code == "members_local" and finding.severity is Severity.OK:
        return TITLES["members"]
    name = finding.code.removeprefix("read_")
    if name != finding.code and name in _CLASSES:
        return _READ.format(name=name, what=_CLASSES[name])
    return TITLES.get(finding.code, finding.what)
