"""Headers of our own requests to the Hub.

Not the official client's: to say which program runs it, that one asks a Hub first which programs there are, and with
a client that was loaded under another endpoint this is not the Hub that is meant.
"""

from __future__ import annotations

import platform


def headers(*, token: str | bool | None = None) -> dict[str, str]:
    """With the token in use (or this one; False: none), and who asks."""
    from huggingface_hub import __version__ as official
    from huggingface_hub import constants

    from hf_nb import __version__

    agent = f"hf_nb/{__version__}; hf_hub/{official}; python/{platform.python_version()}"
    if constants.HF_HUB_USER_AGENT_ORIGIN:
        agent += f"; origin/{constants.HF_HUB_USER_AGENT_ORIGIN}"
    sent = token if isinstance(token, str) else None if token is False else in_use()
    return {"user-agent": agent} | ({"authorization": f"Bearer {sent}"} if sent else {})


def in_use() -> str | None:
    """The token that goes with a request where nobody names one."""
    from huggingface_hub import constants, get_token

    return None if constants.HF_HUB_DISABLE_IMPLICIT_TOKEN else get_token()
