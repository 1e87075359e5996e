// SPDX-License-Identifier: Apache-2.0
#include "protocol/query.h"
#include "support/test_registry.h"

#include <QObject>

using namespace luthien;

class TestQuery : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void escapesAreReadAndTheRestStays()
    {
        QCOMPARE(protocol::percentDecoded("a%2Db%3dc+%zz%4"), std::string("a-b=c+%zz%4"));
    }

    void whatIsNotRemovedStaysByteForByte_data()
    {
        QTest::addColumn<QString>("target");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* title, const char* target, const char* expected) {
            QTest::newRow(title) << QString::fromLatin1(target) << QString::fromLatin1(expected);
        };
        row("no query", "/a", "/a");
        row("an empty query", "/a?", "/a?");
        row("nothing to remove", "/a?&b=1&&c", "/a?&b=1&&c");
        row("the first", "/a?x=1&b=%20", "/a?b=%20");
        row("the last", "/a?b=1&x=1", "/a?b=1");
        row("without a value", "/a?b&x", "/a?b");
        row("all", "/a?x&x=2", "/a");
    }
    void whatIsNotRemovedStaysByteForByte()
    {
        QFETCH(QString, target);
        QFETCH(QString, expected);
        const auto isX = [](const std::string& name, const std::string&) { return name == "x"; };
        QCOMPARE(QString::fromStdString(protocol::withoutParameters(target.toStdString(), isX)), expected);
    }
};

LUTHIEN_TEST(tst_query, TestQuery)
#include "tst_query.moc"
