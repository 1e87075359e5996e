// SPDX-License-Identifier: Apache-2.0
#include "base/logging.h"
#include "runtime/log_level.h"
#include "support/test_registry.h"

#include <QtTest>

#include <string>

using namespace luthien;

class TestLogLevel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { runtime::setLogLevel("info"); }
    void whatIsLessImportantIsLeftOut_data();
    void whatIsLessImportantIsLeftOut();
};

void TestLogLevel::whatIsLessImportantIsLeftOut_data()
{
    QTest::addColumn<std::string>("level");
    QTest::addColumn<bool>("debug");
    QTest::addColumn<bool>("info");
    QTest::addColumn<bool>("warning");
    QTest::newRow("debug") << std::string("debug") << true << true << true;
    QTest::newRow("info") << std::string("info") << false << true << true;
    QTest::newRow("warning") << std::string("warning") << false << false << true;
    QTest::newRow("error") << std::string("error") << false << false << false;
}

void TestLogLevel::whatIsLessImportantIsLeftOut()
{
    QFETCH(std::string, level);
    runtime::setLogLevel(level);
    QTEST(lcRuntime().isDebugEnabled(), "debug");
    QTEST(lcRuntime().isInfoEnabled(), "info");
    QTEST(lcRuntime().isWarningEnabled(), "warning");
    QVERIFY(lcRuntime().isCriticalEnabled());
}

LUTHIEN_TEST(tst_log_level, TestLogLevel)
#include "tst_log_level.moc"
