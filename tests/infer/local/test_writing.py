"""Text that goes on: the tokens transformers would write, told as they come, stopped when they are not wanted."""

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hf_nb import errors
from hf_nb.infer.call import Call, Chunk, Terms

pytestmark = pytest.mark.slow
MODEL = "hfnb-demo/pydoc-gpt"
PROMPTS = ["Return the list of", "class", "👩‍👩‍👧 שלום e\u0301 \x00", "\n"]
GREEDY = {"do_sample": False, "repetition_penalty": 1.0}
ENDLESS = {"logit_bias": {0: -100}, "max_new_tokens": 400}  # the end is never said


@pytest.fixture(scope="module")
def theirs(served_hub: Any) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    return AutoTokenizer.from_pretrained(MODEL), AutoModelForCausalLM.from_pretrained(MODEL)


def generated(theirs: tuple[Any, Any], prompt: str, **how: Any) -> tuple[str, list[int]]:
    tokenizer, model = theirs
    read = tokenizer(prompt, return_tensors="pt")
    made = model.generate(**read, **how)[0].tolist()
    whole = tokenizer.decode(made, skip_special_tokens=True)
    return whole[len(tokenizer.decode(read.input_ids[0], skip_special_tokens=True)) :], made[
        read.input_ids.shape[1] :
    ]


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("task", ["text-generation", "code-generation"])
def test_greedy_text_is_what_generate_writes_and_its_tokens_are_counted(
    prompt: str, task: str, ask: Any, theirs: Any
) -> None:
    text, tokens = generated(theirs, prompt, max_new_tokens=40, **GREEDY)
    answer = ask(task, MODEL, prompt, max_new_tokens=40, **GREEDY)
    assert answer.text == text.rstrip("�")
    assert answer.last.usage.written == len(tokens)
    assert answer.last.usage.read == len(theirs[0](prompt).input_ids)
    assert answer.last.finish == ("stop" if tokens[-1] == 0 else "length")


@pytest.mark.parametrize("seed", [0, 7, 2**40])
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"temperature": 1.3, "top_k": 0},
        {"top_p": 0.5},
        {"typical_p": 0.8},
        {"do_sample": True, "top_k": 5},
    ],
    ids=str,
)
def test_a_seed_draws_what_transformers_draws_from_it(
    seed: int, how: dict[str, Any], ask: Any, theirs: Any
) -> None:
    import torch

    torch.manual_seed(seed)
    text, _ = generated(theirs, PROMPTS[0], max_new_tokens=30, **({"do_sample": True} | how))
    before = torch.random.get_rng_state()
    assert ask("text-generation", MODEL, PROMPTS[0], max_new_tokens=30, seed=seed, **how).text == text
    assert torch.equal(torch.random.get_rng_state(), before), "a seed is not set for everybody else"


def test_without_a_seed_whoever_seeds_torch_gets_the_same_again(ask: Any) -> None:
    import torch

    told = []
    for seed in (3, 3, 4):
        torch.manual_seed(seed)
        told.append(ask("text-generation", MODEL, PROMPTS[0], temperature=1.5).text)
    assert told[0] == told[1] != told[2]


def test_temperature_zero_is_greedy(ask: Any) -> None:
    plain = ask("text-generation", MODEL, PROMPTS[0], max_new_tokens=20, do_sample=False).text
    assert ask("text-generation", MODEL, PROMPTS[0], max_new_tokens=20, temperature=0).text == plain


