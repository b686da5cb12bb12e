# tries: leave a note for other submissions in pseudo-terminals, whose numbers all could share
# copies: 3
# %% first
import pty
import select

mine, other_end = pty.openpty()
if os.ttyname(other_end) != "/dev/pts/0":
    hole(f"terminals are numbered together: {os.ttyname(other_end)}")
os.write(mine, b"a note\n")
until = time.monotonic() + 2.5
while time.monotonic() < until:
    for name in os.listdir("/dev/pts"):
        if name not in ("0", "ptmx"):
            hole(f"the terminal of another submission: {name}")
            with open(f"/dev/pts/{name}", "w") as file:
                file.write("a note\n")
    time.sleep(0.2)
