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
# Attention, in this course, is a multiplication: a block computes numbers between 0 and 1, a **gate**, from a feature map and multiplies the map by them.
# Later notebooks compute the gate; this one gets the multiplication right.
#
# **You will be able to**
#
# - pool over positions or channels, and say what each pool forgets;
# - design a test case that a broken gate cannot pass;
# - apply a channel gate and a spatial gate, whatever the sizes;
# - tell a transpose from a reshape.
#
# **You need:** Python, NumPy, a first Keras model.
#
# | part | points | minutes |
# |---|---|---|
# | reading | | {{minutes:reading}} |
# {{rows}}
# | two questions | {{points:questions}} | {{minutes:questions}} |
# | **total** | **{{points}}** | **{{minutes}}** |
#
# Run the cells from top to bottom. One that needs a function you have not written yet says so and goes on.
# A variable that begins with `my_` is for a prediction, shown later beside the result; skipping it costs nothing.
# Your functions use NumPy and no loops, and leave their arguments as they were.

# %% [markdown]
# ## Before you start: three questions
#
# 1. `a` has shape (2, 3, 4). Which shapes do `a.mean(axis=1)` and `a.mean(axis=1, keepdims=True)` have?
#
# <details><summary>Answer</summary>(2, 4) and (2, 1, 4). The axis disappears, or stays with size 1.</details>
#
# 2. A `Conv2D` layer with four 3 x 3 filters and `padding="same"` gets two grey images of 96 x 144 pixels. Which shape comes out?
#
# <details><summary>Answer</summary>(2, 96, 144, 4): images, rows, columns, and one channel per filter.</details>
#
# 3. What does a ReLU do to -2 and to 3? Between which numbers does a sigmoid lie?
#
# <details><summary>Answer</summary>It gives 0 and 3. A sigmoid lies between 0 and 1.</details>

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
# A convolution slides a small window of weights, a filter, over an image and writes down the weighted sum at each position. One filter gives one picture, a **channel**;
# several give a stack of them, a **feature map**. A network learns its filters; we choose four by hand, so that we know what each channel means.

# %% tags=["demo"]
images = np.stack([photograph(name).mean(axis=-1, keepdims=True) for name in ("china", "flower")])  # grey
edge = np.array([[-1, 0, 1]] * 3) / 3  # right column minus left column
spot = np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]) / 8  # centre minus its neighbours
mean_of_nine = np.ones((3, 3)) / 9  # a blurred copy
filters = np.stack([mean_of_nine, edge, edge.T, spot], axis=-1).reshape(3, 3, 1, 4)  # rows, columns, channels in, channels out
channel_names = ["brightness", "left-right edges", "up-down edges", "spots"]
maps = np.array(keras.ops.conv(images, filters.astype("float32"), padding="same"))
print("images", images.shape, " filters", filters.shape, " feature map", maps.shape)

# %% tags=["demo"]
figure, axes = plt.subplots(2, 5, figsize=(9.4, 2.9), layout="constrained")
for b in range(2):
    draw_map(axes[b, 0], images[b, ..., 0], "the image" if b == 0 else "", 0, 1)
    for c in range(4):
        scale = (0, 1) if c == 0 else (-0.4, 0.4)
        drawn = draw_map(axes[b, 1 + c], maps[b, ..., c], channel_names[c] if b == 0 else "", *scale, signed=c > 0)
    axes[b, 0].set_ylabel(f"image {b}")
figure.colorbar(drawn, ax=axes, fraction=0.03, pad=0.01, label="edges and spots")
show(figure, alt="Two photographs, a Chinese pavilion and a flower, each with four channels. Brightness is a slightly blurred copy. "
     "The two edge channels show outlines in red and blue, upright ones and level ones. The spots channel shows fine detail.")

# %% [markdown]
# Edges have signs: red where the picture gets brighter to the right (or downwards), blue where it gets darker.
# The pavilion's columns appear in one edge channel, its roofs in the other.
#
# The shape (2, 96, 144, 4) is $(B, H, W, C)$, as drawn below: $x_{bhwc}$ says how strongly image $b$ answers to filter $c$ at row $h$, column $w$.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The four axes, drawn
def draw_stack(axis, sheets, left=0, bottom=0, width=36, height=24):
    """Draw sheets (C, H, W) one behind the other; the first one in grey, the others with their signs."""
    for depth in reversed(range(len(sheets))):
        x0, y0 = left + 8 * depth, bottom + 8 * depth
        look = {"cmap": "gray", "vmin": 0, "vmax": 1} if depth == 0 else {"cmap": "RdBu_r", "vmin": -0.4, "vmax": 0.4}
        axis.imshow(sheets[depth], extent=(x0, x0 + width, y0, y0 + height), zorder=10 - depth, **look)
        axis.add_patch(plt.Rectangle((x0, y0), width, height, fill=False, edgecolor="k", zorder=10 - depth))
    axis.set(aspect="equal")
    axis.axis("off")


def arrow(axis, start, end, text, x, y, style="<->"):
    """Draw an arrow with a word at (x, y)."""
    axis.annotate("", xy=end, xytext=start, arrowprops={"arrowstyle": style, "linewidth": 1.4})
    axis.text(x, y, text, ha="center", va="center", fontsize=11)


