"""What calls came to: counted at the place that answered, and at every place that failed before it."""

from __future__ import annotations

import json
import math
import random
import statistics
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from hf_nb import errors, infer
from hf_nb.infer import numbers
from hf_nb.infer.call import Target
from hf_nb.infer.shapes import Tally
from hf_nb.plumbing.session import Session
from hf_nb.tasks import TASKS
from hf_nb.values import Attempt, Stat, Stats
from tests.infer import scripted

LOCAL = Target("local", "own/model")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "model"
    made.mkdir()
    (made / "config.json").write_text('{"architectures": ["LlamaForCausalLM"]}')
    return made


def told(
    session: Session,
    seconds: float = 0.1,
    *,
    wrong: BaseException | None = None,
    trail: tuple[Attempt, ...] = (),
    target: Target = LOCAL,
    task: str = "chat",
    **tally: Any,
) -> None:
    """Note a call as `run` does."""
    asking: Any = SimpleNamespace(
        session=session,
        tally=Tally(seconds=seconds, **tally),
        terms=SimpleNamespace(trail=list(trail)),
        call=SimpleNamespace(task=task, input="…", params={}),
        kept=None,
        followed=SimpleNamespace(job=SimpleNamespace(kind="infer")),
        named=False,
        task=TASKS[task],
        backend=SimpleNamespace(served=target),
        cost=lambda served: numbers.cost(served, asking.tally),
    )
    numbers.note(asking, wrong, seconds)


def test_every_call_is_counted_by_how_it_ended(folder: Path) -> None:
    session, _, model = scripted.session(folder, "Paris it is.", "Rome.", errors.BadInput("No."))
    ask: dict[str, Any] = {"task": "chat", "model": model, "session": session}
    infer.run("Of France?", **ask)
    infer.run("Of Italy?", **ask)
    with pytest.raises(errors.BadInput):
        infer.run("Of Mars?", **ask)
    (one,) = infer.stats(session=session)
    assert (one.method, one.model, one.task) == ("local", model, "chat")
    assert (one.calls, one.answers, one.stopped, one.errors) == (3, 2, 0, {"BadInput": 1})
    assert one.success == pytest.approx(2 / 3)
    assert (one.read, one.written) == (10, 4)
    assert one.p50 == pytest.approx(0.2)
    assert one.first == pytest.approx(0.1)


def test_an_answer_that_was_stopped_is_no_failure(folder: Path) -> None:
    session, _, model = scripted.session(folder, "one two three four", "five")
    stream = infer.stream("Count", task="chat", model=model, session=session)
    next(stream)
    stream.close()
    infer.run("Count", task="chat", model=model, session=session)
    (one,) = infer.stats(session=session)
    assert (one.calls, one.answers, one.stopped, one.success, one.errors) == (2, 1, 1, 1.0, {})


def test_what_failed_before_counts_where_it_failed() -> None:
    session = Session()
    trail = (
        Attempt("local", "own/model", "Busy", "…"),
        Attempt("local", "own/model", "Timeout", "…"),
        Attempt("hf", "own/model"),
    )
    told(session, trail=trail, target=Target("hf", "own/model"), provider="far")
    far, local = infer.stats(session=session)
    assert (local.method, local.calls, local.answers, local.errors) == (
        "local",
        2,
        0,
        {"Busy": 1, "Timeout": 1},
    )
    assert (far.method, far.calls, far.answers, far.success) == ("hf/far", 1, 1, 1.0)
    told(session, wrong=errors.Busy("…"), trail=(Attempt("local", "own/model", "Busy", "…"),))
    assert infer.stats(session=session)[1].errors == {"Busy": 2, "Timeout": 1}


@pytest.mark.parametrize("count", [1, 2, 3, 10, 999])
def test_percentiles_are_exact(count: int) -> None:
    session, random_ = Session(), random.Random(count)  # noqa: S311 -- numbers to count, no secrets
    took = [random_.lognormvariate(0, 1) for _ in range(count)]
    for seconds in took:
        told(session, seconds)
    (one,) = infer.stats(session=session)
    assert one.p50 == pytest.approx(statistics.median(took))
    if count > 1:
        cuts = statistics.quantiles(took, n=100, method="inclusive")
        assert (one.p95, one.p99) == pytest.approx((cuts[94], cuts[98]))
    assert one.seconds == pytest.approx(math.fsum(took))


def test_only_the_last_thousand_and_the_last_five_hundred_places_are_kept() -> None:
    session = Session()
    for number in range(1_500):
        told(session, 100.0 if number < 500 else 1.0)
    (one,) = infer.stats(session=session)
    assert (one.answers, one.p50, one.p99) == (1_500, 1.0, 1.0)
    for number in range(600):
        told(session, target=Target("local", f"own/{number}"))
    kept = infer.stats(session=session)
    assert len(kept) == 500
    assert "own/599" in {one.model for one in kept}
    assert "own/model" not in {one.model for one in kept}


