# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 01 · Squeeze and excitation
#
# {{badges}}
#
# A convolution treats its channels the same way in every image. The squeeze-and-excitation block (SE) gives each channel
# a gate that depends on the image. You build it in NumPy, then in Keras.
#
# **You will be able to**
# - explain why the weight of a channel may have to change from image to image
# - implement squeeze, excite and scale, and derive the gradient that reaches a gate
# - count what the block costs, and judge from a measurement whether it helped
#
# **You need:** notebook 00, matrix products, partial derivatives, a first Keras model.
#
# | exercise | points | minutes |
# |---|---|---|
# {{rows}}
# | reading | | {{minutes:reading}} |
# | **total** | **{{points}}** | **{{minutes}}** |

# %% [markdown]
# ## Before you start: three questions
#
# 1. What does global average pooling keep of a map, and what does it forget?
#
# <details><summary>Answer</summary>It keeps how much of each channel there is and forgets where: shuffled positions
# change nothing.</details>
#
# 2. Which shape does a gate (B, C) need before it may multiply a map (B, H, W, C)?
#
# <details><summary>Answer</summary>(B, 1, 1, C): an axis of size 1 where the map has H and W.</details>
#
# 3. With the bare product `x * gate`, which sizes give a wrong result without an error?
#
# <details><summary>Answer</summary>B = W above 1: every column is multiplied by the gate of another image.</details>

# %%
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # fewer messages from TensorFlow
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(1)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## 1 · A channel that matters in one image only
#
# We make data whose right answer we know. An image is a feature map of 4 x 6 positions and 16 channels, in four groups, A to
# D. Each group shows a side, drawn at random: left or right is the brighter one. In each image one group is **awake**: its whole
# map is brighter by 1. The label is the side of the awake group, and which group is awake changes from image to image.

