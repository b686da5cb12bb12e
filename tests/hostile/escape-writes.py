# tries: write into every folder that is in sight, and beside every Python module
# worth: global_average_pool 0.5 fail
# %% global_average_pool
import site
import sys

folders = {"/", "/etc", "/usr", "/usr/bin", "/lib", "/var/tmp", "/tmp", "/dev/shm", "/run", "/home", "/root", COURSE}
folders |= {*sys.path, sys.prefix, *site.getsitepackages(), site.getusersitepackages(), os.path.dirname(os.__file__)}
folders |= {os.path.dirname(COURSE), f"{COURSE}/handed-in", f"{COURSE}/feedback", f"{COURSE}/solutions"}
for top in ("/", COURSE, sys.prefix):
    for number, (folder, inner, _) in enumerate(os.walk(top)):
        folders.add(folder)
        if folder.count("/") > 5 or number > 3000:
            inner.clear()
for folder in folders:
    for name in (MARK, f"{MARK}.pth", "sitecustomize.py", "usercustomize.py"):
        try:
            with open(os.path.join(folder, name), "x") as file:
                file.write(f"raise SystemExit('{MARK}')")
        except OSError:
            pass
for folder in ("/usr/bin", sys.prefix, *site.getsitepackages()):
    if os.path.exists(os.path.join(folder, MARK)):
        hole(f"wrote into {folder}")


def global_average_pool(x):
    return x
