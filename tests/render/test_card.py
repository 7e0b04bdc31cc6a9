"""One repository shown: the answer first, the rest folded, and nothing a stranger wrote does anything."""

from datetime import UTC, datetime
from typing import Any

import pytest

from hf_nb import render
from hf_nb.hub.reading import licence
from hf_nb.render import files
from hf_nb.values import Access, File, RepoInfo, Runtime, Scan, Score, Security, Split, Subset, Weights
from tests.render.hostile import CARD
from tests.render.test_markdown import Tags

HOSTILE = '<script>hfnbHacked()</script><img src=x onerror="hfnbHacked()">'
WHEN = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def info(**facts: Any) -> RepoInfo:
    given: dict[str, Any] = {"kind": "model", "id": "owner/name", "hub": "https://huggingface.co"} | facts
    return RepoInfo(**given)


def everything(text: str, **facts: Any) -> RepoInfo:
    """A repository that says `text` wherever it can say something."""
    given: dict[str, Any] = {
        "id": text,
        "author": text,
        "task": text,
        "library": text,
        "licence": text,
        "terms": licence.stated({"license": "other", "license_name": text[:200], "license_link": text[:200]}),
        "languages": (text,),
        "datasets": (text,),
        "models": (text,),
        "spaces": (text,),
        "base_models": (text,),
        "relation": text,
        "papers": (text,),
        "tags": (text,),
        "architecture": text,
        "parameters": {text: 20_000},
        "memory": {"fp32": 80_000, "bf16": 1, "int8": 20_000, "int4": 1},
        "weights": (Weights(text, text, (text,), 1), Weights(text, None, (text, text), 2)),
        "files": (File(text, 1), File(f"a/{text}", 1)),
        "scores": (Score(text, text, text, text, None, text, text),),
        "subsets": (Subset(text, (Split(text, 1, 1),), {text: text}), Subset(text)),
        "security": Security("unsafe", (Scan(text, "unsafe", (text,)),), (text,), (text,)),
        "gated": "manual",
        "access": Access("manual", None, f"https://huggingface.co/{text}", text, (text,)),
        "sdk": text,
        "runtime": Runtime(text, text, text, 3600, text, text),
        "title": text,
        "card": text,
        "renamed_from": text,
        "note": text,
    }
    return info(**(given | facts))


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
@pytest.mark.parametrize("view", ["summary", "files", "card"])
def test_hostile_facts_stay_text(kind: str, view: str) -> None:
    html = render.html(everything(HOSTILE, kind=kind, view=view))
    tags = Tags(html).tags
    assert "&lt;script&gt;" in html
    assert {tag for tag, _ in tags} & {"script", "img", "iframe", "svg"} == set()
    assert [name for _, given in tags for name in given if name.startswith("on")] == []
    links = [given.get("href") for _, given in tags if "href" in given]
    assert [one for one in links if not str(one).startswith("https://huggingface.co/")] == []


def test_a_hostile_card_is_shown_without_anything_of_its_own() -> None:
    tags = Tags(render.html(info(card=CARD, view="card"))).tags
    assert {"script", "img", "svg", "iframe", "form", "meta", "base", "link"} & {
        tag for tag, _ in tags
    } == set()
    assert [one for one in tags if one[0] == "style"] == [("style", {})], "ours alone"


def test_hostile_facts_cannot_drive_a_terminal() -> None:
    for view in ("summary", "files", "card"):
        text = render.text(everything("\x1b[31mred\x07\r\x9b", view=view))
        assert {"\x1b", "\x07", "\r", "\x9b"} & set(text) == set()


def test_the_first_things_are_what_it_is_and_whether_one_may_use_it() -> None:
    terms = licence.explain("cc-by-nc-4.0")
    repo = info(
        card="# Title\n\nA model that does a thing.", licence=terms.id, terms=terms, likes=3, updated=WHEN
    )
    for shown in (render.text(repo), render.html(repo)):
        places = [
            shown.index(part) for part in ("owner/name", "A model that does", "non-commercial", "2026-03-02")
        ]
        assert places == sorted(places)
        assert "not commercially" in shown.replace("\n               ", " ")


