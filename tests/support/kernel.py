"""A kernel in the sandbox."""

from __future__ import annotations

import json

import nbformat

from autograder.grading.execute import SandboxedExecute


class Kernel(SandboxedExecute):
    """A kernel of the sandbox, to be asked for values."""

    def __enter__(self):
        self.nb, self.resources = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell()]), {}
        self.start_clock()
        self.create_kernel_manager()
        self.start_new_kernel()
        self.start_new_kernel_client()
        return self

    def __exit__(self, *ignored):
        self._cleanup_kernel()

    def ask(self, code: str):
        """The value that `code` leaves in `found`."""
        cell = nbformat.v4.new_code_cell(f"{code}\nimport json; print('=', json.dumps(found))")
        breach = self.run_cell(cell, 0)
        assert breach is None, breach
        outputs = [output.get("text", "") for output in cell.outputs]
        assert any(text.startswith("= ") for text in outputs), cell.outputs
        return json.loads(next(text for text in outputs if text.startswith("= "))[2:])