figure, axis = plt.subplots(figsize=(8.2, 3.2), layout="constrained")
for b in range(2):
    start = 90 * b
    draw_stack(axis, [maps[b, ..., c] for c in range(4)], left=start)
    arrow(axis, (start - 2, 24), (start - 2, 0), "H\n96", start - 7, 12)
    arrow(axis, (start, -2), (start + 36, -2), "W 144", start + 18, -6)
    arrow(axis, (start + 38, 0), (start + 62, 24), "C 4", start + 56, 10)
    axis.text(start + 42, 52, f"image {b}", ha="center", fontsize=11)
arrow(axis, (30, 58), (145, 58), "B 2", 88, 62)
axis.set(xlim=(-12, 156), ylim=(-9, 66))
show(figure, alt="Two stacks of four sheets, one stack per image. H runs down a sheet, W across it, C from the front sheet to the back one, "
     "and B from stack to stack.")

# %% [markdown]
# ## 2 · Pool over positions: how much of each channel
#
# **Global average pooling** describes a channel by its mean:
#
# $$ z_{bc} = \frac{1}{HW} \sum_{h=1}^{H} \sum_{w=1}^{W} x_{bhwc} \qquad z: (B, C) $$
#
# **Predict.** The left-right edge channel of the pavilion is full of answers, most of them between -0.4 and 0.4. What is its mean, to two decimals?

# %% tags=["demo", "prediction"]
my_mean = None  # a number between -0.4 and 0.4: the mean of the left-right edge channel; None skips it

# %% tags=["demo"]
edges = maps[0, ..., 1]
shuffled = np.random.default_rng(1).permutation(edges.ravel()).reshape(edges.shape)
titles = [f"{name}\nmean {m.mean():.4f}, max {m.max():.2f}" for name, m in [("left-right edges", edges), ("shuffled", shuffled)]]
figure = draw_maps([edges, shuffled], titles, vmin=-0.4, vmax=0.4, signed=True)
show(figure, alt="The left-right edge channel, and the same numbers in shuffled positions, which look like noise. "
     f"Both have the mean {edges.mean():.4f} and the maximum {edges.max():.2f}.")
print(f"the mean size of an answer, its sign left out: {np.abs(edges).mean():.3f}")
compare_guess(my_mean, edges.mean(), "mean of the edge channel")

# %% [markdown]
# The mean is almost zero although the channel is far from empty: the filter's weights sum to zero and each inner pixel meets each weight once,
# so plus and minus cancel, except at the border. A maximum does not cancel, but it never sees a strong negative answer.
#
# Shuffled numbers have the same mean and maximum, so **pooling over positions keeps how much and forgets where.**
#
# **By hand.** One image, three channels of 2 x 2:
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
# In: `x` (B, H, W, C). Out: a NumPy array (B, C), the mean of each channel over all its positions.

# %% answer="global_average_pool" minutes=4
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
# <details><summary>"Cannot interpret '2' as a data type"</summary>You wrote <code>x.mean(1, 2)</code>. The second position of <code>mean</code> is the data type. Both axes go into one tuple; a list, <code>axis=[1, 2]</code>, fails too.</details>
# <details><summary>"expected: 2 axes, shape (1, 3)", "came: 4 axes, shape (1, 1, 1, 3)"</summary><code>keepdims=True</code> keeps the pooled axes with size 1. Here they should go.</details>

# %% tags=["demo"]
rectangles = np.zeros((2, 6, 8, 3))
rectangles[:, :3, :4, 0] = 1  # 12 of 48 positions
rectangles[:, :, :4, 1] = 1  # 24 of 48
rectangles[:, 2:4, 2:5, 2] = -1  # 6 of 48, negative
rectangles[1] *= 2
shares = [[12 / 48, 24 / 48, -6 / 48], [24 / 48, 48 / 48, -12 / 48]]
compare(global_average_pool, target=shares, inputs=(rectangles,), title="The mean of a rectangle is the share of the map that it covers",
        names=["quarter", "half", "negative"], alt="Bars of the three channel means of image 0. Counted, they are 0.25, 0.5 and -0.125.")

# %% check="global_average_pool"
x, got = numbers.copy(), global_average_pool(tiny.copy())
check_type(got, np.ndarray, rule="the result is a NumPy array")
check_shape(got, (1, 3), rule="one number per image and channel")
check_close(got, [[3, -1, 4]], rule="the case worked by hand: means over four positions")
sums = [[-5, 2, -2, 5, 1], [-3, 4, 0, -4, 3]]
check_close(global_average_pool(x), np.array(sums) / 12, rule="a mean over 3 x 4 positions, for each image and each channel")
check_close(global_average_pool(3 * numbers[:, ::-1] + 1), np.array(sums) / 4 + 1, rule="a mean does not depend on the order of rows")
check_unchanged(numbers, x)
passed("global_average_pool")

# %% [markdown]
# **The same in Keras** is `GlobalAveragePooling2D`.

# %% tags=["demo"]
pooled = keras.layers.GlobalAveragePooling2D()(maps)
print("Keras:", np.round(pooled[0], 3) + 0.0, channel_names)
with waits_for(global_average_pool):
    print(f"greatest difference from yours: {np.abs(global_average_pool(maps) - pooled).max():.1e}")
after_relu = keras.layers.GlobalAveragePooling2D()(keras.ops.relu(maps))
print("after a ReLU:", np.round(after_relu[0], 3))