def test_hovering_over_a_licence_answers_each_question() -> None:
    terms = licence.explain("cc-by-nc-sa-4.0")
    html = render.html(info(terms=terms, licence=terms.id))
    assert "commercial use: no, changes: yes, share alike: yes, name the author: yes" in html


def test_a_gate_says_who_decides_where_one_stands_and_how_to_ask() -> None:
    gate = Access("manual", False, "https://huggingface.co/owner/name", "Tell us why", ("Name", "Reason"))
    for shown in (
        render.text(info(gated="manual", access=gate)),
        render.html(info(gated="manual", access=gate)),
    ):
        flat = " ".join(shown.split())
        for part in (
            "the owner lets people in",
            "no access yet",
            "Name; Reason",
            "%hf access owner/name --ask",
        ):
            assert part in flat
        assert "https://huggingface.co/owner/name" in flat
    inside = render.text(info(gated="auto", access=Access("auto", True, "x")))
    assert "You have access" in inside
    assert "--ask" not in inside


def test_what_could_run_is_named_with_what_it_would_bring_in() -> None:
    bad = Security(
        "unsafe", (Scan("model.pkl", "unsafe", ("builtins.exec",)),), ("model.pkl",), ("modeling_x.py",)
    )
    for shown in (render.text(info(security=bad)), render.html(info(security=bad))):
        flat = " ".join(shown.split())
        assert "model.pkl unsafe" in flat
        assert "builtins.exec" in flat
        assert "modeling_x.py" in flat
        assert "trust_remote_code" in flat
    assert "no problem found" in render.text(info(security=Security("safe")))


def test_a_table_of_results_has_dataset_metric_value_and_who_checked() -> None:
    scores = (
        Score("t", "owner/d", "accuracy", 0.88123, verified=True, split="test"),
        Score("t", "e", "perplexity", 12345.6),
    )
    html = render.html(info(scores=scores))
    for part in ("owner/d (test)", "accuracy", "0.881", "verified", "12,346", "by its author"):
        assert part in html
    assert 'class="num">0.881' in html


def test_memory_is_shown_for_each_precision_with_what_is_assumed() -> None:
    repo = info(
        parameters={"BF16": 7_000_000_000},
        memory={
            "stored": 14_000_000_000,
            "fp32": 28_000_000_000,
            "bf16": 14_000_000_000,
            "int8": 7_000_000_000,
            "int4": 3_937_500_000,
        },
    )
    for shown in (render.text(repo), render.html(repo)):
        for part in ("7 B (BF16)", "≈ 14 GB", "≈ 28 GB", "≈ 7.0 GB", "≈ 3.9 GB", "The weights alone"):
            assert part in shown


def test_files_are_folded_into_folders_and_all_are_there_when_asked() -> None:
    many = (File("README.md", 10), *(File(f"data/part-{n}.bin", 1000) for n in range(400)))
    repo = info(files=many)
    assert "data/  (400 files)" in render.text(repo)
    assert "part-7.bin" not in render.text(repo)
    html = render.html(repo)
    assert "400 files, 400 kB" in html
    assert "101 more: <code>--files</code>" in html
    asked = info(files=many, view="files")
    assert "data/part-399.bin" in render.text(asked)
    assert "part-399.bin" in render.html(asked)
    assert asked.brief() == [file.path for file in many]


def test_a_tree_of_any_depth_is_shown() -> None:
    deep = File("/".join("d" * 500) + "/x.txt", 1)
    assert files.tree([deep]).count == 1
    assert "x.txt" in render.html(info(files=(deep,)))


def test_the_whole_card_comes_when_asked() -> None:
    card = "# Title\n\n" + "\n\n".join(f"Paragraph number {n} of this card." for n in range(1500))
    short, whole = info(card=card), info(card=card, view="card")
    assert "--card" in render.html(short)
    assert "number 1499" not in render.html(short)
    assert "number 1499" in render.html(whole)
    assert render.text(whole) == card


