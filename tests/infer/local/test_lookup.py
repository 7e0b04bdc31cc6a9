"""What was said before is guessed to come again: the words stay the same, the passes become fewer."""

import random
from collections import Counter
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.infer.backends.local import Local, guessing, lookup
from hf_nb.infer.backends.local.guessing import WIDTHS, Guess, Ledger, Paying
from hf_nb.infer.call import Call, Terms

pytestmark = pytest.mark.slow
MODEL, SUMMARIZE = "hfnb-demo/pydoc-gpt", "hfnb-demo/summarize-en"
REPEATS = "class A:\n    def f(self): return 1\n    def g(self): return 2\n    def h"
PROMPTS = [REPEATS, "Return the list of", "the the the the", "x = 1, 1, 1, 1"]
GREEDY: dict[str, Any] = {"do_sample": False, "repetition_penalty": 1.0, "no_repeat_ngram_size": 0}
NOTES = "The meeting was in the library. The group voted to repair ten chairs. Coffee was served. Nora left early."


@pytest.fixture(scope="module")
def theirs(served_hub: Any) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    return AutoTokenizer.from_pretrained(MODEL), AutoModelForCausalLM.from_pretrained(MODEL)


def generated(theirs: tuple[Any, Any], prompt: str, **how: Any) -> tuple[str, int]:
    tokenizer, model = theirs
    read = tokenizer(prompt, return_tensors="pt")
    if "logit_bias" in how:
        how["sequence_bias"] = {(token,): float(value) for token, value in how.pop("logit_bias").items()}
    made = model.generate(**read, **how)[0].tolist()
    before = tokenizer.decode(read.input_ids[0], skip_special_tokens=True)
    return tokenizer.decode(made, skip_special_tokens=True)[len(before) :], len(made) - read.input_ids.shape[
        1
    ]


@pytest.fixture
def always(monkeypatch: Any) -> None:
    """Every guess is tried, the widest that there is room for, whatever it costs."""
    monkeypatch.setattr(
        Ledger, "width", lambda _, __, most: max((one for one in WIDTHS if one <= most), default=0)
    )


def counting(name: str, counts: Counter[str]) -> Any:
    own = getattr(lookup.Looking, name)

    def counted(self: Any, *given: Any) -> Any:
        counts[name] += 1
        return own(self, *given)

    return counted


@pytest.fixture
def passes(monkeypatch: Any) -> Counter[str]:
    """How many passes over one token, over several, and to read again."""
    counts: Counter[str] = Counter()
    for name in ("_stepped", "_tried", "_again"):
        monkeypatch.setattr(lookup.Looking, name, counting(name, counts))
    return counts


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize(
    "how",
    [
        {**GREEDY, "logit_bias": {0: -100}},
        GREEDY,
        {"do_sample": False},
        {**GREEDY, "repetition_penalty": 1.3, "logit_bias": {0: -100}},
        {**GREEDY, "no_repeat_ngram_size": 4, "min_new_tokens": 50},
    ],
    ids=["endless", "plain", "its own settings", "penalties", "no repetition"],
)
@pytest.mark.usefixtures("always")
def test_the_words_are_those_of_one_token_after_the_other(
    prompt: str, how: dict[str, Any], ask: Any, theirs: Any, passes: Counter[str]
) -> None:
    text, written = generated(theirs, prompt, max_new_tokens=90, **how)
    answer = ask("text-generation", MODEL, prompt, max_new_tokens=90, **how)
    assert answer.text == text.rstrip("�")
    assert answer.last.usage.written == written
    assert answer.last.finish == ("length" if written == 90 else "stop")
    if how == {**GREEDY, "logit_bias": {0: -100}}:
        assert passes["_stepped"] + passes["_tried"] < 60


