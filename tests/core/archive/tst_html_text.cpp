// SPDX-License-Identifier: Apache-2.0
#include "archive/html_text.h"
#include "support/test_registry.h"

using namespace luthien;

class TestHtmlText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsWhatItSays_data();
    void showsWhatItSays();
    void marks_data();
    void marks();
};

void TestHtmlText::showsWhatItSays_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("html");
    const auto row = [](const char* name, const std::string& text, const std::string& html) {
        QTest::newRow(name) << text << html;
    };
    const auto code = [](const std::string& what) { return "<span class=\"code\">" + what + "</span>"; };
    row("markup is text", R"(<script>alert("x" & 'y')</script>)",
        "&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)&lt;/script&gt;");
    row("an entity is text", "&lt;b&gt;", "&amp;lt;b&amp;gt;");
    row("line breaks and tabs stay", "a\n\tb\r\nc", "a\n\tb\nc");
    row("a line that is written over shows", "rm -rf /\rls", "rm -rf /" + code("U+000D") + "ls");
    row("terminal sequences show", "\x1b[8mhidden\x07", code("U+001B") + "[8mhidden" + code("U+0007"));
    row("a zero byte shows", std::string("a\0b", 3), "a" + code("U+0000") + "b");
    row("text that would run backwards shows how", "\xe2\x80\xaetxt.exe\xe2\x80\xac",
        code("U+202E") + "txt.exe" + code("U+202C"));
    row("smuggled tags show", "a\xf3\xa0\x81\x81", "a" + code("U+E0041"));
    row("a zero-width space shows", "DR\xe2\x80\x8bOP", "DR" + code("U+200B") + "OP");
    row("letters of all scripts stay", "é \xd7\xa9\xd7\x9c \xe6\x97\xa5 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb",
        "é \xd7\xa9\xd7\x9c \xe6\x97\xa5 \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb");
    row("a stray byte shows", "a\xff<", "a" + code("0xFF") + "&lt;");
    row("half a character shows", "\xe2\x82", code("0xE2") + code("0x82"));
    row("an overlong slash shows", "\xc0\xaf", code("0xC0") + code("0xAF"));
    row("half a surrogate pair shows", "\xed\xa0\x80", code("0xED") + code("0xA0") + code("0x80"));
    row("nothing above Unicode", "\xf4\x90\x80\x80", code("0xF4") + code("0x90") + code("0x80") + code("0x80"));
}

void TestHtmlText::showsWhatItSays()
{
    QFETCH(std::string, text);
    std::string html;
    archive::appendHtml(html, text);
    QTEST(html, "html");
}

void TestHtmlText::marks_data()
{
    QTest::addColumn<std::vector<archive::ByteRange>>("ranges");
    QTest::addColumn<std::string>("html");
    using Ranges = std::vector<archive::ByteRange>;
    QTest::newRow("nothing") << Ranges() << std::string("a&lt;bcde");
    QTest::newRow("a part") << Ranges{{1, 3}} << std::string("a<mark>&lt;b</mark>cde");
    QTest::newRow("all of it") << Ranges{{0, 6}} << std::string("<mark>a&lt;bcde</mark>");
    QTest::newRow("two parts in any order")
        << Ranges{{4, 5}, {0, 1}} << std::string("<mark>a</mark>&lt;bc<mark>d</mark>e");
    QTest::newRow("parts that overlap") << Ranges{{1, 4}, {2, 5}} << std::string("a<mark>&lt;bc</mark><mark>d</mark>e");
    QTest::newRow("parts that lie outside")
        << Ranges{{5, 900}, {7, 8}, {3, 2}, {4'000'000'000, 1}} << std::string("a&lt;bcd<mark>e</mark>");
}

void TestHtmlText::marks()
{
    QFETCH(std::vector<archive::ByteRange>, ranges);
    std::string html;
    archive::appendMarkedHtml(html, "a<bcde", ranges);
    QTEST(html, "html");
}

LUTHIEN_TEST(tst_html_text, TestHtmlText)
#include "tst_html_text.moc"