# %% tags=["demo"]
ROWS, COLUMNS, CHANNELS = 4, 6, 16
GROUP = np.arange(CHANNELS) // 4                           # the group of each channel: 0, 0, 0, 0, 1, 1, ...
SIDES = np.ones((ROWS, COLUMNS), "float32")                # +1 on the left side, -1 on the right one
SIDES[:, COLUMNS // 2:] = -1


def make_images(seed, count, changing=True, noise=1.5):
    """Images (B, H, W, C), labels +1 for left and -1 for right (B,), and the awake group of each image (B,)."""
    random = np.random.default_rng(seed)
    awake = random.integers(4, size=count) * int(changing)
    side = random.choice(np.float32([-1, 1]), size=(count, 4))          # one side for each image and group
    images = noise * random.standard_normal((count, ROWS, COLUMNS, CHANNELS), dtype="float32")
    images += side[:, GROUP].reshape(count, 1, 1, CHANNELS) * SIDES[:, :, None]
    images += awake.reshape(count, 1, 1, 1) == GROUP                    # brighter by 1 where the group is awake
    return images, side[np.arange(count), awake], awake


images, labels, awake = make_images(seed=1, count=8000)
print("images", images.shape, " labels", labels[:6], " awake", awake[:6])

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Two images of the data set: each map is the mean of the four channels of a group
chosen = [int(np.flatnonzero((awake == 1) & (labels == 1))[0]), int(np.flatnonzero((awake == 3) & (labels == -1))[0])]
clean_images = make_images(seed=1, count=8000, noise=0.0)[0]
figure = plt.figure(figsize=(9.4, 2.15), layout="constrained")
for part, place, name in zip(figure.subfigures(1, 2, wspace=0.04), chosen, ["left", "right"], strict=True):
    part.suptitle(f"image {place}: the label is '{name}'")
    axes = part.subplots(2, 4)
    for row, (stack, kind) in enumerate([(clean_images, "no noise"), (images, "as given")]):
        for group in range(4):
            state = "awake" if group == awake[place] else "asleep"
            values = stack[place][:, :, 4 * group:4 * group + 4].mean(axis=-1)
            drawn = draw_map(axes[row, group], values, "", -2.5, 2.5, signed=True)
            if row == 0:
                axes[row, group].set_title(f"{'ABCD'[group]} {state}", fontweight="bold" if state == "awake" else None)
        axes[row, 0].set_ylabel(kind)
    part.colorbar(drawn, ax=axes, fraction=0.04, pad=0.02)
show(figure, alt="Two images, each as four small maps, one per group, the mean of its four channels, without noise and with it. In the "
     "first image group B is awake: red and white instead of red and blue, the left side red. In the second image group D "
     "is awake and its right side is red. The sleeping groups show a red and a blue side.")

# %% [markdown]
# A sleeping group is red on one side and blue on the other; the awake one is red and white.
#
# **Predict.** You read the side of every channel and take a vote in which each channel has a fixed weight, the same for
# all images. How often can it be right?

# %% tags=["demo", "prediction"]
my_vote = None  # a number from 0.5 to 1: how often the best vote with fixed weights is right; None skips it

# %% tags=["demo"]
def read_sides(maps):
    """How much brighter the left side of each channel is than the right one: (B, H, W, C) to (B, C)."""
    return np.einsum("bhwc,hw->bc", maps, SIDES) / SIDES.size


def share_right(votes, truth=labels):
    """The share of images whose votes (B, C) add up to the sign of the label."""
    return float(np.mean(np.sign(votes.sum(axis=1)) == truth))


other_images, other_labels, _ = make_images(seed=2, count=8000)      # fitted on these, judged on the first
fitted_weights = np.linalg.lstsq(read_sides(other_images), other_labels, rcond=None)[0]
sides = read_sides(images)
print(f"every channel the same weight    {share_right(sides):.3f}")
print(f"fixed weights by least squares   {share_right(sides * fitted_weights):.3f}")
print(f"told which group is awake        {share_right(sides * (awake[:, None] == GROUP)):.3f}")
compare_guess(my_vote, share_right(sides * fitted_weights), "fixed vote")

# %% [markdown]
# Fixed votes have a ceiling. If $n$ of the four groups say "left", the label is "left" with probability $n/4$, because each
# group is awake equally often. The best guess is the majority:
#
# | $n$ | 0 or 4 | 1 or 3 | 2 |
# |---|---|---|---|
# | probability | $2/16$ | $8/16$ | $6/16$ |
# | majority is right | $1$ | $3/4$ | $1/2$ |
#
# $$ \tfrac{2}{16}\cdot 1 + \tfrac{8}{16}\cdot\tfrac34 + \tfrac{6}{16}\cdot\tfrac12 = \tfrac{11}{16} = 0.6875 $$
#
# To do better, a rule must find out which group is awake.

# %% [markdown] tags=["instructor"]
# **Reading the result.** Both fixed votes land within two standard errors (0.005 for 8,000 images) of $11/16$. The
# least squares weights are nearly equal, as the symmetry of the four groups demands. Being told the group gives
# 1.000: the noise hardly matters once the right channels are chosen.
#
# A question to expect: "a linear layer on the raw maps sees the brightness as well, can it not use that?" A little. It
# can only add the brightness, which gives each awake group a threshold of its own. A search over unequal weights finds
# $3/4$ without noise and nothing above. To go further it needs a *product* of brightness and side. In section 8 the
# network gets the sides alone, so that the ceiling of $11/16$ holds exactly.

# %% [markdown]
# ## 2 · The block in one picture
#
# The SE block finds it out in three steps. **Squeeze** describes each channel by its mean, **excite** computes one gate per
# channel from all these numbers, and **scale** multiplies each channel by its gate.

# %%
hand_x = np.array([[[[1.0, 0.0, -8.0], [2.0, 4.0, 0.0]], [[4.0, 0.0, 4.0], [5.0, 0.0, -4.0]]]])    # (1, 2, 2, 3)
hand_w1 = np.array([[1.0, -1.0], [1.0, 1.0], [1.0, 0.0]])                                          # (3, 2)
hand_b1 = np.array([-1.0, 1.0])                                                                    # (2,)
hand_w2 = np.array([[np.log(3), -2 * np.log(3), 0.0], [1.0, -1.0, 2.0]])                           # (2, 3)
hand_b2 = np.array([0.0, np.log(3), 0.0])                                                          # (3,)

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The block in one picture: drawing helpers
def draw_cells(axis, left, top, values, size=0.62, shade="w"):
    """Draw a table of numbers as cells, its top left corner at (left, top)."""
    for row, column in np.ndindex(np.shape(values)):
        x, y = left + column * size, top - (row + 1) * size
        axis.add_patch(plt.Rectangle((x, y), size, size, fc=shade, ec="k", lw=0.9))
        axis.text(x + size / 2, y + size / 2, f"{values[row][column]:.3g}", ha="center", va="center", fontsize=10)


def draw_steps(axis, vectors, steps):
    """Draw columns of numbers, and the arrows between them with a text above each."""
    for left, column, shade in vectors:
        draw_cells(axis, left, 2.22 + 0.31 * len(column), [[number] for number in column], shade=shade)
    for start, end, text in steps:
        axis.annotate("", (end, 2.22), (start, 2.22), arrowprops={"arrowstyle": "-|>", "color": "k"})
        axis.text((start + end) / 2, 2.36, text, ha="center", va="bottom", fontsize=10)


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The block in one picture, with numbers
figure, axis = plt.subplots(figsize=(9.6, 4.3), layout="constrained")
scaled_maps = ([[0.75, 1.5], [3, 3.75]], [[0, 1], [0, 0]], [[-4, 0], [2, -2]])
for channel in range(3):
    draw_cells(axis, 0, 4.4 - 1.5 * channel, hand_x[0, :, :, channel])
    draw_cells(axis, 13.0, 4.4 - 1.5 * channel, scaled_maps[channel])
draw_steps(axis, [(2.9, [3, 1, -2], "0.93"), (5.3, [1, -1], "w"), (7.2, [1, 0], "0.8"),
                  (9.2, [np.log(3), -np.log(3), 0], "w"), (11.0, [0.75, 0.25, 0.5], "0.8")],
           [(1.3, 2.85, "mean over\nH and W"), (3.6, 5.25, "W1, b1"), (6.0, 7.15, "ReLU"), (7.9, 9.15, "W2, b2"),
            (9.9, 10.95, "sigmoid"), (11.7, 12.95, "times x")])
axis.annotate("", (13.6, 4.5), (0.6, 4.5), arrowprops={
    "arrowstyle": "-|>", "ls": "--", "color": "k", "connectionstyle": "arc3,rad=-0.12"})
axis.text(7.1, 5.42, "x itself goes round and is multiplied by the gates", ha="center", fontsize=10)
for middle, text in [(0.62, "x\n(1, 2, 2, 3)"), (3.2, "z\n(1, 3)"), (7.5, "u, with m = 2\n(1, 2)"), (9.5, "a, the logits\n(1, 3)"),
                     (11.5, "g\n(1, 3)"), (13.62, "y\n(1, 2, 2, 3)")]:
    axis.text(middle, -0.08, text, ha="center", va="top", fontsize=10)
for middle, text in [(2.1, "SQUEEZE"), (7.2, "EXCITE"), (12.35, "SCALE")]:
    axis.text(middle, 3.75, text, ha="center", fontsize=10, fontweight="bold")
axis.set(xlim=(-0.2, 14.5), ylim=(-0.9, 5.85))
axis.axis("off")
show(figure, alt="Diagram of the block with numbers. Three 2 by 2 maps are averaged to z = 3, 1, -2. The first layer gives "
     "1, -1, the ReLU makes it u = 1, 0. The second layer gives logits 1.1, -1.1, 0 and the sigmoid gates 0.75, 0.25, 0.5. "
     "Each map is multiplied by its gate.")

# %% [markdown]
# ## 3 · Squeeze
#
# The **squeeze** is the global average pool of 00: $z_{bc}$ is the mean of channel $c$ of image $b$, and $z$ is called the
# **descriptor**.
#
# In the figure the maps sum to 12, 4 and $-8$, so $z = (3, 1, -2)$. In our data the squeeze shows which group is awake, but
# not the label, because it forgets *where*. So a gate can choose channels, and the answer has to be read from the maps.

# %% [markdown]
# ### Exercise · `squeeze`
# **{{worth:squeeze}} · easy**
#
# In: `x` (B, H, W, C). Out: a NumPy array (B, C), the mean of each channel over all its positions. NumPy only,
# no loop.

# %% answer="squeeze" minutes=3
def squeeze(x):
    """Average each channel of x (B, H, W, C) over all its positions. Returns (B, C)."""
    # average over the two axes of place, for each image and each channel apart
    ### BEGIN SOLUTION
    return x.mean(axis=(1, 2))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Two of the four axes say where. Those two go; the image and the channel
# stay.</details>
# <details><summary>Hint: nearly code</summary>An array's <code>mean</code> takes <code>axis=</code> with a tuple of
# axes. Which two numbers go in it?</details>
# <details><summary>"TypeError: Cannot interpret '2' as a data type"</summary>You wrote two axes as two arguments. The
# second argument of <code>mean</code> is a data type: put both axes into one tuple. A list, <code>axis=[1, 2]</code>, fails
# too.</details>

# %%
places = np.arange(180)
case_x = ((37 * places**2 + 11 * places) % 101 / 34 - 1.5).reshape(2, 3, 5, 6)    # two images, nothing square
case_x[0] += [0.5, -2.5, -0.5, 3.5, -0.5, -0.5]      # each image and channel has a brightness of its own
case_x[1] += [1.5, -1.5, 1.5, 2.5, -0.5, 0.5]

# %% tags=["demo"]
photographs = np.stack([photograph("china"), photograph("flower")]).astype("float64")    # (2, 96, 144, 3): red, green, blue
slow_means = np.zeros((2, 3))                        # the slow way: one image and channel at a time
for image, channel in np.ndindex(2, 3):
    slow_means[image, channel] = sum(photographs[image, :, :, channel].ravel().tolist()) / (96 * 144)

compare(squeeze, target=slow_means, inputs=(photographs,), title="The squeeze of a photograph", names=["red", "green", "blue"],
        alt="Three bars, the means of the red, green and blue channel of the photograph of a pavilion.")

# %% check="squeeze"
got = squeeze(hand_x)
check_type(got, np.ndarray)
check_shape(got, (1, 3), rule="one number for each image and channel")
check_close(got, [[3.0, 1.0, -2.0]], rule="worked by hand: means over four positions")
check_shape(squeeze(case_x), (2, 6), rule="one number for each image and channel")
check_close(squeeze(case_x[:, ::-1, ::-1]), squeeze(case_x), rule="a mean does not care where things are")
check_close(squeeze(case_x + 2.0), squeeze(case_x) + 2.0, rule="adding 2 everywhere adds 2 to a mean")
given = case_x.copy()
squeeze(given)
check_unchanged(case_x, given)
check_close(squeeze(case_x)[1:], squeeze(case_x[1:]), rule="each image has means of its own")
check_close(squeeze(case_x / 1000), squeeze(case_x) / 1000, rule="nothing is rounded", tolerance=1e-9)
passed("squeeze")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The mean over axis 3 gives (B, H, W), a spatial map. The mean over axes (0, 1, 2) mixes the
# images of the batch and shows only when B is greater than 1. `keepdims=True` gives (B, 1, 1, C): it broadcasts well
# later and then fails at the matrix product with a shape nobody expects. The maximum agrees with the mean on constant
# maps only.

# %% [markdown]
# ## 4 · Excite
#
# Each gate is computed from *all* channels, because a channel's importance depends on its company.
#
# ### 4.1 Two thin layers, not one square matrix
#
# The plain way is one $C \times C$ matrix $M$: gate $i$ looks at channel $j$ through weight $M_{ij}$.
#
# **Predict.** ResNet-50 has 16 residual blocks and 25,557,032 weights. Its blocks end in 256, 512, 1024 and 2048
# channels (3, 4, 6 and 3 blocks). How many per cent would one square matrix per block add?

# %% tags=["demo", "prediction"]
my_square = None  # a number of per cent: the weights that one C x C matrix per block adds to ResNet-50; None skips it

# %% tags=["demo"]
RESNET_50 = ([256, 512, 1024, 2048], [3, 4, 6, 3])       # the widths of its stages, and how many blocks each has
square = sum(depth * width**2 for width, depth in zip(*RESNET_50, strict=True))
print(f"one C x C matrix per block: {square:,} weights, {square / 25_557_032:.1%} of ResNet-50")
compare_guess(my_square, 100 * square / 25_557_032, "in per cent")

# %% [markdown]
# That is almost a second network, only for gates. So in SE a first layer takes $C$ numbers to $m$, and a second one $m$ to $C$. The width $m$ of this **bottleneck** is set by the **reduction ratio** $r$:
#
# $$ m = \lfloor C / r \rfloor \qquad\quad W_1 : (C, m) \qquad\quad W_2 : (m, C) $$
#
# Together they hold $2Cm$ weights where the square matrix holds $C^2$: one eighth at $r = 16$.
#
# What is given up? With nothing between the layers the **logits**, the numbers before the sigmoid, are $z\,W_1 W_2$, so $M = (W_1 W_2)^\top$. Every row of
# $W_1 W_2$ is a mixture of the $m$ rows of $W_2$, so its rank, the number of independent rows, is at most $m$. The
# **singular values** say how strongly a matrix stretches in each independent direction; as many as the rank are not zero.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title A bottleneck of width 4 makes a matrix of rank 4
random = np.random.default_rng(1)
tall, wide, full = random.normal(size=(24, 4)), random.normal(size=(4, 24)), random.normal(size=(24, 24))
figure, axes = plt.subplots(1, 4, figsize=(9.6, 2.9), layout="constrained", width_ratios=[0.45, 1.2, 1.2, 1.9])
panels = [(tall, "$W_1$\n24 x 4"), (wide, "times $W_2$\n4 x 24"),
          (tall @ wide, "is $W_1 W_2$, 24 x 24\n192 numbers decide 576")]
for axis, (matrix, title) in zip(axes, panels, strict=False):
    drawn = draw_map(axis, matrix, title, -4, 4, signed=True)
figure.colorbar(drawn, ax=axes[:3], fraction=0.03, pad=0.02)
order = np.arange(1, 25)
full_values, product_values = (np.linalg.svd(matrix, compute_uv=False) for matrix in (full, tall @ wide))
axes[3].plot(order, full_values, "o", mfc="w", mec="k", ms=5, label="24 x 24 at random: rank 24")
axes[3].plot(order, product_values, "k^", ms=5, label="$W_1 W_2$: rank 4")
axes[3].axvline(4.5, color="0.5", ls="--", lw=1)
axes[3].set(title="singular values, greatest first", xlabel="number")
axes[3].legend(frameon=False, loc="upper right")
show(figure, alt="A tall matrix with 4 columns times a wide matrix with 4 rows makes a 24 by 24 matrix. On the right its "
     "singular values: four are large, the other twenty are zero, while a random 24 by 24 matrix has twenty-four that "
     "are not zero.")

# %% [markdown]
# Only four singular values are left: the gates of $C$ channels are steered by $m$ numbers.
#
# ### 4.2 A ReLU in between
#
# Without it the logit of a gate is a straight line in $z$, and "open at medium brightness" is out of reach. With a ReLU two
# units do it: of $u_1 = \mathrm{relu}(z - 1)$ and $u_2 = \mathrm{relu}(1 - z)$ one is zero and the other is $|z - 1|$, so the logit
#
# $$ a = 2 - 8 u_1 - 8 u_2 = 2 - 8\,|z - 1| $$
#
# is positive at $z = 1$ and strongly negative at 0 and at 2.
#
# ### 4.3 A sigmoid at the end, not a softmax
#
# **Predict.** Three channels have logit 3, a fourth has $-3$. A softmax gives the three a gate of 0.33 each, a sigmoid 0.95.
# Now the fourth rises to logit 6. What does the softmax give each of the three?

# %% tags=["demo", "prediction"]
my_softmax = None  # a number from 0 to 1: the softmax gate of a channel with logit 3 when the fourth has 6; None skips it

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Sigmoid and softmax on the same logits
first, second = np.array([3.0, 3, 3, -3]), np.array([3.0, 3, 3, 6])
figure, axes = plt.subplots(1, 2, figsize=(9, 2.8), layout="constrained", sharey=True)
for axis, (name, rule) in zip(axes, [("sigmoid", keras.ops.sigmoid), ("softmax", keras.ops.softmax)], strict=True):
    for shift, logits, fill, hatch in [(-0.2, first, "0.35", ""), (0.2, second, "w", "///")]:
        heights = keras.ops.convert_to_numpy(rule(logits))
        label = "channel 4 has logit -3" if shift < 0 else "channel 4 has logit 6"
        bars = axis.bar(np.arange(1, 5) + shift, heights, 0.4, color=fill, edgecolor="k", hatch=hatch, label=label)
        axis.bar_label(bars, fmt="%.2f", fontsize=9, padding=1)
    axis.set(title=name, xlabel="channel", ylim=(0, 1.2), xticks=range(1, 5), yticks=[0, 0.5, 1])
axes[0].set_ylabel("gate")
axes[1].legend(frameon=False, loc="upper left")
draw_guess(axes[1], my_softmax)
show(figure, alt="Gates of four channels under two rules. With a sigmoid three channels with logit 3 all have gate 0.95, "
     "and they keep it when a fourth channel gets logit 6. With a softmax they have 0.33 each, and 0.04 once the fourth "
     "speaks up.")
compare_guess(my_softmax, heights[0], "softmax gate")

# %% [markdown]
# A softmax shares out a sum of one, so each channel that rises lowers the others. A sigmoid,
# $\sigma(a) = 1 / (1 + e^{-a})$, judges each channel by itself, so several can be open at once, or none.
#
# ### 4.4 The formula
#
# $$ u = \mathrm{relu}(z\,W_1 + b_1) \qquad\qquad g = \sigma(u\,W_2 + b_2) $$
#
# One image is one row; the paper writes it as a column, so its $W_1$ is the transpose of ours.
#
# **By hand.** Use $z = (3, 1, -2)$ and the weights `hand_w1` to `hand_b2` of section 2. First layer: $3 + 1 - 2 - 1 = 1$ and
# $-3 + 1 + 0 + 1 = -1$. The ReLU leaves $u = (1, 0)$, so only the first row of $W_2$ counts. Logits: $(\ln 3, -\ln 3, 0)$. As
# $\sigma(\ln 3) = 3/4$, the gates are $(3/4, 1/4, 1/2)$.

# %% [markdown]
# ### Exercise · `excite`
# **{{worth:excite}} · medium**
#
# In: `z` (B, C), `w1` (C, m), `b1` (m,), `w2` (m, C), `b2` (C,). Out: the gates as a NumPy array (B, C), each between
# 0 and 1. NumPy only, no loop.

# %% answer="excite" minutes=12
def excite(z, w1, b1, w2, b2):
    """Turn descriptors z (B, C) into gates (B, C) with w1 (C, m), b1 (m,), w2 (m, C), b2 (C,)."""
    # the gates of all images
    ### BEGIN SOLUTION
    hidden = np.maximum(z @ w1 + b1, 0)
    logits = hidden @ w2 + b2
    return 1 / (1 + np.exp(-logits))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the plan</summary>The first layer and its ReLU: (B, C) to (B, m). The second layer: (B, m) to
# (B, C). The sigmoid, number by number. Each image is one row and stays one row.</details>
# <details><summary>Hint: the shapes</summary>In <code>a @ b</code> the last axis of <code>a</code> meets the first
# axis of <code>b</code>: (B, C) meets (C, m), then (B, m) meets (m, C). A bias of shape (m,) is added to every row by
# itself.</details>
# <details><summary>Hint: nearly code</summary><code>np.maximum(..., 0)</code> is a ReLU. For the sigmoid use
# <code>np.exp</code>: which sign belongs in its exponent, so that a large logit gives a gate near 1?</details>
# <details><summary>"matmul: Input operand 1 has a mismatch in its core dimension 0 ... (size 2 is different from
# 3)"</summary>A matrix is transposed, or on the wrong side. <code>z</code> comes first and the matrix second;
# nothing needs a <code>.T</code>.</details>

# %%
case_z = np.array([[1.2, -1.9, 0.4, 2.8, -0.6, 0.1], [-0.7, -0.2, 1.9, 0.1, 1.3, -1.2]])
case_w1 = np.array([[0.9, -0.3], [0.4, 0.4], [0.2, 1.0], [0.8, -0.4], [-0.5, -0.3], [-0.7, 0.7]])
case_b1, case_b2 = np.array([-0.8, 0.3]), np.array([0.9, -0.5, -0.9, -0.6, -0.4, 0.7])
case_w2 = np.array([[1.1, 1.0, 0.6, -0.6, 0.8, -1.4], [1.3, -1.3, 1.3, 0.9, 1.1, 0.8]])
case_gates = np.array([
    [0.9599595, 0.8277836, 0.5846763, 0.1368149, 0.7783368, 0.0999302],
    [0.9070385, 0.1326188, 0.6172755, 0.5875872, 0.6826550, 0.8246247],
])

# %% tags=["demo"]
compare(excite, target=case_gates, inputs=(case_z, case_w1, case_b1, case_w2, case_b2),
        title="The gates of the first image, one bar per channel",
        alt="Bars of the gates of the first image's six channels; the stored ones are 0.96, 0.83, 0.58, 0.14, 0.78 and 0.10.")

# %% check="excite"
got = excite(np.array([[3.0, 1.0, -2.0]]), hand_w1, hand_b1, hand_w2, hand_b2)
check_type(got, np.ndarray)
check_shape(got, (1, 3), rule="one gate for each image and channel")
check_close(excite(case_z, case_w1, case_b1, case_w2, case_b2), case_gates, rule="two images, six channels, m = 2")
check_close(got, [[0.75, 0.25, 0.5]], rule="the case worked by hand in section 4.4")
half = excite(case_z, case_w1, case_b1, 0 * case_w2, 0 * case_b2)
check_close(half, np.full((2, 6), 0.5), rule="a logit of 0 is a gate of 1/2")
bump = (np.array([[1.0, -1.0]]), np.array([-1.0, 1.0]), np.full((2, 1), -8.0), np.array([2.0]))    # section 4.2
got = excite(np.array([[0.0], [1.0], [2.0]]), *bump)
check_close(np.round(got, 3), [[0.002], [0.881], [0.002]], rule="the gate of section 4.2: open at z = 1, closed at 0 and 2")
given = case_z.copy()
excite(given, case_w1, case_b1, case_w2, case_b2)
check_unchanged(case_z, given)
alone = np.concatenate([excite(row[None], case_w1, case_b1, case_w2, case_b2) for row in case_z])
check_close(alone, case_gates, rule="each image's gates come from that image alone")
one = np.ones((1, 1))
check_close(excite(1000 * one, one, 0 * one[0], one, 0 * one[0]), one, rule="a logit of 1000 is a gate of 1; exp(1000) is no number")
passed("excite")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** A ReLU after the second layer: no gate is below 1/2 any more. No ReLU at all: the hand case
# gives gates $\sigma(\ln 3 - 1)$ and so on, and the bump of section 4.2 disappears. A softmax: rows sum to 1. A bias
# left out: the hand case has non-zero biases for that reason. `w1.T`: raises here, and would pass silently if $m$
# were equal to $C$.
#
# In float32 `np.exp` overflows to infinity for logits below about $-88$ and warns; the gate is 0 all the same.
# `0.5 * (1 + np.tanh(logits / 2))` is the same function without the warning.

# %% [markdown]
# ### 4.5 Two images, two sets of gates
#
# For our data we can write good weights down. One hidden unit per group takes the group's mean brightness, about 1 when awake
# and 0 when asleep, and each gate has the logit $8u - 4$ of its group.

# %% tags=["demo"]
member = (GROUP[:, None] == np.arange(4)).astype(float)                    # (16, 4): 1 where the channel is in the group
lamp_weights = (member / 4, np.zeros(4), 8 * member.T, np.full(16, -4.0))  # w1, b1, w2, b2

with waits_for(squeeze, excite):
    descriptors = squeeze(images[chosen])
    figure, axes = plt.subplots(1, 2, figsize=(9, 2.6), layout="constrained", sharey=True)
    for axis, gates, place in zip(axes, excite(descriptors, *lamp_weights), chosen, strict=True):
        bright = np.equal(GROUP, awake[place])
        axis.bar(np.arange(16)[bright], gates[bright], color="0.25", edgecolor="k", label="awake")
        axis.bar(np.arange(16)[~bright], gates[~bright], color="w", edgecolor="k", hatch="///", label="asleep")
        axis.set(title=f"image {place}: group {'ABCD'[awake[place]]} is awake", xlabel="channel")
        axis.set(ylim=(0, 1.25), yticks=[0, 0.5, 1])
        axis.set_xticks(np.arange(1.5, 16, 4), ["A\n0 to 3", "B\n4 to 7", "C\n8 to 11", "D\n12 to 15"])
        axis.legend(frameon=False, ncols=2, loc="upper left")
    axes[0].set_ylabel("gate")
    show(figure, alt="Gates of the sixteen channels for two images, from the same weights. In the first image the four "
         "channels of group B have the greatest gates, in the second those of group D.")

# %% [markdown]
# One set of weights gives two images different gates. Within an image the gates of a group are equal, because they share one
# unit: the low rank of section 4.1.

# %% [markdown]
# ## 5 · Scale
#
# The gate multiplies its channel, at every position alike:
#
# $$ y_{bhwc} = g_{bc}\; x_{bhwc} $$
#
# In section 2 the gate $3/4$ makes 0.75, 1.5, 3 and 3.75 of the first map. This is the product of brightness and side that the
# fixed vote could not form.

# %% [markdown]
# ### Exercise · `se_forward`
# **{{worth:se_forward}} · easy**
#
# In: `x` (B, H, W, C) and the four weights of `excite`. Out: a NumPy array, `x` with each channel multiplied by its gate,
# of the same shape; `x` itself stays as it was. NumPy only, no loop; you may call `squeeze` and `excite`.

# %% answer="se_forward" minutes=8
def se_forward(x, w1, b1, w2, b2):
    """Squeeze, excite and scale x (B, H, W, C) with w1 (C, m), b1 (m,), w2 (m, C), b2 (C,). Returns (B, H, W, C)."""
    # the map after the block
    ### BEGIN SOLUTION
    z = squeeze(x)
    gate = excite(z, w1, b1, w2, b2)
    return x * gate[:, None, None, :]
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>You have both halves already. What is left is to make one number multiply a
# whole map, as in notebook 00.</details>
# <details><summary>Hint: the shapes</summary>(B, C) has to become (B, 1, 1, C) before it can multiply (B, H, W,
# C).</details>
# <details><summary>Hint: nearly code</summary>Indexing with <code>None</code> inserts an axis of length 1: <code>v[:,
# None]</code> turns (B,) into (B, 1). The gates need two of them, in the middle.</details>
# <details><summary>"operands could not be broadcast together with shapes (2,3,5,6) (2,6)"</summary>NumPy lines shapes
# up from the right: the 2 of your gates meets the 5 of W. Insert the two axes. When B equals W there is no error, and
# the result is wrong.</details>

# %%
slow_y = np.zeros_like(case_x)                       # the slow way, with stored gates
case_se_gates = np.array([
    [0.9556116, 0.8133850, 0.5703536, 0.1438969, 0.7645386, 0.1129436],
    [0.9764335, 0.6300683, 0.7322059, 0.2413497, 0.8518835, 0.2016017],
])
for image, row, column, channel in np.ndindex(case_x.shape):
    slow_y[image, row, column, channel] = case_se_gates[image, channel] * case_x[image, row, column, channel]

# %% tags=["demo"]
with waits_for(squeeze, excite):
    colour_weights = (hand_w1, hand_b1, hand_w2, hand_b2)                # the weights of section 2
    colour_gates = excite(squeeze(photographs), *colour_weights)
    target = np.zeros(photographs.shape)
    for image, channel in np.ndindex(2, 3):
        target[image, :, :, channel] = photographs[image, :, :, channel] * colour_gates[image, channel]
    compare(se_forward, target, inputs=(photographs, *colour_weights), title="A photograph through the block", names=["red", "green", "blue"],
            gate=np.einsum("bc,bhwc->bhwc", colour_gates, np.ones_like(photographs)),
            alt="The red, green and blue channel of the photograph of a pavilion. A gate is one shade for a whole channel, and the channel is darkened by it.")

# %% check="se_forward"
hand_y = se_forward(hand_x.copy(), hand_w1, hand_b1, hand_w2, hand_b2)
check_type(hand_y, np.ndarray)
check_shape(hand_y, (1, 2, 2, 3), rule="the block changes values, not the shape")
given = case_x.copy()
got = se_forward(given, case_w1, case_b1, case_w2, case_b2)
check_unchanged(case_x, given)
check_close(got, slow_y, rule="one gate at all positions of a channel, another one for each image", tolerance=1e-4)
check_close(hand_y[0, :, :, 0], [[0.75, 1.5], [3.0, 3.75]], rule="worked by hand: the first map times 3/4")
check_close(hand_y[0, :, :, 2], [[-4.0, 0.0], [2.0, -2.0]], rule="worked by hand: the third map times 1/2, negative numbers too")
got = se_forward(np.concatenate([case_x] * 3)[:5], case_w1, case_b1, case_w2, case_b2)
check_close(got[1], slow_y[1], rule="each image by its own gates, here with B = W = 5", tolerance=1e-4)
passed("se_forward")

# %% [markdown]
# Now the vote of section 1 follows your block, with the weights of section 4.5.

# %% tags=["demo"]
with waits_for(squeeze, excite, se_forward):
    gated = se_forward(images.copy(), *lamp_weights)
    print(f"vote of all channels, no gate      {share_right(sides):.3f}")
    print(f"vote of all channels after SE      {share_right(read_sides(gated)):.3f}")

# %% [markdown]
# Nothing was trained: the block *can* hold the solution. Section 8 asks whether gradient descent finds it.

# %% [markdown]
# **Reflection · what the mean forgets**
#
# **{{worth:reflect-squeeze}} · in your own words**
#
# Two images give the same channel means. In the first, a small bright object sits in one corner. In the second, the
# same light is spread over the whole map. How do their gates differ, and why? Name one task in which this does no harm and
# one in which it does.

# %% [markdown] question="reflect-squeeze" points=3 minutes=8 row="reflection: what the mean forgets"
# ### BEGIN SOLUTION
# The gates are identical. They are a function of the squeeze alone, and the squeeze of both images is the same: a
# mean is a sum over positions divided by their number, so it does not change when light is moved.
#
# It does no harm where the question is *what* is in the image as a whole, for example which group is awake in our
# data, or whether a picture is a night scene. The output still holds the object at its place, because every position
# is multiplied by the same gate.
#
# It does harm where a small object has to decide. Its light is divided by all H x W positions, so in a large map it
# hardly moves the mean, and the channel that detects it may be turned down. A maximum beside the mean, or gates by
# position, would keep that information.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: the gates are the same. One point: because they depend on x only through the mean, which
# ignores place and spread. One point: a fitting pair of tasks, with a reason each. An answer that says the *outputs*
# are the same is wrong on the first point: the maps differ, only their gates agree. Any sensible harmful task passes:
# small objects, localisation, counting, textures.

# %% [markdown]
# ## 6 · Count the weights
#
# Only excite has weights: $Cm$ in $W_1$, $m$ in $b_1$, $mC$ in $W_2$ and $C$ in $b_2$. For $C = 64$ and $r = 16$ the width is
# $m = 4$: $256 + 4 + 256 + 64 = 580$ weights with biases and 512 without. When $r$ does not divide $C$, the width is rounded
# down: $C = 20$ gives $m = 1$.

# %% [markdown]
# ### Exercise · `se_weight_count`
# **{{worth:se_weight_count}} · easy**
#
# In: `channels`, `ratio`, and `bias`, which says whether the two layers have biases. Out: the number of weights as a
# Python `int`. You may take for granted that `channels` is at least `ratio`.

# %% answer="se_weight_count" minutes=8
def se_weight_count(channels, ratio=16, bias=True):
    """Count the weights of an SE block for this many channels, as an int; bias=False leaves both biases out."""
    # the number of weights
    ### BEGIN SOLUTION
    width = channels // ratio
    matrices = 2 * channels * width
    return matrices + width + channels if bias else matrices
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Add up the four arrays; two of them only if <code>bias</code> is
# true.</details>
# <details><summary>Hint: nearly code</summary>Find the width first. The two matrices are equally large. The biases
# have different lengths.</details>
# <details><summary>"a count is a Python int ..."</summary>Somewhere a <code>/</code> made a float:
# 64 / 16 is 4.0. With a ratio that does not divide evenly the count would also be wrong.</details>

# %% check="se_weight_count"
check_type(se_weight_count(64), int)
check_equal(se_weight_count(80, ratio=4), 3300, rule="C = 80, r = 4: 1600 + 20 + 1600 + 80")
check_equal(se_weight_count(20, ratio=3), 266, rule="20 / 3 is rounded down, m = 6: 120 + 6 + 120 + 20")
check_type(se_weight_count(20, ratio=3), int)
check_equal(se_weight_count(64), 580, rule="the case worked by hand: 256 + 4 + 256 + 64")
check_equal(se_weight_count(64, bias=False), 512, rule="without biases only the two matrices are left")
check_equal(se_weight_count(20), 61, rule="m = 1 here: 20 + 1 + 20 + 20")
check_equal(se_weight_count(40, ratio=4), 850, rule="m = 10: 400 + 10 + 400 + 40")
biases = se_weight_count(24, ratio=3) - se_weight_count(24, ratio=3, bias=False)
check_equal(biases, 32, rule="the biases are m + C numbers: 8 + 24")
passed("se_weight_count")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The ratio used as the width ($m = r$); `int(2 * C * C / r)`, which agrees only where $r$
# divides $C$; $2C$ or $2m$ biases instead of $m + C$; a width rounded up to a multiple of 8, as the timm library
# does (section 9).

# %% [markdown]
# ## 7 · The block in Keras
#
# In a network the four arrays are trained, so they live in layers. A layer is made, then called on a `KerasTensor`, which has
# a shape and no values yet:
#
# ```python
# inputs = keras.Input((None, None, 6))            # any height, any width, six channels
# doubled = keras.layers.Dense(12)(inputs)
# ```
#
# - Height and width may be `None`; the channels, `x.shape[-1]`, are known.
# - NumPy and `tf.` functions do not take a `KerasTensor`; layers and `keras.ops` do.
# - Each call of your function makes new layers, because two blocks must not share weights. Leave their names to Keras.

# %% [markdown]
# ### Exercise · `se_block`
# **{{worth:se_block}} · medium**
#
# In: a KerasTensor `x` (B, H, W, C), height and width perhaps unknown, and `ratio`. Out: a KerasTensor of the same shape,
# squeezed, excited and scaled. The block has exactly the weights $W_1, b_1, W_2, b_2$, all trainable, with $m$ as in section
# 6. Any style is right: `Dense` or 1x1 `Conv2D`, `Multiply` or `*`.

# %% answer="se_block" minutes=20
def se_block(x, ratio=16):
    """Squeeze, excite and scale a KerasTensor x (B, H, W, C). Returns a KerasTensor of the same shape."""
    # the map after the block, from new layers
    ### BEGIN SOLUTION
    channels = x.shape[-1]
    gate = keras.layers.GlobalAveragePooling2D()(x)
    gate = keras.layers.Dense(channels // ratio, activation="relu")(gate)
    gate = keras.layers.Dense(channels, activation="sigmoid")(gate)
    gate = keras.layers.Reshape((1, 1, channels))(gate)
    return keras.layers.Multiply()([x, gate])
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the plan</summary>Every step of <code>se_forward</code> has a layer of its own: one that pools,
# two dense ones, which hold a matrix and a bias and can apply their activation themselves, one that gives the gates a
# height and a width of 1, and one that multiplies.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C), pooled to (B, C), then (B, m), then (B, C), then (B, 1, 1,
# C), and the product is (B, H, W, C).</details>
# <details><summary>Hint: nearly code</summary>Look up the pooling layer whose name begins with
# <code>GlobalAverage</code>; its <code>keepdims=True</code> would spare you the reshape. How many units does each of
# the two dense layers get?</details>
# <details><summary>"Received an invalid value for `units`, expected a positive integer. Received:
# units=2.0"</summary>A width is a whole number: divide with <code>//</code>.</details>
# <details><summary>"A KerasTensor is symbolic: it's a placeholder ..." or "A KerasTensor cannot be used as input to a
# TensorFlow function"</summary>You called a NumPy or <code>tf.</code> function on <code>x</code>. Use a layer, or the
# function of that name in <code>keras.ops</code>.</details>
# <details><summary>"Incompatible shapes: [2,3,5,6] vs. [2,6]"</summary>You used <code>*</code> with gates of shape
# (B, C). The model builds, and fails when it runs: the gates need a height and a width of 1 first.</details>

# %% [markdown]
# To be compared, the two versions need the same weights. This function finds the place of each array by its shape.

# %%
def copy_weights(model, *arrays):
    """Put each array into the model's weight of the same shape, leading axes of length 1 aside."""
    for variable in model.weights:
        fitting = [array for array in arrays if array.shape == tuple(variable.shape)[-2:]]
        if fitting:
            variable.assign(fitting[0].reshape(variable.shape))


# %% tags=["demo"]
with waits_for(squeeze, excite, se_forward, se_block):
    inputs = keras.Input((None, None, 6))
    one_block = keras.Model(inputs, se_block(inputs, ratio=3))
    copy_weights(one_block, case_w1, case_b1, case_w2, case_b2)
    in_keras = keras.ops.convert_to_numpy(one_block(case_x.astype("float32")))
    in_numpy = se_forward(case_x.copy(), case_w1, case_b1, case_w2, case_b2)
    print("weights of the model:", [tuple(variable.shape) for variable in one_block.weights])
    print(f"greatest difference between Keras and your NumPy: {np.abs(in_keras - in_numpy).max():.1e}")

# %% check="se_block"
inputs = keras.Input((None, None, 6))
outputs = se_block(inputs, ratio=3)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 6), rule="the block keeps the shape, an unknown height and width included")
model = keras.Model(inputs, outputs)
narrow, other = keras.Input((8, 8, 20)), keras.Input((8, 8, 46))
check_equal(keras.Model(other, se_block(other, ratio=4)).count_params(), 1069, rule="C = 46, r = 4: m = 11, so 506 + 11 + 506 + 46")
check_equal(model.count_params(), 32, rule="C = 6, r = 3: m = 2, so 12 + 2 + 12 + 6")
check_equal(len(model.trainable_weights), 4, rule="exactly W1, b1, W2, b2, all of them trainable")
copy_weights(model, case_w1, case_b1, case_w2, case_b2)
got = keras.ops.convert_to_numpy(model(case_x.astype("float32")))
check_close(got, slow_y, rule="with the same weights, what your NumPy version gives", tolerance=1e-4)
check_shape(model(np.ones((1, 4, 7, 6), "float32")), (1, 4, 7, 6), rule="the same model takes maps of another size")
wide_input = keras.Input((8, 8, 64))
twice = keras.Model(wide_input, se_block(se_block(wide_input)))
check_equal(twice.count_params(), 1160, rule="two blocks at the default ratio of 16 have 2 x 580 weights of their own")
check_equal(keras.Model(narrow, se_block(narrow, ratio=3)).count_params(), 266, rule="20 / 3 is rounded down: m = 6")
got = keras.ops.convert_to_numpy(model(case_x.astype("float32"), training=True))
check_close(got, slow_y, rule="in training the block computes the same", tolerance=1e-4)
passed("se_block")

