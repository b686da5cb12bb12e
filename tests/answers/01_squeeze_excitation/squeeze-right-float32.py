# exercise: squeeze
# kind: right
# score: 3
def squeeze(x):
    return np.asarray(x, dtype=np.float32).mean(axis=2).mean(axis=1)
