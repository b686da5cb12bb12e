# tries: memory of no process: shared mappings that are written and let go, but not given back
# worth: global_average_pool 0.5 fail or 0 memory
# %% global_average_pool
import mmap


def map_shared(size):
    for file in (None, "/dev/zero"):
        try:
            handle = -1 if file is None else os.open(file, os.O_RDWR)
            return mmap.mmap(handle, size)
        except OSError:
            pass
    return None


def global_average_pool(x):
    held, kept = 0, globals().setdefault("kept", [])
    for _ in range(48 if not kept else 0):
        shared = map_shared(2**26)
        if shared is None:
            break
        shared.write(bytes(2**26))
        shared.madvise(mmap.MADV_DONTNEED)
        kept.append(shared)
        held += 2**26
    if held > @MEMORY_BYTES@:
        hole(f"{held} bytes of shared memory that count for nobody")
    return x
