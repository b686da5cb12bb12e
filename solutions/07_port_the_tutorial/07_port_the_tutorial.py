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
# You find a tutorial on attention blocks. Its code is for Keras 1 and 2, years old, and copied from page to page. You paste it into a new
# notebook and it stops at the first line that matters. That is the good news. Behind the errors wait faults that raise
# nothing at all: the code runs, the shapes are right, and the numbers are wrong.
#
# Here you port five functions and one residual block to Keras 3, and make them right in both data formats.
#
# **You will be able to**
# - reproduce a fault, read its message, and reduce it to the smallest case that fails
# - tell an error from a silent fault, and choose inputs that make a silent fault visible
# - repair code one change at a time, and leave alone what is not broken
# - port SE, ECA and CBAM so that they work in channels-last and in channels-first
# - place CBAM in a residual block, and show that the tutorial's snippet does something else
#
# **Before you start:** notebooks 01 to 05, for what each block should compute. Nothing of their code is needed here.
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
import numpy as np
import tensorflow as tf
from keras import backend as K  # as the tutorial does
from keras import layers, ops

keras.utils.set_random_seed(7)
print(f"TensorFlow {tf.__version__}, Keras {keras.__version__}, NumPy {np.__version__}")

# %% tags=["helpers"]
# helpers

# %% [markdown]
# ## 1 · A method, before the first fault
#
# The code below is our own rewriting of such a tutorial, in its style and with its faults. Each fault follows the same road.
#
# 1. **Reproduce it.** A fault that you cannot call up at will, you cannot mend.
# 2. **Read the last line of the traceback first.** It says what went wrong. The lines above say how Python got there.
# 3. **Reduce it** to the smallest case that still fails: one function, one line, one number.
# 4. **Test with unequal sizes.** Equal sizes hide faults. Make B, H, W and C all different.
# 5. **Change one thing**, and run it again. If you change two, you do not know which one did it.
#
# Three tools for the road. `data_format` sets Keras's global switch for a few lines and sets it back, whatever happens
# in between. `reproduce` calls a function and shows what came, for an error the part of a traceback that you should
# read first. `old_keras` gives Keras 3 the old names back for a while. That is no repair. It lets you see what waits
# *behind* the first error.

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
    """Call a function and print what comes: the shape of its result, or the error's type and message."""
    try:
        print("no error, shape", getattr(function(*arguments, **options), "shape", "unknown"))
    except Exception as error:  # whatever it is, we want to read it
        text = str(error).replace("\x1b[1m", "").replace("\x1b[0m", "").split("Arguments received")[0]
        print(f"{type(error).__name__}: {' '.join(text.split())[:300]}")


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
# The rest of the bench. `build` puts a block into a model. `copy_weights` gives it known weights. `in_both_formats` runs a block twice with
# the same weights and the same numbers, once in each format. Both results come back as (B, H, W, C), so that a right block gives the same twice.

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
def in_both_formats(block, x, *arrays, **options):
    """Run a block on x (B, H, W, C) in each format, with these weights. Both results are (B, H, W, C)."""
    results = []
    for name, there, back in [("channels_last", (0, 1, 2, 3), (0, 1, 2, 3)), ("channels_first", (0, 3, 1, 2), (0, 2, 3, 1))]:
        with data_format(name):
            given = np.transpose(x, there).astype("float32")
            model = build(block, given.shape[1:], **options)
            copy_weights(model, *arrays)
            results.append(np.transpose(ops.convert_to_numpy(model(given)), back))
    return results


# %% [markdown]
# Last, numbers with nothing to hide behind: two images of 3 x 5 positions and eight channels, so all four sizes differ, values of both signs, each channel with a
# mean of its own, biases that are not zero, kernels without any symmetry. The expected gates were computed beforehand in plain NumPy, in float64, and are stored here.

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
# ## 2 · Squeeze and excitation
#
# Here is the first function, as you would find it. Mean, two dense layers, sigmoid, product: the mathematics of notebook 01. Dense layers have a weight
# initialiser called He normal, and biases that start at zero.

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
# **Predict first.** Which line stops first? Then look at the lines that are switched off. What were they for?

# %% tags=["demo"]
reproduce(old_se_block, keras.Input((8, 9, 16)))
reproduce(lambda: keras.Input((8, 9, 16))._keras_shape)  # reduced: one attribute is enough
print(keras.Input((8, 9, 16)).shape)

# %% [markdown]
# **Fault 1, loud: `_keras_shape`.** The message names the object and the attribute. An underscore in front means private: old Keras never promised
# it, and it is gone. Every tensor has a public `shape`. This fault stands in all five functions; you have now seen it in all of them.
#
# Behind it wait more. From here on the old names are given back.

# %% tags=["demo"]
with old_keras():
    reproduce(old_se_block, keras.Input((8, 9, 16)))  # fine: 16 channels, ratio 8
    reproduce(old_se_block, keras.Input((8, 9, 4)))  # four channels
    with data_format("channels_first"):
        reproduce(old_se_block, keras.Input((16, 8, 9)))  # the other format
        reproduce(old_se_block, keras.Input((16, 8, 16)))  # the same, but as wide as it has channels

# %% [markdown]
# **Fault 2, loud: fewer channels than the ratio.** $4 // 8 = 0$, and a layer of no units is refused. A bottleneck needs at least one unit, so $m = \max(1, \lfloor C/r \rfloor)$.
#
# **Fault 3, loud or silent: channels-first.** The map is (B, C, H, W) and the gate stands as (B, 1, 1, C). Line them up from the right: C stands below W. Sizes 16 and 9 raise. Sizes 16 and 16 do not.
# The last line is the one to fear: **no error** is not the same as right.
#
# **By hand.** One image, two channels, one row of two columns, in channels-first: $x = ((6, 2), (6, 2))$, one bracket a channel. The gates are $(3/4, 1/4)$.
#
# $$ \text{right: } \begin{pmatrix} \tfrac34 \cdot 6 & \tfrac34 \cdot 2 \\ \tfrac14 \cdot 6 & \tfrac14 \cdot 2 \end{pmatrix} = \begin{pmatrix} 4.5 & 1.5 \\ 1.5 & 0.5 \end{pmatrix}
# \qquad \text{tutorial: } \begin{pmatrix} \tfrac34 \cdot 6 & \tfrac14 \cdot 2 \\ \tfrac34 \cdot 6 & \tfrac14 \cdot 2 \end{pmatrix} = \begin{pmatrix} 4.5 & 0.5 \\ 4.5 & 0.5 \end{pmatrix} $$
#
# Let us see it on data whose gates we know. Four channels; channel 2 is awake, its mean is 1, the others have mean 0.1. The weights below give a gate near 1 to an awake channel and a gate near 0 to a sleeping one.

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
#@title The same weights, the gate where it belongs and where the tutorial puts it
figure, axes = plt.subplots(1, 3, figsize=(8.6, 2.9), layout="constrained")
panels = [(awake, "x, top row of each channel"), (known_gate, "gate, known"), (tutorial_gate, "gate, tutorial")]
for axis, (values, title) in zip(axes, panels, strict=True):
    draw_map(axis, values[0, :, 0], title, 0, 1, numbers=True)
    axis.set_xticks(range(4), [f"w = {w}" for w in range(4)])
    axis.set_yticks(range(4), [f"c = {c}" for c in range(4)])
show(figure, alt="Three grids with channels down and columns across. In x, channel 2 is 1 and the others are 0.1. The known gate is 0.953 along the row of "
     "channel 2 and 0.0832 elsewhere. The tutorial's gate is 0.953 down column 2 and 0.0832 elsewhere: it opens a column, in all channels, and the awake "
     "channel is shut but for one column.")

