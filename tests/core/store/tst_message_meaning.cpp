// SPDX-License-Identifier: Apache-2.0
#include "store/message_meaning.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien::store;

class TestMessageMeaning : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isSettled_data();
    void isSettled();
    void anyCutIsTaken();
};

void TestMessageMeaning::isSettled_data()
{
    QTest::addColumn<QString>("message");
    QTest::addColumn<QString>("settled");
    const auto row = [](const char* name, const char* message, const char* settled) {
        QTest::newRow(name) << QString::fromLatin1(message) << QString::fromLatin1(settled);
    };
    row("a plain message stays", R"({"role":"user","content":"x"})", R"({"role":"user","content":"x"})");
    row("a mark after a member goes with its comma", R"({"a":1,"cache_control":{"type":"ephemeral"}})", R"({"a":1})");
    row("a mark before a member goes with its comma", R"({"cache_control":{"type":"ephemeral"},"a":1})", R"({"a":1})");
    row("a mark between members leaves one comma", R"({"a":1,"cache_control":{"b":[{}]},"c":2})", R"({"a":1,"c":2})");
    row("a mark alone leaves nothing", R"({"cache_control":null})", R"({})");
    row("spaces around a mark go", R"({"a":1, "cache_control" : {"x":"}"} })", R"({"a":1 })");
    row("each mark goes", R"([{"a":1,"cache_control":1},{"a":2,"cache_control":2}])", R"([{"a":1},{"a":2}])");
    row("the words in a text stay", R"({"a":"\"cache_control\": 1"})", R"({"a":"\"cache_control\": 1"})");
    row("the words as a value stay", R"({"a":"cache_control","b":1})", R"({"a":"cache_control","b":1})");
    row("a sole text block is a plain text", R"({"role":"user","content":[{"type":"text","text":"q\"]}"}]})",
        R"({"role":"user","content":"q\"]}"})");
    row("a marked sole text block is one, too",
        R"({"content":[{"type":"text","text":"q","cache_control":{"type":"ephemeral"}}],"role":"user"})",
        R"({"content":"q","role":"user"})");
    row("two text blocks stay", R"({"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})",
        R"({"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]})");
    row("a text block with more stays", R"({"content":[{"type":"text","text":"a","citations":[]}]})",
        R"({"content":[{"type":"text","text":"a","citations":[]}]})");
}

void TestMessageMeaning::isSettled()
{
    QFETCH(QString, message);
    QFETCH(QString, settled);
    const std::string bytes = message.toStdString();
    QCOMPARE(QString::fromStdString(luthien::store::settled(bytes)), settled);
    QVERIFY(mayVary(bytes) || message == settled);
}

/// Whatever a client sends: no reading beyond the end. Run under the address sanitizer.
void TestMessageMeaning::anyCutIsTaken()
{
    const std::string whole =
        R"({"content":[{"type":"text","text":"q\\","cache_control" : {"type":"\"ephemeral","x":[{}]}}],"cache_control":1})";
    for (std::size_t from = 0; from < whole.size(); ++from)
        for (std::size_t size = 0; size <= whole.size() - from; ++size)
            QVERIFY(settled(std::string(whole, from, size)).size() <= size);
}

LUTHIEN_TEST(tst_message_meaning, TestMessageMeaning)
#include "tst_message_meaning.moc"
