// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/hex_rows.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien::desktop;
using namespace Qt::StringLiterals;

class TestHexRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void eightBytesARow()
    {
        HexRows rows;
        const QAbstractItemModelTester tester(&rows, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(rows.rowCount(), 0);
        rows.show(std::make_shared<const std::string>("data: \xff\n{}", 10));
        QCOMPARE(rows.rowCount(), 2);
        QCOMPARE(rows.index(0).data(HexRows::BytesRole).toString().trimmed(), u"64 61 74 61 3a 20 ff 0a"_s);
        QCOMPARE(rows.index(0).data(HexRows::LettersRole).toString(), u"data: ··"_s);
        QCOMPARE(rows.index(1).data(HexRows::OffsetRole).toString(), u"000008"_s);
        QCOMPARE(rows.index(1).data(HexRows::LettersRole).toString(), u"{}"_s);
        rows.show({});
        QCOMPARE(rows.rowCount(), 0);
    }
};

LUTHIEN_TEST(tst_hex_rows, TestHexRows)
#include "tst_hex_rows.moc"
