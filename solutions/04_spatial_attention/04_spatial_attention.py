# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04 · Spatial attention
#
# {{badges}}
#
# A channel gate says *what* matters, a spatial gate *where*: one number for each position, from two pooled maps and one
# 7 x 7 convolution.
#
# **You will be able to**
# - compute a convolution by hand, its border included
# - implement the spatial gate in NumPy and in Keras with exactly 98 weights
# - design a kernel from what its gate should do
# - judge what one gate can see, and small differences in a published table
# - recognise two silent faults of borrowed weights
#
# **You need** notebooks 00 and 01.
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

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(4)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## Before you start: three questions
#
# **1.** A map `x` has shape (2, 12, 16, 6), a spatial gate `g` has shape (2, 12, 16). Which index makes `x * g[...]` right?
#
# <details><summary>Answer</summary><code>g[..., None]</code>, or <code>g[:, :, :, None]</code>: the gate gets an axis of
# length 1 where x has its channels, so all channels of a position are multiplied by one number (notebook 00).</details>
#
# **2.** What is left of (B, H, W, C) after pooling over the channels, and which of the two maps comes first?
#
# <details><summary>Answer</summary>(B, H, W, 2), the mean and then the max (notebook 00).</details>
#
# **3.** A gate's logit is 0. What is the gate? And which logit gives a gate of 9/10?
#
# <details><summary>Answer</summary>1/2, because the sigmoid of 0 is 1/2. ln 9 gives 9/10, since 1 / (1 + 1/9) = 9/10
# (notebook 01).</details>

# %% [markdown]
# ## 1 · A place that matters
#
# An image here is a map of 12 x 16 positions and 6 channels of noise (standard deviation 1) with an **object**, a box of 4 x 6
# positions. Two things mark it:
#
# - **brightness**: inside the box every channel is brighter by 0.5;
# - **a sign**: with the label $+1$ the channels 0, 2, 4 are raised by 0.2 and 1, 3, 5 lowered by 0.2; with the label $-1$ it is
#   the other way round.
#
# About 12 **sparks**, single positions where every channel is brighter by 1.5, mean nothing.

# %% tags=["demo"]
ROWS, COLUMNS, CHANNELS, STEP = 12, 16, 6, 0.2
SIGNS = np.float32([1, -1, 1, -1, 1, -1])                  # how the label shows in the six channels
SQUARE = np.arange(ROWS)[:, None], np.arange(COLUMNS)      # row and column numbers, to compare with


