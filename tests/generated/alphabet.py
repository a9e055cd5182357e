"""Words that editors type: in many scripts, with the signs of HTML, Markdown and YAML, and what no reader can see."""

from __future__ import annotations

HAN = (
    "国际劳工组织",
    "体面劳动",
    "湖州",
    "《宣言》",
    "会议。",
    "经验，",
    "１２３",
    "𠮷野家",
    "（试点）",
    "「会」",
    "５％",
)
KANA = ("カタカナ", "ひらがな", "東京、", "半角ｶﾅ")
LATIN = (
    *("decent", "work", "for", "all", "ILO", "SCORE", "Genève", "coöperation", "20", "3.5", "50%", "A4", "e.g."),
    *("don’t", "it's", "e\u0301le\u0300ve", "A\u030angstro\u0308m", "½", "€5", "№ 5"),
)
CYRILLIC = ("Монгол", "хөдөлмөр", "ажил", "үйлчилгээ", "ТОВЧОО")
OTHER_SCRIPTS = (
    *(
        "ᠮᠣᠩᠭᠣᠯ\u180eᠠ",
        "ᠬᠥᠳᠡᠯᠮᠦᠷᠢ",
        "العمل",
        "اللائق",
        "می\u200cخواهم",
        "עבודה",
        "שלום!",
        "한국",
        "노동",
        "งานที่มี",
        "नौकरी",
    ),
    *(
        "👩\u200d🔬",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
        "❤\ufe0f",
        "🇲🇳",
        "葛\U000e0100城",
    ),
)
PUNCTUATION = (
    *("→", "©", "™", "…", "—", "–", "“fair”", "‘fair’", "«juste»", "„gut“", "·", "(x)", "a/b", "&", "AT&T", "R&D"),
    *("a\u00a0b", "10\u202f%", "前\u3000后", "x\u200fy", "x\u200ey"),
)
HTML = (
    *(
        "&amp;",
        "&lt;b&gt;",
        "&copy",
        "&copy;",
        "&#65;",
        "&#65 b",
        "&nbsp;",
        "<b>bold</b>",
        "<script>x</script>",
        "a < b",
    ),
    *("</title>", "x>y", "]]>", "<![CDATA[x]]>", "-->", "<!--", "<br>", "<Decent Work for All>", "{{ x }}", "{% x %}"),
)
MARKDOWN = (
    *("**bold**", "*one*", "_two_", "`code`", "~~gone~~", "5~10", "[1]", "[a](https://e.org/)", "# no", "> x", "\\n"),
    *("\\", "$x$", "https://e.org/a?b=c&d=e#f", "press@e.org", "@ilo", "#DecentWork", "a|b", "1. x", "- x", "+ x"),
)
YAML = (
    *("key: value", "note: this", "12:30", "2021-06-24", "yes", "NO", "null", "~", "true", "0777", "1e3", ".inf", "<<"),
    *("!x", "%x", "?", "'", '"', "''", '""', "it''s", '"quoted"', "'single'", ":", "::", ";", ",", "[", "]", "{", "}"),
    *("=", "：", "C:\\temp", "|", ">", "&x", "*x", "@", "`", "---", "...", "%s", "#", "# 3", "#3", ": "),
)
HOSTILE = (
    *("\u200b", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u202e", "\u202dx", "\u2067x", "\u2069", "\u202cx", "\u034f"),
    *("&#x0b;", "&#0;", "&#xFFFE;", "&#x110000;", "\ufffd", "\ue000", "\U0010fffd", "\ufdd0", "\u0300", "\u20dd"),
    *("\t", "\U000e0001", "\u2800", "Z͑ͫ̓̂̽͏̴̙̤̞͉͚̯̞̠͍"),
)

WORDS = HAN + KANA + LATIN + CYRILLIC + OTHER_SCRIPTS + PUNCTUATION
"""What any text may hold, and every Markdown leaves as it is."""
SIGNS = HTML + MARKDOWN + YAML
"""What plain text must keep although it means something elsewhere."""
