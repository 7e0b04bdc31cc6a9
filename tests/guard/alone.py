"""Run a command where there is no network but loopback, if this machine allows it; else as is, and say so.

    python tests/guard/alone.py -- python -m pytest

`unshare` makes a network namespace without root. Loopback is down in a fresh one and `ip` is not installed
everywhere, so this file brings it up itself, from inside.
"""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import sys

INSIDE = "--inside"
# <linux/sockios.h>, <net/if.h>
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1


def possible() -> bool:
    """This user may make a network namespace here."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    return subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode == 0


def raise_loopback() -> None:
    """What `ip link set lo up` does."""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        (flags,) = struct.unpack_from(
            "h", fcntl.ioctl(any_socket, SIOCGIFFLAGS, struct.pack("16sh22x", b"lo", 0)), 16
        )
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | IFF_UP))


def main(words: list[str]) -> None:
    """Become the command."""
    if words[:1] == [INSIDE]:
        raise_loopback()
        os.execvp(words[1], words[1:])
    command = words[1:] if words[:1] == ["--"] else words
    if not possible():
        print(
            "No network namespace can be made here: only the loopback guard keeps the tests in.",
            flush=True,
        )
        os.execvp(command[0], command)
    print("Running without a network: a namespace of its own, loopback only.", flush=True)
    os.execvp("unshare", ["unshare", "-rn", sys.executable, __file__, INSIDE, *command])


if __name__ == "__main__":
    main(sys.argv[1:])
