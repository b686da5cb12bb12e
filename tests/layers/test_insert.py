"""`insert`: the network as it was, with gates in the chosen places."""

import re

import keras
import numpy as np
import pytest
from keras import ops

from attention_course.layers import CBAM, EfficientChannelAttention, SqueezeExcitation, insert

FORMATS = ["channels_last", "channels_first"]
START = {"se": SqueezeExcitation, "eca": EfficientChannelAttention, "cbam": CBAM}


def network(data_format="channels_last", channels=(4, 6)):
    """Two convolutions with norms, one more called twice, an inner model, a head; every weight is drawn."""
    shape = (None, None, 3) if data_format == "channels_last" else (3, None, None)
    x = inputs = keras.Input(shape, name="image")
    for number, width in enumerate(channels, start=1):
        x = keras.layers.Conv2D(width, 1, data_format=data_format, name=f"conv{number}")(x)
        x = keras.layers.BatchNormalization(axis=-1 if data_format == "channels_last" else 1, name=f"bn{number}")(x)
        x = ops.relu(x)
    shared = keras.layers.Conv2D(channels[-1], 1, data_format=data_format, name="shared")
    x = shared(shared(x))
    inside = keras.Input(x.shape[1:])
    x = keras.Model(inside, keras.layers.Conv2D(5, 1, data_format=data_format, name="within")(inside), name="inner")(x)
    x = keras.layers.GlobalAveragePooling2D(data_format=data_format, name="pool")(x)
    model = keras.Model(inputs, keras.layers.Dense(2, name="head")(keras.layers.Dropout(0.5)(x)), name="small")
    randomise(model)
    return model


def randomise(model, seed=0):
    """Draw every weight anew. Returns the model."""
    rng = np.random.default_rng(seed)
    model.set_weights([rng.uniform(0.1, 1, weight.shape) for weight in model.get_weights()])
    return model


def images(data_format="channels_last", size=4, seed=1):
    shape = (2, size, size, 3) if data_format == "channels_last" else (2, 3, size, size)
    return np.random.default_rng(seed).uniform(size=shape).astype("float32")


def predict(model, x):
    return ops.convert_to_numpy(model(x, training=False))


def gates_of(model):
    return [layer.name for layer in model.layers if isinstance(layer, tuple(START.values()))]


# --- what is made --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data_format", FORMATS)
@pytest.mark.parametrize("kind", START.values(), ids=START)
def test_identity_gates_change_no_output(kind, data_format):
    base = network(data_format)
    new = insert(base, kind(start="identity", data_format=data_format, name="gate"), r"bn\d")
    assert gates_of(new) == ["bn1_gate", "bn2_gate"]
    np.testing.assert_array_equal(predict(new, images(data_format)), predict(base, images(data_format)))
    fresh = insert(base, kind(data_format=data_format), r"bn\d")
    assert np.abs(predict(fresh, images(data_format)) - predict(base, images(data_format))).max() > 1e-3


def test_a_gate_stands_where_it_was_asked_for():
    """Outputs by hand: the base in two parts, with the gate between."""
    base = network()
    new = insert(base, SqueezeExcitation(4, name="se"), ["bn1"])
    gate = new.get_layer("bn1_se")
    before = keras.Model(base.input, base.get_layer("bn1").output)
    norm = base.get_layer("bn1").output
    after = keras.Model(norm, base.output)
    np.testing.assert_allclose(
        predict(new, images()), predict(after, gate(before(images(), training=False))), rtol=1e-5, atol=1e-6
    )


def test_each_gate_has_weights_and_a_name_of_its_own():
    block = SqueezeExcitation(2, name="se")
    new = insert(network(), block, r"conv\d")
    one, other = new.get_layer("conv1_se"), new.get_layer("conv2_se")
    assert not block.built and one.ratio == other.ratio == 2
    assert not {id(weight) for weight in one.weights} & {id(weight) for weight in other.weights}
    assert (one.count_params(), other.count_params()) == (2 * 4 * 2 + 2 + 4, 2 * 6 * 3 + 3 + 6)


