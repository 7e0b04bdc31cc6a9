"""Which parameters of two calls make their answers differ: the fewest that do it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hf_nb.errors import BadInput, Stopped
from hf_nb.infer import lookup
from hf_nb.infer.bisect import answers, narrowing
from hf_nb.infer.run import run
from hf_nb.plumbing import progress
from hf_nb.plumbing.session import Session, current
from hf_nb.values import Value
from hf_nb.values.bisections import Bisection, Trial

_NOT_THERE = object()


def parameters(
    model: str,
    input: Any,
    *,
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    task: str | None = None,
    provider: str = "auto",
    revision: str | None = None,
    tolerance: float | None = None,
    timeout: float | None = None,
    session: Session | None = None,
) -> Bisection:
    """Which of the parameters that differ between two calls change the answer to `input`.

    `culprit` names them; leaving any of them as it was gives another answer than the new call's.

    >>> parameters("owner/name", "Once", old={"max_new_tokens": 5}, new={"max_new_tokens": 5, "num_beams": 4}).culprit
    'num_beams=4'
    """
    session = session or current()
    session.settings.require("inference")
    differing = sorted(
        name for name in {*old, *new} if old.get(name, _NOT_THERE) != new.get(name, _NOT_THERE)
    )
    if not differing:
        raise BadInput("Both calls have the same parameters.", 'old={"top_k": 1}, new={"top_k": 50}')
    known = lookup.look_up(model, revision, session)
    task = answers.named(task or known.task, model)
    alike = answers.alike(task, None, tolerance)
    trials: list[Trial] = []
    kept: dict[tuple[str, ...], Value] = {}

    def asked(changed: Sequence[str]) -> Value:
        """The old call with so many of the new parameters."""
        key = tuple(sorted(changed))
        if key not in kept:
            made = {name: value for name, value in old.items() if name not in key}
            made |= {name: new[name] for name in key if name in new}
            progress.say(f"{_said(key, new) or 'The old parameters'}, {len(trials) + 1} …")
            began = session.clock.now()
            with progress.to(progress.Silent()):
                kept[key] = run(
                    input, model=model, task=task, provider=provider, revision=revision,
                    params=answers.steady(task, made), timeout=timeout, session=session,
                )  # fmt: skip
            seconds = session.clock.now() - began
            trials.append(
                Trial(_said(key, new) or "as it was", answer=answers.short(kept[key]), seconds=seconds)
            )
        return kept[key]

    jobs = session.jobs
    with (
        session.span("infer.bisect", model=model, parameters=len(differing)) as span,
        progress.shown(),
        jobs.doing("bisect", task=task, model=model, unit="calls") as job,
    ):
        after, before = asked(differing), asked(())

        def does(some: Sequence[str]) -> bool:
            if job.stopping.is_set():
                raise Stopped
            job.at(len(trials))
            return alike(asked(some), after)

        few = [] if alike(before, after) else narrowing.fewest(differing, does)
        span.set(asked=len(trials))
    rows = [
        replace(one, like="new" if alike(value, after) else "old")
        for one, value in zip(trials, kept.values(), strict=True)
    ]
    return Bisection(
        "parameter",
        known.id,
        task,
        tuple(rows),
        len(differing),
        culprit=_said(few, new) or None,
        before=_said(few, old) or ("not given" if few else None),
        old=answers.short(before),
        new=answers.short(after),
        changed=tuple((name, old.get(name), new.get(name)) for name in few),
        notes=() if few else ("Both calls have the same answer.",),
    )


def _said(names: Sequence[str], values: Mapping[str, Any]) -> str:
    """name=value of each; one that is not given is said to be so."""
    return ", ".join(
        f"{name}={values[name]!r}" if name in values else f"{name} not given" for name in sorted(names)
    )