def make_boxes(random, count, half):
    """A box of 4 x 6 in the left (0) or right (1) half of each map: (B, H, W), true inside."""
    top = random.integers(0, ROWS - 3, size=(count, 1, 1))
    left = random.integers(0, COLUMNS // 2 - 5, size=(count, 1, 1)) + COLUMNS // 2 * half.reshape(-1, 1, 1)
    return (SQUARE[0] >= top) & (SQUARE[0] < top + 4) & (SQUARE[1] >= left) & (SQUARE[1] < left + 6)


def make_images(seed, count, bright=(1, 1, 1, 1, 1, 1), noise=1.0):
    """Images (B, H, W, C), labels +1 or -1 (B,), and the object's box in each image (B, H, W)."""
    random = np.random.default_rng(seed)
    labels = random.choice(np.float32([-1, 1]), size=count)
    boxes = make_boxes(random, count, random.integers(2, size=count))
    images = noise * random.standard_normal((count, ROWS, COLUMNS, CHANNELS), dtype="float32")
    images += boxes[..., None] * (0.5 * np.float32(bright) + STEP * labels.reshape(-1, 1, 1, 1) * SIGNS)
    images += 1.5 * (random.random((count, ROWS, COLUMNS, 1)) < 12 / (ROWS * COLUMNS))
    return images, labels, boxes


images, labels, boxes = make_images(seed=1, count=4000)
print("images", images.shape, " labels", labels[:6], f" share of the map inside the box: {boxes.mean():.3f}")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title One image: what the channel mean and the channel max show of it
def outline(axis, box, style="-"):
    """Draw the edge of a box given as a map of true and false."""
    rows, columns = np.nonzero(box)
    corner = (columns.min() - 0.5, rows.min() - 0.5)
    for width, colour in [(3.5, "k"), (1.5, "w")]:
        axis.add_patch(plt.Rectangle(corner, np.ptp(columns) + 1, np.ptp(rows) + 1, fill=False, ec=colour, lw=width,
                                     ls=style if colour == "w" else "-"))


without_noise = make_images(seed=1, count=4000, noise=0.0)[0]
figure, axes = plt.subplots(1, 3, figsize=(9, 2.6), layout="constrained")
panels = [(without_noise[38].mean(axis=-1), "mean over channels, no noise"), (images[38].mean(axis=-1), "mean over channels"),
          (images[38].max(axis=-1), "max over channels")]
for axis, (values, title) in zip(axes, panels, strict=True):
    drawn = draw_map(axis, values, title, values.min(), values.max(), signed=True)
    outline(axis, boxes[38])
    figure.colorbar(drawn, ax=axis, fraction=0.04, pad=0.02)
show(figure, alt="One image as three maps, the object's box outlined. Without noise the mean shows the box in light red and "
     "a dozen single sparks in dark red. With noise the mean shows a faint red patch in the box among red and blue positions. "
     "The max is red nearly everywhere.")

# %% [markdown]
# A single position tells little, because a spark is redder than the object, but in the box many neighbours are a little red
# together.
#
# To read the label, let each position vote with $V_{hw} = \sum_c q_c\, x_{hwc}$, where $q$ holds the six signs, and take the sign
# of the sum of all votes. Brightness cancels, since the signs sum to zero.
#
# **Predict.** The vote of the box alone is right in 99 images of 100. How often is the vote of all 192 positions right?

# %% tags=["demo", "prediction"]
my_vote = None  # a share between 0.5 and 1: how often is the vote of all 192 positions right? None skips it

# %% tags=["demo"]
votes = images @ SIGNS                                                     # (B, H, W)
right_of_all = np.mean(np.sign(votes.sum(axis=(1, 2))) == labels)
right_of_box = np.mean(np.sign((votes * boxes).sum(axis=(1, 2))) == labels)
print(f"all 192 positions {right_of_all:.3f}, the box alone {right_of_box:.3f}")
compare_guess(my_vote, right_of_all, "vote of all positions")

# %% [markdown]
# Inside the box $V$ has mean $6 \cdot 0.2 = 1.2$ times the label, and everywhere it has standard deviation $\sqrt 6$. So the vote
# of $n$ positions, 24 of them in the box, is right with probability
#
# $$ P(\text{right}) = \Phi\!\left( \frac{24 \cdot 1.2}{\sqrt{6\,n}} \right) \qquad (\Phi \text{ is the normal distribution function}) $$
#
# which is $\Phi(0.85) = 0.802$ for all positions and $\Phi(2.40) = 0.992$ for the box. A channel gate cannot help, because it
# multiplies a channel by the same number at every position. A spatial gate can, if it finds the box.

# %% [markdown] tags=["instructor"]
# **Reading the result.** Standard errors for 4,000 images are 0.006 and 0.001. The
# object's brightness carries no label and its sign carries no brightness: the gate finds the box by the first and
# the vote reads the second. A student may ask why the brightness is 0.5 and a spark 1.5: one position has a channel mean
# with standard deviation $1/\sqrt 6 = 0.41$, so the object is a little above one standard deviation at one position and
# far above it over a patch. This is the reason for a wide kernel, and section 7 measures it.

# %% [markdown]
# ## 2 · The block in one picture
#
# **Pool over the channels**: the mean says how active a position is as a whole, the max whether any channel is. **Convolve**: a kernel
# of 7 x 7 x 2 numbers turns the two maps into one map of logits. **Sigmoid, then multiply**: each position of $x$, all its
# channels alike, is multiplied by its gate.
#
# In the example below only two of the 98 numbers are not zero, one for the mean at the position itself and one for the max of its
# *left* neighbour. Both are $\ln 3$.

# %%
hand_x = np.array([[[[1.0, 0.0, 2.0], [3.0, -3.0, 0.0]], [[-1.0, -2.0, -3.0], [4.0, 1.0, 1.0]]]])      # (1, 2, 2, 3)
hand_gate_kernel = np.zeros((7, 7, 2))
hand_gate_kernel[3, 3, 0] = np.log(3)                # the middle tap, for the mean
hand_gate_kernel[3, 2, 1] = np.log(3)                # one column further left, for the max

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Tools for the picture
def draw_cells(axis, left, top, values, size=0.62, text=str):
    """Draw a table of numbers as cells, its top left corner at (left, top)."""
    for row, column in np.ndindex(np.shape(values)):
        x, y = left + column * size, top - (row + 1) * size
        axis.add_patch(plt.Rectangle((x, y), size, size, fc="w", ec="k", lw=0.9))
        axis.text(x + size / 2, y + size / 2, text(values[row][column]), ha="center", va="center", fontsize=10)


def draw_step(axis, start, end, text):
    """An arrow from one column to the next, with what happens above it."""
    axis.annotate("", (end, 2.22), (start, 2.22), arrowprops={"arrowstyle": "-|>", "color": "k"})
    axis.text((start + end) / 2, 2.36, text, ha="center", va="bottom", fontsize=10)


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The block in one picture, with numbers
figure, axis = plt.subplots(figsize=(9.6, 4.3), layout="constrained")
scaled = ([[0.75, 2.7], [-0.1, 3]], [[0, -2.7], [-0.2, 0.75]], [[1.5, 0], [-0.3, 0.75]])
for channel in range(3):
    draw_cells(axis, 0, 4.4 - 1.5 * channel, hand_x[0, :, :, channel], text="{:g}".format)
    draw_cells(axis, 12.2, 4.4 - 1.5 * channel, scaled[channel], text="{:g}".format)
draw_cells(axis, 3.2, 3.75, [[1, 0], [-2, 2]])
draw_cells(axis, 3.2, 2.05, [[2, 3], [-1, 4]])
draw_cells(axis, 6.4, 2.85, [["1", "2"], ["-2", "1"]], text="{} ln 3".format, size=0.86)
draw_cells(axis, 9.7, 2.85, [["3/4", "9/10"], ["1/10", "3/4"]], size=0.72)
for y, name in [(3.13, "mean"), (1.43, "max")]:
    axis.text(3.1, y, name, ha="right", va="center", fontsize=10)
for start, end, text in [(1.4, 2.35, "pool\nover C"), (4.6, 6.3, "7 x 7\nconvolution"), (8.25, 9.6, "sigmoid"),
                         (11.25, 12.1, "times x")]:
    draw_step(axis, start, end, text)
around = {"arrowstyle": "-|>", "ls": "--", "color": "k", "connectionstyle": "arc3,rad=-0.12"}
axis.annotate("", (12.8, 4.5), (0.6, 4.5), arrowprops=around)
axis.text(6.7, 5.4, "x itself goes round, to be multiplied by the gates", ha="center", fontsize=10)
for middle, text in [(0.62, "x\n(1, 2, 2, 3)"), (3.82, "d\n(1, 2, 2, 2)"), (7.26, "logits\n(1, 2, 2)"),
                     (10.42, "gates\n(1, 2, 2)"), (12.82, "output\n(1, 2, 2, 3)")]:
    axis.text(middle, -0.08, text, ha="center", va="top", fontsize=10)
axis.set(xlim=(-0.2, 13.7), ylim=(-0.9, 5.85))
axis.axis("off")
show(figure, alt="Diagram of the block with numbers. Three 2 by 2 maps are pooled over the channels to a mean map 1, 0, -2, 2 and a "
     "max map 2, 3, -1, 4. The convolution gives logits 1, 2, -2 and 1 times ln 3, the sigmoid gates 3/4, 9/10, 1/10, 3/4. "
     "Each position of all three maps is multiplied by its one gate: all channels of a position share one number.")

# %% [markdown]
# At the upper right the mean is 0 and the left neighbour's max is 2, so the logit is $2 \ln 3$ and the gate $9/(9+1)$. On the left
# there is no left neighbour, so only the mean counts.
#
# ## 3 · A convolution by hand
#
# ### 3.1 One map
#
# Take one map $d$ with $H$ rows and $W$ columns, and a kernel $K$ of $k \times k$ numbers, $k$ odd, which reaches $p = (k-1)/2$
# positions to each side. Lay its middle on position $(h, w)$, multiply what lies on top of each other, and add up:
#
# $$ o_{hw} = \sum_{t=-p}^{p}\ \sum_{t'=-p}^{p} K_{tt'}\; d_{\,h+t,\; w+t'} $$
#
# Each $K_{tt'}$ is a **tap**, which reads the neighbour $t$ rows down and $t'$ columns to the right. Code counts from 0, so
# `kernel[0, 0]` reads $p$ rows up and $p$ columns to the left.
#
# At the edge some taps hang over. *Zero padding* says that the map is 0 out there, so the result keeps $H$ rows and $W$ columns
# ("same" padding), as a gate needs.
#
# **By hand.** A map of 2 x 3 and a kernel of 3 x 3:
#
# $$ d = \begin{pmatrix} 1 & 2 & 0 \\ 3 & 0 & 1 \end{pmatrix} \qquad
#    K = \begin{pmatrix} 0 & 1 & 0 \\ 2 & 3 & 0 \\ 0 & 0 & -1 \end{pmatrix} \qquad
#    o = \begin{pmatrix} 3 & 7 & 4 \\ 10 & 8 & 3 \end{pmatrix} $$
#
# For the lower left: $1 + 2\cdot 0 + 3 \cdot 3 - 0 = 10$, where two taps read the border. Do the lower right yourself.

# %%
hand_d = np.array([[[[1.0, 1.0], [2.0, 1.0], [0.0, 0.0]], [[3.0, 0.0], [0.0, 0.0], [1.0, 2.0]]]])   # (1, 2, 3, 2): two maps
hand_kernel = np.zeros((3, 3, 2))
hand_kernel[:, :, 0] = [[0, 1, 0], [2, 3, 0], [0, 0, -1]]
hand_kernel[1, 1, 1] = -1.0

# %% [markdown]
# ### 3.2 No flip
#
# In mathematics a convolution turns the kernel by half a turn first: $d_{h-t,\,w-t'}$ instead of $d_{h+t,\,w+t'}$. What
# networks call a convolution is a **cross-correlation**, without the turn.
#
# **Predict.** The kernel has the number 1 at its upper left and 9 at its lower right. The map is zero but for one 1 in
# the middle. Which number does the cross-correlation put to the upper left of the middle, 1 or 9?

# %% tags=["demo", "prediction"]
my_corner = None  # 1 or 9: the number to the upper left of the spark? None skips it

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title One spark, one lopsided kernel, two operations
spark, lopsided = np.zeros((5, 5)), np.arange(1.0, 10.0).reshape(3, 3)
spark[2, 2] = 1
correlated, convolved = np.zeros((5, 5)), np.zeros((5, 5))
correlated[1:4, 1:4], convolved[1:4, 1:4] = np.rot90(lopsided, 2), lopsided
figure = draw_maps([spark, np.pad(lopsided, 1, constant_values=np.nan), correlated, convolved],
                   ["map d", "kernel K", "cross-correlation\n(networks)", "with a flip\n(mathematics)"],
                   numbers=True, vmin=0, vmax=9)
for text in [text for axis in figure.axes for text in axis.texts if text.get_text() == "nan"]:
    text.remove()
show(figure, alt="A map with a single 1, a kernel with the numbers 1 to 9, and two results. The cross-correlation shows the "
     "kernel turned by half a turn, 9 8 7, 6 5 4, 3 2 1. With a flip the result shows the kernel as it is, 1 to 9.")
compare_guess(my_corner, int(correlated[1, 1]), "upper left")

# %% [markdown]
# The position up and to the left of the spark finds the spark *below and to the right* of itself, where the kernel has its 9. So
# a cross-correlation stamps the kernel turned by half a turn. A network learns either way, but a kernel must be used as it was
# learned. Keras, PyTorch and this course do not flip.
#
# ### 3.3 Several maps, one result
#
# With $D$ maps, $d$ of shape $(B, H, W, D)$, the kernel has a slice for each of them, $(k, k, D)$, and the results are
# added into *one* map of shape $(B, H, W)$:
#
# $$ o_{bhw} = \sum_{t=-p}^{p}\ \sum_{t'=-p}^{p}\ \sum_{c=1}^{D} K_{tt'c}\; d_{b,\;h+t,\;w+t',\;c} $$
#
# **By hand.** A second map whose slice has a single tap, $-1$ in the middle, is subtracted from the first result.

# %% [markdown]
# ### Exercise · `conv2d_same`
# **{{worth:conv2d_same}} · medium**
#
# In: `d` (B, H, W, D) and `kernel` (k, k, D), k odd. Out: their cross-correlation with zero padding, one map for each image,
# shape (B, H, W). NumPy only. A loop over the taps is fine; one over positions is slow but right.

# %% answer="conv2d_same" minutes=20
def conv2d_same(d, kernel):
    """Cross-correlate d (B, H, W, D) with kernel (k, k, D), k odd, zero padding. Returns (B, H, W)."""
    # one map for each image, as high and as wide as d
    ### BEGIN SOLUTION
    size, (height, width) = kernel.shape[0], d.shape[1:3]
    edge = size // 2
    padded = np.pad(d, ((0, 0), (edge, edge), (edge, edge), (0, 0)))
    total = np.zeros(d.shape[:3])
    for i, j in np.ndindex(size, size):
        total += padded[:, i:i + height, j:j + width] @ kernel[i, j]
    return total
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Do not move the kernel over the map. Take one tap at a time and ask what it reads
# while the kernel moves everywhere: a shifted copy of the whole map. With 9 taps you add up 9 shifted copies, each with its
# weight.</details>
# <details><summary>Hint: the steps</summary>Put a border of zeros around the maps, as wide as the kernel hangs over. For each
# tap take the part of the bordered maps that it reads, times its D weights, summed over the maps. Add the taps up.</details>
# <details><summary>Hint: the shapes</summary>With p = (k - 1) / 2 the bordered maps are (B, H + 2p, W + 2p, D). What one tap
# reads is (B, H, W, D). Its weights are (D,). Multiplied and summed over D: (B, H, W).</details>
# <details><summary>Hint: nearly code</summary><code>np.pad</code> takes a pair (before, after) for each of the four axes; only
# two of them get a border. <code>kernel[0, 0]</code> reads the bordered maps from row 0 to row H, <code>kernel[i, j]</code>
# starts at row i and column j. <code>a @ v</code> with <code>v</code> of shape (D,) sums over the last axis.</details>
# <details><summary>"operands could not be broadcast together with shapes (1,2,3) (1,2,2) (1,2,3)"</summary>A slice ran past the end
# and came out shorter. Is the border there on all four sides, and does each slice end H rows after it starts?</details>

# %% tags=["demo"]
drawing, moved = np.zeros((1, 8, 12, 1)), np.zeros((1, 8, 12, 1))
drawing[0, 2:6, 4], drawing[0, 2, 4:9] = 1, 1            # a hook
moved[0, 3:7, 2], moved[0, 3, 2:7] = 1, 1                # the same hook, painted one row down and two columns left
reader = np.zeros((5, 5, 1))
reader[1, 4] = 1                                         # reads one row up and two columns to the right
compare(conv2d_same, target=moved[..., 0], inputs=(drawing, reader), title="Reading up and right moves the drawing down and left",
        alt="A white hook on black, one row down and two columns left of where it was drawn.")

# %% check="conv2d_same"
got = conv2d_same(hand_d[..., :1], hand_kernel[..., :1])
check_type(got, np.ndarray)
check_shape(got, (1, 2, 3), rule="one map for each image: the sum over the D maps leaves no axis")
random = np.random.default_rng(3)
kernel, two_sparks = random.normal(size=(5, 5, 3)), np.zeros((2, 7, 9, 3))
two_sparks[0, 3, 4, 1] = two_sparks[1, 0, 8, 2] = 1      # in the middle, and in a corner
given, given_kernel = two_sparks.copy(), kernel.copy()
sparks = conv2d_same(given, given_kernel)
check_shape(sparks, (2, 7, 9), rule="zero padding keeps height and width, for a kernel of every size")
check_close(got, [[[3, 7, 4], [10, 8, 3]]], rule="the case of 3.1, worked by hand")
check_close(conv2d_same(hand_d, hand_kernel), [[[2, 6, 4], [10, 8, 1]]], rule="the case of 3.3: each map has its own slice, then add")
check_close(sparks[0, 1:6, 2:7], np.rot90(kernel[:, :, 1], 2), rule="a spark shows the kernel turned by half a turn (3.2)")
check_close(sparks[1, :3, 6:], np.rot90(kernel[:3, 2:, 2], 2), rule="a spark in the corner: zeros beyond the border, nothing else")
got = conv2d_same(np.ones((1, 2, 3, 1)), np.ones((7, 7, 1)))
check_close(got, np.full((1, 2, 3), 6.0), rule="a kernel wider than the map: every tap that hangs over reads a zero")
check_unchanged(two_sparks, given)
check_unchanged(kernel, given_kernel)
passed("conv2d_same")

# %% [markdown]
# **The same in Keras.** `keras.ops.conv` takes the kernel with one more axis, the number of results (filters): $(k, k, D, 1)$.

# %% tags=["demo"]
random = np.random.default_rng(5)
some_maps, some_kernel = random.normal(size=(2, 6, 9, 3)), random.normal(size=(5, 5, 3))
with waits_for(conv2d_same):
    in_keras = keras.ops.convert_to_numpy(keras.ops.conv(some_maps, some_kernel[..., None], padding="same"))
    print("Keras", in_keras.shape, f" greatest difference: {np.abs(in_keras[..., 0] - conv2d_same(some_maps, some_kernel)).max():.1e}")
    flipped = conv2d_same(some_maps, some_kernel[::-1, ::-1])
    print(f"with a flipped kernel: {np.abs(in_keras[..., 0] - flipped).max():.1f}")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** A flipped kernel; `kernel[j, i]`; the border repeated instead of
# zeros (`mode="edge"`); a border on one side only, which shifts the result; no border, which loses $2p$ rows and columns; the
# $D$ results kept apart; negative indices at the border, which wrap round in NumPy without an error.
#
# The true-convolution slip is more common than it looks: `out[i:i+H] += d * kernel[i, j]` *scatters* each input instead of
# collecting, and a scatter stamps the kernel as it is. Right is the same loop with $k - 1 - i$.

# %% [markdown]
# ## 4 · The gate
#
# $$ d = \big[\operatorname{mean}_c x\,;\; \operatorname{max}_c x\big] \qquad a = K * d \qquad g = \sigma(a) \qquad
#    y_{bhwc} = g_{bhw}\; x_{bhwc} $$
#
# Here $*$ is your `conv2d_same`. There is no bias and no norm. **The mean comes first**: slice 0 of the kernel is for the mean,
# slice 1 for the max. The channels are gone before the first weight is used, so there are $7 \cdot 7 \cdot 2 = 98$ weights for
# any number of channels. An SE block of 2048 channels has 526,464.

# %% [markdown]
# ### Exercise · `spatial_attention_forward`
# **{{worth:spatial_attention_forward}} · easy**
#
# In: `x` (B, H, W, C) and `kernel` (7, 7, 2). Out: `x` with each position multiplied by its gate, shape (B, H, W, C); `x`
# itself stays as it was. NumPy only; you may call `conv2d_same`.

# %% answer="spatial_attention_forward" minutes=12
def spatial_attention_forward(x, kernel):
    """Gate each position of x (B, H, W, C) with kernel (7, 7, 2), mean first. Returns (B, H, W, C)."""
    # pool over the channels: mean first, then max, (B, H, W, 2)
    # convolve, then the sigmoid: (B, H, W)
    # give the gates an axis of length 1 where x has its channels, and multiply
    ### BEGIN SOLUTION
    pooled = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
    gate = 1 / (1 + np.exp(-conv2d_same(pooled, kernel)))
    return x * gate[..., None]
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Three steps, three lines. The pool and the product are those of notebook 00; what is
# new comes between them, and you have written it already.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C), pooled to (B, H, W, 2), convolved to (B, H, W), and the gate needs
# the shape (B, H, W, 1) before it multiplies x.</details>
# <details><summary>Hint: nearly code</summary><code>np.stack</code> puts two arrays of shape (B, H, W) on a new axis;
# which number does <code>axis=</code> get, so that the new axis is the last one? Indexing with <code>None</code> inserts an axis
# of length 1.</details>
# <details><summary>"operands could not be broadcast together with shapes (1,2,2,3) (1,2,2)"</summary>NumPy lines shapes up from
# the right: the columns of your gate are lined up with the channels of x. Insert an axis at the end. Beware: when H, W and C
# are equal there is no error, and the result is wrong.</details>
# <details><summary>"expected: shape (1, 2, 2, 3)", "came: shape (2, 2, 2, 3)"</summary>The new axis of the two maps came first. It has to come last.</details>

# %%
random = np.random.default_rng(42)
case_x = np.round(2 * random.normal(size=(2, 3, 4, 6)), 1)          # two images, six channels, nothing square
case_kernel = np.round(random.normal(size=(7, 7, 2)) / 4, 2)
case_gates = np.array([
    [[0.1244080, 0.0423033, 0.4830482, 0.9268649],
     [0.3844190, 0.4977500, 0.7624212, 0.8923686],
     [0.7432634, 0.5953997, 0.7359130, 0.3594313]],
    [[0.7338348, 0.2080588, 0.4890434, 0.9285858],
     [0.2629872, 0.0893037, 0.6214797, 0.5593440],
     [0.8883503, 0.6871152, 0.2696958, 0.6846375]],
])
slow_y = np.zeros_like(case_x)                       # the slow way: one number at a time, with stored gates
for image, row, column, channel in np.ndindex(case_x.shape):
    slow_y[image, row, column, channel] = case_gates[image, row, column] * case_x[image, row, column, channel]

# %% tags=["demo"]
def gates_by_keras(x, kernel):
    """The gates (B, H, W, 1) of float32 maps with a kernel (k, k, 2), worked out by Keras."""
    pooled = keras.ops.stack([keras.ops.mean(x, -1), keras.ops.max(x, -1)], -1)
    logits = keras.ops.conv(pooled, kernel[..., None].astype("float32"), padding="same")
    return keras.ops.convert_to_numpy(keras.ops.sigmoid(logits))


photo = photograph()[None]                           # (1, 96, 144, 3): a temple under a bright sky
edges = np.zeros((7, 7, 2))                          # each position against its surroundings, on the mean
edges[..., 0], edges[3, 3, 0] = -20 / 48, 20
photo_gate = gates_by_keras(photo, edges)            # (1, 96, 144, 1)
compare(spatial_attention_forward, target=photo * photo_gate, inputs=(photo.copy(), edges), gate=photo_gate,
        title="One gate for the three channels of a photograph", names=["red", "green", "blue"],
        alt="A photograph of a temple in its three channels, and what the gate makes of it: details that are brighter than "
        "their surroundings stay, their dark neighbours are turned down, and the plain sky is halved.")

# %% check="spatial_attention_forward"
got = spatial_attention_forward(hand_x.copy(), hand_gate_kernel)
check_type(got, np.ndarray)
check_shape(got, (1, 2, 2, 3), rule="the block changes values, not the shape")
given = case_x.copy()
got = spatial_attention_forward(given, case_kernel)
check_unchanged(case_x, given)
check_close(got, slow_y, rule="two images: one gate for each position, by the four formulas of section 4", tolerance=1e-4)
got = spatial_attention_forward(hand_x.copy(), hand_gate_kernel)
check_close(got[0, :, :, 0], [[0.75, 2.7], [-0.1, 3.0]], rule="section 2, by hand: gates 3/4, 9/10, 1/10, 3/4")
half = spatial_attention_forward(case_x, 0 * case_kernel)
check_close(half, case_x / 2, rule="a logit of 0 is a gate of 1/2, at every position")
cube = np.random.default_rng(43).normal(size=(4, 4, 4, 4))          # all sides equal: a wrong broadcast raises no error here
share = spatial_attention_forward(cube, case_kernel) / cube
check_close(share, np.repeat(share[..., :1], 4, axis=-1), rule="all channels of a position share one gate, where B = H = W = C too")
got = spatial_attention_forward(case_x[..., ::-1], case_kernel)
check_close(got, slow_y[..., ::-1], rule="the order of the channels does not matter to the gate", tolerance=1e-4)
passed("spatial_attention_forward")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** Max before mean; `x.sum` for the mean; the bare product; the gate returned without x; a ReLU on the
# logits, after which no gate is below 1/2; mean and max *added* rather than stacked, which then needs one slice only. The last
# two checks matter: the first rejects the bare product on a cube, the second is the symmetry that section 8 is about.

# %% [markdown]
# ### 4.1 A kernel made by hand
#
# The kernel of the photograph was made, not trained: 20 in the middle, and $-20$ shared out among the 48 taps around it. Where
# the picture is plain the two cancel and the gate is $1/2$; where a position is brighter than its surroundings it opens. (The
# rim is light because some of the negative taps read padding there.)
#
# Now you decide what a gate should do, in the middle of three windows of $k \times k$ positions and $C$ channels, zeros and ones:
#
# - **a lone spot**: all channels are 1 in the middle, everything else is 0;
# - **a single channel**: one channel is 1 in the middle, everything else is 0;
# - **a plain area**: everything is 1.

# %%
def three_windows(size, channels):
    """A lone spot, a single channel and a plain area: (3, size, size, channels), zeros and ones."""
    windows, middle = np.zeros((3, size, size, channels)), size // 2
    windows[0, middle, middle], windows[1, middle, middle, 0], windows[2] = 1, 1, 1
    return windows


def gates_in_the_middle(windows, kernel):
    """The gate at the middle of each window (n, k, k, C): what lies under the kernel is the whole window."""
    under = np.moveaxis([windows.mean(axis=-1), windows.max(axis=-1)], 0, -1)
    return keras.ops.convert_to_numpy(keras.ops.sigmoid((under * kernel).sum(axis=(1, 2, 3))))


# %% [markdown]
# ### Exercise · `spot_kernel`
# **{{worth:spot_kernel}} · hard**
#
# An open task: many kernels are right.
#
# In: `size`, the odd kernel size $k \geq 3$; `channels`, the number $C \geq 2$; and the three gates wanted in the middle of the three
# windows, `spot`, `single` and `plain`, numbers between 0 and 1 such as 0.9, 0.6 and 0.2. Out: a kernel, shape (k, k, 2), whose
# spatial gate has these three values, and which looks in all directions alike: turn the map by a quarter turn and the gates turn
# with it.

# %% answer="spot_kernel" minutes=30
def spot_kernel(size, channels, spot, single, plain):
    """A kernel (size, size, 2) whose gate is `spot`, `single` and `plain` in the middle of the three windows."""
    # a kernel that does what is asked, the same in all four directions
    ### BEGIN SOLUTION
    def logit(gate):
        return np.log(gate / (1 - gate))

    mean_tap = (logit(spot) - logit(single)) / (1 - 1 / channels)      # the two windows differ in the mean alone
    kernel = np.zeros((size, size, 2))
    kernel[..., 0] = (logit(plain) - logit(spot)) / (size**2 - 1)
    kernel[size // 2, size // 2] = mean_tap, logit(spot) - mean_tap
    return kernel
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>The sigmoid can be undone: say which logit each window needs. A logit is a sum of
# taps times what they read, so each window gives one linear equation.</details>
# <details><summary>Hint: three equations</summary>The unknowns are the middle tap for the mean, the middle tap for the max,
# and the sum of all other taps. In the lone spot both middle taps read 1. In the single channel one of them reads less. In
# the plain area all taps read 1.</details>
# <details><summary>Hint: where the rest goes</summary>Only the sum of the other taps is fixed. Share it out so that a quarter turn
# changes nothing.</details>

# %% tags=["demo"]
with waits_for(spot_kernel):
    by_hand = spot_kernel(7, 3, 0.9, 0.6, 0.2)
    print("gates of the three windows:", np.round(gates_in_the_middle(three_windows(7, 3), by_hand), 4), "wanted: 0.9, 0.6, 0.2")
    scene = np.zeros((24, 36, 3), "float32")                          # red, green, blue
    scene[3:20:4, 4], scene[4:12, 24:34], scene[15:21, 24:34, 0] = 1, 1, 1
    for column, colour in [(9, 0), (13, 1), (17, 2)]:
        scene[3:20:4, column, colour] = 1
    figure, axes = plt.subplots(1, 4, figsize=(9.6, 2.1), layout="constrained")
    for place, (picture, name) in enumerate([(scene, "a scene"), (photo[0], "a photograph")]):
        axes[2 * place].imshow(picture)
        axes[2 * place].set(title=name, xticks=[], yticks=[])
        drawn = draw_map(axes[2 * place + 1], gates_by_keras(picture[None], by_hand)[0, ..., 0], "its gate", 0, 1)
    figure.colorbar(drawn, ax=axes.tolist(), fraction=0.03, pad=0.02)
    show(figure, alt="A scene of white, red, green and blue spots, a white area and a red one, a photograph, and the gate of your kernel "
         "on both. White spots open most, single colours less, and plain bright areas such as the sky are shut.")

# %% check="spot_kernel"
got = spot_kernel(5, 4, 0.93, 0.64, 0.17)
check_type(got, np.ndarray)
check_shape(got, (5, 5, 2), rule="a kernel of the size asked for, one slice for the mean and one for the max")
check_finite(got)
rules = ["the lone spot has the gate asked for", "the single channel has the gate asked for", "the plain area has the gate asked for"]
for size, channels, *wanted in [(5, 4, 0.93, 0.64, 0.17), (3, 9, 0.81, 0.57, 0.32), (7, 2, 0.9, 0.7, 0.1)]:
    kernel = spot_kernel(size, channels, *wanted)
    check_shape(kernel, (size, size, 2), rule="a kernel of the size asked for")
    gates = gates_in_the_middle(three_windows(size, channels), kernel)
    for place in range(3):
        check_close(gates[place], wanted[place], rule=f"size {size}, {channels} channels: {rules[place]}")
    change = np.rot90(kernel) - kernel
    check_close(change, np.zeros_like(change), rule="a quarter turn of the map turns the gates, so it leaves the kernel as it is")
passed("spot_kernel")

# %% [markdown]
# Without a bias no kernel can shut on black, because every tap reads 0 there and the gate is $1/2$.

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The mean of the single channel taken as 0 instead of $1/C$; the plain area's logit given to the
# surrounding taps as if the middle were not there; division by $k^2$ instead of $k^2 - 1$; the gates used as logits. Surrounding
# taps on the max, on both slices or on four taps only are all right, as long as a quarter turn leaves the kernel as it is.
#
# On the photograph the sky gets about the plain gate only where it is near 1; the logit grows with the brightness. A student who
# asks for `single` above `spot` gets a negative tap on the mean, and the kernel is still right.

# %% [markdown]
# ## 5 · How far does one gate see?
#
# ### 5.1 Seven positions, how many pixels?
#
# The gate at one position sees 7 x 7 positions of the pooled maps, its **receptive field** on the map. How many pixels that is
# depends on the **stride**, the pixels between neighbouring positions: a ResNet makes maps of side 56, 28, 14 and 7 from
# 224 x 224 pixels, at strides 4, 8, 16 and 32. At the border some taps read padding: a gate in the corner has only 4 x 4 taps on
# the map.
#
# **Predict.** Of the taps of all 49 gates on the last map, 7 x 7, what share reads padding?

# %% tags=["demo", "prediction"]
my_padding = None  # percent of all taps of a 7 x 7 kernel on a 7 x 7 map that read padding? None skips it

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title What one gate sees, and what the border takes away
figure, axes = plt.subplots(1, 2, figsize=(9.6, 3.9), layout="constrained", width_ratios=[1, 1.15])
axis = axes[0]
axis.imshow(photograph(height=427, width=640)[150:374, 200:424], extent=(0, 224, 224, 0), alpha=0.75)
for line in range(29):
    axis.plot([0, 224], [8 * line, 8 * line], color="w", lw=0.3)
    axis.plot([8 * line, 8 * line], [0, 224], color="w", lw=0.3)
for left, top, size in [(88, 72, 7), (104, 88, 3), (-24, 192, 7)]:
    for colour, width in [("k", 3.5), ("w", 1.5)]:
        axis.add_patch(plt.Rectangle((left, top), 8 * size, 8 * size, fill=False, ec=colour, lw=width, zorder=3))
for left, top in [(112, 96), (0, 216)]:
    axis.add_patch(plt.Rectangle((left, top), 8, 8, fc="w", ec="k", zorder=4))
axis.text(116, 60, "7 x 7: 56 pixels, 3 x 3: 24 pixels", ha="center", fontsize=10, bbox={"fc": "w", "ec": "none", "pad": 1})
axis.text(37, 243, "corner: 16 of 49 taps\non the map", va="center", fontsize=10)
axis.set(xlim=(-30, 226), ylim=(262, -4), aspect="equal", title="stride 8: 28 x 28 positions on 224 x 224 pixels")
axis.axis("off")
sides = np.array([56, 28, 14, 7])
for size, style, fill in [(3, "k--s", "w"), (7, "k-o", "0.3")]:
    reach = size // 2
    outside = 100 * (1 - (1 - reach * (reach + 1) / (size * sides)) ** 2)
    axes[1].plot(range(4), outside, style, mfc=fill, ms=6, label=f"{size} x {size}")
    for place, value in enumerate(outside):
        axes[1].annotate(f"{value:.0f} %", (place, value), (-11, 5) if size == 7 else (0, -14), textcoords="offset points", ha="center")
axes[1].set_xticks(range(4), [f"{side} x {side}\nstride {224 // side}" for side in sides])
axes[1].set(title="share of all taps that read padding", ylabel="%", ylim=(-6, 56), xlim=(-0.3, 3.3))
axes[1].legend(frameon=False, loc="upper left")
draw_guess(axes[1], my_padding, label="your prediction, 7 x 7 on 7 x 7")
show(figure, alt="Left, a photograph of 224 pixels with a grid of 28 by 28 positions: a 7 by 7 kernel covers 56 pixels, a 3 by 3 kernel "
     "24, and a kernel in the corner hangs over. Right, the share of taps that read padding: for 7 by 7 it is 6 percent on "
     "56 by 56 maps, 12, 23 and then 43 percent on 7 by 7 maps; for 3 by 3 it is 2, 5, 9 and 18 percent.")

# %% [markdown]
# Along one axis with $H \geq p$ positions the first one loses $p$ taps, the second $p - 1$, and so on, on both sides, which
# makes $p(p+1)$ of $kH$ taps. So the share of taps on the map is
#
# $$ \left(1 - \frac{p(p+1)}{k\,H}\right) \left(1 - \frac{p(p+1)}{k\,W}\right) $$
#
# The gate at the border is therefore another function than the one in the middle: on a 7 x 7 map of ones a kernel of ones gives
# the logit 49 in the middle and 16 in the corner.
#
# ### 5.2 Why 7 and not 3? A quoted table
#
# These ablations on ImageNet with ResNet-50 are quoted from the CBAM paper (section 4.1, table 2; one recipe, with CBAM's channel
# gate in every row). Top-1 error is the share of images whose most probable class is wrong.
#
# | channels pooled by | kernel | top-1 error, % |
# |---|---|---|
# | learned 1x1 convolution | 3 | 22.96 |
# | learned 1x1 convolution | 7 | 22.90 |
# | mean and max | 3 | 22.68 |
# | mean and max | 7 | 22.66 |
#
# On the 50,000 validation images the last two rows differ by 10 images. With $P = 0.227$ for a wrong answer, a count on $n$
# images has a standard error of $\sqrt{P(1-P)/n}$, or 0.19 points. On the *same* images two networks differ only where exactly
# one of them is right; if that is one image in ten, the standard error of their difference is about $\sqrt{0.1/n}$, or 0.14
# points. Neither number contains what another seed of the training would change, and the table has one run for each row.

# %% [markdown]
# **Reflection · what a table shows**
#
# **{{worth:reflect-table}} · in your own words**
#
# A report says: "CBAM's ablation proves that 7 x 7 is better than 3 x 3, and that mean and max is better than a learned 1x1
# convolution." Judge both claims from the four numbers. What would you measure before you believed the first one? And would you
# use 7 x 7 on the last map of 7 x 7 positions? Give a reason from 5.1.

# %% [markdown] question="reflect-table" points=3 minutes=10 row="reflection: what a table shows"
# ### BEGIN SOLUTION
# "Proves" is too much for both. 7 against 3 differs by 0.02 points with mean and max, 10 images of 50,000, and by 0.06 with the
# learned pool. Counting alone has a standard error of about 0.14 to 0.19 points, and there is one run for each row. The table does not
# separate the two sizes. Mean and max against the learned pool differs by 0.24 and 0.28, both times the same way. That is
# more than one such standard error and less than two: a hint, not a proof. That the pools cost no weights is another argument for them.
#
# I would train both sizes from several seeds with the same budget and recipe, take the difference seed by seed on the same
# test images, and give its mean with a 95 % interval. If the interval contains 0, I would say so.
#
# On a 7 x 7 map 43 % of the taps read padding and the middle gate already sees everything. A 3 x 3 kernel loses 18 % there and
# has 18 weights. I would expect little from 7 and take the smaller one, unless a measurement says otherwise.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: 0.02 (or 0.06) points is far below the uncertainty, with a number to support it (10 images, or a
# standard error), and the 0.24 or 0.28 points are set apart from it as better supported. One point: several seeds, same budget,
# a paired difference with an interval. One point: a decision for the 7 x 7 map with a reason from 5.1; keeping 7 passes with
# a reason too (the middle gate sees the whole map; cost is the same order). "It is in the paper" is no reason.
#
# A careful student may find 0.28 / 0.14 = 2 and call it just significant. Fine: then seed noise is still missing.

# %% [markdown]
# ## 6 · The block in Keras
#
# To be trained, the kernel has to live in a layer. NumPy does not take a KerasTensor, but `keras.ops` has the same names.

# %% [markdown]
# ### Exercise · `spatial_attention`
# **{{worth:spatial_attention}} · medium**
#
# In: a KerasTensor `x` of shape (B, H, W, C), height and width perhaps unknown, and `kernel_size`, odd. Out: a KerasTensor of the
# same shape, each position multiplied by its gate. The block has exactly one kernel, (k, k, 2) and one filter: 98 trainable weights
# for k = 7, no bias, no norm. It can be used several times in one model. Any style is right.

# %% answer="spatial_attention" minutes=12
def spatial_attention(x, kernel_size=7):
    """Gate each position of a KerasTensor x (B, H, W, C). Returns a KerasTensor of the same shape."""
    # x times a gate (B, H, W, 1) of its own for each position
    ### BEGIN SOLUTION
    mean = keras.ops.mean(x, axis=-1, keepdims=True)
    largest = keras.ops.max(x, axis=-1, keepdims=True)
    pooled = keras.layers.Concatenate()([mean, largest])
    gate = keras.layers.Conv2D(1, kernel_size, padding="same", use_bias=False, activation="sigmoid")(pooled)
    return keras.layers.Multiply()([x, gate])
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Every step of <code>spatial_attention_forward</code> has an operation or a layer of its own. A
# convolution layer can apply its activation itself.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C), pooled twice to (B, H, W, 1), joined to (B, H, W, 2), mean first, convolved to
# (B, H, W, 1). That shape multiplies x as it is.</details>
# <details><summary>Hint: nearly code</summary>Look up <code>keras.ops.mean</code> with <code>keepdims</code>, the layer whose name begins
# with <code>Concat</code>, and the arguments <code>padding</code> and <code>use_bias</code> of <code>Conv2D</code>. How many filters make one
# gate?</details>
# <details><summary>"expected min_ndim=4, found ndim=3"</summary>The pooled maps lost their channel axis, and were joined along
# the width. Keep the axis.</details>
# <details><summary>"Computed output size would be negative: -3 [input_size: 3, effective_filter_size: 7, stride: 1]"</summary>A convolution
# pads nothing unless you ask for it, and 7 taps do not fit on 3 rows.</details>
# <details><summary>"expected: 98", "came: 49"</summary>The two maps were joined along the height or the width, so that the kernel has one
# slice. Along which axis do they lie side by side as channels?</details>

# %%
def model_with_kernel(kernel, channels):
    """A model of one spatial_attention block of any height and width whose weight is this kernel (k, k, 2)."""
    inputs = keras.Input((None, None, channels))
    model = keras.Model(inputs, spatial_attention(inputs, kernel_size=len(kernel)))
    model.set_weights([kernel.reshape(model.weights[0].shape)])
    return model


# %% tags=["demo"]
with waits_for(conv2d_same, spatial_attention_forward, spatial_attention):
    in_keras = keras.ops.convert_to_numpy(model_with_kernel(case_kernel, 6)(case_x.astype("float32")))
    difference = np.abs(in_keras - spatial_attention_forward(case_x.copy(), case_kernel)).max()
    print(f"greatest difference between Keras and your NumPy: {difference:.1e}")
    for channels in (6, 64, 2048):
        print(f"{channels:4} channels: {model_with_kernel(case_kernel, channels).count_params()} weights")

# %% check="spatial_attention"
inputs = keras.Input((None, None, 6))
outputs = spatial_attention(inputs)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 6), rule="the block keeps the shape, an unknown height and width included")
model = keras.Model(inputs, outputs)
check_equal(model.count_params(), 98, rule="the default: one kernel of 7 x 7 x 2, and no other weight")
check_equal(sum(int(np.prod(weight.shape)) for weight in model.trainable_weights), 98, rule="all of them trainable")
got = keras.ops.convert_to_numpy(model_with_kernel(case_kernel, 6)(case_x.astype("float32")))
check_close(got, slow_y, rule="with the same kernel it gives what the NumPy version gives", tolerance=1e-4)
check_shape(model(np.ones((1, 4, 9, 6), "float32")), (1, 4, 9, 6), rule="the same model takes maps of another size")
small = keras.Input((5, 8, 4))
thrice = keras.Model(small, spatial_attention(spatial_attention(spatial_attention(small), kernel_size=3), kernel_size=5))
check_equal(thrice.count_params(), 98 + 18 + 50, rule="three blocks of sizes 7, 3 and 5, each with a kernel of its own")
alike = keras.Model(small, spatial_attention(spatial_attention(small)))
check_equal(alike.count_params(), 2 * 98, rule="two blocks of one size have kernels of their own, too")
got = keras.ops.convert_to_numpy(model_with_kernel(case_kernel, 6)(case_x.astype("float32"), training=True))
check_close(got, slow_y, rule="in training the block computes the same", tolerance=1e-4)
passed("spatial_attention")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** `use_bias=False` forgotten (99 weights); `keepdims` forgotten; joining on axis 1 or 2; as many filters
# as channels; `padding="valid"`; `x.shape[1]` used, which is `None` here; a named layer, which collides on the second call; a batch
# norm taken over from the official code (102 weights, section 9). Two separate 7 x 7 convolutions, added, are the same map with
# 98 weights in two kernels; the exercise asks for one, and the judge takes points for the values it then cannot set.

