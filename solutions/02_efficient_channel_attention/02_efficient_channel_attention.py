# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 02 · Efficient channel attention
#
# {{badges}}
#
# SE spends 2,530,992 weights on the gates of a ResNet-50. Efficient channel attention, ECA for short, spends 86. In
# this notebook you take SE's large matrix apart, piece by piece, until one small kernel is left, and you check what
# each step gives up.
#
# **You will be able to**
# - explain what SE's bottleneck hides, and what a diagonal, grouped or banded matrix does instead
# - derive that a band with one shared kernel is a 1-D convolution along the channels
# - implement the block in NumPy and in Keras, and show that the two agree
# - compute the kernel size from the number of channels, and say where rounding decides
# - judge from a measurement when the order of the channels matters
#
# **Before you start:** notebooks 00 and 01 (squeeze, gates, the bottleneck), matrix products, logarithms to base two.
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

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(1)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## 1 · What the bottleneck hides
#
# Take one image, its descriptor $z$ of shape $(C,)$, and ask of any channel gate: **how does the mean of channel $j$
# reach the gate of channel $i$?** If the logits are linear in $z$, the answer is a matrix:
#
# $$ a = M z \qquad\qquad g = \sigma(a) \qquad\qquad M : (C, C), \quad a : (C,), \quad g : (C,) $$
#
# Row $i$ belongs to gate $i$. Entry $M_{ij}$ is the weight from channel $j$ to channel $i$.
#
# In SE, leave out the ReLU and the biases for a moment. Then $M$ is the product of a $C \times m$ and an
# $m \times C$ matrix. Notebook 01 showed that its rank is at most $m$.
#
# **Predict first.** The simplest wish is that each gate follows the mean of its own channel: $a_i = z_i$, so
# $M = I$. How close can SE with $r = 16$ come to it?
#
# Measure the distance by the sum of squared differences of all entries. The best matrix of rank $m$ keeps the $m$
# largest singular values and loses the squares of the others (Eckart and Young). All $C$ singular values of $I$ are 1,
# so
#
# $$ \min_{\operatorname{rank} M \le m} \; \sum_{ij} (I_{ij} - M_{ij})^2 = C - m $$
#
# while $I$ itself has $\sum_{ij} I_{ij}^2 = C$. With $m = C/16$ at least 15/16 of the wish is lost, whatever the
# weights. The ReLU bends the straight map and does not widen it: the logits still move in $m$ directions only.
#
# The figure shows the same for a wish with company: each gate hears its own channel and, half as strongly, the two
# beside it.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title A wish and what a bottleneck makes of it
wish = np.eye(24) + (np.eye(24, k=1) + np.eye(24, k=-1)) / 2
left, values, right = np.linalg.svd(wish)
figure, axes = plt.subplots(1, 3, figsize=(8.6, 3.1), layout="constrained")
for axis, width in zip(axes, [24, 4, 12], strict=True):
    nearest = (left[:, :width] * values[:width]) @ right[:width]
    drawn = axis.imshow(nearest, cmap="gray_r", vmin=-0.35, vmax=1)
    lost = 1 - (values[:width] ** 2).sum() / (values**2).sum()
    title = "the wish, 24 x 24\nrank 24" if width == 24 else f"nearest with m = {width}\n{lost:.0%} of the squares lost"
    axis.set(title=title, xlabel="from channel j", xticks=[0, 8, 16, 23], yticks=[0, 8, 16, 23])
axes[0].set_ylabel("to gate i")
figure.colorbar(drawn, ax=axes, fraction=0.03, pad=0.02, label="weight")
show(figure, alt="Three 24 by 24 matrices. The wish is a sharp band, 1 on the diagonal and one half beside it. The nearest "
     "matrix of rank 4 is a blurred band that has lost 57 percent of the squares and gives weight to far channels. With "
     "rank 12 the band is nearly back and 8 percent are lost. A narrow bottleneck cannot hold a direct line from each "
     "channel to its own gate.")

# %% [markdown]
# So SE's bottleneck hides two things. Every gate hears every channel, but only through $m$ mixtures. And no gate has a
# direct line to its own channel. The ECA paper makes this its starting point (section 3.2.1): keep the direct line, and
# save the weights elsewhere.
#
# ## 2 · Five matrices
#
# If narrow is wrong, keep all $C$ rows and make the matrix **sparse**: fill it with zeros by a rule. Five rules, with
# $G$ groups and $k$ neighbours:
#
# | matrix | rule: $M_{ij}$ may differ from 0 | weights | $C = 256$, $G = 16$, $k = 5$ |
# |---|---|---|---|
# | full | always | $C^2$ | 65,536 |
# | diagonal | $i = j$ | $C$ | 256 |
# | grouped | $i$ and $j$ in one group | $C^2/G$ | 4,096 |
# | banded | $\lvert i - j\rvert \le (k-1)/2$ | $kC$ | 1,280 |
# | banded and shared | the same, and $M_{ij}$ depends on $j - i$ only | $k$ | 5 |
#
# **Predict first.** In which of the five can gate 3 hear channel 4? In which can gate 0 hear channel 11? Look for the
# two pairs in the figure.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Five matrices, and who talks to whom
random = np.random.default_rng(3)
free = random.uniform(0.25, 1.0, size=(12, 12))
gap = np.arange(12)[None, :] - np.arange(12)[:, None]                         # j - i
same_group = np.arange(12)[None, :] // 4 == np.arange(12)[:, None] // 4
rules = [("full\n$C^2$ = 144", free), ("diagonal\n$C$ = 12", free * (gap == 0)),
         ("3 groups\n$C^2/G$ = 48", free * same_group), ("banded, $k$ = 3\n$kC$ = 36", free * (abs(gap) <= 1)),
         ("shared, $k$ = 3\n$k$ = 3", 0.3 * (gap == -1) + 1.0 * (gap == 0) + 0.6 * (gap == 1))]
figure, axes = plt.subplots(2, 5, figsize=(9.8, 4.3), layout="constrained", height_ratios=[1.5, 1])
for column, (title, matrix) in enumerate(rules):
    axes[0, column].imshow(matrix, cmap="gray_r", vmin=0, vmax=1.1)
    axes[0, column].set(title=title, xticks=[0, 4, 8, 11], yticks=[0, 4, 8, 11])
    axis = axes[1, column]
    for to, source in zip(*np.nonzero(matrix), strict=True):
        axis.plot([source, to], [0, 1], color=str(0.9 - 0.8 * matrix[to, source]), lw=0.6 if column == 0 else 1.1)
    for height in (0, 1):
        axis.plot(range(12), [height] * 12, "o", color="k", mfc="w", ms=4)
    axis.set(ylim=(-0.2, 1.2), yticks=[], xticks=[0, 4, 8, 11])
    axis.spines[["top", "right", "left", "bottom"]].set_visible(False)
axes[0, 0].set(ylabel="gate i", xlabel="channel j")
axes[1, 0].set_yticks([0, 1], ["channel", "gate"])
show(figure, alt="Five 12 by 12 matrices above, and below them lines from twelve channels to twelve gates. Full: 144 "
     "weights, every line is there. Diagonal: 12 weights, each channel reaches its own gate only. Three groups: 48 "
     "weights, lines stop at the group borders. Banded: 36 weights, each gate hears itself and its two neighbours. Shared: "
     "the same lines with three weights, the same three greys in every row. The band has no borders, and sharing makes "
     "every row the same rule.")

# %% [markdown]
# Gate 3 hears channel 4 in the full and in both banded matrices. In the grouped one a border stands between them.
# Gate 0 hears channel 11 in the full matrix only. Each rule is a bet:
#
# - **diagonal**: a channel's importance shows in its own mean; company does not matter.
# - **grouped**: channels have company, in blocks whose borders we know beforehand.
# - **banded**: channels have company, and it stands beside them, wherever they are.
# - **shared**: moreover, every channel reads its company by the same rule.
#
# The paper counts $kC$ for the band. A few of these weights meet nothing, because the first and the last rows stick
# out: the band above has 34 lines, not 36.
#
# What about knobs? SE has many weights and $m$ independent ways to move its gates. The wish in section 1 was a band
# that shares three weights, and its rank was 24. **A shared band has few weights and many knobs, all turned by one
# rule.**

# %% [markdown]
# ## 3 · The band as a matrix
#
# Let the kernel be $w$ with shape $(k,)$, $k$ odd, and let $p = (k-1)/2$ be its reach. The middle weight $w_p$ stands
# on the diagonal. The weight for the neighbour $j - i$ places to the right stands $j - i$ places after the middle one:
#
# $$ M_{ij} = \begin{cases} w_{\,j-i+p} & \text{if } \lvert j - i\rvert \le p \\ 0 & \text{otherwise} \end{cases} $$
#
# **By hand.** $w = (-1, 1, -2)$ and $C = 3$, so $p = 1$. Row 0 wants channels $-1, 0, 1$. There is no channel $-1$, so
# the first weight falls away. Row 1 gets the whole kernel.
#
# $$ M = \begin{pmatrix} 1 & -2 & 0 \\ -1 & 1 & -2 \\ 0 & -1 & 1 \end{pmatrix} \qquad
#    M \begin{pmatrix} 2 \\ 1 \\ -1 \end{pmatrix} = \begin{pmatrix} 2 - 2 \\ -2 + 1 + 2 \\ -1 - 1 \end{pmatrix}
#    = \begin{pmatrix} 0 \\ 1 \\ -2 \end{pmatrix} $$
#
# Read a row from left to right: it is the kernel, forwards. A matrix that is constant along each diagonal is called a
# **Toeplitz matrix**.

# %% [markdown]
# ### Exercise · `band_matrix`
# **{{worth:band_matrix}} · medium**
#
# In: `kernel`, shape (k,) with k odd, and `channels`, the number $C$. Out: the matrix $M$, shape (C, C). The kernel may
# be wider than there are channels; what sticks out falls away. NumPy; a loop over the k weights is welcome.

