"""What only PyTorch has: torch.compile."""

import numpy as np
import pytest

from .backends import BACKEND, numpy
from .blocks import BLOCKS, FORMATS, feature_map, randomise

if BACKEND != "torch":
    pytest.skip("torch.compile exists on PyTorch alone", allow_module_level=True)

import torch  # noqa: E402


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("name", BLOCKS)
def test_compile_takes_the_whole_block_as_one_graph(name, data_format):
    layer, x = BLOCKS[name](data_format=data_format), torch.tensor(feature_map(data_format))
    layer(x)
    randomise(layer)
    torch._dynamo.reset()
    compiled = torch.compile(layer, fullgraph=True, backend="eager")
    np.testing.assert_allclose(numpy(compiled(x)), numpy(layer(x)), atol=1e-6)
