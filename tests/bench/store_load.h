// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/event_sink.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

namespace luthien::bench {

/// Words with roughly the frequencies of text, so that compression is neither flattered nor insulted.
class Words
{
public:
    explicit Words(unsigned seed);
    [[nodiscard]] std::string text(std::size_t bytes);
    /// 0 = the most frequent of 6000.
    [[nodiscard]] const std::string& word(std::size_t rank) const { return m_vocabulary.at(rank); }
    /// One event of a stream.
    [[nodiscard]] std::string chunk();

private:
    std::mt19937 m_random;
    std::vector<std::string> m_vocabulary;
};

/// Begins a call of that session.
[[nodiscard]] CallId open(conversation::EventSink& sink, const std::string& session, TimePoint at);
void end(conversation::EventSink& sink, CallId call, std::uint32_t seq, TimePoint at);

/// What one worker records: many calls at once, their events in turns, each event one chunk of a stream.
struct Load
{
    int events = 0;
    double perSecond = 0; ///< 0 = as fast as it goes
    bool callsEnd = true; ///< each after kEventsPerCall events; else they stay open
};
constexpr int kCallsAtOnce = 500;
constexpr int kEventsPerCall = 300;

/// Plays the load to a sink. Thread: one at a time.
class Worker
{
public:
    explicit Worker(const Load& load);
    /// isWanted is asked after every 64 events; false ends it.
    void run(conversation::EventSink& sink, const std::function<bool()>& isWanted = {});
    /// How long each event took to be taken.
    [[nodiscard]] const std::vector<std::uint32_t>& pushNanos() const noexcept { return m_pushNanos; }

private:
    Load m_load;
    std::vector<std::string> m_chunks;
    std::vector<std::uint32_t> m_pushNanos;
};

/// Processor time of this process so far.
[[nodiscard]] double cpuSeconds();

} // namespace luthien::bench
