# tries: another program that outlives everything, and holds the kernel's output open
# %% after to_channels_first
import subprocess

for _ in range(3):
    subprocess.Popen(["sleep", "600"], start_new_session=True, stdin=subprocess.DEVNULL)
