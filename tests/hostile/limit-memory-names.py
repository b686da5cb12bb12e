# tries: kernel memory as a million empty files
# worth: global_average_pool 0.5 fail or 0 timeout
# %% global_average_pool
def global_average_pool(x):
    made, until = 0, time.monotonic() + @CELL_SECONDS@ / 4
    os.makedirs("many", exist_ok=True)
    try:
        while time.monotonic() < until and "filled" not in globals():
            os.close(os.open(f"many/{made}", os.O_CREAT | os.O_WRONLY))
            made += 1
    except OSError:
        pass
    globals()["filled"] = True
    if made > 50_000:
        hole(f"{made} files")
    return x
