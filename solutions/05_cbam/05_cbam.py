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
# Notebook 03 made a gate that says *which channel*, notebook 04 one that says *which place*. The convolutional block
# attention module, CBAM for short, puts one behind the other. Two halves leave choices open: which goes first, what
# the second one looks at, and where in a network the whole stands. You will try each choice on data whose truth is known.
#
# **You will be able to**
# - compose the two gates in NumPy, as a Keras function and as a Keras layer
# - explain why the second gate must look at the refined map, and show what happens if it does not
# - judge an experiment about their order, with its intervals
# - make a layer that can be saved and loaded, and read the error of one that cannot
# - place the block in a residual network, and say what each wrong place does
#
# **Before you start:** notebooks 03 and 04 (the two halves), 01 (what a bottleneck is, what it costs).
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
# ## 1 · One gate behind the other
#
# Let $M_c$ be the channel gate of 03 and $M_s$ the spatial gate of 04. For a map $x$ of shape $(B, H, W, C)$:
#
# $$ M_c(x) = \sigma\big(\mathrm{MLP}(\text{mean over } H, W) + \mathrm{MLP}(\text{max over } H, W)\big) \qquad (B, 1, 1, C) $$
#
# $$ M_s(x) = \sigma\big(\mathrm{conv}([\text{mean over } C;\ \text{max over } C])\big) \qquad (B, H, W, 1) $$
#
# The MLP is shared: $\mathrm{MLP}(v) = \mathrm{relu}(v W_1 + b_1) W_2 + b_2$ runs twice, so $b_2$ counts twice. The
# convolution has one kernel $(k, k, 2)$, mean first, and no bias. CBAM composes them in two steps:
#
# $$ x' = M_c(x) \cdot x \qquad\qquad x'' = M_s(x') \cdot x' $$
#
# The primes carry the whole idea. The second gate is computed **from the refined map** $x'$, and it multiplies
# **the refined map**. Here is one 2 x 2 x 3 image, taken all the way through.

# %%
LOG3 = np.log(3)                                                   # the sigmoid of log 3 is 3/4, of -log 3 it is 1/4
hand_x = np.array([[[[8.0, 0.0, 0.0], [0.0, 4.0, -2.0]], [[4.0, 0.0, 6.0], [0.0, 4.0, 4.0]]]])     # (1, 2, 2, 3)
hand_w1, hand_b1 = np.array([[1.0], [-1.0], [0.0]]), np.array([1.0])                                # (3, 1), (1,)
hand_w2, hand_b2 = LOG3 * np.array([[1.0, -1.0, 0.0]]), LOG3 * np.array([-3.0, 3.0, 0.0])           # (1, 3), (3,)
hand_kernel = np.zeros((7, 7, 2))
hand_kernel[3, 3] = -3 * LOG3, LOG3                                # the centre: mean and max
hand_kernel[3, 4, 1] = LOG3                                        # the max of the neighbour on the right
hand_weights = (hand_w1, hand_b1, hand_w2, hand_b2, hand_kernel)

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The block in one picture, with numbers
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


figure, axis = plt.subplots(figsize=(9.6, 4.3), layout="constrained")
refined_maps = ([[6, 0], [3, 0]], [[0, 1], [0, 1]], [[0, -1], [3, 2]])
final_maps = ([[4.5, 0], [0.75, 0]], [[0, 0.75], [0, 0.25]], [[0, -0.75], [0.75, 0.5]])
for channel in range(3):
    for left, maps in [(0, hand_x[0].transpose(2, 0, 1)), (6.1, refined_maps), (13.1, final_maps)]:
        draw_cells(axis, left, 4.4 - 1.5 * channel, maps[channel])
draw_cells(axis, 2.9, 3.15, [[3], [2], [2]])
draw_cells(axis, 3.6, 3.15, [[8], [4], [6]])
draw_cells(axis, 5.1, 3.15, [[0.75], [0.25], [0.5]])
draw_cells(axis, 9.05, 3.55, [[2, 0], [2, 1]])
draw_cells(axis, 9.05, 2.1, [[6, 1], [3, 2]])
draw_cells(axis, 11.2, 2.85, [[0.75, 0.75], [0.25, 0.25]])
for start, end, text in [(1.35, 2.8, "pool over\nplaces"), (4.3, 5.05, "MLP,\nsum, $\\sigma$"), (5.75, 6.05, ""),
                         (7.4, 8.95, "pool over\nchannels"), (10.4, 11.1, "conv,\n$\\sigma$"), (12.5, 13.0, "")]:
    draw_arrow(axis, (start, 2.22), (end, 2.22), text)
draw_arrow(axis, (0.6, 4.5), (6.7, 4.5), "x meets its channel gates", "--", -0.1, 0.42)
draw_arrow(axis, (6.9, 4.5), (13.7, 4.5), "the refined map meets its spatial gates", "--", -0.1, 0.42)
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
# **By hand.** The weights are $W_1 = (1, -1, 0)^T$, $b_1 = 1$, $W_2 = (1, -1, 0) \ln 3$ and $b_2 = (-3, 3, 0) \ln 3$.
#
# - Means $(3, 2, 2)$, hidden $3 - 2 + 1 = 2$. Maxima $(8, 4, 6)$, hidden $8 - 4 + 1 = 5$.
# - Logits $(2 + 5) W_2 + 2 b_2 = (7 - 6,\ -7 + 6,\ 0) \ln 3$. As $\sigma(\ln 3) = 3/4$, the gates are $(3/4, 1/4, 1/2)$.
# - The refined map pooled over channels: mean $\begin{pmatrix} 2 & 0 \\ 2 & 1 \end{pmatrix}$, max $\begin{pmatrix} 6 & 1 \\ 3 & 2 \end{pmatrix}$.
# - The kernel is zero but for three taps: $-3$ for the mean and $1$ for the max at the centre, $1$ for the max on the right, all times $\ln 3$.
#   At the top left: $-3 \cdot 2 + 6 + 1 = 1$. The four logits are $\begin{pmatrix} 1 & 1 \\ -1 & -1 \end{pmatrix} \ln 3$.
# - So the upper row is multiplied by $3/4$ and the lower row by $1/4$.
#
# **Predict first.** Someone computes the spatial gate from $x$ in place of $x'$. Which of the four gates change?

# %% tags=["demo"]
mean_x, max_x = hand_x.mean(axis=3)[0], hand_x.max(axis=3)[0]
right_of = np.array([[max_x[0, 1], 0], [max_x[1, 1], 0]])          # the neighbour on the right; outside it is 0
print("logits, in units of log 3:\n", np.round(-3 * mean_x + max_x + right_of, 3))

# %% [markdown]
# All four. From $x$ the logits are $4, 2, 0, -4$ in place of $1, 1, -1, -1$: the channel that the first gate wanted to
# turn down, channel 1, still speaks. The formula "$M_c(x) \cdot M_s(x) \cdot x$" looks almost the same and is another block.

