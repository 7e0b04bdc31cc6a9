"""Train a network of transformers' own classes with our loop, and write it as transformers does."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.trainers.loop import fit

if TYPE_CHECKING:
    from torch import Tensor

# Tables of vectors and last layers: the loop turns matrices as a whole, and these are not matrices in that sense.
TABLES = ("embed", "shared", "bias", "lm_head", "classifier", "outputs")


def fit_module(
    module: Any, batches: Iterable[dict[str, "Tensor"]], *, steps: int, rate: float, matrix_rate: float
) -> None:
    """Train in place; a batch holds what the module is called with, `labels` included."""
    from torch.func import functional_call

    given = {name: weight for name, weight in module.named_parameters() if weight.requires_grad}
    names = {_as_the_loop_sorts_it(name): name for name in given}

    def loss(weights: dict[str, "Tensor"], batch: Any) -> "Tensor":
        found: Tensor = functional_call(module, {names[key]: w for key, w in weights.items()}, (), batch).loss
        return found

    module.train()
    learned = fit(
        {key: given[name].detach() for key, name in names.items()},
        ((batch,) for batch in batches),  # type: ignore[misc]
        loss,
        steps=steps,
        rate=rate,
        matrix_rate=matrix_rate,
    )
    for key, weight in learned.items():
        given[names[key]].data.copy_(weight)
    module.eval()


def _as_the_loop_sorts_it(name: str) -> str:
    return f"embed:{name}" if any(part in name for part in TABLES) else name


def count(module: Any) -> int:
    """How many numbers it has learned."""
    return sum(int(weight.numel()) for weight in module.parameters())


def save(module: Any, folder: Path) -> None:
    """config.json and model.safetensors."""
    module.save_pretrained(str(folder))
