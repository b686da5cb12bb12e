"""What a backend cannot do is expected to fail, with the reason; JAX has float64 before it is first imported."""

import os

import pytest

os.environ.setdefault("JAX_ENABLE_X64", "1")

from tests.layers.backends import reason_not_to_pass  # noqa: E402


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "layers" and (reason := reason_not_to_pass(item.name)):
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))
