# tries: outputs that no notebook can hold: lists for dictionaries, odd names, counts that are texts
# %% after global_average_pool
for content in (
    {"data": {"text/plain": {"a": [1]}}, "metadata": [], "transient": 3},
    {"data": {"text/plain": 3}, "metadata": {"a": "b"}, "execution_count": "many"},
    {"data": {"../../" + MARK: "x", "": "", "text/html": ["<plaintext>", 3]}, "metadata": {}},
    {"data": {"image/png": "no base64 at all", "application/json": "{"}, "metadata": {}},
    {"data": {"text/plain": "\ud800"}, "metadata": {}},
):
    tell("display_data", content)
    tell("execute_result", {**content, "execution_count": -1})
tell("stream", {"name": "../../" + MARK, "text": "x"})
tell("stream", {"name": "stdout", "text": ["a", 3]})
tell("error", {"ename": 3, "evalue": None, "traceback": [3, None, {"a": 1}]})
