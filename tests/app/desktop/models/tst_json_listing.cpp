// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/json_listing.h"
#include "random_json.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace luthien::desktop;

namespace {
/// Reads a container from its begin to its end, as nobody would who has to be quick.
std::vector<std::pair<std::string, std::string>> plainMembers(const std::string& text)
{
    std::vector<std::pair<std::string, std::string>> members;
    std::size_t at = afterBlanks(text, 1);
    while (text[at] != '}' && text[at] != ']') {
        std::string name;
        if (text[0] == '{') {
            const std::size_t end = afterString(text, at);
            name = text.substr(at + 1, end - at - 2);
            at = afterBlanks(text, afterBlanks(text, end) + 1);
        }
        const std::size_t end = afterValue(text, at);
        members.emplace_back(name, text.substr(at, end - at));
        at = afterBlanks(text, end);
        if (text[at] == ',')
            at = afterBlanks(text, at + 1);
    }
    return members;
}
} // namespace

class TestJsonListing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMemberIsFoundInAnyOrder()
    {
        test::RandomJson random(11);
        for (int round = 0; round < 300; ++round) {
            const std::string text = random.object();
            const auto expected = plainMembers(text);
            const JsonListing listing = JsonListing::ofMembers(text, 0);
            QCOMPARE(listing.count(), expected.size());
            for (std::size_t at = 0; at < expected.size(); ++at) {
                const std::size_t index = (at * 7919) % expected.size();
                const JsonItem item = listing.item(index);
                QCOMPARE(std::string(item.name.value_or("")), expected[index].first);
                QCOMPARE(text.substr(item.begin, item.size()), expected[index].second);
                QCOMPARE(listing.indexAt(item.begin), index);
                const auto below = item.isContainer() ? plainMembers(expected[index].second).size() : 0;
                QCOMPARE(item.members, below);
            }
        }
    }

    void aMillionElementsCostLittle()
    {
        std::string text = "[0";
        for (int number = 1; number < 1'000'000; ++number)
            text += "," + std::to_string(number);
        text += "]";
        const JsonListing listing = JsonListing::ofMembers(text, 0);
        QCOMPARE(listing.count(), 1'000'000U);
        for (const std::size_t index : {0U, 1U, 500'000U, 999'999U}) {
            const JsonItem item = listing.item(index);
            QCOMPARE(text.substr(item.begin, item.size()), std::to_string(index));
        }
    }

    // The line breaks are where the text says so, and everything is on some line.
    void linesAreTheWholeText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("lines");
        QTest::newRow("none is one empty line") << QByteArray() << 1;
        QTest::newRow("two") << QByteArray("a\nb") << 2;
        QTest::newRow("the last one ends") << QByteArray("a\nb\n") << 2;
        QTest::newRow("empty ones between") << QByteArray("a\n\n\nb") << 4;
        QTest::newRow("a long one is cut") << QByteArray(400, 'x') << 3;
        QTest::newRow("characters are not cut") << QByteArray("\xf0\x9f\x98\x80").repeated(100) << 3;
    }
    void linesAreTheWholeText()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const int, lines);
        const std::string all = text.toStdString();
        const JsonListing listing = JsonListing::ofLines(all, 0, all.size(), JsonListing::Escapes::None);
        QCOMPARE(static_cast<int>(listing.count()), lines);
        std::string joined;
        for (std::uint64_t index = 0; index < listing.count(); ++index) {
            const std::string_view line = listing.line(index);
            QVERIFY(line.empty() || (static_cast<unsigned char>(line.front()) & 0xC0U) != 0x80U);
            joined += line;
        }
        std::string expected = all;
        std::erase(expected, '\n');
        QCOMPARE(joined, expected);
    }

    void linesOfAStringFollowItsEscapes()
    {
        const std::string text = "\"one\\ntwo\\\\n still\\n\\u00e9\"";
        const JsonListing listing = JsonListing::ofLines(text, 1, text.size() - 1, JsonListing::Escapes::Read);
        QCOMPARE(listing.count(), 3U);
        QCOMPARE(unescaped(listing.line(1)), std::string("two\\n still"));
        QCOMPARE(unescaped(listing.line(2)), std::string("\xc3\xa9"));
    }
};

LUTHIEN_TEST(tst_json_listing, TestJsonListing)
#include "tst_json_listing.moc"
