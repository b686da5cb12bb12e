"""Exercises of notebook 06: choose and place a block, build the network, and judge two measurements."""

from __future__ import annotations

from .plug_in_attach import ATTACH
from .plug_in_network import SMALL_RESNET
from .plug_in_scores import MASS_INSIDE, PAIRED_DIFFERENCE

EXERCISES = (ATTACH, SMALL_RESNET, MASS_INSIDE, PAIRED_DIFFERENCE)
