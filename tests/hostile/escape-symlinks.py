# tries: links in the scratch folder to what must not be changed, for whoever cleans up or reads there
# %% first
targets = [COURSE, f"{COURSE}/gradebook.db", f"{COURSE}/handed-in", "/etc/passwd", "/", "/dev/zero", "/proc/self/mem"]
for number, target in enumerate(targets):
    for name in (f"link-{number}", f"kernel-{number}.json", f"out-{number}.npz"):
        os.symlink(target, name)
os.symlink("loop-b", "loop-a")
os.symlink("loop-a", "loop-b")
os.mkfifo("pipe")
