"""One value as the viewer's API writes it in JSON, by the type of its column."""

from __future__ import annotations

import base64
import datetime
import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hf_nb.data.serving.media import Place


def listed(features: Any) -> list[dict[str, Any]]:
    """The columns: their place, name and type."""
    types = features.to_dict()
    return [{"feature_idx": place, "name": name, "type": types[name]} for place, name in enumerate(features)]


def shown(value: Any, feature: Any, place: Place) -> Any:
    """A cell."""
    from datasets import Audio, Image, Value  # type: ignore[import-untyped]

    if value is None:
        return None
    if isinstance(feature, Image):
        return place.picture(value)
    if isinstance(feature, Audio):
        return place.sound(value)
    if isinstance(feature, Value) and feature.dtype in ("binary", "large_binary") and place.top:
        return None  # the real viewer shows no bytes either
    inner = getattr(feature, "feature", None)
    if isinstance(value, list):
        inside = inner if inner is not None else (feature[0] if isinstance(feature, list) else None)
        return [shown(one, inside, place.step(number)) for number, one in enumerate(value)]
    if isinstance(value, dict):
        types = feature if isinstance(feature, dict) else {}
        return {name: shown(one, types.get(name), place.step(name)) for name, one in value.items()}
    return plain(value)


def plain(value: Any) -> Any:
    """A number, a text, a time."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
