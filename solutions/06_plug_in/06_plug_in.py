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
# You can now write SE, ECA and CBAM. Does such a block help? That depends on the data, so you will build two kinds, and
# the controls that tell a gain by attention from any other.
#
# **You will be able to**
# - write a control that has learned gates and cannot see the image
# - compute the interval of a paired difference
# - find out when a channel gate helps
# - measure how much of a gate lies on the object
# - put a gate into a trained network without harm
#
# **Before you start:** notebooks 01, 02, 04 and 05; means and standard deviations.
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
import re
import time
from concurrent.futures import ThreadPoolExecutor

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## Before you start: three questions
#
# 1. SE on a map with 16 channels and ratio 4: how many weights?
#    <details><summary>Answer</summary>Two dense layers, 16 to 4 and 4 to 16, with biases: 64 + 4 + 64 + 16 = 148
#    (notebook 01).</details>
# 2. All weights of a block are zero. By which factor does SE multiply the map, and CBAM?
#    <details><summary>Answer</summary>A gate is σ(0) = 1/2, so SE gives x/2. CBAM has two gates, one after the other,
#    and gives x/4 (notebooks 01 and 05).</details>
# 3. In notebook 01 one of the channels was awake and the others held noise. Why could a vote with fixed weights not win
#    there?
#    <details><summary>Answer</summary>The awake channel was another one in each image. A fixed weight listens to a
#    channel always or never; only a gate that sees the image can change its mind from image to image.</details>

# %%
tf.get_logger().setLevel("ERROR")  # each network is compiled once; TensorFlow would warn that they are several
keras.utils.set_random_seed(6)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")

# %% [markdown]
# ## 1 · One name, one block
#
# A fair comparison changes one thing, so we write one network and let a name decide which block is put in. Here are the
# blocks as you derived them; a layer's method `gate` gives the factors alone.

