"""Many texts written side by side: the words each has alone, whatever stands beside it, and fewer passes for it."""

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.infer.backends.local import Local, decoding, generating, grouping, ragged
from hf_nb.infer.call import Call, Chunk, Terms
from hf_nb.plumbing.session import Session

pytestmark = pytest.mark.slow
GPT, TRANSLATE, SUMMARIZE = "hfnb-demo/pydoc-gpt", "hfnb-demo/translate-en-fr", "hfnb-demo/summarize-en"
TINY, CHAT = "hfnb-demo/text2text-tiny", "hfnb-demo/chat-en"
FORM = {"type": "regex", "value": "[ab]{3,9}"}
GREEDY: dict[str, Any] = {"do_sample": False, "max_new_tokens": 24}
WORDS = (
    "Return the list of names in a class def function(self, value=None) -> str: if not None raise ValueError for key "
    "in mapping Called when an object is made True False and or the default is used as by with import from #"
).split()


def prompts(count: int, longest: int = 40) -> list[str]:
    pick = random.Random(count)  # noqa: S311
    sizes = [pick.randint(1, longest) for _ in range(count)]
    return [" ".join(pick.choices(WORDS, k=size)) for size in sizes]


def messages(text: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}]}


def texts(some: str) -> list[str]:
    return [some[: 20 + 9 * number] for number in range(10)]


NOTES = "The meeting was in the library. The group voted to repair ten chairs. Coffee was served. Nora left early."
HOME = "the children do not sleep in the white house and my friend eats in the small town"
ASKED: list[tuple[str, str, list[Any], dict[str, Any]]] = [
    ("text-generation", GPT, ["👩‍👩‍👧 שלום e\u0301 \x00", "\n", "", *prompts(9)], GREEDY),
    ("text-generation", GPT, prompts(10), {**GREEDY, "repetition_penalty": 1.0, "logit_bias": {0: -100}}),
    ("code-generation", GPT, prompts(10), {**GREEDY, "stop": ["\n", "is"], "return_full_text": True}),
    ("text-generation", GPT, prompts(10), {**GREEDY, "frequency_penalty": 1.0, "min_new_tokens": 9}),
    ("summarization", SUMMARIZE, texts(NOTES), {}),
    ("summarization", SUMMARIZE, texts(NOTES), {"max_new_tokens": 6}),
    ("translation", TRANSLATE, texts(HOME), {}),
    ("translation", TRANSLATE, texts(HOME), {"no_repeat_ngram_size": 1, "max_new_tokens": 20}),
    ("text2text-generation", TINY, ["plural: puppy", "plural: cat", "", "👩‍👩‍👧 plural: fox and a dog"], {}),
    (
        "chat",
        CHAT,
        [messages(one) for one in ["Hello", *prompts(8, 12)]],
        {"temperature": 0, "max_tokens": 20},
    ),
]


def called(task: str, model: Any, inputs: list[Any], params: dict[str, Any]) -> list[Call]:
    return [Call(task, str(model), None, one, params) for one in inputs]


def whole(chunks: list[Chunk]) -> tuple[Any, ...]:
    last = chunks[-1]
    return (
        "".join(one.text for one in chunks),
        last.finish,
        last.usage,
        last.note,
        [one.name for one in last.calls],
    )


@pytest.fixture
def passes(monkeypatch: Any) -> Counter[str]:
    """How many texts went side by side, and alone."""
    counts: Counter[str] = Counter()
    through, alone = ragged.together, generating.write

    def together(loaded: Any, jobs: Any, halt: Any) -> Any:
        for at, said in through(loaded, jobs, halt):
            counts["together"] += said is not None
            counts["in doubt"] += said is None
            yield at, said

    def write(*given: Any) -> Any:
        counts["alone"] += 1
        return alone(*given)

    monkeypatch.setattr(ragged, "together", together)
    monkeypatch.setattr(grouping, "write", write)
    return counts