def test_it_is_done_where_it_pays_and_every_token_is_told_as_it_is_known(
    ask: Any, passes: Counter[str]
) -> None:
    how = {"max_new_tokens": 300, "logit_bias": {0: -100}, **GREEDY}
    answer = ask("text-generation", MODEL, REPEATS, **how)
    assert passes["_tried"] > 5
    assert passes["_stepped"] + passes["_tried"] < 250
    assert len([one for one in answer.chunks if one.text]) > 200


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("same", [True, False])
def test_where_rounding_would_change_a_word_it_is_read_again_token_by_token(
    same: Any, ask: Any, theirs: Any, passes: Counter[str], monkeypatch: Any
) -> None:
    """Rounding that one can see: with it the words change, and are the same again where it is looked for."""
    import torch
    from transformers import LlamaForCausalLM

    how = {"max_new_tokens": 80, "logit_bias": {0: -100}, **GREEDY}
    expected = [generated(theirs, one, **how)[0] for one in PROMPTS]
    noise, forward = torch.Generator().manual_seed(1), LlamaForCausalLM.forward

    def rounded(self: Any, input_ids: Any = None, past_key_values: Any = None, **rest: Any) -> Any:
        several = input_ids.shape[1] > 1 and past_key_values.get_seq_length() > 0
        said = forward(self, input_ids=input_ids, past_key_values=past_key_values, **rest)
        if several:
            said.logits += torch.rand(said.logits.shape, generator=noise) * 1.2 - 0.6
        return said

    monkeypatch.setattr(LlamaForCausalLM, "forward", rounded)
    if same:
        monkeypatch.setattr(lookup, "CLOSE", 0.3)
    told = [ask("text-generation", MODEL, one, **how).text for one in PROMPTS]
    assert (told == expected) is same
    assert passes["_tried"] > 12
    assert passes["_again"] > 3 or not same


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("close", [lookup.CLOSE, 0.3])
def test_wrong_guesses_change_nothing(
    close: float, ask: Any, theirs: Any, passes: Counter[str], monkeypatch: Any
) -> None:
    pick = random.Random(4)  # noqa: S311
    right = Guess.next

    def wrong(self: Any, count: int) -> list[int]:
        some = right(self, count) or [pick.randrange(1, 900) for _ in range(count)]
        return some[: pick.randint(0, count)] + [
            pick.randrange(1, 900) for _ in range(count - len(some[: count // 2]))
        ]

    monkeypatch.setattr(Guess, "next", wrong)
    monkeypatch.setattr(lookup, "CLOSE", close)
    how = {"max_new_tokens": 70, "logit_bias": {0: -100}, **GREEDY}
    for prompt in PROMPTS:
        assert ask("text-generation", MODEL, prompt, **how).text == generated(theirs, prompt, **how)[0]
    assert passes["_tried"] > 60


@pytest.mark.usefixtures("always")
def test_an_end_within_a_guess_ends_the_answer_there(ask: Any, passes: Counter[str]) -> None:
    how = {"max_new_tokens": 90, "logit_bias": {0: -100}, **GREEDY}
    whole = ask("text-generation", MODEL, REPEATS, **how)
    for at in (45, 61, 80):
        word = whole.text[at : at + 30]
        stopped = ask("text-generation", MODEL, REPEATS, stop=word, **how)
        assert stopped.text == whole.text[: whole.text.index(word)]
        assert stopped.last.finish == "stop"
    for most in range(30, 50):
        short = ask("text-generation", MODEL, REPEATS, **{**how, "max_new_tokens": most})
        assert (short.last.usage.written, short.last.finish) == (most, "length")
        assert whole.text.startswith(short.text)
    assert passes["_tried"] > 40


@pytest.mark.usefixtures("always")
def test_a_summary_may_repeat_the_text_it_is_of(ask: Any, passes: Counter[str], monkeypatch: Any) -> None:
    plain = ask("summarization", SUMMARIZE, NOTES)
    assert passes["_tried"]
    monkeypatch.setattr(Guess, "next", lambda *_: [])
    passes.clear()
    assert ask("summarization", SUMMARIZE, NOTES).text == plain.text
    assert not passes["_tried"]


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize(
    "how",
    [
        {"temperature": 1.2, "seed": 4},
        {"do_sample": False, "num_beams": 2},
        {"do_sample": False, "grammar": {"type": "regex", "value": "(ab)*"}},
    ],
    ids=str,
)
def test_what_is_drawn_or_searched_or_kept_to_a_form_is_not_guessed(
    how: dict[str, Any], ask: Any, passes: Counter[str]
) -> None:
    assert ask("text-generation", MODEL, REPEATS, max_new_tokens=30, **how).text
    assert not passes


@pytest.mark.usefixtures("always")
def test_stopped_within_a_guess_it_ends(local: Local, passes: Counter[str]) -> None:
    terms = Terms()
    how = {"max_new_tokens": 400, "logit_bias": {0: -100}, **GREEDY}
    parts = local.stream(Call("text-generation", MODEL, None, REPEATS, how), terms)
    for _ in range(5):
        next(parts)
    terms.stop.set()
    with pytest.raises(errors.Stopped):
        list(parts)
    assert passes["_stepped"] < 300


def test_a_guess_follows_what_came_after_the_same_words() -> None:
    guess = Guess([1, 2, 3, 4, 5, 6, 9])
    assert guess.next(3) == []
    for token in (1, 2):
        guess.told(token)
    assert guess.next(3) == [3, 4, 5]
    guess.told(3)
    assert guess.next(2) == [4, 5]
    guess.told(7)
    assert guess.next(2) == []
    for token in (8, 8, 8):
        guess.told(token)
    assert guess.next(4) == [8, 8, 8, 8], "it goes round where it meets its own end"


def ledger(costs: dict[int, float]) -> Ledger:
    paying = Paying()
    for width, cost in costs.items():
        paying.took(width, cost)
    return Ledger(paying)


def test_a_try_is_made_only_where_it_is_expected_to_pay() -> None:
    cheap = ledger({0: 1.0, 3: 1.2, 7: 1.4, 15: 2.0})
    cheap.steps = 1000
    assert cheap.width(0.0, 100) == 0
    assert cheap.width(0.5, 100) in (3, 7)
    assert cheap.width(0.99, 100) == 15
    assert cheap.width(0.99, 5) == 3
    assert cheap.width(0.99, 2) == 0
    dear = ledger({0: 1.0, 3: 4.0, 7: 8.0, 15: 16.0})
    dear.steps = 1000
    assert dear.width(0.99, 100) == 0


def test_tries_that_fail_though_they_looked_good_cost_next_to_nothing() -> None:
    book = ledger({0: 1.0, 3: 1.8, 7: 2.0, 15: 2.4})
    tried = 0
    for _ in range(2000):
        if width := book.width(0.95, 100):
            tried += 1
            book.tried(width, 0, book.paying.cost(width))
        else:
            book.stepped(1.0)
    assert tried
    assert -book.saved <= guessing.RISK * book.steps
