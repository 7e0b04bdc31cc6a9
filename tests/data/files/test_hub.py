"""A file of the Hub: small ones come from it, large ones from where it leads, and both are asked for in parts."""

from __future__ import annotations

import io
import json
import urllib.request
from typing import TYPE_CHECKING

import pytest

from hf_nb.data.files.file import Range
from hf_nb.data.files.place import HubFile
from hf_nb.data.files.remote import Remote
from hf_nb.data.parquet import Parquet
from hf_nb.errors import Broken, Busy, NotFound
from hf_nb.plumbing import http

if TYPE_CHECKING:
    from hf_nb.offline.running import Running

ID = "hfnb-demo/chats"
PATH = "default/train-00000-of-00001.parquet"


@pytest.fixture
def commit(hub: Running) -> str:
    http.install()
    with urllib.request.urlopen(f"{hub.url}/api/datasets/{ID}") as answer:  # noqa: S310 -- loopback
        found = json.load(answer)["sha"]
    hub.clear_requests()
    return str(found)


def whole(hub: Running, commit: str) -> bytes:
    from huggingface_hub.utils import get_session

    found: bytes = get_session().get(f"{hub.url}/datasets/{ID}/resolve/{commit}/{PATH}").content
    hub.clear_requests()
    return found


def test_a_large_file_is_asked_for_at_the_hub_once(hub: Running, commit: str) -> None:
    raw = whole(hub, commit)
    file = Remote(HubFile(ID, PATH, commit))
    assert file.tail(1000) == raw[-1000:]
    assert file.read([Range(4, 20)]) == [raw[4:20]]
    assert file.size == len(raw)
    asked = [one["path"] for one in hub.requests() if one["path"].startswith("/datasets/")]
    assert len(asked) <= 3


def test_an_address_that_answers_with_a_page_is_asked_again_when_it_does_not(hub: Running) -> None:
    address = f"{hub.url}/datasets/{ID}/resolve/main/{PATH}"
    part = Parquet(Remote(address))
    with hub.fault("portal", match="*/resolve/*"), pytest.raises(Broken):
        part.count()
    assert part.count() == 800
    assert part.bytes == 185_257
    with hub.fault("portal", match="*/resolve/*"), pytest.raises(Broken, match="What came is not"):
        part.read(0, 5)
    assert len(part.read(0, 5)) == 5


def test_rows_that_come_damaged_are_not_kept(
    hub: Running, commit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hf_nb.data.files import remote
    from hf_nb.data.files.kept import Kept

    monkeypatch.setattr(remote, "kept", Kept())
    part = Parquet(Remote(HubFile(ID, PATH, commit)))
    end = part.footer.chunks(0)[0].span.end
    (raw,) = part.file.read([Range(0, 185_257)])
    part.file.forget()  # type: ignore[attr-defined]
    part.file.keep(Range(0, 185_257), b"\xff" * end + raw[end:])  # type: ignore[attr-defined]
    with pytest.raises(Broken):
        part.read(0, 3)
    assert len(part.read(0, 3)) == 3


def test_its_rows_are_read(hub: Running, commit: str) -> None:
    import pyarrow.parquet as pq

    table = pq.ParquetFile(io.BytesIO(whole(hub, commit))).read()
    part = Parquet(Remote(HubFile(ID, PATH, commit)))
    assert part.name == PATH
    assert part.read(3, 10).equals(table.slice(3, 10))
    assert part.count() == len(table)


def test_what_is_not_there_is_not_found(hub: Running, commit: str) -> None:
    for file in (HubFile(ID, "no.parquet", commit), HubFile("nobody/nothing", PATH, commit)):
        with pytest.raises(NotFound):
            Remote(file).tail(10)


def test_a_hub_in_trouble_is_busy(hub: Running, commit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hf_nb.plumbing.transports.retry.TRIES", 2)
    with hub.fault("status", match="*/resolve/*", status=503), pytest.raises(Busy):
        Remote(HubFile(ID, PATH, commit)).tail(10)
