# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 06 · Plug in and judge
#
# {{badges}}
#
# You can now write SE, ECA and CBAM. This notebook asks the question that papers ask: does a block help? You will put
# each one into the same small network, train all of them on the same pictures, and decide what the numbers allow you
# to say.
#
# **You will be able to**
# - attach any block to any network by its name, with everything else held equal
# - build a small residual network whose weights you can account for, to the last one
# - measure how much of a gate lies on the object, against what chance would give
# - compute the interval of a paired difference, and check by simulation that it keeps its promise
# - judge an experiment of five seeds, and say what it cannot show
#
# **Before you start:** notebooks 01, 02 and 05 (the three blocks), means and standard deviations, a first Keras model.
#
# | exercise | points | minutes |
# |---|---|---|
# {{rows}}
# | reading, predictions and figures | | {{minutes:reading}} |
# | **total** | **{{points}}** | **{{minutes}}** |

# %%
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # fewer messages from TensorFlow
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import math
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

keras.utils.set_random_seed(6)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## 1 · Real digits on a crowded canvas
#
# To judge attention we must know where it should look. So we make pictures in which this is known.
#
# Each picture is a canvas of 20 x 20 pixels. One real handwritten digit of 8 x 8 pixels stands somewhere on it; its
# class is the label. Around it lie three **distractors**: pieces of 4 x 4 pixels cut from other digits. They are real
# strokes, and they say nothing about the label.
#
# - **Where** is known: the box of the digit, as (top, left, bottom, right), half open like a Python slice.
# - **What** is known: the input has three channels. Channel 0 is the picture. Channels 1 and 2 are noise: the pixels of
#   the same picture, shuffled. They have the same mean, the same maximum and the same histogram, and no digit.
#
# The digits come with scikit-learn: 1,797 of them, 8 x 8 pixels, 17 grey levels. 1,200 are used for training only, the
# other 597 for testing only, distractors included.

# %% tags=["demo"]
digits = load_digits()
GLYPHS = (digits.images / 16).astype("float32")             # (1797, 8, 8), from 0 to 1
TRAIN, TEST = np.arange(1200), np.arange(1200, 1797)        # no digit serves in both
SIDE, DISTRACTORS, CLASSES = 20, 3, 10


def paste(canvas, patches, corners):
    """Put patches (B, s, s) on canvas (B, H, W), top left corners (B, 2); the brighter pixel wins."""
    step = np.arange(patches.shape[1])
    rows, columns = corners[:, 0, None, None] + step[:, None], corners[:, 1, None, None] + step
    image = np.arange(len(canvas))[:, None, None]
    canvas[image, rows, columns] = np.maximum(canvas[image, rows, columns], patches)


# %% tags=["demo"]
def make_scenes(seed, count, pool):
    """Inputs (B, 20, 20, 3), labels (B,) and boxes (B, 4), from the digits whose numbers are in pool."""
    random = np.random.default_rng(seed)
    canvas, chosen = np.zeros((count, SIDE, SIDE), "float32"), random.choice(pool, count)
    home = random.integers(0, SIDE - 7, size=(count, 2))
    paste(canvas, GLYPHS[chosen], home)
    for _ in range(DISTRACTORS):
        corners = random.integers(0, SIDE - 3, size=(count, 2))
        while (touching := ((corners > home - 4) & (corners < home + 8)).all(axis=1)).any():
            corners[touching] = random.integers(0, SIDE - 3, size=(touching.sum(), 2))
        cuts = random.integers(0, 5, size=(count, 2))
        pieces = [GLYPHS[other][i:i + 4, j:j + 4] for other, (i, j) in zip(random.choice(pool, count), cuts, strict=True)]
        paste(canvas, np.array(pieces), corners)
    noise = [shuffled_pixels(canvas, random) for _ in range(2)]
    return np.stack([canvas, *noise], axis=-1), digits.target[chosen], np.concatenate([home, home + 8], axis=1)


def shuffled_pixels(pictures, random):
    """The same grey values in other places, picture by picture."""
    return random.permuted(pictures.reshape(len(pictures), -1), axis=1).reshape(pictures.shape)


scenes, labels, boxes = make_scenes(seed=900, count=1500, pool=TEST)
print("inputs", scenes.shape, " labels", labels[:8], " first box", boxes[0])

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Four scenes with the box of the digit, and the three channels of the first
def draw_box(axis, box, scale=1.0):
    """Outline a box on a drawn map; scale is map cells a pixel."""
    top, left, bottom, right = (scale * side - 0.5 for side in box)
    for color, width in (("k", 3.2), ("w", 1.4)):
        axis.add_patch(plt.Rectangle((left, top), right - left, bottom - top, fill=False, ec=color, lw=width))


figure, axes = plt.subplots(1, 6, figsize=(9.6, 2.1), layout="constrained")
for place in range(4):
    draw_map(axes[place], scenes[place, :, :, 0], f"label {labels[place]}", 0, 1)
    draw_box(axes[place], boxes[place])
for channel in (1, 2):
    draw_map(axes[3 + channel], scenes[0, :, :, channel], f"noise channel {channel}\nof the first", 0, 1)
show(figure, alt="Four dark canvases of 20 by 20 pixels, each with one white handwritten digit inside an outlined box of 8 by "
     "8 pixels and three small pieces of other digits outside it. On the right the two noise channels of the first "
     "picture: the same grey values scattered over the canvas, without any shape.")

# %% [markdown]
# **Predict first.** The box covers $8 \cdot 8 / (20 \cdot 20) = 0.16$ of the canvas. A network reads the mean over all
# positions at its end. Which of the three blocks could help it here: one that says *which channel*, or one that says
# *where*? Rank none, SE, ECA and CBAM by the accuracy that you expect, and write the gaps down in percentage points.

# %% [markdown]
# ## 2 · One name, one block
#
# A fair comparison changes one thing. The four networks must share everything but the block: widths, strides, norms,
# head, data, steps. So we write *one* network and let a name decide what stands at the marked place.
#
# Here are the blocks as you derived them, so that this notebook stands alone. They are written for use, not for
# grading. Each is a layer with a method `gate`, which gives the factors without multiplying: so we can look at them
# later.

# %% tags=["given"]
class Gate(keras.layers.Layer):
    """A layer that multiplies its input by gate(x); gate(x) alone gives the factors, broadcastable to x (B, H, W, C)."""

    factor = 1                                               # in front of the sigmoid; section 9 doubles it

    def call(self, x):
        return x * self.gate(x)

    def open_by(self, logits):
        return self.factor * keras.ops.sigmoid(logits)


