# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 07 · Port the tutorial
#
# {{badges}}
#
# You find a tutorial on attention blocks, written for Keras 1 and 2. You paste it into a notebook, and it stops at the first line that matters. That is good news, because other faults raise nothing:
# the code runs, the shapes are right, and the numbers are wrong. You will port it to Keras 3, in both data formats.
#
# **You will be able to**
# - reduce a fault to its smallest case
# - say which inputs hide a silent fault
# - port SE, ECA and CBAM, and leave alone what is not broken
# - design one test case that tells nine faulty blocks from the right one
#
# **Before you start:** notebooks 01 to 05, for what each block computes; none of their code.
#
# | exercise | points | minutes |
# |---|---|---|
# {{rows}}
# | reading and figures | | {{minutes:reading}} |
# | **total** | **{{points}}** | **{{minutes}}** |

# %%
import math
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # fewer messages from TensorFlow
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import keras
import numpy as np
import tensorflow as tf
from keras import backend as K  # as the tutorial does
from keras import layers, ops

keras.utils.set_random_seed(7)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## Before you start: three questions
#
# 1. An SE gate has shape (B, C) and the map has shape (B, H, W, C). Which shape must the gate take before the two are multiplied, and why?
#
# <details><summary>Answer</summary>(B, 1, 1, C): shapes are lined up from the right, so C must stand under C, and the axes of length 1 stretch over height and width.</details>
#
# 2. ECA at 128 channels with the usual constants: which kernel size, and how many weights?
#
# <details><summary>Answer</summary>(log₂ 128 + 1) / 2 = 4, which is even, so 5. One kernel of five weights, shared by all channels, without a bias.</details>
#
# 3. In a residual block, what is CBAM applied to, and what does the block compute while the last norm of its branch has factor 0 and offset 0?
#
# <details><summary>Answer</summary>To the branch, before the addition. With factor and offset 0 the branch is zero, so the block gives relu(shortcut): section 8 comes back to this.</details>

# %% [markdown]
# ## 1 · A method
#
# The code below is our own rewriting of such a tutorial, faults included. Treat each the same way.
#
# 1. **Reproduce it**, and read the last line of the traceback first.
# 2. **Reduce it** to the smallest case that still fails: one function, one line.
# 3. **Test with unequal sizes**, because equal sizes hide many faults.
# 4. **Change one thing**, and run it again. After two changes you do not know which one did it.
#
# `old_keras` gives Keras 3 the old names back for a while: no repair, but it shows what waits after the first error.

# %%
@contextmanager
def data_format(name):
    """Set the global data format for the lines of a with block, then set it back."""
    before = keras.config.image_data_format()
    keras.config.set_image_data_format(name)
    try:
        yield
    finally:
        keras.config.set_image_data_format(before)


def reproduce(function, *arguments, **options):
    """Call a function, print the shape of its result, or the error's type and message; return whether it ran."""
    try:
        print("no error, shape", getattr(function(*arguments, **options), "shape", "unknown"))
        return True
    except Exception as error:  # whatever it is, we want to read it
        text = str(error).replace("\x1b[1m", "").replace("\x1b[0m", "").split("Arguments received")[0]
        print(f"{type(error).__name__}: {' '.join(text.split())[:300]}")
        return False


# %%
@contextmanager
def old_keras():
    """Give Keras 3 the names back that the tutorial uses. A stand-in for looking further, not a repair."""
    keras.KerasTensor._keras_shape = property(lambda tensor: tensor.shape)
    K.mean, K.max = ops.mean, ops.max
    try:
        yield
    finally:
        del keras.KerasTensor._keras_shape, K.mean, K.max


# %% [markdown]
# `in_both_formats` runs a block in each format with the same weights and numbers. Both results come back as (B, H, W, C), so a right block gives the same twice.

# %%
def build(block, shape, **options):
    """A model around a block, for maps of this shape (without the batch), in the data format of the moment."""
    inputs = keras.Input(shape)
    return keras.Model(inputs, block(inputs, **options))


def copy_weights(model, *arrays):
    """Give each array to the first free weight of its shape, axes of length 1 aside."""
    free = list(model.weights)
    for array in arrays:
        for place, weight in enumerate(free):
            if np.squeeze(weight).shape == np.squeeze(array).shape:
                free.pop(place).assign(np.reshape(array, weight.shape))
                break


# %%
TO_FIRST, TO_LAST = (0, 3, 1, 2), (0, 2, 3, 1)  # orders of axes, for np.transpose


def in_both_formats(block, x, *arrays, **options):
    """Run a block on x (B, H, W, C) in each format, with these weights. Both results are (B, H, W, C)."""
    results = []
    for name in ("channels_last", "channels_first"):
        first = name == "channels_first"
        with data_format(name):
            given = np.transpose(x, TO_FIRST).astype("float32") if first else x.astype("float32")
            keras.utils.set_random_seed(7)  # so that a weight that no array fits is the same in every run
            model = build(block, given.shape[1:], **options)
            copy_weights(model, *arrays)
            got = ops.convert_to_numpy(model(given))
        results.append(np.transpose(got, TO_LAST) if first else got)
    return results


def saved_and_loaded(model, path="ported.keras"):
    """Save a model beside the notebook, load it as Keras loads by default, and tidy up."""
    try:
        model.save(path)
        return keras.saving.load_model(path)
    finally:
        if tf.io.gfile.exists(path):
            tf.io.gfile.remove(path)


# %% [markdown]
# Last, numbers that hide little: all four sizes differ, values have both signs, no bias is zero, no kernel is symmetric. The expected gates come from NumPy, in float64.

# %%
def wave(*shape, start=0):
    """Numbers between -1 and 1 that look irregular and are the same on every machine."""
    return np.sin(1.7 * np.arange(start + 1, start + 1 + np.prod(shape)) ** 1.3).reshape(shape)


case_x = 1.5 * wave(2, 3, 5, 8)
case_x[0] += [0.5, -2.5, -0.5, 3.5, -0.5, -0.5, 1.0, -1.0]
case_x[1] += [1.5, -1.5, 1.5, 2.5, -0.5, 0.5, -2.0, 0.0]
case_w1 = np.array([[1, -1], [-0.5, 1], [0.5, 0.5], [-1, 0.5], [0.5, -0.5], [1, 0.5], [-0.5, -1], [0.5, 1]])
case_b1, case_w2, case_b2 = np.array([4.5, -2.0]), wave(2, 8, start=249) / 4, wave(8, start=269) / 2
bottleneck = (case_w1, case_b1, case_w2, case_b2)  # C = 8, m = 2

# %% [markdown]
# ## 2 · A worked example: the channel half of CBAM
#
# We port the first function together. It sends the mean and the max of each channel through one shared bottleneck and adds the results (notebook 03).
# `he_normal` says how the first values of a kernel are drawn.