# %% [markdown] tags=["instructor"]
# **Reading the result.** The two versions agree to about 1e-6: Keras computes in float32, your arrays are float64. A
# difference of 1e-2 or more is a wrong formula, not rounding.
#
# **Mistakes to expect.** A block with `use_bias=False`; an extra ReLU on `x` before the pool; a width of `ratio`;
# `Flatten` instead of the pool, which needs a known size and brings H x W times the weights; named layers, which
# collide on the second call; layers made once outside the function and shared by every block; the gate returned
# without the product. `keras.layers.Multiply()([x, gate])` with a gate (B, C) is right here: that layer inserts the
# missing axes itself. The bare `x * gate` does not.

# %% [markdown]
# ### 7.1 The gates start near one half
#
# Keras draws a dense kernel with variance $2/(\text{inputs} + \text{outputs})$, here $2/(C+m)$ for both layers (Glorot's
# rule), and sets biases to zero. Let $q$ be the mean of $z_c^2$. A sum of $C$ independent terms has variance $2Cq/(C+m)$, the
# ReLU keeps half of the mean square, and the second sum has $m$ terms, so
#
# $$ \operatorname{var}(a) = m \cdot \frac{2}{C+m} \cdot \frac{Cq}{C+m} = \frac{2\,m\,C}{(C+m)^2}\,q = \frac{2r}{(r+1)^2}\,q $$
#
# At $r = 16$ and $q = 1$ that is $0.11$, a standard deviation of $0.33$. Near zero the sigmoid has slope $1/4$, so the gates
# spread by about $0.08$ around $1/2$.

