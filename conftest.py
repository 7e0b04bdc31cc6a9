"""Here so that `pytest notebooks/quickstart.ipynb` has the sandbox and the offline Hub of tests/session.py too."""

pytest_plugins = ["tests.session"]
