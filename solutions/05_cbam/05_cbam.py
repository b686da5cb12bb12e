# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 05 · CBAM
#
# {{badges}}
#
# Notebook 03 made a gate that says *which channel*, notebook 04 one that says *which place*. One after the other they
# are CBAM, the convolutional block attention module. Which goes first, what does the second one look at, and where in a
# network does it belong?
#
# **You will be able to**
# - compose the two gates in NumPy, and as a Keras layer that can be saved and loaded
# - design a test case that shows one fault and hides the others
# - judge an experiment about the gates' order
# - place the block in a residual network
#
# **Before you start:** notebooks 01, 03 and 04.
#
# | part | points | minutes |
# |---|---|---|
# | reading, predictions and figures | | {{minutes:reading}} |
# {{rows}}
# | **total** | **{{points}}** | **{{minutes}}** |

# %%
import contextlib
import io
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # fewer messages from TensorFlow
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # the same rounding on every processor

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(5)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## Before you start: three questions
#
# **1.** The shared MLP runs on the mean and on the max, and its two results are added. How often is $b_2$ in the sum?
#
# <details><summary>Answer</summary>Twice, once for each run. With biases the sum of two runs is not one run on mean + max
# (notebook 03).</details>
#
# **2.** A map is multiplied by 1/2. What happens to the two maps that the spatial gate pools from it, and to its logits?
#
# <details><summary>Answer</summary>Mean and max are halved, and so are the logits, because the convolution has no bias. The
# gates move towards 1/2 (notebook 04).</details>
#
# **3.** How many weights has a spatial gate with a 7 x 7 kernel on 64 channels, and on 512?
#
# <details><summary>Answer</summary>98 on both: the channels are pooled to two maps first (notebook 04).</details>

# %% [markdown]
# ## 1 · One gate after the other
#
# Let $g_{\text{channel}}$ be the gate of 03 and $g_{\text{place}}$ that of 04, for a map $x$ of shape $(B, H, W, C)$:
#
# $$ g_{\text{channel}}(x) = \sigma\big(\mathrm{MLP}(\text{mean over } H, W) + \mathrm{MLP}(\text{max over } H, W)\big) \qquad (B, 1, 1, C) $$
#
# $$ g_{\text{place}}(x) = \sigma\big(\mathrm{conv}([\text{mean over } C;\ \text{max over } C])\big) \qquad (B, H, W, 1) $$
#
# Both pools share the MLP of 03. The convolution has one kernel $(k, k, 2)$, mean first, and no bias. CBAM composes the gates in
# two steps:
#
# $$ x' = g_{\text{channel}}(x) \cdot x \qquad\qquad x'' = g_{\text{place}}(x') \cdot x' $$
#
# So the second gate is computed **from the refined map** $x'$ and multiplies it.

# %%
LOG3 = np.log(3)                                                   # the sigmoid of log 3 is 3/4, of -log 3 it is 1/4
hand_x = np.array([[[[8.0, 0.0, 0.0], [0.0, 4.0, -2.0]], [[4.0, 0.0, 6.0], [0.0, 4.0, 4.0]]]])     # (1, 2, 2, 3)
hand_w1, hand_b1 = np.array([[1.0], [-1.0], [0.0]]), np.array([-2.0])                               # (3, 1), (1,)
hand_w2, hand_b2 = LOG3 * np.array([[1.0, -1.0, 0.0]]), LOG3 * np.array([-0.5, 0.5, 0.0])           # (1, 3), (3,)
hand_kernel = np.zeros((7, 7, 2))
hand_kernel[3, 3] = -3 * LOG3, LOG3                                # the centre: mean and max
hand_kernel[3, 4, 1] = LOG3                                        # the max of the neighbour on the right
hand_weights = (hand_w1, hand_b1, hand_w2, hand_b2, hand_kernel)

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Tools for the picture
def draw_cells(axis, left, top, values, size=0.62):
    """Draw a table of numbers as cells, its top left corner at (left, top)."""
    for row, column in np.ndindex(np.shape(values)):
        x, y = left + column * size, top - (row + 1) * size
        axis.add_patch(plt.Rectangle((x, y), size, size, fc="w", ec="k", lw=0.9))
        axis.text(x + size / 2, y + size / 2, f"{values[row][column]:.3g}", ha="center", va="center", fontsize=10)


