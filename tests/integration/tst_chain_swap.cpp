// SPDX-License-Identifier: Apache-2.0
#include "base/metrics.h"
#include "integration/turn.h"
#include "policy/builtin/builtin.h"
#include "policy/chain.h"
#include "policy/spending_book.h"
#include "proxy/policy_gate.h"
#include "script/script_pool.h"
#include "support/open_descriptors.h"
#include "support/running_proxy.h"
#include "support/stream_checker.h"
#include "support/test_registry.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <set>
#include <thread>
#include <unistd.h>

using namespace luthien;
using namespace luthien::test;
using conversation::Api;
using conversation::CallStatus;

namespace {
using namespace std::chrono_literals;

constexpr Api kApis[] = {Api::AnthropicMessages, Api::OpenAiChat, Api::OpenAiResponses, Api::Gemini, Api::Ollama};
constexpr auto kSwapEvery = 100ms;
constexpr auto kPieceEvery = 50ms;
constexpr int kStarts = 30;           ///< pieces in which all clients come, so that calls begin under many chains
constexpr auto kReplyDeadline = 120s; ///< a stream takes some two seconds; under a sanitizer a multiple
constexpr qint64 kMostSwapMicros = 10'000;
/// Of what is kept between calls: buffers of 500 connections to the upstream (some 2.2 MiB) and the versions of chains
/// (2 KiB a swap), measured over 20 and 60 s. A call that left 1 KiB behind would add 3.4 MiB in the long form.
constexpr std::size_t kMostGrowthKilobytes = 4 * 1024;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;
#else
constexpr bool kIsSanitized = false;
#endif
/// The policies that decide something about each call.
const std::set<std::string> kDeciding = {"words", "sql", "rules", "script"};

/// What a model says, and what a chain makes of it, is the same text but for this word.
const std::string kPlaceholder = "@chain@";
const std::string kMark = "chain-";
std::string textWith(std::string_view word)
{
    std::string text;
    for (const char* part : {"This is ", " and was ", " when it began, stays ", " to the end, says ", ", says ",
                             " once more, and ends as "})
        text.append(part).append(word);
    return text + '.';
}
const ScriptedTurn kTurn{textWith(kPlaceholder),
                         {{"call_read", "read_file", R"({"path":"/srv/shop/readme"})"},
                          {"call_sql", "run_sql", R"({"sql":"DROP TABLE orders"})"},
                          {"call_deploy", "deploy", R"({"target":"production"})"}}};

/// The stream with its text in pieces that end in the middle of words, its events numbered anew.
std::vector<std::string> inPieces(const std::vector<std::string>& events)
{
    constexpr std::size_t kPieceBytes = 5;
    std::vector<std::string> pieces;
    bool isCut = false; // Responses says the whole text again when it is over
    for (const std::string& event : events) {
        const std::size_t at = event.find(kTurn.text);
        if (at == std::string::npos || std::exchange(isCut, true)) {
            pieces.push_back(event);
            continue;
        }
        for (std::size_t done = 0; done < kTurn.text.size(); done += kPieceBytes)
            pieces.push_back(std::string(event).replace(at, kTurn.text.size(), kTurn.text, done, kPieceBytes));
    }
    const std::string number = "\"sequence_number\":";
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (const std::size_t at = pieces[i].find(number); at != std::string::npos) {
            const std::size_t begin = at + number.size();
            pieces[i].replace(begin, pieces[i].find_first_not_of("0123456789", begin) - begin, std::to_string(i));
        }
    }
    return pieces;
}

std::string pathOf(Api api, const std::string& model)
{
    switch (api) {
    case Api::AnthropicMessages:
        return "/v1/messages";
    case Api::OpenAiChat:
        return "/v1/chat/completions";
    case Api::Gemini:
        return "/openai/v1beta/models/" + model + ":streamGenerateContent?alt=sse";
    case Api::Ollama:
        return "/openai/api/chat";
    default:
        return "/v1/responses";
    }
}
std::string requestOf(Api api, const std::string& model)
{
    const std::string begin = R"({"model":")" + model + R"(","stream":true,)";
    if (api == Api::Gemini)
        return R"({"contents":[{"role":"user","parts":[{"text":"Go on."}]}]})";
    if (api == Api::OpenAiResponses)
        return begin + R"("input":"Go on."})";
    return begin + R"("max_tokens":100,"messages":[{"role":"user","content":"Go on."}]})";
}
/// Lets every upstream connection send its next piece.
class Beat
{
public:
    void next()
    {
        const std::scoped_lock lock(m_mutex);
        ++m_count;
        m_changed.notify_all();
    }
    void wait()
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this, before = m_count] { return m_count != before; });
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::uint64_t m_count = 0;
};