@pytest.mark.parametrize(
    ("task", "model", "inputs", "params"), ASKED, ids=[str(at) for at in range(len(ASKED))]
)
def test_each_text_is_the_one_it_is_alone(
    task: str, model: str, inputs: list[Any], params: dict[str, Any], local: Local, passes: Counter[str]
) -> None:
    calls = called(task, model, inputs, params)
    alone = [whole(list(local.stream(one, Terms()))) for one in calls]
    assert len({one[0] for one in alone}) > 1, "they are not all the same anyway"
    told = dict(local.several(calls, Terms()))
    assert {at: whole([one]) for at, one in told.items() if isinstance(one, Chunk)} == dict(enumerate(alone))
    assert passes["together"] >= len(calls) - 2
    assert passes["alone"] == passes["in doubt"]


def test_they_take_fewer_passes_and_a_row_that_is_over_leaves(local: Local, monkeypatch: Any) -> None:
    from transformers import LlamaForCausalLM

    calls = called("text-generation", GPT, prompts(12), {**GREEDY, "stop": [" "]})
    list(local.several(calls[:2], Terms()))
    shapes: list[tuple[int, int]] = []
    forward = LlamaForCausalLM.forward

    def counted(self: Any, input_ids: Any = None, **rest: Any) -> Any:
        shapes.append(tuple(input_ids.shape))
        return forward(self, input_ids=input_ids, **rest)

    monkeypatch.setattr(LlamaForCausalLM, "forward", counted)
    made = dict(local.several(calls, Terms()))
    written = [one.usage.written or 0 for one in made.values() if isinstance(one, Chunk) and one.usage]
    assert len(written) == 12
    reads = next(at for at in range(1, 13) if sum(rows for rows, _ in shapes[:at]) == 12)
    sizes = [one.usage.read or 0 for one in made.values() if isinstance(one, Chunk) and one.usage]
    assert 1 < reads < 6  # the short prompts are not read as long as the longest
    assert sum(rows * tokens for rows, tokens in shapes[:reads]) <= sum(sizes) + decoding.FILLED * reads
    steps = [rows for rows, _ in shapes[reads:]]
    assert len(steps) <= max(written)
    assert steps[0] > min(steps[1:])
    assert sum(steps) < 12 * max(written)


@pytest.mark.parametrize("same", [True, False])
def test_where_rounding_would_change_a_word_the_row_is_written_again_alone(
    same: Any, local: Local, passes: Counter[str], monkeypatch: Any
) -> None:
    """Rounding that one can see: with it the words change, and are the same again where it is looked for."""
    import torch
    from transformers import LlamaForCausalLM

    calls = called("text-generation", GPT, prompts(8), GREEDY)
    alone = [whole(list(local.stream(one, Terms()))) for one in calls]
    noise, forward = torch.Generator().manual_seed(1), LlamaForCausalLM.forward

    def rounded(self: Any, input_ids: Any = None, **rest: Any) -> Any:
        said = forward(self, input_ids=input_ids, **rest)
        if len(input_ids) > 1:
            said.logits += torch.rand(said.logits.shape, generator=noise) - 0.5
        return said

    list(local.several(calls, Terms()))  # it is known that this model answers filled-up rows alike
    passes.clear()
    monkeypatch.setattr(LlamaForCausalLM, "forward", rounded)
    if same:
        monkeypatch.setattr(ragged, "CLOSE", 0.2)
    told = dict(local.several(calls, Terms()))
    assert ([whole([told[at]]) for at in range(8)] == alone) is same  # type: ignore[list-item]
    assert passes["alone"] == passes["in doubt"]
    assert passes["in doubt"] > 3 or not same


@pytest.mark.parametrize(
    "params",
    [
        {"num_beams": 2, "do_sample": False},
        {"seed": 3, "temperature": 1.0},
        GREEDY | {"grammar": FORM},
    ],
    ids=str,
)
def test_beams_grammars_and_seeds_go_one_by_one(
    params: dict[str, Any], local: Local, passes: Counter[str]
) -> None:
    calls = called("text-generation", GPT, prompts(3), {"max_new_tokens": 8, **params})
    alone = [whole(list(local.stream(one, Terms()))) for one in calls]
    told = dict(local.several(calls, Terms()))
    assert [whole([told[at]]) for at in range(3)] == alone  # type: ignore[list-item]
    assert passes == {"alone": 3}