def draw_arrow(axis, start, end, text="", style="-", bend=0.0, lift=0.12):
    """Draw an arrow from start to end with words above its middle."""
    shape = {"arrowstyle": "-|>", "color": "k", "ls": style, "connectionstyle": f"arc3,rad={bend}"}
    axis.annotate("", end, start, arrowprops=shape)
    axis.text((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + lift, text, ha="center", va="bottom", fontsize=10)


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The block in one picture, with numbers
figure, axis = plt.subplots(figsize=(9.6, 4.3), layout="constrained")
refined_maps = ([[6, 0], [3, 0]], [[0, 1], [0, 1]], [[0, -1], [3, 2]])
final_maps = ([[4.5, 0], [0.75, 0]], [[0, 0.75], [0, 0.25]], [[0, -0.75], [0.75, 0.5]])
for channel in range(3):
    for left, maps in [(0, hand_x[0].transpose(2, 0, 1)), (6.1, refined_maps), (13.1, final_maps)]:
        draw_cells(axis, left, 4.4 - 1.5 * channel, maps[channel])
for left, top, values in [(2.9, 3.15, [[3], [2], [2]]), (3.6, 3.15, [[8], [4], [6]]), (5.1, 3.15, [[0.75], [0.25], [0.5]]),
                          (9.05, 3.55, [[2, 0], [2, 1]]), (9.05, 2.1, [[6, 1], [3, 2]]), (11.2, 2.85, [[0.75, 0.75], [0.25, 0.25]])]:
    draw_cells(axis, left, top, values)
for start, end, text in [(1.35, 2.8, "pool over\nplaces"), (4.3, 5.05, "MLP,\nsum, $\\sigma$"), (5.75, 6.05, ""),
                         (7.4, 8.95, "pool over\nchannels"), (10.4, 11.1, "conv,\n$\\sigma$"), (12.5, 13.0, "")]:
    draw_arrow(axis, (start, 2.22), (end, 2.22), text)
draw_arrow(axis, (0.6, 4.5), (6.7, 4.5), "x times its channel gates", "--", -0.1, 0.42)
draw_arrow(axis, (6.9, 4.5), (13.7, 4.5), "the refined map times its spatial gates", "--", -0.1, 0.42)
for middle, text in [(0.62, "x\n(1, 2, 2, 3)"), (3.55, "mean and max\n(1, 3) each"), (5.4, "gates\n(1, 3)"),
                     (6.95, "refined\n(1, 2, 2, 3)"), (9.67, "mean, max\n(1, 2, 2, 2)"), (11.8, "gates\n(1, 2, 2)"),
                     (13.72, "output\n(1, 2, 2, 3)")]:
    axis.text(middle, -0.08, text, ha="center", va="top", fontsize=10)
axis.set(xlim=(-0.2, 14.5), ylim=(-0.9, 5.6))
axis.axis("off")
show(figure, alt="Diagram of the block with numbers. Three 2 by 2 maps are pooled over places to means 3, 2, 2 and maxima 8, 4, 6; the "
     "channel gates are 0.75, 0.25, 0.5. The refined maps are pooled over channels to a mean and a max map, and the spatial gates "
     "are 0.75 in the upper row and 0.25 in the lower row. The second gate is made from the refined map, not from x.")

# %% [markdown]
# **By hand.** The weights are $W_1 = (1, -1, 0)^\top$, $b_1 = -2$, $W_2 = (1, -1, 0) \ln 3$ and $b_2 = (-\frac12, \frac12, 0) \ln 3$.
#
# - Means $(3, 2, 2)$, hidden $\mathrm{relu}(3 - 2 - 2) = 0$. Maxima $(8, 4, 6)$, hidden $\mathrm{relu}(8 - 4 - 2) = 2$.
# - Logits $(0 + 2)\, W_2 + 2 b_2 = (1,\ -1,\ 0) \ln 3$. As $\sigma(\ln 3) = 3/4$, the gates are $(3/4, 1/4, 1/2)$.
# - The kernel has three taps, in units of $\ln 3$: at the centre $-3$ for the mean and $1$ for the max, and $1$ for the max on the
#   right. At the top left of the refined map: $-3 \cdot 2 + 6 + 1 = 1$, a gate of $3/4$. The other logits are $1$ above and $-1$
#   below.
#
# **Predict.** Compute the spatial gate from $x$ instead of $x'$. How many of its four values change?

# %% tags=["demo", "prediction"]
my_changed = None  # 0 to 4: how many of the four spatial gates change? None skips it

# %% tags=["demo"]
mean_x, max_x = hand_x.mean(axis=3)[0], hand_x.max(axis=3)[0]
right_of = np.array([[max_x[0, 1], 0], [max_x[1, 1], 0]])          # the neighbour on the right; outside it is 0
from_x = -3 * mean_x + max_x + right_of
print("logits from x, in units of log 3:\n", np.round(from_x, 3))
compare_guess(my_changed, int(np.sum(np.abs(from_x - [[1, 1], [-1, -1]]) > 1e-9)), "gates that change")

# %% [markdown]
# From $x$ all four change, because there every channel counts in full. So $g_{\text{channel}}(x) \cdot g_{\text{place}}(x) \cdot x$
# is another block.

# %% [markdown]
# ### Exercise · `cbam_forward`
# **{{worth:cbam_forward}} · easy**
#
# In: `x` (B, H, W, C), `w1` (C, m), `b1` (m,), `w2` (m, C), `b2` (C,) and `kernel` (7, 7, 2), mean first. Out: the
# map after both gates, a NumPy array (B, H, W, C); `x` stays as it was. You may use your functions from 03 and 04, or the
# tools below: `sigmoid(a)` and `convolve(d, kernel)`, (B, H, W, 2) to (B, H, W) with zero padding.

# %%
def sigmoid(a):
    """The sigmoid, number by number, in a form that does not overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * a)


def convolve(d, kernel):
    """The convolution of 04, worked out by Keras: d (B, H, W, D) and kernel (k, k, D) give (B, H, W)."""
    return keras.ops.convert_to_numpy(keras.ops.conv(d, kernel[..., None], padding="same"))[..., 0]


# %% answer="cbam_forward" minutes=14
def cbam_forward(x, w1, b1, w2, b2, kernel):
    """Gate x (B, H, W, C) by channel, then the refined map by position. Returns (B, H, W, C)."""
    # one MLP for both pools over positions; its two results are added, then the sigmoid
    # the refined map: each channel times its gate
    # pool the refined map over its channels, mean first, and convolve
    # the refined map times the spatial gate
    ### BEGIN SOLUTION
    def mlp(v):
        return np.maximum(v @ w1 + b1, 0) @ w2 + b2

    channel_gate = sigmoid(mlp(x.mean(axis=(1, 2))) + mlp(x.max(axis=(1, 2))))
    refined = x * channel_gate[:, None, None, :]
    pooled = np.stack([refined.mean(axis=3), refined.max(axis=3)], axis=3)
    spatial_gate = sigmoid(convolve(pooled, kernel))
    return refined * spatial_gate[..., None]
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Two equations, two halves. Give the result of the first a name, and let the second half use nothing but that name.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C) is pooled to (B, C) twice; gates (B, C); refined (B, H, W, C); pooled to (B, H, W) twice, joined to (B, H, W, 2); gates (B, H, W).</details>
# <details><summary>Hint: nearly code</summary>An inner function for the MLP saves writing it twice. <code>np.stack([..., ...], axis=?)</code> joins two maps along a new axis. Which map do you pool?</details>
# <details><summary>"operands could not be broadcast together with shapes (2,3,5,6) (2,3,5)"</summary>The spatial gate has no channel axis yet. It needs one of length 1 at the end.</details>

# %%
random = np.random.default_rng(121)
case_x = np.round(1.2 * random.normal(size=(2, 3, 5, 6)) + [0.5, -1.5, 0.0, 1.0, -0.5, 0.2], 1)
case_w1, case_b1 = np.round(random.normal(size=(6, 2)) / 2, 1), np.array([0.3, -0.2])
case_w2, case_b2 = np.round(random.normal(size=(2, 6)), 1), np.array([0.2, -0.4, 0.3, -0.3, 0.5, -0.2])
case_kernel = np.round(random.normal(size=(7, 7, 2)) / 4, 2)
case_weights = (case_w1, case_b1, case_w2, case_b2, case_kernel)


# %%
def slow_cbam(x, w1, b1, w2, b2, kernel):
    """The target, one number at a time."""
    gates, squash = np.zeros((x.shape[0], x.shape[3])), lambda number: 0.5 + 0.5 * np.tanh(number / 2)
    for b, c in np.ndindex(gates.shape):
        logit = 2 * b2[c]
        for pool in (np.mean, np.max):
            z = [pool(x[b, :, :, i]) for i in range(x.shape[3])]
            for unit in range(len(b1)):
                logit += w2[unit, c] * max(0, sum(z[i] * w1[i, unit] for i in range(len(z))) + b1[unit])
        gates[b, c] = squash(logit)
    out = np.array([[[[x[b, h, w, c] * gates[b, c] for c in range(x.shape[3])] for w in range(x.shape[2])]
                     for h in range(x.shape[1])] for b in range(x.shape[0])])
    middle, kept = out.copy(), range(-3, 4)
    for b, h, w in np.ndindex(x.shape[:3]):
        inside = [(i, j) for i in kept for j in kept if 0 <= h + i < x.shape[1] and 0 <= w + j < x.shape[2]]
        parts = [kernel[i + 3, j + 3] @ [middle[b, h + i, w + j].mean(), middle[b, h + i, w + j].max()] for i, j in inside]
        out[b, h, w] *= squash(sum(parts))
    return out


case_y = slow_cbam(case_x, *case_weights)

# %% tags=["demo"]
photo = photograph(height=48, width=72)[None].astype("float64") + 0.01      # red, green, blue; nothing exactly 0
reds = (np.array([[1.0], [0.0], [-1.0]]), np.array([0.6]), np.array([[2.0, 0.0, -0.8]]), np.zeros(3))
details = np.zeros((7, 7, 2))
details[..., 0], details[3, 3, 0] = -40 / 48, 40                            # each position against its surroundings
photo_y = slow_cbam(photo, *reds, details)
compare(cbam_forward, target=photo_y, inputs=(photo.copy(), *reds, details), gate=photo_y / photo,
        title="A channel gate that prefers red, then a spatial gate that looks for details", names=["red", "green", "blue"],
        alt="A photograph in its three channels, the product of both gates and the result. The red channel keeps the bright details, the "
        "green one keeps about half of them and the blue one less than a third.")

# %% check="cbam_forward"
given = case_x.copy()
got = cbam_forward(given, *case_weights)
check_type(got, np.ndarray, rule="return the NumPy array itself")
check_shape(got, (2, 3, 5, 6), rule="the block changes values, not the shape")
check_unchanged(case_x, given)
check_close(got, case_y, rule="two images, six channels, both signs: the two equations of section 1")
got = cbam_forward(hand_x.copy(), *hand_weights)
check_close(got[0, :, :, 0], [[4.5, 0], [0.75, 0]], rule="section 1, by hand: at the top left 8 is multiplied by 3/4 twice")
check_close(got[0, :, :, 2], [[0, -0.75], [0.75, 0.5]], rule="section 1, by hand: negative stays negative")
open_weights = (case_w1, case_b1, 0 * case_w2, 0 * case_b2, 0 * case_kernel)
check_close(cbam_forward(case_x, *open_weights), case_x / 4, rule="all logits 0: two gates of 1/2 leave a quarter of x")
check_close(cbam_forward(case_x[:1], *case_weights), case_y[:1], rule="each image by itself")
cube = np.random.default_rng(52).normal(size=(6, 6, 6, 6))        # B = H = W = C: a wrong broadcast raises no error here
check_close(cbam_forward(cube, *case_weights)[:, :2], slow_cbam(cube, *case_weights)[:, :2], rule="the same where B = H = W = C")
passed("cbam_forward")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The spatial gate from `x` (5.93 for 4.5 at the top left of the hand case). The spatial gate
# multiplied into `x`, so that the channel half is lost but for its effect on the gate. The product of the two gates
# returned without a map. `b2` once; no ReLU (the mean's hidden value of the hand case is negative before it). Max before mean in the
# stack: the official PyTorch code does that, so a student who ports it gets another block from the same kernel. A second MLP for the max
# shows only in Keras, as twice the weights.

# %% [markdown]
# ### 1.1 Why the refined map
#
# Each of four channels has one patch of the same brightness. Only channel 2 counts: its patch has 48 positions instead of 16,
# and the channel gate opens for a high mean. The convolution takes 5 times the mean of the max map over 3 x 3 positions. The
# score is the share of what the spatial gate opens, its part above $1/2$, that lies in channel 2's patch.
#
# **Predict.** What is that share for a gate computed from $x$?

# %% tags=["demo", "prediction"]
my_share = None  # a share between 0 and 1: how much of what the gate from x opens lies in the patch? None skips it

# %% tags=["demo"]
scene, box = np.full((1, 18, 28, 4), 0.001), np.zeros((18, 28), bool)
box[8:14, 14:22] = True                                            # 48 positions, channel 2
scene[0, box, 2] += 1
for channel, top, left in [(0, 2, 2), (1, 12, 4), (3, 2, 21)]:     # 16 positions each
    scene[0, top:top + 4, left:left + 4, channel] += 1
channel_weights = (np.eye(4), np.zeros(4), 300 * np.eye(4), np.full(4, -160.0))
average = np.zeros((7, 7, 2))
average[2:5, 2:5, 1] = 5 / 9

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title What the spatial gate sees, and what it opens
with waits_for(cbam_forward):
    always_open = (*channel_weights[:3], np.full(4, 1e3))          # a huge b2: every channel gate is 1
    closed_kernel = np.zeros((7, 7, 2))                            # an empty kernel: every spatial gate is 1/2
    refined = 2 * cbam_forward(scene, *channel_weights, closed_kernel)
    gate_x = (cbam_forward(scene, *always_open, average) / scene)[0, :, :, 2]
    gate_refined = (cbam_forward(scene, *channel_weights, average) / refined)[0, :, :, 2]
    figure, axes = plt.subplots(2, 4, figsize=(9.4, 3.9), layout="constrained")
    panels = [(scene[0, ..., c], f"channel {c}" + (" counts" if c == 2 else "")) for c in range(4)]
    panels += [(scene[0].max(axis=-1), "max of x"), (gate_x, "gate from x"),
               (refined[0].max(axis=-1), "max of the refined map"), (gate_refined, "gate from the refined map")]
    for axis, (values, title) in zip(axes.flat, panels, strict=True):
        drawn = draw_map(axis, values, title, 0, 1)
    figure.colorbar(drawn, ax=axes, fraction=0.03, pad=0.02)
    show(figure, alt="Above, four channels with one bright patch each; channel 2 counts and has the largest patch. Below, the max of x shows "
         "four patches and the gate from x opens on all four. The max of the refined map shows one patch, and the gate from it opens on "
         "that one alone and stays at 0.5 elsewhere.")
    shares = [float(np.sum((gate - 0.5)[box]) / np.sum(gate - 0.5)) for gate in (gate_x, gate_refined)]
    print("of what it opens, in the patch: {:.2f} for the gate from x, {:.2f} for the gate from the refined map".format(*shares))
    compare_guess(my_share, shares[0], "gate from x")

# %% [markdown]
# From $x$ the gate opens on all four patches, because its pools have forgotten the channels. The refined map carries on what
# the channel gate knows; what its gate opens outside is a rim, because the kernel spreads the patch.

# %% [markdown] tags=["instructor"]
# **Reading the result.** About 0.32 against 0.70. The weights are written by hand.
# `refined` and the gates are obtained from the student's own function: a huge $b_2$ opens all channels, an empty kernel
# makes every spatial gate 1/2, and a quotient of maps is a gate.

# %% [markdown]
# ## 2 · The test that catches it
#
# A test can only catch a fault that shows in its numbers. Five are common: `"gate from x"`, where the spatial gate comes from
# $x$ instead of $x'$; `"b2 once"` instead of twice; `"no ReLU"` in the MLP; `"max first"`, where the max is joined before the
# mean; and `"flipped kernel"`, turned by half a turn.

# %%
FAULTS = ("gate from x", "b2 once", "no ReLU", "max first", "flipped kernel")


def faulty(fault, x, w1, b1, w2, b2, kernel):
    """What a block with one fault gives, from the right block and other arguments."""
    if fault == "gate from x":
        channel_half = 2 * slow_cbam(x, w1, b1, w2, b2, 0 * kernel)               # an empty kernel: spatial gates of 1/2
        spatial_half = slow_cbam(x, w1, b1, 0 * w2, 0 * b2 + 500, kernel)         # a huge b2: channel gates of 1
        return channel_half * spatial_half / np.where(x == 0, 1, x)
    if fault == "no ReLU":                                                        # relu(u) - relu(-u) is u
        w1, b1, w2 = np.hstack([w1, -w1]), np.hstack([b1, -b1]), np.vstack([w2, -w2])
    b2 = b2 / 2 if fault == "b2 once" else b2
    kernel = {"max first": kernel[:, :, ::-1], "flipped kernel": kernel[::-1, ::-1]}.get(fault, kernel)
    return slow_cbam(x, w1, b1, w2, b2, kernel)


def what_shows(case):
    """How far each faulty block is from the right one, at most, on the six arrays of a case."""
    right = slow_cbam(*case)
    return {fault: float(np.abs(faulty(fault, *case) - right).max()) for fault in FAULTS}


# %% [markdown]
# Here is a test made in a hurry: `x` random and positive, as after a ReLU; all weights 1, all biases 0, a kernel of ones.
#
# **Predict.** How many of the five faults does it catch?

# %% tags=["demo", "prediction"]
my_caught = None  # 0 to 5: how many of the five faults does the hurried test catch? None skips it

# %% tags=["demo"]
random = np.random.default_rng(6)
hurried = (random.random((2, 3, 5, 4)), np.ones((4, 3)), np.zeros(3), np.ones((3, 4)), np.zeros(4), np.ones((7, 7, 2)))
for fault, off in what_shows(hurried).items():
    print(f"{fault:15} differs by {off:.1e}")
compare_guess(my_caught, sum(off > 1e-4 for off in what_shows(hurried).values()), "faults that differ by more than 1e-4")

# %% [markdown]
# Each fault hides in its own way: a bias of 0, hidden values above 0, equal slices, a symmetric kernel, channel gates
# so near 1 that $x'$ is $x$. Random numbers of both signs would show all five at once, but a test that *names* its fault has to
# hide the other four.

# %% [markdown]
# ### Exercise · `telling_case`
# **{{worth:telling_case}} · hard**
#
# An open task: many cases are right.
#
# In: `fault`, one of the five names; `shape`, a list [B, H, W, C] with $H, W, C \geq 2$; and `m`, the width of the bottleneck. Out: a
# tuple of six arrays, `x` of this shape, `w1` (C, m), `b1` (m,), `w2` (m, C), `b2` (C,) and `kernel` (7, 7, 2). On them the block
# with this fault differs from the right block by 0.1 or more somewhere, and those with the other four faults by a millionth at
# most. No number in the arrays is above 1,000 or below -1,000.

# %% answer="telling_case" minutes=30
def telling_case(fault, shape, m):
    """Inputs (x, w1, b1, w2, b2, kernel) of a CBAM block on which this fault shows and the other four do not."""
    # six arrays on which one fault shows, and no other one
    ### BEGIN SOLUTION
    channels = shape[3]
    x = np.random.default_rng(0).uniform(1, 3, size=shape)
    w1, b1 = np.zeros((channels, m)), np.ones(m)               # every hidden value is 1: the ReLU does nothing
    w2, b2, kernel = np.zeros((m, channels)), np.zeros(channels), np.zeros((7, 7, 2))
    if fault == "b2 once":
        b2 += 1                                                # the empty kernel hides the spatial faults
    elif fault == "no ReLU":
        b1 -= 2
        w2 += 1
    elif fault == "gate from x":
        kernel[3, 3] = 0.3                                     # equal slices, symmetric; all channel gates are 1/2
    else:
        w2 += 50                                               # channel gates of 1: the refined map is x
        kernel[3, 3] = (1, -1) if fault == "max first" else (0, 0)
        kernel[3, 2] = 0.5 if fault == "flipped kernel" else 0
    return x, w1, b1, w2, b2, kernel
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Begin with a case that hides all five faults, then take away the one thing that hides the fault you
# want. The paragraph above the exercise lists what hides each of them.</details>
# <details><summary>Hint: the spatial faults</summary>A kernel of zeros hides three of the five at once.</details>
# <details><summary>Hint: gate from x</summary>It is hidden by an empty kernel, and also if the refined map <em>is</em> x. For the other two spatial
# faults you need a kernel that is not empty, so how do you make every channel gate 1, with b2 equal to 0? And for this fault
# itself: which channel gates are easiest to get that are not 1?</details>
# <details><summary>Hint: look at your case</summary><code>what_shows(telling_case("b2 once", [2, 3, 5, 4], 3))</code> says how far each fault is
# off.</details>

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Which fault shows in which case
with waits_for(telling_case):
    both_signs = [random.normal(size=np.shape(array)) / 2 for array in hurried]
    cases = {"hurried test": hurried, "both signs": both_signs}
    cases |= {f"your case for “{fault}”": telling_case(fault, [2, 3, 5, 4], 3) for fault in FAULTS}
    table = np.array([list(what_shows(case).values()) for case in cases.values()])
    figure, axis = plt.subplots(figsize=(8, 3.2), layout="constrained")
    axis.imshow(np.where(table >= 0.1, 0.45, np.where(table > 1e-6, 0.8, 1.0)), cmap="gray", vmin=0, vmax=1, aspect="auto")
    for row, column in np.ndindex(table.shape):
        axis.text(column, row, f"{table[row, column]:.2g}", ha="center", va="center")
    axis.set_xticks(range(5), FAULTS)
    axis.set_yticks(range(len(cases)), list(cases))
    axis.set(title="how far the faulty block is off: dark 0.1 or more, white a millionth or less")
    found = [", ".join(fault for fault, off in zip(FAULTS, row, strict=True) if off > 1e-6) or "none" for row in table]
    show(figure, alt="A table of seven cases and five faults. Faults that show: "
         + "; ".join(f"{name}: {faults}" for name, faults in zip(cases, found, strict=True)) + ".")

# %% check="telling_case"
names = ("x", "w1", "b1", "w2", "b2", "kernel")
for shape, m in (([2, 3, 5, 4], 3), ([1, 4, 2, 6], 2)):
    shapes = (tuple(shape), (shape[3], m), (m,), (m, shape[3]), (shape[3],), (7, 7, 2))
    for fault in FAULTS:
        case = telling_case(fault, list(shape), m)
        check_type(tuple(case) if isinstance(case, tuple) else case, tuple, rule="six arrays, in a tuple")
        check_equal(len(case), 6, rule="x, w1, b1, w2, b2 and kernel")
        case = [np.asarray(array, dtype=float) for array in case]
        for name, array, size in zip(names, case, shapes, strict=True):
            check_shape(array, size, rule=f"the shape of {name} for x of shape {shape} and m = {m}")
            check_finite(array, rule=name)
            check_equal(bool(np.abs(array).max() <= 1000), True, rule=f"{name} holds no number above 1,000 or below -1,000")
        off = what_shows(case)
        check_equal([one for one in FAULTS if off[one] > 1e-6], [fault], rule=f"in the case for “{fault}” this fault shows, alone")
        check_equal(off[fault] >= 0.1, True, rule=f"in the case for “{fault}” it shows by 0.1 or more; here by {off[fault]:.2g}")
passed("telling_case")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** Random arrays for every fault, on which all five show. A kernel that is not empty in the cases of the channel
# half, so that "gate from x" shows as well. Channel gates of 0.98 taken for 1. A hidden value of 0 before the ReLU, where the fault
# does not show. Who tests with `x` all zero finds that nothing shows at all.
#
# Any way that works is right, a search that draws numbers and looks with `what_shows` included.

# %% [markdown]
# ## 3 · Which half first?
#
# The CBAM paper (arXiv 1807.06521, section 4.1, table 3) tried three arrangements on ImageNet with ResNet-50, one recipe and one
# run each. Channel first has a top-1 error of 22.66 %, spatial first 22.78 %, and both from $x$, in parallel, 22.95 %.
#
# Is "channel first" a property of the blocks or of the data? We build two worlds. A 6 x 10 map has four groups of two channels,
# a *mark* and a *content*. Each group has one patch of 3 x 3 positions, in a quadrant of its own, where its mark is brighter by
# 3 and its content is shifted by +1 or -1. One group counts: the block has to keep its patch in its two channels, and to silence
# the rest.
#
# - **World 1, the channel gives it away:** the mark of the group that counts is brighter by 2 *everywhere*.
# - **World 2, the place gives it away:** *all* contents are brighter by 2 inside the patch that counts.

# %% tags=["demo"]
def make_scenes(seed, count, world, noise=1):
    """Maps (N, 6, 10, 8), marks before contents, and what to keep of each, 0 or 1, in the same shape."""
    random = np.random.default_rng(seed)
    quadrant = np.argsort(random.random((count, 4)), axis=1)                # where each group has its patch
    left = 5 * (quadrant % 2) + random.integers(3, size=(count, 4))
    rows, columns = np.arange(6)[:, None, None], np.arange(10)[:, None]
    patch = (rows // 3 == (quadrant // 2)[:, None, None]) & (np.abs(columns - left[:, None, None] - 1) <= 1)
    counts = np.eye(4)[random.integers(4, size=count)][:, None, None]       # one group of each image counts
    maps = noise * random.standard_normal((count, 6, 10, 8)) * np.repeat([0.5, 1.5], 4)
    maps[..., :4] += 3 * patch + 2 * counts * (world == 1)
    maps[..., 4:] += patch * random.choice([-1, 1], size=(count, 1, 1, 4))
    maps[..., 4:] += 2 * np.sum(patch * counts, axis=3, keepdims=True) * (world == 2)
    return maps.astype("float32"), np.tile(patch * counts, 2).astype("float32")


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title One image of each world, without noise: a frame is around what is to be kept
figure, axes = plt.subplots(4, 4, figsize=(9.6, 6.2), layout="constrained")
for world in (1, 2):
    clean, kept = make_scenes(6, 40, world, noise=0)
    image = int(np.argmax(kept[..., 1].any(axis=(1, 2))))            # the first in which group B counts
    for channel in range(8):
        axis = axes[2 * world - 2 + channel // 4, channel % 4]
        title = f"{'mark' if channel < 4 else 'content'} {'ABCD'[channel % 4]}"
        drawn = draw_map(axis, clean[image, ..., channel], title, -5, 5, signed=True)
        where = np.argwhere(kept[image, ..., channel])
        if len(where):
            top, left = where.min(axis=0)
            axis.add_patch(plt.Rectangle((left - 0.5, top - 0.5), 3, 3, fill=False, ec="k", lw=2.5, clip_on=False))
    for row in (0, 1):
        axes[2 * world - 2 + row, 0].set_ylabel(f"world {world}")
figure.colorbar(drawn, ax=axes, fraction=0.03, pad=0.02)
show(figure, alt="Eight channels of one image of each world. Each of the four marks has one bright patch in a quadrant of its own. In world 1 the "
     "mark of the group that counts is brighter everywhere. In world 2 the contents are all brighter at the patch that counts. A frame shows what "
     "the block has to keep: one patch in one mark and one content.")

# %% [markdown]
# The three arrangements, an MLP with $m = 4$ and a 3 x 3 kernel each, start from the same weights and take 400 steps on the same
# images. The score is the squared difference between the block's output and what it should have kept, divided by the
# square of the latter: 1 is no better than silence, and the two true gates give 0.
#
# **Predict.** In world 2, how large is the score of channel first minus that of spatial first?

# %% tags=["demo", "prediction"]
my_gap = None  # a number between -1 and 1: error of channel first minus error of spatial first in world 2? None skips it

# %% tags=["demo"]
def true_gates(world, count=1000):
    """The score where one gate is the truth and the other is the best single number."""
    maps, kept = make_scenes(900, count, world)
    wanted = maps * kept
    found = {}
    for name, axes in [("true channels", (1, 2)), ("true place", 3)]:
        gated = maps * kept.max(axis=axes, keepdims=True)
        factor = np.sum(gated * wanted) / np.sum(gated**2)
        found[name] = np.sum((factor * gated - wanted) ** 2) / np.sum(wanted**2)
    return found


for world in (1, 2):
    print(f"world {world}: ", ", ".join(f"{name} alone {score:.2f}" for name, score in true_gates(world).items()), ", both 0.00", sep="")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The two gates and their arrangements, five seeds at a time
def which(maps, w):
    """Channel gates of S stacks of maps (S, N, H, W, C), one set of weights for each stack."""
    stacked = tf.stack([tf.reduce_mean(maps, [2, 3]), tf.reduce_max(maps, [2, 3])])
    hidden = tf.nn.relu(tf.einsum("psnc,scm->psnm", stacked, w["w1"]) + w["b1"][:, None])
    logits = tf.einsum("psnm,smc->psnc", hidden, w["w2"]) + w["b2"][:, None]
    return tf.sigmoid(tf.reduce_sum(logits, 0))[:, :, None, None]


def where_to(maps, w):
    """Spatial gates of S stacks of maps, by nine shifted products."""
    stacked = tf.stack([tf.reduce_mean(maps, 4), tf.reduce_max(maps, 4)], 4)
    rims = tf.pad(stacked, [[0, 0], [0, 0], [1, 1], [1, 1], [0, 0]])
    taps = [(i, j) for i in range(3) for j in range(3)]
    parts = [tf.einsum("snhwd,sd->snhw", rims[:, :, i:i + 6, j:j + 10], w["kernel"][:, i, j]) for i, j in taps]
    return tf.sigmoid(tf.add_n(parts))[..., None]


def relative_error(order, maps, kept, w):
    """The squared error of each seed, relative to what is to be kept, in one arrangement of the two gates."""
    if order == "parallel":
        given = maps * which(maps, w) * where_to(maps, w)
    else:
        one, two = (which, where_to) if order == "channel first" else (where_to, which)
        half_done = maps * one(maps, w)
        given = half_done * two(half_done, w)
    return tf.reduce_sum((given - maps * kept) ** 2, [1, 2, 3, 4]) / tf.reduce_sum((maps * kept) ** 2, [1, 2, 3, 4])


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title First weights and data, five sets of each
def stacks(first_seed, count, world):
    """Five sets of scenes as one stack."""
    return [tf.constant(np.stack(parts)) for parts in zip(*(make_scenes(first_seed + s, count, world) for s in range(5)), strict=True)]


def first_weights():
    """Five sets of first weights, one for each seed, the same for every arrangement."""
    sources = [np.random.default_rng(seed) for seed in range(5)]
    shapes = {"w1": (8, 4), "w2": (4, 8), "kernel": (3, 3, 2)}
    w = {name: np.stack([source.normal(size=shape) * np.sqrt(2 / np.prod(shape[:-1])) for source in sources])
         for name, shape in shapes.items()}
    w["kernel"] = w["kernel"] * np.sqrt(9 / 18)                      # he_normal counts both maps
    w |= {"b1": np.zeros((5, 4)), "b2": np.zeros((5, 8))}
    return {name: tf.Variable(value.astype("float32")) for name, value in w.items()}


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Training
def train_arrangement(order, train, test, steps=400, batch=32):
    """Train from the same start; the relative error of each seed on new images."""
    w = first_weights()
    optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(0.03, steps))
    optimizer.build(list(w.values()))

    @tf.function
    def step(start):
        maps, kept = (values[:, start:start + batch] for values in train)
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(relative_error(order, maps, kept, w))
        optimizer.apply(tape.gradient(loss, list(w.values())))

    for number in range(steps):
        step(tf.constant(number * batch % train[0].shape[1]))
    return relative_error(order, *test, w).numpy()

# %% tags=["demo"]
ORDERS = ["channel first", "spatial first", "parallel"]
errors = {}
for world in (1, 2):
    train, test = stacks(100, 2048, world), stacks(900, 1000, world)
    for order in ORDERS:
        errors[world, order] = train_arrangement(order, train, test)


# %% tags=["demo"]
def mean_and_half_width(values):
    """The mean over five seeds and half the width of its 95 % confidence interval: 2.776 standard errors."""
    return np.mean(values), 2.776 * np.std(values, ddof=1) / np.sqrt(5)


for world in (1, 2):
    for order in ORDERS:
        print("world {}  {:14} {:.3f} +- {:.3f}".format(world, order, *mean_and_half_width(errors[world, order])))
    gain, half = mean_and_half_width(errors[world, "channel first"] - errors[world, "spatial first"])
    clear = f"{'spatial' if gain > 0 else 'channel'} first is better" if abs(gain) > half else "the interval contains 0"
    print(f"world {world}  channel first minus spatial first, paired by seed: {gain:+.3f} +- {half:.3f}: {clear}")
compare_guess(my_gap, float(gain), "gap in world 2")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Relative error of each arrangement, five seeds
figure, axes = plt.subplots(1, 2, figsize=(9.6, 2.9), layout="constrained", sharex=True)
told = []
for axis, world, title in zip(axes, (1, 2), ("world 1: the channel gives it away", "world 2: the place gives it away"), strict=True):
    for height, order in enumerate(ORDERS):
        middle, half = mean_and_half_width(errors[world, order])
        axis.plot(errors[world, order], height - 0.2 + np.linspace(-0.12, 0.12, 5), "o", mfc="w", mec="k", ms=5)
        axis.errorbar(middle, height + 0.12, xerr=half, fmt="ks", ms=5, capsize=4)
        axis.text(middle, height + 0.24, f"{middle:.2f}", ha="center", va="top", fontsize=9)
        told.append(f"world {world}, {order} {middle:.2f}")
    axis.set_yticks(range(3), ORDERS)
    axis.set(title=title, xlabel="relative error on new images (0 is perfect)", xlim=(0, 0.6), ylim=(2.8, -0.55))
show(figure, alt=f"Relative errors of three arrangements in two worlds, five seeds as circles, mean and 95 percent interval below. {'; '.join(told)}.")

# %% [markdown]
# In world 1 the channel gate can decide from $x$ and hand on what it found, while to a spatial gate only the max, 5 instead of
# 3 before the noise, hints at the right patch. In world 2 the mean over channels shows the place, but to a channel gate the
# groups differ only by random signs and noise. In parallel neither sees what the other found. If your intervals agree, the gate
# that can decide alone should go first.

# %% [markdown] tags=["instructor"]
# **Reading the result.** In our run, world 1: channel first 0.29 +- 0.05, spatial first 0.40 +- 0.03, parallel 0.40 +- 0.02. World
# 2: 0.470 +- 0.004, 0.18 +- 0.09, 0.437 +- 0.008. Paired by seed, channel first minus spatial first is -0.11 +- 0.06 in
# world 1 and +0.29 +- 0.09 in world 2. The wide interval of spatial first in world 2 is
# real: its five seeds lie between 0.10 and 0.29.
#
# The worlds are opposites by construction, so the experiment shows that data exist for either order. It does not
# show which kind ImageNet is. Five seeds vary the start and the images together; the pairs share both. To ask more: why is
# channel first in world 2 not hopeless? Because its spatial gate finds the right place, and only the four groups stay mixed.

# %% [markdown]
# **Reflection · the order**
#
# **{{worth:reflect-order}} · in your own words**
#
# A colleague reads 22.66 against 22.78 and concludes: "Channel attention must always come first." What do the paper's
# numbers support, and what do they not? Use our two worlds, and say what you would want to see before you change the
# order in your network.

# %% [markdown] question="reflect-order" points=3 minutes=8 row="reflection: the order"
# ### BEGIN SOLUTION
# The numbers say that on ImageNet, with one network and one training each, channel first was 0.12 points better than
# spatial first. Without repeated runs nobody knows whether 0.12 is more than chance, and it is one data set.
#
# "Always" is refuted by world 2: there the place gives the answer away, the channel gate sees nothing in x that tells the
# groups apart, and spatial first has the smaller error, with an interval of the paired difference that excludes zero. In world 1 it is the reverse.
# The first gate has to be the one that can decide from x.
#
# Before I change the order I would train both on my data, with the same budget and several seeds, and look at the
# interval of the paired difference.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: what the quoted numbers support (a small difference, one data set, no interval). One point: a
# world as a counterexample to "always", with the reason. One point: a sensible demand, such as several seeds with the
# same budget and an interval. Do not ask for a formula.

# %% [markdown]
# ## 4 · A layer that can be saved
#
# A `.keras` file holds the **configuration**, the arguments of every layer, and the **weights**. To load it, Keras finds the
# class, calls its constructor with the configuration, then builds the layer and fills in the weights.

# %%
def save_and_load(model, file="try_out.keras"):
    """Save a model, load it with Keras's defaults, remove the file, and return the loaded model."""
    try:
        model.save(file)
        return keras.saving.load_model(file)
    finally:
        if tf.io.gfile.exists(file):
            tf.io.gfile.remove(file)


# %% tags=["demo"]
def report(layer):
    """Put the layer into a model, save it and load it; print the innermost error, or how far the outputs differ."""
    try:
        tensor, batch = keras.Input((4, 4, 8)), np.ones((1, 4, 4, 8), "float32")
        model = keras.Model(tensor, layer(tensor))
        with contextlib.redirect_stderr(io.StringIO()):            # the error says enough, without the warnings
            loaded = save_and_load(model)
        outputs = [keras.ops.convert_to_numpy(m(batch)) for m in (model, loaded)]
        print(f"{model.count_params()} weights; outputs differ by {np.abs(outputs[0] - outputs[1]).max():.2g}")
    except Exception as error:
        inner = " ".join(str(error).split()).rsplit("encountered: ", 1)[-1]
        print(f"{type(error).__name__}: {inner[:300]} ...")


# %% [markdown]
# **1. The class is not registered.** A file may come from anyone, so Keras looks up the name in a register and runs no code
# that it does not know.

# %% tags=["demo"]
class Plain(keras.layers.Layer):
    def __init__(self, size=3, **options):
        super().__init__(**options)
        self.size = size

    def build(self, shape):
        self.blur = self.add_weight(shape=(self.size, self.size, shape[-1], 1))

    def call(self, maps):
        return keras.ops.conv(maps, self.blur, padding="same")


report(Plain())

# %% [markdown]
# **2. The configuration lacks `size`.** The layer comes back with the default, and the stored weights do not fit, unless the
# size happens to be the default. So a test should save a layer whose settings are *not* the defaults.

# %% tags=["demo"]
register = keras.saving.register_keras_serializable(package="trials")


@register
class Forgetful(Plain):
    def get_config(self):
        return keras.layers.Layer.get_config(self)                  # the base class knows name, dtype and trainable


report(Forgetful(size=5))
report(Forgetful(size=3))

# %% [markdown]
# **3. The constructor refuses what every layer has.** Keras makes the layer anew with its `name` and its `dtype`.

# %% tags=["demo"]
@register
class Strict(Plain):
    def __init__(self, size=3):
        super().__init__(size)

    def get_config(self):
        return {**keras.layers.Layer.get_config(self), "size": self.size}


report(Strict())


# %% [markdown]
# **4. Layers made in `call`.** `call` runs whenever data come. A layer made there and kept on `self` is refused. Not kept, it
# is worse: nothing complains, and every call has new random weights.

# %% tags=["demo"]
@register
class LateAndKept(keras.layers.Layer):
    def call(self, maps):
        self.inner = keras.layers.Dense(maps.shape[-1])
        return self.inner(maps)


@register
class LateAndLost(keras.layers.Layer):
    def call(self, maps):
        return keras.layers.Dense(maps.shape[-1])(maps)


report(LateAndKept())
report(LateAndLost())

# %% [markdown]
# **5. A Lambda layer** holds Python code, and Keras does not load code by default.

# %% tags=["demo"]
report(keras.layers.Lambda(lambda t: 2 * t))

# %% [markdown]
# So a layer that lasts keeps five rules:
#
# - Register the class.
# - `__init__(self, ..., **kwargs)` hands `kwargs` to the parent and keeps every argument on `self`.
# - `build(self, input_shape)` makes and builds what needs the number of channels.
# - `call(self, x)` calculates, and makes nothing.
# - `get_config(self)` returns the parent's dictionary with every argument of yours.

# %% [markdown]
# ### Exercise · `CBAM`
# **{{worth:CBAM}} · hard**
#
# A class `CBAM(keras.layers.Layer)` with the constructor arguments `ratio=16`, `kernel_size=7` and those that every
# layer takes. Called on a tensor (B, H, W, C), height and width perhaps unknown, it gives what `cbam_forward`
# gives, from exactly the weights $W_1, b_1, W_2, b_2$ and one kernel $(k, k, 2)$, mean first, all trainable: one MLP of width
# $m = \lfloor C / r \rfloor$, $r$ the ratio and $C \geq r$, no bias and no norm in the spatial half. It can stand several times
# in one model. A model with it can be saved and loaded with Keras's defaults, and the loaded layer keeps its ratio, kernel
# size and weights. Register the class.

# %% answer="CBAM" minutes=30
# registering: a decorator above this line, or the same call on the class after its last line
class CBAM(keras.layers.Layer):
    """The channel gate, then the spatial gate, as one layer: (B, H, W, C) to (B, H, W, C)."""

    def __init__(self, ratio=16, kernel_size=7, **kwargs):
        # the class keeps the five rules
        ### BEGIN SOLUTION
        super().__init__(**kwargs)
        self.ratio = ratio
        self.kernel_size = kernel_size

    def build(self, input_shape):
        channels, width = input_shape[-1], input_shape[-1] // self.ratio
        self.reduce = keras.layers.Dense(width, activation="relu")
        self.expand = keras.layers.Dense(channels)
        self.look = keras.layers.Conv2D(1, self.kernel_size, padding="same", use_bias=False)
        self.reduce.build((None, channels))
        self.expand.build((None, width))
        self.look.build((None, None, None, 2))

    def call(self, x):
        mean, largest = (pool(x, axis=(1, 2), keepdims=True) for pool in (keras.ops.mean, keras.ops.max))
        x = x * keras.ops.sigmoid(self.expand(self.reduce(mean)) + self.expand(self.reduce(largest)))
        pools = [keras.ops.mean(x, axis=3, keepdims=True), keras.ops.max(x, axis=3, keepdims=True)]
        return x * keras.ops.sigmoid(self.look(keras.ops.concatenate(pools, axis=3)))

    def get_config(self):  # all that __init__ needs
        return {**super().get_config(), "ratio": self.ratio, "kernel_size": self.kernel_size}


CBAM = keras.saving.register_keras_serializable(package="course")(CBAM)
### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>A layer that is made once and called twice uses the same weights twice. Make two dense layers and one convolution in <code>build</code>, and call them in <code>call</code>.</details>
# <details><summary>Hint: the steps</summary>Five rules, four methods: <code>__init__</code>, <code>build</code>, <code>call</code>, <code>get_config</code>. In <code>call</code>: the mean and the max over positions go through the same two layers; their sum, a sigmoid, the refined map; its mean and max over channels, joined; the convolution, a sigmoid, the product.</details>
# <details><summary>Hint: the shapes</summary>Pooled with the axes kept the gates are (B, 1, 1, C) and multiply at once. A dense layer that takes them is built by <code>.build((None, C))</code>; the second one takes the width of the bottleneck. The convolution takes (B, H, W, 2), so three of its four sizes are <code>None</code>.</details>
# <details><summary>Hint: nearly code</summary><code>keras.ops.mean</code> and <code>keras.ops.max</code> take <code>axis</code> and <code>keepdims</code>, <code>keras.ops.concatenate([..., ...], axis=?)</code> joins. In <code>get_config</code> begin with the parent's dictionary and add two entries. Registering: <code>@keras.saving.register_keras_serializable(package=...)</code>.</details>
# <details><summary>"Cannot convert a symbolic tf.Tensor (...) to a numpy array"</summary>You called <code>np.</code> on <code>x</code> in <code>call</code>, where it holds no numbers yet: take the function of that name in <code>keras.ops</code>.</details>
# <details><summary>"Could not locate class 'CBAM'. Make sure custom classes and functions are decorated with `@keras.saving.register_keras_serializable()`"</summary>The class is not registered. If you wrote the line, did the cell run again before you made the model?</details>
# <details><summary>"CBAM.__init__() got an unexpected keyword argument 'name'"</summary>Keras hands over name and dtype. Take them with <code>**kwargs</code>, and pass them to the parent.</details>
# <details><summary>"You cannot add new elements of state (variables or sub-layers) to a layer that is already built"</summary>A layer is made in <code>call</code>. Move that line to <code>build</code>.</details>
# <details><summary>"A total of 1 objects could not be loaded ... The shape of the target variable and the shape of the target value in `variable.assign(value)` must match"</summary>The loaded layer was made with other settings than the saved one: an argument is missing in <code>get_config</code>.</details>

# %%
def copy_weights(model, *arrays):
    """Put each array into the model's weight of the same shape, axes of length 1 aside."""
    for variable in model.weights:
        for array in arrays:
            if [side for side in variable.shape if side > 1] == [side for side in array.shape if side > 1]:
                variable.assign(array.reshape(variable.shape))


# %% tags=["demo"]
with waits_for(CBAM):
    inputs = keras.Input((None, None, 6))
    original = keras.Model(inputs, CBAM(ratio=3, name="attention")(inputs))
    copy_weights(original, *case_weights)
    loaded = save_and_load(original)
    for title, model in [("original", original), ("loaded", loaded)]:
        difference = np.abs(keras.ops.convert_to_numpy(model(case_x.astype("float32"))) - case_y).max()
        print(f"{title:9} {model.count_params()} weights, greatest difference from the target {difference:.1e}")
    print("configuration:", {name: loaded.get_layer("attention").get_config().get(name) for name in ("name", "ratio", "kernel_size")})

# %% check="CBAM"
layer = CBAM(ratio=3, kernel_size=7, name="attention")
check_type(layer, "Layer", rule="class CBAM(keras.layers.Layer)")
inputs = keras.Input((None, None, 20))
model = keras.Model(inputs, layer(inputs))
check_shape(model.output, (None, None, None, 20), rule="the layer keeps the shape, an unknown height and width included")
check_equal(model.count_params(), 364, rule="C = 20, r = 3, so m = 6 and 266 weights; 98 for the kernel")
inputs = keras.Input((None, None, 6))
outputs = CBAM(ratio=3, kernel_size=7)(inputs)
check_type(outputs, "KerasTensor")
model = keras.Model(inputs, outputs)
check_equal(model.count_params(), 130, rule="C = 6, m = 2: 12 + 2 + 12 + 6, and 98 for the kernel")
check_equal(sum(int(np.prod(weight.shape)) for weight in model.trainable_weights), 130, rule="all of them trainable")
copy_weights(model, *case_weights)
for training, rule in ((False, "it gives what cbam_forward gives"), (True, "in training the layer computes the same")):
    got = keras.ops.convert_to_numpy(model(case_x.astype("float32"), training=training))
    check_close(got, case_y, rule=rule, tolerance=1e-4)
small = keras.Model(inputs, CBAM(2, 3)(inputs))
check_equal(small.count_params(), 63, rule="C = 6, m = 3, k = 3: 45 + 18")
check_equal(save_and_load(small).count_params(), 63, rule="the loaded layer has the ratio and the kernel size of the saved one")
random = np.random.default_rng(53)
for variable in small.weights:                            # weights that are nobody's first ones, the biases included
    variable.assign(random.normal(size=variable.shape))
got, want = (keras.ops.convert_to_numpy(one(case_x.astype("float32"))) for one in (save_and_load(small), small))
check_close(got, want, rule="the loaded layer has the weights of the saved one", tolerance=1e-4)
config = CBAM(5, 9, name="attention").get_config()
check_equal([config.get(key) for key in ("name", "ratio", "kernel_size")], ["attention", 5, 9],
            rule="the configuration holds the parent's entries and both arguments")
check_equal([CBAM().get_config().get(key) for key in ("ratio", "kernel_size")], [16, 7], rule="the defaults")
passed("CBAM")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** Two pairs of dense layers (162 weights instead of 130); a bias in the convolution (131); a norm left in, as the
# official code has it. No registration; no `**kwargs`; `kernel_size` missing in `get_config`, which passes as long as
# it is 7; layers in `call`; `super().__init__()` without the kwargs, which loses the name.
# A class without `get_config` reloads on Keras 3 as long as its arguments are plain numbers, and gets full points.
# Running the cell twice registers the name twice, which Keras allows.
#
# Layers made in `build` but not built there reload too, because Keras runs the layer once when it loads it. It is a
# habit worth asking for all the same: the weights then exist as soon as `build` has run.

# %% [markdown]
# ## 5 · Where in a residual block?
#
# A basic residual block adds a branch $F(x)$ of two convolutions to a shortcut $s$, which is $x$ itself or a projection of it.
# The CBAM paper (section 3) puts its block **into the branch**, after the last batch norm and before the addition:
#
# $$ y = \mathrm{relu}\big(s + \mathrm{CBAM}(F(x))\big) $$
#
# The SE paper (arXiv 1709.01507, section 6.5) tried four places on ImageNet with ResNet-50 and one recipe. Without SE the top-1
# error was 23.30 %, with it 22.28 at the end of the branch, 22.23 before the branch's first convolution, 22.20 on the
# shortcut, and 22.78 after the addition and the ReLU.
#
# The three places before the addition are about equal, and after it about half of the gain is lost. For CBAM its paper tried no
# other place.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Tools for diagrams
def draw_box(axis, x, y, text, bold=False):
    """Draw a named box with its middle at (x, y)."""
    axis.text(x, y, text, ha="center", va="center", fontsize=10, fontweight="bold" if bold else "normal",
              bbox={"boxstyle": "round,pad=0.35", "fc": "0.85" if bold else "w", "ec": "k", "lw": 2 if bold else 1})


def draw_path(axis, *points):
    """Draw a line through points with an arrow at the end."""
    for start, end in zip(points[:-2], points[1:-1], strict=True):
        axis.plot(*zip(start, end, strict=True), "k-", lw=1.1, solid_capstyle="round")
    axis.annotate("", points[-1], points[-2], arrowprops={"arrowstyle": "-|>", "color": "k", "lw": 1.1, "shrinkA": 0, "shrinkB": 0})


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Four places for CBAM
titles = ["in the branch (the paper's place)", "after the addition", "on the shortcut", "an old tutorial: three things added"]
formulas = ["relu( s + CBAM(F) )", "relu( CBAM( s + F ) )", "relu( CBAM(s) + F )", "relu( s + F + CBAM(F) )"]
figure, axes = plt.subplots(2, 2, figsize=(9.6, 4.6), layout="constrained")
for kind, (axis, title, formula) in enumerate(zip(axes.flat, titles, formulas, strict=True)):
    plus, relu_at = (5.0, 8.6) if kind == 1 else (6.6, 8.2)
    draw_path(axis, (0.3, 0), (10, 0))
    draw_path(axis, (0.9, 0), (0.9, 1.4), (plus, 1.4), (plus, 0.3))
    if kind == 3:
        draw_path(axis, (3.3, 0), (3.3, -1.1), (plus, -1.1), (plus, -0.3))
    draw_box(axis, 0.3, 0, "x")
    draw_box(axis, 2.3, 0, "F")
    axis.text(plus, 0, "+", ha="center", va="center", fontsize=13, bbox={"boxstyle": "circle,pad=0.15", "fc": "w", "ec": "k"})
    draw_box(axis, relu_at, 0, "relu")
    draw_box(axis, *[(4.6, 0), (6.7, 0), (3.4, 1.4), (4.8, 0)][kind], "CBAM", bold=True)
    axis.text(5.2 if kind == 2 else 1.1, 1.55, "shortcut s", ha="left", va="bottom", fontsize=10)
    axis.text(9.9, -1.65, formula, ha="right", va="center", fontsize=10, family="monospace", bbox={"fc": "w", "ec": "none", "pad": 1})
    axis.set_title(title, fontweight="bold" if kind == 0 else "normal")
    axis.set(xlim=(-0.3, 10.2), ylim=(-2.0, 2.1))
    axis.axis("off")
show(figure, alt="Four diagrams of a residual block. In the branch: x goes through F and CBAM to the addition, the shortcut goes around both, the ReLU "
     "follows. After the addition: CBAM is between the addition and the ReLU. On the shortcut. Three things added: the branch is added "
     "once without and once with CBAM.")

# %% [markdown]
# The places differ in how a network *starts*. Fresh gates are about $1/2$, so a fresh CBAM multiplies by about
# $1/4$. Stack eight fresh blocks, silence the branches (their last norm's $\gamma$ is 0), leave out the ReLU after each addition,
# and follow the gradient back along the shortcuts.
#
# **Predict.** By what factor is it multiplied with CBAM after the addition?

# %% tags=["demo", "prediction"]
my_factor = None  # a number above 0, such as 1 or 0.01: the factor after eight blocks, CBAM after the addition? None skips it

# %% tags=["demo"]
def stack(put_together, depth=8):
    """A model of fresh blocks, one after the other, that gives the map after each of them."""
    maps = [keras.Input((8, 8, 16))]
    for _ in range(depth):
        branch = keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False)(maps[-1])
        branch = keras.layers.BatchNormalization()(branch)
        maps.append(put_together(maps[-1], branch))
    return keras.Model(maps[0], maps[1:])


