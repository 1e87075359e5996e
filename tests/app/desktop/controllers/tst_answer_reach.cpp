// SPDX-License-Identifier: Apache-2.0
#include "core/policy/approval_world.h"
#include "desktop/controllers/answer_reach.h"
#include "support/test_registry.h"

#include <QSemaphore>

#include <atomic>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using archive::RulePreview;
using desktop::AnswerReach;
using policy::Approval;
using policy::ApprovalDuration;
using policy::ApprovalScope;
using policy::test::ManualClock;
using policy::test::question;

namespace {
enum Scope { Same, Alike, Tool, Session, Agent };
enum Duration { Once, Seconds30, Minutes5, Minutes15, Hour1 };

/// A desk with one question, and what is said about rules.
struct World
{
    explicit World(AnswerReach::TryRule tryRule)
        : reach(desk, clock, std::move(tryRule))
    {
        asked = *desk.ask(question(), [] {}, 30s);
        reach.follow(desk.pending().front());
    }

    ManualClock clock;
    policy::ApprovalDesk desk{clock};
    std::unique_ptr<policy::AskedApproval> asked;
    AnswerReach reach;
};

RulePreview seenIn(const ManualClock& clock)
{
    RulePreview preview{
        .since = clock.now() - 24h * 30, .toolCalls = 310, .matched = 14, .sessions = 3, .isWhole = true};
    for (const char* command : {"git\tstatus", "a \xe2\x80\xae b", "c", "d"})
        preview.newest.push_back({.at = clock.now(), .tool = "Bash", .arguments = command});
    preview.newest[1].verdict = conversation::Verdict::Block;
    preview.newest[2].isCut = true;
    preview.newest[2].verdict = conversation::Verdict::Hold;
    return preview;
}
} // namespace

