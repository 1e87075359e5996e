// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/timeline_spans.h"

#include <algorithm>

namespace luthien::desktop {

using conversation::CallStatus;

namespace {
SpanTone toneOf(const TimelineCall& call)
{
    switch (call.status) {
    case CallStatus::Blocked:
        return SpanTone::Blocked;
    case CallStatus::Failed:
    case CallStatus::Truncated:
        return SpanTone::Failed;
    case CallStatus::Open:
    case CallStatus::Completed:
    case CallStatus::Cancelled:
        break;
    }
    return call.agent == 0 ? SpanTone::Model : SpanTone::Agent;
}

/// Goes through the calls of a session and adds what each one means.
class Drawing
{
public:
    Drawing(const CallVerdicts& verdicts, const WaitingSince& waiting)
        : m_verdicts(verdicts)
        , m_waiting(waiting)
    {
    }

    void add(const TimelineCall& call, std::uint32_t position)
    {
        const bool isMain = call.agent == 0;
        if (isMain)
            endTools(call);
        const TimelineLane lane = isMain ? TimelineLane::Model : TimelineLane::Agents;
        put(lane, toMicros(call.startedAt), call.endedAt, position, toneOf(call));
        addHolds(call, position);
        if (!isMain)
            return;
        m_asker = call.wantsTools && call.endedAt ? std::optional(position) : std::nullopt;
        m_askedAt = call.endedAt.value_or(TimePoint());
        m_toolTone = toolToneOf(call.id);
    }

    /// The tools that were asked for last still run, or the agent has stopped: only the time will tell.
    TimelineSpans finish()
    {
        if (m_asker)
            open(TimelineLane::Tools).push_back({toMicros(m_askedAt), toMicros(m_askedAt), *m_asker, m_toolTone});
        return std::move(m_spans);
    }

private:
    std::vector<Span>& open(TimelineLane lane) { return m_spans.open[static_cast<std::size_t>(lane)]; }
    std::vector<Span>& closed(TimelineLane lane) { return m_spans.closed[static_cast<std::size_t>(lane)]; }

    void put(TimelineLane lane, std::int64_t from, const std::optional<TimePoint>& to, std::uint32_t owner,
             SpanTone tone)
    {
        if (to)
            closed(lane).push_back({from, std::max(from, toMicros(*to)), owner, tone});
        else
            open(lane).push_back({from, from, owner, tone});
    }

    void endTools(const TimelineCall& next)
    {
        if (m_asker && next.startedAt >= m_askedAt)
            closed(TimelineLane::Tools)
                .push_back({toMicros(m_askedAt), toMicros(next.startedAt), *m_asker, m_toolTone});
    }

    void addHolds(const TimelineCall& call, std::uint32_t position)
    {
        // Of what policies held, the call keeps how long and not when: that is told in words.
        if (const auto verdict = m_verdicts.find(call.id); verdict != m_verdicts.end())
            for (const CallVerdict::Hold& hold : verdict->second.holds)
                closed(TimelineLane::Holds).push_back({hold.from, hold.to, position, SpanTone::Person});
        if (const auto since = m_waiting.find(call.id); since != m_waiting.end() && !call.endedAt)
            open(TimelineLane::Holds).push_back({since->second, since->second, position, SpanTone::Person});
    }

    [[nodiscard]] SpanTone toolToneOf(const CallId& call) const
    {
        const auto verdict = m_verdicts.find(call);
        return verdict == m_verdicts.end() ? SpanTone::Tool : verdict->second.tools;
    }

    const CallVerdicts& m_verdicts;
    const WaitingSince& m_waiting;
    TimelineSpans m_spans;
    std::optional<std::uint32_t> m_asker; ///< the call whose tools run
    TimePoint m_askedAt;
    SpanTone m_toolTone = SpanTone::Tool;
};
} // namespace

TimelineSpans spansOf(const std::vector<TimelineCall>& calls, const CallVerdicts& verdicts, const WaitingSince& waiting)
{
    Drawing drawing(verdicts, waiting);
    for (std::size_t i = 0; i < calls.size(); ++i)
        drawing.add(calls[i], static_cast<std::uint32_t>(i));
    return drawing.finish();
}

} // namespace luthien::desktop