# %% answer="band_matrix" minutes=7
def band_matrix(kernel, channels):
    """Build the matrix M (C, C) of a shared kernel (k,): M[i, j] is the weight from channel j to channel i."""
    # how far the kernel reaches to each side
    # begin with zeros
    # put each weight of the kernel on a diagonal of its own
    ### BEGIN SOLUTION
    reach = len(kernel) // 2
    matrix = np.zeros((channels, channels))
    for tap, weight in enumerate(kernel):
        matrix += weight * np.eye(channels, k=tap - reach)
    return matrix
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Each weight of the kernel fills one diagonal: the middle one the main
# diagonal, the next one the diagonal to its right, and so on.</details>
# <details><summary>Hint: the shapes</summary>(k,) becomes (C, C). Entry (i, j) needs the weight number j - i + p, if
# there is one.</details>
# <details><summary>Hint: nearly code</summary><code>np.eye(4, k=1)</code> has ones one place to the right of the
# diagonal, <code>np.eye(4, k=-1)</code> one place to the left. Which <code>k</code> belongs to weight number 0 of a
# kernel of 5?</details>
# <details><summary>"could not broadcast input array from shape (3,) into shape (0,)"</summary>You put a whole kernel
# into a row in which there is no room for it. In the first and the last rows a part of the kernel falls
# away.</details>
# <details><summary>"expected: -2 at index [0, 1]", "came: -1"</summary>Your kernel runs backwards: you have built the
# transpose. In row i, the weight for j > i comes after the middle one.</details>

# %%
lopsided = np.array([0.9, 0.4, -1.3])                                  # kernels without symmetry: a flip would show
longer = np.array([3.0, 1.0, -2.0, 0.5, 1.5])

# %% tags=["demo"]
dots = np.eye(8, dtype="float32")[:, :, None]                          # eight images, each lights up one channel
answers = keras.ops.conv(dots, longer.astype("float32")[:, None, None], padding="same")[:, :, 0]
compare(band_matrix, target=keras.ops.convert_to_numpy(answers).T, inputs=(longer, 8),
        title="The matrix of a kernel of five, for eight channels",
        alt="Your 8 by 8 band beside one that a Keras convolution gave, channel by channel; black means no difference.")

# %% check="band_matrix"
got = band_matrix(np.array([-1.0, 1.0, -2.0]), 3)
check_type(got, np.ndarray)
check_shape(got, (3, 3), rule="one row for each gate, one column for each channel, also at both ends")
check_close(got, [[1, -2, 0], [-1, 1, -2], [0, -1, 1]], rule="worked by hand: a row reads the kernel forwards")
given = longer.copy()
got = band_matrix(given, 7)
check_unchanged(longer, given)
check_close(got[3], [0, 3.0, 1.0, -2.0, 0.5, 1.5, 0], rule="in the middle of the matrix a row holds the whole kernel")
check_close(got[0], [-2.0, 0.5, 1.5, 0, 0, 0, 0], rule="row 0: the middle weight on the diagonal, nothing wraps round")
check_close(got[1:, 1:], got[:-1, :-1], rule="one step down and to the right the entry is the same")
check_close(band_matrix(np.array([4.0]), 2), [[4, 0], [0, 4]], rule="a kernel of one weight is a diagonal matrix")
check_close(band_matrix(longer, 2), [[-2.0, 0.5], [1.0, -2.0]], rule="a kernel wider than the channels: cut it off")
passed("band_matrix")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The transpose, which is the flipped kernel: $M_{ij} = w_{i-j+p}$. It is invisible with
# symmetric kernels, so no test here uses one. The kernel starting on the diagonal in place of being centred. Slices such
# as `matrix[i, i - p : i + p + 1] = kernel`, which raise at both ends: at the first rows
# a negative start selects nothing, at the last ones there is too little room. `np.roll` of a row, which joins the ends to a ring. `np.diag` of a constant raises for a kernel that
# reaches beyond the matrix; `np.eye` gives zeros there.

# %% [markdown]
# ## 4 · The band is a convolution along the channels
#
# Multiply out row $i$, with $t = j - i + p$ counting the weights of the kernel:
#
# $$ a_i = \sum_{j} M_{ij}\, z_j = \sum_{t=0}^{k-1} w_t\; z_{i + t - p} \qquad (z = 0 \text{ outside}) $$
#
# One kernel slides along the channels and forms a weighted sum at each. This is a 1-D convolution with zero padding,
# as deep learning uses the word. Mathematics calls it a **cross-correlation**. A convolution in the mathematical sense
# has $z_{i-t+p}$: it reads the kernel backwards.
#
# **Predict first.** A single channel $j = 5$ has mean 1, all others 0, and $w = (1, 2, 3)$. Which gates notice it, and
# with which weights? Careful: think of gate 4 first. Channel 5 is its *right* neighbour.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title One bright channel, and who hears it
spike, ramp = np.eye(11)[5], np.array([1.0, 2.0, 3.0])
panels = [(spike, "one bright channel: z"), (np.correlate(spike, ramp, "same"), "cross-correlation\n(Keras, PyTorch)"),
          (np.convolve(spike, ramp, "same"), "mathematical convolution\n(np.convolve): flipped")]
figure, axes = plt.subplots(1, 3, figsize=(9.4, 2.5), layout="constrained")
for axis, (heights, title), hatch in zip(axes, panels, ["", "", "///"], strict=True):
    bars = axis.bar(range(11), heights, color="w" if hatch else "0.4", edgecolor="k", hatch=hatch)
    axis.bar_label(bars, [f"{height:g}" if height else "" for height in heights], padding=1)
    axis.set(title=title, xticks=range(11), ylim=(0, 3.8), yticks=[0, 1, 2, 3], xlabel="channel" if axis is axes[0] else "gate")
show(figure, alt="Three bar plots over eleven channels. The input is 1 at channel 5. The cross-correlation with the kernel "
     "1, 2, 3 gives 3, 2, 1 at gates 4, 5 and 6; the mathematical convolution gives 1, 2, 3. Gate 4 has the bright channel "
     "on its right and answers with the right weight of the kernel, 3.")

# %% [markdown]
# Gate 4 hears channel 5 with the right weight, 3. So *one channel's echo over the gates* is the kernel backwards, while
# *one gate's view of the channels* is the kernel forwards: the column and the row of $M$. Who looks at the echo only may
# think that Keras flips the kernel. It does not.

# %% tags=["demo"]
vector = np.array([1.2, -1.9, 0.4, 2.8, -0.6, 0.1, 0.7])
in_keras = keras.ops.conv(vector[None, :, None].astype("float32"), longer[:, None, None].astype("float32"), padding="same")
with waits_for(band_matrix):
    logits = band_matrix(longer, 7) @ vector
    print(f"greatest difference between M z and Keras         {np.abs(logits - np.array(in_keras)[0, :, 0]).max():.1e}")
    print(f"... and np.correlate, which does not flip         {np.abs(logits - np.correlate(vector, longer, 'same')).max():.1e}")
    print(f"... and np.convolve, which flips                  {np.abs(logits - np.convolve(vector, longer, 'same')).max():.1e}")

# %% [markdown]
# The same map, three ways to compute it. As a product it takes $C^2$ multiplications, as a convolution $kC$.
#
# ### 4.1 The block
#
# Squeeze as before, slide the kernel, sigmoid, scale:
#
# $$ z_{bc} = \frac{1}{HW}\sum_{hw} x_{bhwc} \qquad a = z\,M^{\top} \qquad y_{bhwc} = \sigma(a_{bc})\; x_{bhwc} $$
#
# Here $z$ is $(B, C)$ with one image a *row*. A row is multiplied from the right, so the matrix is transposed.
#
# **By hand.** One image, three channels, means $(2, 1, -1)$, kernel $w = \ln 3 \cdot (-1, 1, -2)$. Section 3 gives the
# logits $\ln 3 \cdot (0, 1, -2)$, and with $\sigma(n \ln 3) = 3^n/(3^n + 1)$ the gates are
# $(\tfrac12, \tfrac34, \tfrac1{10})$. Each map is multiplied by its gate:
#
# $$ \begin{pmatrix} 1 & 2 \\ 1 & 4 \end{pmatrix} \to \begin{pmatrix} 0.5 & 1 \\ 0.5 & 2 \end{pmatrix} \qquad
#    \begin{pmatrix} 0 & 4 \\ 0 & 0 \end{pmatrix} \to \begin{pmatrix} 0 & 3 \\ 0 & 0 \end{pmatrix} \qquad
#    \begin{pmatrix} -4 & 0 \\ 4 & -4 \end{pmatrix} \to \begin{pmatrix} -0.4 & 0 \\ 0.4 & -0.4 \end{pmatrix} $$
#
# There is no bias. So a descriptor of zeros gives gates of exactly one half, and $-z$ gives $1 - g$ where $z$ gave $g$.

# %% [markdown]
# ### Exercise · `eca_forward`
# **{{worth:eca_forward}} · medium**
#
# In: `x` (B, H, W, C) and `kernel` (k,), k odd. Out: `x` with each channel multiplied by its gate, shape (B, H, W, C);
# `x` itself stays as it was. NumPy only. You may call `band_matrix`, or slide the kernel in your own way.

