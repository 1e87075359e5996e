// SPDX-License-Identifier: Apache-2.0
#include "hot_session.h"

#include "store/store.h"
#include "store_load.h"
#include "support/test_database.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <vector>

namespace luthien::bench {

using namespace conversation;
using SteadyClock = std::chrono::steady_clock;

namespace {
constexpr int kTurns = 200;
constexpr std::uint32_t kChunks = 40;
constexpr int kLooks = 21;
constexpr const char* kSession = "hot";
constexpr std::int64_t kBegin = 1'700'000'000'000'000; // microseconds

[[noreturn]] void fail(const std::string& why)
{
    std::fprintf(stderr, "bench_store: %s\n", why.c_str());
    std::exit(1);
}

/// Each turn sends the whole conversation again, and two messages more.
void record(store::Store& store)
{
    const auto sink = store.makeSink(0);
    Words words(11);
    std::string body = R"({"model":"model","messages":[)";
    std::vector<Span> spans;
    for (int turn = 0; turn < kTurns; ++turn) {
        for (const char* const role : {"assistant", "user"}) {
            body += spans.empty() ? "" : ",";
            const std::size_t start = body.size();
            body += R"({"role":")" + std::string(role) + R"(","content":")" + words.text(800) + "\"}";
            spans.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(body.size() - start)});
        }
        const TimePoint at = fromMicros(kBegin + std::int64_t{turn} * 1'000'000);
        const CallId call = open(*sink, kSession, at);
        sink->request({call, 0, at, Direction::Received, "{}", body + "]}", spans});
        for (std::uint32_t seq = 1; seq <= kChunks; ++seq)
            sink->wire({call, seq, at, Direction::Received, WireKind::Text, false, words.chunk(), {}});
        CallEnded ended;
        ended.call = call;
        ended.seq = kChunks + 1;
        ended.at = at;
        ended.reply = R"({"text":")" + words.text(800) + "\"}";
        sink->ended(ended);
    }
    if (auto flushed = store.flush(std::chrono::minutes(10)); !flushed)
        fail(flushed.error().toString());
}

/// What a window that is scrolled through reads: each turn's new messages, its reply and its events.
void look(store::Reader& reader)
{
    const auto calls = reader.callsOfSession(kSession, store::Order::Ascending, std::nullopt, kTurns);
    if (!calls || calls->items.size() != kTurns)
        fail("the session is not whole");
    for (const store::CallRow& call : calls->items) {
        const auto messages = reader.messages(call.id, call.freshFrom, 100);
        const auto events = reader.events(call.id, 1, 100);
        if (!messages || messages->empty() || !events || events->items.size() != kChunks + 1 || !reader.reply(call.id))
            fail("a turn is not whole");
    }
}

double medianMillis(store::Reader& reader)
{
    std::vector<double> millis;
    for (int i = 0; i < kLooks; ++i) {
        const auto start = SteadyClock::now();
        look(reader);
        millis.push_back(std::chrono::duration<double, std::milli>(SteadyClock::now() - start).count());
    }
    std::ranges::nth_element(millis, millis.begin() + kLooks / 2);
    return millis[kLooks / 2];
}
} // namespace

void reportHotSession(Report& report, const QString& engine)
{
    const test::TestDatabase database(engine);
    Metrics metrics;
    auto opened = store::Store::open({.directory = database.path().toStdString(),
                                      .database = database.url(),
                                      .ballastBytes = 0,
                                      .metrics = &metrics});
    if (!opened)
        fail(opened.error().toString());
    record(**opened);
    const auto cold = store::Reader::open(database.location());
    const auto hot = (*opened)->openReader();
    if (!cold || !hot)
        fail("no reader");
    const double coldMillis = medianMillis(**cold);
    const double hotMillis = medianMillis(**hot); // all looks but the first
    const auto hits = static_cast<double>(metrics.value(Metric::StoreCacheHits));
    const auto misses = static_cast<double>(metrics.value(Metric::StoreCacheMisses));
    report.beginRow();
    std::printf("{\"name\":\"hot session\",\"database\":\"%s\",\"turns\":%d,\"cold_p50_ms\":%.2f,\"hot_p50_ms\":%.2f,"
                "\"hit_ratio\":%.3f}",
                qPrintable(engine), kTurns, coldMillis, hotMillis, hits / (hits + misses));
    std::fflush(stdout);
}

} // namespace luthien::bench
