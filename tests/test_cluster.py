"""Grading on a Dask cluster that is there already, started with Dask's own commands."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from attention_course.exercises import CATALOGUE
from autograder.class_run import cluster
from autograder.class_run.cluster import open_client, start_cluster, start_early
from autograder.class_run.worker import Preparation
from autograder.course import Course, CourseError
from autograder.grading.assignment import Assignment
from autograder.grading.environment import difference, environment
from tests.support.dask_cluster import dask_cluster
from tests.support.fake_class import NAME, grade, hand_in, start_grader

pytest_plugins = ["tests.support.batch_fixtures"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> dict[str, Path]:
    """A throw-away certificate that is its own authority, in the words of Dask's commands."""
    if shutil.which("openssl") is None:
        pytest.skip("the openssl command is missing, which makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    key, cert = folder / "key.pem", folder / "cert.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*make, "-keyout", key, "-out", cert], check=True, capture_output=True)
    return {"tls-ca-file": cert, "tls-cert": cert, "tls-key": key}


def as_options(tls: dict[str, Path]) -> list[str]:
    return [part for name, path in tls.items() for part in (f"--{name}", str(path))]


@pytest.mark.parametrize("with_tls", [False, True], ids=["plain", "TLS"])
def test_a_scheduler_with_two_workers_gives_the_same_results(course, client, tmp_path, request, with_tls):
    """Also what breaks workers is set aside in the same way; once is enough to see that, restarts take seconds."""
    tls = request.getfixturevalue("certificate") if with_tls else None
    hand_in(course, **{f"s{number}": {"share": number / 8} for number in range(8)})
    if not with_tls:
        hand_in(course, breaker={"do": "die"})
    here = [result.to_dict() for result in grade(course, client, seed=3)]
    for made in ("gradebook.db", ".grading/" + NAME + ".sqlite"):
        (course.root / made).unlink()
    with dask_cluster(tmp_path, tls) as found:
        process = start_grader(course, "--json", "--seed", "3", "--scheduler", found.address, *as_options(tls or {}))
        out, err = process.communicate(timeout=120)
        if with_tls:  # without what breaks workers: one that has just come back is not prepared any more
            files = {name.replace("-", "_"): path for name, path in tls.items()}
            with open_client(scheduler=found.address, **files) as other:
                looks = other.run(lambda dask_worker: list(dask_worker.periodic_callbacks))
            assert len(looks) == 2 and not {"profile", "profile-cycle"} & {
                name for one in looks.values() for name in one
            }
    assert process.returncode == (0 if with_tls else 3), err
    assert json.loads(out) == here


def test_without_the_certificate_a_tls_scheduler_is_not_reached(course, tmp_path, certificate, monkeypatch):
    monkeypatch.setattr("autograder.class_run.cluster.CONNECT_SECONDS", 3)
    with dask_cluster(tmp_path, certificate, workers=0) as found:
        for scheduler in (found.address, found.address.replace("tls", "tcp")):
            with (
                pytest.raises(CourseError, match="no Dask scheduler can be reached at"),
                open_client(scheduler=scheduler),
            ):
                pass


def test_an_unusable_scheduler_is_one_clear_line(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.class_run.cluster.CONNECT_SECONDS", 2)
    for address in ("127.0.0.1:1", "nonsense://here", "tcp://127.0.0.1:none"):
        with (
            pytest.raises(CourseError, match="no Dask scheduler can be reached at") as error,
            open_client(scheduler=address),
        ):
            pass
        assert "\n" not in str(error.value)
    with dask_cluster(tmp_path, workers=0) as found, pytest.raises(CourseError, match="has no workers"):
        open_client(scheduler=found.address).__enter__()


@pytest.mark.parametrize("failures", [1, 3])
def test_processes_that_die_while_they_start_are_started_again(monkeypatch, failures):
    tries = iter(range(10))

    def start(**options):
        if next(tries) < failures:
            raise RuntimeError("Nanny failed to start.") from RuntimeError("worker process")
        return "a cluster"

    monkeypatch.setattr("autograder.class_run.cluster.LocalCluster", start)
    with pytest.raises(CourseError, match="3 times: worker process") if failures == 3 else contextlib.nullcontext():
        assert start_cluster("a folder", 2, 1, {}) == "a cluster"
    assert next(tries) == min(failures + 1, 3)


def test_an_interrupt_while_the_processes_start_comes_when_they_can_be_closed(monkeypatch):
    """Whichever thread hears it."""
    closed, other, before = [], threading.Event(), signal.signal(signal.SIGINT, signal.default_int_handler)

    def start(*_) -> SimpleNamespace:
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)
        return SimpleNamespace(close=lambda timeout: closed.append(timeout))

    monkeypatch.setattr(cluster, "start_cluster", start)
    thread = threading.Thread(target=other.wait)
    thread.start()
    try:
        with pytest.raises(KeyboardInterrupt), open_client():
            pass
    finally:
        signal.signal(signal.SIGINT, before)
        other.set()
        thread.join()
    assert closed == [cluster.CLOSE_SECONDS]


def test_a_worker_of_another_version_is_refused(client, monkeypatch):
    preparation = Preparation("a-run", Assignment.of(Course.find(), NAME, trust=True))
    preparation.environment = {**environment(CATALOGUE.package), "keras": "2.0"}
    with pytest.raises(CourseError, match=r"would grade differently: keras 3.*, here 2\.0"):
        client.register_plugin(preparation)
    client.unregister_worker_plugin("a-run")
    ours = environment(CATALOGUE.package)
    assert difference(ours, dict(ours)) == ""
    assert difference(ours, {**ours, "code of autograder": "?"}) == "its code of autograder is not this one"


def test_all_workers_of_a_machine_use_one(client):
    def has_its_own() -> bool:
        from autograder.sandbox.fork_server import ForkServer, the_fork_server

        server = the_fork_server()
        return isinstance(server, ForkServer) or not server.is_alive()

    assert client.run(has_its_own) == dict.fromkeys(client.nthreads(), False)


def test_workers_begin_with_what_their_maker_did_for_all(client):
    assert set(client.run(lambda: "autograder.class_run.maker" in sys.modules).values()) == {True}


def test_other_threads_see_every_other_variable_at_any_time(monkeypatch):
    """Such as PATH, by which the sandbox is found in another thread."""
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("MKL_NUM_THREADS", raising=False)
    before, changes = dict(os.environ), []
    for change in ("__setitem__", "__delitem__"):
        real = getattr(type(os.environ), change)
        monkeypatch.setattr(
            type(os.environ), change, lambda self, *item, real=real: (changes.append(item[0]), real(self, *item))
        )
    with cluster._set({"OMP_NUM_THREADS": 1, "MKL_NUM_THREADS": 1}):
        assert dict(os.environ) == {**before, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    assert dict(os.environ) == before and set(changes) == {"OMP_NUM_THREADS", "MKL_NUM_THREADS"}


def test_where_no_socket_fits_into_the_temporary_folder_workers_start_by_themselves(tmp_path, monkeypatch):
    folder = tmp_path / ("long" * 20)
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    start_early()
    with open_client(1) as client:
        assert list(client.run(lambda: sum([20, 22])).values()) == [42]
    assert list(folder.iterdir()) == []
