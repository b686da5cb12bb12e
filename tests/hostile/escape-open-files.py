# tries: find and use what was open before the fork: folders, files of the course, the fork server's own sockets
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import fcntl
import socket
import stat

for name in os.listdir("/proc/self/fd"):
    number = int(name)
    try:
        target, mode = os.readlink(f"/proc/self/fd/{name}"), os.fstat(number).st_mode
    except OSError:
        continue
    if COURSE in target or "solutions" in target or target.endswith((".db", ".sqlite", ".ipynb")):
        hole(f"open: {target}")
    if stat.S_ISDIR(mode) and in_child(lambda: os.open("etc/passwd", os.O_RDONLY, dir_fd=number) and not target == "/"):
        hole(f"an open folder {target}")
    if stat.S_ISSOCK(mode):
        with socket.socket(fileno=os.dup(number)) as found:
            if found.family != socket.AF_UNIX:
                hole(f"an open socket of family {found.family}")


def global_average_pool(x):
    return x