class TestAnswerReach : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsWithThisCallOnce()
    {
        std::atomic<int> tries = 0;
        World world([&](const auto&, const auto&) {
            ++tries;
            return RulePreview();
        });
        QVERIFY(!world.reach.isWide());
        QVERIFY(world.reach.preview().isEmpty() && world.reach.meaning().isEmpty());
        QVERIFY(world.reach.applied({}) == policy::ApprovalAnswer{});
        for (const int none : {-1, 8, 0})
            world.reach.setDuration(none);
        for (const int none : {-1, 5, 0})
            world.reach.setScope(none);
        world.reach.setPattern(9);
        QVERIFY(world.reach.duration() == 0 && world.reach.scope() == 0 && world.reach.pattern() == 0);
        QCOMPARE(tries.load(), 0);
        world.reach.follow(std::nullopt);
        world.reach.setDuration(Hour1);
        world.reach.setScope(Alike);
        QVERIFY2(!world.reach.applied({}).pattern, "there is no question to take one from");
    }

    void tellsWhatItReaches_data()
    {
        QTest::addColumn<int>("scope");
        QTest::addColumn<int>("expected");
        QTest::addColumn<QString>("word");
        QTest::newRow("the very call") << int(Same) << int(ApprovalScope::Call) << u"git status --short"_s;
        QTest::newRow("calls like it") << int(Alike) << int(ApprovalScope::Pattern) << u"git status"_s;
        QTest::newRow("the tool") << int(Tool) << int(ApprovalScope::Tool) << u"Bash"_s;
        QTest::newRow("the session") << int(Session) << int(ApprovalScope::Session) << u"session"_s;
        QTest::newRow("the agent") << int(Agent) << int(ApprovalScope::Agent) << u"agent"_s;
    }
    void tellsWhatItReaches()
    {
        QFETCH(int, scope);
        QFETCH(int, expected);
        QFETCH(QString, word);
        QSemaphore tried;
        std::atomic<int> tries = 0;
        World world([&](const policy::ApprovalRule& draft, const auto&) {
            tries = static_cast<int>(draft.scope) + 1;
            tried.release();
            return RulePreview();
        });
        world.reach.setScope(scope);
        QVERIFY2(world.reach.meaning().isEmpty(), "once makes no rule");
        world.reach.setDuration(Hour1);
        tried.acquire();
        QCOMPARE(tries.load() - 1, expected);
        QVERIFY2(world.reach.meaning().contains(word), qPrintable(world.reach.meaning()));
        const policy::ApprovalAnswer answer =
            world.reach.applied({.verb = policy::ApprovalVerb::Deny, .message = "No"});
        QCOMPARE(int(answer.scope), expected);
        QVERIFY(answer.duration == ApprovalDuration::Hour1 && answer.message == "No");
    }

    void offersEachPatternAndMeansTheOneThatIsShown()
    {
        World world([](const auto&, const auto&) { return RulePreview(); });
        QVERIFY(world.reach.patterns().isEmpty());
        world.reach.setDuration(Minutes5);
        world.reach.setScope(Alike);
        const auto suggestions = world.desk.pending().front().suggestions;
        QCOMPARE(world.reach.patterns().size(), static_cast<qsizetype>(suggestions.size()));
        QVERIFY(suggestions.size() > 1);
        const QString first = world.reach.meaning();
        world.reach.setPattern(1);
        QVERIFY(world.reach.meaning() != first);
        QVERIFY(world.reach.meaning().contains(u"where command is exactly \u201cgit status --short\u201d"_s));
        QVERIFY(world.reach.applied({.verb = policy::ApprovalVerb::Allow}).pattern == suggestions[1]);
    }

    void showsWhatWouldHaveMatched()
    {
        QSemaphore go;
        const ManualClock clock;
        World world([&](const auto&, const auto&) {
            go.acquire();
            return seenIn(clock);
        });
        world.reach.setScope(Tool);
        world.reach.setDuration(Minutes15);
        QVERIFY2(world.reach.preview().startsWith(u"Looking"_s), "the window does not wait");
        go.release();
        QTRY_VERIFY(world.reach.preview().startsWith(u"Would"_s));
        const QStringList lines = world.reach.preview().split(u'\n');
        QCOMPARE(lines.size(), 4);
        QCOMPARE(lines[0], u"Would have matched 14 of 310 tool calls in the last 30 days, in 3 sessions. Newest:"_s);
        QVERIFY2(lines[1].contains(u"Bash git status"_s) && lines[1].endsWith(u"went on"_s), qPrintable(lines[1]));
        QVERIFY2(lines[2].contains(u"\u2039U+202E\u203a"_s) && lines[2].endsWith(u"blocked"_s), qPrintable(lines[2]));
        QVERIFY(lines[3].contains(u"c…"_s) && lines[3].endsWith(u"was held, withdrawn"_s));
    }

    void theNewestChoiceCounts()
    {
        QSemaphore entered;
        std::atomic<int> stopped = 0;
        World world([&](const policy::ApprovalRule& rule, const std::stop_token& stop) -> Result<RulePreview> {
            if (rule.scope != ApprovalScope::Session)
                return RulePreview{.toolCalls = 7};
            QSemaphore ends;
            const std::stop_callback wake(stop, [&ends] { ends.release(); });
            entered.release();
            ends.acquire();
            ++stopped;
            return RulePreview{.toolCalls = 99};
        });
        world.reach.setScope(Session);
        world.reach.setDuration(Minutes15);
        entered.acquire();
        world.reach.setScope(Tool);
        QTRY_VERIFY(world.reach.preview().contains(u"0 of 7"_s));
        QCOMPARE(stopped.load(), 1);
        // Another question begins anew, and gives up what was looked up for the one before.
        world.reach.setScope(Session);
        entered.acquire();
        const auto next = *world.desk.ask(question("ls"), [] {}, 30s);
        world.reach.follow(world.desk.pending().back());
        QTRY_COMPARE(stopped.load(), 2);
        QVERIFY(!world.reach.isWide() && world.reach.preview().isEmpty());
        QCoreApplication::processEvents();
        QVERIFY(world.reach.preview().isEmpty());
    }

    void saysWhyThereIsNoPreview()
    {
        World world([](const auto&, const auto&) -> Result<RulePreview> {
            return Error{ErrorCode::Io, "the disk is \xe2\x80\xae gone", {}};
        });
        world.reach.setDuration(Minutes5);
        QTRY_VERIFY(world.reach.preview().startsWith(u"No preview: the disk is \u2039U+202E\u203a"_s));
        world.reach.setDuration(Once);
        QVERIFY(world.reach.preview().isEmpty());
        world.clock.pass(31s);
        world.reach.setDuration(Minutes5);
        QVERIFY(world.reach.preview().startsWith(u"No rule can be made: "_s));
        QVERIFY(world.reach.meaning().isEmpty());
    }
};

LUTHIEN_TEST(tst_answer_reach, TestAnswerReach)
#include "tst_answer_reach.moc"
