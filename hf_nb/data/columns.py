"""Columns as people see them: Arrow's types, and what `datasets` noted about them, in words.

described(schema, features)      a Column each: its kind decides how its cells are shown
noted(schema)                    the features `datasets` leaves in a file's schema
from_card(listed)                the same from a card's `dataset_info`
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hf_nb.values.data import Column

if TYPE_CHECKING:
    import pyarrow

    from hf_nb.values.data import CellKind

MOST_NOTED = 4_000_000  # bytes of a note that are read
DEEPEST = 20
MOST_LABELS = 100_000
# What `datasets` calls its types of media, and what people do.
MEDIA: dict[str, tuple[CellKind, str]] = {
    "Image": ("image", "picture"),
    "Audio": ("audio", "sound"),
    "Video": ("video", "video"),
}
_TURNS = (("role", "content"), ("from", "value"))


def described(
    schema: pyarrow.Schema, features: Mapping[str, Any], looked: Mapping[str, str] | None = None
) -> tuple[Column, ...]:
    """Its columns. `looked`: kinds of media found in the cells themselves, believed where the features are silent."""
    known = {**noted(schema), **features}
    return tuple(_column(field.name, field.type, known.get(field.name), looked or {}) for field in schema)


def noted(schema: pyarrow.Schema) -> dict[str, Any]:
    """The features noted in a schema; nothing where the note makes no sense."""
    note = (schema.metadata or {}).get(b"huggingface", b"")
    if not note or len(note) > MOST_NOTED:
        return {}
    try:
        features = json.loads(note)["info"]["features"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return dict(features) if isinstance(features, dict) else {}


def from_card(listed: Any) -> dict[str, Any]:
    """`features:` of a card's `dataset_info`, in the form of the note."""
    if not isinstance(listed, list):
        return {}
    return {str(one["name"]): _feature(one, 0) for one in listed if isinstance(one, dict) and "name" in one}


def _feature(node: Any, deep: int) -> Any:
    """One column of a card: `{dtype: …}`, `{list: …}`, `{struct: […]}`."""
    if deep > DEEPEST:
        return None
    if isinstance(node, str):
        return _typed(node, {})
    if isinstance(node, list):
        return {
            str(one["name"]): _feature(one, deep + 1)
            for one in node
            if isinstance(one, dict) and "name" in one
        }
    if not isinstance(node, dict):
        return None
    for word in ("list", "large_list", "sequence"):
        if word in node:
            return {"_type": "List", "feature": _feature(node[word], deep + 1)}
    if "struct" in node:
        return _feature(node["struct"], deep + 1)
    dtype = node.get("dtype")
    if isinstance(dtype, dict):
        for word, how in dtype.items():
            return _typed(str(word), how if isinstance(how, dict) else {})
    return _typed(dtype, {}) if isinstance(dtype, str) else None


def _typed(word: str, how: Mapping[str, Any]) -> Any:
    if word == "class_label":
        return {"_type": "ClassLabel", "names": labels(how)}
    name = "".join(part.capitalize() for part in word.split("_"))
    return {"_type": name, **how} if name in MEDIA else {"_type": "Value", "dtype": word}


def labels(feature: Any) -> list[str]:
    """Names of a label's numbers: a list, or `{"0": name}` as cards have it."""
    names = feature.get("names") if isinstance(feature, Mapping) else None
    if isinstance(names, Mapping):
        names = [names[key] for key in sorted(names, key=lambda key: (len(str(key)), str(key)))]
    return [str(name) for name in names[:MOST_LABELS]] if isinstance(names, list) else []


def _column(name: str, type_: pyarrow.DataType, feature: Any, looked: Mapping[str, str]) -> Column:
    import pyarrow

    stored = str(type_) if not pyarrow.types.is_dictionary(type_) else f"{type_.value_type} (dictionary)"
    kind = kind_of(type_, feature)
    for media, words in MEDIA.values():
        if media == kind or (kind in ("struct", "binary") and looked.get(name) == media):
            return Column(name, words, media, stored)
    names = tuple(labels(feature)) if kind == "label" else ()
    return Column(name, in_words(type_, feature), kind, stored, names)


def kind_of(type_: pyarrow.DataType, feature: Any = None) -> CellKind:
    """How its cells are shown."""
    from pyarrow import types

    type_ = plain(type_)
    named = feature.get("_type") if isinstance(feature, Mapping) else None
    holds_bytes = types.is_struct(type_) or types.is_binary(type_) or types.is_large_binary(type_)
    if named in MEDIA and (holds_bytes or types.is_string(type_)):
        return MEDIA[named][0]
    if named == "ClassLabel" and types.is_integer(type_) and labels(feature):
        return "label"
    tests: tuple[tuple[Any, CellKind], ...] = (
        (types.is_null, "null"),
        (types.is_boolean, "bool"),
        (types.is_integer, "number"),
        (types.is_floating, "number"),
        (types.is_decimal, "number"),
        (types.is_temporal, "time"),
        (_is_text, "text"),
        (_is_bytes, "binary"),
        (types.is_map, "struct"),
        (_is_chat, "chat"),
        (_is_list, "list"),
        (types.is_struct, "struct"),
    )
    return next((kind for test, kind in tests if test(type_)), "struct")