# %% tags=["given"]
class Gate(keras.layers.Layer):
    """A layer that multiplies its input by gate(x); gate(x) alone gives the factors, broadcastable to x (B, H, W, C)."""

    factor = 1                                               # in front of the sigmoid; section 6 doubles it

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
        self.reduce = keras.layers.Dense(shape[-1] // self.ratio, activation="relu", name="reduce")
        self.last = keras.layers.Dense(shape[-1], name="last")
        self.reduce.build((None, 1, 1, shape[-1]))
        self.last.build((None, 1, 1, shape[-1] // self.ratio))

    def gate(self, x):
        return self.open_by(sum(self.last(self.reduce(pool(x, (1, 2), keepdims=True))) for pool in self.pools))


# %% tags=["given"]
class Taps(keras.layers.Layer):
    """The weights of a kernel (K, 1, 1) or (K, K, 2, 1), as a layer of its own."""

    def build(self, shape):
        self.kernel = self.add_weight(shape, name="kernel")


# A kernel is applied as a band matrix, as in notebook 02, because small convolutions are slow here.
def bands(size, length):
    """(size, length, length): matrix t is 1 where tap t of a kernel meets a line of numbers, zeros beyond its ends."""
    return np.stack([np.eye(length, k=size // 2 - tap, dtype="float32") for tap in range(size)])


class NeighbourGate(Gate):
    """(B, 1, 1, C): one kernel over neighbouring channels of the pooled vector, its size from their number."""

    def __init__(self, gamma, b):
        super().__init__()
        self.gamma, self.b, self.last = gamma, b, Taps()

    def build(self, shape):
        size = int(abs((math.log2(shape[-1]) + self.b) / self.gamma)) // 2 * 2 + 1           # even sizes go up
        self.last.build((size, 1, 1))
        self.bands = bands(size, shape[-1])

    def gate(self, x):
        band = keras.ops.einsum("t,tji->ji", self.last.kernel[:, 0, 0], self.bands)
        return self.open_by(keras.ops.matmul(keras.ops.mean(x, (1, 2), keepdims=True), band))


# %% tags=["given"]
class PlaceGate(Gate):
    """(B, H, W, 1): mean and max over the channels, one convolution, with norm=True the authors' norm, a sigmoid."""

    def __init__(self, kernel_size, norm=False):
        super().__init__()
        self.size, self.last = kernel_size, Taps()
        self.norm = keras.layers.BatchNormalization(
            momentum=0.9, epsilon=1e-5, gamma_initializer="zeros", name="norm") if norm else None    # a scale of 0: at one half

    def build(self, shape):
        self.last.build((self.size, self.size, 2, 1))
        if self.norm:
            self.norm.build((None, *shape[1:3], 1))

    def convolve(self, pooled):
        if None in pooled.shape[1:3]:                                                # no matrix without a size
            return keras.ops.conv(pooled, self.last.kernel, padding="same")
        rows, columns = (bands(self.size, side) for side in pooled.shape[1:3])
        wide = keras.ops.einsum("stc,tvw->scvw", self.last.kernel[..., 0], columns)  # from column v to column w
        matrix = keras.ops.einsum("scvw,suh->uvchw", wide, rows)                     # and from row u to row h
        return keras.ops.einsum("buvc,uvchw->bhw", pooled, matrix)[..., None]

    def gate(self, x, training=False):
        pools = [pool(x, -1, keepdims=True) for pool in (keras.ops.mean, keras.ops.max)]
        logits = self.convolve(keras.ops.concatenate(pools, -1))
        return self.open_by(self.norm(logits, training=training) if self.norm else logits)

    def call(self, x, training=False):
        return x * self.gate(x, training)


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
# Our narrowest maps have 16 channels, which the usual ratio of 16 would squeeze into one unit, so SE and CBAM get
# **ratio 4**.
#
# **By hand.** With 16 channels:
#
# | name | weights | factor with all weights zero |
# |---|---|---|
# | none | 0 | 1 |
# | se | 148 (recall question 1) | $1/2$ |
# | eca | 3, since $\lfloor(\log_2 16 + 1)/2\rfloor = 2$ is even | $1/2$ |
# | cbam | $148 + 7\cdot7\cdot2 = 246$ | $1/4$ |
#
# A function that quietly returns `x` for `"sE"` would let you train for a day and compare a network with itself, so an
# unknown name must be an error.

# %% [markdown]
# ### Exercise · `attach`
# **{{worth:attach}} · easy**
#
# In: `name`, one of `"none"`, `"se"`, `"eca"`, `"cbam"`, and a KerasTensor `x` (B, H, W, C). Out: a KerasTensor of the
# same shape: `x` itself for `"none"`, else the result of the named block on `x`, with ratio 4 for SE and CBAM. Any
# other name, `"SE"` and `""` too, raises a `ValueError`, no class of your own, whose message holds that name. You may
# call the blocks above. Each call makes layers of its own.

# %% answer="attach" minutes=8
def attach(name, x):
    """The KerasTensor x (B, H, W, C) after the block with this name: "none", "se", "eca" or "cbam"."""
    # the map itself, or one of the three blocks with its ratio; for any other name an error that says it
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

# %%
def halves(block, x):
    """Run a block on an array with every weight set to zero."""
    inputs = keras.Input(x.shape[1:])
    model = keras.Model(inputs, block(keras.layers.Identity()(inputs)))           # "none" gives back what it got
    for variable in model.weights:
        variable.assign(0 * variable)
    return keras.ops.convert_to_numpy(model(x))


ramp = np.arange(2 * 4 * 6 * 16, dtype="float32").reshape(2, 4, 6, 16) / 100 - 3      # (2, 4, 6, 16), both signs

# %% tags=["demo"]
photo = photograph("flower", 48, 72)
photo = np.concatenate([photo, photo.mean(axis=-1, keepdims=True)], axis=-1)[None]     # red, green, blue, grey
with waits_for(attach):
    compare(lambda x: halves(lambda it: attach("cbam", it), x), target=photo / 4, inputs=(photo,), gate=0.25,
            names=["red", "green", "blue", "grey"], title="A photograph through CBAM with all weights zero",
            alt="Four channels of a photograph of a flower; when your block is right, above a grey gate of one quarter "
            "and a darker copy.")

# %% check="attach"
check_type(attach("cbam", keras.Input((4, 6, 16))), "KerasTensor")
for name, weights, share in [("none", 0, 1), ("se", 148, 1 / 2), ("eca", 3, 1 / 2), ("cbam", 246, 1 / 4)]:
    inputs = keras.Input((4, 6, 16))
    outputs = attach(name, keras.layers.Identity()(inputs))
    check_shape(outputs, (None, 4, 6, 16), rule=f"{name}: attaching a block does not change the shape")
    check_equal(keras.Model(inputs, outputs).count_params(), weights, rule=f"{name}: the weights of the table")
    check_close(halves(lambda x, name=name: attach(name, x), ramp), ramp * share, rule=f"{name}: the factor of the table")
for name in ("senet", "SE", "", "e"):
    try:
        attach(name, keras.Input((4, 6, 16)))
    except ValueError as error:
        check_type(error, ValueError, rule="a ValueError, no class of your own")
        check_equal(name in str(error), True, rule="the message holds the name that was refused")
    else:
        fail(f"a ValueError for the name {name!r}", "no error", "any other name is refused")
inputs = keras.Input((4, 6, 16))
twice = keras.Model(inputs, attach("se", attach("se", inputs)))
check_equal(twice.count_params(), 296, rule="each call makes layers of its own: 2 x 148")
passed("attach")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The default ratio of 16 (SE with 16 channels has 49 weights then); a dictionary of *results*,
# `{"se": se_block(x), ...}[name]`, which builds all blocks, costs nothing in the model (unused layers do not belong to
# it) and raises for maps that one of them cannot take; `else: return x` at the end, so that a misspelt name trains the
# plain network; a block made once outside the function, so that all places share its weights; `x + block(x)`.

# %% [markdown]
# ## 2 · The control that cannot see
#
# SE looks at the image, but it also brings a factor below one, more weights and a second layer. A **control** brings
# some of these without the rest, and a block has shown something only where it beats its controls:
#
# - **constant**, ½ or ¼: the factor of a fresh block, nothing learned;
# - **blind**: a learned gate for each channel, the same for every image;
# - **added**: SE's two layers, weight for weight, but their output is added, not multiplied;
# - **dense head**: about as many weights, and no gate.
#
# What can the blind control do? It multiplies channel $c$ by $\sigma(\theta_c)$, where $\theta_c$ is learned. If a mean
# over positions, $z$, and a dense layer with weights $V$ follow, then
#
# $$ \sum_c \sigma(\theta_c)\,z_c\,V_{cj} = \sum_c z_c\,V'_{cj} \qquad\text{with}\qquad V'_{cj} = \sigma(\theta_c)\,V_{cj} $$
#
# so the dense layer could compute the same without it. Should it gain, the gain comes from easier training.

# %% [markdown]
# ### Exercise · `blind_gate`
# **{{worth:blind_gate}} · medium**
#
# In: a KerasTensor `x` (B, H, W, C); H and W may be unknown. Out: a KerasTensor of the same shape in which channel $c$
# is multiplied by $\sigma(\theta_c)$, the same for every image and every position. The C numbers $\theta_c$ are
# trainable, and all the weights that the block has. Each call makes numbers of its own. An open task: how you make
# them, and where they start, is up to you.

# %% answer="blind_gate" minutes=25
def blind_gate(x):
    """x (B, H, W, C) with each channel multiplied by a learned gate that is the same for every image."""
    # a tensor of x's shape
    ### BEGIN SOLUTION
    class BlindGate(Gate):
        def build(self, map_shape):
            self.numbers = self.add_weight((map_shape[-1],), initializer="zeros", name="numbers")

        def gate(self, maps):
            return self.open_by(self.numbers)

    return BlindGate()(x)
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Only layers own weights that a model can train. So the numbers need a layer:
# one of your own, or a layer of Keras that is fed with something that never changes.</details>
# <details><summary>Hint: the plan</summary>A class that inherits from <code>keras.layers.Layer</code>, or from
# <code>Gate</code> above: <code>build(self, shape)</code> makes the numbers with <code>self.add_weight</code>, and
# <code>call</code> or <code>gate</code> uses them. The function makes one and calls it on <code>x</code>.</details>
# <details><summary>Hint: the other way</summary>A dense layer without bias that is fed with a single 1 gives back its
# kernel. Where does a 1 that belongs to the graph come from? <code>keras.ops.ones_like</code> of a piece of
# <code>x</code>.</details>

# %%
def with_numbers(x, numbers):
    """blind_gate on an array, its weights filled with these numbers (C,)."""
    inputs = keras.Input((None, None, x.shape[-1]))
    model = keras.Model(inputs, blind_gate(inputs))
    check_equal(model.count_params(), x.shape[-1], rule="one weight for each channel, and no others")
    model.weights[0].assign(np.reshape(numbers, model.weights[0].shape))
    return model, keras.ops.convert_to_numpy(model(x))


hand_numbers = np.array([0.0, math.log(3), -math.log(3), 30.0])                       # gates 1/2, 3/4, 1/4 and 1

# %% tags=["demo"]
with waits_for(blind_gate):
    compare(lambda x: with_numbers(x, hand_numbers)[1], target=photo * [0.5, 0.75, 0.25, 1], inputs=(photo,),
            gate=np.array([0.5, 0.75, 0.25, 1]), names=["red", "green", "blue", "grey"],
            title="Four learned numbers: gates 1/2, 3/4, 1/4 and 1",
            alt="Four channels of a photograph; when your block is right, above their gates, which are the same at all "
            "positions, and the gated channels.")

# %% check="blind_gate"
cube = np.cos(np.arange(4 * 4 * 4 * 4) ** 1.3).reshape(4, 4, 4, 4).astype("float32") - 0.3
check_type(blind_gate(keras.Input((4, 6, 16))), "KerasTensor")
check_shape(blind_gate(keras.Input((4, 6, 16))), (None, 4, 6, 16), rule="a block does not change the shape")
check_equal(keras.Model(inputs := keras.Input((5, 6, 4)), blind_gate(inputs)).count_params(), 4,
            rule="one weight for each channel, and no others")
model, got = with_numbers(cube, hand_numbers)
check_equal(len(model.trainable_weights), 1, rule="the numbers can be trained")
check_close(got, cube * [0.5, 0.75, 0.25, 1], rule="channel c times the sigmoid of its number, at each position of each image")
with tf.GradientTape() as tape:
    total = keras.ops.sum(model(cube))
slope = tape.gradient(total, model.trainable_weights[0].value)
check_equal(slope is not None, True, rule="a gradient reaches the numbers")
inputs = keras.Input((5, 6, 4))
check_equal(keras.Model(inputs, blind_gate(blind_gate(inputs))).count_params(), 8, rule="each call has numbers of its own")
passed("blind_gate")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** A `keras.Variable` outside a layer: it is a constant to the model, which has no weights then. A
# dense layer on the mean: C² weights, and it sees the image. One number for all channels. A layer kept outside the
# function. `keras.ops.ones((1, C))` instead of `ones_like`: Keras layers need a tensor of the graph.

# %% [markdown]
# ## 3 · How sure is a difference?
#
# The same network has another accuracy with another seed, because the seed decides the first weights and the pictures.
# So a gap between two networks has to be compared with the gap between two seeds.
#
# ### 3.1 Pairing
#
# Let $a_i$ and $b_i$ be the accuracies of two networks with seed $i$, on the same pictures in the same order. Write
#
# $$ a_i = \alpha + \eta_i + e_i \qquad\qquad b_i = \beta + \eta_i + f_i $$
#
# with a part $\eta_i$ that belongs to the seed, and parts $e_i$, $f_i$ of each run's own. We want
# $\delta = \alpha - \beta$. The difference within a seed, $d_i = a_i - b_i = \delta + e_i - f_i$, has lost $\eta_i$, so
# its variance is
#
# $$ \operatorname{var}(d_i) = \operatorname{var}(e) + \operatorname{var}(f) $$
#
# Without pairing $2\operatorname{var}(\eta)$ comes on top. If instead a seed that is lucky for one network is unlucky for
# the other, pairing *widens* the interval.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Twelve simulated experiments of five seeds each, not paired and paired
random = np.random.default_rng(5)
runs = 3 * random.normal(size=(12, 5, 1)) + random.normal(size=(12, 5, 2)) + [2.0, 0.0]      # a is better by 2 points
middles = (runs[:, :, 0] - runs[:, :, 1]).mean(axis=1)
errors = {"not paired": np.sqrt(runs.var(axis=1, ddof=1).sum(axis=1) / 5),
          "paired": (runs[:, :, 0] - runs[:, :, 1]).std(axis=1, ddof=1) / np.sqrt(5)}
figure, axes = plt.subplots(1, 2, figsize=(8.6, 2.9), layout="constrained", sharex=True, sharey=True)
for axis, (name, error) in zip(axes, errors.items(), strict=True):
    axis.errorbar(middles, range(12), xerr=2.776 * error, fmt="ks", ms=4, capsize=3, lw=1)
    axis.axvline(2, color="0.5", ls="--", lw=1)
    axis.axvline(0, color="0.5", lw=1)
    axis.set(title=f"{name}: mean half width {2.776 * error.mean():.1f}", xlabel="a - b, points (dashed: the truth)", yticks=[])
show(figure, alt="Twelve simulated experiments as points with 95 percent intervals, around a dashed line at the true "
     f"difference of 2. Left, not paired, mean half width {2.776 * errors['not paired'].mean():.1f}; right, the same points "
     f"paired, {2.776 * errors['paired'].mean():.1f}.")

# %% [markdown]
# Here $\eta$ has a standard deviation of 3 points, $e$ and $f$ of 1, so pairing narrows the intervals by about
# $\sqrt{(1 + 1 + 2 \cdot 9) / (1 + 1)} = 3.2$.
#
# ### 3.2 From a mean to an interval
#
# The standard deviation of $n$ differences is estimated by
#
# $$ \operatorname{sd}(d)^2 = \frac{1}{n-1} \sum_{i=1}^{n} (d_i - \bar d)^2 $$
#
# and their mean scatters $\sqrt n$ times less: its **standard error** is $\operatorname{sd}(d)/\sqrt n$. If the true
# deviation were known, 95 % of all means would lie within 1.96 standard errors of $\delta$. But it is estimated from
# few numbers, so for normal differences 1.96 gives way to a larger number $t_{n-1}$ from the table of Student's
# distribution with $n - 1$ **degrees of freedom**, which gives the 95 % **confidence interval**
#
# $$ \bar d \pm t_{n-1} \frac{\operatorname{sd}(d)}{\sqrt n} $$

# %% tags=["given"]
# 95 % of Student's t with this many degrees of freedom lie between minus and plus this number
T_95 = {1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764, 5: 2.5706,
        6: 2.4469, 7: 2.3646, 8: 2.3060, 9: 2.2622, 10: 2.2281}

# %% [markdown]
# **By hand.** Three seeds, $a = (82, 85, 83)$ and $b = (81, 83, 80)$ percent. The differences are 1, 2, 3: mean 2,
# standard deviation 1, standard error $1/\sqrt3 = 0.577$, half width $4.3027 \cdot 0.577 = 2.484$. The interval goes
# from $-0.484$ to $4.484$: network a won with every seed, and the interval still contains zero.

# %% [markdown]
# ### Exercise · `paired_difference`
# **{{worth:paired_difference}} · medium**
#
# In: `a` and `b`, two arrays or lists of $n$ results each, $n$ from 2 to 11; entry $i$ of both belongs to seed $i$.
# Out: a tuple `(mean, low, high)` of three Python floats: the mean of $a - b$ and the two ends of its 95 % Student-t
# interval. NumPy and the table `T_95`.

# %% answer="paired_difference" minutes=15
def paired_difference(a, b):
    """(mean, low, high) of a - b, seed by seed: the 95 % Student-t interval as Python floats."""
    # three floats: the mean of the differences and the two ends of its interval
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

# %% tags=["demo"]
hand_a, hand_b = np.array([82.0, 85, 83]), np.array([81.0, 83, 80])
compare(lambda a, b: np.array([paired_difference(a, b)]), target=[[2, -0.48414, 4.48414]], inputs=(hand_a, hand_b),
        title="The case worked by hand", names=["mean", "low", "high"],
        alt="Bars of mean, low and high of the hand case.")

# %% check="paired_difference"
got = paired_difference(np.array([82.0, 85, 83]), np.array([81.0, 83, 80]))
check_type(got, "tuple")
check_equal(len(got), 3, rule="mean, low, high")
for number in got:
    check_type(number, float, rule="Python's own float: a NumPy number is turned into one by float(...)")
check_close(got, [2, -0.48414, 4.48414], rule="worked by hand: 2 - 2.484, 2 + 2.484", tolerance=1e-3)
check_close(paired_difference([5.0, 3, 6, 4, 7], [4.0, 1, 3, 3, 4]), [2, 0.75834, 3.24166],
            rule="differences 1, 2, 3, 1, 3: the standard deviation is 1, and t is 2.7764", tolerance=1e-3)
check_close(paired_difference([1.0, 2, 3, 4], [3.0, 4, 5, 6]), [-2, -2, -2], rule="equal differences: no width, and a sign")
noisy = [50.0, 70, 60, 90, 80]
check_close(paired_difference(noisy, np.subtract(noisy, [1, 1, 4, 1, 3])), [2, 0.24403, 3.75597],
            rule="what both runs of a seed share drops out", tolerance=1e-3)
check_close(paired_difference([2.0, 4, 6, 2, 6], [0.0] * 5), [4, 1.51668, 6.48332],
            rule="twice the differences have twice the width", tolerance=1e-3)
given = np.array([82.0, 85, 83])
paired_difference(given, np.array([81.0, 83, 80]))
check_unchanged(np.array([82.0, 85, 83]), given)
passed("paired_difference")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** `np.std` without `ddof=1`: for five seeds the interval is 11 % too narrow. The key `n` instead
# of `n - 1`. 1.96, or 2.776 for any number of seeds. The half width returned instead of the ends. The differences of
# sorted values, which destroys the pairing. NumPy numbers, which print as floats and are not; that costs half a point.

# %% [markdown]
# ### 3.3 Does the interval keep its promise?
#
# "95 %" is a claim about the recipe: repeat the whole experiment many times, and 95 % of the intervals contain the
# truth. Where the truth is known, as in a simulation, we can count.
#
# **Predict.** With five seeds and 1.96 instead of 2.776, how many of 100 intervals contain the truth?

# %% tags=["demo", "prediction"]
my_coverage = None  # a number from 0 to 100: intervals of 100 that contain the truth, five seeds and 1.96. None skips it

# %% tags=["demo"]
counts_of_seeds = [2, 3, 5, 8, 11]
coverage = {"1.96": [], "Student's t": []}
with waits_for(paired_difference):
    for count in counts_of_seeds:
        a, b = random.normal(size=(2, 6000, count)) + [[[2.0]], [[0.0]]]                     # the truth is 2
        intervals = np.array([paired_difference(one, other) for one, other in zip(a, b, strict=True)])
        half_widths = intervals[:, 2] - intervals[:, 0]
        for name, factor in [("1.96", 1.96 / T_95[count - 1]), ("Student's t", 1.0)]:
            coverage[name].append(np.mean(np.abs(intervals[:, 0] - 2) <= factor * half_widths))
    compare_guess(my_coverage, 100 * coverage["1.96"][2], "intervals of 100 with the truth")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title How often the interval contains the truth
if len(coverage["1.96"]) == len(counts_of_seeds):
    figure, axis = plt.subplots(figsize=(7.2, 3.0), layout="constrained")
    for (name, shares), style, below in zip(coverage.items(), ["k^--", "ks-"], [True, False], strict=True):
        axis.plot(counts_of_seeds, shares, style, mfc="w", ms=7)
        for count, share in zip(counts_of_seeds, shares, strict=True):
            axis.annotate(f"{share:.1%}", (count, share), (8 if below else 0, -17 if below else 7),
                          textcoords="offset points", ha="center", fontsize=9)
        axis.text(11.8, shares[-1] + (0.004 if below else 0.022), name, va="center", fontsize=10)
    axis.axhline(0.95, color="0.5", lw=1, zorder=0)
    axis.set(xlabel="number of seeds", ylabel="intervals with the truth", xlim=(1.3, 13.8), ylim=(0.62, 1.02),
             xticks=counts_of_seeds)
    axis.set_title("6,000 simulated experiments for each number of seeds")
    draw_guess(axis, None if my_coverage is None else my_coverage / 100, along="y")
    told = "; ".join(f"{name}: " + ", ".join(f"{share:.1%}" for share in shares) for name, shares in coverage.items())
    show(figure, alt=f"Share of simulated intervals that contain the truth, for 2, 3, 5, 8 and 11 seeds. {told}.")

# %% [markdown]
# Student's value is made to keep the promise; 1.96 promises too much.
#
# **What five seeds can show.** The half width is $2.776/\sqrt5 = 1.24$ standard deviations of the paired differences. A
# smaller gap often leaves zero inside its interval, which does not refute the gap: it is *not resolved*.
#
# **Several comparisons.** Compare nine networks, called **arms**, with a tenth. If nothing helps, at least one of nine
# independent intervals still leaves zero out in $1 - 0.95^9 = 37\,\%$ of experiments. **Bonferroni's** correction
# divides the 5 % by the number of intervals; then all hold together in at least 95 %. A claim about one of several arms
# rests on the corrected interval, the thin bar in our figures.

# %% [markdown]
# **Reflection · a claim from one run**
#
# **{{worth:reflect-claim}} · in your own words**
#
# A report says: "With attention our network reaches 78.1 %, without it 76.9 %, so attention brings 1.2 points." Each
# number is one run. Five paired seeds of the same setting give differences with a mean of 1.2 and a standard deviation
# of 1.5 points. What does the interval say? Which sentence would you write instead of the claim, and what would you do
# next?

# %% [markdown] question="reflect-claim" points=3 minutes=8 row="reflection: a claim from one run"
# ### BEGIN SOLUTION
# The half width is 2.776 x 1.5 / sqrt(5) = 1.86 points, so the interval goes from -0.66 to 3.06. It contains zero: five
# seeds do not tell whether attention helps, and they do not show that it does nothing either.
#
# A sentence that holds: "Over five paired seeds attention changed the accuracy by +1.2 points (95 % interval -0.7 to
# 3.1); a gain of up to 3 points and a small loss are both compatible with our runs."
#
# Next: more seeds, with the number fixed in advance. If the deviation stays at 1.5, a half width below 1.2 needs about
# nine seeds (2.306 x 1.5 / 3 = 1.15). Stopping as soon as the interval leaves zero out would break its promise.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: the interval, about -0.7 to 3.1, and that it contains zero. One point: a sentence that claims
# neither a gain nor its absence. One point: more paired seeds, with the reason (the width falls as the square root of
# n) or the number needed; "train longer" or "choose the best seed" does not count.

# %% [markdown]
# ## 4 · Two worlds, one difference
#
# An image is **four views** of a canvas of 16 x 16 pixels with one handwritten digit of 8 x 8 somewhere on it, whose
# class is the label. The views come from four noisy sensors. One works and sees the canvas; the others are broken and
# see its pixels shuffled, at twice the contrast, so they show no digit and are loud.
#
# - In the world **"varies"** the working sensor is drawn anew for each image.
# - In the world **"fixed"** it is always the first.
#
# Of scikit-learn's digits 1,000 are for training, 200 for choosing learning rates, 597 for testing only.

# %% tags=["demo"]
digits = load_digits()
GLYPHS = (digits.images / 16).astype("float32")                                # (1797, 8, 8), from 0 to 1
FIT, CHOOSE, TEST = np.arange(1000), np.arange(1000, 1200), np.arange(1200, 1797)      # no digit serves in two of them
CLASSES, VIEWS, NOISE = 10, 4, 0.1
WORLDS = ("varies", "fixed")

# %% tags=["demo"]
def paste(canvas, patches, corners):
    """Put patches (B, 8, 8) on canvas (B, H, W), top left corners (B, 2)."""
    rows, columns = (corners[:, side, None] + np.arange(8) for side in (0, 1))
    canvas[np.arange(len(canvas))[:, None, None], rows[:, :, None], columns[:, None]] = patches


def clean_canvases(random, count, pool):
    """Pictures (B, 16, 16) with one digit each, from the digits whose numbers are in pool, and labels (B,)."""
    chosen, canvas = random.choice(pool, count), np.zeros((count, 16, 16), "float32")
    paste(canvas, GLYPHS[chosen], random.integers(0, 9, size=(count, 2)))
    return canvas, digits.target[chosen]


def shuffled(pictures, random):
    """The same grey values in other places, picture by picture."""
    return random.permuted(pictures.reshape(len(pictures), -1), axis=1).reshape(pictures.shape)


def four_views(random, count, pool, world, contrast=2.0):
    """Views (B, 4, 16, 16), labels (B,), and the number of the working view (B,)."""
    canvas, labels = clean_canvases(random, count, pool)
    works = random.integers(0, VIEWS, count) * (world == "varies")
    seen = [np.where((works == view)[:, None, None], canvas, contrast * shuffled(canvas, random)) for view in range(VIEWS)]
    views = np.stack(seen, axis=1)
    return views + NOISE * random.standard_normal(views.shape, "float32"), labels, works


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Three images of each world, four views each
figure, axes = plt.subplots(3, 9, figsize=(9.4, 3.3), layout="constrained", width_ratios=[1] * 4 + [0.25] + [1] * 4)
for left, world in ((0, "varies"), (5, "fixed")):
    views, labels, works = four_views(np.random.default_rng(4), 3, TEST, world)
    for row, view in np.ndindex(3, VIEWS):
        axis = axes[row, left + view]
        draw_map(axis, views[row, view], f"view {view + 1}" if row == 0 else "", 0, 1.2)
        if view == works[row]:
            axis.set_xlabel(f"works: {labels[row]}", fontsize=9)
for axis in axes[:, 4]:
    axis.axis("off")
figure.suptitle("world \"varies\"" + " " * 62 + "world \"fixed\"")
show(figure, alt="Three images of each world, as rows of four small pictures. One view of each image shows a digit; the other three "
     "show bright scattered pixels. On the left the view with the digit changes from row to row, on the right it is "
     "always the first.")

# %% [markdown]
# **A frozen trunk.** A **trunk** is a network without its last layers. Ours has three convolutions. It is trained once
# per seed, on clean canvases with one view, and then frozen for both worlds and all arms. The views go through them one by one; the four maps of 4 x 4 x 32 are stacked to 128
# channels, of which 32 hold the digit. Only the arm and one dense layer on the mean over positions are trained.
#
# A channel gate is the same at all positions, so it comes out of the mean:
#
# $$ \frac1{HW}\sum_{h,w} g_c\,x_{hwc} = g_c\,z_c $$
#
# SE and ECA read $z$ alone as well, so only CBAM needs the maps.

# %% tags=["demo"]
pictures = keras.Input((None, None, 1))
trunk_map = pictures
for filters, stride in ((16, 2), (32, 1), (32, 2)):
    trunk_map = keras.layers.Conv2D(filters, 3, stride, padding="same", activation="relu")(trunk_map)
trunk = keras.Model(pictures, trunk_map)
reader = keras.Model(pictures, keras.layers.Dense(CLASSES)(keras.layers.GlobalAveragePooling2D()(trunk_map)))
CANVASES, PASSES = 6000, 12
reader.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.005, CANVASES * PASSES // 64)),
               keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
reader.optimizer.build(reader.trainable_variables)
at_rest = [variable.numpy() for variable in reader.optimizer.variables]


def train_trunk(seed):
    """New weights from the seed for the trunk, trained on clean canvases."""
    keras.utils.set_random_seed(seed)
    reader.set_weights(keras.models.clone_model(reader).get_weights())
    for variable, value in zip(reader.optimizer.variables, at_rest, strict=True):
        variable.assign(value)
    canvas, labels = clean_canvases(np.random.default_rng(seed), CANVASES, FIT)
    reader.fit(canvas[..., None], labels, batch_size=64, epochs=PASSES, verbose=0)


run_trunk = tf.function(lambda pictures: trunk(pictures, training=False), reduce_retracing=True)


def through_trunk(pictures):
    """Maps (B, h, w, 32) of pictures (B, H, W), in portions."""
    return np.concatenate([run_trunk(part).numpy() for part in np.array_split(pictures[..., None], len(pictures) // 1000)])


# %% tags=["demo"]
IMAGES, TESTED = 5000, 1500


def frozen_maps(seed, world, pool, contrast=2.0):
    """Maps of both parts, digits to fit and those of pool: maps, their means, the means of the working view alone."""
    parts, scale = {}, None
    for part, (chosen, count) in enumerate(((FIT, IMAGES), (pool, TESTED))):
        views, labels, works = four_views(np.random.default_rng([seed, part]), count, chosen, world, contrast)
        maps = through_trunk(views.reshape(-1, 16, 16)).reshape(count, VIEWS, 4, 4, 32)
        maps = maps.transpose(0, 2, 3, 1, 4).reshape(count, 4, 4, VIEWS * 32)
        scale = maps.std(axis=(0, 1, 2)) + 1e-3 if scale is None else scale           # of the digits to fit, for both
        means = (maps / scale).mean(axis=(1, 2), keepdims=True)
        working = means * np.eye(VIEWS, dtype="float32")[works].repeat(32, axis=1)[:, None, None]
        for kind, values in (("maps", maps / scale), ("means", means), ("told", working)):
            parts.setdefault(kind, []).append((tf.constant(values), tf.constant(labels, tf.int32)))
        parts["works"] = works                                                        # of the second part
    return parts


# %% [markdown]
# **The arms.** None, SE, ECA, CBAM; the controls of section 2; and one arm that is *told* which view works: its head
# reads the 32 right channels and zeros, so no gate can choose views better.

# %% tags=["demo"]
class Added(keras.layers.Layer):
    """SE's two layers, weight for weight, but their output is added to the map instead of gating it."""

    def build(self, shape):
        self.reduce = keras.layers.Dense(shape[-1] // 4, activation="relu", name="reduce")
        self.last = keras.layers.Dense(shape[-1], name="last")
        self.reduce.build(shape)
        self.last.build((*shape[:-1], shape[-1] // 4))

    def call(self, x):
        return x + self.last(self.reduce(keras.ops.mean(x, axis=(1, 2), keepdims=True)))


ARMS = {name: lambda x, name=name: attach(name, x) for name in ("none", "se", "eca", "cbam")}
ARMS |= {"constant 1/2": lambda x: 0.5 * x, "constant 1/4": lambda x: 0.25 * x, "blind": lambda x: blind_gate(x),
         "added": lambda x: Added()(x), "dense head": lambda x: x, "told": lambda x: x}
WORLD_ARMS = tuple(ARMS)


def network(name, shape):
    """Logits from frozen maps of this shape: the named arm, the mean over positions, one dense layer."""
    maps = keras.Input(shape)
    x = keras.layers.GlobalAveragePooling2D()(ARMS[name](maps))
    if name == "dense head":                                 # as many weights as SE and its head together, nearly
        wanted = 2 * shape[-1] * (shape[-1] // 4) + shape[-1] // 4 + shape[-1] + shape[-1] * CLASSES
        x = keras.layers.Dense(wanted // (shape[-1] + 1 + CLASSES), activation="relu", name="hidden")(x)
    return keras.Model(maps, keras.layers.Dense(CLASSES, name="head")(x))


# %% [markdown]
# **One engine for all arms**: Adam, batches of 64, a rate that falls to 0 along a cosine. First weights are drawn from
# the seed, the layer's *name* and its shape, so weights that two arms share start equal; and all arms see the same
# images in the same order.

# %% tags=["demo"]
BATCH, PIECE, STEPS = 64, 250, 2500


def engine(model):
    """A compiled function: PIECE steps of Adam on (weights, moments, squares, stored statistics)."""
    @tf.function(jit_compile=True)
    def piece(state, first, rate, x, truth, order):
        weights, moments, squares, stored = state
        for step in tf.range(PIECE):
            turn = tf.cast(first + step, tf.float32)
            with tf.GradientTape() as tape:
                tape.watch(weights)
                logits, stored = model.stateless_call(weights, stored, tf.gather(x, order[step]), training=True)
                losses = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.gather(truth, order[step]), logits)
                loss = tf.reduce_mean(losses)
            slopes = tape.gradient(loss, weights)
            moments = [0.9 * m + 0.1 * slope for m, slope in zip(moments, slopes, strict=True)]
            squares = [0.999 * q + 0.001 * slope**2 for q, slope in zip(squares, slopes, strict=True)]
            now = rate * (1 + tf.cos(np.pi * turn / STEPS)) / 2
            now *= tf.sqrt(1 - 0.999 ** (turn + 1)) / (1 - 0.9 ** (turn + 1))
            weights = [w - now * m / (tf.sqrt(q) + 1e-7) for w, m, q in zip(weights, moments, squares, strict=True)]
        return weights, moments, squares, stored

    answer = tf.function(lambda state, x: model.stateless_call(state[0], state[3], x)[0], jit_compile=True)
    return piece, answer


# %% tags=["demo"]
compiled = {}                                                # (arm, shape of a map): model, its fresh weights, engine


def prepare(name, shape):
    """The model of an arm, made and compiled when it is first needed."""
    if (name, shape) not in compiled:
        model = network(name, shape)
        compiled[name, shape] = model, {variable.path: variable.numpy() for variable in model.weights}, engine(model)
    return compiled[name, shape]


def first_state(model, fresh, seed):
    """The state before the first step: kernels from the seed, the layer's name and the shape; the rest as Keras has it."""
    values = dict(fresh)
    for path, value in fresh.items():
        if value.ndim > 1:
            name = re.sub(r"_\d+", "", "/".join(path.split("/")[-2:]))
            limit = math.sqrt(6 / (math.prod(value.shape[:-2]) * sum(value.shape[-2:])))       # Glorot's
            drawn = np.random.default_rng([seed, *value.shape, *name.encode()]).uniform(-limit, limit, value.shape)
            values[path] = drawn.astype("float32")
    weights = [tf.constant(values[variable.path]) for variable in model.trainable_variables]
    zeros = [tf.zeros_like(weight) for weight in weights]
    return weights, zeros, zeros, [tf.constant(values[variable.path]) for variable in model.non_trainable_variables]


# %% tags=["demo"]
def train(name, parts, seed, rate, whole_curve):
    """The accuracy on the second part after every PIECE steps, or at the end alone, and the trained model."""
    (x, truth), (new_x, new_truth) = parts
    model, fresh, (piece, answer) = prepare(name, tuple(x.shape[1:]))
    state, random, curve = first_state(model, fresh, seed), np.random.default_rng(seed), []
    for first in range(0, STEPS, PIECE):
        order = random.integers(0, len(truth), size=(PIECE, BATCH), dtype="int32")
        state = piece(state, tf.constant(first), tf.constant(rate), x, truth, tf.constant(order))
        if whole_curve or first + PIECE == STEPS:
            curve.append(float(np.mean(np.argmax(answer(state, new_x), axis=1) == new_truth)))
    for variable, value in zip(model.trainable_variables + model.non_trainable_variables, state[0] + state[3], strict=True):
        variable.assign(value)
    return curve, model


def train_all(data, seed, rates, whole_curve=True):
    """name -> (curve, model) for the arms in data, a dictionary name -> parts. Two at a time: a run uses one core."""
    for name, parts in data.items():
        prepare(name, tuple(parts[0][0].shape[1:]))
    with ThreadPoolExecutor(2) as pool:
        runs = pool.map(lambda name: train(name, data[name], seed, rates[name], whole_curve), data)
        return dict(zip(data, runs, strict=True))


# %% [markdown]
# **Predict.** In which world does SE gain over no gate, and how much, in percentage points?

# %% tags=["demo", "prediction"]
my_gain_varies = None  # points that SE gains over none where the working view varies. None skips it

# %% tags=["demo", "prediction"]
my_gain_fixed = None  # points that SE gains over none where the working view is fixed. None skips it

# %% [markdown]
# **Tuned fairly.** An arm must not lose because its learning rate suits another. So in each world it gets the best of
# four rates on the 200 digits set aside, over two seeds that are not used afterwards.

# %% tags=["demo"]
SEEDS, RATES, CHOOSING = range(5), (0.003, 0.01, 0.03, 0.1), (100, 101)
KIND = {"cbam": "maps", "told": "told"}                      # which data an arm trains on; all others on the means


def arms_data(parts, names=WORLD_ARMS):
    """name -> what an arm trains on."""
    return {name: parts[KIND.get(name, "means")] for name in names}


def best_rates(data_of):
    """name -> the rate with the best mean accuracy on the digits for choosing; data_of(seed) is what the arms train on."""
    ends = {}
    for seed in CHOOSING:
        trunk.set_weights(trunks[seed])
        data = data_of(seed)
        for rate in RATES:
            for name, (curve, _) in train_all(data, seed, dict.fromkeys(data, rate), False).items():
                ends[name, rate] = ends.get((name, rate), 0) + curve[-1]
    return {name: max(RATES, key=lambda rate: ends[name, rate]) for name in data}


rates, trunks, started = {}, {}, time.time()
with waits_for(attach, blind_gate):
    for seed in CHOOSING:
        train_trunk(seed)
        trunks[seed] = trunk.get_weights()
    for world in WORLDS:
        rates[world] = best_rates(lambda seed, world=world: arms_data(frozen_maps(seed, world, CHOOSE)))
        print(f"{world:7}", ", ".join(f"{name} {rate}" for name, rate in rates[world].items()))
    print(f"done in {time.time() - started:.0f} s")

# %% tags=["demo"]
def mean_gates(model, parts):
    """Row: which view works; column: the mean gate of a view's 32 channels. None if the model has no gate."""
    gates = [layer for layer in model.layers if isinstance(layer, Gate)]
    if not gates:
        return None
    values = np.array(gates[0].gate(parts["means"][1][0]))[:, 0, 0].reshape(-1, VIEWS, 32).mean(axis=2)
    return np.stack([values[parts["works"] == view].mean(axis=0) for view in np.unique(parts["works"])])


scores, curves, seen_gates, severity = {}, {}, {}, {}
OTHERS = (0.5, 4.0)                                          # contrasts of the broken views; 2 is the main experiment
with waits_for(attach, blind_gate):
    started = time.time()
    for seed in SEEDS if rates else ():
        train_trunk(seed)
        trunks[seed] = trunk.get_weights()
        for world in WORLDS:
            parts = frozen_maps(seed, world, TEST)
            runs = train_all(arms_data(parts), seed, rates[world])
            for name, (curve, _) in runs.items():
                curves.setdefault((world, name), []).append(curve)
            seen_gates.setdefault(world, []).append(mean_gates(runs["se"][1], parts))
        for world, contrast in [(world, contrast) for world in WORLDS for contrast in OTHERS]:
            data = arms_data(frozen_maps(seed, world, TEST, contrast), ("none", "se"))
            for name, (curve, _) in train_all(data, seed, rates[world], False).items():
                severity.setdefault((world, contrast, name), []).append(curve[-1])
    scores = {key: [curve[-1] for curve in found] for key, found in curves.items()}
    print(f"trained and tested in {time.time() - started:.0f} s")

# %% tags=["demo"]
def unpaired_half(a, b):
    """Half the width of the interval of the same difference if the seeds were not paired."""
    return T_95[len(a) - 1] * math.sqrt((np.var(a, ddof=1) + np.var(b, ddof=1)) / len(a))


def corrected(count, comparisons):
    """By how much Bonferroni's correction widens the 95 % interval of `count` differences."""
    angles = np.linspace(0, np.pi / 2, 100_001)              # with t = sqrt(n - 1) tan(angle) the density is cos^(n - 2)
    inside = np.cumsum(np.cos(angles) ** (count - 2))
    angle = np.interp(1 - 0.05 / comparisons, inside / inside[-1], angles)
    return math.sqrt(count - 1) * math.tan(angle) / T_95[count - 1]


def gains(scores, names, against="none"):
    """For each name: mean accuracy, then mean, half width, corrected and unpaired half width of its gain, in points."""
    table = {}
    for name in names:
        mean, low, high = paired_difference(scores[name], scores[against])
        half, count = 100 * (high - low) / 2, len(scores[name])
        table[name] = (100 * np.mean(scores[name]), 100 * mean, half, half * corrected(count, len(names)),
                       100 * unpaired_half(scores[name], scores[against]))
    return table


def print_gains(title, scores, table):
    print(f"{title}: none {100 * np.mean(scores['none']):.1f} %")
    print("              accuracy    gain   95 %   corrected   unpaired 95 %")
    for name, (accuracy, mean, half, wide, unpaired) in table.items():
        print(f"{name:13} {accuracy:7.1f} {mean:+8.1f}   +-{half:4.1f}   +-{wide:5.1f}      +-{unpaired:4.1f}")


# %% tags=["demo"]
tables = {}
with waits_for(paired_difference):
    for world in WORLDS if scores else ():
        here = {name: scores[world, name] for name in WORLD_ARMS}
        tables[world] = gains(here, [name for name in WORLD_ARMS if name != "none"])
        print_gains(f"World \"{world}\"", here, tables[world])
if len(tables) == 2:
    compare_guess(my_gain_varies, tables["varies"]["se"][1], "gain of SE where it varies")
    compare_guess(my_gain_fixed, tables["fixed"]["se"][1], "gain of SE where it is fixed")

# %% tags=["demo"]
def draw_gains(axis, table, points, title):
    """Gains over none: seeds as circles, the 95 % interval as a thick bar, the corrected one as a thin one."""
    for height, (name, (_, mean, half, wide, _)) in enumerate(table.items()):
        axis.plot(points[name], height + 0.28 + np.linspace(-0.1, 0.1, len(points[name])), "o", mfc="w", mec="0.4", ms=4)
        axis.plot([mean - wide, mean + wide], [height] * 2, "k", lw=1)
        axis.plot([mean - half, mean + half], [height] * 2, "k", lw=3.5, solid_capstyle="butt")
        axis.plot(mean, height, "s", mfc="w", mec="k", ms=6)
    axis.axvline(0, color="0.4", lw=1)
    axis.set(title=title, xlabel="gain over none, points", ylim=(len(table) - 0.4, -0.6), yticks=range(len(table)))
    axis.set_yticklabels(table)


def points_of(scores, table):
    """The gain of each seed, in points."""
    return {name: 100 * (np.array(scores[name]) - np.array(scores["none"])) for name in table}


def in_words(table):
    """The gains as words, for an alt text."""
    return ", ".join(f"{name} {mean:+.1f} ({half:.1f}; {wide:.1f})" for name, (_, mean, half, wide, _) in table.items())


if len(tables) == 2:
    figure, axes = plt.subplots(1, 2, figsize=(9.4, 4.4), layout="constrained", sharex=True, sharey=True)
    for axis, world, guess in zip(axes, WORLDS, (my_gain_varies, my_gain_fixed), strict=True):
        here = {name: scores[world, name] for name in WORLD_ARMS}
        draw_gains(axis, tables[world], points_of(here, tables[world]), f"\"{world}\": none {100 * np.mean(here['none']):.1f} %")
        draw_guess(axis, guess, label="your prediction for SE")
    show(figure, alt="Gain over no gate in points for each arm, with half widths of the 95 percent and the corrected interval in "
         f"brackets. Where the working view varies: {in_words(tables['varies'])}. Where it is fixed: {in_words(tables['fixed'])}.")

# %% [markdown]
# Each world is the control of the other.
#
# - Where the sensor is **fixed**, a dense layer can set the weights of three views to zero once and for all. "Told"
#   shows what even a perfect choice could add.
# - Where it **varies**, no fixed weights, blind gates or constants can know which view to trust. A gate can, because it
#   sees the image before it multiplies.
# - The added layers and the dense head see the image, too. What they gain is the gain of a second layer; what SE has
#   above them, printed below with its interval, is the gain of the *product*.

# %% tags=["demo"]
def verdict(mean, wide):
    """What an interval says of a gain."""
    return "not resolved" if abs(mean) <= wide else "a gain" if mean > 0 else "a loss"


if len(tables) == 2:
    for world in WORLDS:
        print(f"\"{world}\", corrected for {len(tables[world])} comparisons:")
        print("  " + "; ".join(f"{name}: {verdict(mean, wide)}" for name, (_, mean, _, wide, _) in tables[world].items()))
        for rival in ("added", "dense head"):
            mean, low, high = (100 * it for it in paired_difference(scores[world, "se"], scores[world, rival]))
            print(f"  se minus {rival}: {mean:+.1f} points, 95 % interval {low:+.1f} to {high:+.1f}, not corrected")
    narrower = sum(half < unpaired for world in WORLDS for _, _, half, _, unpaired in tables[world].values())
    print(f"pairing made {narrower} of {2 * len(tables['varies'])} intervals narrower, and the others wider")

# %% [markdown]
# **What may be said.** These intervals speak about new seeds of *this* plan: new trunks, images and first weights, with
# these 597 test digits, this network and this budget.
#
# ### 4.1 How broken must a sensor be?
#
# Where the working view varies, louder broken views bring more noise into every fixed weighting, so a gate's gain
# should grow with their contrast. Where it is fixed, the weights can shut them out. The rates are those of contrast 2,
# the bars single 95 % intervals.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Gain over no gate against the contrast of the broken views
if severity and len(tables) == 2:
    figure, axis = plt.subplots(figsize=(6.4, 3.2), layout="constrained")
    contrasts, words = sorted((2.0, *OTHERS)), []
    for world, style in zip(WORLDS, ("ks-", "ko--"), strict=True):
        base, found = ([scores[world, name] if contrast == 2 else severity[world, contrast, name] for contrast in contrasts]
                       for name in ("none", "se"))
        ends = 100 * np.array([paired_difference(one, other) for one, other in zip(found, base, strict=True)])
        shares = ", ".join(f"{100 * np.mean(it):.0f}" for it in base)
        axis.errorbar(contrasts, ends[:, 0], yerr=ends[:, 2] - ends[:, 0], fmt=style, mfc="w", ms=6, capsize=3, lw=1,
                      label=f"\"{world}\"; none: {shares} %")
        words.append(f"{world} " + ", ".join(f"{mean:+.1f}" for mean in ends[:, 0]))
    axis.axhline(0, color="0.4", lw=1)
    axis.set(xlabel="contrast of the broken views", ylabel="SE's gain over none, points", xscale="log")
    axis.set_xticks(contrasts, [f"{contrast:g}" for contrast in contrasts])
    axis.minorticks_off()
    axis.legend(frameon=False)
    show(figure, alt=f"SE's mean gain over none in points at contrasts 0.5, 2 and 4 of the broken views: {'; '.join(words)}.")

# %% [markdown]
# ### 4.2 What did the gates do?
#
# Each row holds the images in which one view works. A gate that finds that view is brighter on the diagonal.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title SE's mean gate for each view, by which view works
found = {world: [it for it in seen_gates.get(world, []) if it is not None] for world in WORLDS}
if all(found.values()):
    means = {world: np.mean(found[world], axis=0) for world in WORLDS}
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.0), layout="constrained")
    for axis, world in zip(axes, WORLDS, strict=True):
        drawn = axis.imshow(means[world], vmin=0, vmax=1, cmap="gray")
        for row, column in np.ndindex(means[world].shape):
            value = means[world][row, column]
            axis.text(column, row, f"{value:.2f}", ha="center", va="center", color="k" if value > 0.5 else "w")
        axis.set(title=f"\"{world}\"", xlabel="gates of view", ylabel="works: view", xticks=range(4), yticks=range(len(means[world])))
        axis.set_xticklabels(range(1, 5))
        axis.set_yticklabels(range(1, 1 + len(means[world])))
    figure.colorbar(drawn, ax=axes.tolist(), fraction=0.05)
    diagonal, rest = np.eye(4, dtype=bool), means["varies"]
    on, off, first = rest[diagonal].mean(), rest[~diagonal].mean(), means["fixed"][0]
    show(figure, alt=f"Mean gates of SE by view, five seeds. Where the working view varies: {on:.2f} for the view that works, "
         f"{off:.2f} for the others. Where it is fixed: {first[0]:.2f} for the first view, {first[1:].mean():.2f} for the others.")
    print(f"varies: gates of the working view {on:.2f}, of the others {off:.2f}; "
          f"fixed: of the first view {first[0]:.2f}, of the others {first[1:].mean():.2f}")

# %% [markdown]
# ### 4.3 Was it the end, or only the start?
#
# A fresh gate is near one half, a fresh CBAM near a quarter, so a short training compares starts. The constants are
# damped as much and do nothing else.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Test accuracy during training, and the lag of the constants
if curves:
    steps_done = np.arange(PIECE, STEPS + 1, PIECE)
    figure, axes = plt.subplots(1, 2, figsize=(9.4, 3.4), layout="constrained")
    styles = {"none": "k-", "constant 1/4": "k:", "se": "ks-", "eca": "ko--", "cbam": "k^-.", "added": "kx-", "told": "k--"}
    for axis, world in zip(axes, WORLDS, strict=True):
        for name, style in styles.items():
            axis.plot(steps_done, 100 * np.mean(curves[world, name], axis=0), style, ms=4, mfc="w", lw=1, label=name)
        axis.set(title=f"\"{world}\"", xlabel="steps")
    axes[0].set_ylabel("test accuracy, %")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=7, fontsize=9)
    late = {key: 100 * np.mean(np.array(found)[:, -1] - np.array(found)[:, -1 - len(steps_done) // 4])
            for key, found in curves.items()}
    lag = {world: [100 * np.mean(np.array(curves[world, "constant 1/4"]) - np.array(curves[world, "none"]), axis=0)[place]
                   for place in (0, -1)] for world in WORLDS}
    show(figure, alt="Mean test accuracy against training steps. All curves rise steeply and then flatten; in the last quarter of the "
         f"steps none of the {len(late)} gains more than {max(late.values()):.1f} points.")
    print(f"in the last quarter the accuracy of an arm rises by {max(late.values()):.1f} points at most")
    for world, (early, end) in lag.items():
        print(f"\"{world}\": the constant 1/4 is {early:+.1f} points from none after {PIECE} steps, {end:+.1f} at the end")

# %% [markdown]
# ## 5 · Where: decoys
#
# ### 5.1 A share, against chance
#
# A picture of a gate is easy to admire. A number is better: the **mass**, the share of the gate's sum that lies inside
# the digit's box. A box has the rows `top:bottom` and the columns `left:right`, half open as in Python.
#
# A gate that is the same at all positions has a mass equal to the box's share of the area, the **chance level**. So has
# every gate of SE and ECA, *whatever they learn*.
#
# **By hand.** In `hand_gate` below, the box with top 0, left 1, bottom 2, right 3 holds $0.6 + 0.7 + 0.8 + 0.3 = 2.4$
# of $4.0$: a mass of 0.6, on a third of the area.

# %%
hand_gate = np.array([[[0.1, 0.6, 0.7, 0.1],
                       [0.2, 0.8, 0.3, 0.2],
                       [0.4, 0.2, 0.3, 0.1]]])               # (1, 3, 4)
hand_boxes = np.array([[0, 1, 2, 3]])                        # (1, 4): top, left, bottom, right

# %% [markdown]
# ### Exercise · `mass_inside`
# **{{worth:mass_inside}} · easy**
#
# In: `gate` (B, H, W), positive numbers, and `boxes` (B, 4), integers top, left, bottom, right, half open. Out: shape
# (B,), the share of each gate's sum that lies inside its own box. NumPy only; a loop over the images is fine.

# %% answer="mass_inside" minutes=10
def mass_inside(gate, boxes):
    """The share of each gate (B, H, W) inside its box (B, 4): top, left, bottom, right, half open. Returns (B,)."""
    # one share for each image, of its own gate and its own box
    ### BEGIN SOLUTION
    inside = [g[top:bottom, left:right].sum() for g, (top, left, bottom, right) in zip(gate, boxes, strict=True)]
    return np.array(inside) / gate.sum(axis=(1, 2))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Two sums for each image: inside, and everywhere. Their ratio is the
# answer.</details>
# <details><summary>Hint: the shapes</summary>One gate is (H, W), one box (4,). A slice of rows and a slice of columns cut
# the box out. Python slices are half open, as the boxes are.</details>
# <details><summary>Hint: nearly code</summary><code>for one, box in zip(gate, boxes)</code>, then <code>top, left, bottom,
# right = box</code>. Which two of the four belong to the rows?</details>
# <details><summary>"expected: 1 axes, shape (1,)", "came: 3 axes, shape (1, 3, 4)"</summary>A whole gate is divided
# by, not its sum; the sum goes over both axes of place.</details>

# %% check="mass_inside"
got = mass_inside(hand_gate, hand_boxes)
check_type(got, np.ndarray)
check_shape(got, (1,), rule="one share for each image")
check_close(got, [0.6], rule="worked by hand: 2.4 of 4.0")
flat = np.full((3, 5, 8), 0.3)
corners = np.array([[0, 0, 5, 8], [1, 2, 3, 7], [4, 0, 5, 4]])
check_close(mass_inside(flat, corners), [1, 0.25, 0.1], rule="a constant gate has the share of the area")
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
# ### 5.2 One digit among six decoys
#
# A canvas of 32 x 32 pixels holds one digit and six decoys: other digits, their 64 pixels shuffled. The trunks of
# section 4 give maps of 8 x 8 x 32, and the head reads the mean over positions. The box covers $64/1024 = 0.0625$ of
# the canvas.

# %% tags=["demo"]
SIDE, DECOYS = 32, 6


def decoy_scenes(random, count, pool):
    """Pictures (B, 32, 32) of a digit among six shuffled ones, labels (B,) and the digits' boxes (B, 4)."""
    cells = np.argsort(random.random((count, 9)), axis=1)[:, :DECOYS + 1]                  # seven of nine places
    corners = 10 * np.stack([cells // 3, cells % 3], axis=-1) + 1 + random.integers(0, 3, size=(count, DECOYS + 1, 2))
    chosen, canvas = random.choice(pool, (count, DECOYS + 1)), np.zeros((count, SIDE, SIDE), "float32")
    for item in range(DECOYS + 1):
        patches = GLYPHS[chosen[:, item]]
        paste(canvas, shuffled(patches, random) if item else patches, corners[:, item])
    boxes = np.concatenate([corners[:, 0], corners[:, 0] + 8], axis=1)
    return canvas + NOISE * random.standard_normal(canvas.shape, "float32"), digits.target[chosen[:, 0]], boxes


def decoy_maps(seed, pool):
    """Both parts, digits to fit and those of pool, as (maps, labels); pictures and boxes of the second."""
    parts, scale = [], None
    for part, (chosen, count) in enumerate(((FIT, IMAGES), (pool, TESTED))):
        scenes, labels, boxes = decoy_scenes(np.random.default_rng([seed, 10 + part]), count, chosen)
        maps = through_trunk(scenes)
        scale = maps.std(axis=(0, 1, 2)) + 1e-3 if scale is None else scale
        parts.append((tf.constant(maps / scale), tf.constant(labels, tf.int32)))
    return parts, scenes, boxes


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Four scenes with the box of the digit
def draw_box(axis, box):
    """Outline a box on a drawn map."""
    top, left, bottom, right = (side - 0.5 for side in box)
    for color, width in (("k", 3.2), ("w", 1.4)):
        axis.add_patch(plt.Rectangle((left, top), right - left, bottom - top, fill=False, ec=color, lw=width))


pictured, labels, boxes = decoy_scenes(np.random.default_rng(900), 4, TEST)
figure, axes = plt.subplots(1, 4, figsize=(8.6, 2.4), layout="constrained")
for axis, scene, label, box in zip(axes, pictured, labels, boxes, strict=True):
    draw_map(axis, scene, f"label {label}", 0, 1)
    draw_box(axis, box)
show(figure, alt="Four dark canvases. Each holds seven bright patches of 8 by 8 pixels; one of them, outlined, is a handwritten digit, "
     "the other six are scattered pixels.")

# %% [markdown]
# **The arms.** Beside none, SE, CBAM and the dense head there are
#
# - **place**, CBAM's spatial gate alone;
# - **place + norm** and **cbam + norm**, with the authors' batch norm before the sigmoid (notebook 04);
# - **mixture**: the sigmoid of one learned mixture of all channels (scSE, Roy et al., arXiv 1803.02579);
# - **attention pooling**: a learned number $q_c$ for each channel gives each position a logit, and a softmax over
#   positions turns the logits into weights that sum to 1 (GCNet, Cao et al., arXiv 1904.11492, its context modelling):
#
# $$ g_{hw} = \frac{\exp\big(\sum_c q_c\,x_{hwc}\big)}{\sum_{h'=1}^{H}\sum_{w'=1}^{W} \exp\big(\sum_c q_c\,x_{h'w'c}\big)}
# \qquad\qquad \text{the head reads} \quad \sum_{h=1}^{H}\sum_{w=1}^{W} g_{hw}\,x_{hwc} $$

# %% tags=["demo"]
class AttentionPool(Gate):
    """(B, H, W, 1): a softmax over positions; it is multiplied by H W, so that the mean behind it is the weighted sum."""

    def build(self, shape):
        self.query = self.add_weight((shape[-1],), initializer="zeros", name="query")
        self.places = shape[1] * shape[2]

    def gate(self, x):
        logits = keras.ops.reshape(keras.ops.matmul(x, self.query[:, None]), (-1, self.places))
        return self.places * keras.ops.reshape(keras.ops.softmax(logits), (-1, *x.shape[1:3], 1))


class MixtureGate(Gate):
    """(B, H, W, 1): a learned mixture of the channels at each position, through a sigmoid."""

    def build(self, shape):
        self.last = keras.layers.Dense(1, name="last")                   # for each position: a 1 x 1 convolution
        self.last.build(shape)

    def gate(self, x):
        return self.open_by(self.last(x))


DECOY_ARMS = ("none", "se", "dense head", "place", "place + norm", "cbam", "cbam + norm", "mixture", "attention pool")
ARMS |= {"place": lambda x: PlaceGate(7)(x), "place + norm": lambda x: PlaceGate(7, norm=True)(x),
         "cbam + norm": lambda x: PlaceGate(7, norm=True)(ChannelGate([keras.ops.mean, keras.ops.max], 4)(x)),
         "mixture": lambda x: MixtureGate()(x), "attention pool": lambda x: AttentionPool()(x)}

# %% [markdown]
# **Predict.** Which of the eight arms beside none gains most? And what is the mass of its gate, where chance is 0.06?

# %% tags=["demo", "prediction"]
my_best_arm = None  # the name of an arm, in quotes, such as "cbam + norm". None skips it

# %% tags=["demo", "prediction"]
my_mass = None  # a number between 0 and 1: the mass of that gate inside the box. None skips it

# %% tags=["demo"]
def decoy_data(parts):
    """name -> what an arm trains on: the means alone, as in section 4, where no gate looks at places."""
    means = [(tf.reduce_mean(maps, (1, 2), keepdims=True), labels) for maps, labels in parts]
    return {name: means if name in ("none", "se", "dense head") else parts for name in DECOY_ARMS}


def on_canvas(gates):
    """Repeat the cells of gates (B, h, w) so that they cover the canvas: (B, 32, 32)."""
    return gates.repeat(SIDE // gates.shape[1], axis=1).repeat(SIDE // gates.shape[2], axis=2)


def spatial_gate(model, maps):
    """The spatial gate (B, h, w) of a trained model; None if it has none."""
    gates = [layer for layer in model.layers if isinstance(layer, Gate)]
    if not gates or gates[-1].gate(gates[-1].input).shape[1] == 1:
        return None
    look = keras.Model(model.input, gates[-1].gate(gates[-1].input))
    return np.concatenate([np.array(look(part))[..., 0] for part in np.array_split(np.array(maps), 5)])

# %% tags=["demo"]
decoy_scores, masses, openness, decoy_curves, shown = {}, {}, {}, {}, {}
with waits_for(attach, mass_inside):
    mass_inside(hand_gate, hand_boxes)                       # before the long run, should it still be missing
    started = time.time()
    decoy_rates = best_rates(lambda seed: decoy_data(decoy_maps(seed, CHOOSE)[0])) if scores else {}
    print("rates:", ", ".join(f"{name} {rate}" for name, rate in decoy_rates.items()))
    for seed in SEEDS if decoy_rates else ():
        trunk.set_weights(trunks[seed])
        parts, scenes, boxes = decoy_maps(seed, TEST)
        for name, (curve, model) in train_all(decoy_data(parts), seed, decoy_rates).items():
            decoy_scores.setdefault(name, []).append(curve[-1])
            decoy_curves.setdefault(name, []).append(curve)
            gate = spatial_gate(model, parts[1][0])
            if gate is not None:
                shown[name] = gate
                openness.setdefault(name, []).append(gate.mean())
                masses.setdefault(name, []).append(np.nanmean(mass_inside(on_canvas(gate) + 1e-9, boxes)))
    print(f"tuned, trained and tested in {time.time() - started:.0f} s")

# %% tags=["demo"]
decoy_table = {}
with waits_for(paired_difference):
    if len(decoy_scores) == len(DECOY_ARMS):
        decoy_table = gains(decoy_scores, DECOY_ARMS[1:])
        print_gains("Decoys", decoy_scores, decoy_table)
        for name, shares in masses.items():
            least, most = np.min(openness[name]), np.max(openness[name])
            print(f"{name:15} mean gate {least:.2f} to {most:.2f}, mass inside {np.mean(shares):.3f}", np.round(shares, 3))
        best = max(decoy_table, key=lambda name: decoy_table[name][1])
        compare_guess(my_best_arm, best, "best arm")
        compare_guess(my_mass, float(np.mean(masses.get(best, [np.nan]))), "mass inside")

# %% [markdown]
# **Baselines.** Chance is right for gates, which may be open anywhere. Pictures and feature maps are dark where the
# canvas is empty, so their baselines are the raw picture and the map of an untrained network.

# %% tags=["demo"]
baselines = {}
if decoy_table:
    with waits_for(mass_inside):
        ink = np.clip(scenes, 0, None) + 1e-9
        untrained = keras.models.clone_model(trunk)
        fresh_map = np.array(untrained(scenes[..., None]))
        baselines = {"raw picture": ink, "map of an untrained trunk": on_canvas(fresh_map.sum(axis=-1)) + 1e-9,
                     "map of the trained trunk": on_canvas(np.array(parts[1][0]).sum(axis=-1))}
        baselines = {name: float(mass_inside(values, boxes).mean()) for name, values in baselines.items()}
        for name, share in baselines.items():
            print(f"{name:26} mass inside {share:.3f}")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Gains among decoys, and the mass of the gates
if decoy_table:
    figure, axes = plt.subplots(1, 2, figsize=(9.6, 3.7), layout="constrained", width_ratios=[1.15, 1])
    none = 100 * np.mean(decoy_scores["none"])
    draw_gains(axes[0], decoy_table, points_of(decoy_scores, decoy_table), f"decoys: none {none:.1f} %")
    for height, shares in enumerate(masses.values()):
        axes[1].plot(shares, height + np.linspace(-0.15, 0.15, len(shares)), "o", mfc="w", mec="k", ms=5)
        axes[1].plot([np.mean(shares)] * 2, [height - 0.3, height + 0.3], "k", lw=2)
    axes[1].axvline(64 / SIDE**2, color="0.4", ls="--", lw=1, label="chance, for a gate")
    axes[1].axvline(baselines["raw picture"], color="0.4", ls=":", lw=1.5, label="raw picture")
    axes[1].set(title="mass of the spatial gate inside the box", ylim=(len(masses) - 0.4, -0.6), yticks=range(len(masses)), xlim=(0, None))
    axes[1].set_yticklabels(masses)
    draw_guess(axes[1], my_mass)
    axes[1].legend(frameon=False, fontsize=9)
    words = ", ".join(f"{name} {np.mean(shares):.2f}" for name, shares in masses.items())
    show(figure, alt="Left: gain over none in points, with half widths of the 95 percent and the corrected interval in brackets: "
         f"{in_words(decoy_table)}. Right: mean mass inside the box, chance 0.06, raw picture {baselines['raw picture']:.2f}: {words}.")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The most typical scene of the last seed, and the spatial gates
if decoy_table:
    inside = {name: mass_inside(on_canvas(gate) + 1e-9, boxes) for name, gate in shown.items()}
    place = int(np.argmin(sum(np.abs(shares - shares.mean()) for shares in inside.values())))     # a scene like the mean
    figure, axes = plt.subplots(1, 1 + len(shown), figsize=(9.6, 2.3), layout="constrained")
    draw_map(axes[0], scenes[place], "the picture", 0, 1)
    draw_box(axes[0], boxes[place])
    for axis, (name, gate) in zip(axes[1:], shown.items(), strict=True):
        values = on_canvas(gate[place:place + 1])[0]
        draw_map(axis, values, name, 0, max(1, values.max()))
        draw_box(axis, boxes[place])
        axis.set_xlabel(f"mass {inside[name][place]:.2f}\nmean {values.mean():.2f}", fontsize=9)
    words = ", ".join(f"{name} {shares[place]:.2f}" for name, shares in inside.items())
    show(figure, alt=f"One scene with the digit outlined, and the spatial gates over it. Their mass inside the box: {words}.")

# %% [markdown]
# Why do spatial gates differ? Pairs of arms test three reasons.
#
# **Where a sigmoid saturates.** Maps after a ReLU are nowhere negative, so a kernel of mostly positive weights can open
# the gate everywhere, one of negative weights can shut it everywhere, and there a sigmoid hardly learns. The norm sets
# the logits' mean and spread anew, against both.
#
# **What a gate reads.** CBAM's spatial gate reads the mean and the maximum over all channels, from 7 x 7 positions. The
# mixture reads one position, but weights the channels, some of which answer to shapes.
#
# **Whether places compete.** Sigmoids may all be open at once. What a softmax gives to one position it takes from the
# others.

# %% tags=["demo"]
if decoy_table:
    print(f"corrected for {len(decoy_table)} comparisons with none: "
          + "; ".join(f"{name}: {verdict(mean, wide)}" for name, (_, mean, _, wide, _) in decoy_table.items()))
    for one, other in (("place + norm", "place"), ("cbam + norm", "cbam"), ("mixture", "place + norm"),
                       ("attention pool", "mixture")):
        mean, low, high = (100 * it for it in paired_difference(decoy_scores[one], decoy_scores[other]))
        print(f"{one} minus {other}: {mean:+.1f} points, 95 % interval {low:+.1f} to {high:+.1f}, not corrected")
    late = {name: 100 * np.mean(np.array(it)[:, -1] - np.array(it)[:, -1 - len(it[0]) // 4]) for name, it in decoy_curves.items()}
    print(f"in the last quarter of the steps the accuracy of an arm rises by {max(late.values()):.1f} points at most")

# %% [markdown]
# ## 6 · A gate for a network that is already trained
#
# In each residual block below, the attention $A$ comes at the end of the branch $F$, before the addition. This place
# and two others before the addition are about equal in the SE paper (table 14; notebook 05).

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The network, and the two places where a block is attached
figure, axis = plt.subplots(figsize=(9.6, 3.1), layout="constrained")
for left, width, text, shade in [
        (0.0, 1.35, "input\n16 x 16 x 1", "w"), (1.9, 1.6, "stem: 3x3 / 2\nnorm, ReLU\n8 x 8 x 16", "0.93"),
        (4.35, 2.0, "F: 3x3, norm,\nReLU,\n3x3, norm", "0.93"), (6.6, 0.75, "A", "0.7"),
        (9.35, 2.0, "F: 3x3 / 2, norm,\nReLU,\n3x3, norm", "0.93"), (11.6, 0.75, "A", "0.7"),
        (14.1, 1.85, "mean over\nH and W, dense,\nsoftmax", "0.93")]:
    axis.add_patch(plt.Rectangle((left, 0.5), width, 1.05, fc=shade, ec="k"))
    axis.text(left + width / 2, 1.02, text, ha="center", va="center", fontsize=8.5, fontweight="bold" if text == "A" else None)
for left, top, text in [(7.85, 2.25, "the input itself"), (12.85, 2.25, "1x1 / 2, norm")]:
    axis.add_patch(plt.Circle((left, 1.02), 0.17, fc="w", ec="k"))
    axis.text(left, 1.0, "+", ha="center", va="center", fontsize=12)
    start = left - 3.75
    axis.plot([start, start, left], [1.02, top, top], "k", lw=1)
    axis.annotate("", (left, 1.2), (left, top), arrowprops={"arrowstyle": "-|>", "color": "k"})
    axis.text((start + left) / 2, top + 0.08, f"shortcut: {text}", ha="center", va="bottom", fontsize=9)
for start, end in [(1.35, 1.9), (3.5, 4.35), (6.35, 6.6), (7.35, 7.68), (8.02, 9.35), (11.35, 11.6), (12.35, 12.68),
                   (13.02, 14.1)]:
    axis.annotate("", (end, 1.02), (start, 1.02), arrowprops={"arrowstyle": "-|>", "color": "k"})
for middle, text in [(8.5, "ReLU"), (13.5, "ReLU"), (5.9, "block 1: 8 x 8 x 16"), (10.9, "block 2: 4 x 4 x 32")]:
    axis.text(middle, 0.85 if text == "ReLU" else 0.35, text, ha="center", va="top", fontsize=9)
axis.set(xlim=(-0.1, 16.05), ylim=(0, 2.6))
axis.axis("off")
show(figure, alt="Diagram of the network. The input of 16 by 16 by 1 goes through a stem with stride 2 to 8 by 8 by 16. Two "
     "residual blocks follow, the second with stride 2 to 4 by 4 by 32. In each block the branch F ends in the attention "
     "A, then the shortcut is added and a ReLU follows. The head averages over positions and ends in a softmax.")

# %% [markdown]
# **Count it by hand**, with one input channel, ten classes and no attention. A norm has four vectors: scale, shift, and
# the mean and variance that it keeps. So the stem has $9\cdot1\cdot16 + 4\cdot16 = 208$ weights, and in the same way
#
# | stem | block 1 | block 2, branch | block 2, shortcut | head, with bias | all |
# |---|---|---|---|---|---|
# | 208 | 4,736 | 14,080 | 640 | 330 | **19,994** |
#
# With 16 and 32 channels SE adds $148 + 552 = 700$, ECA $3 + 3 = 6$, CBAM $246 + 650 = 896$. The convolutions have no
# bias, because the norm after each one would subtract it again with the mean.

# %% tags=["given"]
def conv_norm(x, filters, size, stride=1):
    """A convolution without bias, 'same' padding, and its norm: (B, H, W, C) to (B, H / stride, W / stride, filters)."""
    x = keras.layers.Conv2D(filters, size, strides=stride, padding="same", use_bias=False)(x)
    return keras.layers.BatchNormalization(momentum=0.9)(x)


# %% [markdown]
# ### Exercise · `small_resnet`
# **{{worth:small_resnet}} · medium**
#
# In, by these names: `attention` (a name for `attach`), `input_shape` such as `(16, 16, 1)`, and `classes`, their number.
# Out: a functional `keras.Model` (made from its input and its output) that takes (B, H, W, D) to (B, classes). **Stem**: a
# 3 x 3 `conv_norm` with 16 filters and stride 2, then a ReLU. **Two residual blocks**, 16 filters with stride 1 and 32 filters with stride 2: the branch is a 3 x 3
# `conv_norm` with the stride, ReLU, a 3 x 3 `conv_norm`, `attach`; the shortcut is the input itself, in the second
# block a 1 x 1 `conv_norm` with the stride; a ReLU follows the addition. **Head**: mean over positions, one dense layer
# with bias, softmax.

# %% answer="small_resnet" minutes=25
def small_resnet(attention, input_shape, classes):
    """The network of the card as a functional keras.Model: (B, *input_shape) to probabilities (B, classes)."""
    # a functional keras.Model
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
# <details><summary>Hint: the shapes</summary>(16, 16, 1), stem (8, 8, 16), block 1 (8, 8, 16), block 2 (4, 4, 32),
# mean (32,), output (classes,). In block 2 both paths must reach (4, 4, 32).</details>
# <details><summary>Hint: nearly code</summary>A loop over the pairs (filters, stride) writes both blocks. Inside:
# <code>branch = ...</code> from <code>x</code>, <code>shortcut = ...</code> from the same <code>x</code>, then a new
# <code>x</code>. Where in the branch does <code>attach</code> go?</details>
# <details><summary>"Inputs have incompatible shapes. Received shapes (8, 8, 16) and (4, 4, 32)"</summary>In block 2 the
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
            alt="Bars of your network's four probabilities.")

# %% check="small_resnet"
for name, weights in [("none", 19_994), ("se", 20_694), ("eca", 20_000), ("cbam", 20_890)]:
    model = small_resnet(attention=name, input_shape=(16, 16, 1), classes=10)
    check_type(model, "Functional", rule="keras.Model(input, output), a functional model")
    check_shape(model.output, (None, 10), rule="one probability for each class")
    check_equal(model.count_params(), weights, rule=f"{name}: the weights of the table, and of its blocks")
    check_equal(sum(math.prod(one.shape) for one in model.non_trainable_weights), 288,
                rule="all weights are trained but the stored means and variances")
for name, expected in stored_outputs.items():
    model = small_resnet(name, (12, 10, 3), 4)
    fill_weights(model)
    got = keras.ops.convert_to_numpy(model(test_scenes))
    check_close(got.sum(axis=1), [1, 1], rule="each row of probabilities sums to one")
    check_close(got, expected, rule=f"{name}: the output of the card's network with these weights", tolerance=1e-4)
passed("small_resnet")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The attention after the addition, after the last ReLU or on the shortcut: the weights agree and
# the values do not, which is why the check fills the weights. The shortcut taken from the branch. A ReLU before the
# addition. A convolution on the first shortcut as well (320 weights too many). Biases in the convolutions (144 more).
# The stride in the second convolution of the branch. Logits where the card says probabilities.
#
# The stored outputs come from a separate NumPy version of the network.

# %% [markdown]
# ### 6.1 Two ways to begin
#
# Put gates into a trained network and train them alone. A fresh gate is near $\sigma(0) = 1/2$, but the layers after it
# were trained for the map without it.
#
# **By hand.** Can a fresh gate do nothing, and still learn? Double the sigmoid and set the kernel of its last layer to
# zero. With $u$ what goes into that layer and $W_2$ its kernel
#
# $$ g = 2\,\sigma(u\,W_2), \qquad W_2 = 0: \quad g = 2 \cdot \tfrac12 = 1, \qquad
# \frac{\partial g_c}{\partial (W_2)_{jc}} = 2\,\sigma'(0)\,u_j = \tfrac12\,u_j $$
#
# The slope is not zero where $u_j$ is not, so the first step moves $W_2$, and the gate can open above 1 as well as
# shut. We call this the **identity start**.
#
# **Predict.** A trained network gets fresh CBAMs at its two places, and nothing is trained. How many points of accuracy
# does it lose at once?

# %% tags=["demo", "prediction"]
my_loss = None  # points of accuracy that fresh CBAMs cost at once, a positive number. None skips it

# %% tags=["demo"]
SHAPE = (16, 16, 1)


def all_layers(model):
    """The layers of a model, and those of the models in it."""
    for layer in model.layers:
        yield from all_layers(layer) if isinstance(layer, keras.Model) else [layer]


def gates_of(model):
    """The gates of section 1 in a model."""
    return [layer for layer in all_layers(model) if type(layer) in (ChannelGate, NeighbourGate, PlaceGate)]


def in_order(model):
    """The layers with weights that are no gates, by kind and, as Keras numbers them, by when they were made."""
    gates = gates_of(model)
    layers = [layer for layer in all_layers(model) if layer.weights and layer not in gates]
    return sorted(layers, key=lambda layer: (type(layer).__name__, len(layer.name), layer.name))


def has_own_gates(name):
    """Whether the block with this name brings layers with weights beside the gates of section 1, or instead of them."""
    with_block, plain = small_resnet(name, SHAPE, CLASSES), small_resnet("none", SHAPE, CLASSES)
    return not gates_of(with_block) or len(in_order(with_block)) != len(in_order(plain))


def compiled_for(model, rate, steps):
    """The model, ready to train, and its optimiser's variables before the first step."""
    schedule = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy", jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    return model, [variable.numpy() for variable in model.optimizer.variables]

# %% tags=["demo"]
def train_once(model, at_rest, inputs, truth):
    """One pass over the images, from the optimiser's first state."""
    for variable, value in zip(model.optimizer.variables, at_rest, strict=True):
        variable.assign(value)
    model.fit(inputs, truth, batch_size=50, shuffle=False, verbose=0)


def start_at_one(gate):
    """The identity start: twice the sigmoid, and a last kernel of zeros (its bias, where it has one, is zero already)."""
    gate.factor = 2
    gate.last.kernel.assign(keras.ops.zeros_like(gate.last.kernel))


def hits(model, inputs, truth):
    """The share of right answers."""
    return float(np.mean(np.argmax(keras.ops.convert_to_numpy(model(inputs)), axis=1) == truth))


# %% tags=["demo"]
def with_gates(name, start, plain):
    """small_resnet with gates that alone can be trained, compiled; a function that puts weights into it anew."""
    model, example = small_resnet(name, SHAPE, CLASSES), small_resnet("none", SHAPE, CLASSES)
    pairs = list(zip(in_order(example), in_order(model), strict=True))
    gates = gates_of(model)
    for _, layer in pairs:
        layer.trainable = False
    for gate in gates:
        gate.factor = 2 if start == "identity" else 1
    model, rest = compiled_for(model, 0.01, 80)

    def begin(weights, seed):
        example.set_weights(weights)
        for old, new in pairs:
            new.set_weights(old.get_weights())
        keras.utils.set_random_seed(seed)
        for gate, fresh in zip(gates, gates_of(small_resnet(name, SHAPE, CLASSES)), strict=True):
            gate.set_weights(fresh.get_weights())
            if start == "identity":
                start_at_one(gate)

    return model, rest, begin


# %% tags=["demo"]
networks, inserted, names = {}, {}, ("se", "eca", "cbam")
with waits_for(attach, small_resnet):
    started = time.time()
    own = [name for name in names if has_own_gates(name)]
    if own:
        names = ()
        print(f"This demonstration sets the gates of section 1 to one, and your network has others for {', '.join(own)}. "
              "So it is skipped; no point depends on it.")
    plain, rest = compiled_for(small_resnet("none", SHAPE, CLASSES), 0.01, 240)
    data = {seed: (clean_canvases(np.random.default_rng([seed, 20]), 12_000, FIT),
                   clean_canvases(np.random.default_rng([seed, 21]), TESTED, TEST)) for seed in (0, 1, 2) if names}
    for seed, ((images, truth), _) in data.items():
        keras.utils.set_random_seed(seed)
        plain.set_weights(small_resnet("none", SHAPE, CLASSES).get_weights())
        train_once(plain, rest, images[..., None], truth)
        networks[seed] = plain.get_weights()
    for name in names:
        for start in ("fresh", "identity"):
            model, rest, begin = with_gates(name, start, plain)
            for seed, ((images, truth), (new, new_truth)) in data.items():
                plain.set_weights(networks[seed])
                begin(networks[seed], seed)
                before, at_once = hits(plain, new[..., None], new_truth), hits(model, new[..., None], new_truth)
                train_once(model, rest, images[:4000, ..., None], truth[:4000])
                inserted[name, start, seed] = [before, at_once, hits(model, new[..., None], new_truth)]
    print(f"done in {time.time() - started:.0f} s")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title What the gates cost at once, and what is left of it after 80 steps
if inserted:
    figure, axis = plt.subplots(figsize=(8.6, 3.6), layout="constrained")
    rows, words = [(name, start) for name in ("se", "eca", "cbam") for start in ("fresh", "identity")], []
    for height, (name, start) in enumerate(rows):
        for seed in (0, 1, 2):
            before, at_once, after = 100 * np.array(inserted[name, start, seed])
            level = height + (seed - 1) * 0.22
            axis.plot([at_once - before, after - before], [level, level], color="0.6", lw=1)
            axis.plot(at_once - before, level, "o", mfc="w", mec="k", ms=6, label="at once")
            axis.plot(after - before, level, "ks", ms=5, label="after 80 steps")
        before, at_once, after = 100 * np.mean([inserted[name, start, seed] for seed in (0, 1, 2)], axis=0)
        words.append(f"{name}, {start} start: {at_once - before:+.1f} at once, {after - before:+.1f} after 80 steps")
        if (name, start) == ("cbam", "fresh"):
            compare_guess(my_loss, float(before - at_once), "points lost at once by fresh CBAMs")
    axis.axvline(0, color="0.4", ls="--", lw=1)
    draw_guess(axis, None if my_loss is None else -my_loss, label="")
    axis.set(title="accuracy against the network without gates, three networks each", xlabel="percentage points",
             ylim=(5.6, -0.6), yticks=range(6))
    axis.set_yticklabels([f"{name}, {start} start" for name, start in rows])
    handles, texts = axis.get_legend_handles_labels()
    figure.legend(handles[:2], texts[:2], loc="outside lower center", ncols=2, fontsize=9)
    print("\n".join(words))
    show(figure, alt="Change of the test accuracy in percentage points when gates are put into three trained networks, means: "
         + "; ".join(words) + ".")

# %% [markdown]
# A filled square to the right of zero is no proof that attention helps, because the gates have seen 80 steps more. The
# claim is smaller: *what happens after an identity start is learning and not repair.*

# %% [markdown] tags=["instructor"]
# A frozen norm runs with its stored mean and variance. That is what makes the comparison exact, and it is the reason why
# `trainable = False` matters also for layers that have nothing to learn.

# %% [markdown]
# ## 7 · Would you plug it in?
#
# **{{worth:reflect-plug}} · in your own words**
#
# A colleague wants SE in a network that classifies photographs of parts on a conveyor belt: always the same camera, the
# same light, the part in the middle. Another wants it in one that fuses eight microphones in a car, any of which wind
# may drown. What do the two worlds of section 4 let you expect in each case, which of their conditions might not hold
# there, and what would you measure, with which controls, before you put the block in?

# %% [markdown] question="reflect-plug" points=3 minutes=10 row="reflection: would you plug it in"
# ### BEGIN SOLUTION
# The conveyor belt is close to the world "fixed": what is useful is useful in every image, so fixed weights can learn it,
# and I expect little. The car is close to "varies": which microphone to trust changes from moment to moment, fixed weights
# cannot know it, and a gate that sees the signal can. The conditions may fail: in our experiment the trunk was frozen and
# only one dense layer followed; a deep network has many layers that can do a gate's work (our added layers gained as well),
# and light or parts may vary more than the first colleague thinks.
#
# I would train the network with and without the block, at the budget that will really be used and to a plateau, with at
# least five paired seeds fixed in advance, each arm with its own learning rate; with a blind gate and with an added layer of
# equal weights as controls; and report the gain with an interval, corrected if there are several arms, beside weights and
# time.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: which case is like which world, because of what varies from input to input. One point: a condition
# that may not hold (frozen trunk, single layer after it, loudness of the damage, one data set). One point: a plan with
# paired seeds at the real budget, an interval and at least one control that separates seeing from weights.

# %% [markdown]
# ## What we found
#
# - A channel gate can help where the useful channels change from image to image. Where they are fixed, fixed weights
#   can do the same.
# - Only a block that beats its controls, and a score that beats its baseline, has shown anything.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | blind control | learned gates that are the same for every image |
# | paired difference | the difference of two results that share a seed |
# | identity start | first weights with which a new block changes nothing |
#
# ## Where this is in the papers
#
# Woo et al., arXiv 1807.06521, section 4, show by Grad-CAM what a network looks at, without a chance level. ECA's table
# (Wang et al., arXiv 1910.03151, section 4.2) quotes the other methods from their own papers (section 4.2.2), so
# recipes differ, and gives no intervals.
#
# ## Stretch
#
# In the world "fixed" let the working sensor be the first in nine images of ten. At which share do you expect SE to
# gain? Measure several, five paired seeds each, and report all.

# %% [markdown] tags=["instructor"]
# **Stretch.** `works = random.integers(0, VIEWS, count) * (random.random(count) < share)` between the two worlds. A student
# who reports an unresolved difference with its interval has solved the task.

# %% [markdown]
# ## What comes next
#
# Blocks arrive as code more often than as papers. Notebook 07 ports an old, widely copied tutorial that no longer runs,
# and is silently wrong where it does.

# %% [markdown]
# {{hand_in}}