# %% [markdown]
# After a ReLU nothing cancels, because only the positive side is left.

# %% [markdown] tags=["instructor"]
# **Instructor.** The means of the three filters whose weights sum to zero come from the border alone: with zero padding the pixels of the border rows and columns do not meet all nine weights.
# With `padding="valid"` a remainder stays too, for the same reason seen from inside: each sum telescopes to a difference of border columns or rows.
#
# Mistakes to expect: `axis=(0, 1)` (pools images and rows; caught by rank and shape), `axis=(2, 3)` (right rank, shape (B, H)), `keepdims=True`, `sum` for `mean`, dividing by H alone.
# A student who returns a list of lists fails the type check only.

# %% [markdown]
# ## 3 · Pool over channels: where something happens
#
# Now the positions stay and the channels disappear, into their mean and their maximum (code counts the two from 0):
#
# $$ d_{bhw1} = \frac{1}{C} \sum_{c=1}^{C} x_{bhwc} \qquad d_{bhw2} = \max_{c} x_{bhwc} \qquad d: (B, H, W, 2) $$

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Two ways to pool one stack
figure, axis = plt.subplots(figsize=(8.2, 3.4), layout="constrained")
draw_stack(axis, [maps[0, ..., c] for c in range(4)], left=64)
axis.text(94, 53, "x (B, H, W, C)", ha="center", fontsize=11)
for c, value in enumerate(np.asarray(after_relu)[0]):
    axis.add_patch(plt.Rectangle((10, 34 - 10 * c), 15, 9, facecolor="w", edgecolor="k"))
    axis.text(17.5, 38.5 - 10 * c, f"{value:.2f}", ha="center", va="center", fontsize=10)
    axis.text(8, 38.5 - 10 * c, f"c = {c}", ha="right", va="center", fontsize=10)
axis.text(14, 53, "z (B, C)", ha="center", fontsize=11)
arrow(axis, (60, 22), (29, 22), "pool over\nH and W", 45, 29, "->")
arrow(axis, (128, 22), (160, 22), "pool over\nC", 143, 29, "->")
for name, sheet, y in [("mean", keras.ops.mean(maps[0], axis=-1), 26), ("max", keras.ops.max(maps[0], axis=-1), -2)]:
    axis.imshow(np.asarray(sheet), cmap="gray", extent=(164, 200, y, y + 24))
    axis.text(203, y + 12, name, va="center", fontsize=11)
axis.text(182, 53, "d (B, H, W, 2)", ha="center", fontsize=11)
axis.set(xlim=(-4, 216), ylim=(-4, 57))
show(figure, alt="In the middle the stack of four sheets. An arrow to the left, pool over H and W, leads to a column of four numbers, one per channel. "
     "An arrow to the right, pool over C, leads to two pictures, mean and max, on which the pavilion is still recognised.")

# %% [markdown]
# The four numbers are the means after a ReLU; on the right the pavilion is still there. **Pooling over channels keeps where and forgets which**, because $d$ stays the same when two channels are exchanged.
#
# **By hand.** In the case from section 2 every position sums to 6:
#
# $$ \text{mean} = \begin{pmatrix} 2 & 2 \\ 2 & 2 \end{pmatrix} \qquad \text{max} = \begin{pmatrix} 5 & 4 \\ 3 & 6 \end{pmatrix} $$
#
# The mean sees a flat map, and the maximum sees the 6 but not the -4 of the same position. So both are kept.

# %% [markdown]
# ### Exercise · `channel_pool`
# **{{worth:channel_pool}} · easy**
#
# In: `x` (B, H, W, C). Out: a NumPy array (B, H, W, 2): at each position the mean over channels, then the maximum.

# %% answer="channel_pool" minutes=6
def channel_pool(x):
    """Pool x (B, H, W, C) over its channels, mean first, then max. Returns (B, H, W, 2)."""
    # Both maps in one array.
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
        alt="Image 0 pooled over channels. By counting, the mean shows all three rectangles at a third of their strength, the negative one as a dip, and "
        "the max shows the left half in full and no trace of the negative rectangle.")

# %% check="channel_pool"
x, got = numbers.copy(), channel_pool(tiny.copy())
check_type(got, np.ndarray, rule="the result is a NumPy array")
check_shape(got, (1, 2, 2, 2), rule="both maps along a new last axis: (B, H, W, 2)")
check_shape(channel_pool(x), (2, 3, 4, 2), rule="both maps along a new last axis: (B, H, W, 2)")
check_close(got[..., 0], [[[2, 2], [2, 2]]], rule="worked by hand: index 0 is the mean over channels")
check_close(got[..., 1], [[[5, 4], [3, 6]]], rule="worked by hand: index 1 is the maximum over channels")
sums, largest = [[0, -1, -2, -3], [7, -5, 5, -7], [3, 2, 1, 0]], [[4, 5, 4, 3], [5, 3, 5, 3], [5, 4, 5, 4]]
check_close(channel_pool(x)[1, ..., 0] * 5, sums, rule="the mean of C numbers, at each position of each image")
check_close(channel_pool(x)[1, ..., 1], largest, rule="the largest of the C numbers at a position, sign and all")
check_close(channel_pool(-1 - np.abs(tiny))[0, 1, 1], [-17 / 3, -5], rule="of negative numbers, the largest is the one nearest to zero")
check_unchanged(numbers, x)
passed("channel_pool")