# %% [markdown]
# ## 7 · Does it find the object? A measurement
#
# Back to the data of section 1. The network is the vote, $0.4 \sum_{h,w} g_{hw} V_{hw}$, taken as the logit of the label $+1$, and only the
# gate's kernel is trained, on the label alone. Sizes 1, 3 and 7 get the same images, 144 steps and five seeds, each with the best
# of three learning rates, tried on other seeds. We score two things on new images:
#
# - **right**: the share of labels that the gated vote gets right (0.802 without a gate, 0.992 with the true box);
# - **inside**: the share of the gate's sum that lies inside the box, by chance $24/192 = 0.125$.
#
# Each mean has its 95 % confidence interval for five seeds, 2.776 standard errors to each side (notebook 06 says why).
#
# **Predict.** What share of the gate of size 7 will lie inside the box?

# %% tags=["demo", "prediction"]
my_inside = None  # a share between 0 and 1: how much of the trained gate lies inside the box? None skips it

# %% tags=["demo"]
def build(block, scale=1.0):
    """The vote of section 1 on gated maps, as log odds, and the gated maps themselves; only the gate has weights."""
    inputs = keras.Input((ROWS, COLUMNS, CHANNELS))
    gated = block(inputs)
    vote = keras.ops.sum(gated * SIGNS, axis=(1, 2, 3))[:, None]
    return keras.Model(inputs, 2 * STEP * scale * vote), keras.Model(inputs, gated)


