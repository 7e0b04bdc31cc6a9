"""The dataset viewer's rows, against what pyarrow and DuckDB read from the same files."""

from __future__ import annotations

import io
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from tests.offline import tables
from tests.offline.small import LEARNER, STRANGER, TEACHER

TABLE = {"dataset": "demo/table", "config": "default", "split": "train"}
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def _viewer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("viewer") / "store"
    store = Store.open(root)
    tables.fill(store)
    store.close()
    with start(root, rows="hf_nb.data.serving") as running:
        yield running


@pytest.fixture
def viewer(_viewer: Running) -> Iterator[Running]:
    _viewer.clear_requests()
    yield _viewer
    _viewer.clear_faults()
    _viewer.reset_clock()


@pytest.fixture
def ask(viewer: Running) -> Iterator[Ask]:
    from huggingface_hub.utils import httpx

    with httpx.Client(base_url=viewer.url, timeout=60, trust_env=False) as client:

        def send(what: str, *, token: str = "", **params: Any) -> Any:
            headers = {"authorization": f"Bearer {token}"} if token else {}
            path = what if what.startswith(("/", "http")) else f"/datasets-server/{what}"
            return client.get(path, params=params or None, headers=headers)

        yield send


def wanted(number: int) -> dict[str, Any]:
    """A row as the API should write it, from what was written."""
    found = tables.row(number)
    score = found["score"]
    return {
        "id": number,
        "score": None if score is None or math.isnan(score) else score,
        "flag": found["flag"],
        "text": found["text"],
        "kind": found["kind"],
        "few": found["few"],
        "when": found["when"] and found["when"].isoformat().replace("+00:00", "Z"),
        "numbers": found["numbers"],
        "chat": found["chat"],
        'odd "name".ü': found['odd "name".ü'],
        "bytes": None,
    }


def plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("picture", "album", "sound")}


@pytest.mark.parametrize(
    ("offset", "length"), [(0, 100), (63, 3), (205, 10), (349, 5), (350, 5), (10**15, 1), (7, 0)]
)
def test_rows_are_those_of_the_files_across_row_groups_and_files(ask: Ask, offset: int, length: int) -> None:
    answer = ask("rows", **TABLE, offset=offset, length=length)
    found = answer.json()
    numbers = [number for number in range(offset, offset + length) if number < tables.ROWS]
    assert [one["row_idx"] for one in found["rows"]] == numbers
    assert [plain(one["row"]) for one in found["rows"]] == [wanted(number) for number in numbers]
    assert all(one["truncated_cells"] == [] for one in found["rows"])
    assert (found["num_rows_total"], found["num_rows_per_page"], found["partial"]) == (350, 100, False)
    types = tables.features().to_dict()
    assert found["features"] == [
        {"feature_idx": place, "name": name, "type": types[name]} for place, name in enumerate(types)
    ]
    assert len(answer.headers["x-revision"]) == 40


def test_pictures_and_sounds_are_addresses_that_lead_to_their_bytes_for_an_hour(
    ask: Ask, viewer: Running
) -> None:
    row = ask("rows", **TABLE, offset=14, length=1).json()["rows"][0]["row"]
    assert (row["picture"]["width"], row["picture"]["height"]) == (6, 3)
    assert [one["width"] for one in row["album"]] == [1, 2]
    assert [one["type"] for one in row["sound"]] == ["audio/wav"]
    for src, content, kind in (
        (row["picture"]["src"], tables.picture(6), "image/png"),
        (row["album"][1]["src"], tables.picture(2), "image/png"),
        (row["sound"][0]["src"], tables.sound(64), "audio/wav"),
    ):
        answer = ask(src)
        assert (answer.status_code, answer.content) == (200, content)
        assert answer.headers["content-type"] == kind
        assert "sandbox" in answer.headers["content-security-policy"]
        wrong = src[:-1] + ("0" if src[-1] != "0" else "1")
        assert ask(wrong).status_code == 403
        assert ask(src.replace("/14/", "/15/")).status_code == 403
    viewer.pass_(3660)
    assert ask(row["picture"]["src"]).status_code == 403