# %% tags=["demo"]
with waits_for(se_block):
    keras.utils.set_random_seed(2)
    fresh_gates = []
    for _ in range(20):                                               # twenty fresh blocks, 64 channels each
        inputs = keras.Input((1, 1, 64))
        pixels = np.random.default_rng(4).normal(size=(50, 1, 1, 64)).astype("float32")   # 1 x 1 maps: z is the pixel
        outputs = keras.Model(inputs, se_block(inputs))(pixels)
        fresh_gates.append(keras.ops.convert_to_numpy(outputs) / pixels)
    print(f"gates of fresh blocks: mean {np.mean(fresh_gates):.3f}, standard deviation {np.std(fresh_gates):.3f}")
    print("derived:                    0.5                       0.08")

# %% [markdown]
# So a fresh block about halves its input and hardly looks at the image.
#
# ### 7.2 What a gate learns from
#
# Let $L$ be the loss. The layers after the block have already delivered $\partial L / \partial y_{bhwc}$. How does the loss change when one gate $g_{bc}$ is turned up a little?

# %% [markdown]
# ### Exercise · `gate_gradient`
# **{{worth:gate_gradient}} · hard**
#
# In: the map `x` that the gates multiply, and `dy`, the gradient of the loss by $y$, both (B, H, W, C). Out:
# $\partial L / \partial g_{bc}$ as a NumPy array (B, C). Derive it on paper from $y_{bhwc} = g_{bc}\, x_{bhwc}$. NumPy only,
# no loop.
#
# The cell below your answer finds the same numbers by small steps of each gate, for the loss $\sum \cos y$.

