"""Repositories that are made when they are first asked for.

The store promises them (`repos.promised` holds the recipe), the first request that names one waits here while it is
built, and is then answered as any other. Nobody else waits: no thread that answers requests is held meanwhile.
Building is left to `hf_nb.offline.content`, which loads with the first promise.
"""

import asyncio
import sys
import threading
from collections.abc import Callable
from functools import partial

from hf_nb.errors import HfNbError
from hf_nb.offline.server.refusals import Refusal
from hf_nb.offline.store import Store

PATIENCE = 110.0  # seconds; clients give up after 120
AT_ONCE = 2
_AGAIN = 15


class Promised(Exception):
    """The repository has to be built first."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class Promises:
    """Keeps each promise once, however many wait for it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._at_work: dict[str, asyncio.Future[HfNbError | None]] = {}
        self._turns = threading.Semaphore(AT_ONCE)

    async def keep(self, slug: str) -> Refusal | None:
        """Come back when the repository is there, or with the reason why it is not."""
        if slug not in self._at_work:
            self._begin(slug)
        try:
            wrong = await asyncio.wait_for(asyncio.shield(self._at_work[slug]), PATIENCE)
        except TimeoutError:
            return _busy(f"{_id(slug)} is still being built on this machine. Ask again in a moment.")
        return _busy(wrong.problem) if wrong else None

    def _begin(self, slug: str) -> None:
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[HfNbError | None] = loop.create_future()
        self._at_work[slug] = ended

        def end(wrong: HfNbError | None) -> None:
            del self._at_work[slug]
            ended.set_result(wrong)

        def work() -> None:
            with self._turns:
                wrong = self._build(slug)
            loop.call_soon_threadsafe(partial(end, wrong))

        # a daemon: a Hub that is stopped does not wait for what nobody will ask for any more
        threading.Thread(target=work, daemon=True).start()

    def _build(self, slug: str) -> HfNbError | None:
        try:
            _build_and_keep(self.store, slug, _say if sys.stderr and sys.stderr.isatty() else _quiet)
        except HfNbError as wrong:
            return wrong
        except Exception as wrong:  # noqa: BLE001 -- whoever waits must hear of it
            return HfNbError(f"{_id(slug)} could not be built: {type(wrong).__name__}: {wrong}")
        return None


def _build_and_keep(store: Store, slug: str, say: Callable[[str], None]) -> None:
    from hf_nb.offline.content import build, catalogue, seed

    recipe = catalogue.recipes().get(slug)
    if recipe is None:
        raise HfNbError(f"{_id(slug)} was promised by another version of hf_nb.")
    if not build.built_folder(recipe).exists():
        say(f"building {recipe.id}, about {recipe.seconds:.0f} s, once")
    build.provide([recipe], report=say)
    seed.keep(store, slug, build.built_folder)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201 -- it takes a while, and a terminal is watching


def _quiet(line: str) -> None:
    pass


def _busy(problem: str) -> Refusal:
    return Refusal(503, problem, "NotBuiltYet", headers={"retry-after": str(_AGAIN)})


def _id(slug: str) -> str:
    return "/".join(slug.split("--")[1:])