# %% [markdown]
# ### Exercise · `cbam_forward`
# **{{worth:cbam_forward}} · medium**
#
# In: `x` (B, H, W, C), `w1` (C, m), `b1` (m,), `w2` (m, C), `b2` (C,) and `kernel` (7, 7, 2), mean first. Out: the
# map after both gates, a NumPy array (B, H, W, C); `x` stays as it was. You may copy your own functions from 03 and
# 04 into the answer cell, or use the two tools below: `sigmoid(v)` and `convolve(d, kernel)`, which takes d
# (B, H, W, 2) and gives (B, H, W) with zero padding.

# %%
def sigmoid(v):
    """The sigmoid, number by number, in a form that does not overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * v)


def convolve(d, kernel):
    """The convolution of 04, worked out by Keras: d (B, H, W, D) and kernel (k, k, D) give (B, H, W)."""
    return keras.ops.convert_to_numpy(keras.ops.conv(d, kernel[..., None], padding="same"))[..., 0]


# %% answer="cbam_forward" minutes=7
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
# <details><summary>"operands could not be broadcast together with shapes (1,2,2,3) (1,2,2)"</summary>The spatial gate has no channel axis yet. It needs one of length 1 at the end.</details>
# <details><summary>"expected: 4.5 at index [0, 0]", "came: 5.92683"</summary>Your spatial gate is computed from <code>x</code>. At the top left it is 81/82 in place of 3/4.</details>

# %%
case_x = 1.5 * np.sin(1.7 * np.arange(1, 181) ** 1.3).reshape(2, 3, 5, 6) + [0.5, -1.5, 0.0, 1.0, -0.5, 0.2]
case_w1, case_b1 = np.sin(1.7 * np.arange(181, 193) ** 1.3).reshape(6, 2), np.array([0.3, -0.2])
case_w2, case_b2 = np.sin(1.7 * np.arange(193, 205) ** 1.3).reshape(2, 6), np.array([0.2, -0.4, 0.1, -0.1, 0.3, -0.2])
case_kernel = 0.4 * np.sin(1.7 * np.arange(205, 303) ** 1.3).reshape(7, 7, 2)
case_weights = (case_w1, case_b1, case_w2, case_b2, case_kernel)


# %%
def slow_cbam(x, w1, b1, w2, b2, kernel):
    """The target, one number at a time."""
    gates, squash = np.zeros((x.shape[0], x.shape[3])), lambda number: 1 / (1 + 2.718281828459045**-number)
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
compare(cbam_forward, target=case_y, inputs=(case_x.copy(), *case_weights), title="Four channels of the first image after the block",
        alt="Maps of four channels: yours above, a slow loop's below, and the difference, black when you are right.")

# %% check="cbam_forward"
got = cbam_forward(hand_x.copy(), *hand_weights)
check_type(got, np.ndarray, rule="return the NumPy array itself")
check_shape(got, (1, 2, 2, 3), rule="the block changes values, not the shape")
check_close(got[0, :, :, 0], [[4.5, 0], [0.75, 0]], rule="worked by hand: 8 is multiplied by 3/4 twice; is b2 counted twice?")
check_close(got[0, :, :, 2], [[0, -0.75], [0.75, 0.5]], rule="worked by hand: negative stays negative")
given = case_x.copy()
got = cbam_forward(given, *case_weights)
check_unchanged(case_x, given)
check_close(got, case_y, rule="two images, six channels: is the spatial gate made from the refined map, mean first?")
open_weights = (case_w1, case_b1, 0 * case_w2, 0 * case_b2, 0 * case_kernel)
check_close(cbam_forward(case_x, *open_weights), case_x / 4, rule="all logits 0: two gates of 1/2 leave a quarter of x")
check_close(cbam_forward(case_x[:1], *case_weights), case_y[:1], rule="each image by itself")
passed("cbam_forward")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The spatial gate from `x` (5.93 for 4.5 at the top left of the hand case). The spatial gate
# multiplied into `x`, so that the channel half is lost but for its effect on the gate. The product of the two gates
# returned without a map. `b2` once: gate 81/82 in place of 3/4. Max before mean in the stack: the official PyTorch code
# does that, so a student who ports it gets another block from the same kernel. A second MLP for the max shows only in
# Keras, as twice the weights.

# %% [markdown]
# ### 1.1 Why the refined map
#
# Here the truth is planted. Each of four channels has one bright patch, in a place of its own. Only channel 2 counts:
# its patch is the largest, so its mean is the highest. The other three are distractors, and just as bright. With the
# weights below the channel gate opens for a high mean. The kernel averages
# the max map over 3 x 3 positions, times 5.
#
# **Predict first.** How many patches does the spatial gate find when it looks at $x$? When it looks at $x'$?

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
    for name, gate in [("x", gate_x), ("the refined map", gate_refined)]:
        print(f"gate from {name}: {np.sum((gate - 0.5)[box]) / np.sum(gate - 0.5):.0%} of what it opens lies in the box")

# %% [markdown]
# From $x$ the gate cannot know which patch counts: max and mean over channels have forgotten the channels. The
# channel gate knows, and the refined map carries its knowledge on. That is why the two halves stand in a row.
#
# Note the grey background. A convolution without a bias gives 0 where nothing is, and $\sigma(0) = 1/2$: this gate can
# open and can close, and undecided means one half.

# %% [markdown] tags=["instructor"]
# **Reading the result.** About 32 % against 70 % of what the gate opens lies in the box; the rest of the second one is
# the rim, as the 3 x 3 average spreads the patch by one position to each side. The weights are written by hand.
# `refined` and the gates are obtained from the student's own function: a huge $b_2$ opens all channels, an empty kernel
# makes every spatial gate 1/2, and a quotient of maps is a gate.

# %% [markdown]
# ## 2 · The block as a Keras function
#
# The block has five arrays: $W_1, b_1, W_2, b_2$ and the kernel, $2Cm + m + C + 2k^2$ weights with
# $m = \lfloor C/r \rfloor$. At $C = 64$, $r = 16$, $k = 7$: $580 + 98 = 678$.
#
# **Predict first.** Of the two halves, which costs more at $C = 64$? At $C = 8$ with $r = 4$?

# %% [markdown]
# ### Exercise · `cbam_block`
# **{{worth:cbam_block}} · medium**
#
# In: a KerasTensor `x` (B, H, W, C), height and width perhaps unknown, `ratio` and `kernel_size`. Out: a KerasTensor
# of the same shape. Exactly the weights $W_1, b_1, W_2, b_2$ and a kernel (k, k, 2), mean first: no second MLP, no bias
# and no norm in the spatial half. The function may be called several times in one model. Any style is right.

# %% answer="cbam_block" minutes=7
def cbam_block(x, ratio=16, kernel_size=7):
    """Gate a KerasTensor x (B, H, W, C) by channel, then by position. Returns a KerasTensor of the same shape."""
    # two dense layers, made once and called on the mean and on the max over positions
    # the sum of the two, a sigmoid, and the refined map
    # mean and max of the refined map over its channels, joined, mean first
    # one convolution with a sigmoid and without a bias, and the product
    ### BEGIN SOLUTION
    channels = x.shape[-1]
    first = keras.layers.Dense(channels // ratio, activation="relu")
    second = keras.layers.Dense(channels)
    pools = [pool(keepdims=True)(x) for pool in (keras.layers.GlobalAveragePooling2D, keras.layers.GlobalMaxPooling2D)]
    refined = x * keras.ops.sigmoid(second(first(pools[0])) + second(first(pools[1])))
    both = [pool(refined, axis=-1, keepdims=True) for pool in (keras.ops.mean, keras.ops.max)]
    gate = keras.layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")
    return refined * gate(keras.ops.concatenate(both, axis=-1))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>A layer that is made once and called twice uses the same weights twice. That is all that "shared" means.</details>
# <details><summary>Hint: the shapes</summary>Pooled with <code>keepdims=True</code> the gates are (B, 1, 1, C) and multiply at once. Over channels, with the axis kept, mean and max are (B, H, W, 1) each.</details>
# <details><summary>Hint: nearly code</summary>Average and maximum over places are layers, over channels they are functions of <code>keras.ops</code>, and <code>keras.ops.concatenate([..., ...], axis=?)</code> joins them. How many filters has the convolution?</details>
# <details><summary>"A KerasTensor is symbolic: it's a placeholder ..." or "A KerasTensor cannot be used as input to a TensorFlow function"</summary>You called <code>np.</code> or <code>tf.</code> on <code>x</code>: take the function of that name in <code>keras.ops</code>.</details>
# <details><summary>"expected: 130", "came: 162"</summary>Twice the dense weights: you made two pairs of dense layers. Make each once, before you call it.</details>

# %% [markdown]
# The spatial half costs 98 weights whatever $C$ is. At $C = 64$ the channel half costs 580, at $C = 8$ and $r = 4$ only
# 42. This function puts your NumPy arrays into a model, whatever style its block is written in:

# %%
def copy_weights(model, *arrays):
    """Put each array into the model's weight of the same shape, axes of length 1 aside."""
    for variable in model.weights:
        for array in arrays:
            if [side for side in variable.shape if side > 1] == [side for side in array.shape if side > 1]:
                variable.assign(array.reshape(variable.shape))


