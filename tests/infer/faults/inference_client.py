"""The official client against the faults, in a process of its own: prints JSON. It knows one server.

python inference_client.py FIRST SECOND PATIENCE FAULT…
"""

import json
import sys
import time
from typing import Any

MESSAGES = [{"role": "user", "content": "Hello"}]


def main() -> None:
    from huggingface_hub import InferenceClient

    first, _, patience, *faults = sys.argv[1:]
    client = InferenceClient(base_url=first, api_key="-", timeout=float(patience))
    print("RESULTS " + json.dumps({fault: _one(client, fault) for fault in faults}))


def _one(client: Any, fault: str) -> dict[str, Any]:
    stream = fault != "hang-no-stream"
    said: dict[str, Any] = {"text": "", "finish": None, "error": None, "module": None}
    began = time.monotonic()
    try:
        answer = client.chat_completion(MESSAGES, model=fault, stream=stream)
        for chunk in answer if stream else [answer]:
            choice = chunk.choices[0]
            said["text"] += (choice.delta if stream else choice.message).content or ""
            said["finish"] = choice.finish_reason or said["finish"]
    except Exception as wrong:  # noqa: BLE001 -- whatever it raises is the result
        said["error"], said["module"] = type(wrong).__name__, type(wrong).__module__.split(".")[0]
    said["seconds"] = time.monotonic() - began
    return said


if __name__ == "__main__":
    main()
