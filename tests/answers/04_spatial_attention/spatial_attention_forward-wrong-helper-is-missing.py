# exercise: spatial_attention_forward
# kind: wrong
# score: 0
# says: is not defined
def spatial_attention_forward(x, kernel):
    d = np.stack([x.mean(axis=-1), x.max(axis=-1)], axis=-1)
    return x * sigmoid(conv2d_same(d, kernel))[..., None]
