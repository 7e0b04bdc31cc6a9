"""Running a task on a model: one call, whoever answers it."""

from hf_nb.infer.run import run, stream

__all__ = ["run", "stream"]
