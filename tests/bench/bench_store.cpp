// SPDX-License-Identifier: Apache-2.0
// What recording costs: two workers at full speed and paced, storage per chunk, a long agent session; and how long
// readers wait at a large size while it goes on. Both databases. Prints JSON.
//     bench_store [--full | --calls NUMBER] [--only sqlite|postgres]
#include "bench_store_reads.h"
#include "report.h"
#include "store/store.h"
#include "store_load.h"
#include "support/test_database.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

using namespace luthien;
using namespace luthien::bench;
using namespace luthien::conversation;
using namespace std::chrono_literals;
using luthien::test::TestDatabase;
using SteadyClock = std::chrono::steady_clock;

namespace {
constexpr int kWorkers = 2;

struct Run
{
    double eventsPerSecond = 0;
    double cpuMicrosPerEvent = 0; ///< of taking and writing them; of PostgreSQL, without the server's
    std::uint32_t p50 = 0;
    std::uint32_t p99 = 0;
    std::uint32_t p999 = 0;
    double bytesPerEvent = 0;
};

class NoSink final : public EventSink
{
public:
    void opened(const CallOpened&) override {}
    void request(const RequestRecorded&) override {}
    void wire(const WireEvent&) override {}
    void decided(const Decision&) override {}
    void ended(const CallEnded&) override {}
    [[nodiscard]] bool hasRoom() const override { return true; }
};

std::vector<Worker> workersFor(const Load& load)
{
    return std::vector<Worker>(kWorkers, Worker(load));
}

void runAll(std::vector<Worker>& workers, const std::vector<std::unique_ptr<EventSink>>& sinks)
{
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < workers.size(); ++i)
        threads.emplace_back([&, i] { workers[i].run(*sinks[i]); });
}

/// What the load costs by itself.
double cpuOfLoad(const Load& load)
{
    auto workers = workersFor(load);
    std::vector<std::unique_ptr<EventSink>> sinks;
    for (int i = 0; i < kWorkers; ++i)
        sinks.push_back(std::make_unique<NoSink>());
    const double before = cpuSeconds();
    runAll(workers, sinks);
    return cpuSeconds() - before;
}

/// What the database holds; pages that a merge has freed are used again.
double databaseBytes(const TestDatabase& database)
{
    return static_cast<double>(database.ask(
        database.isSqlite() ? QStringLiteral("SELECT (page_count - freelist_count) * page_size "
                                             "FROM pragma_page_count, pragma_freelist_count, pragma_page_size")
                            : QStringLiteral("SELECT pg_database_size(current_database())")));
}

void setPushTimes(Run& run, const std::vector<Worker>& workers)
{
    std::vector<std::uint32_t> all;
    for (const Worker& worker : workers)
        all.insert(all.end(), worker.pushNanos().begin(), worker.pushNanos().end());
    std::ranges::sort(all);
    run.p50 = all[all.size() / 2];
    run.p99 = all[all.size() / 100 * 99];
    run.p999 = all[all.size() / 1000 * 999];
}

Run measure(const QString& engine, const Load& load)
{
    const double loadCpu = cpuOfLoad(load);
    const TestDatabase database(engine);
    auto store = openToRecord(database);
    const double empty = databaseBytes(database);
    auto workers = workersFor(load);
    std::vector<std::unique_ptr<EventSink>> sinks;
    for (int i = 0; i < kWorkers; ++i)
        sinks.push_back(store->makeSink(i));
    const auto start = SteadyClock::now();
    const double cpu = cpuSeconds();
    runAll(workers, sinks);
    const bool flushed = store->flush(300s).hasValue();
    const double seconds = std::chrono::duration<double>(SteadyClock::now() - start).count();
    const double events = static_cast<double>(kWorkers) * load.events;
    Run run;
    run.eventsPerSecond = flushed ? events / seconds : 0;
    run.cpuMicrosPerEvent = (cpuSeconds() - cpu - loadCpu) * 1e6 / events;
    setPushTimes(run, workers);
    sinks.clear();
    store->close();
    run.bytesPerEvent = (databaseBytes(database) - empty) / events;
    return run;
}

/// An agent that resends its conversation at each of so many turns: bytes sent by bytes stored.
double resendRatio(int turns)
{
    const TestDatabase database(QStringLiteral("sqlite"));
    auto store = openToRecord(database);
    const double empty = databaseBytes(database);
    auto sink = store->makeSink(0);
    const SystemClock clock;
    Words words(9);
    std::vector<std::string> messages;
    double sent = 0;
    for (int turn = 0; turn < turns; ++turn) {
        messages.push_back(R"({"role":"user","content":")" + words.text(700) + "\"}");
        std::string body = R"({"model":"m","system":")" + words.text(1) + R"(","messages":[)";
        std::vector<Span> spans;
        for (const std::string& message : messages) {
            body += spans.empty() ? "" : ",";
            spans.push_back({static_cast<std::uint32_t>(body.size()), static_cast<std::uint32_t>(message.size())});
            body += message;
        }
        body += "]}";
        const CallId call = open(*sink, "agent", clock.now());
        sink->request({call, 0, clock.now(), Direction::Received, "{}", body, spans});
        end(*sink, call, 1, clock.now());
        messages.push_back(R"({"role":"assistant","content":")" + words.text(700) + "\"}");
        sent += static_cast<double>(body.size());
    }
    const bool flushed = store->flush(60s).hasValue();
    sink.reset();
    store->close();
    return flushed ? sent / (databaseBytes(database) - empty) : 0;
}

void reportRun(Report& report, const char* name, const QString& engine, const Load& load)
{
    const Run run = measure(engine, load);
    report.beginRow();
    std::printf("{\"name\":\"%s\",\"database\":\"%s\",\"events_per_second\":%.0f,\"cpu_us_per_event\":%.2f,"
                "\"push_p50_ns\":%u,\"push_p99_ns\":%u,\"push_p999_ns\":%u,\"bytes_per_event\":%.1f}",
                name, qPrintable(engine), run.eventsPerSecond, run.cpuMicrosPerEvent, run.p50, run.p99, run.p999,
                run.bytesPerEvent);
    std::fflush(stdout);
}
} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    const auto only = words.indexOf(QStringLiteral("--only"));
    const auto given = words.indexOf(QStringLiteral("--calls"));
    const int usual = words.contains(QStringLiteral("--full")) ? 1'000'000 : 100'000;
    const int calls = given < 0 ? usual : words.value(given + 1).toInt();
    Report report;
    for (const QString& engine : {QStringLiteral("sqlite"), QStringLiteral("postgres")}) {
        if (only >= 0 && words.value(only + 1) != engine)
            continue;
        reportRun(report, "full speed", engine, {.events = 600'000});
        reportRun(report, "60k/s, calls end", engine, {.events = 150'000, .perSecond = 30'000});
        reportRun(report, "60k/s, calls stay open", engine,
                  {.events = 120'000, .perSecond = 30'000, .callsEnd = false});
        reportReads(report, engine, calls);
    }
    report.addRatio("resent_session", resendRatio(200));
}
