"""Datasets of the Hub: which commit, which files, whose rows; held against `datasets` and pyarrow."""

from __future__ import annotations

import io
import time
from typing import Any

import pytest

from hf_nb.data import finding
from hf_nb.data.finding import viewer
from hf_nb.errors import BadInput, Busy, NotFound, Unauthorized
from hf_nb.offline.running import Running
from hf_nb.plumbing.session import Session, current
from tests.hub.owning import Own

DEMOS = ("chats", "digits", "tones", "tiny-pictures", "python-docs")


@pytest.mark.parametrize("name", DEMOS)
def test_configurations_splits_and_rows_are_those_of_datasets(hub: Running, name: str, tmp_path: Any) -> None:
    import datasets  # type: ignore[import-untyped]

    id = f"hfnb-demo/{name}"
    found = finding.layout(id)
    assert list(found.configs) == datasets.get_dataset_config_names(id)
    for config, splits in found.configs.items():
        assert list(splits) == datasets.get_dataset_split_names(id, config)
    theirs = datasets.load_dataset(id, found.config, split=found.split, cache_dir=str(tmp_path))
    source = finding.open(id)
    assert source.rows == len(theirs) == found.configs[found.config or ""][found.split or ""]
    stored = theirs.with_format("arrow")
    for start in (0, len(theirs) // 2, len(theirs) - 3):
        assert source.read(start, 3).to_pylist() == stored[start : start + 3].to_pylist()
    assert source.schema.names == theirs.column_names
    assert source.origin.revision == _commit(hub, id)


def test_kinds_of_columns_come_from_what_datasets_noted(hub: Running) -> None:
    kinds = {
        name: {column.name: column.kind for column in finding.open(f"hfnb-demo/{name}").columns}
        for name in DEMOS
    }
    assert kinds["digits"] == {"image": "image", "label": "label"}
    assert kinds["tones"] == {"audio": "audio", "kind": "label", "root": "label", "hertz": "number"}
    assert kinds["chats"]["messages"] == "chat"
    assert kinds["tiny-pictures"]["objects"] == "struct"


def test_opening_takes_one_question(hub: Running) -> None:
    finding.open("hfnb-demo/digits")
    hub.clear_requests()
    finding.open("hfnb-demo/digits", session=_fresh(hub))
    assert len([one for one in hub.requests() if "/api/" in one["path"]]) == 1


@pytest.mark.parametrize(
    "what",
    [
        "hfnb-demo/python-docs",
        "datasets/hfnb-demo/python-docs",
        "hf://datasets/hfnb-demo/python-docs",
        "hf://datasets/hfnb-demo/python-docs@main/topics/test-00000-of-00001.parquet",
        "https://huggingface.co/datasets/hfnb-demo/python-docs",
        "https://huggingface.co/datasets/hfnb-demo/python-docs/viewer/topics/test",
        "https://huggingface.co/datasets/hfnb-demo/python-docs/viewer/topics/test?row=3",
        "https://huggingface.co/datasets/hfnb-demo/python-docs/blob/main/topics/test-00000-of-00001.parquet",
        "https://huggingface.co/datasets/hfnb-demo/python-docs/resolve/main/topics/test-00000-of-00001.parquet",
        "https://huggingface.co/datasets/hfnb-demo/python-docs/tree/main/topics",
    ],
)
def test_all_ways_to_name_a_dataset(hub: Running, what: str) -> None:
    source = finding.open(what)
    assert source.origin.name == "hfnb-demo/python-docs"
    test = "test" in what
    assert source.count() == (60 if test else 480)
    assert source.origin.url is not None
    assert source.origin.url.startswith(f"{hub.url}/datasets/hfnb-demo/python-docs/")


def test_an_address_of_the_hub_in_use_is_read_as_its_page(hub: Running) -> None:
    assert finding.open(f"{hub.url}/datasets/hfnb-demo/digits/viewer/default/test").rows == 360


@pytest.mark.parametrize(
    "what",
    [
        "http://example.org/x.csv",
        "s3://bucket/x.csv",
        "",
        "https://huggingface.co/hfnb-demo",
        "hf://spaces/a/b",
    ],
)
def test_what_is_not_read_is_refused_in_a_sentence(hub: Running, what: str) -> None:
    with pytest.raises(BadInput):
        finding.open(what)


def test_wrong_names_lead_to_right_ones(hub: Running) -> None:
    with pytest.raises(NotFound) as wrong:
        finding.open("hfnb-demo/digit")
    assert "datasets/hfnb-demo/digits" in wrong.value.nearest
    cases: tuple[tuple[dict[str, Any], str | None], ...] = (
        ({"config": "topic"}, "topics"),
        ({"split": "tset"}, "test"),
        ({"revision": "v9"}, None),
    )
    for how, near in cases:
        with pytest.raises(NotFound) as wrong:
            finding.open("hfnb-demo/python-docs", **how)
        assert near is None or near in wrong.value.nearest
    with pytest.raises(NotFound, match="no file"):
        finding.open("hf://datasets/hfnb-demo/digits/nothing.parquet")


def test_a_file_behind_an_address(hub: Running) -> None:
    address = f"{hub.url}/datasets/hfnb-demo/digits/resolve/main/default/test-00000-of-00001.parquet"
    from hf_nb.data.finding.meant import Url
    from hf_nb.data.finding.places import AtUrl

    place = AtUrl(Url(f"{address}?secret=1"), current())
    assert place.file("x").read([_range(0, 4)]) == [b"PAR1"]
    assert "secret" not in place.name


def test_a_hub_that_fails_is_an_error_in_our_words(hub: Running) -> None:
    with hub.fault("status", status=503), pytest.raises(Busy):
        finding.open("hfnb-demo/tones", session=_fresh(hub))


def test_ten_files_of_a_split_are_one_table_and_a_jump_asks_for_few_footers(hub: Running) -> None:
    source = finding.open("hfnb-lab/big-table")
    assert len(source.parts) == 10
    hub.clear_requests()
    assert source.read(0, 10, ["row"]).column("row").to_pylist() == list(range(10))
    asked = {one["path"].rpartition("/")[2] for one in hub.requests() if "resolve" in one["path"]}
    assert len(asked) == 1
    assert source.read(1_700_000, 3, ["row"]).column("row").to_pylist() == [1_700_000, 1_700_001, 1_700_002]
    asked = {one["path"].rpartition("/")[2] for one in hub.requests() if "resolve" in one["path"]}
    assert len(asked) <= 8


FILES: dict[str, bytes] = {
    "train.csv": b"n,word\n1,a\n2,b\n",
    "test.csv": b"n,word\n3,c\n",
}


def repo(own: Own, files: dict[str, bytes], **how: Any) -> str:
    from huggingface_hub import CommitOperationAdd

    api = own.api("teacher")
    id = api.create_repo(f"lab/{own.name('rows')}", repo_type="dataset", **how).repo_id
    added = [CommitOperationAdd(path, content) for path, content in files.items()]
    api.create_commit(id, added, commit_message="Rows", repo_type="dataset")
    return str(id)


def test_a_dataset_of_texts_pinned_to_its_commit(own: Own) -> None:
    id = repo(own, FILES)
    source = finding.open(id, session=own.session)
    own.api("teacher").upload_file(
        path_or_fileobj=b"n,word\n9,z\n", path_in_repo="train.csv", repo_id=id, repo_type="dataset"
    )
    assert source.read(0, 9).to_pylist() == [{"n": 1, "word": "a"}, {"n": 2, "word": "b"}]
    assert source.origin.form == "csv"
    assert finding.open(id, session=own.session).read(0, 9).to_pylist() == [{"n": 9, "word": "z"}]
    old = source.origin.revision
    assert finding.open(f"{id}@{old}", split="test", session=own.session).read(0, 9).num_rows == 1


def test_private_and_gated_datasets_are_read_with_the_users_token(own: Own) -> None:
    private = repo(own, FILES, private=True)
    assert finding.open(private, session=own.session).read(0, 1).num_rows == 1
    own.be("stranger")
    with pytest.raises(NotFound):
        finding.open(private, session=own.session)
    own.be("teacher")
    gated = repo(own, FILES)
    own.api("teacher").update_repo_settings(gated, gated="manual", repo_type="dataset")
    own.be("stranger")
    with pytest.raises(Unauthorized) as refused:
        finding.open(gated, session=own.session).read(0, 1)
    assert gated in str(refused.value)
    own.be("teacher")
    assert finding.open(gated, session=own.session).read(0, 1).num_rows == 1


def test_a_file_behind_a_gate_leads_to_its_datasets_page(own: Own) -> None:
    from hf_nb.data.files.place import HubFile
    from hf_nb.data.files.remote import Remote

    gated = repo(own, FILES)
    own.api("teacher").update_repo_settings(gated, gated="manual", repo_type="dataset")
    own.be("stranger")
    # not by way of `finding`, whose own wrapper says so too
    file = Remote(HubFile(gated, "train.csv", "main"), own.session)
    with pytest.raises(Unauthorized, match=f"dataset {gated} is gated") as refused:
        file.tail(10)
    assert f"{own.session.settings.endpoint}/datasets/{gated}," in refused.value.next_step
    own.be("teacher")
    with pytest.raises(NotFound, match=f"dataset {gated} has no file no.csv"):
        Remote(HubFile(gated, "no.csv", "main"), own.session).tail(10)


def test_a_dataset_whose_files_are_not_read_is_shown_by_the_hubs_copy(
    own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow
    import pyarrow.parquet
    from huggingface_hub import CommitOperationAdd

    id = repo(own, {"load.py": b"code", "data.bin": b"123"})
    with pytest.raises(NotFound, match="No table was found") as wrong:
        finding.open(id, session=own.session)
    assert ".bin" in wrong.value.problem
    kept = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"n": [1, 2, 3]}), kept)
    # only the Hub itself writes to the branch that is really called so
    monkeypatch.setattr("hf_nb.data.finding.repo.CONVERTED", "copies")
    api = own.api("teacher")
    api.create_branch(id, branch="copies", repo_type="dataset")
    api.create_commit(
        id,
        [CommitOperationAdd("plain/partial-train/0000.parquet", kept.getvalue())],
        commit_message="Copy",
        repo_type="dataset",
        revision="copies",
    )
    source = finding.open(id, session=own.session)
    assert source.read(0, 9).column("n").to_pylist() == [1, 2, 3]
    assert (source.origin.config, source.origin.split) == ("plain", "train")
    assert any("Parquet copy" in note for note in source.notes)
    assert any("first part" in note for note in source.notes)


