# exercise: excite
# kind: wrong
# score: 1
# says: values are wrong
def excite(z, w1, b1, w2, b2):
    return np.full(z.shape, 0.5)
