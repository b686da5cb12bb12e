# tries: kernel memory in the buffers of pipes, in many processes
# worth: global_average_pool 0.5 fail or 0 memory
# %% global_average_pool
import fcntl


def fill_pipes():
    held = 0
    try:
        while True:
            _, end = os.pipe()
            size = fcntl.fcntl(end, 1031, 2**20)
            held += os.write(end, bytes(size))
    except OSError:
        return held


def global_average_pool(x):
    reading, writing = os.pipe()
    children = []
    for _ in range(8 if "piped" not in globals() else 0):
        child = os.fork()
        if child == 0:
            os.write(writing, b"%d\n" % fill_pipes())
            time.sleep(1.5)
            os._exit(0)
        children.append(child)
    globals()["piped"] = True
    for child in children:
        os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as file:
        held = sum(int(line) for line in file)
    if held > @MEMORY_BYTES@:
        hole(f"{held} bytes in pipes")
    return x