# %% tags=["demo"]
with waits_for(cbam_forward, cbam_block):
    inputs = keras.Input((None, None, 6))
    one_block = keras.Model(inputs, cbam_block(inputs, ratio=3))
    copy_weights(one_block, *case_weights)
    difference = np.abs(keras.ops.convert_to_numpy(one_block(case_x.astype("float32"))) - cbam_forward(case_x, *case_weights))
    print("weights of the model:", [tuple(variable.shape) for variable in one_block.weights])
    print(f"greatest difference between Keras and your NumPy: {difference.max():.1e}")

# %% check="cbam_block"
inputs = keras.Input((None, None, 6))
outputs = cbam_block(inputs, ratio=3)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 6), rule="the block keeps the shape, an unknown height and width included")
model = keras.Model(inputs, outputs)
check_equal(model.count_params(), 130, rule="C = 6, m = 2: 12 + 2 + 12 + 6, and 98 for the kernel; one MLP, no bias in the convolution")
copy_weights(model, *case_weights)
got = keras.ops.convert_to_numpy(model(case_x.astype("float32")))
check_close(got, case_y, rule="same weights, other result: compare with your NumPy version line by line", tolerance=1e-4)
check_shape(model(np.ones((1, 4, 7, 6), "float32")), (1, 4, 7, 6), rule="the same model must take maps of another size")
wide_input = keras.Input((8, 8, 64))
twice = keras.Model(wide_input, cbam_block(cbam_block(wide_input), kernel_size=3))
check_equal(twice.count_params(), 678 + 598, rule="two blocks have weights of their own; the default ratio is 16, the default kernel 7 x 7")
alike = keras.Model(wide_input, cbam_block(cbam_block(wide_input)))
check_equal(alike.count_params(), 2 * 678, rule="two blocks of one kind have weights of their own, too")
narrow = keras.Input((8, 8, 20))
check_equal(keras.Model(narrow, cbam_block(narrow, ratio=3)).count_params(), 364, rule="20 / 3 is rounded down: m = 6; 266 and 98")
passed("cbam_block")

# %% [markdown] tags=["instructor"]
# **Reading the result.** The versions agree to about 1e-6, float32 against float64.
#
# **Mistakes to expect.** Two pairs of dense layers (162 weights in the check); a bias in the convolution (131);
# `Conv2D(filters=C)`; concatenation on axis 1, which runs and fails in the convolution; `keras.ops.max(x, axis=-1)`
# without the kept axis; a norm left in, as the official code has it (section 6). A fixed layer name works once.

# %% [markdown]
# ## 3 · Which half first?
#
# The CBAM paper (arXiv 1807.06521) tried three arrangements on ImageNet with ResNet-50. Quoted, not computed here:
#
# | arrangement | top-1 error, % |
# |---|---|
# | channel, then spatial | 22.66 |
# | spatial, then channel | 22.78 |
# | both from $x$, in parallel | 22.95 |
#
# The differences are 0.12 and 0.29 points. No interval stands beside them.
#
# **Our own question.** Is "channel first" a property of the blocks or of the data? We build two worlds. In both, a
# map has four groups of two channels, a *mark* and a *content*. Each group has one patch of 3 x 3 positions, one in
# each quadrant of a 6 x 10 map. In the patch its mark is brighter by 3, and its content is shifted by +1 or -1. One of
# the four groups counts. The block has to keep the two channels of that group inside its patch, and to silence the rest.
#
# - **World 1, the channel gives it away:** the mark of the group that counts is brighter by 2 *everywhere*.
# - **World 2, the place gives it away:** *all* contents are brighter by 2 inside the patch that counts.
#
# **Predict first.** Six numbers: three arrangements in two worlds. Which arrangement wins where? Where does parallel rank?

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
#@title One image of each world, without noise: what is to be kept has a frame
figure, axes = plt.subplots(2, 8, figsize=(9.6, 1.9), layout="constrained")
for world in (1, 2):
    clean, kept = make_scenes(6, 40, world, noise=0)
    image = int(np.argmax(kept[..., 1].any(axis=(1, 2))))            # the first in which group B counts
    for channel in range(8):
        axis = axes[world - 1, channel]
        draw_map(axis, clean[image, ..., channel], "", -1, 5)
        where = np.argwhere(kept[image, ..., channel])
        if len(where):
            top, left = where.min(axis=0)
            axis.add_patch(plt.Rectangle((left - 0.5, top - 0.5), 3, 3, fill=False, ec="k", lw=3.4, clip_on=False))
            axis.add_patch(plt.Rectangle((left - 0.5, top - 0.5), 3, 3, fill=False, ec="w", lw=1.4, clip_on=False))
        if world == 1:
            axis.set_title(f"{'mark' if channel < 4 else 'content'} {'ABCD'[channel % 4]}")
    axes[world - 1, 0].set_ylabel(f"world {world}")
