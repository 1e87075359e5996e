// SPDX-License-Identifier: Apache-2.0
#include "desktop/store_conversation.h"

#include "archive/text_hits.h"
#include "base/logging.h"
#include "desktop/call_reading.h"
#include "desktop/models/agent_outline.h"
#include "desktop/models/call_texts.h"
#include "filter/parser.h"

#include <chrono>
#include <map>
#include <set>

namespace luthien::desktop {

using namespace std::chrono_literals;

namespace {
constexpr std::size_t kMostTextCalls = 500;
constexpr std::uint32_t kTextPage = 100;
constexpr auto kTextPatience = 3s;

/// Runs in the target's thread, soon.
template <typename Function>
void deliver(QObject& target, Function function)
{
    QMetaObject::invokeMethod(&target, std::move(function), Qt::QueuedConnection);
}

/// In the language of filters; the label of the main agent is empty.
std::string scopeFilter(const CallScope& scope)
{
    std::string filter = scope.agent ? "agent=\"" + *scope.agent + "\" " : std::string();
    if (scope.began)
        filter += "since:" + toRfc3339(scope.began->from) + " until:" + toRfc3339(scope.began->to);
    return filter;
}

std::string searchFilter(const CallSearch& search)
{
    std::string scope = scopeFilter(search.scope);
    switch (search.what) {
    case CallSearch::What::WithTool:
        return scope + " tool:*";
    case CallSearch::What::WithDecision:
        return scope + " decisions>0";
    default:
        return scope;
    }
}

/// A page of a session's calls among which a filter chooses; empty = all.
Result<store::Page<store::CallRow>> readPage(store::Reader& reader, const CallsRequest& request,
                                             const std::string& filter)
{
    if (filter.empty())
        return reader.callsOfSession(request.session, request.order, request.from, request.limit);
    const auto expression = filter::parseFilter(filter);
    if (!expression)
        return expression.error();
    const auto where = reader.condition(*expression, filter::SqlRows::Calls, TimePoint());
    return reader.callsOfSession(request.session, request.order, request.from, request.limit, &where);
}

Result<void> readCalls(const Result<store::Reader*>& reader, LoadedCalls& loaded)
{
    if (!reader)
        return reader.error();
    const auto page = readPage(**reader, loaded.request, scopeFilter(loaded.request.scope));
    if (!page)
        return page.error();
    loaded.more = page->next.has_value();
    for (const store::CallRow& call : page->items) {
        auto view = readCallView(**reader, call);
        if (!view)
            return view.error();
        loaded.calls.push_back(*std::move(view));
    }
    return {};
}

std::vector<AgentSighting> sightingsIn(const std::vector<store::CallRow>& calls)
{
    std::map<std::string, AgentSighting> agents;
    for (const store::CallRow& call : calls) {
        AgentSighting seen = sightingOf(call);
        const auto [at, isNew] = agents.try_emplace(seen.agent, seen);
        if (isNew)
            continue;
        AgentSighting& known = at->second;
        known.calls += 1;
        known.tokens += seen.tokens;
        known.isOpen = known.isOpen || seen.isOpen;
        if (seen.firstAt < known.firstAt) {
            known.firstAt = seen.firstAt;
            known.preview = std::move(seen.preview);
        }
    }
    std::vector<AgentSighting> result;
    for (auto& [id, seen] : agents)
        result.push_back(std::move(seen));
    return result;
}

Result<FoundCall> readFound(const Result<store::Reader*>& reader, const CallSearch& search)
{
    FoundCall found{.search = search};
    if (!reader)
        return reader.error();
    if (search.what == CallSearch::What::This) {
        const auto call = (*reader)->call(search.call);
        if (call && call->identity.session == search.session) {
            found.call = call->id;
            found.place = call->cursor;
        }
        return found;
    }
    const CallsRequest request{.session = search.session, .order = search.order, .from = search.from, .limit = 1};
    const auto page = readPage(**reader, request, searchFilter(search));
    if (!page)
        return page.error();
    if (!page->items.empty()) {
        found.call = page->items.front().id;
        found.place = page->items.front().cursor;
    }
    return found;
}

Result<void> readTextCalls(const Result<store::Reader*>& reader, FoundTextCalls& found)
{
    if (!reader)
        return reader.error();
    auto words = filter::parseWordQuery(found.request.words);
    auto filter = filter::parseFilter("session=\"" + found.request.session + "\" " + scopeFilter(found.request.scope));
    if (!words || !filter)
        return words ? filter.error() : words.error();
    const archive::TextHitQuery query{.words = *std::move(words), .filter = *std::move(filter)};
    const auto end = std::chrono::steady_clock::now() + kTextPatience;
    std::set<std::pair<TimePoint, CallId>> calls;
    std::optional<store::Cursor> from;
    do {
        const auto page = archive::findHits(**reader, query, from, kTextPage);
        if (!page)
            return page.error();
        for (const archive::TextHit& hit : page->items)
            calls.emplace(hit.at, hit.call);
        from = page->next;
    } while (from && calls.size() < kMostTextCalls && std::chrono::steady_clock::now() < end);
    found.calls.assign(calls.begin(), calls.end());
    found.more = from.has_value();
    return {};
}
} // namespace

StoreConversation::StoreConversation(ReaderThread& reader, QObject* parent)
    : ConversationSource(parent)
    , m_reader(reader)
{
}

void StoreConversation::loadCalls(const CallsRequest& request)
{
    m_newestToken = request.token;
    m_reader.post([this, request](const Result<store::Reader*>& reader) {
        if (isStale(request.token))
            return;
        auto loaded = std::make_shared<LoadedCalls>();
        loaded->request = request;
        if (auto done = readCalls(reader, *loaded); !done)
            loaded->error = fromUtf8(done.error().toString());
        deliver(*this, [this, loaded] { Q_EMIT callsLoaded(loaded); });
    });
}

void StoreConversation::loadCall(quint64 token, CallId call)
{
    m_reader.post([this, token, call](const Result<store::Reader*>& reader) {
        if (!reader || isStale(token))
            return;
        const auto row = (*reader)->call(call);
        auto view = row ? readCallView(**reader, *row) : Result<CallView>(row.error());
        if (!view) {
            qCWarning(lcDesktop, "cannot read a call: %s", view.error().toString().c_str());
            return;
        }
        deliver(*this, [this, token, shared = std::make_shared<CallView>(*std::move(view))] {
            Q_EMIT callLoaded(token, shared);
        });
    });
}

void StoreConversation::loadPlaces(quint64 token, const std::string& session, const CallScope& scope,
                                   std::optional<store::Cursor> from)
{
    m_reader.post([this, token, session, scope, from](const Result<store::Reader*>& reader) {
        if (!reader || isStale(token))
            return;
        const CallsRequest request{.session = session, .from = from, .limit = store::Reader::kMaxPage};
        const auto page = readPage(**reader, request, scopeFilter(scope));
        if (!page)
            return; // the page of the same calls, read just before, has told why
        auto loaded = std::make_shared<LoadedPlaces>();
        loaded->token = token;
        loaded->next = page->next;
        for (const store::CallRow& call : page->items)
            loaded->places.push_back(call.cursor);
        loaded->agents = sightingsIn(page->items);
        deliver(*this, [this, loaded] { Q_EMIT placesLoaded(loaded); });
    });
}

void StoreConversation::findCall(const CallSearch& search)
{
    m_newestToken = search.token;
    m_reader.post([this, search](const Result<store::Reader*>& reader) {
        if (isStale(search.token))
            return;
        auto found = readFound(reader, search);
        if (!found)
            qCWarning(lcDesktop, "cannot look for a call: %s", found.error().toString().c_str());
        auto shared = std::make_shared<FoundCall>(found ? *std::move(found) : FoundCall{.search = search});
        deliver(*this, [this, shared] { Q_EMIT callFound(shared); });
    });
}

void StoreConversation::findTexts(const TextRequest& request)
{
    m_newestSearch = request.serial;
    m_reader.post([this, request](const Result<store::Reader*>& reader) {
        if (isStale(request.token) || request.serial < m_newestSearch)
            return;
        auto found = std::make_shared<FoundTextCalls>();
        found->request = request;
        if (auto done = readTextCalls(reader, *found); !done)
            found->error = fromUtf8(done.error().toString());
        deliver(*this, [this, found] { Q_EMIT textsFound(found); });
    });
}

} // namespace luthien::desktop