def test_calls_at_the_same_time_answer_as_one_after_the_other(ask: Any) -> None:
    calls = [(prompt, seed) for prompt in PROMPTS[:2] for seed in range(4)]

    def one(prompt: str, seed: int) -> str:
        return str(ask("text-generation", MODEL, prompt, seed=seed, temperature=1.0, max_new_tokens=40).text)

    after = {call: one(*call) for call in calls}
    together: dict[Any, str] = {}
    threads = [
        threading.Thread(target=lambda call=call: together.update({call: one(*call)})) for call in calls
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == after


def test_tokens_come_one_by_one_and_the_first_is_not_held_for_a_word(ask: Any) -> None:
    answer = ask("text-generation", MODEL, PROMPTS[0], max_new_tokens=30, min_new_tokens=30, **GREEDY)
    assert len([one for one in answer.chunks if one.text]) >= 25
    assert all(one.seconds > 0 for one in answer.chunks if one.text)
    assert sum(one.seconds for one in answer.chunks) < 30


def test_the_text_before_it_is_repeated_where_that_is_asked_for(ask: Any) -> None:
    plain = ask("text-generation", MODEL, PROMPTS[0], max_new_tokens=5, **GREEDY).text
    full = ask("text-generation", MODEL, PROMPTS[0], max_new_tokens=5, return_full_text=True, **GREEDY)
    assert full.text == PROMPTS[0] + plain


@pytest.mark.parametrize("many", [False, True])
def test_a_stop_word_ends_it_and_is_not_told_nor_any_part_of_it(many: Any, ask: Any) -> None:
    long = {"max_new_tokens": 60, "min_new_tokens": 60, **GREEDY}
    whole = ask("text-generation", MODEL, PROMPTS[0], **long).text
    word = whole[20:26]
    stopped = ask("text-generation", MODEL, PROMPTS[0], stop=["never", word] if many else word, **long)
    assert stopped.text == whole[: whole.index(word)]
    assert stopped.last.finish == "stop"
    assert stopped.last.usage.written < 60


def test_penalties_and_biases_change_what_is_said(ask: Any) -> None:
    how = {"max_new_tokens": 60, **GREEDY}
    plain = ask("text-generation", MODEL, "the the the", **how)
    for penalty in ("frequency_penalty", "presence_penalty"):
        other = ask("text-generation", MODEL, "the the the", **{penalty: 2.0}, **how)
        assert len(set(other.text.split())) / len(other.text.split()) > len(set(plain.text.split())) / len(
            plain.text.split()
        )
    forced = ask("text-generation", MODEL, "x", logit_bias={"300": 100}, max_new_tokens=3, **GREEDY)
    assert forced.last.usage.written == 3
    assert len({forced.text[at : at + len(forced.text) // 3] for at in (0, len(forced.text) // 3)}) == 1


def test_what_does_not_fit_says_both_numbers(ask: Any) -> None:
    with pytest.raises(errors.TooLarge, match=r"\d{4,} tokens; .* 512"):
        ask("text-generation", MODEL, "word " * 3000)
    assert ask("text-generation", MODEL, "word " * 3000, truncate=20, max_new_tokens=2).last.usage.read == 20


def test_where_only_the_answers_room_is_short_it_is_shortened_and_said(ask: Any, theirs: Any) -> None:
    tokenizer, _ = theirs
    prompt = "the list of a " * 120
    room = 512 - len(tokenizer(prompt).input_ids)
    assert 0 < room < 200
    answer = ask("text-generation", MODEL, prompt, **{**ENDLESS, "max_new_tokens": 300})
    assert f"only {room} tokens of room" in answer.note
    assert (answer.last.usage.written, answer.last.finish) == (room, "length")


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": -1},
        {"temperature": "hot"},
        {"top_p": 2},
        {"max_new_tokens": 0},
        {"max_new_tokens": 1.5},
        {"stop": [3]},
        {"seed": "x"},
        {"n": 2},
        {"logit_bias": {"x": 1}},
        {"logit_bias": {10**6: 1}},
        {"num_beams": 2, "do_sample": True},
    ],
    ids=str,
)
def test_parameters_that_make_no_sense_are_said_briefly(wrong: dict[str, Any], ask: Any) -> None:
    with pytest.raises(errors.BadInput) as refused:
        ask("text-generation", MODEL, "x", **wrong)
    assert len(str(refused.value).splitlines()) <= 3


def workers() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == "hf_nb answer"]


def started(local: Any, terms: Terms, **how: Any) -> Any:
    """An answer of which three parts have come."""
    parts = local.stream(Call("text-generation", MODEL, None, PROMPTS[0], {**ENDLESS, **how}), terms)
    for _ in range(3):
        next(parts)
    assert workers()
    return parts


def test_closing_an_answer_ends_its_thread_at_once(local: Any, ask: Any) -> None:
    ask("text-generation", MODEL, "warm", max_new_tokens=1)
    parts = started(local, Terms())
    began = time.perf_counter()
    parts.close()
    assert time.perf_counter() - began < 0.2
    assert not workers()


def test_a_stop_from_another_thread_ends_it_too(local: Any, ask: Any) -> None:
    ask("text-generation", MODEL, "warm", max_new_tokens=1)
    terms = Terms()
    parts = started(local, terms)
    threading.Timer(0.02, terms.stop.set).start()
    began = time.perf_counter()
    with pytest.raises(errors.Stopped):
        list(parts)
    assert time.perf_counter() - began < 0.32
    assert not workers()


def test_at_the_deadline_it_ends_with_a_timeout(local: Any, ask: Any) -> None:
    ask("text-generation", MODEL, "warm", max_new_tokens=1)
    terms = Terms()
    terms.ends = terms.clock.now() + 0.15
    came: list[Chunk] = []
    with pytest.raises(errors.Timeout) as late:
        came.extend(local.stream(Call("text-generation", MODEL, None, PROMPTS[0], ENDLESS), terms))
    assert late.value.stage == "total"
    time.sleep(0.1)
    assert not workers()


def test_where_time_is_virtual_it_ends_all_the_same(local: Any) -> None:
    class Still:
        virtual = True

        def now(self) -> float:
            return 5.0

        def sleep(self, seconds: float, stop: threading.Event | None = None) -> None:
            raise AssertionError

    call = Call("text-generation", MODEL, None, PROMPTS[0], {"max_new_tokens": 5, **GREEDY})
    assert list(local.stream(call, Terms(Still())))[-1].finish == "length"
    with pytest.raises(errors.Timeout):
        list(local.stream(call, Terms(Still(), ends=4.0)))


@pytest.mark.parametrize("wrong", ["CUDA", "cpu", "python"])
def test_memory_that_runs_out_is_said_as_that(wrong: str, local: Any, ask: Any, monkeypatch: Any) -> None:
    import torch
    from transformers import LlamaForCausalLM

    ask("text-generation", MODEL, "warm", max_new_tokens=1)
    raised = {
        "CUDA": torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB"),
        "cpu": RuntimeError("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: not enough memory"),
        "python": MemoryError(),
    }[wrong]

    def full(self: Any, *_: Any, **__: Any) -> None:
        raise raised

    monkeypatch.setattr(LlamaForCausalLM, "forward", full)
    with pytest.raises(errors.OutOfMemory, match="does not fit"):
        ask("text-generation", MODEL, "x")


def test_what_fails_inside_a_model_is_one_of_our_errors(ask: Any, monkeypatch: Any) -> None:
    from transformers import LlamaForCausalLM

    ask("text-generation", MODEL, "warm", max_new_tokens=1)

    def broken(self: Any, *_: Any, **__: Any) -> None:
        raise IndexError("index out of range in self\nand more")

    monkeypatch.setattr(LlamaForCausalLM, "forward", broken)
    with pytest.raises(errors.Broken, match=r"IndexError: index out of range in self\.?$"):
        ask("text-generation", MODEL, "x")


def test_json_by_a_schema_is_kept_to_by_a_model_that_knows_none(ask: Any) -> None:
    schema = {
        "type": "object",
        "properties": {
            "name": {"type": "string", "maxLength": 8},
            "age": {"type": "integer", "minimum": 0, "maximum": 150},
            "of": {"enum": ["Bern", "Zürich"]},
        },
        "required": ["name", "age", "of"],
        "additionalProperties": False,
    }
    for seed in range(5):
        answer = ask(
            "text-generation",
            MODEL,
            "x",
            grammar={"type": "json", "value": schema},
            seed=seed,
            max_new_tokens=200,
        )
        data = json.loads(answer.text)
        assert list(data) == ["name", "age", "of"]
        assert len(data["name"]) <= 8
        assert 0 <= data["age"] <= 150
        assert data["of"] in ("Bern", "Zürich")
        assert answer.last.finish == "stop"


def test_a_regular_expression_is_kept_to(ask: Any) -> None:
    import re

    answer = ask("text-generation", MODEL, "x", grammar={"type": "regex", "value": r"[0-9]{4}-[0-9]{2}"})
    assert re.fullmatch(r"\d{4}-\d{2}", answer.text)


@pytest.mark.parametrize(
    "form",
    [
        "json",
        {"type": "xml"},
        {"type": "json"},
        {"type": "json", "value": "{"},
        {"type": "regex", "value": "("},
    ],
    ids=str,
)
def test_a_form_that_makes_no_sense_is_said(form: Any, ask: Any) -> None:
    with pytest.raises(errors.BadInput):
        ask("text-generation", MODEL, "x", grammar=form)


def test_half_a_character_is_never_told(ask: Any, theirs: Any) -> None:
    """The tokens of an emoji, one by one, are said by force of a bias that changes with each."""
    tokenizer, _ = theirs
    text = "👩‍👩‍👧é漢"
    tokens = tokenizer(text).input_ids
    assert len(tokens) > 8
    pattern = {"type": "regex", "value": text}
    answer = ask("text-generation", MODEL, "x", grammar=pattern, max_new_tokens=100)
    assert answer.text == text
    assert all("�" not in one.text for one in answer.chunks)
    cut = ask("text-generation", MODEL, "x", grammar=pattern, max_new_tokens=2)
    assert text.startswith(cut.text)
    assert cut.last.finish == "length"


def test_a_model_without_settings_of_its_own_still_ends(ask: Any, copied: Callable[[str], Path]) -> None:
    folder = copied(MODEL)
    (folder / "generation_config.json").unlink()
    answer = ask("text-generation", folder, "Return the", logit_bias={0: -100})
    assert (answer.last.usage.written, answer.last.finish) == (256, "length")
