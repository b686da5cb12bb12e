# tries: leave a note for other submissions where one may look: files, shared memory, message queues, keys, sockets
# copies: 4
# %% first
import glob
import socket

me = f"note of {os.getpid()} {time.time_ns()}"
folders = {".", "..", "/tmp", "/var/tmp", "/dev/shm", "/run", "/dev/mqueue", os.environ.get("HOME", "/"), "/dev", "/"}
sockets = []
until = time.monotonic() + 2.5
while time.monotonic() < until:
    for folder in folders:
        for path in glob.glob(f"{folder}/note-*"):
            try:
                with open(path) as file:
                    if file.read() != me:
                        hole(f"a note from another submission: {path}")
            except OSError:
                pass
        try:
            with open(f"{folder}/note-{os.getpid()}", "w") as file:
                file.write(me)
        except OSError:
            pass
    try:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind("\0letterbox")
        listener.listen()
        sockets.append(listener)
    except OSError:
        if not sockets:
            hole("the abstract socket name is taken")
    shared = syscall("shmget", 0x1057, 4096, 0o666)
    if shared >= 0 and "made" not in globals():
        hole("shared memory of another submission")
    if "made" not in globals():
        made = syscall("shmget", 0x1057, 4096, 0o1666)
    time.sleep(0.2)
