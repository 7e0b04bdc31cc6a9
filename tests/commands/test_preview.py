"""`preview`, `describe`, `save` on a line: in a real kernel, in a terminal, as Python, as JSON."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pandas
import pytest

from hf_nb.commands import tree
from hf_nb.commands.objects import Held
from hf_nb.commands.tree import answer
from hf_nb.data.files.kept import Kept
from hf_nb.errors import BadInput, HfNbError
from hf_nb.offline.running import Running
from hf_nb.render import formats, plain
from tests.hub.pulling import own_cache
from tests.kernels import Kernel

DIGITS = "hfnb-demo/digits"


@pytest.fixture(autouse=True)
def folders(hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_cache(tmp_path / "cache", monkeypatch)
    monkeypatch.setattr("hf_nb.data.files.remote.kept", Kept())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def value(*words: str) -> Any:
    return answer(tree, words, "terminal").value


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["preview", DIGITS], f'hf_nb.data.preview("{DIGITS}")'),
        (
            [
                "preview",
                DIGITS,
                "--split",
                "test",
                "--offset",
                "5",
                "--columns",
                "label",
                "--where",
                "label > 3",
            ],
            f'hf_nb.data.preview("{DIGITS}", columns="label", split="test", offset=5, where="label > 3")',
        ),
        (["preview", DIGITS, "--quote", "--allow", "2GB"], f'hf_nb.data.cost("{DIGITS}", allow="2GB")'),
        (["describe", DIGITS, "--exact"], f'hf_nb.data.describe("{DIGITS}", exact=True)'),
        (["save", DIGITS, "x.csv", "--limit", "3"], f'hf_nb.data.save("{DIGITS}", "x.csv", limit=3)'),
        (["explore", DIGITS, "--split", "test"], f'hf_nb.data.explore("{DIGITS}", split="test")'),
    ],
    ids=str,
)
def test_the_python_of_a_line_is_what_one_would_write(words: list[str], code: str) -> None:
    said = str(value(*words, "--code"))
    assert " ".join(said.split()).replace("( ", "(").replace(", )", ")") == f"import hf_nb {code}"


def test_a_terminal_shows_rows_within_eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "width", lambda: 80)
    shown = formats.printed(value("preview", DIGITS, "--limit", "4"))
    lines = shown.splitlines()
    assert max(map(plain.measure, lines)) <= 80
    assert lines[0].startswith(f"{DIGITS} · train · rows 0–3 of 1,437")
    assert "8 × 8 PNG" in shown
    assert lines[-1].endswith(f": hf-nb preview {DIGITS} --offset 4 --limit 4")


def test_the_line_for_the_next_rows_is_one_to_type() -> None:
    frame = pandas.DataFrame({"n": range(50), "who": ["it's"] * 50})
    there = answer(tree, ["preview", Held("$df", frame), "--where", "who = 'it''s'"], "notebook")
    assert there.value.further == """%hf preview $df --offset 20 --where "who = 'it''s'\""""


def test_the_explorer_is_told_the_name_of_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    frame, told = pandas.DataFrame({"n": range(5)}), []
    monkeypatch.setattr("hf_nb.widgets.explorer.explore", lambda what, **how: told.append((what, how)))
    answer(tree, ["explore", Held("$df", frame)], "notebook")
    assert told == [(frame, {"name": "df"})]
    said = answer(tree, ["explore", Held("$df", frame), "--code"], "notebook").value
    assert str(said).endswith("hf_nb.data.explore(df)")


def test_a_description_names_what_was_not_looked_at() -> None:
    found = value("describe", DIGITS)
    assert [one.column for one in found] == ["image", "label"]
    assert {one.basis for one in found} == {"all"}
    assert "--exact" not in str(found)


def test_json_holds_the_commit_and_every_row() -> None:
    said = json.loads(formats.printed(value("preview", DIGITS, "--limit", "2"), "json"))
    again = json.loads(formats.printed(value("preview", DIGITS, "--limit", "2"), "json"))
    assert len(said["origin"]["revision"]) == 40
    assert [row["label"] for row in said["rows"]] == [row["label"] for row in again["rows"]]
    assert (said["columns"], said["total"], len(said["rows"])) == (again["columns"], 1437, 2)
    moved = {"moved", "requests"}
    assert {key: one for key, one in said.items() if key not in moved} == {
        key: one for key, one in again.items() if key not in moved
    }


def test_a_description_has_a_line_per_column(folders: Path) -> None:
    frame = pandas.DataFrame({"n": [1, 2, None, 4] * 25, "word": ["a", "b", "b", None] * 25})
    frame.to_parquet("t.parquet")
    found = value("describe", "t.parquet", "--exact")
    assert [one.column for one in found] == ["n", "word"]
    assert [one.nulls for one in found] == [25, 25]
    lines = str(found).splitlines()
    assert "from all rows" in lines[0]
    assert "25 (25 %)" in str(found)
    said = json.loads(formats.printed(found, "json"))
    assert said["rows"][1]["distinct"] == 2
    assert 'role="img"' in found._repr_mimebundle_()["text/html"]