# %% [markdown]
# The tutorial found the awake channel and opened a *column*. Shape right, range right, weights right, picture wrong. A network trained with it would learn something, only less.

# %% [markdown] tags=["instructor"]
# **Reading the figure.** $\sigma(6 \cdot 1 - 3) = 0.953$ and $\sigma(6 \cdot 0.1 - 3) = 0.083$. The picture is the transpose of the right one, because W equals C; with H in place of W nothing would have run. A width of 1 runs too:
# then C stands below 1 and the *map* is stretched, to (B, C, H, C). Students who test with a 1 x 1 map see that shape.
#
# Ask why somebody switched the Permute off. A likely story: it raised an error under another backend, and commenting it out made the error go away for the one format in use. Step 5 of the method was skipped: nobody tested the other branch.

# %% [markdown]
# ### Exercise · `se_block`
# **{{worth:se_block}} · easy**
#
# In: a KerasTensor `input_feature` in the global format, (B, H, W, C) or (B, C, H, W), height and width perhaps unknown, and `ratio`. Out: a KerasTensor of the same shape, squeezed, excited and scaled. Weights: exactly $W_1 (C, m)$, $b_1 (m,)$, $W_2 (m, C)$, $b_2 (C,)$
# with $m = \max(1, \lfloor C/r \rfloor)$; kernels start as `he_normal`, biases at zero (this start is not graded). It can stand twice in a model, and a saved model loads again with `keras.saving.load_model(path)` and nothing more. Any style is right.

# %% answer="se_block" minutes=7
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
# <details><summary>Hint: the idea</summary>Until the gate is (B, C), both formats are alike: the pooling layer obeys the switch by itself. Only the last step has to know where the channels stand.</details>
# <details><summary>Hint: the shapes</summary>(B, C) becomes (B, 1, 1, C) in channels-last. What does it become in channels-first, so that C stands below C?</details>
# <details><summary>Hint: nearly code</summary>Ask <code>keras.config.image_data_format()</code> <i>inside</i> the function, each time. Give <code>Reshape</code> one of two target shapes, or keep the tutorial's and switch its <code>Permute</code> on.</details>
# <details><summary>"Received an invalid value for `units`, expected a positive integer. Received: units=0"</summary>Fewer channels than the ratio. One unit is the least.</details>
# <details><summary>"Inputs have incompatible shapes. Received shapes (8, 3, 5) and (1, 1, 8)"</summary>This is channels-first: the 8 of your gate stands below the width. Put it below the channels.</details>

# %%
se_gates = np.array([
    [0.385167, 0.433019, 0.496761, 0.545410, 0.570886, 0.578702, 0.571632, 0.545157],
    [0.429755, 0.733832, 0.776767, 0.587926, 0.318780, 0.250099, 0.402860, 0.677008],
])  # fmt: skip


def saved_and_loaded(model, path="ported.keras"):
    """Save a model beside the notebook, load it as Keras loads by default, and tidy up."""
    try:
        model.save(path)
        return keras.saving.load_model(path)
    finally:
        if tf.io.gfile.exists(path):
            tf.io.gfile.remove(path)


# %% tags=["demo"]
compare(lambda x: in_both_formats(se_block, x, *bottleneck, ratio=4)[1], target=case_x * se_gates.reshape(2, 1, 1, 8), inputs=(case_x,),
        title="Run in channels-first, shown channels-last: four channels of the first image",
        alt="Maps of four channels: yours above, the stored result below, and the difference, black where you are right.")

# %% check="se_block"
outputs = se_block(keras.Input((None, None, 8)), ratio=4)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 8), rule="the block keeps the shape, an unknown height and width included")
check_equal(build(se_block, (3, 5, 8), ratio=4).count_params(), 42, rule="C = 8, r = 4: m = 2, so 16 + 2 + 16 + 8")
check_equal(build(se_block, (3, 5, 5)).count_params(), 16, rule="five channels, ratio 8: one unit is left, 5 + 1 + 5 + 5")
last, first = in_both_formats(se_block, case_x, *bottleneck, ratio=4)
check_close(last, case_x * se_gates.reshape(2, 1, 1, 8), rule="channels-last: mean, ReLU, sigmoid, product?", tolerance=1e-4)
check_close(first, last, rule="channels-first: the same numbers, only moved", tolerance=1e-4)
with data_format("channels_first"):
    model = build(se_block, (2, 1, 2), ratio=1)
    copy_weights(model, np.zeros((2, 2)), np.zeros(2), np.zeros((2, 2)), np.log([3, 1 / 3]))
    got = ops.convert_to_numpy(model(np.array([[[[6, 2]], [[6, 2]]]], "float32")))
check_close(got[0, :, 0], [[4.5, 1.5], [1.5, 0.5]], rule="worked by hand, W equals C: channels are gated, not columns")
twice = build(lambda x: se_block(se_block(x)), (3, 5, 16))
check_equal(twice.count_params(), 164, rule="two blocks have weights of their own: 2 x (32 + 2 + 32 + 16)")
check_equal(saved_and_loaded(twice).count_params(), 164, rule="the saved model must load again")
check_equal(build(se_block, (3, 5, 20), ratio=3).count_params(), 266, rule="20 / 3 is rounded down: m = 6")
passed("se_block")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** Reading the format once, outside the function. Setting the global switch inside the function: the caller's setting is changed, and it is wrong for a channels-first map anyway. `Reshape((1, 1, -1))` kept for both formats. `Permute((2, 3, 1))` for the way back: on a gate of (B, 1, 1, C)
# it gives (B, 1, C, 1), which raises unless H equals C. Moving the whole map to channels-last and back is right, and moves H x W times more numbers than needed.
#
# The bare `input_feature * gate` with a gate of (B, C) fails in both formats. `layers.multiply` with (B, C) is right in channels-last, where it inserts the axes itself, and wrong in channels-first.

# %% [markdown]
# ### Who listens to the switch?
#
# The global data format is a switch that some layers read when they are made, and others do not know. This is the root of all faults to come, so let us ask the layers.
#
# **Predict first.** Six layers get a small map, five of them one of shape (8, 9, 16), once under each setting of the switch. Which of them treat it differently?

# %% tags=["demo"]
def kernel_and_shape(layer, shape):
    """Output shape and weight shapes of a new layer."""
    inputs = keras.Input(shape)
    return f"{str(layer()(inputs).shape):18} {[tuple(w.shape) for w in keras.Model(inputs, layer()(inputs)).weights][:1]}"


makers = {"GlobalAveragePooling2D": layers.GlobalAveragePooling2D, "Conv2D": lambda: layers.Conv2D(4, 3, padding="same"),
          "BatchNormalization": layers.BatchNormalization, "Dense": lambda: layers.Dense(4), "Concatenate": lambda: lambda x: layers.Concatenate()([x, x])}
for name, layer in makers.items():
    for setting in ("channels_last", "channels_first"):
        with data_format(setting):
            print(f"{name:23} {setting:15} {kernel_and_shape(layer, (8, 9, 16))}")
with data_format("channels_first"):
    print(f"{'Conv1D':23} {'channels_first':15} {kernel_and_shape(lambda: layers.Conv1D(1, 3, padding='same'), (16, 1))}")

# %% [markdown]
# Pooling and convolutions listen. `Dense`, `Concatenate` and `BatchNormalization` do not: they work on the last axis unless you say otherwise. Neither do `Reshape`, `Permute` and `multiply`. And **`Conv1D` listens too**, although its input is no image.
# A layer cannot see what an axis means. It follows the switch, or it does not.