def gates_of(gated, given):
    """Recover the gates (B, H, W): at each position the gated map is the gate times the map."""
    return (keras.ops.convert_to_numpy(gated(given)) * given).sum(axis=-1) / (given**2).sum(axis=-1)


def inside(gates, region):
    """The share of each gate's sum that lies in a region (B, H, W), averaged over images."""
    return float(np.mean((gates * region).sum(axis=(1, 2)) / gates.sum(axis=(1, 2))))


# %% tags=["demo"]
def train(block, rate, make, scale=1.0):
    """Train a fresh gate for each of five seeds; for each its kernel(s), share right and shares inside, on new images."""
    network, gated = build(block, scale)
    network.compile(keras.optimizers.Adam(rate), keras.losses.BinaryCrossentropy(from_logits=True), jit_compile=False)
    network.optimizer.build(network.trainable_variables)
    at_rest, results = [variable.numpy() for variable in network.optimizer.variables], []
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        network.set_weights(build(block)[0].get_weights())             # new weights, and the optimiser as at the start
        for variable, value in zip(network.optimizer.variables, at_rest, strict=True):
            variable.assign(value)
        seen, answers, *_ = make(100 + seed, 1536)
        network.fit(seen, (answers > 0).astype("float32"), batch_size=32, epochs=3, verbose=0)
        fresh, answers, *regions = make(900 + seed, 1000)
        right = float(np.mean(np.sign(network(fresh)[:, 0]) == answers))
        gates = gates_of(gated, fresh)
        results.append({"weights": network.get_weights(), "right": right, "inside": [inside(gates, r) for r in regions]})
    return results


