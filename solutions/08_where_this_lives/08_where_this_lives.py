# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 08 · Where this lives
#
# {{badges}}
#
# You have built the blocks and tested them on data made for the purpose. Here you find them in networks that others
# designed, put them into one by hand, and look at what they do after training. A page of guidance and a map of newer blocks
# close the course.
#
# **You will be able to**
# - find the gates of a network, and count what they cost
# - put gates into a finished network without changing what it computes
# - measure what a trained gate depends on, against chance
# - decide where a block goes, and when to leave it out
# - read a newer block as a change to one that you know
#
# **Before you start:** notebooks 01 (squeeze-and-excitation), 05 (its place) and 06 (experiments).
#
# | exercise | points | minutes |
# |---|---|---|
# {{rows}}
# | reading, predictions and figures | | {{minutes:reading}} |
# | **total** | **{{points}}** | **{{minutes}}** |

# %%
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # fewer messages from TensorFlow
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # the same rounding on every processor
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits

keras.utils.set_random_seed(8)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## Before you start: three questions
#
# **1.** An SE block has 96 channels and a bottleneck of 4. How many weights does it have, biases included?
# <details><summary>Answer</summary>2 · 96 · 4 + 4 + 96 = 868 (notebook 01).</details>
#
# **2.** All weights of a gate are zero. By which factor does it multiply the map, and which change makes the factor 1?
# <details><summary>Answer</summary>The sigmoid of 0 is 1/2. Twice the sigmoid is 1 there: the identity start (notebook
# 06).</details>
#
# **3.** A gate has the same value for every image. Why does it add nothing to the network?
# <details><summary>Answer</summary>A constant factor per channel can be multiplied into the weights of the next
# convolution, so the network could compute the same without it (notebook 06).</details>

# %% [markdown]
# ## 1 · A network that you did not write
#
# EfficientNet (Tan and Le, arXiv 1905.11946, section 4) and MobileNetV3 (Howard et al., arXiv 1905.02244, section 5.3)
# come with Keras and share one kind of block. A 1 x 1 convolution widens the map, a depthwise convolution filters each
# channel by itself, and a second 1 x 1 convolution, here called the projection, makes the map narrow again. A
# squeeze-and-excitation block sits inside.
#
# How do you find it among more than two hundred layers? A channel gate is a multiplication in which one factor has no
# height and no width. From that factor we walk back to the map, and what has weights on the way is the block's MLP.
#
# **Predict.** EfficientNet-B0 has 5.3 million weights. What percentage of them is in its SE blocks?

# %% tags=["demo", "prediction"]
my_share = None  # a number between 0 and 100: the share of EfficientNet-B0's weights in its SE blocks, in percent

# %% tags=["demo"]
def find_gates(model):
    """One dictionary per channel gate of a functional model, in the order of the network."""
    maker = {id(operation.output): operation for operation in model.operations}
    found = []
    for layer in model.layers:
        if isinstance(layer, keras.layers.Multiply):
            gate, gated = sorted(layer.input, key=lambda tensor: tensor.shape[1:3] != (1, 1))
            if gate.shape[1:3] == (1, 1) and gated.shape[1:3] != (1, 1):
                mlp, tensor = [], gate
                while tensor is not gated:                         # walk back from the gate to the map
                    mlp.append(maker[id(tensor)])
                    tensor = mlp[-1].input
                mlp = [one for one in reversed(mlp) if getattr(one, "weights", [])]
                found.append({"place": layer, "gate": gate, "map": gated, "mlp": mlp,
                              "weights": sum(one.count_params() for one in mlp)})
    return found


# %% tags=["demo"]
efficient, mobile = keras.applications.EfficientNetB0(weights=None), keras.applications.MobileNetV3Small(weights=None)
print("EfficientNet-B0: block, channels C of the map, channels of the block's input, width m of the bottleneck")
for found in find_gates(efficient):
    block = found["place"].name.split("_")[0]
    first = next(layer for layer in efficient.layers if layer.name.startswith(block + "_"))
    channels, wide, narrow = found["map"].shape[-1], first.input.shape[-1], found["mlp"][0].filters
    print(f"{block}  C = {channels:5}  input {wide:4}  m = {narrow:3}  C / m = {channels / narrow:4.0f}  "
          f"input / m = {wide / narrow:2.0f}  {found['weights']:7,} weights")
shares = {}
for model in (efficient, mobile):
    cost = [found["weights"] for found in find_gates(model)]
    shares[model.name] = 100 * sum(cost) / model.count_params()
    print(f"{model.name}: {len(cost)} blocks, {sum(cost):,} of {model.count_params():,} weights, {shares[model.name]:.1f} %")
compare_guess(my_share, shares[efficient.name], "percent of EfficientNet-B0's weights in SE blocks")

# %% [markdown]
# **The ratio depends on what it is relative to.** EfficientNet's code asks for a quarter of the *narrow* map that enters
# the block. Of the widened map, on which the gate acts, that is 1/24 in all blocks but the first, which is not widened.
# MobileNetV3 takes a quarter of the wide map (section 5.3).
#
# Where is the gate? Print the layers of one block:

# %% tags=["demo"]
print(" > ".join(layer.name.removeprefix("block2b_") for layer in efficient.layers if layer.name.startswith("block2b_")))