class ChannelGate(Gate):
    """(B, 1, 1, C): each pooled vector through one MLP, C to C // ratio to C, the sum through a sigmoid."""

    def __init__(self, pools, ratio):
        super().__init__()
        self.pools, self.ratio = pools, ratio

    def build(self, shape):
        self.reduce = keras.layers.Dense(shape[-1] // self.ratio, activation="relu")
        self.last = keras.layers.Dense(shape[-1])
        self.reduce.build((None, 1, 1, shape[-1]))
        self.last.build((None, 1, 1, shape[-1] // self.ratio))

    def gate(self, x):
        return self.open_by(sum(self.last(self.reduce(pool(x, (1, 2), keepdims=True))) for pool in self.pools))


class NeighbourGate(Gate):
    """(B, 1, 1, C): one kernel over neighbouring channels of the pooled vector, its size from their number."""

    def __init__(self, gamma, b):
        super().__init__()
        self.gamma, self.b = gamma, b

    def build(self, shape):
        size = int(abs((math.log2(shape[-1]) + self.b) / self.gamma))
        self.last = keras.layers.Conv1D(1, size if size % 2 else size + 1, padding="same", use_bias=False)
        self.last.build((None, shape[-1], 1))

    def gate(self, x):
        logits = self.last(keras.ops.mean(x, (1, 2))[..., None])
        return self.open_by(keras.ops.transpose(logits, (0, 2, 1))[:, None])


class PlaceGate(Gate):
    """(B, H, W, 1): mean and max over the channels through one convolution, then a sigmoid."""

    def __init__(self, kernel_size):
        super().__init__()
        self.kernel_size = kernel_size

    def build(self, shape):
        self.last = keras.layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False)
        self.last.build((*shape[:-1], 2))

    def gate(self, x):
        pooled = [pool(x, -1, keepdims=True) for pool in (keras.ops.mean, keras.ops.max)]
        return self.open_by(self.last(keras.ops.concatenate(pooled, -1)))


# %% tags=["given"]
def se_block(x, ratio=16):
    """Squeeze-and-excitation: a channel gate from the mean over positions."""
    return ChannelGate([keras.ops.mean], ratio)(x)


def eca_block(x, gamma=2, b=1):
    """Efficient channel attention: a channel gate from neighbouring channels."""
    return NeighbourGate(gamma, b)(x)


def cbam_block(x, ratio=16, kernel_size=7):
    """CBAM: a channel gate from mean and max through one MLP, then a gate for each place."""
    return PlaceGate(kernel_size)(ChannelGate([keras.ops.mean, keras.ops.max], ratio)(x))


# %% [markdown]
# Our maps have 16 and 32 channels. With the usual ratio of 16 a bottleneck would be one or two units wide, so SE and
# CBAM get **ratio 4** here.
#
# **By hand.** With 16 channels the four choices hold
#
# | name | weights | |
# |---|---|---|
# | none | 0 | the map passes unchanged |
# | se | $16\cdot4 + 4 + 4\cdot16 + 16 = 148$ | two dense layers, $m = 4$ |
# | eca | 3 | $\lfloor(\log_2 16 + 1)/2\rfloor = 2$, even, so $k = 3$ |
# | cbam | $148 + 7\cdot7\cdot2 = 246$ | the MLP once, and the 7 x 7 kernel |
#
# Set all weights to zero and every gate is $\sigma(0) = 1/2$. SE and ECA then give $x/2$. CBAM has two gates, one after
# the other, and gives $x/4$. This is a quick test of any attention block.
#
# What about a name that does not exist? A function that quietly returns `x` for `"sE"` would let you train for a day
# and compare a network with itself. An unknown name must be an error that says which name it was.

# %% [markdown]
# ### Exercise · `attach`
# **{{worth:attach}} · easy**
#
# In: `name`, one of `"none"`, `"se"`, `"eca"`, `"cbam"`, and a KerasTensor `x` (B, H, W, C). Out: a KerasTensor of the
# same shape: `x` itself for `"none"`, else the result of the named block on `x`, with ratio 4 for SE and CBAM. Any other
# name raises a `ValueError` whose message holds that name. You may call the blocks above. Each call makes layers of its
# own.

# %% answer="attach" minutes=10
def attach(name, x):
    """Put the block with this name ("none", "se", "eca" or "cbam") behind the KerasTensor x (B, H, W, C)."""
    # the map itself for "none"
    # one of the three blocks, with ratio 4 where it has a ratio
    # any other name: a ValueError that says the name
    ### BEGIN SOLUTION
    if name == "none":
        return x
    if name == "se":
        return se_block(x, ratio=4)
    if name == "eca":
        return eca_block(x)
    if name == "cbam":
        return cbam_block(x, ratio=4)
    raise ValueError(f"attach knows none, se, eca and cbam, not {name!r}")
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Choose, then call, then return. What the block gives is already the gated
# map: nothing is added or multiplied afterwards.</details>
# <details><summary>Hint: nearly code</summary>Four times <code>if name == ...</code>, or a dictionary from names to
# functions. A dictionary must hold functions that are called after the choice, not results. <code>raise
# ValueError(f"... {name} ...")</code> makes the error.</details>
# <details><summary>"KeyError: 'senet'"</summary>A dictionary refuses an unknown name with a KeyError of its own. Ask
# <code>if name not in ...</code> first.</details>
# <details><summary>"Received an invalid value for `units`, expected a positive integer. Received: units=0"</summary>The
# ratio stayed at 16 and the map has fewer channels than that: pass the ratio of the card on.</details>

# %%
def halves(name, x):
    """Run attach(name, .) on an array with every weight set to zero."""
    inputs = keras.Input(x.shape[1:])
    model = keras.Model(inputs, attach(name, keras.layers.Identity()(inputs)))  # "none" gives back what it got
    for variable in model.weights:
        variable.assign(0 * variable)
    return keras.ops.convert_to_numpy(model(x))


ramp = np.arange(2 * 4 * 6 * 16, dtype="float32").reshape(2, 4, 6, 16) / 100 - 3      # (2, 4, 6, 16), both signs

# %% tags=["demo"]
with waits_for(attach):
    compare(lambda x: halves("cbam", x), target=ramp / 4, inputs=(ramp,), title="CBAM with all weights zero: a quarter of x",
            alt="Four channels of your attached CBAM with zero weights, above a quarter of the input and their "
            "difference, black when you are right.")

# %% check="attach"
check_type(attach("cbam", keras.Input((None, None, 16))), "KerasTensor")
for name, weights, share in [("none", 0, 1), ("se", 148, 1 / 2), ("eca", 3, 1 / 2), ("cbam", 246, 1 / 4)]:
    inputs = keras.Input((4, 6, 16))
    outputs = attach(name, keras.layers.Identity()(inputs))
    check_shape(outputs, (None, 4, 6, 16), rule=f"{name}: attaching a block does not change the shape")
    check_equal(keras.Model(inputs, outputs).count_params(), weights, rule=f"{name}: see the table; the ratio is 4")
    check_close(halves(name, ramp), ramp * share, rule=f"{name}: the block's result alone, nothing added to it")
try:
    attach("senet", keras.Input((4, 6, 16)))
except ValueError as error:
    check_equal("senet" in str(error), True, rule="the message has to hold the name that was refused")
else:
    fail("a ValueError for the name senet", "no error", "end with a raise for all other names")
inputs = keras.Input((4, 6, 16))
twice = keras.Model(inputs, attach("se", attach("se", inputs)))
check_equal(twice.count_params(), 296, rule="each call makes layers of its own: 2 x 148")
passed("attach")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The default ratio of 16 (SE with 16 channels has 33 weights then); a dictionary of *results*,
# `{"se": se_block(x), ...}[name]`, which builds all blocks, costs nothing in the model (unused layers do not belong to
# it) and raises for maps that one of them cannot take; `else: return x` at the end, so that a misspelt name trains the
# plain network; a block made once outside the function, so that all places share its weights; `x + block(x)`.

# %% [markdown]
# ## 3 · The same network four times
#
# A residual block adds a branch $F$ to a shortcut $s$. The attention $A$ stands at the end of the branch:
#
# $$ y = \mathrm{relu}\big( s(x) + A(F(x)) \big) $$
#
# $F$ is convolution, norm, ReLU, convolution, norm. $s$ is the input itself, or a 1 x 1 convolution with its norm where
# the shape changes.
#
# **Predict first.** All gates of a block go to zero. What does the block compute at this place, and what would it
# compute if $A$ stood after the addition?
#
# On the branch, a shut gate leaves $\mathrm{relu}(s(x))$: the network merely skips the block. After the addition it
# would give zero, and everything computed before would be lost. That is why the gate belongs on the branch.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The network, and the two places where a block is attached
figure, axis = plt.subplots(figsize=(9.6, 3.1), layout="constrained")
for left, width, text, shade in [
        (0.0, 1.35, "input\n20 x 20 x 3", "w"), (1.9, 1.5, "stem: 3x3 / 2\nnorm, ReLU\n10 x 10 x 16", "0.93"),
        (4.35, 2.0, "F: 3x3, norm,\nReLU,\n3x3, norm", "0.93"), (6.6, 0.75, "A", "0.7"),
        (9.35, 2.0, "F: 3x3 / 2, norm,\nReLU,\n3x3, norm", "0.93"), (11.6, 0.75, "A", "0.7"),
        (14.1, 1.75, "mean over\nH and W, dense,\nsoftmax", "0.93")]:
    axis.add_patch(plt.Rectangle((left, 0.55), width, 0.95, fc=shade, ec="k"))
    axis.text(left + width / 2, 1.02, text, ha="center", va="center", fontsize=9, fontweight="bold" if text == "A" else None)
for left, top, text in [(7.85, 2.25, "the input itself"), (12.85, 2.25, "1x1 / 2, norm")]:
    axis.add_patch(plt.Circle((left, 1.02), 0.17, fc="w", ec="k"))
    axis.text(left, 1.0, "+", ha="center", va="center", fontsize=12)
    start = left - 3.75
    axis.plot([start, start, left], [1.02, top, top], "k", lw=1)
    axis.annotate("", (left, 1.2), (left, top), arrowprops={"arrowstyle": "-|>", "color": "k"})
    axis.text((start + left) / 2, top + 0.08, f"shortcut: {text}", ha="center", va="bottom", fontsize=9)
for start, end in [(1.35, 1.9), (3.4, 4.35), (6.35, 6.6), (7.35, 7.68), (8.02, 9.35), (11.35, 11.6), (12.35, 12.68),
                   (13.02, 14.1)]:
    axis.annotate("", (end, 1.02), (start, 1.02), arrowprops={"arrowstyle": "-|>", "color": "k"})
for middle, text in [(8.5, "ReLU"), (13.5, "ReLU"), (5.9, "block 1: 10 x 10 x 16"), (10.9, "block 2: 5 x 5 x 32")]:
    axis.text(middle, 0.82 if text == "ReLU" else 0.3, text, ha="center", va="top", fontsize=9)
axis.set(xlim=(-0.1, 15.95), ylim=(0, 2.6))
axis.axis("off")
show(figure, alt="Diagram of the network. The input of 20 by 20 by 3 goes through a stem with stride 2 to 10 by 10 by 16. Two "
     "residual blocks follow, the second with stride 2 to 5 by 5 by 32. In each block the branch F ends in the attention "
     "A, then the shortcut is added and a ReLU follows. The head averages over positions and ends in a softmax.")

# %% [markdown]
# **Count it by hand**, with a 20 x 20 x 3 input, ten classes and no attention. A norm has four vectors: scale, shift,
# and the mean and variance that it keeps.
#
# | part | convolutions | norms | sum |
# |---|---|---|---|
# | stem | $9\cdot3\cdot16 = 432$ | $4\cdot16$ | 496 |
# | block 1 | $2\cdot9\cdot16\cdot16 = 4{,}608$ | $2\cdot4\cdot16$ | 4,736 |
# | block 2, branch | $9\cdot16\cdot32 + 9\cdot32\cdot32 = 13{,}824$ | $2\cdot4\cdot32$ | 14,080 |
# | block 2, shortcut | $16\cdot32 = 512$ | $4\cdot32$ | 640 |
# | head | $32\cdot10 + 10$ | | 330 |
# | **all** | | | **20,282** |
#
# With 16 and 32 channels SE adds $148 + 552 = 700$, ECA $3 + 3 = 6$, CBAM $246 + 650 = 896$.
#
# The convolutions have no bias: the norm behind each one subtracts the mean, and a bias with it. This function makes
# the pair.

# %% tags=["given"]
def conv_norm(x, filters, size, stride=1):
    """A convolution without bias, 'same' padding, and its norm: (B, H, W, C) to (B, H / stride, W / stride, filters)."""
    x = keras.layers.Conv2D(filters, size, strides=stride, padding="same", use_bias=False)(x)
    return keras.layers.BatchNormalization(momentum=0.9)(x)


# %% [markdown]
# The momentum of 0.9 lets the stored means follow within some ten steps. The default of 0.99 would still be on its way
# when our short training ends.

# %% [markdown]
# ### Exercise · `small_resnet`
# **{{worth:small_resnet}} · medium**
#
# In: `attention` (a name for `attach`), `input_shape` such as `(20, 20, 3)`, and the number of `classes`. Out: a
# `keras.Model` from (B, H, W, D) to (B, classes). **Stem**: `conv_norm` with 16 filters, 3 x 3, stride 2, then a ReLU.
# **Two residual blocks**, 16 filters with stride 1 and 32 filters with stride 2: the branch is a 3 x 3 `conv_norm` with
# the stride, ReLU, a 3 x 3 `conv_norm`, then `attach`; the shortcut is the input itself in the first block, and a 1 x 1
# `conv_norm` with the stride in the second; a ReLU follows the addition. **Head**: mean over positions, one dense layer
# with bias, softmax. Any style is right, with or without `conv_norm`.

# %% answer="small_resnet" minutes=20
def small_resnet(attention, input_shape, classes):
    """The network of the card as a keras.Model: (B, *input_shape) to probabilities (B, classes)."""
    # the stem: conv_norm with stride 2, ReLU
    # for each of the two blocks: the branch with its attention, the shortcut, their sum, ReLU
    # the head: mean over positions, dense, softmax
    ### BEGIN SOLUTION
    inputs = keras.Input(input_shape)
    x = keras.layers.ReLU()(conv_norm(inputs, 16, 3, stride=2))
    for filters, stride in ((16, 1), (32, 2)):
        branch = keras.layers.ReLU()(conv_norm(x, filters, 3, stride))
        branch = attach(attention, conv_norm(branch, filters, 3))
        shortcut = x if stride == 1 else conv_norm(x, filters, 1, stride)
        x = keras.layers.ReLU()(keras.layers.Add()([shortcut, branch]))
    pooled = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(classes, activation="softmax")(pooled)
    return keras.Model(inputs, outputs)
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Follow the figure from left to right with one variable for the map. At each
# block two paths start from it and meet in the addition.</details>
# <details><summary>Hint: the shapes</summary>(20, 20, 3), stem (10, 10, 16), block 1 (10, 10, 16), block 2 (5, 5, 32),
# mean (32,), output (classes,). In block 2 both paths must reach (5, 5, 32).</details>
# <details><summary>Hint: nearly code</summary>A loop over the pairs (filters, stride) writes both blocks. Inside:
# <code>branch = ...</code> from <code>x</code>, <code>shortcut = ...</code> from the same <code>x</code>, then a new
# <code>x</code>. Where in the branch does <code>attach</code> go?</details>
# <details><summary>"Inputs have incompatible shapes. Received shapes (10, 10, 16) and (5, 5, 32)"</summary>In block 2 the
# shortcut is still the input itself. It needs its own 1 x 1 <code>conv_norm</code> with the stride.</details>

# %%
def fill_weights(model):
    """Give every weight values that depend on its shape and role alone, the same on every machine."""
    for variable in model.weights:
        shape = [side for side in variable.shape if side > 1]
        values = np.sin(1.7 * np.arange(1, 1 + np.prod(shape)) ** 1.3)
        if variable.name in ("gamma", "moving_variance"):
            values = 1 + values / 2
        elif len(variable.shape) > 1:
            values = values * np.sqrt(4 / np.prod(variable.shape[:-1]))
        variable.assign(values.reshape(variable.shape))


test_scenes = np.cos(np.arange(2 * 12 * 10 * 3) ** 1.2).reshape(2, 12, 10, 3)         # two small inputs, nothing square
stored_outputs = {
    "none": [[0.2930818, 0.0460212, 0.5753981, 0.0854989], [0.1967500, 0.0617197, 0.6198922, 0.1216381]],
    "cbam": [[0.3406856, 0.0636567, 0.4994833, 0.0961744], [0.2482365, 0.1033482, 0.5363112, 0.1121041]],
}

# %% tags=["demo"]
def filled_output(attention):
    """The output of small_resnet with filled weights on the two small inputs: (2, 4)."""
    model = small_resnet(attention, (12, 10, 3), 4)
    fill_weights(model)
    return keras.ops.convert_to_numpy(model(test_scenes))


with waits_for(attach, small_resnet):
    compare(filled_output, target=stored_outputs["cbam"], inputs=("cbam",), title="Probabilities of the first input, with CBAM",
            alt="Bars of your network's four probabilities beside stored ones; a right answer shows pairs of equal height.")

# %% check="small_resnet"
for name, weights in [("none", 20_282), ("se", 20_982), ("eca", 20_288), ("cbam", 21_178)]:
    model = small_resnet(name, (20, 20, 3), 10)
    check_type(model, "Model", rule="return a keras.Model")
    check_shape(model.output, (None, 10), rule="one probability for each class")
    check_equal(model.count_params(), weights, rule=f"{name}: compare model.summary() with the table above")
    check_equal(sum(math.prod(one.shape) for one in model.non_trainable_weights), 288, rule="trained is all but the stored means and variances")
for name, expected in stored_outputs.items():
    model = small_resnet(name, (12, 10, 3), 4)
    fill_weights(model)
    got = keras.ops.convert_to_numpy(model(test_scenes))
    check_close(got.sum(axis=1), [1, 1], rule="a softmax makes each row sum to one")
    check_close(got, expected, rule=f"{name}: right weights, other result: strides, ReLUs, the place of attach?", tolerance=1e-4)
passed("small_resnet")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The attention after the addition, after the last ReLU or on the shortcut: the weights agree and
# the values do not, which is why the check fills the weights. The shortcut taken from the branch. A ReLU before the
# addition. A convolution on the first shortcut as well (320 weights too many). Biases in the convolutions (144 more).
# The stride in the second convolution of the branch. Logits where the card says probabilities.
#
# The stored outputs come from a separate NumPy version of the network.

# %% [markdown]
# ## 4 · Where does it look? A share, against chance
#
# A picture of a gate is easy to admire. A number is better: the share of the gate's sum that lies inside the digit's
# box. Take one gate $g$ of shape $(H, W)$ and a box with rows from top $t$ up to but without bottom $u$, and columns
# from left $l$ up to but without right $r$:
#
# $$ \mathrm{mass} = \frac{\sum_{h=t}^{u-1} \sum_{w=l}^{r-1} g_{hw}}{\sum_{h=1}^{H} \sum_{w=1}^{W} g_{hw}} $$
#
# in which rows and columns are counted as Python counts them. It lies between 0 and 1, and doubling the gate does not
# change it.
#
# **Predict first.** A gate is the same at all positions. What is its mass inside the box?
#
# Call the constant $c$. The sum inside is $c$ times the area of the box, the sum of all is $c H W$. So the mass is the
# **share of the area**, here $64/400 = 0.16$. This is the chance level: what looking nowhere in particular gives. SE and
# ECA have one gate for all positions of a channel, so for their gates the mass is 0.16 *whatever they learn*. The
# spatial gate of CBAM can do better, or worse.
#
# **By hand.** The gate below, and a box with top 0, left 1, bottom 2, right 3:
#
# $$ g = \begin{pmatrix} 0.1 & 0.6 & 0.7 & 0.1 \\ 0.2 & 0.8 & 0.3 & 0.2 \\ 0.4 & 0.2 & 0.3 & 0.1 \end{pmatrix} $$
#
# The box holds $0.6 + 0.7 + 0.8 + 0.3 = 2.4$ of $4.0$: a mass of 0.6, on a third of the area.

# %%
hand_gate = np.array([[[0.1, 0.6, 0.7, 0.1], [0.2, 0.8, 0.3, 0.2], [0.4, 0.2, 0.3, 0.1]]])      # (1, 3, 4)
hand_boxes = np.array([[0, 1, 2, 3]])                                                           # (1, 4)

# %% [markdown]
# ### Exercise · `mass_inside`
# **{{worth:mass_inside}} · easy**
#
# In: `gate` (B, H, W), positive numbers, and `boxes` (B, 4), integers top, left, bottom, right, half open. Out: shape
# (B,), the share of each gate's sum that lies inside its own box. NumPy only; a loop over the images is fine.

# %% answer="mass_inside" minutes=8
def mass_inside(gate, boxes):
    """The share of each gate (B, H, W) inside its box (B, 4): top, left, bottom, right, half open. Returns (B,)."""
    # the sum inside its box, image by image
    # divide by the sum of each gate
    ### BEGIN SOLUTION
    inside = [g[top:bottom, left:right].sum() for g, (top, left, bottom, right) in zip(gate, boxes, strict=True)]
    return np.array(inside) / gate.sum(axis=(1, 2))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Two sums an image: inside, and everywhere. Their ratio is the answer.</details>
# <details><summary>Hint: the shapes</summary>One gate is (H, W), one box (4,). A slice of rows and a slice of columns cut
# the box out. Python slices are half open, as the boxes are.</details>
# <details><summary>Hint: nearly code</summary><code>for one, box in zip(gate, boxes)</code>, then <code>top, left, bottom,
# right = box</code>. Which two of the four belong to the rows?</details>
# <details><summary>"operands could not be broadcast together with shapes (4,) (4,9,11)"</summary>You divide by the whole
# gate and not by its sum; sum over both axes of place.</details>

# %% tags=["demo"]
some_gates, slow_shares = 0.5 + 0.4 * np.sin(np.arange(4 * 20 * 20) / 7).reshape(4, 20, 20), np.zeros(4)
for image, row, column in np.ndindex(4, 20, 20):               # the slow way: every position asks whether it is inside
    top, left, bottom, right = boxes[image]
    if top <= row < bottom and left <= column < right:
        slow_shares[image] += some_gates[image, row, column] / some_gates[image].sum()

compare(lambda gate: mass_inside(gate, boxes[:4])[None], target=slow_shares[None], inputs=(some_gates,),
        title="Share inside the box, four wavy gates", names=["first", "second", "third", "fourth"],
        alt="Bars of the share inside the box for four gates, yours beside those of a slow loop.")

# %% check="mass_inside"
got = mass_inside(hand_gate, hand_boxes)
check_type(got, np.ndarray)
check_shape(got, (1,), rule="one share for each image")
check_close(got, [0.6], rule="worked by hand: 2.4 of 4.0; half open means that row 2 and column 3 are outside")
flat = np.full((3, 5, 8), 0.3)
corners = np.array([[0, 0, 5, 8], [1, 2, 3, 7], [4, 0, 5, 4]])
check_close(mass_inside(flat, corners), [1, 0.25, 0.1], rule="a constant gate has the share of the area: rows, then columns")
ramps = np.stack([np.arange(1.0, 13).reshape(3, 4), np.arange(12.0, 0, -1).reshape(3, 4)])
two_boxes = np.array([[0, 1, 2, 3], [1, 0, 3, 2]])
check_close(mass_inside(ramps, two_boxes), [18 / 78, 22 / 78], rule="each gate with its own box and its own sum")
check_close(mass_inside(7 * ramps, two_boxes), [18 / 78, 22 / 78], rule="a share does not depend on the scale")
given = ramps.copy()
mass_inside(given, two_boxes)
check_unchanged(ramps, given)
passed("mass_inside")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** `bottom + 1`, because a box is thought of as closed; `gate[left:right, top:bottom]`, which goes
# unseen on square boxes at the diagonal; the mean inside the box; dividing by `gate.sum()` of the whole batch, right for
# one image and wrong for two; the box of the first image for all of them.

# %% [markdown]
# **The same in Keras.** A mask that is one inside the box makes the cut a product, without a loop. This form also runs
# inside a network.

# %% tags=["demo"]
def mass_with_a_mask(gate, boxes):
    """The same share with keras.ops: rows and columns are compared with the box's sides."""
    rows, columns = keras.ops.arange(gate.shape[1])[None, :, None], keras.ops.arange(gate.shape[2])[None, None, :]
    top, left, bottom, right = (boxes[:, side, None, None] for side in range(4))
    mask = keras.ops.cast((rows >= top) & (rows < bottom) & (columns >= left) & (columns < right), gate.dtype)
    return keras.ops.einsum("bhw,bhw->b", gate, mask) / keras.ops.sum(gate, axis=(1, 2))


with waits_for(mass_inside):
    difference = np.abs(mass_with_a_mask(some_gates, boxes[:4]) - mass_inside(some_gates, boxes[:4])).max()
    print(f"greatest difference between the mask and yours: {difference:.1e}")

# %% [markdown]
# ## 5 · How sure is a difference?
#
# Train the same network twice with two seeds and you get two accuracies. The seed decides the first weights and the
# pictures. So one run of each network says little: the gap between two networks has to be compared with the gap between
# two seeds.
#
# ### 5.1 Pairing
#
# Let $a_i$ and $b_i$ be the accuracies of two networks with seed $i$. Both saw the same pictures in the same order and
# were tested on the same pictures. A hard test set lowers both. Write
#
# $$ a_i = \alpha + s_i + e_i \qquad\qquad b_i = \beta + s_i + f_i $$
#
# with a part $s_i$ that belongs to the seed, and parts $e_i$, $f_i$ of each network's own. We want $\alpha - \beta$. The
# difference within a seed is
#
# $$ d_i = a_i - b_i = (\alpha - \beta) + e_i - f_i $$
#
# and $s_i$ is gone. Without pairing, the mean of the $a_i$ and the mean of the $b_i$ are taken as strangers, and the
# variance of the seed counts twice:
#
# $$ \operatorname{var}(d_i) = \sigma_e^2 + \sigma_f^2 \qquad\text{against}\qquad
# \operatorname{var}(a_i) + \operatorname{var}(b_j) = \sigma_e^2 + \sigma_f^2 + 2\sigma_s^2 $$
#
# **Predict first.** The seed's part has a standard deviation of 3 points, each network's own part 1 point. By which
# factor does pairing narrow the interval?

# %% tags=["demo"]
random = np.random.default_rng(5)
seed_part = 3 * random.normal(size=(20000, 5, 1))                         # 20,000 experiments with five seeds each
runs = seed_part + random.normal(size=(20000, 5, 2)) + [2.0, 0.0]         # the first network is better by 2 points
paired_errors = (runs[:, :, 0] - runs[:, :, 1]).std(axis=1, ddof=1) / np.sqrt(5)
strange_errors = np.sqrt(runs.var(axis=1, ddof=1).sum(axis=1) / 5)
print(f"standard error of the mean difference: paired {paired_errors.mean():.2f}, not paired {strange_errors.mean():.2f}")
print(f"derived ratio of the deviations: {np.sqrt((1 + 1 + 2 * 9) / (1 + 1)):.2f}")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title One experiment with five seeds, seen twice
one = runs[2] + 80
figure, axes = plt.subplots(1, 2, figsize=(9, 2.9), layout="constrained", width_ratios=[1.2, 1])
for pair in one:
    axes[0].plot([0, 1], pair[::-1], "-", color="0.6", lw=1)
for place, values, marker in [(0, one[:, 1], "o"), (1, one[:, 0], "s")]:
    axes[0].plot(np.full(5, place), values, marker, mfc="w", mec="k", ms=7)
axes[0].set(title="five seeds: each line joins the two runs of a seed", xlim=(-0.4, 1.4), ylabel="accuracy, %")
axes[0].set_xticks([0, 1], ["network b", "network a"])
rows = [(one[:, 0] - one[:, 1], "paired"), (None, "not paired")]
for height, (values, _) in enumerate(rows):
    middle = (one[:, 0] - one[:, 1]).mean()
    error = values.std(ddof=1) / np.sqrt(5) if values is not None else np.sqrt(one.var(axis=0, ddof=1).sum() / 5)
    axes[1].errorbar(middle, height, xerr=2.776 * error, fmt="ks", ms=6, capsize=5)
    axes[1].text(middle, height - 0.18, f"{middle:.1f} +- {2.776 * error:.1f}", ha="center", va="bottom",
                 fontsize=9, bbox={"fc": "w", "ec": "none", "pad": 1})
axes[1].axvline(0, color="0.4", lw=1)
axes[1].axvline(2, color="0.4", ls="--", lw=1)
axes[1].text(2.1, 1.45, "true: 2", fontsize=9)
axes[1].set(title="the same five differences", ylim=(1.7, -0.6), xlabel="a - b, percentage points", yticks=[0, 1])
axes[1].set_yticklabels(["paired", "not paired"])
show(figure, alt="Left: the accuracies of two simulated networks with five seeds, from 75 to 87 percent; lines join the two runs of a "
     "seed, and most of them are nearly level. Right: the mean difference is 0.7 points either way. Its interval is plus or "
     "minus 3.2 points when the runs are paired and 6.8 when they are not. Both contain the true 2 and zero: pairing "
     "narrows the interval, it does not make five seeds many.")

# %% [markdown]
# The same ten numbers, two intervals. Nothing was measured more often: the plan of the experiment, same seeds for both,
# did the work. Pairing can also fail to help. If the seed's part is small, $d_i$ has the same variance either way.
#
# ### 5.2 From a mean to an interval
#
# Take $n$ differences $d_1, \dots, d_n$ with mean $\bar d$ and
#
# $$ s^2 = \frac{1}{n-1} \sum_{i=1}^{n} (d_i - \bar d)^2 $$
#
# (divided by $n - 1$, because the mean was fitted to the same numbers). The mean of $n$ independent numbers has a
# standard deviation of $\sigma/\sqrt n$, so we look at
#
# $$ t = \frac{\bar d - \delta}{s / \sqrt n} $$
#
# with $\delta$ the true difference. If $\sigma$ stood in place of $s$, $t$ would be a standard normal number for normal
# $d_i$, and 95 % of them would lie between $-1.96$ and $1.96$. But $s$ is itself estimated from few numbers. When it
# happens to be small, $t$ becomes large, so the tails are heavier. The distribution is Student's, with $n - 1$
# **degrees of freedom**.
#
# For $n = 3$ it can be solved on paper. With 2 degrees of freedom the share between $-t$ and $t$ is $t/\sqrt{2 + t^2}$.
# Setting it to 0.95 gives $t^2 = 2 \cdot 0.95^2 / (1 - 0.95^2) = 18.51$ and $t = 4.303$, more than twice 1.96. In
# general the critical value $t_{n-1}$ comes from a table; here it is. Turning $|t| \le t_{n-1}$ around gives the
# interval for $\delta$:
#
# $$ \bar d - t_{n-1} \frac{s}{\sqrt n} \;\le\; \delta \;\le\; \bar d + t_{n-1} \frac{s}{\sqrt n} $$

# %% tags=["given"]
# 95 % of Student's t with this many degrees of freedom lie between minus and plus this number
T_95 = {1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706,
        6: 2.4469, 7: 2.3646, 8: 2.3060, 9: 2.2622, 10: 2.2281}

# %% [markdown]
# **By hand.** Three seeds, $a = (82, 85, 83)$ and $b = (81, 83, 80)$ percent. The differences are 1, 2, 3: mean 2,
# $s = 1$, standard error $1/\sqrt3 = 0.577$, half width $4.3027 \cdot 0.577 = 2.484$. The interval goes from $-0.484$ to
# $4.484$. Network a won with every seed, and the interval still contains zero.

# %% [markdown]
# ### Exercise · `paired_difference`
# **{{worth:paired_difference}} · medium**
#
# In: `a` and `b`, two arrays or lists of $n$ results each, $n$ from 2 to 11; entry $i$ of both belongs to seed $i$. Out:
# a tuple `(mean, low, high)` of three Python floats: the mean of $a - b$ and the two ends of its 95 % Student-t
# interval. NumPy and the table `T_95`.

# %% answer="paired_difference" minutes=12
def paired_difference(a, b):
    """(mean, low, high) of a - b, seed by seed: the 95 % Student-t interval as Python floats."""
    # the differences, one for each seed
    # their standard error, from the deviation that divides by n - 1
    # the critical value for n - 1 degrees of freedom, then both ends
    ### BEGIN SOLUTION
    differences = np.asarray(a, dtype=float) - np.asarray(b, dtype=float)
    count = len(differences)
    half = T_95[count - 1] * differences.std(ddof=1) / np.sqrt(count)
    return float(differences.mean()), float(differences.mean() - half), float(differences.mean() + half)
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Once the differences are taken, <code>a</code> and <code>b</code> are not
# needed any more. What is left is the interval of one mean.</details>
# <details><summary>Hint: nearly code</summary><code>np.std</code> divides by n unless you give it <code>ddof</code>. The
# key for <code>T_95</code> is the number of degrees of freedom. <code>float(...)</code> turns a NumPy number into a
# Python one.</details>
# <details><summary>"unsupported operand type(s) for -: 'list' and 'list'"</summary>Lists do not subtract: make arrays of
# both first.</details>
# <details><summary>"KeyError: 11"</summary>You looked up n in the table: eleven runs have ten degrees of
# freedom.</details>

# %% tags=["demo"]
hand_a, hand_b = np.array([82.0, 85, 83]), np.array([81.0, 83, 80])
compare(lambda a, b: np.array([paired_difference(a, b)]), target=[[2, -0.484, 4.484]], inputs=(hand_a, hand_b),
        title="The case worked by hand", names=["mean", "low", "high"],
        alt="Bars of mean, low and high of the hand case, yours beside 2, -0.484 and 4.484.")

# %% check="paired_difference"
got = paired_difference(np.array([82.0, 85, 83]), np.array([81.0, 83, 80]))
check_type(got, tuple)
check_equal(len(got), 3, rule="mean, low, high")
for number in got:
    check_type(number, float, rule="Python's own float: a NumPy number is turned into one by float(...)")
check_close(got, [2, -0.48414, 4.48414], rule="worked by hand; t is 4.3027 for n = 3", tolerance=1e-3)
check_close(paired_difference([5.0, 3, 6, 4, 7], [4.0, 1, 3, 3, 4]), [2, 0.75834, 3.24166],
            rule="differences 1, 2, 3, 1, 3: s = 1 and t = 2.7764, divided by the square root of 5", tolerance=1e-3)
check_close(paired_difference([1.0, 2, 3, 4], [3.0, 4, 5, 6]), [-2, -2, -2], rule="equal differences: no width, and a sign")
noisy = [50.0, 70, 60, 90, 80]
check_close(paired_difference(noisy, np.subtract(noisy, [1, 2, 3, 1, 3])), [2, 0.75834, 3.24166],
            rule="what both runs of a seed share must drop out: take the differences first", tolerance=1e-3)
check_close(paired_difference([2.0, 4, 6, 2, 6], [0.0] * 5), [4, 1.51668, 6.48332],
            rule="twice the differences, twice the width: the deviation, not the variance", tolerance=1e-3)
given = np.array([82.0, 85, 83])
paired_difference(given, np.array([81.0, 83, 80]))
check_unchanged(np.array([82.0, 85, 83]), given)
passed("paired_difference")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** `np.std` without `ddof=1`: for five seeds the interval is 11 % too narrow. The key `n` in place
# of `n - 1`. 1.96, or 2.776 for any number of seeds. The half width returned in place of the ends. The differences of
# sorted values, which destroys the pairing. NumPy numbers, which print as floats and are not; that costs half a point.

# %% [markdown]
# ### 5.3 Does the interval keep its promise?
#
# "95 %" is a claim about the procedure: repeat the whole experiment many times, and 95 % of the intervals contain the
# true difference. A claim like this can be checked by simulation, because there we know the truth.
#
# **Predict first.** With five seeds and 1.96 in place of 2.776, how many of 100 intervals contain the truth?

# %% tags=["demo"]
counts_of_seeds = [2, 3, 5, 8, 11]
coverage = {"1.96": [], "Student's t": []}
with waits_for(paired_difference):
    for count in counts_of_seeds:
        seed_part = random.normal(size=(6000, count)) * 3
        a, b = seed_part + random.normal(size=(2, 6000, count)) + [[[2.0]], [[0.0]]]         # the truth is 2
        intervals = np.array([paired_difference(one, other) for one, other in zip(a, b, strict=True)])
        half_widths = intervals[:, 2] - intervals[:, 0]
        for name, factor in [("1.96", 1.96 / T_95[count - 1]), ("Student's t", 1.0)]:
            coverage[name].append(np.mean(np.abs(intervals[:, 0] - 2) <= factor * half_widths))
    for name, shares in coverage.items():
        print(f"{name:12}", "  ".join(f"n = {n}: {share:.3f}" for n, share in zip(counts_of_seeds, shares, strict=True)))

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title How often the interval contains the truth
if len(coverage["1.96"]) == len(counts_of_seeds):
    figure, axis = plt.subplots(figsize=(7.2, 3.0), layout="constrained")
    for (name, shares), style, below in zip(coverage.items(), ["k^--", "ks-"], [True, False], strict=True):
        axis.plot(counts_of_seeds, shares, style, mfc="w", ms=7)
        for count, share in zip(counts_of_seeds, shares, strict=True):
            axis.annotate(f"{share:.1%}", (count, share), (8 if below else 0, -17 if below else 7),
                          textcoords="offset points", ha="center", fontsize=9)
        axis.text(11.4, shares[-1] + (0 if below else 0.02), name, va="center", fontsize=10)
    axis.axhline(0.95, color="0.5", lw=1, zorder=0)
    axis.set(xlabel="number of seeds", ylabel="intervals with the truth", xlim=(1.3, 13), ylim=(0.62, 1.02), xticks=counts_of_seeds)
    axis.set_title("6,000 simulated experiments for each number of seeds")
    show(figure, alt="Share of simulated intervals that contain the truth, against the number of seeds. With Student's critical "
         "value it stays at 95 percent for 2 to 11 seeds. With 1.96 it is 71 percent for two seeds, 80 for three, 88 for "
         "five, and still only 92 for eleven. The normal value promises too much when seeds are few.")

# %% [markdown]
# Student's interval keeps its promise for every number of seeds, as far as 6,000 experiments can tell (their own
# standard error is 0.003). The factor 1.96 does not. The derivation took the differences as normal and the seeds as
# independent. Accuracies are not exactly normal, so in real experiments 95 % is an approximation.
#
# **What five seeds can show.** The half width is $2.776\, s/\sqrt5 = 1.24\, s$. A difference must be larger than 1.24
# standard deviations of the paired differences before the interval leaves zero. Smaller gaps are not refuted by an
# interval that contains zero: they are *not resolved*. To halve the interval takes about four times as many seeds.
#
# **What they cannot show.** Intervals of seeds speak about new seeds of *this* data, *this* network and *this* budget.
# They say nothing about another data set. And three comparisons have three chances to err: with no effect anywhere, at
# least one interval of three leaves zero in up to $1 - 0.95^3 = 14\,\%$ of experiments, if they were independent.

# %% [markdown]
# **Reflection · a claim from one run**
#
# **{{worth:reflect-claim}} · in your own words**
#
# A report says: "With attention our network reaches 78.1 %, without it 76.9 %, so attention brings 1.2 points." Each
# number is one run. Five paired seeds of the same setting give differences with $\bar d = 1.2$ and $s = 1.5$ points.
# What does the interval say? Which sentence would you put in place of the claim, and what would you do next?

# %% [markdown] question="reflect-claim" points=3 minutes=6 row="reflection: a claim from one run"
# ### BEGIN SOLUTION
# The half width is 2.776 x 1.5 / sqrt(5) = 1.86 points, so the interval goes from -0.66 to 3.06. It contains zero: five
# seeds do not tell whether attention helps, and they do not show that it does nothing either.
#
# A sentence that holds: "Over five paired seeds attention changed the accuracy by +1.2 points (95 % interval -0.7 to
# 3.1); a gain of up to 3 points and a small loss are both compatible with our runs."
#
# Next: more seeds, with the number fixed in advance. If s stays at 1.5, a half width below 1.2 needs about nine seeds
# (2.306 x 1.5 / 3 = 1.15). Stopping as soon as the interval leaves zero would break its promise.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: the interval, about -0.7 to 3.1, and that it contains zero. One point: a sentence that claims
# neither a gain nor its absence. One point: more paired seeds, with the reason (the width falls as the square root of
# n) or the number needed; "train longer" or "choose the best seed" does not count.

# %% [markdown]
# ## 6 · The experiment
#
# Four networks, five seeds, one budget: 10,000 fresh scenes, each seen once, in the same order for all four, in batches
# of 50, with Adam at a rate that falls from 0.01 to 0 along a cosine. Each seed has its own training scenes, its own test scenes (1,500, from digits never
# trained on) and its own first weights. No setting was chosen for the sake of a block.
#
# It takes one to two minutes. Look at your predictions of section 1 meanwhile.

# %% tags=["demo"]
NAMES = ("none", "se", "eca", "cbam")
SEEDS, SHAPE = range(5), (SIDE, SIDE, 3)


def prepare(name):
    """A compiled network, and its optimiser's variables as they are before the first step."""
    model = small_resnet(name, SHAPE, CLASSES)
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.01, 200)), "sparse_categorical_crossentropy", jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    return model, [variable.numpy() for variable in model.optimizer.variables]


