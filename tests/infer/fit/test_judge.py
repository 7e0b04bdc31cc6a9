"""`fit`: the verdict, what is read for it, and what cannot be judged."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import hf_nb
from hf_nb import errors
from hf_nb.infer.fit import reading
from hf_nb.plumbing import memory
from hf_nb.plumbing.session import Session

if TYPE_CHECKING:
    from tests.infer.conftest import Put

LABELS, WRITES, REWRITES = "hfnb-demo/sentiment-en", "hfnb-demo/pydoc-gpt", "hfnb-demo/summarize-en"
BERT: dict[str, Any] = {
    "model_type": "bert",
    "architectures": ["BertForSequenceClassification"],
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 128,
    "vocab_size": 500,
}


def numbers(config: dict[str, Any]) -> int:
    """How many a model of this config has, counted on a real one."""
    import transformers

    made = transformers.AutoModelForSequenceClassification.from_config(transformers.BertConfig(**config))
    return sum(one.numel() for one in made.parameters())


def config(**changed: Any) -> dict[str, bytes]:
    return {"config.json": json.dumps(BERT | changed).encode()}


def test_a_model_is_judged_by_its_config_alone(session: Session, wire: list[int]) -> None:
    found = hf_nb.fit(LABELS, session=session)
    assert (found.verdict, found.how, found.task) == ("fits", "traced", "text-classification")
    assert found.memory
    assert found.least
    assert found.most
    assert found.least < found.memory < found.most
    assert found.seconds
    assert found.quickest
    assert found.slowest
    assert found.quickest < found.seconds < found.slowest
    assert 0 < found.fetched <= sum(wire) < 20_000
    assert re.match(
        r"Runs: about \d+ MB of the [\d.]+ [GM]B free; a text of 27 tokens in about ", found.sentence
    )
    assert found.sentence in str(found)


def test_the_numbers_of_a_model_are_counted_without_its_weights(put: Put, session: Session) -> None:
    put("who/bert", config())
    found = hf_nb.fit("who/bert", task="text-classification", session=session)
    assert found.parameters == numbers(BERT)
    assert found.weights is not None
    assert found.weights >= 4 * found.parameters  # its buffers as well


@pytest.mark.parametrize("model", [WRITES, REWRITES])
def test_a_longer_answer_takes_longer_and_keeps_more(model: str, session: Session) -> None:
    short, long = (hf_nb.fit(model, new_tokens=count, session=session) for count in (8, 400))
    assert short.token
    assert long.seconds
    assert short.seconds
    assert long.seconds > 5 * short.seconds
    assert long.kept > short.kept > 0
    assert f"{long.new_tokens} tokens in about" in long.sentence


def test_where_two_orders_are_as_quick_and_nothing_is_kept_the_band_holds_both(
    session: Session, monkeypatch: pytest.MonkeyPatch, put: Put
) -> None:
    put("who/wide", config(hidden_size=512, intermediate_size=2048))
    monkeypatch.setattr("hf_nb.infer.machine.Machine.save", lambda _: None)
    bands = []
    for gain in (0.5, 1.09, 3.0):
        monkeypatch.setattr("hf_nb.infer.backends.local.matmul._gain", lambda _, gain=gain: gain)
        bands.append(hf_nb.fit("who/wide", task="text-classification", session=session))
    once, either, twice = bands
    assert once.memory
    assert twice.memory
    assert twice.memory > once.memory + 10_000_000
    assert either.least == once.least
    assert either.most == twice.most


def test_a_classifier_is_reckoned_with_its_last_layer_for_one_token(put: Put, session: Session) -> None:
    wide = config(num_hidden_layers=1, hidden_size=256, intermediate_size=1024, max_position_embeddings=1024)
    put("who/labels", wide)
    labels, tags = (
        hf_nb.fit("who/labels", task=task, tokens=1000, session=session)
        for task in ("text-classification", "token-classification")
    )
    assert labels.seconds
    assert tags.seconds
    assert labels.seconds < 0.7 * tags.seconds


def test_a_longer_text_takes_longer(put: Put, session: Session) -> None:
    put("who/long", config(max_position_embeddings=4096, hidden_size=256, intermediate_size=1024))
    short, long = (hf_nb.fit("who/long", tokens=count, session=session) for count in (16, 2000))
    assert short.seconds
    assert long.seconds
    assert short.memory
    assert long.memory
    assert long.seconds > 5 * short.seconds
    assert long.memory > short.memory


def test_two_bytes_a_number_are_half_of_four(session: Session) -> None:
    full, half = (hf_nb.fit(LABELS, dtype=dtype, session=session) for dtype in ("fp32", "bf16"))
    assert full.weights
    assert half.weights
    assert half.weights == pytest.approx(full.weights / 2, rel=0.01)


def test_a_model_too_large_says_what_it_needs_and_names_smaller_ones(
    put: Put, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "_machine", lambda: 200_000_000)
    put("who/huge", config(hidden_size=2048, intermediate_size=8192, num_hidden_layers=12, vocab_size=30_000))
    found = hf_nb.fit("who/huge", task="text-classification", session=session)
    assert found.verdict == "too large"
    assert not found
    assert LABELS in found.smaller
    assert re.match(r"Does not fit: needs about [\d.]+ GB, 200 MB are free; a smaller one: ", found.sentence)


def test_an_adapter_is_as_large_as_its_base(session: Session) -> None:
    found, base = (hf_nb.fit(id, session=session) for id in (f"{LABELS}-slang-lora", LABELS))
    assert found.weights == base.weights
    assert any(LABELS in note for note in found.notes)


def test_a_gguf_file_is_judged_by_its_size(session: Session) -> None:
    found = hf_nb.fit("hfnb-demo/pydoc-gpt-gguf", session=session)
    assert found.how == "file"
    assert found.verdict == "fits"
    assert "Ollama" in found.notes[0]


def test_an_architecture_nobody_knows_is_judged_by_its_numbers(session: Session, put: Put, hub: Any) -> None:
    from huggingface_hub import hf_hub_download

    weights = Path(hf_hub_download(LABELS, "model.safetensors")).read_bytes()
    odd = config(model_type="made-up", auto_map={"AutoModel": "code.Model"})
    put("who/odd", odd | {"model.safetensors": weights, "code.py": b"raise SystemExit"})
    found = hf_nb.fit("who/odd", session=session)
    assert found.how == "counted"
    assert found.parameters == hf_nb.fit(LABELS, session=session).parameters
    assert found.seconds is None
    assert found.verdict == "fits"


def test_a_repository_that_says_nothing_is_not_judged(put: Put, session: Session) -> None:
    put("who/empty", {"README.md": b"# nothing"})
    found = hf_nb.fit("who/empty", session=session)
    assert found.verdict == "unknown"
    assert not found
    assert found.sentence == "Not known: nobody says how large it is."


def test_a_folder_is_judged_with_nothing_asked(hub: Any, session: Session, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(BERT))
    hub.clear_requests()
    found = hf_nb.fit(str(tmp_path), session=session)
    assert found.parameters == numbers(BERT)
    assert not hub.requests()


def test_a_wrong_id_offers_the_nearest(session: Session) -> None:
    with pytest.raises(errors.NotFound) as missing:
        hf_nb.fit("hfnb-demo/sentiment-enn", session=session)
    assert LABELS in missing.value.next_step


@pytest.mark.parametrize(
    "how", [{"tokens": 0}, {"new_tokens": 2_000_000}, {"dtype": "fp64"}, {"task": "telling-fortunes"}]
)
def test_what_makes_no_sense_is_refused_before_anything_is_asked(
    hub: Any, how: dict[str, Any], session: Session
) -> None:
    hub.clear_requests()
    with pytest.raises(errors.BadInput):
        hf_nb.fit(LABELS, session=session, **how)
    assert not hub.requests()


@pytest.mark.parametrize(
    "wrong",
    [
        {"hidden_size": 10**15},
        {"num_hidden_layers": 10**7},
        {"num_labels": 10**7},
        {"hidden_size": "large"},
        {"vocab_size": -5},
        {"hidden_act": "__import__('os').abort()"},
        {"attn_implementation": "who/kernels", "_attn_implementation": "who/kernels"},
        {"text_config": {"text_config": {"text_config": {}}}},
    ],
)
def test_a_hostile_config_costs_little_and_breaks_nothing(
    put: Put, session: Session, wrong: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hf_nb.infer.fit.trace.LONGEST", 2.0)
    put("who/hostile", config(**wrong))
    found = hf_nb.fit("who/hostile", session=session)
    assert found.verdict in ("fits", "tight", "too large", "unknown")


@pytest.mark.parametrize("size", [149_000, 5_000_000])
def test_of_a_config_that_is_too_long_only_the_beginning_is_read(
    put: Put, session: Session, wire: list[int], size: int
) -> None:
    """A hundred and fifty thousand bytes hold the longest list of labels there is; more is nonsense."""
    raw = json.dumps(BERT | {"note": "x" * (size - 300)}).encode()
    put("who/long", {"config.json": raw, "model.safetensors": b"\xff" * 9, "README.md": b"x" * 2_000_000})
    found = hf_nb.fit("who/long", task="text-classification", session=session)
    assert found.fetched <= reading.MOST
    assert sum(wire) <= reading.MOST + 65_536  # what was on its way when the connection was closed
    assert (found.how == "traced") == (size < reading.OF_CONFIG)


def test_a_hub_that_is_gone_is_said(hub: Any, session: Session) -> None:
    session.settings.response_cache_minutes = 0
    with hub.fault("status", status=503), pytest.raises(errors.HfNbError):
        hf_nb.fit("hfnb-demo/topic-en", session=session)


def test_what_was_measured_is_kept_for_the_machine(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_NB_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr("hf_nb.infer.machine.busy", lambda: False)
    first = hf_nb.fit(LABELS, session=session)
    (kept,) = (one for one in (tmp_path / "fit").glob("*.json") if ".chosen" not in one.name)
    assert hf_nb.fit(LABELS, session=session).seconds == first.seconds
    kept.write_text("[not figures")
    assert hf_nb.fit(LABELS, session=session).seconds
    shutil.rmtree(tmp_path / "fit")
    (tmp_path / "fit").write_text("a file where a folder is wanted")
    assert hf_nb.fit(LABELS, session=session).seconds
