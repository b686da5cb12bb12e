"""The walkthroughs as a small static site: `pages` puts it together from what the other modules make.

The site asks nothing of other hosts and works from a folder on disk: formulas become MathML, figures become files, the
search has its index in a script. Without JavaScript everything but the search and the dark mode's button works.
"""

from __future__ import annotations

from functools import partial

from .. import templating

part = partial(templating.part, __name__)
