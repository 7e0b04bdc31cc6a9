"""The front matter of a Space, in the order the Hub writes it, and the states one can be in."""

from typing import Any


def front(
    title: str, emoji: str, sdk: str, *, colours: tuple[str, str] = ("yellow", "green"), **more: Any
) -> dict[str, Any]:
    """What every Space has, then what this one has beside it."""
    return {
        "title": title,
        "emoji": emoji,
        "colorFrom": colours[0],
        "colorTo": colours[1],
        "sdk": sdk,
        **more,
    }


def runtime(stage: str, *, hardware: str | None = "cpu-basic", error: str | None = None) -> dict[str, Any]:
    """As `GET /api/spaces/{id}/runtime` answers; hardware is current only while something runs."""
    current = hardware if stage in ("RUNNING", "RUNNING_BUILDING") else None
    found: dict[str, Any] = {
        "stage": stage,
        "hardware": {"current": current, "requested": hardware},
        "storage": None,
        "gcTimeout": 172800,
        "replicas": {"requested": 1, **({"current": 1} if stage == "RUNNING" else {})},
        "devMode": False,
    }
    return found | ({"errorMessage": error} if error else {})