# %%
def old_channel_attention(input_feature, ratio=8):
    channel_axis = 1 if K.image_data_format() == "channels_first" else -1
    channel = input_feature._keras_shape[channel_axis]
    settings = dict(kernel_initializer="he_normal", use_bias=True, bias_initializer="zeros")
    shared_one = layers.Dense(channel // ratio, activation="relu", **settings)
    shared_two = layers.Dense(channel, **settings)
    avg_pool = layers.Reshape((1, 1, channel))(layers.GlobalAveragePooling2D()(input_feature))
    max_pool = layers.Reshape((1, 1, channel))(layers.GlobalMaxPooling2D()(input_feature))
    cbam_feature = layers.add([shared_two(shared_one(avg_pool)), shared_two(shared_one(max_pool))])
    cbam_feature = layers.Activation("sigmoid")(cbam_feature)
    if channel_axis == 1:
        cbam_feature = layers.Permute((3, 1, 2))(cbam_feature)
    return layers.multiply([input_feature, cbam_feature])


# %% tags=["demo"]
reproduce(old_channel_attention, keras.Input((8, 9, 16)))
reproduce(lambda: keras.Input((8, 9, 16))._keras_shape)  # reduced: one attribute is enough
print("the public name:", keras.Input((8, 9, 16)).shape)

# %% [markdown]
# **Fault 1, loud: `_keras_shape`.** A leading underscore means private: old Keras never promised the name, but every tensor has a public `shape`. The tutorial's SE and ECA have the same fault.

# %% tags=["demo"]
with old_keras():
    last, first = in_both_formats(old_channel_attention, case_x, *bottleneck, ratio=4)
    print(f"greatest difference between the formats: {np.abs(last - first).max():.1e}")
    reproduce(old_channel_attention, keras.Input((8, 9, 4)))  # four channels, ratio 8

# %% [markdown]
# **Fault 2, loud: fewer channels than the ratio.** $\lfloor 4/8 \rfloor = 0$, and a layer of no units is refused. So we take $m = \max(1, \lfloor C/r \rfloor)$.
#
# The rest is right in both formats, because in channels-first the last lines move the gate from (B, 1, 1, C) to (B, C, 1, 1). So we leave it alone.

# %% tags=["given"]
def channel_attention(input_feature, ratio=8):
    """CBAM's channel half for a KerasTensor in the global data format. Returns one of the same shape."""
    channel_axis = 1 if K.image_data_format() == "channels_first" else -1
    channel = input_feature.shape[channel_axis]  # first change
    settings = dict(kernel_initializer="he_normal", use_bias=True, bias_initializer="zeros")
    shared_one = layers.Dense(max(1, channel // ratio), activation="relu", **settings)  # second change
    shared_two = layers.Dense(channel, **settings)
    avg_pool = layers.Reshape((1, 1, channel))(layers.GlobalAveragePooling2D()(input_feature))
    max_pool = layers.Reshape((1, 1, channel))(layers.GlobalMaxPooling2D()(input_feature))
    cbam_feature = layers.add([shared_two(shared_one(avg_pool)), shared_two(shared_one(max_pool))])
    cbam_feature = layers.Activation("sigmoid")(cbam_feature)
    if channel_axis == 1:
        cbam_feature = layers.Permute((3, 1, 2))(cbam_feature)
    return layers.multiply([input_feature, cbam_feature])


# %% [markdown]
# **Four conditions** hold for this port and for yours: it is right in both formats, on a CPU; height and width may be unknown; a model can hold it twice; and a saved model loads again with `keras.saving.load_model(path)` and nothing more.

# %%
channel_gates = np.array([
    [0.296706, 0.490798, 0.614685, 0.606369, 0.540440, 0.520247, 0.576922, 0.641283],
    [0.435861, 0.936459, 0.951212, 0.647411, 0.105438, 0.053471, 0.263966, 0.864833],
])  # fmt: skip

# %% tags=["demo"]
for name, got in zip(["last", "first"], in_both_formats(channel_attention, case_x, *bottleneck, ratio=4), strict=True):
    difference = np.abs(got - case_x * channel_gates.reshape(2, 1, 1, 8)).max()
    print(f"channels-{name}: greatest difference from the stored result {difference:.0e}")
print("five channels, ratio 8:", build(channel_attention, (3, 5, 5)).count_params(), "weights, 5 + 1 + 5 + 5 expected")
twice = build(lambda x: channel_attention(channel_attention(x)), (None, None, 16))
print("twice, saved and loaded:", saved_and_loaded(twice).count_params(), "weights, 2 x (32 + 2 + 32 + 16) expected")

# %% [markdown]
# Three more things look suspicious and are not bugs: `Reshape((1, 1, -1))` leaves one size to Keras, `layers.multiply` and `layers.add` make layers, and `padding="same"` in a `Conv1D` does not flip the kernel.

# %% [markdown] tags=["instructor"]
# **Why a worked example.** The port of this half and that of SE are nearly one task. Here the old function has the right channels-first code already, so it can be shown, and students meet the same step in `se_block` on their own. Ask what a rewrite from memory would have risked: two bottlenecks instead of one, a sigmoid on each half, a lost `Permute`.

# %% [markdown]
# ## 3 · Squeeze and excitation
#
# Mean, two dense layers, sigmoid, product (notebook 01).

# %%
def old_se_block(input_feature, ratio=8):
    channel_axis = 1 if K.image_data_format() == "channels_first" else -1
    channel = input_feature._keras_shape[channel_axis]
    settings = dict(kernel_initializer="he_normal", use_bias=True, bias_initializer="zeros")
    se_feature = layers.Reshape((1, 1, channel))(layers.GlobalAveragePooling2D()(input_feature))
    se_feature = layers.Dense(channel // ratio, activation="relu", **settings)(se_feature)
    se_feature = layers.Dense(channel, activation="sigmoid", **settings)(se_feature)
    # if channel_axis == 1:
    #     se_feature = layers.Permute((3, 1, 2))(se_feature)
    return layers.multiply([input_feature, se_feature])

# %% [markdown]
# **Predict.** With the old names, the function is called on the channels-last maps (8, 9, 16) and (8, 9, 4), then on the channels-first maps (16, 8, 9) and (16, 8, 16). How many of the four calls stop with an error?

# %% tags=["demo", "prediction"]
my_errors = None  # a whole number from 0 to 4: how many of the four calls stop with an error? None skips it

# %% tags=["demo"]
with old_keras():
    ran = [reproduce(old_se_block, keras.Input((8, 9, 16))), reproduce(old_se_block, keras.Input((8, 9, 4)))]
    with data_format("channels_first"):
        ran += [reproduce(old_se_block, keras.Input((16, 8, 9))), reproduce(old_se_block, keras.Input((16, 8, 16)))]
compare_guess(my_errors, ran.count(False), "calls that stop")

# %% [markdown]
# **Fault 3, loud or silent: channels-first.** The map is (B, C, H, W), but the gate is still (B, 1, 1, C), because the lines that move it are switched off. Lined up from the right, C stands under W.
# With 16 and 9 that is an error, whereas 16 and 16 run and give a wrong result.
#
# **By hand.** One image, two channels, one row of two columns: $x=((6,2),(6,2))$, one bracket per channel, and the gates are $(3/4,1/4)$.
#
# $$\text{right: }\begin{pmatrix}\tfrac34\cdot6&\tfrac34\cdot2\\ \tfrac14\cdot6&\tfrac14\cdot2\end{pmatrix}=\begin{pmatrix}4.5&1.5\\ 1.5&0.5\end{pmatrix}
# \qquad\text{tutorial: }\begin{pmatrix}\tfrac34\cdot6&\tfrac14\cdot2\\ \tfrac34\cdot6&\tfrac14\cdot2\end{pmatrix}=\begin{pmatrix}4.5&0.5\\ 4.5&0.5\end{pmatrix}$$
#
# Now four channels: channel 2 is awake with mean 1, the others have mean 0.1, and the weights open the gate of an awake channel only.

# %% tags=["demo"]
SE_WEIGHTS = (np.eye(4), np.zeros(4), 6 * np.eye(4), np.full(4, -3.0))  # logit 6 z - 3, channel by channel
awake = np.full((1, 4, 3, 4), 0.1, "float32")  # channels-first: C = 4, H = 3, W = 4
awake[:, 2] = 1.0
with old_keras(), data_format("channels_first"):
    silent = build(old_se_block, (4, 3, 4), ratio=1)
    copy_weights(silent, *SE_WEIGHTS)
    tutorial_gate = ops.convert_to_numpy(silent(awake)) / awake  # what each number was multiplied by
known_gate = np.broadcast_to(1 / (1 + np.exp(3 - 6 * awake)), awake.shape)

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The same weights: the gate by definition, and in the tutorial
figure, axes = plt.subplots(1, 3, figsize=(8.6, 2.9), layout="constrained")
panels = [(awake, "x, top row of each channel"), (known_gate, "gate, right"), (tutorial_gate, "gate, tutorial")]
for axis, (values, title) in zip(axes, panels, strict=True):
    draw_map(axis, values[0, :, 0], title, 0, 1, numbers=True)
    axis.set_xticks(range(4), [f"w = {w}" for w in range(4)])
    axis.set_yticks(range(4), [f"c = {c}" for c in range(4)])
high, low = tutorial_gate[0, 0, 0, 2], tutorial_gate[0, 0, 0, 0]
show(figure, alt="Three grids with channels down and columns across. In x, channel 2 is 1 and the others are 0.1. The right gate is "
     f"{known_gate[0, 2, 0, 0]:.3g} along the row of channel 2 and {known_gate[0, 0, 0, 0]:.3g} elsewhere. The tutorial's gate is {high:.3g} down column 2 and {low:.3g} elsewhere.")

# %% [markdown]
# The tutorial found the awake channel and then opened a *column* of every channel. Shape, range and number of weights are right, so only the values give it away.

# %% [markdown] tags=["instructor"]
# **Reading the figure.** $\sigma(6 \cdot 1 - 3) = 0.953$ and $\sigma(6 \cdot 0.1 - 3) = 0.083$. The picture is the transpose of the right one because W equals C. A width of 1 runs too: then C stands under 1 and the *map* is stretched, to (B, C, H, C). Students who test with a 1 x 1 map see that shape.
#
# Ask why somebody switched the Permute off. A likely story: it raised an error under another backend, and commenting it out made the error go away for the one format in use. Nobody tested the other branch.

# %% [markdown]
# ### Exercise · `se_block`
# **{{worth:se_block}} · easy**
#
# In: a KerasTensor `input_feature` in the global format, (B, H, W, C) or (B, C, H, W), and `ratio`. Out: a KerasTensor of the same shape, squeezed, excited and scaled. Weights: exactly $W_1$ (C, m), $b_1$ (m,), $W_2$ (m, C), $b_2$ (C,)
# with $m = \max(1, \lfloor C/r \rfloor)$; kernels start as `he_normal`, biases at zero (this start is not graded). The four conditions of section 2 hold; any style is right.

# %% answer="se_block" minutes=12
def se_block(input_feature, ratio=8):
    """Squeeze, excite and scale a KerasTensor in the global data format. Returns one of the same shape."""
    # the channel axis of this format, and the number of channels
    # the width of the bottleneck, at least 1
    # the mean over positions, then the two dense layers: (B, C)
    # put the gate on the axis of the channels, and multiply
    ### BEGIN SOLUTION
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    units = max(1, channels // ratio)
    gate = layers.GlobalAveragePooling2D()(input_feature)
    gate = layers.Dense(units, activation="relu", kernel_initializer="he_normal")(gate)
    gate = layers.Dense(channels, activation="sigmoid", kernel_initializer="he_normal")(gate)
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Until the gate is (B, C), both formats are alike: the pooling layer obeys the switch by itself. Only the last step has to know where the channels are.</details>
# <details><summary>Hint: the shapes</summary>(B, C) becomes (B, 1, 1, C) in channels-last. What does it become in channels-first, so that C stands under C?</details>
# <details><summary>Hint: nearly code</summary><code>layers.Reshape</code> takes a different target in each format; everything else is the same line. The worked example does the same with <code>Permute</code>.</details>
# <details><summary>"'KerasTensor' object has no attribute '_keras_shape'"</summary>Section 2, fault 1.</details>
# <details><summary>"Inputs have incompatible shapes. Received shapes (8, 3, 5) and (1, 1, 8)"</summary>In channels-first the gate is still (B, 1, 1, C).</details>

# %%
se_gates = np.array([
    [0.385167, 0.433019, 0.496761, 0.545410, 0.570886, 0.578702, 0.571632, 0.545157],
    [0.429755, 0.733832, 0.776767, 0.587926, 0.318780, 0.250099, 0.402860, 0.677008],
])  # fmt: skip

# %% [markdown]
# On a photograph these weights open the channel with the highest mean, the green of the leaves and not the red of the flower, because a channel gate cannot know *where* something is.

# %% tags=["demo"]
flower = photograph("flower", 48, 72)[None]  # (1, 48, 72, 3)
colour_weights = (np.eye(3), np.zeros(3), 40 * np.eye(3), np.full(3, -10.4))  # logit 40 z - 10.4
colour_gate = 1 / (1 + np.exp(10.4 - 40 * flower.mean(axis=(1, 2), keepdims=True)))
compare(lambda x: in_both_formats(se_block, x, *colour_weights, ratio=1)[1], target=flower * colour_gate, inputs=(flower,), gate=colour_gate,
        title="Squeeze and excitation in channels-first", names=["red", "green", "blue"],
        alt="A photograph of a flower, its red, green and blue channel: the input, the gate and the output where the block is right.")

# %% check="se_block"
outputs = se_block(keras.Input((None, None, 8)), ratio=4)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 8), rule="the block keeps the shape, an unknown height and width included")
check_equal(build(se_block, (3, 5, 8), ratio=4).count_params(), 42, rule="C = 8, r = 4: m = 2, so 16 + 2 + 16 + 8")
check_equal(build(se_block, (3, 5, 5)).count_params(), 16, rule="five channels, ratio 8: one unit is left, 5 + 1 + 5 + 5")
check_equal(build(se_block, (3, 5, 20), ratio=3).count_params(), 266, rule="20 / 3 is rounded down: m = 6")
last, first = in_both_formats(se_block, case_x, *bottleneck, ratio=4)
check_close(last, case_x * se_gates.reshape(2, 1, 1, 8), rule="channels-last: the stored result", tolerance=1e-4)
check_close(first, last, rule="channels-first: the same numbers, only moved", tolerance=1e-4)
with data_format("channels_first"):
    model = build(se_block, (2, 1, 2), ratio=1)
    copy_weights(model, np.zeros((2, 2)), np.zeros(2), np.zeros((2, 2)), np.log([3, 1 / 3]))
    got = ops.convert_to_numpy(model(np.array([[[[6, 2]], [[6, 2]]]], "float32")))
check_close(got[0, :, 0], [[4.5, 1.5], [1.5, 0.5]], rule="worked by hand, W equals C: each channel has a gate")
twice = build(lambda x: se_block(se_block(x)), (3, 5, 16))
check_equal(twice.count_params(), 164, rule="two blocks have weights of their own: 2 x (32 + 2 + 32 + 16)")
check_equal(saved_and_loaded(twice).count_params(), 164, rule="the saved model loads again")
passed("se_block")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** Reading the format once, outside the function. Setting the global switch inside the function: the caller's setting is changed, and it is wrong for a channels-first map anyway. `Reshape((1, 1, -1))` kept for both formats. `Permute((2, 3, 1))` for the way back: on a gate of (B, 1, 1, C)
# it gives (B, 1, C, 1), which raises unless H equals C. Moving the whole map to channels-last and back is right, and moves H x W times more numbers than needed.
#
# The bare `input_feature * gate` with a gate of (B, C) fails in both formats. `layers.multiply` with (B, C) is right in channels-last, where it inserts the axes itself, and wrong in channels-first.

# %% [markdown]
# ### Who listens to the switch?
#
# Some layers read the global data format when they are made; others ignore it. This is the root of the silent faults.
#
# **Predict.** `GlobalAveragePooling2D`, `Conv2D`, `BatchNormalization`, `Dense` and `Concatenate` get a map (8, 9, 16), and `Conv1D` gets (12, 1), once under each setting. How many of the six depend on it?

# %% tags=["demo", "prediction"]
my_listeners = None  # a whole number from 0 to 6: how many of the six layers depend on the switch? None skips it

# %% tags=["demo"]
def kernel_and_shape(layer, shape):
    """Output shape and weight shapes of a new layer."""
    inputs = keras.Input(shape)
    return f"{str(layer()(inputs).shape):18} {[tuple(w.shape) for w in keras.Model(inputs, layer()(inputs)).weights][:1]}"


makers = {"GlobalAveragePooling2D": layers.GlobalAveragePooling2D, "Conv2D": lambda: layers.Conv2D(4, 3, padding="same"),
          "BatchNormalization": layers.BatchNormalization, "Dense": lambda: layers.Dense(4),
          "Concatenate": lambda: lambda x: layers.Concatenate()([x, x]), "Conv1D": lambda: layers.Conv1D(1, 3, padding="same")}
listeners = 0
for name, layer in makers.items():
    found = []
    for setting in ("channels_last", "channels_first"):
        with data_format(setting):
            found.append(kernel_and_shape(layer, (12, 1) if name == "Conv1D" else (8, 9, 16)))
            print(f"{name:23} {setting:15} {found[-1]}")
    listeners += found[0] != found[1]
compare_guess(my_listeners, listeners, "layers that depend on the switch")

# %% [markdown]
# Pooling and convolutions listen, **`Conv1D` too**, although its input is no image. The others work on the last axis, and only `Concatenate` and `BatchNormalization` can be given another.

# %% [markdown]
# ## 4 · Efficient channel attention
#
# One short kernel slides along the channels (notebook 02). Its size is $(\log_2 C + b)/\gamma$, rounded down, plus 1 if that is even.

# %%
def old_eca_block(input_feature, b=1, gamma=2, name=""):
    channel_axis = 1 if K.image_data_format() == "channels_first" else -1
    channel = input_feature._keras_shape[channel_axis]
    kernel_size = int(abs((math.log(channel, 2) + b) / gamma))
    kernel_size = kernel_size if kernel_size % 2 else kernel_size + 1
    eca_feature = layers.Reshape((-1, 1))(layers.GlobalAveragePooling2D()(input_feature))
    eca_feature = layers.Conv1D(1, kernel_size, padding="same", use_bias=False, name="eca_layer_" + str(name))(eca_feature)
    eca_feature = layers.Reshape((1, 1, -1))(layers.Activation("sigmoid")(eca_feature))
    return layers.multiply([input_feature, eca_feature])

# %% [markdown]
# **Predict.** At 16 channels the kernel has 3 weights. How many has the same function, under channels-first, for a map (16, 8, 9)?

# %% tags=["demo", "prediction"]
my_weights = None  # a whole number: how many weights has the block in channels-first? None skips it

# %% tags=["demo"]
with old_keras():
    reproduce(lambda: build(lambda x: old_eca_block(old_eca_block(x)), (8, 9, 16)))  # twice, with the default name
    reproduce(old_eca_block, keras.Input((None, None, None)))  # the number of channels is unknown
    for setting, shape in [("channels_last", (8, 9, 16)), ("channels_first", (16, 8, 9))]:
        with data_format(setting):
            model = build(old_eca_block, shape)
            print(f"{setting}: builds, kernel {tuple(model.weights[0].shape)}, {model.count_params()} weights")
compare_guess(my_weights, model.count_params(), "weights in channels-first")

# %% [markdown]
# **Fault 4, loud: the default name.** `name=""` gives every block the same layer name. Keras numbers layers only if you give no name at all.
#
# **Fault 5, loud: C is None.** The kernel size is a function of C, so the caller has to give `keras.Input` the number of channels.
#
# **Fault 6, silent: `Conv1D` listens to the switch.** The pooled map (B, C) becomes (B, C, 1). In channels-last that means C steps of depth 1, as intended, but in channels-first **depth C and one step**. For one image, with tap $t$ of the kernel $K$:
#
# $$\text{channels-last: }a_i=\sum_{t=1}^{k}K_t\,z_{i+t-(k+1)/2}\qquad\qquad\text{channels-first: }a=\sum_{c=1}^{C}K_{(k+1)/2,\,c}\;z_c$$
#
# The second sum has no $i$, so **one number gates the whole image**. There is only one step, so all taps but the middle one meet padding, and of $kC$ weights only $C$ are ever used.
#
# With our set-up TensorFlow refuses this convolution on a CPU. On a GPU, compiled as here, or with oneDNN (a library of fast routines, which the first cell switches off), it runs without a word.

# %% tags=["demo"]
def run_compiled(model, x):
    """Run a model through the XLA compiler, which takes convolutions in either format, on a CPU too."""
    return ops.convert_to_numpy(tf.function(model, jit_compile=True)(x.astype("float32")))


eca_x = np.full((2, 3, 5, 16), 0.1)  # channels-last; the mean of a channel is 1 where it is awake, else 0.1
eca_x[0, ..., [2, 3, 9]] = 1.0
eca_x_first = np.transpose(eca_x, TO_FIRST)
with old_keras():
    right_model = build(old_eca_block, (3, 5, 16))
    copy_weights(right_model, np.array([-2.0, 5.0, -2.0]))
    eca_known = run_compiled(right_model, eca_x) / eca_x
    keras.utils.set_random_seed(1)
    with data_format("channels_first"):
        silent = build(old_eca_block, (16, 3, 5))
        eca_silent = run_compiled(silent, eca_x_first) / eca_x_first
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.function(silent, jit_compile=True)(eca_x_first.astype("float32")))
        slopes = np.abs(tape.gradient(loss, silent.trainable_weights)[0])
print("channels-first, greatest gradient by tap:", [f"{value:.3f}" for value in slopes.max(axis=(1, 2))])

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Sixteen gates, or one; and what the kernel costs
figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.1), layout="constrained", width_ratios=[1.5, 1])
where = np.arange(16)
left.bar(where - 0.2, eca_known[0, 0, 0], 0.4, color="0.25", edgecolor="k", label="channels-last: a gate per channel")
left.bar(where + 0.2, eca_silent[0, :, 0, 0], 0.4, color="w", edgecolor="k", hatch="///", label="channels-first: one number for all")
left.set(title="gates of one image; channels 2, 3 and 9 are awake", xlabel="channel", ylabel="gate", ylim=(0, 1.5), yticks=[0, 0.5, 1])
left.set_xticks(where)
left.legend(frameon=False, loc="upper left")
sizes = [(c, (c.bit_length() // 2) | 1) for c in (16, 64, 256, 1024, 2048)]
right.plot([c for c, _ in sizes], [k for _, k in sizes], "k-o", mfc="w")
right.plot([c for c, _ in sizes], [k * c for c, k in sizes], "k--s", ms=5)
for c, k in (sizes[0], sizes[-1]):
    right.annotate(f"{k}", (c, k), (0, 6), textcoords="offset points", ha="center", fontsize=9)
    right.annotate(f"{k * c:,}", (c, k * c), (0, 6), textcoords="offset points", ha="center", fontsize=9)
right.set(xscale="log", yscale="log", title="weights of one block", xlabel="channels C", xlim=(9, 5000), ylim=(1.5, 60000))
right.set_xticks([16, 64, 256, 1024], ["16", "64", "256", "1024"])
right.text(300, 9, "meant: k", fontsize=9)
right.text(110, 2600, "channels-first: k C", fontsize=9, ha="center")
gates = ", ".join(f"{eca_known[0, 0, 0, c]:.2f}" for c in (2, 3, 9))
show(figure, alt=f"Left: sixteen gates of one image. In channels-last channels 2, 3 and 9 have gates of {gates}; the others are lower. In channels-first all sixteen bars "
     f"have one height. Right: weights against channels, {sizes[0][1]} to {sizes[-1][1]} as meant, {sizes[0][0] * sizes[0][1]} to {sizes[-1][0] * sizes[-1][1]:,} in channels-first.")

# %% [markdown]
# All channels-first bars have one height, and the outer taps have no gradient, so two thirds of these weights never learn. This fault is the nastiest, because it builds at every size.

# %% [markdown] tags=["instructor"]
# **Reading the figure.** Left: the height of the striped bars depends on the seed and means nothing; that they are equal is the point. The dark bars follow from the kernel $(-2, 5, -2)$: channels 2 and 3 are neighbours, so each loses 2 to the other: $\sigma(5 - 0.2 - 2) = 0.94$; channel 9 has no awake neighbour: $\sigma(5 - 0.4) = 0.99$.
#
# "It refuses on my CPU, so nobody can be hurt" is a remark to expect. The same file on a GPU runs: people develop on one machine and train on another.

# %% [markdown]
# ### Exercise · `eca_block`
# **{{worth:eca_block}} · medium**
#
# In: a KerasTensor in the global format, `b`, `gamma` and `name`. Out: one of the same shape. Weights: exactly one kernel of $k$ numbers in *both* formats, no bias, $k$ from the formula, without any least size.
# With a name, a layer of the model is called `"eca_layer_" + name`; with the default a model can hold the block as often as you like. The four conditions of section 2 hold.

# %% answer="eca_block" minutes=15
def eca_block(input_feature, b=1, gamma=2, name=""):
    """Gate the channels of a KerasTensor in the global format by a short kernel along them. Returns the same shape."""
    # a map of the same shape, each channel multiplied by the gate that its neighbourhood gives
    ### BEGIN SOLUTION
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    size = int(abs((math.log2(channels) + b) / gamma))
    size = size if size % 2 else size + 1
    label = "eca_layer_" + name if name else None
    steps = layers.Reshape((channels, 1))(layers.GlobalAveragePooling2D()(input_feature))
    gate = layers.Conv1D(1, size, padding="same", use_bias=False, data_format="channels_last", name=label)(steps)
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(ops.sigmoid(gate))
    return layers.multiply([input_feature, gate])
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the plan</summary>Begin with the old function and mend one fault at a time: the private name; the layer's name, or none; the convolution, whatever the switch says; the place of the gate. Run the test cell after each.</details>
# <details><summary>Hint: the idea</summary>Two things go wrong in channels-first: the convolution, and the place of the gate. The second you know from <code>se_block</code>.</details>
# <details><summary>Hint: the shapes</summary>(B, C) becomes (B, C, 1), which is always (B, steps, depth), then again (B, C, 1), then (B, 1, 1, C) or (B, C, 1, 1).</details>
# <details><summary>Hint: nearly code</summary>A convolution layer takes a <code>data_format</code> of its own, which beats the switch. And <code>name=None</code> is how you say "no name".</details>
# <details><summary>"The name "eca_layer_" is used 2 times in the model. All operation names should be unique."</summary>The default must not become a name.</details>
# <details><summary>"The Conv2D op currently only supports the NHWC tensor format on the CPU"</summary>Your convolution still listens to the switch. (Inside, Keras runs a Conv1D as a Conv2D.)</details>

# %%
case_kernel = wave(3, start=46)  # (0.753, 0.099, -0.643): not symmetric
eca_gates = np.array([
    [0.872238, 0.434565, 0.012090, 0.584815, 0.947094, 0.280639, 0.563139, 0.679421],
    [0.807641, 0.492829, 0.044835, 0.888167, 0.845711, 0.677701, 0.500219, 0.186768],
])  # fmt: skip

# %% tags=["demo"]
compare(lambda x: (in_both_formats(eca_block, x, np.array([-2.0, 5.0, -2.0]))[1] / x)[:, 0, 0], target=eca_known[:, 0, 0], inputs=(eca_x,),
        title="Your gates of the sixteen channels, in channels-first", alt="Bars of sixteen gates, high for the channels 2, 3 and 9 where the block is right.")

# %% check="eca_block"
outputs = eca_block(keras.Input((None, None, 8)))
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 8), rule="the block keeps the shape, an unknown height and width included")
for channels, size in [(4, 1), (8, 3), (64, 3), (128, 5)]:
    check_equal(build(eca_block, (3, 5, channels)).count_params(), size, rule=f"the kernel size for {channels} channels, no bias")
    with data_format("channels_first"):
        check_equal(build(eca_block, (channels, 3, 5)).count_params(), size, rule=f"channels-first: the same kernel for {channels} channels")
check_equal(build(eca_block, (3, 5, 64), b=0, gamma=1).count_params(), 7, rule="log2(64) / 1 = 6, which is even")
check_equal(build(eca_block, (3, 5, 64), b=3, gamma=1).count_params(), 9, rule="(log2(64) + 3) / 1 = 9")
last, first = in_both_formats(eca_block, case_x, case_kernel)
check_close(last, case_x * eca_gates.reshape(2, 1, 1, 8), rule="channels-last: the stored result", tolerance=1e-4)
check_close(first, last, rule="channels-first: the same numbers, only moved", tolerance=1e-4)
square = np.concatenate([case_x, case_x], axis=2)[:, :, :8]  # W = C = 8
check_close(*in_both_formats(eca_block, square, case_kernel), rule="W equals C: both formats still agree", tolerance=1e-4)
twice = build(lambda x: eca_block(eca_block(x)), (3, 5, 8))
check_equal(twice.count_params(), 6, rule="two blocks with the default name, three weights each")
check_equal(saved_and_loaded(twice).count_params(), 6, rule="the saved model loads again")
both = build(lambda x: eca_block(eca_block(x, name="one"), name="two"), (3, 5, 8))
names = [layer.name for layer in both.layers]
check_equal(["eca_layer_one" in names, "eca_layer_two" in names], [True, True], rule=f"a name ends the layer's name; there are {names}")
passed("eca_block")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** `layers.Permute((2, 1))` before a convolution that still listens: right numbers on a GPU, and no run on our CPU. `name or "eca"`, the same collision. A random suffix works and makes every run's layer names differ. `max(3, k)`, as the timm library has it: wrong below eight channels here.
# The convolution told, the `Reshape((1, 1, -1))` left: columns again. Nobody should "repair" the padding or flip the kernel: see the end of section 2.

# %% [markdown]
# ## 5 · Spatial attention
#
# Mean and max over the channels, a 7x7 convolution, a sigmoid: one gate per position (notebook 04).

# %%
def old_spatial_attention(input_feature):
    maps = input_feature
    if K.image_data_format() == "channels_first":
        maps = layers.Permute((2, 3, 1))(input_feature)
    avg_pool = layers.Lambda(lambda x: K.mean(x, axis=3, keepdims=True))(maps)
    max_pool = layers.Lambda(lambda x: K.max(x, axis=3, keepdims=True))(maps)
    concat = layers.Concatenate(axis=3)([avg_pool, max_pool])
    cbam_feature = layers.Conv2D(1, 7, padding="same", activation="sigmoid", kernel_initializer="he_normal", use_bias=False)(concat)
    if K.image_data_format() == "channels_first":
        cbam_feature = layers.Permute((3, 1, 2))(cbam_feature)
    return layers.multiply([input_feature, cbam_feature])


# %% tags=["demo"]
reproduce(old_spatial_attention, keras.Input((8, 9, 16)))

# %% [markdown]
# **Fault 7, loud and misleading.** Before you believe the message, reduce: one `Lambda` alone, then with the advice followed, then its inside alone.

# %% tags=["demo"]
maps = keras.Input((8, 9, 16))
reproduce(layers.Lambda(lambda x: K.mean(x, axis=3, keepdims=True)), maps)
advised = layers.Lambda(lambda x: K.mean(x, axis=3, keepdims=True), output_shape=(8, 9, 1))
reproduce(advised, maps)  # builds ...
reproduce(keras.Model(maps, advised(maps)), np.ones((1, 8, 9, 16), "float32"))  # ... and stops when it runs
reproduce(lambda: K.mean)

# %% [markdown]
# The smallest case shows the cause: `keras.backend` still exists in Keras 3, but has no `mean`.

# %% tags=["demo"]
reproduce(tf.reduce_mean, maps, axis=3, keepdims=True)
reproduce(ops.mean, maps, axis=3, keepdims=True)
patched = keras.Model(maps, layers.Lambda(lambda x: ops.mean(x, axis=3, keepdims=True))(maps))
reproduce(patched, np.ones((1, 8, 9, 16), "float32"))  # a Lambda around the right function runs ...
reproduce(saved_and_loaded, patched)  # ... and does not come back from the disk

# %% [markdown]
# **Fault 8, loud: `tf.` on a symbolic tensor**, the first repair that comes to mind. `keras.ops.mean` takes arrays and KerasTensors alike.
#
# **Fault 9, loud and late: `Lambda`.** Loading its stored Python code would run whatever somebody put there, so Keras refuses unless you say `safe_mode=False`. This comes after the training, when the model is needed again. `keras.ops` needs no `Lambda`.

# %% tags=["demo"]
with old_keras(), data_format("channels_first"):
    reproduce(old_spatial_attention, keras.Input((16, 8, 9)))
    reproduce(old_spatial_attention, keras.Input((2, 8, 9)))
    print("kernel", tuple(build(old_spatial_attention, (2, 8, 9)).weights[0].shape), "where (7, 7, 2, 1) was meant")

# %% [markdown]
# **Fault 10, loud or silent: `Conv2D` listens too.** In channels-first the old code moves the map to channels-last, so this convolution takes the pooled maps (B, H, W, 2) for depth H and a picture (W, 2). Out comes (B, 1, W, 2), and after the last `Permute` (B, 2, 1, W). Multiplied by (B, C, H, W) this raises an error, unless C is 2 (or 1):
# then each channel is gated by one number per column.
#
# On a flower, let one channel say how red each position is and the other how bright. All weights of the kernel are equal, so the gate should be high on the flower.

# %% tags=["demo"]
red, bright = flower[..., 0] - flower[..., 1:].mean(axis=-1), flower.mean(axis=-1)
scene = np.stack([red - 0.2, bright - 0.4], axis=1)  # channels-first, C = 2: (1, 2, 48, 72)
with old_keras():
    right_model = build(old_spatial_attention, (48, 72, 2))
    copy_weights(right_model, np.full((7, 7, 2, 1), 0.15))
    flower_right = ops.convert_to_numpy(right_model(np.transpose(scene, TO_LAST)))[0] / np.transpose(scene, TO_LAST)[0]
    with data_format("channels_first"):
        silent = build(old_spatial_attention, (2, 48, 72))
        silent.set_weights([np.full((7, 7, 48, 1), 0.15 * 7 / 48)])  # the same sum over a window
        flower_silent = run_compiled(silent, scene)[0] / scene[0]

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title A gate for each position, or one for each column
figure, axes = plt.subplots(1, 3, figsize=(9.2, 2.3), layout="constrained")
axes[0].imshow(flower[0])
axes[0].set(title="the photograph", xticks=[], yticks=[])
draw_map(axes[1], flower_right[..., 0], "gate, channels-last", 0, 1)
drawn = draw_map(axes[2], flower_silent[0], "gate, channels-first", 0, 1)
figure.colorbar(drawn, ax=axes.tolist(), fraction=0.03, pad=0.02)
rows_right, rows_silent = (float(np.ptp(gate, axis=0).max()) for gate in (flower_right[..., 0], flower_silent[0]))
show(figure, alt="A flower and two gates. The channels-last gate is bright on the disc of the flower and dark elsewhere. The channels-first gate is made of vertical stripes.")
print(f"greatest difference between two rows of a column: channels-last {rows_right:.2f}, channels-first {rows_silent:.2f}")

# %% [markdown]
# The channels-last gate has the outline of the flower. The other knows which *columns* hold it, and nothing of its height.
#
# No error reports the order either: the tutorial puts the mean first, the authors' code the max (notebook 04).

# %% [markdown]
# ### Exercise · `spatial_attention`
# **{{worth:spatial_attention}} · medium**
#
# In: a KerasTensor in the global format. Out: one of the same shape. Weights: exactly one kernel, 7 x 7 x 2 numbers in *both* formats, `he_normal`, no bias; its first slice belongs to the mean, its second to the max.
# The four conditions of section 2 hold. On a CPU the convolution must work channels-last, so in channels-first the maps are moved to it and the gate back.

# %% answer="spatial_attention" minutes=15
def spatial_attention(input_feature):
    """CBAM's spatial half (7x7) for a KerasTensor in the global data format. Returns one of the same shape."""
    # a map of the same shape, each position multiplied by the gate that its surroundings give
    ### BEGIN SOLUTION
    axis = 1 if keras.config.image_data_format() == "channels_first" else 3
    pooled = ops.stack([ops.mean(input_feature, axis=axis), ops.max(input_feature, axis=axis)], axis=-1)
    look = layers.Conv2D(1, 7, padding="same", kernel_initializer="he_normal", use_bias=False, data_format="channels_last")
    gate = ops.squeeze(ops.sigmoid(look(pooled)), axis=-1)
    return layers.multiply([input_feature, ops.expand_dims(gate, axis=axis)])
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the plan</summary>Pool over the channels, wherever they are; stack the two results on a last axis; convolve with a layer that ignores the switch; put the gate on the axis where this format has its channels.</details>
# <details><summary>Hint: the idea</summary>The two pooled maps are small: move those, not the whole feature map.</details>
# <details><summary>Hint: the shapes</summary>Mean and max without kept axes are (B, H, W) each, in <i>both</i> formats. Stacked they are (B, H, W, 2). The gate (B, H, W, 1) has to become (B, 1, H, W) in channels-first.</details>
# <details><summary>Hint: nearly code</summary><code>ops.stack</code>, <code>ops.squeeze</code> and <code>ops.expand_dims</code> each take an <code>axis</code>. The convolution gets a <code>data_format</code> of its own, as in <code>eca_block</code>.</details>
# <details><summary>"We could not automatically infer the shape of the Lambda's output"</summary>The <code>Lambda</code> hides another error: call what is inside it directly.</details>
# <details><summary>"Requested the deserialization of a `Lambda` layer whose `function` is a Python lambda"</summary>A <code>Lambda</code> is still there.</details>
# <details><summary>"Inputs have incompatible shapes. Received shapes (8, 3, 5) and (2, 1, 5)"</summary>The convolution listens to the switch and took the height for its depth.</details>

# %%
case_spatial = 0.12 * wave(7, 7, 2, start=307)
spatial_gates = np.array([
    [[0.584020, 0.725043, 0.849445, 0.833978, 0.771131],
     [0.328444, 0.405790, 0.607714, 0.600205, 0.539003],
     [0.120445, 0.096000, 0.123436, 0.137771, 0.195014]],
    [[0.563757, 0.746891, 0.868383, 0.827669, 0.756519],
     [0.447704, 0.439953, 0.499487, 0.377478, 0.330001],
     [0.193868, 0.187817, 0.246897, 0.241770, 0.276467]],
])  # fmt: skip

# %% tags=["demo"]
flower_pair = np.transpose(scene, TO_LAST)
compare(lambda x: in_both_formats(spatial_attention, x, np.full((7, 7, 2, 1), 0.15))[1], target=flower_pair * flower_right,
        inputs=(flower_pair,), gate=flower_right[..., :1], title="Spatial attention in channels-first", names=["redness", "brightness"],
        alt="A photograph of a flower in two channels, redness and brightness: the input, the gate and the output where the block is right.")

# %% check="spatial_attention"
outputs = spatial_attention(keras.Input((None, None, 8)))
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 8), rule="the block keeps the shape, an unknown height and width included")
check_equal(build(spatial_attention, (3, 5, 8)).count_params(), 98, rule="7 x 7 x 2, one output, no bias")
with data_format("channels_first"):
    check_equal(build(spatial_attention, (8, 3, 5)).count_params(), 98, rule="channels-first: the same kernel")