# %% answer="eca_forward" minutes=6
def eca_forward(x, kernel):
    """Gate x (B, H, W, C) by the sigmoid of its channel means, filtered with a kernel (k,). Returns (B, H, W, C)."""
    # squeeze to (B, C)
    # slide the kernel along the channels, for each image
    # the sigmoid, then give the gates a height and a width of 1, and multiply
    ### BEGIN SOLUTION
    z = x.mean(axis=(1, 2))
    logits = z @ band_matrix(kernel, x.shape[-1]).T
    gate = 1 / (1 + np.exp(-logits))
    return x * gate[:, None, None, :]
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>It is <code>se_forward</code> with another way from the descriptor to the
# logits.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C), then (B, C) for the means, the logits and the gates, then (B,
# 1, 1, C).</details>
# <details><summary>Hint: nearly code</summary>Each image is a row of z. Which of <code>z @ M</code> and <code>z @
# M.T</code> sums row i of M against the channels? Write the sum out for one entry.</details>
# <details><summary>"matmul: Input operand 1 has a mismatch in its core dimension 0 ... (size 2 is different from
# 8)"</summary>The matrix stands on the left, as in M z. With one image a row, z comes first.</details>
# <details><summary>"operands could not be broadcast together with shapes (2,3,5,8) (2,8)"</summary>The gates need two
# more axes where x has H and W.</details>
# <details><summary>"expected: 3 at index [0, 1]", "came: 0.4"</summary>The gate is 1/10 in place of 3/4: the kernel is
# flipped. <code>z @ M</code> without the transpose does this, and so does <code>np.convolve</code>.</details>

# %%
def wave(*shape, start=0):
    """Numbers between -1 and 1 that look irregular and are the same on every machine."""
    return np.sin(1.7 * np.arange(start + 1, start + 1 + np.prod(shape)) ** 1.3).reshape(shape)


hand_x = np.array([[[[1.0, 0.0, -4.0], [2.0, 4.0, 0.0]], [[1.0, 0.0, 4.0], [4.0, 0.0, -4.0]]]])    # (1, 2, 2, 3)
case_x = 1.5 * wave(2, 3, 5, 8)                      # (2, 3, 5, 8): two images, eight channels, nothing square
case_x[0] += [0.5, -2.5, -0.5, 3.5, -0.5, -0.5, 1.0, -1.0]
case_x[1] += [1.5, -1.5, 1.5, 2.5, -0.5, 0.5, -1.0, 0.0]
case_gates = np.array([
    [0.9794548, 0.2541592, 0.0008567, 0.8098760, 0.9765600, 0.1297615, 0.7571809, 0.6509507],
    [0.9623439, 0.1801106, 0.0098669, 0.9745224, 0.8310369, 0.6810695, 0.4359669, 0.3092993],
])                                                   # stored: the gates of case_x with the kernel lopsided
slow_y = np.zeros_like(case_x)
for image, row, column, channel in np.ndindex(case_x.shape):
    slow_y[image, row, column, channel] = case_gates[image, channel] * case_x[image, row, column, channel]

# %% tags=["demo"]
compare(eca_forward, target=slow_y, inputs=(case_x.copy(), lopsided),
        title="Four channels of the first image after the block",
        alt="Maps of four channels: yours above, a slow loop's below, and the difference, black when you are right.")

# %% check="eca_forward"
hand_y = eca_forward(hand_x.copy(), np.log(3) * np.array([-1.0, 1.0, -2.0]))
check_type(hand_y, np.ndarray)
check_shape(hand_y, (1, 2, 2, 3), rule="the block changes values, not the shape")
check_close(hand_y[0, :, :, 1], [[0, 3], [0, 0]], rule="the second map times 3/4; a flipped kernel gives 1/10")
check_close(hand_y[0, :, :, 2], [[-0.4, 0], [0.4, -0.4]], rule="the third map times 1/10: its right side is padded with 0")
given = case_x.copy()
got = eca_forward(given, lopsided)
check_unchanged(case_x, given)
check_close(got, slow_y, rule="each image has its own gates, from its own means; sigmoid, then x times gate", tolerance=1e-4)
got = eca_forward(np.concatenate([case_x] * 3)[:5], lopsided)
check_close(got[1], slow_y[1], rule="B equals W here: gates of shape (B, C) broadcast silently wrong", tolerance=1e-4)
both = eca_forward(case_x.copy(), longer) - eca_forward(-case_x, longer)
check_close(both, case_x, rule="no bias: -x has the gates 1 - g, so x g + x (1 - g) must be x again")
reaching = eca_forward(case_x.copy(), np.array([0.0, 0, 0, 0, 1]))                 # the last of five taps is two channels on
heard = 1 / (1 + np.exp(-case_x[..., 2].mean(axis=(1, 2), keepdims=True)))
check_close(reaching[..., 0], case_x[..., 0] * heard, rule="five taps: channel 0 hears channel 2", tolerance=1e-4)
passed("eca_forward")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** `z @ M`: the flipped kernel again, through a lost transpose. It is an easy slip,
# because $M z$ stands in the text. `np.convolve`, which flips. `np.correlate` on the whole batch, which raises, for
# it takes vectors only. A ReLU somewhere, out of habit from SE: ECA has none. The last visible check finds a ReLU, a
# bias and a missing sigmoid at once, since $\sigma(a) + \sigma(-a) = 1$.

# %% [markdown]
# ## 5 · How wide should the band be?
#
# The kernel size $k$ is the one thing left to choose. $k = 1$ is the diagonal matrix with one shared weight; $k = 2C - 1$ reaches
# everybody. One could try every $k$ in every stage of a network. The paper proposes a rule instead (section 3.2.3).
#
# The argument: a wide layer holds more channels that belong together, so the reach should grow with $C$. There should be
# a function $C = \phi(k)$. A straight line is the simplest one and too rigid; channel counts are nearly always powers of
# two; so let the *exponent* be a straight line:
#
# $$ C = 2^{\,\gamma k - b} $$
#
# This is a motivation and not a proof. Nothing forces the reach to follow the width.
#
# Take the logarithm to base two and solve for $k$. The result $t$ is seldom a whole number, and a kernel needs a middle, so take
# the nearest odd number:
#
# $$ \log_2 C = \gamma k - b \quad\Longrightarrow\quad
#    t = \frac{\log_2 C + b}{\gamma} \qquad k = |t|_{\text{odd}} $$
#
# $|t|_{\text{odd}}$ is one symbol in the paper: the odd number nearest to $t$. The paper uses $\gamma = 2$ and $b = 1$. Code in
# use takes the absolute value of $t$ first, so that a negative $b$ gives a size too. So do we: $t$ is
# $|\log_2 C + b| / \gamma$ from here on.
#
# **By hand.** $C = 512$: $\log_2 512 = 9$, $t = (9 + 1)/2 = 5$, so $k = 5$. $C = 64$: $t = 3.5$, between 3 and 5, nearer
# to 3. $C = 256$: $t = 4.5$, nearer to 5. $C = 4$: $t = 1.5$, so $k = 1$.
#
# ### 5.1 Nearest odd, and the ties
#
# **Predict first.** $C = 128$ gives $t = 4$. What is the nearest odd number?
#
# There are two, 3 and 5. The formula does not say which. Somebody asked exactly this in the authors' repository (issue
# 12). This course lets a tie go **up**, as the common code does. That code rounds $t$ *down* to a whole number first, and
# adds one if the result is even. Is this the nearest odd number at all? Take any $j = 0, 1, 2, \dots$
#
# - If $2j < t < 2j + 2$, the nearest odd number is $2j + 1$. At $t = 2j$ the numbers $2j - 1$ and $2j + 1$ tie, and going
#   up gives $2j + 1$ as well.
# - Rounding down gives $2j$ or $2j + 1$ for all $t$ from $2j$ to just below $2j + 2$. Adding one to the even one gives
#   $2j + 1$.
#
# The same number in all cases: *down, then up if even* is nearest-odd with ties up.
#
# Ties need $t = 2j$, so $\log_2 C = 4j - 1$: they sit at $C = 2^{4j-1}$, which is 8, 128, 2048, 32768.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title From channels to kernel size
exponents = np.linspace(0, 16, 1601)
line = (exponents + 1) / 2
figure, axis = plt.subplots(figsize=(8.6, 3.5), layout="constrained")
axis.plot(exponents, line, color="0.45", lw=1.2, ls="--")
axis.text(9.75, 5.75, "t", color="0.3", fontsize=11)
for size, start, end in [(1, 0, 3), (3, 3, 7), (5, 7, 11), (7, 11, 15), (9, 15, 16)]:
    axis.plot([start, end], [size, size], "k", lw=2.5)
    axis.text(start + 0.25 * (end - start), size + 0.2, f"k = {size}", ha="center", va="bottom", fontsize=10)
for tie in (3, 7, 11, 15):
    size = (tie + 1) // 2
    axis.plot([tie, tie], [size - 1, size + 1], "k:", lw=1)
    axis.plot(tie, size, "D", color="0.45", ms=5)
    axis.plot(tie, size + 1, "ko", ms=7)
    axis.plot(tie, size - 1, "ko", mfc="w", ms=7)
    axis.text(tie + 0.2, size - 1.45, f"tie at {2**tie}", va="center", ha="right" if tie == 15 else "left", fontsize=9)
axis.set(xlabel="channels C", ylabel="kernel size", ylim=(-1, 10.4), xlim=(-0.3, 16.6), yticks=[1, 3, 5, 7, 9])
axis.set_xticks(range(0, 17, 2), [str(2**n) for n in range(0, 17, 2)])
show(figure, alt="Kernel size against the number of channels on a logarithmic axis. The dashed line t = (log2 C + 1)/2 "
     "rises evenly; the kernel size is a staircase 1, 3, 5, 7, 9 round it. At 8, 128, 2048 and 32768 channels the line "
     "stands exactly between two odd numbers; a filled circle shows that the upper one is taken.")

# %% [markdown]
# ### Exercise · `eca_kernel_size`
# **{{worth:eca_kernel_size}} · medium**
#
# In: `channels`, a whole number of at least 1, and the whole numbers `gamma` (above 0) and `b` (perhaps negative). Out:
# the kernel size as a Python `int`: the odd number nearest to $t$, ties going up, and nothing else (no smallest size).