def train_afresh(name, model, at_rest, seed, inputs, truth):
    """New weights from the seed, the optimiser as at the start, then one pass over the scenes in their order."""
    keras.utils.set_random_seed(seed)
    model.set_weights(small_resnet(name, SHAPE, CLASSES).get_weights())
    for variable, value in zip(model.optimizer.variables, at_rest, strict=True):
        variable.assign(value)
    model.fit(inputs, truth, batch_size=50, shuffle=False, verbose=0)


# %% [markdown]
# After each run we keep more than the accuracy. A second model with the same layers returns what we want to look at:
#
# - the **last map** before the mean, summed over channels, (B, 5, 5). Whatever the head reads comes from this map, so
#   its mass inside the box can be measured for all four networks, also for the one without attention;
# - every **gate**, together with the map that it multiplies.

# %% tags=["demo"]
def look_inside(model):
    """A model that returns the output, the last map (summed over channels) and, for each gate, its map and itself."""
    maps = [layer.output for layer in model.layers if len(layer.output.shape) == 4 and layer.output.shape[1] > 1]
    gated = [(layer.input, layer.gate(layer.input)) for layer in model.layers if isinstance(layer, Gate)]
    return keras.Model(model.input, [model.output, keras.ops.sum(maps[-1], axis=-1), gated])


