"""The verb: all contenders on all inputs, and what it came to.

First some rows are asked one at a time, contender after contender in an order of the row's own, so that seconds are
honest and paired; then the rest goes as batches go, contenders side by side. One's failure is its own.
"""

from __future__ import annotations

import contextvars
import importlib.util
import math
import random
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb import tasks
from hf_nb.compare import drawn
from hf_nb.compare.contenders import contenders as read_contenders
from hf_nb.compare.copies import CopyLane
from hf_nb.compare.lanes import Lane
from hf_nb.compare.material import Material, material
from hf_nb.compare.purse import Purse
from hf_nb.errors import BadInput, HfNbError, Stopped
from hf_nb.infer.many.inputs import Column
from hf_nb.plumbing import jobs, progress
from hf_nb.plumbing.extras import require
from hf_nb.plumbing.session import Session, current
from hf_nb.values.comparisons import Comparison, Forecast

if TYPE_CHECKING:
    from collections.abc import Mapping

FEW = 30  # rows: all of them are asked alone
# Of more rows so many, and no fewer than that. Alone a label takes as long as one or two in a batch, a text as long as
# five to twelve: so that asking alone stays the smaller part, fewer texts are.
MOST, SHARE, LEAST, OF_TEXTS, LEAST_TEXTS = 200, 0.05, 10, 0.02, 5
LOOK, BETWEEN = 0.05, 0.2
FIND = 1.0  # seconds until all should be found; who takes longer is asked when it is
FIND_ALL = 10.0  # where they are to be drawn side by side, which takes all of them
JOIN = 5.0  # seconds that contenders are waited for once they were stopped
ALIKE = {"chat": "text"}  # kinds of answers that can stand beside each other
JUDGED_BY = ("numpy", "scipy")
LIBRARIES = ("torch", "transformers", "huggingface_hub", "onnxruntime")


def run(
    contenders: Any,
    inputs: Any = None,
    *,
    labels: Any = None,
    column: Column = None,
    task: str | None = None,
    params: Mapping[str, Any] | None = None,
    template: str | None = None,
    split: str | None = None,
    config: str | None = None,
    limit: int | None = None,
    budget: float | None = None,
    slices: Sequence[str] | str = (),
    judge: Any = None,
    metrics: Sequence[str] | str | None = None,
    label_names: Mapping[Any, Any] | None = None,
    timed: int | bool | None = None,
    journal: bool | str | Path | None = None,
    fresh: bool = False,
    mask: bool = False,
    timeout: float | None = None,
    session: Session | None = None,
) -> Comparison:
    """Ask all `contenders` about all `inputs`: models by id, folder or object, alone or with how they are asked.

    `inputs`: a prompt, a list, a column, a table with `column`, a dataset's id with `split`. `labels`: a list, or a
    column: what is right. `template`: what is asked in place of an input, "{input}" or "{a column}" in it. `budget`:
    dollars; it stops before they are exceeded, with what is done. `slices`: "length", "language" or columns. `metrics`:
    others than the task's own; `label_names`: a model's labels -> those of the data. `judge`: a model that says which
    answer is better. `timed`: how many rows are asked one at a time, for their seconds.
    `journal`: where finished rows are written down (as `infer.batch`); `fresh`: what is written down or kept does not
    count.

    >>> run(["hfnb-demo/sentiment-en", "hfnb-demo/sentiment-fr"], ["I love it"]).values("sentiment-en")
    ['positive']
    """
    running = Running(
        contenders, inputs, labels=labels, column=column, task=task, params=params, template=template, split=split,
        config=config, limit=limit, budget=budget, slices=slices, metrics=metrics, label_names=label_names,
        timed=timed, journal=journal, fresh=fresh, mask=mask, timeout=timeout, session=session,
    )  # fmt: skip
    with running.session.span("compare.run") as span, progress.shown():
        made = running.run()
        if judge is not None and not made.stopped:
            made = made.judge(judge, session=running.session)
        span.set(rows=made.rows, contenders=len(made.showings))
    return made


