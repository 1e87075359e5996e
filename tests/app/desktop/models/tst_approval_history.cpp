// SPDX-License-Identifier: Apache-2.0
#include "core/policy/approval_world.h"
#include "desktop/models/approval_history.h"
#include "fake_answers.h"
#include "filter/parser.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace Qt::StringLiterals;
using conversation::AnsweredBy;
using conversation::Verdict;
using desktop::ApprovalHistory;
using policy::test::ManualClock;
using test::FakeAnswers;

namespace {
struct World
{
    [[nodiscard]] QString at(int row, int role) const { return history.data(history.index(row), role).toString(); }

    ManualClock clock;
    FakeAnswers source;
    ApprovalHistory history{source, clock};
    QAbstractItemModelTester tester{&history, QAbstractItemModelTester::FailureReportingMode::Fatal};
};

const live::LiveBatch kCommit{.events = {live::Committed{.commit = 1}}};
} // namespace

class TestApprovalHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsOnlyWhileSomebodyLooks()
    {
        World world;
        world.history.setPolicyNames([](const QString& id) { return u"the policy "_s + id; });
        world.history.expectMore();
        world.history.applyLive(kCommit);
        QVERIFY(world.source.requests.empty());
        world.history.setActive(true);
        QCOMPARE(world.source.requests.size(), std::size_t(1));
        QVERIFY(world.history.isLoading());
        world.source.answer({3, 2, 1}, true);
        QCOMPARE(world.history.count(), 3);
        QCOMPARE(world.at(0, ApprovalHistory::SummaryRole), u"run 3"_s);
        QVERIFY(world.at(0, ApprovalHistory::PolicyRole).startsWith(u"the policy "));
        QCOMPARE(world.at(0, ApprovalHistory::SessionIdRole), u"s1"_s);
        QCOMPARE(world.history.sessionOf(2), u"s1"_s);
        QVERIFY(world.history.sessionOf(3).isEmpty());
        world.history.loadMore();
        world.history.loadMore();
        QCOMPARE(world.source.requests.size(), std::size_t(2));
        QVERIFY(world.source.requests.back().from.has_value());
        world.source.answer({0});
        QCOMPARE(world.history.count(), 4);
        QVERIFY(!world.history.hasMore());
    }

    void whatIsAnsweredNowComesOnTopOnce()
    {
        World world;
        world.history.setActive(true);
        world.source.answer({2, 1});
        world.history.applyLive(kCommit);
        QCOMPARE(world.source.requests.size(), std::size_t(1));
        world.history.expectMore();
        world.history.applyLive(kCommit);
        world.source.answer({2, 1}); // not in the record yet
        QCOMPARE(world.history.count(), 2);
        world.history.applyLive(kCommit);
        world.source.answer({4, 3, 2, 1});
        QCOMPARE(world.history.count(), 4);
        QCOMPARE(world.at(0, ApprovalHistory::SummaryRole), u"run 4"_s);
        QCOMPARE(world.at(3, ApprovalHistory::SummaryRole), u"run 1"_s);
    }

    void looksFurtherWhereNothingMatches()
    {
        World world;
        world.history.setActive(true);
        for (int page = 0; page < 9; ++page)
            world.source.answer({}, true);
        QVERIFY(world.history.isLoading());
        world.source.answer({}, true);
        QVERIFY2(!world.history.isLoading() && world.history.hasMore(), "then somebody has to ask");
        world.history.loadMore();
        QVERIFY(world.history.isLoading());
    }

    void answersToOlderQuestionsAreNotShown()
    {
        World world;
        world.history.setActive(true);
        const auto old = world.source.requests.back();
        world.history.setPart(ApprovalHistory::DeniedPart);
        QCOMPARE(world.source.requests.size(), std::size_t(2));
        auto late = std::make_shared<desktop::LoadedAnswers>();
        late->request = old;
        late->items.push_back(FakeAnswers::decision(9));
        Q_EMIT world.source.loaded(late);
        QCOMPARE(world.history.count(), 0);
        world.source.answer({1});
        QCOMPARE(world.history.count(), 1);
    }

    void aFilterIsReadBeforeItCounts()
    {
        World world;
        world.history.setActive(true);
        world.source.answer({1});
        world.history.setFilter(u"judged.tool:Bash or ("_s);
        QVERIFY(!world.history.filterProblem().isEmpty());
        QCOMPARE(world.history.count(), 1);
        world.history.setFilter(u"judged.tool:Bash or judged.tool:Write"_s);
        QVERIFY(world.history.filterProblem().isEmpty());
        const auto expected = filter::parseFilter("(answered:person or answered:timeout or reason:\"rule that a person "
                                                  "made\" or (verdict:hold reason:\"waited for a person\")) "
                                                  "(judged.tool:Bash or judged.tool:Write)");
        QVERIFY(expected && world.source.requests.back().filter == *expected);
    }

    void everyPartIsAFilter()
    {
        World world;
        world.history.setActive(true);
        for (const auto part : {ApprovalHistory::AllowedPart, ApprovalHistory::EditedPart, ApprovalHistory::DeniedPart,
                                ApprovalHistory::LatePart, ApprovalHistory::RulePart, ApprovalHistory::All}) {
            world.history.setPart(part);
            QVERIFY2(world.history.filterProblem().isEmpty(), qPrintable(world.history.filterProblem()));
        }
        QCOMPARE(world.source.requests.size(), std::size_t(7));
    }

    void tellsWhatCameOfIt_data()
    {
        QTest::addColumn<int>("verdict");
        QTest::addColumn<int>("answeredBy");
        QTest::addColumn<QString>("outcome");
        const auto row = [](const char* name, Verdict verdict, AnsweredBy who, const QString& outcome) {
            QTest::newRow(name) << int(verdict) << int(who) << outcome;
        };
        row("allowed", Verdict::Continue, AnsweredBy::Person, u"Allowed"_s);
        row("changed", Verdict::Replace, AnsweredBy::Person, u"Edited"_s);
        row("denied", Verdict::Block, AnsweredBy::Person, u"Denied"_s);
        row("nobody answered", Verdict::Block, AnsweredBy::Timeout, u"No answer"_s);
        row("a rule allowed", Verdict::Continue, AnsweredBy::Policy, u"Allowed by a rule"_s);
        row("a rule denied", Verdict::Block, AnsweredBy::Policy, u"Denied by a rule"_s);
        row("the client left", Verdict::Hold, AnsweredBy::Error, u"Withdrawn"_s);
    }
    void tellsWhatCameOfIt()
    {
        QFETCH(int, verdict);
        QFETCH(int, answeredBy);
        QFETCH(QString, outcome);
        World world;
        world.history.setActive(true);
        auto answers = std::make_shared<desktop::LoadedAnswers>();
        answers->request = world.source.requests.back();
        answers->items.push_back(FakeAnswers::decision(1));
        answers->items.back().decision.verdict = static_cast<Verdict>(verdict);
        answers->items.back().decision.answeredBy = static_cast<AnsweredBy>(answeredBy);
        answers->items.back().decision.reason =
            "A rule that a person made (01a2b3c4-0000-7000-8000-00000000beef) allowed it.";
        Q_EMIT world.source.loaded(answers);
        QCOMPARE(world.at(0, ApprovalHistory::OutcomeRole), outcome);
        QCOMPARE(world.at(0, ApprovalHistory::RuleIdRole), u"01a2b3c4-0000-7000-8000-00000000beef"_s);
    }
};

LUTHIEN_TEST(tst_approval_history, TestApprovalHistory)
#include "tst_approval_history.moc"
