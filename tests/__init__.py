"""What runs in `make test`."""

import autograder  # noqa: F401 - before anything imports jsonschema: see there