# %% [markdown]
# ## 3 · Efficient channel attention
#
# One short kernel slides along the channels. Its size follows from their number: $t = \lfloor |(\log_2 C + b)/\gamma| \rfloor$, then $k = t$ if $t$ is odd and $t + 1$ if not (notebook 02).

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
# **Predict first.** A network has many blocks. What happens when this one is used twice with its default name? What happens when the number of channels is unknown? And under channels-first, what does the `Conv1D` take for its channels?

# %% tags=["demo"]
with old_keras():
    reproduce(lambda: build(lambda x: old_eca_block(old_eca_block(x)), (8, 9, 16)))
    reproduce(old_eca_block, keras.Input((None, None, None)))
    for setting, shape in [("channels_last", (8, 9, 16)), ("channels_first", (16, 8, 9))]:
        with data_format(setting):
            model = build(old_eca_block, shape)
            print(f"{setting}: builds, kernel {tuple(model.weights[0].shape)}, {model.count_params()} weights")

# %% [markdown]
# **Fault 4, loud: the default name.** `name=""` gives every block the same layer name, `eca_layer_`. Keras numbers its layers by itself, but only if you give it no name at all.
#
# **Fault 5, loud: C is None.** The kernel size *is* a function of C. Without C there is no kernel to make, in any version of the code. The repair is at the caller: give `keras.Input` the number of channels. Height and width may stay unknown.
#
# **Fault 6, silent: `Conv1D` listens to the switch.** The kernel went from 3 weights to 48. Derive why. The pooled map (B, C) becomes (B, C, 1): in channels-last that is C steps of depth 1, as intended. In channels-first it is **depth C and one step**.
#
# $$ \text{channels-last: } a_{bi} = \sum_{j=1}^{k} K_j\, z_{b,\,i+j-(k+1)/2} \qquad\qquad \text{channels-first: } a_b = \sum_{c=1}^{C} K_{(k+1)/2,\,c}\; z_{bc} $$
#
# The second sum has no $i$: **one number gates the whole image**. And with one step, all taps but the middle one meet padding, so of the $kC$ weights only $C$ are ever used. Both claims can be checked.
#
# A plain TensorFlow on a CPU refuses to run this convolution, with our set-up. With the oneDNN library, a GPU, or compiled, it runs without a word. We compile it here.

# %% tags=["demo"]
def run_compiled(model, x):
    """Run a model through the XLA compiler, which takes convolutions in either format, on a CPU too."""
    return ops.convert_to_numpy(tf.function(model, jit_compile=True)(x.astype("float32")))


eca_x = np.full((2, 3, 5, 16), 0.1)  # channels-last; the mean of channel c is 1 where it is awake, else 0.1
eca_x[0, ..., [2, 3, 9]] = 1.0
with old_keras():
    keras.utils.set_random_seed(1)
    right_model = build(old_eca_block, (3, 5, 16))
    copy_weights(right_model, np.array([-2.0, 5.0, -2.0]))
    eca_known = run_compiled(right_model, eca_x) / eca_x
    with data_format("channels_first"):
        silent = build(old_eca_block, (16, 3, 5))
        eca_silent = run_compiled(silent, np.transpose(eca_x, (0, 3, 1, 2))) / np.transpose(eca_x, (0, 3, 1, 2))
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(tf.function(silent, jit_compile=True)(np.transpose(eca_x, (0, 3, 1, 2)).astype("float32")))
        slopes = np.abs(tape.gradient(loss, silent.trainable_weights)[0])
print("gradient by tap, greatest:", [f"{value:.3f}" for value in slopes.max(axis=(1, 2))])

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Sixteen gates, or one; and what the kernel costs
figure, (left, right) = plt.subplots(1, 2, figsize=(9.4, 3.1), layout="constrained", width_ratios=[1.5, 1])
where = np.arange(16)
left.bar(where - 0.2, eca_known[0, 0, 0], 0.4, color="0.25", edgecolor="k", label="channels-last: a gate a channel")
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
show(figure, alt="Left: sixteen gates of one image. In channels-last channels 2, 3 and 9 have gates of 0.94, 0.94 and 0.99 and the others lie between 0.16 and 0.58. In "
     "channels-first all sixteen bars have one height. Right: weights against channels. The meant kernel has 3 weights at 16 channels and 7 at 2048; "
     "in channels-first it has 48 and 14,336.")

# %% [markdown]
# The gradient of the first and the last tap is zero: two thirds of those weights can never learn. It is the nastiest fault of the tutorial: it always builds, at every size, and its gates lie between 0 and 1. Two looks find it: **count the weights**, and ask **whether two channels ever get different gates**.

# %% [markdown] tags=["instructor"]
# **Reading the figure.** Left: the height of the striped bars depends on the seed and means nothing; that they are equal is the point. The dark bars follow from the kernel $(-2, 5, -2)$: channels 2 and 3 are neighbours, so each loses 2 to the other: $\sigma(5 - 0.2 - 2) = 0.94$; channel 9 stands alone: $\sigma(5 - 0.4) = 0.99$.
#
# "It refuses on my CPU, so nobody can be hurt" is a remark to expect. The same file on a GPU runs: people develop on one machine and train on another.

# %% [markdown]
# ### Exercise · `eca_block`
# **{{worth:eca_block}} · medium**
#
# In: a KerasTensor in the global format (C known, height and width perhaps not), `b`, `gamma` and `name`. Out: a KerasTensor of the same shape. Weights: exactly one kernel of $k$ numbers in *both* formats, no bias, $k$ from the formula, without any least size.
# With a name, a layer of the model is called `"eca_layer_" + name`; with the default the block can stand in a model as often as you like. A saved model loads again. Any style is right; it must run on a CPU in both formats.

# %% answer="eca_block" minutes=8
def eca_block(input_feature, b=1, gamma=2, name=""):
    """Gate the channels of a KerasTensor in the global format by a short kernel along them. Returns the same shape."""
    # the number of channels, and from it the odd kernel size
    # a layer name, or none
    # the mean over positions, as C steps of depth 1
    # the convolution along the channels, whatever the global format says, and the sigmoid
    # put the gate on the axis of the channels, and multiply
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
compare(lambda x: (in_both_formats(eca_block, x, case_kernel)[1] / x)[:, 0, 0], target=eca_gates, inputs=(case_x,),
        title="Your gates in channels-first, first image", alt="Bars of eight gates, yours beside the stored ones; a right answer shows pairs of equal height.")

# %% check="eca_block"
outputs = eca_block(keras.Input((None, None, 8)))
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 8), rule="the block keeps the shape, an unknown height and width included")
for channels, size in [(4, 1), (8, 3), (64, 3), (128, 5)]:
    check_equal(build(eca_block, (3, 5, channels)).count_params(), size, rule=f"the kernel size for {channels} channels, no bias")
    with data_format("channels_first"):
        check_equal(build(eca_block, (channels, 3, 5)).count_params(), size, rule="channels-first: the same kernel, not k times C")
