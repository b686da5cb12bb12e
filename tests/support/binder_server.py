"""Starts JupyterLab as Binder does, and asks it what a browser would."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

START_SECONDS, VALIDATE_SECONDS = 120, 300
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # past any proxy: the server runs here


class ServerError(Exception):
    """The server did not start or did not do its work; the message is one line."""


class BinderServer:
    """JupyterLab, started by binder/start with the command that Binder gives it.

    Parameters
    ----------
    folder : where its home and its log go.
    repository : the folder that Binder would have copied, with binder/start.
    binaries : where the commands of the environment are that holds Jupyter.
    """

    def __init__(self, folder: Path, repository: Path, binaries: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.repository = repository
        self.token = secrets.token_hex()
        self.log = folder / "server.log"
        options = ["--no-browser", "--ip=127.0.0.1", f"--port={self.port}", f"--IdentityProvider.token={self.token}"]
        options += ["--allow-root"] if os.geteuid() == 0 else []
        environment = {**with_path(binaries), "HOME": str(folder / "home")}
        (folder / "home").mkdir()
        with self.log.open("w") as log:
            command = [str(repository / "binder" / "start"), "jupyter-lab", *options]
            self.process = subprocess.Popen(command, cwd=repository, env=environment, stdout=log, stderr=log)

    def __enter__(self) -> BinderServer:
        deadline = time.monotonic() + START_SECONDS
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                self.get("api")
            except OSError:
                time.sleep(0.5)
            else:
                return self
        self.__exit__()
        raise ServerError(f"the server did not start: {last_line(self.log.read_text())}")

    def __exit__(self, *_) -> None:
        self.process.terminate()
        self.process.wait()

    def get(self, path: str, data: bytes | None = None, seconds: float = START_SECONDS):
        headers = {"Authorization": f"token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/{path}", data, headers)
        return DIRECTLY.open(request, timeout=seconds)

    def redirect(self) -> str:
        """Where the server leads who comes without a path."""
        return re.sub(r"^http://[^/]+|\?.*$", "", self.get("").geturl())

    def status(self, path: str) -> int:
        try:
            return self.get(path).status
        except urllib.error.HTTPError as error:
            return error.code

    def validate(self, path: str) -> dict:
        """What nbgrader's Validate button is answered. Raises ServerError if validation itself failed."""
        reply = json.load(self.get("assignments/validate", json.dumps({"path": path}).encode(), VALIDATE_SECONDS))
        if not reply["success"]:
            raise ServerError(f"Validate failed: {last_line(reply['value'])}")
        return reply["value"]


def hidden_extensions(page: str) -> list[str]:
    """The extensions that JupyterLab's page switches off."""
    found = re.search(r'"disabledExtensions": (\[[^]]*\])', page)
    return json.loads(found.group(1)) if found else []


def with_path(binaries: Path) -> dict[str, str]:
    """This process's variables, with commands looked for in `binaries` first."""
    return {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}


def last_line(text: str) -> str:
    return (text.strip() or "no word").splitlines()[-1]
