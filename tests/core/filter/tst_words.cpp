// SPDX-License-Identifier: Apache-2.0
#include "filter/words.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien::filter;

/// Words as they are told apart, found in a text, and read out of a tool's arguments. See also tst_match.
class TestWords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void foundWordsAreWholeCharacters_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("phrase");
        QTest::addColumn<QByteArray>("found");
        QTest::newRow("one word") << QByteArray("Drop it") << QByteArray("drop") << QByteArray("Drop");
        QTest::newRow("twice") << QByteArray("a b, a-b") << QByteArray("a b") << QByteArray("a b|a-b");
        QTest::newRow("not within another") << QByteArray("dropped drops") << QByteArray("drop") << QByteArray();
        QTest::newRow("a beginning marks the whole word")
            << QByteArray("the migrations ran") << QByteArray("migr*") << QByteArray("migrations");
        QTest::newRow("a letter that is shorter when folded")
            << QByteArray("Die STRAẞE, die Straße.") << QByteArray("straße") << QByteArray("STRAẞE|Straße");
        QTest::newRow("a dotted capital I becomes two characters")
            << QByteArray("x İstanbul y") << QByteArray("İstanbul") << QByteArray("İstanbul");
        QTest::newRow("after bytes that are no UTF-8")
            << QByteArray("\xff\xfe drop \xe2\x82 table") << QByteArray("table") << QByteArray("table");
        QTest::newRow("across a line and a control character")
            << QByteArray("drop\x01\n table", 12) << QByteArray("drop table") << QByteArray("drop\x01\n table", 12);
        QTest::newRow("beside emoji") << QByteArray("🚀deploy🚀") << QByteArray("deploy") << QByteArray("deploy");
        QTest::newRow("beyond the basic plane") << QByteArray("𐐀bc") << QByteArray("𐐨BC") << QByteArray("𐐀bc");
    }
    void foundWordsAreWholeCharacters()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, phrase);
        QFETCH(QByteArray, found);
        QByteArrayList parts;
        const auto wanted = phraseFrom(phrase.toStdString());
        for (const TextSpan& span : find(text.toStdString(), wanted, 10))
            parts.append(text.mid(static_cast<qsizetype>(span.begin), static_cast<qsizetype>(span.end - span.begin)));
        QCOMPARE(parts.join('|'), found);
        QCOMPARE(contains(text.toStdString(), wanted), !found.isEmpty());
    }

    void findingEndsAtTheLimit() { QCOMPARE(find("a a a a", phraseFrom("a"), 2).size(), std::size_t{2}); }

    void argumentsAreReadWithoutEscapes_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("a newline is no letter")
            << QByteArray("{\"command\":\"cd /tmp\\nrm -rf x\"}") << QByteArray("{\"command\":\"cd /tmp rm -rf x\"}");
        QTest::newRow("a quote stays in its string")
            << QByteArray("{\"a\":\"say \\\"no\\\"\\t\",\"b\":1}") << QByteArray("{\"a\":\"say \"no\" \",\"b\":1}");
        QTest::newRow("a letter by its number") << QByteArray("[\"Gr\\u00f6\\u00dfe\"]") << QByteArray("[\"Größe\"]");
        QTest::newRow("two halves") << QByteArray("[\"\\ud83d\\ude80\"]") << QByteArray("[\"🚀\"]");
        QTest::newRow("one half") << QByteArray("[\"\\ud83dx\"]") << QByteArray("[\"\xef\xbf\xbdx\"]");
        QTest::newRow("no escape after all") << QByteArray("[\"\\uzz\"]") << QByteArray("[\"uzz\"]");
        QTest::newRow("both of two members of a name")
            << QByteArray("{\"c\":\"ls\",\"c\":\"rm\\n\"}") << QByteArray("{\"c\":\"ls\",\"c\":\"rm \"}");
        QTest::newRow("cut off within an escape") << QByteArray("{\"c\":\"ls\\") << QByteArray("{\"c\":\"ls");
        QTest::newRow("outside of strings a backslash stays") << QByteArray("{\\n}") << QByteArray("{\\n}");
        QTest::newRow("free text stays") << QByteArray("*** Add \\n \"a\\nb\"") << QByteArray("*** Add \\n \"a\\nb\"");
    }
    void argumentsAreReadWithoutEscapes()
    {
        QFETCH(QByteArray, arguments);
        QFETCH(QByteArray, text);
        QCOMPARE(QByteArray::fromStdString(readableArguments(arguments.toStdString())), text);
    }

    void wordsComeInTheirOrder()
    {
        std::string all;
        forEachWord("One, TWO\nthree_Four é5 six", [&all](std::string_view word) {
            all.append(word).append("|");
            return word != "é5";
        });
        QCOMPARE(QByteArray::fromStdString(all), QByteArray("one|two|three|four|é5|"));
    }
};

LUTHIEN_TEST(tst_words, TestWords)
#include "tst_words.moc"
