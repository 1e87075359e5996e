// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/script_verdict.h"

#include "base/strict_json.h"
#include "policy/object_reader.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace luthien::policy::builtin {

namespace {

namespace json = boost::json;
using conversation::Match;
using conversation::Verdict;

/// Arguments are at most 128 levels deep, and stand in the verdict.
constexpr std::size_t kMaxDepth = 132;
constexpr std::size_t kMaxReasonBytes = 2000;
constexpr std::int64_t kMaxPosition = 8L * 1024 * 1024;
constexpr std::array<std::string_view, 3> kVerdicts{"continue", "replace", "block"};

/// Where a position of JavaScript, in UTF-16 units, lies in UTF-8; nothing if the text is shorter.
std::optional<std::uint32_t> byteAt(std::string_view text, std::int64_t units)
{
    std::size_t byte = 0;
    for (std::int64_t unit = 0; unit < units;) {
        if (byte >= text.size())
            return std::nullopt;
        const auto lead = static_cast<unsigned char>(text[byte]);
        unit += lead >= 0xF0U ? 2 : 1;
        byte += lead >= 0xF0U ? 4 : lead >= 0xE0U ? 3 : lead >= 0xC0U ? 2 : 1;
    }
    return static_cast<std::uint32_t>(std::min(byte, text.size()));
}

/// Where a match is said to be.
using TextAt = std::function<std::optional<std::string_view>(const std::string& pointer)>;

Result<Match> readMatch(const json::object& object, std::string place, const TextAt& textAt)
{
    ObjectReader reader(object, std::move(place));
    const std::string pointer = reader.text("pointer").value_or(std::string());
    const std::int64_t start = reader.whole("start", 0, kMaxPosition).value_or(0);
    const std::optional<std::int64_t> end = reader.whole("end", start, kMaxPosition);
    if (const Result<void> finished = reader.finish(); !finished)
        return finished.error();
    const std::optional<std::string_view> text = textAt(pointer);
    if (!text)
        return Error{ErrorCode::InvalidInput, "There is no text at this place.", reader.placeOf("pointer")};
    const std::optional<std::uint32_t> first = byteAt(*text, start);
    const std::optional<std::uint32_t> last =
        end ? byteAt(*text, *end) : std::optional(static_cast<std::uint32_t>(text->size()));
    if (!first || !last)
        return Error{ErrorCode::InvalidInput, "The text at this place is shorter.", reader.placeOf("end")};
    return Match{pointer, *first, *last};
}

/// A verdict as far as all functions have it in common.
class VerdictReader
{
public:
    VerdictReader(const json::object& object, std::span<const std::string_view> verdicts)
        : m_reader(object)
    {
        const std::optional<std::size_t> which = m_reader.choice("verdict", verdicts);
        if (!which)
            m_reader.reject("verdict", "This is missing.");
        m_verdict.verdict = verdictFrom(verdicts[which.value_or(0)]);
        m_verdict.reason = m_reader.text("reason", kMaxReasonBytes).value_or(std::string());
        m_verdict.score = m_reader.number("score", -1e9, 1e9);
        if (m_verdict.isBlocked()) {
            m_verdict.agentText = m_reader.text("agentText").value_or(std::string());
            if (m_verdict.reason.empty())
                m_reader.reject("reason", "A block needs a reason.");
        }
        // Whoever says something about what passes wants it kept.
        m_verdict.isRecorded = m_verdict.verdict == Verdict::Continue && (!m_verdict.reason.empty() || m_verdict.score);
    }

    [[nodiscard]] ObjectReader& reader() noexcept { return m_reader; }
    [[nodiscard]] PolicyVerdict& verdict() noexcept { return m_verdict; }
    [[nodiscard]] bool replaces() const noexcept { return m_verdict.verdict == Verdict::Replace; }

    void readMatches(const TextAt& textAt)
    {
        for (const json::object* object : m_reader.objects("matched")) {
            Result<Match> match =
                readMatch(*object, "matched[" + std::to_string(m_verdict.matched.size()) + "]", textAt);
            if (!match) {
                m_matchError = match.error();
                return;
            }
            m_verdict.matched.push_back(*std::move(match));
        }
    }

    [[nodiscard]] Result<PolicyVerdict> finish()
    {
        if (const Result<void> finished = m_reader.finish(); !finished)
            return finished.error();
        if (m_matchError)
            return *m_matchError;
        return std::move(m_verdict);
    }

private:
    static Verdict verdictFrom(std::string_view name)
    {
        return conversation::verdictFromName(name).value_or(Verdict::Block);
    }

