# tries: new user, mount, pid and network namespaces by clone and clone3, by the x32 numbers, and from unshare(1)
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import shutil
import struct
import subprocess

SIGCHLD = 17


def cloned(flags):
    """Whether clone makes a process with these flags; the process ends at once."""
    child = syscall("clone", flags | SIGCHLD, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    return child > 0 and os.waitpid(child, 0)


def cloned3(flags):
    arguments = ctypes.create_string_buffer(struct.pack("<11Q", flags, 0, 0, 0, SIGCHLD, 0, 0, 0, 0, 0, 0), 88)
    child = syscall("clone3", arguments, 88)
    if child == 0:
        os._exit(0)
    return child > 0 and os.waitpid(child, 0)


for flag, name in {0x10000000: "user", 0x00020000: "mount", 0x20000000: "pid", 0x40000000: "network"}.items():
    for way in (cloned, cloned3):
        if in_child(lambda: way(flag)) or in_child(lambda: way(flag | 0x10000000)):
            hole(f"a new {name} namespace by {way.__name__}")
    if in_child(lambda: libc.syscall(ctypes.c_long(0x40000000 + nr("unshare")), ctypes.c_long(flag)) == 0):
        hole(f"a new {name} namespace by x32's unshare")
for command in (["unshare", "-Urm", "true"], ["bwrap", "--bind", "/", "/", "true"], ["sudo", "-n", "true"]):
    if shutil.which(command[0]) and subprocess.run(command, capture_output=True).returncode == 0:
        hole(" ".join(command))


def global_average_pool(x):
    return x
