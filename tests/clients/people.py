"""Who writes to the writable Hub: names that are the same in every process."""

from __future__ import annotations

ME, ME_TOKEN = "me", "hf_me_offline"
YOU, YOU_TOKEN = "you", "hf_you_offline"
READER, READER_TOKEN = "reader", "hf_reader_offline"  # a token that may only read
LAB = "lab"  # its admin is ME; YOU contributes

# name -> token, the token's role, role in LAB
PEOPLE: dict[str, tuple[str, str, dict[str, str]]] = {
    ME: (ME_TOKEN, "write", {LAB: "admin"}),
    YOU: (YOU_TOKEN, "write", {LAB: "contributor"}),
    READER: (READER_TOKEN, "read", {LAB: "read"}),
}