PLACES = {
    "in the branch": lambda s, f: s + CBAM(4)(f),
    "after the addition": lambda s, f: CBAM(4)(s + f),
    "on the shortcut": lambda s, f: CBAM(4)(s) + f,
    "three things added": lambda s, f: s + f + CBAM(4)(f),
}

# %% tags=["demo"]
kept = {}
with waits_for(CBAM):
    batch = tf.constant(np.random.default_rng(8).normal(size=(16, 8, 8, 16)).astype("float32"))
    for place, put_together in PLACES.items():
        keras.utils.set_random_seed(8)
        model = stack(put_together)
        for variable in model.weights:                              # F is silent, so that only the shortcut counts
            if variable.name == "gamma":
                variable.assign(tf.zeros_like(variable))
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(batch)
            sums = [tf.reduce_sum(maps * batch) for maps in model(batch, training=False)]
        kept[place] = [float(tf.norm(tape.gradient(total, batch)) / tf.norm(2 * batch)) for total in sums]
        print(f"{place:20} factor after 8 blocks: {kept[place][-1]:.1e}")
    compare_guess(my_factor, kept["after the addition"][-1], "after the addition")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title At initialisation: what reaches the input along the shortcuts
if len(kept) == 4:
    figure, axis = plt.subplots(figsize=(7.6, 3.3), layout="constrained")
    for (place, factors), style, size in zip(kept.items(), ["ko-", "ks--", "k^:", "kx-."], [9, 6, 6, 6], strict=True):
        axis.semilogy(range(1, 9), factors, style, mfc="w", ms=size, label=place)
    axis.semilogy(range(1, 9), 0.25 ** np.arange(1, 9), color="0.75", lw=5, zorder=0, label="1/4 for each block")
    axis.set(xlabel="blocks passed", ylabel="size of the gradient", title="At initialisation: the gradient along the shortcuts", xticks=range(1, 9))
    draw_guess(axis, my_factor, label="your prediction, after the addition")
    axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5), fontsize=9)
    show(figure, alt="Size of the gradient that passes 1 to 8 fresh blocks along their shortcuts, on a logarithmic scale. After 8 blocks: "
         + ", ".join(f"{place} {factors[-1]:.1e}" for place, factors in kept.items()) + ".")

