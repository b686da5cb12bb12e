# tries: reach a listener on this machine by name and by address, the name service, and the world
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import socket
import urllib.request

for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", socket.gethostname(), "169.254.169.254"):
    for connect in (
        lambda: socket.create_connection((host, PORT), timeout=0.3),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", (host, PORT)),
        lambda: urllib.request.urlopen(f"http://{host}:{PORT}/", timeout=0.3),
    ):
        try:
            connect()
            hole(f"a connection to {host}")
        except OSError:
            pass
try:
    socket.getaddrinfo("example.org", 80)
    hole("the name service")
except OSError:
    pass


def global_average_pool(x):
    return x
