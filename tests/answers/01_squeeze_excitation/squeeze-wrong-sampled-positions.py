# exercise: squeeze
# kind: wrong
# score: 0.75
# says: second call
def squeeze(x):
    # a mean over half of the positions is enough
    flat = x.reshape(len(x), -1, x.shape[-1])
    chosen = np.random.rand(flat.shape[1]) + 0.5
    return (flat * chosen[:, None]).sum(axis=1) / chosen.sum()
