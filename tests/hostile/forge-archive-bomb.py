# tries: the answer is an archive whose member unpacks to four gigabytes, under the right marker
# worth: global_average_pool 0 fail: archive
# %% global_average_pool
import base64
import io
import zipfile

import IPython.display

publish = IPython.display.publish_display_data


def bomb(data, *arguments, **keywords):
    for kind in data:
        if kind.startswith("application/x-answer"):
            IPython.display.publish_display_data = publish
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                with archive.open("0.npy", "w", force_zip64=True) as member:
                    for _ in range(16):
                        member.write(bytes(2**20))
            # The size that the directory claims is changed to four gigabytes less one.
            raw = bytearray(buffer.getvalue())
            place = raw.rindex(b"PK\x01\x02") + 24
            raw[place : place + 4] = b"\xfe\xff\xff\xff"
            data[kind] = base64.b64encode(bytes(raw)).decode()
    publish(data, *arguments, **keywords)


IPython.display.publish_display_data = bomb


def global_average_pool(x):
    return x.mean((1, 2))
