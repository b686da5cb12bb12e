# %% right loop
def mass_inside(gate, boxes):
    shares = np.zeros(len(gate))
    for i in range(len(gate)):
        top, left, bottom, right = boxes[i]
        shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
    return shares

# %% right cumulative-sums
def mass_inside(gate, boxes):
    # an integral image: one corner sum minus two plus one
    table = np.pad(gate, ((0, 0), (1, 0), (1, 0))).cumsum(axis=1).cumsum(axis=2)
    i = np.arange(len(gate))
    t, l, b, r = boxes.T
    return (table[i, b, r] - table[i, t, r] - table[i, b, l] + table[i, t, l]) / table[i, -1, -1]

# %% right einsum-of-two-masks
def mass_inside(gate, boxes):
    rows = np.array([[top <= h < bottom for h in range(gate.shape[1])] for top, _, bottom, _ in boxes], float)
    cols = np.array([[left <= w < right for w in range(gate.shape[2])] for _, left, _, right in boxes], float)
    return np.einsum("bhw,bh,bw->b", gate, rows, cols) / np.einsum("bhw->b", gate)

# %% wrong rows-closed: 1, "of 2 values", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = gate[i, top : bottom + 1, left:right].sum() / gate[i].sum()

# %% right mask
def mass_inside(gate, boxes):
    b, h, w = gate.shape
    rows, columns = np.arange(h)[None, :, None], np.arange(w)[None, None, :]
    top, left, bottom, right = [boxes[:, i][:, None, None] for i in range(4)]
    inside = (rows >= top) & (rows < bottom) & (columns >= left) & (columns < right)
    return (gate * inside).sum(axis=(1, 2)) / gate.sum(axis=(1, 2))

# %% right normalised-first
def mass_inside(gate, boxes):
    share = gate / np.sum(gate, axis=(1, 2), keepdims=True)
    return np.array([np.sum(s[slice(b[0], b[2]), slice(b[1], b[3])]) for s, b in zip(share, boxes)])

# %% right tensorflow-float32
def mass_inside(gate, boxes):
    parts = []
    for one, (t, l, b, r) in zip(gate.astype("float32"), boxes):
        parts.append(tf.reduce_sum(one[t:b, l:r]) / tf.reduce_sum(one))
    return tf.stack(parts)

# %% wrong area: 1, "area", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = (bottom - top) * (right - left) / gate[i].size

# %% wrong closed-box: 1, "half open", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = gate[i, top:bottom + 1, left:right + 1].sum() / gate[i].sum()

# %% wrong exchanged: 1, "exchanged", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = gate[i, left:right, top:bottom].sum() / gate[i].sum()

# %% wrong height-and-width: 1, "height and width", like right loop
# -         top, left, bottom, right = boxes[i]
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         top, left, height, width = boxes[i]
# +         shares[i] = gate[i, top:top + height, left:left + width].sum() / gate[i].sum()

# %% wrong mean-inside: 1, "mean inside the box", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = gate[i, top:bottom, left:right].mean()

# %% wrong not-divided: 1, "sum inside", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = gate[i, top:bottom, left:right].sum()

# %% wrong odds: 1, "sum outside", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = gate[i, top:bottom, left:right].sum() / (gate[i].sum() - gate[i, top:bottom, left:right].sum())

# %% wrong one-too-few: 1, "left out", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = gate[i, top:bottom - 1, left:right - 1].sum() / gate[i].sum()

# %% wrong other-order: 1, "top, bottom, left", like right loop
# -         top, left, bottom, right = boxes[i]
# +         top, bottom, left, right = boxes[i]

# %% wrong outside: 1, "outside", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = 1 - gate[i, top:bottom, left:right].sum() / gate[i].sum()

# %% wrong ratio-of-means: 1, "compares the mean", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = gate[i, top:bottom, left:right].mean() / gate[i].mean()

# %% wrong rounded: 1, "three digits", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = round(gate[i, top:bottom, left:right].sum() / gate[i].sum(), 3)

# %% wrong softmax-first: 1, "softmax", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = np.exp(gate[i])[top:bottom, left:right].sum() / np.exp(gate[i]).sum()

# %% wrong whole-batch: 1, "all images", like right loop
# -         shares[i] = gate[i, top:bottom, left:right].sum() / gate[i].sum()
# +         shares[i] = gate[i, top:bottom, left:right].sum() / gate.sum()

# %% wrong column: 0.5, "left over"
def mass_inside(gate, boxes):
    return np.array([[g[t:b, l:r].sum() / g.sum()] for g, (t, l, b, r) in zip(gate, boxes)])

# %% wrong first-box: 1, "first image"
def mass_inside(gate, boxes):
    top, left, bottom, right = boxes[0]
    return gate[:, top:bottom, left:right].sum(axis=(1, 2)) / gate.sum(axis=(1, 2))

# %% wrong in-place: 3.75, "changes what it was given"
def mass_inside(gate, boxes):
    gate /= gate.sum(axis=(1, 2), keepdims=True)
    return np.array([g[t:b, l:r].sum() for g, (t, l, b, r) in zip(gate, boxes)])

# %% wrong list: 3.75, "list"
def mass_inside(gate, boxes):
    return [float(g[t:b, l:r].sum() / g.sum()) for g, (t, l, b, r) in zip(gate, boxes)]

# %% wrong mean-of-shares: 0.25, "0 axes"
def mass_inside(gate, boxes):
    shares = [g[t:b, l:r].sum() / g.sum() for g, (t, l, b, r) in zip(gate, boxes)]
    return np.mean(shares)

# %% wrong no-return: 0, "None"
def mass_inside(gate, boxes):
    print([g[t:b, l:r].sum() / g.sum() for g, (t, l, b, r) in zip(gate, boxes)])

# %% wrong not-written: 0, "not written"
def mass_inside(gate, boxes):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")

# %% wrong returns-in-loop: 0.25, "float64"
def mass_inside(gate, boxes):
    for i in range(len(gate)):
        top, left, bottom, right = boxes[i]
        return gate[i, top:bottom, left:right].sum() / gate[i].sum()

# %% wrong whole-batch-sliced: 0, "raised"
def mass_inside(gate, boxes):
    top, left, bottom, right = boxes
    return gate[:, top:bottom, left:right].sum(axis=(1, 2)) / gate.sum(axis=(1, 2))

# %% wrong whole-gate-divides: 0.5, "axes"
def mass_inside(gate, boxes):
    inside = np.array([g[t:b, l:r].sum() for g, (t, l, b, r) in zip(gate, boxes)])
    return inside[:, None, None] / gate
