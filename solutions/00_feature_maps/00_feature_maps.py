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
# # 00 · What a gate multiplies
#
# {{badges}}
#
# Attention, in this course, is a multiplication. A block looks at a feature map, computes numbers between 0 and 1, and multiplies the map by them.
# Those numbers are called a **gate**. The notebooks that follow differ in how the gate is computed. This one is about the rest: what is multiplied, and how.
#
# **You will be able to**
#
# - read the four axes of a feature map, and say what moves along each of them;
# - pool a map over its positions or over its channels, and name what each pool forgets;
# - apply a channel gate and a spatial gate so that no size can make them silently wrong;
# - convert between the two data formats, and recognise a reshape that garbles the picture;
# - predict how much clutter a given gate leaves.
#
# **Before you start:** Python, NumPy, and a first Keras model. Nothing about attention.
#
# | part | points | minutes |
# |---|---|---|
# | reading, predicting, running | | {{minutes:reading}} |
# {{rows}}
# | two questions in your own words | {{points:questions}} | {{minutes:questions}} |
# | **total** | **{{points}}** | **{{minutes}}** |
#
# Run the cells from top to bottom. Where a cell needs a function that you have not written yet, it says so and goes on.

# %%
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # the same rounding on every processor, and no notice about it

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(0)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## 1 · A feature map is a stack of pictures
#
# A convolution slides a small window of weights over an image and writes down one number at each position. One set of weights gives one picture, called a **channel**.
# Several sets give a stack of pictures, called a **feature map**.
#
# A network learns its weights. Here we choose them by hand, so that we know what each channel means.
#
# **Predict first.** Two grey images of 24 x 36 pixels go through four 3 x 3 filters, with padding so that no border is lost. What is the shape of the result?

# %% tags=["demo"]
rows, columns = np.mgrid[0:24, 0:36]
images = np.zeros((2, 24, 36, 1), dtype="float32")
images[0, 6:18, 4:14] = 1  # a box
for row, column in [(5, 22), (11, 29), (18, 22)]:  # three spots
    images[0, ..., 0] += np.exp(-((rows - row) ** 2 + (columns - column) ** 2) / 2)
images[1, 4:20, 26:29] = 1  # a tall bar
images[1, 10:13, 4:20] = 1  # a wide bar

# %% tags=["demo"]
edge = np.array([[-1, 0, 1]] * 3) / 3  # right column minus left column
spot = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]) / 8  # centre minus its neighbours
filters = np.stack([np.ones((3, 3)) / 9, edge, edge.T, spot], axis=-1)[:, :, None, :]
channel_names = ["brightness", "left-right edges", "up-down edges", "spots"]
maps = np.array(keras.ops.conv(images, filters.astype("float32"), padding="same"))
print("images", images.shape, " filters", filters.shape, " feature map", maps.shape)

# %% tags=["demo"]
panels = [images[0, ..., 0], *(maps[0, ..., c] for c in range(4))]
figure = draw_maps(panels, ["the image", *channel_names], vmin=-1, vmax=1)
show(figure, alt="A grey image with a box and three spots, and its four channels. Brightness is a blurred copy. Left-right edges is white on "
     "the left side of the box and black on its right side. Up-down edges is white on top and black below. Spots lights up each spot and the box's "
     "outline. Each channel answers a different question about the same positions.")

# %% [markdown]
# The shape is (2, 24, 36, 4), which we write $(B, H, W, C)$: image in the batch, row, column, channel. So $x_{bhwc}$ is one number: how strongly image $b$ answers question $c$ at row $h$, column $w$.
#
# Mid-grey is zero. An edge channel has a sign: white where the picture gets brighter to the right, black where it gets darker. Keep the sign in mind.
#
# All four sizes differ on purpose. Equal sizes hide mistakes, as you will see.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The four axes, drawn
def draw_stack(axis, sheets, left=0, bottom=0):
    """Draw sheets (C, H, W) one behind the other; return where the stack ends on the right."""
    height, width = sheets[0].shape
    for depth in reversed(range(len(sheets))):
        x0, y0 = left + 8 * depth, bottom + 8 * depth
        place = {"extent": (x0, x0 + width, y0, y0 + height), "zorder": 10 - depth}
        axis.imshow(sheets[depth], cmap="gray", vmin=-1, vmax=1, **place)
        axis.add_patch(plt.Rectangle((x0, y0), width, height, fill=False, edgecolor="k", zorder=10 - depth))
    axis.set(aspect="equal")
    axis.axis("off")
    return left + width + 8 * (len(sheets) - 1)


def arrow(axis, start, end, text, x, y, style="<->"):
    """Draw an arrow with a word at (x, y)."""
    axis.annotate("", xy=end, xytext=start, arrowprops={"arrowstyle": style, "linewidth": 1.4})
    axis.text(x, y, text, ha="center", va="center", fontsize=11)


figure, axis = plt.subplots(figsize=(8.2, 3.2), layout="constrained")
for b in range(2):
    start = 85 * b
    draw_stack(axis, [maps[b, ..., c] for c in range(4)], left=start)
    arrow(axis, (start - 2, 24), (start - 2, 0), "H\n24", start - 6, 12)
    arrow(axis, (start, -2), (start + 36, -2), "W 36", start + 18, -5)
    arrow(axis, (start + 38, 0), (start + 62, 24), "C 4", start + 55, 10)
    axis.text(start + 42, 52, f"image {b}", ha="center", fontsize=11)
arrow(axis, (30, 57), (140, 57), "B 2", 85, 60)
axis.set(xlim=(-10, 150), ylim=(-8, 63))
show(figure, alt="Two stacks of four sheets, one stack for each image. H runs down a sheet, W runs across it, C runs from the front sheet to the "
     "back one, and B runs from stack to stack. A feature map has four axes that mean different things.")

# %% [markdown]
# ## 2 · Pool over positions: how much of each channel
#
# **Predict first.** Take one channel and shuffle all its positions. What happens to its mean? What happens to its maximum?

# %% tags=["demo"]
edges = maps[0, ..., 1]
shuffled = np.random.default_rng(1).permutation(edges.ravel()).reshape(edges.shape)
titles = [f"{name}\nmean {m.mean():.3f}, max {m.max():.2f}" for name, m in [("left-right edges", edges), ("shuffled", shuffled)]]
figure = draw_maps([edges, shuffled], [title.replace("-0.000", "0.000") for title in titles], vmin=-1, vmax=1)
show(figure, alt="The left-right edge channel and the same numbers in shuffled positions. Both have mean 0.000 and maximum 1.00. Pooling over "
     "positions keeps how much there is and forgets where it is.")

