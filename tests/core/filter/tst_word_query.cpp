// SPDX-License-Identifier: Apache-2.0
#include "filter/word_query.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien::filter;

class TestWordQuery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsTypedIsData_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QByteArray>("phrases");
        QTest::newRow("words") << QByteArray("drop  Table\n") << QByteArray("drop|table");
        QTest::newRow("a phrase") << QByteArray("a \"drop table\" b") << QByteArray("a|drop table|b");
        QTest::newRow("a beginning") << QByteArray("migr* x") << QByteArray("migr*|x");
        QTest::newRow("a phrase that goes on") << QByteArray("\"drop tab\"*") << QByteArray("drop tab*");
        QTest::newRow("a star within quotes is a sign") << QByteArray("\"drop tab*\"") << QByteArray("drop tab");
        QTest::newRow("signs join") << QByteArray("drop_table a.b/c") << QByteArray("drop table|a b c");
        QTest::newRow("operators of FTS5")
            << QByteArray("a AND b NOT c NEAR(d, 2) ^e -f {g}:h") << QByteArray("a|and|b|not|c|near d|2|e|f|g h");
        QTest::newRow("operators of a TSQUERY") << QByteArray("a & !b | 'c' <-> d:A") << QByteArray("a|b|c|d a");
        QTest::newRow("signs alone are left out") << QByteArray("rm -rf / --") << QByteArray("rm|rf");
        QTest::newRow("NUL is a sign") << QByteArray("a\0b", 3) << QByteArray("a b");
        QTest::newRow("quotes without a blank") << QByteArray("a\"b c\"d") << QByteArray("a|b c|d");
    }
    void whatIsTypedIsData()
    {
        QFETCH(QByteArray, query);
        QFETCH(QByteArray, phrases);
        const auto parsed = parseWordQuery(query.toStdString());
        QVERIFY2(parsed, parsed ? "" : parsed.error().toString().c_str());
        QByteArrayList texts;
        for (const Phrase& phrase : parsed->phrases)
            texts.append(QByteArray::fromStdString(toText(phrase)));
        QCOMPARE(texts.join('|'), phrases);
    }

    void mistakesHaveAPlace_data()
    {
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QString>("error");
        QTest::newRow("nothing") << QByteArray("  ")
                                 << QStringLiteral("query, at character 1: there is no word to search for; "
                                                   "write letters or digits");
        QTest::newRow("no word") << QByteArray("-- /") << QStringLiteral("query, at character 1: there is no word");
        QTest::newRow("an open quote, counted in characters")
            << QByteArray("größe \"drop") << QStringLiteral("query, at character 7: this quote is not closed");
        QTest::newRow("a megabyte") << QByteArray(1 << 20, 'a')
                                    << QStringLiteral("query, at character 4097: a query has at most 4 KiB");
        QTest::newRow("too many words") << QByteArray("a ").repeated(65)
                                        << QStringLiteral("query, at character 129: a query has at most 64");
    }
    void mistakesHaveAPlace()
    {
        QFETCH(QByteArray, query);
        QFETCH(QString, error);
        const auto parsed = parseWordQuery(query.toStdString());
        QVERIFY(!parsed);
        const QString text = QString::fromStdString(parsed.error().toString());
        QVERIFY2(text.contains(error), qPrintable(text));
    }
};

LUTHIEN_TEST(tst_word_query, TestWordQuery)
#include "tst_word_query.moc"