last, first = in_both_formats(spatial_attention, case_x, case_spatial)
check_close(last, case_x * spatial_gates[..., None], rule="channels-last: the stored result, mean first, then max", tolerance=1e-4)
check_close(first, last, rule="channels-first: the same numbers, only moved", tolerance=1e-4)
two = in_both_formats(spatial_attention, case_x[..., :2], case_spatial)
check_close(two[1], two[0], rule="two channels: both formats still agree", tolerance=1e-4)
twice = build(lambda x: spatial_attention(spatial_attention(x)), (3, 5, 8))
check_equal(saved_and_loaded(twice).count_params(), 196, rule="two blocks with weights of their own, saved and loaded")
passed("spatial_attention")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** `Permute((2, 3, 1))` kept and only `data_format="channels_last"` added: right, and it moves the whole map. `Permute((3, 2, 1))` twice: H and W exchanged on the way, invisible for a symmetric kernel. Max first. `ops.concatenate` without `axis=-1` joins the images. A convolution that listens, with
# permuted maps (B, 2, H, W): right on a GPU, and refuses on this CPU.

# %% [markdown]
# ## 6 · CBAM
#
# Channel half, then spatial half on its result. This function has all faults of the two that it calls and none of its own.

# %%
def old_cbam_block(cbam_feature, ratio=8):
    cbam_feature = old_channel_attention(cbam_feature, ratio)
    return old_spatial_attention(cbam_feature)