# %% [markdown]
# Nothing happens to either. **Pooling over positions keeps how much and forgets where.** In symbols:
#
# $$ z_{bc} = \frac{1}{HW} \sum_{h=1}^{H} \sum_{w=1}^{W} x_{bhwc} \qquad x: (B, H, W, C) \qquad z: (B, C) $$
#
# A second thing: the channel is far from empty, and yet its mean is zero. The weights of the filter sum to zero,
# each pixel of the box meets each weight once, so what the left side adds the right side takes away. A mean lets plus and minus cancel; a maximum does not. But a maximum never sees a strong negative answer at all.
#
# **By hand.** One image, $H = W = 2$, $C = 3$. Its three channels:
#
# $$ \begin{pmatrix} 1 & 2 \\ 3 & 6 \end{pmatrix} \quad \begin{pmatrix} 0 & 0 \\ 0 & -4 \end{pmatrix} \quad \begin{pmatrix} 5 & 4 \\ 3 & 4 \end{pmatrix}
# \qquad z = \left( \tfrac{12}{4}, \tfrac{-4}{4}, \tfrac{16}{4} \right) = (3, -1, 4) $$

# %%
tiny = np.array([[[[1, 0, 5], [2, 0, 4]],
                  [[3, 0, 3], [6, -4, 4]]]], dtype="float64")  # the three channels worked by hand, shape (1, 2, 2, 3)
numbers = (np.arange(120.0) * 7 % 11 - 5).reshape(2, 3, 4, 5)  # B, H, W, C all differ; -5 to 5

# %% [markdown]
# ### Exercise · `global_average_pool`
# **{{worth:global_average_pool}} · easy**
#
# In: `x`, shape (B, H, W, C). Out: a NumPy array of shape (B, C), the mean of each channel over all its positions. NumPy only, no loop. The input stays as it was.

# %% answer="global_average_pool" minutes=3
def global_average_pool(x):
    """Average each channel of x (B, H, W, C) over its positions. Returns (B, C)."""
    # Average over the rows and the columns; keep images apart and channels apart.
    ### BEGIN SOLUTION
    return np.mean(x, axis=(1, 2))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Two of the four axes must disappear. Which two say <i>where</i>?</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C) becomes (B, C). Axes are counted from 0: B is 0 and C is 3.</details>
# <details><summary>Hint: nearly code</summary><code>np.mean</code> takes a tuple of axes: <code>axis=(?, ?)</code>.</details>
# <details><summary>"Cannot interpret '2' as a data type"</summary>You wrote <code>x.mean(1, 2)</code>. The second position of <code>mean</code> is the data type. Both axes go into one tuple.</details>
# <details><summary>"expected: 2 axes, shape (1, 3)", "came: 4 axes, shape (1, 1, 1, 3)"</summary><code>keepdims=True</code> keeps the pooled axes with size 1. Here they should go.</details>

# %% tags=["demo"]
rectangles = np.zeros((2, 6, 8, 3))
rectangles[:, :3, :4, 0] = 1  # 12 of 48 positions
rectangles[:, :, :4, 1] = 1  # 24 of 48
rectangles[:, 2:4, 2:5, 2] = -1  # 6 of 48, negative
rectangles[1] *= 2
shares = [[12 / 48, 24 / 48, -6 / 48], [24 / 48, 48 / 48, -12 / 48]]
compare(global_average_pool, target=shares, inputs=(rectangles,), title="The mean of a rectangle is the share of the map that it covers",
        names=["quarter", "half", "negative"], alt="Bars of three channel means, yours beside the counted shares 0.25, 0.5 and -0.125.")

# %% check="global_average_pool"
x, got = numbers.copy(), global_average_pool(tiny.copy())
check_type(got, np.ndarray, rule="return the NumPy array itself")
check_shape(got, (1, 3), rule="one number a channel for each image: pool over H and W, and over nothing else")
check_close(got, [[3, -1, 4]], rule="the case worked by hand; a sum would give (12, -4, 16), a maximum (6, 0, 5)")
sums = [[-5, 2, -2, 5, 1], [-3, 4, 0, -4, 3]]
check_close(global_average_pool(x), np.array(sums) / 12, rule="divide by H times W; images stay apart, channels stay apart")
check_close(global_average_pool(3 * numbers[:, ::-1] + 1), np.array(sums) / 4 + 1, rule="a mean does not depend on the order of rows")
check_unchanged(numbers, x)
passed("global_average_pool")

# %% [markdown]
# **The same in Keras.** The layer is called `GlobalAveragePooling2D`. SE calls this step the *squeeze*; you meet it again in 01.

# %% tags=["demo"]
pooled = keras.layers.GlobalAveragePooling2D()(maps)
print("Keras:", np.round(pooled[0], 3) + 0.0, channel_names)
with waits_for(global_average_pool):
    print(f"greatest difference from yours: {np.abs(global_average_pool(maps) - pooled).max():.1e}")
after_relu = keras.layers.GlobalAveragePooling2D()(keras.ops.relu(maps))
print("after a ReLU:", np.round(after_relu[0], 3))

# %% [markdown]
# Three of the four means are zero, although the pictures are not empty: filters whose weights sum to zero cancel. After a ReLU only the positive side is left, and the mean says how much of it there is.
# Pooling the maximum beside the mean is another way out, and the subject of 03.

# %% [markdown] tags=["instructor"]
# **Instructor.** The means are 0 up to float32 rounding for image 0, because no object touches the border: each pixel then meets all nine weights. An object at the border would leave a remainder.
# After the ReLU the two edge channels no longer vanish.
#
# Mistakes to expect: `axis=(0, 1)` (pools images and rows; caught by rank and shape), `axis=(2, 3)` (right rank, shape (B, H)), `keepdims=True`, `sum` for `mean`, dividing by H alone.
# A student who returns a list of lists fails the type check only.

# %% [markdown]
# ## 3 · Pool over channels: where something happens
#
# Now the other way round. Keep the positions and let the channels disappear, once by their mean and once by their maximum:
#
# $$ d_{bhw1} = \frac{1}{C} \sum_{c=1}^{C} x_{bhwc} \qquad d_{bhw2} = \max_{c} x_{bhwc} \qquad d: (B, H, W, 2) $$
#
# **Predict first.** In section 2 shuffled positions changed nothing. What can you shuffle here without changing $d$? And what does $d$ forget?

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Two ways to pool one stack
figure, axis = plt.subplots(figsize=(8.2, 3.4), layout="constrained")
draw_stack(axis, [maps[0, ..., c] for c in range(4)], left=64)
axis.text(94, 53, "x (B, H, W, C)", ha="center", fontsize=11)
for c, value in enumerate(np.asarray(keras.layers.GlobalAveragePooling2D()(maps))[0]):
    axis.add_patch(plt.Rectangle((10, 34 - 10 * c), 15, 9, facecolor=str(0.5 + value / 2), edgecolor="k"))
    axis.text(17.5, 38.5 - 10 * c, f"{abs(value):.2f}", ha="center", va="center", fontsize=10)
    axis.text(8, 38.5 - 10 * c, f"c = {c}", ha="right", va="center", fontsize=10)
