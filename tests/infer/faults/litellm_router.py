"""litellm's Router against the faults, in the environment where litellm is: run by its Python, prints JSON.

python litellm_router.py FIRST SECOND PATIENCE FAULT…
"""

import importlib
import json
import os
import sys
import time
from typing import Any

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
os.environ["LITELLM_LOG"] = "CRITICAL"

MESSAGES = [{"role": "user", "content": "Hello"}]


def main() -> None:
    litellm: Any = importlib.import_module("litellm")  # this environment has it, and mypy's has not

    first, second, patience, *faults = sys.argv[1:]
    found = {}
    for fault in faults:
        router = litellm.Router(
            model_list=[
                {
                    "model_name": name,
                    "litellm_params": {"model": f"openai/{fault}", "api_base": base, "api_key": "-"},
                }
                for name, base in (("first", first), ("second", second))
            ],
            fallbacks=[{"first": ["second"]}],
            num_retries=1,
            timeout=float(patience),
            stream_timeout=float(patience),
        )
        found[fault] = _one(router, stream=fault != "hang-no-stream")
    print("RESULTS " + json.dumps(found))


def _one(router: Any, *, stream: bool) -> dict[str, Any]:
    said: dict[str, Any] = {"text": "", "finish": None, "error": None, "module": None}
    began = time.monotonic()
    try:
        answer = router.completion(model="first", messages=MESSAGES, stream=stream)
        for chunk in answer if stream else [answer]:
            choice = chunk.choices[0]
            told = choice.delta if stream else choice.message
            said["text"] += told.content or ""
            said["finish"] = choice.finish_reason or said["finish"]
    except Exception as wrong:  # noqa: BLE001 -- whatever it raises is the result
        said["error"], said["module"] = type(wrong).__name__, type(wrong).__module__.split(".")[0]
    said["seconds"] = time.monotonic() - began
    return said


if __name__ == "__main__":
    main()
