# tries: ptrace and process_vm_readv of every process that can be seen, its own parent first
# worth: global_average_pool 0.5 fail
# %% global_average_pool
ATTACH, SEIZE, DETACH = 16, 0x4206, 17
for target in (os.getppid(), *others(), *range(1, 12)):
    if target in (0, os.getpid()):
        continue
    for how in (ATTACH, SEIZE):
        if in_child(lambda: syscall("ptrace", how, target, 0, 0) == 0):
            hole(f"ptrace of process {target}")
    here = ctypes.create_string_buffer(8)

    class Vector(ctypes.Structure):
        _fields_ = [("base", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    local, remote = Vector(ctypes.addressof(here), 8), Vector(ctypes.addressof(here), 8)
    for name in ("process_vm_readv", "process_vm_writev"):
        if syscall(name, target, ctypes.byref(local), 1, ctypes.byref(remote), 1, 0) > 0:
            hole(f"{name} of process {target}")


def global_average_pool(x):
    return x
