// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

#include <functional>
#include <vector>

namespace luthien::test {

/// What strangers write: markup and addresses that load something where they are taken for more than text, characters
/// that hide or turn text around, formats, and much too much of everything.
inline QStringList hostilePayloads(const QString& server)
{
    using namespace Qt::StringLiterals;
    const QString http = server + u"/x.png"_s;
    QStringList payloads;
    for (const QString& address :
         {http, u"file:///etc/passwd"_s, u"/etc/passwd"_s, u"qrc:/icons/spark.svg"_s, u"image://icons/spark/ff0000"_s,
          u"data:image/png;base64,iVBORw0KGgo="_s, u"javascript:alert(1)"_s, u"//"_s + http.mid(7)})
        payloads << u"<img src='%1'>"_s.arg(address) << u"![a](%1)"_s.arg(address) << u"[a](%1)"_s.arg(address)
                 << u"<a href=\"%1\">a</a>"_s.arg(address);
    payloads << u"<style>@import url(%1)</style>"_s.arg(http)
             << u"<p style=\"background-image:url(%1)\">a</p>"_s.arg(http)
             << u"<table background='%1'><tr><td>a"_s.arg(http) << u"<object data='%1'>"_s.arg(http)
             << u"<script src='%1'></script>"_s.arg(http) << u"<iframe src='%1'>"_s.arg(http) << u"<b><i><u><s>"_s
             << u"<!-- a -->"_s << u"<![CDATA[a]]>"_s << u"&lt;img src=x&gt;"_s << u"&#x202e;&#0;&#xD800;"_s
             << u"Qt.quit() %1 %n %% %s"_s << u"\u202e\u2066gpj.exe\u2069\u202c"_s << u"a\u200b\u200c\u200d\ufeffb"_s
             << QString(QChar(0)) + u"nul"_s << u"\x1b[31mred\x1b[0m\x07\x08"_s << QString(QChar(0xD800)) + u'a'
             << QString(QChar(0xDC00)) << QString(QChar(0xFFFE)) + QChar(0xFFFF)
             << QString::fromUcs4(U"\U000E0041\U000E007F") << u"\r\r\n\v\f\u0085\u2028\u2029"_s
             << u"\u05d0\u05d1 abc \u0627\u0644"_s << u"e"_s + QString(300, QChar(0x0301))
             << QString::fromUcs4(U"\U0001F468\u200d\U0001F469\u200d\U0001F467\U0001F1E9\U0001F1EA") << u"\t\t\t"_s
             << u" "_s << QString(2'000, u'x') << QString(2'000, u'[') << QString(1'000, u'`') << QString(1'000, u'|')
             << u"> "_s.repeated(400) << u"* "_s.repeated(400) << QString(1'000, u'#') << QString(1'000, u'\\')
             << QString(1'000, u'&') << u"<b>"_s.repeated(400) << u"**a*"_s.repeated(300) << u"![["_s.repeated(300)
             << u"{\"a\":"_s.repeated(200) << u"\\u0000\\ud800"_s << u"\ufdfd"_s.repeated(40);
    return payloads;
}

/// Each of them as it is and in every place that Markdown and JSON have: more than 2,000 texts.
inline QStringList hostileTexts(const QString& server)
{
    using namespace Qt::StringLiterals;
    const std::vector<std::function<QString(const QString&)>> places{
        [](const QString& text) { return text; },
        [](const QString& text) { return u"**"_s + text + u"**"_s; },
        [](const QString& text) { return u"*"_s + text + u"*"_s; },
        [](const QString& text) { return u"`"_s + text + u"`"_s; },
        [](const QString& text) { return u"~~"_s + text + u"~~"_s; },
        [](const QString& text) { return u"["_s + text + u"](http://h/)"_s; },
        [](const QString& text) { return u"[a]("_s + text + u")"_s; },
        [](const QString& text) { return u"![a]("_s + text + u")"_s; },
        [](const QString& text) { return u"!["_s + text + u"](b)"_s; },
        [](const QString& text) { return u"<"_s + text + u">"_s; },
        [](const QString& text) { return u"# "_s + text; },
        [](const QString& text) { return text + u"\n==="_s; },
        [](const QString& text) { return u"- "_s + text; },
        [](const QString& text) { return u"1. "_s + text; },
        [](const QString& text) { return u"- a\n  - "_s + text; },
        [](const QString& text) { return u"- [x] "_s + text; },
        [](const QString& text) { return u"> "_s + text; },
        [](const QString& text) { return u"| a |\n|---|\n| "_s + text + u" |"_s; },
        [](const QString& text) { return u"```\n"_s + text + u"\n```"_s; },
        [](const QString& text) { return u"```"_s + text + u"\na\n```"_s; },
        [](const QString& text) { return u"    "_s + text; },
        [](const QString& text) { return u"[a]: "_s + text + u"\n\n[a]"_s; },
        [](const QString& text) { return u"<div>"_s + text + u"</div>"_s; },
        [](const QString& text) { return u"{\"command\":\""_s + text + u"\"}"_s; },
        [](const QString& text) { return text + u"\n\n"_s + text; },
        [](const QString& text) { return text.toUpper(); },
        [](const QString& text) { return u"\u202e"_s + text; },
        [](const QString& text) { return text + u'\\'; },
        [](const QString& text) { return u"a\n"_s + text + u"\nb"_s; },
    };
    QStringList texts;
    for (const QString& payload : hostilePayloads(server))
        for (const auto& place : places)
            texts += place(payload);
    return texts;
}

} // namespace luthien::test