def test_a_line_writes_a_file_and_not_over_another(folders: Path) -> None:
    done = value("save", DIGITS, "few.jsonl", "--columns", "label", "--where", "label = 7", "--limit", "3")
    assert Path("few.jsonl").read_text().splitlines() == ['{"label": 7}'] * 3
    assert (done.rows, done.form) == (3, "JSONL")
    with pytest.raises(BadInput, match="already"):
        value("save", DIGITS, "few.jsonl")


@pytest.mark.parametrize(
    "words",
    [
        ["preview"],
        ["preview", DIGITS, "--limit", "0"],
        ["preview", DIGITS, "--columns", "nope"],
        ["preview", DIGITS, "--split", "nope"],
        ["preview", "no such file.parquet"],
        ["save", DIGITS, "x.docx"],
        ["describe", DIGITS, "--where", "label >"],
    ],
    ids=str,
)
def test_what_is_wrong_is_said_in_three_lines(words: list[str]) -> None:
    with pytest.raises(Exception) as caught:
        value(*words)
    assert len(caught.value._render_traceback_()) <= 3  # type: ignore[attr-defined]


def test_a_notebook_looks_at_a_frame_and_a_dataset(kernel: Kernel) -> None:
    kernel.run("%load_ext hf_nb")
    ran = kernel.run(
        "import pandas\ndf = pandas.DataFrame({'text': ['a <b>', 'c'], 'n': [1, 2**60]})\n%hf preview $df"
    )
    assert ran.error is None
    assert "1152921504606846976" in ran.text
    assert "a &lt;b&gt;" in ran.html
    kept = kernel.run(f"%hf preview {DIGITS} --limit 3 -o rows\nrows.to_pandas().shape, len(rows)")
    assert kept.text == "((3, 2), 3)"
    drawn = kernel.run(f"%hf preview {DIGITS} --limit 3")
    assert drawn.html.count('<img src="data:image/png;base64,') == 3
    wrong = kernel.run("%hf preview $dg")
    assert wrong.error is not None
    assert "dg" in wrong.error.message
    assert kernel.complete("%hf preview hfnb-demo/dig") == [DIGITS]
    assert "--where" in kernel.complete("%hf preview hfnb-demo/digits --wh")


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 503},
        {"kind": "refuse"},
        {"kind": "cut"},
        {"kind": "portal"},
        {"kind": "status", "status": 401},
    ],
    ids=str,
)
def test_a_failing_hub_is_told_in_three_lines(hub: Running, fault: dict[str, Any]) -> None:
    with hub.fault(match="*", **fault), hub.fault(match="*", origin="cdn", **fault):  # noqa: SIM117 -- one line each
        with pytest.raises(HfNbError) as caught:
            value("preview", DIGITS)
    assert len(caught.value._render_traceback_()) <= 3
    assert value("preview", DIGITS, "--limit", "1").total == 1437


def test_the_stop_button_ends_a_read_that_hangs(hub: Running, kernel: Kernel) -> None:
    kernel.run("%load_ext hf_nb\nimport hf_nb.data.rows, hf_nb.data.finding")
    with (
        hub.fault("stall", at=10, match="*.parquet*", origin="cdn"),
        hub.fault("stall", at=10, match="/datasets/*"),
    ):
        hanging = kernel.begin(f"%hf preview {DIGITS}")
        kernel.until_running(hanging)
        deadline = time.monotonic() + 20
        while not any("parquet" in one["path"] for one in hub.requests()) and time.monotonic() < deadline:
            time.sleep(0.02)
        kernel.interrupt()
        ran = kernel.finish(hanging)
    assert ran.error is not None
    assert ran.error.name == "Stopped"
    assert len(ran.error.traceback) <= 3
    assert kernel.run(f"%hf preview {DIGITS} --limit 1").error is None


def test_of_a_wrong_id_the_nearest_is_offered_to_the_same_verb_and_that_line_works() -> None:
    for verb in ("preview", "describe"):
        with pytest.raises(HfNbError) as missing:
            value(verb, "hfnb-demo/digitz")
        assert missing.value.next_step == f"Nearest: {DIGITS}\nTry: %hf {verb} {DIGITS}"
        assert value(*missing.value.next_step.rpartition("%hf ")[2].split())


def test_a_terminal_is_told_how_to_see_what_a_panel_would_show() -> None:
    with pytest.raises(BadInput, match="is for a notebook") as refused:
        value("explore", DIGITS, "--split", "test")
    line = refused.value.next_step.partition("%hf ")[2]
    assert line == f"preview {DIGITS} --split test"
    assert value(*line.split()).total == 360
    with pytest.raises(BadInput, match="is for a notebook"):
        value("panel", "datasets")


def test_a_number_out_of_range_is_quoted_as_it_was_typed() -> None:
    with pytest.raises(BadInput, match="'--limit': -1 is not in the range"):
        value("preview", DIGITS, "--limit", "-1")


def test_rows_that_were_sorted_know_their_place_in_the_table(folders: Path) -> None:
    Path("t.csv").write_text("n\n3\n1\n2\n", encoding="utf-8")
    assert value("preview", "t.csv", "--sort", "n:desc").numbers == (0, 2, 1)
    assert value("preview", "t.csv", "--where", "n < 3", "--offset", "1").numbers == (2,)
    assert value("preview", "t.csv").numbers is None