# %% answer="eca_kernel_size" minutes=8
def eca_kernel_size(channels, gamma=2, b=1):
    """The odd number nearest to |(log2(channels) + b) / gamma|, ties up, as an int."""
    # t, with the logarithm to base two
    # down to a whole number
    # one more if that is even
    ### BEGIN SOLUTION
    t = int(abs(math.log2(channels) + b) / gamma)
    return t if t % 2 == 1 else t + 1
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Three steps: a real number, a whole number, an odd number.</details>
# <details><summary>Hint: nearly code</summary><code>math.log2</code> is exact for powers of two. <code>int(...)</code>
# cuts a positive number down. How do you ask whether a whole number is even?</details>
# <details><summary>"expected: 5", "came: 3", for 128 channels</summary>Your ties go down. 128 is one of them: look at the
# filled circles in the figure.</details>
# <details><summary>"expected: 3", "came: 5", for 64 channels</summary>You rounded 3.5 to 4 and then went up to 5. Round
# down first; 3 is nearer to 3.5 than 5 is.</details>
# <details><summary>"a count is a Python int ..."</summary><code>math.floor</code> and <code>int</code> give an
# <code>int</code>. NumPy's functions and <code>//</code> between floats do not.</details>

# %% tags=["demo"]
with waits_for(eca_kernel_size):
    stored = {4: 1, 8: 3, 16: 3, 64: 3, 128: 5, 256: 5, 512: 5, 1024: 5, 2048: 7, 4096: 7}
    print("channels ", *[f"{channels:5}" for channels in stored])
    print("t        ", *[f"{(math.log2(channels) + 1) / 2:5}" for channels in stored])
    print("stored k ", *[f"{size:5}" for size in stored.values()])
    print("your k   ", *[f"{eca_kernel_size(channels):5}" for channels in stored])

# %% check="eca_kernel_size"
check_type(eca_kernel_size(64), int)
check_equal(eca_kernel_size(512), 5, rule="worked by hand: t is exactly 5")
check_equal(eca_kernel_size(64), 3, rule="t is 3.5, nearer to 3 than to 5: do not round to 4 on the way")
check_equal(eca_kernel_size(256), 5, rule="t is 4.5, nearer to 5 than to 3: an even 4 goes up")
check_equal(eca_kernel_size(1024), 5, rule="t is 5.5, nearer to 5 than to 7")
for channels, size in [(8, 3), (128, 5), (2048, 7), (32768, 9)]:
    check_equal(eca_kernel_size(channels), size, rule=f"{channels} channels are a tie, and a tie goes up")
check_equal([eca_kernel_size(channels) for channels in (1, 2, 4)], [1, 1, 1], rule="no smallest size: 1 is odd too")
check_equal(eca_kernel_size(20, gamma=1, b=3), 7, rule="t is 7.32: use gamma and b as they are given")
check_equal(eca_kernel_size(950, gamma=3, b=2), 3, rule="t is 3.96: b is divided by gamma as well")
check_equal(eca_kernel_size(6, gamma=2, b=-9), 3, rule="t is |-3.2|: take the absolute value before you cut")
passed("eca_kernel_size")

# %% [markdown]
# Now the proof by enumeration. For every $C$ below 70,000 we search among the odd numbers for the nearest one, without
# any rule for rounding: once with the greater number first, once with the smaller one first.

# %% tags=["demo"]
def search_nearest(channels, candidates):
    """The candidate nearest to t; of two that are equally near, the one that stands first in the list."""
    return min(candidates, key=lambda odd: abs(odd - (math.log2(channels) + 1) / 2))


with waits_for(eca_kernel_size):
    every = range(1, 70_000)
    up = [channels for channels in every if eca_kernel_size(channels) != search_nearest(channels, [11, 9, 7, 5, 3, 1])]
    down = [channels for channels in every if eca_kernel_size(channels) != search_nearest(channels, [1, 3, 5, 7, 9, 11])]
    print("yours differs from nearest odd, ties up,   at", up or "no C below 70,000")
    print("yours differs from nearest odd, ties down, at", down)

# %% [markdown] tags=["instructor"]
# **Reading the result.** No difference with ties up; with ties down exactly 8, 128, 2048 and 32768. The enumeration is
# exact enough: $t$ is computed in float64, `math.log2` is exact at powers of two, and next to a tie, at
# $C = 2^{4j-1} \pm 1$, $t$ is off the tie by at least $2 \cdot 10^{-5}$.
#
# **Mistakes to expect.** `round(t)` and then up: 64 gives 5. `math.ceil`: the same, and 1024 gives 7. An even number
# going down: 256 gives 3, and 1 gives $-1$. `2 * round((t - 1) / 2) + 1`: Python's `round` sends halves to the even
# number, so ties go up at 128 and down at 8 and 2048. `max(k, 3)`, as the timm library has it: 1, 2 and 4 channels give
# 3. `math.log` without a base: natural logarithms. $b$ added after the division. The formula on $C/4$, the inner width of
# a residual block.

# %% [markdown]
# ### 5.2 A sign error on a poster
#
# The authors' CVPR poster prints $C = 2^{\gamma k + b}$, with a plus. **Predict first.** How would you find out which
# sign is right, without asking anybody?
#
# Go there and back: choose $k$, compute $C$, put $C$ into the formula for $k$. The right equation must return the $k$ you
# began with.

# %% tags=["demo"]
with waits_for(eca_kernel_size):
    for size in (1, 3, 5, 7):
        paper, poster = 2 ** (2 * size - 1), 2 ** (2 * size + 1)
        print(f"k = {size}:   paper C = {paper:5}, back to k = {eca_kernel_size(paper)}     "
              f"poster C = {poster:5}, back to k = {eca_kernel_size(poster)}")

# %% [markdown]
# With the minus each $k$ comes back. With the plus each comes back as $k + 2$. And the poster's channel counts are 8, 128,
# 2048 and 32768: precisely the four ties, one step up the staircase.
#
# ### 5.3 A logarithm that is nearly right
#
# At a tie a tiny error decides. $t = 4$ gives $k = 5$ and $t = 3.9999999$ gives $k = 3$. **Predict first.** Which of
# these three logarithms to base two can you trust?

# %% tags=["demo"]
def in_float32(number):
    """The logarithm to base two as a ratio of natural logarithms, all in float32."""
    return float(np.log(np.float32(number)) / np.log(np.float32(2)))


ways = {"math.log2(2**n)": math.log2, "math.log(2**n, 2)": lambda number: math.log(number, 2), "float32 ratio": in_float32}
for name, logarithm in ways.items():
    off = {n: logarithm(2**n) - n for n in range(1, 64) if logarithm(2**n) != n}
    print(f"{name:18} inexact for {len(off):2} of 63 powers; the first:", {n: f"{off[n]:+.1e}" for n in list(off)[:3]})
t = (in_float32(32768) + 1) / 2
print(f"32768 channels in float32: t = {t:.8f}, the nearest odd number is {7 if t < 8 else 9}; without rounding errors t = 8 and 9")

# %% [markdown]
# `math.log2` is exact for every power of two. `math.log(x, 2)` divides two rounded logarithms and misses at $n = 29, 31,
# 39$ and a few more. The float32 ratio is a little too small at $2^{15}$, which is a tie, and the kernel size drops from 9
# to 7. For $\gamma = 2$ and $b = 1$ there is a way without any logarithm: count the bits of the whole number $C$.

# %% [markdown] tags=["instructor"]
# **Reading the output.** In float64 all the misses of `math.log(x, 2)` are upwards, so *down, then up if even* survives
# them: the trap is real and here harmless. It would bite with `ceil`. The float32 miss at $2^{15}$ is downwards and does
# change the result. A layer of 32,768 channels is a rarity; the lesson is that a formula with ties asks for exact arithmetic.
# The numbers of the float32 row may differ on other processors.
#
# The bit version is `(C.bit_length() // 2) | 1`. With $n = \lfloor \log_2 C \rfloor$ the bit length is $n + 1$, and
# $\lfloor t \rfloor = \lfloor (n + 1)/2 \rfloor$; `| 1` makes an even number odd by adding one.

# %% [markdown]
# ### 5.4 Turn the knobs yourself
#
# What do $\gamma$ and $b$ do? Change the three numbers and run the cell again. (On Colab they are sliders.)
# **Predict first.** Which of the two stretches the staircase, and which one shifts it?

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The explorer's drawing
def explore(gamma, b, channels):
    """Draw t and the kernel size against the channels for this gamma and b, and mark one channel count."""
    counts = sorted({round(2 ** (n / 8)) for n in range(0, 113)})
    sizes = [eca_kernel_size(count, gamma, b) for count in counts]
    chosen = eca_kernel_size(channels, gamma, b)
    stages = zip([256, 512, 1024, 2048], [3, 4, 6, 3], strict=True)
    total = sum(blocks * eca_kernel_size(width, gamma, b) for width, blocks in stages)
    figure, axis = plt.subplots(figsize=(7.6, 3.2), layout="constrained")
    axis.plot(counts, [abs(math.log2(count) + b) / gamma for count in counts], color="0.45", ls="--", lw=1.2, label="t")
    axis.step(counts, sizes, "k", where="post", lw=2, label="kernel size")
    axis.plot(channels, chosen, "ko", ms=8)
    axis.annotate(f"C = {channels}: k = {chosen}", (channels, chosen), (10, -26), textcoords="offset points",
                  bbox={"fc": "w", "ec": "none", "pad": 1})
    axis.set_xscale("log", base=2)
    axis.set_xticks([4**n for n in range(8)], [4**n for n in range(8)])
    axis.set(xlabel="channels C", ylabel="kernel size", ylim=(0, max(*sizes, 8) + 1), yticks=range(1, max(*sizes, 8) + 1, 2))
    axis.set_title(f"gamma = {gamma}, b = {b}: ResNet-50 would get {total} weights")
    axis.legend(frameon=False, loc="upper left")
    show(figure, alt=f"Kernel size against channels for gamma {gamma} and b {b}: a staircase of odd numbers round the line "
         f"t. At {channels} channels the size is {chosen}; a ResNet-50 would get {total} weights. A larger gamma makes the "
         "steps longer, a larger b moves them to the left.")


