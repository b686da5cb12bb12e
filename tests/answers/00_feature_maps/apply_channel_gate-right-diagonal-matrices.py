# exercise: apply_channel_gate
# kind: right
# score: 3
import warnings


def apply_channel_gate(x, gate):
    warnings.warn("slow", RuntimeWarning)
    out = [image @ np.diag(g) for image, g in zip(x, gate)]
    print(len(out), "images done")
    return np.array(out)
