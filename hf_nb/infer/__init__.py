"""Running a task on a model: one call, whichever backend answers it."""

from hf_nb.infer.run import run

__all__ = ["run"]
