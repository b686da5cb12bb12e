"""TensorFlow for processes that live for seconds, where what it prepares for long runs costs more than it saves.

A version that keeps an option elsewhere does as ever, and slower. What each of them saves was measured with 2.21, in a
kernel.
"""

from __future__ import annotations

import contextlib
import os


def before_import() -> None:
    """Have products of matrices computed by the code that is there, which is as fast, and not by machine code that each
    process makes for its first one: 27 ms."""
    os.environ.setdefault("TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL", "false")


def after_import() -> None:
    """Before the first tensor, and before forks: register the compiler's kernels, as each child would for its first
    tensor, and have an operation run as it is, not as a function that is made of it and optimized: 0.4 ms for each new
    one, and each weight of a layer is a new one."""
    with contextlib.suppress(ImportError):
        from tensorflow.python.util.pywrap_xla_ops import get_cpu_kernel_names

        get_cpu_kernel_names()
    with contextlib.suppress(ImportError, AttributeError):
        from tensorflow.python import pywrap_tfe

        set_option = pywrap_tfe.TFE_ContextOptionsSetRunEagerOpAsFunction
        pywrap_tfe.TFE_ContextOptionsSetRunEagerOpAsFunction = lambda options, _: set_option(options, False)
