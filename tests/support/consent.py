"""A person at the consent page of the sandbox."""

BROWSER = """
import html, re, sys, urllib.parse, urllib.request

with urllib.request.urlopen(sys.argv[1]) as answer:
    page = answer.read().decode()
fields = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
if fields:
    form = {html.unescape(name): html.unescape(value) for name, value in fields}
    form["decision"] = "approve"
    action = urllib.parse.urljoin(sys.argv[1], "/api/oauth/authorize")
    urllib.request.urlopen(action, urllib.parse.urlencode(form).encode()).read()
"""
"""A browser, as a program, whose person approves."""
