# exercise: mass_inside
# kind: right
# score: 4
def mass_inside(gate, boxes):
    rows = np.array([[top <= h < bottom for h in range(gate.shape[1])] for top, _, bottom, _ in boxes], float)
    cols = np.array([[left <= w < right for w in range(gate.shape[2])] for _, left, _, right in boxes], float)
    return np.einsum("bhw,bh,bw->b", gate, rows, cols) / np.einsum("bhw->b", gate)
