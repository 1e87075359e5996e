// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "policy/builtin/argument_texts.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::policy;
using namespace luthien::policy::builtin;

namespace {

/// "/a=text" for each string found, in order.
QByteArray textsOf(std::string_view tool, std::string_view arguments)
{
    QByteArrayList found;
    ArgumentTexts texts([&](const ArgumentText& text) {
        found += QByteArray::fromStdString(text.parts.front().pointer) + "=" +
                 QByteArray::fromStdString(std::string(text.text.text()));
    });
    const Result<boost::json::value> parsed = parseStrictJson(arguments);
    const bool all = texts.read({{.name = tool, .arguments = arguments}, &*parsed});
    return found.join(' ') + (all ? "" : " and more");
}

class TestArgumentTexts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsEveryString_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("texts");
        const auto row = [](const char* name, const char* tool, const char* arguments, const char* texts) {
            QTest::newRow(name) << QByteArray(tool) << QByteArray(arguments) << QByteArray(texts);
        };
        row("at any depth", "x", "{\"a\":\"1\",\"b\":[{\"c\":\"2\"},3,null,\"4\"]}", "/a=1 /b/0/c=2 /b/3=4");
        row("a string alone", "x", "\"1\"", "=1");
        row("empty ones are none", "x", "{\"a\":\"\"}", "");
        row("the words of a command together too", "x", "{\"command\":[\"a b\",\"c'd\"]}",
            "/command/0=a b /command/1=c'd /command/0='a b' 'c'\\''d'");
        row("of a shell tool under any name", "shell", "{\"what\":[\"a\",\"b\"]}",
            "/what/0=a /what/1=b /what/0='a' 'b'");
        row("of a program we know under any name", "x", "{\"what\":[\"psql\",\"b\"]}",
            "/what/0=psql /what/1=b /what/0='psql' 'b'");
        row("not of any list", "x", "{\"tags\":[\"a\",\"b\"]}", "/tags/0=a /tags/1=b");
        row("a program and its arguments", "x", "{\"program\":\"p\",\"args\":[\"a\",1,\"b\"]}",
            "/args/0='p' 'a' '' 'b' /program=p /args/0=a /args/2=b");
        row("JSON in a string, and the string", "x", "{\"a\":\"{\\\"b\\\":[\\\"1\\\"]}\"}", "/a={\"b\":[\"1\"]} /a=1");
        row("JSON in JSON in JSON in JSON", "x",
            "[\"[\\\"[\\\\\\\"[\\\\\\\\\\\\\\\"1\\\\\\\\\\\\\\\"]\\\\\\\"]\\\"]\"]",
            "/0=[\"[\\\"[\\\\\\\"1\\\\\\\"]\\\"]\"] /0=[\"[\\\"1\\\"]\"] /0=[\"1\"] /0=1");
        row("what goes into a file that nobody runs is none", "Write", "{\"file_path\":\"a.md\",\"content\":\"1\"}",
            "");
        row("into one that somebody may", "Write", "{\"file_path\":\"a.sql\",\"content\":\"1\"}",
            "/file_path=a.sql /content=1");
        row("what stood in it before is none", "Edit",
            "{\"file_path\":\"a.sql\",\"old_string\":\"0\",\"new_string\":\"1\"}", "/file_path=a.sql /new_string=1");
        row("without a path it may go anywhere", "Write", "{\"content\":\"1\"}", "/content=1");
        row("a patch: what it adds to files that somebody may run", "apply_patch",
            "{\"input\":\"*** Begin Patch\\n*** Add File: a.sql\\n+1\\n*** Add File: b.md\\n+2\\n\"}", "/input=1\n");
        row("a patch given to a shell is a text", "Bash", "{\"x\":\"*** Begin Patch\\n\"}", "/x=*** Begin Patch\n");
    }
    void findsEveryString()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, texts);
        QCOMPARE(textsOf(tool.toStdString(), arguments.toStdString()), texts);
    }

    void aSpanOfACommandLiesInOneOfItsWords()
    {
        const ArgumentText text{.parts = {{"/0", 0, 4}, {"/1", 5, 10}}};
        QVERIFY((text.locate({0, 4}) == conversation::Match{"/0", 0, 4}));
        QVERIFY((text.locate({7, 12}) == conversation::Match{"/1", 2, 7}));
        QVERIFY((text.locate({7, 99}) == conversation::Match{"/1", 2, 10}));
        QVERIFY((text.locate({2, 8}) == conversation::Match{"/0", 2, 4}));
    }
};

} // namespace

LUTHIEN_TEST(tst_argument_texts, TestArgumentTexts)
#include "tst_argument_texts.moc"