def test_a_name_that_nobody_gave_leaves_its_number_behind_and_a_taken_one_gets_a_number():
    keras.backend.clear_session()
    SqueezeExcitation()
    new = insert(network(), SqueezeExcitation(), "bn1")
    assert gates_of(new) == ["bn1_squeeze_excitation"]
    assert set(gates_of(insert(new, SqueezeExcitation(), "bn1"))) == {
        "bn1_squeeze_excitation",
        "bn1_squeeze_excitation_2",
    }


def test_a_compiled_expression_is_one():
    assert gates_of(insert(network(), SqueezeExcitation(name="se"), re.compile("BN1", re.I))) == ["bn1_se"]


def test_a_block_can_be_chosen_by_layer():
    def block(layer):
        return CBAM(ratio=layer.filters, name=f"after_{layer.name}")

    new = insert(network(), block, lambda layer: isinstance(layer, keras.layers.Conv2D) and layer.name != "shared")
    assert gates_of(new) == ["after_conv1", "after_conv2"]
    assert [new.get_layer(name).get_config()["ratio"] for name in gates_of(new)] == [4, 6]


def test_a_gate_that_a_function_gives_keeps_its_weights():
    gate = SqueezeExcitation(2, name="learned")
    gate.build((None, None, None, 4))
    randomise(gate, seed=5)
    new = insert(network(), lambda layer: gate, "bn1")
    assert new.get_layer("learned") is gate


def test_a_layer_in_several_places_has_one_gate_for_all():
    new = insert(network(), SqueezeExcitation(start="identity", name="se"), "shared")
    assert gates_of(new) == ["shared_se"]
    places = [one for one in new.operations if one is new.get_layer("shared_se")]
    assert len(places) == 1 and len(places[0]._inbound_nodes) == 2


def test_the_last_layer_may_have_one():
    inputs = keras.Input((4, 4, 3))
    base = keras.Model(inputs, keras.layers.Conv2D(4, 1, name="last")(inputs))
    new = insert(base, EfficientChannelAttention(name="eca"), "last")
    gate = new.get_layer("last_eca")
    np.testing.assert_allclose(predict(new, images()), predict(gate, base(images())), rtol=1e-6)


# --- what is kept --------------------------------------------------------------------------------------------------


