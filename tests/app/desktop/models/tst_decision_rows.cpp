// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/decision_rows.h"
#include "support/test_registry.h"

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;
using conversation::AnsweredBy;
using conversation::Decision;
using conversation::PolicyMode;
using conversation::Verdict;

class TestDecisionRows : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysWhoDidWhat_data()
    {
        QTest::addColumn<PolicyMode>("mode");
        QTest::addColumn<Verdict>("verdict");
        QTest::addColumn<AnsweredBy>("answeredBy");
        QTest::addColumn<QString>("title");
        QTest::addColumn<row::Tone>("tone");
        const auto policy = AnsweredBy::Policy;
        QTest::newRow("a block") << PolicyMode::Enforce << Verdict::Block << policy << u"sql blocked this call"_s
                                 << row::Tone::Blocked;
        QTest::newRow("a shadow's block is never told as one")
            << PolicyMode::Shadow << Verdict::Block << policy << u"sql would have blocked this call"_s
            << row::Tone::Watching;
        QTest::newRow("a change") << PolicyMode::Enforce << Verdict::Replace << policy
                                  << u"sql changed the arguments of this call"_s << row::Tone::Changed;
        QTest::newRow("a shadow's change")
            << PolicyMode::Shadow << Verdict::Replace << policy
            << u"sql would have changed the arguments of this call"_s << row::Tone::Watching;
        QTest::newRow("a block for want of an answer")
            << PolicyMode::Enforce << Verdict::Block << AnsweredBy::Error
            << u"sql could not judge this, so it was blocked"_s << row::Tone::Blocked;
        QTest::newRow("a person's no") << PolicyMode::Enforce << Verdict::Block << AnsweredBy::Person
                                       << u"A person denied this, asked by sql"_s << row::Tone::Blocked;
        QTest::newRow("nobody's answer") << PolicyMode::Enforce << Verdict::Block << AnsweredBy::Timeout
                                         << u"Nobody answered sql in time, so this was blocked"_s << row::Tone::Blocked;
        QTest::newRow("a person's yes") << PolicyMode::Enforce << Verdict::Continue << AnsweredBy::Person
                                        << u"A person allowed this, asked by sql"_s << row::Tone::Allowed;
        QTest::newRow("passed for want of an answer")
            << PolicyMode::Enforce << Verdict::Continue << AnsweredBy::Error
            << u"sql could not judge this and let it pass"_s << row::Tone::Warning;
    }
    void saysWhoDidWhat()
    {
        QFETCH(PolicyMode, mode);
        QFETCH(Verdict, verdict);
        QFETCH(AnsweredBy, answeredBy);
        QFETCH(QString, title);
        QFETCH(row::Tone, tone);
        const auto row = decisionRow(
            {.policyId = "sql", .mode = mode, .verdict = verdict, .answeredBy = answeredBy, .tool = "Bash"});
        QCOMPARE(row.title, title);
        QCOMPARE(row.tone, tone);
        QVERIFY(!row.detail.isEmpty());
        QVERIFY(!row.glyph.isEmpty());
    }

    void marksWhatWasFound_data()
    {
        QTest::addColumn<QByteArray>("command");
        QTest::addColumn<QString>("found");
        QTest::addColumn<QString>("shown");
        QTest::newRow("in the middle") << QByteArray("sqlite3 f 'DROP TABLE t'") << u"DROP TABLE t"_s
                                       << u"sqlite3 f 'DROP TABLE t'"_s;
        QTest::newRow("at the end") << QByteArray("x DROP") << u"DROP"_s << u"x DROP"_s;
        QTest::newRow("after characters of several bytes")
            << QByteArray("\xc3\xa4\xe2\x82\xac DROP") << u"DROP"_s << u"\u00e4\u20ac DROP"_s;
        QTest::newRow("after one that is shown as its code") << QByteArray("\xe2\x80\xae"
                                                                           "DROP")
                                                             << u"DROP"_s << u"\u2039U+202E\u203aDROP"_s;
        QTest::newRow("far from the beginning")
            << QByteArray(500, 'a') + " DROP" << u"DROP"_s << u"…"_s + QString(119, u'a') + u" DROP"_s;
    }
    void marksWhatWasFound()
    {
        QFETCH(QByteArray, command);
        QFETCH(QString, found);
        QFETCH(QString, shown);
        const auto start = static_cast<std::uint32_t>(command.indexOf(found.toUtf8()));
        Decision decision{.policyId = "sql", .verdict = Verdict::Block, .tool = "Bash"};
        decision.original = "{\"command\":\"" + command.toStdString() + "\"}";
        decision.matched = {
            {.pointer = "/command", .start = start, .end = start + static_cast<std::uint32_t>(found.size())}};
        const auto row = decisionRow(decision);
        QCOMPARE(row.matched, shown);
        QCOMPARE(row.marks.size(), 2);
        QCOMPARE(row.matched.mid(row.marks[0], row.marks[1]), found);
    }

    void survivesWhatDoesNotFit_data()
    {
        QTest::addColumn<QByteArray>("original");
        QTest::addColumn<QByteArray>("pointer");
        QTest::addColumn<quint32>("start");
        QTest::addColumn<quint32>("end");
        QTest::newRow("beyond the end") << QByteArray("abc") << QByteArray() << 5U << 9U;
        QTest::newRow("backwards") << QByteArray("abc") << QByteArray() << 2U << 1U;
        QTest::newRow("no such member") << QByteArray("{}") << QByteArray("/x") << 0U << 1U;
        QTest::newRow("no JSON") << QByteArray("{") << QByteArray("/x") << 0U << 1U;
        QTest::newRow("no text") << QByteArray(R"({"x":1})") << QByteArray("/x") << 0U << 1U;
        QTest::newRow("inside of a character") << QByteArray("\xe2\x82\xac") << QByteArray() << 1U << 2U;
    }
    void survivesWhatDoesNotFit()
    {
        QFETCH(QByteArray, original);
        QFETCH(QByteArray, pointer);
        QFETCH(quint32, start);
        QFETCH(quint32, end);
        Decision decision{.verdict = Verdict::Block, .original = original.toStdString()};
        decision.matched = {{.pointer = pointer.toStdString(), .start = start, .end = end}};
        QVERIFY(decisionRow(decision).marks.isEmpty());
    }

    void showsWhatTheAgentReads()
    {
        Decision decision{.verdict = Verdict::Block, .agentText = "[blocked]", .tool = "Bash"};
        QCOMPARE(decisionRow(decision).received, u"[blocked]"_s);
        decision.verdict = Verdict::Replace;
        decision.final = std::string(5000, 'X');
        QVERIFY(decisionRow(decision).received.size() < 500);
    }

    void tellsRequestsFromReplies()
    {
        Decision decision{.policyId = "keys", .verdict = Verdict::Replace, .original = "my key", .final = "[key]"};
        const auto request = decisionRow(decision);
        QCOMPARE(request.title, u"keys changed this request"_s);
        QCOMPARE(request.matched, u"my key"_s);
        QCOMPARE(request.received, u"[key]"_s);
        QCOMPARE(request.receivedLabel, u"The provider received"_s);
        decision.seq = 4;
        const auto reply = decisionRow(decision);
        QCOMPARE(reply.title, u"keys changed this text"_s);
        QCOMPARE(reply.receivedLabel, u"The agent received"_s);
    }

    void tellsARepeat()
    {
        const Decision decision{.policyId = "sql", .verdict = Verdict::Block, .tool = "Bash", .isRepeat = true};
        QCOMPARE(decisionRow(decision).title, u"sql blocked this call, as when the same was asked before"_s);
    }

    void unfoldsTheSentReply()
    {
        conversation::Response sent;
        sent.blocks = {conversation::Block{.text = "HELLO"},
                       {.kind = conversation::BlockKind::ToolUse, .name = "Bash", .text = R"({"command":"ls"})"}};
        QCOMPARE(sentRows(sent, false).size(), 1U);
        const auto rows = sentRows(sent, true);
        QCOMPARE(rows.size(), 3U);
        QCOMPARE(rows[0].kind, row::Kind::Received);
        QCOMPARE(rows[1].text, u"HELLO"_s);
        QVERIFY(rows[2].text.contains(u"ls"_s));
        QCOMPARE(sentRows({}, true).size(), 1U);
    }
};

LUTHIEN_TEST(tst_decision_rows, TestDecisionRows)
#include "tst_decision_rows.moc"