class Running:
    """A comparison at work. `so_far()` and `stop()` may be asked by any thread."""

    def __init__(
        self,
        contenders: Any,
        inputs: Any,
        *,
        labels: Any = None,
        column: Column = None,
        task: str | None = None,
        params: Mapping[str, Any] | None = None,
        template: str | None = None,
        split: str | None = None,
        config: str | None = None,
        limit: int | None = None,
        budget: float | None = None,
        slices: Sequence[str] | str = (),
        metrics: Sequence[str] | str | None = None,
        label_names: Mapping[Any, Any] | None = None,
        timed: int | bool | None = None,
        journal: bool | str | Path | None = None,
        fresh: bool = False,
        mask: bool = False,
        timeout: float | None = None,
        session: Session | None = None,
    ) -> None:
        self.session = session or current()
        self.session.settings.require("inference")
        for name in JUDGED_BY:
            if (
                importlib.util.find_spec(name) is None
            ):  # told before anybody is asked; importing them takes a while
                require(name, "measure", "Comparing")
        if budget is not None and budget < 0:
            raise BadInput("budget is an amount of dollars.", "budget=0.5")
        listed = read_contenders(contenders, task=task, params=params, template=template)
        self.wanted = (slices,) if isinstance(slices, str) else tuple(slices)
        self.label_names = dict(label_names or {})
        self.metrics = (metrics,) if isinstance(metrics, str) else tuple(metrics or ())
        self.material: Material = material(
            inputs, labels=labels, column=column, limit=limit, slices=self.wanted,
            templates=[one.template for one in listed if one.template], split=split, config=config,
            session=self.session,
        )  # fmt: skip
        self.purse, self.budget = Purse(budget), budget
        self.began = time.monotonic()
        self.lanes = [
            (CopyLane if one.copy else Lane)(
                one, self.material, self.session, self.purse, fresh, mask, timeout, journal, self.began
            )
            for one in listed
        ]
        for lane in self.lanes:
            lane.beside = [one for one in self.lanes if one is not lane]
        self.timed = timed
        self.estimate: Forecast | None = None
        self.stopped = False
        self._ended: float | None = None

    @property
    def rows(self) -> int:
        """All there are, of each contender."""
        return len(self.material.inputs)

    @property
    def done(self) -> int:
        """Answers and failures, of all contenders."""
        return sum(one.done for one in self.lanes)

    def run(
        self,
        seen: Callable[[Comparison], None] | None = None,
        *,
        agree: Callable[[Forecast], bool] | None = None,
    ) -> Comparison:
        """Until all is done, or it is stopped; `seen` gets what there is, now and then.

        `agree` is asked before the rest of many rows, which takes so long and costs so much: no ends it there.
        """
        first = self.lanes[0].contender
        with self.session.jobs.doing(
            "compare",
            task=first.task or None,
            model=first.model,
            unit="rows",
            total=self.rows * len(self.lanes),
        ) as job:
            self._watched = _Watched(self, job, seen)
            try:
                self._go(agree)
            except KeyboardInterrupt:
                self.stop()
                self._join()
            finally:
                for lane in self.lanes:
                    lane.stop.set()
                    lane.end()
            self._ended = time.monotonic()
            self._watched.tell(last=True)
            if self.stopped:
                self.session.jobs.end(job, Stopped())
        made = self.so_far()
        if not any(one.ok for one in made.showings) and not self.stopped:
            raise self._why()
        return made

    def _go(self, agree: Callable[[Forecast], bool] | None) -> None:
        patience = FIND_ALL if drawn.looked_at(self.lanes) else FIND
        self._wait([_thread(one, one.prepare) for one in self.lanes], patience)
        if drawn.fits(self.lanes):
            drawn.ask(self.lanes, self.session)
            return
        self._one_at_a_time()
        self.estimate = self._forecast()
        if self.estimate is None or agree is None or agree(self.estimate):
            self._side_by_side()
        else:
            self.stop()

    def stop(self, name: str | None = None) -> None:
        """All of them, or one."""
        mine = [one for one in self.lanes if name in (None, one.contender.name)]
        for one in mine:
            one.stop.set()
        self.stopped = self.stopped or name is None

    def so_far(self) -> Comparison:
        """What has become of it by now."""
        showings = tuple(one.showing() for one in self.lanes)
        known = [one.chosen.task for one in self.lanes if one.chosen is not None]
        task = next(iter(known), None)
        return Comparison(
            task.name if task else next((one.contender.task for one in self.lanes if one.contender.task), ""),
            ALIKE.get(task.output.value, task.output.value) if task else "",
            self.material.inputs,
            showings,
            self.material.labels,
            self.material.columns,
            self.wanted,
            self.metrics,
            self.label_names,
            estimate=self.estimate,
            budget=self.budget,
            seconds=(self._ended or time.monotonic()) - self.began,
            stopped=self.stopped,
            notes=tuple(self._notes()),
            versions=_versions(),
        )

    # -- the two halves

    def _one_at_a_time(self) -> None:
        """In each row's own order: whoever is always first would always find the machine as the last one left it."""
        for at in self._rows_alone():
            turns = [one for one in self.lanes if not one.out and not one.struggling]
            random.Random(at).shuffle(turns)  # noqa: S311 -- the same every time
            if not turns:
                return
            away = [_thread(lane, lane.ask, at) for lane in turns if not lane.here]
            for lane in turns:
                if lane.here:
                    lane.ask(at)
                    self._same_kind(lane)
                    self._watched.tell()
            self._wait(away)
        for lane in self.lanes:
            lane.weigh()

    def _rows_alone(self) -> list[int]:
        """The rows that are asked alone: all of few; of many some, drawn by lot, the same every time."""
        if self.timed is True or (self.timed is None and self.rows <= FEW):
            return list(range(self.rows))
        if self.timed is not None:
            count = max(0, min(self.rows, int(self.timed)))
        else:
            writes = any(one.chosen is not None and one.chosen.task.streams for one in self.lanes)
            share, least = (OF_TEXTS, LEAST_TEXTS) if writes else (SHARE, LEAST)
            count = max(least, min(MOST, round(self.rows * share)))
        return sorted(random.Random(0).sample(range(self.rows), count))  # noqa: S311 -- the same every time

    def _wait(self, threads: Sequence[threading.Thread], most: float = math.inf) -> None:
        until = time.monotonic() + most
        while True:
            for lane in self.lanes:
                self._same_kind(lane)
            self._watched.tell()
            at_work = [one for one in threads if one.is_alive()]
            if not at_work or time.monotonic() > until:
                return
            at_work[0].join(LOOK)

    def _side_by_side(self) -> None:
        """Whoever has rows left, in threads of their own."""
        left = [one for one in self.lanes if not one.out and len(one.known) < self.rows]
        self.threads = [_thread(one, one.rest) for one in left]
        self._wait(self.threads)

    def _join(self) -> None:
        until = time.monotonic() + JOIN
        for thread in getattr(self, "threads", ()):
            thread.join(max(0.0, until - time.monotonic()))

    def _same_kind(self, lane: Lane) -> None:
        """Labels cannot stand beside texts: who answers otherwise than the first takes no part."""
        first = next((one for one in self.lanes if one.chosen is not None and one.wrong is None), None)
        if first is None or lane is first or lane.chosen is None or lane.wrong is not None:
            return
        one, other = (_kind(each.chosen.task) for each in (first, lane) if each.chosen is not None)
        if one != other:
            lane.wrong = BadInput(
                f"{lane.contender.name} gives {other}, and {first.contender.name} {one}.",
                "Compare models of one task: task=",
            )
            lane.stop.set()

    # -- what is known of it

    def _forecast(self) -> Forecast | None:
        """What the rest takes, by the rows that were asked alone."""
        left = [(lane, self.rows - lane.done) for lane in self.lanes if not lane.out]
        left = [(lane, rows) for lane, rows in left if rows > 0]
        if not left:
            return None
        here = there = dollars = 0.0
        known = priced = False
        for lane, rows in left:
            seconds = [one.seconds for one in lane.alone.values()]
            if not seconds:
                continue
            known, each = True, sum(seconds) / len(seconds)
            if lane.here:
                here += each * rows
            else:
                there = max(there, each * rows / self.session.settings.batch_at_once)
            if lane.cost is not None:
                priced, dollars = True, dollars + lane.cost / len(seconds) * rows
        measured = min((len(lane.alone) for lane, _ in left), default=0)
        return Forecast(
            max(rows for _, rows in left),
            max(here, there) if known else None,
            dollars if priced else None,
            measured,
        )

    def _notes(self) -> list[str]:
        said = []
        if self.budget is not None:
            unpriced = [
                one.contender.name for one in self.lanes if not one.here and one.cost is None and one.known
            ]
            if unpriced:
                said.append(f"No price is known for {', '.join(unpriced)}: the budget does not count it.")
        return said

    def _why(self) -> HfNbError:
        """Nobody answered anything: the error of whoever failed first."""
        wrong = [one.wrong for one in self.lanes if one.wrong is not None]
        if wrong:
            return wrong[0]
        rows = [one for lane in self.lanes for one in [*lane.failed.values(), *lane.made.failures.values()]]
        return rows[0] if rows else HfNbError("Nobody answered.")


