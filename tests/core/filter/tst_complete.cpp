// SPDX-License-Identifier: Apache-2.0
#include "filter/complete.h"
#include "support/test_registry.h"

#include <QtTest>

namespace luthien::filter {

class TestComplete : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void offersWhatMayStandThere_data()
    {
        QTest::addColumn<QByteArray>("typed");    ///< '|' is the cursor
        QTest::addColumn<QByteArray>("expected"); ///< the text with each candidate in place
        const auto row = [](const char* typed, const char* expected) {
            QTest::newRow(typed) << QByteArray(typed) << QByteArray(expected);
        };
        row("mod|", "model:;mode:");
        row("MOD|", "model:;mode:");
        row("a and cl|", "a and client:;a and client.version:");
        row("-(tok|", "-(tokens");
        row("tool:Bash ver|dict", "tool:Bash verdict:");
        row("verdict:|", "verdict:continue;verdict:replace;verdict:block;verdict:hold");
        row("verdict!=b|", "verdict!=block");
        row("status:tr|x a", "status:truncated a");
        row("is:o|", "is:open");
        row("since:to|", "since:today");
        row("text:\"ver|", "");
        row("\"a\" since:yes|", "\"a\" since:yesterday");
        row("model:cl|", "");
        row("nothing:x|", "");
    }
    void offersWhatMayStandThere()
    {
        QFETCH(QByteArray, typed);
        QFETCH(QByteArray, expected);
        const auto cursor = static_cast<std::size_t>(typed.indexOf('|'));
        const std::string text = QByteArray(typed).replace("|", "").toStdString();
        const Completion completion = complete(text, cursor);
        QByteArray shown;
        for (const Candidate& candidate : completion.candidates) {
            std::string with = text;
            with.replace(completion.offset, completion.length, candidate.text);
            shown += (shown.isEmpty() ? "" : ";") + QByteArray::fromStdString(with);
            QVERIFY(!candidate.help.empty());
        }
        QCOMPARE(shown, expected);
    }

    void anyPlaceInAnyTextWillDo()
    {
        const std::string text = "verdict:block or -(said:\"a \\\" b\" arg~/x\\/y/i) größe since>";
        for (std::size_t cursor = 0; cursor <= text.size() + 2; ++cursor) {
            const Completion completion = complete(text, cursor);
            QVERIFY(completion.offset <= text.size() && completion.offset + completion.length <= text.size());
        }
    }
};

} // namespace luthien::filter

using luthien::filter::TestComplete;
LUTHIEN_TEST(tst_complete, TestComplete)
#include "tst_complete.moc"