def test_an_empty_dataset_says_so(own: Own) -> None:
    with pytest.raises(NotFound, match="no files with rows"):
        finding.open(repo(own, {"README.md": b"---\nlicense: mit\n---\n# Nothing\n"}), session=own.session)


def test_pictures_of_a_repository_are_rows(own: Own) -> None:
    id = repo(
        own, {f"train/{name}/{n}.png": b"\x89PNG\r\n\x1a\n" + bytes([n]) for n in range(3) for name in "ab"}
    )
    source = finding.open(id, session=own.session)
    assert [row["label"] for row in source.read(0, 9).to_pylist()] == [0, 0, 0, 1, 1, 1]
    assert source.origin.form == "folder"


def test_what_the_viewer_says_is_used_where_files_are_many_and_nothing_breaks_without_it(
    own: Own, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"data/train-0000{n}-of-00005.csv": b"n\n1\n2\n" for n in range(5)}
    id = repo(own, files)
    assert finding.open(id, session=own.session).rows is None  # nobody has counted, and nobody answers
    said: list[str] = []

    def sizes(id: str, commit: str, session: Session) -> dict[str, dict[str, int]]:
        said.append(commit)
        return {"default": {"train": 11}}

    monkeypatch.setattr(viewer, "sizes", sizes)
    source = finding.open(id, session=own.session)
    assert (source.rows, said) == (11, [source.origin.revision])
    assert source.count() == source.rows == 10
    assert source.notes == ("Its card says 11 rows; the files hold 10.",)