axis.text(14, 53, "z (B, C)", ha="center", fontsize=11)
arrow(axis, (60, 22), (29, 22), "pool over\nH and W", 45, 29, "->")
arrow(axis, (128, 22), (160, 22), "pool over\nC", 143, 29, "->")
for name, sheet, y in [("mean", keras.ops.mean(maps[0], axis=-1), 26), ("max", keras.ops.max(maps[0], axis=-1), -2)]:
    draw_stack(axis, [np.asarray(sheet)], left=164, bottom=y)
    axis.text(203, y + 12, name, va="center", fontsize=11)
axis.text(182, 53, "d (B, H, W, 2)", ha="center", fontsize=11)
axis.set(xlim=(-4, 216), ylim=(-4, 57))
show(figure, alt="In the middle a stack of four sheets. An arrow to the left, pool over H and W, leads to a column of four numbers, one a channel. "
     "An arrow to the right, pool over C, leads to two sheets, mean and max, each a picture of all positions. One pool keeps which channel, the "
     "other keeps where.")

# %% [markdown]
# You can shuffle the channels. **Pooling over channels keeps where and forgets which.** You still see that something answered, but not which question.
#
# **By hand.** In the case from section 2 every position happens to sum to 6: $1+0+5$, $2+0+4$, $3+0+3$, $6-4+4$.
#
# $$ \text{mean} = \begin{pmatrix} 2 & 2 \\ 2 & 2 \end{pmatrix} \qquad \text{max} = \begin{pmatrix} 5 & 4 \\ 3 & 6 \end{pmatrix} $$
#
# The mean sees a flat map. The maximum sees the corner where 6 and -4 meet, although not the -4. Two pools see more than one.

# %% [markdown]
# ### Exercise · `channel_pool`
# **{{worth:channel_pool}} · easy**
#
# In: `x`, shape (B, H, W, C). Out: a NumPy array of shape (B, H, W, 2): at each position the mean over channels, then the maximum over channels. NumPy only, no loop. The order counts: mean first.

# %% answer="channel_pool" minutes=3
def channel_pool(x):
    """Pool x (B, H, W, C) over its channels, mean first, then max. Returns (B, H, W, 2)."""
    # The mean over channels, at each position.
    # The maximum over channels, at each position.
    # Both maps in one array, along a new last axis.
    ### BEGIN SOLUTION
    mean = np.mean(x, axis=-1)
    largest = np.max(x, axis=-1)
    return np.stack([mean, largest], axis=-1)
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Two maps of shape (B, H, W), laid one behind the other as a stack of two.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C) gives two arrays (B, H, W). A new axis at the end has size 2.</details>
# <details><summary>Hint: nearly code</summary><code>np.stack([?, ?], axis=?)</code> makes a new axis. <code>np.concatenate</code> does not.</details>
# <details><summary>"only integer scalar arrays can be converted to a scalar index"</summary>You wrote <code>np.stack(a, b)</code>. The arrays go into one list.</details>
# <details><summary>"expected: 4 axes", "came: 3 axes, shape (1, 2, 4)"</summary>You joined two (B, H, W) arrays along W. They need an axis of their own first.</details>
# <details><summary>"came: shape (2, 1, 2, 2)"</summary><code>np.stack</code> puts the new axis first unless you say where.</details>

# %% tags=["demo"]
painted = np.zeros((2, 6, 8, 2))
painted[:, :3, :4, 0] += 1 / 3  # a third of each rectangle ...
painted[:, :, :4, 0] += 1 / 3
painted[:, 2:4, 2:5, 0] -= 1 / 3
painted[:, :, :4, 1] = 1  # ... but the maximum is 1 wherever a positive one lies
painted[1] *= 2
compare(channel_pool, target=painted, inputs=(rectangles,), title="Three rectangles, pooled over channels", names=["mean", "max"],
        alt="Yours above the target: the mean shows all three rectangles at a third of their strength, the negative one as a dip. The max shows "
        "the left half in full and no trace of the negative rectangle.")

# %% check="channel_pool"
x, got = numbers.copy(), channel_pool(tiny.copy())
check_type(got, np.ndarray, rule="return the NumPy array itself")
check_shape(got, (1, 2, 2, 2), rule="both maps along a new last axis: (B, H, W, 2)")
check_shape(channel_pool(x), (2, 3, 4, 2), rule="both maps along a new last axis: (B, H, W, 2)")
check_close(got[..., 0], [[[2, 2], [2, 2]]], rule="index 0 is the mean over channels, not their sum or maximum; the order is mean, then max")
check_close(got[..., 1], [[[5, 4], [3, 6]]], rule="index 1 is the maximum over channels")
sums, largest = [[0, -1, -2, -3], [7, -5, 5, -7], [3, 2, 1, 0]], [[4, 5, 4, 3], [5, 3, 5, 3], [5, 4, 5, 4]]
check_close(channel_pool(x)[1, ..., 0] * 5, sums, rule="sum over channels divided by C, at each position of each image")
check_close(channel_pool(x)[1, ..., 1], largest, rule="the largest of the C numbers at a position, sign and all")
check_close(channel_pool(-1 - np.abs(tiny))[0, 1, 1], [-17 / 3, -5], rule="with negative numbers only, the maximum is the one nearest to zero")
check_unchanged(numbers, x)
passed("channel_pool")

# %% [markdown]
# **The same in Keras.** No layer does it; `keras.ops` has the parts, as you will need in 04.

# %% tags=["demo"]
parts = [keras.ops.mean(maps, axis=3, keepdims=True), keras.ops.max(maps, axis=3, keepdims=True)]
pooled = keras.ops.concatenate(parts, axis=3)
print("Keras:", pooled.shape)
with waits_for(channel_pool):
    print(f"greatest difference from yours: {np.abs(channel_pool(maps) - pooled).max():.1e}")