check_equal(build(eca_block, (3, 5, 64), b=0, gamma=1).count_params(), 7, rule="log2(64) / 1 = 6, which is even")
check_equal(build(eca_block, (3, 5, 64), b=3, gamma=1).count_params(), 9, rule="(log2(64) + 3) / 1 = 9: is b used?")
last, first = in_both_formats(eca_block, case_x, case_kernel)
check_close(last, case_x * eca_gates.reshape(2, 1, 1, 8), rule="channels-last: mean, kernel, sigmoid, product?", tolerance=1e-4)
check_close(first, last, rule="channels-first: the same numbers, only moved", tolerance=1e-4)
square = np.concatenate([case_x, case_x], axis=2)[:, :, :8]  # W = C = 8
check_close(*in_both_formats(eca_block, square, case_kernel), rule="W equals C: channels are gated, not columns", tolerance=1e-4)
twice = build(lambda x: eca_block(eca_block(x)), (3, 5, 8))
check_equal(twice.count_params(), 6, rule="two blocks with the default name, three weights each")
check_equal(saved_and_loaded(twice).count_params(), 6, rule="the saved model must load again")
both = build(lambda x: eca_block(eca_block(x, name="one"), name="two"), (3, 5, 8))
names = [layer.name for layer in both.layers]
check_equal(["eca_layer_one" in names, "eca_layer_two" in names], [True, True], rule=f"a name ends the layer's name; there are {names}")
passed("eca_block")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** `layers.Permute((2, 1))` before a convolution that still listens: right numbers on a GPU, and no run on our CPU. `name or "eca"`, the same collision. A random suffix works and makes every run's layer names differ. `max(3, k)`, as the timm library has it: wrong below eight channels here.
# The convolution told, the `Reshape((1, 1, -1))` left: columns again. Nobody should "repair" the padding or flip the kernel: see the end of section 4.

# %% [markdown]
# ## 4 · Channel attention, and what is not a bug
#
# CBAM's channel half sends the mean and the max through one shared bottleneck and adds the two results (notebook 03).

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

# %% [markdown]
# **Predict first.** Given the old names, is this one right in channels-last? In channels-first? Which line decides?

# %% tags=["demo"]
with old_keras():
    last, first = in_both_formats(old_channel_attention, case_x, *bottleneck, ratio=4)
    print(f"greatest difference between the formats: {np.abs(last - first).max():.1e}")
    reproduce(old_channel_attention, keras.Input((8, 9, 4)))

# %% [markdown]
# Here the `Permute` is on, and the block is right in both formats. What has to change is `_keras_shape` and the width for few channels. **Nothing else.** Much of debugging is to leave alone what works. These look suspicious and are not bugs:
#
# - `Reshape((1, 1, -1))`: one size may be left to Keras.
# - `layers.multiply` and `layers.add` in lower case: functions that make the layers `Multiply` and `Add`.
# - `Conv1D(padding="same")`: like every convolution layer it does not flip its kernel.

# %% [markdown]
# ### Exercise · `channel_attention`
# **{{worth:channel_attention}} · easy**
#
# In: a KerasTensor in the global format and `ratio`. Out: a KerasTensor of the same shape. Weights: exactly *one* bottleneck $W_1, b_1, W_2, b_2$ for mean and max, $m = \max(1, \lfloor C/r \rfloor)$, kernels `he_normal`, biases from zero. Unknown height and width, twice in a model, save and reload: as before.

# %% answer="channel_attention" minutes=5
def channel_attention(input_feature, ratio=8):
    """CBAM's channel half for a KerasTensor in the global data format. Returns one of the same shape."""
    # the number of channels, and one bottleneck of two layers, at least one unit wide
    # mean and max over positions, each through the same two layers
    # their sum, the sigmoid, on the axis of the channels; multiply
    ### BEGIN SOLUTION
    first = keras.config.image_data_format() == "channels_first"
    channels = input_feature.shape[1 if first else -1]
    reduce = layers.Dense(max(1, channels // ratio), activation="relu", kernel_initializer="he_normal")
    expand = layers.Dense(channels, kernel_initializer="he_normal")
    from_mean = expand(reduce(layers.GlobalAveragePooling2D()(input_feature)))
    from_max = expand(reduce(layers.GlobalMaxPooling2D()(input_feature)))
    gate = ops.sigmoid(layers.add([from_mean, from_max]))
    gate = layers.Reshape((channels, 1, 1) if first else (1, 1, channels))(gate)
    return layers.multiply([input_feature, gate])
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Begin with the old function and change two things, one after the other. Run the test cell after each.</details>
# <details><summary>Hint: the shapes</summary>Mean and max are (B, C) each. Two layers, called twice, not four layers.</details>
# <details><summary>Hint: nearly code</summary>The layers are made first and kept in variables, then called. Where is <code>channel // ratio</code>, and what must it not fall below?</details>
# <details><summary>"'KerasTensor' object has no attribute '_keras_shape'"</summary>Section 2, fault 1.</details>

# %%
channel_gates = np.array([
    [0.296706, 0.490798, 0.614685, 0.606369, 0.540440, 0.520247, 0.576922, 0.641283],
    [0.435861, 0.936459, 0.951212, 0.647411, 0.105438, 0.053471, 0.263966, 0.864833],
])  # fmt: skip

# %% tags=["demo"]
compare(lambda x: (in_both_formats(channel_attention, x, *bottleneck, ratio=4)[1] / x)[:, 0, 0], target=channel_gates, inputs=(case_x,),
        title="Your gates in channels-first, first image", alt="Bars of eight gates, yours beside the stored ones; a right answer shows pairs of equal height.")

# %% check="channel_attention"
outputs = channel_attention(keras.Input((None, None, 8)), ratio=4)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 8), rule="the block keeps the shape, an unknown height and width included")
check_equal(build(channel_attention, (3, 5, 8), ratio=4).count_params(), 42, rule="one bottleneck for mean and max: 16 + 2 + 16 + 8")
check_equal(build(channel_attention, (3, 5, 5)).count_params(), 16, rule="five channels, ratio 8: one unit is left")
last, first = in_both_formats(channel_attention, case_x, *bottleneck, ratio=4)
check_close(last, case_x * channel_gates.reshape(2, 1, 1, 8), rule="channels-last: add the two logits, then one sigmoid", tolerance=1e-4)
check_close(first, last, rule="channels-first: the same numbers, only moved", tolerance=1e-4)
square = np.concatenate([case_x, case_x], axis=2)[:, :, :8]  # W = C = 8
last, first = in_both_formats(channel_attention, square, *bottleneck, ratio=4)
check_close(first, last, rule="W equals C: channels are gated, not columns", tolerance=1e-4)
twice = build(lambda x: channel_attention(channel_attention(x)), (3, 5, 16))
check_equal(saved_and_loaded(twice).count_params(), 164, rule="two blocks with weights of their own, saved and loaded")
passed("channel_attention")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** A rewrite from memory with two bottlenecks (twice the weights); a sigmoid on each half; lost `Permute`. A student who changes only the two things of the hint has everything right: say so, this is the lesson of the section.

# %% [markdown]
# ## 5 · Spatial attention
#
# Mean and max over the channels, a 7x7 convolution, a sigmoid: one gate for each position (notebook 04).

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

# %% [markdown]
# **Predict first.** `keras.backend` still exists in Keras 3, but it has no `mean`. What will the error say?

# %% tags=["demo"]
reproduce(old_spatial_attention, keras.Input((8, 9, 16)))

# %% [markdown]
# **Fault 7, loud and misleading.** The last line speaks of an output shape. Somebody who believes it gives the `Lambda` an `output_shape`. Reduce it before you believe it: one `Lambda`, one call. Then the same `Lambda` with the advice followed, then the inside of it alone.

# %% tags=["demo"]
maps = keras.Input((8, 9, 16))
reproduce(layers.Lambda(lambda x: K.mean(x, axis=3, keepdims=True)), maps)
advised = layers.Lambda(lambda x: K.mean(x, axis=3, keepdims=True), output_shape=(8, 9, 1))
reproduce(advised, maps)  # builds ...
reproduce(keras.Model(maps, advised(maps)), np.ones((1, 8, 9, 16), "float32"))  # ... and stops when it runs
reproduce(lambda: K.mean)

