"""The one shape of an error of the API: `{"error": {"error_id", "message", "status"}}`; ids are stable."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from analytics.errors import AnalyticsError
from config.errors import ConfigError
from schedulers.errors import SchedulersError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PREFIXES = ("/api/", "/hooks/")
IDS = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "refused",
    413: "request_too_large",
    415: "unsupported_media_type",
    422: "too_much",
    429: "too_many_tries",
    500: "internal_error",
    503: "store_unavailable",
    504: "not_proved",
}
"""Status to the id of an error that has no id of its own."""

MEANINGS = {
    400: ("The request says what cannot be understood.", "请求无法理解。"),
    401: ("A token or a session is needed, or the one given is not valid.", "需要令牌或登录，或令牌无效。"),
    403: ("The token or the account does not allow this.", "该令牌或账号无此权限。"),
    404: ("There is nothing of this name.", "没有这个名字的东西。"),
    405: ("This method is not understood here.", "这里不接受该方法。"),
    406: ("None of the formats that the request accepts can be given.", "无法提供所要求的格式。"),
    409: (
        "The rules do not permit it as things stand, or another has changed it meanwhile.",
        "规则不允许，或已被他人更改。",
    ),
    413: ("The request is too large.", "请求过大。"),
    415: ("The request brings something else than JSON.", "请求内容不是 JSON。"),
    422: ("The question asks for more than one answer may hold.", "所问超出一次回答的上限。"),
    429: ("Too many tries with tokens that are not valid came from this address.", "此地址用无效令牌尝试过多。"),
    500: ("A mistake of ours.", "我方错误。"),
    503: ("The store, or the PBX that is to act, cannot be reached now.", "数据库或 PBX 暂时不可达。"),
    504: (
        "It was sent to the PBX, and nothing proves that it was done.",
        "已发往 PBX，但没有事件证明已完成。",
    ),
}
"""Status to what it means, in English and Chinese."""


class ApiError(Exception):
    """What an endpoint refuses."""

    def __init__(self, status: int, error_id: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.error_id = error_id
        self.headers = headers or {}


def response_of(status: int, error_id: str, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """An error in its shape. No cache keeps it."""
    body = {"error": {"error_id": error_id, "message": message, "status": status}}
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store", **(headers or {})})


@web.middleware
async def errors_in_shape(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error of the API and of webhooks in its shape, and never a traceback."""
    if not request.path.startswith(PREFIXES):
        return await handler(request)
    try:
        return await handler(request)
    except ApiError as error:
        return response_of(error.status, error.error_id, str(error), error.headers)
    except (AnalyticsError, ConfigError, SchedulersError) as error:
        return response_of(400, "bad_request", str(error))
    except web.HTTPException as error:
        return response_of(error.status, IDS.get(error.status, "http_error"), error.reason, _allow(error))
    except (SQLAlchemyError, OSError) as error:
        structlog.get_logger("service.api").error("api.store_failing", error=type(error).__name__)
        return response_of(503, "store_unavailable", "the store cannot be read now")
    except Exception as error:
        structlog.get_logger("service.api").exception("api.failed", path=request.path)
        return response_of(500, "internal_error", f"a mistake of ours: {type(error).__name__}")


def _allow(error: web.HTTPException) -> dict[str, str]:
    """Which methods there are, where another was tried."""
    return {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