show(figure, alt="Eight channels of one image of each world. Each of the four marks has one bright patch in a quadrant of its own. In world 1 the "
     "mark of the group that counts is brighter everywhere. In world 2 the contents are all brighter at the patch that counts. A frame shows what "
     "the block has to keep: one patch in one mark and one content.")

# %% [markdown]
# The three arrangements have the same weights: an MLP with $m = 4$, a 3 x 3 kernel. They start from the same numbers,
# see the same images, and take the same 400 steps. The score is the squared difference between the block's output and
# what it should have kept, divided by the size of the latter: 0 is perfect, 1 is no better than silence. Five seeds
# train side by side in one stack of arrays, each with weights and images of its own.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Three arrangements of the same two gates, five seeds at a time
def which(maps, w):
    """Channel gates of S stacks of maps (S, N, H, W, C), one set of weights a stack."""
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


def arranged(order, maps, w):
    """The output of one arrangement."""
    if order == "parallel":
        return maps * which(maps, w) * where_to(maps, w)
    one, two = (which, where_to) if order == "channel first" else (where_to, which)
    half_done = maps * one(maps, w)
    return half_done * two(half_done, w)


def relative_error(order, maps, kept, w):
    """The squared error of each seed, relative to what is to be kept."""
    wrong = tf.reduce_sum((arranged(order, maps, w) - maps * kept) ** 2, [1, 2, 3, 4])
    return wrong / tf.reduce_sum((maps * kept) ** 2, [1, 2, 3, 4])


def train_arrangement(order, train, test, steps=400, batch=32):
    """Train from the same start; the relative error of each seed on new images."""
    sources = [np.random.default_rng(seed) for seed in range(5)]
    shapes = {"w1": (8, 4), "w2": (4, 8), "kernel": (3, 3, 2)}
    w = {name: np.stack([source.normal(size=shape) * np.sqrt(2 / np.prod(shape[:-1])) for source in sources])
         for name, shape in shapes.items()}
    w["kernel"] = w["kernel"] * np.sqrt(9 / 18)                      # he_normal counts both maps
    w = {name: tf.Variable(value.astype("float32")) for name, value in (w | {"b1": np.zeros((5, 4)), "b2": np.zeros((5, 8))}).items()}
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


def stacks(first_seed, count, world):
    """Five sets of scenes as one stack."""
    return [tf.constant(np.stack(parts)) for parts in zip(*(make_scenes(first_seed + s, count, world) for s in range(5)), strict=True)]


# %% tags=["demo"]
ORDERS = ["channel first", "spatial first", "parallel"]
errors = {}
for world in (1, 2):
    train, test = stacks(100, 2048, world), stacks(900, 1000, world)
    for order in ORDERS:
        errors[world, order] = train_arrangement(order, train, test)


# %% tags=["demo"]
def mean_and_half_width(values):
    """The mean over five seeds and half the width of its 95 % Student-t interval."""
    return np.mean(values), 2.776 * np.std(values, ddof=1) / np.sqrt(5)


for world in (1, 2):
    for order in ORDERS:
        print("world {}  {:14} {:.3f} +- {:.3f}".format(world, order, *mean_and_half_width(errors[world, order])))
    gain = errors[world, "spatial first"] - errors[world, "channel first"]
    print("world {}  spatial first minus channel first, paired by seed: {:+.3f} +- {:.3f}".format(world, *mean_and_half_width(gain)))

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Relative error of each arrangement, five seeds
figure, axes = plt.subplots(1, 2, figsize=(9.6, 2.7), layout="constrained", sharex=True)
for axis, world, title in zip(axes, (1, 2), ("world 1: the channel gives it away", "world 2: the place gives it away"), strict=True):
    for height, order in enumerate(ORDERS):
        middle, half = mean_and_half_width(errors[world, order])
        axis.plot(errors[world, order], np.full(5, height - 0.17), "o", mfc="w", mec="k", ms=5)
        axis.errorbar(middle, height + 0.1, xerr=half, fmt="ks", ms=5, capsize=4)
        axis.text(middle, height + 0.22, f"{middle:.2f}", ha="center", va="top", fontsize=9)
    axis.set_yticks(range(3), ORDERS)
    axis.set(title=title, xlabel="relative error on new images (0 is perfect)", xlim=(0, 0.6), ylim=(2.75, -0.5))
show(figure, alt="Relative errors of three arrangements in two worlds, five seeds as circles, mean and 95 percent interval below. In world 1 channel "
     "first has the lowest error, in world 2 spatial first has the lowest error. Parallel is near the worse of the two in both worlds.")

# %% [markdown]
# What do the data say? Compare with your predictions before you read on.
#
# - In world 1 the channel gate can work on $x$ and tells the spatial gate which of four patches matters. Channel
#   first wins. Spatial first opens all four patches and never gets a second look.
# - In world 2 it is the other way round, and by more.
# - Parallel ends near the worse order in both worlds: each gate is blind to what the other found.
# - So the order is no law. The first gate should be the one that can decide alone. On ImageNet the paper's numbers
#   favour channel first by a little.

# %% [markdown] tags=["instructor"]
# **Reading the result.** World 1: channel first 0.29 +- 0.05, spatial first 0.40 +- 0.03, parallel 0.40 +- 0.02. World
# 2: 0.470 +- 0.004, 0.18 +- 0.09, 0.437 +- 0.008. Paired by seed, spatial first minus channel first is +0.11 +- 0.06 in
# world 1 and -0.29 +- 0.09 in world 2: both intervals exclude zero. The wide interval of spatial first in world 2 is
# real: its five seeds lie between 0.10 and 0.29.
#
# The worlds are mirror images by construction, so the experiment shows that data exist for either order. It does not
# show which kind ImageNet is. Five seeds vary the start and the images together; the pairs share both. To ask more: why is
# channel first in world 2 not hopeless? Because its spatial gate finds the right place, and only the four groups stay mixed.

# %% [markdown]
# **Reflection · the order**
#
# **{{worth:reflect-order}} · in your own words**
#
# A colleague reads 22.66 against 22.78 and concludes: "Channel attention must always come first." What do the paper's
# numbers support, and what do they not? Use our two worlds, and say what you would want to see before you change the
# order in a network of your own.

# %% [markdown] question="reflect-order" points=3 minutes=4 row="reflection: the order"
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
# A function leaves a dozen small layers in the model. A class makes the block *one* layer, with a name and settings.
# In return you must tell Keras how to write it down and how to make it anew. A `.keras` file holds two things: the
# **configuration**, a text with the arguments of every layer, and the **weights**, arrays without a recipe. Loading goes
# in three steps: find the class, call its constructor with the configuration, then build and fill in the weights.
#
# Each step can fail. Below, small layers fail in turn, and you read the true message.

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
# **1. The class is not registered.** A file may come from anyone, so Keras looks up the name in a register and runs
# no code that it does not know.

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
# **2. The configuration lacks an argument.** Registered, with a `get_config` that forgets `size`. The layer comes back
# with the default, and the stored weights do not fit.
#
# **Predict first.** What happens with this class when `size` is 3, the default?