# %% [markdown]
# **The same in Keras.** No layer does it, but `keras.ops` has the parts; you need them in 04.

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
# **Question 1.** Which question about a picture can a gate computed from $z$ alone never answer, and which one from $d$ alone?
# Give a small example for each: two different maps that the pool cannot tell apart.
#
# **{{worth:reflect-forget}} · in your own words**

# %% [markdown] question="reflect-forget" points=2 minutes=4
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
# A **channel gate** (B, C) says *which*, with one number per channel. A **spatial gate** (B, H, W) says *where*, with one number per position.
#
# $$ y_{bhwc} = g_{bc}\, x_{bhwc} \qquad\qquad y_{bhwc} = g_{bhw}\, x_{bhwc} $$
#
# A gate only turns down: it adds nothing and changes no sign.
#
# **By hand.** On our small case the channel gate $(1, \tfrac12, 0)$ leaves channel 0, turns the -4 into -2, and empties channel 2.
# A spatial gate of $\tfrac14$ at the last position turns its channels $(6, -4, 4)$ into $(1.5, -1, 1)$.
#
# ### 4.1 Is it just `x * gate`?
#
# NumPy knows sizes, not letters. Its rule of **broadcasting** lines two shapes up *from the right*.
# Two sizes fit if they are equal or one of them is 1, which is then stretched; a missing axis counts as 1.

# %% tags=["demo"]
for batch, width in [(1, 36), (2, 36), (2, 1)]:
    try:
        product = np.ones((batch, 24, width, 4)) * np.full((batch, 4), 0.5)
        print(f"x ({batch}, 24, {width}, 4) * gate ({batch}, 4): runs, shape {product.shape}")
    except ValueError as error:
        print(f"x ({batch}, 24, {width}, 4) * gate ({batch}, 4): {error}")

# %% [markdown]
# The first product is right; the other two show that something is wrong. But a product may also run, keep the shape, and be wrong.
#
# **Predict.** Of all 256 shapes (B, H, W, C) with sizes from 1 to 4, for how many is the bare product with a channel gate silently wrong?

# %% tags=["demo", "prediction"]
my_silent = None  # a whole number from 0 to 256: shapes in which x * gate runs, keeps the shape, and is wrong; None skips it

# %% tags=["demo"]
def bare_product(shape, picked):
    """What x * gate does for x of this shape, when the gate has the axes in picked."""
    gate = np.arange(1.0, 1 + np.prod([shape[axis] for axis in picked])).reshape([shape[axis] for axis in picked])
    try:
        product = np.ones(shape) * gate  # the map is ones, so the product should equal the gate at every position
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
    if picked == (0, 3):
        compare_guess(my_silent, found.count("silently wrong"), "silently wrong, channel gate")

# %% [markdown]
# With these shapes a program trains while its block does something else, and only a test with known values protects you. Design one.

# %% [markdown]
# ### Exercise · `revealing_case`
# **{{worth:revealing_case}} · medium**
#
# One colleague applies a channel gate with `x * gate`; another has heard of the trouble and writes `x * gate[:, None]`. Both tested with one image, and both are sure.
#
# In: `channels`, a whole number. Out: a tuple of two NumPy arrays, a map `x` (B, H, W, `channels`) and a gate (B, `channels`) between 0 and 1. Choose values and sizes, with B x H x W at most 1,000, so that **one** case reveals both bugs:
#
# - both products run and have the shape of `x`;
# - both are wrong in *every* image, by 0.1 or more somewhere.
#
# Many answers are right.

# %% answer="revealing_case" minutes=15
def revealing_case(channels):
    """Return x (B, H, W, channels) and gate (B, channels) for which two wrong products run silently."""
    # A tuple: the map, then the gate.
    ### BEGIN SOLUTION
    x = np.ones((3, 3, 3, channels))  # both products meet the gate's batch with an axis of the same size
    gate = np.linspace(0.1, 0.9, 3 * channels).reshape(3, channels)  # no two images share a gate
    return x, gate
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>The bugs show where the gate's B is taken for another axis of <code>x</code>. Silent means that the two sizes fit, wrong means that the gates which are confused differ.</details>
# <details><summary>Hint: the shapes</summary>Write (B, H, W, C) on a line, and below it, lined up from the right, (B, C), then (B, 1, C). Which axis of <code>x</code> is above the gate's B each time?</details>
# <details><summary>Hint: the values</summary>If two images have the same gate, confusing them changes nothing. Where <code>x</code> is zero, nothing shows either.</details>
# <details><summary>"operands could not be broadcast together with shapes ..."</summary>One of the two products stops. That bug would be found by anybody: choose sizes at which it runs.</details>

