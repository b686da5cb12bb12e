# tries: clumsy: the kernel is asked to shut down and to restart
# worth: channel_pool 0 any or 3 pass
# worth: revealing_case 0 any or 4 pass
# worth: apply_channel_gate 0 any or 3 pass
# worth: apply_spatial_gate 0 any or 3 pass
# worth: to_channels_first 0 any or 2 pass
# %% channel_pool
def channel_pool(x):
    return np.stack([x.mean(-1), x.max(-1)], -1)


get_ipython().kernel.do_shutdown(True)
get_ipython().ask_exit()
