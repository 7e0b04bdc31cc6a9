"""The words of this corner in a terminal and a cell, and the Python they stand for."""

from __future__ import annotations

from pathlib import Path

import pytest

from hf_nb.commands import tree
from hf_nb.commands.tree import answer
from hf_nb.errors import BadInput
from hf_nb.plumbing.session import use
from hf_nb.values import Code
from tests.hub.owning import Own

SAID = {
    "refs demo/tiny": 'hf_nb.refs("demo/tiny")',
    "log demo/tiny v1.0 -n 5": 'hf_nb.log("demo/tiny", "v1.0", limit=5)',
    "log demo/tiny": 'hf_nb.log("demo/tiny")',
    "diff demo/tiny": 'hf_nb.diff("demo/tiny")',
    "diff demo/tiny v1.0..main": 'hf_nb.diff("demo/tiny", "v1.0..main")',
    "discuss demo/tiny": 'hf_nb.discuss.list("demo/tiny")',
    "discuss demo/tiny 1": 'hf_nb.discuss.read("demo/tiny", 1)',
    "access lab/manual --reject x --reason no": 'hf_nb.access.reject("lab/manual", "x", reason="no")',
    "lock": "hf_nb.lock.write()",
    "lock --strict": "hf_nb.lock.write(strict=True)",
    "lock --update": "hf_nb.lock.update()",
    "lock --update demo/tiny": 'hf_nb.lock.update("demo/tiny")',
    "lock check --online a.lock": 'hf_nb.lock.check("a.lock", online=True)',
    "lock show": "hf_nb.lock.read()",
}


@pytest.mark.parametrize("line", SAID)
def test_every_line_has_its_python(line: str) -> None:
    words = line.split()
    place = 2 if words[:2] in (["lock", "check"], ["lock", "show"]) else 1
    value = answer(tree, [*words[:place], "--code", *words[place:]], "terminal").value
    assert isinstance(value, Code)
    assert SAID[line] in value.source


def test_a_cell_opens_and_answers_a_discussion(own: Own) -> None:
    use(own.session)
    opened = answer(
        tree, ["discuss", "demo/base", "--title", "Why {x}?"], "notebook", body="Because $y\n"
    ).value
    assert (opened.title, opened.events[0].text) == ("Why {x}?", "Because $y")
    answered = answer(tree, ["discuss", "demo/base", str(opened.num)], "notebook", body="I see.\n").value
    assert answered.events[-1].text == "I see."
    listed = answer(tree, ["discuss", "demo/base"], "notebook").value
    assert listed.brief() == [str(opened.num)]


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("discuss demo/tiny", "a text that is for nobody"),
        ("discuss demo/tiny 1 --title x", "both"),
        ("discuss demo/tiny --pr", None),
        ("discuss demo/tiny 0", None),
        ("access lab/manual --accept a --reject b", None),
        ("access lab/manual --reason x", None),
        ("lock --update --fresh", None),
        ("lock chekc", None),
        ("diff", None),
    ],
)
def test_a_misuse_is_said_before_anything_is_asked(line: str, body: str | None) -> None:
    with pytest.raises(BadInput):
        answer(tree, line.split(), "notebook", body=body)


def test_a_check_that_fails_is_an_exit_code(
    own: Own, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from hf_nb import terminal

    monkeypatch.chdir(tmp_path)
    use(own.session)
    asset = (
        '{"kind": "model", "id": "demo/gone", "revision": "'
        + "a" * 40
        + '", "asked": [], "licence": null, "files": {}}'
    )
    Path("hf.lock").write_text(f'{{"format": 1, "strict": false, "assets": [{asset}]}}')
    assert terminal.run(["lock", "check"]) == 0
    assert terminal.run(["lock", "check", "--online"]) == 1
    assert "FAILED" in capsys.readouterr().out
    assert terminal.run(["lock", "check", "none.lock"]) == 2