# %% tags=["demo"]
register = keras.saving.register_keras_serializable(package="trials")


@register
class Forgetful(Plain):
    def get_config(self):
        return keras.layers.Layer.get_config(self)                  # the base class knows name, dtype and trainable


report(Forgetful(size=5))
report(Forgetful(size=3))

# %% [markdown]
# With the default it works, by luck. That is why a test saves a layer whose settings are *not* the defaults.
#
# (Without any `get_config` Keras 3 records simple arguments by itself. It gives up at the first argument that is not
# plain data, such as a layer, and asks for the method. Write it.)
#
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
# **4. Layers made in `call`.** `call` runs whenever data come. Kept on `self`, a layer made there is refused. Not kept, it
# is worse: nothing complains.

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
# The last one has no weights. It makes new random ones in every call, learns nothing, and gives another answer each
# time. The outputs differ before and after saving because they would differ anyway.
#
# **5. A Lambda layer** holds Python code, and Keras does not load code by default.

# %% tags=["demo"]
report(keras.layers.Lambda(lambda t: 2 * t))

# %% [markdown]
# So a layer that lasts keeps five rules:
#
# | place | rule |
# |---|---|
# | above the class, or right after it | register it |
# | `__init__(self, ..., **kwargs)` | hand `kwargs` to the parent; keep every argument on `self` |
# | `build(self, input_shape)` | make what needs the number of channels, and build it |
# | `call(self, x)` | calculate; make nothing |
# | `get_config(self)` | the parent's dictionary and every argument of yours |

# %% [markdown]
# ### Exercise · `CBAM`
# **{{worth:CBAM}} · hard**
#
# A class `CBAM(keras.layers.Layer)` with the constructor arguments `ratio=16` and `kernel_size=7`, and with the
# arguments that every layer takes. Called on a tensor (B, H, W, C) it gives what `cbam_block` gives, from exactly the
# same weights. A model with it can be saved and loaded with Keras's defaults: the loaded layer keeps its ratio, its kernel
# size and its weights. Register the class.

# %% answer="CBAM" minutes=10
# registering: a decorator above this line, or the same call on the class after its last line
class CBAM(keras.layers.Layer):
    """The channel gate, then the spatial gate, as one layer: (B, H, W, C) to (B, H, W, C)."""

    def __init__(self, ratio=16, kernel_size=7, **kwargs):
        # hand kwargs to the parent, keep ratio and kernel_size
        # then three methods: build(self, input_shape), call(self, x), get_config(self)
        ### BEGIN SOLUTION
        super().__init__(**kwargs)
        self.ratio = ratio
        self.kernel_size = kernel_size

    def build(self, input_shape):
        channels = input_shape[-1]
        width = channels // self.ratio
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
# <details><summary>Hint: the idea</summary>Take <code>cbam_block</code> apart. Every line that makes a layer goes to <code>build</code>, every line that calls one goes to <code>call</code>.</details>
# <details><summary>Hint: the shapes</summary>A dense layer that takes (B, 1, 1, C) is built by <code>.build((None, C))</code>; the second one takes the width of the bottleneck. The convolution takes (B, H, W, 2), so three of its four sizes are <code>None</code>.</details>
# <details><summary>Hint: nearly code</summary>The table above has one row a method. In <code>get_config</code> begin with the parent's dictionary and add two entries. Registering: <code>@keras.saving.register_keras_serializable(package=...)</code>.</details>
# <details><summary>"Could not locate class 'CBAM'. Make sure custom classes and functions are decorated with `@keras.saving.register_keras_serializable()`"</summary>The class is not registered. If you wrote the line, did the cell run again before you made the model?</details>
# <details><summary>"CBAM.__init__() got an unexpected keyword argument 'name'"</summary>Keras hands over name and dtype. Take them with <code>**kwargs</code>, and pass them to the parent.</details>
# <details><summary>"You cannot add new elements of state (variables or sub-layers) to a layer that is already built"</summary>A layer is made in <code>call</code>. Move that line to <code>build</code>.</details>
# <details><summary>"A total of 1 objects could not be loaded ... The shape of the target variable and the shape of the target value in `variable.assign(value)` must match"</summary>The loaded layer was made with other settings than the saved one: an argument is missing in <code>get_config</code>.</details>

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
inputs = keras.Input((None, None, 6))
outputs = layer(inputs)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 6), rule="the layer keeps the shape, an unknown height and width included")
model = keras.Model(inputs, outputs)
check_equal(model.count_params(), 130, rule="12 + 2 + 12 + 6 + 98; none at all: were the layers made in call?")
copy_weights(model, *case_weights)
check_close(keras.ops.convert_to_numpy(model(case_x.astype("float32"))), case_y, rule="compare with cbam_block", tolerance=1e-4)
loaded = save_and_load(model)
check_close(keras.ops.convert_to_numpy(loaded(case_x.astype("float32"))), case_y, rule="the loaded weights are others", tolerance=1e-4)
small = save_and_load(keras.Model(inputs, CBAM(2, 3)(inputs)))
check_equal(small.count_params(), 63, rule="C = 6, m = 3, k = 3: 45 + 18; do ratio and kernel size stand in the configuration?")
check_equal(CBAM().get_config()["ratio"], 16, rule="the default ratio")
passed("CBAM")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** No registration; no `**kwargs`; `kernel_size` missing in `get_config`, which passes as long as
# it is 7; layers in `call`; `super().__init__()` without the kwargs, which loses the name; the convolution's bias.
# A class without `get_config` reloads on Keras 3 as long as its arguments are plain numbers, and gets full points.
# Running the cell twice registers the name twice, which Keras allows.
#
# Layers made in `build` but not built there reload too, because Keras runs the layer once when it loads it. It is a
# habit worth asking for all the same: the weights then exist as soon as `build` has run.

# %% [markdown]
# ## 5 · Where in a residual block?
#
# A basic residual block computes a branch $F(x)$ and adds it to a shortcut: $\mathrm{relu}(\text{shortcut} + F(x))$.
# The paper puts CBAM **into the branch**: after its last batch norm, before the addition. The ReLU follows the addition.
#
# $$ y = \mathrm{relu}\big(\text{shortcut} + \mathrm{CBAM}(F(x))\big) \qquad\quad F = \text{conv} \to \text{norm} \to \text{relu} \to \text{conv} \to \text{norm} $$
#
# The reason is the shortcut. It is the path on which signals and gradients pass many blocks unchanged. A gate lies between
# 0 and 1, so whatever path it stands on gets smaller.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The right place and three wrong ones
def draw_box(axis, x, y, text, bold=False):
    """Draw a named box with its middle at (x, y)."""
    axis.text(x, y, text, ha="center", va="center", fontsize=10, fontweight="bold" if bold else "normal",
              bbox={"boxstyle": "round,pad=0.35", "fc": "0.85" if bold else "w", "ec": "k", "lw": 2 if bold else 1})


