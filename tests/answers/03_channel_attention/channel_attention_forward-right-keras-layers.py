# exercise: channel_attention_forward
# kind: right
# score: 6
from keras import layers, ops

def channel_attention_forward(x, w1, b1, w2, b2):
    x32 = x.astype("float32")
    a = layers.GlobalAveragePooling2D()(x32)
    m = layers.GlobalMaxPooling2D()(x32)
    logits = sum(ops.relu(v @ w1.astype("float32") + b1) @ w2.astype("float32") + b2 for v in (a, m))
    return ops.convert_to_numpy(layers.Multiply()([x32, ops.sigmoid(logits)]))