def mean_and_half_width(values):
    """The mean over five seeds and half the width of its 95 % interval."""
    return np.mean(values), 2.776 * np.std(values, ddof=1) / np.sqrt(5)


# %% tags=["demo"]
trained, scores = {}, {"right": lambda run: run["right"], "inside": lambda run: run["inside"][0]}
with waits_for(spatial_attention):
    for size, rate in {1: 0.15, 3: 0.05, 7: 0.015}.items():
        trained[size] = train(lambda x, size=size: spatial_attention(x, kernel_size=size), rate, make_images)
        print(f"k = {size}:", *("{} {:.3f} +- {:.3f} ".format(name, *mean_and_half_width([*map(pick, trained[size])]))
                                for name, pick in scores.items()))
    for large, small in [(3, 1), (7, 3)]:
        for name, pick in scores.items():                                                   # paired by seed
            middle, half = mean_and_half_width([pick(a) - pick(b) for a, b in zip(trained[large], trained[small], strict=True)])
            clear = "the interval excludes 0" if abs(middle) > half else "the interval contains 0"
            print(f"k = {large} minus k = {small}, {name:6} {middle:+.3f} +- {half:.3f}: {clear}")
    share_inside = np.mean([*map(scores["inside"], trained[7])])
    print(f"outside the box at k = 7: {1 - share_inside:.0%} of the gate; a position inside is "
          f"{7 * share_inside / (1 - share_inside):.1f} times as open as one outside")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Gates of three sizes on one new image
