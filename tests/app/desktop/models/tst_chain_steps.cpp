// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/chain_steps.h"
#include "fake_call_details.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;
using conversation::Decision;
using conversation::PolicyMode;
using conversation::Verdict;

namespace {
ListedPolicy policyNamed(const char* id, PolicyMode mode = PolicyMode::Enforce, const char* name = "")
{
    ListedPolicy policy;
    policy.definition.id = id;
    policy.definition.mode = mode;
    policy.definition.name = name;
    return policy;
}

Decision verdictOf(const char* policy, Verdict verdict, PolicyMode mode = PolicyMode::Enforce)
{
    Decision decision;
    decision.policyId = policy;
    decision.verdict = verdict;
    decision.mode = mode;
    decision.seq = 3;
    return decision;
}
} // namespace

class TestChainSteps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void standInTheOrderOfTheChain()
    {
        ChainSteps steps;
        const QAbstractItemModelTester tester(&steps, QAbstractItemModelTester::FailureReportingMode::QtTest);
        steps.show({}, {});
        QCOMPARE(steps.count(), 0);
        steps.show({verdictOf("second", Verdict::Block), verdictOf("gone", Verdict::Continue),
                    verdictOf("first", Verdict::Replace)},
                   {policyNamed("first", PolicyMode::Enforce, "The First"), policyNamed("quiet"),
                    policyNamed("off", PolicyMode::Off), policyNamed("second")});
        QStringList rows;
        for (int row = 0; row < steps.count(); ++row) {
            const QModelIndex index = steps.index(row);
            rows << index.data(ChainSteps::TitleRole).toString() + u": "_s +
                        index.data(ChainSteps::WordRole).toString();
        }
        QCOMPARE(rows, (QStringList{u"gone: Allowed"_s, u"The First: Changed"_s, u"quiet: No decision"_s,
                                    u"second: Blocked"_s}));
        QVERIFY(steps.index(2).data(ChainSteps::SilentRole).toBool());
        QCOMPARE(steps.index(2).data(ChainSteps::LatencyRole).toString(), QString());
    }

    void tellWhatDidMost_data()
    {
        QTest::addColumn<QList<int>>("verdicts"); // verdict * 2 + 1 if of a shadow
        QTest::addColumn<QString>("word");
        const auto of = [](Verdict verdict, bool isShadow = false) {
            return static_cast<int>(verdict) * 2 + (isShadow ? 1 : 0);
        };
        QTest::newRow("nobody spoke") << QList<int>{} << QString();
        QTest::newRow("a block before a change")
            << QList<int>{of(Verdict::Replace), of(Verdict::Block)} << u"Blocked"_s;
        QTest::newRow("what was done before what a shadow would have")
            << QList<int>{of(Verdict::Block, true), of(Verdict::Replace)} << u"Changed"_s;
        QTest::newRow("a shadow before nothing")
            << QList<int>{of(Verdict::Continue), of(Verdict::Block, true)} << u"Would be blocked"_s;
    }
    void tellWhatDidMost()
    {
        QFETCH(const QList<int>, verdicts);
        QFETCH(const QString, word);
        std::vector<Decision> decisions;
        for (const int verdict : verdicts)
            decisions.push_back(verdictOf("p", static_cast<Verdict>(verdict / 2),
                                          verdict % 2 == 1 ? PolicyMode::Shadow : PolicyMode::Enforce));
        QCOMPARE(worstVerdict(decisions).detail, word);
    }

    void latenciesAreShort()
    {
        QCOMPARE(latencyText(std::chrono::microseconds(86)), u"86 µs"_s);
        QCOMPARE(latencyText(std::chrono::microseconds(1240)), u"1.2 ms"_s);
        QCOMPARE(latencyText(std::chrono::microseconds(412'400)), u"412 ms"_s);
        QCOMPARE(latencyText(std::chrono::microseconds(3'410'000)), u"3.4 s"_s);
    }
};

LUTHIEN_TEST(tst_chain_steps, TestChainSteps)
#include "tst_chain_steps.moc"