# %% [markdown] tags=["instructor"]
# **Instructor.** The hand case is built so that the mean carries no information at all and the maximum does. The reverse is possible too: two positions (5, 0, 0) and (5, 5, 5) share a maximum.
# Neither pool contains the other.
#
# Mistakes to expect: order max, mean (the official CBAM code's order; caught by the hand case), `np.stack` without `axis` (shape (2, B, H, W): with B = H = W = 2 even the shape passes, so the
# tests use other sizes too), absolute values before the maximum (caught by the all-negative case), pooling over axis 1.

# %% [markdown]
# **Question 1.** Each pool forgets something. Which question about a picture can a gate computed from $z$ alone never answer? Which one can a gate computed from $d$ alone never answer?
# Give one small example for each: two different maps that the pool cannot tell apart.
#
# **{{worth:reflect-forget}} · in your own words**

# %% [markdown] question="reflect-forget" points=2 minutes=2
# ### BEGIN SOLUTION
# From $z$ a gate cannot know where. A spot in the left corner and the same spot in the right corner have the same channel means, so they get the same gate.
# From $d$ a gate cannot know which. A position with channels (1, 0) and one with channels (0, 1) have the same mean and the same maximum, so a vertical edge and a horizontal edge of equal strength look alike.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric, {{points:reflect-forget}} points.** 1 point: from $z$ no *where*, with a valid example (any rearrangement of positions). 1 point: from $d$ no *which*, with a valid example (any rearrangement of the channels at a position).
# Give 0.5 each for the right word without an example. Do not ask for formulas.

# %% [markdown]
# ## 4 · A gate, and the shape it needs
#
# A gate is an array of numbers between 0 and 1 that multiplies the map. Two kinds matter here:
#
# $$ \text{channel gate, } g: (B, C) \qquad y_{bhwc} = g_{bc}\, x_{bhwc} \qquad\qquad \text{spatial gate, } g: (B, H, W) \qquad y_{bhwc} = g_{bhw}\, x_{bhwc} $$
#
# The channel gate has one knob for each channel, the same at all positions: it says *which*. The spatial gate has one knob for each position, the same for all channels: it says *where*.
# At 1 a knob leaves the number alone, at 0 it silences it. A gate only turns down. It cannot add anything or change a sign, and 0.5 everywhere changes no proportion at all.
#
# **By hand.** The channel gate $g = (1, \tfrac12, 0)$ on our small case leaves channel 0, turns the -4 of channel 1 into -2, and empties channel 2.
# The spatial gate $\begin{pmatrix} 1 & 0 \\ \frac12 & \frac14 \end{pmatrix}$ turns the last position's channels $(6, -4, 4)$ into $(1.5, -1, 1)$.
#
# **Predict first.** In NumPy, is the channel gate just `x * gate`? Below, `x` is (B, 24, W, 4) and `gate` is (B, 4). For which of the four pairs B, W does the product run? For which is it right?

# %% tags=["demo"]
for batch, width in [(1, 36), (2, 36), (36, 36), (2, 1)]:
    try:
        product = np.ones((batch, 24, width, 4)) * np.full((batch, 4), 0.5)
        print(f"B = {batch:2}, W = {width:2}: runs, shape {product.shape}")
    except ValueError as error:
        print(f"B = {batch:2}, W = {width:2}: {error}")

# %% [markdown]
# The rule for **broadcasting** explains all four. NumPy lines up the two shapes *from the right*. Two sizes fit if they are equal or if one of them is 1; a size of 1 is stretched; a missing axis on the left counts as 1.
#
# Line up (B, 24, W, 4) and (B, 4). The two 4s meet, and that is right. But then the gate's B stands under W.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Broadcasting: which size stands under which
def draw_alignment(axis, title, gate, marks):
    """Draw the shape of x above the shape of a gate, lined up from the right, and a verdict under each column."""
    for column, (name, size) in enumerate(zip("BHWC", (2, 24, 36, 4), strict=True)):
        cells = [(1.1, f"{name} = {size}", "w"), (0, gate[column], "0.85" if gate[column] else "w")]
        for y, text, shade in cells:
            clash = marks[column] == "clash" and y == 0
            axis.add_patch(plt.Rectangle((column, y), 0.94, 0.9, facecolor=shade, edgecolor="k", linewidth=2.5 if clash else 0.8,
                                         linestyle="-" if text else ":"))
            axis.text(column + 0.47, y + 0.45, text, ha="center", va="center", fontsize=10)
        weight = "bold" if marks[column] == "clash" else "normal"
        axis.text(column + 0.47, -0.4, marks[column], ha="center", va="center", fontsize=10, fontweight=weight)
    axis.text(-0.1, 1.55, "x", ha="right", va="center", fontsize=11)
    axis.text(-0.1, 0.45, "gate", ha="right", va="center", fontsize=11)
    axis.set(title=title, xlim=(-0.9, 4), ylim=(-0.7, 2.1))
    axis.axis("off")


figure, axes = plt.subplots(2, 2, figsize=(8.2, 4.4), layout="constrained")
draw_alignment(axes[0, 0], "channel gate, bare: (B, C)", ["", "", "B = 2", "C = 4"], ["", "", "clash", "equal"])
draw_alignment(axes[0, 1], "channel gate, two axes of size 1 put in", ["B = 2", "1", "1", "C = 4"], ["equal", "stretch", "stretch", "equal"])
draw_alignment(axes[1, 0], "spatial gate, bare: (B, H, W)", ["", "B = 2", "H = 24", "W = 36"], ["", "clash", "clash", "clash"])
draw_alignment(axes[1, 1], "spatial gate, one axis of size 1 put in", ["B = 2", "H = 24", "W = 36", "1"], ["equal", "equal", "equal", "stretch"])
show(figure, alt="Four alignments of shapes. The bare channel gate puts its B under W: a clash of 2 with 36. With two axes of size 1 between B and C "
     "each size stands under its own kind. The bare spatial gate puts B under H, H under W and W under C: three clashes. One axis of size 1 at "
     "the end mends it. Equal letters must stand under each other.")

# %% [markdown]
# With B = 1 the stretch of a 1 gives the right answer by luck. With B = 2 there is an error, which is the kind outcome. With W = 1 the result has a new shape.
# With B = W = 36 nothing complains, and the result is wrong: **column $w$ is multiplied by the gate of image number $w$.** Here it is, small, with three images of three columns, all ones:

# %% tags=["demo"]
gate = np.array([[0.1, 0.3], [0.5, 0.6], [0.9, 1.0]])
bare = np.ones((3, 2, 3, 2)) * gate
should = [np.full((2, 3), gate[b, 0]) for b in range(3)]
titles = [f"{kind}, image {b}" for kind in ("meant", "x * gate") for b in range(3)]
figure = draw_maps(should + [bare[b, ..., 0] for b in range(3)], titles, "Channel 0 after the gate, B = W = 3", numbers=True, vmin=0, vmax=1)
show(figure, alt="Channel 0 of three images. Meant: image 0 is 0.1 everywhere, image 1 is 0.5, image 2 is 0.9. With the bare product all three "
     "images show columns of 0.1, 0.5 and 0.9. The images have leaked into each other and no error was raised.")

