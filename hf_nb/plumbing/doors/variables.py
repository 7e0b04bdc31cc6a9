"""The switches libraries have of their own, set and taken back.

In the environment, for children and for what is imported later, and in the modules that have read them already.
"""

from __future__ import annotations

import os
import sys
from typing import Any, NamedTuple


class Switch(NamedTuple):
    """A variable, and where a library keeps what it read there. `elsewhere`: only while the Hub is another machine."""

    variable: str
    value: str
    kept: tuple[tuple[str, str, Any], ...] = ()
    elsewhere: bool = False


_HUB, _DATASETS = "huggingface_hub.constants", "datasets.config"
SWITCHES: tuple[Switch, ...] = (
    Switch("HF_NB_LOCAL_ONLY", "1"),
    # What is in the cache loads without a question; a Hub on this machine is still asked.
    Switch("HF_HUB_OFFLINE", "1", ((_HUB, "HF_HUB_OFFLINE", True),), elsewhere=True),
    Switch(
        "HF_DATASETS_OFFLINE",
        "1",
        ((_DATASETS, "HF_HUB_OFFLINE", True), (_DATASETS, "HF_DATASETS_OFFLINE", True)),
        elsewhere=True,
    ),
    Switch("HF_HUB_DISABLE_XET", "1", ((_HUB, "HF_HUB_DISABLE_XET", True),)),
    Switch("HF_HUB_DISABLE_TELEMETRY", "1", ((_HUB, "HF_HUB_DISABLE_TELEMETRY", True),)),
    Switch("DO_NOT_TRACK", "1"),
    Switch("HF_HUB_DISABLE_UPDATE_CHECK", "1", ((_HUB, "HF_HUB_DISABLE_UPDATE_CHECK", True),)),
    Switch("HF_UPDATE_DOWNLOAD_COUNTS", "0", ((_DATASETS, "HF_UPDATE_DOWNLOAD_COUNTS", False),)),
    Switch("DISABLE_SAFETENSORS_CONVERSION", "1"),
    Switch("GRADIO_ANALYTICS_ENABLED", "False"),
    Switch("WANDB_MODE", "offline"),
)

_before: dict[str, str | None] = {}
_modules: dict[tuple[str, str], Any] = {}


def told(*, elsewhere: bool) -> dict[str, str]:
    """The variables, with their values."""
    return {one.variable: one.value for one in SWITCHES if elsewhere or not one.elsewhere}


def put(*, elsewhere: bool) -> None:
    """Set them; again when the Hub has moved."""
    wanted = told(elsewhere=elsewhere)
    _forget({one.variable for one in SWITCHES} - set(wanted))
    for one in SWITCHES:
        if one.variable not in wanted:
            continue
        if one.variable not in _before:
            _before[one.variable] = os.environ.get(one.variable)
        os.environ[one.variable] = one.value
        for module, name, value in one.kept:
            there = sys.modules.get(module)
            if hasattr(there, name):
                _modules.setdefault((module, name), getattr(there, name))
                setattr(there, name, value)


def take_back() -> None:
    """As they were."""
    _forget({one.variable for one in SWITCHES})


def _forget(names: set[str]) -> None:
    for one in SWITCHES:
        if one.variable not in names or one.variable not in _before:
            continue
        before = _before.pop(one.variable)
        if os.environ.get(one.variable) == one.value:  # else somebody has changed it since, and means it
            _set(one.variable, before)
        for module, name, value in one.kept:
            there = sys.modules.get(module)
            if there is not None and getattr(there, name, None) == value:
                # what was imported meanwhile has read our value, and would have read the one before
                setattr(there, name, _modules.pop((module, name), _read(value, before)))


def _set(variable: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(variable, None)
    else:
        os.environ[variable] = value


def _read(ours: bool, before: str | None) -> bool:  # noqa: FBT001 -- the opposite of it, where nothing was said
    if before is None:
        return not ours
    return before.upper() in {"1", "ON", "YES", "TRUE"}