def draw_path(axis, *points):
    """Draw a line through points with an arrow at the end."""
    for start, end in zip(points[:-2], points[1:-1], strict=True):
        axis.plot(*zip(start, end, strict=True), "k-", lw=1.1, solid_capstyle="round")
    axis.annotate("", points[-1], points[-2], arrowprops={"arrowstyle": "-|>", "color": "k", "lw": 1.1, "shrinkA": 0, "shrinkB": 0})


titles = ["right: in the branch", "wrong: after the addition", "wrong: on the shortcut", "wrong: three things added"]
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
show(figure, alt="Four diagrams of a residual block. Right: x goes through F and CBAM to the addition, the shortcut goes around both, the ReLU follows. "
     "Wrong, first: CBAM stands between the addition and the ReLU. Wrong, second: CBAM stands on the shortcut. Wrong, third: the branch is added "
     "once without and once with CBAM. Only in the right one the gates touch the branch alone.")

# %% [markdown]
# **Predict first.** A fresh channel gate is about $1/2$, and so is a fresh spatial gate, so a fresh CBAM multiplies by
# about $1/4$. Stack eight fresh blocks and follow the gradient back along the shortcuts alone. By what factor has it
# changed, for each of the four placements?
#
# In the right place by $1$: the shortcut is not touched. After the addition and on the shortcut by $(1/4)^8 = 1/65536$. In
# the triple sum by $1$, but there the branch $F$ is added in full and the gates decide about a copy of it only:
# $F + \frac14 F$, where a closed gate leaves $F$ and an open one doubles it. The attention cannot turn anything off.

# %% tags=["demo"]
def stack(put_together, depth=8):
    """A model of fresh blocks, one behind the other, that gives the map behind each of them."""
    maps = [keras.Input((8, 8, 16))]
    for _ in range(depth):
        branch = keras.layers.DepthwiseConv2D(3, padding="same", use_bias=False)(maps[-1])
        branch = keras.layers.BatchNormalization()(branch)
        maps.append(put_together(maps[-1], branch))
    return keras.Model(maps[0], maps[1:])


PLACES = {
    "right": lambda s, f: s + cbam_block(f, 4),
    "after the addition": lambda s, f: cbam_block(s + f, 4),
    "on the shortcut": lambda s, f: cbam_block(s, 4) + f,
    "three things added": lambda s, f: s + f + cbam_block(f, 4),
}

# %% tags=["demo"]
kept = {}
with waits_for(cbam_block):
    batch = tf.constant(np.random.default_rng(8).normal(size=(16, 8, 8, 16)).astype("float32"))
    for place, put_together in PLACES.items():
        keras.utils.set_random_seed(8)
        model = stack(put_together)
        for variable in model.weights:                              # F is silent, so that only the shortcut speaks
            if variable.name == "gamma":
                variable.assign(tf.zeros_like(variable))
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(batch)
            sums = [tf.reduce_sum(maps * batch) for maps in model(batch, training=False)]
        kept[place] = [float(tf.norm(tape.gradient(total, batch)) / tf.norm(2 * batch)) for total in sums]
        print(f"{place:20} factor after 8 blocks: {kept[place][-1]:.1e}")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title What reaches the input along the shortcuts of fresh blocks
if len(kept) == 4:
    figure, axis = plt.subplots(figsize=(7.2, 3.1), layout="constrained")
    for (place, factors), style in zip(kept.items(), ["ko-", "ks--", "k^:", "kx-."], strict=True):
        axis.semilogy(range(1, 9), factors, style, mfc="w", ms=6, label=place)
    axis.semilogy(range(1, 9), 0.25 ** np.arange(1, 9), color="0.6", lw=5, zorder=0, label="derived: 1/4 a block")
    axis.set(xlabel="blocks passed", ylabel="size of the gradient", title="The gradient along the shortcuts", xticks=range(1, 9))
    axis.legend(frameon=False, loc="lower left", fontsize=9)
    show(figure, alt="Size of the gradient that passes 1 to 8 fresh blocks along their shortcuts, on a logarithmic scale. In the right place and in the "
         "triple sum it is constant. After the addition and on the shortcut it falls by about a factor of 4 a block, to about one part in 65 thousand.")

# %% [markdown] tags=["instructor"]
# **Reading the result.** The branch is silenced by its norm's gamma, so the figure isolates the shortcut; the two wrong
# curves follow $4^{-n}$. With a branch that speaks, gradients pass through it as well and the fall is slower, but the
# identity path is lost all the same. The right curve and the triple sum lie on top of each other: their difference is in the branch.
#
# **A trap.** Training can repair the first two faults in part: logits can grow until the gates are near 1. Nothing
# raises an error, the network only starts far from where a residual network should start. The triple sum is the fault of a
# widely copied tutorial (notebook 07).

# %% [markdown]
# ### Exercise · `cbam_residual_block`
# **{{worth:cbam_residual_block}} · hard**
#
# In: a KerasTensor `x` (B, H, W, C), `filters`, `stride` (1 or 2) and `ratio`. Out: a KerasTensor
# $\mathrm{relu}(\text{shortcut} + \mathrm{CBAM}(F(x)))$ with `filters` channels and sides divided by the stride, rounded up.
#
# - $F$: 3 x 3 convolution with the stride, batch norm, ReLU, 3 x 3 convolution, batch norm. CBAM comes after the last
#   batch norm of the branch and before the addition. The ReLU comes after the addition.
# - Shortcut: `x` itself where the shape allows, that is, with stride 1 and C equal to `filters`. Else a 1 x 1
#   convolution with the stride, then a batch norm.
# - No convolution has a bias, `padding="same"`, batch norms as Keras makes them, a 7 x 7 kernel in CBAM. You may call
#   `cbam_block` or `CBAM`.

# %% answer="cbam_residual_block" minutes=9
def cbam_residual_block(x, filters, stride=1, ratio=16):
    """relu(shortcut + CBAM(F(x))) of a KerasTensor x (B, H, W, C). Returns (B, H / stride, W / stride, filters)."""
    # the branch: convolution (stride), norm, ReLU, convolution, norm
    # attention on the branch
    # the shortcut: x itself, or its projection where width or sides change
    # the addition, then the ReLU
    ### BEGIN SOLUTION
    settings = {"padding": "same", "use_bias": False}
    branch = keras.layers.Conv2D(filters, 3, strides=stride, **settings)(x)
    branch = keras.layers.ReLU()(keras.layers.BatchNormalization()(branch))
    branch = keras.layers.Conv2D(filters, 3, **settings)(branch)
    branch = cbam_block(keras.layers.BatchNormalization()(branch), ratio)
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = keras.layers.BatchNormalization()(keras.layers.Conv2D(filters, 1, strides=stride, **settings)(x))
    return keras.layers.ReLU()(keras.layers.Add()([shortcut, branch]))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Keep two names apart, one for the branch and one for the shortcut. They meet once, in the addition.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C) becomes (B, H / stride, W / stride, filters) in the first convolution of the branch, and in the projection. Nothing else changes a shape.</details>