# %% [markdown]
# How often is a bare product right? Here are all shapes with sizes from 1 to 4. The test data are ones, so the product should equal the gate at every position.

# %% tags=["demo"]
def bare_product(shape, picked):
    """What x * gate does for x of this shape, when the gate has the axes in picked."""
    gate = np.arange(1.0, 1 + np.prod([shape[axis] for axis in picked])).reshape([shape[axis] for axis in picked])
    try:
        product = np.ones(shape) * gate
    except ValueError:
        return "error"
    if product.shape != shape:
        return "another shape"
    right = all(product[place] == gate[tuple(place[axis] for axis in picked)] for place in np.ndindex(shape))
    return "right" if right else "silently wrong"


shapes = [tuple(1 + size for size in sizes) for sizes in np.ndindex(4, 4, 4, 4)]
for name, picked in [("channel gate (B, C)", (0, 3)), ("spatial gate (B, H, W)", (0, 1, 2))]:
    found = [bare_product(shape, picked) for shape in shapes]
    print(name, {kind: found.count(kind) for kind in ("right", "error", "another shape", "silently wrong")})

# %% [markdown]
# The bare channel gate is right for B = 1 alone, and silent for every B = W above 1, 32 images of 32 x 32 for example. The bare spatial gate is hardly ever right; it is silent for one image with H = W = C, for one image of height 1 with W = C, and for B = H = W = C, three shapes of each kind here.

# %% [markdown] tags=["instructor"]
# **Instructor.** Channel gate: right exactly for B = 1 (64 of 256 shapes), silently wrong exactly for B = W > 1 (48), another shape for W = 1 with B > 1 (48), an error otherwise (96). C plays no part, for C stands under C.
# Testing with one image only is what hides it.
#
# Spatial gate: right exactly for the shapes (1, 1, 1, C), 4 of 256. Silently wrong for (1, 1, n, n), (1, n, n, n) and (n, n, n, n) with n > 1, nine shapes in all. A size of 1 elsewhere often gives another shape (63).

# %% [markdown]
# So put the axes in yourself, and the sizes never matter. `gate[:, None]`, `np.expand_dims` and `reshape` all insert an axis of size 1.

# %% [markdown]
# ### Exercise · `apply_channel_gate`
# **{{worth:apply_channel_gate}} · easy**
#
# In: `x`, shape (B, H, W, C), and `gate`, shape (B, C). Out: a NumPy array of shape (B, H, W, C), channel c of image b multiplied by `gate[b, c]`. NumPy only, no loop. Neither input changes.

# %% answer="apply_channel_gate" minutes=3
def apply_channel_gate(x, gate):
    """Multiply x (B, H, W, C) by one number a channel, gate (B, C). Returns (B, H, W, C)."""
    # Give the gate axes of size 1 where x has H and W.
    # Multiply.
    ### BEGIN SOLUTION
    stretched = gate[:, None, None, :]
    return x * stretched
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>The gate says nothing about rows and columns. Where it says nothing, it has an axis of size 1.</details>
# <details><summary>Hint: the shapes</summary>(B, C) becomes (B, 1, 1, C). Look at the upper right panel above.</details>
# <details><summary>Hint: nearly code</summary>In an index, each <code>None</code> inserts an axis: <code>gate[:, ?, ?, :]</code>.</details>
# <details><summary>"operands could not be broadcast together with shapes (1,2,2,3) (1,3,1,1)"</summary>You put the new axes at the end. Then C stands under H. They belong between B and C.</details>
# <details><summary>"operands could not be broadcast together with shapes (2,3,4,5) (2,5)"</summary>The gate is still bare. The first check has B = 1 and let it through; this one has B = 2.</details>

# %% [markdown]
# To see a gate work, we plant the truth. Image 0 has a signal in channels 0 and 2, inside one box; image 1 has it in channels 1 and 3, in another box. Then clutter, +0.5 or -0.5 by the toss of a coin, covers everything.
# The right gates are known, because we put the signal there.

# %% tags=["demo"]
signal, channel_gate, spatial_gate = np.zeros((2, 12, 18, 4)), np.zeros((2, 4)), np.zeros((2, 12, 18))
bump = np.outer(np.hanning(8), np.hanning(8))[1:-1, 1:-1] * 2  # a hill, 6 x 6
for b, top, left, chosen in [(0, 3, 6, [0, 2]), (1, 2, 10, [1, 3])]:
    for c in chosen:
        signal[b, top:top + 6, left:left + 6, c] = bump
    channel_gate[b, chosen] = 1
    spatial_gate[b, top:top + 6, left:left + 6] = 1
clutter = np.random.default_rng(2).choice([-0.5, 0.5], size=signal.shape)
scene = signal + clutter

# %% tags=["demo"]
target = scene.copy()
target[0, :, :, 1] = target[0, :, :, 3] = 0
target[1, :, :, 0] = target[1, :, :, 2] = 0
compare(apply_channel_gate, target, inputs=(scene, channel_gate), title="A channel gate: which, but not where",
        alt="Four channels of image 0 after the channel gate, yours above the target. Channels 0 and 2 keep their hill and all their clutter, "
        "channels 1 and 3 are empty.")

# %% check="apply_channel_gate"
x, gate = numbers.copy(), np.linspace(0.05, 0.95, 10).reshape(2, 5)
got = apply_channel_gate(tiny.copy(), np.array([[1, 0.5, 0]]))
check_type(got, np.ndarray, rule="return the NumPy array itself")
check_shape(got, (1, 2, 2, 3), rule="gating changes no shape")
check_close(got[0, 1], [[3, 0, 0], [6, -2, 0]], rule="the case worked by hand: the channels of the second row")
got = apply_channel_gate(x, gate)
check_shape(got, (2, 3, 4, 5), rule="gating changes no shape")
check_close(got[1, 2, 3], [-1.65, 2.6, 0, -3.4, 2.85], rule="each channel by its own number, from its own image's gate")
check_unchanged(numbers, x)
same = apply_channel_gate(np.ones((5, 3, 5, 2)), gate.T)
check_close(same[:, 1, 4], gate.T, rule="B = W = 5 here: the bare x * gate runs and is wrong; insert two axes")
check_close(apply_channel_gate(x, np.ones((2, 5))), numbers, rule="a gate of ones changes nothing")
passed("apply_channel_gate")

