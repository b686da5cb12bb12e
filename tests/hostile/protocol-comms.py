# tries: widgets that catch what other cells show, and malformed messages of widgets
# worth: global_average_pool 0.5 fail
# %% global_average_pool
def global_average_pool(x):
    parent = get_ipython().kernel.get_parent()["header"].get("msg_id")
    state = {"_model_module": "@jupyter-widgets/output", "_model_name": "OutputModel", "outputs": [], "msg_id": parent}
    for content in (
        {"comm_id": "a", "target_name": "jupyter.widget", "data": {"state": state}},
        {"comm_id": "a", "target_name": "jupyter.widget", "data": {"state": {}}},
        {"comm_id": "a", "target_name": "jupyter.widget", "data": {}},
        {"comm_id": ["a"], "target_name": 3, "data": {"state": 3, "buffer_paths": [["x"]]}},
        {"comm_id": "a"},
        {},
    ):
        tell("comm_open", content)
        tell("comm_msg", content)
        tell("comm_close", content)
    return x