# %% tags=["demo"]
explorer_gamma = 2  # @param {type:"slider", min:1, max:4, step:1}
explorer_b = 1  # @param {type:"slider", min:-4, max:6, step:1}
explorer_channels = 256  # @param {type:"slider", min:1, max:4096, step:1}
with waits_for(eca_kernel_size):
    explore(explorer_gamma, explorer_b, explorer_channels)

# %% [markdown]
# $\gamma$ stretches: a step from one odd number to the next is two in $t$, so $C$ grows by the factor $2^{2\gamma}$, which
# is 16 for $\gamma = 2$. $b$ shifts: raising it by one halves all the borders.

# %% [markdown]
# ## 6 · The formula backwards
#
# **Predict first.** The equation gives $C = 2^{2 \cdot 3 - 1} = 32$ for $k = 3$. Is 32 the first width at which the kernel
# has size 3?
#
# No: 8 gives 3 as well. 32 is the width at which $t$ is exactly 3; rounding reaches up to one down, to $t = 2$. So for an
# odd $k$ the size is at least $k$ as soon as
#
# $$ t \ge k - 1 \quad\Longleftrightarrow\quad \log_2 C \ge \gamma (k - 1) - b $$
#
# (for $b \ge 0$, where the absolute value does nothing). The border itself belongs to it, because ties go up.
#
# **By hand.** $k = 5$: $2 \cdot 4 - 1 = 7$, so $C = 2^7 = 128$. $k = 1$: the exponent is $-1$, and $2^{-1}$ is half a
# channel; one channel is the smallest network there is. And "at least 4"? Sizes are odd, so this means at least 5.

# %% [markdown]
# ### Exercise · `first_channels_for`
# **{{worth:first_channels_for}} · medium**
#
# In: `k`, a whole number of at least 1, odd or even, and whole numbers `gamma` (above 0) and `b` (0 or more). Out: the
# smallest number of channels whose kernel size is at least `k`, as a Python `int`. Compute it, or search for it with
# `eca_kernel_size`.

# %% answer="first_channels_for" minutes=6
def first_channels_for(k, gamma=2, b=1):
    """The smallest number of channels whose kernel size is at least k, as an int."""
    # an even k asks for the next odd size
    # the exponent of the border
    # two to that power, but never less than one channel
    ### BEGIN SOLUTION
    odd = k if k % 2 == 1 else k + 1
    exponent = gamma * (odd - 1) - b
    return 2 ** max(exponent, 0)
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>The derivation above gives the border as a power of two. Two cases need care:
# an even k, and a border below one channel.</details>
# <details><summary>Hint: nearly code</summary>For whole numbers <code>2 ** exponent</code> is an <code>int</code> as long
# as the exponent is not negative. What should happen when it is?</details>
# <details><summary>"a count is a Python int ...", and a float came</summary><code>2 ** -1</code> is the float 0.5. Keep
# the exponent from falling below 0.</details>
# <details><summary>"expected: 8", "came: 32"</summary>That is where t itself reaches 3. The size is 3 earlier: rounding
# helps.</details>

# %% tags=["demo"]
with waits_for(first_channels_for, eca_kernel_size):
    for k in (1, 3, 5, 7, 9):
        border = first_channels_for(k)
        before = eca_kernel_size(border - 1) if border > 1 else "none"
        print(f"k = {k}: from {border:6,} channels on; size there {eca_kernel_size(border)}, one channel earlier {before}")

# %% check="first_channels_for"
check_type(first_channels_for(5), int)
check_equal(first_channels_for(5), 128, rule="worked by hand: the border is a tie, and it belongs to the greater size")
check_equal([first_channels_for(k) for k in (3, 7, 9)], [8, 2048, 32768], rule="2 to the power of gamma (k - 1) - b")
check_type(first_channels_for(1), int)
check_equal(first_channels_for(1), 1, rule="one channel is the smallest network there is")
check_equal([first_channels_for(k) for k in (2, 4)], [8, 128], rule="sizes are odd: at least 4 means 5")
check_equal(first_channels_for(5, gamma=1, b=2), 4, rule="gamma and b as given: the exponent is 4 - 2")
check_equal(first_channels_for(3, gamma=1, b=4), 1, rule="the exponent is -2 here: one channel is enough")
passed("first_channels_for")

# %% [markdown] tags=["instructor"]
# **Reading the result.** The borders 1, 8, 128, 2048 and 32768 are the ties. Between 8 and 2047 channels
# the "adaptive" size is 3 or 5; ResNet-50 leaves this range in its last stage only.
#
# **Mistakes to expect.** $2^{\gamma k - b}$, where $t$ reaches $k$ itself. The plus sign of the poster. One more than the
# border, from a strict inequality. $\gamma(k-1) - b$ with an even $k$, which gives 32 for $k = 4$. The float 0.5, or 0,
# for $k = 1$. A search that begins with 0 channels: `math.log2(0)` raises.

# %% [markdown]
# ## 7 · The block in Keras
#
# `keras.layers.Conv1D` slides along the *second* axis of a tensor of shape (batch, steps, features). For it the channels
# have to be the steps, with one feature each: $z$ of shape $(B, C)$ becomes $(B, C, 1)$.
#
# **Predict first.** What would the layer do with $(B, 1, C)$, which is one step with $C$ features? How many weights would
# a kernel of size 3 with one filter have then?
#
# It would have $3C$, and two thirds of them would only ever meet padding. The one step gives one number: a single gate for
# the whole image. It runs, and it trains. Count the weights of every block you write.
#
# Three settings have to be right: one filter, no bias, and padding that keeps the number of steps.

# %% [markdown]
# ### Exercise · `eca_block`
# **{{worth:eca_block}} · medium**
#
# In: a KerasTensor `x` (B, H, W, C), height and width perhaps unknown, and `gamma` and `b`. Out: a KerasTensor of the same
# shape, gated. The block has exactly $k$ weights, all trainable, with $k$ from `eca_kernel_size`. Any style is right.

# %% answer="eca_block" minutes=10
def eca_block(x, gamma=2, b=1):
    """Gate a KerasTensor x (B, H, W, C) with one kernel along its channels. Returns a KerasTensor of the same shape."""
    # the number of channels, and the kernel size for it
    # squeeze, and make the channels the steps of a sequence
    # one filter, no bias, the same number of steps, a sigmoid
    # give the gates a height and a width of 1, and multiply
    ### BEGIN SOLUTION
    channels = x.shape[-1]
    size = eca_kernel_size(channels, gamma, b)
    gate = keras.layers.GlobalAveragePooling2D()(x)
    gate = keras.layers.Reshape((channels, 1))(gate)
    gate = keras.layers.Conv1D(1, size, padding="same", use_bias=False, activation="sigmoid")(gate)
    gate = keras.layers.Reshape((1, 1, channels))(gate)
    return keras.layers.Multiply()([x, gate])
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Squeeze and scale are those of <code>se_block</code>. In between stands one
# layer, with a reshape before and after it.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C), (B, C), (B, C, 1), again (B, C, 1), (B, 1, 1, C), and the
# product.</details>
# <details><summary>Hint: nearly code</summary><code>Conv1D(filters, kernel_size, padding=..., use_bias=...)</code>: how
# many filters, and which padding keeps all C steps? Look up the default of <code>use_bias</code>.</details>
# <details><summary>"Input 0 ... is incompatible with the layer: expected min_ndim=3, found ndim=2. Full shape received: (None, 8)"</summary>The
# descriptor is still (B, C). <code>Conv1D</code> wants a third axis, of length 1.</details>
# <details><summary>"expected: 3", "came: 4", for the weights</summary>One weight too many is a bias.</details>
# <details><summary>"Incompatible shapes: [2,3,5,8] vs. [2,1,8,1]"</summary>The gates are still (B, C, 1). Give them a height
# and a width of 1, and the channels the last axis.</details>
# <details><summary>"The total size of the tensor must be unchanged. Received: input_shape=(6, 1), target_shape=(1, 1,
# 8)"</summary>Two gates are lost at the ends: which padding keeps all steps?</details>

# %%
def copy_kernel(model, kernel):
    """Put a kernel (k,) into every weight of the model that has k numbers."""
    for variable in model.weights:
        if math.prod(variable.shape) == len(kernel):
            variable.assign(kernel.reshape(tuple(variable.shape)))


# %% tags=["demo"]
with waits_for(eca_block, eca_forward, band_matrix, eca_kernel_size):
    inputs = keras.Input((None, None, 8))
    one_block = keras.Model(inputs, eca_block(inputs))
    copy_kernel(one_block, lopsided)
    in_keras = keras.ops.convert_to_numpy(one_block(case_x.astype("float32")))
    print("weights of the model:", [tuple(variable.shape) for variable in one_block.weights])
    print(f"greatest difference between Keras and your NumPy: {np.abs(in_keras - eca_forward(case_x.copy(), lopsided)).max():.1e}")

# %% check="eca_block"
inputs = keras.Input((None, None, 8))
outputs = eca_block(inputs)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 8), rule="the block keeps the shape, an unknown height and width included")
model = keras.Model(inputs, outputs)
check_equal(model.count_params(), 3, rule="one kernel of size 3 for 8 channels: one filter, no bias, channels as steps")
check_equal(len(model.trainable_weights), 1, rule="one array of weights, and it can be trained")
copy_kernel(model, lopsided)
got = keras.ops.convert_to_numpy(model(case_x.astype("float32")))
check_close(got, slow_y, rule="same kernel, other result: mean, padding, sigmoid, product?", tolerance=1e-4)
check_shape(model(np.ones((1, 4, 7, 8), "float32")), (1, 4, 7, 8), rule="the same model must take maps of another size")
wide_input = keras.Input((4, 4, 128))
twice = keras.Model(wide_input, eca_block(eca_block(wide_input), gamma=1, b=1))
check_equal(twice.count_params(), 14, rule="two blocks with kernels of their own: 5 by default, 9 for gamma = 1 and b = 1")
for channels, size in [(4, 1), (64, 3), (512, 5)]:
    some_input = keras.Input((4, 4, channels))
    some_model = keras.Model(some_input, eca_block(eca_block(some_input)))
    check_equal(some_model.count_params(), 2 * size, rule=f"{channels} channels: two kernels, each of the size that you derived")
