// SPDX-License-Identifier: Apache-2.0
#include "desktop/running_trials.h"

#include "archive/policy_check.h"
#include "archive/rehearsal.h"
#include "conversation/response.h"
#include "policy/builtin/builtin.h"

#include <boost/json.hpp>

#include <algorithm>

namespace luthien::desktop {

namespace {
namespace json = boost::json;

constexpr std::uint32_t kPage = 100;

/// What a policy would be asked about in a reply; empty = nothing.
std::string lineOf(const conversation::Block& block)
{
    if (block.kind == conversation::BlockKind::Text && !block.text.empty())
        return json::serialize(json::object{{"text", block.text}});
    if (block.kind != conversation::BlockKind::ToolUse)
        return {};
    boost::system::error_code failed;
    json::value arguments = json::parse(block.text, failed);
    return json::serialize(
        json::object{{"tool", block.name}, {"arguments", failed ? json::value(block.text) : std::move(arguments)}});
}
} // namespace

RunningTrials::RunningTrials(store::DatabaseLocation database, OpenReader openReader)
    : m_services(m_clock, m_metrics)
    , m_database(std::move(database))
    , m_openReader(std::move(openReader))
{
}

PolicyTrials RunningTrials::trials()
{
    return {
        .backtest = [this](const auto& wish, const auto& sinks) { return backtest(wish, sinks); },
        .check = [this](const auto& draft, const auto& lines, const auto& stop) { return check(draft, lines, stop); },
        .recordedLines = [this](const auto& session, std::size_t count) { return recordedLines(session, count); }};
}

policy::Services RunningTrials::services() noexcept
{
    policy::Services services = m_services.services();
    services.figures = nullptr;
    return services;
}

Result<archive::BacktestSummary> RunningTrials::backtest(const BacktestWish& wish, const archive::BacktestSinks& sinks)
{
    if (policy::builtin::countsCalls(wish.definition.type))
        return Error{.code = ErrorCode::InvalidInput,
                     .message = "A " + wish.definition.type +
                                " counts calls while they are made: it cannot be told from the record what it would "
                                "have said."};
    policy::Definition draft = wish.definition;
    if (draft.mode == policy::PolicyMode::Off)
        draft.mode = policy::PolicyMode::Enforce; // what is off is left out
    return archive::backtest({.database = m_database,
                              .filter = {.expression = wish.filter, .now = wish.now},
                              .registry = policy::builtin::registry(),
                              .definitions = {std::move(draft)},
                              .services = services(),
                              // The window, and the proxy, go on meanwhile.
                              .threads = 1},
                             sinks);
}

Result<std::vector<std::string>> RunningTrials::check(const policy::Definition& draft,
                                                      const std::vector<std::string>& lines,
                                                      const std::stop_token& stop)
{
    auto rehearsal =
        archive::Rehearsal::make(policy::builtin::registry(), {draft}, services(), archive::Models::Silent);
    if (!rehearsal)
        return rehearsal.error();
    std::vector<std::string> said;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (stop.stop_requested())
            return Error{.code = ErrorCode::Timeout, .message = "It was stopped."};
        said.push_back(archive::checkLine(**rehearsal, i + 1, lines[i]).json);
    }
    return said;
}

Result<std::vector<std::string>> RunningTrials::recordedLines(const std::string& session, std::size_t count) const
{
    const auto reader = m_openReader();
    if (!reader)
        return reader.error();
    const auto calls = (*reader)->callsOfSession(session, store::Order::Descending, {}, kPage);
    if (!calls)
        return calls.error();
    std::vector<std::string> newestFirst;
    for (const store::CallRow& call : calls->items) {
        const auto text = (*reader)->reply(call.id);
        const auto reply = text && !text->empty() ? conversation::responseFromJson(*text)
                                                  : Result<conversation::Response>(conversation::Response());
        if (!reply)
            continue; // what cannot be read cannot be tried
        for (auto block = reply->blocks.rbegin(); block != reply->blocks.rend() && newestFirst.size() < count; ++block)
            if (std::string line = lineOf(*block); !line.empty())
                newestFirst.push_back(std::move(line));
        if (newestFirst.size() == count)
            break;
    }
    std::ranges::reverse(newestFirst);
    return newestFirst;
}

} // namespace luthien::desktop
