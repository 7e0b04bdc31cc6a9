"""Optional packages, asked for in one place."""

import importlib
from types import ModuleType
from typing import Any

from hf_nb.errors import MissingExtra


def require(module: str, extra: str, why: str) -> ModuleType:
    """Import `module`, or say in one line how to get it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as missing:
        if missing.name != module.partition(".")[0]:
            raise
        raise MissingExtra(
            f"{why} needs the package {module.partition('.')[0]}.", f'%pip install "hf-nb[{extra}]"'
        ) from None


def load(where: str) -> Any:
    """The thing a lazy `module:name` names."""
    module, _, name = where.partition(":")
    return getattr(importlib.import_module(module), name)
