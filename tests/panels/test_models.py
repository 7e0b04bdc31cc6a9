"""What the Models panel asks, through a desk, of the offline Hub: found, looked at, told where it stands."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from hf_nb.hub.disk import listing
from hf_nb.hub.finding.search import search, search_more
from hf_nb.offline.running import Running, start
from hf_nb.offline.store import Store
from hf_nb.panels import pages
from hf_nb.panels.models import here
from hf_nb.panels.models.facets import SIZES
from hf_nb.plumbing.session import Session
from tests.hub.many import fill, recipes
from tests.offline.small import CONFIG, DAY, safetensors
from tests.panels.asking import Page, until
from tests.panels.shapes import fits
from tests.render.hostile import CALL, CARD

MODEL = "hfnb-demo/sentiment-en"


@pytest.fixture(scope="module")
def _stocked(tmp_path_factory: pytest.TempPathFactory):
    """A Hub of some hundred repositories, and a few with something the matter."""
    root = tmp_path_factory.mktemp("stocked") / "store"
    fill(root, recipes())
    store = Store.open(root)
    store.user("someone")
    cards = {"hostile": CARD, "huge": "# Huge\n\n" + "Many words. " * 60_000, "quiet": ""}
    for name, card in cards.items():
        store.create_repo("model", f"odd/{name}", created_at=DAY)
        files = {"README.md": card.encode(), "config.json": CONFIG, "model.safetensors": safetensors()}
        store.commit("model", f"odd/{name}", files, title="files", author="someone", date=DAY)
    store.create_repo("model", "odd/drawing", created_at=DAY)
    front = b"---\npipeline_tag: text-to-image\nlibrary_name: diffusers\n---\n"
    store.commit("model", "odd/drawing", {"README.md": front}, title="c", author="someone", date=DAY)
    store.create_repo("model", "odd/packed", created_at=DAY)
    packed = {
        "README.md": b"---\npipeline_tag: text-generation\n---\n",
        "m.Q4_K_M.gguf": b"GGUF" + b"\0" * 64,
    }
    store.commit("model", "odd/packed", packed, title="g", author="someone", date=DAY)
    store.close()
    with start(root) as running:
        yield running


@pytest.fixture
def stocked(_stocked: Running, session: Session):
    session.settings.endpoint = _stocked.url
    _stocked.clear_requests()
    yield _stocked
    _stocked.clear_faults()


def lists(hub: Running) -> list[dict[str, Any]]:
    return [one for one in hub.requests() if one["path"] == "/api/models"]


# -- finding


def test_what_may_be_filtered_by_is_understood_by_the_search(page: Page, hub: Running):
    found = page.ask("models.facets")
    fits("models", "Facets", found)
    assert hub.requests() == [], "it is from our own tables"
    assert {one["group"] for one in found["tasks"]} >= {"Text", "Audio"}
    assert {"value": "fr", "label": "French"} in found["languages"]
    chosen = {"tasks": "task", "libraries": "library", "languages": "language", "licences": "licence"}
    for facet, name in {**chosen, "sizes": "size", "sorts": "sort"}.items():
        for choice in (found[facet][0], found[facet][-1]):
            fits("models", "Page<ModelRow>", page.ask("models.search", limit=1, **{name: choice["value"]}))


def test_rows_say_what_the_hub_knows_and_cost_one_request(page: Page, hub: Running):
    found = page.ask("models.search", text="sentiment", language="en", limit=40)
    fits("models", "Page<ModelRow>", found)
    assert len(lists(hub)) == len(hub.requests()) == 1
    row = next(row for row in found["rows"] if row["id"] == MODEL)
    assert (row["author"], row["name"], row["taskName"]) == (
        "hfnb-demo",
        "sentiment-en",
        "Text classification",
    )
    assert (row["licence"], row["licenceKind"], row["gated"]) == ("apache-2.0", "open", None)
    assert row["about"]
    assert row["bytes"] == 4 * row["parameters"], "its weights are stored in 32 bits"
    assert row["providers"] == ["hf-inference"]
    assert row["status"] == "available"
    assert found["code"]["magic"] == "%hf search models sentiment --language en --limit 40"


@pytest.mark.parametrize("size", SIZES)
def test_a_size_admits_no_other(size: str, page: Page, stocked: Running):
    counts = {row["id"]: row["parameters"] for row in page.ask("models.search", size=size, limit=100)["rows"]}
    low, high = (
        None if one is None else float(one.replace("M", "e6").replace("B", "e9")) for one in SIZES[size][1:]
    )
    assert all((low or 0) <= count <= (high or 1e15) for count in counts.values()), counts


def test_callable_now_are_those_that_somebody_serves(page: Page):
    served = page.ask("models.search", callable=True, limit=100)
    assert served["rows"]
    assert all(row["providers"] for row in served["rows"])
    assert "--warm" in served["code"]["magic"]


def test_pages_follow_one_another_and_repeat_nothing(page: Page, stocked: Running):
    found = page.ask("models.search", limit=30)
    seen, sizes = [row["id"] for row in found["rows"]], [len(found["rows"])]
    while found["more"]:
        found = page.ask("models.search", limit=30, more=found["more"])
        seen += [row["id"] for row in found["rows"]]
        sizes.append(len(found["rows"]))
    assert len(seen) == len(set(seen)) == len(search(limit=1000, session=page.desk.session).ids)
    assert set(sizes[:-1]) == {30}


def test_a_lost_place_in_a_list_says_search_again(page: Page, stocked: Running):
    first = page.ask("models.search", limit=5)["more"]
    for _ in range(pages.KEPT):
        page.ask("models.search", text="bert", limit=1)
    said = page.refused("models.search", more=first)
    assert (said["type"], said["hint"]) == ("NotFound", "Search again.")
    assert page.refused("models.search", more="made up")["type"] == "NotFound"


def test_a_page_that_stopped_in_the_midst_of_it_goes_on_where_it_stopped(page: Page, stocked: Running):
    page.desk.session.settings.deadline = 2
    first = page.ask("models.search", limit=5)
    with stocked.fault("status", status=503, match="GET /api/models"):
        partial = page.ask("models.search", more=first["more"])
        assert 0 < len(partial["rows"]) < 5
        assert "cannot answer" in partial["stopped"]
        said = page.refused("models.search", more=partial["more"])
        assert (said["type"], said["retry"]) == ("Busy", True)
    rest = page.ask("models.search", more=partial["more"])
    got = [row["id"] for found in (first, partial, rest) for row in found["rows"]]
    assert got == search(limit=len(got), session=page.desk.session).ids


def test_a_panel_does_not_take_the_last_search_of_a_cell(page: Page, stocked: Running):
    session = page.desk.session
    shown = search("bert", limit=3, session=session).ids
    page.ask("models.search", text="t5", limit=3)
    further = search_more(session=session)
    assert further.query["text"] == "bert"
    assert not set(further.ids) & set(shown)


def test_two_clients_at_once_have_lists_of_their_own(session: Session, stocked: Running):
    clients = [Page(session) for _ in range(4)]
    words = ["bert", "news", "bert", "t5"]
    going = [one.begin("models.search", text=word, limit=3) for one, word in zip(clients, words, strict=True)]
    found = [one.answer() for one in going]
    for word, client, first in zip(words, clients, found, strict=True):
        assert all(word in row["id"].lower() for row in first["rows"])
        if first["more"]:
            rows = client.ask("models.search", more=first["more"])["rows"]
            assert all(word in row["id"].lower() for row in rows)
    assert found[0]["rows"] == found[2]["rows"]


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        ({"task": "text-clasification"}, "text-classification"),
        ({"size": "enormous"}, "<100M"),
        ({"sort": "best"}, "downloads"),
        ({"limit": 0}, ""),
        ({"limit": 101}, ""),
        ({"text": 5}, ""),
        ({"nonsense": True}, "Known"),
    ],
    ids=str,
)
def test_a_wrong_word_is_refused_before_anything_is_asked(
    args: dict[str, Any], hint: str, page: Page, hub: Running
):
    said = page.refused("models.search", **args)
    assert said["type"] == "BadInput"
    assert hint in said["hint"]
    assert hub.requests() == []


def test_forty_rows_cost_less_than_fifty_milliseconds_of_our_own(
    page: Page, stocked: Running, session: Session
):
    found = search(limit=40, session=session)
    for one in found.ids[:20]:  # half of them are on this machine
        lay(one, {"config.json": b"{}", "model.safetensors": b"x"})
    from hf_nb.panels.models.search import page as shown

    took = []
    for _ in range(5):
        began = time.perf_counter()
        made = shown(found, session)
        took.append(time.perf_counter() - began)
    assert sum(row["status"] == "cached" for row in made["rows"]) == 20
    assert sorted(took)[2] < 0.05, took


# -- on this machine


def lay(id: str, files: dict[str, bytes], *, listed: Collection[str] = (), main: bool = True) -> Path:
    """A model in the cache, as the official library lays it; `listed`: what its commit is known to hold."""
    repo, commit = here.folder_of(id), "a" * 40
    snapshot = repo / "snapshots" / commit
    for path, content in files.items():
        blob = repo / "blobs" / f"{abs(hash((id, path))):040x}"
        blob.parent.mkdir(parents=True, exist_ok=True)
        blob.write_bytes(content)
        (snapshot / path).parent.mkdir(parents=True, exist_ok=True)
        (snapshot / path).unlink(missing_ok=True)
        (snapshot / path).symlink_to(blob)
    if main:
        (repo / "refs").mkdir(exist_ok=True)
        (repo / "refs" / "main").write_text(commit)
    if listed:
        (repo / "trees").mkdir(exist_ok=True)
        tree = {path: {"size": 1, "blob_id": "b" * 40} for path in listed}
        (repo / "trees" / f"{commit}.json").write_text(json.dumps({"files": tree}))
    return repo


WHOLE = {"config.json": b"{}", "tokenizer.json": b"{}", "model.safetensors": b"x" * 50}
INDEX = json.dumps({"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}).encode()


@pytest.mark.parametrize(
    ("files", "listed", "status"),
    [
        (WHOLE, set(), "cached"),
        (WHOLE, {*WHOLE, "README.md", "onnx/model.onnx", "pytorch_model.bin"}, "cached"),
        (WHOLE, {*WHOLE, "model-00002-of-00002.safetensors"}, "partial"),
        ({"README.md": b"# Read"}, set(), "available"),
        ({"README.md": b"# Read", "config.json": b"{}"}, {*WHOLE, "README.md"}, "available"),
        ({"config.json": b"{}", "tokenizer.json": b"{}"}, set(WHOLE), "partial"),
        ({"config.json": b"{}", "tokenizer.json": b"{}"}, set(), "partial"),
        (
            {"config.json": b"{}", "model.safetensors.index.json": INDEX, "model-1.safetensors": b"x"},
            set(),
            "partial",
        ),
        (
            {"config.json": b"{}", "model.safetensors.index.json": INDEX}
            | {"model-1.safetensors": b"x", "model-2.safetensors": b"x"},
            set(),
            "cached",
        ),
        ({"m.Q4_K_M.gguf": b"GGUF"}, set(), "cached"),
    ],
)
def test_cached_is_what_loading_finds_whole(files, listed, status, page: Page, cache: Path):
    lay("odd/one", files, listed=listed)
    found = page.ask("models.status", ids=["odd/one", "odd/none"])
    fits("models", "Statuses", found)
    assert found["odd/one"]["status"] == status
    assert found["odd/none"] == {"status": "available", "cachedBytes": None}
    if status == "cached":
        assert found["odd/one"]["cachedBytes"] == sum(map(len, files.values()))


def test_what_came_or_went_since_the_last_look_is_seen(page: Page, cache: Path):
    def status() -> str:
        return page.ask("models.status", ids=["odd/one"])["odd/one"]["status"]

    repo = lay("odd/one", {"config.json": b"{}", "tokenizer.json": b"{}"})
    assert status() == "partial"
    lay("odd/one", WHOLE)
    assert status() == "cached"
    (repo / "snapshots" / ("a" * 40) / "model.safetensors").unlink()
    assert status() == "partial"


def test_a_part_that_begins_to_arrive_is_partial_and_what_runs_is_loading(page: Page, cache: Path):
    blobs = here.folder_of("odd/one") / "blobs"
    blobs.mkdir(parents=True)
    (blobs / "abc.incomplete").write_bytes(b"x" * 10)
    assert page.ask("models.status", ids=["odd/one"])["odd/one"] == {"status": "partial", "cachedBytes": 10}
    with here.coming("odd/one"):
        assert page.ask("models.status", ids=["odd/one"])["odd/one"]["status"] == "loading"
    assert page.ask("models.status", ids=["odd/one"])["odd/one"]["status"] == "partial"


def test_models_on_this_machine_are_found_with_no_network_at_all(page: Page, hub: Running, cache: Path):
    front = (
        b"---\npipeline_tag: translation\nlanguage: [fr, en]\nlicense: mit\nlibrary_name: transformers\n---\n"
    )
    lay("one/translates", {**WHOLE, "README.md": front, "model.safetensors": safetensors(3, 4)})
    lay("two/untold", {**WHOLE, "config.json": CONFIG, "model.safetensors": safetensors(30, 40)})
    lay("three/read", {"README.md": front})
    with hub.fault("refuse", match="*"):
        found = page.ask("models.search", cached=True)
        fits("models", "Page<ModelRow>", found)
        rows = {row["id"]: row for row in found["rows"]}
        assert rows.keys() == {"one/translates", "two/untold"}, "what was only read about is not here"
        one = rows["one/translates"]
        assert (one["task"], one["licence"], one["languages"]) == ("translation", "mit", ["fr", "en"])
        assert (one["parameters"], one["status"]) == (12, "cached")
        assert rows["two/untold"]["task"] == "text-classification", "by its architecture"

        def ids(**filters: Any) -> list[str]:
            return [row["id"] for row in page.ask("models.search", cached=True, **filters)["rows"]]

        assert ids(task="translation") == ids(language="fr") == ids(licence="mit") == ids(text="TRANS")
        assert ids(task="translation") == ["one/translates"]
        assert ids(library="transformers", sort="parameters") == ["two/untold", "one/translates"]
        assert ids(sort="parameters:asc") == ["one/translates", "two/untold"]
        assert ids(size="1B-8B") == []
        first = page.ask("models.search", cached=True, limit=1)
        second = page.ask("models.search", more=first["more"])
        assert {first["rows"][0]["id"], second["rows"][0]["id"]} == rows.keys()
        assert second["more"] is None
    assert hub.requests() == []


def test_a_card_in_the_cache_may_hold_anything(page: Page, cache: Path):
    odd = [
        b"---\n- a\n---\n",
        b"---\nlanguage: {a: b}\ntags: 5\nlicense: [x, 1]\n---\n",
        b"\xff\xfe---\n: :\n---",
        b"",
    ]
    for number, card in enumerate(odd):
        lay(f"odd/{number}", {**WHOLE, "README.md": card})
    assert len(page.ask("models.search", cached=True)["rows"]) == len(odd)


# -- one model


def test_details_say_what_it_is_and_how_to_try_it(page: Page, hub: Running):
    found = page.ask("models.details", id=MODEL)
    fits("models", "Details", found)
    assert found["row"]["id"] == MODEL
    assert not found["row"]["about"]
    assert found["row"]["bytes"] == sum(one["bytes"] for one in found["files"]), "a pull brings all of them"
    assert found["row"]["status"] == "available", "reading about it is not having it"
    assert {one["dtype"] for one in found["memory"]} >= {"stored", "int8"}
    assert found["licence"]["words"].startswith("apache-2.0")
    assert found["notRunnable"] is None
    assert found["example"]["code"]["magic"].startswith(f"%%hf infer -m {MODEL}\n")
    assert "<h1>sentiment-en</h1>" in found["card"]


def test_a_chat_model_is_tried_by_chatting_whatever_it_is_filed_under(page: Page, hub: Running):
    found = page.ask("models.details", id="hfnb-demo/chat-en")
    assert found["row"]["task"] == "text-generation"
    assert found["example"]["input"] == "What is the capital of France?"
    asked = page.ask("models.code", id="hfnb-demo/chat-en", task="text-generation", input="Hello?")
    assert asked["magic"] == "%%hf infer -m hfnb-demo/chat-en\nHello?"


@pytest.mark.parametrize(
    ("id", "why"),
    [
        ("odd/drawing", "text-to-image cannot be run"),
        ("odd/packed", "GGUF"),
        ("odd/quiet", None),
    ],
)
def test_what_cannot_be_run_says_why_and_has_no_example(
    id: str, why: str | None, page: Page, stocked: Running
):
    found = page.ask("models.details", id=id)
    fits("models", "Details", found)
    assert (found["example"] is None) == (why is not None)
    assert why is None or why in found["notRunnable"]


def test_a_wrong_id_offers_the_nearest_real_ones(page: Page, hub: Running):
    for op in ("models.details", "models.pull"):
        said = page.refused(op, id="hfnb-demo/sentimnt-en")
        assert said["type"] == "NotFound"
        assert MODEL in said["nearest"]


def test_a_hostile_card_does_nothing_and_a_huge_one_is_cut_with_a_mark(page: Page, stocked: Running):
    card = page.ask("models.details", id="odd/hostile")["card"]
    assert not re.search(r"<(script|img|iframe|svg|style|form|object|base|meta|link)\b", card, re.IGNORECASE)
    assert not re.search(r"<[^>]*\son\w+\s*=", card)
    assert f"javascript:{CALL}" not in re.sub(r">[^<]*<", "><", card), "no link runs"
    huge = page.ask("models.details", id="odd/huge")
    assert huge["cardShortened"]
    assert len(json.dumps(huge).encode()) < 512 * 1024
    assert len(huge["card"].encode()) <= 201_000
    assert huge["card"].endswith("on its page.</div>")
    quiet = page.ask("models.details", id="odd/quiet")
    assert (quiet["card"], quiet["cardShortened"]) == ("", False)


# -- when the Hub does something else


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "429": ({"kind": "status", "status": 429}, "RateLimited"),
    "503": ({"kind": "status", "status": 503}, "Busy"),
    "cut": ({"kind": "cut"}, "Unreachable"),
    "stall": ({"kind": "stall"}, "Timeout"),
    "refuse": ({"kind": "refuse"}, "Unreachable"),
    "portal": ({"kind": "portal"}, "Busy"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_hub_in_trouble_is_an_error_with_a_next_step_in_time(fault: str, page: Page, stocked: Running):
    how, kind = FAULTS[fault]
    settings = page.desk.session.settings
    settings.read_timeout, settings.deadline = (0.3 if fault == "stall" else 3), 2
    with stocked.fault(match="/api/*", **how):
        began = time.monotonic()
        for op, args in (("models.search", {"text": fault}), ("models.details", {"id": "odd/quiet"})):
            said = page.refused(op, **args)
            assert (said["type"], said["retry"]) == (kind, True), said
            assert said["message"]
            assert said["hint"]
        assert time.monotonic() - began < 15
    assert page.ask("models.search", text=fault, limit=1)["rows"] == []


def test_with_no_network_what_was_shown_before_is_shown_as_a_copy(page: Page, stocked: Running):
    before = page.ask("models.search", text="bert", limit=3)
    page.desk.session.settings.response_cache_minutes = 1e-9  # from now on the copy is old
    with stocked.fault("refuse", match="*"):
        after = page.ask("models.search", text="bert", limit=3)
    assert after["rows"] == before["rows"]
    assert "from the copy of" in after["note"]
    assert before["note"] is None


def test_local_only_refuses_what_leaves_this_machine_and_shows_what_is_here(session: Session, cache: Path):
    session.settings.endpoint = "https://huggingface.co"
    session.settings.local_only = True
    page = Page(session)
    for op, args in (
        ("models.search", {}),
        ("models.pull", {"id": MODEL}),
        ("models.details", {"id": MODEL}),
    ):
        assert page.refused(op, **args)["type"] == "Refused", op
    lay("odd/one", WHOLE)
    assert [row["id"] for row in page.ask("models.search", cached=True)["rows"]] == ["odd/one"]


def test_a_search_nobody_waits_for_is_over_and_the_next_one_answers(page: Page, stocked: Running):
    threads = threading.active_count()
    page.desk.session.settings.deadline = 5
    with stocked.fault("latency", match="/api/models", seconds=1) as slow:
        going = page.begin("models.search", text="bert")
        until(lambda: slow.used == 1)
        going.cancel()
        assert page.ask("models.search", text="bert", limit=1)["rows"]
    assert going.heard.empty(), "nobody is told"
    until(lambda: threading.active_count() <= threads + 2)


# -- the same in code


@pytest.mark.parametrize(
    "id",
    ["a/b' --task x", "a/b\n%hf cache trim 0", "$home", "{x}", "../..", "a/b c", "a/b;ls", "", "x" * 300],
)
def test_an_id_that_is_none_never_stands_in_code(id: str, page: Page):
    assert page.refused("models.code", id=id)["type"] == "BadInput"


@pytest.mark.parametrize(
    "given", ['say "hi"', "it's", "two\nlines", "a\\b", "{name} and $name", '{"a": 1}', "é \u2028 \x1b"]
)
def test_whatever_was_typed_stands_in_code_as_it_is(given: str, page: Page):
    made = page.ask("models.code", id="a/b", task="text-classification", input=given)
    fits("models", "Code", made)
    called: list[Any] = []
    python = made["python"].replace("import hf_nb\n", "").replace("hf_nb.infer.run(", "call(")
    exec(python, {"call": lambda *args, **named: called.append((args, named))})  # noqa: S102 -- that is the promise
    assert called == [((given,), {"model": "a/b", "task": "text-classification"})]
    if made["magic"] != made["python"]:
        assert made["magic"] == f"%%hf infer -m a/b --task text-classification\n{given}"


def test_storage_of_a_model_is_where_the_official_library_has_it(cache: Path):
    assert here.folder_of("odd/one") == listing.cache_folder() / "models--odd--one"
