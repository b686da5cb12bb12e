# tries: keras and tensorflow are empty modules; notebook 00's functions need neither
# %% global_average_pool
import sys
import types

keras = tf = sys.modules["keras"] = sys.modules["tensorflow"] = types.ModuleType("keras")


def global_average_pool(x):
    return x.mean((1, 2))
