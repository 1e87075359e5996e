// SPDX-License-Identifier: Apache-2.0
#include "found.h"
#include "guard/ansi_escape.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::guard {

class TestAnsiEscape : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsOneEscape_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        QTest::addColumn<int>("behind");
        const auto row = [](const char* text, const char* expected, int behind) {
            QTest::newRow(text) << QByteArray(text) << QByteArray(expected) << behind;
        };
        row("\\nx", "\n", 2);
        row("\\'x", "'", 2);
        row("\\x4fP", "O", 4);
        row("\\x4", "\x04", 3);
        row("\\1177", "O", 4);
        row("\\u0041B", "A", 6);
        row("\\U00000041B", "A", 10);
        row("\\u00e9", "?", 6);
    }
    void readsOneEscape()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QFETCH(int, behind);
        MappedText word;
        QCOMPARE(appendAnsiEscape(MappedText::identity(test::view(text)), 0, word), static_cast<std::size_t>(behind));
        QCOMPARE(test::bytes(word.text()), expected);
        QCOMPARE(word.originAt(0), std::size_t{0});
    }
};

} // namespace luthien::guard

using TestAnsiEscape = luthien::guard::TestAnsiEscape;
LUTHIEN_TEST(tst_ansi_escape, TestAnsiEscape)
#include "tst_ansi_escape.moc"