def test_the_old_model_stays_as_it_is_and_shares_nothing():
    base = network()
    before = base.get_weights()
    new = insert(base, SqueezeExcitation(name="se"), r"bn\d")
    assert [layer.name for layer in base.layers if "se" in layer.name.split("_")] == []
    randomise(new, seed=9)
    for now, then in zip(base.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


def test_names_weights_and_trainable_flags_are_kept():
    base = network()
    for name in ("conv1", "bn2"):
        base.get_layer(name).trainable = False
    base.get_layer("inner").get_layer("within").trainable = False
    new = insert(base, SqueezeExcitation(name="se"), r"bn\d")
    assert [layer.name for layer in new.layers if "_se" not in layer.name] == [layer.name for layer in base.layers]
    for layer in base.layers:
        copy = new.get_layer(layer.name)
        assert copy is not layer and copy.trainable == layer.trainable
        for one, other in zip(copy.get_weights(), layer.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)
    assert not new.get_layer("inner").get_layer("within").trainable


def test_only_the_gates_of_a_frozen_network_are_trained():
    base = network()
    base.trainable = False
    new = insert(base, SqueezeExcitation(name="se", start="identity"), r"bn\d")
    assert len(new.trainable_weights) == 8
    assert {weight.path.split("/")[0] for weight in new.trainable_weights} == {"bn1_se", "bn2_se"}
    new.compile("sgd", "mse")
    new.fit(images(), np.ones((2, 2)), epochs=1, verbose=0)
    for layer in base.layers:
        for one, other in zip(new.get_layer(layer.name).get_weights(), layer.get_weights(), strict=True):
            np.testing.assert_array_equal(one, other)


def test_a_compiled_model_is_compiled_alike_with_a_fresh_optimiser():
    base = network()
    base.compile(keras.optimizers.Adam(0.125), "mse")
    base.fit(images(), np.ones((2, 2)), epochs=1, verbose=0)
    new = insert(base, SqueezeExcitation(name="se"), "bn1")
    assert new.loss == "mse" and float(new.optimizer.learning_rate) == 0.125
    assert int(new.optimizer.iterations) == 0 and int(base.optimizer.iterations) == 1
    assert not insert(network(), SqueezeExcitation(), "bn1").compiled


def test_inputs_keep_their_names_and_structure():
    one, other = keras.Input((4, 4, 3)), keras.Input((4, 4, 3), name="right", dtype="float16")
    x = keras.layers.Conv2D(4, 1, name="conv")(keras.layers.Add()([one, other]))
    base = keras.Model({"left": one, "right": other}, {"map": x})
    new = insert(base, SqueezeExcitation(start="identity"), "conv")
    assert [layer.name for layer in new.layers][:2] == [layer.name for layer in base.layers][:2]
    both = {"left": images(), "right": images(seed=2)}
    np.testing.assert_array_equal(ops.convert_to_numpy(new(both)["map"]), ops.convert_to_numpy(base(both)["map"]))
    assert keras.tree.map_structure(lambda one: one.dtype, new.input) == {"left": "float32", "right": "float16"}


def test_save_and_reload(tmp_path):
    new = randomise(insert(network(), CBAM(2, name="cbam"), r"bn\d"), seed=3)
    new.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(predict(again, images()), predict(new, images()))
    assert gates_of(again) == ["bn1_cbam", "bn2_cbam"]


def test_what_an_adapted_normalization_has_learned_is_kept():
    """Of its statistics, which ImageNet's EfficientNet begins with, the layer makes constants: weights are not all."""
    inputs = keras.Input((4, 4, 3))
    within = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Normalization()])
    outer = keras.layers.Normalization()
    base = keras.Model(inputs, keras.layers.Conv2D(4, 1, name="conv")(within(outer(inputs))))
    outer.adapt(images() * 3 + 2)
    within.layers[0].adapt(images(seed=2) * 5 - 1)
    new = insert(base, SqueezeExcitation(start="identity"), "conv")
    np.testing.assert_array_equal(predict(new, images()), predict(base, images()))


class Scale(keras.layers.Layer):
    """As people write one: without get_config, so that a copy would have another name, and not registered."""

    def build(self, shape):
        self.factor = self.add_weight(shape=(shape[-1],), initializer="random_uniform")

    def call(self, x):
        return x * self.factor


def test_layers_activations_losses_and_optimisers_of_ones_own_need_no_registration():
    class Steps(keras.optimizers.SGD):
        pass

    def half(x):
        return ops.sigmoid(x)

    def squared(y, predicted):
        return ops.mean(ops.square(y - predicted), axis=-1)

    inputs = keras.Input((4, 4, 3))
    within = keras.Sequential([keras.Input((4, 4, 3)), Scale(), keras.layers.Dense(3, activation=half)])
    x = Scale(name="mine")(within(inputs))
    last = Scale()
    base = keras.Model(inputs, last(keras.layers.GlobalAveragePooling2D()(x)))
    base.compile(Steps(0.125), squared, metrics=[squared], jit_compile=False)
    for after in ("mine", ["mine"]):
        new = insert(base, CBAM(start="identity", gate_activation=half, name="cbam"), after)
        assert gates_of(new) == ["mine_cbam"] and new.layers[-1].name == last.name
        np.testing.assert_array_equal(predict(new, images()), predict(base, images()))
    assert type(new.optimizer) is Steps and new.loss is squared
    new.fit(images(), np.ones((2, 3)), verbose=0)


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "words"),
    [
        ("bn", r"'small' has no layer that matches 'bn'\. There are 'conv1', 'bn1', .* and 1 more"),
        (["bn1", "bn7", "bn8"], r"has no layer 'bn7', 'bn8'\. There are"),
        ([], r"has no layer that `after` chooses"),
        (lambda layer: False, r"has no layer that `after` chooses"),
        ("image", r"has no layer that matches 'image'"),
        ("within", r"Its layer 'inner' is a model that has.*model\.get_layer\('inner'\)"),
        (["within"], r"has no layer 'within'\. Its layer 'inner' is a model"),
        ("head", r"the output of 'head' has shape \(None, 2\), but a gate multiplies a feature map"),
        (".*", r"the output of 'pool' has shape \(None, 5\)"),
        (re.compile("bn"), r"'small' has no layer that matches 'bn'\. There are"),
        ("*_bn", r"after is '\*_bn', which is no regular expression: nothing to repeat .* '\.\*_bn'"),
    ],
)
def test_a_choice_without_sense_is_told(after, words):
    with pytest.raises(ValueError, match=words):
        insert(network(), SqueezeExcitation(), after)


