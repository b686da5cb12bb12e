"""What the attacks share. It stands as the first cell in every attacker's notebook; @NAME@ is filled in there."""

import ctypes
import os
import signal
import time

COURSE = "@COURSE@"  # the course's folder outside: solutions, gradebook, the other submissions
PORT = int("@PORT@")  # of a listener outside, on this machine
CANARY = "canary-of-" + "the-hostile-class"  # stands in files and in the environment outside
MARK = "hostile-" + "was-here"  # what an attack leaves where it can write
libc = ctypes.CDLL(None, use_errno=True)


def hole(what):
    """Say what was reached: this word must stand in nobody's graded notebook."""
    reached.append(f"HO" + f"LE {what}")
    print(reached[-1])


reached = []


def nr(name):
    """The number of a system call on this machine; -1 where it has none."""
    return NUMBERS[name][os.uname().machine == "aarch64"]


NUMBERS = {  # on x86-64 and on 64-bit Arm
    "mmap": (9, 222), "shmget": (29, 194), "socket": (41, 198), "clone": (56, 220), "ptrace": (101, 117),
    "syslog": (103, 116), "personality": (135, 92), "pivot_root": (155, 41), "chroot": (161, 51), "acct": (163, 89),
    "mount": (165, 40), "umount2": (166, 39), "swapon": (167, 224), "reboot": (169, 142), "sethostname": (170, 161),
    "iopl": (172, -1), "ioperm": (173, -1), "init_module": (175, 105), "quotactl": (179, 60),
    "clock_settime": (227, 112), "kexec_load": (246, 104), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "unshare": (272, 97), "perf_event_open": (298, 241), "fanotify_init": (300, 262),
    "open_by_handle_at": (304, 265), "setns": (308, 268), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "finit_module": (313, 273), "kexec_file_load": (320, 294),
    "memfd_create": (319, 279), "bpf": (321, 280), "userfaultfd": (323, 282), "pidfd_send_signal": (424, 424),
    "io_uring_setup": (425, 425), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsmount": (432, 432), "fspick": (433, 433), "clone3": (435, 435), "pidfd_getfd": (438, 438),
    "process_madvise": (440, 440), "mount_setattr": (442, 442), "memfd_secret": (447, 447),
}  # fmt: skip


def syscall(name, *arguments):
    """Make a system call; what it gives, -1 for an error."""
    return libc.syscall(ctypes.c_long(nr(name)), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])


def in_child(action, seconds=3):
    """Run action() in a child process: True where it gave something true, False else, or where it was killed."""
    child = os.fork()
    if child == 0:
        signal.alarm(seconds)
        try:
            os._exit(42 if action() else 0)
        except BaseException:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 42


def others():
    """Every process that can be seen, but for this one."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]


def tell(kind, content, **more):
    """Send a message of any kind to whoever listens to this kernel, as if it belonged to the running cell."""
    kernel = get_ipython().kernel
    more.setdefault("parent", kernel.get_parent())
    kernel.session.send(kernel.iopub_socket, kind, content, **more)


def asker():
    """The globals of the judge's asker, if it is what called; nothing where a visible test did."""
    import sys

    frame = sys._getframe()
    while frame:
        if {"_answer_one", "send"} <= frame.f_globals.keys():
            return frame.f_globals
        frame = frame.f_back
    return {}


def walk(top="/", depth=6, seconds=2):
    """Files below top, but for the interpreter's own, as (path, name): as many as there is time for."""
    until = time.monotonic() + seconds
    for folder, folders, names in os.walk(top):
        if folder.count("/") >= depth:
            folders.clear()
        skipped = ("/proc", "/sys") if top == "/" else ()
        folders[:] = [f for f in folders if os.path.join(folder, f) not in skipped and f not in SKIPPED]
        for name in names:
            if time.monotonic() > until:
                return
            yield os.path.join(folder, name), name


SKIPPED = ("numpy", "scipy", "sklearn", "tensorflow", "keras", "matplotlib", "share", "gcc", "include")