passed("eca_block")

# %% [markdown] tags=["instructor"]
# **Reading the result.** The two versions agree to about 1e-6: Keras computes in float32. They agree without any flip,
# which settles the question of section 4 in Keras itself.
#
# **Mistakes to expect.** The bias left on, one weight too many. `(B, 1, C)` with `Conv1D(C, k)`, $kC^2$ weights, or
# `Conv1D(1, k)`, $kC$ weights and one gate for all channels: it broadcasts and nothing complains. `filters=C`. A size of 3
# whatever the width. A layer made inside `call` of another layer, which is never trained. A fixed name, which collides in
# the second block. `padding="valid"`, which loses $k - 1$ gates.

# %% [markdown]
# ## 8 · Does the order of the channels matter? A measurement
#
# ECA makes an assumption that SE does not: **channels that stand side by side belong together.** We test it on data where
# we know.
#
# An image has 64 channels and two positions, left and right. Think of 64 neighbouring colours of light. In each image
# a **run** of five neighbouring channels is awake, beginning anywhere. Awake channels have brightness $+1$ and the others
# $-1$, but every channel's brightness is blurred by noise with standard deviation 1.5. Each channel also has a bright side.
# The five awake channels agree on it, and that is the label. The 59 others show a side at random.
#
# A channel's own mean is a poor witness, then; its neighbours help. The right gate depends on nearby channels only.
#
# A second data set is the same with the channels **shuffled**, by one fixed permutation for all images. Nothing is
# lost, and neighbours are no longer neighbours.

# %% tags=["demo"]
CHANNELS, RUN = 64, 5
SHUFFLE = np.random.default_rng(5).permutation(CHANNELS)


def make_runs(seed, count, shuffled=False, brighter=0.0):
    """Images (B, 1, 2, 64), labels +1 left and -1 right (B,), and which channels are awake (B, 64)."""
    random = np.random.default_rng(seed)
    begin = random.integers(CHANNELS - RUN + 1, size=(count, 1))
    awake = (np.arange(CHANNELS) >= begin) & (np.arange(CHANNELS) < begin + RUN)
    labels = random.choice(np.float32([-1, 1]), size=count)
    sides = np.where(awake, labels[:, None], random.choice(np.float32([-1, 1]), size=(count, CHANNELS)))
    brightness = np.where(awake, 1, -1) + 1.5 * random.standard_normal((count, CHANNELS)) + brighter
    images = np.stack([brightness + sides, brightness - sides], axis=1)[:, None].astype("float32")
    return (images[..., SHUFFLE], labels, awake[:, SHUFFLE]) if shuffled else (images, labels, awake)


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title One image, in order and shuffled
figure, axes = plt.subplots(1, 2, figsize=(9.6, 2.6), layout="constrained", sharey=True)
for axis, shuffled in zip(axes, [False, True], strict=True):
    images, labels, awake = make_runs(seed=6, count=1, shuffled=shuffled)
    means = images[0].mean(axis=(0, 1))
    axis.bar(np.flatnonzero(~awake[0]), means[~awake[0]], color="w", edgecolor="k", hatch="////", lw=0.6, label="asleep")
    axis.bar(np.flatnonzero(awake[0]), means[awake[0]], color="k", edgecolor="k", label="awake")
    axis.axhline(0, color="k", lw=0.8)
    axis.set(title="shuffled" if shuffled else "in order", xlabel="place of the channel", xlim=(-1, 64))
axes[0].set_ylabel("mean of the channel")
axes[0].legend(frameon=False, ncols=2, loc="upper right")
axes[0].set_ylim(-6, 5)
show(figure, alt="The means of 64 channels of one image as bars, noisy, mostly below zero. In order, the five awake channels "
     "stand together as a run of black bars, all above zero. Shuffled, the same five bars stand apart, each among "
     "sleeping ones. The numbers are the same; only who stands beside whom has changed.")

# %% [markdown]
# The rest is as simple as it can be, so that only the gate can differ. Every channel votes for its side with its gate as
# its weight; the sum decides. Nothing else is trained. Without gates the vote is right if the five outvote the other 59,
# which happens with probability 0.741 (sum the binomial distribution; half of the ties count).
#
# Same images, same steps, five seeds: ECA with $k = 1, 3, 7$ and the two layers of SE with $m = 4$ (that is $r = 16$)
# and $m = 16$. The kernel sizes come from `gamma`: 8, 2 and 1 give 1, 3 and 7 for 64 channels.
#
# **Predict first.** Write down which blocks will suffer from the shuffle. Which will not notice it at all?

# %% tags=["demo"]
def two_layers(x, width):
    """The block of notebook 01 with this many units in its bottleneck."""
    gate = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = keras.layers.Dense(width, activation="relu")(gate)
    return x * keras.layers.Dense(CHANNELS, activation="sigmoid")(gate)


def build(kind, setting):
    """A vote of the gated channels, left against right; kind is "eca" (setting: gamma) or "se" (setting: width)."""
    inputs = keras.Input((1, 2, CHANNELS))
    maps = eca_block(inputs, gamma=setting) if kind == "eca" else two_layers(inputs, setting)
    votes = keras.ops.sum(maps[:, 0, 0] - maps[:, 0, 1], axis=-1, keepdims=True) / 2
    return keras.Model(inputs, votes), keras.Model(inputs, maps)


compiled = {}                                       # each model is compiled once and begins anew for every seed


def compile_model(kind, setting):
    """The model, its gated maps, and its optimiser's values at rest."""
    model, gated = build(kind, setting)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.02), loss, jit_compile=False, steps_per_execution=16)
    model.optimizer.build(model.trainable_variables)
    return model, gated, [variable.numpy() for variable in model.optimizer.variables]


def train_gates(kind, setting, **data):
    """Five seeds: the share right on new images, the gate on awake channels minus that on others, and the weights."""
    if (kind, setting) not in compiled:
        compiled[kind, setting] = compile_model(kind, setting)
    model, gated, at_rest = compiled[kind, setting]
    shares, contrasts, kernels = [], [], []
    for seed in range(5):
        keras.utils.set_random_seed(seed)
        model.set_weights(build(kind, setting)[0].get_weights())       # new weights, and the optimiser as at the start
        for variable, value in zip(model.optimizer.variables, at_rest, strict=True):
            variable.assign(value)
        images, labels, _ = make_runs(100 + seed, 4096, **data)
        model.fit(images, (labels > 0).astype("float32"), batch_size=256, epochs=6, verbose=0)
        images, labels, awake = make_runs(900 + seed, 4000, **data)
        shares.append(np.mean(np.sign(model(images)[:, 0]) == labels))
        gates = (keras.ops.convert_to_numpy(gated(images)) / images)[:, 0, 0]
        contrasts.append(gates[awake].mean() - gates[~awake].mean())
        kernels.append(model.get_weights()[0].ravel())
    return np.array(shares), np.array(contrasts), np.array(kernels)


def mean_and_half_width(values):
    """The mean over five seeds and half the width of its 95 % Student-t interval."""
    return np.mean(values), 2.776 * np.std(values, ddof=1) / np.sqrt(5)


# %% tags=["demo"]
ARMS = {"ECA, k = 1": ("eca", 8), "ECA, k = 3": ("eca", 2), "ECA, k = 7": ("eca", 1), "SE, m = 4": ("se", 4), "SE, m = 16": ("se", 16)}
ordered, mixed = {}, {}
with waits_for(eca_block, eca_kernel_size):
    print("share right on new images, 95 % interval        gate on awake minus others")
    for name, arm in ARMS.items():
        for results, shuffled in ((ordered, False), (mixed, True)):
            results[name] = train_gates(*arm, shuffled=shuffled)
            where = "shuffled" if shuffled else "in order"
            print("{:11} {:9}   {:.3f} +- {:.3f}".format(name, where, *mean_and_half_width(results[name][0])), end="")
            print("                  {:.3f} +- {:.3f}".format(*mean_and_half_width(results[name][1])))

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Accuracy with and without the order, and what the kernels became
if len(mixed) == 5:
    figure, (axis, kernels_axis) = plt.subplots(1, 2, figsize=(9.8, 3.7), layout="constrained", width_ratios=[1.35, 1])
    for results, shift, style, label in [(ordered, -0.17, "ko", "in order"), (mixed, 0.17, "ks", "shuffled")]:
        fill = "k" if label == "in order" else "w"
        for row, name in enumerate(ARMS):
            middle, half = mean_and_half_width(results[name][0])
            axis.errorbar(middle, row + shift, xerr=half, fmt=style, mfc=fill, ms=6, capsize=4, lw=1,
                          label=label if row == 0 else None)
            axis.text(middle + half + 0.006, row + shift, f"{middle:.3f}", va="center", fontsize=9)
    axis.axvline(0.741, color="0.5", ls="--", lw=1)
    axis.text(0.744, 4.62, "no gate: 0.741", fontsize=9, va="center")
    axis.set_yticks(range(5), [f"{name}\nweights: {weights:,}" for name, weights in zip(ARMS, [1, 3, 7, 580, 2128], strict=True)])
    axis.set(ylim=(4.9, -0.6), xlim=(0.73, 1.0), xlabel="share right on new images", title="five seeds, 95 % interval")
    axis.legend(frameon=False, loc="lower right")
    for results, shift, fill, hatch in [(ordered, -0.2, "0.3", ""), (mixed, 0.2, "w", "////")]:
        heights = results["ECA, k = 7"][2]
        half = 2.776 * heights.std(axis=0, ddof=1) / np.sqrt(5)
        kernels_axis.bar(np.arange(-3, 4) + shift, heights.mean(axis=0), 0.4, yerr=half, capsize=2, color=fill, edgecolor="k",
                         hatch=hatch, label="in order" if fill == "0.3" else "shuffled")
    kernels_axis.axhline(0, color="k", lw=0.8)
    kernels_axis.set(title="learned kernel, k = 7", xlabel="neighbour j - i", ylabel="weight", xticks=range(-3, 4))
    kernels_axis.legend(frameon=False, loc="upper right")
    show(figure, alt="Left: share right of five blocks, channels in order and shuffled. In order, ECA rises from 0.85 at k = 1 "
         "to 0.92 at k = 3 and 0.95 at k = 7; SE reaches 0.79 with m = 4 and 0.86 with m = 16. Shuffled, all ECA sizes fall to about "
         "0.85 and SE stays where it was. Right: the learned kernel of size 7 is a broad hill in order, and one "
         "middle spike with low sides when shuffled. ECA needs the order, SE does not see it.")
    for first, second, results in [("ECA, k = 3", "SE, m = 16", ordered), ("ECA, k = 3", "SE, m = 16", mixed),
                                   ("ECA, k = 3", "ECA, k = 1", mixed), ("SE, m = 16", "SE, m = 4", ordered)]:
        gain = mean_and_half_width(results[first][0] - results[second][0])       # paired by seed
        print("{} minus {}, {}: {:+.3f} +- {:.3f}".format(first, second, "in order" if results is ordered else "shuffled", *gain))

