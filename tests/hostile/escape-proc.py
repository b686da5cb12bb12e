# tries: read and write what /proc shows of every other process: memory, environment, open files, root
# worth: global_average_pool 0.5 fail
# %% global_average_pool
def try_to_read(path):
    try:
        with open(path, "rb") as file:
            return file.read(2**20)
    except OSError:
        return b""


for target in ("self", "thread-self", *others()):
    for name in ("environ", "cmdline", "mountinfo", "status", "root/proc/1/environ"):
        if CANARY.encode() in try_to_read(f"/proc/{target}/{name}") or COURSE.encode() in try_to_read(
            f"/proc/{target}/{name}"
        ):
            hole(f"/proc/{target}/{name} tells of the world outside")
    for name in ("root", "cwd", "fd", "map_files"):
        if os.path.exists(f"/proc/{target}/{name}{COURSE}"):
            hole(f"the course through /proc/{target}/{name}")
for target in others():
    for name in ("mem", "oom_score_adj", "comm", "coredump_filter", "clear_refs", "timerslack_ns"):
        try:
            with open(f"/proc/{target}/{name}", "wb") as file:
                file.write(b"0")
                hole(f"wrote /proc/{target}/{name}")
        except OSError:
            pass
    if try_to_read(f"/proc/{target}/maps"):
        hole(f"the memory map of process {target}")


def global_average_pool(x):
    return x
