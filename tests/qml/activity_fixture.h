// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/live_calls_model.h"
#include "desktop/models/metrics_model.h"
#include "desktop/models/timeline.h"
#include "desktop/window_parts.h"
#include "fake_activity.h"

/// What the timeline, the live page and the metrics show under test.
class ActivityFixture : public QObject
{
    Q_OBJECT
    Q_PROPERTY(luthien::desktop::Timeline* timeline READ timeline CONSTANT)
    Q_PROPERTY(luthien::desktop::LiveCallsModel* liveCalls READ liveCalls CONSTANT)
    Q_PROPERTY(luthien::desktop::MetricsModel* metrics READ metrics CONSTANT)

public:
    /// 400 calls of 3 s, one every 5 s; the tools of number 200 were blocked, number 300 failed.
    explicit ActivityFixture(std::string hostile)
        : m_hostile(std::move(hostile))
    {
        using namespace std::chrono_literals;
        using luthien::test::FakeTimeline;
        for (int i = 0; i < 400; ++i)
            m_timelineSource.calls.push_back(FakeTimeline::call(i, i * 5s, i * 5s + 3s, i < 399));
        m_timelineSource.calls[300].status = luthien::conversation::CallStatus::Failed;
        luthien::store::DecisionRow decision;
        decision.decision.call = FakeTimeline::idOf(200);
        decision.decision.verdict = luthien::conversation::Verdict::Block;
        decision.decision.tool = decision.decision.policyId = m_hostile;
        luthien::store::DecisionRow asked;
        asked.decision.call = FakeTimeline::idOf(10);
        asked.decision.answeredBy = luthien::conversation::AnsweredBy::Person;
        asked.decision.at = m_timelineSource.calls[10].startedAt + 3s;
        asked.decision.latency = 1s;
        m_timelineSource.decisions = {decision, asked};
        m_timeline.open(QStringLiteral("s"));
        m_timelineSource.answer();
    }

    [[nodiscard]] luthien::desktop::Timeline* timeline() { return &m_timeline; }
    [[nodiscard]] luthien::desktop::LiveCallsModel* liveCalls() { return &m_liveCalls; }
    [[nodiscard]] luthien::desktop::MetricsModel* metrics() { return &m_metrics; }

    void nameParts(luthien::desktop::WindowParts& parts)
    {
        parts.timeline = &m_timeline;
        parts.liveCalls = &m_liveCalls;
        parts.metrics = &m_metrics;
    }

    [[nodiscard]] Q_INVOKABLE QString timelineCall(int number) const
    {
        return QString::fromStdString(luthien::test::FakeTimeline::idOf(number).toString());
    }
    /// So many calls begin and say the hostile text.
    Q_INVOKABLE void runCalls(int count)
    {
        using namespace luthien;
        for (int i = 0; i < count; ++i) {
            live::Opened begun{.call = test::FakeTimeline::idOf(1000 + i), .at = m_clock.now()};
            begun.identity.session = "session-" + std::to_string(i);
            begun.identity.client = begun.identity.agent = begun.model = begun.preview = m_hostile;
            live::Delta text{.call = begun.call, .at = m_clock.now(), .kind = conversation::EventKind::Text};
            text.text = m_hostile;
            m_liveCalls.applyLive({.events = {begun, text}});
            m_clock.pass(std::chrono::milliseconds(1));
        }
    }
    Q_INVOKABLE void endCalls(int count)
    {
        using namespace luthien;
        for (int i = 0; i < count; ++i)
            m_liveCalls.applyLive(
                {.events = {live::Ended{.call = test::FakeTimeline::idOf(1000 + i), .at = m_clock.now()}}});
    }
    [[nodiscard]] Q_INVOKABLE int metricsAsked() const { return static_cast<int>(m_metricsSource.asked.size()); }
    /// Seven calls, two of them blocked, all of them just now.
    Q_INVOKABLE void answerMetrics()
    {
        using luthien::conversation::CallStatus;
        const auto& asked = m_metricsSource.asked.back();
        luthien::store::Activity activity;
        activity.calls = {{asked.until - asked.span, CallStatus::Completed, 5, 100, 20, 0, 0},
                          {asked.until - asked.span, CallStatus::Blocked, 2, 0, 0, 0, 0}};
        m_metricsSource.answer(activity);
    }

private:
    std::string m_hostile;
    luthien::test::StillClock m_clock;
    luthien::Metrics m_counters;
    luthien::test::FakeTimeline m_timelineSource;
    luthien::test::FakeLiveCalls m_liveSource;
    luthien::test::FakeMetrics m_metricsSource;
    luthien::desktop::MetricsHistory m_history{m_counters, m_clock};
    luthien::desktop::Timeline m_timeline{m_timelineSource, m_clock};
    luthien::desktop::LiveCallsModel m_liveCalls{m_liveSource, m_clock};
    luthien::desktop::MetricsModel m_metrics{m_metricsSource, m_history, m_clock};
};