# %% [markdown] tags=["instructor"]
# **Instructor.** Mistakes to expect: the bare product (error for B = 2, silent for B = W, which the sixth check forces), `gate[:, :, None, None]` (the channels-first habit; silent when C = H), `x *= ...`, which changes the argument,
# `gate[0]` for all images, a sum `x + gate`.

# %% [markdown]
# ### Exercise · `apply_spatial_gate`
# **{{worth:apply_spatial_gate}} · easy**
#
# In: `x`, shape (B, H, W, C), and `gate`, shape (B, H, W). Out: a NumPy array of shape (B, H, W, C), all channels at row h, column w of image b multiplied by `gate[b, h, w]`. NumPy only, no loop. Neither input changes.

# %% answer="apply_spatial_gate" minutes=2
def apply_spatial_gate(x, gate):
    """Multiply x (B, H, W, C) by one number a position, gate (B, H, W). Returns (B, H, W, C)."""
    # Give the gate an axis of size 1 where x has C.
    # Multiply.
    ### BEGIN SOLUTION
    stretched = gate[:, :, :, None]
    return x * stretched
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>This gate says nothing about channels.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W) becomes (B, H, W, 1). Look at the lower right panel above.</details>
# <details><summary>Hint: nearly code</summary><code>np.expand_dims(gate, axis=?)</code> inserts one axis.</details>
# <details><summary>"operands could not be broadcast together with shapes (1,2,2,3) (1,2,2)"</summary>The gate is still bare: its W stands under C.</details>
# <details><summary>"operands could not be broadcast together with shapes (1,2,2,3) (1,1,2,2)"</summary>You put the new axis second. It belongs where x has C.</details>

# %% tags=["demo"]
target = np.zeros_like(scene)
target[0, 3:9, 6:12] = scene[0, 3:9, 6:12]
target[1, 2:8, 10:16] = scene[1, 2:8, 10:16]
compare(apply_spatial_gate, target, inputs=(scene, spatial_gate), title="A spatial gate: where, but not which",
        alt="Four channels of image 0 after the spatial gate, yours above the target. Everything outside the box is zero. Inside the box channels "
        "0 and 2 show a hill with clutter, channels 1 and 3 show clutter alone.")

# %% check="apply_spatial_gate"
x, gate = numbers.copy(), np.linspace(0.04, 0.96, 24).reshape(2, 3, 4)
got = apply_spatial_gate(tiny.copy(), np.array([[[1, 0], [0.5, 0.25]]]))
check_type(got, np.ndarray, rule="return the NumPy array itself")
check_shape(got, (1, 2, 2, 3), rule="gating changes no shape")
check_close(got[0, 1], [[1.5, 0, 1.5], [1.5, -1, 1]], rule="the case worked by hand: the channels of the second row")
got = apply_spatial_gate(x, gate)
check_shape(got, (2, 3, 4, 5), rule="gating changes no shape")
check_close(got[1, 2, 3], [-2.88, 3.84, 0, -3.84, 2.88], rule="all channels of a position by the same number")
check_unchanged(numbers, x)
same = apply_spatial_gate(np.ones((1, 3, 3, 3)), gate[:1, :, :3])
check_close(same[..., 2], gate[:1, :, :3], rule="H = W = C = 3 here: the bare x * gate runs and is wrong; insert the last axis")
check_close(apply_spatial_gate(x, np.ones((2, 3, 4))), numbers, rule="a gate of ones changes nothing")
passed("apply_spatial_gate")

# %% [markdown]
# **Predict first.** The channel gate is open for 2 of 4 channels. The spatial gate is open for $6 \times 6$ of $12 \times 18$ positions. All the signal passes both. What share of the clutter's energy, the sum of its squares, is left after
# the channel gate, after the spatial gate, and after both?

# %% tags=["demo"]
with waits_for(apply_channel_gate, apply_spatial_gate):
    by_channel = apply_channel_gate(scene, channel_gate)
    results = [scene, by_channel, apply_spatial_gate(scene, spatial_gate), apply_spatial_gate(by_channel, spatial_gate)]
    left = [100 * np.sum((result - signal) ** 2) / np.sum(clutter**2) for result in results]
    figure = draw_bars(left, ["no gate", "channel", "spatial", "both"], "Clutter that is left", "% of its energy")
    show(figure, alt="Bars of the clutter's energy that is left: 100 per cent without a gate, 50 with the channel gate, 16.7 with the spatial gate, "
         "8.33 with both. The two gates know different things, and their shares multiply.")

# %% [markdown]
# Derived: $2/4 = 50\,\%$, then $36/216 = 16.7\,\%$, and together $\tfrac12 \cdot \tfrac16 = 8.3\,\%$. Measured: the same. The clutter's size is equal everywhere, so counting is enough.
# Each gate is blind where the other sees. This is the case for CBAM (05), which uses both.
#
# But *we* set the gates. A wrong gate would have removed the signal just as well. The skill of a block lies in computing its gate, and that is the rest of the course.

# %% [markdown] tags=["instructor"]
# **Instructor.** Because |clutter| = 0.5 everywhere and the gates are 0 or 1, the shares are exact, not only on average. With a sigmoid's gate, 0.9 and 0.1 say, the signal shrinks as well and the question becomes one of proportion.
# A good extra question: what is left with both gates inverted? (None of the signal, and a half times five sixths of the clutter: 5/12.)

# %% [markdown]
# **The same in Keras.** `Multiply` puts missing axes in by itself, directly after the batch axis.
#
# **Predict first.** For which of the two gates is that the right place?

# %% tags=["demo"]
gated = keras.layers.Multiply()([scene, channel_gate])
with waits_for(apply_channel_gate):
    print(f"channel gate, greatest difference from yours: {np.abs(apply_channel_gate(scene, channel_gate) - gated).max():.1e}")
try:
    keras.layers.Multiply()([scene, spatial_gate])
except ValueError as error:
    print("spatial gate, bare:", error)
gated = keras.layers.Multiply()([scene, keras.layers.Reshape((12, 18, 1))(spatial_gate)])
with waits_for(apply_spatial_gate):
    print(f"spatial gate, (B, H, W, 1): {np.abs(apply_spatial_gate(scene, spatial_gate) - gated).max():.1e}")

# %% [markdown]
# (B, C) becomes (B, 1, 1, C): right. (B, H, W) becomes (B, 1, H, W): wrong, and with H = W = C it would have run. So in channels-last Keras, `Multiply` may be given a bare channel gate, but never a bare spatial gate.
# The sign `*` does not do this: it broadcasts as NumPy does.