    ObjectReader m_reader;
    PolicyVerdict m_verdict;
    std::optional<Error> m_matchError;
};

Result<json::value> readObject(std::string_view text)
{
    Result<json::value> value = parseStrictJson(text, kMaxDepth);
    if (value && !value->is_object())
        return Error{ErrorCode::InvalidInput, "This must be an object with a verdict.", {}};
    return value;
}

/// So that the operator knows what was read.
template <typename T>
Result<T> noVerdict(const Error& error)
{
    return Error{ErrorCode::InvalidInput, "What the script returned is no verdict: " + error.toString(), {}};
}

void readArguments(VerdictReader& verdict, const json::object& object, const JudgedCall& judged)
{
    const json::value* arguments = object.if_contains("arguments");
    if (!judged.arguments) {
        verdict.verdict().arguments = verdict.reader().text("arguments", kMaxPosition).value_or(std::string());
        if (!arguments)
            verdict.reader().reject("arguments", "This is missing.");
        return;
    }
    if (!verdict.reader().object("arguments"))
        verdict.reader().reject("arguments", "This is missing.");
    else
        verdict.verdict().arguments = json::serialize(*arguments);
}

std::vector<conversation::PartChange> readParts(ObjectReader& reader, std::size_t parts)
{
    std::vector<conversation::PartChange> changes;
    for (const json::object* object : reader.objects("parts")) {
        const std::string place = "parts[" + std::to_string(changes.size()) + "]";
        ObjectReader part(*object, place);
        const auto index = part.whole("part", 0, static_cast<std::int64_t>(parts) - 1);
        const auto text = part.text("text", kMaxPosition);
        const Result<void> read = part.finish();
        if (!read || !index || !text) {
            reader.reject(place, read ? "This must have a part and a text." : read.error().message);
            return {};
        }
        changes.push_back({static_cast<std::size_t>(*index), *text});
    }
    std::ranges::sort(changes, {}, &conversation::PartChange::part);
    if (std::ranges::adjacent_find(changes, {}, &conversation::PartChange::part) != changes.end())
        reader.reject("parts", "A part is there twice.");
    return changes;
}

std::optional<std::string_view> stringAt(const json::value& value, const std::string& pointer)
{
    boost::system::error_code error;
    const json::value* found = value.find_pointer(pointer, error);
    if (!found || error || !found->is_string())
        return std::nullopt;
    return std::string_view(found->get_string().data(), found->get_string().size());
}

} // namespace

Result<PolicyVerdict> toolVerdictOf(std::string_view json, const JudgedCall& judged)
{
    const Result<boost::json::value> value = readObject(json);
    if (!value)
        return noVerdict<PolicyVerdict>(value.error());
    VerdictReader verdict(value->get_object(), kVerdicts);
    verdict.readMatches([&](const std::string& pointer) {
        if (judged.arguments)
            return stringAt(*judged.arguments, pointer);
        return pointer.empty() ? std::optional(judged.call.arguments) : std::nullopt;
    });
    if (verdict.replaces())
        readArguments(verdict, value->get_object(), judged);
    Result<PolicyVerdict> read = verdict.finish();
    return read ? std::move(read) : noVerdict<PolicyVerdict>(read.error());
}

Result<PolicyVerdict> requestVerdictOf(std::string_view json, std::size_t parts)
{
    const Result<boost::json::value> value = readObject(json);
    if (!value)
        return noVerdict<PolicyVerdict>(value.error());
    VerdictReader verdict(value->get_object(), kVerdicts);
    if (verdict.replaces()) {
        verdict.verdict().changes = readParts(verdict.reader(), parts);
        if (verdict.verdict().changes.empty())
            verdict.reader().reject("parts", "This must be a list of parts with their new texts.");
    }
    Result<PolicyVerdict> read = verdict.finish();
    return read ? std::move(read) : noVerdict<PolicyVerdict>(read.error());
}

Result<TextVerdict> textVerdictOf(std::string_view json, std::string_view judged)
{
    const Result<boost::json::value> value = readObject(json);
    if (!value)
        return noVerdict<TextVerdict>(value.error());
    VerdictReader verdict(value->get_object(), kVerdicts);
    verdict.readMatches(
        [&](const std::string& pointer) { return pointer.empty() ? std::optional(judged) : std::nullopt; });
    TextVerdict result;
    if (verdict.replaces()) {
        result.text = verdict.reader().text("text", kMaxPosition);
        if (!result.text)
            verdict.reader().reject("text", "This is missing.");
        // The change shows in the text itself.
        verdict.verdict().verdict = Verdict::Continue;
    }
    Result<PolicyVerdict> read = verdict.finish();
    if (!read)
        return noVerdict<TextVerdict>(read.error());
    result.verdict = *std::move(read);
    return result;
}

Result<PolicyVerdict> endVerdictOf(std::string_view json)
{
    static constexpr std::array<std::string_view, 2> kEndVerdicts{"continue", "block"};
    const Result<boost::json::value> value = readObject(json);
    if (!value)
        return noVerdict<PolicyVerdict>(value.error());
    VerdictReader verdict(value->get_object(), kEndVerdicts);
    Result<PolicyVerdict> read = verdict.finish();
    return read ? std::move(read) : noVerdict<PolicyVerdict>(read.error());
}

} // namespace luthien::policy::builtin
