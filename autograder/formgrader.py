"""A second wall around what students wrote: formgrader's pages run nbgrader's own scripts and no others.

`harmless.recording` cleans what is recorded. These pages can set every grade and write files, so they also get a
content security policy, and names are escaped in them: nbgrader 0.9 does neither. nbgrader_config.py, which formgrader
loads, calls `guard`.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import secrets
import sys
from contextvars import ContextVar
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import BaseLoader, Environment

from .links import BINDER, COLAB

# The last of the second generation, whose interface nbgrader's scripts use.
MATHJAX = "https://cdnjs.cloudflare.com/ajax/libs/mathjax/2.7.7/MathJax.js?config=TeX-AMS_CHTML-full,Safe"
_HANDLERS = "nbgrader.server_extensions.formgrader.handlers"
_HANDLER = re.compile(r'\sonclick="([^"]+)"')
_nonce: ContextVar[str] = ContextVar("nonce")

# nbconvert's own configuration of MathJax is evaluated by MathJax, as any such script of a student's would be.
_MATHJAX_MACRO = f"""
{{%- macro mathjax(url="{MATHJAX}") -%}}
<script>
window.MathJax = {{
  TeX: {{equationNumbers: {{autoNumber: "AMS", useLabelIds: true}}}},
  tex2jax: {{
    inlineMath: [["$", "$"], ["\\\\(", "\\\\)"]],
    displayMath: [["$$", "$$"], ["\\\\[", "\\\\]"]],
    processEscapes: true,
    processEnvironments: true
  }},
  displayAlign: "center",
  messageStyle: "none",
  showMathMenu: false,
  CommonHTML: {{linebreaks: {{automatic: true}}}}
}};
</script>
<script src="{{{{ url }}}}"></script>
{{%- endmacro %}}
"""
# Whatever a cell holds, it is painted within the cell's own place.
_STYLE = "<style>.rendered_html, .output_area, .input_area { contain: paint; overflow: auto }</style>\n</head>"


def guard() -> None:
    """Guard the formgrader that this process runs. Nothing happens where it runs none."""
    handlers = sys.modules.get(_HANDLERS)
    if handlers is None or getattr(handlers.BaseHandler, "is_guarded", False):
        return
    base = handlers.BaseHandler
    exporter_of, render = base.exporter.fget, base.render
    scripts = _allowed_handlers(Path(handlers.template_path))

    def content_security_policy(self) -> str:
        if not hasattr(self, "_nonce"):
            self._nonce = secrets.token_urlsafe(16)
        return "; ".join((*_policy(self._nonce, scripts), "frame-ancestors 'self'"))

    def guarded_render(self, name: str, **values) -> str:
        _nonce.set(self._nonce)
        _prepare(self.settings["nbgrader_jinja2_env"], autoescape=True)
        return render(self, name, **values)

    def exporter(self) -> _Exporter:
        _nonce.set(self._nonce)
        return _Exporter(exporter_of(self))

    base.content_security_policy = property(content_security_policy)
    base.render, base.exporter, base.is_guarded = guarded_render, property(exporter), True
    # What was handed in beside the notebook, as it is: nothing of it is a page of ours.
    files = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
    handlers.SubmissionFilesHandler.content_security_policy = property(lambda self: files)


def _policy(nonce: str, scripts: list[str]) -> tuple[str, ...]:
    address = urlsplit(MATHJAX)
    mathjax = f"{address.scheme}://{address.netloc}{address.path.rpartition('/')[0]}/"
    return (
        "default-src 'none'",
        f"script-src 'nonce-{nonce}' {mathjax} 'unsafe-hashes' {' '.join(scripts)}",
        f"style-src 'self' 'unsafe-inline' {mathjax}",
        f"img-src 'self' data: {COLAB}/assets/ {BINDER}/",  # the badges at the top of a notebook
        f"font-src 'self' data: {mathjax}",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )


def _allowed_handlers(templates: Path) -> list[str]:
    """The hashes of the handlers that nbgrader's templates have as attributes."""
    found = {script for path in templates.rglob("*.*") for script in _HANDLER.findall(path.read_text("utf-8"))}
    digests = (hashlib.sha256(script.encode()).digest() for script in sorted(found))
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


class _Exporter:
    """nbgrader's exporter of one submission, with scripts that the policy lets run and names that are text."""

    def __init__(self, exporter):
        _prepare(exporter.environment)
        self._exporter = exporter

    def from_filename(self, filename: str, resources: dict):
        escaped = {key: html.escape(value) if isinstance(value, str) else value for key, value in resources.items()}
        return self._exporter.from_filename(filename, resources=escaped)


class _WithNonces(BaseLoader):
    """nbgrader's templates: the scripts that are in them, and not what is put into them, get the page's nonce."""

    def __init__(self, loader: BaseLoader):
        self._loader = loader

    def get_source(self, environment: Environment, template: str):
        source, filename, is_current = self._loader.get_source(environment, template)
        if template == "mathjax.html.j2":
            source = _MATHJAX_MACRO
        source = source.replace("<script", '<script nonce="{{ nonce() }}"').replace("</head>", _STYLE)
        return source, filename, is_current

    def list_templates(self) -> list[str]:
        return self._loader.list_templates()


def _prepare(environment: Environment, autoescape: bool = False) -> None:
    if isinstance(environment.loader, _WithNonces):
        return
    environment.loader = _WithNonces(environment.loader)
    environment.autoescape = autoescape
    environment.globals["nonce"] = _nonce.get
    environment.cache.clear()
