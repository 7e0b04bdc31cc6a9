"""The viewer and what nobody wants to find in a dataset: the process that reads it stays up and small."""

from __future__ import annotations

import io
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hf_nb.data.serving.stems import STOPS, stem
from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from tests.offline import tables

Ask = Callable[..., Any]
LONG = "x" * 400_000
TEXTS = (
    "The ship sails. A ship is a ship.",
    "ships and boats and a harbour with many more words than the others have in it altogether",
    "boat",
    "harbour boats, harbour masters",
    "Sailing is not what boats are for",
    "no water here",
    "ship" * 3,
)


def parquet(table: Any, **how: Any) -> bytes:
    import pyarrow.parquet

    kept = io.BytesIO()
    pyarrow.parquet.write_table(table, kept, **how)
    return kept.getvalue()


def odd() -> dict[str, bytes]:
    """Files by the name of their dataset."""
    import pyarrow

    numbers = pyarrow.table({"a": [1, 2, 3]})
    twice = pyarrow.Table.from_arrays([pyarrow.array([1]), pyarrow.array([2])], names=["a", "a"])
    return {
        "long": parquet(pyarrow.table({"text": [LONG] * 30, "n": list(range(30))})),
        "no-rows": parquet(numbers.slice(0, 0)),
        "no-columns": parquet(pyarrow.table({})),
        "twice": parquet(twice),
        "bad-note": parquet(numbers.replace_schema_metadata({"huggingface": "{not json"})),
        "odd-note": parquet(
            numbers.replace_schema_metadata(
                {"huggingface": json.dumps({"info": {"features": {"a": {"_type": "Nobody"}}}})}
            )
        ),
        "cut": parquet(numbers)[:-9],
        "texts": parquet(pyarrow.table({"text": list(TEXTS), "n": list(range(len(TEXTS)))})),
        "index": parquet(pyarrow.table({"__hf_index_id": [7], "file_row_number": [8], "data": [9]})),
        "no-picture": parquet(
            pyarrow.table(
                {"picture": [{"bytes": b"<svg onload=alert(1)>", "path": None}]},
                schema=pyarrow.schema(
                    {"picture": pyarrow.struct({"bytes": pyarrow.binary(), "path": pyarrow.string()})}
                ),
            ).replace_schema_metadata(
                {"huggingface": json.dumps({"info": {"features": {"picture": {"_type": "Image"}}}})}
            )
        ),
    }


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    root = tmp_path_factory.mktemp("odd") / "store"
    store = Store.open(root)
    tables.fill(store)
    for name, content in odd().items():
        tables.made(store, f"demo/{name}", {"train.parquet": content})
    store.close()
    with start(root, rows="hf_nb.data.serving") as running:
        yield running


@pytest.fixture
def ask(hub: Running) -> Iterator[Ask]:
    from huggingface_hub.utils import httpx

    with httpx.Client(base_url=hub.url, timeout=60, trust_env=False) as client:

        def send(what: str, name: str, *, timeout: float = 60, **params: Any) -> Any:
            where = {"dataset": f"demo/{name}", "config": "default", "split": "train", **params}
            return client.get(f"/datasets-server/{what}", params=where, timeout=timeout)

        yield send


@pytest.mark.parametrize("name", list(odd()))
def test_every_odd_dataset_has_an_answer_or_a_named_refusal(ask: Ask, name: str) -> None:
    for what in (
        "is-valid",
        "splits",
        "size",
        "info",
        "parquet",
        "first-rows",
        "rows",
        "statistics",
        "filter",
    ):
        answer = ask(what, name)
        assert answer.status_code in (200, 404, 422, 500, 501), what
        assert answer.status_code == 200 or (answer.headers["x-error-code"] and answer.json()["error"])
        assert "hf-nb-engine" not in answer.text
    assert ask("rows", "table", length=1).status_code == 200


def test_no_rows_are_a_table_all_the_same(ask: Ask) -> None:
    assert ask("rows", "no-rows").json()["rows"] == []
    assert ask("rows", "no-rows").json()["num_rows_total"] == 0
    assert [one["name"] for one in ask("first-rows", "no-rows").json()["features"]] == ["a"]
    assert ask("statistics", "no-rows").json()["statistics"] == []