# <details><summary>Hint: nearly code</summary>Two conditions ask for a projection, and one of them is enough: <code>if ... or ...:</code>. The strides of a convolution are its argument <code>strides</code>.</details>
# <details><summary>"Inputs have incompatible shapes. Received shapes (8, 8, 8) and (4, 4, 12)"</summary>The shortcut still has its old shape: it needs the projection, with the stride.</details>
# <details><summary>"likely cause: relu(x + 1/4) ..." with a greatest difference of 1</summary>The branch is added twice: once as it is and once gated.</details>

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
with waits_for(cbam_block, cbam_residual_block):
    keras.utils.clear_session()
    inputs = keras.Input((32, 32, 16))
    maps = cbam_residual_block(inputs, 16)
    network = keras.Model(inputs, cbam_residual_block(maps, 32, stride=2))
    print("output", network.output_shape, " weights", f"{network.count_params():,}")
    kinds = [layer.__class__.__name__ for layer in network.layers]
    print("norms:", kinds.count("BatchNormalization"), " additions behind which a ReLU stands:", kinds.count("ReLU") - 2)

# %% check="cbam_residual_block"
inputs = keras.Input((8, 8, 8))
outputs = cbam_residual_block(inputs, 8, ratio=4)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, 8, 8, 8), rule="stride 1 and as many filters as channels: the shape stays")
same = keras.Model(inputs, outputs)
check_equal(same.count_params(), 1356, rule="convolutions 1152, norms 64, CBAM 140; no projection and no bias here")
outputs = cbam_residual_block(inputs, 12, stride=2, ratio=4)
check_shape(outputs, (None, 4, 4, 12), rule="stride 2 halves the sides, filters is the new width")
other = keras.Model(inputs, outputs)
check_equal(other.count_params(), 2585, rule="convolutions 2160, projection 96, three norms 144, CBAM 185")
for model in (same, other):                       # every weight 0, but each norm adds 1: F is 1 everywhere, a gate 1/2
    for variable in model.weights:
        variable.assign(np.full(variable.shape, float(variable.name == "beta")))
x = np.linspace(-2, 2, 512).reshape(1, 8, 8, 8).astype("float32")
got = keras.ops.convert_to_numpy(same(x))
check_close(got, np.maximum(x + 0.25, 0), rule="relu(x + 1/4): CBAM on the branch alone, after its norm; the ReLU last", tolerance=1e-4)
got = keras.ops.convert_to_numpy(other(x))
check_close(got, np.full((1, 4, 4, 12), 1.25), rule="the shortcut is a convolution and its norm, not gated", tolerance=1e-4)
odd = np.linspace(-2, 2, 504).reshape(1, 7, 9, 8).astype("float32")
for filters, stride, stored in ((8, 1, [0.479775, 0.491064, 0.618039, 0.498896]), (12, 2, [0.530166, 1.292267, 0.063118, 0.008049])):
    odd_input = keras.Input((7, 9, 8))
    model = keras.Model(odd_input, cbam_residual_block(odd_input, filters, stride=stride, ratio=4))
    fill_weights(model)
    got = keras.ops.convert_to_numpy(model(odd)).mean(axis=(0, 1, 2))
    check_close(got[:4], stored, rule="other values: every ReLU at its place, the stride in the first convolution?", tolerance=2e-3)
for filters, stride, shape, why in ((12, 1, (None, 8, 8, 12), "the width"), (8, 2, (None, 4, 4, 8), "the sides")):
    outputs = cbam_residual_block(inputs, filters, stride=stride, ratio=4)
    check_shape(outputs, shape, rule=f"here {why} alone changes, and x needs a projection")
passed("cbam_residual_block")

# %% [markdown] tags=["instructor"]
# **Reading the check.** With every weight 0 and each beta 1 the branch is 1 everywhere and CBAM makes it 1/4. The wrong
# placements give themselves away: after the addition (x + 1)/4, on the shortcut x/4 + 1, the triple sum x + 5/4, CBAM before
# the norm x + 1.
#
# **Mistakes to expect.** A projection where none is needed; none at stride 2 with equal widths; biases; the stride in both
# convolutions; a ReLU before the addition as well.

# %% [markdown]
# **Reflection · a wrong place**
#
# **{{worth:reflect-placement}} · in your own words**
#
# A team put CBAM after the addition in all 16 blocks of a ResNet-50 and found that training starts slowly and ends worse
# than without attention. They say that attention does not help on their data. What do you answer? Name what their placement
# does to the shortcuts at the start, with a number, and the experiment you would run.

# %% [markdown] question="reflect-placement" points=3 minutes=4 row="reflection: a wrong place"
# ### BEGIN SOLUTION
# Their experiment does not separate attention from its place. After the addition the gates multiply the shortcut too. Fresh gates are about 1/2
# each, so every block multiplies the sum by about 1/4, and along sixteen shortcuts the signal and the gradient are multiplied by about (1/4)^16,
# which is less than one part in four thousand million. The identity path that makes deep residual networks trainable is gone.
#
# I would move CBAM into the branch, after its last batch norm and before the addition, and train none, right and wrong placement with
# the same budget and several seeds, and compare by paired differences with their intervals. Only the right placement against none says something about attention.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: the gates shrink the shortcut (identity path lost), with a number such as 1/4 a block or $4^{-16}$.
# One point: so the result is about the placement, not about attention. One point: a fair experiment that has the right placement, no attention,
# the same budget and more than one seed.

# %% [markdown]
# ## 6 · Why gamma = 0 starts at one half
#
# The paper's spatial gate is a convolution and a sigmoid. The official PyTorch code has a batch norm in between, with a scale $\gamma$
# and a shift $\beta$, and its initialiser sets $\gamma = 0$; $\beta$ is 0 anyway. With $n$ the normalised logit at a position:
#
# $$ \text{gate} = \sigma(\gamma\, n + \beta) = \sigma(0) = \tfrac12 \qquad \text{at every position, whatever the kernel and the image} $$
#
# So the spatial half starts as a plain factor of $1/2$. The branch starts at half of what the channel gate leaves, about a quarter of
# $F$ in all, and no place is preferred before anything was learned. And the gradients?
#
# $$ \frac{\partial\, \text{gate}}{\partial \gamma} = \tfrac14\, n \qquad\qquad \frac{\partial\, \text{gate}}{\partial\, \text{kernel}} \ \propto\ \gamma = 0 $$
#
# **Predict first.** After one training step with plain gradient descent: has the kernel changed? After two?