def test_first_rows_fit_into_a_megabyte(ask: Ask) -> None:
    found = ask("first-rows", **TABLE).json()
    assert {name: found[name] for name in TABLE} == TABLE
    assert len(found["rows"]) == 100
    assert found["truncated"]
    assert plain(found["rows"][99]["row"]) == wanted(99)
    whole = ask("first-rows", **{**TABLE, "split": "test"}).json()
    assert (len(whole["rows"]), whole["truncated"]) == (tables.TESTED, False)


@pytest.mark.parametrize(
    ("where", "order", "fits"),
    [
        ('"id" >= 100', "", lambda row: row["id"] >= 100),
        ('"few" = \'label 2\' AND "flag"', "", lambda row: row["few"] == "label 2" and row["flag"]),
        ('"text" IS NULL', "", lambda row: row["text"] is None),
        ("\"text\" LIKE '%cat%'", "", lambda row: row["text"] and "cat" in row["text"]),
        ('"odd ""name"".ü" < 3', "", lambda row: row['odd "name".ü'] < 3),
        ("\"when\" < '2024-03-01'", "", lambda row: row["when"] and row["when"].isoformat() < "2024-03-01"),
        ('len("numbers") = 5', '"id" DESC', lambda row: row["numbers"] and len(row["numbers"]) == 5),
        ("", '"kind", "id" DESC', lambda _: True),
    ],
)
def test_a_filter_finds_what_python_finds(ask: Ask, where: str, order: str, fits: Any) -> None:
    rows = [tables.row(number) for number in range(tables.ROWS)]
    right = [row["id"] for row in rows if fits(row)]
    if "kind" in order:
        right = [row["id"] for row in sorted(rows, key=lambda row: (row["kind"], -row["id"]))]
    elif order:
        right = right[::-1]
    found = ask("filter", **TABLE, where=where, orderby=order, offset=3, length=20).json()
    assert [one["row_idx"] for one in found["rows"]] == right[3:23]
    assert found["num_rows_total"] == len(right)
    assert [plain(one["row"]) for one in found["rows"]] == [wanted(number) for number in right[3:23]]
    assert ask(found["rows"][1]["row"]["picture"]["src"]).status_code == 200 if len(right) < 30 else True


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ('"id" >', "A query parameter is invalid"),
        ('"nothing" = 1', "A query parameter is invalid"),
        ("1=1; DROP TABLE data", "Parameter 'where' contains invalid symbols"),
        ("1=1 -- x", "Parameter 'where' contains invalid symbols"),
        ("1=1 /* x */", "Parameter 'where' contains invalid symbols"),
        ("\"id\" IN (SELECT 1 FROM read_text('/etc/hostname'))", "A query parameter is invalid"),
        ("\"id\" IN (SELECT 1 FROM glob('/etc/host*'))", "A query parameter is invalid"),
        ('"id" IN (SELECT 1 FROM asked)', "A query parameter is invalid"),
    ],
)
def test_a_condition_reads_this_table_and_nothing_else(ask: Ask, where: str, words: str) -> None:
    answer = ask("filter", **TABLE, where=where)
    assert (answer.status_code, answer.json()["error"]) == (422, words)
    assert answer.headers["x-error-code"] == "InvalidParameter"


def test_a_search_finds_every_form_of_a_word_and_the_best_first(ask: Ask) -> None:
    found = ask("search", **TABLE, query="Dog runs").json()
    rows = [tables.row(number) for number in range(tables.ROWS)]
    holds = {row["id"] for row in rows if row["text"] and ("dog" in row["text"] or "running" in row["text"])}
    assert found["num_rows_total"] == len(holds)
    assert {one["row_idx"] for one in found["rows"]} <= holds
    connected = ask("search", **TABLE, query="connecting").json()
    assert {one["row"]["text"].split()[0] for one in connected["rows"]} == {"connections", "connected"}
    few = ask("search", **TABLE, query="cat OR connections", length=1).json()["rows"]
    assert few[0]["row"]["text"].split()[0] in ("connections", "connected", "a")
    for nothing in ("zebra", "the", "123"):  # unknown, too common, no letters
        assert ask("search", **TABLE, query=nothing).json()["num_rows_total"] == 0
    second = ask("search", **TABLE, query="dog", offset=5, length=2).json()["rows"]
    assert second == ask("search", **TABLE, query="dog").json()["rows"][5:7]


