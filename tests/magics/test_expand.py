"""`{name}` and `$name`: what exists is put in once, everything else survives."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hf_nb.commands.objects import Held
from hf_nb.errors import BadInput
from hf_nb.magics.expand import body, words

NAMES: dict[str, Any] = {
    "x": "a value",
    "n": 3,
    "rows": [SimpleNamespace(id="owner/name"), SimpleNamespace(id="with spaces")],
    "table": {"a key": {"deep": 7}, "k": 1},
    "key": "k",
    "braces": "{n} and {{n}} and $n",
    "_hf": SimpleNamespace(ids=["first/one"]),
    "Größe": 12,
}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("info {rows[0].id}", ["info", "owner/name"]),
        ("info {rows[1].id}", ["info", "with spaces"]),
        ("info {rows[-1].id}", ["info", "with spaces"]),
        ("info {_hf.ids[0]}", ["info", "first/one"]),
        ("x {table['a key']['deep']}", ["x", "7"]),
        ('x {table["a key"]["deep"]}', ["x", "7"]),
        ("x {table[key]}", ["x", "1"]),
        ("x '{x}' \"{x}\" {x}", ["x", "a value", "a value", "a value"]),
        ("x pre{n}post", ["x", "pre3post"]),
        ("x {Größe}", ["x", "12"]),
        ("x {{x}}", ["x", "{x}"]),
        ('-p \'{"a": 1, "b": {"c": {}}}\'', ["-p", '{"a": 1, "b": {"c": {}}}']),
        ("-p '{\"a\": {n}}'", ["-p", '{"a": 3}']),
        ("x {} {8} {a b} { }", ["x", "{}", "{8}", "{a", "b}", "{", "}"]),
        ("x {x:>4} {x!r} {f(1)} {1+1}", ["x", "{x:>4}", "{x!r}", "{f(1)}", "{1+1}"]),
        ("x {braces}", ["x", "{n} and {{n}} and $n"]),
        ("x $5 a$n '$x' \"$x\"", ["x", "$5", "a$n", "$x", "$x"]),
        ("x -> -1 ü 漢字 🙂", ["x", "->", "-1", "ü", "漢字", "🙂"]),
    ],
)
def test_a_line_takes_what_exists(line: str, expected: list[str]) -> None:
    assert words(line, NAMES) == expected


@pytest.mark.parametrize("line", ["x {rowz[0].id}", "x $rowz", "x {table[kye]}"])
def test_a_name_that_does_not_exist_is_an_error_with_the_nearest(line: str) -> None:
    with pytest.raises(BadInput) as wrong:
        words(line, NAMES)
    assert re.search(r"Did you mean (rows|key)", wrong.value.next_step)
    assert len(wrong.value._render_traceback_()) <= 3


@pytest.mark.parametrize("line", ["x {rows[9].id}", "x {rows[0].nope}", "x {table['nope']}", "x {n.real[0]}"])
def test_what_cannot_be_read_says_why(line: str) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        words(line, NAMES)


def test_an_object_is_passed_itself_and_its_text_is_its_name() -> None:
    command, first, option, second, text = words("push $rows[0] --with=$table $x", NAMES)
    assert isinstance(first, Held)
    assert first.value is NAMES["rows"][0]
    assert first == "$rows[0]"
    assert (command, option, text) == ("push", "--with", "a value")
    assert isinstance(second, Held)
    assert second.value is NAMES["table"]


def test_a_quote_left_open_says_so() -> None:
    with pytest.raises(BadInput, match="quote"):
        words("infer don't", {})


BODIES = [
    '{"a": 1, "b": [{"c": "{x}"}]}',
    "{'x': x, 'n': n}",
    r"\frac{x}{n} and x^{n} and a_{n} and \text{x}",
    "{% for x in rows %}{{ x }}{% endfor %}",
    "${x} `${n}`",
    "def f(x): return {**x, 'n': n}",
    "{unknown} {also.unknown} {x.nope} {rows[99]}",
    "{}",
    "{{x}}",
    "a -> b, -1, --flag, $x, $5",
]


@pytest.mark.parametrize("text", [text for text in BODIES if '"{x}"' not in text])
def test_a_body_that_is_something_else_survives(text: str) -> None:
    assert body(text, NAMES) == text


def test_a_body_takes_what_exists_and_leaves_the_rest() -> None:
    assert body("Say {x}, {n} times: {nope}", NAMES) == "Say a value, 3 times: {nope}"
    assert body('{"a": "{x}"}', NAMES) == '{"a": "a value"}'
    assert body("{braces}", NAMES) == NAMES["braces"]


def test_strict_refuses_what_does_not_exist() -> None:
    with pytest.raises(BadInput, match="no variable 'nope'"):
        body("Say {nope}", NAMES, strict=True)


def test_a_property_that_raises_is_left_alone_in_a_body() -> None:
    class Angry:
        @property
        def calm(self) -> str:
            raise RuntimeError

    assert body("{it.calm}", {"it": Angry()}) == "{it.calm}"
    with pytest.raises(BadInput, match="RuntimeError"):
        words("x {it.calm}", {"it": Angry()})


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.dictionaries(st.text(), inner)))
def test_json_is_never_changed_by_a_notebook_without_names(value: Any) -> None:
    for text in (json.dumps(value), json.dumps(value, indent=2, ensure_ascii=False), str(value)):
        assert body(text, {}) == text


@given(st.text(alphabet="{}$x[]. \"'\\n^_%0"))
def test_any_body_is_text_again_and_a_value_is_put_in_once(text: str) -> None:
    done = body(text, {"x": "{x}{n}$x"})
    assert isinstance(done, str)
    if "{x}" not in text.replace(" ", ""):
        assert done == text


@given(st.text(max_size=40))
def test_a_quoted_text_on_a_line_arrives_as_it_is(text: str) -> None:
    import shlex

    if "{" in text or any(0xF0000 <= ord(char) <= 0x10FFFF for char in text):
        return
    assert words(f"infer {shlex.quote(text)}", {}) == ["infer", text]
