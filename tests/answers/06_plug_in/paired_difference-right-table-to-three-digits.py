# exercise: paired_difference
# kind: right
# score: 5
def paired_difference(a, b):
    t = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228][len(a) - 2]
    d = np.asarray(a) - np.asarray(b)
    error = np.sqrt(np.sum((d - d.mean()) ** 2) / (len(d) - 1) / len(d))
    return d.mean().item(), (d.mean() - t * error).item(), (d.mean() + t * error).item()
