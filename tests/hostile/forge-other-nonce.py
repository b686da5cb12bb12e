# tries: the answer to the first question under the second question's marker: a right answer of another exercise
# worth: channel_pool 0 fail: belong
# %% first
import IPython.display

publish = IPython.display.publish_display_data
seen = []


def replay(data, *arguments, **keywords):
    for kind, content in data.items():
        if kind.startswith("application/x-answer"):
            seen.append(content)
            if len(seen) == 2:
                data[kind] = seen[0]
    publish(data, *arguments, **keywords)


IPython.display.publish_display_data = replay