# %% [markdown]
# In the branch the shortcut is untouched, so the factor is 1. After the addition and on the shortcut it is about $1/4$ for each
# block, $(1/4)^8 = 1/65536$ in all. With three things added it is 1 as well, but the gates weigh only a second copy of the
# branch, so they cannot turn anything off.
#
# This is the start only: training can open the gates, and in the SE paper a gate on the shortcut ends as well as any.

# %% [markdown] tags=["instructor"]
# **Reading the result.** The branch is silenced by its norm's gamma, so the figure isolates the shortcut. The curves of "in the branch"
# and "three things added" lie on top of each other: their difference is in the branch. The triple sum is the fault of a
# widely copied tutorial (notebook 07). Two places of the SE paper are not among our four: PRE, before the branch's
# convolutions, and POST, after the ReLU.

# %% [markdown]
# ### Exercise · `cbam_residual_block`
# **{{worth:cbam_residual_block}} · medium**
#
# In: a KerasTensor `x` (B, H, W, C), `filters`, `stride` (1 or 2) and `ratio`. Out: a KerasTensor
# $\mathrm{relu}(s + \mathrm{CBAM}(F(x)))$ with `filters` channels and sides divided by the stride, rounded up.
#
# - $F$: 3 x 3 convolution with the stride, batch norm, ReLU, 3 x 3 convolution, batch norm.
# - Shortcut $s$: `x` itself with stride 1 and C equal to `filters`, else a 1 x 1 convolution with the stride, then a batch norm.
# - No convolution has a bias, `padding="same"`, batch norms as Keras makes them, a 7 x 7 kernel in CBAM.

