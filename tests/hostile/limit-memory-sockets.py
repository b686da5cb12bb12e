# tries: kernel memory in the buffers of sockets, in many processes, each of which is small
# worth: global_average_pool 0 memory|timeout
# %% global_average_pool
import socket


def fill_sockets():
    kept, held = [], 0
    try:
        while True:
            kept.append(socket.socketpair())
            for end in kept[-1]:
                try:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2**24)
                except OSError:
                    pass
                end.setblocking(False)
                try:
                    while True:
                        held += end.send(bytes(2**16))
                except BlockingIOError:
                    pass
    except OSError:
        return held


def global_average_pool(x):
    reading, writing = os.pipe()
    for _ in range(@PROCESSES@ - 16):
        if os.fork() == 0:
            os.write(writing, b"%d\n" % fill_sockets())
            time.sleep(600)
    os.close(writing)
    held = 0
    with os.fdopen(reading) as file:
        for line in file:
            held += int(line)
            if held > @MEMORY_BYTES@:
                hole(f"{held} bytes in sockets")
                break
    time.sleep(600)
