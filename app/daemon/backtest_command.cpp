// SPDX-License-Identifier: Apache-2.0
#include "archive/backtest.h"
#include "daemon/commands.h"
#include "daemon/filter_option.h"
#include "policy/builtin/builtin.h"
#include "policy/notice.h"
#include "runtime/policy_services.h"
#include "runtime/policy_yaml.h"
#include "runtime/recorded_data.h"

#include <boost/json.hpp>

#include <charconv>
#include <cstdio>
#include <optional>
#include <unistd.h>

namespace luthien::daemon {

namespace {
Error wrongUse(std::string message)
{
    return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}

/// "7d", "12h" or "30m" before now, "2026-11-22" or "2026-11-22T12:00:00.000000Z".
std::optional<TimePoint> timeFrom(std::string_view text, TimePoint now)
{
    if (const auto exact = fromRfc3339(text))
        return exact;
    if (const auto day = fromRfc3339(std::string(text) + "T00:00:00.000000Z"))
        return day;
    unsigned count = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (failed != std::errc() || end + 1 != text.data() + text.size())
        return std::nullopt;
    switch (*end) {
    case 'd':
        return now - std::chrono::hours(24) * count;
    case 'h':
        return now - std::chrono::hours(count);
    case 'm':
        return now - std::chrono::minutes(count);
    default:
        return std::nullopt;
    }
}

Result<store::HistoryFilter> filterFrom(const CommandLine& line)
{
    const TimePoint now = SystemClock().now();
    const auto expression = filterOption(line);
    if (!expression)
        return expression.error();
    store::HistoryFilter filter{.session = line.value("session").value_or(""),
                                .client = line.value("client").value_or(""),
                                .model = line.value("model").value_or(""),
                                .since = {},
                                .expression = *expression,
                                .now = now};
    if (const auto since = line.value("since")) {
        filter.since = timeFrom(*since, now);
        if (!filter.since)
            return wrongUse(
                "--since is a day (2026-11-22), a time (2026-11-22T12:00:00.000000Z), or so long ago: 7d, 12h, "
                "30m");
    }
    return filter;
}

std::string sentence(const archive::BacktestChange& change)
{
    constexpr std::size_t kMaxReason = 200;
    return change.call.toString() + "  " + std::string(verdictName(change.was)) + " -> " +
           std::string(verdictName(change.would)) + "  " + change.policy + "  " +
           policy::oneLine(change.reason, kMaxReason) + '\n';
}

std::string sentence(const archive::BacktestSummary& summary)
{
    return std::to_string(summary.calls) + " calls in " + std::to_string(summary.seconds) +
           " s: " + std::to_string(summary.wouldBlock) + " would be blocked, " + std::to_string(summary.wouldReplace) +
           " changed, " + std::to_string(summary.wouldAsk) + " asked about; " + std::to_string(summary.changed) +
           " would end otherwise than they did\n";
}

std::string notBacktested(const policy::Definition& definition, bool isJson)
{
    const std::string reason = "a " + definition.type + " counts calls while they are made";
    if (isJson)
        return boost::json::serialize(
                   boost::json::object{{"type", "not_backtested"}, {"policy", definition.id}, {"reason", reason}}) +
               '\n';
    return definition.id + " is not backtested: " + reason + '\n';
}

/// Those that can be; says of the others that they are left out.
Result<std::vector<policy::Definition>> backtestable(const std::string& file, bool isJson)
{
    auto definitions = runtime::readPolicyFile(file);
    if (!definitions)
        return definitions;
    std::vector<policy::Definition> left;
    for (policy::Definition& definition : *definitions) {
        if (!policy::builtin::countsCalls(definition.type)) {
            left.push_back(std::move(definition));
            continue;
        }
        if (auto printed = printOut(notBacktested(definition, isJson)); !printed)
            return printed.error();
    }
    if (left.empty() && !definitions->empty())
        return Error{.code = ErrorCode::InvalidInput, .message = "no policy of it can be backtested", .context = file};
    return left;
}
} // namespace

CommandResult backtestPolicy(const CommandContext& context)
{
    const auto policyFile = context.line.value("policy");
    if (!policyFile)
        return wrongUse("which policies? luthiend backtest --policy FILE");
    auto filter = filterFrom(context.line);
    if (!filter)
        return filter.error();
    auto definitions = backtestable(*policyFile, context.line.has("json"));
    if (!definitions)
        return definitions.error();
    auto data = openRecorded(context);
    if (!data)
        return data.error();
    if (!filter->session.empty()) {
        if (const auto session = data->reader().session(filter->session); !session)
            return session.error();
    }
    const SystemClock clock;
    Metrics metrics;
    runtime::PolicyServices services(clock, metrics);
    const bool isJson = context.line.has("json");
    Result<void> printed;
    const auto print = [&](const std::string& line) { printed = printed ? printOut(line) : printed; };
    const bool showsProgress = !isJson && isatty(STDERR_FILENO) == 1;
    const auto summary = archive::backtest(
        {.database = context.paths.database(),
         .filter = *std::move(filter),
         .registry = policy::builtin::registry(),
         .definitions = *std::move(definitions),
         .services = services.services()},
        {.change = [&](const auto& change) { print(isJson ? archive::toJson(change) + '\n' : sentence(change)); },
         .progress =
             [&](std::uint64_t done, std::uint64_t calls) {
                 if (showsProgress)
                     std::fprintf(stderr, "\r%llu of %llu calls", static_cast<unsigned long long>(done),
                                  static_cast<unsigned long long>(calls));
                 return printed.hasValue();
             }});
    if (showsProgress)
        std::fprintf(stderr, "\n");
    if (!printed || !summary)
        return printed ? summary.error() : printed.error();
    print(isJson ? archive::toJson(*summary) + '\n' : sentence(*summary));
    return printed ? CommandResult(Done) : printed.error();
}

} // namespace luthien::daemon
