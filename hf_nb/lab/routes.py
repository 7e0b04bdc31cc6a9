"""Routes of the Jupyter server."""

from __future__ import annotations

from typing import Any


def load(server: Any) -> None:
    """Add them."""
