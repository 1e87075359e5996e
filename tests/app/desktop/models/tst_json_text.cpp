// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/json_text.h"
#include "random_json.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

using namespace luthien;
using namespace luthien::desktop;

class TestJsonText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesTheFault_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("offset"); // -1 = it has none
        QTest::newRow("an object is one value") << QByteArray("{\"a\":[1,2,{}]}") << -1;
        QTest::newRow("members of one name are no fault") << QByteArray("{\"a\":1,\"a\":2}") << -1;
        QTest::newRow("blanks around a number") << QByteArray(" \n-1.5e+3\t") << -1;
        QTest::newRow("nothing") << QByteArray("") << 0;
        QTest::newRow("only blanks") << QByteArray("  ") << 2;
        QTest::newRow("an end too early") << QByteArray("{\"a\":[1,") << 8;
        QTest::newRow("a comma too many in an object") << QByteArray("{\"a\":1,}") << 7;
        QTest::newRow("a comma too many in a list") << QByteArray("[1,]") << 3;
        QTest::newRow("the wrong bracket") << QByteArray("[1}") << 2;
        QTest::newRow("a second value") << QByteArray("{} {}") << 3;
        QTest::newRow("a name without quotes") << QByteArray("{a:1}") << 1;
        QTest::newRow("a missing colon") << QByteArray("{\"a\" 1}") << 5;
        QTest::newRow("a line break inside of a string") << QByteArray("[\"a\nb\"]") << 3;
        QTest::newRow("an unknown escape") << QByteArray("[\"\\x\"]") << 2;
        QTest::newRow("half of an escape") << QByteArray("[\"\\u12\"]") << 2;
        QTest::newRow("a number that begins with 0") << QByteArray("[01]") << 2;
        QTest::newRow("a number without an end") << QByteArray("[1.]") << 3;
        QTest::newRow("a word of JavaScript") << QByteArray("[NaN]") << 1;
    }
    void namesTheFault()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const int, offset);
        const auto fault = findJsonFault(text.toStdString());
        QCOMPARE(fault ? static_cast<int>(fault->offset) : -1, offset);
        QVERIFY(!fault || !fault->what.empty());
    }

    void nestingHasNoLimit()
    {
        const std::size_t depth = 2'000'000;
        const std::string text = std::string(depth, '[') + std::string(depth, ']');
        QVERIFY(!findJsonFault(text));
        QCOMPARE(afterValue(text, 0), text.size());
    }

    // Every text, broken in one place or not, is JSON to both or to neither.
    void agreesWithAParser()
    {
        test::RandomJson random(7);
        int broken = 0;
        for (int round = 0; round < 4000; ++round) {
            std::string text = random.value();
            if (round % 2 == 1)
                text[random.below(static_cast<unsigned>(text.size()))] = "{}[]\",:1 a\\"[random.below(11)];
            boost::system::error_code failed;
            boost::json::parse_options options;
            options.max_depth = 4096;
            options.allow_invalid_utf8 = true; // as bytes; half of a surrogate pair is a matter of its own
            boost::json::stream_parser parser({}, options);
            parser.write(text, failed);
            if (!failed)
                parser.finish(failed);
            const auto fault = findJsonFault(text);
            if (failed && !fault && text.find("\\ud") != std::string::npos)
                continue; // there is no option to take a lone surrogate
            QVERIFY2(fault.has_value() == failed.failed(), text.c_str());
            broken += fault ? 1 : 0;
        }
        QVERIFY(broken > 500);
    }

    void readsWhatAStringSays_data()
    {
        QTest::addColumn<QByteArray>("inside");
        QTest::addColumn<QByteArray>("said");
        QTest::newRow("plain") << QByteArray("abc") << QByteArray("abc");
        QTest::newRow("every short escape")
            << QByteArray("\\\"\\\\\\/\\b\\f\\n\\r\\t") << QByteArray("\"\\/\b\f\n\r\t");
        QTest::newRow("codes") << QByteArray("\\u0041\\u00e9\\u20AC") << QByteArray("A\xc3\xa9\xe2\x82\xac");
        QTest::newRow("a pair") << QByteArray("\\ud83d\\ude00!") << QByteArray("\xf0\x9f\x98\x80!");
        QTest::newRow("half a pair stays as written") << QByteArray("\\ud83d!") << QByteArray("\\ud83d!");
        QTest::newRow("the second half first") << QByteArray("\\ude00\\ud83d") << QByteArray("\\ude00\\ud83d");
    }
    void readsWhatAStringSays()
    {
        QFETCH(const QByteArray, inside);
        QFETCH(const QByteArray, said);
        QCOMPARE(QByteArray::fromStdString(unescaped(inside.toStdString())), said);
    }
};

LUTHIEN_TEST(tst_json_text, TestJsonText)
#include "tst_json_text.moc"
