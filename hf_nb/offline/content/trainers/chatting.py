"""Train and check a small Llama that answers in a conversation."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers import talk
from hf_nb.offline.content.trainers.loop import fit
from hf_nb.offline.content.trainers.networks import (
    Weights,
    _joined,
    _rms,
    _rotate,
    _rotation,
    _split,
    llama_shapes,
    parameters,
    start,
)
from hf_nb.offline.content.trainers.pieces import teach_pairs
from hf_nb.offline.content.trainers.talk import Talk

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

SOURCES = tuple(f"trainers/{name}.py" for name in ("chatting", "talk", "networks", "loop", "pieces"))
SPECIAL = (talk.PAD, talk.END, *talk.ROLES)
PAD, END = range(2)
# A word is the same tokens wherever it stands, with a space before it or a quotation mark: that is what lets so small a
# model say again what it was told. Only the commonest words take their space along, to save a token.
COMMON = "what is the of in and a to are do does you it its as an at for with tell how which has i my s"
SPLIT = r'": "?|", ?"?| (?:' + COMMON.replace(" ", "|") + r")(?!\p{L})|\p{L}+|\p{N}|\s|[^\s\p{L}\p{N}]+"
BUCKET = 24  # batches that are sorted by length together
QUICK, SHARP = 5, 4.0  # how a head finds the token before: by so many of its fastest turns, and how surely
LONGEST = 80  # tokens of an answer


@dataclass(frozen=True)
class Plan:
    """One training run."""

    talks: Callable[[], Iterator[Talk]]  # endless
    held_out: Callable[[], Mapping[str, list[Talk]]]  # by the name of the figure
    vocabulary: int = 2048
    size: int = 128
    layers: int = 3
    heads: int = 2
    hidden: int = 256
    steps: int = 850
    tokens: int = 1200  # of a batch
    rate: float = 6e-3
    matrix_rate: float = 0.02
    spread: float = 0.5
    seed: int = 5
    positions: int = 1024


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    parameters: int
    talks: int
    tokens: int
    figures: dict[str, float]


def train(plan: Plan, folder: Path) -> Outcome:
    """Write tokenizer, weights and configuration into `folder`; the held-out figures come back."""
    tokenizer = _tokenizer(plan)
    shapes = llama_shapes(vocabulary=plan.vocabulary, size=plan.size, layers=plan.layers, hidden=plan.hidden)
    rows = _rows(plan, tokenizer)
    weights = fit(
        _start(plan, shapes),
        _batches(plan, rows),
        _loss(plan),
        steps=plan.steps,
        rate=plan.rate,
        matrix_rate=plan.matrix_rate,
    )
    _write(plan, tokenizer, weights, folder)
    tokens = sum(len(ids) for ids, _ in rows)
    return Outcome(parameters(shapes), len(rows), tokens, check(plan, folder))


def _tokenizer(plan: Plan) -> "Tokenizer":
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    learned = ("".join(_plain(part) for part, _ in one.rendered()) for one in islice(plan.talks(), 4000))
    marks = [*SPECIAL, *talk.MARKS]
    letters = pre_tokenizers.ByteLevel.alphabet()
    teach_pairs(tokenizer, learned, plan.vocabulary, special=marks, alphabet=letters)
    # A call's marks are text: whoever leaves special tokens out still finds the call.
    tokenizer.add_tokens([AddedToken(mark, special=False, normalized=False) for mark in talk.MARKS])
    return tokenizer


def _plain(text: str) -> str:
    for mark in (*SPECIAL, *talk.MARKS):
        text = text.replace(mark, " ")
    return text


def _rows(plan: Plan, tokenizer: "Tokenizer") -> list[tuple[list[int], list[int]]]:
    """Tokens and whether each is the assistant's, of as many conversations as will be trained on."""
    rows, room = [], plan.steps * plan.tokens
    talks = plan.talks()
    while room > 0:
        parts = [one.rendered() for one in islice(talks, 200)]
        encoded = iter(tokenizer.encode_batch([text for part in parts for text, _ in part]))
        for part in parts:
            ids, own = [], []
            for _, written in part:
                found = next(encoded).ids
                ids += found
                own += [int(written)] * len(found)
            rows.append((ids, own))
            room -= len(ids)
    return rows


