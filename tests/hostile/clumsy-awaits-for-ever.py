# tries: clumsy: a cell that awaits what never comes
# worth: global_average_pool 0 timeout
# %% global_average_pool
import asyncio

await asyncio.sleep(10_000)