# %% check="revealing_case"
for channels in (3, 8, 12):
    case = revealing_case(channels)
    check_type(case, tuple, rule="two arrays in a tuple: the map, then the gate")
    check_equal(len(case), 2, rule="two arrays in a tuple: the map, then the gate")
    for array in case:
        check_type(array, np.ndarray, rule="the map and the gate are NumPy arrays")
    x, gate = (np.asarray(array, dtype="float64") for array in case)
    check_equal((x.ndim, x.shape[-1]), (4, channels), rule="the map has four axes, and its last one has the size that is asked for")
    check_equal(x[..., 0].size <= 1000, True, rule="B x H x W is 1,000 at most")
    check_finite(x, rule="the map holds finite numbers")
    check_shape(gate, (len(x), channels), rule="one gate per image and channel")
    check_equal(bool(np.all((gate >= 0) & (gate <= 1))), True, rule="every gate lies between 0 and 1")
    right = np.einsum("bhwc,bc->bhwc", x, gate)
    for name, bent in [("x * gate", gate), ("x * gate[:, None]", gate[:, None])]:
        try:
            product = x * bent
        except ValueError as error:
            fail("two products that run", f"{name}: {error}", rule="a bug that raises an error reveals itself")
        check_shape(product, x.shape, rule=f"{name} keeps the shape of x")
        off = np.abs(product - right).reshape(len(x), -1).max(axis=1)
        if not (off >= 0.1).all():
            fail("0.1 or more in every image", f"{off.round(3).tolist()}, the greatest error of {name} by image", rule=f"{name} is wrong in every image")
passed("revealing_case")

# %% [markdown]
# Your case at work, channel 0:

# %% tags=["demo"]
with waits_for(revealing_case):
    x, gate = (np.asarray(array, dtype="float64") for array in revealing_case(4))
    rows = {"meant": np.einsum("bhwc,bc->bhwc", x, gate), "x * gate": x * gate, "x * gate[:, None]": x * gate[:, None]}
    count, (low, high) = min(3, len(x)), (min(0, x.min()), x.max())
    figure, axes = plt.subplots(3, count, figsize=(1.7 * count + 0.8, 5.2), layout="constrained", squeeze=False)
    for line, (kind, result) in zip(axes, rows.items(), strict=True):
        for b in range(count):
            draw_map(line[b], result[b, ..., 0], f"image {b}" if kind == "meant" else "", low, high, numbers=True)
        line[0].set_ylabel(kind)
    show(figure, alt=f"Channel 0 of the first {count} images of your case in three rows: as meant, one shade per image if x is constant; with the bare "
         "product, columns in the shades of other images; with one new axis, rows in the shades of other images.")

# %% [markdown]
# With the bare product the gate's B is under W, so in the 48 silent shapes, B = W above 1, **column $w$ of every image is multiplied by the gate of image $w$**; with one new axis the same happens to the rows.
#
# The remedy is to insert the missing axes, each at its own place and of size 1, with `None` in an index, `np.expand_dims` or `reshape`.

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
     "the end mends it.")

# %% [markdown] tags=["instructor"]
# **Instructor.** Every right case has B = H = W of at least 2: the bare product meets W with the gate's B, the product with one new axis meets H with it. C is free, for C stands under C in both. A size of 1 for H or W gives another shape or an error.
# Mistakes to expect: B = W alone (the second product stops), equal gates for all images (both products are right), gates that differ too little, a map with zeros.
#
# Channel gate: right exactly for B = 1 (64 of 256 shapes), silently wrong exactly for B = W > 1 (48), another shape for W = 1 with B > 1 (48), an error otherwise (96).
# Spatial gate: right exactly for the shapes (1, 1, 1, C), 4 of 256. Silently wrong for (1, 1, n, n), (1, n, n, n) and (n, n, n, n) with n > 1, nine shapes in all. A size of 1 elsewhere often gives another shape (63).

# %% [markdown]
# ### Exercise · `apply_channel_gate`
# **{{worth:apply_channel_gate}} · easy**
#
# In: `x` (B, H, W, C) and `gate` (B, C). Out: a NumPy array (B, H, W, C), channel c of image b multiplied by `gate[b, c]`.

# %% answer="apply_channel_gate" minutes=5
def apply_channel_gate(x, gate):
    """Multiply x (B, H, W, C) by one number per channel, gate (B, C). Returns (B, H, W, C)."""
    # The gated map, right for all sizes.
    ### BEGIN SOLUTION
    stretched = gate[:, None, None, :]
    return x * stretched
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>The gate says nothing about rows and columns. Where it says nothing, it has an axis of size 1.</details>
# <details><summary>Hint: the shapes</summary>(B, C) becomes (B, 1, 1, C). Look at the upper right panel above.</details>
# <details><summary>Hint: nearly code</summary>In an index, each <code>None</code> inserts an axis: <code>gate[:, ?, ?, :]</code>.</details>
# <details><summary>"operands could not be broadcast together with shapes (1,2,2,3) (1,3,1,1)"</summary>You put the new axes at the end. Then C is under H. They belong between B and C.</details>
# <details><summary>"operands could not be broadcast together with shapes (2,3,4,5) (2,5)"</summary>The gate is still bare. The first check has B = 1 and let it through; this one has B = 2.</details>

# %% [markdown]
# To see a gate work, we plant the truth: image 0 has a signal in channels 0 and 2, inside a box; image 1 in channels 1 and 3, inside another. Clutter, +0.5 or -0.5, covers everything.

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
        gate=np.einsum("bc,bhwc->bhwc", channel_gate, np.ones_like(scene)),
        alt="Four channels of image 0. The right gate is 1 for channels 0 and 2, which keep their hill and all their clutter, and 0 for channels 1 and 3, "
        "which become empty.")

