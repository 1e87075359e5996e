// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "daemon/commands.h"
#include "policy/notice.h"
#include "runtime/instance_client.h"

#include <QList>
#include <QString>

#include <boost/json.hpp>

#include <algorithm>

namespace luthien::daemon {

namespace {
namespace json = boost::json;

constexpr std::size_t kMaxWord = 200;
constexpr std::string_view kApprovals = "/api/v1/approvals";
constexpr std::string_view kRules = "/api/v1/approval-rules";

Error wrongUse(std::string message)
{
    return {.code = ErrorCode::InvalidArgument, .message = std::move(message)};
}

/// Approvals are in the hands of the instance that runs.
Result<json::value> ask(const CommandContext& context, std::string_view method, const std::string& target,
                        const json::object& body = {})
{
    const auto answer = runtime::askInstance(context.paths, method, target, body.empty() ? "" : json::serialize(body));
    if (!answer)
        return answer.error();
    return answer->status == 200 ? parseStrictJson(answer->body) : runtime::errorOf(*answer);
}

/// A member that is a text, as a part of a line; empty if it is none.
std::string word(const json::value& object, std::string_view member)
{
    const json::value* const value = object.as_object().if_contains(member);
    return value != nullptr && value->is_string() ? policy::oneLine(value->get_string(), kMaxWord) : std::string();
}

/// JSON for a terminal. What would hide, reorder or break lines stands there as an escape, so that whoever allows it
/// has seen it, and means the same.
std::string visible(const json::value& value)
{
    QString shown;
    for (const char32_t letter : QString::fromStdString(json::serialize(value)).toUcs4()) {
        const auto category = QChar::category(letter);
        const bool isHidden = category == QChar::Other_Control || category == QChar::Other_Format ||
                              category == QChar::Other_Surrogate || category == QChar::Separator_Line ||
                              category == QChar::Separator_Paragraph || category == QChar::Other_PrivateUse;
        for (const QChar unit : QString::fromUcs4(&letter, 1))
            shown += isHidden ? QStringLiteral("\\u%1").arg(unit.unicode(), 4, 16, QLatin1Char('0')) : QString(unit);
    }
    return shown.toStdString();
}

std::string field(std::string_view name, const std::string& value)
{
    return value.empty() ? std::string() : "  " + std::string(name) + ": " + value + '\n';
}

std::string approvalText(const json::value& approval)
{
    return word(approval, "id") + "  " + word(approval, "tool") + ", until " + word(approval, "deadline") + '\n' +
           field("asked by", word(approval, "policy_name") + ": " + word(approval, "reason")) +
           field("session", word(approval, "session_id")) + field("agent", word(approval, "agent_id")) +
           field("client", word(approval, "client")) + field("said last", word(approval, "last_user_text")) +
           field("arguments", visible(approval.at("arguments")));
}

/// What a rule is about.
std::string reachOf(const json::value& rule)
{
    const std::string scope = word(rule, "scope");
    if (scope == "pattern")
        return word(rule, "tool") + " where " + visible(rule.at("pattern"));
    if (scope == "call")
        return word(rule, "tool") + " with " + visible(rule.at("arguments"));
    return scope == "tool" ? word(rule, "tool") : scope + ' ' + word(rule, scope + "_id");
}

std::string ruleText(const json::value& rule)
{
    const std::string until = word(rule, "until");
    const bool endsWithProgram = rule.at("ends_with_program") == json::value(true);
    return word(rule, "id") + "  " + word(rule, "answer") + ' ' + reachOf(rule) + ", asked by " +
           word(rule, "policy_id") + ", " +
           (!until.empty()    ? "until " + until
            : endsWithProgram ? "until the program ends"
                              : "always") +
           '\n';
}

std::string matchText(const json::value& match)
{
    const std::string verdict = word(match, "verdict");
    const std::string done = verdict == "block" ? "blocked" : verdict == "replace" ? "changed" : "went on";
    const std::string policy = word(match, "policy_id");
    return "  " + word(match, "at") + "  " + word(match, "session_id") + "  " + word(match, "tool") + ' ' +
           visible(match.at("arguments")) + (match.at("cut") == json::value(true) ? "…" : "") + "  " + done +
           (policy.empty() ? "" : " (" + policy + ", " + word(match, "answered_by") + ")") + '\n';
}

std::string previewText(const json::value& preview)
{
    const auto number = [&preview](std::string_view member) { return json::serialize(preview.at(member)); };
    std::string text = reachOf(preview.at("rule")) + "\nwould have matched " + number("matched") + " of " +
                       number("tool_calls") + " tool calls since " + word(preview, "since") + ", in " +
                       number("sessions") + " sessions" +
                       (preview.at("whole") == json::value(true) ? "" : "; older ones were not looked at") + '\n';
    for (const json::value& match : preview.at("newest").as_array())
        text += matchText(match);
    return text;
}

CommandResult print(const CommandContext& context, const Result<json::value>& answer,
                    std::string (*textOf)(const json::value&))
{
    if (!answer)
        return answer.error();
    const auto printed = printOut(context.line.has("json") ? json::serialize(*answer) + '\n' : textOf(*answer));
    return printed ? CommandResult(Done) : printed.error();
}

CommandResult printList(const CommandContext& context, std::string_view target,
                        std::string (*textOf)(const json::value&))
{
    const auto list = ask(context, "GET", std::string(target));
    if (!list)
        return list.error();
    std::string text;
    for (const json::value& item : list->at("items").as_array())
        text += context.line.has("json") ? json::serialize(item) + '\n' : textOf(item);
    const auto printed = printOut(text);
    return printed ? CommandResult(Done) : printed.error();
}

/// What the options say about the reach of an answer.
json::object reachFrom(const CommandLine& line)
{
    json::object body;
    json::object pattern;
    if (const auto scope = line.value("scope"))
        body["scope"] = *scope;
    for (const char* member : {"pointer", "glob", "re2"}) {
        if (const auto value = line.value(member))
            pattern[member] = *value;
    }
    if (!pattern.empty())
        body["pattern"] = std::move(pattern);
    return body;
}

CommandResult answer(const CommandContext& context, const std::string& id, const std::string& verb)
{
    json::object body = reachFrom(context.line);
    body["answer"] = verb;
    for (const char* member : {"for", "message", "arguments"}) {
        if (const auto value = context.line.value(member))
            body[member] = *value;
    }
    return print(context, ask(context, "POST", std::string(kApprovals) + '/' + id, body), [](const json::value& done) {
        return word(done, "tool") + ": " + word(done.at("outcome"), "answer") + '\n';
    });
}

CommandResult preview(const CommandContext& context, const std::string& id)
{
    const json::object body = reachFrom(context.line);
    if (!body.contains("scope"))
        return wrongUse("how far? --scope call|tool|pattern|session|agent");
    return print(context, ask(context, "POST", std::string(kApprovals) + '/' + id + "/preview", body), previewText);
}
} // namespace

CommandResult manageApprovals(const CommandContext& context)
{
    const std::vector<std::string>& words = context.line.words;
    const std::string action = words.empty() ? std::string() : words[0];
    if (action == "list" && words.size() == 1)
        return printList(context, kApprovals, approvalText);
    if (action == "rules" && words.size() == 1)
        return printList(context, kRules, ruleText);
    if (action == "preview" && words.size() == 2)
        return preview(context, words[1]);
    if (action == "answer" && words.size() == 3)
        return answer(context, words[1], words[2]);
    if (action == "preview-rule" && words.size() == 2)
        return print(context, ask(context, "GET", std::string(kRules) + '/' + words[1] + "/preview"), previewText);
    if (action == "revoke" && words.size() == 2)
        return print(context, ask(context, "DELETE", std::string(kRules) + '/' + words[1]),
                     [](const json::value&) { return std::string("revoked\n"); });
    return wrongUse("approvals takes list, preview ID --scope SCOPE, answer ID allow|deny|edit, rules, "
                    "preview-rule ID or revoke ID");
}

} // namespace luthien::daemon
