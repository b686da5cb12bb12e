# tries: find the solutions, the reference, the oracle or the hidden tests in any file that can be read
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import sys

WORDS = [one + other for one, other in (("BEGIN SOL", "UTION"), ("HIDDEN TE", "STS"), ("Mistake", "("), ("orac", "le."))]
names = ("exercises", "oracle", "reference", "solutions", "gradebook", "nbgrader_config", "handed-in", "00_feature")
until = time.monotonic() + @CPU_SECONDS@ / 2
for top in (COURSE, *sys.path, "/"):
    for path, name in walk(top, depth=9, seconds=until - time.monotonic()):
        if any(word in path for word in names) and "autograder" in path:
            hole(f"found {path}")
        if name.endswith((".ipynb", ".py", ".pyc", ".json")) and not path.startswith(("/usr/lib/python3", sys.base_prefix)):
            try:
                with open(path, errors="replace") as file:
                    text = file.read(200_000)
            except OSError:
                continue
            if "global_average_pool" in text and any(word in text for word in WORDS):
                hole(f"read {path}")


def global_average_pool(x):
    return x
