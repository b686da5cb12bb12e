# tries: the C stack runs over
# worth: global_average_pool 0 crash|fail
# %% global_average_pool
import sys


def global_average_pool(x):
    sys.setrecursionlimit(10**9)
    nested = []
    for _ in range(10**6):
        nested = [nested]
    return repr(nested) and (lambda f: f(f))(lambda f: np.vectorize(f)(np.array([1])) if f else 0)
