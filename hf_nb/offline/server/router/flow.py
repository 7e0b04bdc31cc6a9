"""An answer on its way: asked for in the loop, where waiting costs nothing, and ended when its caller goes away."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable

from starlette.types import Receive

from hf_nb.offline.engine import Part
from hf_nb.offline.providers import Provider


async def unless_gone(receive: Receive, work: Callable[[], Awaitable[None]]) -> None:
    """Do it, or stop in the midst of it when the caller hangs up."""
    working = asyncio.ensure_future(work())
    watching = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        watching.cancel()
        if not working.done():
            working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching
    with contextlib.suppress(asyncio.CancelledError):
        await working


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def paced(parts: AsyncGenerator[Part, None], provider: Provider) -> AsyncGenerator[Part, None]:
    """The same parts, no faster than a provider says them."""
    clock = asyncio.get_running_loop().time
    due = clock() + provider.first
    async with contextlib.aclosing(parts):
        async for part in parts:
            if part.get("text"):
                await asyncio.sleep(max(0.0, due - clock()))
                due = max(due, clock()) + 1 / provider.rate
            yield part


async def after(first: Part, parts: AsyncGenerator[Part, None]) -> AsyncGenerator[Part, None]:
    """All of them again, when the first has been looked at."""
    async with contextlib.aclosing(parts):
        yield first
        async for part in parts:
            yield part
