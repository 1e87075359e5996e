// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/policy_name.h"
#include "desktop/models/timeline_source.h"
#include "desktop/models/timeline_spans.h"
#include "live/live_hub.h"

#include <QObject>
#include <QQmlEngine>
#include <QTimer>

#include <unordered_set>

namespace luthien::desktop {

/// When the calls of one session ran, when their tools did, and what was held: all of them, however many, as spans that
/// a chart draws. Grows while calls run. Thread: GUI.
class Timeline : public QObject
{
    Q_OBJECT
    QML_ELEMENT
    QML_UNCREATABLE("made by the application")
    Q_PROPERTY(QString sessionId READ sessionId NOTIFY opened FINAL)
    Q_PROPERTY(int count READ count NOTIFY changed FINAL)
    Q_PROPERTY(bool loading READ isLoading NOTIFY changed FINAL)
    Q_PROPERTY(QString error READ error NOTIFY changed FINAL)

public:
    /// Calls beyond these are not shown.
    static constexpr std::size_t kMostCalls = 250'000;

    /// Both outlive the timeline.
    Timeline(TimelineSource& source, const Clock& clock, QObject* parent = nullptr);
    /// What it calls policies.
    void setPolicyNames(PolicyName name) { m_policyName = std::move(name); }

    [[nodiscard]] QString sessionId() const { return QString::fromStdString(m_session); }
    [[nodiscard]] int count() const noexcept { return static_cast<int>(m_calls.size()); }
    [[nodiscard]] bool isLoading() const noexcept { return m_loading; }
    [[nodiscard]] QString error() const { return m_error; }

    void open(const QString& sessionId);
    void applyLive(const live::LiveBatch& batch);
    /// What waits for a person now, of any session.
    void setWaiting(WaitingSince waiting);

    /// What is over, in one lane.
    [[nodiscard]] const SpanIndex& lane(TimelineLane lane) const { return m_lanes[static_cast<std::size_t>(lane)]; }
    /// What goes on, in one lane: these spans end now.
    [[nodiscard]] std::vector<Span> open(TimelineLane lane) const;
    /// Microseconds since 1970: the first begin, the last end, now if something goes on. 0 = there is nothing. \{
    [[nodiscard]] std::int64_t first() const;
    [[nodiscard]] std::int64_t last() const;
    /// \}
    /// True while something goes on.
    [[nodiscard]] bool isGrowing() const;

    [[nodiscard]] const TimelineCall& call(std::uint32_t position) const { return m_calls.at(position); }
    [[nodiscard]] std::optional<std::uint32_t> positionOf(const CallId& id) const;
    /// The first call that began at that time or later; count() = there is none.
    [[nodiscard]] std::uint32_t positionAt(std::int64_t micros) const;
    /// What a span says about itself: a title, then lines.
    [[nodiscard]] QStringList facts(TimelineLane lane, std::uint32_t owner) const;

Q_SIGNALS:
    /// Another session; nothing of it is there yet.
    void opened();
    void changed();

private:
    void takeCalls(const LoadedTimeline& loaded);
    void takeDecisions(const LoadedTimeline& loaded);
    void put(const TimelineCall& call);
    [[nodiscard]] TimelineCall callFrom(const store::CallRow& row);
    void takeOpened(const live::Opened& event);
    void takeDelta(const live::Delta& event);
    void takeEnded(const live::Ended& event);
    void takeDecision(const conversation::Decision& decision);
    void takeCommitted(const live::Committed& event);
    [[nodiscard]] TimelineCall* find(const CallId& id);
    [[nodiscard]] std::uint16_t number(std::vector<std::string>& names, const std::string& name);
    [[nodiscard]] QString callFacts(const TimelineCall& call) const;
    void plan();
    void rebuild();

    TimelineSource& m_source;
    const Clock& m_clock;
    PolicyName m_policyName;
    quint64 m_token = 0;
    std::string m_session;
    std::vector<TimelineCall> m_calls; ///< by start
    std::unordered_map<CallId, std::uint32_t> m_positions;
    std::unordered_set<CallId> m_recorded; ///< the record has told all of them there is to tell
    std::vector<std::string> m_models;
    std::vector<std::string> m_agents; ///< the session's own first
    CallVerdicts m_verdicts;
    WaitingSince m_waiting;
    std::array<SpanIndex, kTimelineLanes> m_lanes;
    std::array<std::vector<Span>, kTimelineLanes> m_open;
    QTimer m_rebuild;
    bool m_loading = false;
    QString m_error;
};

} // namespace luthien::desktop
