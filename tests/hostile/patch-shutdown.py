# tries: the kernel's shutdown never ends
# %% first
import threading


async def never(self, *arguments, **keywords):
    time.sleep(1000)


def hold_out():
    time.sleep(1000)


type(get_ipython().kernel).do_shutdown = never
threading.Thread(target=hold_out).start()
