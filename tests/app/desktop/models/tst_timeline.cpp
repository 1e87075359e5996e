// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/timeline.h"
#include "fake_activity.h"
#include "support/test_registry.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace luthien;
using conversation::AnsweredBy;
using conversation::CallStatus;
using conversation::PolicyMode;
using conversation::Verdict;
using namespace luthien::desktop;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using luthien::desktop::Span;
using luthien::test::FakeTimeline;
using luthien::test::StillClock;

namespace {
const std::int64_t kStart = toMicros(StillClock().now());

Span span(std::chrono::microseconds from, std::chrono::microseconds to, std::uint32_t owner, SpanTone tone)
{
    return {kStart + from.count(), kStart + to.count(), owner, tone};
}

store::DecisionRow decisionOn(std::int64_t call, Verdict verdict, AnsweredBy who = AnsweredBy::Policy)
{
    store::DecisionRow row;
    row.decision.call = FakeTimeline::idOf(call);
    row.decision.verdict = verdict;
    row.decision.answeredBy = who;
    row.decision.policyId = "sql";
    row.decision.tool = "Bash";
    return row;
}
} // namespace

class TestTimeline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock = StillClock();
        m_source = std::make_unique<FakeTimeline>();
    }

    void toolsRunBetweenAReplyThatWantsThemAndTheNextCall()
    {
        m_source->calls = {FakeTimeline::call(0, 0s, 2s), FakeTimeline::call(1, 5s, 6s, false),
                           FakeTimeline::call(2, 9s, 10s)};
        Timeline timeline(*m_source, m_clock);
        open(timeline);
        const std::vector<Span> calls = {span(0s, 2s, 0, SpanTone::Model), span(5s, 6s, 1, SpanTone::Model),
                                         span(9s, 10s, 2, SpanTone::Model)};
        QVERIFY(timeline.lane(TimelineLane::Model).spans() == calls);
        const std::vector<Span> tools = {span(2s, 5s, 0, SpanTone::Tool)};
        QVERIFY(timeline.lane(TimelineLane::Tools).spans() == tools);
        // The third wants tools, too: they run now, for a while.
        m_clock.pass(15s);
        QCOMPARE(timeline.open(TimelineLane::Tools).size(), std::size_t(1));
        QCOMPARE(timeline.open(TimelineLane::Tools).front().to, kStart + 15'000'000);
        QVERIFY(timeline.isGrowing());
        m_clock.pass(1h);
        QVERIFY2(!timeline.isGrowing(), "an agent that went away runs no tools");
        QCOMPARE(timeline.last(), kStart + 10'000'000);
    }

    void whatSubAgentsDoStandsApart()
    {
        m_source->calls = {FakeTimeline::call(0, 0s, 2s), FakeTimeline::call(1, 3s, 4s), FakeTimeline::call(2, 6s, 7s)};
        m_source->calls[1].identity.agent = "explorer";
        Timeline timeline(*m_source, m_clock);
        open(timeline);
        QVERIFY(timeline.lane(TimelineLane::Agents).spans() == std::vector<Span>{span(3s, 4s, 1, SpanTone::Agent)});
        QVERIFY(timeline.lane(TimelineLane::Tools).spans() == std::vector<Span>{span(2s, 6s, 0, SpanTone::Tool)});
        QVERIFY(timeline.facts(TimelineLane::Agents, 1).contains(u"explorer"_s));
    }

    void verdictsAndHoldsAreSeen()
    {
        m_source->calls = {FakeTimeline::call(0, 0s, 2s), FakeTimeline::call(1, 5s, 9s),
                           FakeTimeline::call(2, 12s, 13s)};
        m_source->calls[0].heldByPolicy = 500ms;
        m_source->decisions = {decisionOn(0, Verdict::Block), decisionOn(0, Verdict::Replace),
                               decisionOn(1, Verdict::Continue, AnsweredBy::Person)};
        m_source->decisions[2].decision.at = StillClock().now() + 9s;
        m_source->decisions[2].decision.latency = 3s;
        Timeline timeline(*m_source, m_clock);
        timeline.setPolicyNames([](const QString& id) { return u"the policy "_s + id; });
        open(timeline);
        QVERIFY(timeline.lane(TimelineLane::Holds).spans() == std::vector<Span>{span(6s, 9s, 1, SpanTone::Person)});
        // When policies held it is not known, only for how long.
        QVERIFY(timeline.facts(TimelineLane::Model, 0).join(u'\n').contains(u"500ms held by policies"_s));
        QVERIFY(timeline.lane(TimelineLane::Tools).spans() ==
                (std::vector<Span>{span(2s, 5s, 0, SpanTone::Blocked), span(9s, 12s, 1, SpanTone::Person)}));
        QVERIFY(timeline.facts(TimelineLane::Tools, 0).contains(u"Bash: blocked by the policy sql"_s));
    }

    void whatAShadowSaysChangesNothing()
    {
        m_source->calls = {FakeTimeline::call(0, 0s, 2s), FakeTimeline::call(1, 5s, 9s)};
        m_source->decisions = {decisionOn(0, Verdict::Block)};
        m_source->decisions[0].decision.mode = PolicyMode::Shadow;
        Timeline timeline(*m_source, m_clock);
        open(timeline);
        QCOMPARE(timeline.lane(TimelineLane::Tools).spans().front().tone, SpanTone::Tool);
    }

    void aLiveCallGrowsAndEndsAsTheRecordSays()
    {
        m_source->calls = {FakeTimeline::call(0, 0s, 2s)};
        Timeline timeline(*m_source, m_clock);
        open(timeline);
        live::Opened begun{.call = FakeTimeline::idOf(1), .at = StillClock().now() + 4s, .model = "claude"};
        begun.identity.session = "s";
        live::Opened other = begun;
        other.call = FakeTimeline::idOf(9);
        other.identity.session = "another";
        timeline.applyLive({.events = {begun, other}});
        QTRY_COMPARE(timeline.open(TimelineLane::Model).size(), std::size_t(1));
        QCOMPARE(timeline.count(), 2);
        QCOMPARE(timeline.lane(TimelineLane::Tools).spans(), (std::vector<Span>{span(2s, 4s, 0, SpanTone::Tool)}));
        m_clock.pass(7s);
        QCOMPARE(timeline.open(TimelineLane::Model).front().to, kStart + 7'000'000);
        QCOMPARE(timeline.last(), kStart + 7'000'000);
        timeline.setWaiting({{FakeTimeline::idOf(1), kStart + 6'000'000}});
        QTRY_COMPARE(timeline.open(TimelineLane::Holds).size(), std::size_t(1));
        timeline.applyLive({.events = {live::Ended{.call = begun.call, .at = StillClock().now() + 8s}}});
        QTRY_COMPARE(timeline.lane(TimelineLane::Model).size(), std::size_t(2));
        QVERIFY(timeline.open(TimelineLane::Holds).empty());
        // How long policies held it, only the record knows: it is asked once.
        m_source->calls.push_back(FakeTimeline::call(1, 4s, 8s));
        m_source->calls.back().heldByPolicy = 1s;
        const live::Committed committed{.calls = {{begun.call, "s", 5, CallStatus::Completed}}};
        timeline.applyLive({.events = {committed}});
        timeline.applyLive({.events = {committed}});
        QCOMPARE(m_source->callReads, 1);
        m_source->answer();
        QTRY_VERIFY(timeline.facts(TimelineLane::Model, 1).join(u'\n').contains(u"1.0s held by policies"_s));
    }

    void callsOfOtherInstancesCome()
    {
        m_source->calls = {FakeTimeline::call(0, 0s, 2s)};
        Timeline timeline(*m_source, m_clock);
        open(timeline);
        m_source->calls.push_back(FakeTimeline::call(1, 4s, 8s));
        timeline.applyLive(
            {.events = {live::Committed{.calls = {{FakeTimeline::idOf(1), "s", 5, CallStatus::Completed}},
                                        .isElsewhere = true}}});
        m_source->answer();
        QTRY_COMPARE(timeline.count(), 2);
    }

    void anotherSessionBringsNothingOfTheOneBefore()
    {
        m_source->calls = {FakeTimeline::call(0, 0s, 2s)};
        Timeline timeline(*m_source, m_clock);
        timeline.open(u"s"_s);
        timeline.open(u"t"_s);
        QCOMPARE(timeline.count(), 0);
        m_source->answer();
        QCOMPARE(timeline.count(), 1);
        timeline.open(QString());
        QCOMPARE(timeline.count(), 0);
        QCOMPARE(timeline.first(), 0);
    }

    void aHundredThousandCallsAreKept()
    {
        constexpr int kCalls = 100'000;
        for (int i = 0; i < kCalls; ++i)
            m_source->calls.push_back(FakeTimeline::call(i, i * 5s, i * 5s + 3s));
        Timeline timeline(*m_source, m_clock);
        QElapsedTimer timer;
        timer.start();
        open(timeline);
        QCOMPARE(timeline.count(), kCalls);
        QTRY_COMPARE(timeline.lane(TimelineLane::Tools).size(), std::size_t(kCalls - 1));
        QVERIFY(timer.elapsed() < 20'000);
    }

private:
    void open(Timeline& timeline)
    {
        timeline.open(u"s"_s);
        m_source->answer();
        QTRY_COMPARE(timeline.lane(TimelineLane::Model).size() + timeline.lane(TimelineLane::Agents).size(),
                     m_source->calls.size());
    }

    StillClock m_clock;
    std::unique_ptr<FakeTimeline> m_source;
};

LUTHIEN_TEST(tst_timeline, TestTimeline)
#include "tst_timeline.moc"
