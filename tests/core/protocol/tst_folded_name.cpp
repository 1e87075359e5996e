// SPDX-License-Identifier: Apache-2.0
#include "protocol/folded_name.h"
#include "support/test_registry.h"

#include <QObject>

#include <array>

using namespace luthien;

class TestFoldedName : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void onlyAnotherSpellingOfANameIsOne_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("isOther");
        QTest::newRow("the name") << QByteArray("tool_calls") << false;
        QTest::newRow("another one") << QByteArray("tools") << false;
        QTest::newRow("capital letters") << QByteArray("Tool_CALLS") << true;
        QTest::newRow("a long s") << QByteArray("tool_call\xC5\xBF") << true;
        QTest::newRow("a Kelvin sign") << QByteArray("\xE2\x84\xAA"
                                                     "ey")
                                       << true;
        QTest::newRow("without its underscore") << QByteArray("ToolCalls") << false;
        QTest::newRow("other letters of no name") << QByteArray("Index") << false;
        QTest::newRow("nothing") << QByteArray() << false;
    }
    void onlyAnotherSpellingOfANameIsOne()
    {
        QFETCH(QByteArray, name);
        QFETCH(bool, isOther);
        static constexpr std::array<std::string_view, 2> kNames{"tool_calls", "key"};
        QCOMPARE(protocol::isOtherSpelling(name.toStdString(), kNames), isOther);
    }
};

LUTHIEN_TEST(tst_folded_name, TestFoldedName)
#include "tst_folded_name.moc"
