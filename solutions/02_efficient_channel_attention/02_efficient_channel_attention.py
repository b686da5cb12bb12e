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
# SE spends 2,530,992 weights on the gates of a ResNet-50. Efficient channel attention, ECA, spends 86. You take SE's
# matrix apart until one small kernel is left, and find out what each step gives up.
#
# **You will be able to**
# - explain what SE's bottleneck hides, and what a diagonal, grouped or banded matrix does instead
# - derive that a band with one shared kernel is a 1-D convolution along the channels
# - implement the block in NumPy and in Keras, and recover a block's kernel from its gates
# - judge from a measurement when the order of the channels matters, and what sharing weights saves
#
# **You need** notebooks 00 and 01, matrix products, logarithms to base two, and least squares (of more equations than
# unknowns, the solution with the least sum of squared errors).
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
# ## Before you start: three questions
#
# 1. `x` has shape (B, H, W, C) and `gate` has shape (B, C). Which axes does the gate need before `x * gate`, and when
#    does the bare product run and give wrong numbers?
#
# <details><summary>Answer</summary>Two axes of length 1 in the middle: (B, 1, 1, C). The bare product runs where B equals
# W, and multiplies each column of the map by another image's gate (notebook 00).</details>
#
# 2. An SE block has 256 channels and $r = 16$. How many weights do its two matrices hold, and what is the greatest rank
#    of their product?
#
# <details><summary>Answer</summary>2 x 256 x 16 = 8,192. The rank is at most 16, the width of the bottleneck (notebook
# 01).</details>
#
# 3. What is $\sigma(0)$, and what is $\sigma(a) + \sigma(-a)$?
#
# <details><summary>Answer</summary>One half, and 1.</details>

# %% [markdown]
# ## 1 · What the bottleneck hides
#
# Take one image and its descriptor $z$, here of shape $(C,)$. If the logits $a$ are linear in $z$, a matrix $M$ of
# shape (C, C) carries the means to the gates, and $M_{ij}$ is the weight from channel $j$ to gate $i$:
#
# $$ a=M z \qquad\qquad g=\sigma(a) $$
#
# For SE without ReLU and biases $M = (W_1 W_2)^\top$, because notebook 01 writes one image as a row, $z\,W_1 W_2$. So
# SE's $M$ has rank at most $m$.
#
# Suppose that each gate should simply follow the mean of its own channel, so that $M$ should be the identity $I$. How
# close can SE come to it, by the sum of the squared differences of all entries? The **singular values** of a matrix are
# the factors by which it stretches its directions. The best matrix of rank $m$ keeps the $m$ largest and loses the
# squares of the others (Eckart and Young). All $C$ singular values of $I$ are 1, so
#
# $$ \min_{\operatorname{rank} M \le m} \; \sum_{i=1}^{C} \sum_{j=1}^{C} (I_{ij}-M_{ij})^2=C-m $$
#
# out of $C$ in all. With $m = C/16$, 15/16 of the wish is lost, whatever the weights. The ReLU does not help, because
# the logits still move in $m$ directions only.
#
# **Predict.** Now a wish with company, for 24 channels: each gate hears its own channel with weight 1 and the two beside
# it with weight one half. What share of the squares does the best matrix of rank 4 lose?

# %% tags=["demo", "prediction"]
my_loss = None  # a number between 0 and 1: the share of the squares that the best rank 4 loses; None skips it

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title A wish and what a bottleneck makes of it
wish = np.eye(24) + (np.eye(24, k=1) + np.eye(24, k=-1)) / 2
left, values, right = np.linalg.svd(wish)
lost = {width: 1 - (values[:width] ** 2).sum() / (values**2).sum() for width in (24, 12, 4)}
figure, axes = plt.subplots(1, 3, figsize=(8.6, 3.1), layout="constrained")
for axis, width in zip(axes, lost, strict=True):
    nearest = (left[:, :width] * values[:width]) @ right[:width]
    title = "the wish: rank 24" if width == 24 else f"nearest of rank {width}\n{lost[width]:.0%} of the squares lost"
    drawn = draw_map(axis, nearest, title, -1, 1, signed=True)
    axis.set(xlabel="from channel j", xticks=[0, 8, 16, 23], yticks=[0, 8, 16, 23])
axes[0].set_ylabel("to gate i")
figure.colorbar(drawn, ax=axes, fraction=0.03, pad=0.02, label="weight")
show(figure, alt="Three 24 by 24 matrices, red above zero and blue below. The wish is a sharp band beside the diagonal. "
     f"The nearest matrix of rank 12 is a slightly blurred band, with {lost[12]:.0%} of the squares lost. The nearest of "
     f"rank 4 is a broad blur with blue stripes beside it, and has lost {lost[4]:.0%}.")
compare_guess(my_loss, lost[4], "share lost with rank 4")

# %% [markdown]
# The matrix of rank 4 is a blur, so each gate listens to channels far away, some of them with the wrong sign. In SE every
# gate hears every channel, but only through $m$ mixtures, so none has a direct line to its own channel. ECA keeps that
# line and saves weights elsewhere (section 3.2.1 of its paper).
#
# ## 2 · Five matrices
#
# So keep the diagonal, and save weights by a rule that sets other entries to zero, with $G$ groups or a band of $k$
# neighbours:
#
# | matrix | $M_{ij}$ may differ from 0 | weights |
# |---|---|---|
# | full | always | $C^2$ |
# | diagonal | $i = j$ | $C$ |
# | grouped | $i, j$ in one group | $C^2/G$ |
# | banded | $\lvert i-j\rvert\le(k-1)/2$ | $kC$ (a few stick out, unused) |
# | banded and shared | the same, and $M_{ij}$ depends on $j-i$ only | $k$ |

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Five matrices, and whom gate 3 hears
free = np.random.default_rng(3).uniform(0.25, 1.0, size=(12, 12))
gap = np.arange(12)[None, :] - np.arange(12)[:, None]                         # j - i
same_group = np.arange(12)[None, :] // 4 == np.arange(12)[:, None] // 4
rules = [("full\n$C^2$ = 144", free), ("diagonal\n$C$ = 12", free * (gap == 0)),
         ("3 groups\n$C^2/G$ = 48", free * same_group), ("banded, $k$ = 3\n$kC$ = 36", free * (abs(gap) <= 1)),
         ("shared, $k$ = 3\n$k$ = 3", 0.3 * (gap == -1) + 1.0 * (gap == 0) + 0.6 * (gap == 1))]
figure, axes = plt.subplots(2, 5, figsize=(9.8, 3.9), layout="constrained", height_ratios=[1.7, 1])
for column, (title, matrix) in enumerate(rules):
    axes[0, column].imshow(matrix, cmap="gray_r", vmin=0, vmax=1.1)
    axes[0, column].axhspan(2.5, 3.5, fill=False, edgecolor="tab:orange", lw=1.5)
    axes[0, column].set(title=title, xticks=[0, 4, 8, 11], yticks=[0, 3, 8, 11])
    axis = axes[1, column]
    for source in np.flatnonzero(matrix[3]):
        axis.plot([source, 3], [0, 1], color="tab:orange", lw=0.5 + 2.5 * matrix[3, source])
    axis.plot(range(12), [0] * 12, "o", color="k", mfc="w", ms=5)
    axis.plot([3], [1], "s", color="k", ms=7)
    axis.set(ylim=(-0.25, 1.25), yticks=[], xticks=[0, 4, 8, 11])
    axis.spines[["top", "right", "left", "bottom"]].set_visible(False)
axes[0, 0].set(ylabel="gate i", xlabel="channel j")
axes[1, 0].set_yticks([0, 1], ["channel", "gate 3"])
show(figure, alt="Above, five 12 by 12 matrices with row 3 framed: full, diagonal, three square blocks, a band, and a band "
     "with the same three greys in each row. Below, the channels that gate 3 hears, as lines: all twelve; channel 3 "
     "alone; channels 0 to 3; channels 2, 3 and 4; channels 2, 3 and 4 with the shared weights.")

# %% [markdown]
# The framed row says whom gate 3 hears. In the third picture a group ends right after channel 3, so gate 3 cannot hear
# its neighbour 4; a band has no such borders. Each rule is an assumption: that channels need no company, that groups
# are known beforehand, that neighbours belong together, and that every channel weighs its neighbours alike.
#
# The wish of section 1 was a shared band: three weights, and yet rank 24. **A shared band has few weights, but it does not
# squeeze the gates into few directions.**

