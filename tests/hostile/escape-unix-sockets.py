# tries: connect to every UNIX socket that is in sight, by path, by abstract name, and to the listener outside
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import socket

names = [f"{COURSE}/listener", f"\0{MARK}", "/var/run/docker.sock", "/run/dbus/system_bus_socket", "/dev/log"]
if os.path.exists("/proc/net/unix"):
    with open("/proc/net/unix") as table:
        names += [line.split()[-1].replace("@", "\0") for line in table if len(line.split()) == 8]
for name in names:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        try:
            with socket.socket(socket.AF_UNIX, kind) as client:
                client.settimeout(0.3)
                client.connect(name)
                if "kernel" not in name and "ipc" not in name and not name.startswith(os.getcwd()):
                    hole(f"connected to {name!r}")
        except (OSError, ValueError):
            pass


def global_average_pool(x):
    return x