/// Chains of six policies, each with a number of its own in what it says.
class Chains
{
public:
    explicit Chains(policy::Services services)
        : m_services(services)
    {
    }

    std::shared_ptr<const policy::GateFactory> next()
    {
        const std::vector<policy::Definition> definitions = definitionsOf(m_versions.size());
        auto& versions = m_versions.emplace_back();
        for (const policy::Definition& definition : definitions)
            versions[definition.id] = versionOf(definition);
        auto chain = policy::Chain::build(policy::builtin::registry(), definitions, m_services);
        if (!chain) {
            qCritical("%s", chain.error().toString().c_str());
            return nullptr;
        }
        m_built.push_back(*chain);
        return proxy::makePolicyGates(*std::move(chain));
    }
    [[nodiscard]] std::size_t count() const { return m_versions.size(); }
    [[nodiscard]] const std::string& version(std::size_t chain, const std::string& policy) const
    {
        return m_versions.at(chain).at(policy);
    }
    [[nodiscard]] std::size_t alive() const
    {
        return static_cast<std::size_t>(
            std::ranges::count_if(m_built, [](const auto& each) { return !each.expired(); }));
    }

private:
    static std::vector<policy::Definition> definitionsOf(std::size_t number)
    {
        const std::string mark = kMark + std::to_string(number);
        const std::string folder = number % 2 == 0 ? "/srv/even" : "/srv/odd";
        const auto enforced = [](const char* id, const char* type, std::string config) {
            return policy::Definition{.id = id,
                                      .type = type,
                                      .mode = policy::PolicyMode::Enforce,
                                      .config = std::move(config),
                                      // the reason of the rules names the chain, that of the SQL quotes it
                                      .agentText = std::string_view(type) == "tool-rules" ? policy::AgentText::Full
                                                                                          : policy::AgentText::Scoped};
        };
        return {enforced("rate", "rate-limit", R"({"requests":100000000,"per":"1h"})"),
                enforced("log", "debug-log", "{}"),
                enforced("words", "replace-text",
                         R"({"replacements":[{"from":")" + kPlaceholder + R"(","to":")" + mark + R"("}]})"),
                enforced("sql", "destructive-sql", "{}"),
                enforced("rules", "tool-rules",
                         R"({"rules":[{"tool":"deploy","do":"deny","reason":"Not under )" + mark + R"(."}]})"),
                enforced("script", "javascript",
                         R"({"timeout":"5s","source":"function onToolCall(call) { return call.name !== 'read_file' )"
                         R"(? luthien.allow() : luthien.replaceArguments({ path: ')" +
                             folder + R"(' }, { reason: 'Elsewhere.' }); }"})")};
    }

    policy::Services m_services;
    std::vector<std::map<std::string, std::string>> m_versions;
    std::vector<std::weak_ptr<const policy::Chain>> m_built;
};

/// What is left of a call when it is over.
struct Note
{
    std::size_t latestWhenOpened = 0;                           ///< no later chain can have been in force
    std::vector<std::pair<std::string, std::string>> decisions; ///< policy and version
    std::optional<CallStatus> status;
    std::optional<std::size_t> chain; ///< which its client found in the text
};

/// What happened, of each call by its model's name, which no other call has.
class Notes
{
public:
    std::atomic<std::size_t> announced{0}; ///< set before a chain is given to the proxy
    std::atomic<std::size_t> applied{0};   ///< set when it has been

