"""Explorers in cells of a real notebook, over the offline Hub with its demo content."""

from tests.ui.panels.conftest import bench_page, opened, seen

__all__ = ["bench_page", "opened", "seen"]