# %% [markdown]
# It comes at the widest point of the branch; in SE-ResNet it comes at the end (notebook 05), in both before the addition.
#
# The weights of a bottleneck grow as $C$ times $C/r$, so with the square of the width. Which blocks cost most?

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Weights of the SE blocks from the first to the last, in two networks
figure, axes = plt.subplots(1, 2, figsize=(9, 2.8), layout="constrained")
told = []
for axis, model, title in zip(axes, (efficient, mobile), ("EfficientNet-B0", "MobileNetV3-Small"), strict=True):
    cost = np.array([found["weights"] for found in find_gates(model)])
    axis.bar(np.arange(1, len(cost) + 1), cost / 1000, color="0.45", edgecolor="k")
    axis.set(title=f"{title}: {shares[model.name]:.1f} % of all weights", xlabel="SE block, from the input to the output",
             xticks=range(1, len(cost) + 1), ylabel="thousand weights")
    last = cost[len(cost) - len(cost) // 4:]
    told.append(f"{title}: the last {len(last)} of {len(cost)} blocks hold {last.sum() / cost.sum():.0%} of the SE weights")
print("\n".join(told))
show(figure, alt="Two bar charts of the weights per SE block, largest near the output. " + "; ".join(told) + ".")

# %% [markdown] tags=["instructor"]
# **Reading the result.** 636,540 of 5,330,571 weights, 11.9 %, in 16 blocks; 18.1 % in MobileNetV3-Small's 9 blocks. The
# first block of EfficientNet is not widened, so its ratio is 4 either way. `find_gates` also finds gates of other
# designs, as long as they are a `Multiply` layer; a bare `x * g` is an operation and not a layer, and would need
# `model.operations` in the first loop.

# %% [markdown]
# ## 2 · Into a finished network, by hand
#
# To try gates in a trained network without harm, each has to be exactly 1 at first, for every image, and able to learn. With
# $u = \mathrm{relu}(z W_1 + b_1)$, the values of the bottleneck:
#
# $$ g = 2\,\sigma(u W_2 + b_2) $$
#
# The factor 2 alone does not do it. Which weights are zero at the start matters as well, because some of the choices that
# make every gate 1 can never learn.

# %% [markdown]
# ### Exercise · `identity_se_block`
# **{{worth:identity_se_block}} · medium**
#
# In: a KerasTensor `x` (B, H, W, C), height and width perhaps unknown, and `ratio`. Out: a KerasTensor of the same shape,
# `x` times the gate above, with $m = \lfloor C/r \rfloor$ and exactly the weights $W_1, b_1, W_2, b_2$, all trainable. Before any
# training the output is `x`, exactly, and the first step of training moves $W_2$.

# %% answer="identity_se_block" minutes=15
def identity_se_block(x, ratio=16):
    """Squeeze-and-excitation on a KerasTensor x (B, H, W, C) that starts as the identity. Returns a KerasTensor."""
    # x times its gates
    ### BEGIN SOLUTION
    z = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
    u = keras.layers.Dense(x.shape[-1] // ratio, activation="relu")(z)
    logits = keras.layers.Dense(x.shape[-1], kernel_initializer="zeros")(u)
    return x * (2 * keras.ops.sigmoid(logits))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>The gate is 1 when its logits are 0. Which of the two layers decides about the
# logits? Set only what is needed to zero.</details>
# <details><summary>Hint: nearly code</summary>Your block from notebook 01, and two changes: a factor, and the argument
# <code>kernel_initializer</code> of one <code>Dense</code> layer. A bias is zero at the start by itself.</details>
# <details><summary>"Dimensions must be equal" or "Incompatible shapes"</summary>The gate is (B, C) and the map (B, H, W, C).
# Keep the two axes when you pool, or put them in again before you multiply.</details>

# %% check="identity_se_block"
inputs = keras.Input((None, None, 12))
outputs = identity_se_block(inputs, ratio=4)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 12), rule="the block keeps the shape, an unknown height and width included")
model = keras.Model(inputs, outputs)
check_equal(model.count_params(), 87, rule="C = 12, m = 3: 36 + 3 + 36 + 12")
check_equal(sum(int(np.prod(weight.shape)) for weight in model.trainable_weights), 87, rule="all weights are trainable")
ramp = np.random.default_rng(4).normal(size=(2, 3, 5, 12)).astype("float32") + np.linspace(-1, 1, 12, dtype="float32")
check_close(model(ramp), ramp, rule="before any training the output is the input")
with tf.GradientTape() as tape:
    loss = keras.ops.sum(model(ramp) ** 2)
last = next((variable for variable in model.trainable_weights if tuple(variable.shape)[-2:] == (3, 12)), None)
check_equal(last is not None and bool(np.any(tape.gradient(loss, last))), True, rule="at the first step W2 has a gradient")
case_w1, case_w2 = np.random.default_rng(5).normal(size=(12, 3)), np.random.default_rng(6).normal(size=(3, 12))
for variable in model.weights:                                     # by shape; biases become 0.3
    value = {(12, 3): case_w1, (3, 12): case_w2}.get(tuple(variable.shape)[-2:], np.full(variable.shape, 0.3))
    variable.assign(value.reshape(variable.shape))
hidden = np.maximum(ramp.mean(axis=(1, 2)) @ case_w1 + 0.3, 0)
check_close(model(ramp), ramp * (2 / (1 + np.exp(-(hidden @ case_w2 + 0.3))))[:, None, None], tolerance=1e-4,
            rule="filled weights: the map times twice the sigmoid")
odd = keras.Input((4, 4, 23))
check_equal(keras.Model(odd, identity_se_block(odd, ratio=4)).count_params(), 258, rule="C = 23 and r = 4 give m = 5")
wide = keras.Input((4, 4, 32))
check_equal(keras.Model(wide, identity_se_block(identity_se_block(wide))).count_params(), 2 * 162,
            rule="two blocks have weights of their own; the default ratio is 16")
passed("identity_se_block")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The sigmoid without the 2; $1 + \sigma$; zeros in $W_1$ or in both kernels, which gives the right
# output at the start and a gate that can never depend on the image; `bias_initializer="ones"`.

# %% [markdown]
# `keras.models.clone_model` makes the calls of a functional model anew and lets us say what a call is, so we call your block
# as well after each chosen layer. Then the old weights are copied by name.

# %% tags=["demo"]
def put_blocks_in(model, ending, block):
    """A copy of a functional model with block(x) after each layer whose name has this ending, the old weights kept."""
    def call(layer, *inputs, **keywords):
        output = layer(*inputs, **keywords)
        return block(output) if layer.name.endswith(ending) else output

    copy = keras.models.clone_model(model, call_function=call)
    for layer in model.layers:
        if layer.weights:
            copy.get_layer(layer.name).set_weights(layer.get_weights())
    return copy


# %% [markdown]
# For comparison we need an ordinary SE block, whose gates start near one half. In section 3 its gates are also read, and
# held fixed.

