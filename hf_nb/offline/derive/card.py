"""README.md: the YAML between the dashes, and the text under it."""

import datetime
import math
import re
from typing import Any

import yaml

_FRONT = re.compile(r"\A\ufeff?\s*---[ \t]*\r?\n(.*?)(?:\r?\n)?---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_ARXIV = re.compile(
    r"(?:arxiv\.org/(?:abs|pdf)/|huggingface\.co/papers/|arxiv:)\s*(\d{4}\.\d{4,5})", re.IGNORECASE
)
_LONGEST = 1 << 20


_DEEPEST, _MOST_NODES = 50, 100_000
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def split(text: str) -> tuple[str | None, str]:
    """(front matter or None, the rest)."""
    found = _FRONT.match(text[:_LONGEST])
    return (found[1], text[found.end() :]) if found else (None, text)


def load(front: str) -> Any:
    """The YAML as plain JSON values; raises `yaml.YAMLError`."""
    _bounded(front)
    try:
        return _plain(yaml.load(front, Loader=_Loader))  # noqa: S506 -- one of the two safe ones
    except (RecursionError, ValueError, OverflowError) as broken:
        raise yaml.YAMLError(str(broken)) from None


def metadata(text: str) -> dict[str, Any]:
    """The front matter as a dict; {} where there is none or it is broken, as the Hub does."""
    front, _ = split(text)
    if front is None:
        return {}
    try:
        found = load(front)
    except yaml.YAMLError:
        return {}
    return found if isinstance(found, dict) else {}


def papers(text: str) -> list[str]:
    """Tags of the papers a card cites."""
    return [f"arxiv:{number}" for number in dict.fromkeys(_ARXIV.findall(text))]


def opening(text: str, most: int = 300) -> str:
    """The first words of the text, headings and markup left out."""
    _, body = split(text)
    lines = [line.strip() for line in body.splitlines()]
    plain = " ".join(
        line for line in lines if line and not line.startswith(("#", "|", "<", "```", "!", "---"))
    )
    plain = re.sub(r"[*_`]|\[([^\]]*)\]\([^)]*\)", r"\1", plain)
    return plain if len(plain) <= most else plain[:most].rsplit(" ", 1)[0] + "…"


def _bounded(front: str) -> None:
    """Refuse what would hurt: 200,000 brackets overflow the C loader's stack, a few aliases unfold to gigabytes."""
    depth = 0
    for nodes, event in enumerate(yaml.parse(front, Loader=_Loader)):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST or nodes > _MOST_NODES or isinstance(event, yaml.AliasEvent):
            raise yaml.YAMLError("too deep, too long, or with aliases")


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple() | set():
            return [_plain(item) for item in value]
        case datetime.date():
            return value.isoformat()
        case float() if not math.isfinite(value):
            return None
        case bytes():
            return value.decode("utf-8", "replace")
        case _:
            return value