# %% answer="gate_gradient" minutes=20
def gate_gradient(x, dy):
    """From x and dL/dy, both (B, H, W, C), compute dL/dg for the channel gates of y = g x. Returns (B, C)."""
    # the gradient of every gate
    ### BEGIN SOLUTION
    return np.sum(x * dy, axis=(1, 2))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: one number</summary>Turn <code>g[b, c]</code> up by a small step. By how much does one number
# <code>y[b, h, w, c]</code> change? And by how much does that change the loss, if dL/dy is given?</details>
# <details><summary>Hint: which numbers</summary>On how many numbers of <code>y</code> does one gate act? Small changes of
# the loss add up.</details>
# <details><summary>Hint: the shapes</summary>Image and channel stay, the two axes of place go: (B, H, W, C) becomes
# (B, C).</details>

# %%
def loss_of(gates, x):
    """The sum of cos(y) for y = g x, channel by channel."""
    return np.cos(np.einsum("bc,bhwc->bhwc", gates, x)).sum()


slopes, step = np.zeros((2, 6)), 1e-4                                 # by numerical differences, one gate at a time
for place in np.ndindex(2, 6):
    up, down = case_se_gates.copy(), case_se_gates.copy()
    up[place], down[place] = up[place] + step, down[place] - step
    slopes[place] = (loss_of(up, case_x) - loss_of(down, case_x)) / (2 * step)
