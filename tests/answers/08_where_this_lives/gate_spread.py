# %% right comprehension
def gate_spread(gates, labels):
    means = np.stack([gates[labels == label].mean(axis=0) for label in np.unique(labels)])
    return means.std(axis=0)

# %% right loops
def gate_spread(gates, labels):
    classes = sorted(set(labels.tolist()))
    spread = np.zeros(gates.shape[1])
    for c in range(gates.shape[1]):
        means = []
        for label in classes:
            chosen = [gates[b, c] for b in range(len(labels)) if labels[b] == label]
            means.append(sum(chosen) / len(chosen))
        middle = sum(means) / len(means)
        spread[c] = (sum((mean - middle) ** 2 for mean in means) / len(means)) ** 0.5
    return spread

# %% right one-hot
def gate_spread(gates, labels):
    # a matrix product adds up the gates of each class
    classes, which = np.unique(labels, return_inverse=True)
    hot = np.eye(len(classes))[which]
    means = hot.T @ gates / hot.sum(axis=0)[:, None]
    return np.sqrt((means**2).mean(axis=0) - means.mean(axis=0) ** 2)

# %% right add-at
def gate_spread(gates, labels):
    size = labels.max() + 1
    sums, counts = np.zeros((size, gates.shape[1])), np.bincount(labels, minlength=size)
    np.add.at(sums, labels, gates)
    there = counts > 0
    return np.std(sums[there] / counts[there][:, None], axis=0)

# %% right tensorflow
def gate_spread(gates, labels):
    _, which = np.unique(labels, return_inverse=True)
    means = tf.math.unsorted_segment_mean(tf.constant(gates, tf.float32), which, which.max() + 1)
    return tf.math.reduce_std(means, axis=0)

# %% wrong over-images: 1, "over all images", like right comprehension
# -     means = np.stack([gates[labels == label].mean(axis=0) for label in np.unique(labels)])
# -     return means.std(axis=0)
# +     return gates.std(axis=0)

# %% wrong within-classes: 1, "images of one class differ", like right comprehension
# -     means = np.stack([gates[labels == label].mean(axis=0) for label in np.unique(labels)])
# -     return means.std(axis=0)
# +     deviations = np.stack([gates[labels == label].std(axis=0) for label in np.unique(labels)])
# +     return deviations.mean(axis=0)

# %% wrong not-divided: 1, "does not divide", like right comprehension
# -     return means.std(axis=0)
# +     return np.sqrt(((means - means.mean(axis=0)) ** 2).sum(axis=0))

# %% wrong labels-torn-off: 0.75, "are wrong", like right comprehension
#   def gate_spread(gates, labels):
# +     labels.sort()
#       means = np.stack([gates[labels == label].mean(axis=0) for label in np.unique(labels)])

# %% wrong less-one: 1, "less one", like right comprehension
# -     return means.std(axis=0)
# +     return means.std(axis=0, ddof=1)

# %% wrong variance: 1, "variance", like right comprehension
# -     return means.std(axis=0)
# +     return means.var(axis=0)

# %% wrong range: 1, "largest and the smallest", like right comprehension
# -     return means.std(axis=0)
# +     return means.max(axis=0) - means.min(axis=0)

# %% wrong mean-distance: 2, "squares the distances", like right comprehension
# -     return means.std(axis=0)
# +     return np.abs(means - means.mean(axis=0)).mean(axis=0)

# %% wrong by-size: 1, "counts once", like right one-hot
# -     means = hot.T @ gates / hot.sum(axis=0)[:, None]
# -     return np.sqrt((means**2).mean(axis=0) - means.mean(axis=0) ** 2)
# +     means = hot.T @ gates / hot.sum(axis=0)[:, None]
# +     return means[which].std(axis=0)

# %% wrong sums: 1, "adds up the gates", like right one-hot
# -     means = hot.T @ gates / hot.sum(axis=0)[:, None]
# +     means = hot.T @ gates

# %% wrong median: 1, "median", like right comprehension
# -     means = np.stack([gates[labels == label].mean(axis=0) for label in np.unique(labels)])
# +     means = np.stack([np.median(gates[labels == label], axis=0) for label in np.unique(labels)])

# %% wrong largest: 1, "largest gate", like right comprehension
# -     means = np.stack([gates[labels == label].mean(axis=0) for label in np.unique(labels)])
# +     means = np.stack([gates[labels == label].max(axis=0) for label in np.unique(labels)])

# %% wrong largest-of-all-channels: 0.25, "0 axes"
def gate_spread(gates, labels):
    return np.array([gates[labels == label].max() for label in np.unique(labels)]).std()

# %% wrong empty-classes: 1, "no image has", like right add-at
# -     there = counts > 0
# -     return np.std(sums[there] / counts[there][:, None], axis=0)
# +     return np.std(sums / np.maximum(counts, 1)[:, None], axis=0)

# %% wrong empty-classes-from-one: 1, "no image has", like right add-at
# -     there = counts > 0
# -     return np.std(sums[there] / counts[there][:, None], axis=0)
# +     return np.std(sums[1:] / np.maximum(counts[1:], 1)[:, None], axis=0)

# %% wrong every-number-is-a-class: 1, "nan", like right comprehension
# -     means = np.stack([gates[labels == label].mean(axis=0) for label in np.unique(labels)])
# +     means = np.stack([gates[labels == label].mean(axis=0) for label in range(labels.max() + 1)])

# %% wrong relative: 1, "by the mean", like right comprehension
# -     return means.std(axis=0)
# +     return means.std(axis=0) / means.mean(axis=0)

# %% wrong over-channels: 0.5, "over the channels", like right comprehension
# -     return means.std(axis=0)
# +     return means.std(axis=1)

# %% wrong means-alone: 0.5, "deviation is still missing", like right comprehension
# -     return means.std(axis=0)
# +     return means

# %% wrong one-number: 0.25, "0 axes", like right comprehension
# -     return means.std(axis=0)
# +     return means.std()

# %% wrong list: 3.75, "list", like right comprehension
# -     return means.std(axis=0)
# +     return means.std(axis=0).tolist()

# %% wrong in-place: 3.75, "changes what it was given", like right comprehension
# -     means = np.stack([gates[labels == label].mean(axis=0) for label in np.unique(labels)])
# +     order = np.argsort(labels, kind="stable")
# +     gates[:], labels[:] = gates[order], labels[order]
# +     means = np.stack([gates[labels == label].mean(axis=0) for label in np.unique(labels)])

# %% wrong no-return: 0, "None", like right comprehension
# -     return means.std(axis=0)
# +     print(means.std(axis=0))

# %% wrong not-written: 0, "not written"
def gate_spread(gates, labels):
    raise NotImplementedError("Your turn: write this function, then run this cell again.")