def split_gates(gated, first):
    """(map, gate) pairs of the channel gates for the first images, and all spatial gates as (B, h, w)."""
    spatial = [np.array(gate)[..., 0] for _, gate in gated if gate.shape[-1] == 1]
    return [(np.array(maps[:first]), np.array(gate[:first])) for maps, gate in gated if gate.shape[-1] > 1], spatial


def with_other_noise(inputs):
    """The same pictures with freshly shuffled noise channels."""
    random, picture = np.random.default_rng(1), inputs[..., 0]
    return np.stack([picture, shuffled_pixels(picture, random), shuffled_pixels(picture, random)], axis=-1)


# %% tags=["demo"]
accuracy = {name: [] for name in NAMES}
last_maps, spatial_gates, channel_gates, redrawn, plain_weights = {}, {}, {}, {}, {}
with waits_for(attach, small_resnet):
    started, networks = time.time(), {name: prepare(name) for name in NAMES}
    peepholes = {name: look_inside(model) for name, (model, _) in networks.items()}
    for seed in SEEDS:
        inputs, truth, _ = make_scenes(100 + seed, 10_000, TRAIN)
        new, new_truth, new_boxes = make_scenes(900 + seed, 1500, TEST)
        for name, (model, at_rest) in networks.items():
            train_afresh(name, model, at_rest, seed, inputs, truth)
            chances, last, gated = peepholes[name](new)
            accuracy[name].append(float(np.mean(np.argmax(chances, axis=1) == new_truth)))
            last_maps[name, seed] = np.array(last)
            channel_gates[name, seed], spatial_gates[name, seed] = split_gates(gated, first=300)
            redrawn[name, seed], _ = split_gates(peepholes[name](with_other_noise(new[:300]))[2], first=300)
        plain_weights[seed] = networks["none"][0].get_weights()                                       # for section 9
    for name in NAMES:
        shares = np.array(accuracy[name])
        print(f"{name:5} mean {shares.mean():.3f}   five seeds", np.round(shares, 3))
    print(f"trained and tested in {time.time() - started:.0f} s")