# %% answer="cbam_residual_block" minutes=18
def cbam_residual_block(x, filters, stride=1, ratio=16):
    """relu(shortcut + CBAM(F(x))) of a KerasTensor x (B, H, W, C). Returns (B, H / stride, W / stride, filters)."""
    # the shortcut and the branch, added, then the ReLU
    ### BEGIN SOLUTION
    settings = {"padding": "same", "use_bias": False}
    branch = keras.layers.Conv2D(filters, 3, strides=stride, **settings)(x)
    branch = keras.layers.ReLU()(keras.layers.BatchNormalization()(branch))
    branch = keras.layers.Conv2D(filters, 3, **settings)(branch)
    branch = CBAM(ratio)(keras.layers.BatchNormalization()(branch))
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.BatchNormalization()(keras.layers.Conv2D(filters, 1, strides=stride, **settings)(x))
    return keras.layers.ReLU()(keras.layers.Add()([shortcut, branch]))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Keep two names apart, one for the branch and one for the shortcut. They come together once, in the addition.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C) becomes (B, H / stride, W / stride, filters) in the first convolution of the branch, and in the projection. Nothing else changes a shape.</details>
# <details><summary>Hint: nearly code</summary>Two conditions ask for a projection, and one of them is enough: <code>if ... or ...:</code>. The strides of a convolution are its argument <code>strides</code>.</details>
# <details><summary>"Inputs have incompatible shapes. Received shapes (8, 8, 8) and (4, 4, 12)"</summary>The shortcut still has its old shape: it needs the projection, with the stride.</details>

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


