"""The one shape of an error of the API: `{"error": {"error_id", "message", "status"}}`; ids are stable."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from analytics.errors import AnalyticsError
from config.errors import ConfigError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PREFIX = "/api/"
IDS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    500: "internal_error",
    503: "store_unavailable",
}
"""Status to the id of an error that has no id of its own."""


class ApiError(Exception):
    """What an endpoint refuses."""

    def __init__(self, status: int, error_id: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_id = error_id


def response_of(status: int, error_id: str, message: str) -> web.Response:
    """An error in its shape."""
    body = {"error": {"error_id": error_id, "message": message, "status": status}}
    return web.json_response(body, status=status)


@web.middleware
async def errors_in_shape(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error of the API in its shape, and never a traceback."""
    if not request.path.startswith(PREFIX):
        return await handler(request)
    try:
        return await handler(request)
    except ApiError as error:
        return response_of(error.status, error.error_id, str(error))
    except (AnalyticsError, ConfigError) as error:
        return response_of(400, "bad_request", str(error))
    except web.HTTPException as error:
        return response_of(error.status, IDS.get(error.status, "http_error"), error.reason)
    except (SQLAlchemyError, OSError) as error:
        structlog.get_logger("service.api").error("api.store_failing", error=type(error).__name__)
        return response_of(503, "store_unavailable", "the store cannot be read now")
    except Exception as error:
        structlog.get_logger("service.api").exception("api.failed", path=request.path)
        return response_of(500, "internal_error", f"a mistake of ours: {type(error).__name__}")
