"""Why it fails or is slow: everything is looked at side by side, and what takes too long is a finding itself."""

from __future__ import annotations

import contextvars
import threading
import time
from collections.abc import Callable, Iterator

from hf_nb.hub.checkup.symptoms import disk, network, software
from hf_nb.plumbing import redact
from hf_nb.plumbing.session import Session, current
from hf_nb.values.doctor import Checkup, Symptom

PATIENCE = 5.0
Look = Callable[[Session], Iterator[Symptom]]
LOOKS: tuple[tuple[str, Look], ...] = (
    ("hub", network.hub),
    ("network", network.surroundings),
    ("disk", disk.caches),
    ("environment", software.variables),
    ("settings", software.settings),
    ("accelerator", software.accelerator),
    ("software", software.versions),
)


def doctor(*, session: Session | None = None) -> Checkup:
    """Look at everything that makes the Hub fail or slow, in five seconds at most. No secret is in what it says."""
    session = session or current()
    began = time.monotonic()
    with session.span("hub.doctor") as span:
        found: dict[str, list[Symptom]] = {area: [] for area, _ in LOOKS}
        # threads that nobody waits for when the kernel ends: a name that is looked up cannot be interrupted
        threads = {area: _start(look, session, found[area]) for area, look in LOOKS}
        for area, thread in threads.items():
            thread.join(max(0.0, began + PATIENCE - time.monotonic()))
            if thread.is_alive():
                found[area].append(Symptom(area, area, "warn", f"not finished after {PATIENCE:.0f} s"))
        findings = tuple(_clean(one) for each in list(found.values()) for one in tuple(each))
        span.set(problems=sum(one.state == "problem" for one in findings))
    return Checkup(findings, time.monotonic() - began)


def _start(look: Look, session: Session, found: list[Symptom]) -> threading.Thread:
    def work() -> None:
        try:
            found.extend(look(session))
        except Exception as wrong:  # noqa: BLE001 -- a doctor who faints helps nobody: it is one finding more
            area = look.__name__
            found.append(
                Symptom(area, area, "warn", f"could not be looked at: {type(wrong).__name__}: {wrong}")
            )

    thread = threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True)
    thread.start()
    return thread


def _clean(one: Symptom) -> Symptom:
    return Symptom(
        one.area, redact.text(one.what), one.state, redact.text(one.detail), redact.text(one.next_step)
    )
