# tries: sockets of every family and type but AF_UNIX
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import socket

for family in range(2, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        for protocol in (0, 17, 255) if family in (2, 10, 17) else (0,):
            handle = syscall("socket", family, int(kind), protocol)
            if handle >= 0:
                os.close(handle)
                hole(f"a socket of family {family}, type {int(kind)}")


def global_average_pool(x):
    return x
