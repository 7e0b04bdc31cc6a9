"""Train and check a small Llama on the standard library's documentation."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers.loop import fit
from hf_nb.offline.content.trainers.networks import Weights, llama, llama_shapes, parameters, start
from hf_nb.offline.content.trainers.pieces import teach_pairs
from hf_nb.offline.content.trainers.pydoc import passages

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

END, PAD = "<|endoftext|>", "<|pad|>"


@dataclass(frozen=True)
class Plan:
    """One training run."""

    vocabulary: int = 2048
    size: int = 128
    layers: int = 2
    heads: int = 4
    hidden: int = 256
    window: int = 128  # tokens per training example
    batch: int = 8
    steps: int = 270
    rate: float = 1e-2
    matrix_rate: float = 0.04
    seed: int = 11
    positions: int = 512


@dataclass(frozen=True)
class Outcome:
    """What a run came to, measured on unseen passages."""

    parameters: int
    tokens: int
    perplexity: float
    next_token: float


def texts(split: str) -> list[str]:
    """Both kinds of documentation."""
    return [p.text for kind in ("topics", "docstrings") for p in passages(kind) if p.split == split]


def train(plan: Plan, folder: Path) -> Outcome:
    """Write tokenizer, weights and configuration into `folder`; the held-out figures come back."""
    import torch

    tokenizer = _tokenizer(plan)
    stream = torch.tensor(_stream(tokenizer, texts("train")))
    shapes = llama_shapes(vocabulary=plan.vocabulary, size=plan.size, layers=plan.layers, hidden=plan.hidden)
    weights = start(shapes, plan.seed)
    weights = fit(
        weights,
        _batches(plan, stream),
        _loss(plan),
        steps=plan.steps,
        rate=plan.rate,
        matrix_rate=plan.matrix_rate,
    )
    _write(plan, tokenizer, weights, folder)
    held_out = _stream(tokenizer, texts("test"))
    perplexity, next_token = _measure(
        lambda ids: llama(weights, ids, layers=plan.layers, heads=plan.heads), held_out, plan
    )
    return Outcome(parameters(shapes), len(stream), perplexity, next_token)


def _tokenizer(plan: Plan) -> "Tokenizer":
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    letters = pre_tokenizers.ByteLevel.alphabet()
    teach_pairs(tokenizer, texts("train"), plan.vocabulary, special=[END, PAD], alphabet=letters)
    return tokenizer


def _stream(tokenizer: "Tokenizer", pieces: list[str]) -> list[int]:
    end = int(tokenizer.token_to_id(END) or 0)
    return [token for encoding in tokenizer.encode_batch(pieces) for token in (*encoding.ids, end)]


def _batches(plan: Plan, stream: "Tensor") -> Iterator[tuple["Tensor"]]:
    import torch

    random = torch.Generator().manual_seed(plan.seed)
    places = torch.arange(plan.window + 1)
    while True:
        begin = torch.randint(len(stream) - plan.window - 1, (plan.batch, 1), generator=random)
        yield (stream[begin + places],)


def _loss(plan: Plan) -> Any:
    def loss(weights: Weights, ids: "Tensor") -> "Tensor":
        import torch.nn.functional as f

        scores = llama(weights, ids[:, :-1], layers=plan.layers, heads=plan.heads)
        return f.cross_entropy(scores.flatten(0, 1), ids[:, 1:].flatten())

    return loss


def _measure(scores_of: Any, stream: list[int], plan: Plan) -> tuple[float, float]:
    """Perplexity and share of next tokens guessed right, over windows of unseen documentation."""
    import torch
    import torch.nn.functional as f

    whole = len(stream) // (plan.window + 1)
    ids = torch.tensor(stream[: whole * (plan.window + 1)]).view(whole, -1)
    with torch.no_grad():
        scores = torch.cat([scores_of(part[:, :-1]) for part in ids.split(32)])
    wanted = ids[:, 1:].flatten()
    loss = f.cross_entropy(scores.flatten(0, 1), wanted).item()
    right = (scores.flatten(0, 1).argmax(-1) == wanted).float().mean().item()
    return exp(loss), right


def _write(plan: Plan, tokenizer: "Tokenizer", weights: Weights, folder: Path) -> None:
    from safetensors.torch import save_file

    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save(str(folder / "tokenizer.json"))
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": plan.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "clean_up_tokenization_spaces": False,
            "bos_token": END,
            "eos_token": END,
            "pad_token": PAD,
        },
    )
    end, pad = tokenizer.token_to_id(END), tokenizer.token_to_id(PAD)
    write_json(
        folder / "config.json",
        {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "vocab_size": plan.vocabulary,
            "hidden_size": plan.size,
            "num_hidden_layers": plan.layers,
            "num_attention_heads": plan.heads,
            "num_key_value_heads": plan.heads,
            "intermediate_size": plan.hidden,
            "hidden_act": "silu",
            "max_position_embeddings": plan.positions,
            "rms_norm_eps": 1e-6,
            "rope_parameters": {"rope_type": "default", "rope_theta": 10000.0},
            "tie_word_embeddings": True,
            "bos_token_id": end,
            "eos_token_id": end,
            "pad_token_id": pad,
            "dtype": "float32",
        },
    )
    write_json(
        folder / "generation_config.json",
        {
            "bos_token_id": end,
            "eos_token_id": end,
            "pad_token_id": pad,
            "do_sample": True,
            "temperature": 0.7,
            "top_p": 0.9,
            "repetition_penalty": 1.1,
            "max_new_tokens": 80,
        },
    )


def check(plan: Plan, folder: Path) -> dict[str, float]:
    """The held-out figures again, loaded as a user would load it."""
    from tokenizers import Tokenizer
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(str(folder))
    stream = _stream(Tokenizer.from_file(str(folder / "tokenizer.json")), texts("test"))
    perplexity, next_token = _measure(lambda ids: model(ids).logits, stream, plan)
    return {"perplexity": perplexity, "next_token_accuracy": next_token}