# %% [markdown]
# ### Exercise · `cbam_block`
# **{{worth:cbam_block}} · easy**
#
# In: a KerasTensor `cbam_feature` in the global format and `ratio`. Out: one of the same shape. Weights: exactly those of the two halves; you may call `channel_attention` of section 2 and your `spatial_attention`. The four conditions hold.

# %% answer="cbam_block" minutes=5
def cbam_block(cbam_feature, ratio=8):
    """CBAM for a KerasTensor in the global data format: the channel half, then the spatial half. Same shape."""
    # one after the other, and the ratio passed on
    ### BEGIN SOLUTION
    return spatial_attention(channel_attention(cbam_feature, ratio))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>The spatial half looks at the map that the channel half gives, and multiplies that map.</details>
# <details><summary>Hint: nearly code</summary>Two calls. Which of them needs <code>ratio</code>?</details>
# <details><summary>"expected: 140", "came: 123"</summary>The ratio is not passed on, and the default was taken.</details>

# %%
refined_gates = np.array([
    [[0.552717, 0.649610, 0.748865, 0.731795, 0.675641],
     [0.393504, 0.443979, 0.566473, 0.558425, 0.518532],
     [0.225500, 0.200008, 0.228643, 0.241671, 0.290484]],
    [[0.566056, 0.724104, 0.794468, 0.726102, 0.674130],
     [0.497577, 0.475399, 0.513289, 0.418418, 0.372994],
     [0.245355, 0.225026, 0.278578, 0.283420, 0.326115]],
])  # fmt: skip
cbam_y = case_x * channel_gates.reshape(2, 1, 1, 8) * refined_gates[..., None]

