"""The Hub's official JavaScript client, unchanged, told the offline Hub's address."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.clients import demo
from tests.node import node

SCRIPT = Path(__file__).parent / "node" / "reading.mjs"
OPERATIONS = re.findall(r'^  "?([a-z][a-z :,]*?)"?: async', SCRIPT.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.fixture(scope="module")
def answers(served_hub, node_modules, own_home):
    """All operations in one node: starting it takes longer than reading."""
    facts = {name: value for name, value in vars(demo).items() if name.isupper()} | {"hubUrl": served_hub.url}
    ran = subprocess.run(
        [node(), str(SCRIPT), str(node_modules), json.dumps(facts)],
        env=own_home("npm"),
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


@pytest.mark.parametrize(
    "operation", [pytest.param(name, marks=pytest.mark.cell("npm", name)) for name in OPERATIONS]
)
def test_the_javascript_client_reads(answers, operation):
    assert answers[operation] is None, answers[operation]


def test_the_lock_file_names_no_host():
    assert "://" not in re.sub(
        r'"funding": \{.*?\}',
        "",
        (SCRIPT.parent / "package-lock.json").read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
