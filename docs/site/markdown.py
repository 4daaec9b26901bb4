"""What the pages of the project are, and the headings and links in them."""
import os
import re

PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "examples/README.md")


def is_page(path):
    """Whether a file, by its path in the project, is a page of the site."""
    return path in PAGES or bool(re.fullmatch(r"docs/[a-z_]+\.md", path))


def name_of(path):
    """The name of a page in labels: its path without the folder docs."""
    return path.removeprefix("docs/").removesuffix(".md").replace("/", "-")


def without_code(lines):
    """The lines, with None for fences and what stands between them."""
    inside = False
    for line in lines:
        fence = re.match(r"\s*```", line)
        yield None if inside or fence else line
        if fence:
            inside = not inside


def slug(heading):
    """The anchor that GitHub makes of a heading's text."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def slugs(lines):
    """The anchors of all headings, by the numbers of their lines."""
    found, counts = {}, {}
    for i, line in enumerate(without_code(lines)):
        match = re.match(r"#{1,6} +(.*)", line or "")
        if match:
            name = slug(match[1])
            number = counts.get(name, 0)
            counts[name] = number + 1
            found[i] = f"{name}-{number}" if number else name
    return found


CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
LINK = re.compile(r"(!?)\[((?:[^][]|\[[^]]*\])*)\]\(([^()\s]+)\)")  # a picture's sign, text, target; over several lines too


def links(lines):
    """(line number from 1, target) of every link and picture outside of code."""
    text = "\n".join(line or "" for line in without_code(lines))
    text = CODE.sub(lambda match: "\n" * match[0].count("\n"), text)
    for match in LINK.finditer(text):
        yield text.count("\n", 0, match.start(3)) + 1, match[3]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read().split("\n")


def pages(root):
    """Paths in the project of all pages that are there."""
    found = [page for page in PAGES if os.path.isfile(os.path.join(root, page))]
    return found + sorted(f"docs/{name}" for name in os.listdir(os.path.join(root, "docs")) if is_page(f"docs/{name}"))