# %% [markdown]
# **Question 2.** A colleague writes `x * gate` with a gate of shape (B, C). The unit test uses one image, and passes. Training uses batches of 32 on maps of 32 x 32, and runs. On the last, smaller batch of the epoch it stops with an error.
# Explain all three events. Which shape would you have tested, and why?
#
# **{{worth:reflect-shapes}} · in your own words**

# %% [markdown] question="reflect-shapes" points=2 minutes=2
# ### BEGIN SOLUTION
# Lined up from the right, the gate's B stands under the map's W. With one image B = 1 is stretched over all columns, which is right by luck. With B = W = 32 the sizes are equal,
# so nothing complains, but column w of every image gets the gate of image w: training ran with a wrong block. The last batch has another B, 20 say, which is neither 1 nor 32, hence the error.
# I would test with at least two images and with B, H, W and C all different, such as (2, 3, 4, 5), so that every misplaced axis raises an error or gives another shape.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric, {{points:reflect-shapes}} points.** 1 point: B stands under W, and this explains at least two of the three events, the silent one among them. 1 point: a test with B of two or more and sizes that all differ, with the reason.
# A better answer adds that the *training* result cannot be trusted; mention it, no extra point.

# %% [markdown]
# ## 5 · Two orders for the same numbers
#
# Keras keeps channels last, (B, H, W, C). PyTorch, and Keras where it is told `data_format="channels_first"`, keep (B, C, H, W). The numbers are the same; only the order of the axes differs:
#
# $$ y_{bchw} = x_{bhwc} $$
#
# **Predict first.** `x.reshape(B, C, H, W)` has the right shape. Does it have the right content?

# %% tags=["demo"]
reshaped = maps.reshape(2, 4, 24, 36)
figure = draw_maps([maps[0, ..., 0], *reshaped[0]], ["x, channel 0", *(f"reshaped, channel {c}" for c in range(4))], vmin=-1, vmax=1)
show(figure, alt="First the brightness channel with its box and spots. Then the four sheets of the reshaped array: rows of broken stripes in which "
     "all four channels of a few rows are mixed. No sheet shows a box. A reshape gives the right shape with the wrong content.")

# %% [markdown]
# No. An array is one long list in memory, and the last axis runs fastest. **A reshape cuts the same list at other places. A transpose moves each number along with its axis.**
#
# **By hand.** Our small case in memory begins $1, 0, 5, 2, 0, 4, \dots$: all channels of the first position, then of the second. Channel 0 should be the first matrix. A reshape to (1, 3, 2, 2) takes the first four numbers of the list instead:
#
# $$ \text{transpose: } \begin{pmatrix} 1 & 2 \\ 3 & 6 \end{pmatrix} \qquad \text{reshape: } \begin{pmatrix} 1 & 0 \\ 5 & 2 \end{pmatrix} $$

# %% [markdown]
# ### Exercise · `to_channels_first`
# **{{worth:to_channels_first}} · easy**
#
# In: `x`, shape (B, H, W, C). Out: a NumPy array of shape (B, C, H, W) with `out[b, c, h, w] == x[b, h, w, c]`. NumPy only, no loop.

# %% answer="to_channels_first" minutes=2
def to_channels_first(x):
    """Turn x (B, H, W, C) into (B, C, H, W), each number moving with its axes."""
    # Name, for each new axis, the old axis that it comes from.
    ### BEGIN SOLUTION
    return np.transpose(x, (0, 3, 1, 2))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Ask of each new axis, from left to right: which old axis was this?</details>
# <details><summary>Hint: the shapes</summary>New B is old axis 0. New C is old axis 3. Go on.</details>
# <details><summary>Hint: nearly code</summary><code>np.transpose(x, (0, 3, ?, ?))</code></details>
# <details><summary>"axes don't match array"</summary>Your tuple has three entries. All four axes must be named, the batch axis too.</details>
# <details><summary>"transpose() takes from 1 to 2 positional arguments but 5 were given"</summary>The four numbers go into one tuple.</details>
# <details><summary>"expected: 3 at index [0, 2, 1, 0]", "came: -4"</summary>Right shape, wrong content: this is what a reshape gives.</details>

# %% tags=["demo"]
drawn_last, drawn_first = np.zeros((2, 4, 6, 3)), np.zeros((2, 3, 4, 6))  # one drawing, painted in both formats
drawn_last[:, :2, :, 0], drawn_first[:, 0, :2, :] = 1, 1  # the upper half
drawn_last[:, :, 3:, 1], drawn_first[:, 1, :, 3:] = 1, 1  # the right half
drawn_last[0, 1:3, 2:5, 2], drawn_first[0, 2, 1:3, 2:5] = 0.5, 0.5  # a box, in image 0
framed = [np.hstack(np.pad(sheets, ((0, 0), (1, 1), (1, 1)), constant_values=0.25))[None] for sheets in drawn_first]
compare(lambda x: np.hstack(np.pad(to_channels_first(x)[0], ((0, 0), (1, 1), (1, 1)), constant_values=0.25))[None], framed[0],
        inputs=(drawn_last,), title="Image 0: its three channels, side by side in frames",
        alt="Three framed channels, yours beside the target: a white upper half, a white right half and a grey box.")

# %% check="to_channels_first"
x, got = numbers.copy(), to_channels_first(tiny.copy())
check_type(got, np.ndarray, rule="return the NumPy array itself")
check_shape(got, (1, 3, 2, 2), rule="channels second: (B, C, H, W)")
check_close(got, [[[[1, 2], [3, 6]], [[0, 0], [0, -4]], [[5, 4], [3, 4]]]], rule="worked by hand; a reshape mixes channels, and (0, 3, 2, 1) swaps H and W")
got = to_channels_first(x)
check_shape(got, (2, 5, 3, 4), rule="channels second, then rows, then columns: (B, C, H, W)")
for b, h, w, c in np.ndindex(numbers.shape):
    check_equal(float(got[b, c, h, w]), float(numbers[b, h, w, c]), rule="out[b, c, h, w] must be x[b, h, w, c]")
check_unchanged(numbers, x)
check_close(to_channels_first(x / 3), np.asarray(got, float) / 3, rule="the numbers come through as they are, not rounded", tolerance=1e-6)
passed("to_channels_first")

# %% [markdown]
# And back. **Predict first.** Is the way back the same tuple once more?

# %% [markdown]
# ### Exercise · `to_channels_last`
# **{{worth:to_channels_last}} · easy**
#
# In: `x`, shape (B, C, H, W). Out: a NumPy array of shape (B, H, W, C) with `out[b, h, w, c] == x[b, c, h, w]`. NumPy only, no loop.

