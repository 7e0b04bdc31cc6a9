"""Questions, as the tests here put them."""

from collections.abc import Callable

from hf_nb.infer.call import Call
from hf_nb.infer.shapes import Tally

Ask = Callable[..., Tally]


def chat(model: str, text: str = "Hello there") -> Call:
    return Call("chat", model, None, {"messages": [{"role": "user", "content": text}]})
