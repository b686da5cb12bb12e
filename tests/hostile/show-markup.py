# tries: outputs of every kind that a viewer may act on, widgets as text among them
# %% last
from IPython.display import publish_display_data

for kind in (
    *("text/html", "text/markdown", "text/latex", "image/svg+xml", "image/png", "application/javascript"),
    *("application/vnd.jupyter.widget-view+json", "application/vnd.jupyter.widget-state+json", "text/vnd.mermaid"),
):
    publish_display_data({kind: "<script>alert(1)</script><img src=x onerror=alert(1)>"})
print("\x1b[2J\x1b]0;hostile\x07\x9b2J")