class _Watched:
    """Tells the job, the face, and whoever else wants to see, and hears the stop."""

    def __init__(self, running: Running, job: jobs.Job, seen: Callable[[Comparison], None] | None) -> None:
        self.running, self.job, self.seen, self.told = running, job, seen, 0.0

    def tell(self, *, last: bool = False) -> None:
        if self.job.stopping.is_set() and not last:
            raise Stopped
        now, running = time.monotonic(), self.running
        if now - self.told < BETWEEN and not last:
            return
        self.told = now
        total = running.rows * len(running.lanes)
        self.job.at(running.done, total)
        names = " · ".join(one.contender.name for one in running.lanes)
        wrong = [one.contender.name for one in running.lanes if one.wrong is not None]
        progress.show(
            progress.Progress(
                names,
                running.done,
                total,
                "rows",
                now - running.began,
                f"{', '.join(wrong)} failed" if wrong else "",
            )
        )
        if self.seen is not None:
            self.seen(running.so_far())


def _thread(lane: Lane, work: Callable[..., None], *args: Any) -> threading.Thread:
    """At work already, in a copy of this context."""
    made = threading.Thread(
        target=contextvars.copy_context().run,
        args=(work, *args),
        daemon=True,
        name=f"hf_nb {lane.contender.name}",
    )
    made.start()
    return made


def _kind(task: tasks.Task) -> str:
    return ALIKE.get(task.output.value, task.output.value)


def _versions() -> dict[str, str]:
    """Of what answers here, without loading it."""
    import importlib.metadata

    from hf_nb import __version__

    found = {"hf_nb": __version__}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
