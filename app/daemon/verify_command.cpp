// SPDX-License-Identifier: Apache-2.0
#include "archive/jsonl_check.h"
#include "daemon/commands.h"
#include "runtime/secrets.h"
#include "store/database.h"
#include "store/evidence_check.h"
#include "store/instance.h"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <fstream>
#include <optional>
#include <unistd.h>

namespace luthien::daemon {

namespace {
namespace json = boost::json;

constexpr std::chrono::seconds kKeychainWait(5);
constexpr std::int64_t kLinksPerSign = 10'000;
constexpr std::size_t kMaxLineBytes = 256u << 20u;

/// "1234:ab12..." as verify and the control port give it. Errors: InvalidArgument.
Result<store::EvidenceHead> headFrom(const std::string& text)
{
    store::EvidenceHead head;
    const char* const end = text.data() + text.size();
    const auto [colon, failure] = std::from_chars(text.data(), end, head.number);
    bool isRight = failure == std::errc() && head.number > 0 && colon != end && *colon == ':' &&
                   static_cast<std::size_t>(end - colon) == 1 + 2 * head.sha256.size();
    for (std::size_t at = 0; isRight && at < head.sha256.size(); ++at) {
        const char* const digits = colon + 1 + 2 * at;
        const auto read = std::from_chars(digits, digits + 2, head.sha256[at], 16);
        isRight = read.ec == std::errc() && read.ptr == digits + 2;
    }
    if (!isRight)
        return Error{.code = ErrorCode::InvalidArgument,
                     .message = "takes NUMBER:SHA256, as this command prints it",
                     .context = "--head"};
    return head;
}

std::string toText(const store::EvidenceHead& head)
{
    return std::to_string(head.number) + ':' + toHex(head.sha256);
}

/// The key that links are signed with; none, with a line that says why, if it cannot be had.
std::optional<store::EvidenceKey> keyFor(const CommandContext& context, runtime::SecretPlace place)
{
    if (place == runtime::SecretPlace::Off)
        return std::nullopt;
    auto key = runtime::findKey(place, context.environment, kKeychainWait);
    if (key)
        return *std::move(key);
    std::fprintf(stderr, "luthiend: signatures are not checked: %s\n", key.error().toString().c_str());
    return std::nullopt;
}

/// Whether all that follows the first link that the key signed is signed with it, too. What a head that was kept
/// elsewhere covers, needs no signature.
bool isSigned(const store::EvidenceReport& report, const std::optional<store::EvidenceHead>& keptHead)
{
    const auto isVerified = [](const store::SignedStretch& stretch) { return stretch.isVerified; };
    const auto isKept = [&](const store::SignedStretch& stretch) {
        return keptHead && stretch.last <= keptHead->number;
    };
    const auto first = std::ranges::find_if(report.stretches, isVerified);
    return first != report.stretches.end() && isVerified(report.stretches.back()) &&
           std::all_of(first, report.stretches.end(),
                       [&](const store::SignedStretch& stretch) { return isVerified(stretch) || isKept(stretch); });
}

std::string describe(const store::SignedStretch& stretch)
{
    const std::string links = "links " + std::to_string(stretch.first) + " to " + std::to_string(stretch.last);
    if (stretch.keyId.empty())
        return links + " are not signed\n";
    return links + " are signed with key " + stretch.keyId +
           (stretch.isVerified ? "\n" : ", which is not at hand here\n");
}

std::string describe(const store::EvidenceReport& report)
{
    std::string text;
    if (report.firstBreak)
        text = "the record does not hold: " + report.firstBreak->what + '\n';
    else if (report.head.number == 0)
        text = "the chain of evidence is empty\n";
    else
        text = "the record holds: " + std::to_string(report.head.number) + " links\nhead " + toText(report.head) + '\n';
    for (const store::SignedStretch& stretch : report.stretches)
        text += describe(stretch);
    if (report.removed > 0)
        text += "removed since, as later links say: " + std::to_string(report.removed) + '\n';
    if (report.bodiless > 0)
        text += "of which only the texts were removed: " + std::to_string(report.bodiless) + '\n';
    return text;
}

std::string toJson(const store::EvidenceReport& report)
{
    json::array stretches;
    for (const store::SignedStretch& stretch : report.stretches)
        stretches.push_back({{"first", stretch.first},
                             {"last", stretch.last},
                             {"key_id", stretch.keyId.empty() ? json::value(nullptr) : json::value(stretch.keyId)},
                             {"verified", stretch.isVerified}});
    json::object object{{"holds", !report.firstBreak.has_value()},
                        {"head", json::object{{"number", report.head.number}, {"sha256", toHex(report.head.sha256)}}},
                        {"first_break", nullptr},
                        {"removed", report.removed},
                        {"bodiless", report.bodiless},
                        {"signed", std::move(stretches)}};
    if (report.firstBreak)
        object["first_break"] = {{"link", report.firstBreak->link}, {"what", report.firstBreak->what}};
    return json::serialize(object) + '\n';
}

constexpr std::string_view kNotTheChain =
    "only this session was looked at: neither the rest of the chain nor its signatures";

std::string describeSession(const store::EvidenceReport& report)
{
    const std::string found = report.firstBreak ? "the session does not hold: " + report.firstBreak->what
                                                : "the session holds: " + std::to_string(report.links) + " links";
    return found + '\n' + std::string(kNotTheChain) + '\n';
}

std::string sessionToJson(const std::string& session, const store::EvidenceReport& report)
{
    json::object object{{"session_id", session},
                        {"holds", !report.firstBreak.has_value()},
                        {"links", report.links},
                        {"chain_verified", false},
                        {"first_break", nullptr}};
    if (report.firstBreak)
        object["first_break"] = {{"link", report.firstBreak->link}, {"what", report.firstBreak->what}};
    return json::serialize(object) + '\n';
}

/// Errors: InvalidArgument for what only the whole chain can tell.
CommandResult verifySession(const CommandContext& context, const std::string& session)
{
    for (const char* const option : {"head", "signed", "file"}) {
        if (context.line.has(option))
            return Error{.code = ErrorCode::InvalidArgument,
                         .message = "is about the whole chain, and does not go with --session",
                         .context = std::string("--") + option};
    }
    if (const auto config = loadConfigFor(context, {}); !config)
        return config.error();
    const auto database = store::openToRead(context.paths.database());
    if (!database)
        return database.error();
    const auto report = store::checkEvidenceOfSession(**database, session);
    if (!report)
        return report.error();
    auto printed = printOut(context.line.has("json") ? sessionToJson(session, *report) : describeSession(*report));
    if (!printed)
        return printed.error();
    return report->firstBreak ? NotVerified : Done;
}

/// Errors: InvalidArgument for what goes with a database only.
CommandResult verifyFile(const CommandContext& context, const std::string& name)
{
    if (context.line.has("head"))
        return Error{.code = ErrorCode::InvalidArgument, .message = "--head goes with a database, not with --file"};
    std::ifstream file(name, std::ios::binary);
    if (!file)
        return Error{.code = ErrorCode::Io, .message = "cannot be read", .context = name};
    archive::JsonlCheck check;
    std::string line;
    while (std::getline(file, line)) {
        if (line.size() > kMaxLineBytes)
            return Error{.code = ErrorCode::TooLarge, .message = "has a line of more than 256 MiB", .context = name};
        if (!check.add(line))
            break;
    }
    const archive::JsonlReport& report = check.finish();
    std::string text;
    if (context.line.has("json"))
        text =
            json::serialize(json::object{{"holds", report.wrong.empty()},
                                         {"lines", report.lines},
                                         {"decisions", report.decisions},
                                         {"unlinked", report.unlinked},
                                         {"first_break", report.wrong.empty() ? json::value(nullptr)
                                                                              : json::value{{"line", report.wrongLine},
                                                                                            {"what", report.wrong}}}}) +
            '\n';
    else if (!report.wrong.empty())
        text = "the file does not hold: line " + std::to_string(report.wrongLine) + ": " + report.wrong + '\n';
    else
        text = "the file holds: " + std::to_string(report.lines) + " lines, " + std::to_string(report.decisions) +
               " decisions with their links\n";
    auto printed = printOut(text);
    return printed ? CommandResult(report.wrong.empty() ? Done : NotVerified) : printed.error();
}
} // namespace

CommandResult verify(const CommandContext& context)
{
    if (const auto session = context.line.value("session"))
        return verifySession(context, *session);
    if (const auto file = context.line.value("file"))
        return verifyFile(context, *file);
    const auto config = loadConfigFor(context, {});
    if (!config)
        return config.error();
    store::EvidenceCheck check;
    if (const auto text = context.line.value("head")) {
        const auto head = headFrom(*text);
        if (!head)
            return head.error();
        check.keptHead = *head;
    }
    const auto database = store::openToRead(context.paths.database());
    if (!database)
        return database.error();
    const auto key = keyFor(context, config->secrets);
    check.key = key ? &*key : nullptr;
    std::int64_t told = 0;
    const bool isWatched = ::isatty(STDERR_FILENO) == 1;
    check.progress = [&told, isWatched](std::int64_t link) {
        if (isWatched && link >= told + kLinksPerSign) {
            told = link;
            std::fprintf(stderr, "\rluthiend: link %lld", static_cast<long long>(link));
        }
        return true;
    };
    const auto report = store::checkEvidence(**database, check);
    if (told > 0)
        std::fputc('\n', stderr);
    if (!report)
        return report.error();
    const bool isUnsigned = context.line.has("signed") && !isSigned(*report, check.keptHead);
    auto printed = printOut(context.line.has("json") ? toJson(*report) : describe(*report));
    if (!printed)
        return printed.error();
    if (isUnsigned)
        std::fputs("luthiend: not all links since the first signature are signed with the key at hand, as --signed "
                   "demands\n",
                   stderr);
    return report->firstBreak || isUnsigned ? NotVerified : Done;
}

} // namespace luthien::daemon
