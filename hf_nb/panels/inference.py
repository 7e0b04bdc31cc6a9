"""The Inference panel's ops: what runs in this kernel, stopped, repeated, and what it keeps in memory.

What they answer is written in `labextension/src/panels/inference/answers.ts`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from hf_nb.panels import wire
from hf_nb.plumbing import redact
from hf_nb.plumbing.jobs import TRIES

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.jobs import Job
    from hf_nb.plumbing.session import Session
    from hf_nb.values import LoadedModel, LoadedModels, Stat

# Seconds between two events at least, between two looks whether there is one to tell, and how old a rate may be: one
# of work that stands still goes down although nobody says anything.
BETWEEN, LOOK, OLDEST = 0.25, 0.05, 1.0
JOBS = 100
# Answers whose seconds are drawn, and methods they are drawn for.
LATENCIES, METHODS = 200, 20
# Characters of an error: what a server says of itself may be long.
SAID = 500
# Seconds a stop may take before it is said that it takes longer.
ENDING = 2.0


def watch(ask: Ask) -> dict[str, Any]:
    """The dashboard at once, and again whenever it is another one."""
    jobs, seen, looked = ask.session.jobs, -1, 0.0
    shown: dict[str, Any] | None = None
    while not ask.stopped.is_set():
        standing = shown is None or not shown["counts"]["running"] or time.monotonic() - looked < OLDEST
        if jobs.changed == seen and standing:
            ask.stopped.wait(LOOK)
            continue
        seen, looked = jobs.changed, time.monotonic()
        now = dashboard(ask.session)
        if _still(now) != shown:
            shown = _still(now)
            ask.tell(now)
            ask.stopped.wait(BETWEEN)
    return {}


def cancel(ask: Ask, *, job: str) -> dict[str, Any]:
    """Stop a job; how it ended, once it has."""
    return {"state": ask.session.jobs.stop(job, ENDING).state}


def retry(ask: Ask, *, job: str) -> dict[str, Any]:
    """The same once more; the job that does it."""
    return {"job": ask.session.jobs.again(job).id}


def unload(ask: Ask, *, model: str, task: str) -> dict[str, Any]:
    """Free a model's memory; how many bytes that was."""
    from hf_nb.infer import kept

    return {"freed": kept.unload(model, task, session=ask.session).bytes}


def hurry(ask: Ask, *, job: str) -> dict[str, Any]:
    """A job that waits is the next."""
    from hf_nb.infer import kept

    kept.hurry(job, session=ask.session)
    return {}


def dashboard(session: Session) -> dict[str, Any]:
    """All there is to see."""
    from hf_nb.infer import kept, numbers

    waiting, loaded = kept.waiting(session), kept.loaded(session=session)
    places = {id: at for at, id in enumerate(waiting, start=1)}
    return {
        "counts": session.jobs.counts(),
        "jobs": [{**_job(one), "place": places.get(one.id)} for one in session.jobs.seen(JOBS)],
        "loaded": [_loaded(one) for one in loaded],
        "memory": [_memory(device, most, loaded) for device, most in loaded.budgets.items()],
        "turns": {"answering": loaded.answering, "most": loaded.at_once, "waiting": len(waiting)},
        "methods": [_method(*one) for one in numbers.methods(session, LATENCIES)[:METHODS]],
    }


def _still(shown: dict[str, Any]) -> dict[str, Any]:
    """What of it does not change by the mere passing of time."""
    return {**shown, "jobs": [one | {"seconds": 0} for one in shown["jobs"]]}


def _job(job: Job) -> dict[str, Any]:
    wrong = job.error
    return {
        "id": job.id,
        "kind": job.kind,
        "task": job.task,
        "model": job.model,
        "method": job.method,
        "state": job.state,
        "began": job.began,
        "seconds": round(job.seconds, 3),
        "first": None if job.first is None else round(job.first, 3),
        "done": job.done,
        "total": job.total,
        "unit": job.unit,
        "rate": None if (rate := job.rate) is None else round(rate, 2),
        "excerpt": job.ending(),
        "error": None if wrong is None else _short(wire.wrong(wrong)),
        "tries": [_try(one) for one in tuple(job.tried) if one.error is not None][-TRIES:],
        "mayCancel": job.may_stop,
        "mayRetry": job.may_repeat,
        "retriedAs": job.retried_as,
    }


def _try(one: Any) -> dict[str, Any]:
    said = redact.text(one.problem)[:SAID] or one.error
    return {"method": one.method, "model": one.model, "error": said, "seconds": round(one.seconds, 3)}


def _short(wrong: dict[str, Any]) -> dict[str, Any]:
    return {name: said[:SAID] if isinstance(said, str) else said for name, said in wrong.items()}


def _loaded(one: LoadedModel) -> dict[str, Any]:
    return {
        "model": one.model,
        "task": one.task,
        "revision": one.revision,
        "bytes": one.bytes,
        "device": one.device,
        "used": one.used.timestamp(),
        "uses": one.uses,
        "busy": one.busy,
    }


def _memory(device: str, most: int, loaded: LoadedModels) -> dict[str, Any]:
    taken = sum(one.bytes for one in loaded if one.device == device)
    # To a hundredth: what else runs on this machine changes what is free all the time.
    step = 10 ** max(0, len(str(most)) - 2)
    return {"device": device, "taken": taken, "budget": round(most / step) * step}


def _method(stat: Stat, latencies: list[float]) -> dict[str, Any]:
    return {
        "method": stat.method,
        "calls": stat.calls,
        "failed": sum(stat.errors.values()),
        "p50": stat.p50,
        "p95": stat.p95,
        "first": stat.first,
        "tokens": stat.rate,
        "cost": stat.cost,
        "latencies": [round(one, 6) for one in latencies],
    }
