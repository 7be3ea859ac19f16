"""Shared ground: no test touches the user's cache or reaches a network."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pytest_configure():
    """What a shell starts in the background ignores interrupts, and so would every process that a test sends one."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory):
    """One cache folder for the whole session: the bundled model is converted once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, shared_cache):
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared_cache))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


@pytest.fixture(scope="session")
def press_brief():
    """Run the real command in a real process; returns the completed process."""

    def run(*arguments, cwd=None, env=None, stdin=None, timeout=300):
        environment = {**os.environ, "COLUMNS": "100", **(env or {})}
        return subprocess.run(
            [sys.executable, "-m", "jobs", *map(str, arguments)],
            cwd=cwd or ROOT,
            env={**environment, "PYTHONPATH": str(ROOT)},
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    return run
