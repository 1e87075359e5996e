// SPDX-License-Identifier: Apache-2.0
// Times (processor time of the thread) the verdict about a tool call with 4 KiB of arguments, by a chain of all
// deterministic policies: reading the arguments, tool-rules and destructive-sql, the decision included; what the engine
// itself costs for a call and for a part of text under policies that do nothing; and how long a chain takes to be made.
// Prints one JSON object. Run with the data folder.
#include "base/clock.h"
#include "policy/builtin/builtin.h"
#include "policy/chain.h"
#include "report.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

namespace json = boost::json;
using namespace luthien;

constexpr std::size_t kArgumentBytes = 4096;
constexpr int kRounds = 20;
/// Kinds with few texts are asked about more often, so that the 99th of a hundred is not the slowest.
constexpr std::size_t kLeastSamples = 1000;

/// The processor's time, so that what else runs on the machine does not count.
double threadMicroseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) * 1e6 + double(time.tv_nsec) / 1e3;
}

std::string load(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::string argument(std::string_view member, std::string_view text)
{
    json::object object;
    object[json::string_view(member.data(), member.size())] = json::string(text.data(), text.size());
    return json::serialize(object);
}

/// The text cut into calls with arguments of about 4 KiB, at line ends where there are some.
std::vector<std::string> arguments(std::string_view member, const std::string& text)
{
    std::vector<std::string> result;
    for (std::size_t at = 0; at + kArgumentBytes < text.size();) {
        const std::size_t end = text.rfind('\n', at + kArgumentBytes);
        const std::size_t next = end == std::string::npos || end <= at ? at + kArgumentBytes : end + 1;
        result.push_back(argument(member, std::string_view(text).substr(at, next - at)));
        at = next;
    }
    return result;
}

std::string repeated(std::string_view head, std::string_view piece)
{
    std::string text(head);
    while (text.size() + piece.size() <= kArgumentBytes)
        text += piece;
    return text;
}

std::shared_ptr<const policy::Chain> chainOfAll()
{
    const policy::Definition rules{
        .id = "rules",
        .type = "tool-rules",
        .mode = policy::PolicyMode::Enforce,
        .config =
            R"({"rules":[{"tool":"Read","do":"allow"},{"pointer":"/command","re2":"\\brm\\s+-rf\\b","do":"deny"},{"glob":"*/etc/shadow*","do":"deny"}]})"};
    const policy::Definition sql{.id = "sql", .type = "destructive-sql", .mode = policy::PolicyMode::Enforce};
    return *policy::Chain::build(policy::builtin::registry(), {rules, sql});
}

void measure(bench::Report& report, const char* kind, std::string_view tool, const std::vector<std::string>& calls)
{
    const SystemClock clock;
    const auto chain = chainOfAll();
    std::vector<double> microseconds;
    std::size_t blocked = 0;
    if (calls.empty())
        return;
    for (int round = 0; round < kRounds || microseconds.size() < kLeastSamples; ++round) {
        for (const std::string& call : calls) {
            const auto review = chain->open({.takeDecision = [](const conversation::Decision&) {}, .clock = clock});
            const double start = threadMicroseconds();
            blocked += review->tool({.name = tool, .arguments = call})->isBlocked ? 1 : 0;
            microseconds.push_back(threadMicroseconds() - start);
        }
    }
    std::sort(microseconds.begin(), microseconds.end());
    const auto at = [&](double part) {
        return microseconds[static_cast<std::size_t>(part * double(microseconds.size() - 1))];
    };
    report.beginRow();
    std::printf("{\"kind\":\"%s\",\"samples\":%zu,\"blocked\":%zu,\"p50_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f}",
                kind, microseconds.size(), blocked, at(0.5), at(0.99), microseconds.back());
}

/// Looks at everything and does nothing: what is left is the engine.
class Onlooker final : public policy::Policy
{
public:
    [[nodiscard]] policy::Interests interests() const noexcept override { return {.toolCalls = true, .text = true}; }
    [[nodiscard]] std::unique_ptr<policy::PolicyCall> open(const policy::PolicyContext&) const override
    {
        return std::make_unique<policy::PolicyCall>();
    }
};

std::shared_ptr<const policy::Chain> chainOfOnlookers(int count)
{
    static const policy::PolicyType type{
        .name = "onlooker",
        .make = [](const json::object&, const policy::Services&) -> Result<std::shared_ptr<const policy::Policy>> {
            return std::shared_ptr<const policy::Policy>(std::make_shared<Onlooker>());
        }};
    std::vector<policy::Definition> definitions;
    for (int i = 0; i < count; ++i)
        definitions.push_back({.id = "p" + std::to_string(i), .type = "onlooker", .mode = policy::PolicyMode::Enforce});
    return *policy::Chain::build({&type, 1}, definitions);
}

/// Microseconds for each of many.
template <typename Work>
double timed(int times, Work&& work)
{
    const double start = threadMicroseconds();
    for (int i = 0; i < times; ++i)
        work(static_cast<std::uint32_t>(i));
    return (threadMicroseconds() - start) / times;
}

void measureEngine(bench::Report& report, int policies)
{
    constexpr int kTimes = 20'000;
    const SystemClock clock;
    const auto chain = chainOfOnlookers(policies);
    const auto opened = [&] {
        return chain->open({.takeDecision = [](const conversation::Decision&) {}, .clock = clock});
    };
    const double open = timed(kTimes, [&](std::uint32_t) { (void)opened(); });
    double tool = 0;
    double text = 0;
    if (const auto review = opened()) {
        tool = timed(kTimes, [&](std::uint32_t i) {
            (void)review->tool({.block = i, .id = "t", .name = "Bash", .arguments = R"({"command":"ls -l"})"});
        });
        std::string out;
        text = timed(kTimes, [&](std::uint32_t) {
            out.clear();
            review->text(0, 0, "a few words of it ", out);
        });
    }
    report.beginRow();
    std::printf("{\"kind\":\"engine, %d policies\",\"call_us\":%.2f,\"tool_us\":%.2f,\"text_us\":%.2f}", policies, open,
                tool, text);
}

void measureBuild(bench::Report& report)
{
    std::shared_ptr<const policy::Chain> inForce;
    const double build = timed(200, [&](std::uint32_t) { inForce = chainOfAll(); });
    report.beginRow();
    std::printf("{\"kind\":\"chain of all, made and put in force\",\"us\":%.1f}", build);
}

} // namespace

