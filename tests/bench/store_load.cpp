// SPDX-License-Identifier: Apache-2.0
#include "store_load.h"

#include <ctime>
#include <thread>

namespace luthien::bench {

using namespace conversation;
using SteadyClock = std::chrono::steady_clock;

namespace {
constexpr int kVocabulary = 6000;
constexpr int kChunks = 20'000;
constexpr int kEventsAWake = 64;
} // namespace

Words::Words(unsigned seed)
    : m_random(seed)
{
    std::mt19937 letters(1); // the same vocabulary for all
    for (int i = 0; i < kVocabulary; ++i) {
        std::string word;
        for (std::size_t size = 2 + letters() % 8; size > 0; --size)
            word += static_cast<char>('a' + letters() % 26);
        m_vocabulary.push_back(word);
    }
}

std::string Words::text(std::size_t bytes)
{
    std::string text;
    while (text.size() < bytes) {
        const double uniform = static_cast<double>(m_random()) / 4294967296.0;
        text += m_vocabulary[static_cast<std::size_t>(uniform * uniform * uniform * (kVocabulary - 1))] + " ";
    }
    return text;
}

std::string Words::chunk()
{
    return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
           "\"text_delta\",\"text\":\"" +
           text(1) + "\"}}\n\n";
}

CallId open(EventSink& sink, const std::string& session, TimePoint at)
{
    CallOpened opened;
    opened.call = CallId::make(at);
    opened.at = at;
    opened.identity.session = session;
    opened.api = Api::AnthropicMessages;
    opened.model = "model";
    opened.preview = "preview";
    sink.opened(opened);
    return opened.call;
}

void end(EventSink& sink, CallId call, std::uint32_t seq, TimePoint at)
{
    CallEnded ended;
    ended.call = call;
    ended.seq = seq;
    ended.at = at;
    sink.ended(ended);
}

Worker::Worker(const Load& load)
    : m_load(load)
{
    Words words(static_cast<unsigned>(load.events));
    for (int i = 0; i < kChunks; ++i)
        m_chunks.push_back(words.chunk());
    m_pushNanos.reserve(static_cast<std::size_t>(load.events));
}

void Worker::run(EventSink& sink, const std::function<bool()>& isWanted)
{
    const SystemClock clock;
    struct Running
    {
        CallId call;
        std::uint32_t seq = 0;
        std::uint32_t events = 0;
    };
    std::vector<Running> calls(kCallsAtOnce);
    for (std::uint32_t i = 0; i < kCallsAtOnce; ++i) // the first ones are of any length, so that not all end at once
        calls[i] = {open(sink, "bench", clock.now()), 0, 1 + i * kEventsPerCall / kCallsAtOnce};
    const auto start = SteadyClock::now();
    for (int i = 0; i < m_load.events; ++i) {
        if (i % kEventsAWake == 0) {
            if (isWanted && !isWanted())
                return;
            if (m_load.perSecond > 0)
                std::this_thread::sleep_until(start + std::chrono::duration<double>(i / m_load.perSecond));
        }
        auto& [call, seq, events] = calls[static_cast<std::size_t>(i % kCallsAtOnce)];
        const WireEvent event{call,
                              seq++,
                              clock.now(),
                              Direction::Received,
                              WireKind::Text,
                              false,
                              m_chunks[static_cast<std::size_t>(i) % m_chunks.size()],
                              {}};
        const auto before = SteadyClock::now();
        sink.wire(event);
        m_pushNanos.push_back(static_cast<std::uint32_t>((SteadyClock::now() - before).count()));
        if (m_load.callsEnd && seq == events) {
            end(sink, call, seq, clock.now());
            call = open(sink, "bench", clock.now());
            seq = 0;
            events = kEventsPerCall;
        }
    }
}

double cpuSeconds()
{
    timespec time = {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

} // namespace luthien::bench