# %% [markdown]
# ## 3 · The band as a matrix
#
# Let the kernel be $\omega$ with shape $(k,)$, $k$ odd, and let $p = (k-1)/2$ be its reach. Each of its weights is a **tap**. Counting from 0, as code
# does, the middle weight $\omega_p$ is on the diagonal, and a neighbour $j-i$ places to the right has the weight $j-i$
# places after it:
#
# $$ M_{ij}=\begin{cases} \omega_{\,j-i+p}&\text{if } \lvert j-i\rvert \le p \\ 0&\text{otherwise} \end{cases} $$
#
# **By hand.** $\omega = (-1, 1, -2)$ and $C = 3$, so $p = 1$. Row 0 wants the channels $-1, 0, 1$, but there is no
# channel $-1$, so the first weight is dropped.
#
# $$ M=\begin{pmatrix} 1&-2&0 \\ -1&1&-2 \\ 0&-1&1 \end{pmatrix} \qquad
#    M \begin{pmatrix} 2\\1\\-1 \end{pmatrix}=\begin{pmatrix} 2-2 \\-2+1+2 \\-1-1 \end{pmatrix}
#    =\begin{pmatrix} 0\\1\\-2 \end{pmatrix} $$
#
# A matrix that is constant along each diagonal is called a **Toeplitz matrix**.

# %% [markdown]
# ### Exercise · `band_matrix`
# **{{worth:band_matrix}} · easy**
#
# In: `kernel`, shape (k,) with k odd, and `channels`, the number $C$. Out: the matrix $M$, a NumPy array (C, C). The
# kernel may be wider than there are channels; the weights that stick out are dropped. NumPy; a loop over the k
# weights is welcome.

# %% answer="band_matrix" minutes=12
def band_matrix(kernel, channels):
    """Build the matrix M (C, C) of a shared kernel (k,): M[i, j] is the weight from channel j to channel i."""
    # begin with zeros, then put each weight of the kernel on a diagonal of its own
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
# into a row that has no room for it. In the first and the last rows a part of the kernel is dropped.</details>

# %%
lopsided = np.array([0.9, 0.4, -1.3])                                  # kernels without symmetry: a flip would show
longer = np.array([3.0, 1.0, -2.0, 0.5, 1.5])

# %% tags=["demo"]
dots = np.eye(8, dtype="float32")[:, :, None]                          # eight images, each lights up one channel
answers = keras.ops.conv(dots, longer.astype("float32")[:, None, None], padding="same")[:, :, 0]
with waits_for(band_matrix):
    theirs, yours = keras.ops.convert_to_numpy(answers).T, band_matrix(longer, 8)
    show(draw_maps([yours, theirs], ["yours", "from a Keras convolution"], signed=True, numbers=True),
         alt="Two 8 by 8 matrices with their numbers, red above zero and blue below: yours, and the band of the kernel 3, 1, -2, "
         f"0.5, 1.5 as a Keras convolution gives it. Greatest difference: {np.abs(yours - theirs).max():.2g}.")

# %% check="band_matrix"
got = band_matrix(np.array([-1.0, 1.0, -2.0]), 3)
check_type(got, np.ndarray)
check_shape(got, (3, 3), rule="one row for each gate, one column for each channel, also at both ends")
check_close(got, [[1, -2, 0], [-1, 1, -2], [0, -1, 1]], rule="worked by hand: the matrix of section 3")
given = longer.copy()
got = band_matrix(given, 7)
check_unchanged(longer, given)
check_close(got[3], [0, 3.0, 1.0, -2.0, 0.5, 1.5, 0], rule="in the middle of the matrix a row holds the whole kernel")
check_close(got[0], [-2.0, 0.5, 1.5, 0, 0, 0, 0], rule="row 0: the middle weight is on the diagonal, zeros follow the kernel")
check_close(got[1:, 1:], got[:-1, :-1], rule="one step down and to the right the entry is the same")
check_close(band_matrix(np.array([4.0]), 2), [[4, 0], [0, 4]], rule="a kernel of one weight is a diagonal matrix")
check_close(band_matrix(longer, 2), [[-2.0, 0.5], [1.0, -2.0]], rule="what sticks out of the matrix is dropped")
passed("band_matrix")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The transpose, which is the flipped kernel: $M_{ij} = \omega_{i-j+p}$. It is invisible with
# symmetric kernels, so no test here uses one. The kernel starting on the diagonal instead of being centred. Slices such
# as `matrix[i, i - p : i + p + 1] = kernel`, which raise at both ends. `np.roll` of a row, which joins the ends to a
# ring. `np.diag` of a constant raises for a kernel that reaches beyond the matrix; `np.eye` gives zeros there.

# %% [markdown]
# ## 4 · The band is a convolution along the channels
#
# Multiply out row $i$, with $t = j - i + p$:
#
# $$ a_i=\sum_{j} M_{ij}\, z_j=\sum_{t=0}^{k-1} \omega_t\; z_{i+t-p} \qquad (z=0 \text{ outside}) $$
#
# One kernel slides along the channels and forms a weighted sum at each: deep learning calls this a 1-D convolution with
# zero padding. In mathematics it is a **cross-correlation**, and a convolution has $z_{i-t+p}$, which reads the kernel
# backwards.
#
# **Predict.** Channel 5 has mean 1, all others 0, and $\omega = (1, 2, 3)$. Which logits do gates 4, 5 and 6 get?

# %% tags=["demo", "prediction"]
my_echo = None  # three numbers in parentheses, such as (0, 0, 0): the logits of gates 4, 5 and 6; None skips it

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
     "1, 2, 3 gives 3, 2, 1 at gates 4, 5 and 6; the mathematical convolution gives 1, 2, 3.")
compare_guess(my_echo, (3, 2, 1), "gates 4, 5, 6")

# %% [markdown]
# For gate 4 the bright channel is the *right* neighbour, so it counts with the right weight, 3. What one gate hears is a
# row of $M$, the kernel forwards; what one channel causes is a column, the kernel backwards. The column looks as if Keras
# flipped the kernel, but it does not:

# %% tags=["demo"]
vector = np.array([1.2, -1.9, 0.4, 2.8, -0.6, 0.1, 0.7])
in_keras = keras.ops.conv(vector[None, :, None].astype("float32"), longer[:, None, None].astype("float32"), padding="same")
with waits_for(band_matrix):
    logits = band_matrix(longer, 7) @ vector
    print(f"greatest difference between M z and Keras         {np.abs(logits - np.array(in_keras)[0, :, 0]).max():.1e}")
    print(f"... and np.correlate, which does not flip         {np.abs(logits - np.correlate(vector, longer, 'same')).max():.1e}")
    print(f"... and np.convolve, which flips                  {np.abs(logits - np.convolve(vector, longer, 'same')).max():.1e}")

# %% [markdown]
# ### 4.1 The block
#
# The block squeezes as before, slides the kernel, takes the sigmoid and scales. For one image, with positions counted
# from 1,
#
# $$ z_c=\frac{1}{HW}\sum_{h=1}^{H}\sum_{w=1}^{W} x_{hwc} \qquad\quad a=M z \qquad\quad y_{hwc}=\sigma(a_c)\; x_{hwc} $$
#
# In a batch $z$ is $(B, C)$ with one image per *row*, so $a = z\,M^{\top}$. There is no bias, so a descriptor of zeros
# gives gates of exactly one half, and if $z$ gives $g$, then $-z$ gives $1 - g$.
#
# **By hand.** One image, three channels, means $(2, 1, -1)$, kernel $\ln 3 \cdot (-1, 1, -2)$. By section 3 the logits
# are $\ln 3 \cdot (0, 1, -2)$, and with $\sigma(n \ln 3) = 3^n/(3^n + 1)$ the gates are
# $(\tfrac12, \tfrac34, \tfrac1{10})$. Each map is multiplied by its gate:
#
# $$ \begin{pmatrix} 1&2\\1&4 \end{pmatrix} \to \begin{pmatrix} 0.5&1\\0.5&2 \end{pmatrix} \qquad
#    \begin{pmatrix} 0&4\\0&0 \end{pmatrix} \to \begin{pmatrix} 0&3\\0&0 \end{pmatrix} \qquad
#    \begin{pmatrix}-4&0\\4&-4 \end{pmatrix} \to \begin{pmatrix}-0.4&0\\0.4&-0.4 \end{pmatrix} $$

