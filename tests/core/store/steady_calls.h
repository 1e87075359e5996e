// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "recording.h"

#include <chrono>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace luthien::test {

/// Records whole calls, one after the other, on a thread of its own, whatever happens to the database meanwhile. The
/// sink is that thread's until end().
class SteadyCalls
{
public:
    explicit SteadyCalls(conversation::EventSink& sink)
        : m_thread([this, &sink](const std::stop_token& stop) { record(sink, stop); })
    {
    }

    /// All that were recorded.
    [[nodiscard]] std::vector<RecordedCall> end()
    {
        m_thread.request_stop();
        m_thread.join();
        return std::move(m_calls);
    }

private:
    void record(conversation::EventSink& sink, const std::stop_token& stop)
    {
        for (int events = 0; !stop.stop_requested(); std::this_thread::sleep_for(std::chrono::milliseconds(10))) {
            RecordedCall& call = m_calls.emplace_back(sink, "session-" + std::to_string(m_calls.size() % 3));
            call.request(R"({"messages":["one","two"]})", {{13, 5}, {19, 5}});
            for (int i = 0; i < 20; ++i)
                call.wire("event " + std::to_string(++events));
            call.decide("judged");
            call.end();
        }
    }

    std::vector<RecordedCall> m_calls;
    std::jthread m_thread;
};

} // namespace luthien::test
