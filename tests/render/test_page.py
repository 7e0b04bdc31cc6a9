"""The frame of an output: the rules it needs and no others, and what can be typed set as code."""

import re
from pathlib import Path

import pytest

import hf_nb.render
from hf_nb.render import page

SHEETS = sorted(path.stem for path in Path(hf_nb.render.__file__).parent.glob("*.css"))


def look(body: str, *styles: str) -> str:
    return page.frame(body, *styles).partition("<style>")[2].partition("</style>")[0]


def test_an_output_holds_the_rules_for_what_is_in_it():
    table = look('<div class="scroll"><table><tbody><tr><td class="num">1</td></tr></tbody></table></div>')
    assert ".num{" in table
    assert ".scroll{" in table
    assert ".bars{" not in table
    assert "summary" not in table
    bars = look('<div class="bars"><div class="bar first"><div></div></div></div>')
    assert ".bars{" in bars
    assert "table" not in bars


def test_a_colour_is_named_where_it_is_used():
    line = look('<div class="soft">a line</div>')
    assert "--hfnb-soft:" in line
    assert "--hfnb-ink:" in line, "the text itself"
    assert "--hfnb-accent:" not in line
    assert "--hfnb-accent:" in look("<style>.mine{color:var(--hfnb-accent)}</style>")
    for body in (line, look('<table><tr><th>x</th><td class="id"><a href="#">y</a></td></tr></table>')):
        named, used = set(re.findall(r"(--hfnb-\w+):", body)), set(re.findall(r"var\((--hfnb-\w+)", body))
        assert named == used


def test_a_short_line_costs_little():
    assert len(page.frame('<div class="soft">Loading …</div>')) < 600


@pytest.mark.parametrize("sheet", SHEETS)
def test_a_rule_whose_names_are_all_there_is_kept_as_it_stands(sheet):
    """Every class and tag a sheet speaks of, each once: nothing of the sheet is missing."""
    names = set().union(*(names for selectors, _ in page._rules(sheet) for _, names in selectors))
    classes = {name for name in names if re.search(rf"\.{name}\b", page.style(sheet))}
    body = "".join(f'<i class="{name}"></i>' for name in classes) + "".join(
        f"<{tag}>" for tag in names - classes
    )
    kept = look(body, *([sheet] if sheet != "page" else []))
    root, _, rest = page.style(sheet).partition("}") if sheet == "page" else ("", "", page.style(sheet))
    assert rest.strip() in kept
    assert "color:var(--hfnb-ink)" in kept
    assert root == "" or root.startswith(".hfnb.hfnb{--hfnb-ink:")


@pytest.mark.parametrize(
    ("line", "typed"),
    [
        ("Details: %hf info a/b", ["%hf info a/b"]),
        ('Begin one: %%hf discuss a/b --title "…"', ["%%hf discuss a/b --title &quot;…&quot;"]),
        (
            "The first 3; there are more: --limit 6. To read one: %hf discuss a/b 1",
            ["--limit 6", "%hf discuss a/b 1"],
        ),
        ("To push it: the same line without --dry-run.", ["--dry-run"]),
        ("If it is none: --allow-secret config.py:1", ["--allow-secret config.py:1"]),
        ("In Python: datasets.load_dataset('a/b')", ["datasets.load_dataset(&#x27;a/b&#x27;)"]),
        ("40 more: .files has them all", [".files"]),
        ("4 models, by trending rank (4 looked at, likes checked here)", []),
        ("Written -- as there was none. A well-known name, v1.0..v2.0", []),
    ],
)
def test_what_can_be_typed_is_code(line, typed):
    assert re.findall("<code>(.*?)</code>", page.foot(line)) == typed


def test_a_foot_is_escaped():
    assert "<b>" not in page.foot("%hf info <b>", "<b>")