if len(trained) == 3:
    fresh, _, fresh_boxes = make_images(900, 6)
    figure, axes = plt.subplots(1, 4, figsize=(9.6, 2.2), layout="constrained")
    told = []
    brightness = draw_map(axes[0], fresh[3].mean(axis=-1), "mean over channels", -2, 2, signed=True)
    outline(axes[0], fresh_boxes[3])
    figure.colorbar(brightness, ax=axes[0], fraction=0.04, pad=0.02)
    for axis, size in zip(axes[1:], trained, strict=True):
        gates = gates_of(model_with_kernel(trained[size][0]["weights"][0][..., 0], CHANNELS), fresh)
        drawn = draw_map(axis, gates[3], f"gate, k = {size}", 0, 1)
        outline(axis, fresh_boxes[3])
        told.append(f"k = {size}: {gates[3][fresh_boxes[3]].mean():.2f} inside, {gates[3][~fresh_boxes[3]].mean():.2f} outside")
    figure.colorbar(drawn, ax=axes[1:].tolist(), fraction=0.02, pad=0.01)
    show(figure, alt="The channel mean of a new image with its box, and the trained gates of size 1, 3 and 7 on it. "
         f"Mean of the gate inside and outside the box: {'; '.join(told)}.")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The scores of five seeds
if len(trained) == 3:
    figure, axes = plt.subplots(1, 2, figsize=(9.6, 2.8), layout="constrained")
    marks = [("right", "share of labels right", [(0.802, "no gate"), (0.992, "true box")], (0.78, 1.01)),
             ("inside", "share of the gate inside the box", [(0.125, "chance")], (0.08, 0.52))]
    told = []
    for axis, (name, title, levels, limits) in zip(axes, marks, strict=True):
        for height, size in enumerate(trained):
            values = [*map(scores[name], trained[size])]
            middle, half = mean_and_half_width(values)
            axis.plot(values, height - 0.24 + np.linspace(-0.1, 0.1, 5), "o", mfc="w", mec="k", ms=5)
            axis.errorbar(middle, height + 0.08, xerr=half, fmt="ks", ms=5, capsize=4)
            axis.text(middle, height + 0.2, f"{middle:.3f}", ha="center", va="top", fontsize=9)
            told.append(f"{name} {middle:.3f} at k = {size}")
        for level, text in levels:
            axis.axvline(level, color="0.5", ls="--", lw=1, zorder=0)
            axis.text(level, -0.75, text, ha="center", va="center", fontsize=9, bbox={"fc": "w", "ec": "none", "pad": 1})
        axis.set_yticks(range(3), [f"k = {size}" for size in trained])
        axis.set(title=title, ylim=(2.7, -1), xlim=limits)
    draw_guess(axes[1], my_inside, along="y", label="your prediction, k = 7")
    show(figure, alt=f"Scores of five seeds as circles, with mean and 95 percent interval below: {'; '.join(told)}.")
    compare_guess(my_inside, float(share_inside), "inside, k = 7")

# %% [markdown]
# A kernel of size 1 sees single positions, where a spark is brighter than the object; sizes 3 and 7 can look at neighbours, too.
# Which of the two steps is clear of zero on your machine?
#
# **It is no detector.** Seven eighths of the map are outside the box, so even a gate of 0.5 inside and 0.1 outside has 58 % of its
# sum outside; the line "outside the box" says what yours has. And it looks for brightness in a neighbourhood, not for an object.

