# exercise: excite
# kind: wrong
# score: 1
# says: sigmoid is missing
def excite(z, w1, b1, w2, b2):
    hidden = np.maximum(z @ w1 + b1, 0)
    return hidden @ w2 + b2
