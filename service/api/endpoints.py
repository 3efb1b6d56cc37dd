"""Every endpoint of the API, once. Routes, the OpenAPI description, the page and the check of each request are made of
this table; what is not in it does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.api import followup_parameters as f
from service.api import parameters as p
from service.api.parameters import Parameter, Place
from service.auth.tokens import Scope


class Tag(StrEnum):
    """What an endpoint is about: the parts of the page."""

    FIGURES = "figures"  # metrics and the answers made of them
    CALLS = "calls"  # records of calls, and the gaps between them
    CUSTOMERS = "customers"  # whom something may be owed to
    FOLLOWUPS = "followups"  # what is owed to customers, and what is done about it
    SERVICE = "service"  # the API itself


class Method(StrEnum):
    """What is done with a path."""

    GET = "GET"  # read; answers HEAD too
    PUT = "PUT"  # told anew, whole or in part: twice is as once
    POST = "POST"  # done


class Fresh(StrEnum):
    """What an answer depends on, and so what its ETag is made of."""

    STANDING = "standing"  # this version of the program alone
    STORED = "stored"  # the store, the rules and the question
    GAPS = "gaps"  # the same, and the gaps that are known
    MOMENT = "moment"  # this very moment: it has no ETag


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One method of one path. `name` is its operation and the handler's; `answer` a schema of the components.

    `content`: the schema of what the request brings, in the components too. `scopes`: what a token needs beside `read`,
    which it need not have where not `needs_read`: who only tells something. `makes`: whether something may be new
    afterwards: 201.
    `is_table`: whether it is given as CSV and Excel too. `missing`: the id of the error where nothing has this name.
    `is_open`: whether it is answered without a token: it tells nothing of the centre.
    """

    path: str
    name: str
    en: str
    zh: str
    answer: str
    tag: Tag
    fresh: Fresh
    parameters: tuple[Parameter, ...] = ()
    is_table: bool = False
    is_limited: bool = False
    is_open: bool = False
    is_page: bool = False
    makes: bool = False
    method: Method = Method.GET
    content: str | None = None
    scopes: tuple[Scope, ...] = ()
    needs_read: bool = True
    missing: str | None = None

    @property
    def route(self) -> str:
        """The path as aiohttp reads it: a call's id holds slashes."""
        return self.path.replace("{call_id}", "{call_id:.+}")

    @property
    def known(self) -> tuple[Parameter, ...]:
        """All parameters: those of the table, and those that every endpoint of its kind has."""
        if self.is_page:
            return (p.LANG, p.THEME)
        return (*self.parameters, p.LANG, *((p.FORMAT,) if self.is_table else ()))

    @property
    def in_query(self) -> frozenset[str]:
        """The names that a query may hold."""
        return frozenset(each.name for each in self.known if each.place is Place.QUERY)


def _doing(name: str, path: str, en: str, zh: str, body: str) -> Endpoint:
    """Something that is done to one follow-up."""
    return Endpoint(
        path=f"/api/v1/followups/{{follow_up}}/{path}",
        name=name,
        en=en,
        zh=zh,
        answer="Changes",
        tag=Tag.FOLLOWUPS,
        fresh=Fresh.MOMENT,
        parameters=(f.FOLLOW_UP,),
        missing="followup_not_found",
        method=Method.POST,
        content=body,
        scopes=(Scope.FOLLOWUPS,),
        needs_read=False,
    )