def _batches(plan: Plan, rows: list[tuple[list[int], list[int]]]) -> Iterator[tuple["Tensor", "Tensor"]]:
    """Conversations of like length together, about as many tokens in each batch."""
    import torch

    random = torch.Generator().manual_seed(plan.seed)
    while True:
        groups: list[list[int]] = []
        many = BUCKET * plan.tokens // 60
        for begin in range(0, len(rows), many):
            near = sorted(range(begin, min(len(rows), begin + many)), key=lambda i: (len(rows[i][0]), i))
            group: list[int] = []
            for i in near:
                if group and (len(group) + 1) * len(rows[i][0]) > plan.tokens:
                    groups.append(group)
                    group = []
                group.append(i)
            groups.append(group)
        for number in torch.randperm(len(groups), generator=random).tolist():
            chosen = [rows[i] for i in groups[number]]
            yield _table([ids for ids, _ in chosen]), _table([own for _, own in chosen])


def _table(rows: list[list[int]]) -> "Tensor":
    import torch

    width = max(map(len, rows))
    return torch.tensor([row + [PAD] * (width - len(row)) for row in rows])


def _start(plan: Plan, shapes: Any) -> Weights:
    """Weights that can already say again what stood before.

    What is learned last in so short a training is to look for the last place where the present token stood and to go
    on as it went on there. It takes two heads, one above the other, so it is where this begins: a head of the first
    layer hands each token the one before it, and a head of the second looks for the token it has among those.
    """
    import torch

    weights = start(shapes, plan.seed, plan.spread)
    inner = start(shapes, plan.seed + 1)
    for name in weights:
        if ".layers." in name and "norm" not in name:
            weights[name] = inner[name]
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            weights[name].zero_()
    weights["model.norm.weight"] *= 0.1 / plan.spread
    weights["model.embed_tokens.weight"][:, -1] = (
        9.0 * plan.spread
    )  # the same in every token: where a head finds nothing else
    size, slow = plan.size // plan.heads, plan.size // plan.heads // 2
    random = torch.Generator().manual_seed(plan.seed + 2)
    mixed, _ = torch.linalg.qr(torch.randn(plan.size - 1, plan.size - 1, generator=random))
    here, there = torch.zeros(size, plan.size), torch.zeros(size, plan.size)
    here[:, :-1], there[:-1, :-1] = mixed[:size], mixed[size:]
    parts = {n: {p: weights[f"model.layers.{n}.self_attn.{p}_proj.weight"] for p in "qkvo"} for n in (0, 1)}
    turns = 10000.0 ** (-torch.arange(slow) / slow)
    before = parts[0]
    before["q"][:size], before["k"][:size] = 0.0, 0.0
    quick = torch.arange(slow) < QUICK
    before["q"][:slow, -1], before["q"][slow:size, -1] = (
        quick * turns.cos() * SHARP,
        quick * -turns.sin() * SHARP,
    )
    before["k"][:slow, -1] = quick * SHARP
    before["v"][:size], before["o"][:, :size] = here, 3 * plan.spread * there.T
    again = parts[1]
    still = (torch.arange(size) % slow >= slow // 2).float()[:, None]  # what hardly turns with the distance
    again["q"][:size], again["k"][:size] = 3 * still * here, 3 * still * there
    again["v"][:size], again["o"][:, :size] = here, 16 * plan.spread * here.T
    return weights


def _loss(plan: Plan) -> Any:
    def loss(weights: Weights, ids: "Tensor", own: "Tensor") -> "Tensor":
        import torch.nn.functional as f

        hidden = _hidden(weights, ids[:, :-1], plan)
        asked = own[
            :, 1:
        ].bool()  # only where the assistant writes: the last step costs as much as the layers
        scores = f.linear(hidden[asked], weights["model.embed_tokens.weight"])
        return f.cross_entropy(scores, ids[:, 1:][asked])

    return loss


def _hidden(weights: Weights, ids: "Tensor", plan: Plan) -> "Tensor":
    """`networks.llama` up to its last step."""
    import torch.nn.functional as f

    x = f.embedding(ids, weights["model.embed_tokens.weight"])
    turn = _rotation(ids.shape[1], plan.size // plan.heads)
    for number in range(plan.layers):
        layer = f"model.layers.{number}"
        y = _rms(x, weights[f"{layer}.input_layernorm.weight"])
        q, k, v = (
            _split(f.linear(y, weights[f"{layer}.self_attn.{part}_proj.weight"]), plan.heads)
            for part in "qkv"
        )
        mixed = f.scaled_dot_product_attention(_rotate(q, turn), _rotate(k, turn), v, is_causal=True)
        x = x + f.linear(_joined(mixed), weights[f"{layer}.self_attn.o_proj.weight"])
        y = _rms(x, weights[f"{layer}.post_attention_layernorm.weight"])
        gate = f.silu(f.linear(y, weights[f"{layer}.mlp.gate_proj.weight"]))
        up = f.linear(y, weights[f"{layer}.mlp.up_proj.weight"])
        x = x + f.linear(gate * up, weights[f"{layer}.mlp.down_proj.weight"])
    return _rms(x, weights["model.norm.weight"])


def _write(plan: Plan, tokenizer: "Tokenizer", weights: Weights, folder: Path) -> None:
    from safetensors.torch import save_file

    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "chat_template.jinja").write_text(talk.TEMPLATE, "utf-8")
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": plan.positions,
            "model_input_names": ["input_ids", "attention_mask"],
            "padding_side": "left",
            "clean_up_tokenization_spaces": False,
            "eos_token": talk.END,
            "pad_token": talk.PAD,
            "response_template": talk.RESPONSE,
        },
    )
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
            "bos_token_id": None,
            "eos_token_id": END,
            "pad_token_id": PAD,
            "dtype": "float32",
        },
    )
    write_json(
        folder / "generation_config.json",
        {"eos_token_id": END, "pad_token_id": PAD, "do_sample": False, "max_new_tokens": 160},
    )


