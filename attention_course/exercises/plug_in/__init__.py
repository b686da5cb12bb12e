"""Exercises of notebook 06: choose a block and write its control, build the network, and judge two measurements."""

from .attach import ATTACH
from .blind import BLIND_GATE
from .network import SMALL_RESNET
from .scores import MASS_INSIDE, PAIRED_DIFFERENCE

EXERCISES = (ATTACH, BLIND_GATE, PAIRED_DIFFERENCE, MASS_INSIDE, SMALL_RESNET)