trained = len(last_maps) == len(NAMES) * len(SEEDS)                                           # the cells below ask for it

# %% tags=["demo"]
rivals = {}
with waits_for(paired_difference):
    for name in NAMES[1:] if trained else ():
        rivals[name] = paired_difference(accuracy[name], accuracy["none"])
        mean, low, high = (100 * number for number in rivals[name])
        print(f"{name:5} minus none: {mean:+.1f} points, 95 % interval {low:+.1f} to {high:+.1f}")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Accuracies and paired differences
if len(rivals) == 3:
    figure, axes = plt.subplots(1, 2, figsize=(9.6, 3.3), layout="constrained")
    for seed in SEEDS:
        axes[0].plot([100 * accuracy[name][seed] for name in NAMES], range(4), "-", color="0.8", lw=1, zorder=0)
    for height, name in enumerate(NAMES):
        shares = 100 * np.array(accuracy[name])
        half = T_95[4] * shares.std(ddof=1) / np.sqrt(5)
        axes[0].plot(shares, np.full(5, height), "o", mfc="w", mec="k", ms=6)
        axes[0].errorbar(shares.mean(), height + 0.24, xerr=half, fmt="ks", ms=5, capsize=4)
        axes[0].text(shares.mean(), height + 0.32, f"{shares.mean():.1f}", ha="center", va="top", fontsize=9)
    axes[0].set(title="test accuracy: five seeds, mean, 95 % interval", xlabel="%", ylim=(3.75, -0.4), yticks=range(4))
    axes[0].set_yticklabels(NAMES)
    for height, name in enumerate(NAMES[1:]):
        gains = 100 * (np.array(accuracy[name]) - np.array(accuracy["none"]))
        mean, low, high = (100 * number for number in rivals[name])
        axes[1].plot(gains, np.full(5, height), "o", mfc="w", mec="k", ms=6)
        axes[1].errorbar(mean, height + 0.2, xerr=high - mean, fmt="ks", ms=5, capsize=4)
        axes[1].text(mean, height + 0.28, f"{mean:+.1f}", ha="center", va="top", fontsize=9)
    axes[1].axvline(0, color="0.4", lw=1)
    axes[1].set(title="difference from none, paired by seed", xlabel="percentage points", ylim=(2.75, -0.4), yticks=range(3))
    axes[1].set_yticklabels(NAMES[1:])
    means = ", ".join(f"{name} {100 * np.mean(accuracy[name]):.1f}" for name in NAMES)
    apart = ", ".join(f"{name} {100 * mean:+.1f} ({100 * low:+.1f} to {100 * high:+.1f})" for name, (mean, low, high) in rivals.items())
    show(figure, alt=f"Left: test accuracy of five seeds for each network. The means in percent: {means}. The seeds of one network "
         f"scatter widely. Right: paired differences from none with their intervals, in points: {apart}.")

