"""The template of the feedback page. Every value is escaped, but for markup that `feedback` has made safe."""

from jinja2 import Environment

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem }
table { border-collapse: collapse; margin: .5rem 0 }
caption { text-align: left; font-weight: bold }
th, td { text-align: left; vertical-align: top; padding: 2px 1rem 2px 0; border-bottom: 1px solid #ddd }
pre { background: #fafafa; padding: .5rem .7rem; font-size: 13px; line-height: 1.4 }
pre, code { white-space: pre-wrap; overflow-wrap: anywhere } /* a long line is broken: nothing to scroll */
img { max-width: 100% }
section { border: 1px solid #bbb; border-radius: 4px; margin: 1rem 0; padding: 0 .8rem .4rem; overflow-x: auto }
section > h2 { font-size: 1rem; margin: 0 -.8rem .6rem; padding: .3rem .8rem; background: #eef2f6 }
section > h2 span { float: right }
section td:not(:last-child) { white-space: nowrap }
section.verdict > table > caption { display: none } /* the heading says the same */
details { margin: .6rem 0 }
summary { cursor: pointer; color: #555 }
details.given > div { border-left: 3px solid #ddd; padding-left: .8rem }
.comment { background: #fff8dc; padding: .3rem .7rem }
.ansi-bold { font-weight: bold } .ansi-underline { text-decoration: underline }
.ansi-red-fg, .ansi-red-intense-fg { color: #a40000 } .ansi-green-fg, .ansi-green-intense-fg { color: #006d00 }
.ansi-blue-fg, .ansi-blue-intense-fg { color: #20458a } .ansi-cyan-fg, .ansi-cyan-intense-fg { color: #00626b }
.ansi-yellow-fg, .ansi-yellow-intense-fg { color: #7a5a00 } .ansi-magenta-fg { color: #75507b }
"""

_PAGE = """
{%- macro points(grade) -%}
{% if grade.pending %}not graded yet, {{ number(grade.max_score) }} points
{%- else %}{{ number(grade.score) }} of {{ number(grade.max_score) }} points{% endif %}
{%- endmacro -%}
{%- macro contents(cell) -%}
{{ cell.source }}
{% for output in cell.outputs %}{{ output }}
{% endfor %}
{%- endmacro -%}
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
      content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ grades.notebook }}: feedback</title>
<style>{{ style | safe }}{{ token_styles | safe }}</style>
</head>
<body>
<main>
<h1>{{ grades.notebook }}: {{ number(grades.score) }} of {{ number(grades.max_score) }} points</h1>
<table>
<thead><tr><th scope="col">exercise</th><th scope="col">points</th><th scope="col">comment</th></tr></thead>
<tbody>
{% for exercise in exercises %}
<tr><td><a href="#{{ exercise.id }}">{{ exercise.name }}</a></td><td>{{ points(exercise.grade) }}</td>
<td>{% if grades.comments[exercise.name] %}<a href="#{{ exercise.name }}-comment">see below</a>{% endif %}</td></tr>
{% endfor %}
{% if grades.late_penalty %}
<tr><td>handed in late</td><td>-{{ number(grades.late_penalty) }} points</td><td></td></tr>
{% endif %}
</tbody>
</table>
{% for note in notes %}
{{ note }}
{% endfor %}
{% for part in parts %}
{% if part.kind == "given" %}
<details class="given"{% if part.open %} open{% endif %}><summary>Given{% if part.title %}: {{ part.title }}
{%- else %} text and code{% endif %}</summary><div>
{% for cell in part.cells %}
{{ contents(cell) }}
{% endfor %}
</div></details>
{% elif part.kind == "verdict" %}
<section class="verdict" id="{{ part.id }}">
<h2>Verdict on {{ part.name }}{% if part.grade %} <span>{{ points(part.grade) }}</span>{% endif %}</h2>
{% for output in part.outputs %}
{{ output }}
{% endfor %}
<details><summary>The visible checks</summary>{{ part.source }}</details>
</section>
{% else %}
<section{% if part.id %} id="{{ part.id }}"{% endif %}>
<h2>{% if part.kind == "own" %}A cell of your own{% else %}Your answer: {{ part.name }}{% endif %}
{%- if part.grade %} <span>{{ points(part.grade) }}</span>{% endif %}</h2>
{{ contents(part) }}
{% if part.comment %}<div class="comment" id="{{ part.id }}-comment"><b>Comment</b>{{ part.comment }}</div>{% endif %}
</section>
{% endif %}
{% endfor %}
</main>
</body>
</html>
"""


def _number(points: float) -> str:
    return f"{round(points, 2):g}"


_ENVIRONMENT = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
_ENVIRONMENT.globals.update(number=_number, style=_STYLE)
PAGE = _ENVIRONMENT.from_string(_PAGE.lstrip())
