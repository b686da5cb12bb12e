# tries: files in memory that have no name
# worth: global_average_pool 0.5 fail or 0 memory
# %% global_average_pool
def global_average_pool(x):
    written = 0
    for name in ("memfd_create", "memfd_secret"):
        handle = syscall(name, b"file", 0) if name == "memfd_create" else syscall(name, 0)
        if handle >= 0:
            for _ in range(3000):
                try:
                    written += os.write(handle, bytes(2**20))
                except OSError:
                    break
    if written > @MEMORY_BYTES@:
        hole(f"{written} bytes in files without a name")
    return x
