"""A JupyterLab of its own for a test: started in a folder, with nobody's settings, and stopped with all it started."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 120

# A notice about news would ask the reader a question, and look for them on jupyter.org.
QUIET = {"@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False}}

# What its pages ask other hosts for, and what they get in the tests: these are the same with and without a network.
_EMPTY_IMAGE = ("image/svg+xml", '<svg xmlns="http://www.w3.org/2000/svg" width="117" height="20"/>')
_NO_MATHJAX = ("text/javascript", 'MathJax = {Hub: {Startup: {signal: {Interest: (tell) => tell("End")}}}};')
STAND_INS = {
    "https://colab.research.google.com/assets/colab-badge.svg": _EMPTY_IMAGE,  # badges at the top of a notebook
    "https://mybinder.org/badge_logo.svg": _EMPTY_IMAGE,
    "https://cdnjs.cloudflare.com/ajax/libs/mathjax/": _NO_MATHJAX,  # formgrader's page of one submission
}


@dataclass(frozen=True)
class Lab:
    """A running server: its address without the last slash, its token, and the file it writes its log to."""

    url: str
    token: str
    log: Path

    def address(self, path: str) -> str:
        """The whole address of a page of the server, token included."""
        return f"{self.url}/{path}?token={self.token}"


@contextmanager
def run_lab(folder: Path, private: Path, log: Path, settings: Mapping[str, dict] = QUIET) -> Iterator[Lab]:
    """JupyterLab on the course in `folder`, until the block ends. Its settings and state go to the folder `private`.

    `settings` are the user's, by the extension that they are for.

    Raises
    ------
    RuntimeError : if it ends or does not answer within START_SECONDS; the message has the end of its log.
    """
    write_settings(private / "settings", settings)
    lab = Lab(f"http://127.0.0.1:{free_port()}", secrets.token_hex(16), log)
    with log.open("w") as output:
        process = subprocess.Popen(
            lab_command(lab, folder),
            cwd=folder,
            env=private_environment(private),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_it_answers(lab, process)
        yield lab
    finally:
        stop(process)


def lab_command(lab: Lab, folder: Path) -> list[str]:
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1"]
    command += [f"--ServerApp.root_dir={folder}", f"--IdentityProvider.token={lab.token}"]
    command += [f"--ServerApp.port={lab.url.rpartition(':')[2]}", "--ServerApp.port_retries=0"]
    return command + ["--allow-root"] if os.geteuid() == 0 else command


def private_environment(private: Path) -> dict[str, str]:
    """The environment with .venv's programs first, and the folders of a user who has never started Jupyter."""
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "JUPYTER_CONFIG_DIR": str(private / "config"),
        "JUPYTER_DATA_DIR": str(private / "data"),
        "JUPYTER_RUNTIME_DIR": str(private / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(private / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(private / "workspaces"),
    }


def write_settings(folder: Path, settings: Mapping[str, dict]) -> None:
    for name, values in settings.items():
        path = folder / f"{name.replace(':', '/')}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(lab: Lab, process: subprocess.Popen) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(lab.address("api/status"), timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start; the end of its log:\n{lab.log.read_text()[-3000:]}")


def stop(process: subprocess.Popen) -> None:
    """End the server and its kernels: politely, then not."""
    for name, seconds in ((signal.SIGTERM, 15), (signal.SIGKILL, 15)):
        try:
            os.killpg(process.pid, name)
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            pass
        return
