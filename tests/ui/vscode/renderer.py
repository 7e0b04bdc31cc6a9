"""VS Code's own widget renderer, as npm has it, and the loader of modules it is used with.

`python -m tests.clients.prepare` puts it into a folder outside the repository, before the tests, which run without a
network. Only the two packages themselves: each brings one file that is whole, and what it was built from stays away
(`npm install` would fetch 300 packages for nothing).
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from hf_nb.plumbing import folders
from tests.node import npm

HOW = "python -m tests.clients.prepare"
# package -> (its checksum, the one file wanted, under which name)
PACKAGES = {
    "@vscode/jupyter-ipywidgets8@1.0.9": (
        "sha512-bocCThfa4JDIDd7qCFAfW3HpzHfTLYxOTpTbiDfw4DXOUjKHnr6ObkMBiIkuzYPRybh5bY4FhYLemuDuTvIbpQ==",
        "package/dist/ipywidgets.js",
        "ipywidgets.js",
    ),
    "requirejs@2.3.7": (
        "sha512-DouTG8T1WanGok6Qjg2SXuCMzszOo0eHeH9hDZ5Y4x8Je+9JB38HdTLT4/VA8OaUhBa0JPVHJ0pyBkM1z+pDsw==",
        "package/require.js",
        "require.js",
    ),
}
RENDERER = folders.demo() / f"vscode-{hashlib.sha256(repr(PACKAGES).encode()).hexdigest()[:12]}"


def install(folder: Path) -> None:
    """Fetch, check, and keep the one file of each."""
    for package, (checksum, member, name) in PACKAGES.items():
        with tempfile.TemporaryDirectory() as place:
            command = [npm(), "pack", package, "--json", "--ignore-scripts", "--pack-destination", place]
            said = subprocess.run(
                command, cwd=place, stdout=subprocess.PIPE, stderr=sys.stderr, check=True
            ).stdout
            (packed,) = json.loads(said)
            if packed["integrity"] != checksum:
                raise ValueError(f"{package} is not what it was: {packed['integrity']}")
            (archive,) = Path(place).glob("*.tgz")
            with tarfile.open(archive) as opened:
                source = opened.extractfile(member)
                assert source
                (folder / name).write_bytes(source.read())
