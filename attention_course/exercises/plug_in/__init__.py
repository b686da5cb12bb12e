"""Exercises of notebook 06: choose and place a block, build the network, and judge two measurements."""

from .attach import ATTACH
from .network import SMALL_RESNET
from .scores import MASS_INSIDE, PAIRED_DIFFERENCE

EXERCISES = (ATTACH, SMALL_RESNET, MASS_INSIDE, PAIRED_DIFFERENCE)