# %% [markdown]
# ### Exercise · `eca_forward`
# **{{worth:eca_forward}} · medium**
#
# In: `x` (B, H, W, C) and `kernel` (k,), k odd. Out: a NumPy array (B, H, W, C), `x` with each channel multiplied by its
# gate; `x` itself stays as it was. NumPy only. You may call `band_matrix`, or slide the kernel in your own way.

# %% answer="eca_forward" minutes=12
def eca_forward(x, kernel):
    """Gate x (B, H, W, C) by the sigmoid of its channel means, filtered with a kernel (k,). Returns (B, H, W, C)."""
    # a new map of the shape of x
    ### BEGIN SOLUTION
    z = x.mean(axis=(1, 2))
    logits = z @ band_matrix(kernel, x.shape[-1]).T
    gate = 1 / (1 + np.exp(-logits))
    return x * gate[:, None, None, :]
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>It is <code>se_forward</code> with another way from the descriptor to the
# logits: squeeze, slide the kernel along the channels of each image, sigmoid, scale.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C), then (B, C) for the means, the logits and the gates, then (B,
# 1, 1, C).</details>
# <details><summary>Hint: nearly code</summary>Each image is a row of z. Which of <code>z @ M</code> and <code>z @
# M.T</code> sums row i of M against the channels? Write the sum out for one entry.</details>
# <details><summary>"matmul: Input operand 1 has a mismatch in its core dimension 0 ... (size 2 is different from
# 8)"</summary>The matrix is on the left, as in M z. With one image per row, z comes first.</details>
# <details><summary>"operands could not be broadcast together with shapes (2,3,5,8) (2,8)"</summary>The gates need two
# more axes where x has H and W.</details>

# %%
random = np.random.default_rng(21)
hand_x = np.array([[[[1.0, 0.0, -4.0], [2.0, 4.0, 0.0]], [[1.0, 0.0, 4.0], [4.0, 0.0, -4.0]]]])    # (1, 2, 2, 3)
case_x = random.normal(size=(2, 3, 5, 8))            # (2, 3, 5, 8): two images, eight channels, nothing square
case_x[0] += [0.5, -2.5, -0.5, 3.5, -0.5, -0.5, 1.0, -1.0]
case_x[1] += [1.5, -1.5, 1.5, 2.5, -0.5, 0.5, -1.0, 0.0]
case_gates = np.array([
    [0.9621825, 0.6507671, 0.0004165, 0.8388638, 0.9883497, 0.1115775, 0.7947083, 0.5980936],
    [0.9712920, 0.1858619, 0.0137708, 0.9103988, 0.7554989, 0.8635713, 0.3692332, 0.2384611],
])                                                   # stored: the gates of case_x with the kernel lopsided
case_y = np.zeros_like(case_x)
for image, row, column, channel in np.ndindex(case_x.shape):
    case_y[image, row, column, channel] = case_gates[image, channel] * case_x[image, row, column, channel]

# %% tags=["demo"]
picture = photograph("china", height=64, width=96)
across, down = np.gradient(picture.mean(axis=-1), axis=1), np.gradient(picture.mean(axis=-1), axis=0)
features = np.stack([*np.moveaxis(picture, -1, 0) - 0.5, 2 * across, 2 * down, 2 * np.hypot(across, down) - 0.1], axis=-1)[None]
photo_gates = np.array([0.305959, 0.511002, 0.757274, 0.723972, 0.489267, 0.465003])                # stored, for the kernel below
compare(eca_forward, target=features * photo_gates, inputs=(features, 8 * lopsided), gate=photo_gates,
        names=["red", "green", "blue", "edges across"], title="Four of six channels of a photograph, before and after the block",
        alt="Maps of four channels made from a photograph of a temple: red, green, blue, and edges.")

# %% [markdown]
# Like SE, ECA decides per channel and per image: one grey gate for all positions.

# %% check="eca_forward"
given = case_x.copy()
got = eca_forward(given, lopsided)
check_type(got, np.ndarray)
check_shape(got, (2, 3, 5, 8), rule="the block changes values, not the shape")
check_unchanged(case_x, given)
check_close(got, case_y, rule="each image has gates of its own, from its own means", tolerance=1e-4)
hand_y = eca_forward(hand_x.copy(), np.log(3) * np.array([-1.0, 1.0, -2.0]))
check_close(hand_y, hand_x * [1 / 2, 3 / 4, 1 / 10], rule="worked by hand: the gates are 1/2, 3/4 and 1/10")
got = eca_forward(np.concatenate([case_x] * 3)[:5], lopsided)
check_close(got[1], case_y[1], rule="B equals W here: the gates line up with the channels all the same", tolerance=1e-4)
both = eca_forward(case_x.copy(), longer) - eca_forward(-case_x, longer)
check_close(both, case_x, rule="-x has the gates 1 - g, so x g + x (1 - g) is x again", tolerance=1e-4)
reaching = eca_forward(case_x.copy(), np.array([0.0, 0, 0, 0, 1]))                 # the last of five taps is two channels on
heard = 1 / (1 + np.exp(-case_x[..., 2].mean(axis=(1, 2), keepdims=True)))
check_close(reaching[..., 0], case_x[..., 0] * heard, rule="five taps: channel 0 hears channel 2", tolerance=1e-4)
passed("eca_forward")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** `z @ M`: the flipped kernel again, through a lost transpose. It is an easy slip, because $M z$
# is in the text. `np.convolve`, which flips. `np.correlate` on the whole batch, which raises, because it takes vectors
# only. A ReLU somewhere, out of habit from SE: ECA has none. The check with `-x` finds a ReLU, a bias and a missing
# sigmoid at once, because $\sigma(a) + \sigma(-a) = 1$.

# %% [markdown]
# ### 4.2 From the gates back to the kernel
#
# You see the means that went into a trained block and the gates that came out. Which kernel is inside? The sigmoid is
# in the way, but it loses nothing.

# %% [markdown]
# ### Exercise · `kernel_from_gates`
# **{{worth:kernel_from_gates}} · hard**
#
# An open task: no steps are given. In: `z` and `gates`, both (B, C), every gate strictly between 0 and 1, and
# `kernel_size`, an odd number, at most the number of gates. Out: the kernel, a NumPy array (k,), whose logits come
# nearest to those of the gates, by the sum of the squared differences over all images and channels. For gates of an ECA
# block this is its kernel; for rounded gates no kernel fits exactly, and all of them should have a say. NumPy only;
# `np.linalg` is welcome.