def test_long_cells_are_cut_in_the_first_rows_and_whole_in_a_page(ask: Ask) -> None:
    first = ask("first-rows", "long")
    assert len(first.content) < 1_200_000
    assert first.json()["truncated"]
    assert len(first.json()["rows"]) >= 10
    assert all(row["truncated_cells"] == ["text"] for row in first.json()["rows"])
    whole = ask("rows", "long", offset=29, length=1).json()["rows"][0]
    assert (len(whole["row"]["text"]), whole["truncated_cells"]) == (len(LONG), [])


def test_what_is_no_picture_is_served_as_a_file_that_does_nothing(ask: Ask) -> None:
    from huggingface_hub.utils import httpx

    row = ask("rows", "no-picture").json()["rows"][0]["row"]
    assert (row["picture"]["height"], row["picture"]["width"]) == (None, None)
    answer = httpx.get(row["picture"]["src"], trust_env=False)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_work_nobody_waits_for_is_stopped(ask: Ask) -> None:
    from huggingface_hub.utils import httpx

    endless = "(SELECT sum(range % 7) FROM range(1000000000000)) > 0"
    assert ask("rows", "table", length=1).status_code == 200  # it is Parquet from here on
    for _ in range(4):  # more than are answered at once
        with pytest.raises(httpx.ReadTimeout):
            ask("filter", "table", where=endless, timeout=0.7)
    assert ask("filter", "table", where='"id" = 3', timeout=30).json()["num_rows_total"] == 1


def test_the_best_match_comes_first_as_bm25_ranks(ask: Ask) -> None:
    documents = [
        [stem(word) for word in re.findall("[a-z]+", text.lower()) if word not in STOPS] for text in TEXTS
    ]
    mean = sum(map(len, documents)) / len(documents)
    for query in ("ship", "boats harbour", "sail", "the water", "ships boat sailing"):
        wanted = {stem(word) for word in query.split() if word not in STOPS}
        scores = {}
        for number, words in enumerate(documents):
            counts, score = Counter(words), 0.0
            for word in wanted:
                holding = sum(word in one for one in documents)
                rare = math.log10((len(documents) - holding + 0.5) / (holding + 0.5) + 1)
                score += rare * counts[word] * 2.2 / (counts[word] + 1.2 * (0.25 + 0.75 * len(words) / mean))
            if score:
                scores[number] = score
        right = sorted(scores, key=lambda number: (-round(scores[number], 9), number))
        found = ask("search", "texts", query=query).json()
        assert [row["row_idx"] for row in found["rows"]] == right, query
        assert found["num_rows_total"] == len(right)


@pytest.mark.parametrize(
    ("words", "root"),
    [
        ("connect connected connecting connection connections", "connect"),
        ("caresses", "caress"), ("ponies", "poni"), ("cats", "cat"), ("feed", "feed"), ("agreed", "agre"),
        ("plastered", "plaster"), ("bled", "bled"), ("motoring", "motor"), ("sing", "sing"),
        ("conflated", "conflat"), ("troubled", "troubl"), ("sized", "size"), ("hopping", "hop"),
        ("falling", "fall"), ("hissing", "hiss"), ("failing", "fail"), ("filing", "file"), ("happy", "happi"),
        ("sky", "sky"), ("relational", "relat"), ("conditional", "condit"), ("digitizer", "digit"),
        ("vietnamization", "vietnam"), ("operator", "oper"), ("feudalism", "feudal"), ("hopefulness", "hope"),
        ("formality", "formal"), ("sensibility", "sensibl"), ("triplicate", "triplic"), ("formative", "form"),
        ("electrical", "electr"), ("goodness", "good"), ("revival", "reviv"), ("adjustable", "adjust"),
        ("replacement", "replac"), ("adoption", "adopt"), ("homologous", "homolog"), ("effective", "effect"),
        ("probate", "probat"), ("rate", "rate"), ("cease", "ceas"), ("controlling", "control"), ("roll", "roll"),
    ],
)  # fmt: skip
def test_stems_are_those_of_porters_paper(words: str, root: str) -> None:
    assert {stem(word) for word in words.split()} == {root}
