# tries: as many open files as the machine gives, kept open for the cells that follow
# worth: global_average_pool 0 any
# worth: channel_pool 0 any or 3 pass
# worth: revealing_case 0 any or 4 pass
# worth: apply_channel_gate 0 any or 3 pass
# worth: apply_spatial_gate 0 any or 3 pass
# worth: to_channels_first 0 any or 2 pass
# %% global_average_pool
opened = []


def global_average_pool(x):
    while True:
        opened.append(open("/dev/null"))