    [[nodiscard]] std::unique_ptr<conversation::EventSink> makeSink() { return std::make_unique<Sink>(*this); }
    void with(const std::string& model, const std::function<void(Note&)>& change)
    {
        const std::scoped_lock lock(m_mutex);
        change(m_notes[model]);
    }
    void fault(std::string what)
    {
        const std::scoped_lock lock(m_mutex);
        m_faults.push_back(std::move(what));
    }
    /// \{ When nobody writes any more.
    void forget() { m_notes.clear(); }
    [[nodiscard]] const std::map<std::string, Note>& all() const { return m_notes; }
    [[nodiscard]] const std::vector<std::string>& faults() const { return m_faults; }
    /// \}

private:
    class Sink final : public conversation::EventSink
    {
    public:
        explicit Sink(Notes& notes)
            : m_notes(notes)
        {
        }
        void opened(const conversation::CallOpened& event) override
        {
            m_models[event.call] = event.model;
            m_notes.with(m_models[event.call], [&](Note& note) { note.latestWhenOpened = m_notes.announced; });
        }
        void request(const conversation::RequestRecorded&) override {}
        void wire(const conversation::WireEvent&) override {}
        void decided(const conversation::Decision& decision) override
        {
            m_notes.with(m_models.at(decision.call),
                         [&](Note& note) { note.decisions.emplace_back(decision.policyId, decision.policyVersion); });
        }
        void ended(const conversation::CallEnded& event) override
        {
            const std::string model = std::move(m_models.extract(event.call).mapped());
            m_notes.with(model, [&](Note& note) { note.status = event.status; });
            if (!event.error.empty())
                m_notes.fault(model + ": " + std::string(event.error));
        }
        [[nodiscard]] bool hasRoom() const override { return true; }

    private:
        Notes& m_notes;
        std::map<CallId, std::string> m_models; ///< of the calls under way on this worker
    };

    std::mutex m_mutex;
    std::map<std::string, Note> m_notes;
    std::vector<std::string> m_faults;
};

/// All the chains that a reply names.
std::set<std::size_t> chainsIn(const std::string& reply)
{
    std::set<std::size_t> chains;
    for (std::size_t at = reply.find(kMark); at != std::string::npos; at = reply.find(kMark, at + 1)) {
        std::size_t chain = 0;
        const char* begin = reply.data() + at + kMark.size();
        std::from_chars(begin, reply.data() + reply.size(), chain);
        chains.insert(chain);
    }
    return chains;
}

/// What is wrong with a reply as its client sees it; the chain it names is noted.
std::string faultOf(Api api, const RawClient::Reply& reply, std::size_t oldest, Note& note)
{
    if (!reply.complete || reply.status != 200)
        return "status " + std::to_string(reply.status) + (reply.complete ? "" : ", cut off") + ": " + reply.body;
    const std::string_view kind = api == Api::Ollama ? "ndjson" : "sse";
    if (const QString broken = breach(api, splitReply(kind, reply.body)); !broken.isEmpty())
        return broken.toStdString();
    const conversation::Response response = folded(api, true, reply.body);
    const std::string all = conversation::toJson(response);
    const std::set<std::size_t> chains = chainsIn(all);
    if (chains.size() != 1)
        return "not of one chain: " + all;
    const std::size_t chain = *chains.begin();
    note.chain = chain;
    if (chain < oldest || chain > note.latestWhenOpened)
        return "not the chain it began with: " + all;
    const std::string text = textWith(kMark + std::to_string(chain));
    if (all.find(text) == std::string::npos)
        return "another text: " + all;
    const std::string path = chain % 2 == 0 ? "/srv/even" : "/srv/odd";
    const auto calls = [&](const auto& block) { return block.kind == conversation::BlockKind::ToolUse; };
    if (std::ranges::count_if(response.blocks, calls) != 1 || all.find(path) == std::string::npos ||
        all.find("DROP TABLE") != std::string::npos || all.find("production") != std::string::npos)
        return "other calls: " + all;
    return {};
}

/// What this process holds of memory, and how much of it somebody has asked for and not given back.
struct Memory
{
    std::size_t residentKilobytes = 0;
    std::size_t heapKilobytes = 0;
    [[nodiscard]] static Memory now()
    {
        std::size_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages >> pages;
        const auto heap = ::mallinfo2();
        return {pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) >> 10U, (heap.uordblks + heap.hblkhd) >> 10U};
    }
};

struct Percentiles
{
    qint64 half = 0;
    qint64 most = 0; ///< of a hundred, all but one
};
Percentiles percentiles(std::vector<qint64> times)
{
    std::ranges::sort(times);
    const auto at = [&](std::size_t percent) { return times.at((times.size() - 1) * percent / 100); };
    return {at(50), at(99)};
}

int numberFrom(const char* variable, int otherwise)
{
    bool isNumber = false;
    const int number = qEnvironmentVariableIntValue(variable, &isNumber);
    return isNumber ? number : otherwise;
}