# %% [markdown] tags=["instructor"]
# **Reading the result.** In our run: *right* 0.824, 0.926, 0.945 and *inside* 0.171, 0.336, 0.353 for k = 1, 3, 7; 7 minus 3 is
# $+0.019 \pm 0.015$ and $+0.017 \pm 0.032$. Both scores have a floor and a ceiling that were derived. The
# gate was trained on labels alone; that a third of it lies in the box is found, not asked for. The ratio of the mean gate inside to
# outside is seven times inside over outside, because the box is an eighth of the map.
#
# The comparison of sizes depends on the budget. With one rate for all sizes it would have been unfair in either direction: a step of the same
# length in each tap moves the logit about 49 times as far as in a kernel of size 1. This is why each size got its own rate, and
# why the rates were chosen on other seeds (7 to 9).

# %% [markdown]
# ## 8 · What it cannot do
#
# The pools forget *which* channel. So give the object a **twin**: the object is now bright in channels 0 and 1 only, by 1.5, and
# in the other half of the map is a second box of the same size, bright by 1.5 in channels 2 and 3, with a random sign that says
# nothing about the label. In the vote of all positions the two signs add up or cancel, so it is right with probability
# $\tfrac12 \Phi(1.70) + \tfrac12 \Phi(0) = 0.728$ (section 1).
#
# **Predict.** Train the gate as long as you like. What share of the labels can it get right at best?

# %% tags=["demo", "prediction"]
my_ceiling = None  # a share between 0.728 and 1: labels right with the best gate from mean and max? None skips it

# %% [markdown]
# We train that gate, and a variant in which a learned 1x1 convolution turns the $C$ channels into one map before a 7 x 7 kernel,
# so that it can weigh channel 0 against channel 2.

