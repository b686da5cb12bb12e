# tries: an alarm that ends the process in the middle of a later exercise's questions
# %% apply_channel_gate
def apply_channel_gate(x, gate):
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    time.sleep(0.5)
    return x * gate[:, None, None, :]
