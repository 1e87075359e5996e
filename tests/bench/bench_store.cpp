// SPDX-License-Identifier: Apache-2.0
// What recording costs: two workers at full speed and paced, storage per chunk, and a long agent session.
#include "store/store.h"

#include <QCoreApplication>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <random>
#include <thread>
#include <vector>

using namespace luthien;
using namespace luthien::conversation;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

namespace {
constexpr int kWorkers = 2;
constexpr int kCallsAtOnce = 500; // of each worker
constexpr int kEventsPerCall = 300;

double cpuSeconds()
{
    timespec time = {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Words with roughly the frequencies of text, so that compression is neither flattered nor insulted.
class Words
{
public:
    explicit Words(unsigned seed)
        : m_random(seed)
    {
        std::mt19937 letters(1); // the same vocabulary for all
        for (int i = 0; i < 6000; ++i) {
            std::string word;
            for (std::size_t size = 2 + letters() % 8; size > 0; --size)
                word += static_cast<char>('a' + letters() % 26);
            m_vocabulary.push_back(word);
        }
    }
    std::string text(std::size_t bytes)
    {
        std::string text;
        while (text.size() < bytes) {
            const double uniform = static_cast<double>(m_random()) / 4294967296.0;
            text += m_vocabulary[static_cast<std::size_t>(uniform * uniform * uniform * 5999.0)] + " ";
        }
        return text;
    }
    std::string chunk()
    {
        return "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":"
               "\"text_delta\",\"text\":\"" +
               text(1) + "\"}}\n\n";
    }

private:
    std::mt19937 m_random;
    std::vector<std::string> m_vocabulary;
};

CallId open(EventSink& sink, const std::string& session)
{
    CallOpened opened;
    opened.call = CallId::make(SystemClock().now());
    opened.at = SystemClock().now();
    opened.identity.session = session;
    opened.api = Api::AnthropicMessages;
    opened.model = "model";
    opened.preview = "preview";
    sink.opened(opened);
    return opened.call;
}

void end(EventSink& sink, CallId call, std::uint32_t seq)
{
    CallEnded ended;
    ended.call = call;
    ended.seq = seq;
    ended.at = SystemClock().now();
    sink.ended(ended);
}

/// One worker: calls interleaved, each event one chunk. perSecond 0 = as fast as it goes.
void produce(EventSink& sink, int events, double perSecond, bool finish, std::vector<std::uint32_t>& pushNanos)
{
    Words words(static_cast<unsigned>(events));
    std::vector<std::string> chunks;
    for (int i = 0; i < 20'000; ++i)
        chunks.push_back(words.chunk());
    std::vector<std::pair<CallId, std::uint32_t>> calls(kCallsAtOnce);
    for (auto& [call, seq] : calls)
        call = open(sink, "bench");
    pushNanos.reserve(static_cast<std::size_t>(events));
    const auto start = SteadyClock::now();
    for (int i = 0; i < events; ++i) {
        auto& [call, seq] = calls[static_cast<std::size_t>(i % kCallsAtOnce)];
        if (perSecond > 0 && i % 64 == 0)
            std::this_thread::sleep_until(start + std::chrono::duration<double>(i / perSecond));
        const WireEvent event{call,
                              seq++,
                              SystemClock().now(),
                              Direction::Received,
                              WireKind::Text,
                              false,
                              chunks[static_cast<std::size_t>(i) % chunks.size()],
                              {}};
        const auto before = SteadyClock::now();
        sink.wire(event);
        pushNanos.push_back(static_cast<std::uint32_t>((SteadyClock::now() - before).count()));
        if (finish && seq == kEventsPerCall) {
            end(sink, call, seq);
            call = open(sink, "bench");
            seq = 0;
        }
    }
}

struct Run
{
    double eventsPerSecond = 0;
    double cpuMicrosPerEvent = 0;
    std::uint32_t p50 = 0;
    std::uint32_t p99 = 0;
    std::uint32_t p999 = 0;
    double bytesPerEvent = 0;
};

std::unique_ptr<store::Store> openStore(const QTemporaryDir& directory)
{
    store::StoreConfig config;
    config.directory = directory.path().toStdString();
    config.ballastBytes = 0;
    auto store = store::Store::open(config);
    return store ? std::move(*store) : nullptr;
}

/// What the file holds; pages that a merge has freed are used again.
double databaseBytes(const QTemporaryDir& directory)
{
    const QString name = QStringLiteral("bytes");
    double pages = 0;
    {
        auto database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), name);
        database.setDatabaseName(directory.filePath(QStringLiteral("luthien.db")));
        QSqlQuery query(database.open() ? database : QSqlDatabase());
        if (query.exec(QStringLiteral("SELECT (page_count - freelist_count) * page_size "
                                      "FROM pragma_page_count, pragma_freelist_count, pragma_page_size")) &&
            query.next())
            pages = query.value(0).toDouble();
    }
    QSqlDatabase::removeDatabase(name);
    return pages;
}

Run measure(int eventsPerWorker, double perSecondPerWorker, bool finish)
{
    QTemporaryDir directory;
    auto store = openStore(directory);
    std::vector<std::vector<std::uint32_t>> pushNanos(kWorkers);
    std::vector<std::unique_ptr<EventSink>> sinks;
    for (int i = 0; i < kWorkers; ++i)
        sinks.push_back(store->makeSink(i));
    const auto start = SteadyClock::now();
    const double cpu = cpuSeconds();
    {
        std::vector<std::jthread> workers;
        for (std::size_t i = 0; i < kWorkers; ++i)
            workers.emplace_back(
                [&, i] { produce(*sinks[i], eventsPerWorker, perSecondPerWorker, finish, pushNanos[i]); });
    }
    const bool flushed = store->flush(120s).hasValue();
    const double seconds = std::chrono::duration<double>(SteadyClock::now() - start).count();
    const double events = static_cast<double>(kWorkers) * eventsPerWorker;
    Run run;
    run.eventsPerSecond = flushed ? events / seconds : 0;
    run.cpuMicrosPerEvent = (cpuSeconds() - cpu) * 1e6 / events;
    std::vector<std::uint32_t> all = pushNanos[0];
    all.insert(all.end(), pushNanos[1].begin(), pushNanos[1].end());
    std::ranges::sort(all);
    run.p50 = all[all.size() / 2];
    run.p99 = all[all.size() / 100 * 99];
    run.p999 = all[all.size() / 1000 * 999];
    sinks.clear();
    store->close();
    run.bytesPerEvent = databaseBytes(directory) / events;
    return run;
}

/// An agent that resends its conversation at each of so many turns: bytes sent by bytes stored.
double resendRatio(int turns)
{
    QTemporaryDir directory;
    auto store = openStore(directory);
    auto sink = store->makeSink(0);
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
        const CallId call = open(*sink, "agent");
        sink->request({call, 0, SystemClock().now(), Direction::Received, "{}", body, spans});
        end(*sink, call, 1);
        messages.push_back(R"({"role":"assistant","content":")" + words.text(700) + "\"}");
        sent += static_cast<double>(body.size());
    }
    const bool flushed = store->flush(60s).hasValue();
    sink.reset();
    store->close();
    return flushed ? sent / databaseBytes(directory) : 0;
}

void print(const char* name, const Run& run, const char* separator)
{
    std::printf("{\"name\":\"%s\",\"events_per_second\":%.0f,\"cpu_us_per_event\":%.2f,\"push_p50_ns\":%u,"
                "\"push_p99_ns\":%u,\"push_p999_ns\":%u,\"bytes_per_event\":%.1f}%s\n",
                name, run.eventsPerSecond, run.cpuMicrosPerEvent, run.p50, run.p99, run.p999, run.bytesPerEvent,
                separator);
}
} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    std::printf("{\"machine\":{\"cores\":%u},\"rows\":[\n", std::thread::hardware_concurrency());
    print("full speed", measure(600'000, 0, true), ",");
    print("60k/s, calls end", measure(150'000, 30'000, true), ",");
    print("60k/s, calls stay open", measure(120'000, 30'000, false), "");
    std::printf("],\"ratios\":{\"resent_session\":%.1f}}\n", resendRatio(200));
}
