"""The Hub's stages of a Space, in seven words."""

from __future__ import annotations

STATES: dict[str, str] = {
    "RUNNING": "running",
    "RUNNING_BUILDING": "running",
    "RUNNING_APP_STARTING": "running",
    "APP_STARTING": "starting",
    "RESTARTING": "starting",
    "BUILDING": "building",
    "SLEEPING": "sleeping",
    "PAUSED": "paused",
    "STOPPED": "stopped",
    "DELETING": "stopped",
    "BUILD_ERROR": "error",
    "CONFIG_ERROR": "error",
    "RUNTIME_ERROR": "error",
    "NO_APP_FILE": "error",
}
# Where it stays until somebody does something.
RESTING = frozenset(
    "RUNNING SLEEPING PAUSED STOPPED BUILD_ERROR CONFIG_ERROR RUNTIME_ERROR NO_APP_FILE".split()
)


def state(stage: str | None) -> str:
    """One of the seven; a stage that is new on the Hub is taken by what its name says."""
    known = STATES.get(stage or "")
    if known or not stage:
        return known or "stopped"
    words = (("ERROR", "error"), ("BUILDING", "building"), ("STARTING", "starting"), ("RUNNING", "running"))
    return next((word for part, word in words if part in stage), "stopped")
