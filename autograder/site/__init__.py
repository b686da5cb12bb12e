"""The walkthroughs as a small static site: `pages` puts it together from what the other modules make.

The site asks nothing of other hosts and works from a folder on disk: formulas become MathML, figures become files, the
search has its index in a script. JavaScript only adds: the search, the dark mode's button, copying, figures enlarged
over the page, the mark of the current section, and what was read.
"""

from __future__ import annotations

from functools import partial

from .. import templating

part = partial(templating.part, __name__)
