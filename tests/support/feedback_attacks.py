"""Markup that would act in a reader's browser, or hide the rest of the page, and the ways it can get there."""

from __future__ import annotations

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

ATTACKS = {
    "script": "<script>alert(1)</script><SCRIPT SRC=https://x.test/a.js></SCRIPT><scr<script>ipt>alert(1)</script>",
    "handler": "<img src=x onerror=alert(1)><b onclick='alert(1)'>b</b><details ontoggle=alert(1) open>",
    "link": "<a href='javascript:alert(1)'>a</a><a href='java\tscript:alert(1)'>b</a><a href=' data:text/html,x'>c</a>",
    "data link": "<a href='da\tta:text/html,<script>alert(1)</script>'>a</a>[b](javascript:alert(1)) [c](vbscript:x)",
    "svg": "<svg onload=alert(1)><script>alert(1)</script><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "frame": "<iframe src='https://x.test'></iframe><object data=x></object><embed src=x><base href='https://x.test'>",
    "form": "<form action='https://x.test'><input name=a><button formaction='javascript:alert(1)'>b</button></form>",
    "style": "<style>section { display: none }</style><div style='position: fixed; inset: 0' class='verdict'>x</div>",
    "meta": "<meta http-equiv=refresh content='0;url=https://x.test'><link rel=stylesheet href='https://x.test/a.css'>",
    "image": "<img src='https://x.test/seen.png'>![seen](https://x.test/seen.png)",
    "ids": "<div id='squeeze-check' name='top'>x</div>",
    "mutation": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "closing": "</div></div></section></details></body></html>",
    "details": "<details><summary>all that follows<div><table><tr><td>",
    "comment": "<!-- all that follows",
    "plaintext": "<plaintext>",
    "raw text": "<textarea><title><xmp><noscript><template><select><style><script>",
    "attribute": "<a title='all that follows",
    "bold": "<b><i><u><a href='https://x.test'>" * 50,
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#0; &#xD800; &",
    "surrogate": "\ud800 \x00 \x0b",
    "nested": "<div>" * 3000,
    "commands of TeX": "$\\href{javascript:alert(1)}{x}$ \\[\\require{html}\\style{position:fixed}{x}\\]",
    "dangling": "<img src='https://x.test/?",
    "references": "[a][b] ![c][b]\n\n[b]: javascript:alert(1)\n\n<javascript:alert(1)> &#106;avascript&colon;alert(1)",
    "fence": "```x' onclick='alert(1)\n</code></pre><script>alert(1)</script>\n```\n~~~mermaid\n<script>\n~~~",
    "noscript": '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "srcset": "<img srcset='https://x.test/seen.png 1x'><video poster='https://x.test/seen.png'></video>",
    "emphasis": "*a" * 5_000,
    "wide table": "|a" * 900 + "\n" + "|-" * 900 + "\n" + "|a\n" * 1_000,
    "TeX": "$<script>alert(1)</script>$ $$</pre><script>alert(1)</script>$$ \\begin{a}<script>\\end{a}",
}


def every_way(attack: str) -> tuple[list, list]:
    """An attack as each kind of cell and output that a student's notebook may hold."""
    cells_of_student = [new_markdown_cell(attack), new_code_cell(attack), nbformat.v4.new_raw_cell(attack)]
    outputs = [new_output("display_data", {kind: attack}) for kind in ("text/html", "text/markdown", "image/svg+xml")]
    outputs += [new_output("display_data", {kind: attack}) for kind in ("image/png", "text/latex", "text/plain")]
    outputs.append(new_output("display_data", {"application/javascript": attack, "text/plain": attack}))
    outputs.append(new_output("display_data", {"image/png": "aGk="}, metadata={"image/png": {"alt": attack}}))
    outputs.append(new_output("stream", name="stdout", text=attack))
    outputs.append(new_output("error", ename=attack, evalue=attack, traceback=[attack]))
    return cells_of_student, outputs
