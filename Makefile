# Every target makes .venv by itself when it is missing or the pins changed.

BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
# Unset, if it is set: a target starts up to hundreds of interpreters, and each would compile all modules anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test test-browser test-long test-backends test-jax test-torch bench bench-layers lab build causes .venv pins
.DEFAULT_GOAL := help

help:
	@echo "make demo    build a small class from the answer files, grade it, show the table"
	@echo "make test    run the tests"
	@echo "make test-browser   see JupyterLab, formgrader, the site and the reports with a browser's eye (needs Chromium)"
	@echo "make test-long       do what the guide and docs/changing-the-course.md say, and try the wheel"
	@echo "make test-backends   test the layers on JAX and PyTorch (make test-jax, make test-torch: on one of them)"
	@echo "make bench   measure grading against nbgrader's own and against the students' code alone"
	@echo "make bench-layers   measure the attention layers against the same blocks by others"
	@echo "make lab     copy the notebooks into work/, where you write into them, and open JupyterLab there"
	@echo "make build   make the notebooks from their text sources, where these changed"
	@echo "make causes  collect what failed visible checks say, after a change of answers or checks; then make build"
	@echo "make pins    write requirements.txt and the other requirements files anew from pyproject.toml (needs uv)"

.venv: .venv/complete

.venv/complete: requirements.txt pyproject.toml
	@tools/make-venv

demo: .venv/complete
	@tools/need-bubblewrap || true
	@python -m tests.support.demo_class

test: .venv/complete
	@tools/need-bubblewrap
	ruff check .
	ruff format --check .
	mypy
	python -m pytest

# One after the other: each test has the processor for JupyterLab, its kernels and the browser.
test-browser: .venv/browser
	@tools/need-bubblewrap
	@tools/need-chromium
	python -m pytest tests_browser --numprocesses 0

.venv/browser: .venv/complete requirements-browser.txt
	@if command -v uv >/dev/null 2>&1; \
		then uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-browser.txt; \
		else python -m pip install --quiet --require-hashes -r requirements-browser.txt; fi
	@touch $@

# What takes long beside what it covers: two pages of docs/ followed word by word, a second course, and the wheel alone.
test-long: .venv/complete
	@python -m pytest --numprocesses 0 tests_long

# Each in an environment of its own, where neither TensorFlow nor an extra is: what the layers need, and pytest.
test-backends: test-jax test-torch

test-jax test-torch: test-%: .venv-backends/%/complete
	@echo "the layers on $*:"
	@KERAS_BACKEND=$* .venv-backends/$*/bin/python -m pytest --override-ini addopts= --quiet \
		tests/layers tests_long/test_guide.py tests_long/test_wheel.py $(if $(filter torch,$*),tests/test_timm.py)

.venv-backends/%/complete: requirements.txt pyproject.toml tools/make-backend
	@tools/make-backend $*

bench: .venv/complete .venv-otter/complete
	@tools/need-bubblewrap
	@python -m benchmarks.run

.venv-otter/complete: requirements-otter.txt tools/make-otter
	@tools/make-otter

# By itself: it takes minutes where the other takes most of an hour, and it needs no sandbox.
bench-layers: .venv/complete
	@python -m benchmarks.layers

# On copies of one's own, so that a pull has nothing to refuse. LAB_OPTIONS="--no-browser" hands on more.
lab: .venv/complete
	@autograder work
	jupyter lab --LabApp.default_url=/lab/tree/work $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB_OPTIONS)

build: .venv/complete
	autograder build

# What a failed visible check names as its cause, from the wrong answers in tests/answers; a build puts it in.
causes: .venv/complete
	@python -m tests.support.visible_checks

pins:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--extra course --extra grader --extra test pyproject.toml --output-file requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group browser \
		--constraints requirements.txt --output-file requirements-browser.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --extra course \
		--group otter pyproject.toml --output-file requirements-otter.txt
