# exercise: shared_mlp
# kind: right
# score: 4
def shared_mlp(v, w1, b1, w2, b2):
    v1 = np.hstack([v, np.ones((len(v), 1))])
    h = np.clip(v1 @ np.vstack([w1, b1]), 0, None)
    h1 = np.hstack([h, np.ones((len(v), 1))])
    return h1 @ np.vstack([w2, b2])
