"""Columns as the page is told of them: what each says as it comes, one's failure its own, each stopped alone."""

from __future__ import annotations

import pytest

from hf_nb.panels.compare import live
from tests.infer.remote.served import Served
from tests.panels.asking import Page, until
from tests.panels.shapes import fits


def box(*models: str, **how: object) -> list[dict[str, object]]:
    return [{"model": one, "provider": "box", "task": "chat", **how} for one in models]


def test_columns_come_side_by_side_and_end_with_their_figures(page: Page):
    going = page.begin("compare.live", contenders=box("echo", "whole"), input="Hello there")
    ended = going.answer()
    fits("compare", "Ended", ended)
    for event in going.events:
        fits("compare", "Happened", event)
    news = [column for event in going.events for column in event["columns"]]
    text = "".join(one.get("text", "") for one in news if one["at"] == 0)
    assert text == "You said: Hello there"
    last = {one["at"]: one for one in news if one.get("state")}
    assert {at: one["state"] for at, one in last.items()} == {0: "done", 1: "done"}
    assert last[0]["answer"]["text"] == last[1]["answer"]["text"] == text
    assert last[0]["figures"]["written"] == 4
    assert last[0]["figures"]["method"] == "box"
    assert last[0]["figures"]["seconds"] > 0
    assert 'inputs=["Hello there"]' in ended["code"]["python"]


def test_one_that_fails_says_so_in_its_own_column(page: Page):
    going = page.begin("compare.live", contenders=box("no-key", "echo"), input="Hello")
    going.answer()
    last = {one["at"]: one for event in going.events for one in event["columns"] if one.get("state")}
    assert last[1]["state"] == "done"
    assert last[0]["state"] == "failed"
    fits("compare", "Wrong", last[0]["wrong"])
    assert last[0]["wrong"]["type"] == "Unauthorized"
    assert last[0]["wrong"]["hint"]


def test_one_is_stopped_alone_and_then_all(page: Page, served: Served):
    going = page.begin("compare.live", contenders=box("endless", "endless", "echo"), input="Hello")
    run, texts = "", {0: "", 1: ""}

    def heard() -> None:
        nonlocal run
        event = going.event()
        run = event["run"]
        for one in event["columns"]:
            texts[one["at"]] = texts.get(one["at"], "") + one.get("text", "")

    while not (texts[0] and texts[1]):
        heard()
    assert page.ask("compare.stop", run=run, at=0) == {}
    while not any(one["at"] == 0 and one.get("state") for one in going.events[-1]["columns"]):
        heard()
    before = len(texts[1])
    while len(texts[1]) <= before:
        heard()  # the other one goes on
    page.ask("compare.stop", run=run)
    going.answer()
    last = {one["at"]: one for event in going.events for one in event["columns"] if one.get("state")}
    assert {at: one["state"] for at, one in last.items()} == {0: "stopped", 1: "stopped", 2: "done"}
    assert last[0]["answer"]["text"].startswith("on and on")
    assert served.idle(1)
    until(lambda: page.refused("compare.stop", run=run)["type"] == "NotFound")


def test_a_token_in_an_answer_never_reaches_the_page_in_whatever_pieces_it_comes(page: Page):
    token = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz01234567"
    whole = f"You said: my token is {token}, and the half of one: hf_AbC"
    texts = live.Texts()
    for size in (1, 2, 3, 5, 8):
        pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
        said = "".join(texts.safe(size, piece) for piece in pieces)
        assert token[3:12] not in said
        assert said.startswith("You said: my token is ")
        assert ", and the half of one: " in said
    going = page.begin("compare.live", contenders=box("echo", "whole"), input=f"It is {token} .")
    ended = going.answer()
    assert token[3:] not in str(going.events) + str(ended)
    assert "It is" in str(going.events)


def test_a_page_that_goes_away_stops_them(page: Page, served: Served):
    going = page.begin("compare.live", contenders=box("endless", "endless"), input="Hello")
    while not going.event()["columns"]:
        pass
    going.cancel()
    assert served.idle(2)
    until(lambda: page.desk.idle)


@pytest.mark.parametrize(
    ("contenders", "input", "says"),
    [
        (box("echo"), "Hello", "compared"),
        (box("echo", "echo", "echo", "echo", "echo"), "Hello", "too many"),
        ([{"model": ""}, *box("echo")], "Hello", "no model yet"),
        (box("echo", "whole"), "  ", "nothing to ask"),
        (box("echo", "whole", warmth=1), "Hello", "no warmth"),
        (box("echo", "whole", system=5), "Hello", "no text"),
        ([{"model": "$99"}, *box("echo")], "Hello", "no longer in memory"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_next_step(contenders, input, says, page: Page):
    said = page.refused("compare.live", contenders=contenders, input=input)
    assert says in said["message"]
    assert said["type"] in ("BadInput", "NotFound")


def test_it_needs_a_kernel(boxed):
    said = Page(boxed, kernel=False).refused("compare.live", contenders=box("echo", "whole"), input="Hello")
    assert said["type"] == "Refused"


def test_an_answer_names_nobody_but_its_figures_do(page: Page):
    """What is drawn of an answer is shown in blind votes too."""
    from hf_nb.panels.compare import answers
    from hf_nb.values import Source, Span, Spans

    source = Source("secret/model", "c0ffee", "hf/provider", "the reason", 1.5, "cpu", "token-classification")
    made = answers.drawn(Spans((Span("PER", 0.9, "Ann", 0, 3),), source, "Ann sings."))
    assert made["kind"] == "other"
    assert "Ann" in made["html"]
    for word in ("secret", "c0ffee", "provider", "reason", "1.5"):
        assert word not in str(made)
    fits("compare", "Drawn", made)
