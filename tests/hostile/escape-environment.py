# tries: find what the environment, the command line and the home folder tell of the world outside
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import pathlib
import sys

for name, value in os.environ.items():
    if CANARY in value or COURSE in value or any(word in name for word in ("TOKEN", "SECRET", "PASSWORD", "KEY", "DASK")):
        hole(f"variable {name}")
for place in (pathlib.Path.home(), pathlib.Path("~").expanduser(), "/root", "/home", os.path.dirname(COURSE), COURSE):
    for path, name in walk(str(place)):
        try:
            with open(path, "rb") as file:
                if CANARY.encode() in file.read(2**16):
                    hole(f"file {path}")
        except OSError:
            pass
if any(COURSE in argument or CANARY in argument for argument in (*sys.argv, *sys.path, *sys.orig_argv)):
    hole("the interpreter's arguments")


def global_average_pool(x):
    return x