def test_drawn_texts_go_together_and_whoever_seeds_torch_gets_them_again(
    local: Local, passes: Counter[str]
) -> None:
    import torch

    calls = called("text-generation", GPT, ["Return the"] * 6, {"temperature": 1.5, "max_new_tokens": 12})
    told = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        told.append([one.text for _, one in sorted(local.several(calls, Terms())) if isinstance(one, Chunk)])
    assert told[0] == told[1] != told[2]
    assert len(set(told[0])) > 3
    assert passes["together"] == 18


def test_what_cannot_be_read_is_said_beside_the_others(local: Local) -> None:
    inputs = ["Return", "word " * 3000, "class", "half \ud800 a character", "the"]
    told = dict(local.several(called("text-generation", GPT, inputs, GREEDY), Terms()))
    assert {at: type(one) for at, one in told.items() if not isinstance(one, Chunk)} == {
        1: errors.TooLarge,
        3: errors.BadInput,
    }
    assert all(told[at].text for at in (0, 2, 4))  # type: ignore[union-attr]


def test_a_text_that_breaks_the_model_breaks_no_other(local: Local, monkeypatch: Any) -> None:
    from transformers import LlamaForCausalLM

    inputs = [*prompts(6), "Return the list of"]
    poison = 1234
    forward = LlamaForCausalLM.forward

    def breaks(self: Any, input_ids: Any = None, **rest: Any) -> Any:
        if bool((input_ids == poison).any()):
            raise IndexError("index out of range in self")
        return forward(self, input_ids=input_ids, **rest)

    calls = called("text-generation", GPT, inputs, GREEDY)
    alone = [whole(list(local.stream(one, Terms())))[0] for one in calls]
    with local.memory.lent(calls[0], "AutoModelForCausalLM", lambda *_: iter(())) as loaded:  # type: ignore[arg-type]
        poison = loaded.reader.plain(inputs[6]).ids[0]
        hit = {at for at, one in enumerate(inputs) if poison in loaded.reader.plain(one).ids}
    assert hit != set(range(7))
    monkeypatch.setattr(LlamaForCausalLM, "forward", breaks)
    told = dict(local.several(calls, Terms()))
    wrong = {at for at, one in told.items() if isinstance(one, errors.Broken)}
    assert hit <= wrong
    assert len(told) == 7
    assert all(one.text == alone[at] for at, one in told.items() if isinstance(one, Chunk))


def test_where_memory_is_too_small_for_all_half_of_them_go(local: Local, monkeypatch: Any) -> None:
    import torch
    from transformers import LlamaForCausalLM

    calls = called("text-generation", GPT, prompts(16), GREEDY)
    alone = [whole(list(local.stream(one, Terms())))[0] for one in calls]
    rows: list[int] = []
    forward = LlamaForCausalLM.forward

    def full(self: Any, input_ids: Any = None, **rest: Any) -> Any:
        rows.append(len(input_ids))
        if len(input_ids) > 4:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB")
        return forward(self, input_ids=input_ids, **rest)

    monkeypatch.setattr(LlamaForCausalLM, "forward", full)
    told = dict(local.several(calls, Terms()))
    assert [told[at].text for at in range(16)] == alone  # type: ignore[union-attr]
    assert sum(one > 4 for one in rows) == 2  # of sixteen, then of eight; four fit
    assert 4 in rows