# %% check="apply_channel_gate"
x, gate = numbers.copy(), np.linspace(0.05, 0.95, 10).reshape(2, 5)
got = apply_channel_gate(tiny.copy(), np.array([[1, 0.5, 0]]))
check_type(got, np.ndarray, rule="the result is a NumPy array")
check_shape(got, (1, 2, 2, 3), rule="gating changes no shape")
check_close(got[0, 1], [[3, 0, 0], [6, -2, 0]], rule="the case worked by hand: the channels of the second row")
got = apply_channel_gate(x, gate)
check_shape(got, (2, 3, 4, 5), rule="gating changes no shape")
check_close(got[1, 2, 3], [-1.65, 2.6, 0, -3.4, 2.85], rule="each channel by its own number, from its own image's gate")
check_unchanged(numbers, x)
same = apply_channel_gate(np.ones((5, 3, 5, 2)), gate.T)
check_close(same[:, 1, 4], gate.T, rule="each image by its own gate, here with B = W = 5")
check_close(apply_channel_gate(x, np.ones((2, 5))), numbers, rule="a gate of ones changes nothing")
passed("apply_channel_gate")

# %% [markdown] tags=["instructor"]
# **Instructor.** Mistakes to expect: the bare product (error for B = 2, silent for B = W, which the sixth check forces), `gate[:, :, None, None]` (the channels-first habit; silent when C = H), `x *= ...`, which changes the argument,
# `gate[0]` for all images, a sum `x + gate`.

# %% [markdown]
# ### Exercise · `apply_spatial_gate`
# **{{worth:apply_spatial_gate}} · easy**
#
# In: `x` (B, H, W, C) and `gate` (B, H, W). Out: a NumPy array (B, H, W, C), all channels at row h, column w of image b multiplied by `gate[b, h, w]`.

# %% answer="apply_spatial_gate" minutes=3
def apply_spatial_gate(x, gate):
    """Multiply x (B, H, W, C) by one number per position, gate (B, H, W). Returns (B, H, W, C)."""
    # The gated map, right for all sizes.
    ### BEGIN SOLUTION
    stretched = gate[:, :, :, None]
    return x * stretched
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>This gate says nothing about channels.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W) becomes (B, H, W, 1). Look at the lower right panel above.</details>
# <details><summary>Hint: nearly code</summary><code>np.expand_dims(gate, axis=?)</code> inserts one axis.</details>
# <details><summary>"operands could not be broadcast together with shapes (1,2,2,3) (1,2,2)"</summary>The gate is still bare: its W is under C.</details>
# <details><summary>"operands could not be broadcast together with shapes (1,2,2,3) (1,1,2,2)"</summary>You put the new axis second. It belongs where x has C.</details>

# %% tags=["demo"]
target = np.zeros_like(scene)
target[0, 3:9, 6:12] = scene[0, 3:9, 6:12]
target[1, 2:8, 10:16] = scene[1, 2:8, 10:16]
compare(apply_spatial_gate, target, inputs=(scene, spatial_gate), title="A spatial gate: where, but not which",
        gate=np.einsum("bhw,bhwc->bhwc", spatial_gate, np.ones_like(scene)),
        alt="Four channels of image 0. The right gate is 1 inside the box and 0 outside, the same for all channels. Channels 0 and 2 keep a hill with "
        "clutter in the box, channels 1 and 3 keep clutter alone.")

# %% check="apply_spatial_gate"
x, gate = numbers.copy(), np.linspace(0.04, 0.96, 24).reshape(2, 3, 4)
got = apply_spatial_gate(tiny.copy(), np.array([[[1, 0], [0.5, 0.25]]]))
check_type(got, np.ndarray, rule="the result is a NumPy array")
check_shape(got, (1, 2, 2, 3), rule="gating changes no shape")
check_close(got[0, 1], [[1.5, 0, 1.5], [1.5, -1, 1]], rule="the case worked by hand: the channels of the second row")
got = apply_spatial_gate(x, gate)
check_shape(got, (2, 3, 4, 5), rule="gating changes no shape")
check_close(got[1, 2, 3], [-2.88, 3.84, 0, -3.84, 2.88], rule="all channels of a position by the same number")
check_unchanged(numbers, x)
same = apply_spatial_gate(np.ones((1, 3, 3, 3)), gate[:1, :, :3])
check_close(same[..., 2], gate[:1, :, :3], rule="each position by its own gate, here with H = W = C = 3")
check_close(apply_spatial_gate(x, np.ones((2, 3, 4))), numbers, rule="a gate of ones changes nothing")
check_close(apply_spatial_gate(x / 3, gate), np.asarray(got, float) / 3, rule="the numbers come through as they are, not rounded", tolerance=1e-6)
passed("apply_spatial_gate")

# %% [markdown]
# ### 4.2 How much clutter is left?
#
# The channel gate is open for 2 of 4 channels, so half of the clutter's energy (the sum of its squares) passes. The spatial gate is open for 36 of 216 positions, one sixth. The signal passes both.
#
# **Predict.** What share of the clutter's energy is left after both gates?

# %% tags=["demo", "prediction"]
my_clutter = None  # a number from 0 to 100: per cent of the clutter's energy that is left after both gates; None skips it

