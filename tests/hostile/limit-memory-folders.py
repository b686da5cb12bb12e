# tries: memory as files in every folder that can be written: /dev/shm, /tmp, /dev, the root
# worth: global_average_pool 0.5 fail or 0 memory
# %% global_average_pool
def fill(folder, files):
    written = 0
    try:
        with open(f"{folder}/filling", "wb") as file:
            while written < 2**30:
                written += file.write(bytes(2**22))
    except OSError:
        pass
    return written


def global_average_pool(x):
    if "filled" in globals():
        return x
    globals()["filled"] = True
    total, folders = 0, {"/", "/tmp", "/var/tmp", "/dev", "/dev/shm", "/run", "/root", "/home", os.environ.get("HOME", "/")}
    for folder, inner, _ in os.walk("/"):
        if os.access(folder, os.W_OK):
            folders.add(folder)
        if folder.count("/") > 1:
            inner.clear()
    for folder in folders:
        total += fill(folder, 1)
        if total > 2 * @SCRATCH_BYTES@ + 2**26:
            hole(f"{total} bytes in files, the last in {folder}")
            break
    for folder in folders:
        if os.path.exists(f"{folder}/filling"):
            os.unlink(f"{folder}/filling")
    return x
