// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/json_search.h"
#include "support/test_registry.h"

#include <string>

using namespace luthien::desktop;
using Places = std::vector<std::size_t>;

class TestJsonSearch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsNamesAndValues_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("wanted");
        QTest::addColumn<QList<int>>("places");
        QTest::newRow("a name") << QByteArray("{\"Alpha\":1}") << QByteArray("alp") << QList<int>{2};
        QTest::newRow("a value") << QByteArray("{\"a\":\"xBeta\"}") << QByteArray("BETA") << QList<int>{7};
        QTest::newRow("a number") << QByteArray("[1,20,3]") << QByteArray("20") << QList<int>{3};
        QTest::newRow("nothing across two values") << QByteArray("[1,2]") << QByteArray("1,2") << QList<int>{};
        QTest::newRow("once for each value") << QByteArray("[\"aaa\",\"a\"]") << QByteArray("a") << QList<int>{2, 8};
        QTest::newRow("behind an escape") << QByteArray("[\"\\n\\u00e9 key\"]") << QByteArray("key") << QList<int>{11};
        QTest::newRow("what an escape says") << QByteArray("[\"\\u006bey\"]") << QByteArray("key") << QList<int>{2};
        QTest::newRow("nothing for nothing") << QByteArray("[1]") << QByteArray() << QList<int>{};
    }
    void findsNamesAndValues()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, wanted);
        QFETCH(const QList<int>, places);
        const Places found = findInJson(text.toStdString(), wanted.toStdString(), 100);
        QCOMPARE(QList<int>(found.begin(), found.end()), places);
    }

    void stopsAtTheMost()
    {
        QCOMPARE(findInJson("[\"a\",\"a\",\"a\"]", "a", 2).size(), 2U);
        QCOMPARE(findInLines("a\na\na", "a", 2), (Places{0, 2}));
    }

    void findsEachLineOnce()
    {
        QCOMPARE(findInLines("xAax\nb\naa", "a", 10), (Places{1, 7}));
        QCOMPARE(findInLines("", "a", 10), Places{});
    }
};

LUTHIEN_TEST(tst_json_search, TestJsonSearch)
#include "tst_json_search.moc"