def plain(type_: pyarrow.DataType) -> pyarrow.DataType:
    """The type of the values: of a dictionary its values, of an extension what it is stored as."""
    import pyarrow

    for _ in range(DEEPEST):
        if isinstance(type_, pyarrow.BaseExtensionType):
            type_ = type_.storage_type
        elif pyarrow.types.is_dictionary(type_) or pyarrow.types.is_run_end_encoded(type_):
            type_ = type_.value_type
        else:
            break
    return type_


def in_words(type_: pyarrow.DataType, feature: Any = None, deep: int = 0) -> str:
    """`text`, `list of whole number`, `record (a, b)`."""
    from pyarrow import types

    type_, kind = plain(type_), kind_of(type_, feature)
    if kind in ("text", "label", "chat"):
        return str(kind)
    if deep > DEEPEST:
        return "…"
    media = dict(MEDIA.values())
    if kind in media:
        return media[kind]
    if kind == "list":
        inner = _inner(feature)
        return f"list of {in_words(type_.value_type, inner, deep + 1)}"
    if types.is_map(type_):
        return f"map of {in_words(type_.key_type, None, deep + 1)} to {in_words(type_.item_type, None, deep + 1)}"
    if types.is_struct(type_):
        names = [field.name for field in type_][:4]
        return f"record ({', '.join(names)}{', …' if type_.num_fields > len(names) else ''})"
    return _simple(type_, kind)


def _simple(type_: pyarrow.DataType, kind: str) -> str:
    from pyarrow import types

    if types.is_timestamp(type_):
        return f"date and time ({type_.tz})" if type_.tz else "date and time"
    tests = (
        (types.is_integer, "whole number"),
        (types.is_decimal, "decimal number"),
        (types.is_date, "date"),
        (types.is_time, "time of day"),
        (types.is_temporal, "duration"),
    )
    words = {"bool": "true or false", "binary": "bytes", "null": "nothing"}
    return next((said for test, said in tests if test(type_)), words.get(kind, str(kind)))


def _inner(feature: Any) -> Any:
    if isinstance(feature, Sequence) and not isinstance(feature, str) and len(feature) == 1:
        return feature[0]
    return feature.get("feature") if isinstance(feature, Mapping) else None


def _is_text(type_: pyarrow.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_))


def _is_bytes(type_: pyarrow.DataType) -> bool:
    from pyarrow import types

    return bool(
        types.is_binary(type_)
        or types.is_large_binary(type_)
        or types.is_fixed_size_binary(type_)
        or types.is_binary_view(type_)
    )


def _is_list(type_: pyarrow.DataType) -> bool:
    from pyarrow import types

    return bool(
        types.is_list(type_)
        or types.is_large_list(type_)
        or types.is_fixed_size_list(type_)
        or types.is_list_view(type_)
        or types.is_large_list_view(type_)
    )


def _is_chat(type_: pyarrow.DataType) -> bool:
    """A list of turns: who says, and what."""
    from pyarrow import types

    if not _is_list(type_) or not types.is_struct(type_.value_type):
        return False
    fields = {field.name: plain(field.type) for field in type_.value_type}
    return any(who in fields and what in fields and _is_text(fields[who]) for who, what in _TURNS)


# What a file of media begins with.
_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", 0, "image"),
    (b"\xff\xd8\xff", 0, "image"),
    (b"GIF8", 0, "image"),
    (b"BM", 0, "image"),
    (b"II*\0", 0, "image"),
    (b"MM\0*", 0, "image"),
    (b"WEBP", 8, "image"),
    (b"WAVE", 8, "audio"),
    (b"fLaC", 0, "audio"),
    (b"OggS", 0, "audio"),
    (b"ID3", 0, "audio"),
    (b"\xff\xfb", 0, "audio"),
    (b"ftyp", 4, "video"),
    (b"\x1aE\xdf\xa3", 0, "video"),
)


def media_of(content: bytes | None) -> str | None:
    """Whether bytes are a picture, a sound or a video, by how they begin."""
    start = bytes(content[:16]) if content else b""
    return next((kind for magic, at, kind in _MAGIC if start[at : at + len(magic)] == magic), None)


def unsaid(schema: pyarrow.Schema, features: Mapping[str, Any]) -> list[str]:
    """Columns of bytes and a path of which nobody said what they are."""
    from pyarrow import types

    known = {**noted(schema), **features}
    return [
        field.name
        for field in schema
        if types.is_struct(field.type)
        and {one.name for one in field.type} == {"bytes", "path"}
        and not (isinstance(known.get(field.name), Mapping) and known[field.name].get("_type") in MEDIA)
    ]


def looked_at(table: pyarrow.Table) -> dict[str, str]:
    """What the first cells of such columns hold."""
    found: dict[str, str] = {}
    for name in table.schema.names:
        for cell in table.column(name).to_pylist():
            kind = media_of((cell or {}).get("bytes"))
            if kind:
                found[name] = kind
                break
    return found