# %% [markdown] tags=["instructor"]
# **Reading the result.** In order, three shared weights beat SE's 2,128: the paired difference between ECA with $k = 3$
# and SE with $m = 16$ is +0.062 +- 0.012. $k = 7$ is better still, because the run is
# five wide. The formula gives 3 for 64 channels; it knows the width of the layer and not the width of a run.
#
# Shuffled, all three ECA sizes land at 0.85 to 0.86, the level of $k = 1$. The learned kernel explains it: the side weights
# shrink and the middle one stays. They do not vanish entirely, since a few neighbours remain neighbours by chance. SE has the
# same level in both orders: permuting the rows of its first matrix and the columns of its second gives back the same block.
#
# Is it a matter of training time? `epochs=30` in place of 6 brings SE to 0.80 ($m = 4$) and 0.86 ($m = 16$) and ECA to 0.93
# ($k = 3$) and 0.96 ($k = 7$): the picture stays. It is the form of the block that counts here. SE with four units has to
# describe sixty places of a run with four numbers.
#
# The last column scores the gates against the known truth and not through the vote. It tells the same story, and it would
# unmask a gate that is right for the wrong reason.

# %% [markdown]
# Compare with your predictions.
#
# - Where the order carries meaning, a handful of shared weights beats a bottleneck with hundreds or thousands.
# - Shuffle the channels, and ECA falls to the level of $k = 1$: what is left is each channel's own mean. SE does not
#   notice.
# - We built the first data set to suit ECA. It shows what the assumption is worth when it holds, and no more.
#
# ### 8.1 Gates without a bias
#
# One more thing that ECA cannot do. Make **every** channel brighter by 2. Which channels are awake is as clear as before.
# But now nearly all means are positive, and without a bias a positive weighted sum opens every gate. **Predict first.** Who is hurt?

# %% tags=["demo"]
with waits_for(eca_block, eca_kernel_size):
    for name in ("ECA, k = 3", "SE, m = 4"):
        shares, contrasts, kernels = train_gates(*ARMS[name], brighter=2.0)
        print("{}, all brighter by 2:  {:.3f} +- {:.3f}".format(name, *mean_and_half_width(shares)), end="")
        print("   before: {:.3f} +- {:.3f}".format(*mean_and_half_width(ordered[name][0])))

# %% [markdown]
# ECA loses most of its lead. SE has biases and is hurt less. In a network a normalisation usually
# stands before the block, as in the residual branch of the SE paper, and brings the means back to both sides of zero. The block relies on it.
#
# ### 8.2 And in a real network?
#
# **Predict first.** In a convolutional network, is there any reason why channel 17 should have more to do with channel 18
# than with channel 40?
#
# Before training there is none. Exchange two filters of a layer, and exchange the matching inputs of the next one: the
# network computes the same function. Its channels have no order. So have SE's: permute $W_1$ and $W_2$ along. **With ECA this
# freedom is gone**, because the kernel ties neighbours together. The order means something as soon as ECA reads it, and the
# filters before it can be trained to stand beside useful company. Our experiment leaves that possibility out: its channels
# are given, not learned. Whether real networks use it is a question for measurements on real networks.

# %% [markdown]
# **Reflection · the order of the channels**
#
# **{{worth:reflect-order}} · in your own words**
#
# A colleague takes a trained network, inserts ECA blocks after its last convolutions, freezes everything else, and trains
# only the ECA kernels. The gain is nearly nothing, and the kernels look like a single spike in the middle. Explain both
# observations with section 8. Name one change that could make ECA work better there, and one kind of data in which you
# would trust ECA from the start.

# %% [markdown] question="reflect-order" points=3 minutes=5 row="reflection: the order of the channels"
# ### BEGIN SOLUTION
# The channels of that network were learned without ECA, so their order is arbitrary: it is our shuffled data set.
# Neighbours then tell nothing about a channel, their weights shrink, and only the middle one is left. A block that
# multiplies each channel by a function of its own mean is all that remains, with one effective weight, so little can be gained.
#
# The filters before the block should be trained as well, so that they can arrange themselves: unfreeze them, or train with ECA
# from the start. A trainable 1 x 1 convolution before the block could also sort the channels, at C x C weights. (Or use SE,
# which does not need an order.)
#
# I would trust ECA where the channels come in a natural order: wavelengths in a spectrum, frequency bands of sound, time
# steps or sensors in a row.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: the order is arbitrary because nothing tied the channels to their places while the network was
# trained; hence the spike. One point: a change that lets the order be learned, or that does without one. One point: data
# with a natural channel order, with the reason. "Use a larger k" does not earn the second point: section 8 shows that a larger
# kernel gains nothing on shuffled channels.

# %% [markdown]
# ## 9 · What it costs in a whole network
#
# One kernel a block, no bias. With stage widths $C_s$ and $d_s$ blocks a stage:
#
# $$ \sum_s d_s \cdot k(C_s) $$
#
# **Predict first.** ResNet-50 has widths 256, 512, 1024, 2048 and depths 3, 4, 6, 3. The kernel sizes are 5, 5, 5 and 7.
# The sum?

# %% [markdown]
# ### Exercise · `eca_weight_count`
# **{{worth:eca_weight_count}} · easy**
#
# In: `widths` and `depths`, two lists with one entry a stage. Out: the weights that ECA adds to the network with $\gamma =
# 2$ and $b = 1$, as a Python `int`. You may call `eca_kernel_size`.

# %% answer="eca_weight_count" minutes=4
def eca_weight_count(widths, depths):
    """Count the weights of all ECA blocks when stage s has depths[s] blocks of widths[s] channels, as an int."""
    # go through the stages; each adds its number of blocks times the size of their kernel
    ### BEGIN SOLUTION
    return sum(depth * eca_kernel_size(width) for width, depth in zip(widths, depths, strict=True))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>It is <code>resnet_overhead</code> of notebook 01 with another count for one
# block.</details>
# <details><summary>Hint: nearly code</summary><code>zip(widths, depths)</code> gives the pairs. What does one block
# of this width cost?</details>
# <details><summary>"must be real number, not list"</summary>You gave a whole list to a function that takes one number. Go
# through the stages one by one.</details>

# %% tags=["demo"]
networks = {"ResNet-18": ([64, 128, 256, 512], [2, 2, 2, 2], 36, 44), "ResNet-34": ([64, 128, 256, 512], [3, 4, 6, 3], 74, 72),
            "ResNet-50": ([256, 512, 1024, 2048], [3, 4, 6, 3], 86, 80),
            "ResNet-101": ([256, 512, 1024, 2048], [3, 4, 23, 3], 171, 157),
            "ResNet-152": ([256, 512, 1024, 2048], [3, 8, 36, 3], 256, 234)}
with waits_for(eca_weight_count, eca_kernel_size):
    for name, (widths, depths, stored, authors) in networks.items():
        print(f"{name:10}  yours {eca_weight_count(widths, depths):4}   stored {stored:4}   the authors' released models {authors:4}")

# %% check="eca_weight_count"
check_type(eca_weight_count([64], [1]), int)
check_equal(eca_weight_count([512], [1]), 5, rule="one block of 512 channels: one kernel, shared, without a bias")
check_equal(eca_weight_count([512], [4]), 20, rule="four blocks have four kernels")
check_equal(eca_weight_count([256, 512, 1024, 2048], [3, 4, 6, 3]), 86, rule="ResNet-50: 15 + 20 + 30 + 21; 2048 is a tie")
check_equal(eca_weight_count([64, 128, 256, 512], [2, 2, 2, 2]), 36, rule="ResNet-18: sizes 3, 5, 5, 5")
check_equal(eca_weight_count([4, 128], [3, 1]), 8, rule="no smallest size: 4 channels have a kernel of one weight")
given = [64, 256]
eca_weight_count(given, [1, 2])
check_unchanged([64, 256], given)
passed("eca_weight_count")

# %% [markdown]
# ### 9.1 Three numbers for one network: 86, 80 and 48
#
# You computed 86 for ResNet-50. The paper's abstract says 80. The authors' code, run as it is, gives 48. All three are
# right about something.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Kernel sizes of the four stages, three ways
choices = {"the formula\n(ties up)": [5, 5, 5, 7], "released models,\n\"k3557\"": [3, 5, 5, 7], "the code's\ndefault": [3, 3, 3, 3],
           "the formula,\nties down": [5, 5, 5, 5]}
