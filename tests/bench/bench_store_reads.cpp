// SPDX-License-Identifier: Apache-2.0
#include "bench_store_reads.h"

#include "archive/read_texts.h"
#include "filter/word_query.h"
#include "hot_session.h"
#include "store/found_texts.h"
#include "store/reader.h"
#include "store_load.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <random>
#include <thread>
#include <time.h>
#include <vector>

namespace luthien::bench {

using namespace conversation;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using test::TestDatabase;

namespace {
constexpr int kEventsOfACall = 10; // request, chunks, end
constexpr int kCallsOfASession = 100;
constexpr int kInLargeSession = 10; // each so many'th call
constexpr const char* kLargeSession = "large";
constexpr std::int64_t kBegin = 1'700'000'000'000'000; // microseconds
constexpr std::int64_t kBetweenCalls = 50'000;
constexpr int kSamples = 500;
constexpr auto kBetweenSamples = 5ms; // a reader is a person or a poll, not a loop
constexpr std::uint64_t kQuota = 512 << 20;

TimePoint startOf(int call)
{
    return fromMicros(kBegin + std::int64_t{call} * kBetweenCalls);
}

void fill(store::Store& store, int calls)
{
    const auto sink = store.makeSink(0);
    Words words(3);
    const std::string opening = R"({"model":"model","messages":[)";
    for (int i = 0; i < calls; ++i) {
        while (!sink->hasRoom())
            std::this_thread::sleep_for(1ms);
        const bool isLarge = i % kInLargeSession == 0;
        const CallId call =
            open(*sink, isLarge ? kLargeSession : "session-" + std::to_string(i / kCallsOfASession), startOf(i));
        const std::string message = R"({"role":"user","content":")" + words.text(60) + "\"}";
        const Span span{static_cast<std::uint32_t>(opening.size()), static_cast<std::uint32_t>(message.size())};
        const std::string body = opening + message + "]}";
        sink->request({call, 0, startOf(i), Direction::Received, "{}", body, {&span, 1}});
        for (std::uint32_t seq = 1; seq < kEventsOfACall - 1; ++seq)
            sink->wire({call, seq, startOf(i), Direction::Received, WireKind::Text, false, words.chunk(), {}});
        end(*sink, call, kEventsOfACall - 1, startOf(i));
    }
}

struct Latency
{
    double p50 = 0; ///< microseconds, all four
    double p99 = 0;
    double most = 0;
    double ownP99 = 0; ///< processor time of the reader's thread, without what it waits for
};

double threadMicros()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

/// False from ask = the reader failed: there is no figure then.
Latency latencyOf(const std::function<bool()>& ask)
{
    std::vector<double> micros;
    std::vector<double> own;
    for (int i = 0; i < kSamples; ++i) {
        std::this_thread::sleep_for(kBetweenSamples);
        const auto start = SteadyClock::now();
        const double before = threadMicros();
        if (!ask()) {
            std::fputs("bench_store: a page could not be read\n", stderr);
            std::exit(1);
        }
        own.push_back(threadMicros() - before);
        micros.push_back(std::chrono::duration<double, std::micro>(SteadyClock::now() - start).count());
    }
    std::ranges::sort(micros);
    std::ranges::sort(own);
    return {micros[kSamples / 2], micros[kSamples / 100 * 99], micros.back(), own[kSamples / 100 * 99]};
}

/// Two workers, as long as it lives.
class LiveLoad
{
public:
    explicit LiveLoad(store::Store& store)
        : m_workers(2, Worker({.events = 20'000'000, .perSecond = 30'000}))
    {
        for (int i = 0; i < 2; ++i) {
            m_sinks.push_back(store.makeSink(i + 1));
            m_threads.emplace_back([this, i] {
                const auto at = static_cast<std::size_t>(i);
                m_workers[at].run(*m_sinks[at], [this] { return !m_isOver; });
            });
        }
    }
    ~LiveLoad() { m_isOver = true; }
    LiveLoad(const LiveLoad&) = delete;
    LiveLoad& operator=(const LiveLoad&) = delete;

private:
    std::atomic<bool> m_isOver{false};
    std::vector<Worker> m_workers;
    std::vector<std::unique_ptr<EventSink>> m_sinks;
    std::vector<std::jthread> m_threads; ///< joined first
};

void reportPage(Report& report, const QString& engine, int calls, const char* name, const std::function<bool()>& ask)
{
    const Latency latency = latencyOf(ask);
    report.beginRow();
    std::printf("{\"name\":\"%s\",\"database\":\"%s\",\"calls\":%d,\"p50_us\":%.0f,\"p99_us\":%.0f,\"max_us\":%.0f,"
                "\"own_p99_us\":%.0f}",
                name, qPrintable(engine), calls, latency.p50, latency.p99, latency.most, latency.ownP99);
    std::fflush(stdout);
}

void reportPages(Report& report, store::Reader& reader, const QString& engine, int calls)
{
    std::mt19937 random(7);
    const auto anywhere = [&] {
        return store::Cursor{toMicros(startOf(static_cast<int>(random() % static_cast<unsigned>(calls)))), 0};
    };
    CallId some;
    const auto page = [&](const char* name, const std::function<bool()>& ask) {
        reportPage(report, engine, calls, name, ask);
    };
    page("newest 50 sessions", [&] { return reader.sessions(std::nullopt, 50).hasValue(); });
    page("50 sessions anywhere", [&] { return reader.sessions(anywhere(), 50).hasValue(); });
    page("newest 50 calls of the large session",
         [&] { return reader.callsOfSession(kLargeSession, store::Order::Descending, std::nullopt, 50).hasValue(); });
    page("100 calls of the large session, anywhere", [&] {
        const auto rows = reader.callsOfSession(kLargeSession, store::Order::Ascending, anywhere(), 100);
        if (rows && !rows->items.empty())
            some = rows->items.front().id;
        return rows.hasValue();
    });
    page("events of a call", [&] {
        const auto rows = reader.callsOfSession(kLargeSession, store::Order::Ascending, anywhere(), 1);
        return rows && reader.events(rows->items.empty() ? some : rows->items.front().id, 0, 100).hasValue();
    });
}

void reportSearches(Report& report, store::Reader& reader, const QString& engine, int calls)
{
    const Words words(3);
    const auto search = [&](const char* name, std::size_t rank, store::FoundOrder order) {
        const auto query = filter::parseWordQuery(words.word(rank));
        reportPage(report, engine, calls, name, [&] {
            return query && reader.findTexts({.phrases = query->phrases, .order = order}, std::nullopt, 50).hasValue();
        });
    };
    search("newest 50 texts with a frequent word", 0, store::FoundOrder::NewestFirst);
    search("newest 50 texts with a rare word", 5000, store::FoundOrder::NewestFirst);
    search("best 50 texts with a word of the middle", 500, store::FoundOrder::BestFirst);
}

/// Seconds until all that was recorded can be found.
double waitForIndex(const TestDatabase& database)
{
    const auto start = SteadyClock::now();
    const auto connection = database.connect();
    while (connection && store::countUnindexed(*connection, 1).value() > 0)
        std::this_thread::sleep_for(20ms);
    return std::chrono::duration<double>(SteadyClock::now() - start).count();
}
} // namespace

std::unique_ptr<store::Store> openToRecord(const TestDatabase& database)
{
    auto opened = store::Store::open({.directory = database.path().toStdString(),
                                      .database = database.url(),
                                      .journalQuota = kQuota,
                                      .ballastBytes = 0,
                                      .readTexts = archive::readTexts});
    if (!opened) {
        std::fprintf(stderr, "bench_store: %s\n", opened.error().toString().c_str());
        std::exit(1);
    }
    return *std::move(opened);
}

void reportReads(Report& report, const QString& engine, int calls)
{
    reportHotSession(report, engine);
    const TestDatabase database(engine);
    const auto store = openToRecord(database);
    const auto start = SteadyClock::now();
    const double cpu = cpuSeconds();
    fill(*store, calls);
    const bool isFilled = store->flush(1h).hasValue();
    const double seconds = std::chrono::duration<double>(SteadyClock::now() - start).count();
    report.beginRow();
    std::printf("{\"name\":\"filling\",\"database\":\"%s\",\"calls\":%d,\"events\":%lld,\"seconds\":%.1f,"
                "\"cpu_us_per_call\":%.0f,\"seconds_until_searchable\":%.1f}",
                qPrintable(engine), calls, static_cast<long long>(calls) * kEventsOfACall, isFilled ? seconds : 0,
                (cpuSeconds() - cpu) * 1e6 / calls, waitForIndex(database));
    std::fflush(stdout);
    const auto reader = store->openReader();
    if (!reader) {
        std::fprintf(stderr, "bench_store: %s\n", reader.error().toString().c_str());
        std::exit(1);
    }
    const LiveLoad live(*store);
    reportPages(report, **reader, engine, calls);
    reportSearches(report, **reader, engine, calls);
}

} // namespace luthien::bench