def test_the_viewer_is_believed_about_the_very_commit_only(
    served_hub: Running, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hf_nb.offline.running import start
    from hf_nb.offline.store import Store
    from tests.offline import small

    root = tmp_path_factory.mktemp("viewed") / "store"
    store = Store.open(root)
    small.fill(store)
    store.close()
    monkeypatch.setattr(viewer, "REST", 0.05)
    with start(root, rows="hf_nb.data.serving") as running:
        own = Own(running, _fresh(running), monkeypatch)
        own.be("teacher")
        id = repo(own, {f"data/train-0000{n}-of-00005.csv": b"n\n1\n2\n" for n in range(5)})
        commit = finding.open(id, session=own.session).origin.revision or ""
        ends = time.monotonic() + 60
        while not viewer.sizes(id, commit, own.session) and time.monotonic() < ends:
            time.sleep(0.1)  # the viewer makes its copy first
        assert finding.open(id, session=own.session).rows == 10
        assert viewer.sizes(id, "0" * 40, own.session) == {}


@pytest.mark.parametrize(
    "endpoint",
    ["https://huggingface.co", "http://127.0.0.1:5", "http://localhost:5", "https://hub.example.org"],
)
def test_the_viewer_is_asked_where_it_is_known_to_be(endpoint: str) -> None:
    found = viewer.server(endpoint)
    assert found == {
        "https://huggingface.co": "https://datasets-server.huggingface.co",
        "http://127.0.0.1:5": "http://127.0.0.1:5/datasets-server",
        "http://localhost:5": "http://localhost:5/datasets-server",
    }.get(endpoint)


def _commit(hub: Running, id: str) -> str:
    from huggingface_hub import HfApi

    return str(HfApi(endpoint=hub.url).dataset_info(id).sha)


def _fresh(hub: Running) -> Session:
    session = Session()
    session.settings.response_cache_minutes = 0
    session.settings.endpoint = hub.url
    return session


def _range(begin: int, end: int) -> Any:
    from hf_nb.data.files.file import Range

    return Range(begin, end)
