"""Between a model's scores and its next token: penalties, biases, and drawing with a generator of one's own.

transformers draws with torch's global generator, which two threads share and a seed would set for everybody.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hf_nb.infer.backends.local.options import Options

TOP = 50  # transformers draws from so many where nothing is said


def processors(options: Options, prompt: int, device: str, first: Any = None) -> list[Any]:
    """What changes the scores before a token is taken, in order. `first`: a grammar."""
    made = [first] if first is not None else []
    if options.frequency or options.presence:
        made.append(Penalty(prompt, options.frequency, options.presence))
    if options.bias:
        made.append(Bias(options))
    if options.draw:
        made.append(Draw(options, device))
    return made


class Penalty:
    """What was said often becomes less likely, as OpenAI counts it: over the answer alone."""

    def __init__(self, prompt: int, frequency: float, presence: float) -> None:
        self.prompt, self.frequency, self.presence = prompt, frequency, presence

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        import torch

        counts = torch.zeros_like(scores)
        said = input_ids[:, self.prompt :]
        counts.scatter_add_(1, said, torch.ones_like(said, dtype=scores.dtype))
        return scores - self.frequency * counts - self.presence * (counts > 0)


class Bias:
    """A number added to the score of a token."""

    def __init__(self, options: Options) -> None:
        self.bias = options.bias

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        for token, value in self.bias.items():
            scores[:, token] += value
        return scores


class Draw:
    """Draws a token and leaves it as the only one that can be taken."""

    def __init__(self, options: Options, device: str) -> None:
        import torch

        self.warpers = warpers(options, device)
        seed = options.seed
        if seed is None:  # whoever seeds torch gets the same again
            seed = int(torch.randint(2**62, (1,)).item())
        self.generator = torch.Generator(device).manual_seed(seed % 2**63)

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        import torch

        for one in self.warpers:
            scores = one(input_ids, scores)
        token = torch.multinomial(torch.softmax(scores, dim=-1), 1, generator=self.generator)
        return torch.full_like(scores, float("-inf")).scatter_(1, token, 0.0)


def warpers(options: Options, device: str) -> list[Callable[[Any, Any], Any]]:
    """What transformers does before it draws, in its order."""
    from transformers.generation import logits_process as theirs

    said = options.drawing
    made: list[Any] = []
    if said.get("temperature") not in (None, 1.0, 0):
        made.append(theirs.TemperatureLogitsWarper(float(said["temperature"])))
    if said.get("top_h") is not None:
        made.append(theirs.TopHLogitsWarper(top_h=said["top_h"]))
    if top := said.get("top_k", TOP):
        made.append(theirs.TopKLogitsWarper(top_k=top))
    if said.get("top_p") is not None and said["top_p"] < 1:
        made.append(theirs.TopPLogitsWarper(top_p=float(said["top_p"])))
    if said.get("min_p") is not None:
        made.append(theirs.MinPLogitsWarper(min_p=said["min_p"]))
    if said.get("typical_p") is not None and said["typical_p"] < 1:
        made.append(theirs.TypicalLogitsWarper(mass=float(said["typical_p"])))
    if said.get("epsilon_cutoff"):
        made.append(theirs.EpsilonLogitsWarper(epsilon=said["epsilon_cutoff"]))
    if said.get("eta_cutoff"):
        made.append(theirs.EtaLogitsWarper(epsilon=said["eta_cutoff"], device=device))
    return made
