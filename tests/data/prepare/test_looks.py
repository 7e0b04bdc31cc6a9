"""`balance`, `tokens`, `languages`, `personal`: numbers as others count them, and nothing personal in any output."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.parquet
import pytest

import hf_nb
from hf_nb.data.preparing import languages as room
from hf_nb.data.preparing import personal
from hf_nb.errors import BadInput, HfNbError, NotFound
from hf_nb.offline.running import Running
from hf_nb.plumbing import personal as patterns
from tests.hub.pulling import own_cache

TICKETS, DIGITS, LEAKS = "hfnb-lab/tickets", "hfnb-demo/digits", "hfnb-lab/reviews-with-leaks"
MODEL = "hfnb-demo/sentiment-en"


@pytest.fixture
def cached(hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_cache(tmp_path / "cache", monkeypatch)
    return tmp_path


def test_classes_are_counted_and_called_by_their_names(cached: Path) -> None:
    found = hf_nb.data.balance(DIGITS, "label", split="test")
    shown = (
        hf_nb.data.preview(DIGITS, split="test", limit=1000, columns="label").to_arrow().column(0).to_pylist()
    )
    names = next(one.labels for one in hf_nb.data.open(DIGITS, split="test").columns if one.name == "label")
    counted = Counter(names[one] if names else str(one) for one in shown)
    assert {one.name: one.rows for one in found} == counted
    assert found.said.startswith("The 10 classes are even")
    assert found.looked.all


def test_an_uneven_column_is_said_to_be_uneven() -> None:
    found = hf_nb.data.balance([{"c": one} for one in ["a"] * 90 + ["b"] * 9 + ["c"] + [None] * 5], "c")
    assert found.missing == 5
    assert (
        found.said
        == "The 3 classes are very uneven: a has 90.0 times as many rows as c; who always says a is right in 90 %."
    )
    assert found.even == pytest.approx(2 ** -sum(p * numpy.log2(p) for p in (0.9, 0.09, 0.01)))
    nan = hf_nb.data.balance(pa.table({"c": [1.0, float("nan"), float("nan")]}), "c")
    assert [(one.name, one.rows) for one in nan] == [("NaN", 2), ("1.0", 1)]
    assert hf_nb.data.balance(pa.table({"c": pa.array([], "string")}), "c").said == "No row has a class."


def test_what_names_no_classes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match="names no classes"):
        hf_nb.data.balance([{"c": [1]}], "c")
    with pytest.raises(BadInput, match="10,000 different"):
        hf_nb.data.balance(pa.table({"c": list(range(20_000))}), "c")


def test_lengths_are_those_the_tokenizer_of_transformers_gives(cached: Path) -> None:
    transformers = pytest.importorskip("transformers")
    found = hf_nb.data.tokens(LEAKS, "text", tokenizer=MODEL, split="validation", at=60)
    made = transformers.AutoTokenizer.from_pretrained(MODEL)
    rows = (
        hf_nb.data.preview(LEAKS, split="validation", limit=1000, columns="text")
        .to_arrow()
        .column(0)
        .to_pylist()
    )
    lengths = sorted(len(one) for one in made(rows)["input_ids"])
    assert found.texts == len(lengths) == 300
    assert found.tokens == sum(lengths)
    told = dict(found.quantiles)
    assert (told[0.0], told[1.0]) == (lengths[0], lengths[-1])
    assert told[0.5] == numpy.quantile(lengths, 0.5, method="inverted_cdf")
    assert told[0.95] == numpy.quantile(lengths, 0.95, method="inverted_cdf")
    assert sum(found.counts) == 300
    cut = next(one for one in found.cuts if one.at == 60)
    assert (cut.rows, cut.tokens) == (
        sum(one > 60 for one in lengths),
        sum(max(0, one - 60) for one in lengths),
    )
    again = hf_nb.data.tokens(LEAKS, tokenizer=made, split="validation", at=60)
    assert (again.column, again.quantiles) == ("text", found.quantiles)


def test_missing_texts_lists_and_wrong_tokenizers(cached: Path) -> None:
    rows = [{"m": [{"role": "user", "content": "good day"}]}, {"m": None}, {"m": []}]
    found = hf_nb.data.tokens(rows, tokenizer=MODEL)
    assert (found.texts, found.missing) == (2, 1)
    words = hf_nb.data.tokens([{"t": "good day"}], tokenizer=MODEL)
    assert dict(found.quantiles)[1.0] == dict(words.quantiles)[1.0]  # not the word "user"
    with pytest.raises(NotFound):
        hf_nb.data.tokens(rows, tokenizer="hfnb-demo/no-such-model")
    with pytest.raises(HfNbError, match="tokenizer"):
        hf_nb.data.tokens(rows, tokenizer="hfnb-demo/iris-logreg")
    with pytest.raises(BadInput, match="is no tokenizer"):
        hf_nb.data.tokens(rows, tokenizer=3)
    with pytest.raises(BadInput, match="holds no text"):
        hf_nb.data.tokens([{"n": 1}], "n", tokenizer=MODEL)


GERMAN = (
    "Der Zug nach Hamburg kommt heute leider eine halbe Stunde später an, sagte der Schaffner freundlich."
)
FRENCH = "Le chat dort toute la journée sur le canapé pendant que les enfants jouent dans le jardin."
ENGLISH = "The committee will meet on Thursday afternoon to discuss the results of the survey."


def test_languages_are_told_with_shares_and_rows() -> None:
    rows = [{"t": one} for one in [ENGLISH] * 6 + [GERMAN] * 3 + [FRENCH] + ["", None, "42"]]
    found = hf_nb.data.languages(rows)
    assert [(one.code, one.rows, one.samples) for one in found] == [
        ("en", 6, (0, 1, 2)), ("de", 3, (6, 7, 8)), (None, 1, (12,)), ("fr", 1, (9,))
    ]  # fmt: skip
    assert found.empty == 2
    assert found[0].share == pytest.approx(6 / 11)


def test_of_a_long_table_stretches_are_looked_at_and_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "ROWS", 200)
    rows = [GERMAN] * 500 + [ENGLISH] * 500
    pa.parquet.write_table(pa.table({"t": rows}), tmp_path / "t.parquet", row_group_size=100)
    found = hf_nb.data.languages(tmp_path / "t.parquet")
    assert {one.code: one.share for one in found} == {"de": 0.5, "en": 0.5}
    assert (found.looked.rows, found.looked.of) == (200, 1000)
    assert "200 of 1,000 rows" in str(found)
    assert "--exact" in str(found)
    whole = hf_nb.data.languages(tmp_path / "t.parquet", exact=True)
    assert whole.looked.all
    assert "all 1,000 rows" in str(whole)


def test_what_was_planted_is_found_all_of_it_and_nothing_else(
    cached: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(personal, "LISTED", 10_000)
    rows = (
        hf_nb.data.preview(TICKETS, split="train", limit=2000, columns="planted")
        .to_arrow()
        .column(0)
        .to_pylist()
    )
    truth = {(at, one["kind"]) for at, one in enumerate(rows) if one}
    found = hf_nb.data.personal(TICKETS, split="train", columns="messages,customer,id,tags")
    assert {(one.row, one.kind) for one in found} == truth
    assert len(found) == len(truth) == found.holding > 900
    said = json.dumps(found.to_dict()) + str(found) + found._repr_mimebundle_()["text/html"]
    values = {one["text"] for one in rows if one}
    assert not [one for one in values if one in said]


CLEAN = [
    "On 2024-01-05 at 12:30 we sold 1,234,567.89 units", "version 1.2.3.4 of v10.20.30.40", "isbn 978-3-16-148410-0",
    "0.4111111111111111", "sha 4111111111111111abc", "range 1990-2000 / 2001-2002 2003", "10.0.0.1 and 192.168.1.1",
    "a@b", "std::vector and 12:34:56", "id 1234567890123456", "1 2 3 4 5 6 7 8 9 10", "pi 3.14159265358979",
    "0800-12-24", "ratio 100:200:300:400", "DE00 0000 0000 0000 0000 00", "4111 1111 1111 1112",
]  # fmt: skip


@pytest.mark.parametrize("text", CLEAN)
def test_numbers_that_are_nobodys_are_left_alone(text: str) -> None:
    assert list(patterns.found(text)) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("mail j.doe+x@mail.example.co.uk.", "email", "j.doe+x@mail.example.co.uk"),
        ("IBAN GB82 WEST 1234 5698 7654 32 SOON", "iban", "GB82 WEST 1234 5698 7654 32"),
        ("(+49 30 1234 5678)", "phone", "+49 30 1234 5678"),
        ("call 030 1234567 now", "phone", "030 1234567"),
        ("card 4012888888881881", "card", "4012888888881881"),
        ("amex 3782 822463 10005", "card", "3782 822463 10005"),
        ("from 2001:db8::8a2e:370:7334 today", "ip", "2001:db8::8a2e:370:7334"),
        ("from 203.0.113.7, twice", "ip", "203.0.113.7"),
    ],
)
def test_what_belongs_to_somebody_is_found_and_masked(text: str, kind: str, value: str) -> None:
    assert list(patterns.found(text)) == [(kind, value)]
    masked = patterns.masked(kind, value)
    assert value not in masked
    assert len(masked.replace("…", "")) <= len(value) / 2


def test_keys_are_found_by_the_rules_a_push_has_and_never_shown() -> None:
    dice = random.Random(3)  # noqa: S311 -- nobody's
    token = "hf_" + "".join(dice.choices("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=34))
    password = "postgres://bob:s3cretPa55@db.corp.io/x"  # nobody's
    rows: list[dict[str, Any]] = [{"t": "nothing"} for _ in range(50)]
    rows += [{"t": f"my key is {token}"}, {"t": None}, {"t": password}, {"t": f"a\nb {token}\nc"}]
    found = hf_nb.data.personal(rows)
    assert [(one.row, one.kind) for one in found] == [
        (50, "Hugging Face token"), (52, "database password"), (53, "Hugging Face token")
    ]  # fmt: skip
    said = json.dumps(found.to_dict()) + str(found)
    assert token not in said
    assert "s3cret" not in said


def test_a_hostile_text_takes_no_long_time() -> None:
    hostile = [
        "1 " * 100_000,
        "@" * 100_000,
        "a." * 50_000 + "@",
        ":" * 100_000,
        "+1" * 50_000,
        "DE12 " * 30_000,
        "a@" + "b." * 50_000,
    ]
    assert hf_nb.data.personal([{"t": one} for one in hostile]).looked.rows == len(hostile)
