"""TAB in `%hf`."""

from typing import Any


def register(shell: Any) -> None:
    """Begin."""


def unregister(shell: Any) -> None:
    """End."""
