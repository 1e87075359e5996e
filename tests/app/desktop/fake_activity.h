// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/clock.h"
#include "desktop/models/live_calls_source.h"
#include "desktop/models/metrics_source.h"
#include "desktop/models/timeline_source.h"

#include <functional>
#include <map>
#include <vector>

namespace luthien::test {

/// A clock that stands until it is moved.
class StillClock final : public Clock
{
public:
    explicit StillClock(std::int64_t micros = 1'790'000'000'000'000)
        : m_now(fromMicros(micros))
    {
    }
    [[nodiscard]] TimePoint now() const override { return m_now; }
    [[nodiscard]] SteadyPoint steady() const override { return SteadyPoint(m_now.time_since_epoch()); }
    void pass(std::chrono::microseconds time) { m_now += time; }

private:
    TimePoint m_now;
};

/// One session's calls, some to a page. Requests wait until answer().
class FakeTimeline : public desktop::TimelineSource
{
    Q_OBJECT

public:
    static constexpr std::size_t kPage = 1000;

    void loadCalls(quint64 token, const std::string&, std::optional<store::Cursor> from) override
    {
        pending.emplace_back([this, token, from] {
            auto loaded = std::make_shared<desktop::LoadedTimeline>();
            loaded->token = token;
            const auto first = from ? static_cast<std::size_t>(from->row) : 0;
            for (std::size_t i = first; i < calls.size() && i < first + kPage; ++i)
                loaded->calls.push_back(calls[i]);
            if (first + kPage < calls.size())
                loaded->next = store::Cursor{.micros = 0, .row = static_cast<std::int64_t>(first + kPage)};
            Q_EMIT callsLoaded(loaded);
        });
    }
    void loadDecisions(quint64 token, const std::string&, std::optional<store::Cursor>) override
    {
        pending.emplace_back([this, token] {
            auto loaded = std::make_shared<desktop::LoadedTimeline>();
            loaded->token = token;
            loaded->decisions = decisions;
            Q_EMIT decisionsLoaded(loaded);
        });
    }
    void loadCall(quint64 token, CallId call) override
    {
        ++callReads;
        pending.emplace_back([this, token, call] {
            auto loaded = std::make_shared<desktop::LoadedTimeline>();
            loaded->token = token;
            for (const store::CallRow& row : calls)
                if (row.id == call)
                    loaded->calls.push_back(row);
            Q_EMIT callLoaded(loaded);
        });
    }
    /// Returns how many requests there were.
    int answer()
    {
        int answered = 0;
        while (!pending.empty()) {
            const auto now = std::exchange(pending, {});
            for (const auto& each : now)
                each();
            answered += static_cast<int>(now.size());
        }
        return answered;
    }

    [[nodiscard]] static CallId idOf(std::int64_t number)
    {
        std::array<std::uint8_t, 16> bytes{2};
        for (std::size_t i = 0; i < 8; ++i)
            bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
        return CallId(bytes);
    }
    /// Call number so and so: begins and ends at these times, since when the clock stands.
    [[nodiscard]] static store::CallRow call(std::int64_t number, std::chrono::microseconds from,
                                             std::chrono::microseconds to, bool wantsTools = true)
    {
        store::CallRow row;
        row.id = idOf(number);
        row.identity.session = "s";
        row.model = "claude";
        row.startedAt = StillClock().now() + from;
        row.firstTokenAt = row.startedAt + (to - from) / 4;
        row.endedAt = StillClock().now() + to;
        row.status = conversation::CallStatus::Completed;
        row.stopReason = wantsTools ? conversation::StopReason::ToolUse : conversation::StopReason::EndTurn;
        return row;
    }

    std::vector<store::CallRow> calls;
    std::vector<store::DecisionRow> decisions;
    std::vector<std::function<void()>> pending;
    int callReads = 0;
};

class FakeLiveCalls : public desktop::LiveCallsSource
{
    Q_OBJECT

public:
    void loadOpen() override { ++reads; }
    void answer() { Q_EMIT openLoaded(std::make_shared<const std::vector<store::CallRow>>(open)); }

    std::vector<store::CallRow> open;
    int reads = 0;
};

class FakeMetrics : public desktop::MetricsSource
{
    Q_OBJECT

public:
    void loadActivity(const store::ActivityRequest& request) override { asked.push_back(request); }
    /// Answers the newest request.
    void answer(const store::Activity& activity, const QString& error = {})
    {
        auto loaded = std::make_shared<desktop::LoadedActivity>();
        loaded->request = asked.back();
        loaded->activity = activity;
        loaded->error = error;
        Q_EMIT activityLoaded(loaded);
    }

    std::vector<store::ActivityRequest> asked;
};

} // namespace luthien::test
