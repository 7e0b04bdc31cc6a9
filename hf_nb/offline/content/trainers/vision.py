"""Train and check a small ViT on scikit-learn's real 8x8 digits, shown to it at 16x16."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers.digits import images, split
from hf_nb.offline.content.trainers.loop import fit
from hf_nb.offline.content.trainers.networks import Weights, parameters, start, vit, vit_shapes

if TYPE_CHECKING:
    from PIL.Image import Image
    from torch import Tensor

MEAN = SPREAD = 0.5


@dataclass(frozen=True)
class Plan:
    """One training run."""

    image: int = 16
    patch: int = 4
    size: int = 64
    layers: int = 2
    heads: int = 4
    hidden: int = 128
    batch: int = 64
    steps: int = 600
    rate: float = 3e-3
    matrix_rate: float = 0.02
    seed: int = 5


@dataclass(frozen=True)
class Outcome:
    """What a run came to, measured on unseen pictures."""

    parameters: int
    trained_on: int
    tested_on: int
    accuracy: float


def train(plan: Plan, folder: Path) -> Outcome:
    """Write weights and configurations into `folder`; the held-out figures come back."""
    import torch

    shapes = vit_shapes(
        image=plan.image, patch=plan.patch, size=plan.size, layers=plan.layers, hidden=plan.hidden, labels=10
    )
    pixels, labels = _tensors(plan, "train")
    weights = start(shapes, plan.seed)
    batches = _batches(plan, pixels, labels)
    weights = fit(
        weights, batches, _loss(plan), steps=plan.steps, rate=plan.rate, matrix_rate=plan.matrix_rate
    )
    _write(plan, weights, folder)
    unseen, truth = _tensors(plan, "test")
    with torch.no_grad():
        right = vit(weights, unseen, layers=plan.layers, heads=plan.heads).argmax(-1) == truth
    return Outcome(parameters(shapes), len(labels), len(truth), right.float().mean().item())


def _tensors(plan: Plan, name: str) -> tuple["Tensor", "Tensor"]:
    """What the image processor makes of the images: resized bilinearly, from -1 to 1."""
    import numpy
    import torch
    from PIL.Image import Resampling

    pictures, labels = images(), split(name)
    bigger = [pictures[i][0].resize((plan.image, plan.image), Resampling.BILINEAR) for i in labels]
    pixels = torch.from_numpy(numpy.stack([numpy.asarray(image) for image in bigger])).float()[:, None] / 255
    pixels = ((pixels - MEAN) / SPREAD).expand(-1, 3, -1, -1)
    return pixels, torch.tensor([pictures[i][1] for i in labels])


def _batches(plan: Plan, pixels: "Tensor", labels: "Tensor") -> Iterator[tuple["Tensor", "Tensor"]]:
    """Random images, each moved by up to two pixels."""
    import torch

    random = torch.Generator().manual_seed(plan.seed)
    while True:
        chosen = torch.randint(len(labels), (plan.batch,), generator=random)
        padded = torch.nn.functional.pad(pixels[chosen], (2, 2, 2, 2), value=-1.0)
        x, y = torch.randint(5, (2,), generator=random).tolist()
        yield padded[:, :, y : y + plan.image, x : x + plan.image], labels[chosen]


def _loss(plan: Plan) -> Any:
    def loss(weights: Weights, pixels: "Tensor", labels: "Tensor") -> "Tensor":
        import torch.nn.functional as f

        return f.cross_entropy(vit(weights, pixels, layers=plan.layers, heads=plan.heads), labels)

    return loss


def _write(plan: Plan, weights: Weights, folder: Path) -> None:
    from safetensors.torch import save_file

    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    write_json(
        folder / "config.json",
        {
            "architectures": ["ViTForImageClassification"],
            "model_type": "vit",
            "image_size": plan.image,
            "patch_size": plan.patch,
            "num_channels": 3,
            "hidden_size": plan.size,
            "num_hidden_layers": plan.layers,
            "num_attention_heads": plan.heads,
            "intermediate_size": plan.hidden,
            "hidden_act": "gelu",
            "layer_norm_eps": 1e-12,
            "qkv_bias": True,
            "hidden_dropout_prob": 0.0,
            "attention_probs_dropout_prob": 0.0,
            "dtype": "float32",
            "id2label": {number: str(number) for number in range(10)},
            "label2id": {str(number): number for number in range(10)},
        },
    )
    write_json(
        folder / "preprocessor_config.json",
        {
            "image_processor_type": "ViTImageProcessor",
            "do_convert_rgb": True,
            "do_resize": True,
            "size": {"height": plan.image, "width": plan.image},
            "resample": 2,
            "do_rescale": True,
            "rescale_factor": 1 / 255,
            "do_normalize": True,
            "image_mean": [MEAN] * 3,
            "image_std": [SPREAD] * 3,
        },
    )


def check(plan: Plan, folder: Path) -> dict[str, float]:
    """Share of right digits, loaded as a user would load it and given ordinary RGB pictures."""
    from transformers import pipeline

    classify = pipeline("image-classification", model=str(folder), device="cpu")
    chosen = split("test")
    pictures: list[Image] = [images()[i][0].convert("RGB") for i in chosen]
    answers = classify(pictures, batch_size=64, top_k=1)
    right = sum(int(answer[0]["label"]) == images()[i][1] for answer, i in zip(answers, chosen, strict=True))
    return {"accuracy": right / len(chosen)}
