"""The benchmark's own parts: its class, its arithmetic, its watch over grades and memory, its page."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from attention_course.exercises import CATALOGUE
from autograder.class_run.pool import Job, Pool
from autograder.class_run.worker import grade_on_worker, render_on_worker
from autograder.grading.grade import Result
from benchmarks import blocks, ways
from benchmarks import startup as startup_of
from benchmarks.classes import NOTEBOOKS, choose_works, student_name, work_number, write_class
from benchmarks.figures import block_seconds, marginal, memory_growth, ratios, summarise
from benchmarks.figures import spread as spread_of
from benchmarks.layers import write_page
from benchmarks.machine import commit_of, describe_machine
from benchmarks.measure import BenchError, run_measured
from benchmarks.report import write_report
from benchmarks.run import PARTS, main
from benchmarks.saturation import Done, Ready, ReadyClient, send_all
from benchmarks.ways import ALL, FLOOR, ONE, OTTER, STOCK, SameGrades, floor_jobs, scores_by_visible, write_for_otter
from tests.support.course import make_course

NOTEBOOK = NOTEBOOKS[0]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_works_are_the_same_for_a_seed_and_mix_right_and_wrong(notebook):
    works = choose_works(notebook, 20, seed=1)
    assert works == choose_works(notebook, 20, seed=1) != choose_works(notebook, 20, seed=2)
    assert {answer.kind for answer in works[0].values()} == {"right"}
    for exercise in CATALOGUE.exercises_of(notebook):
        assert {work[exercise.id].kind for work in works} == {"right", "wrong"}
    assert not any("stderr" in answer.source for work in works for answer in work.values())


def test_the_floor_runs_every_answer_and_test_but_no_demonstration(tmp_path):
    course = make_course(tmp_path / "class")
    works = choose_works(NOTEBOOK, 2, seed=1)
    write_class(course, NOTEBOOK, works, 4)
    jobs = floor_jobs(course, NOTEBOOK)
    assert [job["student"] for job in jobs] == [student_name(number) for number in range(4)]
    assert len({json.dumps(job["cells"]) for job in jobs}) == 4  # no two files are alike
    for job in jobs:
        sources = [cell["source"] for cell in job["cells"]]
        asked = [cell["exercise"] for cell in job["cells"] if cell["exercise"]]
        assert asked == [exercise.id for exercise in CATALOGUE.exercises_of(NOTEBOOK)]
        for answer in works[work_number(job["student"], 2)].values():
            assert any(answer.source in source for source in sources)
        assert not any("judge(" in source or ".fit(" in source for source in sources)


def test_the_marginal_cost_leaves_the_start_up_out():
    assert marginal((4, 10 + 4 * 0.5), (24, 10 + 24 * 0.5)) == pytest.approx(0.5)


def make_runs() -> list[dict]:
    runs = []
    for repetition, noise in enumerate((0.0, 0.2, 0.1)):
        for notebook, each in (("01_one", 0.4), ("02_two", 0.6)):
            common = {"notebook": notebook, "repetition": repetition, "startup": None, "each": None}
            for way, cost in ((ONE, each + noise), (ALL, (each + noise) / 2)):
                runs += [{**common, "way": way, "submissions": n, "seconds": 9 + n * cost} for n in (2, 12)]
            floor = {"way": FLOOR, "submissions": 12, "seconds": 3 + 12 * each, "startup": 3.0, "each": each}
            stock = {"way": STOCK, "submissions": 2, "seconds": 2 + 2 * 30.0, "startup": 2.0, "each": 30.0}
            runs += [common | floor, common | stock] if repetition < 2 else [common | floor]
    return runs


def test_the_summary_has_medians_and_noise_of_each_way():
    summary = summarise(make_runs())
    one = summary[ONE]["mixed"]
    assert (one["each"]["median"], one["each"]["min"], one["each"]["max"]) == pytest.approx((0.6, 0.5, 0.7))
    assert one["startup"]["median"] == pytest.approx(9)
    assert one["whole"]["median"] == pytest.approx(0.6 + 9 / 12)
    assert summary[FLOOR]["notebooks"]["02_two"]["each"]["median"] == pytest.approx(0.6)
    assert len(summary[STOCK]["mixed"]["each"]["values"]) == 2


def test_the_ratios_are_per_submission_and_core():
    found = {item["what"]: item["ratio"] for item in ratios(summarise(make_runs()), cores=2)}
    assert found[f"{STOCK} / {ALL}, without start-up"] == pytest.approx(30 / 0.3)
    assert found[f"{ONE} / floor, without start-up"] == pytest.approx(0.6 / 0.5)
    assert found[f"{ALL} x 2 / floor, without start-up"] == pytest.approx(0.6 / 0.5)


def test_ratios_need_both_ways():
    only_ours = [run for run in make_runs() if run["way"] in (ONE, ALL)]
    assert ratios(summarise(only_ours), cores=2) == []


def test_pace_and_growth_of_a_long_run():
    assert block_seconds([3 + 0.5 * number for number in range(30)], 10) == pytest.approx([0.5, 0.5])
    ramp = [(at, (900 + 2 * at) * 2**20 if at > 20 else 0) for at in range(101)]
    assert memory_growth(ramp, seconds=100, submissions=400) == pytest.approx(50)


def test_grades_that_differ_stop_the_benchmark():
    works = choose_works(NOTEBOOK, 2, seed=1)
    full = {exercise.id: exercise.points for exercise in CATALOGUE.exercises_of(NOTEBOOK)}
    less = {**full, "squeeze": 0.0}
    same = SameGrades({NOTEBOOK: works})
    same.check(FLOOR, NOTEBOOK, {"s0000": full, "s0001": full}, 2)
    same.check(STOCK, NOTEBOOK, {"s0000": full, "s0001": less}, 2)  # work 1 has wrong answers
    assert same.compared == 2 * len(full)
    for way, grades in (
        (STOCK, {"s0000": less, "s0001": full}),
        (ONE, {"s0000": full, "s0001": less}),
        (ONE, {"s0000": full}),
    ):
        with pytest.raises(BenchError, match=NOTEBOOK):
            same.check(way, NOTEBOOK, grades, 2)


def test_memory_counts_the_whole_process_tree(tmp_path):
    child = "import time; held = b'x' * 150_000_000; time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    measured = run_measured((sys.executable, "-c", parent), tmp_path, sample_every=0.05)
    assert 150_000_000 < measured.peak_bytes < 300_000_000
    assert measured.seconds > 1
    assert run_measured((sys.executable, "-c", ""), tmp_path).memory == []


def test_a_command_that_fails_is_named_with_what_it_said(tmp_path):
    with pytest.raises(BenchError, match="status 4:\nno luck"):
        run_measured((sys.executable, "-c", "import sys; print('no luck', file=sys.stderr); sys.exit(4)"), tmp_path)


def test_the_commit_is_told_and_whether_something_beside_the_results_changed(tmp_path):
    def git(*arguments: str) -> str:
        command = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", *arguments]
        return subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True).stdout.strip()

    folder = tmp_path / "benchmarks"
    folder.mkdir()
    for path in (folder / "results.md", tmp_path / "README.md"):
        path.write_text("before")
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "--message", "first")
    commit = git("rev-parse", "--short", "HEAD")
    (folder / "results.md").write_text("after")
    assert commit_of(folder) == commit
    (tmp_path / "README.md").write_text("after")
    assert commit_of(folder) == f"{commit} with changes that are not committed"


def test_the_page_shows_the_figures_the_machine_and_a_described_plot(tmp_path):
    summary, machine = summarise(make_runs()), describe_machine()
    memory = {way: {"peak_mib": 700.0, "proportional": True} for way in summary}
    mixed = {"summary": summary, "ratios": ratios(summary, 2), "memory": memory, "machine": machine}
    mixed |= {"submissions": 12, "works": 2, "repetitions": 3, "stock_repetitions": 2, "grades_compared": 96}
    spread = {"median": 0.25, "min": 0.2, "max": 0.3}
    thousand = {"notebook": NOTEBOOK, "workers": 2, "repetitions": 3, "graded": 1000, "machine": machine, "block": 50}
    thousand |= {"sizes": {"tiny": 10, "small": 50, "large": 1000}, "small": {"whole": spread, "each": spread}}
    thousand |= {"large": {"whole": 0.26, "each": 0.255}, "peak_mib": 1900.0, "growth_mib_a_hundred": 0.4}
    thousand |= {"block_seconds": [0.25, 0.26], "memory_mib": [(5.0, 1800.0), (10.0, 1900.0)]}
    startup = {"repetitions": 3, "seconds": {startup_of.IMPORT: spread, startup_of.CHECK: spread}, "machine": machine}
    startup |= {"ratios": {startup_of.CHECK: {"median": 1.25, "min": 1.2, "max": 1.3}}}
    startup |= {"memory_mib": {"2": spread_of([900, 1000, 1100]), "8": spread_of([1400, 1400, 1500])}}
    few, many = ({"grade": {"seconds": seconds, "peak_mib": 400.0}} for seconds in (100.0, 2200.0))
    classes = [{"commands": few, "page_mib": 0.2}, {"commands": many, "page_mib": 1.25}]
    growth = {"notebook": NOTEBOOK, "sizes": [1000, 20_000], "classes": classes, "machine": machine}
    page = write_report({"mixed": mixed, "thousand": thousand, "startup": startup, "growth": growth}, tmp_path)
    assert page == (tmp_path / "results.md").read_text()
    shown = ("0.600 (0.500 to 0.700)", "| 100.00 |", machine["kernel"], "costs 1.020 times", "1900 MiB")
    for text in (*shown, "| 1.25 (1.20 to 1.30) |", "1.40 times as much", "| 100.0 | 110.0 | 1.10 |", "1.25 MiB"):
        assert text in page
    alt, _, name = page.split("![")[1].partition("](")
    assert "stock nbgrader: 30.0 s" in alt and "1900 MiB" in alt and f"{startup_of.CHECK}: 1.25" in alt
    assert (tmp_path / Path(name.split(")")[0])).read_bytes().startswith(b"\x89PNG")


def test_otter_graders_page_says_what_it_judges_and_where_ours_differs(tmp_path):
    runs = [run for run in make_runs() if run["notebook"] == "01_one" and run["way"] in (ONE, ALL)]
    runs += [{**runs[0], "way": OTTER, "submissions": 3, "seconds": 3 + 3 * 8.0, "startup": 3.0, "each": 8.0}]
    summary, machine = summarise(runs), describe_machine()
    otter = {"summary": summary, "ratios": ratios(summary, 2), "memory": {}, "machine": machine, "version": "7.0.0"}
    otter |= {"works": 3, "submissions": 12, "repetitions": 3, "stock_repetitions": 1, "judged_otherwise": [2, 18]}
    page = write_report({"otter": otter}, tmp_path)
    for text in ("otter-grader 7.0.0", "| 8.00 (8.00 to 8.00) | 9.00", "In 2 of 18 exercises", "no sandbox"):
        assert text in page
    assert f"| {OTTER} / {ONE}, without start-up | {8 / 0.5:.2f} |" in page
    assert "all together" not in page and "![" not in page  # one notebook, and nothing to draw


def test_the_machines_page_says_which_is_full_first_and_at_how_many_workers(tmp_path):
    spreads = [{"median": each, "min": each, "max": each} for each in (0.6, 0.32)]
    throughput = [{"workers": 1, "each": spreads[0]}, {"workers": 2, "each": spreads[1]}]
    machines = {"notebook": NOTEBOOK, "sizes": [8, 40], "repetitions": 2, "throughput": throughput, "recorded": 400}
    machines |= {"record": 0.02, "real_mb": {"notebook": 0.1, "graded notebook": 0.2, "feedback page": 0.3}}
    small = {"mb": 0.1, "scheduler": 0.004, "grader": 0.01}
    large = {"mb": 1.0, "scheduler": 0.05, "grader": 0.02}
    machines |= {"messages": [small, large], "machine": describe_machine()}
    page = write_report({"machines": machines}, tmp_path)
    assert "| 2 | 0.320 (0.320 to 0.320) | 3.12 | 0.94 |" in page
    assert "| the scheduler, messages of 0.1 MB | 4.0 | 250.0 | 150 |" in page
    assert "At 0.1 MB the grader is full first, at about 20 workers" in page
    assert "0.80 MB a submission in each direction, so a link of 1 Gbit/s carries 156 a second" in page
    machines["real_mb"] = dict.fromkeys(machines["real_mb"], 0.9)
    page = write_report({"machines": machines}, tmp_path)
    assert "At 1 MB the scheduler is full first, at about 12 workers" in page
    assert "1: 1.67; 2: 3.12" in page.partition("![")[2]


def test_the_notebooks_page_has_seconds_and_memory_of_each(tmp_path):
    found = {name: {"seconds": 20.4, "peak_mib": mib, "proportional": True} for name, mib in (("00", 700), ("01", 900))}
    page = write_report({"walkthroughs": {"notebooks": found, "machine": describe_machine()}}, tmp_path)
    assert "| 00 | 20 | 700 |" in page and "| together, and the most | 41 | 900 |" in page


def test_otter_grader_gets_the_visible_checks_and_the_answers(tmp_path):
    points = {exercise.id: exercise.points for exercise in CATALOGUE.exercises_of(NOTEBOOK)}
    works = choose_works(NOTEBOOK, 2, seed=1)
    names = write_for_otter(tmp_path, NOTEBOOK, works, 3, points)
    for name in names:
        found = json.loads((tmp_path / name / f"{NOTEBOOK}.ipynb").read_text())["cells"]
        code = "".join("".join(cell["source"]) for cell in found if cell["cell_type"] == "code")
        tested = [cell["metadata"]["otter"]["tests"] for cell in found if "otter" in cell["metadata"]]
        assert tested == [[exercise] for exercise in points]
        assert all(answer.source in code for answer in works[work_number(name, 2)].values())
        assert 'passed("' not in code and ".fit(" not in code  # no check, no demonstration
    for exercise, worth in points.items():
        test = (tmp_path / "tests" / f"{exercise}.py").read_text()
        compile(test, exercise, "exec")
        assert f"points = {worth!r}" in test and f'passed("{exercise}")' in test and "judge(" not in test


def test_without_otter_grader_the_benchmark_says_what_makes_it(tmp_path, monkeypatch):
    monkeypatch.setattr(ways, "OTTER_COMMANDS", tmp_path / ".venv-otter" / "bin")
    with pytest.raises(BenchError, match=r"\.venv-otter is missing: make it with tools/make-otter"):
        ways.grade_otter(tmp_path / "class", NOTEBOOK, choose_works(NOTEBOOK, 1, seed=1), 1)


def test_what_the_visible_checks_give_is_read_from_the_graded_notebooks(tmp_path):
    course = make_course(tmp_path / "class")
    write_class(course, NOTEBOOK, choose_works(NOTEBOOK, 1, seed=1), 1)
    (course.root / "submitted").rename(course.root / "autograded")
    path = course.root / "autograded" / student_name(0) / NOTEBOOK / f"{NOTEBOOK}.ipynb"
    notebook = json.loads(path.read_text())
    failed = next(cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade"))
    text = "The visible checks said:\nCheckFailed"
    failed["outputs"] = [{"output_type": "stream", "name": "stdout", "text": text}]
    path.write_text(json.dumps(notebook))
    (scores,) = scores_by_visible(course, NOTEBOOK).values()
    first, *others = CATALOGUE.exercises_of(NOTEBOOK)
    assert scores == {first.id: 0.0, **{exercise.id: exercise.points for exercise in others}}


def test_scores_that_two_ways_of_judging_give_are_compared():
    works = choose_works(NOTEBOOK, 2, seed=1)
    full = {exercise.id: exercise.points for exercise in CATALOGUE.exercises_of(NOTEBOOK)}
    one, other = SameGrades({NOTEBOOK: works}), SameGrades({NOTEBOOK: works})
    one.check(ONE, NOTEBOOK, {"s0000": full, "s0001": full}, 2)
    other.check(OTTER, NOTEBOOK, {"s0001": {**full, "squeeze": 0.0}}, 1)
    assert one.differences(other) == (1, len(full))


def test_the_grader_alone_is_fed_with_results_that_are_there_at_once():
    result = Result("somebody", NOTEBOOK, ())
    ready = [Ready(b"{}", result, f"graded {number}", f"page {number}") for number in range(2)]
    pool = Pool(ReadyClient(ready, [student_name(number) for number in range(3)]))
    for number, name in ((2, 0), (1, 1)):
        student = student_name(number)
        pool.add(Job(student, grade_on_worker, ("run", student, b"{}", 1, None)))
        packed, graded = pool.next_outcome(0).value
        assert (Result.unpack(packed).student, graded) == (student, f"graded {name}")
        pool.add(Job(student, render_on_worker, (graded, None)))
        assert pool.next_outcome(0).value == f"page {name}"


def test_each_submission_sends_four_messages_of_the_size():
    class Sent(ReadyClient):
        def submit(self, run_once, function, *arguments, **options):
            said = function(*arguments)
            sizes.extend(map(len, (arguments[0], said)))
            return Done(said)

    sizes: list[int] = []
    send_all(Pool(Sent([], [])), 0.002, 30)
    assert sizes == [2000] * 4 * 30


def test_parts_are_chosen_by_name(tmp_path, monkeypatch):
    measured = []
    monkeypatch.setattr("benchmarks.run.run_growth", lambda *options: measured.append("growth") or {})
    monkeypatch.setattr("benchmarks.run.run_walkthroughs", lambda say: measured.append("walkthroughs") or {"found": 1})
    monkeypatch.setattr("benchmarks.run.write_report", lambda results, folder: f"parts: {sorted(results)}")
    called = CliRunner().invoke(main, ["growth", "walkthroughs", "--output", str(tmp_path)])
    assert called.exit_code == 0 and measured == ["growth", "walkthroughs"]
    assert called.output.endswith("parts: ['growth', 'walkthroughs']\n")
    results = json.loads((tmp_path / "results.json").read_text())
    assert results["walkthroughs"]["found"] == 1 and results["growth"]["machine"]["took"] == "0.0 minutes"
    refused = CliRunner().invoke(main, ["everything"])
    assert refused.exit_code == 2 and all(part in refused.output for part in PARTS)


def test_when_the_first_graded_cell_ran_is_read_from_its_output_not_from_its_source(tmp_path):
    path = tmp_path / "class" / "note.txt"
    path.parent.mkdir()
    assert startup_of._said_in(path) is None
    course = make_course(tmp_path / "class" / "course")
    write_class(course, NOTEBOOK, choose_works(NOTEBOOK, 1, seed=1), 1)
    submission = course.root / "submitted" / student_name(0) / NOTEBOOK / f"{NOTEBOOK}.ipynb"
    startup_of._say_when(submission, path)
    assert startup_of._said_in(submission) is None
    cell = next(c for c in json.loads(submission.read_text())["cells"] if startup_of._SAID in "".join(c["source"]))
    namespace = {}
    exec("".join(cell["source"]).partition("\ndef ")[0], namespace)
    assert startup_of._said_in(path) == pytest.approx(time.time(), abs=60)


@pytest.mark.parametrize("block", blocks.OURS)
def test_the_literal_port_of_a_block_gives_what_our_block_gives(block):
    shape = (2, 6, 7, 64)
    ours, literal = (model(blocks.drawn(shape)[0]) for model in blocks.literal(block, shape))
    np.testing.assert_allclose(ours, literal, rtol=1e-5, atol=1e-6)


def test_two_runs_are_timed_in_turn_and_compared():
    turns = []

    def ours():
        turns.append("ours")
        time.sleep(0.06)

    def theirs():
        turns.append("theirs")
        time.sleep(0.02)

    ratio = blocks.compare(ours, theirs, repetitions=3)
    assert ratio["median"] > 1.5 and ratio["min"] <= ratio["median"] <= ratio["max"]
    assert turns[-6:] == ["theirs", "ours", "ours", "theirs", "theirs", "ours"]


def test_the_layers_page_shows_the_ratios_and_why_a_peer_is_missing():
    ways = {"jit": {"ms": 1.25, "median": 0.5, "min": 0.4, "max": 0.75}}
    row = {"peer": "literal", "block": "SE", "shape": (8, 7, 7, 64), "ways": ways}
    found = {"packages": {"keras": "3"}, "missing": {"kecam": "No module named 'tf_keras'"}, "rows": [row]}
    page = write_page({"repetitions": 9, "machine": describe_machine(), "frameworks": {"tensorflow": found}})
    assert "| SE / literal, 8 x 7 x 7 x 64 | 0.50 (0.40 to 0.75) | 1.25 |" in page
    assert "kecam is not in the table: No module named 'tf_keras'" in page
