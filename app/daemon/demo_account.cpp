// SPDX-License-Identifier: Apache-2.0
#include "daemon/demo_account.h"

#include "archive/json_shapes.h"

#include <boost/json.hpp>

#include <algorithm>

namespace luthien::daemon {

namespace {
namespace json = boost::json;
using demo::DbDropStep;
using demo::TableState;

constexpr std::size_t kShownDigits = 12; ///< of a checksum

const store::DecisionRow* blockIn(const std::vector<store::DecisionRow>& decisions)
{
    const auto found = std::ranges::find_if(decisions, [](const store::DecisionRow& row) {
        return row.decision.verdict == conversation::Verdict::Block &&
               row.decision.mode == conversation::PolicyMode::Enforce;
    });
    return found == decisions.end() ? nullptr : &*found;
}

std::string oneLine(std::string text)
{
    while (text.ends_with('\n'))
        text.pop_back();
    std::ranges::replace(text, '\n', ' ');
    return text;
}

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(text.size(), width), ' ');
    return text;
}

const char* speaker(DbDropStep step)
{
    switch (step) {
    case DbDropStep::ShopMade:
        return "shop.db";
    case DbDropStep::PersonSaid:
        return "person";
    case DbDropStep::ModelSaid:
    case DbDropStep::ModelAsked:
        return "model";
    case DbDropStep::ToolRan:
        return "tool";
    case DbDropStep::ToolStopped:
        return "luthien";
    }
    return "";
}

std::string stateText(const TableState& table)
{
    if (!table.exists)
        return "gone";
    return padded(std::to_string(table.rows) + " rows", 9) + "  " + table.sha256.substr(0, kShownDigits);
}

json::value stateJson(const TableState& table)
{
    if (!table.exists)
        return nullptr;
    return {{"rows", table.rows}, {"sha256", table.sha256}};
}

std::string conclusion(const DemoResult& result)
{
    if (result.isAsExpected())
        return result.isProtected ? "The call was stopped, the agent was told, and every row is what it was.\n"
                                  : "Nothing stood in the way: the table is gone. Run it without --unprotected.\n";
    return result.isProtected ? "NOT AS EXPECTED: the table should have been protected.\n"
                              : "NOT AS EXPECTED: without the policy the table should be gone.\n";
}

json::array attemptsJson(const demo::DbDropOutcome& outcome)
{
    json::array attempts;
    for (const demo::ToolAttempt& attempt : outcome.attempts) {
        json::object each{{"command", attempt.command}, {"ran", !attempt.wasStopped()}};
        each["output"] = attempt.output ? json::value(attempt.output->text) : json::value(nullptr);
        each["notice"] = attempt.wasStopped() ? json::value(attempt.notice) : json::value(nullptr);
        attempts.push_back(std::move(each));
    }
    return attempts;
}
} // namespace

bool DemoResult::isAsExpected() const
{
    const demo::ToolAttempt* drop = outcome.dropAttempt();
    if (drop == nullptr)
        return false;
    if (!isProtected)
        return outcome.isTableGone() && !drop->wasStopped();
    return blockIn(decisions) != nullptr && drop->wasStopped() && !drop->notice.empty() && outcome.isUntouched();
}

std::string progressLine(const demo::DbDropProgress& progress)
{
    std::string text = oneLine(progress.text);
    if (progress.step == DbDropStep::ModelAsked)
        text.insert(0, "$ ");
    if (progress.step == DbDropStep::ToolStopped)
        text.insert(0, "stopped it; the agent reads: ");
    if (progress.step == DbDropStep::ToolRan && text.empty())
        text = "(done)";
    return padded(speaker(progress.step), 9) + text + '\n';
}

std::string accountText(const DemoResult& result)
{
    std::string text = '\n' + padded("TABLE", 11) + padded("BEFORE", 25) + "AFTER\n";
    for (const TableState& before : result.outcome.before.tables) {
        const TableState* after = result.outcome.after.find(before.name);
        text +=
            padded(before.name, 11) + padded(stateText(before), 25) + stateText(after ? *after : TableState()) + '\n';
    }
    const store::DecisionRow* block = blockIn(result.decisions);
    text += '\n' + padded("decision", 11) +
            (block == nullptr ? "none was recorded"
                              : "block by " + block->decision.policyId + ": " + oneLine(block->decision.reason)) +
            '\n' + padded("session", 11) + result.outcome.session + '\n';
    text += padded("recorded", 11) +
            (result.dataDirectory.empty() ? "nowhere; --data-dir DIR keeps it" : result.dataDirectory) + '\n';
    return text + '\n' + conclusion(result);
}

std::string accountJson(const DemoResult& result)
{
    json::array tables;
    for (const TableState& before : result.outcome.before.tables) {
        const TableState* after = result.outcome.after.find(before.name);
        tables.push_back({{"name", before.name},
                          {"before", stateJson(before)},
                          {"after", stateJson(after ? *after : TableState())}});
    }
    json::array decisions;
    for (const store::DecisionRow& row : result.decisions)
        decisions.push_back(json::parse(archive::decisionJson(row)));
    json::object line{{"protected", result.isProtected},      {"api", result.api},
                      {"session", result.outcome.session},    {"attempts", attemptsJson(result.outcome)},
                      {"question", result.outcome.question},  {"answer", result.outcome.answer},
                      {"tables", std::move(tables)},          {"decisions", std::move(decisions)},
                      {"as_expected", result.isAsExpected()}, {"data_dir", nullptr}};
    if (!result.dataDirectory.empty())
        line["data_dir"] = result.dataDirectory;
    return json::serialize(line) + '\n';
}

} // namespace luthien::daemon