# %% [markdown]
# The advice only moved the error, from the building of the model to its first batch. The true cause is the smallest case: `keras.backend` has no `mean`. While Keras guessed the shape, it caught that error and told us of another one.
#
# Where to take a mean from, then? **Predict first.** TensorFlow has one. Does it take a KerasTensor?

# %% tags=["demo"]
reproduce(tf.reduce_mean, maps, axis=3, keepdims=True)
reproduce(ops.mean, maps, axis=3, keepdims=True)
patched = keras.Model(maps, layers.Lambda(lambda x: ops.mean(x, axis=3, keepdims=True))(maps))
reproduce(patched, np.ones((1, 8, 9, 16), "float32"))  # a Lambda around the right function runs ...
reproduce(saved_and_loaded, patched)  # ... and does not come back from the disk

# %% [markdown]
# **Fault 8, loud: `tf.` on a symbolic tensor.** `keras.ops.mean` is right; it takes both kinds.
#
# **Fault 9, loud and late: `Lambda`.** Its Python code is stored as bytes. Loading them would run whatever somebody put there, so Keras refuses, unless you say `safe_mode=False` and mean it. The error comes after the training, when the model is needed again. `keras.ops` works without a `Lambda`, so there is no need for one.
#
# ### The other format
#
# In channels-first the old code moves the map to channels-last, pools, convolves and moves the gate back. Good thoughts, one blind spot.
#
# **Predict first.** After the `Permute` the pooled maps are (B, H, W, 2). What does a `Conv2D` that listens to the switch take for its depth?

# %% tags=["demo"]
with old_keras(), data_format("channels_first"):
    reproduce(old_spatial_attention, keras.Input((16, 8, 9)))
    reproduce(old_spatial_attention, keras.Input((2, 8, 9)))
    print("kernel", tuple(build(old_spatial_attention, (2, 8, 9)).weights[0].shape), "where (7, 7, 2, 1) was meant")

# %% [markdown]
# **Fault 10, loud or silent: `Conv2D` listens too.** It takes H for the depth, and (W, 2) for the picture. Out comes (B, 1, W, 2), and after the `Permute` (B, 2, 1, W). Multiplied with (B, C, H, W) this raises, unless C is 2 (or 1), for every size. Then each channel is gated by a profile with one number a column, and the rows are gone.
#
# Again a scene whose answer we know: a bright box on a dark ground, two channels, every kernel weight the same. The gate should be high in the box.

# %% tags=["demo"]
scene = np.full((1, 2, 12, 18), -1.0)  # channels-first, C = 2
scene[:, :, 2:8, 11:17] = 1.0
with old_keras():
    right_model = build(old_spatial_attention, (12, 18, 2))
    copy_weights(right_model, np.full((7, 7, 2, 1), 0.05))
    box_known = np.transpose(run_compiled(right_model, np.transpose(scene, (0, 2, 3, 1))), (0, 3, 1, 2)) / scene
    with data_format("channels_first"):
        silent = build(old_spatial_attention, (2, 12, 18))
        silent.set_weights([np.full((7, 7, 12, 1), 0.05)])
        box_silent = run_compiled(silent, scene) / scene

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title A gate for each position, or one for each column
figure, axes = plt.subplots(1, 3, figsize=(9.2, 2.5), layout="constrained")
for axis, values, title in zip(axes, [(scene[0, 0] + 1) / 2, box_known[0, 0], box_silent[0, 0]],
                               ["the map: a bright box", "gate, channels-last", "gate, channels-first"], strict=True):
    drawn = draw_map(axis, values, title, 0, 1)
    axis.add_patch(plt.Rectangle((10.5, 1.5), 6, 6, fill=False, ec="w", lw=1.6, ls="--"))
figure.colorbar(drawn, ax=axes.tolist(), fraction=0.03, pad=0.02)
show(figure, alt="Three maps of 12 by 18 positions, the box marked by a dashed line. The first shows the bright box. The channels-last gate is near 0.9 in the middle of the box "
     "and near 0 far from it. The channels-first gate is constant down each column: 0 on the left, at most 0.23 on the right, with no trace of the rows of the box.")
inside = np.s_[0, 0, 2:8, 11:17]
print(f"mean gate inside the box: channels-last {box_known[inside].mean():.2f}, channels-first {box_silent[inside].mean():.4f}")
print(f"difference between rows: channels-last {np.ptp(box_known[0, 0], axis=0).max():.2f}, channels-first {np.ptp(box_silent[0, 0], axis=0).max():.2f}")

# %% [markdown]
# ### Mean first, or max first?
#
# The tutorial concatenates mean, then max, and never says so. The authors' published code has max, then mean. Either is fine for a network that is trained from the start, since the kernel learns which slice is which. It matters when *weights move* from one to the other.
#
# **Predict first.** A kernel learned to look for positions where *many* channels answer a little: it counts the mean, and takes off some of the max. Its two slices are exchanged. What will it look for?

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title One kernel, two orders
crowd = np.full((1, 14, 22, 8), 0.02)
crowd[:, 4:10, 3:9] = 1.0  # every channel answers a little
crowd[:, 4:10, 13:19, 5] = 2.5  # one channel answers strongly
learned = np.stack([np.full((7, 7), 0.25), np.full((7, 7), -0.12)], axis=-1)  # slice 0 meets the first map, slice 1 the second
order_gates = []
for kernel in (learned, learned[..., ::-1]):
    with old_keras():
        model = build(old_spatial_attention, (14, 22, 8))
        copy_weights(model, kernel)
        order_gates.append((ops.convert_to_numpy(model(crowd)) / crowd)[0, ..., 0])
figure, axes = plt.subplots(1, 3, figsize=(9.2, 2.5), layout="constrained")
for axis, values, title in zip(axes, [crowd[0].max(-1) / 2.5, *order_gates], ["left: 8 channels, right: 1", "mean first, as learned", "max first, same weights"], strict=True):
    drawn = draw_map(axis, values, title, 0, 1)
figure.colorbar(drawn, ax=axes.tolist(), fraction=0.03, pad=0.02)
show(figure, alt="Left, the scene: a square where all eight channels answer and a brighter square where one channel answers. Middle, mean first: the gate rises to 0.991 "
     "in the left square and falls to 0.000 in the right one. Right, the two slices exchanged: 0.991 and 1.000. The same weights now open where they used to shut.")
print("gate in the middle of the left and the right square:")
for title, values in zip(["mean first", "max first"], order_gates, strict=True):
    print(f"  {title}: {values[6, 5]:.3f} and {values[6, 15]:.3f}")

# %% [markdown]
# A port says its order. Ours: **mean first, then max**. One more thing to mend that no test can find: the tutorial's prose explains the 7x7 convolution beside the channel half, where there is none. Text is ported too.

# %% [markdown] tags=["instructor"]
# **Reading the figures.** In the box scene each tap counts 0.05 for two maps. The best window holds all 36 bright positions and 13 dark ones: $0.1 \cdot (36 - 13) = 2.3$ and $\sigma(2.3) = 0.91$. The silent one adds up all 12 rows: a column of the box has 6 bright and 6 dark rows, so 0, a dark column $-12$.
# With one dark column in the window that is $0.1 \cdot (-12) = -1.2$ and $\sigma(-1.2) = 0.23$, for every row alike.
#
# In the order scene the mean of the left square is 1 and its max is 1; on the right they are 0.33 and 2.5. A window holds 36 positions of a square: $36 \cdot (0.25 - 0.12) = 4.7$ on the left, $36 \cdot (0.083 - 0.3) = -7.8$ on the right; exchanged, 4.7 and $36 \cdot (0.625 - 0.04) = 21$.