case_dy = -np.sin(slow_y)                                             # the derivative of cos is -sin

# %% tags=["demo"]
compare(gate_gradient, target=slopes, inputs=(case_x.copy(), case_dy), title="dL/dg for the gates of the first image",
        alt=f"Six bars, the gradients {', '.join(f'{slope:.1f}' for slope in slopes[0])}, found by numerical differences.")

# %% check="gate_gradient"
hand_dy = np.array([[[[1.0, 0.0, 2.0], [-1.0, 3.0, 1.0]], [[0.0, 1.0, -1.0], [2.0, -2.0, 0.5]]]])
got = gate_gradient(hand_x.copy(), hand_dy.copy())
check_type(got, np.ndarray)
check_shape(got, (1, 3), rule="one gradient for each gate")
given, given_dy = case_x.copy(), case_dy.copy()
got_case = gate_gradient(given, given_dy)
check_shape(got_case, (2, 6), rule="one gradient for each gate")
check_close(got_case, slopes, rule="the numerical difference of the loss, gate by gate")
check_close(got, [[9.0, 12.0, -22.0]], rule="worked by hand with the map of section 2")
check_unchanged(case_x, given)
check_unchanged(case_dy, given_dy)
check_close(gate_gradient(case_x[1:], case_dy[1:]), slopes[1:], rule="each image has gates of its own")
passed("gate_gradient")

# %% [markdown] tags=["instructor"]
# **The derivation.** A step $\varepsilon$ of $g_{bc}$ changes $y_{bhwc}$ by $\varepsilon\,x_{bhwc}$ at every position of
# channel $c$ in image $b$ and nothing else, so $L$ changes by $\varepsilon \sum_{h,w} x_{bhwc}\, \partial L / \partial
# y_{bhwc}$ to first order. Mistakes to expect: a mean instead of the sum (the factor $HW$ is real: a gate on a large map
# gets a large gradient); the sum of $\partial L/\partial y$ alone; the product of two sums, which looks right for
# constant maps; adding up over images.

# %% [markdown]
# From $g$ the gradient goes on through the sigmoid, whose slope $g(1-g)$ is almost zero for a gate that is shut or fully open.
# So a gate that has shut learns slowly.

# %% tags=["demo"]
with waits_for(gate_gradient):
    gates = tf.Variable(case_se_gates)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.cos(gates[:, None, None, :] * case_x))
    difference = np.abs(tape.gradient(loss, gates) - gate_gradient(case_x.copy(), case_dy)).max()
    print(f"greatest difference between TensorFlow's gradient and yours: {difference:.1e}")

# %% [markdown]
# ## 8 · Does looking help? A measurement
#
# Now gradient descent has to find the weights. The network is a gate, then the side of each channel, then one trained vote
# per channel, in three versions:
#
# - **no gate**: the plain vote;
# - **blind**: your block, but it is shown a blank image of ones, so its gates are the same for every image;
# - **looks**: your block as it is.
#
# All start from the same votes and get the same images and steps.
#
# To be fair to the plain vote there is a second data set, in which group A is awake in *every* image. Its noise is 5 instead
# of 1.5, so that there is room for differences: from $n$ of the four channels of A the side can be read with probability
# $\Phi(\sqrt{24\,n}/5)$, which is 0.836, 0.917, 0.955 and 0.975 for $n = 1$ to 4 ($\Phi$ is the normal distribution function).
#
# **Predict.** How often is the looking version right where the awake group changes?

# %% tags=["demo", "prediction"]
my_changing = None  # a number from 0.5 to 1: how often the looking version is right where the awake group changes; None skips it

# %% [markdown]
# **Predict.** And how often where group A is always awake?

# %% tags=["demo", "prediction"]
my_fixed = None  # a number from 0.5 to 1: how often it is right where group A is always awake; None skips it

# %% tags=["demo"]
def build(kind, ratio):
    """One vote per channel: on the maps themselves ("none"), or after a gate that is "blind" or "looks"."""
    inputs = keras.Input((ROWS, COLUMNS, CHANNELS))
    maps = inputs
    if kind == "blind":
        maps = inputs * se_block(keras.ops.ones_like(inputs), ratio)
    if kind == "looks":
        maps = se_block(inputs, ratio)
    sides_seen = keras.ops.einsum("bhwc,hw->bc", maps, SIDES / SIDES.size)
    votes = keras.layers.Dense(1, use_bias=False, name="vote")(sides_seen)
    return keras.Model(inputs, votes), keras.Model(inputs, maps)        # the network, and what the gate leaves


def first_votes(seed):
    """The votes (16, 1) with which every version starts, of both signs."""
    return np.random.default_rng(seed).uniform(-0.6, 0.6, size=(CHANNELS, 1))