# %% [markdown] tags=["instructor"]
# **Reading the result.** No block helps: all three printed differences are negative, SE's is not resolved, and the
# intervals of ECA and CBAM lie below zero. With three comparisons a careful reader asks for more: at $1 - 0.05/3$ the
# critical value for four degrees of freedom is 3.96 in place of 2.776, so every half width grows by 1.43. CBAM's
# interval then contains zero. ECA's stayed below zero on one machine ($-7.9 \pm 6.9$) and just reached it on another
# ($-8.0 \pm 8.6$): that is what a borderline result looks like. The accuracies are low for all, because each network
# sees 200 steps; a longer budget may order them otherwise, and the notebook says so.
#
# Did pairing help here? Compare the half widths on both sides of the figure: for ECA the paired interval is the narrower
# one, for SE it is not, because the noise of each run of its own is larger than what a seed's pictures share. Pairing is
# free, and it is no promise.
#
# An earlier version trained with a constant rate of 0.01. There the means were 57.8, 56.7, 56.2 and 50.5: CBAM
# lost by 7.3 points, resolved, and the losses of SE and ECA, 1.2 and 1.6, were not. What the versions agree on is that
# nothing gained. Another machine rounds differently, and after 200 steps its accuracies are other ones: expect the
# signs and sizes, not the digits.

# %% [markdown]
# Compare with your prediction. In the run that made this notebook **no block helped**. The network without attention had
# the best mean, the interval of SE contained zero, and those of ECA and CBAM lay below zero. Yours may differ in size,
# because rounding differs between machines and 200 steps amplify it.
#
# What may be said: *in this network, on these data, after one short pass*, adding ECA or CBAM cost accuracy; for SE five
# seeds do not decide. What may not be said: that attention does not work, or that CBAM is worse than ECA, for these two
# intervals overlap widely and the difference between them was not even computed.
#
# A possible reason, which this experiment does not test: a fresh gate is about one half, a fresh CBAM about one quarter.
# The branch starts damped, and the training is short. The stretch task asks you to test an idea of this kind.

# %% [markdown]
# ## 7 · Where and what did they look at?
#
# ### 7.1 Where
#
# **Predict first.** The chance level is 0.16. What mass do you expect inside the box for CBAM's spatial gates? And for
# the last map of the network *without* attention?
#
# A map of 5 x 5 covers the canvas with cells of 4 x 4 pixels. To use the exact box, each cell is repeated over its
# pixels.

