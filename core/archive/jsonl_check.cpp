// SPDX-License-Identifier: Apache-2.0
#include "archive/jsonl_check.h"

#include "store/evidence.h"

#include <boost/json.hpp>

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace luthien::archive {

namespace {
namespace json = boost::json;

std::string_view textOf(const json::object& object, const char* name)
{
    const json::value* const value = object.if_contains(name);
    if (value == nullptr || !value->is_string())
        return {};
    const json::string& text = value->get_string();
    return {text.data(), text.size()};
}

json::value hashOf(const json::object& line, const char* name)
{
    const json::value* const value = line.if_contains(name);
    return value != nullptr && value->is_string() ? json::value(toHex(Sha256::of(textOf(line, name))))
                                                  : json::value(nullptr);
}

/// A number as the shortest decimal, as the link holds it.
json::value decimalOf(const json::object& line, const char* name)
{
    const json::value* const value = line.if_contains(name);
    if (value == nullptr || !value->is_number())
        return nullptr;
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value->to_number<double>()).ptr;
    return json::value(json::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

/// What store::evidenceOf() makes of the decision's row, of its line.
std::string evidenceOf(const json::object& line)
{
    const auto copyTo = [&line](json::object& object, std::initializer_list<const char*> names) {
        for (const char* const name : names) {
            const json::value* const value = line.if_contains(name);
            object[name] = value != nullptr ? *value : json::value(nullptr);
        }
    };
    json::object object{{"kind", "decision"}};
    copyTo(object, {"id", "call_id", "at", "seq", "policy_id", "policy_version", "mode", "verdict", "answered_by"});
    object["score"] = decimalOf(line, "score");
    copyTo(object, {"reason", "agent_text", "tool", "tool_id", "response_id", "conversation_id", "inference_call_id",
                    "repeat", "matched"});
    object["original_sha256"] = hashOf(line, "original");
    object["final_sha256"] = hashOf(line, "final");
    copyTo(object, {"latency_us"});
    return json::serialize(object);
}

std::optional<Digest> digestFrom(std::string_view hex)
{
    Digest digest{};
    if (hex.size() != 2 * digest.size())
        return std::nullopt;
    for (std::size_t at = 0; at < digest.size(); ++at) {
        const char* const end = hex.data() + 2 * at + 2;
        const auto [rest, failure] = std::from_chars(end - 2, end, digest[at], 16);
        if (failure != std::errc() || rest != end)
            return std::nullopt;
    }
    return digest;
}

bool holdsLink(const json::object& line)
{
    const auto previous = digestFrom(textOf(line, "prev"));
    const auto sha256 = digestFrom(textOf(line, "sha256"));
    return previous && sha256 && store::linkDigest(*previous, evidenceOf(line)) == *sha256;
}
} // namespace

bool JsonlCheck::fails(std::string what)
{
    m_report.wrongLine = m_report.lines;
    m_report.wrong = std::move(what);
    return false;
}

bool JsonlCheck::add(std::string_view line)
{
    ++m_report.lines;
    if (m_hasEnded)
        return fails("there are lines after the last one");
    boost::system::error_code failure;
    const json::value value = json::parse(json::string_view(line.data(), line.size()), failure);
    if (failure || !value.is_object())
        return fails("is not one JSON object");
    const json::object& object = value.get_object();
    const std::string_view type = textOf(object, "type");
    if (type == "end") {
        m_hasEnded = true;
        const json::value* const lines = object.if_contains("lines");
        const bool counts = lines != nullptr && lines->is_int64() &&
                            static_cast<std::uint64_t>(lines->get_int64()) == m_report.lines - 1;
        if (!counts || textOf(object, "sha256") != toHex(m_sha256.finish()))
            return fails("the lines before it are not those that were exported");
        return true;
    }
    m_sha256.add(line);
    m_sha256.add("\n");
    if (type != "decision")
        return true;
    const json::value* const sha256 = object.if_contains("sha256");
    if (sha256 == nullptr || sha256->is_null()) {
        ++m_report.unlinked;
        return true;
    }
    ++m_report.decisions;
    return holdsLink(object) ||
           fails("the decision " + std::string(textOf(object, "id").substr(0, 36)) + " is not what its link says");
}

const JsonlReport& JsonlCheck::finish()
{
    if (m_report.wrong.empty() && !m_hasEnded)
        static_cast<void>(fails("the last line is missing: the file was cut off"));
    return m_report;
}

} // namespace luthien::archive
