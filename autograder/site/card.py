"""The picture that other sites show beside a link to this one."""

from __future__ import annotations

import io
import textwrap

CARD = "assets/card.png"
WIDTH, HEIGHT = 1200, 630  # pixels, what Open Graph's readers ask for
_GROUND, _QUIET = "#1d4e89", "#d6e2f0"  # the ground of the icon; both texts keep the contrast of WCAG AA on it
_BARS = (0.5, 1.0, 0.75)  # those of the icon


def draw_card(title: str, about: str) -> bytes | None:
    """A PNG with the course's title and what it is about; None where matplotlib is not installed."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        return None
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor=_GROUND)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0))
    axes.axis("off")
    axes.bar([110, 180, 250], [-120 * bar for bar in _BARS], 44, 210, color="white")
    below = 240
    for line in textwrap.wrap(title, 30, max_lines=2):
        below += 68
        axes.text(86, below, line, fontsize=44, fontweight="bold", color="white", parse_math=False)
    below += 20
    for line in textwrap.wrap(about, 62, max_lines=4):
        below += 46
        axes.text(88, below, line, fontsize=22, color=_QUIET, parse_math=False)
    content = io.BytesIO()
    FigureCanvasAgg(figure).print_png(content)
    return content.getvalue()
