"""The browser the tests drive: named, else found, else installed.

python tests/ui/browser.py         prints its path; installs one where there is none and this user may
browser.find()                     the same without installing
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "HF_NB_BROWSER"
NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
)
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)
# What `playwright install chromium` leaves, under its own cache folder.
PLAYWRIGHT_CACHES = (
    "~/.cache/ms-playwright",
    "~/Library/Caches/ms-playwright",
    "~/AppData/Local/ms-playwright",
)
PLAYWRIGHT_BINARIES = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium",
    "chromium-*/chrome-mac*/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing",
    "chromium-*/chrome-win*/chrome.exe",
)
# package manager -> what it is asked; the first one on this machine is used
PACKAGES: dict[str, tuple[str, ...]] = {
    "apt-get": ("install", "-y", "--no-install-recommends", "chromium"),
    "dnf": ("install", "-y", "chromium"),
    "apk": ("add", "chromium"),
    "pacman": ("-S", "--noconfirm", "chromium"),
    "zypper": ("--non-interactive", "install", "chromium"),
}
HOW = f"Get one with: python tests/ui/browser.py    (or name yours: {VARIABLE}=/path/to/chromium)"
INSTALL_SECONDS = 600


def find() -> str | None:
    """The browser to use, or None. Nothing is started and nothing is installed."""
    if named := os.environ.get(VARIABLE):
        return shutil.which(named)
    on_path = (shutil.which(name) for name in NAMES)
    applications = (path for path in APPLICATIONS if Path(path).is_file())
    return next((path for path in on_path if path), None) or next(applications, None) or _of_playwright()


def get() -> str:
    """The browser to use, installed if need be. One that does not start is none: Ubuntu's package is a shell."""
    if named := os.environ.get(VARIABLE):
        if path := find():
            return path
        raise SystemExit(f"{VARIABLE}={named} is no program.")
    for install in (None, _install_package, _install_playwright):
        if install:
            install()
        path = find()
        if path and _starts(path):
            return path
    raise SystemExit(
        "No browser was found and none could be installed. Install Chromium or Chrome, or set " + VARIABLE
    )


def _of_playwright() -> str | None:
    caches = [os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""), *PLAYWRIGHT_CACHES]
    folders = [Path(cache).expanduser() for cache in caches if cache]
    found = [
        str(path) for folder in folders for pattern in PLAYWRIGHT_BINARIES for path in folder.glob(pattern)
    ]
    return max(found, default=None)


def _starts(path: str) -> bool:
    try:
        return (
            subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def _install_package() -> None:
    manager = next((name for name in PACKAGES if shutil.which(name)), None)
    if manager is None or (sudo := _sudo()) is None:
        return
    _say(f"No browser here: asking {manager} for Chromium …")
    if manager == "apt-get":
        _try([*sudo, manager, "update"])
    _try([*sudo, manager, *PACKAGES[manager]])


def _install_playwright() -> None:
    _say("No browser here: asking Playwright for Chromium …")
    _try([sys.executable, "-m", "playwright", "install", "chromium"])


def _sudo() -> list[str] | None:
    """What to put before a command that needs root; None where this user may not."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return []
    allowed = (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    )
    return ["sudo", "-n"] if allowed else None


def _try(command: list[str]) -> None:
    """Its chatter goes to stderr: stdout is the path."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, stdout=sys.stderr, env=environment, timeout=INSTALL_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as wrong:
        _say(f"{command[0]}: {wrong}")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(get())
