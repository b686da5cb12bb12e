# exercise: excite
# kind: right
# score: 5
def excite(z, w1, b1, w2, b2):
    ones = np.ones((len(z), 1))
    hidden = np.hstack([z, ones]) @ np.vstack([w1, b1])
    hidden = np.clip(hidden, 0, None)
    logits = np.hstack([hidden, ones]) @ np.vstack([w2, b2])
    return 0.5 + 0.5 * np.tanh(0.5 * logits)
