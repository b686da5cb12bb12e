"""From a submission to a grade, one module a step: intake, rebuild, run, judging (together: grade), record, batch."""
