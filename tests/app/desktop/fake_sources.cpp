// SPDX-License-Identifier: Apache-2.0
#include "fake_sources.h"

#include <utility>

namespace luthien::test {

namespace {
constexpr std::int64_t kStart = 1'700'000'000'000'000;
constexpr std::int64_t kMinute = 60'000'000;

int run(std::vector<std::function<void()>>& pending)
{
    int answered = 0;
    while (!pending.empty()) {
        for (const auto& request : std::exchange(pending, {})) {
            request();
            ++answered;
        }
    }
    return answered;
}
} // namespace

store::SessionRow FakeSessions::session(std::int64_t number) const
{
    store::SessionRow session;
    session.id = "session-" + std::to_string(number);
    if (const auto changed = m_changed.find(session.id); changed != m_changed.end())
        return changed->second;
    session.preview = "Title " + std::to_string(number);
    session.client = "claude-code";
    session.calls = 1;
    session.status = conversation::CallStatus::Completed;
    session.cursor = {.micros = kStart + (m_count - number) * kMinute, .row = m_count - number};
    session.firstAt = session.lastAt = fromMicros(session.cursor.micros);
    return session;
}

std::shared_ptr<desktop::LoadedSessions> FakeSessions::run(std::optional<store::Cursor> from, std::uint32_t limit) const
{
    auto loaded = std::make_shared<desktop::LoadedSessions>();
    std::int64_t number = from ? m_count - (from->micros - kStart) / kMinute + 1 : 0;
    for (; number < m_count && loaded->items.size() < limit; ++number) {
        if (!m_removed.contains(number))
            loaded->items.push_back(session(number));
    }
    if (number < m_count)
        loaded->next = loaded->items.back().cursor;
    return loaded;
}

void FakeSessions::loadList(std::optional<store::Cursor> from)
{
    m_pending.emplace_back([this, from] { Q_EMIT listLoaded(run(from, 1000)); });
}

void FakeSessions::loadPage(quint64 token, std::optional<store::Cursor> from, std::uint32_t limit)
{
    m_pending.emplace_back([this, token, from, limit] {
        auto loaded = run(from, limit);
        loaded->token = token;
        Q_EMIT pageLoaded(loaded);
    });
}

void FakeSessions::loadSession(const std::string& id)
{
    m_pending.emplace_back([this, id] {
        const auto changed = m_changed.find(id);
        if (changed == m_changed.end() && m_removed.contains(std::stoll(id.substr(8))))
            return Q_EMIT sessionMissing(id);
        Q_EMIT sessionLoaded(std::make_shared<const store::SessionRow>(
            changed != m_changed.end() ? changed->second : session(std::stoll(id.substr(8)))));
    });
}

int FakeSessions::answer()
{
    return test::run(m_pending);
}

CallId FakeConversation::idOf(std::int64_t number)
{
    std::array<std::uint8_t, 16> bytes{1};
    for (std::size_t i = 0; i < 8; ++i)
        bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return CallId(bytes);
}

desktop::CallView FakeConversation::call(std::int64_t number)
{
    store::CallRow row;
    row.id = idOf(number);
    row.model = "model";
    row.status = conversation::CallStatus::Completed;
    row.cursor = {.micros = kStart + number * kMinute, .row = number + 1};
    row.startedAt = fromMicros(row.cursor.micros);
    desktop::CallView view(row);
    const std::string text = std::to_string(number);
    view.setRequest({{.blocks = {conversation::Block{.text = "call " + text}}}}, false);
    conversation::Response reply;
    reply.blocks = {conversation::Block{.text = "reply " + text}};
    view.setReply(reply);
    view.settle();
    return view;
}

void FakeConversation::loadCalls(const desktop::CallsRequest& request)
{
    m_pending.emplace_back([this, request] {
        auto loaded = std::make_shared<desktop::LoadedCalls>();
        loaded->request = request;
        const bool ascending = request.order == store::Order::Ascending;
        const std::int64_t step = ascending ? 1 : -1;
        std::int64_t number = ascending ? 0 : m_count - 1;
        if (request.from)
            number = request.from->row - 1 + step;
        const auto inside = [this](std::int64_t n) { return n >= 0 && n < m_count; };
        for (; inside(number) && loaded->calls.size() < request.limit; number += step)
            loaded->calls.push_back(call(number));
        loaded->more = inside(number);
        Q_EMIT callsLoaded(loaded);
    });
}

void FakeConversation::loadCall(quint64 token, CallId call)
{
    m_pending.emplace_back([this, token, call] {
        ++m_callReads;
        if (const auto record = m_records.find(call); record != m_records.end())
            Q_EMIT callLoaded(token, std::make_shared<desktop::CallView>(record->second()));
    });
}

void FakeConversation::loadPlaces(quint64 token, const std::string&, std::optional<store::Cursor> from)
{
    m_pending.emplace_back([this, token, from] {
        auto loaded = std::make_shared<desktop::LoadedPlaces>();
        loaded->token = token;
        std::int64_t number = from ? from->row - 2 : m_count - 1;
        for (; number >= 0 && loaded->places.size() < 1000; --number)
            loaded->places.push_back({.micros = kStart + number * kMinute, .row = number + 1});
        if (number >= 0)
            loaded->next = loaded->places.back();
        Q_EMIT placesLoaded(loaded);
    });
}

int FakeConversation::answer()
{
    return test::run(m_pending);
}

} // namespace luthien::test
