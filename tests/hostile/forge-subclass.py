# tries: a subclass of ndarray that lies about its shape, its type and its comparisons
# worth: global_average_pool 0.5 fail
# %% global_average_pool
class Lying(np.ndarray):
    shape = property(lambda self: (1, 3))
    dtype = property(lambda self: np.dtype("float64"))
    __eq__ = __le__ = lambda self, other: np.True_
    __array_priority__ = 1e9

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        return np.True_

    def __array_function__(self, function, types, arguments, keywords):
        return np.True_

    def __reduce__(self):
        return os.system, (f"touch /tmp/{MARK}",)


Lying.__name__ = "ndarray"


def global_average_pool(x):
    return x.view(Lying)