FOLLOW_UPS: tuple[Endpoint, ...] = (
    Endpoint(
        path="/api/v1/followups",
        name="followups",
        en="A work list: agreed times first, then what is due first",
        zh="工作清单：约定时间在前，其余按到期先后",
        answer="FollowUps",
        tag=Tag.FOLLOWUPS,
        fresh=Fresh.MOMENT,
        parameters=(f.STATE, f.AGENT, f.LEADER, f.GROUP, f.KIND, f.CUSTOMER, f.LIMIT, f.AFTER),
    ),
    Endpoint(
        path="/api/v1/followups/coverage",
        name="followup_coverage",
        en="Due = done on time + done late + closed + open in time + open overdue; and what customers said",
        zh="应做 = 按时完成 + 逾期完成 + 关闭 + 未到期 + 逾期未完成；以及客户评价",
        answer="Coverage",
        tag=Tag.FOLLOWUPS,
        fresh=Fresh.MOMENT,
        parameters=(p.PERIOD, f.KIND, f.GROUP, f.AS_OF),
    ),
    Endpoint(
        path="/api/v1/followups/coverage/items",
        name="followup_coverage_items",
        en="The follow-ups behind one part of the coverage",
        zh="覆盖率某一部分背后的事项",
        answer="Covered",
        tag=Tag.FOLLOWUPS,
        fresh=Fresh.MOMENT,
        parameters=(p.PERIOD, f.KIND, f.GROUP, f.AS_OF, f.STANDING, f.LIMIT, f.AFTER),
    ),
    Endpoint(
        path="/api/v1/followups/{follow_up}",
        name="followup",
        en="One follow-up: its story, the chain that it stands in, script and survey",
        zh="一个事项：经过、同一事件的事项、话术与问卷",
        answer="Story",
        tag=Tag.FOLLOWUPS,
        fresh=Fresh.MOMENT,
        parameters=(f.FOLLOW_UP,),
        missing="followup_not_found",
    ),
    _doing("followup_outcome", "outcome", "Record what came of a contact", "登记联系结果", "OutcomeBody"),
    _doing("followup_reschedule", "reschedule", "Set another due time", "改期", "RescheduleBody"),
    _doing("followup_hand_over", "hand-over", "Give it to another agent", "移交给其他座席", "HandOverBody"),
    _doing("followup_close", "close", "Give it up with a reason", "以理由关闭", "CloseBody"),
    _doing("followup_reopen", "reopen", "Undo its end", "撤销完成或关闭", "ReopenBody"),
    Endpoint(
        path="/api/v1/events",
        name="event",
        en="Tell an event from outside: it makes what the policy says, once for each key",
        zh="告知外部事件：按政策生成事项，同一编号只生成一次",
        answer="Taken",
        tag=Tag.FOLLOWUPS,
        fresh=Fresh.MOMENT,
        method=Method.POST,
        content="EventBody",
        scopes=(Scope.EVENTS,),
        needs_read=False,
    ),
)
ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        path="/api/v1/metrics",
        name="metrics",
        en="Every metric: name, sentence, formula, unit, and what stands over nothing",
        zh="全部指标：名称、定义、公式、单位，以及无数据时的值",
        answer="Catalogue",
        tag=Tag.FIGURES,
        fresh=Fresh.STANDING,
    ),
    Endpoint(
        path="/api/v1/metrics/{name}",
        name="metric",
        en="One metric",
        zh="一个指标",
        answer="Metric",
        tag=Tag.FIGURES,
        fresh=Fresh.STANDING,
        parameters=(p.METRIC_NAME,),
        missing="metric_not_found",
    ),
    Endpoint(
        path="/api/v1/query",
        name="query",
        en="Figures: any metrics, over any period, told apart by what you like",
        zh="数字：任选指标、周期与分组",
        answer="Figures",
        tag=Tag.FIGURES,
        fresh=Fresh.GAPS,
        parameters=(
            p.METRIC_NAMES,
            p.PERIOD,
            p.GROUPED_BY,
            p.WHERE,
            p.AS_OF,
            p.RINGS,
            p.WITHIN,
            p.FORMULA,
            p.ACROSS,
        ),
        is_table=True,
        is_limited=True,
    ),
    Endpoint(
        path="/api/v1/query/calls",
        name="query_calls",
        en="The calls behind one figure, each with its part of it",
        zh="一个数字背后的通话，及各自所占部分",
        answer="Behind",
        tag=Tag.FIGURES,
        fresh=Fresh.GAPS,
        parameters=(
            p.METRIC,
            p.KEY,
            p.PERIOD,
            p.WHERE,
            p.AS_OF,
            p.RINGS,
            p.WITHIN,
            p.FORMULA,
            p.LIMIT,
            p.AFTER,
        ),
        is_table=True,
        is_limited=True,
    ),
    Endpoint(
        path="/api/v1/reports/{name}",
        name="report",
        en="A report: minutes or three-rings",
        zh="报表：minutes 或 three-rings",
        answer="Report",
        tag=Tag.FIGURES,
        fresh=Fresh.GAPS,
        parameters=(p.REPORT, p.PERIOD, p.GROUP, p.AS_OF),
        is_table=True,
        missing="report_not_found",
    ),
    Endpoint(
        path="/api/v1/summary",
        name="summary",
        en="Counts of a period, each agent's minutes and three-ring rate",
        zh="周期内的通话数，各座席的分钟与三声接听率",
        answer="Summary",
        tag=Tag.FIGURES,
        fresh=Fresh.GAPS,
        parameters=(p.PERIOD,),
    ),
    Endpoint(
        path="/api/v1/calls",
        name="calls",
        en="A page of the calls that began in a period, oldest first",
        zh="周期内开始的通话，按时间先后分页",
        answer="Calls",
        tag=Tag.CALLS,
        fresh=Fresh.STORED,
        parameters=(p.PERIOD, p.LIMIT, p.AFTER),
        is_table=True,
        is_limited=True,
    ),
    Endpoint(
        path="/api/v1/calls/{call_id}",
        name="call",
        en="One call by its id or an alias",
        zh="一通电话，按编号或旧编号",
        answer="Call",
        tag=Tag.CALLS,
        fresh=Fresh.STORED,
        parameters=(p.CALL_ID,),
        missing="call_not_found",
    ),
    Endpoint(
        path="/api/v1/gaps",
        name="gaps",
        en="The stretches in which a PBX was not heard",
        zh="未能听到 PBX 的时段",
        answer="Gaps",
        tag=Tag.CALLS,
        fresh=Fresh.GAPS,
        is_table=True,
    ),
    Endpoint(
        path="/api/v1/agents/live",
        name="agents_live",
        en="The agents and calls of this moment",
        zh="此刻的座席与通话",
        answer="Live",
        tag=Tag.CALLS,
        fresh=Fresh.MOMENT,
    ),
    *FOLLOW_UPS,
    Endpoint(
        path="/api/v1/customers",
        name="customers",
        en="A page of customers by their ids",
        zh="客户，按编号分页",
        answer="Customers",
        tag=Tag.CUSTOMERS,
        fresh=Fresh.STORED,
        parameters=(p.NUMBER, p.BRANCH, p.TIER, p.OWNER, p.CUSTOMER_LIMIT, p.CUSTOMER_AFTER),
        scopes=(Scope.PEOPLE,),
    ),
    Endpoint(
        path="/api/v1/customers/{customer_id}",
        name="customer",
        en="One customer by any id that he ever had, with his spend, every change and his newest calls",
        zh="一位客户，按编号或旧编号，含消费、变更记录与最近通话",
        answer="CustomerHistory",
        tag=Tag.CUSTOMERS,
        fresh=Fresh.STORED,
        parameters=(p.CUSTOMER_ID, p.LIMIT),
        scopes=(Scope.PEOPLE,),
        missing="customer_not_found",
    ),
    Endpoint(
        path="/api/v1/customers/{customer_id}",
        name="customer_put",
        en="Tell of a customer: what is not told stays as it was, null takes back",
        zh="登记客户：未写的保持不变，null 为清除",
        answer="Customer",
        tag=Tag.CUSTOMERS,
        fresh=Fresh.MOMENT,
        parameters=(p.CUSTOMER_ID,),
        method=Method.PUT,
        content="CustomerTold",
        scopes=(Scope.PEOPLE, Scope.CUSTOMERS_WRITE),
        makes=True,
    ),
    Endpoint(
        path="/api/v1/openapi.json",
        name="openapi",
        en="This description",
        zh="本说明（OpenAPI 3.1）",
        answer="Document",
        tag=Tag.SERVICE,
        fresh=Fresh.STANDING,
        is_open=True,
    ),
    Endpoint(
        path="/api/v1/docs",
        name="docs",
        en="The page made of this description",
        zh="由本说明生成的页面",
        answer="",
        tag=Tag.SERVICE,
        fresh=Fresh.STANDING,
        is_open=True,
        is_page=True,
    ),
)