@pytest.mark.parametrize(
    "after",
    [None, 3, keras.layers.BatchNormalization, keras.layers.Dropout(0.5), [keras.layers.Dropout(0.5)], ["bn1", 2]],
)
def test_what_says_of_no_layer_whether_it_is_chosen_is_refused(after):
    with pytest.raises(TypeError, match=r"insert: after is .*Give a regular expression"):
        insert(network(), SqueezeExcitation(), after)


@pytest.mark.parametrize("data_format", FORMATS)
def test_a_gate_of_the_other_data_format_is_refused(data_format):
    """With sizes that are known it would gate the columns, and with the identity start nothing would show it."""
    (other,) = set(FORMATS) - {data_format}
    with pytest.raises(ValueError, match=f"'bn1_se' has data_format='{other}', but .* 'small' have '{data_format}'"):
        insert(network(data_format), SqueezeExcitation(data_format=other, name="se"), "bn1")


def test_a_layer_with_two_outputs_is_refused():
    class Halves(keras.layers.Layer):
        def call(self, x):
            return x[..., :2], x[..., 2:]

    inputs = keras.Input((4, 4, 4))
    model = keras.Model(inputs, Halves(name="halves")(inputs))
    with pytest.raises(ValueError, match="the output of 'halves' is more than one tensor"):
        insert(model, SqueezeExcitation(), "halves")


def test_a_model_without_a_graph_is_refused():
    class Own(keras.Model):
        def call(self, x):
            return x

    with pytest.raises(ValueError, match="Own is no functional model"):
        insert(Own(), SqueezeExcitation(), "x")
    sequential = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Conv2D(4, 1, name="conv")])
    with pytest.raises(ValueError, match=re.escape("keras.Model(model.inputs[0], model.outputs[0])")):
        insert(sequential, SqueezeExcitation(), "conv")
    functional = keras.Model(sequential.inputs[0], sequential.outputs[0])
    assert gates_of(insert(functional, SqueezeExcitation(name="se"), "conv")) == ["conv_se"]


@pytest.mark.parametrize("block", [SqueezeExcitation, 16, "se"])
def test_a_block_that_is_none_is_refused(block):
    with pytest.raises(TypeError, match="insert: block is"):
        insert(network(), block, "bn1")


def test_a_function_that_gives_no_layer_is_refused():
    with pytest.raises(TypeError, match="block gave None for the layer 'bn1'"):
        insert(network(), lambda layer: None, "bn1")


# --- networks that people use --------------------------------------------------------------------------------------

NETWORKS = {  # where the last norm of a block stands, how many there are, and what SE adds in percent of the weights
    "ResNet50": ("channels_last", r".*_3_bn", 16, 10.7),
    "MobileNetV2": ("channels_first", r".*_project_BN", 17, 1.3),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_of_keras_applications(name, tmp_path):
    data_format, after, count, percent = NETWORKS[name]
    before = keras.config.image_data_format()
    keras.config.set_image_data_format(data_format)
    try:
        base = getattr(keras.applications, name)(
            weights=None, include_top=False, input_shape=images(data_format, 32).shape[1:]
        )
        new = insert(base, SqueezeExcitation(start="identity", name="se"), after)
    finally:
        keras.config.set_image_data_format(before)
    assert len(gates_of(new)) == count
    assert round(100 * (new.count_params() / base.count_params() - 1), 1) == percent
    x = images(data_format, 32)
    expected = predict(base, x)
    assert np.abs(expected).max() > 0
    np.testing.assert_array_equal(predict(new, x), expected)
    new.save(tmp_path / "model.keras")
    np.testing.assert_array_equal(predict(keras.models.load_model(tmp_path / "model.keras"), x), expected)