# %% tags=["demo"]
class SqueezeGate(keras.layers.Layer):
    """x (B, H, W, C) times the channel gate of SE; `fixed` (1, C), if set, is used instead of the gate."""

    fixed = None

    def __init__(self, ratio=4, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio

    def build(self, shape):
        self.reduce = keras.layers.Dense(max(1, shape[-1] // self.ratio), activation="relu")
        self.expand = keras.layers.Dense(shape[-1], activation="sigmoid")
        self.reduce.build((None, shape[-1]))
        self.expand.build((None, self.reduce.units))

    def gate(self, x):
        """The factors (B, C)."""
        return self.expand(self.reduce(keras.ops.mean(x, (1, 2))))

    def call(self, x):
        gate = self.gate(x) if self.fixed is None else keras.ops.convert_to_tensor(self.fixed)
        return x * gate[:, None, None, :]


# %% [markdown]
# Our **trunk** (a network without its last layers) is MobileNetV2, which has no attention of its own. Its kernels are random,
# because nothing is downloaded (the identity start holds for any weights), and its norms take their statistics from two
# photographs, so that the signal keeps its size. Each of its 17 blocks ends in a norm, `..._project_BN`, and the gate goes
# after it.
#
# **Predict.** How far do 17 *fresh* gates, near one half each, move the output, in percent of its length?

# %% tags=["demo", "prediction"]
my_change = None  # a number in percent: the length of the change over the length of the old output; 0 is no change

# %% tags=["demo"]
pictures = 2 * np.stack([photograph("china"), photograph("flower")]) - 1               # (2, 96, 144, 3), -1 to 1
trunk = keras.applications.MobileNetV2(weights=None, include_top=False, pooling="avg", input_shape=pictures.shape[1:])
for layer in trunk.layers:
    if isinstance(layer, keras.layers.BatchNormalization):
        layer.momentum = 0.0                                       # the statistics of the next batch replace the old ones
trunk(pictures, training=True)
trunk.trainable = False                                            # frozen: what is cloned from it is frozen, too

before = keras.ops.convert_to_numpy(trunk(pictures))

# %% tags=["demo"]
after, change = {}, {}
with waits_for(identity_se_block):
    for start, block in [("fresh", lambda x: SqueezeGate(ratio=16)(x)), ("identity", identity_se_block)]:
        gated = put_blocks_in(trunk, "_project_BN", block)
        after[start] = keras.ops.convert_to_numpy(gated(pictures))
        change[start] = 100 * np.linalg.norm(after[start] - before) / np.linalg.norm(before)
        print(f"{start:8} gates move the output by {change[start]:.3g} % of its length, greatest difference "
              f"{np.abs(after[start] - before).max():.3g}")
    print(f"{gated.count_params() - trunk.count_params():,} weights more, {gated.count_params() / trunk.count_params() - 1:.1%}; "
          f"arrays that train: {len(gated.trainable_weights)}, four per gate")
    compare_guess(my_change, change["fresh"], "change by fresh gates, in percent")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The 1,280 features of two photographs before and after
if "identity" in after:
    figure, axes = plt.subplots(1, 2, figsize=(7.2, 3.3), layout="constrained", sharex=True, sharey=True)
    for axis, (start, values) in zip(axes, after.items(), strict=True):
        axis.plot(before.ravel(), values.ravel(), "k.", ms=2, alpha=0.4)
        axis.axline((0, 0), slope=1, color="0.5", lw=1, ls="--")
        axis.set(title=f"{start} gates", xlabel="feature without gates", ylabel="feature with gates")
    show(figure, alt="Two scatter plots of the features with gates against those without, and a dashed diagonal. "
         f"Fresh gates: off the diagonal, a change of {change['fresh']:.0f} percent. Identity start: a change of "
         f"{change['identity']:.2g} percent.")

# %% [markdown]
# On the diagonal the network computes what it computed before. Off it, a training would first have to repair the damage.
#
# **Predict.** Does a gate that starts with zeros get a gradient? At the first training step, how many of its four arrays
# $W_1, b_1, W_2, b_2$ have one other than zero?

# %% tags=["demo", "prediction"]
my_moving = None  # 0, 1, 2, 3 or 4: how many of W1, b1, W2 and b2 have a gradient that is not zero at the first step

# %% tags=["demo"]
goal = np.random.default_rng(8).normal(size=(before.shape[1], 1)).astype("float32")    # any loss will do
if "identity" in after:
    weights, moving = gated.trainable_weights, []
    for step in (1, 2):
        with tf.GradientTape() as tape:
            loss = keras.ops.mean(gated(pictures) @ goal)
        slopes = tape.gradient(loss, weights)
        moving.append(sum(any(np.any(slope) for slope in slopes[kind::4]) for kind in range(4)))
        print(f"step {step}: of the four arrays, {moving[-1]} have a gradient that is not zero in at least one gate")
        for weight, slope in zip(weights, slopes, strict=True):
            weight.assign(weight - 0.01 * slope)
    compare_guess(my_moving, moving[0], "arrays with a gradient at the first step")

# %% [markdown]
# The gradient passes through $W_2$ on its way to $W_1$ and $b_1$. While $W_2$ is zero nothing arrives there, but $W_2$ and
# $b_2$ move at once, and from the second step on everything does. Two kernels of zeros would be too many: with $W_1 = 0$
# and $b_1 = 0$ as well, $u$ is zero, and only $b_2$ would ever learn.
#
# For real use, `insert` of the course's package handles more cases:
#
# ```python
# from attention_course.layers import SqueezeExcitation, insert
#
# gated = insert(trunk, SqueezeExcitation(ratio=16, start="identity", name="se"), after=r".*_project_BN")
# ```
#
# "Put a gate into your network" in the folder `docs` goes on to training and exporting.

# %% [markdown] tags=["instructor"]
# **Reading the result.** The identity start gives a difference of exactly 0, not only a small one: multiplying by 1 is
# exact. Fresh gates move the output by about 80 % of its length. 30,013 weights more, 1.3 %. Slopes are zero for $W_1$ and
# $b_1$ at step 1 in all 17 gates.

# %% [markdown]
# ## 3 · What a trained gate depends on
#
# The SE paper (Hu et al., arXiv 1709.01507, section 7.2) averages each gate of SE-ResNet-50 over the images of a class and
# compares the classes. In early blocks they share nearly the same gates; deeper, the gates depend on the class; near the end
# most are close to 1. We repeat this on a network that trains in seconds.
#
# The data are notebook 06's two worlds in small. An image has four channels, from four **sensors**. One works and shows a
# digit of 8 x 8 pixels; the others show its pixels shuffled, at double contrast. In the world that **varies** another sensor
# works in each image; in the **fixed** world it is always sensor 0. Unlike there, the whole network is trained.

# %% tags=["demo"]
digits = load_digits()
PICTURES, SENSORS = (digits.images / 16).astype("float32"), 4                          # (1797, 8, 8), 0 to 1


def make_scenes(seed, chosen, copies, varies):
    """Images (B, 8, 8, 4), labels (B,) and the working sensor (B,), from the digits whose numbers are in chosen."""
    random, chosen = np.random.default_rng(seed), np.repeat(chosen, copies)
    flat = np.repeat(PICTURES[chosen].reshape(len(chosen), 1, 64), SENSORS, axis=1)
    images = 2 * random.permuted(flat, axis=2).reshape(-1, SENSORS, 8, 8).transpose(0, 2, 3, 1)
    working = random.integers(0, SENSORS, len(chosen)) * varies
    images[np.arange(len(chosen)), :, :, working] = PICTURES[chosen]
    return images, digits.target[chosen], working


WORLDS = {world: [make_scenes(1, np.arange(1200), 3, world == "varies"),               # no digit serves in both
                  make_scenes(2, np.arange(1200, 1797), 2, world == "varies")] for world in ("varies", "fixed")}

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Two images of the world that varies, four sensors each
images, labels, working = WORLDS["varies"][1]
figure, axes = plt.subplots(2, 4, figsize=(5.6, 3.1), layout="constrained")
second = int(np.argmax((working != working[0]) & (labels != labels[0])))
for row, image in enumerate((0, second)):
    for sensor in range(SENSORS):
        title = f"sensor {sensor}" + (" works" if sensor == working[image] else "")
        draw_map(axes[row, sensor], images[image, :, :, sensor], title, 0, 2)
    axes[row, 0].set_ylabel(f"label {labels[image]}")
show(figure, alt="Two rows of four pictures of 8 by 8 pixels. In each row one sensor shows a handwritten digit and three show "
     f"its pixels shuffled and brighter. Sensor {working[0]} works in the first row, sensor {working[second]} in the second.")

# %% [markdown]
# At **depth 1** a gate follows a depthwise convolution that gives each sensor eight channels of its own, so it can shut
# whole sensors. Two more gates, **depth 2** and **depth 3**, follow the next two convolutions.

# %% tags=["demo"]
def sensor_network():
    """Depthwise, then two ordinary convolutions, each with norm, ReLU and gate; mean over positions; ten logits."""
    x = inputs = keras.Input((8, 8, SENSORS))
    for depth in (1, 2, 3):
        if depth == 1:
            x = keras.layers.DepthwiseConv2D(3, padding="same", depth_multiplier=8, use_bias=False)(x)
        else:
            x = keras.layers.Conv2D(16 * depth, 3, 2, padding="same", use_bias=False)(x)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization(momentum=0.9)(x))
        x = SqueezeGate(name=f"depth_{depth}")(x)
    return keras.Model(inputs, keras.layers.Dense(10)(keras.layers.GlobalAveragePooling2D()(x)))


network = sensor_network()
depths = [network.get_layer(f"depth_{depth}") for depth in (1, 2, 3)]
before_gates = keras.Model(network.input, [layer.input for layer in depths])
network.compile(keras.optimizers.Adam(0.003), keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                jit_compile=False, steps_per_execution=36)           # an epoch in one call
network.optimizer.build(network.trainable_variables)
fresh_optimizer = [keras.ops.convert_to_numpy(variable) for variable in network.optimizer.variables]


# %% tags=["demo"]
def read_gates(images):
    """The gates at the three depths: arrays (B, 32), (B, 32) and (B, 48)."""
    return [keras.ops.convert_to_numpy(layer.gate(x)) for layer, x in zip(depths, before_gates(images), strict=True)]


def accuracy(images, labels, fixed=(None, None, None)):
    """Accuracy in percent, with the gates of a depth held at one value where fixed has one."""
    for layer, value in zip(depths, fixed, strict=True):
        layer.fixed = value
    right = np.argmax(keras.ops.convert_to_numpy(network(images)), axis=1) == labels
    for layer in depths:
        layer.fixed = None
    return 100 * right.mean()


runs, started = {}, time.time()
for world, (train, test) in WORLDS.items():
    for seed in (0, 1, 2):
        keras.utils.set_random_seed(seed)
        network.set_weights(sensor_network().get_weights())
        for variable, value in zip(network.optimizer.variables, fresh_optimizer, strict=True):
            variable.assign(value)
        network.fit(train[0], train[1], batch_size=100, epochs=10, verbose=0)
        constant = [gates.mean(axis=0, keepdims=True) for gates in read_gates(train[0])]
        only = [[value if at == depth else None for at, value in enumerate(constant)] for depth in range(3)]
        runs[world, seed] = {"gates": read_gates(test[0]), "learned": accuracy(*test[:2]),
                             "all": accuracy(*test[:2], constant), "one": [accuracy(*test[:2], one) for one in only]}
print(f"six trainings in {time.time() - started:.0f} s")

# %% [markdown]
# ### 3.1 One number per channel
#
# Let $\bar g_{\ell c}$ be the mean gate of channel $c$ over the images of class $\ell$. The **spread** of the channel is the
# standard deviation of these means over the classes:
#
# $$ \operatorname{spread}_c = \operatorname{sd}_{\ell}\big(\bar g_{\ell c}\big) $$
#
# **By hand.** Two images of class 2 have the gates 0.2 and 0.4, two of class 5 have 0.5 and 0.9. The means are 0.3 and
# 0.7, both 0.2 away from their middle, so the spread is 0.2. The deviation over the four images is about 0.25, because it
# also counts how images of one class differ.

# %% [markdown]
# ### Exercise · `gate_spread`
# **{{worth:gate_spread}} · easy**
#
# In: `gates` (B, C) and `labels` (B,), whole numbers. Out: a NumPy array (C,), the spread of each channel. A class is a
# number that is in `labels`; the numbers may have gaps.
# Each class counts once, however many images it has, and the deviation divides by the number of classes.

# %% answer="gate_spread" minutes=10
def gate_spread(gates, labels):
    """How far the mean gates of the classes are apart: gates (B, C) and labels (B,) give (C,)."""
    # the mean gates of each class that is there, one row per class
    # their standard deviation, from class to class
    ### BEGIN SOLUTION
    means = [gates[labels == label].mean(axis=0) for label in np.unique(labels)]
    return np.std(means, axis=0)
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>First forget the images: one row of mean gates per class. Then compare the
# rows.</details>
# <details><summary>Hint: the shapes</summary><code>labels == label</code> is (B,), true for the images of a class. As an
# index into <code>gates</code> it gives (images of the class, C), and their mean over axis 0 is (C,).</details>
# <details><summary>"RuntimeWarning: Mean of empty slice"</summary>A number without an image was taken for a class.
# <code>np.unique(labels)</code> gives the numbers that are there.</details>

# %% check="gate_spread"
hand_gates, hand_labels = np.array([[0.2, 0.9], [0.5, 0.3], [0.4, 0.6], [0.9, 0.4]]), np.array([2, 5, 2, 5])
case_gates = np.random.default_rng(8).uniform(0.1, 0.9, size=(11, 4))
case_labels = np.array([3, 7, 7, 3, 12, 7, 12, 7, 3, 7, 9])
before_gates_of_case, before_labels = case_gates.copy(), case_labels.copy()
got = gate_spread(case_gates, case_labels)
check_type(got, np.ndarray, rule="return the NumPy array itself")
check_shape(got, (4,), rule="one number per channel")
check_unchanged(before_gates_of_case, case_gates)
check_unchanged(before_labels, case_labels)
slow = []
for channel in range(4):
    parts = [[case_gates[b, channel] for b in range(11) if case_labels[b] == label] for label in (3, 7, 9, 12)]
    means = [sum(part) / len(part) for part in parts]
    slow.append((sum((mean - sum(means) / 4) ** 2 for mean in means) / 4) ** 0.5)
check_close(got, slow, rule="four classes of 3, 5, 1 and 2 images: the mean of each, then the deviation of the four means")
check_close(gate_spread(hand_gates, hand_labels), [0.2, 0.2], rule="worked by hand: the means are 0.3, 0.7 and 0.75, 0.35")
check_close(gate_spread(case_gates, 0 * case_labels), np.zeros(4), rule="one class has no spread")
passed("gate_spread")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The deviation over all images, which also counts the differences within a class and is large
# for a gate that knows nothing of the class; `range(labels.max() + 1)` as the classes, which gives NaN for a number
# without an image; `ddof=1`; classes weighted by their size.

# %% [markdown]
# ### 3.2 Class or sensor?
#
# With the digits as labels `gate_spread` says how much a gate depends on the class, with the working sensors how much on
# the sensor. No spread is exactly zero, because the images of a class are a sample, so we compare with the **chance level**,
# the spread for labels in shuffled order.

# %% tags=["demo"]
spreads = {}
with waits_for(gate_spread):
    random = np.random.default_rng(3)
    for (world, seed), run in runs.items():
        _, truth, working = WORLDS[world][1]
        for depth, gates in enumerate(run["gates"], start=1):
            # Chance for ten groups; four have less, so that the sensor is judged strictly.
            by_chance = [gate_spread(gates, random.permutation(truth)).mean() for _ in range(10)]
            spreads[world, seed, depth] = {"class": gate_spread(gates, truth).mean(), "chance": np.mean(by_chance),
                                           "sensor": gate_spread(gates, working).mean(), "mean gate": gates.mean()}
    for world in WORLDS:
        for depth in (1, 2, 3):
            rows = [list(spreads[world, seed, depth].values()) for seed in (0, 1, 2)]
            by_class, by_chance, by_sensor, level = np.mean(rows, axis=0)
            times = {"class": by_class / by_chance, "sensor": by_sensor / by_chance}
            leads = max(times, key=times.get)
            print(f"{world:6} depth {depth}: chance {by_chance:.4f}, by class {times['class']:4.1f} times, by sensor "
                  f"{times['sensor']:4.1f} times; mean gate {level:.2f}; follows {'the ' + leads if times[leads] > 2 else 'neither'}")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The mean gates of the world that varies, by sensor and by class, one seed
if spreads:
    figure, axes = plt.subplots(2, 3, figsize=(9.4, 4), layout="constrained", height_ratios=(4, 10))
    _, truth, working = WORLDS["varies"][1]
    for column, gates in enumerate(runs["varies", 1]["gates"]):
        for row, (name, groups) in enumerate([("sensor", working), ("class", truth)]):
            rows = [gates[groups == one].mean(axis=0) for one in np.unique(groups)]
            drawn = axes[row, column].imshow(rows, vmin=0, vmax=1, cmap="gray", aspect="auto")
            axes[row, column].set(xticks=[], yticks=range(len(rows)), ylabel=name if column == 0 else "")
        axes[0, column].set_title(f"depth {column + 1}")
        axes[1, column].set_xlabel(f"{gates.shape[1]} channels")
    figure.colorbar(drawn, ax=axes, label="mean gate", fraction=0.03)
    level = {kind: [np.mean([spreads["varies", seed, depth][kind] for seed in (0, 1, 2)]) for depth in (1, 2, 3)]
             for kind in ("class", "sensor")}
    show(figure, alt="Grey maps of mean gates, a row per sensor above and per class below, a column per channel, at three "
         "depths, 0 black and 1 white. Rows differ as much as the spread says; by sensor "
         + ", ".join(f"{v:.3f}" for v in level["sensor"]) + " at depths 1 to 3, by class "
         + ", ".join(f"{v:.3f}" for v in level["class"]) + ".")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The spread by depth in both worlds
if spreads:
    figure, axes = plt.subplots(1, 2, figsize=(8.6, 3.1), layout="constrained", sharey=True)
    for axis, world in zip(axes, WORLDS, strict=True):
        kinds = [("sensor", "s"), ("class", "o"), ("chance", "x")][0 if world == "varies" else 1:]
        for kind, marker in kinds:
            for seed in (0, 1, 2):
                where = np.arange(1, 4) + (seed - 1) * 0.12
                values = [max(2e-5, spreads[world, seed, depth][kind]) for depth in (1, 2, 3)]
                axis.plot(where, values, marker, mfc="none" if marker == "o" else "k", mec="k", ms=6,
                          label=f"by {kind}" if seed == 0 else None)
        axis.set(title=f"world: {world}", xlabel="depth", xticks=(1, 2, 3), yscale="log")
        axis.legend(frameon=False, fontsize=9)
    axes[0].set_ylabel("spread, mean over channels")
    show(figure, alt="Spread of the gates by depth, three seeds, on a logarithmic axis, two worlds. Means in the world that "
         f"varies at depth 1: by sensor {level['sensor'][0]:.3f}, by class {level['class'][0]:.3f}.")

# %% [markdown]
# In the grey maps, rows that differ within a panel mean that the gate depends on the sensor, or on the class; vertical
# stripes alone mean that only the channels differ. At depth 1 the channels 0 to 7 belong to sensor 0, the next eight to
# sensor 1, and so on. Do deeper gates depend more on the class, as in the paper? And is the mean gate of depth 3 close to
# 1?
#
# ### 3.3 Does it matter that the gate moves?
#
# A spread says that a gate moves, not that the network needs it. So we hold every gate at its mean over the training
# images and change nothing else.
#
# **Predict.** How many points of accuracy does this cost in the world that varies?

# %% tags=["demo", "prediction"]
my_loss = None  # points of accuracy, 0 or more, lost when all gates are held at their mean in the world that varies

# %% tags=["demo"]
loss = {world: [runs[world, seed]["learned"] - runs[world, seed]["all"] for seed in (0, 1, 2)] for world in WORLDS}
print("test accuracy in %      as learned, all gates held, only depth 1, only 2, only 3 held")
for (world, seed), run in runs.items():
    numbers = [run["learned"], run["all"], *run["one"]]
    print(f"{world:7} seed {seed}          " + "  ".join(f"{number:5.1f}" for number in numbers))
for world in WORLDS:
    print(f"{world}: holding all gates costs {np.mean(loss[world]):.1f} points on average, "
          f"{min(loss[world]):.1f} to {max(loss[world]):.1f}")
compare_guess(my_loss, np.mean(loss["varies"]), "points lost in the world that varies")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title What it costs to hold the gates at their mean
figure, axis = plt.subplots(figsize=(7.6, 2.9), layout="constrained")
held = ["all", "depth 1", "depth 2", "depth 3"]
for marker, fill, shift, world in [("s", "k", -0.15, "varies"), ("o", "w", 0.15, "fixed")]:
    for seed in (0, 1, 2):
        run = runs[world, seed]
        costs = [run["learned"] - value for value in (run["all"], *run["one"])]
        axis.plot(np.arange(4) + shift + 0.06 * (seed - 1), costs, marker, mfc=fill, mec="k", ms=6,
                  label=f"world: {world}" if seed == 0 else None)
axis.axhline(0, color="0.5", lw=1, ls="--")
axis.set(xticks=range(4), xticklabels=held, xlabel="gates that are held at their mean", ylabel="points lost")
axis.legend(frameon=False)
draw_guess(axis, my_loss, along="x")
show(figure, alt="Points of accuracy lost when gates are held at their mean, three seeds, two worlds. All gates: "
     + ", ".join(f"{world} {np.mean(loss[world]):.1f}" for world in WORLDS) + " points on average.")

# %% [markdown]
# Compare with section 3.2: a gate may follow the class and still be worth nothing to the network. If nothing is lost, the
# gates can be multiplied into the next layer's weights. If something is, *this* network relies on its gates; whether other
# layers could have learned the same, only a second training can say, as in notebook 06.

# %% [markdown] tags=["instructor"]
# **Reading the result.** In our runs holding the gates cost between 9 and 28 points where the sensor varies, nearly all
# of it at depth 1, and under half a point in the fixed world. Where the sensor varies, depth 1 follows the sensor, eleven
# times chance, and not the class; depth 3 follows the class, about ten times chance, and not the sensor. In the fixed
# world the gates follow the class at all depths, four to nine times chance, and holding them costs nothing: the convolutions
# know the class anyway. The mean gate of depth 3 was 0.99: nearly the identity. One caveat: the
# test accuracy has a standard error of about one point, with 1,194 images made of 597 digits.

# %% [markdown]
# ### 3.4 A large network, two photographs
#
# The same reading works in EfficientNet-B0. With random weights, as here, the figure only shows that the code runs. With a
# connection, set `WITH_IMAGENET = True`, and Keras downloads the trained weights, about 20 MB.

# %% tags=["demo"]
WITH_IMAGENET = False
network_of_photos = keras.applications.EfficientNetB0(weights="imagenet") if WITH_IMAGENET else efficient
squares = np.stack([photograph(name, 213, 320)[:, 53:266] for name in ("china", "flower")])     # the middle, 213 x 213
squares = keras.ops.image.resize(255 * squares, (224, 224))                                     # the network scales itself
photo_gates = keras.Model(network_of_photos.input, [found["gate"] for found in find_gates(network_of_photos)])(squares)
photo_gates = [keras.ops.convert_to_numpy(gates)[:, 0, 0] for gates in photo_gates]             # 16 arrays (2, C)
apart = [np.abs(gates[0] - gates[1]).mean() for gates in photo_gates]
print("weights:", "ImageNet" if WITH_IMAGENET else "random, so this says nothing about photographs")
print(f"the two photographs differ most in block {np.argmax(apart) + 1} of {len(apart)}: by {max(apart):.2g} on average")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The gates of 16 blocks for two photographs
figure, axes = plt.subplots(1, 4, figsize=(10, 2.7), layout="constrained", width_ratios=(1, 1, 2, 2))
for axis, square, name in zip(axes, np.asarray(squares) / 255, ("china", "flower"), strict=False):
    axis.imshow(np.clip(square, 0, 1))
    axis.set(title=name, xticks=[], yticks=[])
blocks = np.arange(1, len(photo_gates) + 1)
for place, (name, style) in enumerate([("china", "ks-"), ("flower", "ko--")]):
    axes[2].plot(blocks, [gates[place].mean() for gates in photo_gates], style, ms=4, lw=1, label=name, mfc="w")
axes[2].set(title="mean gate", xlabel="block", ylim=(0, 1), xticks=(1, 4, 8, 12, 16))
axes[2].legend(frameon=False)
axes[3].plot(blocks, apart, "ks-", ms=4, lw=1)
axes[3].set(title="mean difference", xlabel="block", ylim=(0, None), xticks=(1, 4, 8, 12, 16))
show(figure, alt="A photograph of a temple and one of a dahlia, the mean gate of 16 blocks for each of the two, and the mean "
     f"difference of their gates, {'ImageNet' if WITH_IMAGENET else 'random'} weights. The difference is largest in block "
     f"{np.argmax(apart) + 1}, {max(apart):.2g}.")

# %% [markdown]
# ## 4 · Where to put it
#
# The SE paper tried four places in ResNet-50 (section 6.5, table 14; top-1 error: how often the first guess is wrong, in
# percent). The five networks share one recipe, not that of the paper's main table.
#
# | place | in formulas, $F$ the branch | top-1 error |
# |---|---|---|
# | no attention | $\mathrm{relu}(x + F(x))$ | 23.30 |
# | standard | $\mathrm{relu}(x + \mathrm{SE}(F(x)))$ | 22.28 |
# | PRE | $\mathrm{relu}(x + F(\mathrm{SE}(x)))$ | 22.23 |
# | Identity | $\mathrm{relu}(\mathrm{SE}(x) + F(x))$ | 22.20 |
# | POST | $\mathrm{SE}(\mathrm{relu}(x + F(x)))$ | 22.78 |
#
# Three places lie within 0.08 points, with one training per row and no interval, so do not choose among them by this
# table. POST, after the addition, is half a point worse.
#
# ## 5 · A page of guidance
#
# | question | answer | evidence |
# |---|---|---|
# | Does it help at all? | It may, where what is useful changes from image to image; so may a dense head or added layers. | section 3.3; notebook 06, two worlds |
# | Which kind? | *Which channel* changes: SE, or ECA if weights are short. *Which place* changes: a spatial gate with a norm, or softmax pooling. | notebook 06, two worlds and decoys |
# | Where in a block? | Before the addition; where before it matters little. | section 4 |
# | Which stages? | If weights are short, leave out the last. | section 1; SE, section 4 |
# | Which ratio? | 8 to 16: from 2 to 16 the error hardly changed, at 32 it rose. | SE, section 6.1, table 10 |
# | What does it cost in time? | Measure it. 1024 images a second in training became 759 with SE, 785 with ECA. | ECA, its table for ResNet-50 |
# | Into a trained network? | Identity start; train the gates alone, then everything. | section 2; notebook 06 |
# | How do I know that it helped? | Paired seeds at your real budget, an interval, and controls: a constant, and added layers of equal weights. Then hold the gates at their mean. | notebook 06; section 3.3 |
# | When not? | Nothing varies, so fixed weights learn it; or a control gains as much. | section 3.3; notebook 06, the controls |

# %% [markdown]
# ## 6 · What came after
#
# Every block below changes one step of "squeeze, excite, scale". With $n = 1, \dots, N$ for the $N = HW$ positions of one
# image and $x_n$ for the channels at position $n$, SE is $z = \frac1N \sum_n x_n$ and
# $y_n = g \cdot x_n$ with $g = \sigma(\mathrm{MLP}(z))$.
#
# **Gather-excite** (Hu et al., arXiv 1810.12348) pools over neighbourhoods of $k \times k$ positions and resizes the
# result to the map. Its smallest form has no weights.
#
# $$ y = x \cdot \sigma\big(\mathrm{resize}(\mathrm{pool}_k(x))\big) $$
#
# **SRM** (Lee et al., arXiv 1903.10829) squeezes to mean and standard deviation. Each channel has two weights
# $\omega_c$ of its own and does not see the others.
#
# $$ g_c = \sigma\big(\mathrm{norm}(\omega_{c1}\, z_c + \omega_{c2} \operatorname{sd}_n x_{nc})\big) $$
#
# **FcaNet** (Qin et al., arXiv 2012.11879) gives groups of channels the frequencies $(\phi_c, \psi_c)$ of a cosine
# transform. With $\phi_c = \psi_c = 0$ this is SE's mean, up to a factor.
#
# $$ z_c = \sum_{h=1}^{H} \sum_{w=1}^{W} x_{hwc} \cos\frac{\pi \phi_c (h - \frac12)}{H} \cos\frac{\pi \psi_c (w - \frac12)}{W} $$
#
# **Coordinate attention** (Hou et al., arXiv 2103.02907) pools along rows and columns separately, so that the gate
# still knows where. Both results pass through one bottleneck $f$.
#
# $$ y_{hwc} = x_{hwc} \cdot \sigma\big(f(\operatorname{mean}_w x)\big)_{hc} \cdot \sigma\big(f(\operatorname{mean}_h x)\big)_{wc} $$
#
# **Triplet attention** (Misra et al., arXiv 2010.03045) applies a gate like CBAM's spatial one to each pair of axes,
# pools the third, and averages the results.
#
# $$ y = \tfrac13 \big(x \cdot g_{HW} + x \cdot g_{HC} + x \cdot g_{CW}\big) $$
#
# **SimAM** (Yang et al., PMLR 139) has no weights: a value counts more the farther it is from the mean of its
# channel. $\lambda$ keeps the quotient finite.
#
# $$ y_{nc} = x_{nc} \cdot \sigma\Big(\frac{(x_{nc} - z_c)^2}{4(\operatorname{var}_n x_{nc} + \lambda)} + \frac12\Big) $$
#
# **Selective kernels** (Li et al., arXiv 1903.06586) choose between branches of different kernel sizes. Per channel a
# softmax over the branches decides, made from the mean of their sum.
#
# $$ y = g \cdot \mathrm{conv}_3(x) + (1 - g) \cdot \mathrm{conv}_5(x) $$

# %% [markdown]
# ### 6.1 Pooling that chooses: from GCNet to self-attention
#
# A mean gives every position the same weight. **GCNet** (Cao et al., arXiv 1904.11492) has the attention pooling of
# notebook 06: one vector $q$, the **query**, is trained, and a position counts more the better it matches.
#
# $$ \alpha_n = \frac{\exp(q \cdot x_n)}{\sum_{i=1}^{N} \exp(q \cdot x_i)}, \qquad z = \sum_{n=1}^{N} \alpha_n x_n, \qquad y_n = x_n + \mathrm{MLP}(z) $$
#
# With $q = 0$ all $\alpha_n$ are $1/N$ and $z$ is SE's squeeze. With a long $q$ one position takes nearly all.
#
# **By hand.** Four positions have the logits $0, 0, \ln 3, 0$. The exponentials are 1, 1, 3, 1, so the weights are 1/6,
# 1/6, 1/2, 1/6. A channel with the values 4, 8, 0, 6 has the mean 4.5 and the weighted mean $18/6 = 3$.

# %% [markdown]
# ### Exercise · `softmax_pool`
# **{{worth:softmax_pool}} · medium**
#
# In: `x` (B, H, W, C) and `query` (C,). Out: a NumPy array (B, C): for each image the mean of its positions, weighted by
# the softmax, over all positions of that image, of `x` times `query`. The logits may be as large as 1,000 in one image,
# and small in another, and the result is finite even then. `x` stays as it was.

# %% answer="softmax_pool" minutes=20
def softmax_pool(x, query):
    """Pool x (B, H, W, C) over its positions, weighted by a softmax of their match with query (C,). Returns (B, C)."""
    # the weighted mean of each image
    ### BEGIN SOLUTION
    positions = x.reshape(len(x), -1, x.shape[-1])
    logits = positions @ query
    weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return np.einsum("bn,bnc->bc", weights, positions)
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Three steps: a logit per position, weights from the logits, the weighted mean.
# The weights of one image are shared by all its channels and add up to 1.</details>
# <details><summary>Hint: the shapes</summary>With height and width in one axis, the map is (B, N, C), logits and weights
# are (B, N), and the sum over positions leaves (B, C).</details>
# <details><summary>Hint: large logits</summary>A softmax does not change if the same number is subtracted from all
# logits of an image. Which number keeps every exponential at 1 or below?</details>
# <details><summary>"operands could not be broadcast together with shapes (3,2,4) (3,2,4,5)"</summary>The weights have no
# channel axis yet: give them one of length 1 at the end, or let <code>np.einsum</code> name the axes.</details>
# <details><summary>"RuntimeWarning: overflow encountered in exp"</summary>The exponential of 1,000 is too large for a
# float, and infinity over infinity is NaN: see the hint above.</details>

# %% check="softmax_pool"
hand_map = np.array([[[[0.0, 4.0], [0.0, 8.0]], [[1.0, 0.0], [0.0, 6.0]]]])
case_map = np.random.default_rng(9).normal(size=(3, 2, 4, 5)) + [0.5, -0.5, 0.0, 1.0, -1.0]
case_query, kept = np.array([0.9, -0.6, 1.2, 0.4, -0.8]), case_map.copy()
got = softmax_pool(case_map, case_query)
check_type(got, np.ndarray, rule="return the NumPy array itself")
check_shape(got, (3, 5), rule="one number per image and channel")
check_unchanged(kept, case_map)
slow = np.zeros((3, 5))
for b in range(3):
    powers = {place: 2.718281828459045 ** sum(kept[b][place] * case_query) for place in np.ndindex(2, 4)}
    for place, power in powers.items():
        slow[b] += kept[b][place] * power / sum(powers.values())
check_close(got, slow, rule="three images of 2 x 4 positions: the weights of each image add up to 1")
check_close(softmax_pool(hand_map, np.array([np.log(3), 0])), [[1 / 2, 3]], rule="worked by hand: weights 1/6, 1/6, 1/2, 1/6")
check_close(softmax_pool(case_map, 0 * case_query), kept.mean(axis=(1, 2)), rule="a query of zeros gives the plain mean")
far = case_map.copy()
far[..., 3] = [[[10]], [[0]], [[0]]]
check_close(softmax_pool(far, case_query + [0, 0, 0, 100, 0]), softmax_pool(far, case_query),
            rule="a thousand more in every logit of one image changes nothing, and the result is finite")
passed("softmax_pool")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** A softmax along one axis, as `keras.ops.softmax(x @ query)` does by default; one softmax for the
# whole batch; exponentials of the logits as they are; weights of their own for each channel; `mean` instead of `sum`
# at the end.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title A query for "red, not green or blue" on a photograph, at three lengths
with waits_for(softmax_pool):
    flower, red = photograph("flower").astype("float64"), np.array([1.0, -0.5, -0.5])
    figure, axes = plt.subplots(2, 4, figsize=(9.4, 2.5), layout="constrained", height_ratios=(6, 1))
    axes[0, 0].imshow(flower)
    axes[0, 0].set_title("the photograph")
    axes[1, 0].axis("off")
    told = []
    for column, length in enumerate((0, 3, 12), start=1):
        match = np.exp(length * (flower @ red))
        draw_map(axes[0, column], match / match.max(), f"weights, length {length}", 0, 1)
        pooled = softmax_pool(flower[None], length * red)[0]
        axes[1, column].imshow(np.clip(pooled, 0, 1)[None, None], aspect="auto")
        axes[1, column].set_ylabel("pooled" if column == 1 else "")
        told.append(f"length {length}: " + ", ".join(f"{value:.2f}" for value in pooled))
    for axis in axes.flat:
        axis.set(xticks=[], yticks=[])
    print("pooled red, green, blue:\n" + "\n".join(told))
    show(figure, alt="A photograph of an orange dahlia before dark green leaves, then the weights of its positions for a query of "
         "length 0, 3 and 12, white where the weight is largest, and below each the pooled colour. " + "; ".join(told) + ".")

# %% [markdown]
# White marks the largest weight. At length 0 all are equal, and the pooled colour is that of the whole picture, mostly leaves.
# The longer the query, the more the flower alone decides. A mean cannot do this, however good the MLP after it is.
#
# **Self-attention** (Vaswani et al., arXiv 1706.03762; for images Wang et al., arXiv 1711.07971) is the
# general case: every position has a query of its own. From the positions $X$, $(N, C)$, three matrices of weights make
# queries $Q$ and keys $K$, both $(N, D)$, and values $V$, $(N, C)$:
#
# $$ Y = \operatorname{softmax}\Big(\frac{Q K^\top}{\sqrt D}\Big) V $$
#
# Row $n$ of the softmax holds the weights with which position $n$ pools. If all rows of $Q$ are equal, so are
# all rows of $Y$, and what is left is `softmax_pool`. GCNet's authors found that different positions of one image gather
# almost the same (their abstract), so they kept one query.

# %% tags=["demo"]
with waits_for(softmax_pool):
    small = photograph("flower", 12, 18).astype("float64")                                     # (12, 18, 3)
    X = small.reshape(-1, 3)                                                                   # (216, 3)
    Q, K, V = np.tile(12 * np.sqrt(3) * red, (len(X), 1)), X, X                                # one query for all; D = 3
    A = np.exp(Q @ K.T / np.sqrt(3))
    Y = A / A.sum(axis=1, keepdims=True) @ V
    print("weights:", A.shape, " rows of Y differ by", f"{np.ptp(Y, axis=0).max():.1e}")
    print(f"greatest difference from softmax_pool: {np.abs(Y - softmax_pool(small[None], 12 * red)).max():.1e}")

# %% [markdown]
# **Question · where, what, and how would you know**
#
# **{{worth:reflect-budget}} · in your own words**
#
# A frozen MobileNetV2 trunk with 2,257,984 weights sorts parts on a conveyor belt. Its 17 blocks end in maps with 16
# channels (once), 24 (twice), 32 (three times), 64 (four), 96 (three), 160 (three) and 320 (once). The lamps age, so the
# colour of the light changes from image to image. You may add 0.2 % of weights, and the accuracy may not fall on the first
# day. What do you insert, and where? Show that it fits the budget. How would you find out whether it helped, and what
# result would make you take it out again?

# %% [markdown] question="reflect-budget" points=4 minutes=15 row="question: where, what, and how would you know"
# ### BEGIN SOLUTION
# The light changes which channels can be trusted, from image to image and everywhere in it, so a channel gate fits.
# 0.2 % are 4,515 weights. ECA after all 17 projection norms, before the additions, costs 13 kernels of 3 and 4 kernels
# of 5, which is 59 weights. SE with ratio 16 in the three blocks of 96 channels would also fit:
# 3 (2 · 96 · 6 + 6 + 96) = 3,762. In the blocks of 160 channels it would not: 3 (2 · 160 · 10 + 10 + 160) = 10,110. I take
# ECA with the identity start, so that the accuracy on the first day is exactly the old one, and train the kernels alone.
#
# Control: the same training with a learned factor per channel that does not see the image, several paired seeds, test
# images of lamps of every age, the paired difference with its interval. I take the gates out if the interval includes
# values too small to matter, if the control gains as much, or if holding the gates at their mean costs nothing.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric, {{points:reflect-budget}} points.** 1 point: a channel gate on the branch before the addition, with the reason
# that the light varies from image to image. 1 point: a count that is right and below 4,515. 1 point: the identity start,
# or another way to keep the first day's accuracy. 1 point: a control that cannot see the image or gates held at their mean,
# seeds and an interval, and a result named in advance that speaks against the gate. Other blocks earn full points if
# reason and count hold.

# %% [markdown]
# ## What we found
#
# - A ratio says little until you know of which map.
# - A gate is worth its place if it moves with something that the task needs, and if no control does as well.
# - SE pools by a mean, GCNet by one query, self-attention by a query per position.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | trunk | a network without its last layers, used for its features |
# | query | the vector that a position is compared with to get its weight |
# | spread | the standard deviation over classes of the mean gate of a channel |
# | self-attention | pooling over all positions with a query for each position |
#
# ## Stretch
#
# Write gather-excite for $k = 3$ and put it into `sensor_network` instead of `SqueezeGate`. Does it help in the
# world that varies? Should it?
#
# ## What comes next
#
# The course ends here. Take a block from a paper that is not in it, derive it on a map of 2 x 2 x 3, and write the case that
# would catch your own mistakes before you write the code.

# %% [markdown] tags=["instructor"]
# **Stretch.** Gather-excite without weights cannot learn which sensor to trust: its gate grows with the local mean, so it
# favours the broken sensors, which are brighter.

# %% [markdown]
# {{hand_in}}
