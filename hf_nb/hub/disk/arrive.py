"""One file onto this disk: the official library's transfer, locks and layout, and three things it leaves open.

A file that was broken off goes on where it stopped, in another process too: the library begins it anew. What arrived is
compared with its checksum; what is damaged is thrown away and fetched once more. And the listing has told what a file
is called, so that nobody asks for it again: half the requests.

    Place   where the files of one repository go: the cache, or a folder of the user's
    bring   one file, whole, or an error that names it
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from hf_nb.errors import Busy
from hf_nb.hub.disk import checksum
from hf_nb.hub.disk.listing import Listed, cache_folder, storage
from hf_nb.hub.headers import headers

if TYPE_CHECKING:
    from huggingface_hub import HfApi

    from hf_nb.hub.address import Address

# Under the library's own suffix, so that its `cache ls` and `cache prune` know what it is.
PART = "hf_nb.incomplete"
TRIES = 2
# Whoever wrote a part that is still this young may be at it, on a disk whose locks do not hold.
QUIET = 5.0


@dataclass(frozen=True)
class Place:
    """Where the files of one commit go."""

    address: Address
    commit: str
    folder: Path | None = None

    def shown(self, file: Listed) -> Path:
        """The path a reader opens."""
        return self.root / file.path

    @cached_property
    def home(self) -> Path:
        """The repository's folder in the cache."""
        return storage(self.address)

    @cached_property
    def root(self) -> Path:
        """The folder a reader is told."""
        return self.folder or self.home / "snapshots" / self.commit

    def content(self, file: Listed) -> Path:
        """Where its bytes lie."""
        return self.home / "blobs" / file.etag if self.folder is None else self.shown(file)

    def part(self, file: Listed) -> Path:
        """Where its bytes lie while they come."""
        if self.folder is None:
            return self.home / "blobs" / f"{file.etag}.{PART}"
        return self.folder / ".cache" / "huggingface" / "download" / f"{file.etag}.{PART}"

    def there(self, file: Listed) -> bool:
        """Whether nothing is left to do for it."""
        if self.folder is None:
            return self.shown(file).exists()
        from huggingface_hub._local_folder import read_download_metadata

        if not self.shown(file).is_file():
            return False
        said = read_download_metadata(self.folder, file.path)
        return said is not None and said.etag == file.etag

    def here(self, file: Listed) -> bool:
        """Whether its bytes are on this disk, whatever names lead to them."""
        if self.folder is None:
            return self.there(file) or self.content(file).exists()
        return self.there(file) or (self.home / "snapshots" / self.commit / file.path).exists()

    def begun(self, file: Listed) -> int:
        """Bytes of it that arrived before and are kept."""
        with contextlib.suppress(OSError):
            return min(file.size, self.part(file).stat().st_size)
        return 0

    def touch(self, files: Iterable[Listed]) -> None:
        """Let the files look used: many disks write no time of reading, and the longest unused go first."""
        for file in files:
            with contextlib.suppress(OSError):
                path = self.shown(file)
                os.utime(path, (time.time(), path.stat().st_mtime))

    def tidy(self, files: Iterable[Listed]) -> None:
        """Remove what killed downloads left of contents that are whole now."""
        mine = {file.etag: file for file in files}
        for part in self._parts():
            file = mine.get(part.name.partition(".")[0])
            if file and self.content(file).exists():
                with contextlib.suppress(OSError), self.locked(file):
                    part.unlink(missing_ok=True)

    def _parts(self) -> list[Path]:
        return list((self.home / "blobs").glob("*.incomplete")) if self.folder is None else []

    @contextlib.contextmanager
    def locked(self, file: Listed) -> Iterator[None]:
        """The lock the library takes for this content."""
        from huggingface_hub.utils import WeakFileLock

        if self.folder is None:
            path = cache_folder() / ".locks" / self.home.name / f"{file.etag}.lock"
        else:
            path = self.part(file).with_suffix(".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        with WeakFileLock(path):
            yield


def bring(place: Place, file: Listed, hub: HfApi, bar: Any, *, check: bool = False) -> bool:
    """Have the file, whole; whether it was fetched for that. With `check` one that was there is compared too."""
    broken = 0
    while True:
        try:
            fetched = _have(place, file, hub, bar, anew=broken > 0)
            if not check and (_plain(file) or not fetched):
                return fetched or broken > 0
            if checksum.sound(place.shown(file), file.etag):
                return fetched or broken > 0
            _throw_away(place, file)
        except _Damaged:
            fetched = True
        broken += fetched
        if broken == TRIES:
            raise Busy(
                f"{file.path} of {place.address.id} arrived damaged {TRIES} times: its checksum is another.",
                "Nothing of it was kept. Try again, or ask the repository's owner.",
            )
        bar.again(file)


class _Damaged(Exception):
    """What arrived is not what was announced."""


def _have(place: Place, file: Listed, hub: HfApi, bar: Any, *, anew: bool) -> bool:
    if place.there(file):
        return False
    if not _plain(file):
        return _by_library(place, file, hub, bar, anew=anew)
    with place.locked(file):
        here = place.here(file)
        if not here:
            _go_on(place, file, hub, bar)
        _show(place, file)
    return not here


def _plain(file: Listed) -> bool:
    """Xet has a transfer and parts of its own. What the Hub calls a content becomes the name of a file."""
    from huggingface_hub.utils._runtime import is_xet_available

    return re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", file.etag) is not None and not (
        file.xet and is_xet_available()
    )