# %% tags=["demo"]
def on_canvas(maps):
    """Repeat the cells of maps (B, h, w) so that they cover the canvas: (B, 20, 20)."""
    return maps.repeat(SIDE // maps.shape[1], axis=1).repeat(SIDE // maps.shape[2], axis=2)


masses = {}
box_of = {seed: make_scenes(900 + seed, 1500, TEST)[2] for seed in SEEDS}
with waits_for(mass_inside):
    for name in NAMES if trained else ():
        shares = [mass_inside(on_canvas(last_maps[name, seed]), box_of[seed]).mean() for seed in SEEDS]
        masses[f"last map, {name}"] = shares
    for block in (0, 1) if trained else ():
        shares = [mass_inside(on_canvas(spatial_gates["cbam", seed][block]), box_of[seed]).mean() for seed in SEEDS]
        masses[f"CBAM gate, block {block + 1}"] = shares
    for name, shares in masses.items():
        print(f"{name:20} mass inside {np.mean(shares):.3f}   five seeds", np.round(shares, 3))

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title One scene, the last maps and CBAM's spatial gates
if masses:
    seed, place = 0, 0
    picture = make_scenes(900 + seed, 1500, TEST)[0][place, :, :, 0]
    panels = [(picture, "the picture")] + [(on_canvas(last_maps[name, seed])[place], f"last map,\n{name}") for name in NAMES]
    panels += [(on_canvas(spatial_gates["cbam", seed][block])[place], f"CBAM gate,\nblock {block + 1}") for block in (0, 1)]
    figure, axes = plt.subplots(1, 7, figsize=(9.6, 2.0), layout="constrained")
    for axis, (values, title) in zip(axes, panels, strict=True):
        gate = "gate" in title
        draw_map(axis, values, title, 0, 1 if gate else values.max())
        draw_box(axis, box_of[seed][place])
        share = mass_inside(values[None], box_of[seed][place:place + 1])[0]
        axis.set_xlabel(f"{share:.2f} inside", fontsize=9)
    inside = [mass_inside(values[None], box_of[seed][place:place + 1])[0] for values, _ in panels[1:]]
    show(figure, alt="One scene with the digit's box on each panel. Share of the sum inside the box: last maps "
         + ", ".join(f"{name} {share:.2f}" for name, share in zip(NAMES, inside[:4], strict=True))
         + f"; the two spatial gates of CBAM {inside[4]:.2f} and {inside[5]:.2f}. The maps are brightest around the digit, the "
         "gates are white nearly everywhere.")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Mass inside the box against chance, five seeds
if masses:
    figure, axis = plt.subplots(figsize=(7.6, 3.1), layout="constrained")
    for height, (name, shares) in enumerate(masses.items()):
        axis.plot(shares, np.full(5, height), "s" if "gate" in name else "o", mfc="w", mec="k", ms=6)
        axis.plot([np.mean(shares)] * 2, [height - 0.28, height + 0.28], "k", lw=2)
        axis.text(0.475, height, f"{np.mean(shares):.2f}", va="center", fontsize=10)
    axis.axvline(0.16, color="0.4", ls="--", lw=1)
    axis.text(0.163, -0.55, "chance: 0.16", fontsize=9, va="center")
    axis.set(ylim=(5.5, -0.85), xlim=(0.1, 0.5), xlabel="share inside the box (circles and squares: seeds; bar and number: mean)")
    axis.set_yticks(range(6), list(masses))
    show(figure, alt="Mean mass inside the box over five seeds, where chance is 0.16: "
         + ", ".join(f"{name} {np.mean(shares):.2f}" for name, shares in masses.items()) + ".")

# %% [markdown]
# The last maps lie far above chance: to classify the digit, the network has learned to answer at its place. **The one
# without attention does so best.** Looking at the right place needs no block with that name: convolutions, trained on
# labels alone, do it.
#
# The spatial gates of CBAM lie at the chance level in all seeds. They are open nearly everywhere, and a constant gate has
# the share of the area, as derived in section 4. A picture of such a gate laid over a digit can still look convincing;
# the number does not.

# %% [markdown] tags=["instructor"]
# **Reading the figures.** The mean of CBAM's spatial gates is 0.97 to 1.00 in every seed and block, so the block has
# turned into its channel half. Its kernel meets the mean and the maximum over channels, and the maximum of 16 or 32
# normalised channels is positive nearly everywhere: positive kernel weights open the gate at all places. The norm before
# the sigmoid in the official code would take this offset out; our block follows the paper, which has none.
#
# A warning to discuss: the mass of the last map also depends on its background. A map that is blurred or lifted by a
# constant has a lower mass with the same peak. It is a score, not a proof of use.

# %% [markdown]
# ### 7.2 What
#
# The noise channels are known, so we can ask of every channel inside a network how much of it is signal. Show it the
# same pictures twice, with freshly shuffled noise. Let $v$ and $v'$ be the two values of one channel at one position.
# Half the mean of $(v - v')^2$ is the variance that comes from the noise, so
#
# $$ \text{signal share} = 1 - \frac{\tfrac12\,\overline{(v - v')^2}}{\operatorname{var}(v)} $$
#
# is 1 for a channel that ignores the noise and 0 for one that sees nothing else. A gate $g_c$ that prefers signal puts
# its weight on channels with a high share. Compare $\sum_c g_c\,q_c / \sum_c g_c$ with the plain mean of the shares
# $q_c$, which is again the chance level.

# %% tags=["demo"]
def signal_shares(maps, others):
    """For each channel, the share of its variance that does not come from the noise channels: (C,)."""
    noise = ((maps - others) ** 2).mean(axis=(0, 1, 2)) / 2
    return 1 - noise / maps.var(axis=(0, 1, 2))


if trained:
    for name in NAMES[1:]:
        shares, weighted = [], []
        for seed in SEEDS:
            (maps, gate), (others, _) = channel_gates[name, seed][0], redrawn[name, seed][0]        # the first block
            share, mean_gate = signal_shares(maps, others), gate.mean(axis=(0, 1, 2))
            shares.append(share.mean())
            weighted.append((mean_gate * share).sum() / mean_gate.sum())
        print(f"{name:5} signal share of the channels {np.mean(shares):.3f}, weighted by the gate {np.mean(weighted):.3f}; "
              f"gain by seed", np.round(np.subtract(weighted, shares), 3))

# %% [markdown]
# The channels that reach the first gate are about 97 % signal, and the gate changes this by nothing worth naming. The
# noise channels stand at the same place in every image. A convolution can turn them down for good, with its own weights,
# and it has. A gate that looks at the image is needed where the useful channel *changes* from image to image, as in
# notebook 01. Here there is nothing left for it to choose.

# %% [markdown] tags=["instructor"]
# **Reading the result.** Shares 0.96 to 0.97, and the gate's weighting moves them by at most 0.002 in any seed. This is
# the second half of the answer to section 6: on these data *what* is solved by fixed weights, and *where* by the
# convolutions. The blocks add weights and noise, and in this budget no advantage.

# %% [markdown]
# ## 8 · What it costs
#
# Two prices: weights, which we have counted, and time. Times differ from machine to machine and from minute to minute.
# So we take one training step of each network in turn, again and again, and quote only the ratio of the medians within
# this one run.

# %% tags=["demo"]
steps = {name: [] for name in NAMES}
if trained:
    batch, batch_labels, _ = make_scenes(7, 50, TRAIN)
    for _turn in range(40):
        for name, (model, _) in networks.items():
            start = time.perf_counter()
            model.train_on_batch(batch, batch_labels)
            steps[name].append(time.perf_counter() - start)
    medians = {name: np.median(times[5:]) for name, times in steps.items()}                # the first turns warm up
    for name, (model, _) in networks.items():
        print(f"{name:5} {model.count_params():6,} weights, {model.count_params() / 20_282 - 1:+.2%}; "
              f"time a step {medians[name] / medians['none']:.2f} of the plain network's")

# %% [markdown]
# Weights and time are different prices. Run the cell twice: ratios that differ by a tenth are not resolved on a machine
# that does other work as well. Do not carry them over to a graphics card or to a large network. In
# the ECA paper (quoted, ResNet-50 on its authors' hardware) training ran at 1024 images a second without attention, 759
# with SE, 785 with ECA and 472 with CBAM.
#
# **Reflection · would you plug it in**
#
# **{{worth:reflect-plug}} · in your own words**
#
# On ImageNet the papers report gains for all three blocks with ResNet-50. Quoted, top-1 accuracy in the ECA paper: 75.20
# plain, 76.71 SE, 77.34 CBAM, 77.48 ECA. Your experiment came out as it did. Give two reasons why both can be true, and
# say what you would measure, and how, before putting a block into a network of your own.

# %% [markdown] question="reflect-plug" points=3 minutes=6 row="reflection: would you plug it in"
# ### BEGIN SOLUTION
# Both can be true because they answer different questions. ImageNet has a thousand classes, over a million images, about
# a hundred passes and a network of 16 blocks with up to 2048 channels; ours has ten classes, one short pass, two blocks
# and at most 32 channels. A fresh gate damps its branch to one half or less, and in 200 steps there is little time to
# make up for it. With few channels there is also little to choose from. And our interval speaks about our data and
# budget only.
#
# I would train the network of my own with and without the block, on my data, at the budget that I will really use, at
# least five paired seeds with the number fixed in advance; report the paired mean with its interval, the weights and the
# time a step side by side; and check what the gates do against a known truth or at least against chance.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point for each of two sound reasons (size of data or network, length of training, damped start, kind of
# task, no intervals in the papers' tables); one point for a plan with paired seeds at the real budget and an interval.
# "Our experiment is wrong" or "the papers are wrong" alone earns nothing.

# %% [markdown]
# ## 9 · A gate for a network that is already trained
#
# So far every network was trained from its first step with its block. More often you have a network that works, and
# want to try a gate in it: put the gates in, keep all other weights as they are, and train the gates alone.
#
# **Predict first.** Take a plain network from section 6 and put fresh gates at its two places. Nothing is trained. You
# know its accuracy before; ten classes by chance give 10 %. Write down the accuracy you expect at once, and after 40
# steps that train only the gates: for SE, for ECA, for CBAM.
#
# A fresh gate knows nothing, and yet it changes the map: with small logits it is near $\sigma(0) = 1/2$, and each channel
# gets a factor a little different from the next. The norms and the head behind it were trained for the map without it.
#
# **By hand.** Can a fresh gate do nothing at all? It has to be 1 at every place, and it has to be able to learn. Double
# the sigmoid and set the weights of its last layer to zero. With $h$ what goes into that layer and $W$ its kernel
#
# $$ g = 2\,\sigma(W h), \qquad W = 0: \quad g = 2 \cdot \tfrac12 = 1, \qquad
# \frac{\partial g_c}{\partial W_{jc}} = 2\,\sigma'(0)\,h_j = \tfrac12\,h_j $$
#
# The network computes what it computed before, exactly. The slope is not zero, so the first step moves $W$ away from
# zero, and the gate can now open above 1 as well as shut. We call this the **identity start**.

# %% tags=["demo"]
def in_order(model):
    """The layers with weights that are no gates, by kind and, as Keras numbers them, by when they were made."""
    layers = [layer for layer in model.layers if layer.weights and not isinstance(layer, Gate)]
    return sorted(layers, key=lambda layer: (type(layer).__name__, len(layer.name), layer.name))


def put_gates_in(name, weights):
    """small_resnet with fresh gates and the weights of a trained plain one; the gates alone can be trained."""
    plain, model = small_resnet("none", SHAPE, CLASSES), small_resnet(name, SHAPE, CLASSES)
    plain.set_weights(weights)
    for old, new in zip(in_order(plain), in_order(model), strict=True):
        new.set_weights(old.get_weights())
        new.trainable = False
    return model


def start_at_one(model):
    """The identity start: twice the sigmoid, and a last kernel of zeros (its bias, where it has one, is zero already)."""
    for gate in (layer for layer in model.layers if isinstance(layer, Gate)):
        gate.factor = 2
        gate.last.kernel.assign(keras.ops.zeros_like(gate.last.kernel))


def hits(model, inputs, truth):
    """The share of right answers."""
    return float(np.mean(np.argmax(keras.ops.convert_to_numpy(model(inputs)), axis=1) == truth))


# %% tags=["demo"]
inserted = {}
if trained:
    started = time.time()
    for seed in (0, 1, 2):
        inputs, truth, _ = make_scenes(100 + seed, 2000, TRAIN)
        new, new_truth, _ = make_scenes(900 + seed, 1500, TEST)
        before = accuracy["none"][seed]
        for name in NAMES[1:]:
            for start in ("fresh", "identity"):
                keras.utils.set_random_seed(seed)
                model = put_gates_in(name, plain_weights[seed])
                if start == "identity":
                    start_at_one(model)
                at_once = hits(model, new, new_truth)
                model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", jit_compile=False)
                model.fit(inputs, truth, batch_size=50, verbose=0)
                inserted[name, start, seed] = [before, at_once, hits(model, new, new_truth)]
    print("mean of three networks   before   at once   after 40 steps of the gates alone")
    for name in NAMES[1:]:
        for start in ("fresh", "identity"):
            before, at_once, after = np.mean([inserted[name, start, seed] for seed in (0, 1, 2)], axis=0)
            print(f"{name:5} {start:18} {before:.3f}     {at_once:.3f}     {after:.3f}")
    print(f"done in {time.time() - started:.0f} s")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title What the gates cost at once, and what is left of it after 40 steps
if inserted:
    figure, axis = plt.subplots(figsize=(8.6, 3.6), layout="constrained")
    rows = [(name, start) for name in NAMES[1:] for start in ("fresh", "identity")]
    for height, (name, start) in enumerate(rows):
        for seed in (0, 1, 2):
            before, at_once, after = 100 * np.array(inserted[name, start, seed])
            level = height + (seed - 1) * 0.22
            axis.annotate("", (after - before, level), (at_once - before, level),
                          arrowprops={"arrowstyle": "-", "color": "0.6", "lw": 1})
            axis.plot(at_once - before, level, "o", mfc="w", mec="k", ms=6, label="at once")
            axis.plot(after - before, level, "ks", ms=5, label="after 40 steps")
    axis.axvline(0, color="0.4", ls="--", lw=1)
    axis.set(title="accuracy against the network without gates, three networks each", xlabel="percentage points",
             ylim=(5.6, -0.6), yticks=range(6))
    axis.set_yticklabels([f"{name}, {start} start" for name, start in rows])
    handles, texts = axis.get_legend_handles_labels()
    figure.legend(handles[:2], texts[:2], loc="outside lower center", ncols=2, fontsize=9)
    told = []
    for name, start in rows:
        before, at_once, after = 100 * np.mean([inserted[name, start, seed] for seed in (0, 1, 2)], axis=0)
        told.append(f"{name} {start} {at_once - before:+.0f} at once, {after - before:+.0f} after")
    show(figure, alt="Change of the test accuracy in percentage points when gates are put into three trained networks, means: "
         + "; ".join(told) + ".")

# %% [markdown]
# Compare with your prediction. With the identity start the hollow circles stand exactly at zero: that is the derivation,
# and it holds for every network. How far the fresh gates fall, and how much of it 40 steps bring back, depends on the
# network and on the block.
#
# A filled square to the right of zero is no proof that attention helps. The gates have seen 40 steps more than the plain
# network, and there are three networks. The claim of this section is the smaller one: *a gate with the identity start
# does no harm at the start, so that what happens afterwards is learning and not repair.*
#
# To use this outside the course you need none of the code above. The layers of this course are a package of their own,
# `attention_course.layers`: each has `start="identity"` and a method `gate`, and `insert` puts one into a network by the
# names of its layers. The page "Put a gate into your network" in the course's folder `docs` shows it step by step.

# %% [markdown] tags=["instructor"]
# **Reading the figure.** In our runs fresh gates cost between 33 and 58 points at once; one network fell to chance. SE
# stayed between 2 and 13 points below. ECA, with three weights a place, hardly came back at all. CBAM came back to within
# two points in two networks and stayed more than 35 below in the third.
#
# A frozen norm runs with its stored mean and variance. That is what makes the comparison exact, and it is the reason why
# `trainable = False` matters also for layers that have nothing to learn.

# %% [markdown]
# ## 10 · More data, if you have a network connection
#
# This cell is off. Set `USE_MORE_DIGITS = True` to download the 70,000 digits of MNIST (about 15 MB from openml.org),
# shrink them to 8 x 8, and use them in place of the small set. Then run sections 6 to 9 again. Nothing else depends on
# it.

# %% tags=["demo"]
USE_MORE_DIGITS = False
if USE_MORE_DIGITS:
    from sklearn.datasets import fetch_openml

    images, targets = fetch_openml("mnist_784", return_X_y=True, as_frame=False, parser="liac-arff")
    images = np.pad(images.reshape(-1, 28, 28), ((0, 0), (2, 2), (2, 2)))                  # 32 x 32, as scikit-learn's were
    GLYPHS = (images.reshape(-1, 8, 4, 8, 4).mean(axis=(2, 4)) / 255).astype("float32")
    digits.target, TRAIN, TEST = targets.astype(int), np.arange(60_000), np.arange(60_000, 70_000)
else:
    print("off: the notebook uses the 1,797 digits that come with scikit-learn")

# %% [markdown]
# ## What we found
#
# - A comparison changes one thing. One function with a name for the block keeps everything else equal.
# - On the branch a shut gate leaves the shortcut; after the addition it would shut off the network.
# - A gate that is the same everywhere has the share of the area inside a box. Every score of attention needs its chance
#   level beside it.
# - Pairing by seed removes what two runs share. Student's value in place of 1.96 makes 95 % true for few seeds:
#   1.96 gave 88 % with five.
# - In our experiment no block helped: SE was not resolved, ECA and CBAM lost accuracy in a short training.
# - The plain network pointed at the digit best; CBAM's spatial gates stood at chance. The name of a block is no
#   evidence of what it does.
# - A gate that is twice a sigmoid, with a last kernel of zeros, is exactly 1 at the start: it can be put into a trained
#   network without changing it, and learns from there.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | distractor | something that looks like the object and says nothing about the label |
# | chance level | the value of a score for a gate that knows nothing: the share of the area, for mass inside a box |
# | paired difference | the difference of two results that share a seed, and with it everything random |
# | degrees of freedom | $n - 1$ for $n$ differences whose mean is estimated from them |
# | confidence interval | the result of a recipe that contains the truth in 95 % of repeated experiments |
# | coverage | how often it really does |
# | identity start | first weights with which a new block changes nothing |
#
# ## Where this is in the papers
#
# The place of the block on the branch: Hu et al., arXiv 1709.01507, section 6.5; Woo et al., arXiv 1807.06521, figure 3.
# Comparisons at equal settings, with speed: Wang et al., arXiv 1910.03151, the ImageNet tables. Pictures of what a network looks
# at: Woo et al., section 4, by Grad-CAM and without a chance level. Student (W. S. Gosset), *The probable error of a mean*,
# Biometrika, 1908, derived the interval from the same need: few and costly observations.
#
# ## Stretch
#
# The official CBAM code starts its spatial gate at one half everywhere, by a norm with scale zero before the sigmoid.
# Give the last norm of each branch a starting scale of zero, so that every block begins as its shortcut. Write down
# first what you expect of the four networks, then train five paired seeds and report all of them, whatever comes out.

# %% [markdown] tags=["instructor"]
# **Stretch.** `BatchNormalization(gamma_initializer="zeros")` in the second `conv_norm` of a branch. The weights and the
# judge are not affected. With a zero branch the gate's own weights receive no gradient at the first step, because the
# product's other factor is zero; the scale moves first. A student who reports an unresolved difference with its interval
# has solved the task.

# %% [markdown]
# ## What comes next
#
# Blocks arrive as code more often than as papers. Notebook 07 takes an old and widely copied tutorial that no longer runs,
# and that is silently wrong where it does.

# %% [markdown]
# {{hand_in}}
