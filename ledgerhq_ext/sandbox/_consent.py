"""The page on which a person lets an app in."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import urlsplit

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Connect {app} to LedgerHQ</title>
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; color: #1c2430; background: #f3f5f8; margin: 0; }}
  main {{ max-width: 26rem; margin: 12vh auto; padding: 2rem; background: #fff;
         border: 1px solid #d9dfe7; border-radius: 8px; }}
  h1 {{ font-size: 1.25rem; margin: 0 0 1rem; overflow-wrap: anywhere; }}
  ul {{ padding-left: 1.2rem; }}
  small {{ color: #5b6675; overflow-wrap: anywhere; }}
  select {{ font: inherit; width: 100%; padding: .4rem; }}
  button {{ font: inherit; padding: .5rem 1.25rem; border-radius: 6px;
           border: 1px solid #b9c3cf; background: #fff; cursor: pointer; }}
  button.primary {{ background: #14532d; border-color: #14532d; color: #fff; }}
  .actions {{ display: flex; gap: .75rem; margin: 1.5rem 0 1rem; }}
</style>
</head>
<body>
<main>
  <h1>{app} wants to connect to {firm}</h1>
  <p>As an administrator of the firm, you can allow it to:</p>
  <ul>
    <li>see the firm's client companies</li>
    <li>read their accounts, bank activity and reports</li>
    <li>post and change entries in their books</li>
  </ul>
  <form method="post" action="/api/oauth/authorize">
{fields}
{choice}
    <div class="actions">
      <button class="primary" name="decision" value="approve">Approve</button>
      <button name="decision" value="deny">Deny</button>
    </div>
  </form>
  <small>You will return to {host}. This is a LedgerHQ sandbox, without passwords or
  real money.</small>
</main>
</body>
</html>
"""


def consent_page(
    app: str, parameters: dict[str, str], firms: list[dict[str, Any]], preset: str
) -> str:
    """Return the page, with the parameters of the request in hidden fields.

    Where there are several firms, a person picks one; `preset` is the id of the one that is picked
    at first.
    """
    # Names and parameters come from strangers: whatever goes into the page is escaped.
    parts = urlsplit(parameters["redirect_uri"])
    host = parts.netloc or parts.scheme
    if len(firms) == 1:
        firm = escape(firms[0]["name"])
        choice = ""
    else:
        firm = "your firm"
        choice = _choice(firms, preset)
    return _PAGE.format(
        app=escape(app),
        fields=_hidden_fields(parameters),
        host=escape(host),
        firm=firm,
        choice=choice,
    )


def _option(id: str, name: str, preset: str) -> str:
    mark = " selected" if id == preset else ""
    return f'<option value="{escape(id)}"{mark}>{escape(name)}</option>'


def _hidden_fields(parameters: dict[str, str]) -> str:
    lines = []
    for name, value in parameters.items():
        lines.append(f'    <input type="hidden" name="{escape(name)}" value="{escape(value)}">')
    return "\n".join(lines)


def _choice(firms: list[dict[str, Any]], preset: str) -> str:
    options = "".join(_option(firm["id"], firm["name"], preset) for firm in firms)
    return f'    <label>The firm <select name="firm">{options}</select></label>'