# %% answer="to_channels_last" minutes=2
def to_channels_last(x):
    """Turn x (B, C, H, W) into (B, H, W, C), each number moving with its axes."""
    # Name, for each new axis, the old axis that it comes from.
    ### BEGIN SOLUTION
    return np.transpose(x, (0, 2, 3, 1))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>The same question again. The old array is now (B, C, H, W).</details>
# <details><summary>Hint: the shapes</summary>New H is old axis 2. New C is old axis 1.</details>
# <details><summary>Hint: nearly code</summary><code>np.transpose(x, (0, ?, ?, 1))</code></details>
# <details><summary>"expected: shape (1, 2, 2, 3)", "came: shape (1, 2, 3, 2)"</summary>You used the tuple of the way there. Applied twice it does not lead back.</details>

# %% tags=["demo"]
compare(to_channels_last, drawn_last, inputs=(drawn_first,), title="The same drawing, channels last again",
        alt="Three channels, yours above the target: a white upper half, a white right half and a grey box.")

# %% check="to_channels_last"
x = (np.arange(120.0) * 7 % 11 - 5).reshape(2, 5, 3, 4)  # here B, C, H, W
before, got = x.copy(), to_channels_last(np.array([[[[1, 2], [3, 6]], [[0, 0], [0, -4]], [[5, 4], [3, 4]]]]))
check_type(got, np.ndarray, rule="return the NumPy array itself")
check_shape(got, (1, 2, 2, 3), rule="channels last: (B, H, W, C)")
check_close(got, tiny, rule="worked by hand, backwards; a reshape mixes channels, and (0, 3, 2, 1) swaps H and W")
got = to_channels_last(x)
check_shape(got, (2, 3, 4, 5), rule="rows, columns, then channels: (B, H, W, C)")
for b, c, h, w in np.ndindex(x.shape):
    check_equal(float(got[b, h, w, c]), float(x[b, c, h, w]), rule="out[b, h, w, c] must be x[b, c, h, w]; rows and columns stay in order")
check_unchanged(before, x)
check_close(to_channels_last(x / 3), np.asarray(got, float) / 3, rule="the numbers come through as they are, not rounded", tolerance=1e-6)
passed("to_channels_last")

# %% [markdown]
# **The same in Keras.** `Permute` counts axes from 1 and leaves the batch out. Many layers take a `data_format` instead.
#
# **Predict first.** `GlobalAveragePooling2D` is given a channels-first array and not told so. Which shape comes out, and does it complain?

# %% tags=["demo"]
first = keras.layers.Permute((3, 1, 2))(maps)
with waits_for(to_channels_first, to_channels_last):
    print(f"greatest difference from yours: {np.abs(to_channels_first(maps) - first).max():.1e}")
    print(f"there and back: {np.abs(to_channels_last(to_channels_first(maps)) - maps).max():.1e}")
told = keras.layers.GlobalAveragePooling2D(data_format="channels_first")(first)
untold = keras.layers.GlobalAveragePooling2D()(first)
print("told:", told.shape, " not told:", untold.shape, " the default here:", keras.config.image_data_format())

# %% [markdown]
# Not told, it pools over C and H and returns one number a *column*, (2, 36), without a word. A layer cannot see which axis means what. In 07 you mend an old tutorial where exactly this goes wrong.

# %% [markdown] tags=["instructor"]
# **Instructor.** Mistakes to expect: `reshape` (right shape, caught by the hand case), `(0, 3, 2, 1)` (H and W swapped; invisible on square maps, caught by 3 x 4), the same tuple both ways
# ($(0, 3, 1, 2)$ twice is not the identity: three times is, on the last three axes), `np.swapaxes(x, 1, 3)`, which also mirrors the picture in its diagonal.
# `np.transpose` returns a view: writing into the result would write into `x`. No function here writes, so the contract holds; a copy is right as well.

# %% [markdown]
# ## What we found
#
# - A feature map (B, H, W, C) is, for each image, a stack of C pictures. Each channel answers one question at each position.
# - Pooling over H and W gives (B, C): how much of which channel, not where. Pooling over C gives (B, H, W): where, not which channel.
# - A mean lets plus and minus cancel; for a filter whose weights sum to zero it cancels fully. A maximum does not cancel, but never sees a negative answer beside a larger one.
# - A gate turns down. A channel gate knows which, a spatial gate knows where; on planted data their shares of clutter multiplied, $\tfrac12 \cdot \tfrac16$.
# - The bare product with a (B, C) gate is right only for B = 1, and silently wrong for B = W. Insert the axes, and test with sizes that all differ.
# - A reshape is not a transpose, and a layer that is not told the data format pools the wrong axes without complaint.
#
# ## New words
#
# | word | meaning | shape |
# |---|---|---|
# | feature map | what a convolution layer puts out | (B, H, W, C) |
# | channel | one picture of the stack, the answers to one question | (B, H, W) |
# | global average pool | mean over all positions | (B, C) |
# | channel pool | mean and maximum over all channels | (B, H, W, 2) |
# | gate | numbers between 0 and 1 that multiply the map | (B, C) or (B, H, W) |
# | broadcasting | stretching axes of size 1 so that two shapes fit | |
# | data format | the order of the axes: channels last or channels first | |
#
# ## Where this is in the papers
#
# - Global average pooling: Lin, Chen and Yan, *Network In Network*, section 3.2, [arXiv 1312.4400](https://arxiv.org/abs/1312.4400). As the squeeze: Hu et al., *Squeeze-and-Excitation Networks*, section 3.1, [arXiv 1709.01507](https://arxiv.org/abs/1709.01507).
# - Channel pooling, both gates and their product with the map: Woo et al., *CBAM*, section 3, [arXiv 1807.06521](https://arxiv.org/abs/1807.06521). The authors' code concatenates max, then mean; this course uses mean, then max.
# - All numbers in this notebook were computed here. Nothing was quoted from an experiment.
#
# ## Stretch
#
# A gate of shape (B, H, W, C) could have a knob for every single number. Write `outer_gate(channel_gate, spatial_gate)` that builds one from a channel gate and a spatial gate, so that one product does the work of two.
# How many numbers describe it, and how many would a free gate of that shape need, for H = W = 56 and C = 64? Which gates can it never express?
#
# ## Next
#
# You can apply any gate now. In **01 · Squeeze and excitation** you compute one: from the C numbers of `global_average_pool`, through two small matrices, to C numbers between 0 and 1.

# %% [markdown]
# {{hand_in}}
