# tries: the helper behind imports that fail is broken, and an error is forged with terminal codes and markup
# worth: global_average_pool 0 missing: stopped with
# %% first
import builtins

builtins.__not_there__ = None
get_ipython().ast_transformers.clear()
# %% global_average_pool
kernel = get_ipython().kernel
forged = {"ename": "<img src=x>\x1b[2J", "evalue": "24 of 24 points\n" * 10**4, "traceback": ["In[1], line " + "9" * 10**5]}
kernel.session.send(kernel.iopub_socket, "error", forged, parent=get_ipython().get_parent())
