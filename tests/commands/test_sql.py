"""`sql` in a cell, on a line, in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hf_nb.commands import tree
from hf_nb.commands.tree import Answer, answer
from hf_nb.errors import BadInput, HfNbError
from hf_nb.offline.running import Running
from tests.hub.pulling import own_cache
from tests.kernels import Kernel

DIGITS = "hfnb-demo/digits"


@pytest.fixture(autouse=True)
def folders(hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    own_cache(tmp_path / "cache", monkeypatch)
    return tmp_path


def value(*words: str, body: str | None = None, names: dict[str, Any] | None = None) -> Any:
    kept = Answer("notebook" if names is not None else "terminal", cell=body, names=names or {})
    return answer(tree, ["sql", *words], kept.face, kept=kept).value


def test_a_line_asks_a_dataset_by_its_name() -> None:
    found = value("select count(*) as n from digits", "--from", f"digits={DIGITS}")
    assert found[0] == {"n": 1437}


def test_variables_of_the_notebook_are_tables_and_stand_in_the_code() -> None:
    names = {"df": [{"n": 1}, {"n": 5}], "other": 3}
    assert value(body="select max(n) as n from df", names=names)[0] == {"n": 5}
    code = str(value("--code", "--from", "x=$df", body="select n from df join x using (n)", names=names))
    assert code == 'import hf_nb\n\nhf_nb.data.sql("select n from df join x using (n)", x=df, df=df)'


@pytest.mark.parametrize(
    ("words", "body", "said"),
    [
        ([], None, "What shall be asked?"),
        (["select 1"], "select 2", "leave it off"),
        (["select 1", "--from", "nonsense"], None, "NAME=WHAT"),
        (["select 1", "--from", "limit=x"], None, "NAME=WHAT"),
        (["select * from dg"], None, "no table 'dg'"),
        (["selec 1"], None, ""),
        (["select * from read_csv('/etc/passwd')"], None, ""),
        (["select 1 from t", "--from", "t=hfnb-demo/digitz"], None, "digitz"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_in_three_lines(words: list[str], body: str | None, said: str) -> None:
    with pytest.raises(HfNbError) as caught:
        value(*words, body=body)
    assert said in str(caught.value)
    assert len(caught.value._render_traceback_()) <= 3


def test_a_cell_asks_and_keeps_what_it_found(kernel: Kernel) -> None:
    kernel.run("%load_ext hf_nb")
    kernel.run(
        "import pandas\ndf = pandas.DataFrame({'label': range(10), 'name': list('abcdefghij')}); top = 3"
    )
    ran = kernel.run(
        f'%%hf sql -o found\nselect name, count(*) as n from df join "{DIGITS}/test" using (label)\n'
        "where label < {top} group by all order by name"
    )
    assert ran.error is None
    assert (
        kernel.run("[row['name'] for row in found], found.to_pandas().n.sum() > 50").text
        == "(['a', 'b', 'c'], np.True_)"
    )
    shown = kernel.run("%hf sql \"select 'a' as x, 1.5 as y\"")
    assert "answer · 1 row" in shown.text
    quoted = kernel.run(f'%%hf sql --quote\nselect label from "{DIGITS}"')
    assert "would move" in quoted.text
    about = kernel.run("%%hf sql --about\nselect avg(label) as m from df")
    assert "exact, from all rows" in about.text
    assert "4.5" in about.text
    wrong = kernel.run("%%hf sql\nselect * from nothing_here")
    assert wrong.error is not None
    assert len(wrong.error.traceback) <= 3


def test_the_text_of_a_cell_is_refused_where_it_holds_a_token() -> None:
    with pytest.raises(BadInput):
        value("select 1", "--from", "t=")