def test_many_threads_lose_nothing() -> None:
    session = Session()

    def tell() -> None:
        for _ in range(300):
            told(session, written=3, read=1)

    threads = [threading.Thread(target=tell) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    (found,) = infer.stats(session=session)
    assert (found.answers, found.read, found.written) == (2_400, 2_400, 7_200)


def test_what_it_cost_is_added_up_where_a_price_is_known() -> None:
    session = Session()
    priced = Target("hf/far", "own/model", read=1.0, written=2.0)
    told(session, target=priced, read=1_000, written=500)
    told(session, target=priced, read=1_000, written=500)
    told(session, read=5, written=5)
    found = infer.stats(session=session)
    assert [one.cost for one in found] == [pytest.approx(0.004), None]
    assert found.cost == pytest.approx(0.004)


def test_counting_begins_anew_after_a_reset_and_sessions_count_apart() -> None:
    session = Session()
    told(session)
    assert len(infer.stats(reset=True, session=session)) == 1
    assert len(infer.stats(session=session)) == 0
    told(session)
    assert len(infer.stats(session=Session())) == 0


def many() -> Stats:
    session = Session()
    for seconds in (0.1, 0.2, 0.4):
        told(session, seconds, read=10, written=21, first=0.05)
    told(session, wrong=errors.RateLimited("…"), target=Target("hf", "own/model"))
    told(session, 2.0, target=Target('od"d', "new\nline\\"), task="fill-mask", sent=200, received=3_100)
    return infer.stats(session=session)


def test_prometheus_reads_what_is_written_for_it() -> None:
    text = many().prometheus()
    families = {one.name: one for one in text_string_to_metric_families(text)}
    assert set(families) == {
        "hfnb_calls",
        "hfnb_errors",
        "hfnb_answer_seconds",
        "hfnb_first_part_seconds",
        "hfnb_tokens_per_second",
        "hfnb_tokens",
        "hfnb_bytes",
    }
    assert {one.type for one in families.values()} == {"counter", "summary", "gauge"}

    def sample(name: str, **labels: str) -> float:
        family = families[name.removesuffix("_total").removesuffix("_sum").removesuffix("_count")]
        (found,) = (
            one.value for one in family.samples if one.name == name and labels.items() <= one.labels.items()
        )
        return float(found)

    assert sample("hfnb_calls_total", method="local", outcome="answered") == 3
    assert sample("hfnb_calls_total", method="hf", outcome="failed") == 1
    assert sample("hfnb_errors_total", error="RateLimited") == 1
    assert sample("hfnb_answer_seconds", method="local", quantile="0.5") == 0.2
    assert sample("hfnb_answer_seconds_count", method="local") == 3
    assert sample("hfnb_answer_seconds_sum", method="local") == pytest.approx(0.7)
    assert sample("hfnb_tokens_total", direction="written") == 63
    assert sample("hfnb_bytes_total", method="local", direction="sent") == 0
    assert sample("hfnb_bytes_total", method='od"d', direction="sent") == 200
    assert sample("hfnb_bytes_total", method='od"d', direction="received") == 3_100
    assert sample("hfnb_calls_total", method='od"d', model="new\nline\\", outcome="answered") == 1
    assert Stats().prometheus() == ""


def test_the_table_is_a_frame_too() -> None:
    pytest.importorskip("pandas")
    made = many().to_pandas()
    assert list(made["method"]) == ["hf", "local", 'od"d']
    assert made["errors"][0] == "RateLimited 1"
    assert made["p50"][1] == 0.2
    assert list(made["sent"]) == [0, 0, 200]
    assert list(made["received"]) == [0, 0, 3_100]


def test_the_plot_is_drawn_by_the_notebook_and_says_the_same_in_words() -> None:
    bundle = many().plot()._repr_mimebundle_()
    spec = bundle["application/vnd.vegalite.v5+json"]
    assert json.loads(json.dumps(spec)) == spec
    drawn = {(one["who"], one["at"]): one["ms"] for one in spec["data"]["values"]}
    assert drawn["local · own/model", "p50"] == 200
    assert len(drawn) == 6  # what never answered has no time
    line = "local · own/model · chat: half of 3 within 200 ms, 95 % within 380 ms."
    assert line in spec["title"]["text"]
    assert spec["title"]["orient"] == "bottom"
    assert line in bundle["text/plain"]
    assert "text/html" not in bundle  # JupyterLab would show that, and not the plot
    assert Stats().plot().summary() == ["Nothing was answered yet."]


def test_the_table_is_shown_with_what_went_wrong_below() -> None:
    text = str(many())
    assert "own/model · hf: RateLimited 1" in text
    assert "████" in text
    row = next(line for line in text.splitlines() if " local " in line)
    assert "100 %" in row
    assert "200 ms" in row
    assert "200 B sent, 3.1 kB received" in text
    html = many()._repr_mimebundle_()["text/html"]
    assert "<script" not in html
    assert "width:10%" in html
    assert "5 calls" in html
    assert "3.3 kB" in html
    assert "Nothing was answered" in str(Stats())


def test_one_failure_in_many_is_never_shown_as_none() -> None:
    row = Stat("local", "own/model", "chat", calls=100_000, answers=99_999, success=0.99999, p50=0.1, p95=0.1)
    assert "99.9 %" in str(Stats((row,)))


def test_a_place_counts_as_seen_after_a_few_answers() -> None:
    session = Session()
    told(session, 0.1)
    told(session, 0.3)
    assert numbers.median(LOCAL, "chat", session) is None
    told(session, 0.2)
    assert numbers.median(LOCAL, "chat", session) == 0.2
    assert numbers.median(LOCAL, "translation", session) is None
    router = Target("hf", "own/model")
    for provider in ("far", "near", "far"):
        told(session, 0.4, target=router, provider=provider)
    assert numbers.median(router, "chat", session) == 0.4
    assert numbers.median(Target("hf/near", "own/model"), "chat", session) is None
