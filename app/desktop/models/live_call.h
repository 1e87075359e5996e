// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/conversation_row.h"
#include "live/live_event.h"
#include "store/rows.h"

#include <QString>

#include <chrono>
#include <optional>
#include <string>

namespace luthien::desktop {

/// One call as it runs: what it is doing now, how fast, and the newest line of what it says. Thread: one at a time.
class LiveCall
{
public:
    /// Waiting = the model has said nothing yet.
    enum class State : std::uint8_t { Waiting, Thinking, Writing, Calling, AskingPerson, Over };

    explicit LiveCall(const live::Opened& event);
    /// One that began before we looked, or elsewhere.
    explicit LiveCall(const store::CallRow& call);

    void take(const live::Delta& step);
    void take(const live::Ended& end);
    /// What the record says of its end, of a call elsewhere.
    void finish(conversation::CallStatus status, TimePoint at);
    void setWaiting(std::optional<TimePoint> since);
    /// Once in a while: how fast it was since the last time.
    void measure(TimePoint now);

    [[nodiscard]] const CallId& id() const noexcept { return m_id; }
    [[nodiscard]] const std::string& session() const noexcept { return m_session; }
    [[nodiscard]] bool isOver() const noexcept { return m_endedAt.has_value(); }
    [[nodiscard]] TimePoint startedAt() const noexcept { return m_startedAt; }
    [[nodiscard]] std::optional<TimePoint> endedAt() const noexcept { return m_endedAt; }
    [[nodiscard]] State state() const noexcept;
    [[nodiscard]] row::Tone tone() const noexcept;

    // In words, ready to be shown.

    [[nodiscard]] QString title() const;
    /// "claude-code  ·  explorer  ·  claude-sonnet": client, agent and model, as far as they are known.
    [[nodiscard]] QString who() const;
    /// "Thinking", "Calling Bash", "Waiting for you"
    [[nodiscard]] QString stateText() const;
    /// "≈ 41 tok/s"; exact, without the sign, once it is over. Empty = not known.
    [[nodiscard]] QString rateText() const;
    [[nodiscard]] QString elapsedText(TimePoint now) const;
    /// For how long it waits for a person; empty = it does not.
    [[nodiscard]] QString waitingText(TimePoint now) const;
    [[nodiscard]] QString line() const;
    /// All of it, for those who hear it.
    [[nodiscard]] QString spokenText(TimePoint now) const;

private:
    CallId m_id;
    std::string m_session, m_title, m_client, m_agent, m_model;
    TimePoint m_startedAt;
    std::optional<TimePoint> m_firstTokenAt;
    std::optional<TimePoint> m_endedAt;
    std::optional<TimePoint> m_waitingSince;
    conversation::CallStatus m_status = conversation::CallStatus::Open;
    State m_state = State::Waiting;
    std::string m_tool;
    std::uint32_t m_block = 0;
    std::string m_tail;         ///< of the block that is written now
    std::size_t m_newBytes = 0; ///< since it was measured last
    TimePoint m_measuredAt;
    double m_rate = 0; ///< tokens a second
    bool m_isRateExact = false;
};

} // namespace luthien::desktop
