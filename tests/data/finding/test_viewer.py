"""The Hub's viewer is used where it is cheaper, held against the files, and costs little where it lies or is gone."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest

from hf_nb.data import finding, stats
from hf_nb.data.files import kept, meter, remote
from hf_nb.data.finding import copies, viewer
from hf_nb.data.query import elsewhere, scan
from hf_nb.data.query.view import View
from hf_nb.data.query.wanted import Wanted
from hf_nb.data.source import Source
from hf_nb.data.stats import viewed
from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from hf_nb.plumbing.session import Session
from hf_nb.values.summaries import Ranges, Summary, Values
from tests.data.finding import seen
from tests.data.finding.seen import LINES, ROWS, Liar, lying
from tests.hub.owning import Own
from tests.offline import small

COUNTED = ("id", "score", "flag", "few", "text", "when", "list")


@pytest.fixture(scope="module")
def _seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, dict[str, str]]]:
    root = tmp_path_factory.mktemp("seen") / "store"
    store = Store.open(root)
    small.fill(store)
    store.close()
    with start(root, rows="hf_nb.data.serving") as running, pytest.MonkeyPatch.context() as patch:
        yield running, seen.fill(Own(running, session(running), patch))


@pytest.fixture
def own(_seen: tuple[Running, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Own]:
    running = _seen[0]
    for name, value in running.environment.items():
        monkeypatch.setenv(name, value)
    running.clear_requests()
    made = Own(running, session(running), monkeypatch)
    made.be(None)
    monkeypatch.setattr(viewer, "SECONDS", 30.0)  # a slow machine counts slowly
    forget()
    yield made
    running.clear_faults()


@pytest.fixture
def ids(_seen: tuple[Running, dict[str, str]]) -> dict[str, str]:
    return _seen[1]


def forget() -> None:
    """What was fetched before is fetched again."""
    kept.kept = remote.kept = kept.Kept()  # type: ignore[attr-defined]


def session(running: Running) -> Session:
    made = Session()
    made.settings.endpoint, made.settings.response_cache_minutes = running.url, 0
    return made


def summed(source: Source, names: Any = None, **how: Any) -> dict[str, Summary]:
    best: dict[str, Summary] = {}
    for one in stats.summaries(source, None, names, **how):
        json.dumps(one.to_dict(), allow_nan=False)
        best[one.column] = one
    return best


def asked(own: Own, part: str = "datasets-server") -> list[str]:
    return [one["path"] for one in own.hub.requests() if part in one["path"]]


def test_columns_are_told_from_all_rows_by_one_question_instead_of_a_sample(own: Own, ids: dict[str, str]):
    with meter.counting() as spent:
        source = finding.open(ids["numbers"], session=own.session)
        told = summed(source, COUNTED)
    assert {one.by for one in told.values()} == {"the Hub's viewer"}
    assert {(one.basis, one.seen, one.of) for one in told.values()} == {("all", ROWS, ROWS)}
    assert asked(own) == ["/datasets-server/statistics"]
    with meter.counting() as sampled:
        source = finding.open(ids["numbers"], session=own.session)
        source.viewer = None
        forget()
        ours = summed(source, COUNTED)
    print(
        f"viewer {spent.bytes:,} bytes, {spent.requests} requests; sample {sampled.bytes:,}, {sampled.requests}"
    )
    assert {one.basis for one in ours.values()} == {"sample"}
    assert spent.bytes * 5 < sampled.bytes
    assert source.notes == ()


def test_what_the_viewer_counted_is_what_is_counted_here(own: Own, ids: dict[str, str]):
    source = finding.open(ids["numbers"], session=own.session)
    told = summed(source, COUNTED)
    ours = summed(finding.open(ids["numbers"], session=own.session), COUNTED, exact=True)
    assert not any(one.by for one in ours.values())
    frame = seen.table().to_pandas()
    for name in COUNTED:
        mine, theirs = ours[name], told[name]
        assert theirs.nulls == mine.nulls
        if isinstance(theirs.bars, Values):
            assert isinstance(mine.bars, Values)
            assert (theirs.bars.values, theirs.bars.counts) == (mine.bars.values, mine.bars.counts)
            assert theirs.distinct == mine.distinct
            continue
        assert isinstance(theirs.bars, Ranges)
        assert sum(theirs.bars.counts) == ROWS - (mine.nulls or 0)
        if name != "score":
            assert (theirs.low, theirs.high) == (mine.low, mine.high)
    for name in ("id", "score"):  # a bar taken as a filter finds as many rows as it shows
        bars = told[name].bars
        assert isinstance(bars, Ranges)
        slack = 0 if name == "id" else 2
        for at, count in enumerate(bars.counts):
            low, high = bars.edges[at : at + 2]
            last = at == len(bars.counts) - 1
            met = (frame[name] >= low) & ((frame[name] <= high) if last else (frame[name] < high))
            assert abs(met.sum() - count) <= slack


def test_a_column_that_the_viewer_does_not_count_is_sampled_beside_the_others(own: Own, ids: dict[str, str]):
    told = summed(finding.open(ids["numbers"], session=own.session), ["nested", "text"])
    assert (told["text"].by, told["nested"].by) == ("the Hub's viewer", "")
    assert told["nested"].basis == "sample"


def test_where_our_own_way_is_as_cheap_nobody_is_asked(
    own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(viewed, "A_COLUMN", 4_000)  # as much as a column of yes and no is in all
    told = summed(finding.open(ids["numbers"], session=own.session), ["flag"])["flag"]
    assert (told.basis, told.by, told.seen) == ("all", "", ROWS)
    path = "hf://datasets/" + ids["numbers"] + "/data/train-00000-of-00001.parquet"
    assert not summed(finding.open(path, session=own.session), ["text"])["text"].by
    assert asked(own) == []


def _statistics(column: str) -> Callable[[Any], Any]:
    def found(said: Any) -> Any:
        return next(one["column_statistics"] for one in said["statistics"] if one["column_name"] == column)

    return found


def change(column: str, *steps: Any) -> Callable[[Any], Any]:
    """Puts the last of the steps where the others lead."""

    def changed(said: Any) -> None:
        at = _statistics(column)(said)
        for step in steps[:-2]:
            at = at[step]
        at[steps[-2]] = steps[-1]

    return changed


def more(**what: Any) -> Callable[[Any], Any]:
    return lambda said: said.update(what)


def retyped(column: str, kind: str) -> Callable[[Any], Any]:
    def changed(said: Any) -> None:
        next(one for one in said["statistics"] if one["column_name"] == column)["column_type"] = kind

    return changed


def one_missing(said: Any) -> None:
    """As if a number were missing, in all figures alike."""
    told = _statistics("id")(said)
    told["nan_count"] += 1
    told["histogram"]["hist"][0] -= 1


LIES: dict[str, Callable[[Any], Any]] = {
    "another count": more(num_examples=ROWS + 1),
    "no count": more(num_examples="<b>many</b>"),
    "a part": more(partial=True),
    "a part, or nobody knows": lambda said: {name: one for name, one in said.items() if name != "partial"},
    "a column that is not there": lambda said: said["statistics"][0].update(column_name="nobody"),
    "a column of another kind": retyped("text", "int"),
    "a list as a text": retyped("list", "string_text"),
    "a label that is none": retyped("few", "class_label"),
    "bars that are too high": change("id", "histogram", "hist", 0, 10**9),
    "bars that do not add up": change("id", "histogram", "hist", 0, 1),
    "bars below nothing": change("text", "histogram", "hist", 0, -1),
    "bars that go back": change("id", "histogram", "bin_edges", 3, 0),
    "bars that end elsewhere": change("id", "histogram", "bin_edges", 0, -5),
    "no bars": change("id", "histogram", None),
    "more bars than edges": change("id", "histogram", "bin_edges", [0, ROWS - 1]),
    "another lowest": change("id", "min", 1),
    "another highest": change("score", "max", 1e9),
    "an endless number": change("score", "max", 1e999),
    "a mean beside all": change("text", "mean", 1e9),
    "a time that is none": change("when", "min", "<script>1</script>"),
    "another time": change("when", "max", "2999-01-01 00:00:00"),
    "more missing": change("id", "nan_count", 5),
    "one missing that is there": one_missing,
    "fewer missing": change("score", "nan_count", 0),
    "a truth that is neither": change("flag", "frequencies", {"True": 1, "<b>": ROWS - 1}),
    "values that do not add up": change("few", "frequencies", {"alpha": 1}),
    "values without counts": change("few", "frequencies", {"alpha": "<b>"}),
    "a list of nothing": lambda _: {"num_examples": ROWS, "statistics": [None], "partial": False},
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_one_column_sets_the_viewer_aside_and_says_so(
    own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch, lie: str
):
    liar = Liar(own.hub.url, LIES[lie])
    with lying(liar) as where:
        monkeypatch.setattr(viewer, "server", lambda _: where)
        source = finding.open(ids["numbers"], session=own.session)
        told = summed(source, ["id"])
    assert liar.asked
    assert not any(one.by for one in told.values())
    assert {one.basis for one in told.values()} == {"sample"}
    assert [note for note in source.notes if "viewer" in note and note.endswith("counted here.")]
    assert all("<" not in note for note in source.notes)
    if lie == "another count":
        assert "(how many rows)" in source.notes[0]


def test_another_version_is_not_believed_and_said(
    own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    with lying(Liar(own.hub.url, revision="0" * 40)) as where:
        monkeypatch.setattr(viewer, "server", lambda _: where)
        source = finding.open(ids["numbers"], session=own.session)
        assert not summed(source, ["text"])["text"].by
    assert source.notes == ("The Hub's viewer has another version of it; counted here.",)


TROUBLE: dict[str, dict[str, Any]] = {
    "429": {"status": 429}, "500": {"status": 500}, "501": {"status": 501}, "404": {"status": 404},
    "a page": {"raw": b"<html><script>alert(1)</script></html>"}, "nothing": {"raw": b""},
    "a list": {"raw": b"[]"}, "too deep": {"raw": b"[" * 100_000},
    "a huge body": {"raw": b'{"a":"' + b"x" * 30_000_000 + b'"}'}, "drop by drop": {"drip": True},
}  # fmt: skip


@pytest.mark.parametrize("kind", TROUBLE)
def test_a_viewer_in_trouble_costs_little_and_changes_nothing(
    own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch, kind: str
):
    monkeypatch.setattr(viewer, "SECONDS", 0.5)
    with lying(Liar(own.hub.url, **TROUBLE[kind])) as where:
        monkeypatch.setattr(viewer, "server", lambda _: where)
        source = finding.open(ids["numbers"], session=own.session)
        source.count()
        source.blocks(["text"])
        begun = time.monotonic()
        with meter.counting() as spent:
            assert source.viewer is not None
            assert source.viewer.ask("/statistics") is None
            assert source.viewer.ask("/statistics") is None
        assert time.monotonic() - begun < 5  # twice half a second, on a slow machine too
        assert spent.bytes < 4_000_000
        assert summed(source, ["text"])["text"].basis == "sample"
    assert source.notes == ()


def test_a_viewer_that_does_not_answer_is_left_alone_for_a_while(
    own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(viewer, "SECONDS", 0.3)
    liar = Liar(own.hub.url, drip=True)
    with lying(liar) as where:
        monkeypatch.setattr(viewer, "server", lambda _: where)
        for _ in range(3):
            assert viewer.sizes(ids["numbers"], "0" * 40, own.session) == {}
        assert len(liar.asked) == 1


def test_the_token_goes_to_the_hub_in_use_and_nowhere_else(
    own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    own.be("teacher")
    liar = Liar(own.hub.url)
    with lying(liar) as where:
        monkeypatch.setattr(viewer, "server", lambda _: where)
        source = finding.open(ids["numbers"], session=own.session)
        assert not summed(source, ["text"])["text"].by
    assert not any("authorization" in map(str.lower, sent) for _, sent in liar.asked)
    monkeypatch.undo()


def test_a_private_dataset_is_asked_about_with_the_users_token(own: Own, ids: dict[str, str]):
    own.be("teacher")
    api = own.api("teacher")
    api.update_repo_settings(ids["numbers"], private=True, repo_type="dataset")
    try:
        assert summed(finding.open(ids["numbers"], session=own.session), ["text"])["text"].by
        view = finding.open(ids["numbers"], session=own.session).viewer
        own.be("stranger")
        assert view is not None
        assert view.ask("/statistics") is None
    finally:
        api.update_repo_settings(ids["numbers"], private=False, repo_type="dataset")


@pytest.mark.parametrize("name", ["lines", "packed"])
def test_a_row_deep_in_large_texts_comes_from_the_hubs_copy(
    own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch, name: str
):
    moved = {}
    for way, large in (("copy", 100_000), ("texts", 1 << 40)):
        monkeypatch.setattr(copies, "LARGE", large)
        forget()
        own.hub.clear_requests()
        with meter.counting(cap=1 << 30) as spent:
            source = finding.open(ids[name], session=own.session)
            read = source.read(LINES - 10, 5)
        moved[way] = spent.bytes
        assert read.to_pylist() == [
            {"n": n, "words": f"word {n * 7919 % 1000}, and more", "part": n / 8}
            for n in range(LINES - 10, LINES - 5)
        ]
        assert (source.origin.form, source.rows) == (("parquet", LINES) if way == "copy" else ("csv", None))
        assert (copies.NOTE in source.notes) == (way == "copy")
        assert bool(asked(own, "datasets-server/parquet")) == (way == "copy")
    print(f"{name}: {moved}")
    assert moved["copy"] * 2 < moved["texts"]


def _elsewhere(said: Any) -> None:
    said["parquet_files"][0]["size"] += 1


@pytest.mark.parametrize(
    ("lie", "note"),
    [
        ({"change": more(partial=True)}, "The Hub's viewer knows the first part of it only; counted here."),
        ({"revision": "0" * 40}, "The Hub's viewer has another version of it; counted here."),
        ({"change": _elsewhere}, None),
        ({"change": more(parquet_files=[{"config": "default", "split": "train", "filename": "../x"}])}, None),
        ({"change": more(parquet_files="<b>")}, None),
        ({"status": 500}, None),
    ],
)
def test_a_copy_that_may_be_another_is_not_read(
    own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch, lie: dict[str, Any], note: str | None
):
    monkeypatch.setattr(copies, "LARGE", 100_000)
    with lying(Liar(own.hub.url, **lie)) as where:
        monkeypatch.setattr(viewer, "server", lambda _: where)
        source = finding.open(ids["lines"], session=own.session)
    assert source.origin.form == "csv"
    assert source.read(0, 1).column("n").to_pylist() == [0]
    assert source.notes == ((note,) if note else ())


def test_a_copy_with_other_rows_is_not_read(own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    id, kept_ = ids["lines"], io.BytesIO()
    other = pyarrow.table({"n": [5, 6], "words": ["a", "b"], "part": [0.5, 0.25]})
    pyarrow.parquet.write_table(other, kept_)
    # only the Hub itself writes to the branch that is really called so
    monkeypatch.setattr("hf_nb.data.finding.repo.CONVERTED", "other")
    monkeypatch.setattr(copies, "LARGE", 100_000)
    api = own.api("teacher")
    api.create_branch(id, branch="other", repo_type="dataset")
    api.upload_file(
        path_or_fileobj=kept_.getvalue(), path_in_repo="default/train/0000.parquet", repo_id=id,
        repo_type="dataset", revision="other",
    )  # fmt: skip

    def resized(said: Any) -> None:
        said["parquet_files"][0]["size"] = len(kept_.getvalue())

    with lying(Liar(own.hub.url, resized)) as where:
        monkeypatch.setattr(viewer, "server", lambda _: where)
        source = finding.open(id, session=own.session)
    assert source.origin.form == "csv"
    assert source.read(0, 1).column("n").to_pylist() == [0]
    assert any("says other things in its first rows" in note for note in source.notes)


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (1, 1.0, True), ("1", 1, True), (None, "", True), ({"a": 1}, {"a": "1"}, True), ([1, 2], (1, 2), True),
        (1, 2, False), ("a", "b", False), (None, 0, False), ({"a": 1}, {"a": 2}, False), ([1], [1, 2], False),
        ("a", ["a"], False), ({"a": 1}, [1], False), ("nan", "x", False),
    ],
)  # fmt: skip
def test_cells_are_the_same_however_they_are_kept(ours: Any, theirs: Any, same: bool):  # noqa: FBT001
    assert copies._same(ours, theirs) is same


def rare(own: Own, id: str, **how: Any) -> tuple[View, Any, meter.Meter]:
    """A few texts out of all, looked for; the footer is here already."""
    source = finding.open(id, session=own.session)
    source.count()
    view = View(source, Wanted(search="word 1234"))  # both, somewhere in a row
    with meter.counting() as spent:
        return view, view.find(**how), spent


@pytest.mark.parametrize("how", [{}, {"enough": 1000}])
def test_few_rows_in_a_large_table_are_found_by_one_question(
    own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch, how: dict[str, int]
):
    monkeypatch.setattr(elsewhere, "LARGE", 100_000)
    monkeypatch.setattr(scan, "BYTES", 200_000)
    view, found, spent = rare(own, ids["numbers"], **how)
    assert view.find().by == found.by == "the Hub's viewer"
    assert (found.exact, found.scanned, found.of) == (True, ROWS, ROWS)
    assert {path.rpartition("/")[2] for path in asked(own)} == {"filter"}
    monkeypatch.setattr(elsewhere, "LARGE", 1 << 40)
    forget()
    mine, ours, whole = rare(own, ids["numbers"], **how)
    print(
        f"viewer {spent.bytes:,} bytes, {spent.requests} requests; own look {whole.bytes:,}, {whole.requests}"
    )
    assert ours.by == ""
    assert view.positions(0, ROWS) == mine.positions(0, ROWS)
    assert found.rows == ours.rows > 5
    assert any("were found by the Hub's viewer" in note for note in view.source.notes)


def _without(at: int) -> Callable[[Any], Any]:
    def changed(said: Any) -> None:
        del said["rows"][at]
        said["num_rows_total"] -= 1

    return changed


def _moved(at: int, to: Any) -> Callable[[Any], Any]:
    return lambda said: said["rows"][at].update(row_idx=to)


# What is changed in the rows that it finds, and whether that is said.
FINDS: dict[str, tuple[Callable[[Any], Any], bool]] = {
    "one less at the beginning": (_without(0), True),
    "another at the beginning": (_moved(0, 3), True),
    "another at the end": (_moved(-1, ROWS - 1), True),
    "one behind the end": (_moved(-1, ROWS), False),
    "a row that is no number": (_moved(-1, "<b>"), False),
    "one twice": (_moved(-1, 1234), False),
    "too many": (more(num_rows_total=10**9), False),
    "fewer than none": (more(num_rows_total=-1), False),
    "no rows": (more(rows=[]), False),
    "rows that are none": (more(rows="<b>"), False),
    "a row without number": (more(rows=[{}]), False),
    "a part": (more(partial=True), True),
}


@pytest.mark.parametrize("kind", FINDS)
def test_what_the_viewer_finds_is_held_against_our_own_look(
    own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch, kind: str
):
    change_, said = FINDS[kind]
    monkeypatch.setattr(elsewhere, "LARGE", 100_000)
    monkeypatch.setattr(scan, "BYTES", 200_000)
    liar = Liar(own.hub.url, change_)
    with lying(liar) as where:
        monkeypatch.setattr(viewer, "server", lambda _: where)
        view, found, _ = rare(own, ids["numbers"])
    assert liar.asked
    assert (found.by, found.exact) == ("", True)
    text = seen.table().column("text").to_pylist()
    assert view.positions(0, ROWS) == [at for at, one in enumerate(text) if "1234" in one]
    assert bool(view.source.notes) == said


def test_a_condition_that_the_viewer_would_refuse_is_our_own(
    own: Own, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(elsewhere, "LARGE", 1)
    for search in ("a;b", "x--y", "x" * 3_000):
        view = View(finding.open(ids["numbers"], session=own.session), Wanted(search=search))
        assert view.find().exact
    assert asked(own) == []