# %% check="cbam_block"
outputs = cbam_block(keras.Input((None, None, 8)), ratio=4)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 8), rule="the block keeps the shape, an unknown height and width included")
check_equal(build(cbam_block, (3, 5, 8), ratio=4).count_params(), 140, rule="42 of the channel half, with its ratio, and 98 of the spatial half")
last, first = in_both_formats(cbam_block, case_x, *bottleneck, case_spatial, ratio=4)
check_close(last, cbam_y, rule="channel half first; the spatial half sees what it gives", tolerance=1e-4)
check_close(first, last, rule="channels-first: the same numbers, only moved", tolerance=1e-4)
check_equal(build(cbam_block, (3, 5, 5)).count_params(), 114, rule="five channels, ratio 8: one unit is left")
twice = build(lambda x: cbam_block(cbam_block(x)), (3, 5, 16))
check_equal(saved_and_loaded(twice).count_params(), 360, rule="two blocks with weights of their own, saved and loaded")
passed("cbam_block")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** The spatial half on the unrefined map, the two in parallel, the input added inside (the residual belongs to the network). A fault in the spatial half costs points here again, but only in the property that it touches.

# %% [markdown]
# **Question 1.** In section 5 a colleague reads "Please specify the `output_shape` argument for this Lambda layer", and does what it says. The model now builds. Explain what happens next and when, why the message led astray, and which steps of the method would have found the cause. The colleague finally writes `ops.mean` *inside* the `Lambda`. What is still wrong?
#
# **{{worth:reflect-message}} · in your own words**

