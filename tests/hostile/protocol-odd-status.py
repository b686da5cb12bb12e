# tries: states that no kernel has, and replies of the wrong form
# worth: global_average_pool 0.5 fail or 0 any
# %% global_average_pool
def global_average_pool(x):
    for content in ({}, {"execution_state": 3}, {"execution_state": ["idle"]}, {"execution_state": "dead"}, []):
        tell("status", content)
    for kind in ("execute_input", "error", "stream", "execute_result", "display_data", "clear_output", "debug_event"):
        for content in ({}, {"data": 3}, {"data": []}, {"text": 3, "name": []}, {"wait": "x"}, {"traceback": 3}):
            tell(kind, content)
    return x