def test_a_model_that_answers_filled_up_rows_otherwise_is_asked_one_by_one(
    copied: Callable[[str], Path], passes: Counter[str], monkeypatch: Any
) -> None:
    from transformers import LlamaForCausalLM

    forward = LlamaForCausalLM.forward

    def deaf(self: Any, attention_mask: Any = None, position_ids: Any = None, **rest: Any) -> Any:
        return forward(self, **rest)  # it reads what fills a row up as text

    monkeypatch.setattr(LlamaForCausalLM, "forward", deaf)
    own, folder = Local(Session()), copied(GPT)
    calls = called("text-generation", folder, prompts(6), GREEDY)
    alone = [whole(list(own.stream(one, Terms()))) for one in calls]
    told = dict(own.several(calls, Terms()))
    assert [whole([told[at]]) for at in range(6)] == alone  # type: ignore[list-item]
    assert passes == {"alone": 6}


def test_in_half_precision_they_go_together_and_it_is_said(
    copied: Callable[[str], Path], passes: Counter[str]
) -> None:
    import torch

    own, folder = Local(Session()), copied(GPT)
    calls = called("text-generation", folder, prompts(4), GREEDY)
    list(own.stream(calls[0], Terms()))
    with own.memory.lent(calls[0], "AutoModelForCausalLM", lambda *_: iter(())) as loaded:  # type: ignore[arg-type]
        loaded.model.to(torch.bfloat16)
    told = dict(own.several(calls, Terms()))
    assert passes == {"together": 4, "in doubt": 0}
    assert all("half precision" in told[at].note for at in range(4))  # type: ignore[union-attr]


def test_a_stop_ends_it_between_two_tokens_and_what_was_done_is_kept(local: Local, monkeypatch: Any) -> None:
    best = ragged._best
    params = {**GREEDY, "max_new_tokens": 400, "logit_bias": {0: -100}}
    full = " ".join(["the"] * 495)  # it leaves room for a few tokens, so this one is done first
    terms = Terms()
    steps: Counter[str] = Counter()

    def counted(scores: Any, *, look: Any) -> Any:
        steps["best"] += 1
        return best(scores, look=look)

    monkeypatch.setattr(ragged, "_best", counted)
    told = local.several(called("text-generation", GPT, [*prompts(4), full], params), terms)
    number, first = next(told)
    assert (number, type(first)) == (4, Chunk)
    before = steps["best"]
    terms.stop.set()
    with pytest.raises(errors.Stopped):
        next(told)
    assert steps["best"] == before < 50


def test_an_answer_nobody_waits_for_any_more_is_not_written_on(local: Local, monkeypatch: Any) -> None:
    from transformers import LlamaForCausalLM

    calls = called("text-generation", GPT, prompts(8), {**GREEDY, "stop": [" "], "max_new_tokens": 300})
    told = local.several(calls, Terms())
    next(told)
    began = time.perf_counter()
    told.close()  # type: ignore[attr-defined]
    assert time.perf_counter() - began < 5
    monkeypatch.setattr(LlamaForCausalLM, "forward", None)
    assert local.turns.going == 0


def test_a_long_text_is_written_in_pieces_that_go_side_by_side(local: Local, passes: Counter[str]) -> None:
    long, short = "the children do not sleep. " * 60, "the dog eats"
    calls = called("translation", TRANSLATE, [short, long], {})
    alone = [whole(list(local.stream(one, Terms()))) for one in calls]
    told = dict(local.several(calls, Terms()))
    assert [whole([told[at]]) for at in range(2)] == alone  # type: ignore[list-item]
    assert passes["together"] > 4
    assert "cut between sentences" in alone[1][3]


def test_tools_are_called_side_by_side_as_alone(local: Local) -> None:
    tool = {"type": "function", "function": {"name": "weather", "parameters": {"type": "object"}}}
    calls = called(
        "chat",
        CHAT,
        [messages(one) for one in ("Hi", "What is the weather in Bern?", "Thanks a lot, friend")],
        {"tools": [tool], "temperature": 0, "max_tokens": 20},
    )
    alone = [whole(list(local.stream(one, Terms()))) for one in calls]
    told = dict(local.several(calls, Terms()))
    assert [whole([told[at]]) for at in range(3)] == alone  # type: ignore[list-item]