def test_an_output_is_small_enough_to_be_saved() -> None:
    card = "word " * 100_000
    tables = tuple(Subset(f"s{n}", columns={f"c{m}": "string" for m in range(100)}) for n in range(500))
    assert len(render.html(info(card=card, tags=("tag",) * 5000))) < 40_000
    assert len(render.html(info(kind="dataset", subsets=tables))) < 200_000


def test_a_space_says_why_it_does_not_run() -> None:
    runtime = Runtime("RUNTIME_ERROR", None, "t4-small", 3600, "Traceback\n  File x\nKeyError: 'no'\n")
    for shown in (
        render.text(info(kind="space", runtime=runtime)),
        render.html(info(kind="space", runtime=runtime)),
    ):
        for part in ("stopped by an error", "asked for t4-small", "1 h idle", "KeyError"):
            assert part in shown


def test_a_space_is_opened_by_a_link_that_is_one() -> None:
    runtime = Runtime("RUNNING", "cpu-basic", "cpu-basic", None, None, "https://owner-name.hf.space")
    html = render.html(info(kind="space", runtime=runtime))
    assert '<a href="https://owner-name.hf.space"' in html
    bad = Runtime("RUNNING", page="javascript:hfnbHacked()")
    assert 'href="javascript' not in render.html(info(kind="space", runtime=bad))
    assert "hf.space" not in render.html(info(kind="space", runtime=runtime, hub="http://127.0.0.1:4000"))


def test_a_dataset_says_rows_columns_and_splits() -> None:
    subset = Subset("default", (Split("train", 1437, 10), Split("test", 360, 5)), {"image": "image"}, 15, 7)
    repo = info(kind="dataset", subsets=(subset,))
    for shown in (render.text(repo), render.html(repo)):
        for part in ("1.8 k", "train (1.4 k), test (360)", "image"):
            assert part in shown


def test_no_port_of_this_machine_is_kept_in_an_output() -> None:
    repo = info(hub="http://127.0.0.1:40123", card="[a](x.md) text that is long enough", spaces=("owner/s",))
    assert "40123" not in render.html(repo)
    assert "40123" not in render.text(repo)


@pytest.mark.parametrize("columns", ["60", "80", "120"])
def test_text_is_never_wider_than_the_screen(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    repo = everything("some words that go on", card="A sentence of the card. " * 30, id="owner/name")
    assert max(map(len, render.text(repo).splitlines())) <= int(columns)


@pytest.mark.parametrize(
    ("facts", "names", "said"),
    [
        ({}, ("config.json", "model.safetensors"), "Try it: %hf infer -m owner/name"),
        (
            {},
            ("model.safetensors.index.json", "model-00001-of-00002.safetensors"),
            "Try it: %hf infer -m owner/name",
        ),
        (
            {"library": "peft", "base_models": ("owner/base",)},
            ("adapter_config.json", "adapter_model.safetensors"),
            "PeftModel.from_pretrained(AutoModel.from_pretrained('owner/base'), 'owner/name')",
        ),
        ({}, ("config.json", "pytorch_model.bin"), "Its weights are pickles, which can run code"),
        (
            {"task": "x", "library": "transformers"},
            ("model.safetensors",),
            "In Python: from_pretrained('owner/name')",
        ),
        ({"task": "x"}, ("model.onnx",), "%hf pull owner/name"),
    ],
)
def test_the_next_step_is_one_that_works(facts: dict[str, Any], names: tuple[str, ...], said: str) -> None:
    repo = info(**({"task": "text-classification", "files": tuple(File(name, 1) for name in names)} | facts))
    for shown in (render.text(repo), render.html(repo)):
        assert said in shown.replace("&#x27;", "'").replace("<code>", "")
        assert shown.count("%hf infer") == said.count("%hf infer")
