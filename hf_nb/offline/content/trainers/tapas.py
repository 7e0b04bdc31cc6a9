"""Train and check a small TAPAS that answers questions about tables."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers import sheets
from hf_nb.offline.content.trainers.encoder import FIRST, LAST, PAD, SPECIAL, wordpiece
from hf_nb.offline.content.trainers.modules import count, fit_module, save
from hf_nb.offline.content.trainers.sheets import Sheet

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor

SOURCES = tuple(
    f"trainers/{name}.py"
    for name in (
        "tapas",
        "sheets",
        "conversations",
        "talk",
        "encoder",
        "modules",
        "loop",
        "networks",
        "pieces",
    )
)
BUCKET = 12
KINDS = 7  # what a token is told beside its word: part, column, row, …, rank, rank from the end, relation
Row = tuple[list[int], list[list[int]], list[int], int]


@dataclass(frozen=True)
class Plan:
    """One training run."""

    vocabulary: int = 700
    size: int = 96
    layers: int = 3
    heads: int = 4
    hidden: int = 192
    batch: int = 16
    steps: int = 1000
    rate: float = 3e-3
    matrix_rate: float = 0.01
    seed: int = 7
    positions: int = 512


@dataclass(frozen=True)
class Outcome:
    """What a run came to."""

    parameters: int
    tables: int
    figures: dict[str, float]


def train(plan: Plan, folder: Path) -> Outcome:
    """Write tokenizer, weights and configuration into `folder`; the held-out figures come back."""
    tables = list(islice(sheets.Sheets(plan.seed).sheets(), plan.steps * plan.batch))
    tokenizer = _tokenizer(plan, tables)
    module = _module(plan, tokenizer.get_vocab_size())
    rows = [encoded(tokenizer, one) for one in tables]
    fit_module(module, _batches(plan, rows), steps=plan.steps, rate=plan.rate, matrix_rate=plan.matrix_rate)
    save(module, folder)
    _save_tokenizer(plan, tokenizer, folder)
    return Outcome(count(module), len(tables), check(folder))


def _tokenizer(plan: Plan, tables: list[Sheet]) -> "Tokenizer":
    texts = (
        " ".join(
            [one.question, *one.columns, *(cell for row in one.rows for cell in row if not cell.isdigit())]
        )
        for one in tables[:4000]
    )
    figures = " ".join("0123456789"), *(f"{a}{b}" for a in range(10) for b in range(10))
    return wordpiece([*texts, *figures, *figures], plan.vocabulary)


def _module(plan: Plan, vocabulary: int) -> Any:
    import torch
    from transformers import TapasConfig, TapasForQuestionAnswering

    torch.manual_seed(plan.seed)
    config = TapasConfig(
        vocab_size=vocabulary,
        hidden_size=plan.size,
        num_hidden_layers=plan.layers,
        num_attention_heads=plan.heads,
        intermediate_size=plan.hidden,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        max_position_embeddings=plan.positions,
        type_vocab_sizes=[3, 64, 64, 2, 64, 64, 10],
        pad_token_id=PAD,
        num_aggregation_labels=len(sheets.AGGREGATIONS),
        aggregation_labels=dict(enumerate(sheets.AGGREGATIONS)),
        no_aggregation_label_index=0,
        use_answer_as_supervision=False,
        select_one_column=True,
        reset_position_index_per_cell=True,
    )
    module = TapasForQuestionAnswering(config)
    with torch.no_grad():
        _begin(plan, module)
    return module


def _begin(plan: Plan, module: Any) -> None:
    """Heads that already look where an answer is found, which a short training would not find by itself.

    In the first layer a word looks for itself in the question, in the second a cell looks along its row and its
    column for such words. Rows, columns and words have dimensions of their own, and three say what was found.
    """
    import torch

    size = plan.size // plan.heads
    said, row_found, asked, column_found = 2 * size - 1, size - 2, size - 1, 2 * size - 2
    random = torch.Generator().manual_seed(plan.seed)
    tables = module.tapas.embeddings
    for name, weight in tables.named_parameters():
        if "LayerNorm" not in name:
            weight.zero_()
    places = size - 2
    apart, _ = torch.linalg.qr(torch.randn(places, places, generator=random))
    for kind, begin in ((2, 0), (1, size)):
        weight = getattr(tables, f"token_type_embeddings_{kind}").weight
        weight[1 : places + 1, begin : begin + places] = apart * places**0.5
    tables.token_type_embeddings_0.weight[0, asked] = 3.0
    words = plan.size - 2 * size
    tables.word_embeddings.weight[:, 2 * size :] = torch.randn(
        tables.word_embeddings.weight.shape[0], words, generator=random
    )
    for kind in (4, 5):
        weight = getattr(tables, f"token_type_embeddings_{kind}").weight
        weight[1:, 2 * size :] = torch.randn(weight.shape[0] - 1, words, generator=random) * 0.5
        weight[1] *= 3.0  # the largest, or the smallest, of its column
    mixed, _ = torch.linalg.qr(torch.randn(words, words, generator=random))
    looks = [(0, 0, slice(2 * size, plan.size), mixed[:size], 2.0, asked, said)]
    along = torch.eye(size)[:, :places]
    looks += [(1, 0, slice(0, places), along, 1.4, said, row_found)]
    looks += [(1, 1, slice(size, size + places), along, 1.4, said, column_found)]
    looks += [
        (2, 0, slice(0, places), along, 1.4, 0, -1)
    ]  # once more along the row, for what is not yet known
    for layer, head, dimensions, matrix, sharp, taken, given in looks:
        part = module.tapas.encoder.layer[layer].attention
        own = slice(head * size, (head + 1) * size)
        for weight in (part.self.query.weight, part.self.key.weight):
            weight[own] = 0.0
            weight[own, dimensions] = sharp * matrix
        if given < 0:
            continue
        part.self.value.weight[own] = 0.0
        part.self.value.weight[head * size, taken] = 1.0
        part.output.dense.weight[:, own] = 0.0
        part.output.dense.weight[given, head * size] = 2.0


def encoded(tokenizer: "Tokenizer", sheet: Sheet) -> Row:
    """Tokens, what each is told, which answer, and the aggregation: as TapasTokenizer has it, and faster."""
    grid = [list(sheet.columns), *map(list, sheet.rows)]
    texts = [sheet.question, *(cell for line in grid for cell in line)]
    found = iter([e.ids for e in tokenizer.encode_batch(texts, add_special_tokens=False)])
    ids = [FIRST, *next(found), LAST]
    kinds, wanted = [[0] * KINDS for _ in ids], [0] * len(ids)
    ranks = [_ranks([line[column] for line in sheet.rows]) for column in range(len(sheet.columns))]
    for number, line in enumerate(grid):
        for column in range(len(line)):
            pieces = next(found)
            rank, back = ranks[column][number - 1] if number else (0, 0)
            ids += pieces
            kinds += [[1, column + 1, number, 0, rank, back, 0]] * len(pieces)
            wanted += [int((number - 1, column) in sheet.cells)] * len(pieces)
    return ids, kinds, wanted, sheets.AGGREGATIONS.index(sheet.aggregation)


def _ranks(cells: list[str]) -> list[tuple[int, int]]:
    if not all(cell.isdigit() for cell in cells):
        return [(0, 0)] * len(cells)
    order = sorted({int(cell) for cell in cells})
    return [(order.index(int(cell)) + 1, len(order) - order.index(int(cell))) for cell in cells]


def _batches(plan: Plan, rows: list[Row]) -> Iterator[dict[str, "Tensor"]]:
    import torch

    groups = []
    for begin in range(0, len(rows), plan.batch * BUCKET):
        near = sorted(
            range(begin, min(len(rows), begin + plan.batch * BUCKET)), key=lambda i: (len(rows[i][0]), i)
        )
        groups += [near[at : at + plan.batch] for at in range(0, len(near), plan.batch)]
    for number in torch.randperm(len(groups), generator=torch.Generator().manual_seed(plan.seed)).tolist():
        chosen = [rows[i] for i in groups[number]]
        width = max(len(row[0]) for row in chosen)
        room = [width - len(row[0]) for row in chosen]
        yield {
            "input_ids": torch.tensor([r[0] + [PAD] * n for r, n in zip(chosen, room, strict=True)]),
            "attention_mask": torch.tensor([[1] * (width - n) + [0] * n for n in room]),
            "token_type_ids": torch.tensor(
                [r[1] + [[0] * KINDS] * n for r, n in zip(chosen, room, strict=True)]
            ),
            "labels": torch.tensor([r[2] + [0] * n for r, n in zip(chosen, room, strict=True)]),
            "aggregation_labels": torch.tensor([r[3] for r in chosen]),
        }


def _save_tokenizer(plan: Plan, tokenizer: "Tokenizer", folder: Path) -> None:
    known = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    (folder / "vocab.txt").write_text("".join(f"{piece}\n" for piece, _ in known), "utf-8")
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "TapasTokenizer",
            "do_lower_case": True,
            "model_max_length": plan.positions,
            "empty_token": SPECIAL["unk"],
            **{f"{role}_token": token for role, token in SPECIAL.items()},
        },
    )


def check(folder: Path) -> dict[str, float]:
    """Share of questions with the right cells and the right aggregation, through transformers' own pipeline."""
    answer = answering(folder)
    tested = sheets.held_out()
    right = [answer(one) == (set(one.cells), one.aggregation) for one in tested]
    figures = {
        kind: sum(ok for ok, one in zip(right, tested, strict=True) if one.kind == kind)
        / sum(one.kind == kind for one in tested)
        for kind in sheets.KINDS
    }
    return {"denotation_accuracy": sum(right) / len(right), **figures}


def answering(folder: Path) -> Callable[[Sheet], tuple[set[tuple[int, int]], str]]:
    """The model as a function of a table and a question: which cells, and what is made of them."""
    from transformers import pipeline

    pipe: Any = pipeline("table-question-answering", model=str(folder))

    def answer(sheet: Sheet) -> tuple[set[tuple[int, int]], str]:
        table = {name: [row[at] for row in sheet.rows] for at, name in enumerate(sheet.columns)}
        found = pipe({"table": table, "query": sheet.question})
        return {tuple(cell) for cell in found["coordinates"]}, found.get("aggregator", sheets.NONE)

    return answer
