# exercise: shared_mlp
# kind: right
# score: 4
def relu(t):
    return (t + abs(t)) / 2


def layer(t, w, b):
    return np.dot(w.T, t) + b


def shared_mlp(v, w1, b1, w2, b2):
    rows = []
    for row in v:
        rows.append(layer(relu(layer(row, w1, b1)), w2, b2))
    return np.array(rows)
