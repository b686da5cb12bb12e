# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 03 · Channel attention
#
# {{badges}}
#
# Squeeze and excitation describes a channel by its mean. The channel half of CBAM, the convolutional block attention
# module, adds the maximum. What does it see that the mean does not, when is it fooled, and how do the two become one gate?
#
# **You will be able to**
# - predict which objects a mean detects, which a maximum, and what one hot pixel does to each
# - explain why one MLP serves both pools, and why logits are added and gates are not
# - implement the block in NumPy and in Keras
# - find out from recordings which fault is in somebody else's block, and which inputs hide it
#
# **You need** notebooks 00 and 01, and the normal distribution.
#
# | exercise | points | minutes |
# |---|---|---|
# {{rows}}
# | reading, predictions and figures | | {{minutes:reading}} |
# | **total** | **{{points}}** | **{{minutes}}** |

# %%
import math
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # fewer messages from TensorFlow
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

keras.utils.set_random_seed(3)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## Before you start: three questions
#
# 1. Write the gate of an SE block for a descriptor $z$ of shape (B, C). Which shapes do the four weights have?
#
# <details><summary>Answer</summary>The sigmoid of relu(z W1 + b1) W2 + b2, with W1 (C, m), b1 (m,), W2 (m, C), b2
# (C,).</details>
#
# 2. Two images, a map of width 2, and a gate of shape (B, C). What does `x * gate` do?
#
# <details><summary>Answer</summary>It runs, and it is wrong: the gate's first axis lines up with the width, so column 0 gets
# the gate of image 0 and column 1 that of image 1, in both images.</details>
#
# 3. Two maps have the same mean, and one is all one value. What does the squeeze of 01 say about them?
#
# <details><summary>Answer</summary>The same: a mean forgets how the values are spread.</details>

# %% [markdown]
# ## 1 · Two maps, one mean
#
# Here are two maps of 8 x 12 positions that hold the same amount of light, 24. In one, four positions have brightness 6;
# in the other, a faint glow of 0.25 covers everything.

# %% tags=["demo"]
ROWS, COLUMNS = 8, 12
POSITIONS = ROWS * COLUMNS
small_object = np.zeros((ROWS, COLUMNS))
small_object[2:4, 7:9] = 6.0
glow = np.full((ROWS, COLUMNS), 0.25)

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Two maps, and two descriptors of each
figure, axes = plt.subplots(1, 3, figsize=(9, 2.5), layout="constrained", width_ratios=[1.3, 1.3, 1.4])
for axis, values, title in [(axes[0], small_object, "a small object"), (axes[1], glow, "a faint glow")]:
    drawn = draw_map(axis, values, title, 0, 1)
figure.colorbar(drawn, ax=axes[:2].tolist(), fraction=0.04, pad=0.02, label="brightness", extend="max")
for shift, values, fill, hatch, name in [(-0.2, small_object, "0.3", "", "object"), (0.2, glow, "w", "///", "glow")]:
    heights = [values.mean(), values.max()]
    bars = axes[2].bar(np.arange(2) + shift, heights, 0.4, color=fill, edgecolor="k", hatch=hatch, label=name)
    axes[2].bar_label(bars, fmt="%.2f", padding=2)
axes[2].set_xticks([0, 1], ["mean", "max"])
axes[2].set(title="two descriptors", ylim=(0, 7.5))
axes[2].legend(frameon=False, loc="upper left")
show(figure, alt="On the left a black map with one white square of four positions, in the middle a map of uniform dark grey. "
     "Bars on the right: both maps have the mean 0.25. The maximum of the object is 6.00, that of the glow 0.25.")

# %% [markdown]
# To an SE block the two maps are the same. The maximum tells them apart, because it reads the brightest position and
# forgets all the others. But it also picks the most extreme noise. With a bar for the flat average and a hat for the peak,
#
# $$ \bar z_{bc}=\frac{1}{HW}\sum_{h=1}^{H}\sum_{w=1}^{W} x_{bhwc} \qquad\quad \hat z_{bc}=\max_{h,w}\, x_{bhwc} \qquad\quad
#    \bar z,\, \hat z : (B, C) $$
#
# ## 2 · What each pool can detect
#
# Let every position carry noise: an independent normal number of standard deviation 1. An object adds light $A$, spread
# evenly over $n$ of the $N$ positions. Of two maps, one with the object and one without, a pool chooses the one with the
# greater number. The share of pairs for which this is right is called the **AUC**; guessing has $1/2$.
#
# **The mean.** The object moves it by $A/N$, whatever $n$ is. The mean of $N$ independent numbers has standard deviation
# $1/\sqrt N$, and the difference of two of them $\sqrt{2/N}$. With $\Phi$ the normal distribution function,
#
# $$ \text{AUC}_{\text{mean}}=\Phi\!\left(\frac{A/N}{\sqrt{2/N}}\right)=\Phi\!\left(\frac{A}{\sqrt{2N}}\right) $$
#
# **The maximum.** A maximum is at most $\tau$ if all positions are. They are independent, so the probabilities multiply,
# without the object to $F_0$ and with it to $F_1$:
#
# $$ F_0(\tau)=\Phi(\tau)^N \qquad\qquad F_1(\tau)=\Phi(\tau)^{N-n}\;\Phi(\tau-A/n)^{\,n} $$
#
# The pair is judged rightly if the empty map's maximum is the smaller one, an integral that the computer works out:
#
# $$ \text{AUC}_{\text{max}}=\int F_0(\tau)\, \mathrm{d}F_1(\tau) $$
#
# **Predict.** $A = 15$ and $N = 96$. From which object size $n$ on is the mean the better detector?

# %% tags=["demo", "prediction"]
my_crossing = None  # a number of positions, 1 to 96: from there on the mean is better than the maximum; None skips it

# %% [markdown]
# **One hot pixel.** A sensor fault adds 12 to one position beside the object, in a share $\rho = P(\text{fault})$ of all
# maps. The mean moves by $12/N$ only. A fault in both maps or in none cancels, and with $\delta = A/\sqrt{2N}$ and
# $\eta = 12/\sqrt{2N}$
#
# $$ \text{AUC}_{\text{mean}}=\left(\rho^2+(1-\rho)^2\right)\Phi(\delta)+\rho(1-\rho)\left(\Phi(\delta+\eta)+
#    \Phi(\delta-\eta)\right) $$
#
# For the maximum, one factor $\Phi(\tau)$ of $F_0$ and $F_1$ becomes $\Phi(\tau - 12)$ with probability $\rho$.
#
# **Predict.** An object of 2 positions, and a quarter of all maps have a hot pixel. Which AUC has the maximum?

# %% tags=["demo", "prediction"]
my_hot_auc = None  # a number between 0.5 and 1: the AUC of the maximum, a quarter of the maps hot; None skips it

# %% tags=["demo"]
LIGHT, HOT, PAIRS = 15.0, 12.0, 2000
T = np.linspace(-6, 25, 6001)                                             # values that a maximum can take
normal = np.vectorize(lambda value: 0.5 * math.erfc(-value / math.sqrt(2)))    # the distribution function Phi


def max_below(size, fault):
    """The probability that the maximum of a map is at most T: an object of this size (0: none), faults this often."""
    object_part = normal(T - LIGHT / max(size, 1)) ** size
    calm = normal(T) ** (POSITIONS - size) * object_part
    hot = normal(T) ** (POSITIONS - size - 1) * normal(T - HOT) * object_part
    return (1 - fault) * calm + fault * hot


def derived(size, fault):
    """The AUC of the mean and of the maximum, from the formulas."""
    shift, jump = LIGHT / math.sqrt(2 * POSITIONS), HOT / math.sqrt(2 * POSITIONS)
    mean = (fault**2 + (1 - fault) ** 2) * normal(shift)
    mean += fault * (1 - fault) * (normal(shift + jump) + normal(shift - jump))
    empty, filled = max_below(0, fault), max_below(size, fault)
    return float(mean), float(np.sum((empty[1:] + empty[:-1]) / 2 * np.diff(filled)))


# %% tags=["demo"]
def measured(size, fault, random):
    """The share of pairs that the mean, the maximum, and the sum of the two judge rightly."""
    maps = random.standard_normal((2, PAIRS, POSITIONS))                  # empty maps, then maps with the object
    maps[1, :, :size] += LIGHT / size                                     # neither pool cares where the object is
    maps[:, :, -1] += HOT * (random.random((2, PAIRS)) < fault)
    mean, largest = maps.mean(axis=-1), maps.max(axis=-1)
    both = mean / mean[0].std() + largest / largest[0].std()              # each in units of its own noise
    return [float(np.mean(score[1] > score[0])) for score in (mean, largest, both)]