def test_statistics_are_those_numpy_counts(ask: Ask) -> None:
    import numpy

    answer = ask("statistics", **TABLE).json()
    assert (answer["num_examples"], answer["partial"]) == (tables.ROWS, False)
    found = {one["column_name"]: one for one in answer["statistics"]}
    kinds = {name: one["column_type"] for name, one in found.items()}
    assert kinds == {
        "id": "int", "score": "float", "flag": "bool", "text": "string_text", "kind": "class_label",
        "few": "string_label", "when": "datetime", "numbers": "list", "chat": "list", "picture": "image",
        "album": "list", "sound": "audio", 'odd "name".ü': "float",
    }  # fmt: skip
    rows = [tables.row(number) for number in range(tables.ROWS)]
    scores = numpy.array(
        [row["score"] for row in rows if row["score"] is not None and not math.isnan(row["score"])]
    )
    score = found["score"]["column_statistics"]
    counts, edges = numpy.histogram(scores, 10)
    assert score["histogram"]["hist"] == counts.tolist()
    assert score["histogram"]["bin_edges"] == pytest.approx(edges.tolist(), abs=1e-5)
    assert score["nan_count"] == tables.ROWS - len(scores)
    assert score["std"] == pytest.approx(scores.std(ddof=1), abs=1e-5)
    assert score["median"] == pytest.approx(numpy.median(scores), abs=1e-5)
    whole = found["id"]["column_statistics"]["histogram"]
    assert whole == {"hist": [35] * 10, "bin_edges": [*range(0, 350, 35), 349]}
    kind = found["kind"]["column_statistics"]
    assert kind["no_label_count"] == sum(row["kind"] == -1 for row in rows)
    assert kind["frequencies"] == {
        name: sum(row["kind"] == place for row in rows) for place, name in enumerate(tables.KINDS)
    }
    missing = sum(row["flag"] is None for row in rows)
    assert found["flag"]["column_statistics"]["nan_count"] == missing
    assert found["flag"]["column_statistics"]["frequencies"]["True"] == sum(
        row["flag"] is True for row in rows
    )
    assert found["few"]["column_statistics"]["n_unique"] == 4
    assert found["text"]["column_statistics"]["max"] == max(len(row["text"] or "") for row in rows)
    assert found["numbers"]["column_statistics"]["max"] == 5
    assert found["picture"]["column_statistics"]["max"] == 9
    assert found["sound"]["column_statistics"]["max"] == pytest.approx(0.69)
    when = found["when"]["column_statistics"]
    assert (when["min"], when["max"]) == ("2024-02-28 00:00:00+0000", "2024-05-10 17:00:00+0000")
    assert sum(when["histogram"]["hist"]) == tables.ROWS - missing


def test_csv_and_jsonl_become_parquet_on_a_branch_of_their_own(ask: Ask, viewer: Running) -> None:
    import pyarrow.parquet

    told = ask("parquet", dataset="demo/csv").json()
    assert [(one["config"], one["split"], one["filename"]) for one in told["parquet_files"]] == [
        ("default", "train", "0000.parquet"),
        ("default", "validation", "0000.parquet"),
    ]
    one = told["parquet_files"][0]
    assert "/datasets/demo/csv/resolve/refs%2Fconvert%2Fparquet/default/train/0000.parquet" in one["url"]
    from huggingface_hub.utils import httpx

    content = httpx.get(one["url"], follow_redirects=True, trust_env=False).content
    assert len(content) == one["size"]
    table = pyarrow.parquet.read_table(io.BytesIO(content))
    assert table.column("text").to_pylist() == ["two\nlines", 'a "quoted" word', None]
    refs = ask("/api/datasets/demo/csv/refs").json()["converts"]
    assert [(ref["name"], ref["ref"]) for ref in refs] == [("parquet", "refs/convert/parquet")]


