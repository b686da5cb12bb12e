# tries: shared memory that belongs to no process: System V segments, written and let go
# worth: global_average_pool 0.5 fail or 0 memory
# %% global_average_pool
def global_average_pool(x):
    libc.shmat.restype = ctypes.c_void_p
    libc.shmat.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
    libc.shmdt.argtypes = [ctypes.c_void_p]
    written = 0
    for _ in range(48):
        segment = syscall("shmget", 0, 2**26, 0o1600)
        place = libc.shmat(segment, None, 0) if segment >= 0 else 2**64 - 1
        if place and place != 2**64 - 1:
            ctypes.memset(place, 1, 2**26)
            libc.shmdt(place)
            written += 2**26
    if written > @MEMORY_BYTES@:
        hole(f"{written} bytes of shared memory that nobody holds")
    return x
