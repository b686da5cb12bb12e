# tries: messages without a signature, with a wrong one, with one used twice, and with frames missing
# %% global_average_pool
def global_average_pool(x):
    kernel = get_ipython().kernel
    session = kernel.session
    packed = [session.pack(session.msg_header("stream")), b"{}", b"{}", b'{"name": "stdout", "text": "x"}']
    signature = session.sign(packed)
    for frames in (
        [b"<IDS|MSG>", b"", *packed],
        [b"<IDS|MSG>", b"0" * 64, *packed],
        [b"<IDS|MSG>", signature, *packed],
        [b"<IDS|MSG>", signature, *packed],
        [b"<IDS|MSG>", signature],
        [b"no delimiter"],
        [b"<IDS|MSG>"],
        [b""],
    ):
        kernel.iopub_socket.send_multipart(frames)
    return x.mean((1, 2))
