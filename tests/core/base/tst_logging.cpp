// SPDX-License-Identifier: Apache-2.0
#include "base/logging.h"
#include "support/test_registry.h"

using namespace luthien;

namespace {
QString lastLine;

void keepLine(QtMsgType type, const QMessageLogContext& context, const QString& message)
{
    lastLine = qFormatLogMessage(type, context, message);
}
} // namespace

class TestLogging : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLineNamesLevelCategoryAndMessage()
    {
        installLogFormat();
        const QtMessageHandler before = qInstallMessageHandler(keepLine);
        qCWarning(lcStore, "disk full");
        qInstallMessageHandler(before);
        qSetMessagePattern(QString());
        QVERIFY2(lastLine.endsWith(QStringLiteral(" warning luthien.store disk full")), qPrintable(lastLine));
    }

    void debugLinesAreOffByDefault()
    {
        QVERIFY(!lcProxy().isDebugEnabled());
        QVERIFY(lcProxy().isInfoEnabled());
        QVERIFY(lcProtocol().isInfoEnabled() && lcLive().isInfoEnabled() && lcControl().isInfoEnabled());
        QVERIFY(lcRuntime().isInfoEnabled() && lcDesktop().isInfoEnabled());
    }
};

LUTHIEN_TEST(tst_logging, TestLogging)
#include "tst_logging.moc"
