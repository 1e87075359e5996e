// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/agent_outline.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>

using namespace luthien;
using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestAgentOutline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsWhoStartedWhom()
    {
        AgentOutline outline;
        const QAbstractItemModelTester tester(&outline, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(outline.rowCount(), 0);
        // Pages come newest first: the child is seen before the one that started it.
        outline.add({seen("grandchild", "child", 3)});
        outline.add({seen("second", "", 4), seen("child", "", 2), seen("", "", 1)});
        QCOMPARE(lines(outline), (QStringList{u"0 Main conversation"_s, u"1 task child"_s, u"2 task grandchild"_s,
                                              u"1 task second"_s}));
        QCOMPARE(outline.subagents(), 3);
        outline.toggle(1);
        QCOMPARE(lines(outline), (QStringList{u"0 Main conversation"_s, u"1 task child"_s, u"1 task second"_s}));
        outline.toggle(1);
        QCOMPARE(outline.rowCount(), 4);
        outline.clear();
        QCOMPARE(outline.rowCount(), 0);
    }

    void addsUpCallsAndKeepsTheFirstWords()
    {
        AgentOutline outline;
        AgentSighting later = seen("a", "", 9);
        later.preview = "later words";
        outline.add({seen("", "", 1), later});
        outline.add({seen("a", "", 2)});
        QCOMPARE(lines(outline).last(), u"1 task a"_s);
        QVERIFY(outline.index(1).data(AgentOutline::DetailRole).toString().contains(u"2 calls"_s));
    }

    void labelsThatLeadInCirclesEnd()
    {
        AgentOutline outline;
        const QAbstractItemModelTester tester(&outline, QAbstractItemModelTester::FailureReportingMode::QtTest);
        outline.add({seen("", "", 1), seen("self", "self", 2), seen("a", "b", 3), seen("b", "a", 4)});
        QVERIFY(outline.rowCount() >= 2);
        QVERIFY(lines(outline).contains(u"1 task self"_s));
    }

private:
    static AgentSighting seen(std::string agent, std::string parent, int second)
    {
        AgentSighting sighting{.agent = std::move(agent), .parent = std::move(parent)};
        sighting.preview = "task " + sighting.agent;
        sighting.firstAt = fromMicros(second * 1'000'000);
        sighting.calls = 1;
        return sighting;
    }
    static QStringList lines(const AgentOutline& outline)
    {
        QStringList shown;
        for (int row = 0; row < outline.rowCount(); ++row)
            shown += QString::number(outline.index(row).data(AgentOutline::DepthRole).toInt()) + u' ' +
                     outline.index(row).data(AgentOutline::TitleRole).toString();
        return shown;
    }
};

LUTHIEN_TEST(tst_agent_outline, TestAgentOutline)
#include "tst_agent_outline.moc"