# %% [markdown] question="reflect-message" points=3 minutes=7 row="reflection: a message that misleads"
# ### BEGIN SOLUTION
# With the shape given, Keras need not run the function to build the model, so the fault is only met at the first batch, perhaps after a long loading of data: `keras.backend` has no `mean`. The message led astray because it reports the *second* failure: Keras tried the function to find the shape, the missing name raised an AttributeError, and that was replaced by a complaint about the shape.
#
# Reducing finds the cause: one Lambda alone, then the function inside it on a small array, then `K.mean` alone, which says it in one line. Changing one thing and running again shows that the advice moved the error and did not remove it. Reading the last line first is right, but it says what Keras noticed, which need not be the cause.
#
# With `ops.mean` inside the Lambda the model runs and trains. The saved file does not load, because a Lambda's Python code is not run in safe mode. Without the Lambda, `ops.mean` on the tensor is enough.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric, {{points:reflect-message}} points.** 1 point: it builds, and stops when it first runs, with the AttributeError. 1 point: the message reports a consequence, and reducing (a smaller case, the inside alone) finds the cause. 1 point: a Lambda does not reload in safe mode. An answer that says "never read error messages" misses the point: give no second point for it.

# %% [markdown]
# ## 7 · Which input would have found it?
#
# The tutorial's authors surely ran their code, so with which shapes? We run four old blocks, with the old names, on four inputs. A block is "silently wrong" if it runs and has other weights or another result than in channels-last.
#
# **Predict.** The inputs have H, W, C = 3, 5, 8 in channels-last, then 3, 5, 8 and 3, 8, 8 and 3, 5, 2 in channels-first. How many of the sixteen outcomes are silently wrong?

# %% tags=["demo", "prediction"]
my_silent = None  # a whole number from 0 to 16: how many outcomes are silently wrong? None skips it

# %% tags=["demo"]
def outcome(block, shape, name, **options):
    """What a block does with maps of this shape (H, W, C): "right", "error" or "silently wrong"."""
    x, first = wave(2, *shape, start=11), name == "channels_first"
    moved = np.transpose(x, TO_FIRST) if first else x
    expected_model = build(block, shape, **options)
    try:
        with data_format(name):
            model = build(block, moved.shape[1:], **options)
            if [w.shape for w in model.weights] != [w.shape for w in expected_model.weights]:
                return "silently wrong"
            model.set_weights(expected_model.get_weights())
            got = run_compiled(model, moved)
    except ValueError:
        return "error"
    expected = run_compiled(expected_model, x)
    return "right" if np.allclose(np.transpose(got, TO_LAST) if first else got, expected, atol=1e-4) else "silently wrong"


# %% tags=["demo"]
keras.utils.set_random_seed(5)
trials = {"channels-last\n3 x 5, C = 8": ("channels_last", (3, 5, 8)), "channels-first\n3 x 5, C = 8": ("channels_first", (3, 5, 8)),
          "channels-first\n3 x 8, C = 8": ("channels_first", (3, 8, 8)), "channels-first\n3 x 5, C = 2": ("channels_first", (3, 5, 2))}
blocks = {"SE": (old_se_block, {"ratio": 2}), "ECA": (old_eca_block, {}),
          "channel": (old_channel_attention, {"ratio": 2}), "spatial": (old_spatial_attention, {})}
with old_keras():
    found = [[outcome(block, shape, name, **options) for name, shape in trials.values()] for block, options in blocks.values()]
for name, row in zip(blocks, found, strict=True):
    print(f"{name:8}", row)
compare_guess(my_silent, sum(row.count("silently wrong") for row in found), "silently wrong")

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Four old blocks, four inputs
looks = {"right": "w", "error": "0.75", "silently wrong": "0.35"}
figure, axis = plt.subplots(figsize=(8.6, 3.0), layout="constrained")
for (row, column), word in np.ndenumerate(np.array(found)):
    axis.add_patch(plt.Rectangle((column, row), 1, 1, fc=looks[word], ec="k"))
    axis.text(column + 0.5, row + 0.5, word, ha="center", va="center", fontsize=10, color="w" if word == "silently wrong" else "k")
axis.set(xlim=(0, 4), ylim=(4, 0))
axis.set_xticks(np.arange(4) + 0.5, trials)
axis.set_yticks(np.arange(4) + 0.5, blocks)
axis.xaxis.tick_top()
axis.tick_params(length=0)
described = "; ".join(f"{name}: {', '.join(row)}" for name, row in zip(blocks, found, strict=True))
show(figure, alt=f"A table of four blocks and four inputs, from left to right as in the printed lists. {described}.")

# %% [markdown]
# Unequal sizes turn the faults of SE and the spatial half into errors, which is the best that can happen to a fault. But each has a size that keeps it quiet.