random = np.random.default_rng(5)
sizes, faults = [1, 2, 4, 8, 16, 32, 64, 95], [0.0, 0.1, 0.25, 0.5, 0.75, 1.0]
by_size = {size: (derived(size, 0.0), measured(size, 0.0, random)) for size in sizes}
by_fault = {fault: (derived(2, fault), measured(2, fault, random)) for fault in faults}
for size, (formula, counted) in by_size.items():
    print(f"n = {size:2}   mean {formula[0]:.3f} derived, {counted[0]:.3f} measured"
          f"   max {formula[1]:.3f} derived, {counted[1]:.3f} measured")
crossing = next(size for size in range(1, 96) if derived(size, 0.0)[1] < derived(size, 0.0)[0])
compare_guess(my_crossing, crossing, "the mean is better from n =")
compare_guess(my_hot_auc, by_fault[0.25][0][1], "AUC of the maximum, a quarter of the maps hot")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title What each pool detects: derived curves, measured points with 95 % intervals
figure, axes = plt.subplots(1, 2, figsize=(9.6, 3.7), layout="constrained", sharey=True)
fine_sizes, fine_faults = np.unique(np.round(np.geomspace(1, 95, 40)).astype(int)), np.linspace(0, 1, 21)
curves = [np.array([derived(int(size), 0.0) for size in fine_sizes]), np.array([derived(2, rate) for rate in fine_faults])]
kinds = [("mean", "-", "o", "w"), ("max", "--", "s", "k"), ("mean + max", None, "x", "0.45")]
for axis, places, curve, points in zip(axes, [fine_sizes, fine_faults], curves, [by_size, by_fault], strict=True):
    for kind, (name, line, mark, fill) in enumerate(kinds):
        if line:
            axis.plot(places, curve[:, kind], "k" + line, lw=1.3, label=f"{name}, derived")
        counted = np.array([values[1][kind] for values in points.values()])
        interval = 1.96 * np.sqrt(counted * (1 - counted) / PAIRS)
        axis.errorbar(list(points), counted, yerr=interval, fmt=mark, mfc=fill, color="0.45" if kind == 2 else "k", ms=6,
                      capsize=2, elinewidth=0.8, label=f"{name}, measured")
    axis.axhline(0.5, color="0.6", lw=0.8)
axes[0].set_xscale("log", base=2)
axes[0].set_xticks(sizes, sizes)
axes[0].set(title="the same light on n of 96 positions, no faults", xlabel="object size n", ylabel="AUC", ylim=(0.45, 1.03))
axes[0].legend(frameon=False, loc="lower left", bbox_to_anchor=(0.0, 0.06), fontsize=9)
axes[1].set(title="n = 2, and a hot pixel in some maps", xlabel="share of maps with a hot pixel")
for axis, guess, along in [(axes[0], my_crossing, "y"), (axes[1], my_hot_auc, "x")]:
    if guess is not None:
        (axis.axvline if along == "y" else axis.axhline)(guess, color="tab:orange", ls="--")
told = [", ".join(f"{at}: {mean:.2f} and {top:.2f}" for at, ((mean, top), _) in points.items()) for points in (by_size, by_fault)]
show(figure, alt=f"AUC of mean and maximum. Left, by object size: {told[0]}. Right, by the share of hot maps, for an object of 2 "
     f"positions: {told[1]}. Crosses for the sum of both. Measured points are on the derived curves.")

# %% [markdown] tags=["instructor"]
# **Reading the figure.** Left: the mean detects the amount of light, the maximum its concentration. Right: at $\rho = 1$
# every map has a hot pixel. It is brighter than the object, so the maximum reads nothing but the fault, while for the
# mean a constant shift cancels. For a maximum that was perfect before, and a fault above everything else, the derivation
# is short: both calm, right; one fault, right or wrong as it falls; both, a coin. That is
# $(1-\rho)^2 + \rho(1-\rho) + \rho^2/2 = 1 - \rho + \rho^2/2$.
#
# The crosses use an unlearned rule, the plain sum of both numbers in units of their noise. Where the two pools are about
# equally good (size 8, faults in 10 or 25 % of the maps) it is the best. For wide objects it loses to the mean, because
# half of its number is noise. Mistakes to expect in the predictions: "the mean gets better with more positions". With
# fixed *brightness* it would, with fixed *light* it does not.

# %% [markdown]
# On the left the mean's curve is flat, because it adds up the light wherever it is, while the maximum is nearly perfect
# for the smallest objects and loses them in the noise as the light spreads. On the right the mean hardly notices the
# faults, but the maximum sees nothing else once every map has one. The crosses judge by the sum of both, each in units of
# its noise.
#
# **Reflection · which pool**
#
# **{{worth:reflect-pools}} · in your own words**
#
# Ships are to be found in satellite pictures: few bright positions on a large, noisy sea. Your channel gate may use
# the mean, the maximum, or both. What do you choose, and why, if the camera is faultless, and what if a quarter of all
# maps have a hot pixel? Use numbers from the figure. Which repair *before* the pool would help the maximum?

# %% [markdown] question="reflect-pools" points=3 minutes=8 row="reflection: which pool"
# ### BEGIN SOLUTION
# Faultless camera: the maximum, or both. A ship concentrates its light in few positions. For sizes 1 and 2 the maximum
# has an AUC of about 1 in the figure and the mean 0.86, however small the ship is.
#
# With faults in a quarter of the maps the maximum drops to about 0.78, below the mean, which still has about 0.83. I
# would take both: their plain sum has about 0.85, because the two go wrong on different maps. The mean alone is safe too.
#
# A repair: blur the map slightly, or take a median of 3 x 3 positions, before the pool. A single position is then no
# longer extreme, and a ship of several positions still is.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: without faults the maximum (alone or with the mean), because the object is concentrated, with
# a number. One point: with faults the maximum loses most, because it reads one position, with a number. One point: a
# repair that judges a position by its neighbours (blur, median, average of the few greatest, masking known faults).
# "Clip the values" passes if the answer says at which level: below the ship's brightness it hurts.

# %% [markdown]
# ## 3 · One MLP for both
#
# Two descriptors of shape (B, C) are to become one gate. CBAM sends both through one MLP (multilayer perceptron), two
# layers with a ReLU between:
#
# $$ \text{MLP}(v)=\mathrm{relu}(v\,W_1+b_1)\,W_2+b_2 \qquad v : (B, C), \quad W_1 : (C, m), \quad W_2 : (m, C) $$
#
# It is the excitation of 01 without its sigmoid, so what comes out are **logits**, one per channel, of any size and sign.
#
# **Why not two MLPs?** Two arguments favour one.
#
# 1. *Weights.* One MLP per block costs what SE costs, two cost twice as much (first line below). The official CBAM has one
#    (second line).
# 2. *Units.* Scale a channel by $\lambda > 0$ and add $\mu$: its mean becomes $\lambda \bar z + \mu$ and its maximum
#    $\lambda \hat z + \mu$. So a weight that says "channel 5 speaks for channel 2" means the same for both.
#
# The price is that the MLP can tell its two descriptors apart only by their size (third line), so it cannot simply ignore
# the maximum of a camera with hot pixels.

# %% tags=["given"]
def shared_mlp(v, w1, b1, w2, b2):
    """Turn descriptors v (B, C) into logits (B, C) with w1 (C, m), b1 (m,), w2 (m, C), b2 (C,)."""
    return np.maximum(v @ w1 + b1, 0) @ w2 + b2