depths, shades = [3, 4, 6, 3], ["0.25", "0.6", "0.85", "w"]
figure, axis = plt.subplots(figsize=(8.8, 3.2), layout="constrained")
for row, sizes in enumerate(choices.values()):
    begin = 0
    for stage, (size, depth) in enumerate(zip(sizes, depths, strict=True)):
        axis.barh(row, size * depth, left=begin, color=shades[stage], edgecolor="k", height=0.62)
        axis.text(begin + size * depth / 2, row, f"{depth} x {size}", ha="center", va="center", color="w" if stage == 0 else "k")
        begin += size * depth
    axis.text(begin + 1, row, f"{begin}", va="center", fontweight="bold", fontsize=11)
for place, width in zip([7.5, 25, 50, 75.5], [256, 512, 1024, 2048], strict=True):
    axis.text(place, -0.48, f"{width} channels", ha="center", va="bottom", fontsize=9)
axis.set_yticks(range(4), list(choices))
axis.set(ylim=(3.5, -0.85), xlim=(0, 92), xlabel="weights that ECA adds to ResNet-50")
axis.spines[["top", "right"]].set_visible(False)
show(figure, alt="Bars of the weights ECA adds to ResNet-50, split by stage as blocks times kernel size. The formula: 15, 20, 30 "
     "and 21, together 86. The released models, k3557: 9, 20, 30 and 21, together 80. The code's default of 3 "
     "everywhere: 48. The formula with ties down: 5 everywhere, together 80 as well. Equal totals need not be equal networks.")

# %% [markdown]
# - **86** is the formula of section 3.2.3 with $\gamma = 2$ and $b = 1$.
# - **80** is what the abstract reports and what the released models have: their file name says "k3557", the sizes 3, 5, 5, 7
#   by stage. The formula gives 5 for 256 channels, not 3. So the authors did not follow their formula there.
# - **48** is the code as published: it takes $k$ as an argument with default 3, for all 16 blocks. The formula is not in
#   that repository.
#
# And a warning. With ties going *down*, 2048 channels get 5, and the sum is again 80, from 5, 5, 5, 5. The right total can come from
# the wrong network. ResNet-101 tells the two apart: with ties down it has $5 \cdot (3 + 4 + 23 + 3) = 165$, and the 157
# of the released model are $3 \cdot 3 + 3 \cdot 4 + 5 \cdot 23 + 7 \cdot 3$, its sizes 3, 3, 5, 7. The 44 of the released
# ResNet-18, two blocks a stage, need sizes that add up to 22, where the formula's add up to 18. Ask for the sizes, not for
# the total.
#
# ### 9.2 What it buys, quoted
#
# We cannot train on ImageNet here. These are the paper's own numbers for ResNet-50, quoted, without intervals:
#
# | | top-1 accuracy, % | images a second, training | images a second, inference |
# |---|---|---|---|
# | plain | 75.20 | 1024 | 1855 |
# | SE | 76.71 | 759 | 1620 |
# | CBAM | 77.34 | 472 | 1213 |
# | ECA | 77.48 | 785 | 1805 |
#
# In this table ECA stands 0.77 points above SE, with 86 (or 80) weights in place of two and a half million, and 0.14 above
# CBAM. **Same recipe?** No: the paper takes the other methods' results from their own papers (section 4.2.2), which
# trained otherwise. Notebook 01 quotes SE at an error of 22.28 %, an accuracy of 77.72, after a longer training: above
# ECA's 77.48. Across recipes, and without intervals, this is no ranking.
#
# **Weights are not time.** By the table ECA trains 3 % faster than SE on the authors' GPUs, and runs 11 % faster: far less
# than the weights would suggest. Pooling and scaling touch all $HWC$ numbers, and both blocks do that. What lies between
# works on $C$ numbers.
#
# ### 9.3 Where implementations differ
#
# | point | choices you will meet | effect |
# |---|---|---|
# | size | the formula; an argument, default 3 (the authors' code) | 86 or 48 weights in ResNet-50 |
# | smallest size | none (the formula); at least 3 (the timm library) | $C < 8$: 1 or 3 |
# | ties | up (common code); down, by another way of rounding | $C$ = 8, 128, 2048, 32768 |
# | width in the formula | that of the block's output; its inner width, a quarter | other sizes |
# | data format | channels last; with channels first the channels stand on axis 1 | notebook 07: an old tutorial gets it wrong |
#
# When two "ECA" networks disagree, compare their kernel sizes stage by stage. The total is not enough.

# %% tags=["demo"]
with waits_for(eca_weight_count, eca_kernel_size):
    eca = eca_weight_count([256, 512, 1024, 2048], [3, 4, 6, 3])
    print(f"ECA {eca} weights, SE 2,530,992: one ECA weight for {2_530_992 / eca:,.0f} of SE's")
    print(f"as a share of ResNet-50's 25,557,032 weights: ECA {eca / 25_557_032:.5%}, SE {2_530_992 / 25_557_032:.2%}")

# %% [markdown]
# **Reflection · eighty weights**
#
# **{{worth:reflect-eighty}} · in your own words**
#
# You review a report. It says: "We implemented ECA with the adaptive kernel size. Our ResNet-50 gains 80 weights, exactly as
# in the paper, which confirms our implementation. As it has 30,000 times fewer weights than SE, it is far faster." Find what is wrong or
# not shown in each of the three sentences, and say what you would ask the authors to report instead.

# %% [markdown] question="reflect-eighty" points=3 minutes=5 row="reflection: eighty weights"
# ### BEGIN SOLUTION
# Adaptive and 80 do not go together: the formula with gamma = 2 and b = 1 gives 5, 5, 5, 7 and 86 weights when ties go up.
#
# 80 confirms nothing. It is the sum of the authors' hand-set sizes 3, 5, 5, 7, and also of 5, 5, 5, 5, which is the formula with ties
# down. I would ask for the kernel size of each stage, and for the count of a second network such as ResNet-101, where 165
# and 157 differ; best for a comparison of outputs with equal weights.
#
# Fewer weights do not make it faster. Pooling and scaling touch every number of the map in both blocks and dominate. Quoted: 3 % faster in
# training, 11 % at inference on the authors' GPUs; on CPU SE and ECA are within about 10 % of each other. I would ask for measured times, side by side, with
# their spread.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: the formula gives 86 here, so 80 contradicts "adaptive" (or shows ties down). One point: an equal total proves
# nothing, with a better check (sizes by stage, another network, outputs). One point: weights are not time, with the reason or
# with measured numbers. The factor itself is right: $2{,}530{,}992 / 80 \approx 31{,}637$; who calls it wrong loses nothing if
# the rest is there.

# %% [markdown]
# ## What we found
#
# - SE's bottleneck lets every gate hear every channel, through $m$ mixtures. It cannot hold a direct line from each channel to its
#   gate: at $r = 16$ at least 15/16 of the identity is lost.
# - Sparse matrices keep the direct line. The diagonal has no company, groups have borders, a band has neither fault. One shared
#   kernel reduces it to $k$ weights and keeps the rank high.
# - The shared band is a cross-correlation with zero padding. A row of the matrix is the kernel forwards, a column backwards;
#   Keras does not flip.
# - The kernel size is the odd number nearest to $(\log_2 C + b)/\gamma$. *Down, then up if even* is exactly this with ties up. Ties
#   sit at 8, 128, 2048 and 32768, and there a rounding error can decide.
# - On data with an order, three shared weights beat SE's thousands. With shuffled channels they fell to the level of $k = 1$. Without a
#   bias, ECA needs means on both sides of zero.
# - The formula adds 86 weights to ResNet-50, the released models 80, the code's default 48. Fewer weights are not less time.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | band matrix | zero but for the entries near the diagonal |
# | Toeplitz matrix | constant along every diagonal: one kernel shared by all rows |
# | kernel, kernel size | the shared weights $w$, and how many: $k$ |
# | reach | how far the kernel goes to each side, $(k-1)/2$ |
# | cross-correlation | a sliding weighted sum that reads the kernel forwards |
# | adaptive kernel size | $k$ computed from the number of channels |
#
# ## Where this is in the papers
#
# Wang, Wu, Zhu, Li, Zuo and Hu, *ECA-Net: Efficient Channel Attention for Deep Convolutional Neural Networks*, CVPR 2020, arXiv
# 1910.03151: what the bottleneck costs in section 3.2.1, diagonal, grouped and banded matrices in 3.2.2, the kernel size in 3.2.3.
# Hu et al., *Squeeze-and-Excitation Networks*, arXiv 1709.01507, for SE. Computed here: all weight counts, the sizes, section 8.
# Quoted: the table of section 9.2, the sizes of the released models, and the authors' default.
#
# ## Stretch
#
# Section 8 shuffled the channels and ECA could do nothing about it. Give it a chance: put a 1 x 1 convolution without a bias
# before the gate, `keras.layers.Conv2D(64, 1, use_bias=False)`, and let the gate that is computed from the *mixed* channels
# multiply the mixed channels. Can gradient descent find the order again? How many weights does the sorting cost, and is it
# still "efficient"? Start from the shuffled data, and initialise the convolution once at random and once with the right
# permutation.
#
# %% [markdown] tags=["instructor"]
# **Stretch, what to look for.** A permutation matrix is a 1 x 1 convolution, so the solution exists, with $64^2 = 4{,}096$ weights, more than SE's 2,128. Started at the right permutation
# it reaches the level of ordered channels; started at random it has to find sixty-four places at once from a vote that says left or right. A student who reports an honest failure
# with several seeds has solved the task. In a real network the convolution before the block exists anyway, which is the
# point of section 8.2.

# %% [markdown]
# ## What comes next
#
# Both blocks so far describe a channel by its mean. Notebook 03 adds a second witness, the maximum, and asks what the two
# know that one does not.

# %% [markdown]
# {{hand_in}}
