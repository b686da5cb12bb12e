# tries: much output in each of many cells, with a character that makes text four times as large in memory
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
tell("display_data", {"data": {"image/png": "A" * (3 * @OUTPUT_BYTES@ // 4)}, "metadata": {}})
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
tell("display_data", {"data": {"image/png": "A" * (3 * @OUTPUT_BYTES@ // 4)}, "metadata": {}})
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
tell("display_data", {"data": {"image/png": "A" * (3 * @OUTPUT_BYTES@ // 4)}, "metadata": {}})
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
tell("display_data", {"data": {"image/png": "A" * (3 * @OUTPUT_BYTES@ // 4)}, "metadata": {}})
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
tell("display_data", {"data": {"image/png": "A" * (3 * @OUTPUT_BYTES@ // 4)}, "metadata": {}})
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
tell("display_data", {"data": {"image/png": "A" * (3 * @OUTPUT_BYTES@ // 4)}, "metadata": {}})
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
tell("display_data", {"data": {"image/png": "A" * (3 * @OUTPUT_BYTES@ // 4)}, "metadata": {}})
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
tell("display_data", {"data": {"image/png": "A" * (3 * @OUTPUT_BYTES@ // 4)}, "metadata": {}})
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
tell("display_data", {"data": {"image/png": "A" * (3 * @OUTPUT_BYTES@ // 4)}, "metadata": {}})
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after global_average_pool
print("\U0001f600" + "x" * (3 * @OUTPUT_BYTES@ // 4))
# %% after channel_pool
tell("display_data", {"data": {"image/png": "A" * (3 * @OUTPUT_BYTES@ // 4)}, "metadata": {}})
