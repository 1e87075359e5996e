# SPDX-License-Identifier: Apache-2.0
"""What strangers write, as tests/support/hostile_texts.h has it: markup and addresses that load something where they are
taken for more than text, characters that hide or turn text around, and much too much of everything."""


def payloads(server, file):
    """`server` and `file` are ours: whoever asks for them took a text for more than text."""
    http = f"{server}/x.png"
    for address in (http, f"file://{file}", str(file), "qrc:/icons/spark.svg", "image://icons/spark/ff0000",
                    "data:image/png;base64,iVBORw0KGgo=", "javascript:alert(1)", "//" + http[7:]):
        yield from (f"<img src='{address}'>", f"![a]({address})", f"[a]({address})", f'<a href="{address}">a</a>')
    yield from (f"<style>@import url({http})</style>", f'<p style="background-image:url({http})">a</p>',
                f"<table background='{http}'><tr><td>a", f"<object data='{http}'>", f"<script src='{http}'></script>",
                f"<iframe src='{http}'>", "<b><i><u><s>", "<!-- a -->", "<![CDATA[a]]>", "&lt;img src=x&gt;",
                "&#x202e;&#0;&#xD800;", "Qt.quit() %1 %n %% %s", "\u202e\u2066gpj.exe\u2069\u202c",
                "a\u200b\u200c\u200d\ufeffb", "\0nul", "\x1b[31mred\x1b[0m\x07\x08", "\ufffe\uffff", "\U000e0041\U000e007f",
                "\r\r\n\v\f\u0085\u2028\u2029", "\u05d0\u05d1 abc \u0627\u0644", "e" + "\u0301" * 300,
                "\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f1e9\U0001f1ea", "\t\t\t", " ", "x" * 2000, "[" * 2000,
                "`" * 1000, "|" * 1000, "> " * 400, "* " * 400, "#" * 1000, "\\" * 1000, "&" * 1000, "<b>" * 400,
                "**a*" * 300, "![[" * 300, '{"a":' * 200, "\\u0000\\ud800", "\ufdfd" * 40)


PLACES = ("{}", "**{}**", "*{}*", "`{}`", "~~{}~~", "[{}](http://h/)", "[a]({})", "![a]({})", "![{}](b)", "<{}>", "# {}",
          "{}\n===", "- {}", "1. {}", "- a\n  - {}", "- [x] {}", "> {}", "| a |\n|---|\n| {} |", "```\n{}\n```",
          "```{}\na\n```", "    {}", "[a]: {}\n\n[a]", "<div>{}</div>", '{{"command":"{}"}}', "{0}\n\n{0}", "\u202e{}",
          "{}\\", "a\n{}\nb", "<![CDATA[{}]]>")


def texts(server, file):
    """Each of them as it is and in every place that Markdown and JSON have."""
    return [place.format(payload) for payload in payloads(server, file) for place in PLACES]