std::atomic<std::uint64_t> logLines{0};
void countLine(QtMsgType type, const QMessageLogContext&, const QString& message)
{
    if (type != QtInfoMsg)
        std::fprintf(stderr, "%s\n", qPrintable(message));
    ++logLines;
}
} // namespace

/// Streams of every API under six policies that are exchanged all the time. The short form runs with every change, the
/// whole of it (500 streams for 20 s) is the test labelled long.
class TestChainSwap : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyStreamKeepsTheChainItBeganWith()
    {
        const int streams = numberFrom("LUTHIEN_SWAP_STREAMS", 100);
        const auto length = std::chrono::seconds(numberFrom("LUTHIEN_SWAP_SECONDS", 2));
        const std::size_t descriptors = openDescriptors();
        {
            World world;
            world.run(streams, 1s);
            check(world);
            const std::size_t few = world.kilobytesAtRest();
            world.run(streams, length);
            check(world);
            QVERIFY2(world.used.size() > 10, "chains were exchanged while streams ran");
            const std::size_t many = world.kilobytesAtRest();
            qInfo("%zu KiB on the heap after few calls, %zu KiB after many", few, many);
            QVERIFY2(many <= few + kMostGrowthKilobytes, "what a call needs is given back when it is over");
            world.proxy->proxy->drain(10s);
            world.proxy.reset();
            QVERIFY2(world.chains.alive() == 0, "chains that no call has are gone");
        }
        QCOMPARE(openDescriptors(), descriptors);
    }