def test_what_is_parquet_already_is_named_again_and_not_copied(ask: Ask, viewer: Running) -> None:
    ask("splits", dataset="demo/table")
    branch = ask("/api/datasets/demo/table/tree/refs%2Fconvert%2Fparquet/default/train").json()
    main = ask("/api/datasets/demo/table/tree/main/data").json()
    names = {one["lfs"]["oid"]: one["path"] for one in branch}
    assert sorted(names.values()) == ["default/train/0000.parquet", "default/train/0001.parquet"]
    assert names.keys() <= {one["lfs"]["oid"] for one in main}


def test_the_branch_is_made_for_whoever_asks_for_it_first(ask: Ask) -> None:
    assert ask("/api/datasets/demo/several/refs").json()["converts"] == []
    tree = ask("/api/datasets/demo/several/tree/refs%2Fconvert%2Fparquet", recursive="true").json()
    assert {one["path"] for one in tree if one["type"] == "file"} == {
        ".gitattributes",
        "one/train/0000.parquet",
        "two/train/0000.parquet",
    }


def test_several_configurations_one_of_them_broken(ask: Ask) -> None:
    found = ask("splits", dataset="demo/several").json()
    assert [(one["config"], one["split"]) for one in found["splits"]] == [("one", "train"), ("two", "train")]
    assert [one["config"] for one in found["failed"]] == ["broken"]
    assert found["pending"] == []
    one = ask("rows", dataset="demo/several", config="one", split="train").json()
    assert [row["row"]["a"] for row in one["rows"]] == [{"b": [1, 2]}, {"b": None}]
    broken = ask("rows", dataset="demo/several", config="broken", split="train")
    assert broken.status_code == 500
    assert "JSON" in broken.json()["cause_message"]
    assert str(tables.__file__) not in broken.text
    assert "hf-nb-engine" not in broken.text


def test_sizes_and_descriptions_agree_with_the_files(ask: Ask) -> None:
    size = ask("size", dataset="demo/table").json()["size"]
    parquet = ask("parquet", dataset="demo/table").json()["parquet_files"]
    assert size["dataset"]["num_rows"] == tables.ROWS + tables.TESTED
    assert size["dataset"]["num_bytes_parquet_files"] == sum(one["size"] for one in parquet)
    assert [(one["split"], one["num_rows"]) for one in size["splits"]] == [("train", 350), ("test", 40)]
    assert {one["num_columns"] for one in size["splits"]} == {14}
    one = ask("size", dataset="demo/table", config="default").json()["size"]
    assert one["config"]["num_rows"] == tables.ROWS + tables.TESTED
    about = ask("info", dataset="demo/table").json()["dataset_info"]["default"]
    assert about["features"] == tables.features().to_dict()
    assert about["splits"]["train"]["num_examples"] == tables.ROWS
    assert ask("info", dataset="demo/table", config="default").json()["dataset_info"] == about


def test_is_valid_says_what_can_be_asked(ask: Ask) -> None:
    every = ("preview", "viewer", "search", "filter", "statistics")
    assert ask("is-valid", dataset="demo/table").json() == dict.fromkeys(every, True)
    assert ask("is-valid", dataset="demo/empty").json() == dict.fromkeys(every, False)
    assert ask("is-valid", dataset="demo/several", config="two").json()["search"] is False


