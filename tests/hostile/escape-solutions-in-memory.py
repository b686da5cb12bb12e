# tries: find the solutions, the reference, the oracle or the exercises in this interpreter's memory
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import gc
import importlib.util
import sys
import types

gc.collect()
for name in list(sys.modules):
    if name.split(".")[0] in ("autograder", "nbgrader", "solutions") and name.split(".")[-1] in (
        "oracle", "exercises", "reference", "feature_maps", "verdict", "pipeline", "rebuild", "record",
    ):  # fmt: skip
        hole(f"module {name}")
for item in gc.get_objects():
    if isinstance(item, types.FunctionType) and str(item.__module__).startswith(("autograder.oracle", "autograder.ex")):
        hole(f"function {item.__module__}.{item.__qualname__}")
    if isinstance(item, dict) and "global_average_pool" in item and "__name__" in item:
        if item["__name__"] != "__main__":
            hole(f"global_average_pool in {item['__name__']}")
for name in ("autograder.oracle", "autograder.exercises", "autograder.reference", "autograder.judge.verdict"):
    try:
        __import__(name)
        hole(f"imported {name}")
    except ImportError:
        pass


def global_average_pool(x):
    return x
