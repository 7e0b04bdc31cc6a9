"""Small files of a revision, read in part, and what changed inside them: lines, keys, columns, tensors."""

from __future__ import annotations

import difflib
import io
import json
import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hf_nb.errors import MissingExtra, TooLarge
from hf_nb.hub.headers import headers
from hf_nb.values.diff import Change

if TYPE_CHECKING:
    from hf_nb.hub.address import Address
    from hf_nb.plumbing.session import Session

TEXTS = frozenset(
    "md txt py json jsonl yaml yml toml cfg ini csv tsv html css js ts sh ipynb xml jinja "
    "gitattributes gitignore".split()
)
TEXT_BYTES = 200_000
MOST_LINES = 4_000
FOOTER_BYTES = 300_000
FOOTER_GUESS = 64_000
HEADER_BYTES = 2_000_000
MOST_KEYS = 20_000
DEEPEST = 50
_FRONT = re.compile(r"\A---\r?\n(.*?)\r?\n---\r?\n?", re.DOTALL)
_MISSING = object()


@dataclass(frozen=True)
class Revision:
    """Where files of one commit are read from."""

    address: Address
    commit: str
    session: Session

    def read(self, path: str, begin: int, end: int) -> bytes:
        """Bytes from `begin` up to `end`; a server that sends more is not listened to."""
        from huggingface_hub import hf_hub_url
        from huggingface_hub.utils import get_session, hf_raise_for_status

        endpoint = self.session.settings.endpoint
        where = hf_hub_url(
            self.address.id, path, repo_type=self.address.kind, revision=self.commit, endpoint=endpoint
        )
        if end <= begin:
            return b""
        asked = headers() | {"Range": f"bytes={begin}-{end - 1}", "Accept-Encoding": "identity"}
        with get_session().stream("GET", where, headers=asked) as response:
            if response.status_code == 416:  # an empty file has no byte 0
                return b""
            hf_raise_for_status(response)
            skip = begin if response.status_code == 200 else 0
            return _some(response.iter_bytes(), skip, end - begin)


def _some(pieces: Iterator[bytes], skip: int, most: int) -> bytes:
    kept = bytearray()
    for piece in pieces:
        kept += piece
        if len(kept) >= skip + most:
            break
    return bytes(kept[skip : skip + most])


def is_text(path: str) -> bool:
    """Whether a file's name says that people read it."""
    return path.rpartition("/")[2].rpartition(".")[2].lower() in TEXTS


def text(raw: bytes) -> str | None:
    """As text; None for what is none."""
    if b"\0" in raw:
        return None
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None


def lines(old: str, new: str) -> tuple[str, ...]:
    """A unified diff without its first two lines, three lines around each change."""
    before, after = old.splitlines(), new.splitlines()
    if max(len(before), len(after)) > MOST_LINES:
        raise TooLarge(f"More than {MOST_LINES:,} lines")
    return tuple(line for line in list(difflib.unified_diff(before, after, n=3, lineterm=""))[2:])


def keys(old: Any, new: Any) -> tuple[Change, ...]:
    """What differs between two trees of plain values; dots lead downwards, lists are compared whole."""
    before, after = dict(_flat(old)), dict(_flat(new))
    if max(len(before), len(after)) > MOST_KEYS:
        raise TooLarge(f"More than {MOST_KEYS:,} keys")
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        Change(name, before.get(name), after.get(name))
        for name in names
        if not _same(before.get(name, _MISSING), after.get(name, _MISSING))
    )


def _same(old: Any, new: Any) -> bool:
    """JSON's true is not 1, which to Python is equal."""
    return bool(type(old) is type(new) and old == new)


