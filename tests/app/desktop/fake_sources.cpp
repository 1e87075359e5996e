// SPDX-License-Identifier: Apache-2.0
#include "fake_sources.h"

#include "filter/word_query.h"

#include <algorithm>
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

store::SessionRow FakeSessions::original(std::int64_t number) const
{
    store::SessionRow session;
    session.id = "session-" + std::to_string(number);
    session.preview = "Title " + std::to_string(number);
    session.client = "claude-code";
    session.calls = 1;
    session.status = conversation::CallStatus::Completed;
    session.cursor = {.micros = kStart + (m_count - number) * kMinute, .row = m_count - number};
    session.firstAt = session.lastAt = fromMicros(session.cursor.micros);
    return session;
}

store::SessionRow FakeSessions::session(std::int64_t number) const
{
    const auto changed = m_changed.find("session-" + std::to_string(number));
    return changed != m_changed.end() ? changed->second : original(number);
}

std::optional<store::SessionRow> FakeSessions::find(const std::string& id) const
{
    if (m_removed.contains(id))
        return std::nullopt;
    if (const auto changed = m_changed.find(id); changed != m_changed.end())
        return changed->second;
    return id.starts_with("session-") ? std::optional(original(std::stoll(id.substr(8)))) : std::nullopt;
}

void FakeSessions::remove(const std::string& id)
{
    m_changed.erase(id);
    m_removed.insert(id);
}

std::shared_ptr<desktop::LoadedSessions> FakeSessions::run(std::optional<store::Cursor> from, std::size_t limit,
                                                           const std::function<bool(const store::SessionRow&)>& wanted)
{
    auto loaded = std::make_shared<desktop::LoadedSessions>();
    loaded->error = std::exchange(m_error, {});
    if (!loaded->error.isEmpty())
        return loaded;
    const auto isAfter = [&from](const store::SessionRow& row) { return !from || row.cursor < *from; };
    std::vector<store::SessionRow> changed;
    for (const auto& [id, row] : m_changed) {
        if (isAfter(row))
            changed.push_back(row);
    }
    std::ranges::sort(changed, std::ranges::greater(), &store::SessionRow::cursor);
    std::int64_t number = from ? std::max<std::int64_t>(0, m_count - (from->micros - kStart) / kMinute - 1) : 0;
    auto next = changed.begin();
    while (number < m_count || next != changed.end()) {
        if (loaded->items.size() == limit) {
            loaded->next = loaded->items.back().cursor;
            break;
        }
        const bool takesChanged =
            number == m_count || (next != changed.end() && next->cursor > original(number).cursor);
        const store::SessionRow row = takesChanged ? *next++ : original(number++);
        const bool isThere = takesChanged || (!m_removed.contains(row.id) && !m_changed.contains(row.id));
        if (isThere && isAfter(row) && (!wanted || wanted(row)))
            loaded->items.push_back(row);
    }
    return loaded;
}

void FakeSessions::loadList(std::optional<store::Cursor> from)
{
    m_pending.emplace_back([this, from] { Q_EMIT listLoaded(run(from, 1000)); });
}

void FakeSessions::loadRows(quint64 token, std::vector<store::Cursor> places)
{
    m_pending.emplace_back([this, token, places = std::move(places)] {
        auto loaded = std::make_shared<desktop::LoadedSessions>();
        for (const store::Cursor& place : places) {
            const auto changed =
                std::ranges::find(m_changed, place, [](const auto& each) { return each.second.cursor; });
            if (changed != m_changed.end()) {
                loaded->items.push_back(changed->second);
                continue;
            }
            const std::int64_t number = m_count - place.row;
            const bool isOriginal = number >= 0 && number < m_count && original(number).cursor == place;
            const std::string id = "session-" + std::to_string(number);
            if (isOriginal && !m_changed.contains(id) && !m_removed.contains(id))
                loaded->items.push_back(original(number));
        }
        loaded->token = token;
        Q_EMIT pageLoaded(loaded);
    });
}

void FakeSessions::loadSession(const std::string& id)
{
    m_pending.emplace_back([this, id] {
        if (const QString error = std::exchange(m_sessionError, {}); !error.isEmpty())
            Q_EMIT sessionFailed(id, error);
        else if (const auto row = find(id))
            Q_EMIT sessionLoaded(std::make_shared<const store::SessionRow>(*row));
        else
            Q_EMIT sessionMissing(id);
    });
}

void FakeSessions::find(const desktop::SessionSearch& search)
{
    m_pending.emplace_back([this, search] {
        auto loaded = run(search.from, 100, m_matches);
        loaded->token = search.token;
        Q_EMIT found(loaded);
    });
}

void FakeSessions::check(const desktop::SessionSearch& search, const std::string& id)
{
    m_pending.emplace_back([this, search, id] {
        const auto row = find(id);
        Q_EMIT checked(search.token, id, row && m_matches(*row));
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
        loaded->error = std::exchange(m_error, {});
        if (!loaded->error.isEmpty())
            return Q_EMIT callsLoaded(loaded);
        const bool ascending = request.order == store::Order::Ascending;
        const std::int64_t step = ascending ? 1 : -1;
        const auto& began = request.scope.began;
        const auto numberAt = [](TimePoint at) { return (toMicros(at) - kStart + kMinute - 1) / kMinute; };
        const std::int64_t first = began ? numberAt(began->from) : 0;
        const std::int64_t end = began ? std::min(m_count, numberAt(began->to)) : m_count;
        std::int64_t number = ascending ? first : end - 1;
        if (request.from)
            number = request.from->row - 1 + step;
        const auto inside = [first, end](std::int64_t n) { return n >= first && n < end; };
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

void FakeConversation::loadPlaces(quint64 token, const std::string&, const desktop::CallScope&,
                                  std::optional<store::Cursor> from)
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

void FakeConversation::findCall(const desktop::CallSearch& search)
{
    m_pending.emplace_back([this, search] {
        auto found = std::make_shared<desktop::FoundCall>(desktop::FoundCall{.search = search});
        const bool isForward = search.order == store::Order::Ascending;
        const std::int64_t step = isForward ? 1 : -1;
        std::int64_t number = search.from ? search.from->row - 1 + step : isForward ? 0 : m_count - 1;
        const auto fits = [&](std::int64_t at) {
            return search.what == desktop::CallSearch::What::This           ? idOf(at) == search.call
                   : search.what == desktop::CallSearch::What::WithDecision ? at % 100 == 0
                                                                            : true;
        };
        while (number >= 0 && number < m_count && !fits(number))
            number += step;
        if (number >= 0 && number < m_count) {
            found->call = idOf(number);
            found->place = {.micros = kStart + number * kMinute, .row = number + 1};
        }
        Q_EMIT callFound(found);
    });
}

void FakeConversation::findTexts(const desktop::TextRequest& request)
{
    m_pending.emplace_back([this, request] {
        auto found = std::make_shared<desktop::FoundTextCalls>(desktop::FoundTextCalls{.request = request});
        const auto query = filter::parseWordQuery(request.words);
        for (std::int64_t number = 0; query && number < m_count && found->calls.size() < 500; ++number) {
            const std::string text = "call " + std::to_string(number);
            if (std::ranges::all_of(query->phrases,
                                    [&](const filter::Phrase& phrase) { return filter::contains(text, phrase); }))
                found->calls.emplace_back(fromMicros(kStart + number * kMinute), idOf(number));
        }
        Q_EMIT textsFound(found);
    });
}

int FakeConversation::answer()
{
    return test::run(m_pending);
}

} // namespace luthien::test
