# tries: a scratch folder that is hard to remove: no permissions, a thousand deep, names of any bytes, a moved folder
# %% first
for name in (b"\xff\xfe", b"a\nb", b"-rf", b"*", "ä ☃".encode(), b"~", b"$HOME", b"." * 250):
    with open(name, "wb") as file:
        file.write(b"x")
os.mkdir("closed")
open("closed/file", "w").close()
os.chmod("closed", 0)
here = os.getcwd()
for _ in range(1000):
    os.mkdir("d")
    os.chdir("d")
os.chdir(here)
os.chmod(here, 0)
