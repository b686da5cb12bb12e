"""What runs in `make test`."""

import autograder  # noqa: F401 - before anything else imports jsonschema, which is slow: see there
