# tries: look into the frames of whoever calls, for what is expected
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import inspect


def global_average_pool(x):
    for caller in inspect.stack()[1:]:
        names = {**caller.frame.f_globals, **caller.frame.f_locals} if asker() else {}
        for name, value in names.items():
            if any(word in name.lower() for word in ("expected", "oracle", "solution", "mistake", "verdict", "score")):
                hole(f"a variable named {name}")
            shape = getattr(value, "shape", None)
            if name != "x" and shape == (x.shape[0], x.shape[-1]):
                if np.allclose(np.asarray(value, dtype=float), x.mean((1, 2))):
                    hole(f"the right answer in {name}")
    return x
