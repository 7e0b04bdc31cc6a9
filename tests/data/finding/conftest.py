"""`own`: a small Hub that these tests may write to, as in tests/hub."""

from __future__ import annotations

from tests.hub.conftest import own, own_hub

__all__ = ["own", "own_hub"]