# %% tags=["demo"]
one_mlp = sum(blocks * (2 * channels * (channels // 16) + channels // 16 + channels)
              for channels, blocks in [(256, 3), (512, 4), (1024, 6), (2048, 3)])
noise_maxima = np.random.default_rng(6).standard_normal((4000, POSITIONS)).max(axis=1)
print(f"ResNet-50, one MLP per block: {one_mlp:,} ({one_mlp / 25_557_032:.1%}), two: {2 * one_mlp:,} "
      f"({2 * one_mlp / 25_557_032:.1%})")
print(f"official CBAM, 28,089,624, minus plain and minus one MLP per block: {28_089_624 - 25_557_032 - one_mlp:,}, "
      "the spatial half of 16 blocks")
print(f"maximum of 96 standard normal numbers: {noise_maxima.mean():.2f} on average, their mean: 0")

# %% [markdown]
# **By hand.** One image of 2 x 2 positions and 3 channels:
#
# $$ x_{\cdot\cdot1}=\begin{pmatrix} 0&4\\0&0 \end{pmatrix} \quad
#    x_{\cdot\cdot2}=\begin{pmatrix} 1&1\\1&1 \end{pmatrix} \quad
#    x_{\cdot\cdot3}=\begin{pmatrix} -3&1\\-1&-1 \end{pmatrix} \qquad \bar z=(1,1,-1), \quad \hat z=(4,1,1) $$
#
# Channel 1 is a small object, channel 2 a glow with the same mean. With $L = \ln 3$ the weights are
#
# $$ W_1=\begin{pmatrix} 1&-1\\-1&1\\0&-1 \end{pmatrix} \quad b_1=(-1,0) \quad
#    W_2=\begin{pmatrix} L&-L&L\\-2L&L&0 \end{pmatrix} \quad b_2=(L,0,-L) $$
#
# For $\bar z$: the first layer gives $1-1-1=-1$ and $-1+1+1=1$, the ReLU leaves $\bar u=(0,1)$, and
# $\text{MLP}(\bar z)=(-2L,L,0)+b_2=(-L,L,-L)$.
#
# For $\hat z$: $4-1-1=2$ and $-4+1-1=-4$, so $\hat u=(2,0)$, and $\text{MLP}(\hat z)=(2L,-2L,2L)+b_2=(3L,-2L,L)$.

# %%
hand_x = np.array([[[[0.0, 1.0, -3.0], [4.0, 1.0, 1.0]], [[0.0, 1.0, -1.0], [0.0, 1.0, -1.0]]]])    # (1, 2, 2, 3)
hand_w1 = np.array([[1.0, -1.0], [-1.0, 1.0], [0.0, -1.0]])                                         # (3, 2)
hand_b1 = np.array([-1.0, 0.0])                                                                     # (2,)
hand_w2 = np.array([[1.0, -1.0, 1.0], [-2.0, 1.0, 0.0]]) * np.log(3)                                # (2, 3)
hand_b2 = np.array([1.0, 0.0, -1.0]) * np.log(3)                                                    # (3,)

# %% [markdown]
# ## 4 · How the two become one gate
#
# CBAM adds the two logits and takes one sigmoid:
#
# $$ g=\sigma\big(\text{MLP}(\bar z)+\text{MLP}(\hat z)\big) \qquad\qquad y_{bhwc}=g_{bc}\; x_{bhwc} $$
#
# ### 4.1 Not the sum of two gates
#
# A sum of two gates, $\sigma(\bar a)+\sigma(\hat a)$ with the logits $\bar a$ of the mean and $\hat a$ of the maximum, lies
# between 0 and 2. It can amplify a channel: in our example channel 1 gets $\sigma(-L)+\sigma(3L)=1/4+27/28$.
#
# The mean of two gates stays below 1, but it counts votes where the sum of logits adds up evidence. Let $\bar a=0$, "I cannot
# tell". In the sum of logits it drops out, $\sigma(0+\hat a)=\sigma(\hat a)$. In the mean of gates it pulls everything
# towards one half: no $\hat a$ can bring the gate above $3/4$ (the dashed line on the left of the figure).

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Three ways to join two logits
steps = np.linspace(-6, 6, 241)
smooth = 1 / (1 + np.exp(-steps))
figure, axes = plt.subplots(1, 3, figsize=(9.6, 3.1), layout="constrained", sharey=True)
for axis, fixed in zip(axes, [0.0, 3.0, -3.0], strict=True):
    other = 1 / (1 + np.exp(-fixed))
    axis.axhspan(1, 2, color="0.9")
    axis.plot(steps, 1 / (1 + np.exp(-(steps + fixed))), "k-", lw=2, label="CBAM: one gate of the sum")
    axis.plot(steps, smooth + other, "k:", lw=1.6, label="sum of two gates")
    axis.plot(steps, (smooth + other) / 2, "k--", lw=1.2, label="mean of two gates")
    axis.set(title=f"logit of the mean: {fixed:g}", xlabel="logit of the max", xticks=[-6, -3, 0, 3, 6], ylim=(0, 2.05))
axes[0].set_ylabel("factor for the channel")
axes[2].text(-5.8, 1.9, "above 1: no gate", fontsize=9, va="top")
axes[0].legend(frameon=False, loc="upper left", fontsize=9)
show(figure, alt="The factor for a channel against the logit of the maximum, for a mean's logit of 0, 3 and minus 3. The sigmoid of "
     "the sum always runs from near 0 to near 1. The sum of two gates runs up to 1.5, 1.95 and 1.05, above 1. The mean of two "
     "gates is confined: with 0 it stays between one quarter and three quarters, with minus 3 it never exceeds 0.52.")

# %% [markdown]
# ### 4.2 Not the MLP of the sum or of the average
#
# Would one call do, $\text{MLP}(\bar z+\hat z)$ or $2\,\text{MLP}\!\left(\tfrac{\bar z+\hat z}{2}\right)$? Without the ReLU
# the MLP would be $v \mapsto vM^\top+\beta$, with $M^\top=W_1W_2$ and $\beta=b_1W_2+b_2$. Two calls would add up to
# $(\bar z+\hat z)M^\top+2\beta$, as would twice the MLP of the average, while the MLP of the sum has one $\beta$ too few. So
# compare with the average, where the ReLU is the whole difference.
#
# Let one hidden unit have $\bar a$ before its ReLU for the mean and $\hat a$ for the maximum. CBAM keeps
# $\mathrm{relu}(\bar a)+\mathrm{relu}(\hat a)$, and the average, counted twice, $\mathrm{relu}(\bar a+\hat a)$. With
# equal signs these agree. With $\bar a>0>\hat a$ the difference is $\bar a-\max(\bar a+\hat a,0)=\min(\bar a,-\hat a)$.
# In all cases
#
# $$ \mathrm{relu}(\bar a)+\mathrm{relu}(\hat a)-\mathrm{relu}(\bar a+\hat a)=\begin{cases}
#    \min(|\bar a|,|\hat a|)&\text{opposite signs}\\0&\text{otherwise} \end{cases} $$
#
# With separate calls one descriptor can wake a unit that the other would have put to sleep; averaged first, they cancel. On
# the right of the figure the loss grows into the corners where they disagree; our hand example has a unit in each.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title What is lost by adding before the ReLU
figure, axes = plt.subplots(1, 2, figsize=(9.2, 3.5), layout="constrained", width_ratios=[1.25, 1])
grid = np.linspace(-4, 4, 161)
separate, joined = np.maximum(1, 0) + np.maximum(grid, 0), np.maximum(1 + grid, 0)
axes[0].fill_between(grid, joined, separate, color="0.85", hatch="///", edgecolor="0.6", lw=0)
axes[0].plot(grid, separate, "k-", lw=2, label="each alone, then added")
axes[0].plot(grid, joined, "k--", lw=1.5, label="added first")
axes[0].plot([-4], [1], "ko", ms=6)
axes[0].annotate("unit 2 of the hand example", (-4, 1), (-3.6, 2.2), fontsize=9, arrowprops={"arrowstyle": "-"})
axes[0].set(title="one hidden unit, 1 from the mean", xlabel="from the maximum", ylabel="hidden value", ylim=(-0.2, 5.2))
axes[0].legend(frameon=False, loc="upper left")
from_mean, from_max = np.meshgrid(grid, grid, indexing="ij")
lost = np.maximum(from_mean, 0) + np.maximum(from_max, 0) - np.maximum(from_mean + from_max, 0)
drawn = axes[1].imshow(lost, origin="lower", extent=(-4, 4, -4, 4), cmap="gray_r", vmin=0, vmax=4)
axes[1].contour(grid, grid, lost, levels=[1, 2, 3], colors="0.5", linewidths=0.8)
for column, row, name, shift in [(2, -1, "unit 1", (0.25, -0.95)), (-4, 1, "unit 2", (0.3, 0.4))]:
    axes[1].plot([column], [row], "o", mfc="w", mec="k", ms=7, clip_on=False, zorder=5)
    axes[1].text(column + shift[0], row + shift[1], name, fontsize=9, bbox={"fc": "w", "ec": "none", "pad": 1})
axes[1].set(title="what is lost", xlabel="from the maximum", ylabel="from the mean")
figure.colorbar(drawn, ax=axes[1], fraction=0.05, pad=0.03)
show(figure, alt="Left: with 1 from the mean, the two ReLUs added give 1 for all negative values from the maximum, while the ReLU of "
     "the sum falls to 0 at -1 and stays there. Right: a map of the difference. It is zero where both have the same sign and grows "
     "to 4 in the corners of opposite sign. Unit 1 at -1 and 2, and unit 2 at 1 and -4, both lose 1.")

# %% [markdown]
# ### 4.3 The $2\,b_2$ identity
#
# Write the sum of the two logits out:
#
# $$ \text{MLP}(\bar z)+\text{MLP}(\hat z)=\bar uW_2+b_2+\hat uW_2+b_2=(\bar u+\hat u)\,W_2+2\,b_2 $$
#
# The hidden values may be added first, which saves one product with $W_2$. The **classic slip** is to write
# $(\bar u+\hat u)\,W_2+b_2$, but every call adds the bias, and there were two.
#
# **By hand.** $\bar u+\hat u=(2,1)$ and $(2,1)\,W_2=(0,-L,2L)$. With $2\,b_2=(2L,0,-2L)$ the logits are $(2L,-L,0)$, and the
# gates $(\tfrac9{10},\tfrac14,\tfrac12)$. With $b_2$ once they would be $(\tfrac34,\tfrac14,\tfrac34)$. Channel 2 does not
# notice because its bias is 0, as all biases of a fresh Keras layer are.

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Tools for the next picture
def draw_cells(axis, left, top, values, size=0.62, shade="w"):
    """Draw a table of numbers as cells, its top left corner at (left, top)."""
    for row, column in np.ndindex(np.shape(values)):
        x, y = left + column * size, top - (row + 1) * size
        axis.add_patch(plt.Rectangle((x, y), size, size, fc=shade, ec="k", lw=0.9))
        axis.text(x + size / 2, y + size / 2, f"{values[row][column]:.3g}", ha="center", va="center", fontsize=10)


def draw_arrow(axis, start, end, text="", lift=0.12):
    """Draw an arrow between two points, with words above its middle."""
    axis.annotate("", end, start, arrowprops={"arrowstyle": "-|>", "color": "k"})
    axis.text((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + lift, text, ha="center", va="bottom", fontsize=10)


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The block in one picture, with the numbers of the hand example
figure, axis = plt.subplots(figsize=(9.6, 4.5), layout="constrained")
for channel, scaled in enumerate([[[0, 3.6], [0, 0]], [[0.25, 0.25], [0.25, 0.25]], [[-1.5, 0.5], [-0.5, -0.5]]]):
    draw_cells(axis, 0, 4.4 - 1.5 * channel, hand_x[0, :, :, channel])
    draw_cells(axis, 13.3, 4.4 - 1.5 * channel, scaled)
unit = np.log(3)
for level, pooled, hidden, logits, name in [(3.6, [1, 1, -1], [0, 1], [-unit, unit, -unit], "mean"),
                                            (0.9, [4, 1, 1], [2, 0], [3 * unit, -2 * unit, unit], "max")]:
    for left, column, shade in [(2.9, pooled, "0.93"), (5.5, hidden, "0.8"), (8.0, logits, "w")]:
        draw_cells(axis, left, level + 0.31 * len(column), [[number] for number in column], shade=shade)
    draw_arrow(axis, (1.4, 2.2 + 0.3 * (level - 2.2)), (2.8, level), name, lift=-0.75 if name == "max" else 0.28)
    draw_arrow(axis, (3.6, level), (5.4, level), "W1, b1\nReLU")
    draw_arrow(axis, (6.2, level), (7.9, level), "W2, b2  ")
    draw_arrow(axis, (8.7, level), (9.45, 2.25 + 0.12 * np.sign(level - 2.25)))
axis.text(9.7, 2.25, "+", ha="center", va="center", fontsize=14, bbox={"boxstyle": "circle", "fc": "w", "ec": "k"})
axis.text(5.6, 2.25, "one MLP,\nthe same weights twice", ha="center", va="center", fontsize=10, fontweight="bold")
axis.add_patch(plt.Rectangle((3.75, -0.25), 3.7, 5.0, fill=False, ls="--", ec="0.4"))
draw_arrow(axis, (9.98, 2.25), (11.3, 2.25), "sigmoid")
draw_arrow(axis, (12.1, 2.25), (13.2, 2.25), "times x")
draw_cells(axis, 11.4, 2.25 + 0.93, [[0.9], [0.25], [0.5]], shade="0.8")
for middle, text in [(0.62, "x\n(1, 2, 2, 3)"), (3.2, "mean, max\n(1, 3)"), (5.8, "hidden\n(1, 2)"), (8.3, "logits\n(1, 3)"),
                     (11.7, "gates\n(1, 3)"), (13.92, "output\n(1, 2, 2, 3)")]:
    axis.text(middle, -0.4, text, ha="center", va="top", fontsize=10)
axis.set(xlim=(-0.2, 14.8), ylim=(-1.2, 4.95))
axis.axis("off")
show(figure, alt="Diagram of the block with numbers. The mean of the three maps is 1, 1, -1 and their maximum 4, 1, 1. Both go through the "
     "same MLP: hidden values 0, 1 and 2, 0, logits -1.1, 1.1, -1.1 and 3.3, -2.2, 1.1. The two are added, the sigmoid gives "
     "gates 0.9, 0.25, 0.5, and each map is multiplied by its gate.")

# %% [markdown]
# ### Exercise · `channel_attention_forward`
# **{{worth:channel_attention_forward}} · easy**
#
# In: `x` (B, H, W, C) and the four weights of `shared_mlp`. Out: `x` with each channel multiplied by its gate
# $\sigma(\text{MLP}(\bar z) + \text{MLP}(\hat z))$, shape (B, H, W, C); `x` itself stays as it was. NumPy only, no loop; you
# may call `shared_mlp`.

# %% answer="channel_attention_forward" minutes=12
def channel_attention_forward(x, w1, b1, w2, b2):
    """Gate the channels of x (B, H, W, C) by mean and max through one MLP: w1 (C, m), b1 (m,), w2 (m, C), b2 (C,)."""
    # two descriptors of each channel; the same MLP for each; one gate for both
    ### BEGIN SOLUTION
    mean, largest = x.mean(axis=(1, 2)), x.max(axis=(1, 2))
    logits = shared_mlp(mean, w1, b1, w2, b2) + shared_mlp(largest, w1, b1, w2, b2)
    gate = 1 / (1 + np.exp(-logits))
    return x * gate[:, None, None, :]
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Pool twice, call the MLP twice, add, and take the sigmoid once. The last
# step is the scaling of 01.</details>
# <details><summary>Hint: the shapes</summary>Both pools remove axes 1 and 2. Everything stays (B, C) until the end,
# where the gate becomes (B, 1, 1, C).</details>
# <details><summary>Hint: nearly code</summary>An array has a method <code>max</code> with the same <code>axis=</code>
# as <code>mean</code>. Which line holds the plus sign, the one before or the one after the sigmoid?</details>
# <details><summary>"operands could not be broadcast together with shapes (2,3,5,6) (2,6)"</summary>The gate needs two
# axes of length 1 where <code>x</code> has H and W.</details>

# %%
random = np.random.default_rng(412)
case_x = random.normal(size=(2, 3, 5, 6))            # (2, 3, 5, 6): two images, six channels, nothing square
case_x[0] += [0.5, -2.5, -0.5, 1.5, -0.5, -0.5]      # each image and channel has a brightness of its own
case_x[1] += [1.5, -1.5, 0.5, 1.5, -0.5, 0.5]
case_w1, case_b1 = np.round(0.6 * random.normal(size=(6, 2)), 2), np.array([0.3, -0.4])
case_w2, case_b2 = np.round(0.6 * random.normal(size=(2, 6)), 2), np.array([0.4, -0.7, -0.3, 0.5, 0.6, -0.5])
case_gates = np.array([
    [0.00163748723, 0.388543386, 0.0014050348, 0.390253702, 0.990348952, 0.994035958],
    [0.129998125, 0.183419927, 0.00124972095, 0.0201706465, 0.861989764, 0.691294129],
])                                                   # stored
case_y = np.zeros_like(case_x)
for image, row, column, channel in np.ndindex(case_x.shape):
    case_y[image, row, column, channel] = case_gates[image, channel] * case_x[image, row, column, channel]

# %% tags=["demo"]
picture = photograph("flower", height=64, width=96)
across, down = np.gradient(picture.mean(axis=-1), axis=1), np.gradient(picture.mean(axis=-1), axis=0)
features = np.stack([*np.moveaxis(picture, -1, 0) - 0.5, 2 * across, 2 * down, 2 * np.hypot(across, down) - 0.1], axis=-1)[None]
photo_gates = np.array([0.588919, 0.200770, 0.213799, 0.629641, 0.794496, 0.338728])                # stored
compare(channel_attention_forward, target=features * photo_gates, gate=photo_gates,
        inputs=(features, case_w1 / 2, case_b1, case_w2, case_b2), names=["red", "green", "blue", "edges across"],
        title="Four of six channels of a photograph, before and after the block",
        alt="Maps of four channels made from a photograph of a flower: red, green, blue, and edges.")

# %% [markdown]
# In the last map edges of both signs cancel in the mean, but the maximum sees them.

# %% check="channel_attention_forward"
given = case_x.copy()
got = channel_attention_forward(given, case_w1, case_b1, case_w2, case_b2)
check_type(got, np.ndarray)
check_shape(got, (2, 3, 5, 6), rule="the block changes values, not the shape")
check_unchanged(case_x, given)
check_close(got, case_y, rule="each image has gates of its own, from both pools of each channel", tolerance=1e-4)
hand_y = channel_attention_forward(hand_x.copy(), hand_w1, hand_b1, hand_w2, hand_b2)
check_close(hand_y, hand_x * [9 / 10, 1 / 4, 1 / 2], rule="worked by hand: the gates are 9/10, 1/4 and 1/2")
flipped = channel_attention_forward(case_x[:, ::-1, ::-1], case_w1, case_b1, case_w2, case_b2)
check_close(flipped, case_y[:, ::-1, ::-1], rule="neither pool cares where things are", tolerance=1e-4)
got = channel_attention_forward(np.concatenate([case_x] * 3)[:5], case_w1, case_b1, case_w2, case_b2)
check_close(got[1], case_y[1], rule="B equals W here: the gates line up with the channels all the same", tolerance=1e-4)
dark = -0.1 - np.abs(case_x)
got = channel_attention_forward(dark.copy(), case_w1, case_b1, case_w2, case_b2)
dark_gates = np.array([[0.56130558, 0.209735323, 0.259096885, 0.710359396, 0.81222339, 0.37057801],
                       [0.689974481, 0.197816111, 0.354343694, 0.731058579, 0.768524783, 0.268941421]])
check_close(got[:, 0, 0] / dark[:, 0, 0], dark_gates, rule="a map without a positive number has a negative maximum", tolerance=1e-4)
passed("channel_attention_forward")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** Two sigmoids, added: channel 1 of the hand case leaves the block brighter than it came. $b_2$
# counted once, after the saving of section 4.3. $\bar z + \hat z$ into one call. `np.abs(x).max`: the same as the maximum after a
# ReLU, so it passes unnoticed in most networks and fails on our negative maps. `np.maximum(mean, largest)`, which is
# the maximum again. A ReLU on the sum. The mean forgotten, or the maximum: one of the two gates is then SE's.

# %% [markdown]
# ### 4.4 Whose fault is it?
#
# A colleague's block gives other numbers than yours. You cannot see its code, but you know its weights and may record
# what goes in and comes out. Suppose that it is one of these six:
#
# | place | the block |
# |---|---|
# | 0 | right: $\sigma(\text{MLP}(\bar z)+\text{MLP}(\hat z))$ |
# | 1 | $b_2$ is added once: $\sigma((\bar u+\hat u)W_2+b_2)$ |
# | 2 | the mean of two gates: $\tfrac12\sigma(\text{MLP}(\bar z))+\tfrac12\sigma(\text{MLP}(\hat z))$ |
# | 3 | averaged first: $\sigma\big(2\,\text{MLP}(\tfrac{\bar z+\hat z}{2})\big)$ |
# | 4 | the maximum of absolute values, $\max_{h,w}\lvert x_{bhwc}\rvert$, instead of $\hat z$ |
# | 5 | the right gate, multiplied as `x * gate` without its two axes; it exists only where that product has the shape of `x` |
#
# Several of them may fit a recording, or none.

# %% [markdown]
# ### Exercise · `faults_that_fit`
# **{{worth:faults_that_fit}} · hard**
#
# An open task: no steps are given. In: a map `x` and what the colleague's block made of it, `y`, both (B, H, W, C) with
# $W > 1$, and the block's weights `w1` (C, m), `b1` (m,), `w2` (m, C), `b2` (C,). Out: a NumPy array of shape (6,), of
# truth values or of ones and zeros: for each block of the table, in its order, whether it may have made `y`. `y` was
# computed in float32, so allow for rounding; blocks that differ, differ by more than 0.01 somewhere.

# %% answer="faults_that_fit" minutes=30
def faults_that_fit(x, y, w1, b1, w2, b2):
    """Which of the six blocks may have made y (B, H, W, C) from x (B, H, W, C). Returns (6,)."""
    # six truth values
    ### BEGIN SOLUTION
    weights = w1, b1, w2, b2
    mean, largest, size = x.mean(axis=(1, 2)), x.max(axis=(1, 2)), np.abs(x).max(axis=(1, 2))
    from_mean, from_max = shared_mlp(mean, *weights), shared_mlp(largest, *weights)

    def gate(logits):
        return 1 / (1 + np.exp(-logits))

    right = gate(from_mean + from_max)
    gates = [right, gate(from_mean + from_max - b2), (gate(from_mean) + gate(from_max)) / 2,
             gate(2 * shared_mlp((mean + largest) / 2, *weights)), gate(from_mean + shared_mlp(size, *weights))]
    maps = [x * one[:, None, None, :] for one in gates]
    if x.shape[0] in (1, x.shape[2]):  # only then x * gate exists
        maps.append(x * right)
    fits = [np.allclose(one, y, rtol=1e-4, atol=1e-5) for one in maps]
    return np.array(fits + [False] * (6 - len(fits)))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: where to begin</summary>Put two or three of the six into functions of their own, with the same
# arguments as <code>channel_attention_forward</code>. What is left of the task, once you have six maps?</details>
# <details><summary>Hint: comparing</summary><code>np.allclose(a, b)</code> is one truth value for two whole arrays, with
# a tolerance. <code>==</code> asks for equality to the last bit.</details>
# <details><summary>Hint: the second block</summary>The sum of two MLP results holds b2 twice. How do you get from there to
# once?</details>
# <details><summary>Hint: the sixth block</summary>The shapes are (B, H, W, C) and (B, C). NumPy aligns them from the right.
# For which B does that work? There are two cases.</details>
# <details><summary>"operands could not be broadcast together with shapes (2,3,5,6) (2,6)"</summary>Here the sixth block does
# not exist, so it cannot have made y.</details>

# %%
fault_x = np.random.default_rng(32).normal(size=(2, 3, 2, 6)) + case_x[:, :1, :1] / 2        # B equals W
fault_weights = (case_w1, case_b1, case_w2, case_b2)
recorded = {                                         # one gate per image and channel, stored
    "A": [[0.162183168, 0.254295772, 0.069899345, 0.633245013, 0.914276685, 0.745486207],
         [0.00213564767, 0.382759445, 0.00191553614, 0.427757346, 0.989225418, 0.992621261]],
    "B": [[0.357842404, 0.208079133, 0.059410013, 0.395496708, 0.843731728, 0.511577316],
         [0.00873039206, 0.304348555, 0.0015186874, 0.169467793, 0.973632885, 0.971413939]],
    "C": [[0.997849079, 0.055208427, 0.0733107769, 0.00608764068, 0.0818461795, 0.00178492267],
         [0.71086142, 0.109105563, 0.00162275956, 0.00354286872, 0.537744235, 0.138612378]],
    "D": [[0.271952065, 0.346028413, 0.0785622048, 0.284089739, 0.747676869, 0.633280811],
         [0.00586904931, 0.468373497, 0.00204892492, 0.110130989, 0.952975333, 0.982464442]],
    "E": [[0.430060278, 0.339335581, 0.202755708, 0.450434432, 0.696006721, 0.505567881],
         [0.0858207877, 0.398256018, 0.0462761791, 0.334251547, 0.858219786, 0.853397446]],
    "F": [[0.357842404, 0.208079133, 0.059410013, 0.395496708, 0.843731728, 0.511577316],
         [0.00873039206, 0.304348555, 0.0015186874, 0.169467793, 0.973632885, 0.971413939]],
    "no b2": [[0.200248642, 0.515858925, 0.103211058, 0.193993891, 0.619225074, 0.740067139],
         [0.00394176836, 0.639530017, 0.00276377817, 0.0698234943, 0.917504727, 0.989290252]],
    "first image flat": [[0.00231033518, 0.3802913, 0.00204219365, 0.431345608, 0.988816583, 0.992114425],
         [0.00873039206, 0.304348555, 0.0015186874, 0.169467793, 0.973632885, 0.971413939]],
}


def recording(name, x=fault_x):
    """What a block with these gates made of x, in float32."""
    gates = np.array(recorded[name])
    return (x * (gates if name == "F" else gates[:, None, None, :])).astype("float32").astype("float64")


# %% tags=["demo"]
with waits_for(faults_that_fit):
    print("recordings A to F, one row each, places 0 to 5:")
    for name in "ABCDEF":
        print(name, np.asarray(faults_that_fit(fault_x.copy(), recording(name), *fault_weights)).astype(int))

# %% check="faults_that_fit"
given_x, given_y = fault_x.copy(), recording("A")
got = faults_that_fit(given_x, given_y, *fault_weights)
check_type(got, np.ndarray)
check_shape(got, (6,), rule="one truth value for each block of the table")
check_unchanged([fault_x, recording("A")], [given_x, given_y])
table = np.array([faults_that_fit(fault_x.copy(), recording(name), *fault_weights) for name in "ABCDEF"], dtype=int)
check_equal(table.tolist(), [[0, 0, 0, 1, 0, 0], [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0], [0, 1, 0, 0, 0, 0],
                             [0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 1]], rule="recordings A to F: one block fits each, no two the same")
got = faults_that_fit(case_x.copy(), case_y, *fault_weights).astype(int)
check_equal(got.tolist(), [1, 0, 0, 0, 0, 0], rule="B and W differ here: the right block fits, and the bare product does not exist")
no_b2 = (*fault_weights[:3], np.zeros(6))
got = faults_that_fit(fault_x.copy(), recording("no b2"), *no_b2).astype(int)
check_equal(got.tolist(), [1, 1, 0, 0, 0, 0], rule="with b2 = 0 it makes no difference how often b2 is added")
got = faults_that_fit(fault_x[:1], recording("B")[:1], *fault_weights).astype(int)
check_equal(got.tolist(), [1, 0, 0, 0, 0, 1], rule="one image: the bare product is right too")
flat_x = np.concatenate([np.broadcast_to(fault_x[:1, :1, :1], (1, 3, 2, 6)), fault_x[1:]])
got = faults_that_fit(flat_x.copy(), recording("first image flat", flat_x), *fault_weights).astype(int)
check_equal(got.tolist(), [1, 0, 0, 0, 0, 0], rule="the first image alone fits two blocks, both images fit one")
got = faults_that_fit(fault_x.copy(), fault_x / 2, *fault_weights).astype(int)
check_equal(got.tolist(), [0, 0, 0, 0, 0, 0], rule="none of the six halves every map")
passed("faults_that_fit")

# %% [markdown] tags=["instructor"]
# **What it teaches.** A bug report is data, and several explanations may fit it. The exercise makes the reader write the
# alternatives of sections 4.1 to 4.3 as code, and shows which test data cannot tell them apart; the demonstration below
# collects these. **Mistakes to expect.** Exact equality, which nothing in float32 passes. Returning the first
# explanation that fits. Forgetting that the bare product exists for B = 1, where it is even right, or letting it raise.
# $\lvert\max x\rvert$ instead of $\max \lvert x \rvert$. The logits of the averaged descriptor not doubled.

# %% [markdown]
# Now test the *test data*: feed the right block, and count the explanations that fit. Each fault among them would pass this
# test.
#
# **Predict.** A test compares two fresh Keras blocks with copied kernels, on one image that has passed a ReLU. How many of
# the six explanations fit?

# %% tags=["demo", "prediction"]
my_left = None  # a whole number from 1 to 6: explanations that fit one image without negative values, zero biases; None skips it

# %% tags=["demo"]
positive = np.maximum(fault_x, 0)
fresh = (case_w1, 0 * case_b1, case_w2, 0 * case_b2)
tests = {"one image after a ReLU, fresh block": (positive[:1], fresh), "two images after a ReLU, fresh block": (positive, fresh),
         "two images, any sign, fresh block": (fault_x, fresh), "one image, any sign, biases": (fault_x[:1], fault_weights),
         "maps without contrast, biases": (np.broadcast_to(fault_x[:, :1, :1], fault_x.shape), fault_weights),
         "two images, any sign, biases, B = W": (fault_x, fault_weights)}
names = ["right", "b2 once", "mean of gates", "averaged first", "max of |x|", "bare product"]
left = {}
with waits_for(channel_attention_forward, faults_that_fit):
    for test, (some_x, some_weights) in tests.items():
        fits = faults_that_fit(some_x.copy(), channel_attention_forward(some_x.copy(), *some_weights), *some_weights)
        left[test] = [name for name, fit in zip(names, fits, strict=True) if fit]
        print(f"{test:38} {len(left[test])} fit: {', '.join(left[test])}")
    compare_guess(my_left, len(left["one image after a ReLU, fresh block"]), "explanations that fit")

# %% [markdown]
# So good test data for this block have more than one image, values of both signs that vary in space, and biases that are
# not zero.

# %% [markdown]
# ## 5 · The block in Keras
#
# Sharing weights in Keras means calling *the same layer* twice. It makes its weights at its first call and uses them again
# at every further one:
#
# ```python
# layer = keras.layers.Dense(5)
# left, right = layer(one_tensor), layer(another_tensor)      # one kernel, one bias, used twice
# ```
#
# `Dense(5)` written twice makes two layers with twice as many weights, and nothing raises an error.

# %% [markdown]
# ### Exercise · `channel_attention`
# **{{worth:channel_attention}} · medium**
#
# In: a KerasTensor `x` of shape (B, H, W, C), height and width perhaps unknown, and `ratio`. Out: a KerasTensor of the
# same shape. The block has exactly one MLP's weights $W_1, b_1, W_2, b_2$, all trainable, with $m$ = `channels // ratio`,
# shared by both pools. It must be possible to use the function several times in one model.

# %% answer="channel_attention" minutes=18
def channel_attention(x, ratio=16):
    """Gate the channels of a KerasTensor x (B, H, W, C) by mean and max through one MLP. Returns the same shape."""
    # the gated map, from a block with one MLP's weights
    ### BEGIN SOLUTION
    channels = x.shape[-1]
    narrow = keras.layers.Dense(channels // ratio, activation="relu")
    wide = keras.layers.Dense(channels)
    from_mean = wide(narrow(keras.layers.GlobalAveragePooling2D()(x)))
    from_max = wide(narrow(keras.layers.GlobalMaxPooling2D()(x)))
    gate = keras.layers.Activation("sigmoid")(keras.layers.Add()([from_mean, from_max]))
    gate = keras.layers.Reshape((1, 1, channels))(gate)
    return keras.layers.Multiply()([x, gate])
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Make two layers and keep them in variables. Call each of them
# twice.</details>
# <details><summary>Hint: the shapes</summary>Each pool gives (B, C), the layers (B, m) and (B, C), the sum (B, C), the
# gate (B, 1, 1, C).</details>
# <details><summary>Hint: nearly code</summary>Which activation does the second layer need, if the sigmoid comes after
# the sum? The pooling layers are named <code>GlobalAverage...</code> and <code>GlobalMax...</code>.</details>
# <details><summary>"Incompatible shapes: [2,3,5,6] vs. [2,6]"</summary>You used <code>*</code> with gates of shape
# (B, C): they need a height and a width of 1 first.</details>
# <details><summary>"'KerasTensor' object has no attribute 'max'"</summary>Your NumPy lines do not work on symbolic
# tensors. Use a pooling layer, or the function of that name in <code>keras.ops</code>.</details>

# %%
def copy_weights(model, *arrays):
    """Put each array into the model's weight of the same shape, leading axes of length 1 aside."""
    for variable in model.weights:
        fitting = [array for array in arrays if array.shape == tuple(variable.shape)[-2:]]
        if fitting:
            variable.assign(fitting[0].reshape(variable.shape))


# %% tags=["demo"]
with waits_for(channel_attention_forward, channel_attention):
    inputs = keras.Input((None, None, 6))
    one_block = keras.Model(inputs, channel_attention(inputs, ratio=3))
    copy_weights(one_block, case_w1, case_b1, case_w2, case_b2)
    in_keras = keras.ops.convert_to_numpy(one_block(case_x.astype("float32")))
    in_numpy = channel_attention_forward(case_x.copy(), case_w1, case_b1, case_w2, case_b2)
    print("weights of the model:", [tuple(variable.shape) for variable in one_block.weights])
    print(f"greatest difference between Keras and your NumPy: {np.abs(in_keras - in_numpy).max():.1e}")

# %% check="channel_attention"
inputs = keras.Input((None, None, 6))
outputs = channel_attention(inputs, ratio=3)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 6), rule="the block keeps the shape, an unknown height and width included")
model = keras.Model(inputs, outputs)
narrow = keras.Input((8, 8, 20))
check_equal(keras.Model(narrow, channel_attention(narrow, ratio=3)).count_params(), 266, rule="20 / 3 is rounded down: m = 6")
check_equal(model.count_params(), 32, rule="C = 6, r = 3: m = 2, so 12 + 2 + 12 + 6")
check_equal(len(model.trainable_weights), 4, rule="W1, b1, W2 and b2 can be trained, and there are no others")
copy_weights(model, case_w1, case_b1, case_w2, case_b2)
got = keras.ops.convert_to_numpy(model(case_x.astype("float32")))
check_close(got, case_y, rule="with your weights the block gives what channel_attention_forward gives", tolerance=1e-4)
check_shape(model(np.ones((1, 4, 7, 6), "float32")), (1, 4, 7, 6), rule="the same model takes maps of another size")
wide_input = keras.Input((8, 8, 64))
twice = keras.Model(wide_input, channel_attention(channel_attention(wide_input)))
check_equal(twice.count_params(), 1160, rule="two blocks at the default ratio of 16 have 2 x 580 weights of their own")
got = keras.ops.convert_to_numpy(model(case_x.astype("float32"), training=True))
check_close(got, case_y, rule="in training the block computes the same", tolerance=1e-4)
passed("channel_attention")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** Layers made for each pool: eight arrays instead of four, and nothing else looks wrong.
# `activation="sigmoid"` on the second layer, from 01: two gates are added. `Concatenate` of the two pools and one MLP of
# $2C$ inputs: another block, with $Cm$ weights more. `Dense` applied to the sum of the hidden values: $b_2$ once. Layers
# made outside the function: shared by all blocks of a network. `keras.layers.Multiply()([x, gate])` with a gate (B, C)
# is right; the bare `x * gate` is not.

# %% [markdown]
# ## 6 · Does it help? A measurement
#
# As in 01, the channels form four groups, here of two. In every group one side of the map, left or right, is brighter by 1. One group
# is **awake**, and its bright side is the label. All channels vote, one gate each, and nothing but the gate is trained. The
# awake group is known by a clue in each of its channels:
#
# - **glow**: every position is brighter by 0.2.
# - **spot**: one position, anywhere, is brighter by 5.
# - **mixed**: in half of the images a glow, in the other half a spot.
# - **bright**: a glow of 2, strong enough for either pool.
#
# Three gates compete, from the **mean only** (SE), from the **max only**, and from **both** (your block), with the same 144
# weights ($r = 1$), first values and images, 160 steps and five seeds. The 95 % intervals are 2.776 standard errors to each
# side, by Student's t. Without a gate the best vote is right in $11/16 = 0.69$ (notebook 01).
#
# **Predict.** Where the clue is mixed, which share of new images does the gate from both pools get right?

# %% tags=["demo", "prediction"]
my_mixed = None  # a number between 0.5 and 1: the share right of "both" where the clue is mixed; None skips it

# %% tags=["demo"]
CHANNELS, SEEDS = 8, range(5)
GROUP = np.arange(CHANNELS) // 2                                   # 0, 0, 1, 1, 2, 2, 3, 3
SIDES = np.ones((ROWS, COLUMNS), "float32")                        # +1 on the left side, -1 on the right one
SIDES[:, COLUMNS // 2:] = -1
CLUES = {"glow": (0.2, 0.0), "spot": (0.2, 1.0), "mixed": (0.2, 0.5), "bright": (2.0, 0.0)}    # glow, share of spots


def make_images(seed, count, clue):
    """Images (B, H, W, C) and labels, +1 for left and -1 for right (B,)."""
    random, (glow, spots) = np.random.default_rng(seed), CLUES[clue]
    awake, spotted = random.integers(4, size=count), random.random(count) < spots
    side = random.choice(np.float32([-1, 1]), size=(count, 4))     # one side for each image and group
    clues = np.where(spotted[:, None], 0, np.float32(glow)) * np.ones((count, POSITIONS), "float32")
    clues[np.arange(count), random.integers(POSITIONS, size=count)] += 5 * spotted
    images = random.standard_normal((count, ROWS, COLUMNS, CHANNELS), dtype="float32")
    images += 0.5 * side[:, GROUP].reshape(count, 1, 1, CHANNELS) * SIDES[:, :, None]
    images += clues.reshape(count, ROWS, COLUMNS, 1) * (awake.reshape(count, 1, 1, 1) == GROUP)
    return images, side[np.arange(count), awake]


# %% tags=["demo"]
def build(kind):
    """A gate on the maps, then the vote of all channels on the bright side. Nothing but the gate has weights."""
    inputs = keras.Input((ROWS, COLUMNS, CHANNELS))
    if kind == "both":
        maps = channel_attention(inputs, ratio=1)
    else:                                                          # the block of 01, with a pool of our choice
        pool = keras.layers.GlobalAveragePooling2D if kind == "mean only" else keras.layers.GlobalMaxPooling2D
        gate = keras.Sequential([pool(keepdims=True), keras.layers.Conv2D(CHANNELS, 1, activation="relu"),
                                 keras.layers.Conv2D(CHANNELS, 1, activation="sigmoid")])
        maps = inputs * gate(inputs)
    return keras.Model(inputs, keras.ops.einsum("bhwc,hw->b", maps, SIDES * 4 / POSITIONS))


def set_first_weights(model, seed):
    """Glorot's rule for the kernels and zero biases, the same numbers for every kind of gate."""
    random, limit = np.random.default_rng(seed), np.sqrt(6 / (2 * CHANNELS))
    for variable in model.weights:
        shape = tuple(variable.shape)
        kernel = shape[-2:] == (CHANNELS, CHANNELS)
        variable.assign(random.uniform(-limit, limit, shape) if kernel else np.zeros(shape))


# %% tags=["demo"]
def make_trainer(kind, steps=160, batch=256):
    """A function of images and labels that trains a gate of this kind from a seed's first weights. Compiled once."""
    model, optimizer = build(kind), keras.optimizers.Adam(0.05)
    optimizer.build(model.trainable_variables)
    at_rest = [variable.numpy() for variable in optimizer.variables]

    @tf.function(jit_compile=True)
    def descend(images, labels):
        for step in tf.range(steps):
            chosen = tf.math.floormod(step * batch + tf.range(batch), tf.shape(labels)[0])
            with tf.GradientTape() as tape:
                margins = model(tf.gather(images, chosen)) * tf.gather(labels, chosen)
                loss = tf.reduce_mean(tf.nn.softplus(-margins))            # the cross-entropy of a logistic vote
            optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)

    def train(seed, images, labels):
        for variable, value in zip(optimizer.variables, at_rest, strict=True):
            variable.assign(value)
        set_first_weights(model, seed)
        descend(images, labels)
        return model

    return train


# %% tags=["demo"]
KINDS = ["mean only", "max only", "both"]
shares = {}
with waits_for(channel_attention):
    trainers = {kind: make_trainer(kind) for kind in KINDS}
    shares = {(clue, kind): [] for clue in CLUES for kind in KINDS}
    for clue in CLUES:
        for seed in SEEDS:
            images, labels = map(tf.constant, make_images(100 + seed, 2048, clue))
            new_images, new_labels = make_images(900 + seed, 2000, clue)
            for kind in KINDS:
                votes = trainers[kind](seed, images, labels)(new_images)
                shares[clue, kind].append(float(np.mean(np.sign(votes) == new_labels)))


def mean_and_half_width(values):
    """The mean over five seeds and half the width of its 95 % interval."""
    return np.mean(values), 2.776 * np.std(values, ddof=1) / np.sqrt(len(values))


for clue, kind in shares:
    print("{:7} {:10} {:.3f} +- {:.3f}".format(clue, kind, *mean_and_half_width(shares[clue, kind])))
if shares:
    compare_guess(my_mixed, np.mean(shares["mixed", "both"]), "both pools, mixed clue")

# %% tags=["demo"]
gains = {}
if shares:
    for clue in CLUES:                                             # paired by seed: the same images for both
        for kind in KINDS[:2]:
            gains[clue, kind] = mean_and_half_width(np.subtract(shares[clue, "both"], shares[clue, kind]))
            gain, half = gains[clue, kind]
            verdict = "above 0" if gain > half else "below 0" if gain < -half else "0 is inside"
            print(f"{clue:7} both minus {kind:10} {gain:+.3f} +- {half:.3f}   {verdict}")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Share right on new images: three gates, four clues, a circle per seed
if shares:
    figure, axes = plt.subplots(1, 4, figsize=(9.8, 2.9), layout="constrained", sharey=True, sharex=True)
    for axis, clue in zip(axes, CLUES, strict=True):
        for height, kind in enumerate(KINDS):
            middle, half = mean_and_half_width(shares[clue, kind])
            axis.plot(shares[clue, kind], height - 0.22 + np.linspace(-0.1, 0.1, 5), "o", mfc="w", mec="k", ms=4.5)
            axis.errorbar(middle, height + 0.08, xerr=half, fmt="s", color="tab:blue", ms=5, capsize=4)
            axis.text(min(max(middle, 0.74), 0.97), height + 0.2, f"{middle:.3f}", ha="center", va="top", fontsize=10)
        axis.axvline(11 / 16, color="0.5", ls=":", lw=1, zorder=0)
        axis.set(title=clue, xlim=(0.65, 1.03), xticks=[0.7, 0.8, 0.9, 1.0], ylim=(2.65, -0.6))
    axes[0].set_yticks(range(3), KINDS)
    axes[3].text(0.7, 0.5, "dotted: 11/16,\nbest without a gate", fontsize=9, va="center")
    if my_mixed is not None:
        axes[2].axvline(my_mixed, color="tab:orange", ls="--", lw=1.5)
    figure.supxlabel("share right on new images", fontsize=10)
    told = "; ".join(f"{clue} " + ", ".join(f"{kind} {np.mean(shares[clue, kind]):.2f}" for kind in KINDS) for clue in CLUES)
    show(figure, alt=f"Four panels, one for each clue; a circle per seed, mean and 95 percent interval below. {told}.")

# %% [markdown] tags=["instructor"]
# **Reading the result.** Glow: the maximum sees next to nothing, and the mean is near 0.96. *Both minus mean* is a small
# loss on average, from one seed out of five, and the interval contains zero. Spot: the maximum is near 0.995 and *both*
# equals it. The mean still gets 0.74, more than $11/16$, since a spot adds light. Mixed: *both* gains eight to nine
# points over either. Either pool alone gives up on the half of the images that it cannot read: for the mean about
# $(0.96 + 0.74)/2 = 0.85$, as measured. Bright: no difference. Digits differ a little from machine to machine.
#
# *Both* at 0.93 stays below $(0.96 + 0.995)/2 = 0.98$, what one would get by choosing the right pool for each image. A
# part of this is time: see the stretch task.

# %% [markdown]
# By section 2 a faint glow hardly moves the maximum, and a spot hardly moves the mean. So whoever knows the clue needs one
# pool only, but where it is mixed, no single pool can read all images. The printed lines say where *both* is above a single
# pool; a difference with 0 inside its interval is no finding. These data do not say how often real maps are mixed.
#
# ## 7 · What the paper measured, quoted
#
# The CBAM paper's ablation of the channel gate (section 4.1; ResNet-50, ImageNet; top-1 error is the share of test images
# whose most probable class is wrong):
#
# | gate | top-1 error, % |
# |---|---|
# | no attention | 24.56 |
# | mean only, which is SE | 23.14 |
# | max only | 23.20 |
# | both, one shared MLP | 22.80 |
#
# **Same recipe?** Within this table, yes. The SE paper has 23.29 for SE-ResNet-50 in its main table and 22.28 in its
# ablations, after a longer training, so recipes differ by as much as gates.
#
# Each row is a single training run without an interval. From ImageNet's 50,000 validation images alone an error $e$ has
# the standard error $\sqrt{e(1-e)/50{,}000}$.

# %% tags=["demo"]
quoted = {"none": 24.56, "mean only": 23.14, "max only": 23.20, "both": 22.80}
noise = 100 * np.sqrt(0.23 * 0.77 / 50_000)
print(f"standard error of one row, from the number of test images alone: {noise:.2f} points")
for name in ["none", "max only", "both"]:
    gap = quoted[name] - quoted["mean only"]
    print(f"{name:9} minus mean only: {gap:+.2f} points, {round(gap * 500):+5} of 50,000 images")

# %% [markdown]
# Mean against max is well within the noise, so the table does not rank them. Both against mean is less clear: the rows
# share their test images, which makes a difference more certain than this, but not their training run, which makes it less
# certain by an unknown amount.
#
# **Reflection · one bias too few**
#
# **{{worth:reflect-bias}} · in your own words**
#
# A colleague saves a product: `logits = wide(narrow(mean) + narrow(largest))`, where `narrow` and `wide` are the two
# layers of the MLP, with biases. (1) What is different from CBAM, and in which situation does it give wrong numbers?
# (2) The colleague trains the network from scratch and says that it does not matter. Is that right? (3) Describe a test
# that finds the difference, and one that looks sensible and misses it.

# %% [markdown] question="reflect-bias" points=3 minutes=8 row="reflection: one bias too few"
# ### BEGIN SOLUTION
# (1) The bias of `wide` enters once instead of twice; all else is the same. The numbers are wrong as soon as weights
# that were trained with the other form are loaded, for instance the published ones, unless the bias is doubled on
# loading.
#
# (2) Mostly right. Every function that CBAM can represent is there too: take a bias twice as large. So training from
# scratch can reach the same gates. The path differs a little, because the gradient of this bias is half as large, and
# a penalty on large weights would meet a bias that has to be twice as large.
#
# (3) A test with random non-zero biases and copied weights finds it, and so does the hand example, 3 instead of 3.6.
# A comparison of two freshly made blocks misses it, because Keras begins with zero biases. Counting weights misses it
# as well: both have the same.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric.** One point: $b_2$ once, wrong with copied or published weights. One point: from scratch the same functions
# are within reach, because the bias can double; "it learns something else" without this gets half a point. One point: a
# test with non-zero biases, and one that misses it (zero biases, fresh blocks, weight counts, shapes).

# %% [markdown]
# ## What we found
#
# The mean measures how much light a map holds, the maximum how concentrated it is. One MLP reads both in turn, and the
# logits are added, so $b_2$ counts twice.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | AUC | the share of pairs, one with and one without the object, that a number puts in the right order |
#
# ## Where this is in the papers
#
# Woo et al., *CBAM*, [arXiv 1807.06521](https://arxiv.org/abs/1807.06521): the module in section 3, the pools in section 4.1. Hu et al.,
# *Squeeze-and-Excitation Networks*, [arXiv 1709.01507](https://arxiv.org/abs/1709.01507): the mean only.
#
# ## Stretch
#
# A second MLP could learn to weigh the maximum differently. Write `build("two MLPs")` for section 6, the two logits added,
# and train both versions on the mixed clue, for 160 and for 640 steps. What does sharing cost?

# %% [markdown] tags=["instructor"]
# **Stretch, one answer.** Two pairs of layers, `wide_a(narrow_a(mean)) + wide_m(narrow_m(largest))`, and
# `make_trainer(kind, steps=640)`. Measured when this notebook was written, on the mixed clue, 160 steps: shared 0.934 +- 0.036, two MLPs 0.941
# +- 0.033. With 640 steps: 0.958 +- 0.013 and 0.943 +- 0.033. So it was time, not the sharing: the shared MLP catches up,
# because hidden units can tell the pools apart by size (on these data a maximum is above 1, a mean below it). On the glow, 640
# steps bring the shared MLP from 0.943 to 0.960 +- 0.008. Two MLPs cost twice the weights and gain nothing here.

# %% [markdown]
# **Next:** 04 turns the two pools by ninety degrees: mean and maximum over the channels, and a gate that says *where*.

# %% [markdown]
# {{hand_in}}