# %% answer="kernel_from_gates" minutes=30
def kernel_from_gates(z, gates, kernel_size):
    """The kernel (k,) of the ECA block that fits descriptors z (B, C) and its gates (B, C) best."""
    # one weight per tap, from all gates of all images
    ### BEGIN SOLUTION
    logits = np.log(gates / (1 - gates))
    one_tap_each = [z @ band_matrix(tap, z.shape[1]).T for tap in np.eye(kernel_size)]
    system = np.stack(one_tap_each, axis=-1).reshape(-1, kernel_size)
    return np.linalg.lstsq(system, logits.ravel(), rcond=None)[0]
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: where to begin</summary>Work the hand example backwards: means (2, 1, -1), gates (1/2, 3/4,
# 1/10). Write the three equations for the three weights on paper.</details>
# <details><summary>Hint: the idea</summary>One gate is one linear equation: its logit is a sum of k weights times k
# neighbouring means, with zeros beyond the ends. All gates of all images make one system with k columns.</details>
# <details><summary>Hint: the columns</summary>What are the logits of a kernel with a 1 at place t and zeros elsewhere?
# They are column t. You have a function that builds the matrix of such a kernel.</details>
# <details><summary>Hint: the solution</summary><code>np.linalg.lstsq</code> solves a system with more equations than
# unknowns by least squares. It returns four things.</details>

# %%
def gates_of(z, kernel):
    """The gates (B, C) that a block with this kernel gives, written as one sliding sum per image."""
    padded = np.pad(z, ((0, 0), (len(kernel) // 2, len(kernel) // 2)))
    return 1 / (1 + np.exp(-np.stack([np.correlate(row, kernel, "valid") for row in padded])))


seen_z = np.random.default_rng(8).normal(size=(4, 7)) + 0.5              # four images, seven channels
seen_kernel, wide_kernel = np.array([0.6, 0.3, -0.8]), np.array([0.4, -0.5, 0.3, 0.8, -0.2])

# %% check="kernel_from_gates"
given_z, given_gates = np.array([[2.0, 1.0, -1.0]]), np.array([[1 / 2, 3 / 4, 1 / 10]])
got = kernel_from_gates(given_z, given_gates, 3)
check_type(got, np.ndarray)
check_shape(got, (3,), rule="one number for each weight of the kernel")
check_close(got, np.log(3) * np.array([-1, 1, -2]), rule="worked by hand: the kernel of section 4.1")
check_unchanged([[1 / 2, 3 / 4, 1 / 10]], given_gates)
check_close(kernel_from_gates(seen_z.copy(), gates_of(seen_z, seen_kernel), 3), seen_kernel, rule="four images, one kernel")
check_close(kernel_from_gates(seen_z.copy(), gates_of(seen_z, wide_kernel), 5), wide_kernel, rule="a kernel of five")
narrow_z = seen_z[:, :3].copy()
check_close(kernel_from_gates(narrow_z, gates_of(narrow_z, wide_kernel), 5), wide_kernel, rule="wider than the three channels")
one_weight = kernel_from_gates(seen_z.copy(), gates_of(seen_z, np.array([-0.7])), 1)
check_close(one_weight, [-0.7], rule="a kernel of one weight")
rounded = np.round(gates_of(seen_z, seen_kernel), 1)
check_close(kernel_from_gates(seen_z.copy(), rounded, 3), [0.6560479, 0.3113622, -0.8362683], rule="gates with one digit: the best fit to all 28")
passed("kernel_from_gates")

# %% [markdown] tags=["instructor"]
# **What it teaches.** A convolution is linear in its input *and* in its kernel. The band matrix is the first view, the
# system of this exercise the second one; its rows are the windows of $z$. **Mistakes to expect.** The gates themselves on
# the right side, without undoing the sigmoid. `np.linalg.solve` with the first $k$ equations, which is exact for exact
# gates and throws the others away for rounded ones. Averages over the images before solving, with the same fate. Only
# the inner gates, whose neighbours all exist. The columns in the wrong order, which is the flipped kernel once more.

# %% [markdown]
# **Predict.** A log file keeps the gates of 8 channels with one digit only. With the gates of one image, the kernel of
# three comes out wrong by some amount (root mean square over many draws). By what factor does this error shrink with the
# gates of 64 images?

# %% tags=["demo", "prediction"]
my_factor = None  # a number above 1: how many times smaller the error is with 64 images than with one; None skips it

# %% tags=["demo"]
counts, typical = [1, 4, 16, 64], []
with waits_for(band_matrix, kernel_from_gates):
    for images in counts:
        errors = []
        for draw in range(200):
            z = np.random.default_rng([draw, images]).normal(size=(images, 8))
            some = np.clip(np.round(gates_of(z, seen_kernel), 1), 0.05, 0.95)    # 0 and 1 have no logit
            errors.append(kernel_from_gates(z, some, 3) - seen_kernel)
        typical.append(np.sqrt(np.mean(np.square(errors))))
    print("images", counts, "  error of a weight", [f"{error:.3f}" for error in typical])
    compare_guess(my_factor, typical[0] / typical[-1], "times smaller with 64 images")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title How well rounded gates give the kernel away
if typical:
    figure, axis = plt.subplots(figsize=(5.6, 3.0), layout="constrained")
    axis.loglog(counts, typical, "ko-", label="error of a recovered weight")
    axis.loglog(counts, typical[0] / np.sqrt(counts), "k:", lw=1, label=r"$1/\sqrt{\mathrm{images}}$")
    if my_factor is not None:
        axis.loglog(64, typical[0] / my_factor, "D", color="tab:orange", label="your prediction")
    axis.set_xticks(counts, counts)
    axis.set_yticks([0.01, 0.03, 0.1], ["0.01", "0.03", "0.1"])
    axis.minorticks_off()
    axis.set(xlabel="images", ylabel="root mean square error", title="gates kept with one digit")
    axis.legend(frameon=False)
    show(figure, alt="Error of a recovered weight against the number of images, both axes logarithmic: it falls from "
         f"{typical[0]:.3f} with one image to {typical[-1]:.3f} with 64, close to the dotted line of one over the square root.")

# %% [markdown]
# Rounding errors of many gates are nearly independent, so the error falls about as one over the square root of their
# number. Sharing pays again: every channel of every image teaches the same three numbers.

# %% [markdown]
# ## 5 · How wide should the band be?
#
# The paper chooses $k$ by a rule (section 3.2.3): a wide layer holds more channels that belong together, so the reach
# should grow with $C$. Channel counts are nearly always powers of two, so the *exponent* is taken to be linear in $k$,
# which motivates the rule but does not prove it:
#
# $$ C=2^{\gamma k-b} \quad\Longrightarrow\quad \kappa=\frac{\log_2 C+b}{\gamma} \qquad k=|\kappa|_{\text{odd}} $$
#
# The last step, one symbol in the paper, takes the nearest odd number, because a kernel needs a middle. The paper has
# $\gamma = 2$ and $b = 1$. So that a negative $b$ gives a size too, we take $\kappa = \lvert\log_2 C + b\rvert/\gamma$
# from here on, as code in use does.
#
# **By hand.** $C = 512$: $\kappa = (9+1)/2 = 5$, so $k = 5$. $C = 64$: $\kappa = 3.5$, nearer to 3. $C = 256$:
# $\kappa = 4.5$, nearer to 5. $C = 4$: $\kappa = 1.5$, so $k = 1$.
#
# ### 5.1 Ties
#
# $C = 128$ gives $\kappa = 4$, exactly between 3 and 5, and the formula does not say which to take (issue 12 of the
# authors' repository). We let a tie go **up**, to the filled circles of the figure, as common code does: it rounds
# $\kappa$ *down* to a whole number and adds one if that is even. For accuracy the choice hardly matters (fixed sizes
# from 3 to 9 move a ResNet-50 by about 0.15 points, section 4.2.1), but programs that treat ties differently cannot
# load each other's weights.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title From channels to kernel size
exponents = np.linspace(0, 16, 1601)
figure, axis = plt.subplots(figsize=(8.2, 3.2), layout="constrained")
axis.plot(exponents, (exponents + 1) / 2, color="0.45", lw=1.2, ls="--", label=r"$\kappa$")
for size, start, end in [(1, 0, 3), (3, 3, 7), (5, 7, 11), (7, 11, 15), (9, 15, 16)]:
    axis.plot([start, end], [size, size], "k", lw=2.5, label="kernel size" if size == 1 else None)
for tie in (3, 7, 11, 15):
    size = (tie + 1) // 2
    axis.plot([tie, tie], [size - 1, size + 1], "k:", lw=1)
    axis.plot(tie, size + 1, "ko", ms=7)
    axis.plot(tie, size - 1, "ko", mfc="w", ms=7)
    axis.text(tie, size - 1.5, f"tie at {2**tie}", va="top", ha="center", fontsize=9)
axis.set(xlabel="channels C", ylabel="kernel size", ylim=(-1.2, 10.4), xlim=(-0.3, 16.6), yticks=[1, 3, 5, 7, 9])
axis.set_xticks(range(0, 17, 2), [str(2**n) for n in range(0, 17, 2)])
axis.legend(frameon=False, loc="upper left")
show(figure, alt="Kernel size against the number of channels on a logarithmic axis. A dashed line rises evenly; the kernel "
     "size is a staircase 1, 3, 5, 7, 9 round it. At 8, 128, 2048 and 32768 channels the line is exactly between two odd "
     "numbers; a filled circle shows that the upper one is taken.")

# %% [markdown]
# ### Exercise · `eca_kernel_size`
# **{{worth:eca_kernel_size}} · medium**
#
# In: `channels`, a whole number from 1 to $2^{60}$ (a search has to end soon there too), and the whole numbers `gamma`
# (above 0) and `b` (perhaps negative). Out: the kernel size as a Python `int`: the odd number nearest to $\kappa$, ties
# going up, and nothing else (no smallest size, no largest one).

# %% answer="eca_kernel_size" minutes=12
def eca_kernel_size(channels, gamma=2, b=1):
    """The odd number nearest to |log2(channels) + b| / gamma, ties up, as an int."""
    # a whole, odd number
    ### BEGIN SOLUTION
    kappa = int(abs(math.log2(channels) + b) / gamma)
    return kappa if kappa % 2 == 1 else kappa + 1
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Three steps: a real number, a whole number, an odd number.</details>
# <details><summary>Hint: nearly code</summary><code>math.log2</code> is exact for powers of two. <code>int(...)</code>
# cuts a positive number down. How do you find out whether a whole number is even?</details>
# <details><summary>"expected: [3, 5, 7, 9]", "came: [1, 3, 5, 7]"</summary>These four are ties: look at the filled
# circles in the figure.</details>
# <details><summary>"a count is a Python int ..."</summary><code>math.floor</code> and <code>int</code> give an
# <code>int</code>. NumPy's functions and <code>//</code> between floats do not.</details>

# %% tags=["demo"]
with waits_for(eca_kernel_size):
    stored = {4: 1, 8: 3, 16: 3, 64: 3, 128: 5, 256: 5, 512: 5, 1024: 5, 2048: 7, 4096: 7}
    print("channels ", *[f"{channels:5}" for channels in stored])
    print("kappa    ", *[f"{(math.log2(channels) + 1) / 2:5}" for channels in stored])
    print("stored k ", *[f"{size:5}" for size in stored.values()])
    print("your k   ", *[f"{eca_kernel_size(channels):5}" for channels in stored])

# %% check="eca_kernel_size"
check_type(eca_kernel_size(64), int)
sizes = [eca_kernel_size(channels) for channels in (512, 64, 256, 1024, 200, 300, 1500)]
sizes += [eca_kernel_size(20, gamma=1, b=3), eca_kernel_size(950, gamma=3, b=2), eca_kernel_size(6, gamma=2, b=-9)]
sizes += [eca_kernel_size(6, gamma=1, b=-8), eca_kernel_size(1_000_000, gamma=1, b=40)]
check_equal(sizes, [5, 3, 5, 5, 5, 5, 5, 7, 3, 3, 5, 59],
            rule="seven widths, and five with other gamma and b: kappa is 7.32, 3.96, 3.21, 5.42, 59.93")
sizes = [eca_kernel_size(channels) for channels in (8, 128, 2048, 32768)]
check_equal(sizes, [3, 5, 7, 9], rule="8, 128, 2048 and 32768 channels are ties, and a tie goes up")
sizes = [eca_kernel_size(channels) for channels in (1, 2, 4)]
check_equal(sizes, [1, 1, 1], rule="1, 2 and 4 channels: no smallest size, 1 is odd too")
passed("eca_kernel_size")

# %% [markdown]
# Is *down, then up if even* really the nearest odd number? A search without any rule for rounding, once with ties up
# and once with ties down:

# %% tags=["demo"]
def search_nearest(channels, candidates):
    """The candidate nearest to kappa; of two that are equally near, the one that comes first in the list."""
    return min(candidates, key=lambda odd: abs(odd - (math.log2(channels) + 1) / 2))


with waits_for(eca_kernel_size):
    every = range(1, 70_000)
    up = [channels for channels in every if eca_kernel_size(channels) != search_nearest(channels, [11, 9, 7, 5, 3, 1])]
    down = [channels for channels in every if eca_kernel_size(channels) != search_nearest(channels, [1, 3, 5, 7, 9, 11])]
    print("yours differs from nearest odd, ties up,   at", up or "no C below 70,000")
    print("yours differs from nearest odd, ties down, at", down)

# %% [markdown] tags=["instructor"]
# **Reading the result.** No difference with ties up; with ties down exactly 8, 128, 2048 and 32768. The enumeration is
# exact enough: `math.log2` is exact at powers of two, and next to a tie, at $C = 2^{4j-1} \pm 1$, $\kappa$ is off the tie
# by at least $2 \cdot 10^{-5}$.
#
# **Mistakes to expect.** `round` and then up: 64 gives 5. `math.ceil`: the same, and 1024 gives 7. An even number going
# down: 256 gives 3, and 1 gives $-1$. `2 * round((t - 1) / 2) + 1`: Python's `round` sends halves to the even number, so
# ties go up at 128 and down at 8 and 2048. `max(k, 3)`, as the timm library has it. `math.log` without a base: natural
# logarithms. $b$ added after the division. The formula on $C/4$, the inner width of a residual block.

# %% [markdown]
# ### 5.2 A sign error on a poster
#
# The authors' CVPR poster prints $C = 2^{\gamma k + b}$, with a plus. You need not ask anybody which sign is right: choose
# $k$, compute $C$, and see whether the formula for $k$ returns your $k$.

# %% tags=["demo"]
with waits_for(eca_kernel_size):
    for size in (1, 3, 5, 7):
        paper, poster = 2 ** (2 * size - 1), 2 ** (2 * size + 1)
        print(f"k = {size}:   paper C = {paper:5}, back to k = {eca_kernel_size(paper)}     "
              f"poster C = {poster:5}, back to k = {eca_kernel_size(poster)}")

# %% [markdown]
# ## 6 · The formula backwards
#
# The equation gives $C = 32$ for $k = 3$, but 8 channels have $k = 3$ already, because their tie at $\kappa = 2$ goes
# up. For an odd $k$ and $b \ge 0$ the size is at least $k$ as soon as
#
# $$ \kappa \ge k-1 \quad\Longleftrightarrow\quad \log_2 C \ge \gamma (k-1)-b $$
#
# For $k = 5$ that is $C = 128$. For $k = 1$ the exponent is $-1$, and one channel is the smallest network there is. "At
# least 4" means 5.

# %% [markdown]
# ### Exercise · `first_channels_for`
# **{{worth:first_channels_for}} · easy**
#
# In: `k`, a whole number of at least 1, odd or even, and whole numbers `gamma` (above 0) and `b` (0 or more). Out: the
# smallest number of channels whose kernel size is at least `k`, as a Python `int`. Compute it, or search for it with
# `eca_kernel_size`.

# %% answer="first_channels_for" minutes=8
def first_channels_for(k, gamma=2, b=1):
    """The smallest number of channels whose kernel size is at least k, as an int."""
    # an even k asks for the next odd size; the exponent of the border; never less than one channel
    ### BEGIN SOLUTION
    odd = k if k % 2 == 1 else k + 1
    exponent = gamma * (odd - 1) - b
    return 2 ** max(exponent, 0)
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>The derivation above gives the border as a power of two. Two cases need care:
# an even k, and a border below one channel.</details>
# <details><summary>"a count is a Python int ...", and a float came</summary><code>2 ** -1</code> is the float 0.5. Keep
# the exponent from falling below 0.</details>

# %% tags=["demo"]
with waits_for(first_channels_for, eca_kernel_size):
    for k in (1, 3, 5, 7, 9):
        border = first_channels_for(k)
        before = eca_kernel_size(border - 1) if border > 1 else "none"
        print(f"k = {k}: from {border:6,} channels on; size there {eca_kernel_size(border)}, one channel earlier {before}")

# %% check="first_channels_for"
check_type(first_channels_for(5), int)
firsts = [first_channels_for(k) for k in (5, 3, 7, 9)]
firsts += [first_channels_for(5, gamma=1, b=2), first_channels_for(3, gamma=3, b=2)]
check_equal(firsts, [128, 8, 2048, 32768, 4, 16], rule="2 to the power of gamma (k - 1) - b, for six odd sizes")
check_type(first_channels_for(1), int)
firsts = [first_channels_for(1), first_channels_for(3, gamma=1, b=4)]
check_equal(firsts, [1, 1], rule="the exponents are -1 and -2: one channel is the smallest network there is")
firsts = [first_channels_for(k) for k in (2, 4)]
check_equal(firsts, [8, 128], rule="sizes are odd: at least 4 means 5")
passed("first_channels_for")

# %% [markdown] tags=["instructor"]
# **Reading the result.** The borders 1, 8, 128, 2048 and 32768 are the ties. Between 8 and 2047 channels the "adaptive"
# size is 3 or 5; ResNet-50 leaves this range in its last stage only.
#
# **Mistakes to expect.** $2^{\gamma k - b}$, where $\kappa$ reaches $k$ itself. The plus sign of the poster. One more than
# the border, from a strict inequality. $\gamma(k-1) - b$ with an even $k$. The float 0.5, or 0, for $k = 1$. A search
# that begins with 0 channels: `math.log2(0)` raises.

# %% [markdown]
# ## 7 · The block in Keras
#
# `keras.layers.Conv1D` slides along the *second* axis of a tensor of shape (batch, steps, features). The channels have
# to be the steps, so $z$ of shape $(B, C)$ becomes $(B, C, 1)$. Given $(B, 1, C)$, the layer runs and trains too, but
# with $3C$ weights instead of 3 and one gate for the whole image. So count the weights of every block that you write.
# The layer needs one filter, no bias, and padding that keeps the number of steps.

# %% [markdown]
# ### Exercise · `eca_block`
# **{{worth:eca_block}} · medium**
#
# In: a KerasTensor `x` (B, H, W, C), height and width perhaps unknown, and `gamma` and `b`. Out: a KerasTensor of the same
# shape, gated. The block has exactly $k$ weights, all trainable, with $k$ from `eca_kernel_size`. It can be used several times in one model. Any style
# is right.

# %% answer="eca_block" minutes=20
def eca_block(x, gamma=2, b=1):
    """Gate a KerasTensor x (B, H, W, C) with one kernel along its channels. Returns a KerasTensor of the same shape."""
    # the gated map, from a block with k weights
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
# <details><summary>Hint: the idea</summary>Squeeze and scale are those of <code>se_block</code>. Between them is one
# layer, with a reshape before and after it.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C), (B, C), (B, C, 1), again (B, C, 1), (B, 1, 1, C), and the
# product.</details>
# <details><summary>Hint: nearly code</summary><code>Conv1D(filters, kernel_size, padding=..., use_bias=...)</code>: how
# many filters, and which padding keeps all C steps? Look up the default of <code>use_bias</code>.</details>
# <details><summary>"Input 0 ... is incompatible with the layer: expected min_ndim=3, found ndim=2. Full shape received: (None, 8)"</summary>The
# descriptor is still (B, C). <code>Conv1D</code> wants a third axis, of length 1.</details>
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
check_equal(model.count_params(), 3, rule="8 channels: one kernel of three weights and nothing else")
check_equal(len(model.trainable_weights), 1, rule="one array of weights, and it can be trained")
copy_kernel(model, lopsided)
got = keras.ops.convert_to_numpy(model(case_x.astype("float32")))
check_close(got, case_y, rule="with your kernel the block gives what eca_forward gives", tolerance=1e-4)
check_shape(model(np.ones((1, 4, 7, 8), "float32")), (1, 4, 7, 8), rule="the same model takes maps of another size")
wide_input = keras.Input((4, 4, 128))
twice = keras.Model(wide_input, eca_block(eca_block(wide_input), gamma=1, b=4))
check_equal(twice.count_params(), 16, rule="two blocks with kernels of their own: 5 by default, 11 for gamma = 1 and b = 4")
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
# ECA assumes what SE does not: **neighbouring channels belong together.** We test this where we know the truth.
#
# An image has 64 channels and two positions, left and right. A **run** of five neighbouring channels, beginning
# anywhere, is awake. Awake channels have brightness $+1$ and the others $-1$, with noise of standard deviation 1.5, so
# a channel's own mean is a poor guide to whether it is awake, and its neighbours help. Each channel also has a bright
# side: the awake channels agree on it, and that is the label; the 59 others show one at random.
#
# A second data set has the same channels **shuffled**, by one fixed permutation for all images. Nothing is lost, but
# neighbours are no longer neighbours.

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
    axis.bar(np.flatnonzero(~awake[0]), means[~awake[0]], color="0.8", edgecolor="0.4", lw=0.5, label="asleep")
    axis.bar(np.flatnonzero(awake[0]), means[awake[0]], color="k", edgecolor="k", label="awake")
    axis.axhline(0, color="k", lw=0.8)
    axis.set(title="shuffled" if shuffled else "in order", xlabel="place of the channel", xlim=(-1, 64))
axes[0].set_ylabel("mean of the channel")
axes[0].legend(frameon=False, ncols=2, loc="upper right")
axes[0].set_ylim(-6, 5)
show(figure, alt="The means of 64 channels of one image as bars, noisy, mostly below zero. In order, the five awake channels "
     "are next to each other, as black bars, all above zero. Shuffled, the same five bars are scattered among the others.")

# %% [markdown]
# Every channel votes for its side with its gate as its weight, and the sum decides; nothing but the gate is trained.
# Without gates the vote is right if the five outvote the other 59, with probability 0.741 (a tie counts half).
#
# Five seeds, 4,096 images, 96 steps of 256 images: ECA with $k = 1, 3, 7$ (by `gamma` of 8, 2 and 1) and SE with $m = 4$
# (that is $r = 16$) and $m = 16$. The intervals are 95 % intervals by Student's t: 2.776 standard errors to each side.
#
# **Predict.** ECA with $k = 3$ is trained on the shuffled channels. On which share of new images is its vote right?

# %% tags=["demo", "prediction"]
my_shuffled = None  # a number between 0 and 1: the share right of ECA, k = 3, on shuffled channels; None skips it

# %% tags=["demo"]
STEPS, BATCH = 96, 256


def two_layers(x, width):
    """The block of notebook 01 with this many units in its bottleneck."""
    gate = keras.layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = keras.layers.Dense(width, activation="relu")(gate)
    return x * keras.layers.Dense(CHANNELS, activation="sigmoid")(gate)


def build(kind, setting):
    """A vote of the gated channels, and the gated map; kind is "eca" (setting: gamma) or "se" (setting: width)."""
    inputs = keras.Input((1, 2, CHANNELS))
    maps = eca_block(inputs, gamma=setting) if kind == "eca" else two_layers(inputs, setting)
    return keras.Model(inputs, [keras.ops.sum(maps[:, 0, 0] - maps[:, 0, 1], axis=-1) / 2, maps])


# %% tags=["demo"]
def make_trainer(kind, setting):
    """A function of seed, images and labels that trains a gate of this kind and gives its model. Compiled once."""
    model, optimizer = build(kind, setting), keras.optimizers.Adam(0.02)
    optimizer.build(model.trainable_variables)
    at_rest = [variable.numpy() for variable in optimizer.variables]

    @tf.function(jit_compile=True)
    def descend(images, labels):
        for step in tf.range(STEPS):
            with tf.GradientTape() as tape:
                margins = model(images[step])[0] * labels[step]
                loss = tf.reduce_mean(tf.nn.softplus(-margins))            # the cross-entropy of a logistic vote
            optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    def train(seed, images, labels):
        keras.utils.set_random_seed(seed)
        model.set_weights(build(kind, setting).get_weights())              # new weights, the optimiser as at the start
        for variable, value in zip(optimizer.variables, at_rest, strict=True):
            variable.assign(value)
        rows = np.arange(STEPS * BATCH) % len(labels)                      # the images over and over again
        descend(tf.reshape(images[rows], (STEPS, BATCH, 1, 2, CHANNELS)), tf.reshape(labels[rows], (STEPS, BATCH)))
        return model

    return train


# %% tags=["demo"]
TRAINERS = {}


def train_gates(kind, setting, count=4096, **data):
    """Five seeds: the share right on new images, the gate on awake channels minus that on others, and the weights."""
    train = TRAINERS.setdefault((kind, setting), None) or make_trainer(kind, setting)
    TRAINERS[kind, setting] = train
    shares, contrasts, kernels = [], [], []
    for seed in range(5):
        model = train(seed, *make_runs(100 + seed, count, **data)[:2])
        images, labels, awake = make_runs(900 + seed, 4000, **data)
        votes, maps = map(keras.ops.convert_to_numpy, model(images))
        shares.append(np.mean(np.sign(votes) == labels))
        gates = (maps / images)[:, 0, 0]
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
    compare_guess(my_shuffled, mixed["ECA, k = 3"][0].mean(), "ECA, k = 3, shuffled")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Share right with and without the order: a circle per seed
if len(mixed) == 5:
    figure, axis = plt.subplots(figsize=(8.2, 3.7), layout="constrained")
    for results, shift, fill, label in [(ordered, -0.18, "k", "in order"), (mixed, 0.18, "w", "shuffled")]:
        for row, name in enumerate(ARMS):
            shares = results[name][0]
            middle, half = mean_and_half_width(shares)
            jitter = row + shift + np.linspace(-0.08, 0.08, 5)
            axis.plot(shares, jitter, "o", mfc=fill, mec="k", ms=4.5, label=label if row == 0 else None)
            axis.errorbar(middle, row + shift, xerr=half, fmt="|", color="tab:blue", ms=12, capsize=4, lw=1.2)
            axis.text(max(shares.max(), middle + half) + 0.006, row + shift, f"{middle:.3f}", va="center", fontsize=9)
    axis.axvline(0.741, color="0.5", ls=":", lw=1.2)
    axis.text(0.744, 4.62, "no gate: 0.741", fontsize=9, va="center")
    axis.set_yticks(range(5), [f"{name}\nweights: {weights:,}" for name, weights in zip(ARMS, [1, 3, 7, 580, 2128], strict=True)])
    axis.set(ylim=(4.9, -0.6), xlim=(0.73, 1.0), xlabel="share right on new images", title="five seeds, mean and 95 % interval")
    axis.legend(frameon=False, loc="lower right")
    draw_guess(axis, my_shuffled, along="y")
    told = "; ".join(f"{name} {ordered[name][0].mean():.2f} and {mixed[name][0].mean():.2f}" for name in ARMS)
    show(figure, alt=f"Share right of five blocks, a circle per seed, in order and shuffled: {told}.")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title What the kernel of seven became
if len(mixed) == 5:
    figure, axis = plt.subplots(figsize=(5.6, 2.8), layout="constrained")
    middles = {}
    for results, shift, fill, hatch in [(ordered, -0.2, "0.3", ""), (mixed, 0.2, "w", "////")]:
        heights = results["ECA, k = 7"][2]
        half = 2.776 * heights.std(axis=0, ddof=1) / np.sqrt(5)
        middles["shuffled" if hatch else "in order"] = heights.mean(axis=0)
        axis.bar(np.arange(-3, 4) + shift, heights.mean(axis=0), 0.4, yerr=half, capsize=2, color=fill, edgecolor="k",
                 hatch=hatch, label="shuffled" if hatch else "in order")
    axis.axhline(0, color="k", lw=0.8)
    axis.set(title="learned kernel, k = 7", xlabel="neighbour j - i", ylabel="weight", xticks=range(-3, 4))
    axis.legend(frameon=False)
    told = "; ".join(f"{name} " + ", ".join(f"{weight:.2f}" for weight in weights) for name, weights in middles.items())
    show(figure, alt=f"Bars of the seven learned weights: {told}.")
    for first, second, results in [("ECA, k = 3", "SE, m = 16", ordered), ("ECA, k = 3", "SE, m = 16", mixed),
                                   ("ECA, k = 3", "ECA, k = 1", mixed), ("SE, m = 16", "SE, m = 4", ordered)]:
        gain = mean_and_half_width(results[first][0] - results[second][0])       # paired by seed
        print("{} minus {}, {}: {:+.3f} +- {:.3f}".format(first, second, "in order" if results is ordered else "shuffled", *gain))
    for name, results in [("in order", ordered), ("shuffled", mixed)]:
        means, side = [results[f"ECA, k = {size}"][0].mean() for size in (1, 3, 7)], np.delete(middles[name], 3)
        print(f"{name}: ECA's best size gains {max(means) - means[0]:.3f} over k = 1; in the kernel of seven the middle weight "
              f"is {middles[name][3]:.2f}, the greatest beside it {side[np.abs(side).argmax()]:.2f}")

# %% [markdown] tags=["instructor"]
# **Reading the result.** In order, three shared weights beat SE's 2,128 with these 4,096 images; section 8.1 says why.
# $k = 7$ is better still, because the run is five wide. The formula gives 3 for 64 channels; it knows the width of the
# layer and not the width of a run.
#
# Shuffled, all three ECA sizes land at the level of $k = 1$. The learned kernel explains it: the side weights shrink and
# the middle one stays. They do not vanish entirely, since a few neighbours remain neighbours by chance. SE has the same
# level in both orders: permuting the rows of its first matrix and the columns of its second gives back the same block.
#
# The last column scores the gates against the known truth and not through the vote. It tells the same story, and it would
# unmask a gate that is right for the wrong reason.

# %% [markdown]
# Shuffled, the neighbours say next to nothing, so each channel's own mean is all that a kernel can use: a larger kernel
# should gain little over $k = 1$, and that of seven should keep a spike in its middle. The printed lines say how far
# this is so in your run. SE should not notice, because its matrices can be permuted along. We built the ordered data to
# suit ECA: they show only what the assumption is worth when it holds.
#
# ### 8.1 Too small, or too hungry?
#
# If ECA's three weights beat SE's 2,128, there are two explanations. SE's **form** may be too narrow: its gates move in
# $m$ directions only. Or SE needs more **images**, because it learns 2,128 numbers separately where ECA learns three
# from every channel. To separate the two, every arm sees 24,576 images in 96 steps, either few images often or many
# once.
#
# **Predict.** With 24,576 different images instead of 4,096: which share does SE with $m = 16$ get right?

# %% tags=["demo", "prediction"]
my_more_images = None  # a number between 0 and 1: the share right of SE, m = 16, with 24,576 different images; None skips it

# %% tags=["demo"]
SIZES = [256, 1024, 4096, STEPS * BATCH]
by_size = {}
with waits_for(eca_block, eca_kernel_size):
    for name in ("ECA, k = 3", "SE, m = 16", "SE, m = 4"):
        by_size[name] = [ordered[name][0] if count == 4096 else train_gates(*ARMS[name], count=count)[0] for count in SIZES]
        print(f"{name:11}", *["{:6,} images {:.3f} +- {:.3f}".format(count, *mean_and_half_width(shares))
                              for count, shares in zip(SIZES, by_size[name], strict=True)], sep="   ")
    compare_guess(my_more_images, by_size["SE, m = 16"][-1].mean(), "SE, m = 16, 24,576 images")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Share right against the number of different images, the same steps
if len(by_size) == 3:
    figure, axis = plt.subplots(figsize=(7.4, 3.4), layout="constrained")
    for shift, (name, style) in zip([0.96, 1.0, 1.04], {"ECA, k = 3": "ko-", "SE, m = 16": "ks--", "SE, m = 4": "k^:"}.items(), strict=True):
        middles = [shares.mean() for shares in by_size[name]]
        halves = [mean_and_half_width(shares)[1] for shares in by_size[name]]
        axis.errorbar(np.multiply(SIZES, shift), middles, yerr=halves, fmt=style, mfc="w", ms=6, capsize=3, label=name)
    axis.axhline(0.741, color="0.5", ls=":", lw=1.2)
    axis.text(230, 0.746, "no gate", fontsize=9)
    axis.set_xscale("log", base=2)
    axis.set_xticks(SIZES, [f"{size:,}" for size in SIZES])
    axis.set(xlabel="different training images, in the same 96 steps", ylabel="share right on new images", ylim=(0.7, 0.96))
    axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    draw_guess(axis, my_more_images, along="x")
    told = "; ".join(f"{name} " + ", ".join(f"{shares.mean():.2f}" for shares in arms) for name, arms in by_size.items())
    show(figure, alt=f"Share right with 256, 1,024, 4,096 and 24,576 different images: {told}.")
    few, many = (by_size["ECA, k = 3"][at].mean() - by_size["SE, m = 16"][at].mean() for at in (0, -1))
    print(f"ECA, k = 3, leads SE, m = 16, by {few:+.3f} with 256 images and by {many:+.3f} with 24,576")

# %% [markdown] tags=["instructor"]
# **Reading the result.** Measured when this was written: ECA 0.918, 0.918, 0.919, 0.920, flat from 256 images on; SE with
# $m = 16$ 0.734, 0.772, 0.861, 0.907, still rising; SE with $m = 4$ 0.720, 0.732, 0.792, 0.796. So most of the gap between
# ECA and the wide SE in section 8 was sample size: sharing saves data. With $m = 4$ the other explanation holds as well:
# six times the images change next to nothing in these 96 steps. Longer training on 4,096 images does not close the gap
# either: with 2,560 steps SE with $m = 16$ falls to about 0.84, because it then fits its noise.

# %% [markdown]
# A flat curve has all the data that it can use in these steps, whether its level is high or low; a curve that still
# rises was short of images. Before you call a small block better, ask how much data its rival got.
#
# ### 8.2 Gates without a bias
#
# Now make **every** channel brighter by 2. Which channels are awake is as clear as before, but about three quarters of the
# others have positive means now, and without a bias a positive weighted sum opens its gate.

# %% tags=["demo"]
with waits_for(eca_block, eca_kernel_size):
    for name in ("ECA, k = 3", "SE, m = 4"):
        shares, contrasts, kernels = train_gates(*ARMS[name], brighter=2.0)
        print("{}, all brighter by 2:  {:.3f} +- {:.3f}".format(name, *mean_and_half_width(shares)), end="")
        print("   before: {:.3f} +- {:.3f}".format(*mean_and_half_width(ordered[name][0])))

# %% [markdown]
# In a network a batch norm (it centres and scales each channel by the statistics of the batch) usually brings the means
# back to both sides of zero. ECA relies on it.
#
# ### 8.3 And in a real network?
#
# Exchange two filters of a layer and the matching inputs of the next one: the network computes the same function, so
# the order of its channels means nothing. With SE this still holds, if its matrices are permuted along. **With ECA this
# freedom is gone**, because the kernel ties neighbours together. But training can place filters beside useful company,
# unlike in our experiment, where the channels are given. Whether real networks use this chance, only measurements on
# them can say.

# %% [markdown]
# **Reflection · the order of the channels**
#
# **{{worth:reflect-order}} · in your own words**
#
# A colleague takes a trained network, inserts ECA blocks after its last convolutions, freezes everything else, and trains
# only the ECA kernels. The gain is nearly nothing, and the kernels look like a single spike in the middle. Explain both
# observations with section 8. Name one change that could make ECA work better there, and one kind of data in which you
# would trust ECA from the start.

# %% [markdown] question="reflect-order" points=3 minutes=8 row="reflection: the order of the channels"
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
# A network gains one kernel per block, summed over its stages as in notebook 01.

# %% tags=["demo"]
released = {"ResNet-18": ([64, 128, 256, 512], [2, 2, 2, 2], [3, 5, 7, 7]), "ResNet-34": ([64, 128, 256, 512], [3, 4, 6, 3], [3, 3, 5, 7]),
            "ResNet-50": ([256, 512, 1024, 2048], [3, 4, 6, 3], [3, 5, 5, 7]),
            "ResNet-101": ([256, 512, 1024, 2048], [3, 4, 23, 3], [3, 3, 5, 7]),
            "ResNet-152": ([256, 512, 1024, 2048], [3, 8, 36, 3], [3, 3, 5, 7])}
with waits_for(eca_kernel_size):
    for name, (widths, depths, theirs) in released.items():
        sizes = [eca_kernel_size(width) for width in widths]
        ours, authors = (sum(np.multiply(depths, some)) for some in (sizes, theirs))
        print(f"{name:10}  formula: sizes {sizes}, {ours:3} weights   released model: sizes {theirs}, {authors:3} weights")

# %% [markdown]
# ### 9.1 Three numbers for one network: 86, 80 and 48
#
# For ResNet-50 three numbers are in use, and all three are right about something.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Kernel sizes of the four stages, in four ways
choices = {"the formula\n(ties up)": [5, 5, 5, 7], "released model,\n\"k3557\"": [3, 5, 5, 7], "the code's\ndefault": [3, 3, 3, 3],
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
     "and 21, together 86. The released model, k3557: 9, 20, 30 and 21, together 80. The code's default of 3 everywhere: 48. "
     "The formula with ties down: 5 everywhere, together 80 as well.")

# %% [markdown]
# - **86** is the formula with $\gamma = 2$ and $b = 1$.
# - **80** is in the paper's abstract. The released model has it, because its sizes are 3, 5, 5, 7 by stage (hence
#   "k3557" in its file name): for 256 channels the authors did not follow their formula.
# - **48** is the authors' code run as it is, because it takes $k$ as an argument with default 3.
#
# With ties going *down*, 5, 5, 5, 5 adds up to 80 as well, so the right total can come from the wrong network. Ask for the
# sizes, not for the total.
#
# ### 9.2 What it buys, quoted
#
# These are the ECA paper's numbers for ResNet-50 on ImageNet (section 4.2.2), without intervals. Top-1 accuracy is the
# share of test images whose most probable class is the right one; the speeds are images per second on the authors' GPUs.
#
# | | top-1, % | training | inference |
# |---|---|---|---|
# | plain | 75.20 | 1024 | 1855 |
# | SE | 76.71 | 759 | 1620 |
# | ECA | 77.48 | 785 | 1805 |
#
# **Same recipe?** No: the authors trained ECA, and took the other accuracies from papers that trained otherwise. SE has
# 76.71 in its main table, 77.72 after the longer training of its ablations, and 76.86 in the CBAM paper. ECA's 77.48 is
# within this range, so the table is no ranking.
#
# **Weights are not time.** ECA trains only 3 % faster than SE and runs 11 % faster, because pooling and scaling touch
# all $HWC$ numbers in both blocks.

# %% [markdown]
# **Reflection · eighty weights**
#
# **{{worth:reflect-eighty}} · in your own words**
#
# You review a report. It says: "We implemented ECA with the adaptive kernel size. Our ResNet-50 gains 80 weights, exactly as
# in the paper, which confirms our implementation. As it has 30,000 times fewer weights than SE, it is far faster." Find what is wrong or
# not shown in each of the three sentences, and say what you would ask the authors to report instead.

# %% [markdown] question="reflect-eighty" points=3 minutes=8 row="reflection: eighty weights"
# ### BEGIN SOLUTION
# Adaptive and 80 do not go together: the formula with gamma = 2 and b = 1 gives 5, 5, 5, 7 and 86 weights when ties go up.
#
# 80 confirms nothing. It is the sum of the authors' hand-set sizes 3, 5, 5, 7, and also of 5, 5, 5, 5, which is the formula with ties
# down. I would ask for the kernel size of each stage, or better for a comparison of outputs with equal weights.
#
# Fewer weights do not make it faster. Pooling and scaling touch every number of the map in both blocks and dominate. Quoted: 3 % faster in
# training, 11 % at inference on the authors' GPUs. I would ask for measured times, side by side, with their spread.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: the formula gives 86 here, so 80 contradicts "adaptive" (or shows ties down). One point: an equal total proves
# nothing, with a better check (sizes by stage, another network, outputs). One point: weights are not time, with the reason or
# with measured numbers. The factor itself is right: $2{,}530{,}992 / 80 \approx 31{,}637$; who calls it wrong loses nothing if
# the rest is there.

# %% [markdown]
# ## What we found
#
# - A shared band has $k$ weights, and it keeps the direct line and the high rank that SE's bottleneck gives up.
# - It is linear in its input and in its kernel, so the gates give the kernel away.
# - ECA needs an order of the channels that means something, and means on both sides of zero.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | band matrix | zero but for the entries near the diagonal |
# | Toeplitz matrix | constant along every diagonal |
# | tap | one weight of a kernel |
# | reach | how far the kernel goes to each side, $(k-1)/2$ |
# | cross-correlation | a sliding weighted sum that reads the kernel forwards |
# | adaptive kernel size | $k$ computed from the number of channels |
#
# ## Where this is in the papers
#
# Wang et al., *ECA-Net*, CVPR 2020, [arXiv 1910.03151](https://arxiv.org/abs/1910.03151): the bottleneck in section 3.2.1, the matrices in 3.2.2, the
# kernel size in 3.2.3.
#
# ## Stretch
#
# Give ECA a chance on the shuffled data: put `keras.layers.Conv2D(64, 1, use_bias=False)` before the block, so that the
# gate is computed from the *mixed* channels and multiplies them. Can gradient descent find the order again, from random
# weights and from the right permutation? What does the sorting cost?

# %% [markdown] tags=["instructor"]
# **Stretch, what to look for.** A permutation matrix is a 1 x 1 convolution, so the solution exists, with $64^2 = 4{,}096$ weights, more than SE's 2,128. Started at the right permutation
# it reaches the level of ordered channels; started at random it has to find sixty-four places at once from a vote that says left or right. A student who reports an honest failure
# with several seeds has solved the task. In a real network the convolution before the block exists anyway, which is the
# point of section 8.3.

# %% [markdown]
# ## What comes next
#
# Notebook 03 adds a second descriptor of a channel, its maximum.

# %% [markdown]
# {{hand_in}}
