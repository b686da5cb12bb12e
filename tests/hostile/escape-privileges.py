# tries: find any privilege left: capabilities, a missing filter, setuid files, another user
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import resource
import stat

with open("/proc/self/status") as file:
    status = dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
for name in ("CapEff", "CapPrm", "CapInh", "CapAmb"):
    if int(status[name], 16):
        hole(f"{name} is {status[name]}")
if status["NoNewPrivs"] != "1" or status["Seccomp"] != "2":
    hole(f"NoNewPrivs {status['NoNewPrivs']}, Seccomp {status['Seccomp']}")
for change in (lambda: os.setgroups([0]), lambda: os.chown("/tmp", 12345, 12345), lambda: os.setuid(12345)):
    if in_child(lambda: change() is None):
        hole("another user or group")
for number in (resource.RLIMIT_NPROC, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
    soft, hard = resource.getrlimit(number)
    if hard != resource.RLIM_INFINITY and in_child(lambda: resource.setrlimit(number, (hard + 1, hard + 1)) is None):
        hole(f"limit {number} can be raised")
if resource.getrlimit(resource.RLIMIT_CORE)[0]:
    hole("core files are written")
if in_child(lambda: os.nice(-5) < 0):
    hole("a better priority than the others have")


def global_average_pool(x):
    return x