# %% [markdown]
# ### Exercise · `spatial_attention`
# **{{worth:spatial_attention}} · medium**
#
# In: a KerasTensor in the global format. Out: a KerasTensor of the same shape. Weights: exactly one kernel, 7 x 7 x 2 numbers in *both* formats, `he_normal`, no bias; its first slice meets the mean, its second the max.
# It must **run in channels-first on a CPU**, where TensorFlow has no channels-first convolution with our set-up: so the convolution works channels-last, and the maps are moved to it and the gate back. No `Lambda`: a saved model must load again. Any style is right.

# %% answer="spatial_attention" minutes=7
def spatial_attention(input_feature):
    """CBAM's spatial half (7x7) for a KerasTensor in the global data format. Returns one of the same shape."""
    # the channel axis of this format
    # mean and max over the channels, stacked on a last axis: (B, H, W, 2) in either format
    # one 7x7 convolution that does not listen to the switch, and the sigmoid
    # put the gate where this format has its channels, and multiply
    ### BEGIN SOLUTION
    axis = 1 if keras.config.image_data_format() == "channels_first" else 3
    pooled = ops.stack([ops.mean(input_feature, axis=axis), ops.max(input_feature, axis=axis)], axis=-1)
    look = layers.Conv2D(1, 7, padding="same", kernel_initializer="he_normal", use_bias=False, data_format="channels_last")
    gate = ops.squeeze(ops.sigmoid(look(pooled)), axis=-1)
    return layers.multiply([input_feature, ops.expand_dims(gate, axis=axis)])
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Pool along the axis where the channels are. The two pooled maps are small: move those, not the whole feature map.</details>
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
compare(lambda x: (in_both_formats(spatial_attention, x, case_spatial)[1] / x)[..., 0], target=spatial_gates, inputs=(case_x,),
        title="Your gate in channels-first, first image", alt="The gate of the first image as a map of 3 by 5: yours, the stored one, and the difference, black where you are right.")

# %% check="spatial_attention"
outputs = spatial_attention(keras.Input((None, None, 8)))
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, None, None, 8), rule="the block keeps the shape, an unknown height and width included")
check_equal(build(spatial_attention, (3, 5, 8)).count_params(), 98, rule="7 x 7 x 2, one output, no bias")
with data_format("channels_first"):
    check_equal(build(spatial_attention, (8, 3, 5)).count_params(), 98, rule="channels-first: the same kernel, not one of H maps")
last, first = in_both_formats(spatial_attention, case_x, case_spatial)
check_close(last, case_x * spatial_gates[..., None], rule="channels-last: mean first, then max? sigmoid? padding?", tolerance=1e-4)
check_close(first, last, rule="channels-first: the same numbers, only moved", tolerance=1e-4)
two = in_both_formats(spatial_attention, case_x[..., :2], case_spatial)
check_close(two[1], two[0], rule="two channels: this is where the tutorial is silently wrong", tolerance=1e-4)
twice = build(lambda x: spatial_attention(spatial_attention(x)), (3, 5, 8))
check_equal(saved_and_loaded(twice).count_params(), 196, rule="two blocks with weights of their own, saved and loaded")
passed("spatial_attention")

# %% [markdown] tags=["instructor"]
# **Mistakes to expect.** `Permute((2, 3, 1))` kept and only `data_format="channels_last"` added: right, and it moves the whole map. `Permute((3, 2, 1))` twice: H and W exchanged on the way, invisible for a symmetric kernel. Max first. `ops.concatenate` without `axis=-1` joins the images. A convolution that listens, with
# permuted maps (B, 2, H, W): right on a GPU, and refuses on this CPU.

# %% [markdown]
# ## 6 · CBAM
#
# Channel half, then spatial half, the second on the result of the first. The tutorial's function is two lines long and has no fault of its own. It has all faults of the two that it calls.

# %%
def old_cbam_block(cbam_feature, ratio=8):
    cbam_feature = old_channel_attention(cbam_feature, ratio)
    return old_spatial_attention(cbam_feature)

# %% [markdown]
# ### Exercise · `cbam_block`
# **{{worth:cbam_block}} · easy**
#
# In: a KerasTensor `cbam_feature` in the global format and `ratio`. Out: a KerasTensor of the same shape, channel half first. Weights: exactly those of the two halves. You may call your `channel_attention` and `spatial_attention`. The rest as before: both formats on a CPU, few channels, unknown height and width, twice, save and reload.

# %% answer="cbam_block" minutes=3
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

# %% tags=["demo"]
compare(lambda x: in_both_formats(cbam_block, x, *bottleneck, case_spatial, ratio=4)[1], target=cbam_y, inputs=(case_x,),
        title="Run in channels-first, shown channels-last: four channels of the first image",
        alt="Maps of four channels: yours above, the stored result below, and the difference, black where you are right.")

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
# **Mistakes to expect.** The spatial half on the unrefined map, the two in parallel, the input added inside (the residual belongs to the network). A fault in one of the halves costs points here again, but only in the property that it touches.

# %% [markdown]
# **Question 1.** In section 5 a colleague reads the last line of the error, "Please specify the `output_shape` argument for this Lambda layer", and does what it says. The model now builds. Explain what happens next and when, why the message led astray, and which steps of the method would have found the true cause. The colleague finally writes `ops.mean` *inside* the `Lambda`. What is still wrong?
#
# **{{worth:reflect-message}} · in your own words**

# %% [markdown] question="reflect-message" points=3 minutes=4 row="reflection: a message that misleads"
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
# ## 7 · Into the residual block
#
# At the end the tutorial shows how to plug CBAM into a residual network.

# %%
def old_residual_with_cbam(x, filters, strides=1, ratio=8):
    residual = layers.Conv2D(filters, (1, 1), strides=strides, padding="same")(x)
    residual = layers.BatchNormalization(axis=1 if K.image_data_format() == "channels_first" else -1)(residual)
    attended = old_cbam_block(residual, ratio)
    return layers.Activation("relu")(layers.add([x, residual, attended]))

# %% [markdown]
# **Predict first.** Write down what the last line adds, for a block from 64 to 64 channels. Then find the two 3x3 convolutions.

# %% tags=["demo"]
with old_keras():
    reproduce(old_residual_with_cbam, keras.Input((8, 8, 64)), filters=128)  # another width
    reproduce(old_residual_with_cbam, keras.Input((8, 8, 64)), filters=64, strides=2)
    reproduce(old_residual_with_cbam, keras.Input((8, 8, 64)), filters=64)
    print(f"64 to 64: {build(old_residual_with_cbam, (8, 8, 64), filters=64).count_params():,} weights")

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
show(figure, alt="Two graphs. In the snippet x goes through a 1x1 convolution with a norm; the sum adds x itself, that projection, and CBAM of that projection. There is no 3x3 convolution. "
     "In the block that was meant, x goes through two 3x3 convolutions with norms, then CBAM, and the sum adds this to a shortcut: x itself, or a 1x1 convolution and norm where shapes differ.")

# %% [markdown]
# **Fault 11, loud or silent: the triple sum.** The snippet computes $\mathrm{relu}(x + P(x) + \mathrm{CBAM}(P(x)))$ with $P$ the 1x1 projection. The projection is counted twice, once plain and once attended. The main path $F$, the reason for the block, is missing. At stride 2 or another width, $x$ does not fit the sum and it raises. From 64 to 64 it runs. The paper has (Woo et al., figure 3)
#
# $$ y = \mathrm{relu}\bigl(\mathrm{shortcut}(x) + \mathrm{CBAM}(F(x))\bigr) $$
#
# Also silent: a 1x1 convolution cannot see a neighbour. You can measure that. Change one pixel of the input, and look at which positions of the output change.

