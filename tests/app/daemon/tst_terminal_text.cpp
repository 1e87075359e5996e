// SPDX-License-Identifier: Apache-2.0
#include "daemon/terminal_text.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien::daemon;

class TestTerminalText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingFromOutsideSteersTheTerminal_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("plain") << QByteArray("größe 漢") << QByteArray("größe 漢");
        QTest::newRow("escape sequences") << QByteArray("a\x1b[31mb\x07") << QByteArray("a [31mb ");
        QTest::newRow("lines") << QByteArray("a\r\nb\tc") << QByteArray("a  b c");
        QTest::newRow("control codes of 8 bits") << QByteArray("a\xc2\x9b"
                                                               "b")
                                                 << QByteArray("a b");
        QTest::newRow("turned around") << QByteArray("a\xe2\x80\xae"
                                                     "b")
                                       << QByteArray("a b");
        QTest::newRow("hidden") << QByteArray("a\xe2\x80\x8b"
                                              "b")
                                << QByteArray("a b");
        QTest::newRow("cut") << QByteArray("0123456789ab") << QByteArray("0123456789…");
        QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("a b");
    }
    void nothingFromOutsideSteersTheTerminal()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        QCOMPARE(QByteArray::fromStdString(terminalText(text.toStdString(), 10)), shown);
    }

    void columnsAreNeverTooNarrow()
    {
        QCOMPARE(padded("ab", 4), std::string("ab    "));
        QCOMPARE(padded("abcdef", 4), std::string("abcdef  "));
    }
};

LUTHIEN_TEST(tst_terminal_text, TestTerminalText)
#include "tst_terminal_text.moc"
