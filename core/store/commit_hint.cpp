// SPDX-License-Identifier: Apache-2.0
#include "store/commit_hint.h"

#include <boost/json.hpp>

#include <algorithm>

namespace luthien::store {

namespace json = boost::json;

namespace {
constexpr std::int64_t kForm = 1; // of the text; who knows another one leaves it out
constexpr std::size_t kHeadBytes = 128;
constexpr std::size_t kMaxSessionBytes = 1024;
constexpr auto kLastStatus = conversation::CallStatus::Blocked;

/// The parts of a text, each as JSON values with commas between them.
struct Parts
{
    std::string calls;
    std::string sessions;

    [[nodiscard]] std::size_t size() const noexcept { return calls.size() + sessions.size(); }
};

void append(std::string& list, const std::string& value)
{
    list += (list.empty() ? "" : ",") + value;
}

/// What ids of sessions are made of. Others would be told of in more bytes than they have.
bool isPlain(std::string_view text)
{
    return text.size() <= kMaxSessionBytes &&
           std::ranges::all_of(text, [](unsigned char byte) { return byte >= 0x20 && byte < 0x7f; });
}

std::string encodeCall(const TouchedCall& call)
{
    return json::serialize(json::array{call.id.toString(), call.hasEvents ? json::value(call.lastSeq) : json::value(),
                                       static_cast<std::int64_t>(call.status), call.session});
}

std::optional<TouchedCall> decodeCall(const json::value& value)
{
    const json::array* const fields = value.if_array();
    if (fields == nullptr || fields->size() != 4)
        return std::nullopt;
    const json::string* const uid = (*fields)[0].if_string();
    const std::int64_t* const seq = (*fields)[1].if_int64();
    const std::int64_t* const status = (*fields)[2].if_int64();
    const json::string* const session = (*fields)[3].if_string();
    const auto id = uid != nullptr ? CallId::parse(*uid) : std::nullopt;
    const bool hasSeq = seq != nullptr && *seq >= 0 && *seq <= std::numeric_limits<std::uint32_t>::max();
    if (!id || status == nullptr || session == nullptr || (!hasSeq && !(*fields)[1].is_null()))
        return std::nullopt;
    if (*status < 0 || *status > static_cast<std::int64_t>(kLastStatus))
        return std::nullopt;
    return TouchedCall{*id, std::string(*session), hasSeq ? static_cast<std::uint32_t>(*seq) : 0, hasSeq,
                       static_cast<conversation::CallStatus>(*status)};
}
} // namespace

void CommitHint::add(const CommitNotice& next)
{
    notice.number = next.number;
    notice.evidenceHead = std::max(notice.evidenceHead, next.evidenceHead);
    for (const TouchedCall& call : next.calls) {
        const auto known = std::ranges::find(notice.calls, call.id, &TouchedCall::id);
        if (known != notice.calls.end())
            *known = call;
        else
            notice.calls.push_back(call);
    }
    for (const std::string& session : next.sessions) {
        if (std::ranges::find(notice.sessions, session) == notice.sessions.end())
            notice.sessions.push_back(session);
    }
}

std::vector<std::string> encodeHint(const CommitHint& hint)
{
    const json::array numbers{kForm, hint.notice.instance, hint.first, hint.notice.number, hint.notice.evidenceHead};
    std::string head = json::serialize(numbers);
    head.back() = ','; // the calls follow
    std::vector<std::string> texts;
    Parts parts;
    const auto finish = [&] {
        texts.push_back(head + '[' + parts.calls + "],[" + parts.sessions + "]]");
        parts = {};
    };
    const auto put = [&](std::string& list, const std::string& value) {
        if (kHeadBytes + parts.size() + value.size() > kMaxHintBytes)
            finish();
        append(list, value);
    };
    for (const TouchedCall& call : hint.notice.calls) {
        if (isPlain(call.session))
            put(parts.calls, encodeCall(call));
    }
    for (const std::string& session : hint.notice.sessions) {
        if (isPlain(session))
            put(parts.sessions, json::serialize(json::string(session)));
    }
    if (parts.size() > 0 || texts.empty())
        finish();
    return texts;
}

std::optional<CommitHint> decodeHint(std::string_view text)
{
    boost::system::error_code failed;
    const json::value whole = json::parse(text, failed);
    const json::array* const fields = failed ? nullptr : whole.if_array();
    if (fields == nullptr || fields->size() != 7 || !(*fields)[5].is_array() || !(*fields)[6].is_array())
        return std::nullopt;
    std::array<std::int64_t, 5> numbers{};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const std::int64_t* const number = (*fields)[i].if_int64();
        if (number == nullptr || *number < 0)
            return std::nullopt;
        numbers[i] = *number;
    }
    if (numbers[0] != kForm || numbers[1] == 0)
        return std::nullopt;
    CommitHint hint;
    hint.first = static_cast<std::uint64_t>(numbers[2]);
    hint.notice.instance = numbers[1];
    hint.notice.number = static_cast<std::uint64_t>(numbers[3]);
    hint.notice.evidenceHead = numbers[4];
    for (const json::value& value : (*fields)[5].get_array()) {
        auto call = decodeCall(value);
        if (!call)
            return std::nullopt;
        hint.notice.calls.push_back(*std::move(call));
    }
    for (const json::value& value : (*fields)[6].get_array()) {
        if (!value.is_string())
            return std::nullopt;
        hint.notice.sessions.emplace_back(value.get_string());
    }
    return hint;
}

} // namespace luthien::store