# %% tags=["demo"]
with waits_for(CBAM, cbam_residual_block):
    inputs = keras.Input((32, 32, 16))
    maps = cbam_residual_block(inputs, 16)
    network = keras.Model(inputs, cbam_residual_block(maps, 32, stride=2))
    print("output", network.output_shape, " weights", f"{network.count_params():,}")
    kinds = [layer.__class__.__name__ for layer in network.layers]
    print("two blocks, the second with a projection; batch norms:", kinds.count("BatchNormalization"))

# %% check="cbam_residual_block"
inputs = keras.Input((8, 8, 8))
outputs = cbam_residual_block(inputs, 8, ratio=4)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, 8, 8, 8), rule="stride 1 and as many filters as channels: the shape stays")
check_equal(keras.Model(inputs, outputs).count_params(), 1356, rule="convolutions 1152, norms 64, CBAM 140; no projection and no bias here")
outputs = cbam_residual_block(inputs, 12, stride=2, ratio=4)
check_shape(outputs, (None, 4, 4, 12), rule="stride 2 halves the sides, filters is the new width")
check_equal(keras.Model(inputs, outputs).count_params(), 2585, rule="convolutions 2160, projection 96, three norms 144, CBAM 185")
odd = np.linspace(-2, 2, 504).reshape(1, 7, 9, 8).astype("float32")
for filters, stride, stored in ((8, 1, [0.479775, 0.491064, 0.618039, 0.498896]), (12, 2, [0.530166, 1.292267, 0.063118, 0.008049])):
    odd_input = keras.Input((7, 9, 8))
    model = keras.Model(odd_input, cbam_residual_block(odd_input, filters, stride=stride, ratio=4))
    fill_weights(model)
    got = keras.ops.convert_to_numpy(model(odd)).mean(axis=(0, 1, 2))
    check_close(got[:4], stored, rule=f"stored values for {filters} filters and stride {stride}, every weight filled", tolerance=2e-3)