def check(plan: Plan, folder: Path) -> dict[str, float]:
    """Share of last answers that are right to the letter, loaded as a user would load it."""
    answer = answering(folder)
    figures, every = {}, 0.0
    asked = plan.held_out()
    for name, talks in asked.items():
        given = answer(talks)
        figures[name] = sum(a == one.answer for a, one in zip(given, talks, strict=True)) / len(talks)
        every += figures[name]
    return {"right": every / len(asked), **figures}


def answering(folder: Path) -> Callable[[list[Talk]], list[str]]:
    """The model as a function of conversations; each is answered again from before its last answer."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer: Any = AutoTokenizer.from_pretrained(str(folder))
    model: Any = AutoModelForCausalLM.from_pretrained(str(folder))

    def answer(talks: list[Talk]) -> list[str]:
        found: list[str] = []
        for begin in range(0, len(talks), 64):
            prompts = [
                tokenizer.apply_chat_template(
                    list(one.messages[:-1]),
                    tools=list(one.tools) or None,
                    add_generation_prompt=True,
                    tokenize=False,
                )
                for one in talks[begin : begin + 64]
            ]
            inputs = tokenizer(prompts, return_tensors="pt", padding=True)
            inputs.pop("token_type_ids", None)
            made = model.generate(**inputs, max_new_tokens=LONGEST)
            found += tokenizer.batch_decode(made[:, inputs["input_ids"].shape[1] :], skip_special_tokens=True)
        return found

    return answer
