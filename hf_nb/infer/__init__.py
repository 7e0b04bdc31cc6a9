"""Running a task on a model: one call, whoever answers it."""

from hf_nb.infer import servers
from hf_nb.infer.advice.asking import advice, questions
from hf_nb.infer.advice.asking import take as take_advice
from hf_nb.infer.advice.asking import undo as undo_advice
from hf_nb.infer.choose.defaults import defaults
from hf_nb.infer.conversation import chat, conversations, forget
from hf_nb.infer.embedding import embed, same_space, similar
from hf_nb.infer.kept import loaded, unload
from hf_nb.infer.many.batch import batch
from hf_nb.infer.numbers import stats
from hf_nb.infer.parity import parity
from hf_nb.infer.remembered.seeing import answers
from hf_nb.infer.run import run, stream

__all__ = [
    "advice",
    "answers",
    "batch",
    "chat",
    "conversations",
    "defaults",
    "embed",
    "forget",
    "loaded",
    "parity",
    "questions",
    "run",
    "same_space",
    "servers",
    "similar",
    "stats",
    "stream",
    "take_advice",
    "undo_advice",
    "unload",
]
