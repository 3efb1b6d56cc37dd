"""The endpoints on customers. Each reads or writes the store in a worker thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from schedulers.customers.differences import as_json
from schedulers.storage.customers import CustomerFilter
from service.api.asked import Answer, Asked, Operation
from service.api.cursors import word_of
from service.api.customer_store import CustomerStore
from service.api.errors import ApiError
from service.api.reading import Store
from telephony.calls.record import CallRecord


class CustomerApi:
    """The endpoints. `shown` tells a call in the public shape, as far as the asker may see it."""

    def __init__(
        self, customers: CustomerStore, store: Store, shown: Callable[[CallRecord, Asked], dict[str, Any]]
    ) -> None:
        self._customers = customers
        self._store = store
        self._shown = shown
        self._log = structlog.get_logger("service.api")

    def operations(self) -> dict[str, Operation]:
        """By the endpoint's name."""
        return {"customers": self.customers, "customer": self.customer, "customer_put": self.put}

    async def customers(self, asked: Asked) -> Answer:
        """A page of customers by their ids."""
        which = CustomerFilter(**{name: asked[name] for name in ("number", "branch", "tier", "owner")})
        found, more = await asyncio.to_thread(self._customers.page, which, asked["limit"], asked["after"] or "")
        following = word_of(found[-1].id) if more else None
        return Answer(body={"customers": [*map(as_json, found)], "next_after": following}, following=following)

    async def customer(self, asked: Asked) -> Answer:
        """One customer by any id that he ever had, with his trace and his calls."""
        found = await asyncio.to_thread(self._customers.history, asked["customer_id"], asked["limit"])
        if found is None:
            raise ApiError(
                404, "customer_not_found", "customer: found none of this id, expected one that is stored"
            )
        records = await asyncio.to_thread(self._store.records, found.calls)
        calls = [self._shown(records[each], asked) for each in found.calls if each in records]
        return Answer(body={**found.body, "calls": calls})

    async def put(self, asked: Asked) -> Answer:
        """Lay what the body tells over a customer, or make one."""
        by = f"API {asked.bearer.token}".strip()
        told = (asked["customer_id"], asked.content, by, asked.now)
        customer, is_new = await asyncio.to_thread(self._customers.put, *told)
        self._log.info("api.customer_written", is_new=is_new, token=asked.bearer.token)
        return Answer(body=as_json(customer), status=201 if is_new else 200)
