// SPDX-License-Identifier: Apache-2.0
// Times calls of a script, from asking to the answer, through a script host and back: p50 and p99 of one caller, and
// how many a second four callers get answered. Prints one JSON line a kind. The host program lies beside this one.
#include "base/metrics.h"
#include "policy/script_runner.h"
#include "report.h"
#include "script/script_pool.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace luthien;
using Time = std::chrono::steady_clock;
using Microseconds = std::chrono::duration<double, std::micro>;

constexpr const char* kScript = R"js(
function onToolCall(call) {
    const command = call.arguments.command;
    if (typeof command === 'string' && luthien.test('\\brm\\s+-rf\\b', command))
        return luthien.block('No recursive removal.');
    return luthien.allow();
})js";

constexpr int kCalls = 5000;
constexpr int kCallers = 4;

std::string argument(std::size_t bytes)
{
    return R"({"name":"Bash","id":"t1","arguments":{"command":")" + std::string(bytes, 'x') +
           R"("},"context":{"api":"anthropic-messages","model":"m","session":"s","agent":"","client":"claude-code"}})";
}

/// False if the script did not answer as it should.
bool ask(script::ScriptPool& pool, const std::shared_ptr<const std::string>& source, const std::string& argument)
{
    std::promise<bool> done;
    pool.run({.source = source, .argument = argument, .timeout = policy::kMaxScriptTimeout, .policyId = "bench"},
             [&done](const Result<std::string>& answer) { done.set_value(answer.hasValue()); });
    return done.get_future().get();
}

bool measure(bench::Report& report, script::ScriptPool& pool, const char* kind, std::size_t bytes)
{
    const auto source = std::make_shared<const std::string>(kScript);
    const std::string text = argument(bytes);
    std::vector<double> microseconds;
    for (int i = 0; i < kCalls; ++i) {
        const auto start = Time::now();
        if (!ask(pool, source, text))
            return false;
        microseconds.push_back(Microseconds(Time::now() - start).count());
    }
    std::sort(microseconds.begin(), microseconds.end());
    const auto start = Time::now();
    std::vector<std::thread> callers;
    for (int caller = 0; caller < kCallers; ++caller)
        callers.emplace_back([&] {
            for (int i = 0; i < kCalls / kCallers; ++i)
                (void)ask(pool, source, text);
        });
    for (std::thread& caller : callers)
        caller.join();
    const double seconds = std::chrono::duration<double>(Time::now() - start).count();
    report.beginRow();
    std::printf(
        "{\"kind\":\"%s\",\"samples\":%d,\"p50_us\":%.1f,\"p99_us\":%.1f,\"callers\":%d,\"calls_per_second\":%.0f}",
        kind, kCalls, microseconds[kCalls / 2], microseconds[kCalls * 99 / 100], kCallers, kCalls / seconds);
    return true;
}

} // namespace

int main()
{
    Metrics metrics;
    script::ScriptPool pool(script::scriptHostProgram(), metrics);
    if (const auto outline = pool.check(kScript); !outline) {
        std::fprintf(stderr, "bench_script: %s\n", outline.error().toString().c_str());
        return 1;
    }
    bench::Report report;
    return measure(report, pool, "a short command", 40) && measure(report, pool, "4 KiB of arguments", 4096) ? 0 : 1;
}