int main(int argumentCount, char** values)
{
    if (argumentCount != 2) {
        std::fprintf(stderr, "usage: bench_policy tests/data/guard\n");
        return 2;
    }
    const std::string data = values[1];
    bench::Report report;
    const std::string commands = load(data + "/shell/nl2bash_benign_odd_lines.txt");
    measure(report, "Bash: shell commands", "Bash", arguments("command", commands));
    measure(report, "custom tool: the same", "custom", arguments("value", commands));
    measure(report, "database tool: SELECTs", "mcp__postgres__query",
            arguments("sql", load(data + "/sql/spider_select_half.txt")));
    measure(report, "database tool: regression SQL", "mcp__postgres__query",
            arguments("sql", load(data + "/sql/postgres_regress/with.sql")));
    measure(report, "Bash: here-document", "Bash",
            {argument("command", repeated("psql <<E\n", "INSERT INTO t VALUES (1, 'a');\n") + "E\n")});
    measure(report, "database tool: many DELETEs", "sql", {argument("sql", repeated("", "DELETE FROM t; "))});
    measure(report, "database tool: every quirk", "sql",
            {argument("sql", repeated("/*! */ # $ [ ` \\ -- x || ", "DROP TABLE t -- x\n;"))});
    for (const int policies : {0, 1, 6})
        measureEngine(report, policies);
    measureBuild(report);
    return 0;
}
