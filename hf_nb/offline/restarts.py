"""A Space that is restarted: nothing runs here, so its stages pass with the Hub's clock, as they would at a real one.

begun(runtime, "gradio", now)    BUILDING, and when the next stages come
at(runtime, later)               the stage of that moment; what has passed is left out

A Space whose own code is at fault fails again: its last stage is the one it had.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hf_nb.offline.repos import stamp

# Seconds; with an empty cache (a factory restart) everything is built anew.
BUILDING, FROM_SCRATCH, STARTING = 3.0, 6.0, 2.0
# Where a Space stays until somebody mends it.
BROKEN = frozenset({"RUNTIME_ERROR", "BUILD_ERROR", "CONFIG_ERROR", "NO_APP_FILE"})
_RUNS = frozenset({"RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"})
_PASSING = "passing"


def begun(runtime: Mapping[str, Any], now: datetime, *, factory: bool = False) -> dict[str, Any]:
    """What is kept of a restart at this moment."""
    was = _last(runtime)
    final = was if was in BROKEN else "RUNNING"
    built = now + timedelta(seconds=FROM_SCRATCH if factory else BUILDING)
    up = built + timedelta(seconds=STARTING)
    steps = [["APP_STARTING", stamp(built)], [final, stamp(up)]]
    if final in ("BUILD_ERROR", "CONFIG_ERROR", "NO_APP_FILE"):  # it never comes to starting
        steps = [[final, stamp(built)]]
    return {**runtime, "stage": "BUILDING", _PASSING: steps}


def at(runtime: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """As it is shown at this moment."""
    shown = {name: value for name, value in runtime.items() if name != _PASSING}
    steps = runtime.get(_PASSING)
    if not steps:
        return shown
    for stage, when in steps:
        if when <= stamp(now):
            shown["stage"] = stage
    requested = (runtime.get("hardware") or {}).get("requested")
    running = shown["stage"] in _RUNS
    shown["hardware"] = {"current": requested if running else None, "requested": requested}
    shown["replicas"] = {"requested": 1, **({"current": 1} if running else {})}
    if shown["stage"] not in BROKEN:
        shown.pop("errorMessage", None)
    return shown


def _last(runtime: Mapping[str, Any]) -> str:
    """The stage it comes to rest in, if nobody does anything."""
    steps = runtime.get(_PASSING)
    return str(steps[-1][0] if steps else runtime.get("stage"))