# %%
def footprint(model, x, row, column):
    """How much each position of the output (H, W) changes when one position of x (1, H, W, C) does."""
    moved = x.copy()
    moved[:, row, column] += 1.0
    return np.abs(ops.convert_to_numpy(model(moved)) - ops.convert_to_numpy(model(x))).max(axis=(0, 3))


# %% [markdown]
# ### Exercise · `residual_with_cbam`
# **{{worth:residual_with_cbam}} · hard**
#
# In: a KerasTensor `x` in the global format, `filters`, `strides` (1 or 2) and `ratio` for the CBAM. Out: $\mathrm{relu}(\mathrm{shortcut} + \mathrm{CBAM}(F(x)))$, with `filters` channels and, for strides of 2, half the height and width, rounded up; height and width may be unknown. $F$ is: 3x3 convolution with the strides, batch norm, ReLU, 3x3 convolution, batch norm; padding "same". The shortcut is $x$ itself where strides are 1 and $x$ has `filters` channels, else a 1x1 convolution with the strides and a batch norm. **No convolution has a bias**; norms have Keras's default settings and normalise the *channels* in either format.
# You may call `cbam_block`. Values are judged in channels-last only, because TensorFlow's convolutions do not run channels-first on a CPU here. In channels-first the block must *build*, with the same number of weights. A saved model loads again.

# %% answer="residual_with_cbam" minutes=8
def residual_with_cbam(x, filters, strides=1, ratio=8):
    """relu(shortcut + CBAM(F(x))) for a KerasTensor in the global data format, with this number of filters."""
    # the channel axis of this format; not every layer finds it by itself
    # F: 3x3 convolution with the strides, norm, ReLU, 3x3 convolution, norm
    # CBAM on the result of F
    # the shortcut: x itself where it fits, else 1x1 convolution with the strides, and norm
    # two terms, one sum, one ReLU
    ### BEGIN SOLUTION
    axis = 1 if keras.config.image_data_format() == "channels_first" else -1
    branch = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)(x)
    branch = layers.Activation("relu")(layers.BatchNormalization(axis=axis)(branch))
    branch = layers.Conv2D(filters, 3, padding="same", use_bias=False)(branch)
    branch = cbam_block(layers.BatchNormalization(axis=axis)(branch), ratio)
    shortcut = x
    if strides != 1 or x.shape[axis] != filters:
        shortcut = layers.Conv2D(filters, 1, strides=strides, use_bias=False)(x)
        shortcut = layers.BatchNormalization(axis=axis)(shortcut)
    return layers.Activation("relu")(layers.add([shortcut, branch]))
    ### END SOLUTION

# %% [markdown]
# <details><summary>Hint: the idea</summary>Draw the right-hand graph again and give each arrow a variable. Two terms meet in the sum. Nothing of the branch goes round CBAM.</details>
# <details><summary>Hint: the shapes</summary>(B, H, W, C) becomes (B, H/s, W/s, filters) on both ways. If the shortcut cannot be x, it needs the same strides as the first convolution.</details>
# <details><summary>Hint: nearly code</summary>Ask whether <code>strides</code> or the number of channels differ; only then convolve the shortcut. <code>BatchNormalization</code> takes an <code>axis</code>; look at the table in section 2 for why it needs one.</details>
# <details><summary>"Inputs have incompatible shapes. Received shapes (7, 9, 4) and (4, 5, 8)"</summary>The shortcut kept its size: it needs the strides and the filters too.</details>
# <details><summary>"expected: 1132", "came: 1156"</summary>Each of the three convolutions has a bias of eight numbers. A norm follows and has a shift of its own.</details>

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


# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Which positions hear of one pixel?
probe = wave(1, 15, 15, 8, start=900).astype("float32")
with old_keras():
    keras.utils.set_random_seed(3)
    prints = [footprint(build(old_residual_with_cbam, (15, 15, 8), filters=8), probe, 7, 7)]
with waits_for(residual_with_cbam):
    keras.utils.set_random_seed(3)
    prints.append(footprint(build(residual_with_cbam, (15, 15, 8), filters=8), probe, 7, 7))
figure, axes = plt.subplots(1, len(prints), figsize=(3.6 * len(prints) + 0.6, 3.1), layout="constrained", squeeze=False)
for axis, values, title in zip(axes[0], prints, ["the snippet", "yours"], strict=False):
    drawn = draw_map(axis, np.log10(values + 1e-4), title, -4, 0.5)
    axis.add_patch(plt.Rectangle((4.5, 4.5), 5, 5, fill=False, ec="k", lw=1.5, ls="--"))
    around = np.delete(values[5:10, 5:10].ravel(), 12)
    axis.set_xlabel(f"median of the 24 marked positions\naround the middle: {np.median(around):.4f}")
bar = figure.colorbar(drawn, ax=axes[0].tolist(), fraction=0.05, pad=0.02)
bar.set_ticks([-4, -2, 0], labels=["0.0001", "0.01", "1"])
show(figure, alt="How much each of 15 by 15 positions changes when the middle pixel changes, in a logarithmic grey scale. With the snippet the middle changes strongly and its 7 by 7 "
     "neighbourhood only faintly, through the gate. With the two 3x3 convolutions the 5 by 5 positions around the middle answer several times more strongly than with the snippet.")

# %% check="residual_with_cbam"
outputs = residual_with_cbam(keras.Input((7, 9, 4)), filters=8, strides=2, ratio=4)
check_type(outputs, "KerasTensor")
check_shape(outputs, (None, 4, 5, 8), rule="strides of 2 halve 7 x 9, rounded up")
counts = {(8, 1): 1132, (4, 1): 431, (4, 2): 463}  # from four channels: filters, strides
for (filters, strides), count in counts.items():
    asked = {"filters": filters, "strides": strides, "ratio": 4}
    check_equal(build(residual_with_cbam, (7, 9, 4), **asked).count_params(), count, rule=f"4 to {filters}, strides {strides}: no biases in convolutions; a norm behind each; a projection only where it is needed")
    with data_format("channels_first"):
        check_equal(build(residual_with_cbam, (4, 7, 9), **asked).count_params(), count, rule="channels-first: which layers do not listen to the switch?")
model = build(residual_with_cbam, (7, 9, 4), filters=4, ratio=2)
some = wave(2, 7, 9, 4, start=50)
for weight in model.weights:  # shut the branch: then only the shortcut is left
    if weight.name in ("gamma", "beta"):
        weight.assign(np.zeros(weight.shape))
check_close(ops.convert_to_numpy(model(some)), np.maximum(some, 0), rule="with F(x) = 0 the block is relu(x): one shortcut, one sum, a ReLU at the end", tolerance=1e-4)
kept = ops.convert_to_numpy(build(residual_with_cbam, (7, 9, 4), filters=6)(some))
check_equal(bool((kept >= 0).all()), True, rule="the last step is a ReLU")
twice = build(lambda x: residual_with_cbam(residual_with_cbam(x, 8, 2), 8), (7, 9, 4))
check_close(ops.convert_to_numpy(saved_and_loaded(twice)(some)), ops.convert_to_numpy(twice(some)), rule="saved and loaded, the same values", tolerance=1e-4)
model = build(residual_with_cbam, (7, 9, 4), filters=8, strides=2, ratio=4)
fill_weights(model)
got = ops.convert_to_numpy(model(some))[0].mean(axis=(0, 1))
check_close(got[:4], [0.664374, 0.297008, 0.676305, 0.225896], rule="other values: two terms in the sum, the strides in the first convolution?", tolerance=2e-3)
passed("residual_with_cbam")