# %% tags=["demo"]
with waits_for(apply_channel_gate, apply_spatial_gate):
    by_channel = apply_channel_gate(scene, channel_gate)
    results = [scene, by_channel, apply_spatial_gate(scene, spatial_gate), apply_spatial_gate(by_channel, spatial_gate)]
    left = [100 * np.sum((result - signal) ** 2) / np.sum(clutter**2) for result in results]
    figure = draw_bars(left, ["no gate", "channel", "spatial", "both"], "Clutter that is left", "% of its energy")
    draw_guess(figure.axes[0], my_clutter)
    show(figure, alt="Bars of the clutter's energy that is left: " + ", ".join(
        f"{share:.3g} per cent {where}" for share, where in
        zip(left, ["without a gate", "after the channel gate", "after the spatial gate", "after both"], strict=True)) + ".")
    compare_guess(my_clutter, left[3], "left after both, in per cent")

# %% [markdown]
# All entries of the clutter have the same energy, so each channel has one sixth of it inside the box and the shares multiply: $\tfrac12 \cdot \tfrac16 = 8.3\,\%$. That is an argument for both gates together (05), but here *we* set them.

# %% [markdown] tags=["instructor"]
# **Instructor.** Because |clutter| = 0.5 everywhere and the gates are 0 or 1, the shares are exact, not only on average. With a sigmoid's gate, 0.9 and 0.1 say, the signal shrinks as well and the question becomes one of proportion.
# A good extra question: what is left with both gates inverted? (None of the signal, and a half times five sixths of the clutter: 5/12.)

# %% [markdown]
# **The same in Keras.** The layer `Multiply` inserts missing axes by itself, directly after the batch axis:

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
# (B, C) becomes (B, 1, 1, C), which is right. But (B, H, W) becomes (B, 1, H, W), which is wrong, and runs if H = W = C.

# %% [markdown]
# **Question 2.** A colleague writes `x * gate` with a gate (B, C). The unit test, with one image, passes. Training, with batches of 32 on maps of 32 x 32, runs. On the last, smaller batch of the epoch it stops with an error.
# Explain all three events. Which sizes make a test fail loudly, and which catch the silent case?
#
# **{{worth:reflect-shapes}} · in your own words**

# %% [markdown] question="reflect-shapes" points=2 minutes=4
# ### BEGIN SOLUTION
# Lined up from the right, the gate's B stands under the map's W. With one image B = 1 is stretched over all columns, which is right by luck. With B = W = 32 the sizes are equal,
# so nothing complains, but column w of every image gets the gate of image w: training ran with a wrong block. The last batch has another B, 20 say, which is neither 1 nor 32, hence the error.
# A test with at least two images and with B, H, W and C all different, such as (2, 3, 4, 5), makes every misplaced axis raise an error or give another shape. A test with B = H = W and another gate for each image,
# compared with numbers that are known to be right, catches the case in which nothing raises.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric, {{points:reflect-shapes}} points.** 1 point: B stands under W, and this explains at least two of the three events, the silent one among them. 1 point: a test with B of two or more and sizes that all differ, and one with equal sizes whose values are checked.
# A better answer adds that the *training* result cannot be trusted; mention it, no extra point.

# %% [markdown]
# ## 5 · Two orders for the same numbers
#
# Keras keeps channels last, (B, H, W, C); PyTorch, and Keras with `data_format="channels_first"`, keep (B, C, H, W). Only the order of the axes differs: `first[b, c, h, w] == last[b, h, w, c]`.
#
# `last.reshape(B, C, H, W)` has the right shape, too. But an array is one long list in memory, with the last axis fastest, and a reshape cuts this list at other places.
#
# **Predict.** After `maps.reshape(2, 4, 96, 144)`, how many of its 110,592 numbers are at their right place?

# %% tags=["demo", "prediction"]
my_places = None  # a whole number from 0 to 110592: numbers that a reshape leaves at the right place; None skips it

# %% tags=["demo"]
reshaped = maps.reshape(2, 4, 96, 144)
figure, axes = plt.subplots(1, 3, figsize=(9.4, 2.4), layout="constrained")
draw_map(axes[0], maps[0, ..., 0], "x, channel 0", 0, 1)
draw_map(axes[1], reshaped[0, 0], "reshaped, channel 0", -1, 1, signed=True)
draw_map(axes[2], reshaped[0, 0, :24, :36], "its upper left corner", -1, 1, signed=True)
show(figure, alt="First the brightness channel of the pavilion. Then channel 0 of the reshaped array: fine upright stripes, because the channels "
     "alternate from column to column. In the corner every fourth column is red, the brightness, and the others are pale.")
places = np.arange(maps.size).reshape(maps.shape)  # each number's place in the list
kept = int(np.sum(places.reshape(reshaped.shape) == np.moveaxis(places, -1, 1)))
print(f"{kept} of {maps.size:,} numbers are at their right place")
compare_guess(my_places, kept, "numbers at their right place")

# %% [markdown]
# Only the first and last number of each image are. Each reshaped sheet holds a quarter of the rows, with the channels in alternate columns, hence the stripes. **A transpose moves each number along with its axis.**
#
# **By hand.** Our small case begins $1, 0, 5, 2, 0, 4$ in memory. A reshape to (1, 3, 2, 2) takes $1, 0, 5, 2$ for channel 0; a transpose takes $1, 2, 3, 6$.