# %% [markdown] tags=["instructor"]
# **Reading the table.** The third column is the dangerous test: with W equal to C, SE is quiet. The fourth shows why toy inputs with two channels are a bad idea for spatial attention. Repeat the table with the ported functions as an extra task: every cell must say "right".

# %% [markdown]
# **Question 2.** The tutorial's `eca_block` passed a unit test in channels-first, on a GPU: the output has the shape of the input, every gate lies between 0 and 1, the gradient is not zero, and the loss goes down in training. Why does none of these four see the fault? Name two checks that do, and say why each of them must.
#
# **{{worth:reflect-test}} · in your own words**

# %% [markdown] question="reflect-test" points=3 minutes=8 row="reflection: a test that finds it"
# ### BEGIN SOLUTION
# The wrong block gives one scalar gate per image. Multiplied by the map it keeps the shape; it comes from a sigmoid, so it lies between 0 and 1; it depends on its weights, so a gradient flows; and the rest of the network learns, with a block that scales each image as a whole. All four ask whether the block is *some* gate, not whether it is *this* gate.
#
# Two checks that see it. Count the weights: k is expected and k times C are found, at every C above 1. Compare the formats: the same weights and the same numbers, moved, must give the same result; here the weights do not even have the same shape. Another one: give an input whose channels differ, and ask whether the gates (output divided by input) differ from channel to channel; one scalar cannot. A case with a known answer, worked by hand, sees it as well.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric, {{points:reflect-test}} points.** 1 point: why the four are blind (a scalar gate has the shape after broadcasting, the range, a gradient, and a network trains around it; two of the four explained are enough). 1 point for each of two checks that see the fault, with the reason. "Test with unequal sizes" earns no point here: this fault runs at every size.

# %% [markdown]
# ## 8 · The triple sum, and the test that catches it
#
# Last, the tutorial plugs CBAM into a residual network.

# %%
def old_residual_with_cbam(x, filters, strides=1, ratio=8):
    residual = layers.Conv2D(filters, (1, 1), strides=strides, padding="same")(x)
    residual = layers.BatchNormalization(axis=1 if K.image_data_format() == "channels_first" else -1)(residual)
    attended = old_cbam_block(residual, ratio)
    return layers.Activation("relu")(layers.add([x, residual, attended]))


# %% tags=["demo"]
with old_keras():
    reproduce(old_residual_with_cbam, keras.Input((8, 8, 64)), filters=128)  # another width
    reproduce(old_residual_with_cbam, keras.Input((8, 8, 64)), filters=64, strides=2)
    reproduce(old_residual_with_cbam, keras.Input((8, 8, 64)), filters=64)

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title The graph of the snippet, and the graph that was meant
def draw_graph(axis, boxes, arrows, title):
    """Boxes {name: (x, y, text)} and arrows (from, to, bend) between their names."""
    drawn = {}
    for name, (x, y, text) in boxes.items():
        drawn[name] = axis.text(x, y, text, ha="center", va="center", fontsize=10, bbox={"boxstyle": "round,pad=0.35", "fc": "w", "ec": "k"})
    axis.set(title=title, xlim=(-0.4, 5.5), ylim=(-0.45, 2.45))
    axis.axis("off")
    axis.figure.canvas.draw()
    for start, end, bend in arrows:
        patches = {"patchA": drawn[start].get_bbox_patch(), "patchB": drawn[end].get_bbox_patch(), "shrinkA": 1, "shrinkB": 1}
        axis.annotate("", boxes[end][:2], boxes[start][:2], arrowprops={"arrowstyle": "-|>", "fc": "k", "connectionstyle": f"arc3,rad={bend}", **patches})


figure, axes = plt.subplots(1, 2, figsize=(10.2, 2.7))
figure.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.88, wspace=0.04)
draw_graph(axes[0], {"x": (0, 1, "x"), "p": (1.5, 1, "1x1, BN"), "c": (2.9, 0, "CBAM"), "+": (4.1, 1, "+"), "r": (5.0, 1, "ReLU")},
           [("x", "p", 0), ("p", "+", 0), ("p", "c", 0), ("c", "+", 0), ("x", "+", -0.45), ("+", "r", 0)], "the snippet: three terms, no 3x3")
draw_graph(axes[1], {"x": (0, 1, "x"), "1": (1.1, 0, "3x3, BN,\nReLU"), "2": (2.35, 0, "3x3, BN"), "c": (3.45, 0, "CBAM"), "+": (4.25, 1, "+"), "r": (5.05, 1, "ReLU"),
                     "s": (2.1, 2, "x, or 1x1 and BN\nwhere shapes differ")},
           [("x", "1", 0), ("1", "2", 0), ("2", "c", 0), ("c", "+", 0), ("x", "s", 0), ("s", "+", 0), ("+", "r", 0)], "meant: shortcut + CBAM(F(x))")
show(figure, alt="Two graphs. In the snippet x goes through a 1x1 convolution with a norm; the sum adds x itself, that projection, and CBAM of that projection. "
     "In the block that was meant, x goes through two 3x3 convolutions with norms, then CBAM, and the sum adds this to a shortcut.")

# %% [markdown]
# **Fault 11, loud or silent: the triple sum.** The snippet adds $x$, its projection, and CBAM of that projection, so the projection counts twice, and the branch $F$ with its two 3x3 convolutions is missing. The paper has (Woo et al., figure 3)
#
# $$y=\mathrm{relu}\bigl(s+\mathrm{CBAM}(F(x))\bigr)$$
#
# with $s$ the shortcut. Here is this block, with a switch that adds the fault.

# %% tags=["demo"]
def residual_with_cbam(x, filters, ratio=8, triple=False):
    """relu(x + CBAM(F(x))) where x has this number of filters; triple=True adds F(x) once more."""
    axis = 1 if keras.config.image_data_format() == "channels_first" else -1  # a norm does not know the switch
    branch = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    branch = layers.Activation("relu")(layers.BatchNormalization(axis=axis)(branch))
    branch = layers.Conv2D(filters, 3, padding="same", use_bias=False)(branch)
    branch = layers.BatchNormalization(axis=axis)(branch)
    terms = [x, cbam_block(branch, ratio)] + [branch] * triple
    return layers.Activation("relu")(layers.add(terms))


# %% [markdown]
# A tempting test shuts the branch: with each norm's factor and offset at 0 the block must give relu(x). Does that see the triple sum? Does an offset of 1?

# %% tags=["demo"]
with waits_for(cbam_block):
    some = wave(2, 7, 9, 4, start=50).astype("float32")
    for offset in (0, 1):
        models = [build(residual_with_cbam, (7, 9, 4), filters=4, triple=triple) for triple in (False, True)]
        for weight in (weight for model in models for weight in model.weights if weight.name in ("gamma", "beta")):
            weight.assign(np.full(weight.shape, offset if weight.name == "beta" else 0))
        models[1].set_weights(models[0].get_weights())
        right, triple = (ops.convert_to_numpy(model(some)) for model in models)
        print(f"factor 0, offset {offset}: the triple sum differs from the right block by {np.abs(triple - right).max():.3f} at most")

# %% [markdown]
# Zero counted twice is still zero, but a branch of ones shows each extra term. **A test sees a fault only if its input lets the fault make a difference.**
#
# ### One case against nine ports
#
# Suppose nine people ported the sum, each with a fault of their own. We keep CBAM's channel half only, in NumPy and channels-first: $y=\mathrm{relu}(x+f\,g(f))$, where the branch $f$ is an array of its own and $g(f)$ its channel gate. This one is right:

# %% tags=["given"]
def relu(a):
    return np.maximum(a, 0)


def as_gate(logits):
    """Logits (B, C) -> gates (B, C, 1, 1) for a map in channels-first."""
    return (1 / (1 + np.exp(-logits)))[:, :, None, None]


def channel_gate(f, w1, b1, w2, b2):
    """CBAM's channel gate of a map f (B, C, H, W): mean and max, one bottleneck, logits added."""
    return as_gate(sum(relu(v @ w1 + b1) @ w2 + b2 for v in (f.mean(axis=(2, 3)), f.max(axis=(2, 3)))))


def right_sum(x, f, *weights):
    """The shortcut x plus the gated branch f, both (B, C, H, W), then the ReLU."""
    return relu(x + f * channel_gate(f, *weights))


# %% [markdown]
# These are the nine. Ask of each: **for which inputs would it give the same as `right_sum`?**

# %% tags=["given"]
def port_d(x, f, *weights):
    """Finds out by itself which format it is given."""
    last = f.shape[-1] == len(weights[-1])
    maps = np.moveaxis(f, -1, 1) if last else f
    gated = maps * channel_gate(maps, *weights)
    return relu(x + (np.moveaxis(gated, 1, -1) if last else gated))


def port_f(x, f, w1, b1, w2, b2):
    return relu(x + f * as_gate(sum((v @ w1 + b1) @ w2 + b2 for v in (f.mean(axis=(2, 3)), f.max(axis=(2, 3))))))


def port_g(x, f, w1, b1, w2, b2):
    return relu(x + f * as_gate(sum(relu(v @ w1 + b1) @ w2 for v in (f.mean(axis=(2, 3)), f.max(axis=(2, 3)))) + b2))


def port_h(x, f, w1, b1, w2, b2):
    pooled = f.mean(axis=(2, 3)), f.max(axis=(2, 3), initial=0)
    return relu(x + f * as_gate(sum(relu(v @ w1 + b1) @ w2 + b2 for v in pooled)))


