# tries: two answers to one question: a wrong one first, then the right one. The first counts.
# worth: global_average_pool 0 fail
# %% global_average_pool
import base64

import IPython.display

publish = IPython.display.publish_display_data


def twice(data, *arguments, **keywords):
    for kind in data:
        if kind.startswith("application/x-answer"):
            IPython.display.publish_display_data = publish
            publish({kind: base64.b64encode(b"the first").decode()})
    publish(data, *arguments, **keywords)


IPython.display.publish_display_data = twice


def global_average_pool(x):
    return x.mean((1, 2))
