# tries: stop the watch by a process name that is no text, then take memory without end
# worth: global_average_pool 0 memory|timeout
# %% first
libc.prctl(15, b"\xff\xfe) R 1\n", 0, 0, 0)
# %% global_average_pool
def global_average_pool(x):
    kept = []
    for number in range(256):
        if number < 8 and os.fork() == 0:  # before there is much to copy: its memory, not its processor time, is to end it
            libc.prctl(15, b"\xc0\x80 (%d" % number, 0, 0, 0)
            time.sleep(600)
        kept.append(np.ones(2**23))
        if len(kept) * 2**26 > 2 * @MEMORY_BYTES@:
            break
    time.sleep(600)
