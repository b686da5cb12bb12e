"""Done once, in the process from which workers are forked: what each of them would do first. Imported there alone."""

from __future__ import annotations

import gc
import ssl

import distributed.http.worker.prometheus.core  # noqa: F401 - as distributed.worker does when it starts
import numpy.ma  # noqa: F401
import numpy.random  # noqa: F401
import tornado.platform.asyncio  # noqa: F401

from ..exercise import arrays, counts, models  # noqa: F401 - what exercises are made of
from . import worker  # noqa: F401

ssl.create_default_context()  # OpenSSL sets itself up for its first connection
gc.collect()
gc.freeze()  # a worker that looked for garbage would write to all that it shares