for filters, stride, shape, why in ((12, 1, (None, 8, 8, 12), "the width"), (8, 2, (None, 4, 4, 8), "the sides")):
    outputs = cbam_residual_block(inputs, filters, stride=stride, ratio=4)
    check_shape(outputs, shape, rule=f"here {why} alone changes, and x needs a projection")
passed("cbam_residual_block")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** A projection where none is needed; none at stride 2 with equal widths; biases; the stride in both
# convolutions; a ReLU before the addition as well; CBAM before the last norm.

# %% [markdown]
# **Reflection · another place**
#
# **{{worth:reflect-placement}} · in your own words**
#
# A team put CBAM after the addition in all 16 blocks of a ResNet-50. Training starts slowly and ends worse than without
# attention, so they say that attention does not help on their data. What do you answer? Name what their placement does to the
# shortcuts at the start, with a number, what the SE paper's errors say for and against blaming the place, and the experiment you
# would run.

# %% [markdown] question="reflect-placement" points=3 minutes=10 row="reflection: another place"
# ### BEGIN SOLUTION
# Their experiment does not separate attention from its place. After the addition the gates multiply the shortcut too. Fresh gates are about 1/2
# each, so every block multiplies the sum by about 1/4, and along sixteen shortcuts the signal and the gradient are multiplied by about (1/4)^16,
# which is less than one part in four thousand million. That fits the slow start.
#
# The SE paper does not prove that the place is to blame for the end. With SE after the addition the error was 22.78, worse than 22.28 in the branch,
# but better than 23.30 without SE: training can open the gates. It was SE, with one gate, on ImageNet, with one run each.
#
# I would move CBAM into the branch, after its last batch norm and before the addition, and train none, this place and theirs with
# the same budget and several seeds, and compare by paired differences with their intervals. Only in the branch against none says something about
# attention, and only theirs against in the branch says something about the place.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: the gates shrink the shortcut at the start, with a number such as 1/4 for each block or $4^{-16}$.
# One point: the SE paper's errors read both ways (after the addition loses against the branch, and still beats none), so the place is a suspect and no more.
# One point: a fair experiment that has the branch, their place and no attention, the same budget and more than one seed.

