# tries: nothing: sockets with a message each, a quarter of the files that may be open
# %% global_average_pool
import socket

pairs = [socket.socketpair() for _ in range(@OPEN_FILES@ // 8)]
for one, other in pairs:
    one.sendall(bytes(10_000))


def global_average_pool(x):
    return x.mean((1, 2))