def _flat(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and (value or not prefix):
        for key, item in value.items():
            yield from _flat(item, f"{prefix}.{key}" if prefix else str(key))
    else:
        yield prefix or "(all)", value


def parsed(content: str) -> Any:
    """A JSON text's value; None for what is none."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def card(content: str) -> tuple[dict[str, Any], str]:
    """A card's metadata and its text."""
    import yaml

    found = _FRONT.match(content)
    if found is None:
        return {}, content
    try:
        if not _modest(found[1]):
            return {}, content
        metadata = yaml.safe_load(found[1])
    except (yaml.YAMLError, RecursionError, ValueError):
        return {}, content
    return (metadata if isinstance(metadata, dict) else {}), content[found.end() :]


def _modest(front: str) -> bool:
    """No alias, which can stand for what holds it or for more than any memory does, and not nested without end."""
    import yaml

    deep = 0
    for event in yaml.parse(front, yaml.SafeLoader):
        deep += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or deep > DEEPEST:
            return False
    return True


def stated(metadata: Mapping[str, Any]) -> dict[str, str]:
    """The columns and splits a dataset's card states."""
    found: dict[str, str] = {}
    infos = metadata.get("dataset_info")
    for info in infos if isinstance(infos, list) else [infos]:
        if not isinstance(info, Mapping):
            continue
        config = info.get("config_name")
        prefix = f"{config}/" if config and config != "default" else ""
        for column in _listed(info.get("features")):
            found[f"{prefix}{column.get('name')}"] = _type(column)
        for split in _listed(info.get("splits")):
            found[f"{prefix}split {split.get('name')}"] = f"{split.get('num_examples', '?')} rows"
    return found


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _type(column: Mapping[str, Any]) -> str:
    rest = {key: value for key, value in column.items() if key != "name"}
    if isinstance(rest.get("dtype"), str) and len(rest) == 1:
        return str(rest["dtype"])
    label = rest.get("dtype")
    if isinstance(label, Mapping) and isinstance(classes := label.get("class_label"), Mapping):
        return f"class label: {', '.join(map(str, _names(classes)))}"
    return json.dumps(rest, ensure_ascii=False, default=str, sort_keys=True)


def _names(classes: Mapping[str, Any]) -> list[Any]:
    names = classes.get("names") or ()
    return list(names.values() if isinstance(names, Mapping) else names)


def columns(revision: Revision, path: str, size: int) -> dict[str, str]:
    """A Parquet file's columns and rows, from its footer."""
    from hf_nb.plumbing.extras import require

    parquet = require("pyarrow.parquet", "data", "the columns of Parquet files")
    guess = min(size, FOOTER_GUESS)
    end = revision.read(path, size - guess, size)
    if len(end) < 12 or end[-4:] != b"PAR1":
        raise ValueError(f"{path} is no Parquet file")
    length = int.from_bytes(end[-8:-4], "little") + 8
    if length > min(size, FOOTER_BYTES):
        raise TooLarge(f"The footer of {path} is larger than {FOOTER_BYTES:,} bytes")
    if length > len(end):
        end = revision.read(path, size - length, size - len(end)) + end
    metadata = parquet.read_metadata(io.BytesIO(b"PAR1" + end[-length:]))
    schema = metadata.schema.to_arrow_schema()
    return {field.name: str(field.type) for field in schema} | {"rows": f"{metadata.num_rows:,}"}


def tensors(revision: Revision, path: str, size: int) -> dict[str, str]:
    """Names, types and shapes of a safetensors file, from its header."""
    start = revision.read(path, 0, min(size, 100_000))
    if len(start) < 8:
        raise ValueError(f"{path} is no safetensors file")
    (length,) = struct.unpack("<Q", start[:8])
    if length > min(size, HEADER_BYTES):
        raise TooLarge(f"The header of {path} is larger than {HEADER_BYTES:,} bytes")
    if len(start) < 8 + length:
        start += revision.read(path, len(start), 8 + length)
    header = json.loads(start[8 : 8 + length])
    return {
        name: f"{one['dtype']} {'×'.join(map(str, one['shape'])) or 'scalar'}"
        for name, one in header.items()
        if name != "__metadata__"
    }


# What reading a file's structure may meet that says something of the file and nothing of the connection.
UNREADABLE = (TooLarge, MissingExtra, ValueError, KeyError, TypeError, AttributeError, RecursionError)


def compared(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Change, ...]:
    """What differs between two flat maps, in the order of the names."""
    names: Sequence[str] = [*old, *(name for name in new if name not in old)]
    return tuple(
        Change(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name)
    )