# %% [markdown]
# ## 6 · What it costs
#
# Each of the 16 residual blocks of ResNet-50 gets one CBAM: the weights of SE and 98 more.

# %% tags=["demo"]
stages = [(256, 3), (512, 4), (1024, 6), (2048, 3)]                  # channels and blocks of each stage
channel_half = sum(blocks * (2 * c * (c // 16) + c // 16 + c) for c, blocks in stages)
spatial_half = sum(blocks for _, blocks in stages) * 98
print(f"added to 25,557,032: channel {channel_half:,} + spatial {spatial_half:,}, of which spatial {spatial_half / (channel_half + spatial_half):.3%}")

# %% [markdown]
# In weights the spatial half is a rounding error, but not in time, because it works on maps of full size. For ResNet-50 the ECA
# paper (arXiv 1910.03151, section 4.2) measured 1,213 images per second at inference with CBAM, 1,620 with SE and 1,855 without
# attention.
#
# ## What we found
#
# The second gate reads the refined map. In the branch CBAM leaves the shortcut alone.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | refined map | the map after the channel gate, $x'$ |
# | registering | entering a class in the list that Keras searches when it loads a file |
#
# ## Stretch
#
# Build a world 3 in which neither gate can decide alone from $x$. Train the three arrangements, and then two CBAMs in a row.
#
# **Next:** 06 puts SE, ECA and CBAM into one small network and asks whether they help.

# %% [markdown]
# {{hand_in}}