def _by_library(place: Place, file: Listed, hub: HfApi, bar: Any, *, anew: bool) -> bool:
    here = place.here(file)
    hub.hf_hub_download(
        place.address.id,
        file.path,
        repo_type=place.address.kind,
        revision=place.commit,
        cache_dir=cache_folder(),
        local_dir=place.folder,
        tqdm_class=bar.of(file),
        # a damaged content of the store that repositories share would only be linked again
        force_download=anew,
    )
    return not here


def _go_on(place: Place, file: Listed, hub: HfApi, bar: Any) -> None:
    """Fetch what is missing of a file, and give it its name once it is whole. The lock on it is ours."""
    content, part = place.content(file), place.part(file)
    part.parent.mkdir(parents=True, exist_ok=True)
    _adopt(part, file)
    for resumed in (part.exists(), False):
        _get(place, file, hub, bar)
        if checksum.sound(part, file.etag):
            break
        part.unlink()
        bar.again(file)
        if not resumed:
            raise _Damaged
    content.parent.mkdir(parents=True, exist_ok=True)
    part.replace(content)


def _show(place: Place, file: Listed) -> None:
    """Let the name a reader opens lead to the content, as the library does it."""
    shown = place.shown(file)
    shown.parent.mkdir(parents=True, exist_ok=True)
    if place.folder is None:
        from huggingface_hub.file_download import _create_symlink

        _create_symlink(str(place.content(file)), str(shown), new_blob=True)
        return
    from huggingface_hub._local_folder import write_download_metadata

    cached = place.home / "snapshots" / place.commit / file.path
    if cached.exists() and not place.there(file):
        place.part(file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(cached, place.part(file))
        place.part(file).replace(shown)
    write_download_metadata(place.folder, file.path, place.commit, file.etag)


def _get(place: Place, file: Listed, hub: HfApi, bar: Any) -> None:
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get

    kind, id = place.address.kind, place.address.id
    with _begun(place.part(file)) as stream:
        http_get(
            hf_hub_url(id, file.path, repo_type=kind, revision=place.commit, endpoint=hub.endpoint),
            stream,
            resume_size=stream.tell(),
            expected_size=file.size,
            displayed_filename=file.path,
            headers=headers(token=hub.token),
            tqdm_class=bar.of(file),
        )


@contextlib.contextmanager
def _begun(part: Path) -> Iterator[BinaryIO]:
    """The part, open at its end; nothing stays of it where nothing came."""
    try:
        with part.open("ab") as stream:
            yield stream
    except BaseException:
        if part.stat().st_size == 0:
            part.unlink()
        raise


def _adopt(part: Path, file: Listed) -> None:
    """Take over the longest of what killed processes left of this content; the lock is ours, so they are gone."""
    if part.exists() and part.stat().st_size > file.size:
        part.unlink()
    left = [
        one
        for one in part.parent.glob(f"{file.etag}.*.incomplete")
        if one != part and time.time() - one.stat().st_mtime > QUIET
    ]
    for one in sorted(left, key=lambda one: one.stat().st_size):
        longer = not part.exists() or part.stat().st_size < one.stat().st_size <= file.size
        if longer:
            one.replace(part)
        else:
            one.unlink(missing_ok=True)


def _throw_away(place: Place, file: Listed) -> None:
    """Remove damaged bytes; under the lock, since another process may have mended them meanwhile."""
    with place.locked(file):
        content = place.content(file)
        if checksum.sound(content, file.etag):
            return
        shown = place.shown(file)
        shown.unlink(missing_ok=True)
        content.unlink(missing_ok=True)
