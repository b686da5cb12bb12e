# tries: change files that are there: the course's, the interpreter's, other submissions, and their modes and owners
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import shutil
import sys

targets = [path for path, _ in walk(COURSE)] + [os.__file__, sys.executable, "/etc/passwd", "/etc/hosts", np.__file__]
for path in targets:
    for change in (
        lambda: open(path, "ab").write(b"\n# " + MARK.encode()),
        lambda: os.chmod(path, 0o777),
        lambda: os.utime(path, (0, 0)),
        lambda: os.rename(path, path + MARK),
        lambda: os.unlink(path),
        lambda: os.truncate(path, 0),
        lambda: os.setxattr(path, "user.hostile", b"1"),
    ):
        try:
            change()
            hole(f"changed {path}")
        except OSError:
            pass
shutil.rmtree(COURSE, ignore_errors=True)


def global_average_pool(x):
    return x
