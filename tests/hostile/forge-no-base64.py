# tries: under the right marker stands no text: a list, a number, a dictionary, nothing
# worth: global_average_pool 0 fail
# worth: channel_pool 0 fail
# worth: revealing_case 0 fail
# worth: apply_channel_gate 0 fail
# %% first
import IPython.display

publish = IPython.display.publish_display_data
instead = iter([["a"], 3, {"a": 1}, None])


def disturb(data, *arguments, **keywords):
    for kind in list(data):
        if kind.startswith("application/x-answer"):
            data[kind] = next(instead, data[kind])
    publish(data, *arguments, **keywords)


IPython.display.publish_display_data = disturb