# %% [markdown]
# ### Exercise · `to_channels_first`
# **{{worth:to_channels_first}} · easy**
#
# In: `x` (B, H, W, C). Out: the same numbers as a NumPy array (B, C, H, W).

# %% answer="to_channels_first" minutes=5
def to_channels_first(x):
    """Turn x (B, H, W, C) into (B, C, H, W), each number moving with its axes."""
    # The same numbers with their axes in the new order.
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
with waits_for(to_channels_first):
    yours, target = to_channels_first(maps), np.stack([maps[..., c] for c in range(4)], axis=1)
    equal = np.shape(yours) == target.shape and np.array_equal(yours, target)
    print("equal to the target" if equal else f"different from the target; shape {np.shape(yours)}, expected {target.shape}")
    figure, axes = plt.subplots(1, 4, figsize=(8.6, 1.8), layout="constrained")
    for c, axis in enumerate(axes):
        sheet = np.asarray(yours)[0].reshape(4, 96, 144)[c] if np.size(yours) == target.size else np.zeros((2, 3))
        draw_map(axis, sheet, f"yours[0, {c}]", *((0, 1) if c == 0 else (-0.4, 0.4)), signed=c > 0)
    show(figure, alt="The four sheets of your result for the pavilion: its brightness, its two kinds of edges and its spots if the order is right.")

# %% check="to_channels_first"
x, got = numbers.copy(), to_channels_first(tiny.copy())
check_type(got, np.ndarray, rule="the result is a NumPy array")
check_shape(got, (1, 3, 2, 2), rule="channels second: (B, C, H, W)")
check_close(got, [[[[1, 2], [3, 6]], [[0, 0], [0, -4]], [[5, 4], [3, 4]]]], rule="worked by hand: each channel is one matrix")
got = to_channels_first(x)
check_shape(got, (2, 5, 3, 4), rule="channels second, then rows, then columns: (B, C, H, W)")
for b, h, w, c in np.ndindex(numbers.shape):
    check_equal(float(got[b, c, h, w]), float(numbers[b, h, w, c]), rule="out[b, c, h, w] must be x[b, h, w, c]")
check_unchanged(numbers, x)
check_close(to_channels_first(x / 3), np.asarray(got, float) / 3, rule="the numbers come through as they are, not rounded", tolerance=1e-6)
passed("to_channels_first")

# %% [markdown]
# The way back is another tuple. Keras's `Permute` counts axes from 1, without the batch.

# %% tags=["demo"]
def to_channels_last(x):
    """Turn x (B, C, H, W) into (B, H, W, C), each number moving with its axes."""
    return np.transpose(x, (0, 2, 3, 1))


with waits_for(to_channels_first):
    first = to_channels_first(maps)
    print("there and back:", np.array_equal(to_channels_last(first), maps), "  there twice:", to_channels_first(first).shape)
    print("Permute agrees:", np.array_equal(first, keras.layers.Permute((3, 1, 2))(maps)))

# %% [markdown]
# A pooling layer gets a channels-first array, once with a `data_format` and once without:

# %% tags=["demo"]
first = keras.layers.Permute((3, 1, 2))(maps)
told = keras.layers.GlobalAveragePooling2D(data_format="channels_first")(first)
untold = keras.layers.GlobalAveragePooling2D()(first)
print("with data_format:", told.shape, " without:", untold.shape, " the default here:", keras.config.image_data_format())

# %% [markdown]
# Without it, the layer pools over C and H and returns one number per *column*, because it cannot see which axis means what.

# %% [markdown] tags=["instructor"]
# **Instructor.** Mistakes to expect: `reshape` (right shape, caught by the hand case), `(0, 3, 2, 1)` (H and W swapped; invisible on square maps, caught by 3 x 4), the same tuple both ways
# ($(0, 3, 1, 2)$ twice is not the identity: three times is, on the last three axes), `np.swapaxes(x, 1, 3)`, which also mirrors the picture in its diagonal.
# `np.transpose` returns a view: writing into the result would write into `x`. No function here writes, so the contract holds; a copy is right as well.

# %% [markdown]
# ## New words
#
# | word | meaning |
# |---|---|
# | feature map | what a convolution layer puts out |
# | channel | one picture of the stack, the answers to one filter |
# | global average pool | mean over all positions |
# | channel pool | mean and maximum over all channels |
# | gate | numbers between 0 and 1 that multiply the map |
# | broadcasting | stretching axes of size 1 so that two shapes fit |
# | data format | the order of the axes: channels last or first |
#
# ## Where this is in the papers
#
# - Global average pooling: Lin, Chen and Yan, *Network In Network*, section 3.2, [arXiv 1312.4400](https://arxiv.org/abs/1312.4400).
# - Channel pooling, both gates: Woo et al., *CBAM*, section 3, [arXiv 1807.06521](https://arxiv.org/abs/1807.06521).
# - The photographs are scikit-learn's samples.
#
# ## Stretch
#
# Write `outer_gate(channel_gate, spatial_gate)`, which builds one gate (B, H, W, C) that does the work of two.
# For H = W = 56 and C = 64, how many numbers describe it, and how many a free gate of that shape? Which gates can it never express?
#
# ## Next
#
# In 01 you compute a gate from the C numbers of `global_average_pool`.

# %% [markdown]
# {{hand_in}}
