"""The Hub's official JavaScript client, unchanged, told the offline Hub's address."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.clients import demo, people
from tests.node import node

SCRIPTS = Path(__file__).parent / "node"
READING, WRITING = SCRIPTS / "reading.mjs", SCRIPTS / "writing.mjs"


def cells(script):
    names = re.findall(r'^  "?([a-z][^"\n]*?)"?: async', script.read_text(encoding="utf-8"), re.MULTILINE)
    return [pytest.param(name, marks=pytest.mark.cell("npm", name)) for name in names]


def answers_of(script, node_modules, environment, facts):
    """All operations in one node: starting it takes longer than most of them."""
    ran = subprocess.run(
        [node(), str(script), str(node_modules), json.dumps(facts)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout.splitlines()[-1])


def facts_of(module, hub):
    return {name: value for name, value in vars(module).items() if name.isupper()} | {"hubUrl": hub.url}


@pytest.fixture(scope="module")
def read(served_hub, node_modules, own_home):
    return answers_of(READING, node_modules, own_home("npm"), facts_of(demo, served_hub))


@pytest.fixture(scope="module")
def written(writable_hub, node_modules, writers_home):
    return answers_of(WRITING, node_modules, writers_home("npm"), facts_of(people, writable_hub))


@pytest.mark.parametrize("operation", cells(READING))
def test_the_javascript_client_reads(read, operation):
    assert read[operation] is None, read[operation]


@pytest.mark.parametrize("operation", cells(WRITING))
def test_the_javascript_client_writes(written, operation):
    assert written[operation] is None, written[operation]


def test_the_javascript_client_sends_both_ways(written, writable_hub):
    sent = {
        line["path"].split("/")[1]
        for line in writable_hub.requests()
        if line["origin"] == "cdn" and line["method"] != "GET" and line["user_agent"] == "node"
    }
    assert sent == {"upload", "xet"}


def test_the_lock_file_names_no_host():
    assert "://" not in re.sub(
        r'"funding": \{.*?\}',
        "",
        (SCRIPTS / "package-lock.json").read_text(encoding="utf-8"),
        flags=re.DOTALL,
    )