# %% tags=["given"]
PORTS = {
    "A": lambda x, f, *weights: relu(x + f + f * channel_gate(f, *weights)),
    "B": lambda x, f, *weights: relu((x + f) * channel_gate(f, *weights)),
    "C": lambda x, f, *weights: relu(x + f * channel_gate(x, *weights)),
    "D": port_d,
    "E": lambda x, f, *weights: relu(x + f * channel_gate(f[:1], *weights)),
    "F": port_f,
    "G": port_g,
    "H": port_h,
    "I": lambda x, f, *weights: np.minimum(right_sum(x, f, *weights), 6),
}


def differences(case):
    """For each port, the greatest difference from the right sum on a case (x, f, w1, b1, w2, b2)."""
    return {name: float(np.abs(port(*case) - right_sum(*case)).max()) for name, port in PORTS.items()}


def unnoticed(case):
    """The ports that the case does not tell from the right sum: nowhere do they differ by more than 0.01."""
    return [name for name, difference in differences(case).items() if not difference > 0.01]


# %% [markdown]
# **Predict.** A case is drawn at random, all numbers normal, with B, C, H, W = 2, 8, 3, 5 and four hidden units. How many of the nine ports does it tell from the right sum? And how many does the same case with the branch shut, $f=0$?

# %% tags=["demo", "prediction"]
my_random = None  # a whole number from 0 to 9: how many ports does the random case catch? None skips it

# %% tags=["demo", "prediction"]
my_shut = None  # a whole number from 0 to 9: how many ports does the case with f = 0 catch? None skips it

# %% tags=["demo"]
draw = np.random.default_rng(0).normal
random_case = draw(size=(2, 8, 3, 5)), draw(size=(2, 8, 3, 5)), draw(size=(8, 4)), draw(size=4), draw(size=(4, 8)), draw(size=8)
shut_case = (random_case[0], 0 * random_case[1], *random_case[2:])
caught_by_random, caught_by_shut = (len(PORTS) - len(unnoticed(case)) for case in (random_case, shut_case))
print(f"of {len(PORTS)} ports the random case catches {caught_by_random}, the shut branch {caught_by_shut}")
compare_guess(my_random, caught_by_random, "random case")
compare_guess(my_shut, caught_by_shut, "branch shut")

# %% [markdown]
# Random numbers miss some. Yours must miss none.

# %% [markdown]
# ### Exercise · `telling_case`
# **{{worth:telling_case}} · hard**
#
# An open task. In: `channels`, from 3 on, and `units`, from 1 on: the $C$ and $m$ of the block under test. Out: one case, a tuple of six arrays `(x, f, w1, b1, w2, b2)`, on which **each of the nine ports differs from `right_sum` by more than 0.01 somewhere**. Shapes: `x` and `f` (B, C, H, W), with B, H and W for you to choose; `w1` (C, m), `b1` (m,), `w2` (m, C), `b2` (C,); at most 200,000 numbers in an array.
#
# Each port that your case tells earns half a point. Design it or search for it; your function may call everything in this section.

# %% answer="telling_case" minutes=35
def telling_case(channels, units):
    """A case (x, f, w1, b1, w2, b2) on which every faulty port gives another result than the right sum."""
    # six arrays of the shapes on the card: a tuple
    ### BEGIN SOLUTION
    rng = np.random.default_rng(0)
    x, f = rng.normal(size=(2, 2, channels, 3, channels))  # D: the map is as wide as it has channels
    f[:, 0] = -1 - np.abs(f[:, 0])  # H: one channel is below zero at every position
    f[1, 0] -= 4  # E: the two images differ
    x[0, 1], f[0, 1] = 7, 1  # I: some sums are above six
    w1 = rng.normal(size=(channels, units)) / (20 * channels)
    w1[0] = 1  # H, E and F: every hidden value listens to that channel ...
    b1 = np.full(units, 3.0)  # F: ... and is above zero for one image, below for the other
    w2 = rng.uniform(0.5, 1.0, size=(units, channels)) / units
    return x, f, w1, b1, w2, rng.normal(size=channels)  # G: the last bias is not zero
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Begin with a random case and print <code>unnoticed(case)</code>. For each port that is left, ask which property of the numbers or of the sizes would make its fault visible, and add that one property.</details>
# <details><summary>Hint: sizes</summary>Different sizes are a good habit, and for one of the nine they are the very thing that hides the fault. How does port D decide?</details>
# <details><summary>Hint: values</summary>Port H differs only in a maximum, so only where a whole channel is below the number that its maximum starts from. Port I differs only above a certain result. Ports F and G need something below zero, and something not zero, inside the bottleneck.</details>
# <details><summary>Hint: it works for (4, 2) and fails for (7, 1)</summary>With one hidden unit, that unit has to do everything: alive in one image, asleep in the other, and fed by the channel that you made negative. Choose <code>w1</code> and <code>b1</code> instead of drawing them.</details>
# <details><summary>"expected: []", "came: ['D', 'H', 'I']"</summary>These ports give the same as the right sum on your case, up to 0.01.</details>

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title What each case sees
with waits_for(telling_case):
    measured = {"random case": differences(random_case), "your case for (8, 4)": differences(telling_case(8, 4))}
    figure, axis = plt.subplots(figsize=(8.6, 2.9), layout="constrained")
    for shift, (name, values), look in zip((-0.2, 0.2), measured.items(), ({"color": "w", "hatch": "///"}, {"color": "0.35"}), strict=True):
        axis.bar(np.arange(9) + shift, np.maximum(list(values.values()), 1e-4), 0.4, bottom=0, edgecolor="k", label=name, **look)
    axis.axhline(0.01, color="k", lw=1, ls="--")
    axis.set(yscale="log", ylim=(1e-4, 3000), ylabel="greatest difference", xlabel="port", title="above the dashed line a test sees the fault")
    axis.set_xticks(range(9), PORTS)
    axis.legend(frameon=False, ncols=2, loc="upper right")
    missed = {name: ", ".join(port for port, value in values.items() if value <= 0.01) or "none" for name, values in measured.items()}
    show(figure, alt="Bars of the greatest difference of nine ports from the right sum, on a logarithmic scale, for two cases. Not above 0.01: "
         + "; ".join(f"{name}, {ports}" for name, ports in missed.items()) + ".")

# %% check="telling_case"
for channels, units in [(4, 2), (7, 1), (12, 5)]:
    case = telling_case(channels, units)
    check_type(case, tuple, rule="one case is a tuple of six arrays")
    check_equal(len(case), 6, rule="x, f, w1, b1, w2, b2")
    for name, array in zip(["x", "f", "w1", "b1", "w2", "b2"], case, strict=True):
        check_type(array, np.ndarray, rule=f"{name} is an array")
        check_finite(array, rule=f"{name} holds numbers")
    shape, sizes = case[0].shape, f"asked for C = {channels}, m = {units}"
    check_equal(len(shape), 4, rule="x is (B, C, H, W): four axes")
    check_shape(case[0], (shape[0], channels, *shape[2:]), rule=f"x is (B, C, H, W); {sizes}")
    check_shape(case[1], shape, rule="f has the shape of x")
    wanted = [(channels, units), (units,), (units, channels), (channels,)]
    for name, array, shape in zip(["w1", "b1", "w2", "b2"], case[2:], wanted, strict=True):
        check_shape(array, shape, rule=f"{name}; {sizes}")
    check_equal(max(np.size(array) for array in case) <= 200_000, True, rule="no array holds more than 200,000 numbers")
    check_equal(unnoticed(case), [], rule=f"no port gives the same as the right sum; {sizes}")
passed("telling_case")

# %% [markdown] tags=["instructor"]
# **What each port needs.** A, the triple sum: a branch that is not zero. B, the gate on the whole sum: a shortcut that is not zero. C, the gate from the shortcut: a shortcut that differs from the branch. D, the guessed format: W equal to C. E, the first image's gate for all: two images with different gates. F, no inner ReLU: a hidden value below zero. G, the last bias counted once: a last bias that is not zero. H, the maximum that starts at zero: a channel that is negative everywhere. I, the ReLU6: a sum above six.
#
# **Mistakes to expect.** Cases for one size that fail for another, most often with one hidden unit, where a random `w1` does not listen to the negative channel. Great biases that open all gates fully: then C, E, F, G and H differ by less than 0.01. Ask the class which property was the last to be found, and whether their own unit tests have it.

# %% [markdown]
# ## What we found
#
# - A message says what was noticed, which need not be the cause. Reducing finds it.
# - Most silent faults have inputs that hide them, so ask for each fault that you fear which input would show it.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | to port | to make code work on another version, with the same result |
# | silent fault | code that runs and gives a wrong result |
# | safe mode | Keras's refusal to run Python code from a saved file |
#
# ## Where this is in the papers
#
# The blocks: Hu et al., [arXiv 1709.01507](https://arxiv.org/abs/1709.01507), section 3; Wang et al., [arXiv 1910.03151](https://arxiv.org/abs/1910.03151), section 3; Woo et al., [arXiv 1807.06521](https://arxiv.org/abs/1807.06521), section 3 and figure 3.
#
# ## Stretch
#
# Make `telling_case` name the culprit: let any two of the nine ports also differ from each other by more than 0.01.
#
# ## What comes next
#
# Notebook 08 takes real networks apart, puts gates into one without changing what it computes, and asks what a trained gate depends on.

# %% [markdown]
# {{hand_in}}
