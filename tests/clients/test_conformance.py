"""The official client's own tests against the offline Hub (see oracle.py, and `make conformance`)."""

import pytest

from tests.clients import oracle, prepare

pytestmark = pytest.mark.slow


@pytest.mark.timeout(600)
def test_the_official_clients_own_tests_pass(capsys):
    if not prepare.is_ready(prepare.ORACLE):
        pytest.fail(f"Their tests are not there. Fetch them with: {prepare.HOW}", pytrace=False)
    report = oracle.run()
    with capsys.disabled():
        print("", *report.lines(), sep="\n")
    assert len(report.counted) > 500
    assert report.share >= oracle.WANTED
    assert not report.stale
