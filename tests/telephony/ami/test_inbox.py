"""The queue between the reader and the consumer."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from telephony.ami.inbox import Batch, Connected, Inbox

AT = datetime(2026, 11, 21, tzinfo=UTC)


def batch(size: int) -> Batch:
    """A batch that says it has this size."""
    return Batch(received_at=AT, connection=1, frames=[b"Event: X"], size=size)


async def test_items_come_in_order_and_free_their_bytes() -> None:
    """Batches and connection events share one order; only batches have a size."""
    inbox = Inbox(bound=100)
    items = [Connected(at=AT, connection=1, banner="b"), batch(60), batch(60)]
    for item in items:
        inbox.put(item)
    assert (inbox.size, inbox.peak, inbox.full) == (120, 120, True)
    assert [await inbox.get() for _ in items] == items
    assert (inbox.size, inbox.full) == (0, False)


async def test_what_was_received_can_be_taken_after_the_close() -> None:
    """Closing ends the stream behind what is in it."""
    inbox = Inbox(bound=100)
    inbox.put(batch(1))
    inbox.close()
    assert await inbox.get() == batch(1)
    assert await inbox.get() is None


async def test_a_waiting_consumer_is_woken_by_an_item_and_by_the_close() -> None:
    """Neither is missed by one who came first."""
    inbox = Inbox(bound=100)
    first = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.put(batch(1))
    assert await first == batch(1)
    second = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.close()
    assert await second is None


async def test_drained_means_half_of_the_bound() -> None:
    """A reader that hung up comes back when the consumer has really caught up."""
    inbox = Inbox(bound=100)
    inbox.put(batch(40))
    inbox.put(batch(80))
    waiting = asyncio.create_task(inbox.wait_drained())
    await inbox.get()
    await asyncio.sleep(0)
    assert not waiting.done()
    await inbox.get()
    await waiting
