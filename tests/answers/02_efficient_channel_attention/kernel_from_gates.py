# %% right band-matrix-per-tap
def band(kernel, channels):
    return sum(w * np.eye(channels, k=t - len(kernel) // 2) for t, w in enumerate(kernel))


def kernel_from_gates(z, gates, kernel_size):
    logits = np.log(gates / (1 - gates))
    columns = [z @ band(unit, z.shape[1]).T for unit in np.eye(kernel_size)]
    system = np.stack(columns, axis=-1).reshape(-1, kernel_size)
    return np.linalg.lstsq(system, logits.reshape(-1), rcond=None)[0]

# %% right normal-equations
def kernel_from_gates(z, gates, kernel_size):
    reach = kernel_size // 2
    padded = np.pad(z, ((0, 0), (reach, reach)))
    left, right = np.zeros((kernel_size, kernel_size)), np.zeros(kernel_size)
    for image, gate in zip(padded, gates):
        for i in range(len(gate)):
            heard = image[i:i + kernel_size]
            left += np.outer(heard, heard)
            right += heard * np.log(gate[i] / (1 - gate[i]))
    return np.linalg.solve(left, right)

# %% right pinv-of-windows
def kernel_from_gates(z, gates, kernel_size):
    reach = kernel_size // 2
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(z, ((0, 0), (reach, reach))), kernel_size, axis=1)
    print("equations", gates.size)
    return np.linalg.pinv(windows.reshape(-1, kernel_size)) @ -np.log(1 / gates - 1).ravel()

# %% right shifted-descriptors
def kernel_from_gates(z, gates, kernel_size):
    B, C = z.shape
    p = kernel_size // 2
    A = np.zeros((B, C, kernel_size))
    for t in range(kernel_size):
        for i in range(C):
            j = i + t - p
            if 0 <= j < C:
                A[:, i, t] = z[:, j]
    a = np.arctanh(2 * gates - 1) * 2
    q, r = np.linalg.qr(A.reshape(B * C, kernel_size))
    return np.linalg.solve(r, q.T @ a.ravel())

# %% wrong gates-as-logits: 1, "taken for the logits", like right pinv-of-windows
# -     return np.linalg.pinv(windows.reshape(-1, kernel_size)) @ -np.log(1 / gates - 1).ravel()
# +     return np.linalg.pinv(windows.reshape(-1, kernel_size)) @ gates.ravel()

# %% wrong ratio-as-logits: 1, "logarithm is missing", like right pinv-of-windows
# -     return np.linalg.pinv(windows.reshape(-1, kernel_size)) @ -np.log(1 / gates - 1).ravel()
# +     return np.linalg.pinv(windows.reshape(-1, kernel_size)) @ (gates / (1 - gates)).ravel()

# %% wrong logarithm-of-gates: 1, "not its logit", like right pinv-of-windows
# -     return np.linalg.pinv(windows.reshape(-1, kernel_size)) @ -np.log(1 / gates - 1).ravel()
# +     return np.linalg.pinv(windows.reshape(-1, kernel_size)) @ np.log(gates).ravel()

# %% wrong sign-lost: 1, "sign is lost", like right pinv-of-windows
# -     return np.linalg.pinv(windows.reshape(-1, kernel_size)) @ -np.log(1 / gates - 1).ravel()
# +     return np.linalg.pinv(windows.reshape(-1, kernel_size)) @ np.log(1 / gates - 1).ravel()

# %% wrong base-two: 1, "base two", like right pinv-of-windows
# -     return np.linalg.pinv(windows.reshape(-1, kernel_size)) @ -np.log(1 / gates - 1).ravel()
# +     return np.linalg.pinv(windows.reshape(-1, kernel_size)) @ -np.log2(1 / gates - 1).ravel()

# %% wrong backwards: 1, "backwards", like right band-matrix-per-tap
# -     columns = [z @ band(unit, z.shape[1]).T for unit in np.eye(kernel_size)]
# +     columns = [z @ band(unit, z.shape[1]) for unit in np.eye(kernel_size)]

# %% wrong ring: 1, "ring", like right pinv-of-windows
# -     windows = np.lib.stride_tricks.sliding_window_view(np.pad(z, ((0, 0), (reach, reach))), kernel_size, axis=1)
# +     padded = np.pad(z, ((0, 0), (reach, reach)), mode="wrap")
# +     windows = np.lib.stride_tricks.sliding_window_view(padded, kernel_size, axis=1)

# %% wrong repeated-ends: 1, "repeated", like right pinv-of-windows
# -     windows = np.lib.stride_tricks.sliding_window_view(np.pad(z, ((0, 0), (reach, reach))), kernel_size, axis=1)
# +     padded = np.pad(z, ((0, 0), (reach, reach)), mode="edge")
# +     windows = np.lib.stride_tricks.sliding_window_view(padded, kernel_size, axis=1)

# %% wrong starts-at-its-own: 1, "not centred", like right shifted-descriptors
# -             j = i + t - p
# +             j = i + t

# %% wrong ends-at-its-own: 1, "not centred", like right shifted-descriptors
# -             j = i + t - p
# +             j = i + t - kernel_size + 1

# %% wrong first-image: 4, "first image", like right shifted-descriptors
#       B, C = z.shape
# +     B, z, gates = 1, z[:1], gates[:1]

# %% wrong first-equations: 4.75, "need all of them", like right band-matrix-per-tap
# -     return np.linalg.lstsq(system, logits.reshape(-1), rcond=None)[0]
# +     return np.linalg.solve(system[:kernel_size], logits.reshape(-1)[:kernel_size])

# %% wrong images-averaged: 4, "averaged before", like right band-matrix-per-tap
# -     logits = np.log(gates / (1 - gates))
# +     logits = np.log(gates / (1 - gates)).mean(axis=0)
# +     z = z.mean(axis=0, keepdims=True)

# %% wrong gates-averaged: 2, "wrong", like right band-matrix-per-tap
# -     logits = np.log(gates / (1 - gates))
# +     z, gates = z.mean(axis=0, keepdims=True), gates.mean(axis=0, keepdims=True)
# +     logits = np.log(gates / (1 - gates))

# %% wrong inner-gates-only: 3, "both ends", like right normal-equations
# -         for i in range(len(gate)):
# +         for i in range(reach, len(gate) - reach):

# %% wrong bias-fitted: 3.75, "bias", like right band-matrix-per-tap
# -     return np.linalg.lstsq(system, logits.reshape(-1), rcond=None)[0]
# +     system = np.hstack([system, np.ones((len(system), 1))])
# +     return np.linalg.lstsq(system, logits.reshape(-1), rcond=None)[0][:kernel_size]

# %% wrong least-squares-of-gates: 4.75, "wrong", like right band-matrix-per-tap
# -     return np.linalg.lstsq(system, logits.reshape(-1), rcond=None)[0]
# +     weight = (gates * (1 - gates)).reshape(-1)
# +     return np.linalg.lstsq(system * weight[:, None], logits.reshape(-1) * weight, rcond=None)[0]

# %% wrong column: 0.5, "axes", like right normal-equations
# -     return np.linalg.solve(left, right)
# +     return np.linalg.solve(left, right)[:, None]

# %% wrong full-matrix: 1, "wrong", like right band-matrix-per-tap
# -     columns = [z @ band(unit, z.shape[1]).T for unit in np.eye(kernel_size)]
# -     system = np.stack(columns, axis=-1).reshape(-1, kernel_size)
# -     return np.linalg.lstsq(system, logits.reshape(-1), rcond=None)[0]
# +     matrix = np.linalg.lstsq(z, logits, rcond=None)[0].T
# +     middle = z.shape[1] // 2
# +     return matrix[middle, max(0, middle - kernel_size // 2):][:kernel_size]

# %% wrong tuple-of-lstsq: 0, "tuple", like right band-matrix-per-tap
# -     return np.linalg.lstsq(system, logits.reshape(-1), rcond=None)[0]
# +     return np.linalg.lstsq(system, logits.reshape(-1), rcond=None)

# %% wrong list: 5.75, "type list", like right normal-equations
# -     return np.linalg.solve(left, right)
# +     return list(np.linalg.solve(left, right))

# %% wrong sizes-fixed: 2, "wrong", like right normal-equations
# -     reach = kernel_size // 2
# +     reach, wanted, kernel_size = 1, kernel_size, 3

# -     return np.linalg.solve(left, right)
# +     return np.pad(np.linalg.solve(left, right), max(0, wanted // 2 - 1))[:wanted]

# %% wrong in-place: 5.75, "changes what it was given", like right band-matrix-per-tap
# -     logits = np.log(gates / (1 - gates))
# +     gates /= 1 - gates
# +     logits = np.log(gates)

# %% wrong no-return: 0, "return", like right normal-equations
# -     return np.linalg.solve(left, right)
# +     kernel = np.linalg.solve(left, right)

# %% wrong not-written: 0, "not written"
def kernel_from_gates(z, gates, kernel_size):
    raise NotImplementedError
