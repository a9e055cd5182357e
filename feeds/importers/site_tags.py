"""Replaces the tags of site generators in Markdown: Hugo's shortcodes, and Liquid, as Jekyll and Eleventy have it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_FENCE = re.compile(r"(?:^|\n)(```+|~~~+)[^\n]*\n.*?\n\1[ \t]*(?=\n|\Z)|`[^`\n]+`", re.DOTALL)
_HUGO = re.compile(r"\{\{([<%])\s*(/?)\s*([\w.-]+)\s*(.*?)\s*/?\s*[>%]\}\}", re.DOTALL)
_HIGHLIGHT = re.compile(r"\{%-?\s*highlight\s+(\w+)[^%]*%\}\n?(.*?)\n?\{%-?\s*endhighlight\s*-?%\}", re.DOTALL)
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}", re.DOTALL)
_COMMENT = re.compile(r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}", re.DOTALL)
_LIQUID = re.compile(r"\{%-?\s*(\w+)[^%]*?-?%\}")
_VALUE = re.compile(r"\{\{-?\s*([^{}<%]+?)\s*-?\}\}")
_ARGUMENT = re.compile(r"""(?:([\w-]+)\s*=\s*)?(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`|'([^']*)'|([^\s"'=]+))""")
_ATTRIBUTES = re.compile(r"[ \t]*\{:[^}\n]*\}|(?<=\S)[ \t]*\{[#.][^}\n]*\}[ \t]*(?=\n|\Z)")
_MORE = re.compile(r"<!--\s*more\s*-->", re.IGNORECASE)
_PLAYERS = {"youtube": "https://www.youtube.com/watch?v={}", "vimeo": "https://vimeo.com/{}"}
_SAVED = re.compile("\ufdd6(\\d+)\ufdd7")


def without_tags(text: str, fields: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The text with Markdown in place of the tags that are known, and notes on the others, which are left out.

    What stands in code is not touched. ``fields`` are those above the text.

    >>> without_tags('See {{< youtube abc >}} and {{ page.title }}, {% include x.html %}.', {"title": "Wages"})
    ('See <https://www.youtube.com/watch?v=abc> and Wages, .', ['the tag {% include %} is left out'])
    """
    lost: list[str] = []
    saved: list[str] = []

    def save(found: re.Match[str]) -> str:
        saved.append(found[0])
        return f"\ufdd6{len(saved) - 1}\ufdd7"

    text = _HIGHLIGHT.sub(lambda found: f"\n```{found[1]}\n{found[2]}\n```\n", text)
    text = _RAW.sub(lambda found: save(re.match(r"(?s).*", found[1]) or found), text)
    text = _FENCE.sub(save, text)
    text = _HUGO.sub(lambda found: _hugo(found, lost), _MORE.sub("", _COMMENT.sub("", text)))
    text = _LIQUID.sub(_told("the tag {{% {} %}} is left out", lost), text)
    text = _VALUE.sub(lambda found: _value(found, fields, lost), text)
    text = _ATTRIBUTES.sub("", text)
    while _SAVED.search(text):
        text = _SAVED.sub(lambda found: saved[int(found[1])], text)
    return text, list(dict.fromkeys(lost))


def _told(message: str, lost: list[str]) -> Callable[[re.Match[str]], str]:
    def left_out(found: re.Match[str]) -> str:
        lost.append(message.format(found[1]))
        return ""

    return left_out


def _value(found: re.Match[str], fields: Mapping[str, Any], lost: list[str]) -> str:
    name = found[1].partition("|")[0].strip().removeprefix("page.")
    value = fields.get(name)
    if isinstance(value, str):
        return value
    lost.append(f"{{{{ {found[1]} }}}} is left out")
    return ""


def _hugo(found: re.Match[str], lost: list[str]) -> str:
    _, closing, name, inside = found.groups()
    named: dict[str, str] = {}
    plain: list[str] = []
    for key, *values in _ARGUMENT.findall(inside):
        value = next(filter(None, values), "")
        if key:
            named[key] = value
        elif value != "/":
            plain.append(value)
    if name == "figure" and (source := named.get("src") or (plain[0] if plain else "")):
        caption = named.get("caption") or named.get("title") or ""
        picture = f"![{named.get('alt') or caption}]({source})"
        return f"{picture}\n\n*{caption}*" if caption and named.get("alt") else picture
    if name in _PLAYERS and (video := named.get("id") or (plain[0] if plain else "")):
        return f"<{_PLAYERS[name].format(video)}>"
    if not closing:
        lost.append(f"the shortcode {{{{< {name} >}}}} is left out")
    return ""