# %% tags=["demo"]
def spatial_head(gamma_start):
    """Pooled maps (B, H, W, 2) to a gate, with a norm whose gamma starts as given."""
    norm = keras.layers.BatchNormalization(momentum=0.99, epsilon=1e-5, gamma_initializer=gamma_start, name="norm")
    kernel = keras.layers.Conv2D(1, 7, padding="same", use_bias=False, kernel_initializer="he_normal", name="kernel")
    return keras.Sequential([keras.Input((12, 12, 2)), kernel, norm, keras.layers.Activation("sigmoid")])


pooled_maps = np.random.default_rng(9).normal(size=(32, 12, 12, 2)).astype("float32")
wanted = (pooled_maps[..., :1] > 0.3).astype("float32")             # a gate that is to open where the mean is high
heads = {start: spatial_head(start) for start in ("ones", "zeros")}

# %% tags=["demo"]
def learn(head):
    """One step of plain gradient descent at rate 2; the sizes of the gradients of kernel, gamma and beta."""
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((head(pooled_maps, training=True) - wanted) ** 2)
    slopes = tape.gradient(loss, head.trainable_weights)
    for variable, slope in zip(head.trainable_weights, slopes, strict=True):
        variable.assign_sub(2 * slope)
    return [float(tf.norm(slope)) for slope in slopes]


# %% tags=["demo"]
gates = {}
for start, head in heads.items():
    gates[start] = [keras.ops.convert_to_numpy(head(pooled_maps, training=True)).ravel()]
    print(f"gamma starts with {start:5}: gates {gates[start][0].min():.3f} to {gates[start][0].max():.3f}")
    for step in range(1, 103):
        kernel_slope, gamma_slope, _ = learn(head)
        if step < 3:
            print(f"   step {step}: gradient of the kernel {kernel_slope:.1e}, of gamma {gamma_slope:.1e}")
    gates[start].append(keras.ops.convert_to_numpy(head(pooled_maps, training=True)).ravel())

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The spatial gates at the start, and after 102 steps
figure, axes = plt.subplots(1, 2, figsize=(9, 2.8), layout="constrained", sharey=True)
for axis, moment, title in zip(axes, (0, 1), ("at the start", "after 102 steps"), strict=True):
    for start, shade, hatch, label in [("ones", "0.75", "", "gamma started at 1"), ("zeros", "none", "///", "gamma started at 0")]:
        axis.hist(gates[start][moment], np.linspace(0, 1, 41), weights=np.full(4608, 100 / 4608), fc=shade, ec="k", hatch=hatch, lw=0.6, label=label)
    axis.set(title=title, xlabel="spatial gate", ylim=(0, 45))
axes[0].annotate("all 100 %\nat 1/2", (0.52, 41), (0.66, 30), fontsize=10, arrowprops={"arrowstyle": "-|>", "color": "k"})
axes[0].set_ylabel("% of positions")
axes[1].legend(frameon=False, loc="upper center")
show(figure, alt="Histograms of spatial gates. At the start, with gamma 1, they spread from below 0.1 to above 0.9; with gamma 0 all of them are exactly one half. "
     "After 102 steps the two histograms look alike. Gamma 0 changes the start, not what can be reached.")

# %% [markdown]
# At step 1 the gradient of the kernel is exactly 0 and only $\gamma$ moves. From step 2 on $\gamma$ is not 0 and the kernel learns too. So
# $\gamma = 0$ is a soft start: places are treated alike until $\gamma$ has found out whether the random kernel's map is useful.
#
# Do not mix it up with another habit of residual networks, $\gamma = 0$ in the *last norm of the branch*, which makes the whole branch 0.
# Here a sigmoid follows, and it turns 0 into one half.

# %% [markdown] tags=["instructor"]
# **Reading the result.** With $\gamma = 1$ the fresh gates already spread widely and at random: places are turned down before anything was
# learned. After 100 steps both heads are alike. `cbam_block` here follows the paper and has no norm; the judge counts it as a mistake.
# The official norm has torch momentum 0.01, which is 0.99 in Keras's convention.

# %% [markdown]
# ## 7 · What it costs in a whole network
#
# Each of the 16 residual blocks of ResNet-50 gets one CBAM. Its channel half has the weights of SE, of notebook 01. The spatial half
# adds $2 \cdot 7 \cdot 7 = 98$, and the official code's norm 2 more.
#
# **Predict first.** What share of CBAM's weights in ResNet-50 is spatial?

# %% tags=["demo"]
stages = [(256, 3), (512, 4), (1024, 6), (2048, 3)]                  # channels and blocks of each stage
channel_half = sum(blocks * (2 * c * (c // 16) + c // 16 + c) for c, blocks in stages)
spatial_half = sum(blocks for _, blocks in stages) * (98 + 2)
print(f"plain 25,557,032 + channel {channel_half:,} + spatial {spatial_half:,} = {25_557_032 + channel_half + spatial_half:,}")
print(f"spatial share of what is added: {spatial_half / (channel_half + spatial_half):.3%}")

# %% [markdown]
# The sum is 28,089,624, the count of the official model, recomputed here. The spatial half is a rounding error in weights. It is not in
# time: it pools, convolves and multiplies maps of full size. The ECA paper (arXiv 1910.03151) reports, for ResNet-50, 1,213 images a second at inference
# with CBAM against 1,620 with SE and 1,855 without attention (quoted).
#
# ## What we found
#
# - CBAM is two equations. The second gate looks at the refined map and multiplies the refined map.
# - From $x$ alone the spatial gate opened every patch; from the refined map it opened one.
# - In our two worlds either order won where its first gate could decide alone. Parallel was near the worse order in both.
# - A layer comes back from a file if it is registered, takes `**kwargs`, makes its layers in `build`, and says all its arguments in `get_config`.
# - In a residual block CBAM stands on the branch, before the addition. On any other path it shrinks the shortcut by about 4 a block.
# - With $\gamma = 0$ every spatial gate starts at 1/2, and the kernel waits one step for $\gamma$.
# - In ResNet-50 it adds 2,532,592 weights, of which 1,600 are spatial.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | refined map | the map after the channel gate, $x'$ |
# | configuration | the arguments from which Keras makes a layer anew |
# | registering | entering a class in the list that Keras searches when it loads a file |
# | shortcut | the path around the branch of a residual block |
# | projection | a 1 x 1 convolution that gives the shortcut the branch's shape |
#
# ## Where this is in the papers
#
# Woo, Park, Lee and Kweon, *CBAM: Convolutional Block Attention Module*, 2018, arXiv 1807.06521: section 3 for the two equations and the
# block's place in a residual network, and the tables of its ablations, from which the table in section 3 above is quoted. The norm with $\gamma = 0$ is in
# the official PyTorch code, not in the paper.
#
# ## Stretch
#
# Build a world 3 in which neither gate can decide alone from $x$: both cues are needed together. Train the three arrangements, and then two CBAMs
# in a row. Does the second look help?
#
# **Next:** 06 puts SE, ECA and CBAM into one small network, trains each with the same budget, and asks whether they help.

# %% [markdown]
# {{hand_in}}
