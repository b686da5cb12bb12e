# exercise: mass_inside
# kind: right
# score: 4
def mass_inside(gate, boxes):
    b, h, w = gate.shape
    rows, columns = np.arange(h)[None, :, None], np.arange(w)[None, None, :]
    top, left, bottom, right = [boxes[:, i][:, None, None] for i in range(4)]
    inside = (rows >= top) & (rows < bottom) & (columns >= left) & (columns < right)
    return (gate * inside).sum(axis=(1, 2)) / gate.sum(axis=(1, 2))
