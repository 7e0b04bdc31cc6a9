"""What is read of a repository to reckon what it takes: the Hub's numbers and a config, 300 KB at most."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.errors import HfNbError, NotFound, TooLarge
from hf_nb.hub import ids
from hf_nb.hub.address import Address, about, quoted
from hf_nb.hub.headers import headers
from hf_nb.hub.precision import BYTES
from hf_nb.hub.reading import weights
from hf_nb.hub.versions.contents import Revision
from hf_nb.infer import weighing
from hf_nb.infer.architectures import task_of
from hf_nb.infer.own import folders
from hf_nb.values.info import File

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session

MOST = 300_000
OF_ANSWER, OF_CONFIG, OF_HEADER, OF_LIST = 60_000, 150_000, 60_000, 60_000
EXPAND = ("sha", "pipeline_tag", "tags", "safetensors", "gguf", "library_name", "gated")
_ID = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}|[\w.-]{1,96}")
USUAL = ("Q4_K_M", "Q4_0", "Q8_0")  # what most people take of many GGUF files


@dataclass
class Read:
    """A model as far as it was read. `stored`: bytes of its safetensors; `file`: a GGUF file and its bytes."""

    id: str
    commit: str | None = None
    task: str | None = None
    library: str | None = None
    config: dict[str, Any] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    file: tuple[str, int] | None = None
    base: str | None = None
    fetched: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def parameters(self) -> int | None:
        """How many numbers it has, where somebody says."""
        return sum(self.numbers.values()) or None

    @property
    def stored(self) -> int | None:
        """Bytes of them as they are stored."""
        return round(sum(BYTES.get(kind, 4) * count for kind, count in self.numbers.items())) or None


def read(model: str, revision: str | None, session: Session) -> Read:
    """A repository of the Hub, or a folder of this disk."""
    if Path(model).is_dir():
        return _folder(Path(model), model)
    if folders.looks_like_one(model):
        raise folders.missing(model)
    asked = ids.which(model, "model", revision, session)
    return _repository(asked.id, asked.revision, session)


def _folder(path: Path, name: str) -> Read:
    found = Read(name, config=_object(_start(path / folders.CONFIG, OF_CONFIG)))
    for file in weighing.files(path):
        _count(found.numbers, weighing.header(file))
    found.task = task_of(found.config.get("architectures") or ())
    return found


def _start(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError:
        return b""


def _repository(id: str, revision: str | None, session: Session) -> Read:
    address = Address("model", id)
    at = f"/revision/{quoted(revision)}" if revision else ""
    found = Read(id)
    try:
        with about(address, session):
            said = _asked(found, address, at, {"expand": list(EXPAND)}, OF_ANSWER, session)
    except NotFound as missing:
        if "revision" in missing.problem:
            raise
        raise ids.missing(id, "model", session) from None
    if not isinstance(said, dict):
        said = {}
    found.commit, found.task = _word(said.get("sha")), _word(said.get("pipeline_tag"))
    found.library = _word(said.get("library_name"))
    tags = {one for one in said.get("tags") or () if isinstance(one, str)}
    stated = said.get("safetensors")
    for kind, count in ((stated or {}).get("parameters") or {}).items() if isinstance(stated, dict) else ():
        if isinstance(count, int) and 0 < count < 10**15:
            found.numbers[str(kind)] = count
    files = Revision(address, found.commit or revision or "main", session)
    if "peft" in tags:
        return _adapter(found, files, session)
    found.config = _object(_part(found, files, folders.CONFIG, OF_CONFIG))
    if not found.numbers:
        _header(found, files)
    if not found.numbers:
        _gguf(found, address, files.commit, session)
    return found


def _adapter(found: Read, files: Revision, session: Session) -> Read:
    """An adapter is worked into its base: what runs is as large as that."""
    settings = _object(_part(found, files, folders.ADAPTER, 20_000))
    base = _word(settings.get("base_model_name_or_path"))
    if base is None or not _ID.fullmatch(base):
        found.notes.append("Its base model is not named.")
        return found
    try:
        below = _repository(base, None, session)
    except HfNbError as wrong:
        found.notes.append(f"Its base {base} cannot be read: {wrong.problem}")
        return found
    below.base, below.id, below.commit = base, found.id, found.commit
    below.task = found.task or folders.ADAPTED.get(str(settings.get("task_type"))) or below.task
    below.fetched += found.fetched
    below.notes.insert(0, f"An adapter: it runs as its base {base} does.")
    return below


def _asked(
    found: Read, address: Address, rest: str, params: dict[str, Any], most: int, session: Session
) -> Any:
    """One answer of the Hub, as JSON; one that is longer than it may be is not believed."""
    from huggingface_hub.utils import get_session, hf_raise_for_status

    url = f"{session.settings.endpoint}{address.api}{rest}"
    response = get_session().get(url, headers=headers(), params=params)
    hf_raise_for_status(response)
    found.fetched += len(response.content)
    if len(response.content) > most:
        raise TooLarge(f"What the Hub says of {address.id} is longer than {most:,} bytes.")
    try:
        return response.json()
    except (ValueError, RecursionError):
        return None


def _part(found: Read, files: Revision, name: str, most: int) -> bytes:
    """The beginning of a file; nothing where there is none, and of one that is here already nothing is fetched."""
    from huggingface_hub import try_to_load_from_cache

    cached = try_to_load_from_cache(found.id, name, revision=found.commit)
    if isinstance(cached, str):
        return _start(Path(cached), most)
    try:
        with about(files.address, files.session):
            raw = files.read(name, 0, most)
    except HfNbError as wrong:
        if not isinstance(wrong, NotFound):
            found.notes.append(f"{name} could not be read: {wrong.problem}")
        return b""
    found.fetched += len(raw)
    return raw


def _header(found: Read, files: Revision) -> None:
    """How many numbers of each kind, by the header of the weights themselves."""
    raw = _part(found, files, weighing.WEIGHTS, OF_HEADER)
    if len(raw) > 8 and (length := int.from_bytes(raw[:8], "little")) <= len(raw) - 8:
        _count(found.numbers, _object(raw[8 : 8 + length]))


def _count(numbers: dict[str, int], header: dict[str, Any]) -> None:
    for one in header.values():
        if isinstance(one, dict) and isinstance(shape := one.get("shape"), list):
            total = 1
            for size in shape:
                total *= size if isinstance(size, int) and 0 <= size < 10**12 else 0
            kind = str(one.get("dtype"))[:20]
            numbers[kind] = numbers.get(kind, 0) + total


def _gguf(found: Read, address: Address, commit: str, session: Session) -> None:
    """The file most people would take, where weights are there as GGUF alone."""
    try:
        with about(address, session):
            listed = _asked(found, address, f"/tree/{quoted(commit)}", {}, OF_LIST, session)
    except HfNbError:
        return
    entries = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    some = weights.variants(
        File(str(one.get("path")), size)
        for one in entries
        if isinstance(size := one.get("size"), int) and str(one.get("path")).lower().endswith(".gguf")
    )
    if some:
        rank = {name: place for place, name in enumerate(USUAL)}
        best = min(some, key=lambda one: (rank.get(one.precision or "", len(rank)), one.bytes, one.paths))
        found.file = best.paths[0], best.bytes


def _object(raw: bytes) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
