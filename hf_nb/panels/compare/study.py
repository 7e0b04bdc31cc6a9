"""One run over many rows, at work or done, by a number a page can name.

A second tab, or a page that was reloaded, finds it again while the kernel lives.
"""

from __future__ import annotations

import contextvars
import threading
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hf_nb.errors import HfNbError, NotFound
from hf_nb.panels.compare import meant, running
from hf_nb.panels.compare.book import Book, item

if TYPE_CHECKING:
    from hf_nb.compare.running import Running
    from hf_nb.values.comparisons import Comparison, Contender, Forecast

KEPT = 4  # runs that can still be looked at
# More than this is asked about before it begins: seconds of waiting, and any money.
LONG = 60.0
LOOK = 0.05

_kept: OrderedDict[str, Study] = OrderedDict()
_guard = threading.Lock()


class Study:
    """A run, from its beginning on. `asks`: what the rest takes, while somebody has to agree to it."""

    def __init__(
        self, who: Sequence[Contender], work: Running, written: Mapping[str, Any], *, agreed: bool
    ) -> None:
        self.contenders, self.written = tuple(who), written
        self.asks: Forecast | None = None
        self.wrong: BaseException | None = None
        self._work = work
        self._agreed = threading.Event()
        self._no = False
        if agreed:
            self._agreed.set()
        self._made: Comparison | None = None
        self._book = Book(who)
        self._judging = threading.Lock()
        self._latest: tuple[Any, Comparison] | None = None
        self.over = threading.Event()
        self.name = running.enter(self)

    def begin(self) -> None:
        """In a thread that hears what its caller would."""
        context = contextvars.copy_context()
        threading.Thread(
            target=context.run, args=(self._run,), daemon=True, name=f"hf_nb {self.name}"
        ).start()

    def stop(self, at: int) -> None:
        """One contender; the others go on."""
        self._work.stop(self.contenders[at].name)

    def stop_all(self) -> None:
        """What has come stays."""
        self._no = True
        self._agreed.set()
        self._work.stop()

    def agree(self) -> None:
        """Go on with the rest."""
        self._agreed.set()

    @property
    def rows(self) -> int:
        return self._work.rows

    @property
    def done(self) -> int:
        """Answers and failures of all contenders."""
        return self._work.done

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._work.began if self._made is None else self._made.seconds

    def so_far(self) -> Comparison:
        """What has become of it by now, with the votes that its rows have had."""
        made, stamp = self._made, self._book.stamp
        if made is None:
            made = self._work.so_far()
            return replace(made, votes=self.votes(made))
        with self._judging:  # what was judged once is not judged again with every page of it
            if self._latest is None or self._latest[0] != stamp:
                self._latest = stamp, replace(made, votes=self.votes(made))
            return self._latest[1]

    def votes(self, made: Comparison) -> list[Any]:
        """Those on its rows, by their number: of this run, of an earlier one, of another tab."""
        places = {item(meant.words(one)): at for at, one in enumerate(made.inputs)}
        cast = [one.vote for one in self._book.cast()]
        return [replace(one, item=places[one.item]) for one in cast if one.item in places]

    def _run(self) -> None:
        try:
            self._made = self._work.run(agree=self._asked)
        except BaseException as wrong:  # noqa: BLE001 -- it is told by whoever watches
            self.wrong = wrong
        finally:
            self.asks = None
            self.over.set()

    def _asked(self, rest: Forecast) -> bool:
        """Whether to go on; waits for a word where the rest is long or costs something."""
        if not (rest.seconds or 0.0) > LONG and not rest.dollars:
            return True
        self.asks = rest
        while not self._agreed.wait(LOOK):
            pass
        self.asks = None
        return not self._no


def begin(
    who: Sequence[Contender], inputs: Any, named: Mapping[str, Any], *, agreed: bool, **how: Any
) -> Study:
    """A run, at work."""
    from hf_nb.compare.running import Running

    work = Running(list(who), inputs, **named, **how)
    made = Study(who, work, named, agreed=agreed)
    with _guard:
        _kept[made.name] = made
        while len(_kept) > KEPT:
            _, old = _kept.popitem(last=False)
            old.stop_all()
    made.begin()
    return made


def find(run: str) -> Study:
    """One that is still known."""
    made = _kept.get(run)
    if made is None:
        raise NotFound("This run is no longer in memory.", "Run it again: finished rows are not asked twice.")
    return made


def wrong(study: Study) -> HfNbError | None:
    """Why it came to nothing."""
    if study.wrong is None or isinstance(study.wrong, HfNbError):
        return study.wrong
    raise study.wrong
