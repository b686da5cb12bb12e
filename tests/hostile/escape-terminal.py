# tries: type a command into whatever terminal is in reach
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import fcntl

PUSH, SELECT = 0x5412, 0x541C
for handle in (0, 1, 2):
    for request in (PUSH, SELECT):
        try:
            fcntl.ioctl(handle, request, b"x")
            hole("a terminal")
        except OSError:
            pass
try:
    fcntl.ioctl(os.open("/dev/tty", os.O_RDWR), PUSH, b"x")
    hole("the terminal outside")
except OSError:
    pass


def global_average_pool(x):
    return x