# %% tags=["demo"]
def train(kind, ratio=4, changing=True, noise=1.5, seeds=5, passes=6):
    """The share right on 4,000 new images after training on 4,096, for each seed; and the gates of an image of ones."""
    model, gated = build(kind, ratio)
    model.compile(keras.optimizers.Adam(0.05), keras.losses.BinaryCrossentropy(from_logits=True), jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    at_rest = [variable.numpy() for variable in model.optimizer.variables]
    shares, gates = [], []
    for seed in range(seeds):
        keras.utils.set_random_seed(seed)
        model.set_weights(build(kind, ratio)[0].get_weights())         # new weights, and the optimiser as at the start
        model.get_layer("vote").set_weights([first_votes(seed)])
        for variable, value in zip(model.optimizer.variables, at_rest, strict=True):
            variable.assign(value)
        train_images, train_labels, _ = make_images(100 + seed, 4096, changing, noise)
        model.fit(train_images, (train_labels > 0).astype("float32"), batch_size=256, epochs=passes, verbose=0)
        test_images, test_labels, _ = make_images(900 + seed, 4000, changing, noise)
        shares.append(float(np.mean(np.sign(model(test_images)[:, 0]) == test_labels)))
        gates.append(keras.ops.convert_to_numpy(gated(np.ones((1, ROWS, COLUMNS, CHANNELS), "float32")))[0, 0, 0])
    return np.array(shares), np.array(gates)


# %% tags=["demo"]
ARMS = {
    "no gate": ("none",), "blind, m = 4": ("blind",), "looks, m = 1": ("looks", 16), "looks, m = 4": ("looks",),
    "no gate, A awake": ("none", 4, False, 5.0, 10), "blind, m = 4, A awake": ("blind", 4, False, 5.0, 10),
    "looks, m = 4, A awake": ("looks", 4, False, 5.0, 10),
}
measured = {}
with waits_for(se_block):
    for name, settings in ARMS.items():
        shares, gates = measured[name] = train(*settings)
        print(f"{name:22} mean {shares.mean():.4f}, from {shares.min():.4f} to {shares.max():.4f} ({len(shares)} seeds)")
    for world in ("", ", A awake"):
        looks, blind, none = (measured[f"{arm}{world}"][0] for arm in ("looks, m = 4", "blind, m = 4", "no gate"))
        for other, shares in [("blind", blind), ("no gate", none)]:
            gain = 100 * (looks - shares)                              # paired by seed: the same images and first votes
            print(f"looks minus {other:8}{world:10} {gain.mean():+6.2f} points, from {gain.min():+.2f} to {gain.max():+.2f}")
    compare_guess(my_changing, measured["looks, m = 4"][0].mean(), "looks, changing group")
    compare_guess(my_fixed, measured["looks, m = 4, A awake"][0].mean(), "looks, A always awake")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Accuracy of each version, one circle per seed
if len(measured) == 7:
    figure, axes = plt.subplots(1, 2, figsize=(9.6, 3.4), layout="constrained")
    worlds = [(list(ARMS)[:4], "the awake group changes", [0.7, 0.8, 0.9, 1.0]),
              (list(ARMS)[4:], "group A is always awake", [0.84, 0.88, 0.92, 0.96])]
    for axis, (names, title, ticks) in zip(axes, worlds, strict=True):
        for height, name in enumerate(names):
            shares = measured[name][0]
            spread = np.random.default_rng(height).uniform(-0.22, 0.22, len(shares))
            axis.plot(shares, height + spread, "o", mfc="w", mec="k", ms=5)
            axis.plot([shares.mean()] * 2, [height - 0.33, height + 0.33], "k-", lw=2)
        axis.set_yticks(range(len(names)), [name.replace(", A awake", "") for name in names])
        axis.set(title=title, xlabel="share right on new images", xticks=ticks, ylim=(len(names) + 0.1, -0.5))
    axes[0].axvline(11 / 16, color="0.5", ls="--", lw=1, zorder=0)
    axes[0].text(0.7, 3.95, "11/16: ceiling of fixed votes", fontsize=9, va="bottom")
    for count, level in enumerate([0.836, 0.917, 0.955, 0.975], start=1):
        axes[1].axvline(level, color="0.5", ls="--", lw=1, zorder=0)
        axes[1].text(level, 2.95, f" {count}", fontsize=9, va="bottom")
    axes[1].set_xlim(0.82, 0.985)
    for axis, guess in zip(axes, (my_changing, my_fixed), strict=True):
        draw_guess(axis, guess, along="y")
    means = ", ".join(f"{name} {shares.mean():.3f}" for name, (shares, _) in measured.items())
    show(figure, alt=f"Share of new images right, one circle per seed and a bar at the mean. Means: {means}. Dashed lines: on the "
         "left the ceiling of fixed votes, on the right what 1, 2, 3 or 4 channels of group A allow.")

# %% [markdown]
# On the left, weights that cannot look have the dashed line as their ceiling, and a gate that looks may pass it. On the right
# the ceiling is the line marked 4, which the plain vote can reach by itself, so a gate has nothing to gain; runs near the lines
# 1 to 3 use only some of the four channels. (With 4,000 test images one standard error is 0.007 on the left and 0.0025 on the
# right, so a circle may lie above a ceiling by chance.)
#
# ### 8.1 Why would a gate shut a channel that helps?
#
# Let $\ell_c$ be the side that is read from channel $c$, positive for left, and $\omega_c$ its vote. The output is
# $\sum_c \omega_c\, g_c\, \ell_c$; let $\delta$ be the derivative of the loss by it. Each position of $y$ enters with the
# weight $\pm\omega_c/24$, so your sum over positions gives
#
# $$ \frac{\partial L}{\partial g_c} = \delta\,\omega_c\,\ell_c \qquad\qquad \frac{\partial L}{\partial \omega_c} = \delta\,g_c\,\ell_c $$
#
# If channel $c$ helps, $\delta\,\ell_c$ is negative on average, so gradient descent raises $\omega_c$, and $g_c$ too if
# $\omega_c$ is positive. But where the vote *starts* negative, the same step shuts the gate, and a shut gate starves the vote:
# it is a race. The figure shows all channels of group A in the blind runs.

# %% tags=["demo"]
if len(measured) == 7:
    starts = np.array([first_votes(seed)[:4, 0] for seed in range(10)]).ravel()
    ends = measured["blind, m = 4, A awake"][1][:, :4].ravel()
    figure, axis = plt.subplots(figsize=(6.4, 2.8), layout="constrained")
    axis.plot(starts, ends, "o", mfc="none", mec="k", ms=6)
    axis.axvline(0, color="0.5", ls="--", lw=1, zorder=0)
    axis.set(xlabel="vote at the start", ylabel="gate at the end", ylim=(-0.06, 1.06), title="Blind gate, A always awake: 40 channels of group A")
    shut = ends < 0.1
    show(figure, alt=f"Gate at the end against the vote at the start, one circle for each of 40 channels. {shut.sum()} gates ended below 0.1; "
         f"{(shut & (starts < 0)).sum()} of them had a negative vote at the start.")
    for sign, which in [("negative", starts < 0), ("positive", starts > 0)]:
        print(f"vote {sign} at the start: {(shut & which).sum()} of {which.sum()} gates ended below 0.1")

# %% [markdown] tags=["instructor"]
# **Reading the result.** Changing groups: *no gate* and *blind* lie within two standard errors (0.007 for 4,000 images) of
# 0.6875, the derived ceiling. The looking gate with $m = 4$ was right in every test image or nearly so. Same weights, same
# steps, same images, same first votes: the gain over the blind gate is due to looking.
#
# The bottleneck: $m = 1$ reaches about 0.85, and weights written by hand for one unit reach 0.86 (the stretch task).
# `train("looks", 8)`, so $m = 2$, gives 0.98 to 1.00. Two units can be enough for four groups: place the groups at the
# corners of a square, and one straight line cuts off each corner. The rank limits the logits, and a gate needs no more
# than the right sign.
#
# Group A always awake: looking cannot help, and some runs lose channels. On our machine every shut gate had a vote that
# started negative, but most negative votes turned positive before their gate had shut: it is a race. More passes let the
# looking gate recover, because its logits still move with the image; a blind gate that is shut stays so.

# %% [markdown]
# We built the first data set so that looking must help. It shows what the block can do; whether your data need it is the
# question of 06.

# %% [markdown]
# ## 9 · What it costs in a whole network
#
# A block of a residual network adds its own input to its result; the path around the block is its **shortcut**. The blocks of a
# **stage** work at one map size and end in the same number of channels. Each of them gets an SE block.

# %% tags=["demo"]
def overhead(widths, depths, ratio=16):
    """The weights that SE blocks with biases add to a network with these stages."""
    return sum(depth * se_weight_count(width, ratio) for width, depth in zip(widths, depths, strict=True))


with waits_for(se_weight_count):
    for name, stages, plain in [("ResNet-18", ([64, 128, 256, 512], [2, 2, 2, 2]), 11_689_512), ("ResNet-50", RESNET_50, 25_557_032)]:
        print(f"SE adds {overhead(*stages):,} weights to {name}: {overhead(*stages) / plain:.2%} of its {plain:,}")

# %% [markdown]
# ### 9.1 Where the weights sit, and where the work is
#
# The weights of a block grow with $C^2$. Its work has another part: pool and scaling touch all $HWC$ numbers, on maps of side
# 56, 28, 14 and 7. We count additions of the pool, products of the scaling and multiply-adds of the layers.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Weights and work of SE in ResNet-50, stage by stage
with waits_for(se_weight_count):
    stages = list(zip(*RESNET_50, [56, 28, 14, 7], strict=True))
    stage_weights = np.array([overhead([width], [blocks]) for width, blocks, _ in stages])
    products = np.array([blocks * 2 * width * (width // 16) for width, blocks, _ in stages])
    touched = np.array([blocks * 2 * side * side * width for width, blocks, side in stages])
    totals = products + touched
    figure, axes = plt.subplots(1, 2, figsize=(9.6, 3.3), layout="constrained")
    bars = axes[0].bar(range(4), stage_weights / 1e6, color="0.45", edgecolor="k")
    axes[0].bar_label(bars, [f"{n:,}\n{n / stage_weights.sum():.1%}" for n in stage_weights], padding=2, fontsize=9)
    axes[0].set(title="weights", ylabel="millions", ylim=(0, 2.0))
    axes[1].bar(range(4), touched / 1e6, color="w", edgecolor="k", hatch="///", label="pool and scale")
    bars = axes[1].bar(range(4), products / 1e6, bottom=touched / 1e6, color="0.45", edgecolor="k", label="two layers")
    axes[1].bar_label(bars, [f"{n / totals.sum():.0%}" for n in totals], padding=2, fontsize=9)
    axes[1].set(title="operations for one image", ylabel="millions", ylim=(0, 6.6))
    axes[1].legend(frameon=False)
    for axis in axes:
        axis.set_xticks(range(4), [f"{width}\nx {blocks}" for width, blocks, _ in stages])
        axis.set_xlabel("stage: channels x blocks")
    show(figure, alt="Bars for the four stages of ResNet-50. Weights: 25 thousand, 133 thousand, 793 thousand and 1.58 million. "
         "Operations: the first stage has the most, nearly all of them in pooling and scaling.")
    print(f"weights {stage_weights.sum():,} of 25,557,032: {stage_weights.sum() / 25_557_032:.2%}")
    print(f"operations {totals.sum():,} of 3,857,973,248 multiply-adds: {totals.sum() / 3_857_973_248:.2%}")

# %% [markdown]
# Most of the weights are in the last stage, while the first one has the largest share of the pooling and scaling.
#
# **9.90 %, not 0.26 %.** Blog posts repeat that SE costs ResNet-50 "0.26 % more parameters". The paper says 0.26 % of the
# *operations*, a ratio of rounded numbers (Table 2: 3.86 and 3.87 GFLOPs, billions of multiply-adds); counted in full it is 0.35 %. The weights grow by
# 9.90 % (the paper, section 4: about 10 %).
#
# Without the SE blocks of the last stage they grow by $(2{,}530{,}992 - 1{,}579{,}392) / 25{,}557{,}032 = 3.7\,\%$, and the
# paper reports (section 4) a change of the top-5 error below 0.1 points. (Top-1 and top-5 error: how often the right class is
# not the first guess, or not among the first five.)
#
# ### 9.2 The reduction ratio
#
# Halving $r$ doubles the weights. Does it lower the error?

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Weights against the reduction ratio
# quoted from Table 10 of the paper: ratio, top-1 error in %, weights in millions
QUOTED = {2: (22.29, 45.7), 4: (22.25, 35.7), 8: (22.26, 30.7), 16: (22.28, 28.1), 32: (22.72, 26.9)}
with waits_for(se_weight_count):
    ratios = [2, 4, 8, 16, 32, 64]
    shares = [100 * overhead(*RESNET_50, ratio=ratio) / 25_557_032 for ratio in ratios]
    figure, axis = plt.subplots(figsize=(7.6, 3.4), layout="constrained")
    axis.plot(ratios, shares, "k-o", mfc="w", ms=6)
    axis.axhline(100 * square / 25_557_032, color="0.5", ls="--", lw=1)
    axis.text(64, 100 * square / 25_557_032 - 2, "one C x C matrix per block: 78.7 %", ha="right", va="top", fontsize=9)
    for ratio, share in zip(ratios, shares, strict=True):
        quoted = f"\nerror {QUOTED[ratio][0]} %" if ratio in QUOTED else ""
        axis.annotate(f"{share:.1f} %{quoted}", (ratio, share), (8, 5), textcoords="offset points", fontsize=9)
    axis.set_xscale("log", base=2)
    axis.set_xticks(ratios, ratios)
    axis.set(title="SE weights in ResNet-50 (computed) and ImageNet top-1 error (quoted)", xlabel="reduction ratio r",
             ylabel="added weights, % of ResNet-50", xlim=(1.8, 100), ylim=(0, 100))
    show(figure, alt="Added weights in percent of ResNet-50 against the reduction ratio, computed: 78.8 at 2, then about "
         "half for every doubling, 9.9 at 16 and 2.5 at 64. The errors quoted from the paper lie between 22.25 and "
         "22.29 for ratios 2 to 16 and rise to 22.72 at 32.")
    for ratio, (_, paper) in QUOTED.items():
        counted = 25_557_032 + overhead(*RESNET_50, ratio=ratio)
        print(f"r = {ratio:2}: counted {counted / 1e6:.2f} M, Table 10 says {paper} M")

# %% [markdown]
# Below $r = 16$ the quoted error hardly moves. Three rows of Table 10 lie 0.1 million above our count,
# which we cannot explain in full.

# %% [markdown] tags=["instructor"]
# **Reading the figure.** Weights go as $1/r$, biases aside. The errors come without intervals, so the 0.04 points
# between ratios 2 and 16 are no ranking; the step at 32 and the one to no SE at all (23.30) are larger. The paper
# draws the same conclusion in section 6.1: smaller ratios do not improve the error in order. If the 53,120 moving averages of
# the batch norms are counted as weights, the rows of 4, 8 and 32 agree with Table 10, but the row of 2 does not; without biases,
# as in the paper's ablations, the row of $r = 8$ is the odd one out (30.64).

# %% [markdown]
# ### 9.3 What the paper measured, quoted
#
# The paper gives no intervals.
#
# | source | change | training | top-1 error, % |
# |---|---|---|---|
# | Table 2 | ResNet-50 | standard | 24.80 |
# | Table 2 | the same with SE | standard | 23.29 |
# | section 6 | ResNet-50 | longer | 23.30 |
# | Table 12 | with SE | longer | 22.28 |
# | Table 12 | ReLU instead of the sigmoid | longer | 23.47 |
# | Table 16 | no squeeze: the two layers at each position | longer | 22.93 |
#
# Compare rows of the same training only: 23.29 and 22.28 are the same network under two recipes, and the plain network gains as
# much from the longer training as from SE.
#
# ### 9.4 Where implementations differ
#
# Some have biases: the authors' released models do, and those of the paper's **ablations**, experiments that leave out or exchange
# one part, do not (16,048 weights fewer in ResNet-50). Some round the width (timm, a PyTorch library, to a
# multiple of 8), and some place the block after the addition of the shortcut instead of before it (22.78 instead of 22.28,
# Table 14). When two "SE" networks disagree, compare their weight counts first.

# %% [markdown]
# **Reflection · a claim about cost**
#
# **{{worth:reflect-cost}} · in your own words**
#
# A colleague writes: "SE is practically free, 0.26 % more parameters. Let us put it into our network with $r = 2$ to
# be safe." Correct the number. Then advise: what would you change if the added weights have to stay below 5 %, and what do
# you give up? Use figures of this notebook.

# %% [markdown] question="reflect-cost" points=3 minutes=8 row="reflection: a claim about cost"
# ### BEGIN SOLUTION
# 0.26 % is the paper's increase in operations, 3.86 to 3.87 GFLOPs, not in weights. At r = 16 the weights of
# ResNet-50 grow by 9.90 %.
#
# With r = 2 they grow by nearly 79 %, as much as one full C x C matrix per block would cost, and the quoted error does
# not fall: 22.29 against 22.28 at r = 16.
#
# Two ways to stay below 5 %: leave the last stage without SE blocks, 3.7 %, with a quoted change of less than 0.1
# points of top-5 error; or take r = 32, 4.98 %, and a quoted top-1 error of 22.72 instead of 22.28. The first is
# cheaper in error here. With r = 32 the bottleneck is half as wide, so the gates have half as many independent knobs.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: 0.26 % is operations and 9.90 % is weights. One point: $r = 2$ costs about 79 % and buys no
# error in the quoted table. One point: a change that meets the limit, with its number and its price. $r = 32$ alone
# gives 4.98 %, just inside the limit (the figure rounds it to 5.0 %, so rejecting it for that costs nothing); leaving out the last stage at $r = 16$ gives 3.7 %. Blocks in the first stages
# only, or SE after the 3x3 convolution (Table 15 of the paper, 25.8 M weights in all), pass as well.

# %% [markdown]
# ## What we found
#
# A channel can matter in one image and mislead in the next. Then every fixed weighting is limited, here to $11/16$, and a gate
# that looks is not. Where the important channels never change, there is nothing to gain.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | squeeze | the mean of each channel over all positions |
# | descriptor | the result of the squeeze, one number per channel |
# | excitation | the two small layers that turn descriptors into gates |
# | logit | a number before the sigmoid, of any size and sign |
# | bottleneck | the narrow middle of the two layers, width $m$ |
# | reduction ratio | $r$, how much narrower: $m = \lfloor C/r \rfloor$ |
# | stage | the blocks of a network that work at one map size and width |
# | shortcut | the path around a residual block on which its input is added to its result |
# | ablation | an experiment that leaves out or exchanges one part to see what it contributes |
#
# ## Where this is in the papers
#
# Hu, Shen, Albanie, Sun and Wu, *Squeeze-and-Excitation Networks*, [arXiv 1709.01507](https://arxiv.org/abs/1709.01507): the
# block in section 3, cost in 4, reduction ratio in 6.1, sigmoid against others in 6.3, place in 6.5, squeeze in 7.1. Glorot and Bengio, *Understanding the difficulty of training deep feedforward neural networks*, 2010: the
# rule for the first weights.
#
# ## Stretch
#
# Is $m = 1$ too narrow for four groups? Write its weights by hand, with fixed votes of your choice after the block. Hint: let
# the groups give the hidden number the values 0 to 3; each gate is a threshold on it. With
# `make_images(1, 8000, noise=0.5)` more than 0.99 is possible, with `noise=1.5` about 0.86.

# %% [markdown] tags=["instructor"]
# **Stretch, one answer.** `w1 = np.repeat([0, 1, 2, 3], 4)[:, None] / 4` and `b1 = np.zeros(1)` give the hidden number
# 0, 1, 2 or 3, the position of the awake group. `w2 = np.repeat([-10, -10, 10, 10], 4)[None]` and
# `b2 = np.repeat([5, 15, -15, -25], 4)` open A below 0.5, B below 1.5, C above 1.5, D above 2.5. In images of group A
# the gate of B is open too, so the outer groups get the greater vote: `np.repeat([2, 1, 1, 2], 4)`. This is right in
# 0.997 of the images at noise 0.5 and 0.86 at noise 1.5. The pattern fits through one knob; what is lost is the safety
# margin, because four groups share one line and the noise moves them along it.

# %% [markdown]
# ## What comes next
#
# In ResNet-50 the two layers spend 2.5 million weights. In 02 each gate looks at a few neighbouring channels only, and the
# whole network gets by with 86.

# %% [markdown]
# {{hand_in}}
