// SPDX-License-Identifier: Apache-2.0
// How fast draft policies run over what was recorded: a store of so many calls, each with a reply of its own, under the
// deterministic policies that look at tool calls. Prints JSON.
#include "archive/backtest.h"
#include "conversation/response.h"
#include "policy/builtin/builtin.h"
#include "store/store.h"

#include <QCoreApplication>
#include <QTemporaryDir>

#include <cstdio>
#include <cstdlib>
#include <thread>

using namespace luthien;
using namespace luthien::conversation;

namespace {
constexpr int kDefaultCalls = 120'000;
constexpr int kCallsOfASession = 200;

/// Some words, and one tool call; no two are alike.
std::string replyOf(int number)
{
    const std::string id = std::to_string(number);
    Response response;
    response.id = "msg_" + id;
    response.model = "claude-sonnet";
    response.blocks.push_back({.text = "I look at file number " + id + " first, then run the tests of its folder."});
    const bool isDestructive = number % 1000 == 0;
    response.blocks.push_back(
        {.kind = BlockKind::ToolUse,
         .id = "toolu_" + id,
         .name = "Bash",
         .text = isDestructive ? R"({"command":"psql shop -c 'DROP TABLE orders'","description":"n)" + id + R"("})"
                               : R"({"command":"cd /src/module)" + id +
                                     R"( && grep -rn \"needle\" --include=*.cpp . | head -20 && git status"})"});
    response.stopReason = StopReason::ToolUse;
    return toJson(response);
}

void record(store::Store& store, int calls)
{
    const auto sink = store.makeSink(0);
    for (int i = 0; i < calls; ++i) {
        CallOpened opened;
        opened.at = fromMicros(1'700'000'000'000'000 + std::int64_t{i} * 1000);
        opened.call = CallId::make(opened.at);
        opened.identity.session = "session-" + std::to_string(i / kCallsOfASession);
        opened.identity.client = "claude-code";
        opened.api = Api::AnthropicMessages;
        opened.model = "claude-sonnet";
        sink->opened(opened);
        const std::string reply = replyOf(i);
        CallEnded ended;
        ended.call = opened.call;
        ended.at = opened.at;
        ended.reply = reply;
        sink->ended(ended);
        while (!sink->hasRoom())
            std::this_thread::yield();
    }
}

void measure(const char* name, const std::filesystem::path& directory, std::vector<policy::Definition> definitions,
             const char* separator)
{
    const auto summary = archive::backtest({.database = directory,
                                            .filter = {},
                                            .registry = policy::builtin::registry(),
                                            .definitions = std::move(definitions),
                                            .services = {}},
                                           {});
    if (!summary) {
        std::fprintf(stderr, "%s\n", summary.error().toString().c_str());
        std::exit(1);
    }
    std::printf("{\"name\":\"%s\",\"calls\":%llu,\"would_block\":%llu,\"seconds\":%.2f,\"calls_per_second\":%.0f}%s\n",
                name, static_cast<unsigned long long>(summary->calls),
                static_cast<unsigned long long>(summary->wouldBlock), summary->seconds,
                static_cast<double>(summary->calls) / summary->seconds, separator);
}
} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    const int calls = argc > 1 ? std::atoi(argv[1]) : kDefaultCalls;
    const QTemporaryDir directory;
    const std::filesystem::path path = directory.path().toStdString();
    {
        auto store = store::Store::open({.directory = path, .ballastBytes = 0});
        if (!store)
            return 1;
        record(**store, calls);
        if (!(*store)->flush(std::chrono::minutes(5)))
            return 1;
    }
    const policy::Definition sql{.id = "sql", .type = "destructive-sql"};
    const policy::Definition rules{
        .id = "rules",
        .type = "tool-rules",
        .config = R"({"rules":[{"tool":"Bash","pointer":"/command","re2":"\\brm\\s+-rf\\b","do":"deny"}]})"};
    std::printf("{\"machine\":{\"cores\":%u},\"rows\":[\n", std::thread::hardware_concurrency());
    measure("tool-rules", path, {rules}, ",");
    measure("destructive-sql", path, {sql}, ",");
    measure("both", path, {sql, rules}, "");
    std::printf("],\"ratios\":{}}\n");
}