private:
    struct World
    {
        World()
        {
            for (const Api api : kApis)
                replies.push_back(
                    {.headers = {{"Content-Type", api == Api::Ollama ? "application/x-ndjson" : "text/event-stream"}},
                     .pieces = inPieces(streamOf(api, kTurn)),
                     .framing = ScriptedReply::Framing::Chunked,
                     .beforePiece = [&beat = beats[replies.size()]](std::size_t) { beat.wait(); }});
            upstream = std::make_unique<ScriptedUpstream>(
                [this](const ScriptedRequest& request) { return replies.at(std::stoul(request.header("x-api"))); });
            proxy = std::make_unique<RunningProxy>(
                upstream->baseUrl(),
                [this](proxy::ProxyConfig& config, proxy::ProxySnapshot& snapshot) {
                    config.workers = 2;
                    snapshot.gates = chains.next();
                },
                [this](int) { return notes.makeSink(); });
        }

        /// Until the last stream has ended.
        void run(int streams, std::chrono::seconds length)
        {
            const auto before = qInstallMessageHandler(countLine);
            std::atomic<bool> isOver = false;
            std::atomic<int> open = streams;
            std::vector<std::thread> clients;
            for (int i = 0; i < streams; ++i)
                clients.emplace_back([&, i] {
                    ask(i, isOver);
                    --open;
                });
            QTimer beating;
            connect(&beating, &QTimer::timeout, &beating, [this] { beats[beatCount++ % std::size(kApis)].next(); });
            QTimer swaps;
            connect(&swaps, &QTimer::timeout, &swaps, [this] { swap(); });
            QTimer::singleShot(length, &beating, [&] {
                running = Memory::now();
                swaps.stop();
                isOver = true;
            });
            beating.start(kPieceEvery / std::size(kApis));
            swaps.start(kSwapEvery);
            (void)QTest::qWaitFor([&open] { return open == 0; }, 300'000); // join() waits for one that hangs
            for (std::thread& client : clients)
                client.join();
            qInstallMessageHandler(before);
        }

        /// What is asked for of the heap when all clients have gone and the test has forgotten what it noted.
        std::size_t kilobytesAtRest()
        {
            (void)QTest::qWaitFor([this] { return proxy->proxy->stats().connections == 0; }, 10'000);
            upstream->forgetRequests();
            notes.forget();
            takeMicros.clear();
            buildMicros.clear();
            logLines = 0;
            return Memory::now().heapKilobytes;
        }

        /// One client: asks until it is over, and reads every reply to its end.
        void ask(int number, const std::atomic<bool>& isOver)
        {
            for (int i = 0; i < number % kStarts; ++i)
                beats[static_cast<std::size_t>(number) % std::size(kApis)].wait();
            RawClient client(proxy->port);
            for (int call = 0; call == 0 || !isOver; ++call) {
                const std::size_t which = static_cast<std::size_t>(number + call) % std::size(kApis);
                const Api api = kApis[which];
                const std::string model = "m-" + std::to_string(number) + '-' + std::to_string(call);
                const std::size_t oldest = notes.applied;
                client.send(proxy->request(requestOf(api, model), pathOf(api, model),
                                           "x-api: " + std::to_string(which) + "\r\n"));
                const RawClient::Reply reply = client.readReply(false, kReplyDeadline);
                std::string fault;
                notes.with(model, [&](Note& note) { fault = faultOf(api, reply, oldest, note); });
                if (!fault.empty()) {
                    notes.fault(model + " (" + std::string(conversation::apiName(api)) + "): " + fault);
                    return;
                }
            }
        }

        void swap()
        {
            QElapsedTimer timer;
            timer.start();
            auto snapshot = std::make_shared<proxy::ProxySnapshot>(*proxy->snapshot);
            snapshot->gates = chains.next();
            const qint64 built = timer.nsecsElapsed() / 1000;
            buildMicros.push_back(built);
            notes.announced = chains.count() - 1;
            proxy->snapshot = snapshot;
            proxy->proxy->apply(std::move(snapshot), [this, timer, built] {
                const std::scoped_lock lock(swapMutex);
                takeMicros.push_back(timer.nsecsElapsed() / 1000 - built);
            });
            notes.applied = chains.count() - 1;
            mostAlive = std::max(mostAlive, chains.alive());
        }

        SystemClock clock;
        Metrics metrics;
        policy::SpendingBook spending{clock};
        script::ScriptPool scripts{script::scriptHostProgram(), metrics};
        Chains chains{{.scripts = &scripts, .spending = &spending}};
        Notes notes;
        std::array<Beat, std::size(kApis)> beats; ///< one after the other, as streams do not send at once
        std::size_t beatCount = 0;
        std::vector<ScriptedReply> replies; ///< in the order of kApis
        std::unique_ptr<ScriptedUpstream> upstream;
        std::unique_ptr<RunningProxy> proxy;
        std::mutex swapMutex;
        std::vector<qint64> takeMicros;  ///< from apply() to the last worker that goes by it
        std::vector<qint64> buildMicros; ///< from definitions to a chain
        std::size_t mostAlive = 0;
        std::set<std::size_t> used; ///< chains that calls ran under
        Memory running;             ///< while all streams ran, at the end of it
    };

    static void check(World& world)
    {
        const std::vector<std::string>& faults = world.notes.faults();
        QVERIFY2(faults.empty(), faults.empty() ? "" : faults.front().c_str());
        std::size_t decisions = 0;
        world.used.clear();
        for (const auto& [model, note] : world.notes.all()) {
            QVERIFY2(note.chain && note.status == CallStatus::Completed, model.c_str());
            world.used.insert(*note.chain);
            std::set<std::string> said;
            for (const auto& [policy, version] : note.decisions) {
                QCOMPARE(version, world.chains.version(*note.chain, policy));
                said.insert(policy);
            }
            QCOMPARE(said, kDeciding);
            decisions += note.decisions.size();
        }
        const auto build = percentiles(world.buildMicros);
        const auto take = percentiles(world.takeMicros);
        qInfo(
            "%zu calls under %zu chains, %zu decisions; %zu swaps: to build a chain p50 %lld us, p99 %lld us, from "
            "there until every worker goes by it p50 %lld us, p99 %lld us; at most %zu chains alive; with all streams "
            "running %zu KiB resident, %zu of them on the heap; %llu lines of log",
            world.notes.all().size(), world.used.size(), decisions, world.buildMicros.size(), build.half, build.most,
            take.half, take.most, world.mostAlive, world.running.residentKilobytes, world.running.heapKilobytes,
            static_cast<unsigned long long>(logLines.load()));
        QCOMPARE(world.takeMicros.size(), world.buildMicros.size());
        // Half of them, for the machine that runs this has other things to do too.
        QVERIFY2(kIsSanitized || build.half + take.half <= kMostSwapMicros, "exchanging a chain takes too long");
        QVERIFY2(logLines.load() >= world.notes.all().size() * 6, "the policy that only looks saw every call");
    }
};

LUTHIEN_TEST(tst_chain_swap, TestChainSwap)
#include "tst_chain_swap.moc"