@pytest.mark.parametrize(
    ("what", "params", "status", "code", "words"),
    [
        ("splits", {}, 422, "MissingRequiredParameter", "Parameter 'dataset' is required"),
        ("rows", {"dataset": "demo/table"}, 422, "MissingRequiredParameter", "Parameter 'config' is required"),
        ("search", TABLE, 422, "MissingRequiredParameter", "Parameter 'query' is required"),
        ("rows", TABLE | {"length": 101}, 422, "InvalidParameter", "Parameter 'length' must not be greater than 100"),
        ("rows", TABLE | {"length": "x"}, 422, "InvalidParameter", "Parameter 'length' must be integer"),
        ("rows", TABLE | {"offset": -1}, 422, "InvalidParameter", "Parameter 'offset' must be positive"),
        ("rows", TABLE | {"split": "x"}, 404, "ResponseNotFound", "Not found."),
        ("rows", TABLE | {"config": "x"}, 404, "ResponseNotFound", "Not found."),
        ("splits", {"dataset": "demo/table", "config": "x"}, 404, "ResponseNotFound", "Not found."),
        ("splits", {"dataset": "demo/empty"}, 500, "EmptyDatasetError", "The dataset is empty."),
        ("splits", {"dataset": "nothing"}, 401, "ExternalUnauthenticatedError", None),
        ("splits", {"dataset": "demo/nothing"}, 401, "ExternalUnauthenticatedError", None),
        ("search", {"dataset": "demo/several", "config": "two", "split": "train", "query": "x"}, 501,
         "SearchFeatureNotAvailableError", "The split does not have search feature enabled."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_as_the_viewer_says_it(
    ask: Ask, what: str, params: dict[str, Any], status: int, code: str, words: str | None
) -> None:
    answer = ask(what, **params)
    assert (answer.status_code, answer.headers["x-error-code"]) == (status, code)
    assert words is None or answer.json()["error"] == words


def test_a_file_that_is_no_table_is_a_failure_of_its_dataset_alone(ask: Ask) -> None:
    answer = ask("splits", dataset="demo/broken", config="default")
    assert answer.status_code == 500
    assert answer.headers["x-error-code"]
    assert ask("rows", **TABLE, length=1).status_code == 200


@pytest.mark.parametrize("name", ["secret", "gate"])
def test_private_and_gated_rows_are_for_those_who_may(ask: Ask, name: str) -> None:
    where = {**TABLE, "dataset": f"demo/{name}"}
    for what in ("splits", "parquet", "size", "info", "is-valid", "rows", "first-rows", "statistics"):
        some = where if what in ("rows", "first-rows", "statistics") else {"dataset": where["dataset"]}
        nobody, stranger = ask(what, **some), ask(what, **some, token=STRANGER)
        assert (nobody.status_code, stranger.status_code) == (401, 404)
        assert nobody.json() == ask(what, **{**some, "dataset": "demo/nothing"}).json()
        assert ask(what, **some, token=TEACHER).status_code == 200
    assert ask("rows", **where, token=LEARNER).status_code == 200, "one of the organisation"
    row = ask("rows", **where, token=TEACHER, length=1).json()["rows"][0]["row"]
    assert ask(row["picture"]["src"]).status_code == 200, "an address from a row needs no token"
    assert ask(f"/api/datasets/demo/{name}/parquet").status_code == 401


def test_a_renamed_dataset_is_found_under_its_old_name(ask: Ask) -> None:
    found = ask("splits", dataset="demo/old-table").json()
    assert {one["dataset"] for one in found["splits"]} == {"demo/table"}


def test_the_hub_itself_names_the_files_too(ask: Ask) -> None:
    every = ask("/api/datasets/demo/table/parquet").json()
    assert {config: {split: len(files) for split, files in splits.items()} for config, splits in every.items()} == {
        "default": {"train": 2, "test": 1}
    }  # fmt: skip
    assert ask("/api/datasets/demo/table/parquet/default").json() == every["default"]
    assert ask("/api/datasets/demo/table/parquet/default/train").json() == every["default"]["train"]
    moved = ask(every["default"]["train"][1])
    assert moved.status_code == 302
    assert moved.headers["location"].endswith("/refs%2Fconvert%2Fparquet/default/train/0001.parquet")
    for nothing in ("default/train/2.parquet", "default/x", "x"):
        assert ask(f"/api/datasets/demo/table/parquet/{nothing}").status_code == 404


def test_limits_and_faults_strike_here_as_everywhere(ask: Ask, viewer: Running) -> None:
    assert ask("rows", **TABLE, length=1).headers["ratelimit"].startswith('"api"')
    with viewer.fault("status", status=503, match="GET /datasets-server/rows", count=1):
        assert ask("rows", **TABLE, length=1).status_code == 503
    with viewer.fault("status", status=500, repo="datasets/demo/table"):
        assert ask("size", dataset="demo/table").status_code == 500
        assert ask("size", dataset="demo/csv").status_code == 200
    whole = ask("rows", **TABLE, length=20)
    with (
        viewer.fault("cut", match="/datasets-server/rows", count=1),
        pytest.raises(Exception, match=r"peer|body"),
    ):
        ask("rows", **TABLE, length=20)
    assert ask("rows", **TABLE, length=20).headers["content-length"] == whole.headers["content-length"]


def test_without_the_process_that_reads_tables_there_is_no_viewer(
    tmp_path: Any,
) -> None:
    from huggingface_hub.utils import httpx

    store = Store.open(tmp_path / "store")
    tables.made(store, "demo/csv", {"train.csv": b"a\n1\n"})
    store.close()
    with start(tmp_path / "store") as plain_hub:
        answer = httpx.get(f"{plain_hub.url}/datasets-server/splits?dataset=demo/csv", trust_env=False)
        assert (answer.status_code, answer.headers["x-error-code"]) == (501, "NotImplemented")


def test_a_new_commit_is_seen_at_once(tmp_path: Any) -> None:
    from huggingface_hub import HfApi
    from huggingface_hub.utils import httpx

    store = Store.open(tmp_path / "store")
    store.user("me", "hf_me_offline")
    tables.made(store, "me/csv", {"train.csv": b"a\n1\n"})
    store.close()
    with start(tmp_path / "store", rows="hf_nb.data.serving") as hub:

        def size() -> Any:
            answer = httpx.get(f"{hub.url}/datasets-server/size?dataset=me/csv", trust_env=False, timeout=60)
            return answer.json()["size"]["dataset"]["num_rows"], answer.headers["x-revision"]

        before = size()
        HfApi(endpoint=hub.url, token="hf_me_offline").upload_file(
            path_or_fileobj=b"a\n1\n2\n", path_in_repo="train.csv", repo_id="me/csv", repo_type="dataset"
        )
        after = size()
        assert (before[0], after[0]) == (1, 2)
        assert before[1] != after[1]
        history = httpx.get(
            f"{hub.url}/api/datasets/me/csv/commits/refs%2Fconvert%2Fparquet", trust_env=False
        ).json()
        assert [one["title"] for one in history] == ["Update parquet files"] * 2


def test_the_official_library_lists_the_files(viewer: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import HfApi, constants

    monkeypatch.setattr(constants, "DATASETS_SERVER_ENDPOINT", f"{viewer.url}/datasets-server")
    monkeypatch.setattr(constants, "_HF_DEFAULT_ENDPOINT", viewer.url)
    found = HfApi(endpoint=viewer.url, token=TEACHER).list_dataset_parquet_files("demo/secret")
    assert [(one.config, one.split) for one in found] == [("default", "train")] * 2 + [("default", "test")]


def test_datasets_loads_the_branch(viewer: Running) -> None:
    """As people do who want a CSV's Parquet."""
    load = (
        "from datasets import load_dataset;"
        "print(load_dataset('demo/csv', revision='refs/convert/parquet', split='validation')['number'][:])"
    )
    run = subprocess.run(
        [sys.executable, "-c", load],
        env=viewer.environment_for(os.environ),
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert run.stdout.strip() == "[1, 2, 3]", run.stderr
