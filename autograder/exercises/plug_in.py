"""Exercises of notebook 06: choose and place a block, build the network, and judge two measurements."""

from __future__ import annotations

import numpy as np

from .. import oracle
from ..oracle import plug_in
from .base import Call, Exercise, KerasCall, Mistake, Round
from .block_properties import gradients_agree, output_agrees, returns_keras_tensor, stands_twice
from .inputs import bottleneck, feature_map, gates
from .plug_in_properties import (
    every_weight_is_reached,
    gives_probabilities,
    gives_three_floats,
    holds_weights,
    intervals_agree,
    is_network,
    leaves_runs_alone,
    means_agree,
    refuses,
)
from .properties import agrees, has_shape, leaves_arguments_alone, returns_array

RATIO = 4
BLOCKS = ("none", "se", "eca", "cbam")


def _attention(rng, name: str, channels: int) -> dict[str, np.ndarray]:
    """Weights of the block with this name, by slot."""
    if name == "none":
        return {}
    if name == "eca":
        return {"kernel": rng.normal(size=oracle.eca_kernel_size(channels))}
    layers = bottleneck(rng, rng.normal(size=(4, channels)), channels // RATIO)
    return layers if name == "se" else {**layers, "kernel": rng.normal(size=(7, 7, 2)) / 4}


def _attention_size(name: str, channels: int, ratio: int = RATIO) -> int:
    pair = oracle.se_weight_count(channels, ratio)
    return {"none": 0, "se": pair, "eca": oracle.eca_kernel_size(channels), "cbam": pair + 98}[name]


# --- attach --------------------------------------------------------------------------------------------------------


def _attach_questions(rng):
    def block(name, *shape, **options):
        return KerasCall(
            shape[1:], feature_map(rng, *shape), _attention(rng, name, shape[-1]), before=(name,), **options
        )

    refused = {
        name: KerasCall((4, 5, 16), feature_map(rng, 2, 4, 5, 16), before=(name,)) for name in ("senet", "CBAM2")
    }
    return {
        "none": block("none", 2, 5, 7, 24),
        "se": block("se", 3, 5, 7, 24),
        "eca": block("eca", 2, 4, 6, 128),
        "cbam": block("cbam", 2, 5, 7, 24, gradients=rng.normal(size=(2, 5, 7, 24))),
        "se twice": KerasCall((3, 4, 16), feature_map(rng, 2, 3, 4, 16), before=("se",), repeat=2),
        "se once": KerasCall((3, 4, 16), feature_map(rng, 2, 3, 4, 16), before=("se",)),
        **refused,
    }


def _explain_attach(total: int, round: Round, key: str) -> str | None:
    channels, (name,) = round.questions[key].x.shape[-1], round.questions[key].before
    if total == 0:
        return "Is the result of the block returned?"
    if name != "none" and total == 2 * _attention_size(name, channels):
        return "The block stands there twice."
    if name in ("se", "cbam") and total == _attention_size(name, channels, 16):
        return "The ratio is not the one of the card: is it passed on?"
    for other in BLOCKS[1:]:
        if other != name and total in (_attention_size(other, channels), _attention_size(other, channels, 16)):
            return f"It is the {other.upper()} block that is attached."
    if total > sum(_attention_size(other, channels) for other in BLOCKS) - 1:
        return "Several blocks are attached: the name chooses one."
    return None


def _with_input_added(x, **weights):
    return x + plug_in.attach(x, **weights)


ATTACH = Exercise(
    id="attach",
    oracle=plug_in.attach,
    questions=_attach_questions,
    properties=(
        returns_keras_tensor("cbam", 0.5),
        output_agrees("none", ("none",), 0.5, '"none" gives the map as it came'),
        holds_weights("weights", BLOCKS, 1.0, "each name brings exactly the weights of its block", _explain_attach),
        output_agrees(
            "values", ("se", "eca", "cbam"), 1.5, "gives what the named block gives, weight for weight", True
        ),
        gradients_agree("cbam", 0.25),
        stands_twice("se once", "se twice", 0.5),
        refuses(("senet", "CBAM2"), 0.75),
    ),
    mistakes=(
        Mistake("The input is added: attach gives the result of the block alone.", _with_input_added),
        Mistake("A ReLU stands behind the block.", lambda x, **weights: oracle.relu(plug_in.attach(x, **weights))),
        Mistake("A ReLU stands before the block.", lambda x, **weights: plug_in.attach(oracle.relu(x), **weights)),
    ),
)


# --- small_resnet --------------------------------------------------------------------------------------------------

WIDTHS = (16, 32)


def network_shapes(attention: str, depth: int, classes: int) -> dict[str, tuple[int, ...]]:
    """The shape of every weight by slot, the norms first. Weights of one shape and kind get one value."""
    shapes, kernels, before = {}, {"k_stem": (3, 3, depth, 16)}, 16
    places = {"stem": 16}
    for block, width in enumerate(WIDTHS, start=1):
        kernels |= {f"k_{block}a": (3, 3, before, width), f"k_{block}b": (3, 3, width, width)}
        places |= {f"{block}a": width, f"{block}b": width}
        if block > 1:
            kernels[f"k_{block}c"], places[f"{block}c"] = (1, 1, before, width), width
        narrow = width // RATIO
        if attention in ("se", "cbam"):
            slots = {"w1": (width, narrow), "b1": (narrow,), "w2": (narrow, width), "b2": (width,)}
            kernels |= {f"{slot}_{block}": shape for slot, shape in slots.items()}
        if attention in ("eca", "cbam"):
            kernels[f"kernel_{block}"] = (oracle.eca_kernel_size(width),) if attention == "eca" else (7, 7, 2)
        before = width
    for vector in plug_in.NORM:
        shapes |= {f"{vector}_{place}": (width,) for place, width in places.items()}
    return {**shapes, **kernels, "w_head": (before, classes), "b_head": (classes,)}


def _network_weights(rng, attention: str, depth: int, classes: int) -> dict[str, np.ndarray]:
    """A value for every slot. Slots that a matching by shape cannot tell apart share their value."""
    drawn, weights = {}, {}
    for slot, shape in network_shapes(attention, depth, classes).items():
        vector = next((name for name in plug_in.NORM if slot.startswith(name)), "")
        if (vector, shape) not in drawn:
            drawn[vector, shape] = _draw(rng, vector, shape)
        weights[slot] = drawn[vector, shape]
    return weights


def _draw(rng, vector: str, shape: tuple[int, ...]) -> np.ndarray:
    if vector in ("gamma", "moving_variance"):
        return rng.uniform(0.6, 1.6, size=shape)
    if vector or len(shape) == 1:
        return rng.normal(size=shape) / 2
    fan_in = np.prod(shape[:-1]) if len(shape) == 4 else shape[0]
    return rng.normal(size=shape) * np.sqrt(2 / fan_in)


def _network_questions(rng):
    def network(attention, height, width, depth, classes, **options):
        x = rng.normal(size=(3, height, width, depth)) + rng.normal(size=(3, 1, 1, depth))
        weights = _network_weights(rng, attention, depth, classes)
        keywords = {"attention": attention, "classes": classes}
        return KerasCall(x.shape[1:], x, weights, keywords, whole=True, **options)

    return {
        "none": network("none", 12, 16, 3, 10),
        "se": network("se", 12, 14, 3, 5, gradients=rng.normal(size=(3, 5))),
        "eca": network("eca", 9, 16, 1, 10),
        "cbam": network("cbam", 12, 13, 4, 7),
    }


def _explain_network(total: int, round: Round, key: str) -> str | None:
    question = round.questions[key]
    depth, classes, attention = question.x.shape[-1], question.keywords["classes"], question.keywords["attention"]
    shapes = network_shapes(attention, depth, classes)
    size = {slot: int(np.prod(shape)) for slot, shape in shapes.items()}
    wanted = sum(size.values())
    extra = {block: _attention_size(attention, width) for block, width in enumerate(WIDTHS, start=1)}
    plain, convolved = wanted - sum(extra.values()), (16, 16, 16, 32, 32, 32)
    projection = 4 * 32 + size["k_2c"]
    known = {
        plain: "The attention is missing: does every block attach it?",
        wanted + sum(convolved): "The convolutions have biases: the norm behind each one makes them superfluous.",
        wanted - 4 * sum(convolved): "The norms are missing.",
        wanted - 4 * 32: "The norm of the shortcut is missing.",
        wanted - projection: "The 1x1 convolution of the second shortcut is missing.",
        wanted
        + 16 * 16
        + 4 * 16: "The first block has a convolution on its shortcut: the input itself goes round there.",
        wanted + 8 * size["k_2c"]: "The shortcut has a 3x3 convolution where the card says 1x1.",
        wanted + sum(extra.values()): "The attention is attached twice in each block.",
        plain + extra[2]: "Only the last block has its attention.",
        plain + extra[1]: "Only the first block has its attention.",
        wanted + extra[1]: "One attention block too many: does one stand behind the stem?",
        wanted + extra[2]: "One attention block too many: does one stand before the head?",
    }
    if (
        attention == "none"
        and total > wanted
        and total - wanted in {sum(_attention_size(name, width) for width in WIDTHS) for name in BLOCKS[1:]}
    ):
        return 'With "none" the network holds an attention block.'
    if attention == "none":
        known.pop(plain, None)
        known.pop(wanted, None)
    return known.get(total)


def _variant(join):
    """A wrong network: `join(x, weights, block, stride)` in place of the residual block."""

    def network(x, **weights):
        x = plug_in.stem(x, weights)
        for block, stride in plug_in.STRIDES.items():
            x = join(x, weights, block, stride)
        return plug_in.head(x, weights)

    return network


def _sum(x, w, block, stride):
    return plug_in.shortcut_path(x, w, block, stride) + plug_in.main_path(x, w, block, stride)


def _linear_main(x, w, block, stride):
    return plug_in.conv_norm(plug_in.conv_norm(x, w, f"{block}a", stride), w, f"{block}b")


def _stride_in_second(x, w, block, stride):
    inner = oracle.relu(plug_in.conv_norm(x, w, f"{block}a"))
    return plug_in.attention(plug_in.conv_norm(inner, w, f"{block}b", stride), w, block)


def _after_first(x, w, block, stride):
    # Where the attention stands behind the first norm it has the same width.
    inner = plug_in.attention(plug_in.conv_norm(x, w, f"{block}a", stride), w, block)
    return plug_in.conv_norm(oracle.relu(inner), w, f"{block}b")


_SHORT = plug_in.shortcut_path


def _logits(x, **weights):
    x = plug_in.stem(x, weights)
    for block, stride in plug_in.STRIDES.items():
        x = oracle.relu(_SHORT(x, weights, block, stride) + plug_in.branch(x, weights, block, stride))
    return x.mean(axis=(1, 2)) @ weights["w_head"] + weights["b_head"]


def _other_head(pool):
    """The network with another pool before the head."""

    def network(x, **weights):
        x = plug_in.stem(x, weights)
        for block, stride in plug_in.STRIDES.items():
            x = oracle.relu(_SHORT(x, weights, block, stride) + plug_in.branch(x, weights, block, stride))
        return plug_in.head(pool(x)[:, None, None, :], weights)

    return network


def _stem_of_stride_one(x, **weights):
    x = oracle.relu(plug_in.conv_norm(x, weights, "stem"))
    for block, stride in plug_in.STRIDES.items():
        x = oracle.relu(_SHORT(x, weights, block, stride) + plug_in.branch(x, weights, block, stride))
    return plug_in.head(x, weights)


def _sigmoid_head(x, **weights):
    return oracle.sigmoid(_logits(x, **weights))


SMALL_RESNET = Exercise(
    id="small_resnet",
    oracle=plug_in.small_resnet,
    questions=_network_questions,
    properties=(
        is_network(("none", "cbam"), 0.5),
        holds_weights(
            "plain weights", ("none",), 1.0, "without attention, the weights of the card", _explain_network, "network"
        ),
        holds_weights(
            "attention's weights",
            ("se", "eca", "cbam"),
            1.25,
            "with attention, one block more in each residual block",
            _explain_network,
            "network",
        ),
        output_agrees("plain values", ("none",), 1.25, "without attention, computes what the card says", True),
        output_agrees("values", ("se", "eca", "cbam"), 1.75, "the attention stands where the card puts it", True),
        gives_probabilities(("none", "se"), 0.5),
        every_weight_is_reached(("se",), 0.75),
    ),
    mistakes=(
        Mistake(
            "The attention stands behind the addition: it belongs on the branch, before the shortcut is added.",
            _variant(lambda x, w, b, s: oracle.relu(plug_in.attention(_sum(x, w, b, s), w, b))),
        ),
        Mistake(
            "The attention stands behind the last ReLU of the block: it belongs on the branch.",
            _variant(lambda x, w, b, s: plug_in.attention(oracle.relu(_sum(x, w, b, s)), w, b)),
        ),
        Mistake(
            "The attention stands on the shortcut: it belongs on the branch.",
            _variant(
                lambda x, w, b, s: oracle.relu(
                    plug_in.attention(_SHORT(x, w, b, s), w, b) + plug_in.main_path(x, w, b, s)
                )
            ),
        ),
        Mistake(
            "The attention stands behind the first norm: it belongs behind the last one of the branch.",
            _variant(lambda x, w, b, s: oracle.relu(_SHORT(x, w, b, s) + _after_first(x, w, b, s))),
        ),
        Mistake(
            "A ReLU stands between the last norm and the attention.",
            _variant(
                lambda x, w, b, s: oracle.relu(
                    _SHORT(x, w, b, s) + plug_in.attention(oracle.relu(plug_in.main_path(x, w, b, s)), w, b)
                )
            ),
        ),
        Mistake(
            "The branch ends in a ReLU: the last ReLU of a block comes after the addition.",
            _variant(lambda x, w, b, s: _SHORT(x, w, b, s) + oracle.relu(plug_in.branch(x, w, b, s))),
        ),
        Mistake(
            "The ReLU after the addition is missing.",
            _variant(lambda x, w, b, s: _SHORT(x, w, b, s) + plug_in.branch(x, w, b, s)),
        ),
        Mistake(
            "The ReLU between the two convolutions of a branch is missing.",
            _variant(
                lambda x, w, b, s: oracle.relu(_SHORT(x, w, b, s) + plug_in.attention(_linear_main(x, w, b, s), w, b))
            ),
        ),
        Mistake(
            "The main path is added twice, once with attention and once without.",
            _variant(lambda x, w, b, s: oracle.relu(_sum(x, w, b, s) + plug_in.branch(x, w, b, s))),
        ),
        Mistake(
            "The second convolution of a branch takes the stride: the first one should.",
            _variant(lambda x, w, b, s: oracle.relu(_SHORT(x, w, b, s) + _stride_in_second(x, w, b, s))),
        ),
        Mistake("The stem keeps the size of the picture: the card gives it a stride of 2.", _stem_of_stride_one),
        Mistake(
            "The head takes the max over positions where the card says the mean.", _other_head(oracle.global_max_pool)
        ),
        Mistake("The head gives logits: a softmax turns them into probabilities.", _logits),
        Mistake("A sigmoid stands in the head where the classes share a softmax.", _sigmoid_head),
    ),
)


# --- mass_inside ---------------------------------------------------------------------------------------------------


def _boxes(rng, count: int, height: int, width: int) -> np.ndarray:
    """Boxes (count, 4) with unequal sides, none of them the whole map, none at the same place in both directions."""
    boxes = []
    while len(boxes) < count:
        top, bottom = sorted(rng.choice(height + 1, 2, replace=False))
        left, right = sorted(rng.choice(width + 1, 2, replace=False))
        # A box that is exchanged, or closed at its end, must still lie on the map and hold other positions.
        inside = bottom < height and right < width and max(right, bottom) < min(height, width)
        if inside and (top, bottom) != (left, right) and bottom - top >= 2 and right - left >= 2:
            boxes.append((top, left, bottom, right))
    return np.array(boxes)


_HAND_GATE = np.array([[[0.5, 0.1, 0.1], [0.9, 0.3, 0.1]], [[0.2, 0.2, 0.2], [0.2, 0.2, 0.2]]])
_HAND_BOXES = np.array([[0, 0, 2, 1], [0, 1, 1, 2]])


def _mass_questions(rng):
    def scene(batch, height, width, scale=1.0):
        gate = scale * gates(rng, batch, height, width) ** 3 * rng.uniform(0.3, 1.0, size=(batch, 1, 1))
        return Call((gate, _boxes(rng, batch, height, width)))

    random = scene(4, 9, 11)
    border = np.array([[0, 0, 3, 2], [5, 4, 8, 7], [0, 4, 8, 7], [2, 0, 4, 7]])
    return {
        "hand": Call((_HAND_GATE, _HAND_BOXES)),
        "random": random,
        "again": random,
        "square": scene(6, 6, 6),
        "one image": scene(1, 7, 9),
        "border": Call((gates(rng, 4, 8, 7) ** 3, border)),
        "other scale": scene(3, 8, 10, scale=40.0),
    }


def _mass(choose, divide=lambda gate: gate.sum(axis=(1, 2))):
    """A wrong share: the sum of `choose(one gate, top, left, bottom, right)`, divided by something."""

    def function(gate, boxes):
        parts = [np.sum(choose(one, *box)) for one, box in zip(gate, boxes.tolist(), strict=True)]
        return np.array(parts) / divide(gate)

    return function


def _inside(one, top, left, bottom, right):
    return one[top:bottom, left:right]


def _areas(boxes):
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


MASS_INSIDE = Exercise(
    id="mass_inside",
    oracle=plug_in.mass_inside,
    questions=_mass_questions,
    properties=(
        returns_array("random", 0.25),
        has_shape(("random", "one image"), 0.5, "gives one share for each image: (B,)"),
        agrees("hand case", ("hand",), 0.75, "a case small enough for paper"),
        agrees("random cases", ("random", "square", "one image"), 1.25, "random gates, each with a box of its own"),
        agrees("border", ("border",), 0.5, "boxes that touch the border of the map"),
        agrees("any scale", ("other scale",), 0.5, "a share does not depend on the scale of the gate"),
        leaves_arguments_alone(("random", "again"), 0.25),
    ),
    mistakes=(
        Mistake(
            "It gives the sum inside the box: divide it by the sum of the whole gate.", _mass(_inside, lambda g: 1)
        ),
        Mistake(
            "It gives the mean inside the box, not a share of the whole.",
            lambda gate, boxes: _mass(_inside, lambda g: 1)(gate, boxes) / _areas(boxes),
        ),
        Mistake(
            "It compares the mean inside the box with the mean of the gate: a share compares sums.",
            lambda gate, boxes: _mass(_inside, lambda g: g.mean(axis=(1, 2)))(gate, boxes) / _areas(boxes),
        ),
        Mistake(
            "It gives the share of the area, whatever the gate is.",
            lambda gate, boxes: _areas(boxes) / gate[0].size,
        ),
        Mistake("It divides by the sum of all images: each gate has a sum of its own.", _mass(_inside, np.sum)),
        Mistake("It gives the share outside the box.", lambda gate, boxes: 1 - plug_in.mass_inside(gate, boxes)),
        Mistake(
            "It compares the sum inside the box with the sum outside: a share has the whole below.",
            lambda gate, boxes: 1 / (1 / plug_in.mass_inside(gate, boxes) - 1),
        ),
        Mistake(
            "The last row and column are taken in: the boxes are half open.",
            _mass(lambda one, top, left, bottom, right: one[top : bottom + 1, left : right + 1]),
        ),
        Mistake(
            "The last row and column of the box are left out: half open means up to bottom and right.",
            _mass(lambda one, top, left, bottom, right: one[top : bottom - 1, left : right - 1]),
        ),
        Mistake(
            "Rows and columns are exchanged: a box is top, left, bottom, right.",
            _mass(lambda one, top, left, bottom, right: one[left:right, top:bottom]),
        ),
        Mistake(
            "The box is read as top, left, height and width: it holds top, left, bottom and right.",
            _mass(lambda one, top, left, bottom, right: one[top : top + bottom, left : left + right]),
        ),
        Mistake(
            "The box is read as top, bottom, left, right: the order is top, left, bottom, right.",
            _mass(lambda one, top, left, bottom, right: one[top:left, bottom:right]),
        ),
        Mistake(
            "Every gate is cut with the box of the first image.",
            lambda gate, boxes: plug_in.mass_inside(gate, np.broadcast_to(boxes[:1], boxes.shape)),
        ),
        Mistake(
            "The gates pass through a softmax first: the share is of the gate as it is.",
            lambda gate, boxes: plug_in.mass_inside(np.exp(gate), boxes),
        ),
    ),
)


# --- paired_difference ---------------------------------------------------------------------------------------------


def _runs(rng, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Two networks' accuracies over `count` seeds: what the seeds share is larger than what they do not."""
    seeds = 0.8 + 0.05 * rng.normal(size=count)
    return seeds + 0.02 + 0.02 * rng.normal(size=count), seeds + 0.02 * rng.normal(size=count)


_HAND_RUNS = (np.array([0.75, 0.5, 0.75, 1.0]), np.array([0.5, 0.25, 0.25, 0.5]))


def _paired_questions(rng):
    five = _runs(rng, 5)
    return {
        "hand": Call(_HAND_RUNS),
        "five": Call(five),
        "again": Call(five),
        "lists": Call(tuple(values.tolist() for values in _runs(rng, 6))),
        "three": Call(_runs(rng, 3)),
        "ten": Call(_runs(rng, 10)),
        "percent": Call(tuple(100 * values for values in _runs(rng, 5))),
    }


def _interval(middle, half):
    return (middle, middle - half, middle + half)


def _differences(a, b):
    return np.asarray(a, np.float64) - np.asarray(b, np.float64)


def _t(count: int) -> float:
    return plug_in.T_95[min(count, 11) - 2]


def _other_factor(factor):
    """The interval with another number of standard errors; `factor(n)` takes the number of runs."""

    def function(a, b):
        d = _differences(a, b)
        return _interval(d.mean(), factor(len(d)) * d.std(ddof=1) / np.sqrt(len(d)))

    return function


def _unpaired(a, b):
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    error = np.sqrt((a.var(ddof=1) + b.var(ddof=1)) / len(a))
    return _interval(a.mean() - b.mean(), _t(len(a)) * error)


def _spread(deviation, count=np.sqrt):
    def function(a, b):
        d = _differences(a, b)
        return _interval(d.mean(), _t(len(d)) * deviation(d) / count(len(d)))

    return function


_T_90 = (6.3138, 2.9200, 2.3534, 2.1318, 2.0150, 1.9432, 1.8946, 1.8595, 1.8331, 1.8125)
_PAIR = plug_in.paired_difference

PAIRED_DIFFERENCE = Exercise(
    id="paired_difference",
    oracle=plug_in.paired_difference,
    questions=_paired_questions,
    properties=(
        gives_three_floats("five", 0.5),
        means_agree(("hand", "five", "lists"), 1.0),
        intervals_agree(
            "hand case", ("hand",), 0.75, "a case small enough for paper", "The interval of a hand case is wrong."
        ),
        intervals_agree(
            "five seeds",
            ("five", "percent"),
            1.25,
            "the interval of five seeds, in shares or in percent",
            "The interval of five runs is wrong: check deviation, standard error and critical value one by one.",
        ),
        intervals_agree(
            "other numbers of seeds",
            ("three", "lists", "ten"),
            1.25,
            "three, six and ten seeds, arrays or lists",
            "The interval is wrong for another number of runs: which of its parts depend on how many there are?",
        ),
        leaves_runs_alone(("five", "again"), 0.25),
    ),
    mistakes=(
        Mistake("It gives b - a: the order is a - b.", lambda a, b: _PAIR(b, a)),
        Mistake("It takes absolute differences: the sign says which one is better.", lambda a, b: _absolute(a, b)),
        Mistake("The order is mean, low, high.", lambda a, b: (_PAIR(a, b)[1], _PAIR(a, b)[0], _PAIR(a, b)[2])),
        Mistake("The ends are exchanged: low comes before high.", lambda a, b: _at(_PAIR(a, b), 0, 2, 1)),
        Mistake(
            "The runs are not paired: take the differences first, then their deviation.",
            _unpaired,
        ),
        Mistake(
            "The critical value is that of the normal distribution: it is too small for so few runs.",
            _other_factor(lambda n: 1.96),
        ),
        Mistake(
            "The interval is one standard error to each side: the critical value is missing.",
            _other_factor(lambda n: 1),
        ),
        Mistake(
            "The critical value belongs to n degrees of freedom: there are n - 1.", _other_factor(lambda n: _t(n + 1))
        ),
        Mistake("The critical value is always that of five runs.", _other_factor(lambda n: _t(5))),
        Mistake(
            "The critical value leaves too much on each side: five percent are to be left on both sides together.",
            _other_factor(lambda n: _T_90[n - 2]),
        ),
        Mistake("The deviation divides by n: for a sample it divides by n - 1.", _spread(np.std)),
        Mistake("The deviation is not divided by the square root of n.", _spread(lambda d: d.std(ddof=1), lambda n: 1)),
        Mistake("It divides by n where the square root of n is due.", _spread(lambda d: d.std(ddof=1), lambda n: n)),
        Mistake("The variance stands where the standard deviation is due.", _spread(lambda d: d.var(ddof=1))),
        Mistake("It gives half the width, not the two ends.", lambda a, b: _half_width(a, b)),
    ),
)


def _absolute(a, b):
    middle, half = plug_in.mean_and_half_width(np.abs(_differences(a, b)))
    return _interval(middle, half)


def _half_width(a, b):
    middle, half = plug_in.mean_and_half_width(_differences(a, b))
    return (middle, -half, half)


def _at(values, *places):
    return tuple(values[place] for place in places)


EXERCISES = (ATTACH, SMALL_RESNET, MASS_INSIDE, PAIRED_DIFFERENCE)