# %% [markdown] tags=["instructor"]
# **Reading the footprint.** Two 3x3 convolutions reach two positions to each side: 5 x 5. The faint ring comes through the spatial gate, three positions further; what the channel gate passes on to the whole map is below the scale here. The medians depend on the seed, the picture does not.
#
# **Mistakes to expect.** `add([shortcut, y, attended])`, the triple sum in a new dress; attention after the addition; ReLU before the addition; a projection always (more weights, and no identity); `BatchNormalization()` without an axis, which shows in channels-first alone; biases left in the convolutions: harmless for the values, but not the block on the card.

# %% [markdown]
# ## 8 · Which test would have found it?
#
# The tutorial's authors surely ran their code. With which shapes? Let us run the four old blocks (given the old names, so that only the deeper faults are left) on four inputs and sort what happens: right, an error, or silently wrong. "Silently wrong" means that it ran and differs from the same block in channels-last with the same weights, or that it has other weights.
#
# **Predict first.** Which column finds the most faults? Which row stays silent longest?

# %% tags=["demo"]
def outcome(block, shape, weights, name="channels_first", **options):
    """What a block does with maps of this shape (H, W, C): "right", "error" or "silently wrong"."""
    x = wave(2, *shape, start=11)
    moved = np.transpose(x, (0, 3, 1, 2)) if name == "channels_first" else x
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
    return "right" if np.allclose(got, np.transpose(expected, (0, 3, 1, 2)) if moved is not x else expected, atol=1e-4) else "silently wrong"


# %% tags=["demo"]
keras.utils.set_random_seed(5)
trials = {"channels-last\n3 x 5, C = 8": ("channels_last", (3, 5, 8)), "channels-first\n3 x 5, C = 8": ("channels_first", (3, 5, 8)),
          "channels-first\n3 x 8, C = 8": ("channels_first", (3, 8, 8)), "channels-first\n3 x 5, C = 2": ("channels_first", (3, 5, 2))}
blocks = {"SE": (old_se_block, {"ratio": 2}), "ECA": (old_eca_block, {}), "channel": (old_channel_attention, {"ratio": 2}), "spatial": (old_spatial_attention, {})}
with old_keras():
    found = [[outcome(block, shape, None, name, **options) for name, shape in trials.values()] for block, options in blocks.values()]
for name, row in zip(blocks, found, strict=True):
    print(f"{name:8}", row)

# %% tags=["demo"] jupyter={"source_hidden": true}
#@title Four old blocks, four inputs
looks = {"right": ("w", ""), "error": ("0.75", ""), "silently wrong": ("0.35", "")}
figure, axis = plt.subplots(figsize=(8.6, 3.0), layout="constrained")
for (row, column), word in np.ndenumerate(np.array(found)):
    axis.add_patch(plt.Rectangle((column, row), 1, 1, fc=looks[word][0], ec="k"))
    axis.text(column + 0.5, row + 0.5, word, ha="center", va="center", fontsize=10, color="w" if word == "silently wrong" else "k")
axis.set(xlim=(0, 4), ylim=(4, 0))
axis.set_xticks(np.arange(4) + 0.5, trials)
axis.set_yticks(np.arange(4) + 0.5, blocks)
axis.xaxis.tick_top()
axis.tick_params(length=0)
show(figure, alt="A table of four blocks and four inputs. Channels-last: all four right. Channels-first with unequal sizes: SE and spatial give an error, ECA is silently wrong, channel is right. "
     "With W equal to C SE becomes silently wrong. With two channels spatial becomes silently wrong. ECA is silently wrong in every channels-first column.")

# %% [markdown]
# Channels-last alone finds nothing. Unequal sizes turn two of the three faults into errors, which is the best that can happen to a fault. The third stays silent at every size.

# %% [markdown] tags=["instructor"]
# **Reading the table.** The third column is the dangerous test: square-ish sizes make SE quiet. The fourth shows why toy inputs with two channels are a bad idea for spatial attention. Repeat the table with the ported functions as an extra task: every cell must say "right".

# %% [markdown]
# **Question 2.** The tutorial's `eca_block` passed a colleague's unit test in channels-first, on a GPU: the output has the shape of the input, every gate lies between 0 and 1, the gradient is not zero, and the loss goes down in training. Why does none of these four see the fault? Name two checks that do see it, and say why each of them must.
#
# **{{worth:reflect-test}} · in your own words**

# %% [markdown] question="reflect-test" points=3 minutes=4 row="reflection: a test that finds it"
# ### BEGIN SOLUTION
# The wrong block gives one scalar gate an image. Multiplied with the map it keeps the shape; it comes from a sigmoid, so it lies between 0 and 1; it depends on its weights, so a gradient flows; and the rest of the network learns, with a block that scales each image as a whole. All four ask whether the block is *some* gate, not whether it is *this* gate.
#
# Two checks that see it. Count the weights: k is expected and k times C are found, at every C above 1. Compare the formats: the same weights and the same numbers, moved, must give the same result; here the weights do not even have the same shape. Another one: give an input whose channels differ, and ask whether the gates (output divided by input) differ from channel to channel; one scalar cannot. A case with a known answer, worked by hand, sees it as well.
# ### END SOLUTION

# %% [markdown] tags=["instructor"]
# **Rubric, {{points:reflect-test}} points.** 1 point: why the four are blind (a scalar gate has the shape after broadcasting, the range, a gradient, and a network trains around it; two of the four explained are enough). 1 point for each of two checks that see the fault, with the reason. "Test with unequal sizes" earns no point here: this fault runs at every size.

# %% [markdown]
# ## What we found
#
# - Errors are the friendly faults: `_keras_shape`, `K.mean`, `tf.` on a KerasTensor, units of 0, a name used twice, C unknown, a Lambda that does not reload. Each was mended in a line.
# - A message says what was noticed, which need not be the cause. The Lambda's complaint about shapes hid a missing name; reducing found it.
# - The global data format is read by pooling and by convolutions, `Conv1D` included, and not by `Dense`, `Concatenate`, `Reshape` or `BatchNormalization`. Where a format is meant, say it.
# - Silent faults had sizes that hide them: SE where W equals C, spatial attention where C is 2. ECA's was silent at every size, with $kC$ weights and one gate for an image.
# - A residual block is relu(shortcut + CBAM(F(x))): two terms. The snippet added three, and had no $F$.
# - What worked was left alone.
#
# ## New words
#
# | word | meaning |
# |---|---|
# | to port | to make code work on another version, with the same result |
# | silent fault | code that runs and gives a wrong result |
# | reduce | make the failing case as small as it can be |
# | data format | the order of the axes, and the global switch that some layers read |
# | safe mode | Keras's refusal to run Python code from a saved file |
# | stand-in | something put in place for a while, to look further; not a repair |
#
# ## Where this is in the papers
#
# - The blocks: Hu et al., [arXiv 1709.01507](https://arxiv.org/abs/1709.01507); Wang et al., [arXiv 1910.03151](https://arxiv.org/abs/1910.03151); Woo et al., [arXiv 1807.06521](https://arxiv.org/abs/1807.06521), whose figure 3 shows the place in a residual block.
# - That the authors' CBAM code concatenates max, then mean, is read from that code. Everything else in this notebook was computed here, the error messages included; other versions of Keras may word them otherwise.
#
# ## Stretch
#
# Write `check_both_formats(block, channels, **options)` for *any* block: it draws random sizes, all different, runs the block in both formats with the same weights, and says which of four things differs: whether it builds, the weight count, the shape, or the values. Try it on the tutorial's four blocks and on yours. Which sizes must it never draw?
#
# ## Next
#
# This was the last notebook. You can now derive, build, test, place and judge these blocks, and mend the ones you find. Take one from a paper that is not in this course, and begin with a 2x2x3 map.

# %% [markdown]
# {{hand_in}}