# %% tags=["demo"]
def make_twins(seed, count):
    """Images with an object and a twin: images, labels, the object's boxes and the twin's boxes."""
    pictures, answers, own = make_images(seed, count, bright=(3, 3, 0, 0, 0, 0))
    random = np.random.default_rng([seed, 1])
    other_half = own[:, :, :COLUMNS // 2].any(axis=(1, 2)).astype(int)          # the object is left: the twin is right
    twin = make_boxes(random, count, other_half)
    sign = random.choice(np.float32([-1, 1]), size=(count, 1, 1, 1))
    pictures += twin[..., None] * (0.5 * np.float32([0, 0, 3, 3, 0, 0]) + STEP * sign * SIGNS)
    return pictures, answers, own, twin


class LearnedPool(keras.layers.Layer):
    """A learned 1x1 convolution to one map instead of mean and max, then 7 x 7: C + 49 weights."""

    def build(self, shape):
        self.mix = self.add_weight(shape=(1, 1, shape[-1], 1))
        self.window = self.add_weight(shape=(7, 7, 1, 1))

    def call(self, x):
        one_map = keras.ops.conv(x, self.mix, padding="same")
        return x * keras.ops.sigmoid(keras.ops.conv(one_map, self.window, padding="same"))


# %% tags=["demo"]
twins, no_gate = {}, []
for seed in range(5):
    pictures, answers, *_ = make_twins(900 + seed, 1000)
    no_gate.append(np.mean(np.sign((pictures @ SIGNS).sum(axis=(1, 2))) == answers))
print("no gate       right          {:.3f} +- {:.3f}".format(*mean_and_half_width(no_gate)))
with waits_for(spatial_attention):
    for name, block in [("mean and max", spatial_attention), ("learned 1x1", lambda x: LearnedPool()(x))]:
        twins[name] = train(block, 0.015, make_twins, scale=0.15)
        for score, values in [("right", [run["right"] for run in twins[name]]),
                              ("in the object", [run["inside"][0] for run in twins[name]]),
                              ("in the twin", [run["inside"][1] for run in twins[name]])]:
            print("{:13} {:14} {:.3f} +- {:.3f}".format(name, score, *mean_and_half_width(values)))
    compare_guess(my_ceiling, 0.75, "ceiling, derived below")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Object and twin: where the two gates open
if len(twins) == 2:
    figure, axes = plt.subplots(1, 2, figsize=(9.2, 2.9), layout="constrained", sharey=True)
    told = []
    for axis, (name, runs) in zip(axes, twins.items(), strict=True):
        for place in range(2):
            values = [run["inside"][place] for run in runs]
            middle, half = mean_and_half_width(values)
            axis.bar(place, middle, 0.55, color=["0.45", "w"][place], edgecolor="k", hatch=["", "///"][place])
            axis.errorbar(place, middle, yerr=half, fmt="none", ecolor="k", capsize=5)
            axis.plot(place + 0.36 + np.linspace(-0.06, 0.06, 5), values, "o", mfc="w", mec="k", ms=5)
            axis.text(place - 0.4, middle + 0.008, f"{middle:.3f}", ha="center", fontsize=10)
            told.append(f"{name}: {middle:.3f} in the {('object', 'twin')[place]}")
        axis.axhline(0.125, color="0.3", ls="--", lw=1)
        right = np.mean([run["right"] for run in runs])
        axis.set(title=f"{name}: {right:.3f} of the labels right", xticks=[0, 1], xlim=(-0.75, 1.75), ylim=(-0.01, 0.36))
        axis.set_xticklabels(["object", "twin"])
    axes[1].text(1.72, 0.132, "chance", ha="right", fontsize=9)
    axes[0].set_ylabel("share of the gate")
    show(figure, alt=f"Share of the gate in the object's box and in the twin's box, means of five seeds. {'; '.join(told)}. Chance is 0.125.")

# %% [markdown]
# **The ceiling, derived.** Exchange channels 0 and 2, and channels 1 and 3. Object and twin change places, but the pooled maps stay
# the same, and so does the vote, because the signs of the exchanged channels are equal. So the gated vote gives both images one
# answer. In half of all images object and twin have different signs; there the exchange turns the label round, so the answer is
# right for one image of each such pair. At best
#
# $$ P(\text{right}) = \tfrac12 \cdot 1 + \tfrac12 \cdot \tfrac12 = \tfrac34 $$
#
# for *every* gate that is computed from mean and max. The learned pool is not bound by this, and CBAM puts a channel gate in front.

# %% [markdown] tags=["instructor"]
# **Reading the result.** In our run: mean and max 0.203 in both boxes and $0.747 \pm 0.010$ of the labels right; the learned pool 0.273 in the
# object, 0.003 in the twin and 0.918 right. The ceiling holds for each seed up to the noise of 1,000 test images (0.014).
#
# The factor 0.15 makes the vote less sure of itself. With `scale=1`, as in section 7, a gate that cannot tell the boxes apart is punished so
# hard for the half of the images in which they disagree that it learns to shut altogether, and *right* falls to between 0.5 and 0.7. It is worth a try
# in class: shutting is the honest answer of a gate that cannot know.
#
# A student may say that the max sees the difference between one bright channel and all bright channels. True, and it does not help here: the twin
# has the same number of bright channels, equally bright.

# %% [markdown]
# ## 9 · With and without a norm
#
# The official PyTorch code, unlike the paper's formula, has a batch norm before the sigmoid. It centres the logits by their mean
# $\mu$ and divides by their standard deviation, those of the batch in training, running averages otherwise:
#
# $$ \hat a = \gamma\, \frac{a - \mu}{\sqrt{\operatorname{sd}^2 + \varepsilon}} + \beta \qquad g = \sigma(\hat a) \qquad \varepsilon = 10^{-5} $$
#
# $\gamma$ and $\beta$ are trained, and **both start at 0**, so every gate of a fresh block is $\sigma(0) = 1/2$, whatever the image. The
# kernel acts through $\gamma$ alone, so in the first step it gets no gradient. But $\gamma$ gets one, because
# $\partial \hat a / \partial \gamma$ is the normalised logit, and from the second step on the kernel moves too.

# %% tags=["demo"]
random = np.random.default_rng(9)
pooled_maps = tf.constant(random.normal(size=(4, 12, 16, 2)), "float32")
some_kernel = tf.Variable(random.normal(size=(7, 7, 2, 1)) / 7, dtype="float32")
wanted = tf.constant(random.normal(size=(4, 12, 16, 1)), "float32")                # any loss will do
norm = keras.layers.BatchNormalization(momentum=0.99, epsilon=1e-5, gamma_initializer="zeros")
for step in (1, 2):
    with tf.GradientTape() as tape:
        gate = keras.ops.sigmoid(norm(keras.ops.conv(pooled_maps, some_kernel, padding="same"), training=True))
        loss = tf.reduce_sum(gate * wanted)
    weights = {"kernel": some_kernel, "gamma": norm.gamma.value, "beta": norm.beta.value}
    slopes = tape.gradient(loss, weights)
    print(f"step {step}: gates from {np.min(gate):.3f} to {np.max(gate):.3f}; gradient norms",
          *(f"{name} {float(tf.norm(slope)):.3f}" for name, slope in slopes.items()))
    for name, slope in slopes.items():
        weights[name].assign_sub(0.01 * slope)

# %% [markdown]
# ### 9.1 A norm that tests do not see
#
# Now suppose a norm is left in *by mistake*, with the usual start $\gamma = 1$, $\beta = 0$ and running averages 0 and 1. In inference mode
# $\hat a = a / \sqrt{1 + \varepsilon} \approx a\,(1 - \varepsilon/2)$, and since $|a|\,\sigma'(a)$ is never above 0.224, the gate moves by
# $0.112\,\varepsilon$ at most (printed below with float32's rounding on top), a millionth, and a comparison with the common tolerance of $10^{-5}$ passes.

# %% tags=["demo"]
plain_logits = keras.ops.conv(pooled_maps, some_kernel, padding="same")
for epsilon in (1e-5, 1e-3):                                                       # the official one, and Keras's default
    norm = keras.layers.BatchNormalization(epsilon=epsilon)
    moved = keras.ops.sigmoid(norm(plain_logits, training=False)) - keras.ops.sigmoid(plain_logits)
    print(f"epsilon {epsilon:g}: the gate moves by at most {np.abs(moved).max():.1e}; {norm.count_params()} more weights in count_params")
in_training = keras.ops.sigmoid(norm(plain_logits, training=True)) - keras.ops.sigmoid(plain_logits)
print(f"in training mode: {np.abs(in_training).max():.2f}")

# %% [markdown]
# In training the two are different blocks, so **count the weights**, too: 98 without a norm, 102 in Keras with one (two trained, two
# running averages). It works from afar: take from the official CBAM ResNet-50 (counted in its code; 28.09 M in the paper's table 4)
# the plain ResNet-50 and the channel gates, as large as SE's (notebook 01):
#
# $$ 28{,}089{,}624 - 25{,}557{,}032 - 2{,}530{,}992 = 1{,}600 = 16 \cdot 100 $$
#
# So each of the 16 spatial gates has 100, the kernel and the norm's two trained weights. Ours cannot hold such a gate, because the
# norm's offset needs a bias.

# %% [markdown]
# ## 10 · Mean and max, or max and mean
#
# This course and the timm library join *mean, then max*, the official code *max, then mean*. Both train equally well, but a kernel
# trained in one order and used in the other reads the wrong maps, and nothing complains because its shape is the same.
#
# **Predict.** We load the gate of section 7 with its slices exchanged. What share of the labels is right?

# %% tags=["demo", "prediction"]
my_exchanged = None  # a share between 0 and 1: labels right after the slices of the trained kernel are exchanged? None skips it

# %% tags=["demo"]
swapped, kept = [], []
if 7 in trained:
    network, gated = build(spatial_attention)
    for seed, run in enumerate(trained[7]):
        fresh, answers, fresh_boxes = make_images(900 + seed, 1000)
        network.set_weights(run["weights"])
        kept.append(gates_of(gated, fresh).mean())
        network.set_weights([run["weights"][0][:, :, ::-1]])               # loaded without a word of warning
        gates = gates_of(gated, fresh)
        right = float(np.mean(np.sign(network(fresh)[:, 0]) == answers))
        swapped.append({"right": right, "inside": inside(gates, fresh_boxes), "gates": gates, "mean": gates.mean()})
    sums = np.mean([run["weights"][0].sum(axis=(0, 1, 3)) for run in trained[7]], axis=0)
    opened = np.mean([run["mean"] for run in swapped])
    print(f"sum of slice 0 {sums[0]:+.1f}, of slice 1 {sums[1]:+.1f}; the max is read by slice 1, after the exchange by slice 0")
    print(f"mean gate as trained {np.mean(kept):.3f}, slices exchanged {opened:.3f}")
    for name, pick in scores.items():
        before, after = [*map(pick, trained[7])], [run[name] for run in swapped]
        print("{:7} as trained {:.3f} +- {:.3f}".format(name, *mean_and_half_width(before)),
              "  slices exchanged {:.3f} +- {:.3f}".format(*mean_and_half_width(after)))
    compare_guess(my_exchanged, float(np.mean(after := [run["right"] for run in swapped])), "right after the exchange")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title One image, one kernel, two orders
if swapped:
    fresh, _, fresh_boxes = make_images(900, 1000)
    kernel = trained[7][0]["weights"][0][..., 0]
    good = gates_of(model_with_kernel(kernel, CHANNELS), fresh[:6])[3]
    top = np.abs(kernel).max()
    figure, axes = plt.subplots(1, 4, figsize=(9.6, 2.5), layout="constrained", width_ratios=[1, 1, 1.4, 1.4])
    for axis, place, name in [(axes[0], 0, "slice 0,\nfor the mean"), (axes[1], 1, "slice 1,\nfor the max")]:
        drawn = draw_map(axis, kernel[:, :, place], name, -top, top, signed=True)
    figure.colorbar(drawn, ax=axes[:2].tolist(), fraction=0.05, pad=0.02)
    for axis, gates, name in [(axes[2], good, "gate as trained"), (axes[3], swapped[0]["gates"][3], "gate with\nslices exchanged")]:
        drawn = draw_map(axis, gates, name, 0, 1)
        outline(axis, fresh_boxes[3])
    figure.colorbar(drawn, ax=axes[2:].tolist(), fraction=0.03, pad=0.02)
    show(figure, alt=f"The two slices of a trained kernel, with sums {kernel[:, :, 0].sum():+.1f} and {kernel[:, :, 1].sum():+.1f}, and its gate on "
         f"one image, with mean {good.mean():.2f}. With the slices exchanged the mean of the gate is {swapped[0]['gates'][3].mean():.2f}.")

# %% [markdown]
# The max of six channels is above zero nearly everywhere, so the slice that reads it acts as the bias that the block does not have:
# with a negative sum it holds the gates down until a bright patch of the mean opens them. After the exchange the other slice reads
# the max, so the sign of *its* sum, printed above, decides whether the gates open or shut as a whole. When you borrow weights,
# compare the *gates* of one image with those of the source.

# %% [markdown] tags=["instructor"]
# **Reading the result.** In our run 0.945 falls to 0.804 with the same 98 numbers. The standard error of 0.802 for 1,000 images is 0.013, so the
# exchanged gate is no gate. Other kernels may saturate at 0 instead, or invert; what a swap does depends on the kernel, which is why no rule
# of thumb finds it.
#
# The remedy is `kernel[:, :, ::-1]`, once, at loading. Equal slices would hide the fault, and so would a test with an untrained, symmetric kernel:
# use random, unequal slices, as the judge does.

# %% [markdown]
# **Reflection · borrowed weights**
#
# **{{worth:reflect-borrowed}} · in your own words**
#
# You load published spatial gates into a network built with your `spatial_attention`. You left out what did not match by name, nothing
# raises an error, and the accuracy is lower than promised. Name two causes that this notebook makes likely, and for each a quick test
# that tells it apart from the other, and the remedy.

# %% [markdown] question="reflect-borrowed" points=3 minutes=10 row="reflection: borrowed weights"
# ### BEGIN SOLUTION
# The order: the source joins max, then mean, and my block mean, then max. Each slice of the kernel reads the wrong map. Test: exchange
# the slices and compare the gate of one image with the source's gate; or feed an image in which mean and max differ strongly and see
# which order reproduces the source. Remedy: exchange the two slices of every kernel once when loading, or join in the source's order.
#
# The norm: the source has a batch norm after the convolution, 100 trained weights in each gate instead of 98. It was dropped when names did not
# match. Test: count the trained weights of the source, or list the names that were left out. Exchanging slices does not help here.
# Remedy: add the norm to the block; or multiply the kernel by gamma over the root of variance plus epsilon and give the convolution a bias for
# the rest, since without a bias the offset cannot be kept.
#
# The two can come together, as they do in the official code, so I would compare gates with the source's after each repair.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: the order of the slices, with a test. One point: the norm, recognised by its count or by the names left out. One
# point: a workable remedy for each, and a comparison on gates or outputs, not on accuracy alone. A flipped kernel is a fair third cause
# only if the student notes that both PyTorch and Keras do not flip; kernels from another framework must be transposed, though, and an
# answer that names the axis order (PyTorch keeps (1, 2, 7, 7)) passes for one of the two.

# %% [markdown]
# ## What we found
#
# - Each thing that a gate should do is an equation for its logit.
# - A norm left in and slices in the wrong order raise no error, so count weights and compare gates.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | spatial gate | a number between 0 and 1 for each position, shared by all its channels |
# | zero padding | the map is taken to be 0 beyond its border |
# | receptive field | the positions, or pixels, that one number depends on |
# | stride of a map | pixels of the image between neighbouring positions |
#
# ## Where this is in the papers
#
# Woo, Park, Lee and Kweon, *CBAM*, [arXiv 1807.06521](https://arxiv.org/abs/1807.06521): the spatial
# attention module in section 3.
#
# ## Stretch
#
# Design a kernel of size 7 whose `inside` on the data of section 1 beats the trained ones. What happens to the share of labels that are
# right? Explain why the two scores do not peak together.

# %% [markdown] tags=["instructor"]
# **Stretch, one answer.** On the 5 x 5 middle of the kernel put a weight on the mean and $-0.4/1.42$ of it on the max (1.42 is the average of the
# max map), zeros elsewhere. On the new images of seed 900: weight 0.8 gives *inside* 0.456 and *right* 0.904; weight 6 gives 0.712 and 0.798.
# The most labels right found this way are 0.935, at an inside of 0.41 (3 x 3, weight 1.6, offset 0.4). A sharp gate opens at one place only. Where it
# chooses a wrong patch the label is lost, while a soft one still hears the box. Training on labels has no reason to be sharper than that.

# %% [markdown]
# **Next:** in 05 a channel gate comes before the spatial gate, and both go into a residual block.

# %% [markdown]
# {{hand_in}}
